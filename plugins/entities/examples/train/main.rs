//! Builds what the plugin ships: `lexicon` compiles the tables under `data/`, `model` trains the weights, `tag` tries them on a gold file.
//!
//! ```text
//! train lexicon --corpora DIR --news FILE.jsonl.gz --data DIR
//! train model   --corpora DIR --data DIR [--out FILE]
//! train tag     --data DIR GOLD.jsonl PRED.jsonl
//! train bench   --data DIR NEWS.jsonl.gz
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr, missing_docs)]

mod base;
mod corpus;
mod crf;
mod tables;

use base::Base;
use corpus::{Document, Source};
use crf::{Example, Examples, Options};
use factbox_entities::article::Article;
use factbox_entities::features;
use factbox_entities::label::{self, Label, Part, Type};
use factbox_entities::lattice::Lattice;
use factbox_entities::lexicon::{Category, Lexicon};
use factbox_entities::memory::Memory;
use factbox_entities::model::{Model, Trained};
use factbox_entities::dictionary::Dictionary;
use factbox_entities::engine::{Engine, Knowledge};
use factbox_sdk::Token;
use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

struct Arguments {
    options: HashMap<String, String>,
    files: Vec<PathBuf>,
}

impl Arguments {
    fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(self.options.get(name).unwrap_or_else(|| panic!("--{name} is missing")))
    }
    fn number(&self, name: &str, default: f32) -> f32 {
        self.options.get(name).map_or(default, |v| v.parse().unwrap_or_else(|_| panic!("--{name}: {v} is no number")))
    }
    fn text(&self, name: &str, default: &str) -> String {
        self.options.get(name).cloned().unwrap_or_else(|| default.to_owned())
    }
}

fn main() {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let mut arguments = Arguments { options: HashMap::new(), files: Vec::new() };
    while let Some(word) = words.next() {
        match word.strip_prefix("--") {
            Some(name) => {
                arguments.options.insert(name.to_owned(), words.next().unwrap_or_default());
            }
            None => arguments.files.push(PathBuf::from(word)),
        }
    }
    match command.as_str() {
        "lexicon" => lexicon(&arguments),
        "model" => model(&arguments),
        "tag" => tag(&arguments),
        "bench" => bench(&arguments),
        _ => eprintln!("train lexicon|model|tag|bench: see the first lines of examples/train/main.rs"),
    }
}

pub fn news(file: &Path) -> Vec<String> {
    let mut content = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(file).expect("the news file")).read_to_string(&mut content).expect("gzip of UTF-8");
    let text = |line: &str| serde_json::from_str::<serde_json::Value>(line).ok()?.get("text")?.as_str().map(str::to_owned);
    content.lines().filter_map(text).collect()
}

fn lexicon(arguments: &Arguments) {
    let data = arguments.path("data");
    let documents = corpus::read_all(&arguments.path("corpora"));
    let lexicon = tables::compile(&data, &news(&arguments.path("news")), &documents);
    let bytes = lexicon.store();
    println!("{:?} words and phrases, {} bytes", lexicon.sizes(), bytes.len());
    std::fs::write(data.join("lexicon.bin"), bytes).expect("a writable data folder");
}

fn load_lexicon(data: &Path) -> Lexicon {
    Lexicon::load(&std::fs::read(data.join("lexicon.bin")).expect("data/lexicon.bin: run `train lexicon` first")).expect("a good lexicon")
}

struct Prepared {
    /// Stretches in [`Examples`].
    stretches: std::ops::Range<usize>,
    article: Article,
}

/// A mask for every token: the right label; all labels where the corpus cannot say.
fn right_labels(document: &Document, base: &Base, article: &Article) -> Vec<u32> {
    let tokens = base.tokens();
    let mut right = vec![1u32; tokens.len()];
    let mut at = 0;
    for name in &document.names {
        while at < tokens.len() && (tokens[at].span.end as usize) <= name.start {
            at += 1;
        }
        let first = at;
        let mut end = first;
        while end < tokens.len() && (tokens[end].span.start as usize) < name.end {
            end += 1;
        }
        if end == first {
            continue;
        }
        let exact = tokens[first].span.start as usize == name.start && tokens[end - 1].span.end as usize == name.end;
        for i in first..end {
            if right[i] != 1 {
                continue;
            }
            right[i] = if exact {
                let part = match (i == first, i + 1 == end) {
                    (true, true) => Part::Single,
                    (true, false) => Part::Begin,
                    (false, true) => Part::End,
                    _ => Part::Inside,
                };
                1 << label::label(name.kind, part)
            } else {
                u32::MAX
            };
        }
        at = if exact { end } else { first };
    }
    if matches!(document.source, Source::Gum | Source::Btc | Source::Wnut) {
        // no nationalities there: their tokens may be outside or misc
        let misc = 1 << label::label(Type::Misc, Part::Single);
        for (cue, right) in article.cues.iter().zip(&mut right) {
            let people = cue.listed[..cue.lists as usize].iter().any(|&c| (c / 8 == Category::Demonym as u8 || c / 8 == Category::People as u8) && c % 8 == 3);
            if *right == 1 && people {
                *right |= misc;
            }
        }
    }
    // names cut by the end of a stretch cannot be learned
    let mut covered = vec![false; right.len()];
    for s in &article.stretches {
        covered[s.clone()].fill(true);
        for edge in [s.start, s.end] {
            if edge == 0 || edge >= right.len() {
                continue;
            }
            let goes_on = |m: u32| m.count_ones() == 1 && matches!(label::part(m.trailing_zeros() as u8), Some(Part::Inside | Part::End));
            if goes_on(right[edge]) {
                let mut i = edge;
                while i > 0 && goes_on(right[i]) {
                    right[i] = u32::MAX;
                    i -= 1;
                }
                right[i] = u32::MAX;
                let mut i = edge + 1;
                while i < right.len() && goes_on(right[i]) {
                    right[i] = u32::MAX;
                    i += 1;
                }
            }
        }
    }
    right
}

fn group(source: Source) -> usize {
    match source {
        Source::Wire => 1,
        Source::Gum => 2,
        Source::Wikigold | Source::Crossner => 3,
        Source::Wnut | Source::Btc => 4,
        Source::Silver => 1,
    }
}
const GROUPS: usize = 4;

fn weight(source: Source, arguments: &Arguments) -> f32 {
    let name = format!("{source:?}").to_lowercase();
    let default = match source {
        Source::Wire => 1.0,
        Source::Silver => 0.3,
        _ => 0.7,
    };
    arguments.number(&name, default)
}

fn model(arguments: &Arguments) {
    let started = std::time::Instant::now();
    let log = |what: &str| println!("{:6.1} s  {what}", started.elapsed().as_secs_f32());
    let data = arguments.path("data");
    let lexicon = load_lexicon(&data);
    let documents = corpus::read_all(&arguments.path("corpora"));
    let documents: Vec<Document> = documents.into_iter().filter(|d| weight(d.source, arguments) > 0.0).collect();
    log(&format!("{} documents", documents.len()));
    let options = Options {
        epochs: arguments.number("epochs", 8.0) as usize,
        rate: arguments.number("rate", 0.1),
        l2: arguments.number("l2", 0.0),
        dropout: arguments.number("dropout", 0.1),
        seed: arguments.number("seed", 1.0) as u64,
    };
    let grouped = arguments.number("groups", 1.0) > 0.0;
    let groups = if grouped { GROUPS } else { 0 };

    let mut analyzer = factbox_text::Analyzer::default();
    let mut index: HashMap<u64, u32> = HashMap::new();
    let mut counts: Vec<u32> = Vec::new();
    let mut hashes: Vec<u64> = Vec::new();
    let mut intern = |f: u64, counts: &mut Vec<u32>, hashes: &mut Vec<u64>| {
        let id = *index.entry(f).or_insert_with(|| {
            counts.push(0);
            hashes.push(f);
            counts.len() as u32 - 1
        });
        counts[id as usize] += 1;
        id
    };
    let mut examples = Examples::default();
    let mut prepared = Vec::new();
    let mut found = Vec::new();
    for document in &documents {
        let base = Base::new(&document.text, &mut analyzer);
        let tokens = base.tokens();
        let mut article = Article::default();
        article.fill(&tokens, &base.sentences, &lexicon);
        let right = right_labels(document, &base, &article);
        let first = examples.stretches.len();
        let mut sentence = 0;
        for stretch in &article.stretches {
            while article.sentences[sentence].end <= stretch.start {
                sentence += 1;
            }
            let mut starts = vec![examples.features.len() as u32];
            for i in stretch.clone() {
                found.clear();
                features::extract(&article, &tokens, &article.sentences[sentence], i, &mut found);
                for &f in &found {
                    let id = intern(f, &mut counts, &mut hashes);
                    examples.features.push(id);
                }
                starts.push(examples.features.len() as u32);
            }
            examples.stretches.push(Example {
                starts,
                right: right[stretch.clone()].to_vec(),
                group: if grouped { group(document.source) } else { 0 },
                weight: weight(document.source, arguments),
            });
        }
        prepared.push(Prepared { stretches: first..examples.stretches.len(), article });
    }
    let cutoff = arguments.number("cutoff", 2.0) as u32;
    log(&format!("{} stretches, {} features, {} distinct", examples.stretches.len(), examples.features.len(), hashes.len()));
    let kept = compact(&mut examples, &counts, cutoff, &mut hashes);
    log(&format!("{kept} features seen {cutoff} times or more"));

    let document_of: Vec<usize> = prepared.iter().enumerate().flat_map(|(d, p)| p.stretches.clone().map(move |_| d)).collect();
    let folds = arguments.number("folds", 4.0) as usize;
    let mut lattice = Lattice::default();
    let mut first_labels: Vec<Vec<Label>> = vec![Vec::new(); examples.stretches.len()];
    for fold in 0..folds {
        let w = crf::train(&examples, kept, groups, |s| document_of[s] % folds != fold, Options { seed: options.seed + 10 + fold as u64, ..options });
        for s in 0..examples.stretches.len() {
            if document_of[s] % folds == fold {
                first_labels[s] = w.best(&examples, &examples.stretches[s], &mut lattice);
            }
        }
        log(&format!("first reading, fold {fold}"));
    }
    let first = crf::train(&examples, kept, groups, |_| true, options);
    log("first reading");

    // second reading: the same features and those of the memory
    let mut second_examples = Examples::default();
    let mut second_hashes = hashes.clone();
    let mut second_index: HashMap<u64, u32> = HashMap::new();
    let mut second_counts = vec![cutoff; kept];
    let mut memory = Memory::default();
    for p in &prepared {
        let mut labels = vec![label::OUTSIDE; p.article.cues.len()];
        let mut names = Vec::new();
        for (stretch, s) in p.article.stretches.iter().zip(p.stretches.clone()) {
            labels[stretch.clone()].copy_from_slice(&first_labels[s]);
            label::names(&first_labels[s], stretch.start, &mut names);
        }
        memory.fill(&p.article, &labels, &names);
        for (stretch, s) in p.article.stretches.iter().zip(p.stretches.clone()) {
            let old = &examples.stretches[s];
            let mut starts = vec![second_examples.features.len() as u32];
            for (k, i) in stretch.clone().enumerate() {
                second_examples.features.extend(&examples.features[old.starts[k] as usize..old.starts[k + 1] as usize]);
                found.clear();
                memory.extract(&p.article, &labels, &names, i, &mut found);
                for &f in &found {
                    let id = *second_index.entry(f).or_insert_with(|| {
                        second_hashes.push(f);
                        second_counts.push(0);
                        second_hashes.len() as u32 - 1
                    });
                    second_counts[id as usize] += 1;
                    second_examples.features.push(id);
                }
                starts.push(second_examples.features.len() as u32);
            }
            second_examples.stretches.push(Example { starts, right: old.right.clone(), group: old.group, weight: old.weight });
        }
    }
    let second = crf::train(&second_examples, second_hashes.len(), groups, |_| true, Options { seed: options.seed + 99, ..options });
    log("second reading");

    let target = arguments.text("target", "1").parse::<usize>().expect("a group");
    let target = if grouped { target } else { 0 };
    let threshold = arguments.number("prune", 0.05);
    let mut trained: Vec<Trained> = Vec::new();
    for (f, &hash) in second_hashes.iter().enumerate() {
        let a = if f < kept { first.block(f, target) } else { [0.0; 16] };
        let b = second.block(f, target);
        let largest = a.iter().chain(&b).fold(0f32, |m, x| m.max(x.abs()));
        if largest >= threshold {
            trained.push((hash, a, b));
        }
    }
    let largest = trained.iter().flat_map(|t| t.1.iter().chain(&t.2)).fold(0f32, |m, x| m.max(x.abs()));
    let limit = arguments.number("limit", 4.0);
    let model = Model::quantise(&trained, first.transitions.clone(), second.transitions.clone(), limit.min(largest));
    let bytes = model.store();
    log(&format!("{} features kept, largest weight {largest:.2}, {} bytes", model.len(), bytes.len()));
    let out = arguments.options.get("out").map_or(data.join("model.bin"), PathBuf::from);
    std::fs::write(out, bytes).expect("a writable model file");
}

/// Drops features seen fewer than `cutoff` times and numbers the others anew.
fn compact(examples: &mut Examples, counts: &[u32], cutoff: u32, hashes: &mut Vec<u64>) -> usize {
    let mut new = vec![u32::MAX; counts.len()];
    let mut kept_hashes = Vec::new();
    for (old, &count) in counts.iter().enumerate() {
        if count >= cutoff {
            new[old] = kept_hashes.len() as u32;
            kept_hashes.push(hashes[old]);
        }
    }
    let mut features = Vec::with_capacity(examples.features.len());
    for stretch in &mut examples.stretches {
        let mut starts = vec![features.len() as u32];
        for w in stretch.starts.windows(2) {
            features.extend(examples.features[w[0] as usize..w[1] as usize].iter().map(|&f| new[f as usize]).filter(|&f| f != u32::MAX));
            starts.push(features.len() as u32);
        }
        stretch.starts = starts;
    }
    examples.features = features;
    *hashes = kept_hashes;
    hashes.len()
}

fn knowledge(arguments: &Arguments) -> Knowledge {
    let data = arguments.path("data");
    let file = arguments.options.get("model").map_or(data.join("model.bin"), PathBuf::from);
    let model = Model::load(&std::fs::read(file).expect("a model: run `train model` first")).expect("a good model");
    Knowledge::new(load_lexicon(&data), model)
}

fn tag(arguments: &Arguments) {
    let knowledge = knowledge(arguments);
    let mut engine = Engine::default();
    let mut analyzer = factbox_text::Analyzer::default();
    for pair in arguments.files.chunks_exact(2) {
        let mut lines = String::new();
        for document in corpus::read_jsonl(&pair[0], Source::Wire) {
            let base = Base::new(&document.text, &mut analyzer);
            let tokens = base.tokens();
            engine.read(&tokens, &base.sentences, &knowledge, &Dictionary::default(), 0.0);
            let code_points: HashMap<usize, usize> =
                document.text.char_indices().map(|(b, _)| b).chain([document.text.len()]).enumerate().map(|(n, b)| (b, n)).collect();
            let mut clusters = vec![Vec::new(); engine.referents.all.len()];
            let entities: Vec<_> = engine
                .mentions
                .iter()
                .map(|m| {
                    let kind = ["PER", "ORG", "LOC", "MISC"][m.kind as usize];
                    let start = code_points[&(tokens[m.first].span.start as usize)];
                    let end = code_points[&(tokens[m.end - 1].span.end as usize)];
                    clusters[m.referent].push([start, end]);
                    serde_json::json!({"start": start, "end": end, "type": kind, "p": m.probability, "rule": m.tagged, "merge": m.rule})
                })
                .collect();
            lines += &serde_json::json!({"id": document.id, "text": document.text, "entities": entities, "clusters": clusters}).to_string();
            lines.push('\n');
        }
        std::fs::write(&pair[1], lines).expect("a writable predictions file");
    }
}

/// Time per article and tokens per second, base layers apart.
fn bench(arguments: &Arguments) {
    let knowledge = knowledge(arguments);
    let mut engine = Engine::default();
    let mut analyzer = factbox_text::Analyzer::default();
    let bases: Vec<Base> = news(&arguments.files[0]).iter().map(|t| Base::new(t, &mut analyzer)).collect();
    let articles: Vec<Vec<Token>> = bases.iter().map(Base::tokens).collect();
    let tokens: usize = articles.iter().map(Vec::len).sum();
    let mut best = f64::MAX;
    for _ in 0..arguments.number("rounds", 5.0) as usize {
        let started = std::time::Instant::now();
        let mut mentions = 0;
        for (base, article) in bases.iter().zip(&articles) {
            engine.read(article, &base.sentences, &knowledge, &Dictionary::default(), 0.0);
            mentions += engine.mentions.len();
        }
        assert!(mentions > 0);
        best = best.min(started.elapsed().as_secs_f64());
    }
    let n = articles.len() as f64;
    println!("{:.0} us an article of {:.0} tokens, {:.2} million tokens a second", best / n * 1e6, tokens as f64 / n, tokens as f64 / best / 1e6);
}
