//! The table of words and the weights of the parts of speech.

use crate::corpus::Document;
use factbox_quotes::tags::{self, Weights, features, plain};
use factbox_quotes::words::{HOME_SCALE, Levels, TAGS, Word, Words, level, tag};
use factbox_sdk::hash;
use factbox_sdk::hashing::mix;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// A word that has been seen so often, and of 1,000 times so often with one tag, is taken to have no other.
const SURE: (u32, u32) = (8, 985);

/// A sentence with a tag for each token.
pub struct Sentence {
    pub document: Document,
    pub tags: Vec<u8>,
}

fn tag_of(name: &str) -> u8 {
    let plain = match name {
        "NNPS" => "NNP",
        "JJR" | "JJS" | "AFX" => "JJ",
        "RBR" | "RBS" => "RB",
        "PDT" => "DT",
        "WDT" | "WP$" => "WP",
        "FW" | "ADD" | "LS" | "NFP" | "GW" | "XX" => "NNP",
        n => n,
    };
    TAGS.iter().position(|t| *t == plain).map_or(tag::PUNCT, |n| n as u8)
}

/// The tagged sentences of the files in `folder`, tokens as factbox cuts them: each gets the tag of the word that it begins in.
pub fn sentences(folder: &Path) -> Vec<Sentence> {
    let mut analyzer = factbox_text::Analyzer::default();
    let mut out = Vec::new();
    for file in ["ewt_train.conllu", "gum_permissive.conllu"] {
        let content = std::fs::read_to_string(folder.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
        for block in content.split("\n\n") {
            let Some(text) = block.lines().find_map(|l| l.strip_prefix("# text = ")) else { continue };
            let mut at = 0;
            let mut gold: Vec<(u32, u8)> = Vec::new();
            for row in block.lines().filter(|l| !l.starts_with('#')) {
                let fields: Vec<&str> = row.split('\t').collect();
                if fields.len() < 5 || fields[0].contains(['-', '.']) {
                    continue;
                }
                let Some(found) = text[at..].find(fields[1]) else { continue };
                gold.push(((at + found) as u32, tag_of(fields[4])));
                at += found + fields[1].len();
            }
            let document = Document::new(text, &mut analyzer);
            let tags = document
                .tokens()
                .iter()
                .map(|t| gold[..gold.partition_point(|g| g.0 <= t.span.start)].last().map_or(0, |g| g.1))
                .collect();
            out.push(Sentence { document, tags });
        }
    }
    out
}

fn rows(file: &Path) -> Vec<Vec<String>> {
    std::fs::read_to_string(file)
        .unwrap_or_else(|e| panic!("{}: {e}", file.display()))
        .lines()
        .filter(|l| !l.starts_with('#'))
        .map(|l| l.split('\t').map(str::to_owned).collect())
        .collect()
}

/// The coarser clusters of each cluster, from the tables of the entities plugin.
pub fn levels(folder: &Path) -> Vec<[u8; 2]> {
    let mut out = vec![[0u8; 2]; size_of::<Levels>() / 2];
    for row in rows(&folder.join("cluster-levels.tsv")) {
        let number = |i: usize| row[i].parse::<usize>().expect("a cluster's number");
        out[number(0) + 1] = [number(1) as u8 + 1, number(2) as u8 + 1];
    }
    out
}

/// The cluster of each word, counted from 1.
fn clusters(folder: &Path) -> HashMap<String, u16> {
    let number = |r: &Vec<String>| r[1].parse::<u16>().expect("a cluster's number") + 1;
    rows(&folder.join("clusters.tsv")).into_iter().map(|r| (r[0].clone(), number(&r))).collect()
}

/// The logarithm of how much more often a word stands in one set than in another, at most 2, in units of 1/[`HOME_SCALE`]; 0 for rare words.
fn ratio(home: u32, homes: u32, abroad: u32, abroads: u32) -> i8 {
    if home + abroad < 20 {
        return 0;
    }
    let share = |n: u32, all: u32| (n as f32 + 5.0) / all as f32;
    ((share(home, homes) / share(abroad, abroads)).ln().clamp(-2.0, 2.0) * HOME_SCALE).round() as i8
}

/// The table of words: those of the tagged sentences, and of `counts` (how often words occur in news) the most frequent, with clusters.
pub fn table(
    sentences: &[Sentence],
    counts: &HashMap<String, [u32; 4]>,
    home: &HashMap<String, u32>,
    tables: &Path,
) -> Vec<(u64, Word)> {
    let clusters = clusters(tables);
    let homes: u32 = home.values().sum();
    let abroads: u32 = counts.values().map(|c| c[3]).sum();
    let mut seen: BTreeMap<String, [u32; 27]> = BTreeMap::new();
    for s in sentences {
        for (token, &tag) in s.document.tokens().iter().zip(&s.tags) {
            seen.entry(token.lower.to_owned()).or_default()[tag as usize] += 1;
        }
    }
    let mut all: Vec<(u32, String)> = counts.iter().map(|(w, n)| (n[0], w.clone())).collect();
    for word in seen.keys().filter(|w| !counts.contains_key(*w)) {
        all.push((0, word.clone()));
    }
    all.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut out = Vec::new();
    for (_, word) in all {
        let tags = seen.get(&word).copied().unwrap_or_default();
        let total: u32 = tags.iter().sum();
        let mut order: Vec<usize> = (1..27).collect();
        order.sort_by_key(|&t| std::cmp::Reverse(tags[t]));
        let (first, second) = (tags[order[0]], tags[order[1]]);
        let cluster = clusters.get(&word).copied().unwrap_or(0);
        if total == 0 && cluster == 0 {
            continue;
        }
        let one = |n: u32, t: usize| if n * 20 > total { t as u8 } else { 0 };
        let sure = total >= SURE.0 && first * 1000 >= total * SURE.1;
        let [seen, that, marks, abroad] = counts.get(&word).copied().unwrap_or_default();
        let word_info = Word::new(one(first, order[0]), one(second, order[1]), sure, cluster)
            .with_speech(level(that, seen), level(marks, seen))
            .with_home(ratio(home.get(&word).copied().unwrap_or(0), homes, abroad, abroads));
        let closed = total >= SURE.0 && (first + second) * 1000 >= total * SURE.1 && one(first, order[0]) > 0;
        out.push((hash(word.as_bytes()), if closed { word_info.with_closed() } else { word_info }));
        if out.len() >= 44_000 {
            break;
        }
    }
    out
}

/// Trains the weights by averaged perceptron; prints the accuracy on every tenth sentence, which is left out then.
pub fn train(sentences: &[Sentence], words: &Words, epochs: usize, held: bool) -> Vec<Weights> {
    const N: usize = 1 << tags::BITS;
    let mut weights = vec![[0f32; 27]; N];
    let mut totals = vec![[0f32; 27]; N];
    let mut stamps = vec![[0u32; 27]; N];
    let mut clock = 0u32;
    let mut order: Vec<usize> = (0..sentences.len()).filter(|i| !held || i % 10 != 0).collect();
    let infos: Vec<Vec<Word>> =
        sentences.iter().map(|s| s.document.tokens().iter().map(|t| words.get(t.hash)).collect()).collect();
    let mut seed = 1;
    for _ in 0..epochs {
        for i in (1..order.len()).rev() {
            seed += 1;
            order.swap(i, (mix(seed, 11) >> 20) as usize % (i + 1));
        }
        for &s in &order {
            let tokens = sentences[s].document.tokens();
            let mut before = [tag::PUNCT; 2];
            for (at, token) in tokens.iter().enumerate() {
                let right = sentences[s].tags[at];
                let found = plain(token, infos[s][at]).unwrap_or_else(|| {
                    let places = features(&tokens, &infos[s], at, before).map(|f| (f >> (64 - tags::BITS)) as usize);
                    let mut sums = [0f32; 27];
                    for p in places {
                        for t in 0..27 {
                            sums[t] += weights[p][t];
                        }
                    }
                    let best = tags::best(infos[s][at], |t| sums[t]) as usize;
                    clock += 1;
                    let word = infos[s][at];
                    let possible = !word.closed() || right == word.first() || right == word.second();
                    if best != right as usize && possible && right > 0 && right < tag::PUNCT {
                        for p in places {
                            for (t, change) in [(right as usize, 1.0), (best, -1.0)] {
                                totals[p][t] += weights[p][t] * (clock - stamps[p][t]) as f32;
                                stamps[p][t] = clock;
                                weights[p][t] += change;
                            }
                        }
                    }
                    best as u8
                });
                before = [found, before[0]];
            }
        }
    }
    let mut largest = 0f32;
    for p in 0..N {
        for t in 0..27 {
            totals[p][t] += weights[p][t] * (clock - stamps[p][t]) as f32;
            totals[p][t] /= clock as f32;
            largest = largest.max(totals[p][t].abs());
        }
    }
    let scale = 127.0 / largest.min(12.0);
    let quantised: Vec<Weights> = totals
        .iter()
        .map(|own| {
            std::array::from_fn(|t| own.get(t).map_or(0, |x| (x * scale).round().clamp(-127.0, 127.0) as i8 as u8))
        })
        .collect();
    let (mut good, mut all) = (0, 0);
    let mut found = Vec::new();
    for (s, sentence) in sentences.iter().enumerate().filter(|(i, _)| i % 10 == 0) {
        tags::tag_all(&sentence.document.tokens(), &infos[s], |_| false, &quantised, &mut found);
        good += found.iter().zip(&sentence.tags).filter(|(a, b)| a == b).count();
        all += found.len();
    }
    println!("parts of speech: {good} of {all} right ({:.4}), largest weight {largest:.1}", good as f32 / all as f32);
    quantised
}
