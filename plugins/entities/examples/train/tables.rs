//! From the TSV tables under `data/` and plain news to the compiled lexicon.

use crate::base::Base;
use crate::corpus::{self, Document};
use factbox_entities::lexicon::{Category, Lexicon, PhraseInfo, Source, WordInfo};
use factbox_sdk::{Shape, hash};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// The rows of a table, without comments.
fn rows(file: &Path) -> Vec<Vec<String>> {
    let content = std::fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    content
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
        .map(|l| l.split('\t').map(str::to_owned).collect())
        .collect()
}

struct Phrases<'a> {
    analyzer: &'a mut factbox_text::Analyzer,
    all: BTreeMap<Vec<u64>, PhraseInfo>,
}

impl Phrases<'_> {
    fn add(&mut self, surface: &str, category: Category, risky: bool, country: Option<[u8; 2]>) {
        let (surface, risky) = surface.strip_prefix('?').map_or((surface, risky), |s| (s, true));
        let surface = surface.strip_prefix("the ").or(surface.strip_prefix("The ")).unwrap_or(surface).trim();
        let surface = match surface.split_once(" (") {
            Some((name, _)) => name,
            None => surface,
        };
        let capital = surface.chars().any(|c| c.is_uppercase() || c.is_ascii_digit());
        if surface.len() < 2 || surface == "-" || !(capital || category == Category::Title) {
            return;
        }
        let base = Base::new(surface, self.analyzer);
        let words: Vec<u64> = base.tokens().iter().map(|t| t.hash).collect();
        if words.is_empty() || words.len() > 12 {
            return;
        }
        let capitals = words.len() == 1
            && surface.len() <= 5
            && !surface.chars().any(char::is_lowercase)
            && surface.chars().any(|c| c.is_uppercase());
        let bit = 1u64 << (2 * category as u64 + u64::from(risky));
        let entry = self.all.entry(words).or_insert(PhraseInfo { categories: 0, country: None, capitals });
        entry.categories |= bit;
        entry.capitals &= capitals;
        entry.country = entry.country.or(country);
    }

    fn table(&mut self, file: &Path, category: impl Fn(&[String]) -> Category) {
        for row in rows(file) {
            let category = category(&row);
            let own = format!("?{}", row[0]);
            let aliases = row.get(1).map_or("-", String::as_str);
            let risky = aliases.split('|').any(|a| a == own);
            self.add(&row[0], category, risky, None);
            for alias in aliases.split('|') {
                match alias.strip_prefix("adj:") {
                    Some(adjective) => self.add(adjective, Category::Demonym, false, None),
                    None if alias != own => self.add(alias, category, false, None),
                    None => {}
                }
            }
        }
    }
}

fn code(text: &str) -> Option<[u8; 2]> {
    text.as_bytes().try_into().ok()
}

/// Compiles the lexicon. `news`: plain texts for the usual letter case of words; `documents`: annotated ones, for words of sport and for
/// small words that names hold. `without`: leaves out `clusters` or `phrases`, to measure what they bring.
pub fn compile(data: &Path, news: &[String], documents: &[Document], without: &str) -> Lexicon {
    let mut analyzer = factbox_text::Analyzer::default();
    let mut source = Source::default();
    // The tables of places are those of the geography plugin.
    let places = data.join("../../geography/data");
    let mut phrases = Phrases { analyzer: &mut analyzer, all: BTreeMap::new() };
    for row in rows(&places.join("countries.tsv")) {
        let iso = code(&row[2]);
        phrases.add(&row[0], Category::Country, false, iso);
        row[1].split('|').for_each(|a| phrases.add(a, Category::Country, false, iso));
        row[5].split('|').chain(row[6].split('|')).for_each(|a| phrases.add(a, Category::Demonym, false, iso));
        if let Some(iso) = iso {
            source.countries.push((iso, row[0].clone()));
        }
    }
    source.countries.sort();
    for row in rows(&data.join("cities.tsv")) {
        let population: u64 = row[2].parse().unwrap_or(0);
        phrases.add(&row[0], Category::City, population < 50_000, None);
    }
    for file in ["regions", "historic", "islands", "mountains", "deserts-parks"] {
        phrases.table(&places.join(format!("{file}.tsv")), |_| Category::Geo);
    }
    for file in ["seas", "rivers", "lakes"] {
        phrases.table(&places.join(format!("{file}.tsv")), |_| Category::Water);
    }
    for file in ["facilities", "landmarks", "airports"] {
        phrases.table(&places.join(format!("{file}.tsv")), |_| Category::Facility);
    }
    phrases.table(&places.join("us-ca-places.tsv"), |_| Category::District);
    for row in rows(&places.join("abbreviations.tsv")) {
        phrases.add(&row[0], Category::Abbreviation, false, None);
        phrases.add(&row[1], Category::Geo, false, None);
    }
    let orgs = [
        ("companies", Category::Company),
        ("government", Category::Government),
        ("international", Category::International),
        ("ngos", Category::Ngo),
        ("parties", Category::Party),
        ("armed-groups", Category::ArmedGroup),
        ("media", Category::Media),
        ("clubs", Category::Club),
        ("universities", Category::University),
    ];
    for (file, category) in orgs {
        phrases.table(&data.join(format!("org/{file}.tsv")), |_| category);
    }
    phrases.table(&data.join("org/exchanges-indices.tsv"), |r| match r.get(2).map(String::as_str) {
        Some("exchange") => Category::Exchange,
        _ => Category::Index,
    });
    phrases.table(&data.join("misc/events.tsv"), |_| Category::Event);
    phrases.table(&data.join("misc/works-products.tsv"), |_| Category::Work);
    phrases.table(&data.join("misc/peoples.tsv"), |_| Category::People);
    phrases.table(&data.join("person/leaders.tsv"), |_| Category::PublicFigure);
    phrases.table(&data.join("person/titles.tsv"), |_| Category::Title);
    if without != "phrases" {
        source.phrases = phrases.all.into_iter().collect();
    }

    let mut words: BTreeMap<u64, u32> = BTreeMap::new();
    let key = |w: &str| hash(w.to_lowercase().as_bytes());
    for row in rows(&data.join("words/clusters.tsv")).into_iter().filter(|_| without != "clusters") {
        *words.entry(key(&row[0])).or_default() |= row[1].parse::<u32>().expect("a number") + 1;
    }
    for row in rows(&data.join("words/cluster-levels.tsv")) {
        let n = |i: usize| row[i].parse::<u8>().expect("a small number") + 1;
        source.levels.push((n(1), n(2)));
    }
    for (file, any, frequent, share) in [
        ("given-names", WordInfo::GIVEN, WordInfo::GIVEN_FREQUENT, 0.01),
        ("surnames", WordInfo::SURNAME, WordInfo::SURNAME_FREQUENT, 0.005),
    ] {
        for row in rows(&data.join(format!("words/{file}.tsv"))) {
            let often = row[1].parse::<f64>().expect("a number") >= share;
            *words.entry(key(&row[0])).or_default() |= any | if often { frequent } else { 0 };
        }
    }
    for row in rows(&data.join("words/company-forms.tsv")) {
        *words.entry(key(&row[0])).or_default() |= WordInfo::COMPANY_FORM;
    }
    for row in rows(&data.join("person/titles.tsv")) {
        for title in std::iter::once(row[0].as_str()).chain(row[1].split('|')) {
            if !title.contains(' ') && title.len() > 1 {
                *words.entry(key(title)).or_default() |= WordInfo::TITLE;
            }
        }
    }
    for (word, bucket) in letter_case(news, &mut analyzer) {
        *words.entry(word).or_default() |= u32::from(bucket) << 11;
    }
    let texts = |sport: bool| -> Vec<&str> {
        documents
            .iter()
            .filter(|d| d.source == corpus::Source::Wire && d.topic.to_lowercase().contains("sport") == sport)
            .map(|d| d.text.as_str())
            .collect()
    };
    for word in sport_words(&texts(true), &texts(false), &mut analyzer) {
        *words.entry(word).or_default() |= WordInfo::SPORT;
    }
    for (word, flags) in small_words(documents, &mut analyzer) {
        *words.entry(word).or_default() |= flags;
    }
    source.words = words.into_iter().map(|(w, i)| (w, WordInfo(i))).collect();
    source.compile()
}

/// For words of plain news: how often they are capitalised within sentences, 1 (never) to 7 (always).
fn letter_case(news: &[String], analyzer: &mut factbox_text::Analyzer) -> BTreeMap<u64, u8> {
    let mut counts: HashMap<u64, (u32, u32)> = HashMap::new();
    for text in news {
        let base = Base::new(text, analyzer);
        for t in base.tokens() {
            if t.shape.has(Shape::SENTENCE_START) || t.shape.has(Shape::ALL_CAPS_CONTEXT) {
                continue;
            }
            let entry = counts.entry(t.hash).or_default();
            match t.text.chars().next() {
                Some(c) if c.is_uppercase() => entry.1 += 1,
                Some(c) if c.is_lowercase() => entry.0 += 1,
                _ => {}
            }
        }
    }
    let bucket = |(lower, upper): (u32, u32)| match (lower + upper, f64::from(upper) / f64::from(lower + upper)) {
        (0..=1, _) => None,
        (_, x) if x < 0.003 => Some(1),
        (_, x) if x < 0.05 => Some(2),
        (_, x) if x < 0.2 => Some(3),
        (_, x) if x < 0.5 => Some(4),
        (_, x) if x < 0.8 => Some(5),
        (_, x) if x < 0.98 => Some(6),
        _ => Some(7),
    };
    counts.into_iter().filter_map(|(w, c)| Some((w, bucket(c)?))).collect()
}

/// Words that are at least eight times as frequent in texts on sport.
fn sport_words(sport: &[&str], other: &[&str], analyzer: &mut factbox_text::Analyzer) -> Vec<u64> {
    let mut count = |texts: &[&str]| {
        let (mut counts, mut total) = (HashMap::<u64, u32>::new(), 0u32);
        for text in texts {
            let base = Base::new(text, analyzer);
            for t in base.tokens().iter().filter(|t| t.text.chars().all(char::is_lowercase)) {
                *counts.entry(t.hash).or_default() += 1;
                total += 1;
            }
        }
        (counts, total)
    };
    let (a, a_total) = count(sport);
    let (b, b_total) = count(other);
    let mut words: Vec<u64> = a
        .into_iter()
        .filter(|&(w, n)| {
            let there = f64::from(b.get(&w).copied().unwrap_or(0)) + 0.5;
            n >= 5 && f64::from(n) / f64::from(a_total.max(1)) > 8.0 * there / f64::from(b_total.max(1))
        })
        .map(|(w, _)| w)
        .collect();
    words.sort_unstable();
    words
}

/// Tokens without capitals that names begin with, hold or end with, at least twice.
fn small_words(documents: &[Document], analyzer: &mut factbox_text::Analyzer) -> Vec<(u64, u32)> {
    let mut counts: BTreeMap<u64, [u32; 3]> = BTreeMap::new();
    for document in documents.iter().filter(|d| d.source != corpus::Source::Shouted) {
        let base = Base::new(&document.text, analyzer);
        let tokens = base.tokens();
        let mut at = 0;
        for name in &document.names {
            at = at.min(tokens.partition_point(|t| (t.span.end as usize) <= name.start));
            while at < tokens.len() && (tokens[at].span.end as usize) <= name.start {
                at += 1;
            }
            let first = at;
            while at < tokens.len() && (tokens[at].span.end as usize) <= name.end {
                let t = &tokens[at];
                if !factbox_entities::article::can_be_name(factbox_entities::article::case_code(
                    t.shape.class(),
                    t.shape.letters(),
                    t.text,
                )) {
                    let last = t.span.end as usize == name.end;
                    let place = if last { 2 } else { usize::from(at > first) };
                    counts.entry(t.hash).or_default()[place] += 1;
                }
                at += 1;
            }
        }
    }
    let flags = [WordInfo::OPENS, WordInfo::JOINS, WordInfo::CLOSES];
    counts
        .into_iter()
        .map(|(w, c)| (w, flags.iter().zip(c).filter(|(_, n)| *n >= 2).fold(0, |f, (flag, _)| f | flag)))
        .collect()
}
