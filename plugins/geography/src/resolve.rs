//! Which place each name means. A name's candidates start with what is known before reading (population, level, the form of the name), then
//! the article speaks: the state or country right after the comma, countries and states named elsewhere, what lies near the other
//! places, the publisher's home. All mentions of a name in an article mean one place, unless one says otherwise ("Paris, Texas").

use crate::atlas::Atlas;
use crate::cues::{Feature, VARIETIES};
use crate::evidence::{Evidence, KINDS, Weights};
use crate::gazetteer::{CAPITAL, Level, Record, Relation};
use crate::recognise::{Candidate, Name, Names};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

mod hearing;

/// How many mentions of a name are heard on what holds it.
const CONTAINERS: usize = 8;
/// How many other names, before and after, speak for a candidate.
const REACH: usize = 60;
/// Towns better known than this (50,000 people) are meant even where what follows the comma does not hold them: it is a list.
const KNOWN: u8 = 38;

/// A point that readers of the publisher live around.
#[derive(Clone, Copy, Debug, Default)]
pub struct Home {
    /// Degrees north and east.
    pub point: Option<(f32, f32)>,
    /// Number of the country, 0 for unknown.
    pub country: u8,
    /// Number of the first-order division, 0 for unknown.
    pub admin1: u16,
}

/// What a name was found to mean.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// The candidate, counted within [`Names::candidates`].
    pub candidate: usize,
    /// The first of the candidates that it was chosen from, and one past the last: those of the name's first mention.
    pub among: (usize, usize),
    /// How far it is ahead of the next one that lies elsewhere (log odds), if there is one.
    pub margin: Option<f32>,
    /// How well known the place is: see [`Record::weight`].
    pub weight: u8,
    /// Whether it has the name only among its alternates.
    pub alternate: bool,
}

/// All mentions of one name.
#[derive(Debug, Default)]
struct Group {
    candidates: (usize, usize),
    mentions: Vec<usize>,
    /// Chosen candidate and its weight as evidence for others, 0 to 1.
    chosen: Option<usize>,
    trust: f32,
}

/// A chosen place as the others hear it.
#[derive(Clone, Copy, Debug)]
struct Voice {
    at: (f32, f32),
    said: f32,
    country: u8,
    admin1: u16,
    /// Smaller than a first-order division.
    small: bool,
}

/// What an article tells by itself, before its names are weighed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Setting {
    /// Where the publisher's readers live.
    pub home: Home,
    /// How much of the article's wording is that of each country of [`VARIETIES`], 0 to 1.
    pub variety: [f32; VARIETIES.len()],
}

/// Works out the places of one article.
#[derive(Debug, Default)]
pub struct Resolver {
    groups: Vec<Group>,
    /// Groups by the hash of their name.
    numbers: FxHashMap<u64, usize>,
    scores: Vec<f32>,
    evidence: Vec<f32>,
    /// What is chosen, by group.
    voices: Vec<Voice>,
    /// Division, weight, group.
    votes: Vec<(u16, f32, u32)>,
    /// Cell of one degree, weight, group.
    cells: Vec<(u32, f32, u32)>,
    /// Numbers of the countries of [`VARIETIES`].
    countries: [u8; VARIETIES.len()],
    weights: Weights,
    /// What was said for each candidate, where somebody wants to know.
    rows: Option<Vec<[f32; KINDS]>>,
    /// For each name, what it means.
    pub choices: Vec<Option<Choice>>,
}

/// Kilometres between two points, near enough for places on one continent.
#[inline]
pub fn kilometres(a: (f32, f32), b: (f32, f32)) -> f32 {
    let across = (a.1 - b.1).abs();
    let x = across.min(360.0 - across) * ((a.0 + b.0) * 0.5).to_radians().cos();
    let y = a.0 - b.0;
    (x * x + y * y).sqrt() * 111.2
}

fn point(place: &Record) -> (f32, f32) {
    (place.lat, place.lon)
}

/// Whether `inner` lies within `outer`: by country, by division, or, for features, by being close.
pub fn within(inner: &Record, outer: &Candidate) -> bool {
    let place = &outer.place;
    match place.level {
        Level::Country => place.country != 0 && inner.country == place.country && inner.level != Level::Country,
        Level::Admin1 => {
            inner.level != Level::Country
                && inner.level != Level::Admin1
                && (if inner.admin1 != 0 {
                    inner.admin1 == place.admin1
                } else {
                    inner.country == place.country && kilometres(point(inner), point(place)) < 400.0
                })
        }
        Level::Admin2 => inner.admin2 != 0 && inner.admin2 == place.admin2 && inner.level > Level::Admin2,
        Level::Region => {
            place.country != 0
                && inner.country == place.country
                && inner.level > Level::Admin1
                && kilometres(point(inner), point(place)) < 300.0
        }
        Level::City => inner.level > Level::City && kilometres(point(inner), point(place)) < 40.0,
        _ => false,
    }
}

impl Resolver {
    /// A resolver that keeps what was said for each candidate: see [`Resolver::said`].
    pub fn explaining() -> Resolver {
        Resolver { rows: Some(Vec::new()), ..Resolver::default() }
    }

    /// Resolves the names.
    pub fn resolve(&mut self, names: &Names, atlas: &Atlas, setting: &Setting, weights: &Weights) {
        self.gather(names);
        self.weights.clone_from(weights);
        if self.countries[0] == 0 {
            self.countries = VARIETIES.map(|c| atlas.gazetteer().country_number(c).unwrap_or(0));
        }
        for scores in [&mut self.scores, &mut self.evidence] {
            scores.clear();
            scores.resize(names.candidates.len(), 0.0);
        }
        if let Some(rows) = &mut self.rows {
            rows.clear();
            rows.resize(names.candidates.len(), [0.0; KINDS]);
        }
        let local = locality(names);
        for g in 0..self.groups.len() {
            self.prior(names, g, local, setting);
        }
        self.twins(names);
        self.divisions(names);
        self.neighbourhoods(names);
        self.contain(names);
        self.lists(names);
        for round in 0..3 {
            self.choose(names);
            if round < 2 {
                self.listen(names);
            }
        }
        self.settle(names);
    }

    /// Counts evidence for a candidate.
    #[inline]
    fn say(&mut self, candidate: usize, kind: Evidence, value: f32) {
        self.scores[candidate] += self.weights.of[kind as usize] * value;
        if let Some(rows) = &mut self.rows {
            rows[candidate][kind as usize] += value;
        }
    }

    /// The groups of names that have the same candidates: their range in [`Names::candidates`] and their names. Only after
    /// [`Resolver::resolve`].
    pub fn groups(&self) -> impl Iterator<Item = (std::ops::Range<usize>, &[usize])> + '_ {
        self.groups.iter().map(|g| (g.candidates.0..g.candidates.1, g.mentions.as_slice()))
    }

    /// What was said for a candidate, by kind of evidence, if the resolver is [`Resolver::explaining`].
    pub fn said(&self, candidate: usize) -> Option<&[f32; KINDS]> {
        self.rows.as_ref()?.get(candidate)
    }

    fn gather(&mut self, names: &Names) {
        self.groups.clear();
        self.numbers.clear();
        for (i, name) in names.all.iter().enumerate().filter(|(_, n)| n.candidates.0 < n.candidates.1) {
            match self.numbers.entry(name.hash) {
                Entry::Occupied(known) => self.groups[*known.get()].mentions.push(i),
                Entry::Vacant(new) => {
                    new.insert(self.groups.len());
                    self.groups.push(Group { candidates: name.candidates, mentions: vec![i], ..Group::default() });
                }
            }
        }
    }

    fn choose(&mut self, names: &Names) {
        for g in 0..self.groups.len() {
            let group = &self.groups[g];
            let (mut best, mut second) = ((f32::MIN, None), f32::MIN);
            for c in group.candidates.0..group.candidates.1 {
                let score = self.scores[c] + self.evidence[c];
                if score > best.0 {
                    second = best.0;
                    best = (score, Some(c));
                } else if score > second {
                    second = score;
                }
            }
            let margin = (best.0 - second).min(20.0);
            let demonym = names.all[group.mentions[0]].demonym;
            let group = &mut self.groups[g];
            group.chosen = best.1;
            group.trust = (1.0 - (-margin).exp()).max(0.05) * if demonym { 0.6 } else { 1.0 };
        }
    }

    /// What the other names say for each candidate.
    fn listen(&mut self, names: &Names) {
        self.voices.clear();
        for group in &self.groups {
            let Some(chosen) = group.chosen else { continue };
            let Record { lat, lon, country, admin1, level, .. } = names.candidates[chosen].place;
            let said = group.trust * (group.mentions.len() as f32).sqrt();
            self.voices.push(Voice { at: (lat, lon), said, country, admin1, small: level > Level::Admin1 });
        }
        for g in 0..self.groups.len() {
            let (from, to) = self.groups[g].candidates;
            if to - from < 2 {
                continue;
            }
            let first = g.saturating_sub(REACH);
            let others = &self.voices[first..(g + REACH).min(self.voices.len())];
            for c in from..to {
                let place = &names.candidates[c].place;
                let small = place.level > Level::Admin1;
                let (mut country, mut admin1, mut near) = (0.0f32, 0.0f32, 0.0f32);
                for (o, other) in others.iter().enumerate() {
                    if first + o == g {
                        continue;
                    }
                    if place.country != 0 && other.country == place.country {
                        country += other.said;
                    }
                    if place.admin1 != 0 && other.admin1 == place.admin1 {
                        admin1 += other.said;
                    }
                    if small && other.small && (other.at.0 - place.lat).abs() < 3.0 {
                        near += other.said * (-kilometres(point(place), other.at) / 80.0).exp();
                    }
                }
                let grows = |x: f32| x / (x + 0.6);
                let heard = [
                    (Evidence::SameCountry, grows(country)),
                    (Evidence::SameAdmin1, grows(admin1)),
                    (Evidence::Near, grows(near)),
                ];
                self.evidence[c] = heard.iter().map(|h| self.weights.of[h.0 as usize] * h.1).sum();
                if let Some(rows) = &mut self.rows {
                    heard.iter().for_each(|h| rows[c][h.0 as usize] = h.1);
                }
            }
        }
    }

    fn settle(&mut self, names: &Names) {
        self.choices.clear();
        self.choices.resize(names.all.len(), None);
        for group in &self.groups {
            let Some(chosen) = group.chosen else { continue };
            let best = self.scores[chosen] + self.evidence[chosen];
            let place = &names.candidates[chosen].place;
            if place.weight < KNOWN
                && matches!(place.level, Level::City | Level::District)
                && self.held_elsewhere(group, place, names)
            {
                continue;
            }
            let second = (group.candidates.0..group.candidates.1)
                .filter(|&c| c != chosen && kilometres(point(&names.candidates[c].place), point(place)) > 50.0)
                .map(|c| self.scores[c] + self.evidence[c])
                .reduce(f32::max);
            let margin = second.map(|s| best - s);
            let alternate = names.candidates[chosen].posting.relation() == Relation::Alternate;
            for &n in &group.mentions {
                self.choices[n] = Some(Choice {
                    candidate: chosen,
                    among: group.candidates,
                    margin,
                    weight: place.weight,
                    alternate,
                });
            }
        }
    }

    /// Where an unknown place must be about: in the place after its comma, or else where the nearest town or county of the text is.
    pub fn beside(&self, names: &Names, index: usize) -> Option<Record> {
        let place = |i: usize| self.choices[i].map(|c| names.candidates[c.candidate].place);
        if let Some(container) = names.all[index].container {
            return place(container);
        }
        let nearest = |wanted: fn(&Record) -> bool, reach: usize| {
            let fits = |i: usize| place(i).filter(|p| wanted(p) && !names.all[i].demonym);
            let before =
                (0..index).rev().take(reach).find_map(|i| Some((names.all[index].first - names.all[i].end, fits(i)?)));
            let after = (index + 1..names.all.len())
                .take(reach)
                .find_map(|i| Some((names.all[i].first - names.all[index].end, fits(i)?)));
            before.into_iter().chain(after).min_by_key(|n| n.0).map(|n| n.1)
        };
        nearest(|p| matches!(p.level, Level::Admin2 | Level::City | Level::District), 10)
            .or_else(|| nearest(|p| p.level == Level::Admin1, 20))
            .or_else(|| nearest(|p| p.level == Level::Country, 20))
    }

    /// Whether a name is said to lie in a state or country that the place is not in ("Orient, Ohio", where only one in New York is known).
    fn held_elsewhere(&self, group: &Group, place: &Record, names: &Names) -> bool {
        let holders = group.mentions.iter().filter_map(|&n| names.all[n].container).take(CONTAINERS);
        let meant = holders.filter_map(|h| self.groups[*self.numbers.get(&names.all[h].hash)?].chosen);
        let mut large = meant
            .map(|c| &names.candidates[c])
            .filter(|c| matches!(c.place.level, Level::Country | Level::Admin1))
            .peekable();
        large.peek().is_some() && large.all(|holder| !within(place, holder))
    }

    /// The score of a candidate after [`Resolver::resolve`] (log odds without a fixed zero).
    pub fn score(&self, candidate: usize) -> f32 {
        self.scores[candidate] + self.evidence[candidate]
    }
}

/// How much an article is written for local readers, 0 to 1: streets and counties named, countries not.
fn locality(names: &Names) -> f32 {
    let (mut near, mut far) = (0.0f32, 0.0f32);
    for name in &names.all {
        near += if name.office || name.townsfolk { 0.4 } else { 0.0 };
        let first = (name.candidates.0 < name.candidates.1).then(|| names.candidates[name.candidates.0].place.level);
        match (name.feature, first) {
            (Some(Feature::Street), _) => near += 1.0,
            (Some(Feature::Level(Level::Admin2)), _) | (_, Some(Level::Admin2)) => near += 1.0,
            (_, Some(Level::Country)) => far += 0.5,
            _ => {}
        }
    }
    (near / (near + far + 1.5)).min(1.0) * 1.4
}

/// Whether a name stands for a government or people rather than the place.
pub fn figurative(name: &Name, place: &Record, before: crate::cues::Cue, after: crate::cues::Cue) -> bool {
    let seat = matches!(place.level, Level::Country) || place.flags & (CAPITAL | crate::gazetteer::GOVERNMENT) != 0;
    seat && !name.demonym && !name.dateline && (after.act || before.with)
}
