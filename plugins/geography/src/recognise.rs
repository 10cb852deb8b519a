//! Which stretches of the text name places: the gazetteer is probed at capitalised words for the longest name, what it finds is weighed
//! against the mentions of the entities plugin (a surname is not a town, a club is not a city) and the words around, and names that the
//! gazetteer lacks are admitted where a mention or their form ("X River", "X County", "X Street") makes them places.

use crate::atlas::Atlas;
use crate::cues::{Cues, Feature};
use crate::gazetteer::{Level, MAX_WORDS, Posting, Record, Relation};
use factbox_sdk::hashing::{START, phrase};
use factbox_sdk::prelude::*;

mod containers;
mod weigh;

/// What the entities plugin says of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A person.
    Person,
    /// An organisation.
    Organization,
    /// A place.
    Location,
    /// Something else, nationalities among them.
    Misc,
}

/// A mention in tokens.
#[derive(Clone, Copy, Debug)]
pub struct Mention {
    /// First token.
    pub first: usize,
    /// One past the last token.
    pub end: usize,
    /// What it is.
    pub sort: Sort,
    /// How sure the entities plugin is.
    pub confidence: f32,
}

/// A place that a name may mean.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// How the name leads there.
    pub posting: Posting,
    /// The place.
    pub place: Record,
}

/// A stretch that names a place.
#[derive(Clone, Debug)]
pub struct Name {
    /// First token.
    pub first: usize,
    /// One past the last token.
    pub end: usize,
    /// The hash that its candidates were found by; equal for equal names.
    pub hash: u64,
    /// Where its candidates stand in [`Names::candidates`]; empty for a name that the gazetteer lacks.
    pub candidates: (usize, usize),
    /// The mention it overlaps.
    pub mention: Option<usize>,
    /// An adjective or a people.
    pub demonym: bool,
    /// What a word beside it says it is.
    pub feature: Option<Feature>,
    /// The name right after its comma, which should hold it ("Paris, Texas").
    pub container: Option<usize>,
    /// A name that is said to hold it in other words ("Athens in Georgia", "the Spanish city of Cordoba").
    pub within: Option<usize>,
    /// The name before it in a list ("Ohio, Iowa and Kansas").
    pub listed: Option<usize>,
    /// Has "the" before it.
    pub article: bool,
    /// An office of a town or county follows ("Athens City Council").
    pub office: bool,
    /// People or things of a town follow ("an Athens man", "Athens High School").
    pub townsfolk: bool,
    /// Stands in the dateline.
    pub dateline: bool,
    /// How sure it is that a place is named here (log odds).
    pub odds: f32,
}

impl Name {
    /// A name of the tokens `first..end` for which the gazetteer has nothing; `at` is where its candidates would stand.
    fn without_candidates(first: usize, end: usize, hash: u64, at: usize) -> Name {
        Name {
            first,
            end,
            hash,
            candidates: (at, at),
            mention: None,
            demonym: false,
            feature: None,
            container: None,
            within: None,
            listed: None,
            article: false,
            office: false,
            townsfolk: false,
            dateline: false,
            odds: 1.0,
        }
    }

    /// Where it stands (bytes).
    pub fn span(&self, tokens: &[Token]) -> Span {
        Span::new(tokens[self.first].span.start, tokens[self.end - 1].span.end)
    }
}

/// The names of an article; reused from one to the next.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// In text order, not overlapping.
    pub all: Vec<Name>,
    /// Candidates of all names.
    pub candidates: Vec<Candidate>,
    owner: Vec<u32>,
    /// Words of people's names, sorted.
    people: Vec<u64>,
    /// The first words of people's names, sorted.
    given: Vec<u64>,
    /// Names that were too doubtful by themselves.
    doubted: Vec<Name>,
    /// Whether a token stands in a list before "counties".
    listed: Vec<bool>,
}

const NOBODY: u32 = u32::MAX;
/// How many tokens ahead a name is looked for in its shorter form.
const AHEAD: usize = 1000;

/// An article as recognition reads it.
#[derive(Clone, Copy)]
pub struct Article<'a> {
    /// Its tokens.
    pub tokens: &'a [Token<'a>],
    /// The mentions, in text order.
    pub mentions: &'a [Mention],
    /// Whether a mentions layer was there at all.
    pub informed: bool,
    /// Where the dateline ends (bytes), 0 without one.
    pub dateline: u32,
}

fn capital(token: &Token) -> bool {
    matches!(token.shape.letters(), Letters::Title | Letters::Upper | Letters::Mixed)
        && matches!(token.shape.class(), Class::Word | Class::Mixed)
        && token.text.chars().next().is_some_and(char::is_uppercase)
}

impl Names {
    /// Finds the names.
    pub fn read(&mut self, article: Article, atlas: &Atlas, cues: &Cues) {
        let tokens = article.tokens;
        self.all.clear();
        self.candidates.clear();
        self.owner.clear();
        self.owner.resize(tokens.len(), NOBODY);
        for (i, m) in article.mentions.iter().enumerate() {
            self.owner[m.first..m.end].fill(i as u32);
        }
        self.people.clear();
        self.given.clear();
        for m in article.mentions.iter().filter(|m| m.sort == Sort::Person && m.confidence > 0.5 && m.end - m.first > 1)
        {
            self.people.extend(tokens[m.first..m.end].iter().filter(|t| capital(t)).map(|t| t.hash));
            self.given.push(tokens[m.first].hash);
        }
        self.people.sort_unstable();
        self.given.sort_unstable();
        self.doubted.clear();
        self.list(tokens);
        let mut at = 0;
        while at < tokens.len() {
            if !capital(&tokens[at]) {
                at += 1;
                continue;
            }
            let end = self.at(article, at, atlas, cues);
            at = end.max(at + 1);
        }
        self.reconsider(article);
        self.containers(tokens, cues);
    }

    /// Marks "Becker, Clay and Grant" in "Becker, Clay and Grant counties".
    fn list(&mut self, tokens: &[Token]) {
        self.listed.clear();
        self.listed.resize(tokens.len(), false);
        for end in (0..tokens.len()).filter(|&i| tokens[i].lower == "counties") {
            let list =
                tokens[..end].iter().rev().take(40).take_while(|t| capital(t) || matches!(t.text, "," | "and" | "-"));
            let length = list.count();
            self.listed[end - length..end].fill(true);
        }
    }

    /// Names doubted where they stand, but sure elsewhere in the article.
    fn reconsider(&mut self, article: Article) {
        let mut sure: Vec<(u64, (usize, usize))> =
            self.all.iter().filter(|n| n.odds > 2.0 && !n.demonym).map(|n| (n.hash, n.candidates)).collect();
        sure.sort_unstable();
        sure.dedup_by_key(|s| s.0);
        let before = self.all.len();
        for mut name in self.doubted.drain(..) {
            let sort = name.mention.map(|m| article.mentions[m]);
            let person = sort.is_some_and(|m| m.sort == Sort::Person && m.confidence > 0.8);
            let inside = sort.is_some_and(|m| m.end - m.first > name.end - name.first && m.first != name.first);
            if let (Ok(at), false, true) =
                (sure.binary_search_by_key(&name.hash, |s| s.0), person || inside, name.odds > -5.0)
            {
                name.candidates = sure[at].1;
                name.odds = 0.5;
                self.all.push(name);
            }
        }
        if self.all.len() > before {
            self.all.sort_by_key(|n| (n.first, n.end));
            self.all.dedup_by(|b, a| b.first < a.end);
        }
    }

    /// The longest name that begins at a token, if a place is named there; where reading goes on.
    fn at(&mut self, article: Article, at: usize, atlas: &Atlas, cues: &Cues) -> usize {
        let tokens = article.tokens;
        // "0.098 GB/s", "32 GB": gigabytes.
        if tokens[at].text == "GB" && at > 0 && tokens[at - 1].shape.class() == Class::Number {
            return at + 1;
        }
        let base = self.candidates.len();
        let found = self.longest(tokens, at, atlas, tokens[at].span.start < article.dateline);
        let owner = self.owner[at];
        let mention = (owner != NOBODY).then(|| article.mentions[owner as usize]);
        let location = mention.filter(|m| m.sort == Sort::Location);
        let matched = found.map_or(at, |f| f.0);
        // "Detention Center" behind the county in "Barren County Detention Center".
        if let Some(m) =
            location.filter(|m| m.first < at && found.is_none() && self.all.last().is_some_and(|n| n.end == at))
        {
            self.candidates.truncate(base);
            return m.end;
        }
        if let Some(m) = location.filter(|m| matched < m.end) {
            let last = cues.of(tokens[m.end - 1].hash).feature;
            let first = cues.of(tokens[at].hash);
            match last {
                // "Amur region": the longer stretch, the same place.
                Some(Feature::Level(Level::Admin1 | Level::Admin2 | Level::Region))
                    if found.is_some_and(|f| f.0 + 1 == m.end) => {}
                Some(Feature::Level(Level::City)) => {}
                // "Columbia County Detention Center": the county is named, too.
                Some(Feature::Level(Level::Facility | Level::District | Level::Admin2))
                    if found.is_some_and(|f| self.division(&tokens[at..f.0], base, cues)) => {}
                Some(_) => {
                    self.candidates.truncate(base);
                    return self.unknown(article, at, m.end, owner, cues);
                }
                None if m.end - at > 1
                    && matches!(
                        first.feature,
                        Some(Feature::Level(Level::Mountain | Level::Water | Level::Facility))
                    ) =>
                {
                    self.candidates.truncate(base);
                    return self.unknown(article, at, m.end, owner, cues);
                }
                None if first.direction && found.is_none() => return at + 1,
                None => {}
            }
        }
        if let Some((mut end, hash)) = found {
            // "Hubei province" with the division's kind in lower case: the name ends before it.
            let kind = &tokens[end - 1];
            if end - at > 1
                && matches!(kind.lower, "province" | "state" | "county" | "city" | "governorate")
                && !capital(kind)
            {
                end -= usize::from(location.is_some_and(|m| m.end == end - 1) || kind.lower == "city");
            }
            if tokens.get(end).is_some_and(|t| t.text == "$") {
                self.candidates.truncate(base);
                return end;
            }
            if let Some(m) = location.filter(|m| m.end == end + 1) {
                // "Kan." and "Amur region" whole.
                let word = &tokens[end];
                let region = matches!(
                    cues.of(word.hash).feature,
                    Some(Feature::Level(Level::Admin1 | Level::Admin2 | Level::Region))
                );
                if word.text == "." || region {
                    end = m.end;
                }
            }
            // "Dublin City Council" where the article speaks of Dublin.
            let mut hash = hash;
            if end - at > 1 && tokens[end - 1].lower == "city" && tokens.get(end).is_some_and(municipal) {
                let words = &tokens[at..end - 1];
                let short = words.iter().filter(|t| !t.shape.has(Shape::DASH)).fold(START, |h, t| phrase(h, t.hash));
                let named = self.all.iter().rev().take(200).any(|n| n.hash == short && n.candidates.0 < n.candidates.1);
                let follows = |w: &[Token]| {
                    w.iter().zip(words).all(|(a, b)| a.hash == b.hash) && w.last().is_some_and(|t| t.lower != "city")
                };
                let ahead = || tokens[end..].windows(words.len() + 1).take(AHEAD).any(follows);
                if atlas.postings(short).next().is_some() && (named || ahead()) {
                    self.candidates.truncate(base);
                    self.candidates.extend(atlas.find(short));
                    (hash, end) = (short, end - 1);
                }
            }
            let mut name = self.weigh(article, at, end, hash, base, cues);
            // "Wall Street", whatever the entities plugin makes of it.
            if location.is_none() && street(tokens, at, cues) == Some(end) {
                name.odds = name.odds.max(1.0);
            }
            if name.odds > 0.0 {
                self.all.push(name);
                return end;
            }
            self.candidates.truncate(base);
            self.doubted.push(name);
        }
        if let Some(end) = street(tokens, at, cues).filter(|_| location.is_none()) {
            return self.street(article, at, end, owner);
        }
        // "Georgia skates" where the article is about a Georgia Somebody.
        let given = |m: &Mention| m.end == at + 1 && self.given.binary_search(&tokens[at].hash).is_ok();
        match location.filter(|m| m.first == at && !given(m)) {
            // A name that the gazetteer lacks: the mention decides.
            Some(m) => self.unknown(article, at, m.end, owner, cues),
            None => at + 1,
        }
    }

    /// The longest name of the gazetteer that begins at a token, as its end and hash; its candidates stand at the end of all.
    fn longest(&mut self, tokens: &[Token], at: usize, atlas: &Atlas, dateline: bool) -> Option<(usize, u64)> {
        let base = self.candidates.len();
        let mut found = None;
        let (mut hash, mut words, mut j) = (START, 0, at);
        while j < tokens.len() && words < MAX_WORDS {
            let t = &tokens[j];
            if j > at && t.shape.has(Shape::PARAGRAPH_START) {
                break;
            }
            if t.shape.has(Shape::DASH) {
                if words == 0 || t.shape.has(Shape::SPACE_BEFORE) {
                    break;
                }
                j += 1;
                continue;
            }
            hash = phrase(hash, t.hash);
            words += 1;
            j += 1;
            if words == 2 && !atlas.begins(hash) {
                break;
            }
            let postings = atlas.postings(hash);
            if postings.clone().next().is_some() {
                let dotted = tokens.get(j).is_some_and(|t| t.text == "." && !t.shape.has(Shape::SPACE_BEFORE));
                let mut writing = Writing::of(&tokens[at..j], dotted);
                // "LIMA, Aug. 8"
                writing.code &= !dateline;
                if postings.clone().any(|p| writing.allows(p)) {
                    found = Some((j, hash, writing, postings));
                }
            }
        }
        let (end, hash, writing, postings) = found?;
        self.candidates.extend(postings.filter(|p| writing.allows(*p)).filter_map(|p| atlas.candidate(p)));
        (self.candidates.len() > base).then_some((end, hash))
    }
}

/// A word for what a town's government has, after "City".
fn municipal(word: &Token) -> bool {
    let lower = word.lower;
    lower.starts_with("council")
        || matches!(
            lower,
            "hall"
                | "manager"
                | "attorney"
                | "administrator"
                | "clerk"
                | "commission"
                | "commissioner"
                | "limits"
                | "planner"
                | "engineer"
                | "schools"
        )
}

/// Whether two names stand side by side in a list.
fn listed(a: &Name, b: &Name, tokens: &[Token]) -> bool {
    let gap = &tokens[a.end.min(b.first)..b.first];
    (1..3).contains(&gap.len()) && gap.iter().all(|t| matches!(t.lower, "," | "and" | "or"))
}

/// A word for a kind of place or body ("Airport", "Council").
fn kind_or_body(word: &Token, cues: &Cues) -> bool {
    let cue = cues.of(word.hash);
    cue.feature.is_some() || cue.body || cue.office || !capital(word)
}

/// A word for a kind of place in lower case ("city", "district", "capital").
fn kind(word: &Token, cues: &Cues) -> bool {
    !capital(word)
        && (matches!(word.lower, "capital" | "port" | "resort" | "hub" | "stronghold" | "metropolis" | "settlement")
            || matches!(
                cues.of(word.hash).feature,
                Some(Feature::Level(Level::City | Level::District | Level::Admin1 | Level::Admin2 | Level::Region))
            ))
}

/// A word that may stand between a place and what holds it ("Athens, a town in the north of Georgia").
fn holds(word: &Token, cues: &Cues) -> bool {
    matches!(
        word.lower,
        "," | "in" | "the" | "a" | "an" | "of" | "u.s." | "us" | "small" | "large" | "coastal" | "border"
    ) || !capital(word) && cues.of(word.hash).direction
        || kind(word, cues)
}

/// The end of a street's name that begins at a token: capitalised words, the last of them "Street" or the like.
fn street(tokens: &[Token], at: usize, cues: &Cues) -> Option<usize> {
    let run = tokens[at..]
        .iter()
        .take(5)
        .enumerate()
        .take_while(|(i, t)| capital(t) && (*i == 0 || !t.shape.has(Shape::SENTENCE_START)))
        .count();
    (at + 1..at + run)
        .find(|&i| {
            cues.of(tokens[i].hash).feature == Some(Feature::Street) && cues.of(tokens[at].hash).feature.is_none()
        })
        .filter(|&i| {
            tokens[i].text.len() > 4 && !matches!(tokens[i].lower, "court" | "circle" | "trail" | "route" | "terrace")
        })
        .map(|i| i + 1)
}

fn feature_inside(words: &[Token], cues: &Cues) -> bool {
    words.len() > 1 && words.iter().any(|t| cues.of(t.hash).feature.is_some())
}

/// How a name is written, and so which of its postings may be meant.
#[derive(Clone, Copy, Debug)]
struct Writing {
    /// A short word in capitals: only an abbreviation.
    code: bool,
    /// As abbreviations are written.
    short: bool,
    /// As abbreviations that are no other word may be written.
    clear: bool,
}

impl Writing {
    fn of(words: &[Token], point: bool) -> Writing {
        let first = &words[0];
        let (one, upper) = (words.len() == 1, first.shape.letters() == Letters::Upper);
        let dotted = first.text.contains('.');
        let shouted = first.shape.has(Shape::ALL_CAPS_CONTEXT);
        Writing {
            code: one && upper && !shouted && !dotted && first.text.chars().take(5).count() < 5,
            short: point || dotted || !one || first.shape.letters() != Letters::Title,
            clear: first.text.len() > 3,
        }
    }

    fn allows(self, posting: Posting) -> bool {
        match posting.relation() {
            Relation::Abbreviation => self.short || self.clear && !posting.doubtful(),
            _ => !self.code,
        }
    }
}
