//! What speaks for a candidate: how well known it is, and where the other names of the article lie.

use super::{CONTAINERS, Group, REACH, Resolver, Setting, kilometres, point, within};
use crate::cues::Feature;
use crate::evidence::Evidence;
use crate::gazetteer::{CAPITAL, Level, Record, Relation, SEAT};
use crate::recognise::Names;

impl Resolver {
    /// What is known of a candidate before the article's other places are heard.
    pub(super) fn prior(&mut self, names: &Names, g: usize, local: f32, setting: &Setting) {
        let (from, to) = self.groups[g].candidates;
        let mentions = || self.groups[g].mentions.iter().map(|&n| &names.all[n]);
        let feature = mentions().find_map(|n| n.feature);
        let (office, article) = (mentions().any(|n| n.office), mentions().any(|n| n.article));
        let townsfolk = mentions().any(|n| n.townsfolk);
        let dateline = mentions().any(|n| n.dateline && n.container.is_none());
        let town = |place: &Record| matches!(place.level, Level::City | Level::District);
        let towns = names.candidates[from..to].iter().filter(|c| town(&c.place));
        let known = towns.map(|c| c.place.weight).max();
        for c in from..to {
            let candidate = &names.candidates[c];
            let place = &candidate.place;
            let population = f32::from(place.weight) / 3.5;
            self.say(c, Evidence::Population, population);
            self.say(c, Evidence::PopulationLocal, population * local);
            self.say(c, Evidence::PopulationSquare, population * population / 256.0);
            let town = town(place);
            if town && Some(place.weight) == known {
                self.say(c, Evidence::Foremost, 1.0);
                self.say(c, Evidence::ForemostLocal, local);
                if dateline {
                    self.say(c, Evidence::ForemostDateline, 1.0);
                }
            }
            if dateline && matches!(place.level, Level::Admin1 | Level::Admin2) {
                self.say(c, Evidence::DivisionDateline, 1.0);
            }
            if matches!(place.level, Level::Admin1 | Level::Admin2) && candidate.posting.relation() == Relation::Alias {
                self.say(c, Evidence::Bare, 1.0);
            }
            match place.level {
                Level::Country => {
                    self.say(c, Evidence::Country, 1.0);
                    self.say(c, Evidence::CountryLocal, local);
                }
                Level::Admin1 => self.say(c, Evidence::Admin1, 1.0),
                // The United States are the first of VARIETIES.
                Level::Admin2 if place.country == self.countries[0] => self.say(c, Evidence::Admin2, 1.0),
                Level::Admin2 => self.say(c, Evidence::Admin2Abroad, 1.0),
                Level::District => self.say(c, Evidence::District, 1.0),
                Level::City => {}
                _ => {
                    self.say(c, Evidence::Feature, 1.0);
                    self.say(c, Evidence::FeatureArticle, f32::from(u8::from(article)));
                }
            }
            if place.flags & CAPITAL != 0 {
                self.say(c, Evidence::Capital, 1.0);
            } else if place.flags & SEAT != 0 {
                self.say(c, Evidence::Seat, 1.0);
            }
            if candidate.posting.relation() == Relation::Alternate {
                self.say(c, Evidence::Alternate, 1.0);
            }
            if candidate.posting.doubtful() {
                self.say(c, Evidence::Doubtful, 1.0);
            }
            if let Some(Feature::Level(level)) = feature {
                if level == place.level {
                    self.say(c, Evidence::Beside, 1.0);
                } else if level == Level::Admin1 && place.level == Level::Admin2
                    || level == Level::Region && place.level == Level::Admin1
                {
                    self.say(c, Evidence::BesideWider, 1.0);
                }
            }
            if let Some(at) = self.countries.iter().position(|n| *n == place.country && *n != 0) {
                let variety = setting.variety[at];
                self.say(c, Evidence::English, local);
                self.say(c, Evidence::Variety, variety);
                self.say(c, Evidence::VarietyLocal, variety * local);
                if office && town {
                    self.say(c, Evidence::Office, 1.0);
                    self.say(c, Evidence::OfficeVariety, variety);
                }
                if townsfolk && town {
                    self.say(c, Evidence::Townsfolk, 1.0);
                    self.say(c, Evidence::TownsfolkVariety, variety);
                }
            }
            let home = &setting.home;
            if home.country != 0 && place.country == home.country {
                self.say(c, Evidence::HomeCountry, 1.0);
            }
            if home.admin1 != 0 && place.admin1 == home.admin1 {
                self.say(c, Evidence::HomeAdmin1, 1.0);
            }
            if let Some(at) = home.point {
                self.say(c, Evidence::HomeNear, (-kilometres(at, point(place)) / 60.0).exp());
            }
        }
    }

    /// "City, State" and the like: candidates inside a candidate of the name that holds them.
    pub(super) fn contain(&mut self, names: &Names) {
        for g in 0..self.groups.len() {
            let (from, to) = self.groups[g].candidates;
            let mut told = 0;
            for k in 0..self.groups[g].mentions.len() {
                let name = &names.all[self.groups[g].mentions[k]];
                let (outer, kind) = match (name.container, name.within) {
                    (Some(outer), _) => (outer, Evidence::Contained),
                    (None, Some(outer)) => (outer, Evidence::Within),
                    (None, None) => continue,
                };
                told += 1;
                if told > CONTAINERS {
                    break;
                }
                let Some(&outer_group) = self.numbers.get(&names.all[outer].hash) else { continue };
                let outer_range = self.groups[outer_group].candidates;
                for o in outer_range.0..outer_range.1 {
                    let mut any = false;
                    for c in from..to {
                        if within(&names.candidates[c].place, &names.candidates[o]) {
                            self.say(c, kind, if any { 0.99 } else { 1.0 });
                            any = true;
                        }
                    }
                    if any {
                        self.say(o, Evidence::Contains, 1.0);
                        break;
                    }
                }
            }
        }
    }

    /// Places side by side in a list tend to be of one level.
    pub(super) fn lists(&mut self, names: &Names) {
        let first = |n: usize| {
            let (from, to) = names.all[n].candidates;
            (from < to).then(|| names.candidates[from].place.level)
        };
        let mut done: Vec<(usize, u64)> = Vec::new();
        for (n, name) in names.all.iter().enumerate() {
            let Some(before) = name.listed else { continue };
            for (one, other) in [(n, before), (before, n)] {
                let Some(level) = first(other) else { continue };
                let Some(&g) = self.numbers.get(&names.all[one].hash) else { continue };
                let (from, to) = self.groups[g].candidates;
                if to - from < 2 || done.len() > REACH || done.contains(&(g, names.all[other].hash)) {
                    continue;
                }
                done.push((g, names.all[other].hash));
                for c in (from..to).filter(|&c| names.candidates[c].place.level == level) {
                    self.say(c, Evidence::Listed, 1.0);
                    if level == Level::Admin1 {
                        self.say(c, Evidence::ListedState, 1.0);
                    }
                }
            }
        }
    }

    /// A division named like its chief town is meant less often than the town.
    pub(super) fn twins(&mut self, names: &Names) {
        for g in 0..self.groups.len() {
            let group = &self.groups[g];
            if group.mentions.iter().any(|&n| names.all[n].feature.is_some()) {
                continue;
            }
            let range = group.candidates.0..group.candidates.1;
            for c in range.clone() {
                let place = &names.candidates[c].place;
                let town = |o: usize| {
                    let other = &names.candidates[o].place;
                    other.level == Level::City
                        && other.country == place.country
                        && names.candidates[o].posting.relation() != Relation::Alternate
                };
                let known = |o: usize| {
                    let other = &names.candidates[o].place;
                    town(o) && other.admin1 == place.admin1 && other.weight + 8 >= place.weight
                };
                let near = |o: usize| town(o) && kilometres(point(&names.candidates[o].place), point(place)) < 80.0;
                let capital = |o: usize| {
                    names.candidates[o].place.flags & CAPITAL != 0
                        && names.candidates[o].posting.relation() != Relation::Alternate
                };
                let country = |o: usize| {
                    let other = &names.candidates[o].place;
                    other.level == Level::Country && other.country == place.country
                };
                if place.level == Level::City && place.flags & CAPITAL != 0 && range.clone().any(country) {
                    self.say(c, Evidence::CapitalTwin, 1.0);
                } else if matches!(place.level, Level::Admin1 | Level::Admin2) && range.clone().any(known) {
                    self.say(c, Evidence::Twin, 1.0);
                    let seated = |o: usize| known(o) && names.candidates[o].place.flags & (SEAT | CAPITAL) != 0;
                    if place.level == Level::Admin1 && !range.clone().any(seated) {
                        self.say(c, Evidence::TwinUnseated, 1.0);
                    }
                } else if matches!(place.level, Level::Admin1 | Level::Admin2) && range.clone().any(near) {
                    self.say(c, Evidence::TwinLesser, 1.0);
                } else if place.level == Level::Admin1 && range.clone().any(capital) {
                    self.say(c, Evidence::TwinCapital, 1.0);
                }
            }
        }
    }

    /// Divisions that many names could lie in: places of one article tend to share one.
    pub(super) fn divisions(&mut self, names: &Names) {
        collect(&mut self.votes, &self.groups, names, |place| Some(place.admin1).filter(|a| *a != 0));
        for g in 0..self.groups.len() {
            let (from, to) = self.groups[g].candidates;
            if to - from < 2 {
                continue;
            }
            for c in from..to {
                let admin1 = names.candidates[c].place.admin1;
                if admin1 == 0 {
                    continue;
                }
                let said = others(&self.votes, g, admin1, admin1);
                self.say(c, Evidence::Division, said / (said + 1.0));
            }
        }
    }

    /// Stretches of country that many names could lie in, one degree around each candidate.
    pub(super) fn neighbourhoods(&mut self, names: &Names) {
        let cell = |place: &Record| ((place.lat + 90.0) as u32) << 16 | ((place.lon + 180.0) as u32);
        let small = |place: &Record| matches!(place.level, Level::Admin2 | Level::City | Level::District);
        collect(&mut self.cells, &self.groups, names, |place| small(place).then(|| cell(place)));
        for g in 0..self.groups.len() {
            let (from, to) = self.groups[g].candidates;
            if to - from < 2 {
                continue;
            }
            for c in (from..to).filter(|&c| small(&names.candidates[c].place)) {
                let at = cell(&names.candidates[c].place);
                let mut said = 0.0;
                for row in [at.wrapping_sub(1 << 16), at, at + (1 << 16)] {
                    said += others(&self.cells, g, row.saturating_sub(1), row + 1);
                }
                self.say(c, Evidence::Neighbourhood, said / (said + 1.0));
            }
        }
    }
}

/// What the candidates of a group have in common with those of others: a key, the group's share of it, the group.
type Ballot<K> = (K, f32, u32);

/// The ballots of all groups, sorted by key: the more keys a group's candidates have, the less each of them counts.
fn collect<K: Ord + Copy>(
    ballots: &mut Vec<Ballot<K>>,
    groups: &[Group],
    names: &Names,
    key: impl Fn(&Record) -> Option<K>,
) {
    ballots.clear();
    for (g, group) in groups.iter().enumerate() {
        let (from, to) = group.candidates;
        let start = ballots.len();
        for key in names.candidates[from..to].iter().filter_map(|c| key(&c.place)) {
            if !ballots[start..].iter().any(|b| b.0 == key) {
                ballots.push((key, 0.0, g as u32));
            }
        }
        let share = 1.0 / ((ballots.len() - start).max(1) as f32).sqrt();
        ballots[start..].iter_mut().for_each(|b| b.1 = share);
    }
    ballots.sort_unstable_by_key(|b| (b.0, b.2));
}

/// What other groups than `own` say for the keys `low` to `high`.
fn others<K: Ord + Copy>(ballots: &[Ballot<K>], own: usize, low: K, high: K) -> f32 {
    let first = ballots.partition_point(|b| b.0 < low);
    ballots[first..].iter().take_while(|b| b.0 <= high).filter(|b| b.2 != own as u32).map(|b| b.1).sum()
}
