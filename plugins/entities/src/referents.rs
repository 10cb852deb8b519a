//! From the names of an article to who is who: which of them mean the same person, body, place or thing. Every merge has a named rule.
//!
//! Full names come first, short forms are then joined to the one they abbreviate. A short form that could mean two people goes to the one
//! named last before it; the two are never merged.

use crate::article::Article;
use crate::dictionary::Dictionary;
use crate::label::Type;
use crate::lexicon::{Category, Lexicon};
use crate::memory::ByHash;
use factbox_sdk::hashing::{START, mix, phrase};
use factbox_sdk::{Class, Span, Token};

/// A name in the article, as far as grouping is concerned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mention {
    /// First token.
    pub first: usize,
    /// One past the last token.
    pub end: usize,
    /// Its type.
    pub kind: Type,
    /// The point that ends the last token also ends the sentence and is left out ("in Norman, Okla.").
    pub point: bool,
    /// How sure the tagger is.
    pub probability: f32,
    /// The referent it belongs to: an index in [`Referents::all`].
    pub referent: usize,
    /// What made it a name: `model`, `majority in the article`, `same name elsewhere`, `surname`, `two names`, `table` or `dictionary`.
    pub tagged: &'static str,
    /// The rule that joined it to an earlier or fuller name; `first` for the one that the referent was made from.
    pub rule: &'static str,
    /// The entry of the user's dictionary that it came from.
    pub entry: Option<u32>,
}

impl Mention {
    /// Where it stands (bytes).
    pub fn span(&self, tokens: &[Token]) -> Span {
        Span::new(tokens[self.first].span.start, tokens[self.end - 1].span.end - u32::from(self.point))
    }
}

/// A person, body, place or thing that the article names.
#[derive(Clone, Debug)]
pub struct Referent {
    /// Its type.
    pub kind: Type,
    /// The mention with the fullest form.
    pub fullest: usize,
    /// ISO 3166 code, for a country and what is of it (nationality, language).
    pub country: Option<[u8; 2]>,
    /// Words of the fullest form.
    words: Vec<u64>,
    /// Tokens of the fullest form.
    span: (usize, usize),
    /// The last token of the latest mention so far.
    latest: usize,
}

/// The result of [`Referents::group`].
#[derive(Debug, Default)]
pub struct Referents {
    /// In the order of their first mention.
    pub all: Vec<Referent>,
    /// By the hash of what kind of key it is and the key.
    by_key: ByHash<usize>,
    by_word: ByHash<Vec<usize>>,
}

/// Words of a name that say nothing about whose it is.
fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "the" | "of" | "and" | "for" | "&" | "de" | "a" | "an" | "in" | "on" | "to" | "at" | "against" | "with"
    )
}

fn is_place_kind(word: &str) -> bool {
    matches!(
        word,
        "province"
            | "region"
            | "county"
            | "state"
            | "city"
            | "district"
            | "island"
            | "islands"
            | "republic"
            | "oblast"
            | "prefecture"
            | "peninsula"
            | "territory"
            | "governorate"
            | "municipality"
            | "river"
            | "lake"
            | "sea"
            | "ocean"
            | "desert"
            | "valley"
            | "strip"
            | "airport"
            | "town"
            | "village"
    )
}

fn is_generation(word: &str) -> bool {
    matches!(word, "jr" | "jr." | "sr" | "sr." | "ii" | "iii" | "iv" | "junior" | "senior")
}

/// Words of a name without punctuation, clitics and (for organisations) the article before it.
fn significant<'a>(tokens: &'a [Token<'a>], mention: &Mention) -> impl Iterator<Item = &'a Token<'a>> + Clone {
    let drop_the = mention.end - mention.first > 1;
    tokens[mention.first..mention.end].iter().enumerate().filter_map(move |(i, t)| {
        let word = matches!(t.shape.class(), Class::Word | Class::Mixed | Class::Number);
        (word && t.lower != "'s" && !(i == 0 && drop_the && t.lower == "the")).then_some(t)
    })
}

/// A word's hash with the points of abbreviations left out ("u.s." and "us" are one).
fn plain(token: &Token) -> u64 {
    if token.lower.contains('.') {
        let mut buffer = [0u8; 32];
        let mut n = 0;
        for &b in token.lower.as_bytes().iter().filter(|&&b| b != b'.') {
            if n < buffer.len() {
                buffer[n] = b;
                n += 1;
            }
        }
        factbox_sdk::hash(&buffer[..n])
    } else {
        token.hash
    }
}

impl Referents {
    /// Groups `mentions`, which are in text order, and fills in their `referent` and `rule`.
    pub fn group(
        &mut self,
        article: &Article,
        tokens: &[Token],
        lexicon: &Lexicon,
        dictionary: &Dictionary,
        mentions: &mut [Mention],
    ) {
        self.all.clear();
        self.by_key.clear();
        self.by_word.clear();
        const NONE: usize = usize::MAX;
        for m in mentions.iter_mut() {
            m.referent = NONE;
        }
        // full names and names of several words, in text order; then those of one word
        for long in [true, false] {
            for i in 0..mentions.len() {
                let m = mentions[i];
                let count = significant(tokens, &m).count();
                if m.referent != NONE || (count > 1) != long {
                    continue;
                }
                if let Some(entry) = m.entry.map(|e| &dictionary.entries[e as usize])
                    && (entry.never_merge || !entry.canonical.is_empty())
                {
                    self.by_entry(
                        tokens,
                        lexicon,
                        mentions,
                        i,
                        if entry.never_merge { &entry.surface } else { &entry.canonical },
                        entry.never_merge,
                    );
                    continue;
                }
                let (referent, rule) = self.find(article, tokens, lexicon, &m);
                match referent {
                    Some(r) => self.join(tokens, mentions, i, r, rule),
                    None => self.found(tokens, lexicon, mentions, i),
                }
            }
        }
        self.definitions(tokens, mentions);
        self.order(mentions);
    }

    /// Joins a mention of the user's dictionary to the others of the same canonical name (or, if it is never to be merged, of the same entry).
    fn by_entry(
        &mut self,
        tokens: &[Token],
        lexicon: &Lexicon,
        mentions: &mut [Mention],
        i: usize,
        name: &str,
        apart: bool,
    ) {
        let key = key(48 + mentions[i].kind as u8 + if apart { 8 } else { 0 }, factbox_sdk::hash(name.as_bytes()));
        match self.by_key.get(&key) {
            Some(&r) if apart => {
                mentions[i].referent = r;
                mentions[i].rule = "dictionary";
            }
            Some(&r) => self.join(tokens, mentions, i, r, "dictionary"),
            None if apart => {
                let m = mentions[i];
                self.all.push(Referent {
                    kind: m.kind,
                    fullest: i,
                    country: None,
                    words: Vec::new(),
                    span: (m.first, m.end),
                    latest: m.end,
                });
                mentions[i].referent = self.all.len() - 1;
                mentions[i].rule = "first";
            }
            None => self.found(tokens, lexicon, mentions, i),
        }
        self.by_key.insert(key, mentions[i].referent);
    }

    fn key(tokens: &[Token], m: &Mention) -> u64 {
        let mut hash = START;
        for t in significant(tokens, m) {
            if m.kind == Type::Organization && t.shape.class() == Class::Word && is_company_form(t.lower) {
                continue;
            }
            hash = phrase(hash, plain(t));
        }
        key(m.kind as u8, hash)
    }

    fn country_key(tokens: &[Token], lexicon: &Lexicon, m: &Mention) -> Option<[u8; 2]> {
        let info = lexicon
            .lookup(significant(tokens, m).map(|t| t.hash))
            .or_else(|| lexicon.lookup(tokens[m.first..m.end].iter().map(|t| t.hash)))?;
        let category = match m.kind {
            Type::Location => Category::Country,
            Type::Misc => Category::Demonym,
            _ => return None,
        };
        (info.categories >> (2 * category as u64) & 3 != 0).then_some(info.country).flatten()
    }

    fn find(
        &mut self,
        article: &Article,
        tokens: &[Token],
        lexicon: &Lexicon,
        m: &Mention,
    ) -> (Option<usize>, &'static str) {
        if let Some(&r) = self.by_key.get(&Self::key(tokens, m))
            && (m.kind != Type::Person || significant(tokens, m).count() > 1)
        {
            return (Some(r), "same name");
        }
        if let Some(code) = Self::country_key(tokens, lexicon, m) {
            let key = key(m.kind as u8 + 16, u64::from(u16::from_be_bytes(code)));
            return (self.by_key.get(&key).copied(), if m.kind == Type::Misc { "nationality" } else { "country" });
        }
        match m.kind {
            Type::Person => self.find_person(article, tokens, m),
            Type::Organization | Type::Location | Type::Misc => self.find_shorter(tokens, m),
        }
    }

    /// The nearest of `candidates` before token `at`, else the first.
    fn nearest(&self, candidates: &[usize], at: usize) -> Option<usize> {
        candidates
            .iter()
            .copied()
            .filter(|&r| self.all[r].latest < at)
            .max_by_key(|&r| self.all[r].latest)
            .or(candidates.first().copied())
    }

    fn find_person(&self, article: &Article, tokens: &[Token], m: &Mention) -> (Option<usize>, &'static str) {
        let words: Vec<&Token> = significant(tokens, m).filter(|t| !is_generation(t.lower)).collect();
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return (None, "") };
        let kind = Type::Person as u8;
        let none = Vec::new();
        let sharing = |w: &Token| self.by_word.get(&key(kind, plain(w))).unwrap_or(&none);
        if words.len() == 1 {
            let ends: Vec<usize> =
                sharing(last).iter().copied().filter(|&r| self.all[r].words.last() == Some(&plain(last))).collect();
            if let Some(r) = self.nearest(&ends, m.first) {
                return (Some(r), "surname");
            }
            let begins: Vec<usize> =
                sharing(last).iter().copied().filter(|&r| self.all[r].words.first() == Some(&plain(last))).collect();
            if let Some(r) = self.nearest(&begins, m.first) {
                return (Some(r), "first word of the name");
            }
            let inner: Vec<usize> = sharing(last).to_vec();
            if let Some(r) = self.nearest(&inner, m.first) {
                return (Some(r), "part of the name");
            }
            return (None, "");
        }
        // two names of several words: one has all words of the other, in order, or an initial for one
        let fits = |r: usize| {
            let theirs = &self.all[r].words;
            if theirs.len() < 2 {
                return false;
            }
            let ours: Vec<u64> = words.iter().map(|t| plain(t)).collect();
            let (short, long) = if ours.len() <= theirs.len() { (&ours, theirs) } else { (theirs, &ours) };
            let mut rest = long.iter();
            short.iter().all(|w| rest.any(|l| l == w))
        };
        for &r in sharing(last) {
            if fits(r) {
                return (Some(r), "same name, more or fewer words");
            }
        }
        for &r in sharing(first) {
            if fits(r) {
                return (Some(r), "same name, more or fewer words");
            }
        }
        let initial = |t: &Token| t.lower.chars().next().filter(|_| t.lower.trim_end_matches('.').chars().count() == 1);
        let _ = article;
        for &r in sharing(last) {
            let other = &self.all[r];
            if other.words.last() != Some(&plain(last)) || other.words.len() < 2 {
                continue;
            }
            let theirs = &tokens[other.first_token()];
            let (a, b) = (first.lower.chars().next(), theirs.lower.chars().next());
            if a == b && (initial(first).is_some() || initial(theirs).is_some()) {
                return (Some(r), "initial");
            }
        }
        (None, "")
    }

    fn find_shorter(&self, tokens: &[Token], m: &Mention) -> (Option<usize>, &'static str) {
        let words: Vec<&Token> = significant(tokens, m).collect();
        let Some(first) = words.first() else { return (None, "") };
        let kind = m.kind as u8;
        if words.len() == 1 && m.kind != Type::Location {
            let text = first.text.trim_end_matches('.');
            let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
            if (2..=8).contains(&letters.len())
                && letters.iter().all(|c| c.is_uppercase())
                && let Some(&r) =
                    self.by_key.get(&key(kind + 32, acronym_key(letters.iter().flat_map(|c| c.to_lowercase()))))
            {
                return (Some(r), "acronym");
            }
        }
        let none = Vec::new();
        let sharing = self.by_word.get(&key(kind, plain(first))).unwrap_or(&none);
        let ours: Vec<u64> = words.iter().map(|t| plain(t)).collect();
        let longer: Vec<usize> = sharing
            .iter()
            .copied()
            .filter(|&r| self.all[r].words.len() > ours.len() && self.all[r].words.starts_with(&ours))
            .collect();
        match m.kind {
            Type::Organization => {
                let distinct = longer.len() == 1;
                if distinct && first.lower.len() > 2 && !is_common_opening(first.lower) {
                    return (Some(longer[0]), "beginning of the name");
                }
            }
            Type::Location => {
                for r in longer {
                    let rest = &self.all[r].words[ours.len()..];
                    let kind_of_place =
                        tokens[self.all[r].span()].iter().any(|t| rest == [plain(t)] && is_place_kind(t.lower));
                    if kind_of_place {
                        return (Some(r), "place without its kind");
                    }
                }
            }
            _ => {
                let text = first.lower;
                if words.len() == 1 && text.len() > 3 {
                    let other = text.strip_suffix('s').map(str::to_owned).unwrap_or_else(|| format!("{text}s"));
                    let key = key(kind, phrase(START, factbox_sdk::hash(other.as_bytes())));
                    if let Some(&r) = self.by_key.get(&key) {
                        return (Some(r), "singular and plural");
                    }
                }
            }
        }
        (None, "")
    }

    fn found(&mut self, tokens: &[Token], lexicon: &Lexicon, mentions: &mut [Mention], i: usize) {
        let r = self.all.len();
        let m = mentions[i];
        let country = Self::country_key(tokens, lexicon, &m);
        self.all.push(Referent {
            kind: m.kind,
            fullest: i,
            country,
            words: Vec::new(),
            span: (m.first, m.end),
            latest: m.end,
        });
        mentions[i].rule = "first";
        mentions[i].referent = r;
        self.index(tokens, &m, r);
        if let Some(code) = country {
            self.by_key.entry(key(m.kind as u8 + 16, u64::from(u16::from_be_bytes(code)))).or_insert(r);
        }
        self.all[r].span_of(&m);
    }

    /// Makes referent `r` known by the form of `m`.
    fn index(&mut self, tokens: &[Token], m: &Mention, r: usize) {
        self.by_key.entry(Self::key(tokens, m)).or_insert(r);
        let kind = m.kind as u8;
        let words: Vec<u64> = significant(tokens, m).filter(|t| !is_generation(t.lower)).map(plain).collect();
        for &w in &words {
            let list = self.by_word.entry(key(kind, w)).or_default();
            if list.last() != Some(&r) && list.len() < 64 && !list.contains(&r) {
                list.push(r);
            }
        }
        if words.len() > self.all[r].words.len() {
            self.all[r].words = words;
            self.all[r].span_of(m);
        }
        if m.kind == Type::Organization || m.kind == Type::Misc {
            let initials = |all: bool| {
                significant(tokens, m)
                    .filter(move |t| all || !is_filler(t.lower))
                    .filter_map(|t| t.lower.chars().next())
                    .collect::<Vec<char>>()
            };
            for all in [false, true] {
                let letters = initials(all);
                if letters.len() > 1 {
                    self.by_key.entry(key(kind + 32, acronym_key(letters.into_iter()))).or_insert(r);
                }
            }
        }
    }

    fn join(&mut self, tokens: &[Token], mentions: &mut [Mention], i: usize, r: usize, rule: &'static str) {
        mentions[i].referent = r;
        mentions[i].rule = rule;
        let m = mentions[i];
        self.all[r].latest = self.all[r].latest.max(m.end);
        let longer = significant(tokens, &m).count() > self.all[r].words.len();
        if longer || rule != "same name" {
            self.index(tokens, &m, r);
        }
        if longer {
            self.all[r].fullest = i;
        }
    }

    /// "X (Y)", "X, also known as Y", "X refers to Y": what the article itself says to be the same.
    fn definitions(&mut self, tokens: &[Token], mentions: &mut [Mention]) {
        // for each referent the one that it was merged into
        let mut into: Vec<usize> = (0..self.all.len()).collect();
        let root = |into: &mut [usize], mut r: usize| {
            while into[r] != r {
                into[r] = into[into[r]];
                r = into[r];
            }
            r
        };
        let mut any = false;
        for i in 1..mentions.len() {
            let (mut a, mut b) = (mentions[i - 1], mentions[i]);
            a.referent = root(&mut into, a.referent);
            b.referent = root(&mut into, b.referent);
            if a.referent == b.referent || a.kind != b.kind || b.first < a.end || b.first - a.end > 8 {
                continue;
            }
            let between: Vec<&str> = tokens[a.end..b.first].iter().map(|t| t.lower).collect();
            let close = tokens.get(b.end).is_some_and(|t| t.text == ")");
            let rule = match between.as_slice() {
                ["("] if close && abbreviates(tokens, &b, &a) => "abbreviation in brackets",
                ["refers", "to"] | ["stands", "for"] | [",", "short", "for"] | ["is", "short", "for"] => "definition",
                ["'s", "official", "name", ",", ..]
                | ["'s", "official", "name", "is", ..]
                | ["'s", "full", "name", ",", ..] => "definition",
                [",", "also", "known", "as", ..]
                | ["(", "also", "known", "as", ..]
                | [",", "better", "known", "as", ..]
                | [",", "known", "as", ..]
                | [",", "formerly", ..]
                | ["(", "formerly", ..]
                | [",", "officially", ..]
                | [",", "formally", ..] => "definition",
                _ => continue,
            };
            if between.len() > 6 {
                continue;
            }
            let (keep, drop) = (a.referent.min(b.referent), a.referent.max(b.referent));
            if self.all[keep].kind == Type::Person
                && self.all[keep].words.len() > 1
                && self.all[drop].words.len() > 1
                && rule != "definition"
            {
                continue;
            }
            into[drop] = keep;
            any = true;
            if let Some(first) =
                mentions[..=i].iter_mut().rev().take(2).find(|m| m.referent == drop && m.rule == "first")
            {
                first.rule = rule;
            }
            let dropped = self.all[drop].clone();
            let kept = &mut self.all[keep];
            kept.country = kept.country.or(dropped.country);
            if dropped.words.len() > kept.words.len() {
                kept.words = dropped.words;
                kept.fullest = dropped.fullest;
            }
        }
        if any {
            for m in mentions.iter_mut() {
                m.referent = root(&mut into, m.referent);
            }
        }
    }

    /// Numbers referents by their first mention and drops those that were merged away.
    fn order(&mut self, mentions: &mut [Mention]) {
        let mut new = vec![usize::MAX; self.all.len()];
        let mut ordered = Vec::with_capacity(self.all.len());
        for m in mentions.iter_mut() {
            if new[m.referent] == usize::MAX {
                new[m.referent] = ordered.len();
                ordered.push(self.all[m.referent].clone());
            }
            m.referent = new[m.referent];
        }
        self.all = ordered;
    }
}

impl Referent {
    fn span_of(&mut self, m: &Mention) {
        self.span = (m.first, m.end);
    }
    fn span(&self) -> std::ops::Range<usize> {
        self.span.0..self.span.1
    }
    fn first_token(&self) -> usize {
        self.span.0
    }
}

/// A key of [`Referents::by_key`] or [`Referents::by_word`].
fn key(kind: u8, hash: u64) -> u64 {
    mix(hash, u64::from(kind))
}

fn is_company_form(word: &str) -> bool {
    matches!(
        word,
        "inc"
            | "inc."
            | "corp"
            | "corp."
            | "ltd"
            | "ltd."
            | "plc"
            | "co"
            | "co."
            | "ag"
            | "sa"
            | "llc"
            | "limited"
            | "corporation"
            | "company"
    )
}

/// First words that many bodies share: they alone do not tell which is meant.
fn is_common_opening(word: &str) -> bool {
    matches!(
        word,
        "national"
            | "international"
            | "new"
            | "bank"
            | "ministry"
            | "department"
            | "university"
            | "united"
            | "world"
            | "american"
            | "british"
            | "european"
            | "royal"
            | "federal"
            | "central"
            | "house"
            | "supreme"
            | "high"
            | "south"
            | "north"
            | "east"
            | "west"
            | "first"
            | "general"
            | "institute"
            | "association"
            | "committee"
            | "council"
            | "centre"
            | "center"
            | "state"
            | "us"
            | "u.s."
            | "uk"
            | "islamic"
            | "real"
            | "fc"
            | "court"
    )
}

fn acronym_key(letters: impl Iterator<Item = char>) -> u64 {
    letters.fold(START, |h, c| phrase(h, u64::from(c)))
}

/// Whether the letters of `short` occur in this order in `long`, beginning with its first.
fn abbreviates(tokens: &[Token], short: &Mention, long: &Mention) -> bool {
    if short.end - short.first > 2 || long.end - long.first < 2 {
        return false;
    }
    let letters: Vec<char> =
        tokens[short.first..short.end].iter().flat_map(|t| t.lower.chars()).filter(|c| c.is_alphabetic()).collect();
    let mut text =
        tokens[long.first..long.end].iter().filter(|t| !matches!(t.lower, "the")).flat_map(|t| t.lower.chars());
    let mut first = true;
    (2..=10).contains(&letters.len())
        && letters.iter().all(|&l| {
            if first {
                first = false;
                text.next() == Some(l)
            } else {
                text.any(|c| c == l)
            }
        })
}
