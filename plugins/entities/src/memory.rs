//! What a first reading of the article found, as features for the second: how the same word was labelled elsewhere, as a name of its own or
//! within a longer one, and how the same name was.

use crate::article::Article;
use crate::label::{Label, Name, kind, part};
use factbox_sdk::hashing::{START, mix, phrase};
use std::collections::HashMap;

/// Names of the feature templates made here.
pub const NAMES: [&str; 11] = [
    "first reading",
    "first reading-1..+1",
    "first reading-2..+2",
    "word elsewhere",
    "word elsewhere,first reading",
    "word in longer name",
    "word in longer name,first reading",
    "name elsewhere",
    "name elsewhere,first reading",
    "word+1 elsewhere",
    "word-1 elsewhere",
];

/// How often a word had which label: outside (capitalised), then a single token of each type, then begin, inside, end of each type.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    outside: u16,
    single: [u16; 4],
    longer: [[u16; 3]; 4],
}

/// Counts of a first reading.
#[derive(Debug, Default)]
pub struct Memory {
    words: Vec<Counts>,
    names: ByHash<[u16; 4]>,
    /// For each token the name it is in, plus one.
    inside: Vec<u32>,
    hashes: Vec<u64>,
}

/// A map by keys that are hashes already.
pub type ByHash<V> = HashMap<u64, V, std::hash::BuildHasherDefault<Identity>>;

/// A hasher for keys that are hashes.
#[derive(Default)]
pub struct Identity(u64);

impl std::hash::Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.0 = mix(self.0, u64::from(b));
        }
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

impl Memory {
    /// Counts the labels (one a token) and names of a first reading.
    pub fn fill(&mut self, article: &Article, labels: &[Label], names: &[Name]) {
        self.words.clear();
        self.words.resize(article.vocabulary.len(), Counts::default());
        self.names.clear();
        self.hashes.clear();
        self.inside.clear();
        self.inside.resize(article.cues.len(), 0);
        for (cue, &label) in article.cues.iter().zip(labels) {
            let counts = &mut self.words[cue.id as usize];
            match (kind(label), part(label)) {
                (Some(k), Some(crate::label::Part::Single)) => {
                    counts.single[k as usize] = counts.single[k as usize].saturating_add(1)
                }
                (Some(k), Some(p)) => {
                    let count = &mut counts.longer[k as usize][p as usize - 1];
                    *count = count.saturating_add(1);
                }
                _ if crate::article::can_be_name(cue.case) && !cue.starts => {
                    counts.outside = counts.outside.saturating_add(1)
                }
                _ => {}
            }
        }
        for (n, name) in names.iter().enumerate() {
            let range = name.first as usize..name.end as usize;
            let hash = article.cues[range.clone()].iter().fold(START, |h, c| phrase(h, c.word));
            let count = &mut self.names.entry(hash).or_default()[name.kind as usize];
            *count = count.saturating_add(1);
            self.hashes.push(hash);
            self.inside[range].fill(n as u32 + 1);
        }
    }

    /// The winner of counts and how clear it is: 0 nothing, else `4 * (winner + 1) + min(margin class, 3)`.
    fn winner(counts: &[u16]) -> u64 {
        let total: u32 = counts.iter().map(|&c| u32::from(c)).sum();
        if total == 0 {
            return 0;
        }
        let (mut best, mut most) = (0, 0);
        for (i, &c) in counts.iter().enumerate() {
            if c > most {
                (best, most) = (i, c);
            }
        }
        let clear = match u32::from(most) * 100 / total {
            100 if total >= 3 => 3,
            100 => 2,
            67.. => 1,
            _ => 0,
        };
        4 * (best as u64 + 1) + clear
    }

    fn elsewhere(&self, article: &Article, labels: &[Label], i: usize) -> (u64, u64) {
        let cue = &article.cues[i];
        let mut c = self.words[cue.id as usize];
        match (kind(labels[i]), part(labels[i])) {
            (Some(k), Some(crate::label::Part::Single)) => {
                c.single[k as usize] = c.single[k as usize].saturating_sub(1)
            }
            (Some(k), Some(p)) => {
                c.longer[k as usize][p as usize - 1] = c.longer[k as usize][p as usize - 1].saturating_sub(1)
            }
            _ if crate::article::can_be_name(cue.case) && !cue.starts => c.outside = c.outside.saturating_sub(1),
            _ => {}
        }
        let alone = Self::winner(&[c.outside, c.single[0], c.single[1], c.single[2], c.single[3]]);
        let l = &c.longer;
        let longer = Self::winner(&[
            l[0][0], l[0][1], l[0][2], l[1][0], l[1][1], l[1][2], l[2][0], l[2][1], l[2][2], l[3][0], l[3][1], l[3][2],
        ]);
        (alone, longer)
    }

    /// Appends the features of token `i`; `labels` and `names` are those of the first reading that the memory was filled with.
    pub fn extract(&self, article: &Article, labels: &[Label], names: &[Name], i: usize, out: &mut Vec<u64>) {
        const FIRST: u64 = 200;
        let mut template = FIRST;
        let mut add = |value: u64| {
            out.push(mix(value, template));
            template += 1;
        };
        let label =
            |offset: isize| i.checked_add_signed(offset).and_then(|j| labels.get(j)).map_or(31, |&l| u64::from(l));
        let own = label(0);
        add(own);
        add(label(-1) << 10 | own << 5 | label(1));
        add(label(-2) << 20 | label(-1) << 15 | own << 10 | label(1) << 5 | label(2));
        let (alone, longer) = self.elsewhere(article, labels, i);
        let capital = u64::from(crate::article::can_be_name(article.cues[i].case));
        add(alone << 1 | capital);
        add(alone << 6 | own << 1 | capital);
        add(longer << 1 | capital);
        add(longer << 6 | own << 1 | capital);
        let same = match self.inside[i] {
            0 => 0,
            n => {
                let n = n as usize - 1;
                let mut counts = self.names.get(&self.hashes[n]).copied().unwrap_or_default();
                counts[names[n].kind as usize] = counts[names[n].kind as usize].saturating_sub(1);
                1 + Self::winner(&counts)
            }
        };
        add(same);
        add(same << 5 | own);
        let neighbour = |j: Option<usize>| match j {
            Some(j) if j < article.cues.len() && crate::article::can_be_name(article.cues[j].case) => {
                let (alone, longer) = self.elsewhere(article, labels, j);
                1 + (alone << 8 | longer)
            }
            _ => 0,
        };
        add(neighbour(i.checked_add(1)));
        add(neighbour(i.checked_sub(1)));
    }
}
