//! Every place of an article found, typed and put on the map. Names come from a gazetteer inside the library ([`gazetteer`], [`atlas`]),
//! are told from surnames and clubs ([`recognise`]), resolved to one place each ([`resolve`]), and summed up in a focus ([`focus`]).

pub mod atlas;
pub mod cues;
pub mod evidence;
pub mod focus;
pub mod gazetteer;
pub mod letters;
pub mod recognise;
pub mod resolve;

use atlas::Atlas;
use cues::{Cue, Cues};
use evidence::Weights;
use factbox_sdk::prelude::*;
use focus::Seen;
use gazetteer::{Gazetteer, Level, Record, Relation};
use recognise::{Article, Mention, Names, Sort};
use resolve::{Home, Resolver, Setting, figurative};
use std::fmt::Write;

/// The plugin.
pub struct Geography {
    atlas: Atlas,
    cues: Cues,
    home: Home,
    demonyms: bool,
    weights: Weights,
    names: Names,
    resolver: Resolver,
    mentions: Vec<Mention>,
    keys: Keys,
}

struct Keys {
    levels: [Key; 10],
    sorts: [Key; 4],
    mentions: Key,
    mention: Key,
    places: Key,
    place: Key,
    name: Key,
    lat: Key,
    lon: Key,
    country: Key,
    admin1: Key,
    admin2: Key,
    geonameid: Key,
    literal: Key,
    approximate: Key,
    candidates: Key,
}

const PLACES: usize = 0;
const FOCUS: usize = 1;

impl Plugin for Geography {
    const ID: &'static str = "geography";
    const SUMMARY: &'static str = "every place found, typed and put on the map; what the article is about";
    const REQUIRES: &'static [&'static str] = &["tokens", "sentences", "zones", "mentions?", "entities?"];
    const PROVIDES: &'static [Layer] = &[
        Layer::new("places", "p", "a name of a place, or an adjective or people made from one")
            .kinds("level", &Level::NAMES)
            .score("confidence")
            .attributes(&[
                Attribute::reference("mention", "mentions", "the name as the entities plugin found it"),
                Attribute::string("name", "the usual name of the place"),
                Attribute::float("lat", "degrees north"),
                Attribute::float("lon", "degrees east"),
                Attribute::string("country", "ISO 3166-1 code"),
                Attribute::string("admin1", "the state, province or region it lies in"),
                Attribute::string("admin2", "the county or district it lies in"),
                Attribute::integer("geonameid", "its number in GeoNames"),
                Attribute::bool(
                    "approximate",
                    "true where the place itself is unknown and stands where the place named with it does",
                ),
                Attribute::bool("literal", "false where it stands for its government or people"),
                Attribute::json("candidates", "the likeliest places, with their scores"),
            ]),
        Layer::new("focus", "f", "a country that the article is about, at its most telling place")
            .score("score")
            .attributes(&[
                Attribute::reference("place", "places", "the place"),
                Attribute::string("country", "ISO 3166-1 code"),
            ]),
    ];
    const OPTIONS: &'static [Opt] = &[
        Opt::string("home", "", "where the publisher's readers live: `lat,lon` or an ISO 3166-1 code"),
        Opt::bool("demonyms", true, "report adjectives and peoples (Russian, Ukrainians) as places of level `demonym`"),
        Opt::path("places", "", "TSV file of the user's own places: name, aliases, level, country, lat, lon"),
    ];

    fn new(setup: &Setup) -> Result<Self, SetupError> {
        let gazetteer = Gazetteer::shipped().map_err(|e| SetupError::other(e.to_string()))?;
        let overlay = match setup.path("places") {
            Some(path) => std::fs::read_to_string(path).map_err(|e| {
                SetupError::option("places", format!("{}: {e}: give the path of a TSV file in UTF-8", path.display()))
            })?,
            None => String::new(),
        };
        let atlas = Atlas::new(gazetteer, &overlay)
            .map_err(|e| SetupError::option("places", format!("{}: {e}", setup.string("places"))))?;
        let home = home(setup.string("home"), &atlas).map_err(|e| SetupError::option("home", e))?;
        let key = |name: &str| setup.key(name);
        Ok(Geography {
            atlas,
            cues: Cues::shipped(),
            home,
            demonyms: setup.bool("demonyms"),
            weights: Weights::shipped(),
            names: Names::default(),
            resolver: Resolver::default(),
            mentions: Vec::new(),
            keys: Keys {
                levels: Level::NAMES.map(key),
                sorts: ["person", "organization", "location", "misc"].map(key),
                mentions: key("mentions"),
                mention: key("mention"),
                places: key("places"),
                place: key("place"),
                name: key("name"),
                lat: key("lat"),
                lon: key("lon"),
                country: key("country"),
                admin1: key("admin1"),
                admin2: key("admin2"),
                geonameid: key("geonameid"),
                literal: key("literal"),
                approximate: key("approximate"),
                candidates: key("candidates"),
            },
        })
    }

    fn process(&mut self, doc: &Doc, out: &mut Output) -> Result<(), ProcessError> {
        let tokens: Vec<Token> = doc.tokens().collect();
        let layer = doc.layer("mentions");
        self.mentions.clear();
        if let Some(layer) = layer {
            align(layer, &tokens, &self.keys.sorts, &mut self.mentions);
        }
        let zone_end = |wanted: ZoneKind| doc.zones().find(|z| z.1 == wanted).map_or(0, |z| z.0.end);
        let (dateline, headline) = (zone_end(ZoneKind::Dateline), zone_end(ZoneKind::Headline));
        if doc.cancelled() {
            return Err(ProcessError::Cancelled);
        }
        let article = Article { tokens: &tokens, mentions: &self.mentions, informed: layer.is_some(), dateline };
        self.names.read(article, &self.atlas, &self.cues);
        let setting = Setting { home: self.home, variety: self.cues.variety(&tokens) };
        self.resolver.resolve(&self.names, &self.atlas, &setting, &self.weights);
        let mut seen = Vec::new();
        for i in 0..self.names.all.len() {
            if self.names.all[i].demonym && !self.demonyms {
                continue;
            }
            let span = self.names.all[i].span(&tokens);
            if let Some((place, literal, confidence, index)) = self.emit(i, &tokens, out) {
                seen.push(Seen {
                    index,
                    span,
                    place,
                    position: span.start as f32 / doc.text().len().max(1) as f32,
                    headline: span.start < headline,
                    dateline: self.names.all[i].dateline,
                    demonym: self.names.all[i].demonym,
                    literal,
                    confidence,
                });
            }
        }
        // The layer is in text order: the main country stands at its first place, any other at a later one.
        let mut from = 0;
        for f in focus::focus(&seen) {
            let Some(s) = seen.iter().find(|s| s.place.country == f.country && s.span.start >= from) else { continue };
            from = s.span.start;
            out.add(FOCUS, s.span, Key::NONE)
                .score(f.share)
                .reference(self.keys.place, self.keys.places, f.place)
                .string(self.keys.country, self.atlas.gazetteer().country_code(f.country));
        }
        Ok(())
    }
}

impl Geography {
    /// Adds one name to the layer of places. Its place, whether it is meant literally, and its index, if the gazetteer has it.
    fn emit(&self, index: usize, tokens: &[Token], out: &mut Output) -> Option<(Record, bool, f32, usize)> {
        let name = &self.names.all[index];
        let keys = &self.keys;
        let gazetteer = self.atlas.gazetteer();
        let recognised = 1.0 / (1.0 + (-name.odds).exp());
        let Some(choice) = self.resolver.choices[index] else {
            let level = match name.feature {
                Some(cues::Feature::Level(level)) => level,
                Some(cues::Feature::Street) => Level::Facility,
                None => Level::City,
            };
            let near = self.resolver.beside(&self.names, index);
            // Streets are too many and too short to be put where the next town is.
            let street = name.feature == Some(cues::Feature::Street);
            let degrees = |of: fn(&Record) -> f32| {
                near.as_ref().filter(|p| p.level != Level::Country && !street).map(|p| round(of(p)))
            };
            let division = |record: Option<u32>| record.map(|r| self.atlas.name(r));
            out.add(PLACES, name.span(tokens), keys.levels[level as usize])
                .score(recognised * if near.is_some() && !street { self.weights.unknown } else { 0.3 })
                .reference(keys.mention, keys.mentions, name.mention)
                .float(keys.lat, degrees(|p| p.lat))
                .float(keys.lon, degrees(|p| p.lon))
                .string(keys.country, near.and_then(|p| gazetteer.country_code(p.country)))
                .string(keys.admin1, division(near.and_then(|p| gazetteer.admin1_record(p.admin1))))
                .string(keys.admin2, division(near.and_then(|p| gazetteer.admin2_record(p.admin2))))
                .bool(keys.approximate, near.filter(|_| !street).map(|_| true));
            return None;
        };
        let chosen = &self.names.candidates[choice.candidate];
        let (place, number) = (chosen.place, chosen.posting.record());
        let cue = |at: Option<usize>| at.and_then(|i| tokens.get(i)).map_or(Cue::default(), |t| self.cues.of(t.hash));
        let literal = !figurative(name, &place, cue(name.first.checked_sub(1)), cue(Some(name.end)));
        let people = matches!(chosen.posting.relation(), Relation::Adjective | Relation::People);
        let level = if people { 9 } else { place.level as usize };
        let confidence = recognised * self.weights.confidence(&choice);
        let division = |record: Option<u32>| record.filter(|r| *r != number).map(|r| self.atlas.name(r));
        let own = |wanted: Level| (place.level == wanted).then(|| self.atlas.name(number));
        let best = self.resolver.score(choice.candidate);
        let scored = |c: usize| {
            let behind = Some(self.resolver.score(c) - best).filter(|d| !d.is_nan()).map_or(0.0, |d| d.min(0.0));
            (behind.exp(), self.names.candidates[c].posting.record())
        };
        let total: f32 = (choice.among.0..choice.among.1).map(|c| scored(c).0).sum::<f32>().max(f32::MIN_POSITIVE);
        let mut runners = [(-1.0, u32::MAX); 3];
        for c in choice.among.0..choice.among.1 {
            let one = scored(c);
            if let Some(at) = runners.iter().position(|r| one.0 > r.0) {
                runners[at..].rotate_right(1);
                runners[at] = one;
            }
        }
        let mut json = String::from("[");
        for (odds, record) in runners.iter().filter(|r| r.0 >= 0.0) {
            let share = odds / total;
            let country = self.atlas.record(*record).and_then(|r| gazetteer.country_code(r.country));
            if json.len() > 1 {
                json.push(',');
            }
            let quoted = self.atlas.name(*record).replace('\\', "\\\\").replace('"', "\\\"");
            let country = country.map_or("null".to_owned(), |c| format!("\"{c}\""));
            // Writing to a string cannot fail.
            let _ = write!(json, "{{\"name\":\"{quoted}\",\"country\":{country},\"score\":{share:.2}}}");
        }
        json.push(']');
        let at = out
            .add(PLACES, name.span(tokens), keys.levels[level])
            .score(confidence)
            .reference(keys.mention, keys.mentions, name.mention)
            .string(keys.name, self.atlas.name(number))
            .float(keys.lat, round(place.lat))
            .float(keys.lon, round(place.lon))
            .string(keys.country, gazetteer.country_code(place.country))
            .string(keys.admin1, own(Level::Admin1).or_else(|| division(gazetteer.admin1_record(place.admin1))))
            .string(keys.admin2, own(Level::Admin2).or_else(|| division(gazetteer.admin2_record(place.admin2))))
            .integer(keys.geonameid, Some(i64::from(place.geonameid)).filter(|id| *id > 0))
            .bool(keys.literal, literal)
            .json(keys.candidates, json.as_str())
            .index();
        Some((place, literal, confidence, at))
    }
}

/// Degrees to four decimals (11 metres), as far as the gazetteer's coordinates go.
fn round(degrees: f32) -> f64 {
    (f64::from(degrees) * 1e4).round() / 1e4
}

/// Mentions of the entities plugin in tokens; those that no token begins at are left out.
fn align(layer: factbox_sdk::Annotations, tokens: &[Token], sorts: &[Key; 4], into: &mut Vec<Mention>) {
    let mut at = 0;
    for m in layer {
        let span = m.span();
        while at < tokens.len() && tokens[at].span.end <= span.start {
            at += 1;
        }
        let length = tokens[at..].iter().take_while(|t| t.span.start < span.end).count();
        if length == 0 {
            continue;
        }
        let sort = match sorts.iter().position(|k| *k == m.kind()) {
            Some(0) => Sort::Person,
            Some(1) => Sort::Organization,
            Some(2) => Sort::Location,
            _ => Sort::Misc,
        };
        into.push(Mention { first: at, end: at + length, sort, confidence: m.score().unwrap_or(0.8) });
    }
}

/// The option `home`.
fn home(option: &str, atlas: &Atlas) -> Result<Home, String> {
    let option = option.trim();
    if option.is_empty() {
        return Ok(Home::default());
    }
    if let Some(country) = atlas.gazetteer().country_number(option) {
        return Ok(Home { country, ..Home::default() });
    }
    let degrees = |part: &str, limit: f32| part.trim().parse::<f32>().ok().filter(|d| d.abs() <= limit);
    let point = option.split_once(',').and_then(|(lat, lon)| Some((degrees(lat, 90.0)?, degrees(lon, 180.0)?)));
    let Some(point) = point else {
        return Err(format!(
            "`{option}` is neither a place nor a country: write `lat,lon` in degrees (46.73,-117.0) or an ISO code (US)"
        ));
    };
    let gazetteer = atlas.gazetteer();
    let nearest = (0..gazetteer.len() as u32)
        .filter_map(|i| gazetteer.record(i))
        .filter(|r| r.level == Level::City && r.geonameid > 0)
        .min_by(|a, b| {
            resolve::kilometres((a.lat, a.lon), point).total_cmp(&resolve::kilometres((b.lat, b.lon), point))
        });
    Ok(Home { point: Some(point), country: nearest.map_or(0, |r| r.country), admin1: nearest.map_or(0, |r| r.admin1) })
}

export_plugin!(Geography);
