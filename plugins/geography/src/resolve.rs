//! Which place each name means. A name's candidates start with what is known before reading (population, level, the form of the name), then
//! the article speaks: the state or country right after the comma, countries and states named elsewhere, what lies near the other
//! places, the publisher's home. All mentions of a name in an article mean one place, unless one says otherwise ("Paris, Texas").

use crate::atlas::Atlas;
use crate::cues::Feature;
use crate::gazetteer::{CAPITAL, Level, Record, Relation, SEAT};
use crate::recognise::{Candidate, Name, Names};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// How many mentions of a name are heard on what holds it.
const CONTAINERS: usize = 8;
/// How many other names, before and after, speak for a candidate.
const REACH: usize = 60;

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
    /// How far it is ahead of the next one (log odds).
    pub margin: f32,
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

/// Works out the places of one article.
#[derive(Debug, Default)]
pub struct Resolver {
    groups: Vec<Group>,
    /// Groups by the hash of their name.
    numbers: HashMap<u64, usize>,
    scores: Vec<f32>,
    evidence: Vec<f32>,
    /// Division, weight, group.
    votes: Vec<(u16, f32, u32)>,
    /// For each name, what it means.
    pub choices: Vec<Option<Choice>>,
}

/// Weights of the evidence, in log odds.
#[derive(Clone, Copy, Debug)]
pub struct Weights {
    /// For each e-fold of population.
    pub population: f32,
    /// A country.
    pub country: f32,
    /// A first-order division.
    pub admin1: f32,
    /// A second-order division.
    pub admin2: f32,
    /// A part of a town.
    pub district: f32,
    /// A facility, a water, a mountain, a region.
    pub feature: f32,
    /// A capital; a third of it for the seat of a division.
    pub capital: f32,
    /// A name out of the list of alternates.
    pub alternate: f32,
    /// A division named like its chief town.
    pub twin: f32,
    /// A division that many names could lie in.
    pub cover: f32,
    /// A country whose papers write English, in an article for local readers.
    pub local: f32,
    /// How much less population counts in an article for local readers, as a share.
    pub flatten: f32,
    /// A water, mountain, region or facility with "the" before it; taken off without.
    pub article: f32,
    /// Inside the place after the comma.
    pub contained: f32,
    /// In the country of other places.
    pub same_country: f32,
    /// In the division of other places.
    pub same_admin1: f32,
    /// Near other places.
    pub near: f32,
    /// In the publisher's country.
    pub home_country: f32,
    /// In the publisher's division.
    pub home_admin1: f32,
    /// Near the publisher's readers.
    pub home_near: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Weights {
            population: 1.0,
            country: 7.0,
            admin1: 1.5,
            admin2: -4.0,
            district: -2.0,
            feature: 0.0,
            capital: 5.0,
            alternate: -4.0,
            twin: -8.0,
            cover: 4.0,
            local: 3.0,
            flatten: 0.4,
            article: 3.0,
            contained: 14.0,
            same_country: 4.5,
            same_admin1: 7.0,
            near: 8.0,
            home_country: 1.0,
            home_admin1: 3.0,
            home_near: 8.0,
        }
    }
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
pub fn within(atlas: &Atlas, inner: &Record, outer: &Candidate) -> bool {
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
            let _ = atlas;
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
    /// Resolves the names.
    pub fn resolve(&mut self, names: &Names, atlas: &Atlas, home: Home, weights: &Weights) {
        self.gather(names);
        self.scores.clear();
        self.scores.resize(names.candidates.len(), 0.0);
        self.evidence.clear();
        self.evidence.resize(names.candidates.len(), 0.0);
        let local = locality(names);
        let population = weights.population * (1.0 - weights.flatten * local);
        for g in 0..self.groups.len() {
            let (from, to) = self.groups[g].candidates;
            let feature = self.groups[g].mentions.iter().find_map(|&n| names.all[n].feature);
            for c in from..to {
                self.scores[c] = prior(&names.candidates[c], feature, population, weights)
                    + at_home(&names.candidates[c].place, home, weights);
            }
        }
        self.twins(names, weights);
        self.cover(names, weights);
        self.local(names, local, weights, atlas);
        self.contain(names, atlas, weights);
        for round in 0..3 {
            self.choose(names);
            if round < 2 {
                self.listen(names, weights);
            }
        }
        self.settle(names);
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

    /// "City, State": candidates inside a candidate of the name after the comma.
    fn contain(&mut self, names: &Names, atlas: &Atlas, weights: &Weights) {
        for g in 0..self.groups.len() {
            let mut told = 0;
            for k in 0..self.groups[g].mentions.len() {
                let name = &names.all[self.groups[g].mentions[k]];
                let Some(outer) = name.container.map(|c| &names.all[c]) else { continue };
                told += 1;
                if told > CONTAINERS {
                    break;
                }
                let outer_group = self.numbers.get(&outer.hash).copied();
                let Some(outer_range) = outer_group.map(|o| self.groups[o].candidates) else { continue };
                let (from, to) = self.groups[g].candidates;
                for o in outer_range.0..outer_range.1 {
                    let mut any = false;
                    for c in from..to {
                        if within(atlas, &names.candidates[c].place, &names.candidates[o]) {
                            self.scores[c] = self.scores[c].max(0.0) + weights.contained * if any { 0.99 } else { 1.0 };
                            any = true;
                        }
                    }
                    if any {
                        self.scores[o] += 3.0;
                        break;
                    }
                }
            }
        }
    }

    /// A division named like its chief town is meant less often than the town.
    fn twins(&mut self, names: &Names, weights: &Weights) {
        for group in &self.groups {
            if group.mentions.iter().any(|&n| names.all[n].feature.is_some()) {
                continue;
            }
            let range = group.candidates.0..group.candidates.1;
            for c in range.clone() {
                let place = &names.candidates[c].place;
                let town = |o: usize| {
                    let other = &names.candidates[o].place;
                    if names.candidates[o].posting.relation() == Relation::Alternate {
                        return false;
                    }
                    let large = other.admin1 == place.admin1 && other.weight + 8 >= place.weight;
                    other.level == Level::City
                        && other.country == place.country
                        && (large || kilometres(point(other), point(place)) < 80.0)
                };
                let capital = |o: usize| {
                    names.candidates[o].place.flags & CAPITAL != 0
                        && names.candidates[o].posting.relation() != Relation::Alternate
                };
                if matches!(place.level, Level::Admin1 | Level::Admin2) && range.clone().any(town) {
                    self.scores[c] += weights.twin;
                } else if place.level == Level::Admin1 && range.clone().any(capital) {
                    self.scores[c] += weights.twin * 0.5;
                }
            }
        }
    }

    /// Divisions that many names could lie in: places of one article tend to share one.
    fn cover(&mut self, names: &Names, weights: &Weights) {
        self.votes.clear();
        for (g, group) in self.groups.iter().enumerate() {
            let (from, to) = group.candidates;
            let start = self.votes.len();
            for candidate in &names.candidates[from..to] {
                let admin1 = candidate.place.admin1;
                if admin1 != 0 && !self.votes[start..].iter().any(|v| v.0 == admin1) {
                    self.votes.push((admin1, 0.0, g as u32));
                }
            }
            let share = 1.0 / ((self.votes.len() - start).max(1) as f32).sqrt();
            self.votes[start..].iter_mut().for_each(|v| v.1 = share);
        }
        self.votes.sort_by_key(|v| (v.0, v.2));
        for (g, group) in self.groups.iter().enumerate() {
            for c in group.candidates.0..group.candidates.1 {
                let admin1 = names.candidates[c].place.admin1;
                if admin1 == 0 {
                    continue;
                }
                let first = self.votes.partition_point(|v| v.0 < admin1);
                let said: f32 = self.votes[first..]
                    .iter()
                    .take_while(|v| v.0 == admin1)
                    .filter(|v| v.2 != g as u32)
                    .map(|v| v.1)
                    .sum();
                self.scores[c] += weights.cover * said / (said + 1.0);
            }
        }
    }

    /// Streets and the like mark an article for local readers: its places lie in a country whose papers write English.
    fn local(&mut self, names: &Names, local: f32, weights: &Weights, atlas: &Atlas) {
        if local == 0.0 {
            return;
        }
        let english = ["US", "GB", "CA", "AU", "NZ", "IE"].map(|c| atlas.gazetteer().country_number(c).unwrap_or(0));
        for (score, candidate) in self.scores.iter_mut().zip(&names.candidates) {
            if candidate.place.country != 0 && english.contains(&candidate.place.country) {
                *score += weights.local * local;
            }
        }
    }

    fn choose(&mut self, names: &Names) {
        for group in &mut self.groups {
            let (mut best, mut second) = ((f32::MIN, group.candidates.0), f32::MIN);
            for c in group.candidates.0..group.candidates.1 {
                let score = self.scores[c] + self.evidence[c];
                if score > best.0 {
                    second = best.0;
                    best = (score, c);
                } else if score > second {
                    second = score;
                }
            }
            let margin = (best.0 - second).min(20.0);
            group.chosen = Some(best.1);
            group.trust =
                (1.0 - (-margin * 0.5).exp()).max(0.05) * if names.all[group.mentions[0]].demonym { 0.6 } else { 1.0 };
        }
    }

    /// What the other names say for each candidate.
    fn listen(&mut self, names: &Names, weights: &Weights) {
        for g in 0..self.groups.len() {
            let (from, to) = self.groups[g].candidates;
            if to - from < 2 {
                continue;
            }
            for c in from..to {
                let place = &names.candidates[c].place;
                let (mut country, mut admin1, mut near) = (0.0f32, 0.0f32, 0.0f32);
                for (o, other) in self.groups.iter().enumerate().take(g + REACH).skip(g.saturating_sub(REACH)) {
                    let Some(chosen) = other.chosen.filter(|_| o != g) else { continue };
                    let them = &names.candidates[chosen].place;
                    let said = other.trust * (other.mentions.len() as f32).sqrt();
                    if place.country != 0 && them.country == place.country {
                        country += said;
                    }
                    if place.admin1 != 0 && them.admin1 == place.admin1 {
                        admin1 += said;
                    }
                    if them.level > Level::Admin1 && place.level > Level::Admin1 && (them.lat - place.lat).abs() < 3.0 {
                        let d = kilometres(point(place), point(them));
                        near += said * (-d / 80.0).exp();
                    }
                }
                let grows = |x: f32| x / (x + 0.6);
                self.evidence[c] = weights.same_country * grows(country)
                    + weights.same_admin1 * grows(admin1)
                    + weights.near * grows(near);
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
            let second = (group.candidates.0..group.candidates.1)
                .filter(|&c| c != chosen && kilometres(point(&names.candidates[c].place), point(place)) > 50.0)
                .map(|c| self.scores[c] + self.evidence[c])
                .fold(best - 12.0, f32::max);
            for &n in &group.mentions {
                self.choices[n] = Some(Choice { candidate: chosen, margin: best - second });
            }
        }
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
        near += if name.office { 0.4 } else { 0.0 };
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

fn prior(candidate: &Candidate, feature: Option<Feature>, population: f32, weights: &Weights) -> f32 {
    let place = &candidate.place;
    let mut score = population * f32::from(place.weight) / 3.5;
    score += match place.level {
        Level::Country => weights.country,
        Level::Admin1 => weights.admin1,
        Level::Admin2 => weights.admin2,
        Level::District => weights.district,
        Level::City => 0.0,
        _ => weights.feature,
    };
    if place.flags & CAPITAL != 0 {
        score += weights.capital;
    } else if place.flags & SEAT != 0 {
        score += weights.capital * 0.3;
    }
    match candidate.posting.relation() {
        Relation::Alternate => score += weights.alternate,
        Relation::Abbreviation if candidate.posting.doubtful() => score -= 1.0,
        _ => {}
    }
    if candidate.posting.doubtful() {
        score -= 1.0;
    }
    if let Some(Feature::Level(level)) = feature {
        if level == place.level {
            score += 8.0;
        } else if level == Level::Admin1 && place.level == Level::Admin2
            || level == Level::Region && place.level == Level::Admin1
        {
            score += 5.0;
        }
    }
    score
}

fn at_home(place: &Record, home: Home, weights: &Weights) -> f32 {
    let mut score = 0.0;
    if home.country != 0 && place.country == home.country {
        score += weights.home_country;
    }
    if home.admin1 != 0 && place.admin1 == home.admin1 {
        score += weights.home_admin1;
    }
    if let Some(at) = home.point {
        score += weights.home_near * (-kilometres(at, point(place)) / 60.0).exp();
    }
    score
}

/// Whether a name stands for a government or people rather than the place.
pub fn figurative(name: &Name, place: &Record, before: crate::cues::Cue, after: crate::cues::Cue) -> bool {
    let seat = matches!(place.level, Level::Country) || place.flags & (CAPITAL | crate::gazetteer::GOVERNMENT) != 0;
    seat && !name.demonym && !name.dateline && (after.act || before.with)
}
