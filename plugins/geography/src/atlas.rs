//! The gazetteer with the user's own places laid over it.

use crate::gazetteer::{FACT, Gazetteer, Level, Posting, Postings, Record, Relation, name_hash};
use crate::recognise::Candidate;
use rustc_hash::{FxHashMap, FxHashSet};

/// Both together. Numbers of the user's places go on where the gazetteer's end.
#[derive(Debug)]
pub struct Atlas {
    gazetteer: Gazetteer<'static>,
    places: Vec<(Record, String)>,
    names: FxHashMap<u64, Vec<Posting>>,
    pairs: FxHashSet<u64>,
}

impl Atlas {
    /// The gazetteer, and the places of an overlay file's content: tab-separated `name`, `aliases` (`|` between them), `level`, `country`
    /// (ISO 3166-1), `lat`, `lon`, and, if wanted, a GeoNames id.
    ///
    /// # Errors
    /// What is wrong with which line.
    pub fn new(gazetteer: Gazetteer<'static>, overlay: &str) -> Result<Atlas, String> {
        let mut atlas =
            Atlas { gazetteer, places: Vec::new(), names: FxHashMap::default(), pairs: FxHashSet::default() };
        for (i, line) in overlay.lines().enumerate().filter(|(_, l)| !l.starts_with('#') && !l.trim().is_empty()) {
            atlas.lay(line).map_err(|problem| format!("line {}: {problem}", i + 1))?;
        }
        Ok(atlas)
    }

    fn lay(&mut self, line: &str) -> Result<(), String> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, aliases, level, country, lat, lon, rest @ ..] = fields.as_slice() else {
            return Err("name, aliases, level, country, lat and lon are needed, with tabs between them".to_owned());
        };
        let number = |field: &str, what: &str, limit: f32| match field.trim().parse::<f32>() {
            Ok(n) if n.abs() <= limit => Ok(n),
            _ => Err(format!("`{field}` is no {what} in degrees")),
        };
        let known = Level::NAMES[..9].join(", ");
        let place = Record {
            lat: number(lat, "latitude", 90.0)?,
            lon: number(lon, "longitude", 180.0)?,
            geonameid: rest.first().and_then(|id| id.trim().parse().ok()).unwrap_or(0),
            country: self.gazetteer.country_number(country).unwrap_or(0),
            admin1: 0,
            admin2: 0,
            level: Level::parse(level).ok_or_else(|| format!("`{level}` is no level; levels are {known}"))?,
            weight: 63,
            flags: FACT,
        };
        let index = (self.gazetteer.len() + self.places.len()) as u32;
        self.places.push((place, (*name).to_owned()));
        for name in std::iter::once(*name).chain(aliases.split('|')).filter(|n| !n.is_empty() && *n != "-") {
            let words = || {
                name.split([' ', '-']).filter(|w| !w.is_empty()).map(|w| factbox_sdk::hash(w.to_lowercase().as_bytes()))
            };
            if words().count() > 1 {
                self.pairs.insert(name_hash(words().take(2)));
            }
            self.names.entry(name_hash(words())).or_default().push(Posting::new(index, Relation::Name, false));
        }
        Ok(())
    }

    /// Whether some name of two or more words may begin with these two.
    #[inline]
    pub fn begins(&self, pair: u64) -> bool {
        self.gazetteer.begins(pair) || !self.pairs.is_empty() && self.pairs.contains(&pair)
    }

    /// The postings of a name: the user's places, or else the gazetteer's, the best known first.
    pub fn postings(&self, hash: u64) -> impl Iterator<Item = Posting> + Clone + '_ {
        let own = if self.names.is_empty() { &[][..] } else { self.names.get(&hash).map_or(&[][..], Vec::as_slice) };
        let shipped = own.is_empty().then(|| self.gazetteer.find(hash)).into_iter().flatten();
        own.iter().copied().chain(shipped)
    }

    /// A posting with its place.
    pub fn candidate(&self, posting: Posting) -> Option<Candidate> {
        Some(Candidate { posting, place: self.record(posting.record())? })
    }

    /// What a name may mean.
    pub fn find(&self, hash: u64) -> impl Iterator<Item = Candidate> + '_ {
        self.postings(hash).filter_map(|posting| self.candidate(posting))
    }

    /// The postings of the shipped gazetteer alone.
    pub fn shipped(&self, hash: u64) -> Postings<'static> {
        self.gazetteer.find(hash)
    }

    /// The place with this number.
    pub fn record(&self, index: u32) -> Option<Record> {
        match (index as usize).checked_sub(self.gazetteer.len()) {
            Some(own) => self.places.get(own).map(|p| p.0),
            None => self.gazetteer.record(index),
        }
    }

    /// Its printed name.
    pub fn name(&self, index: u32) -> &str {
        match (index as usize).checked_sub(self.gazetteer.len()) {
            Some(own) => self.places.get(own).map_or("", |p| p.1.as_str()),
            None => self.gazetteer.name(index),
        }
    }

    /// The gazetteer below.
    pub fn gazetteer(&self) -> &Gazetteer<'static> {
        &self.gazetteer
    }
}
