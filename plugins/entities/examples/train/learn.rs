//! From annotated documents to the two readings' weights: features of every stretch, right labels as masks, four trainings that leave a
//! fourth of the documents out (so that the second reading learns from a first one as it will be), and the final trainings.

use crate::base::Base;
use crate::corpus::{self, Document, Source};
use crate::crf::{self, Example, Examples, Options};
use crate::{Arguments, load_lexicon};
use factbox_entities::article::Article;
use factbox_entities::features;
use factbox_entities::label::{self, Label, Part, Type};
use factbox_entities::lattice::Lattice;
use factbox_entities::lexicon::{Category, Lexicon};
use factbox_entities::memory::Memory;
use factbox_entities::model::{Model, Trained};
use std::collections::HashMap;

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
            let people = cue.listed[..cue.lists as usize]
                .iter()
                .any(|&c| (c / 8 == Category::Demonym as u8 || c / 8 == Category::People as u8) && c % 8 == 3);
            if *right == 1 && people {
                *right |= misc;
            }
        }
    }
    // names cut by the end of a stretch cannot be learned
    for s in &article.stretches {
        for edge in [s.start, s.end] {
            if edge == 0 || edge >= right.len() {
                continue;
            }
            let goes_on = |m: u32| {
                m.count_ones() == 1 && matches!(label::part(m.trailing_zeros() as u8), Some(Part::Inside | Part::End))
            };
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

fn weight(source: Source, arguments: &Arguments) -> f32 {
    let name = format!("{source:?}").to_lowercase();
    let default = match source {
        Source::Wire => 1.0,
        // tweets: their names help on the web, their way of writing does not on news
        Source::Btc => 0.2,
        Source::Shouted => 0.25,
        _ => 0.7,
    };
    arguments.number(&name, default)
}

/// Trains and writes the model.
pub fn model(arguments: &Arguments) {
    let started = std::time::Instant::now();
    let log = |what: &str| println!("{:6.1} s  {what}", started.elapsed().as_secs_f32());
    let lexicon = load_lexicon(arguments);
    let documents = corpus::read_all(&arguments.corpora());
    let documents: Vec<Document> = documents.into_iter().filter(|d| weight(d.source, arguments) > 0.0).collect();
    log(&format!("{} documents", documents.len()));
    let options = Options {
        epochs: arguments.number("epochs", 8.0) as usize,
        rate: arguments.number("rate", 0.1),
        l2: arguments.number("l2", 0.0),
        dropout: arguments.number("dropout", 0.25),
        seed: arguments.number("seed", 1.0) as u64,
    };

    let (mut examples, prepared, counts, mut hashes) = prepare(&documents, &lexicon, arguments);
    let cutoff = arguments.number("cutoff", 2.0) as u32;
    log(&format!(
        "{} stretches, {} features, {} distinct",
        examples.stretches.len(),
        examples.features.len(),
        hashes.len()
    ));
    let kept = compact(&mut examples, &counts, cutoff, &mut hashes);
    log(&format!("{kept} features seen {cutoff} times or more"));

    let document_of: Vec<usize> =
        prepared.iter().enumerate().flat_map(|(d, p)| p.stretches.clone().map(move |_| d)).collect();
    // what a first reading finds in documents that it was not trained on, as the second will meet it
    let folds = arguments.number("folds", 4.0) as usize;
    let mut lattice = Lattice::default();
    let mut first_labels: Vec<Vec<Label>> = vec![Vec::new(); examples.stretches.len()];
    for fold in 0..folds {
        let seed = options.seed + 10 + fold as u64;
        let w = crf::train(&examples, kept, |s| document_of[s] % folds != fold, Options { seed, ..options });
        for s in (0..examples.stretches.len()).filter(|&s| document_of[s] % folds == fold) {
            first_labels[s] = w.best(&examples, &examples.stretches[s], &mut lattice);
        }
        log(&format!("first reading, without fold {fold}"));
    }
    let runs = arguments.number("runs", 4.0) as usize;
    let first = crf::train_several(&examples, kept, options, runs);
    log("first reading");
    let (second_examples, second_hashes) = with_memory(&examples, &prepared, &first_labels, &hashes);
    let second =
        crf::train_several(&second_examples, second_hashes.len(), Options { seed: options.seed + 99, ..options }, runs);
    log("second reading");

    let threshold = arguments.number("prune", 0.1);
    let mut trained: Vec<Trained> = Vec::new();
    for (f, &hash) in second_hashes.iter().enumerate() {
        let a = if f < kept { first.w[f] } else { [0.0; 16] };
        let b = second.w[f];
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
    let out = arguments.model();
    std::fs::write(out, bytes).expect("a writable model file");
}

/// The stretches of all documents with their features, numbered as they come; how often each occurs and its hash.
fn prepare(
    documents: &[Document],
    lexicon: &Lexicon,
    arguments: &Arguments,
) -> (Examples, Vec<Prepared>, Vec<u32>, Vec<u64>) {
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
    for document in documents {
        let base = Base::new(&document.text, &mut analyzer);
        let tokens = base.tokens();
        let mut article = Article::default();
        article.fill(&tokens, &base.sentences, lexicon);
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
                weight: weight(document.source, arguments),
            });
        }
        prepared.push(Prepared { stretches: first..examples.stretches.len(), article });
    }
    (examples, prepared, counts, hashes)
}

/// The examples of the second reading: the features of the first and those of the memory, filled with `first_labels`.
fn with_memory(
    examples: &Examples,
    prepared: &[Prepared],
    first_labels: &[Vec<Label>],
    hashes: &[u64],
) -> (Examples, Vec<u64>) {
    let mut second_examples = Examples::default();
    let mut second_hashes = hashes.to_vec();
    let mut second_index: HashMap<u64, u32> = HashMap::new();
    let mut memory = Memory::default();
    let mut found = Vec::new();
    for p in prepared {
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
                        second_hashes.len() as u32 - 1
                    });
                    second_examples.features.push(id);
                }
                starts.push(second_examples.features.len() as u32);
            }
            second_examples.stretches.push(Example { starts, right: old.right.clone(), weight: old.weight });
        }
    }
    (second_examples, second_hashes)
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
            features.extend(
                examples.features[w[0] as usize..w[1] as usize]
                    .iter()
                    .map(|&f| new[f as usize])
                    .filter(|&f| f != u32::MAX),
            );
            starts.push(features.len() as u32);
        }
        stretch.starts = starts;
    }
    examples.features = features;
    *hashes = kept_hashes;
    hashes.len()
}
