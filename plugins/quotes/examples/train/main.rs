//! Trains what the plugin ships in `data/model.bin`: what `cargo xtask train quotes` runs.
//!
//! ```text
//! train --data CORPORA --records FILE
//! ```
//!
//! `CORPORA/quotes/polnear.train.jsonl` holds the attributions, `FILE` the records that factbox makes of these articles with the entities plugin
//! alone (their mentions are used), `CORPORA/grammar` the tagged sentences, `CORPORA/../news/articles-20k.jsonl.gz` plain articles for the
//! frequency of words. `--epochs`, `--rate`, `--l2`, `--dropout`, `--held 1` (leaves every tenth article out and scores on it) are for experiments.
#![allow(clippy::print_stdout, missing_docs)]

mod corpus;
mod learn;
mod wire;
mod words;

use corpus::Document;
use factbox_quotes::article::Article;
use factbox_quotes::attribute::candidate;
use factbox_quotes::chain;
use factbox_quotes::engine::{Settings, marked};
use factbox_quotes::features::{self, Known};
use factbox_quotes::found::Found;
use factbox_quotes::model::Model;
use factbox_quotes::passage::{Item, items, passages};
use factbox_quotes::tags::Weights;
use factbox_quotes::words::{Word, Words, tag};
use factbox_sdk::{Class, Letters, Span};
use learn::{Candidate, Labels, Options, Row};
use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// How many trainings, which differ by their seeds, are averaged.
const RUNS: f32 = 16.0;

struct Arguments(HashMap<String, String>);

impl Arguments {
    fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(self.0.get(name).unwrap_or_else(|| panic!("--{name} FILE is missing")))
    }
    fn number(&self, name: &str, default: f32) -> f32 {
        self.0.get(name).map_or(default, |v| v.parse().unwrap_or_else(|_| panic!("--{name}: {v} is no number")))
    }
}

/// How often words occur in plain articles, how often "that" follows them, how often speech between marks stands next to
/// them, and how often they stand in lower case in typical articles.
fn frequencies(file: &Path) -> HashMap<String, [u32; 4]> {
    let mut content = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(file).unwrap_or_else(|e| panic!("{}: {e}", file.display())))
        .read_to_string(&mut content)
        .expect("gzip of UTF-8");
    let mut analyzer = factbox_text::Analyzer::default();
    let mut counts: HashMap<String, [u32; 4]> = HashMap::new();
    for (number, line) in content.lines().enumerate() {
        let value: serde_json::Value = serde_json::from_str(line).expect("a JSON object a line");
        let a = analyzer.analyze(value["text"].as_str().unwrap_or(""), &[]);
        // Most of the file are one agency's articles of one year: of these few, for the words of news at large.
        let typical = !value["id"].as_str().unwrap_or("").starts_with("reut") || number % 16 == 0;
        let class = |at: usize| a.tokens.get(at).map(|t| t.shape.class());
        let lower = |at: usize| a.tokens.get(at).map_or("", |t| t.lower.of(&a.lower));
        for (at, t) in a.tokens.iter().enumerate().filter(|(_, t)| t.shape.class() == Class::Word) {
            let entry = counts.entry(t.lower.of(&a.lower).to_owned()).or_default();
            entry[0] += 1;
            entry[1] += u32::from(lower(at + 1) == "that");
            // Behind closed marks with at most two words between, or before open ones with at most a comma or colon between.
            let behind = (1..=3).any(|d| at >= d && class(at - d) == Some(Class::CloseQuote));
            let before = (1..=2).any(|d| class(at + d) == Some(Class::OpenQuote));
            entry[2] += u32::from(behind || before);
            entry[3] += u32::from(typical && t.shape.letters() == Letters::Lower);
        }
    }
    counts.retain(|_, n| n[0] >= 3);
    counts
}

/// A passage of the corpus with its candidates and attributions.
struct Passage {
    document: usize,
    items: Vec<Item>,
    /// Numbers in the list of candidates.
    candidates: Vec<(usize, usize)>,
    /// By cue: the item, and the right label of each item.
    gold: Vec<(usize, Vec<u8>)>,
    lost: usize,
    /// How alike its article is to PolNeAR's.
    alike: f32,
}

impl Passage {
    /// Whether both stand in one document.
    fn beside(&self, other: &Self) -> bool {
        self.document == other.document
    }

    /// How sure the candidates are, by item.
    fn cues(&self, sure: &[f32]) -> Vec<f32> {
        let mut cues = vec![0f32; self.items.len()];
        for &(i, c) in &self.candidates {
            cues[i] = sure[c];
        }
        cues
    }
}

/// The item that is the head of the cue `span`: its first verb that is no auxiliary, else its first noun, else its last word.
fn head(article: &Article, items: &[Item], span: Span) -> Option<usize> {
    let inside: Vec<usize> = (0..items.len())
        .filter(|&i| {
            let start = article.tokens[items[i].first as usize].span.start;
            span.start <= start && start < span.end && items[i].tag != factbox_quotes::passage::QUOTED
        })
        .collect();
    let own = |i: &&usize| !items[**i].auxiliary && items[**i].name == 0;
    inside
        .iter()
        .find(|i| own(i) && tag::is_verb(items[**i].tag))
        .or_else(|| inside.iter().find(|i| own(i) && article.tokens[items[**i].first as usize].lower == "according"))
        .or_else(|| inside.iter().find(|i| own(i) && (tag::is_noun(items[**i].tag) || items[**i].tag == tag::JJ)))
        .or_else(|| inside.iter().rev().find(own))
        .copied()
}

fn overlap(a: Span, b: Span) -> u32 {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}

fn settings() -> Settings {
    Settings { indirect: true, min_words: 1, minimum: 0.0, singles: None, cues: Vec::new() }
}

fn read_passages(documents: &[Document], model: &Model) -> Vec<Passage> {
    let mut out = Vec::new();
    for (number, d) in documents.iter().enumerate() {
        let tokens = d.tokens();
        let article = Article::new(&d.text, &tokens, &d.sentences, &d.paragraphs, &d.names, model);
        let regions = marked(&article, &settings()).regions;
        let mut ranges = Vec::new();
        for p in &article.paragraphs {
            passages(&article, p.from, p.to, &regions, &mut ranges);
        }
        let mut cues: Vec<(Span, u64)> = d.pieces.iter().filter_map(|p| Some((p.cue?, p.group))).collect();
        cues.sort_by_key(|c| (c.0.start, c.0.end, c.1));
        cues.dedup();
        for (from, to) in ranges {
            let mut row = Vec::new();
            items(&article, from, to, &regions, &mut row);
            let span_of = |i: &Item| {
                Span::new(article.tokens[i.first as usize].span.start, article.tokens[i.end as usize - 1].span.end)
            };
            let whole = Span::new(article.tokens[from].span.start, article.tokens[to - 1].span.end);
            let mut passage = Passage {
                document: number,
                items: row,
                candidates: Vec::new(),
                gold: Vec::new(),
                lost: 0,
                alike: article.alike,
            };
            for &(cue, group) in cues.iter().filter(|c| overlap(c.0, whole) > 0) {
                let Some(at) = head(&article, &passage.items, cue) else {
                    passage.lost += 1;
                    continue;
                };
                let mut labels = vec![chain::OUTSIDE; passage.items.len()];
                let mut source = None;
                for piece in d.pieces.iter().filter(|p| p.group == group && p.cue == Some(cue)) {
                    source = source.or(piece.source);
                    let mut first = true;
                    for (i, x) in passage.items.iter().enumerate() {
                        let own = span_of(x);
                        if i != at && overlap(own, piece.content) * 2 > (own.end - own.start) {
                            labels[i] = if first { chain::CONTENT } else { chain::CONTENT_ON };
                            first = false;
                        }
                    }
                }
                if let Some(source) = source {
                    let mut first = true;
                    for (i, x) in passage.items.iter().enumerate() {
                        let own = span_of(x);
                        if i != at && labels[i] == chain::OUTSIDE && overlap(own, source) * 2 > (own.end - own.start) {
                            labels[i] = if first { chain::SOURCE } else { chain::SOURCE_ON };
                            first = false;
                        }
                    }
                }
                for i in 0..labels.len() {
                    let before = i.checked_sub(1).map_or(chain::OUTSIDE, |b| labels[b]);
                    if !chain::follows(before, labels[i]) {
                        labels[i] -= 1;
                    }
                }
                passage.gold.push((at, labels));
            }
            out.push(passage);
        }
    }
    out
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let pairs = words.chunks(2).filter(|p| p.len() == 2);
    let arguments = Arguments(pairs.map(|p| (p[0].trim_start_matches('-').to_owned(), p[1].clone())).collect());
    let corpora = arguments.path("data");
    let held = arguments.number("held", 0.0) > 0.0;
    let started = std::time::Instant::now();
    let log = |what: &str| println!("{:6.1} s  {what}", started.elapsed().as_secs_f32());

    let sentences = words::sentences(&corpora.join("grammar"));
    let counts = frequencies(&corpora.join("../news/articles-20k.jsonl.gz"));
    log(&format!("{} tagged sentences, {} words in news", sentences.len(), counts.len()));
    let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("../entities/data/words");
    let mut documents = corpus::read(&corpora.join("quotes/polnear.train.jsonl"), &arguments.path("records"));
    let political = documents.len();
    if arguments.number("wire", 1.0) > 0.0 {
        let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/attributions.tsv");
        documents.extend(wire::read(&corpora.join("wire"), &table));
    }
    let mut home: HashMap<String, u32> = HashMap::new();
    for d in &documents[..political] {
        for t in d.tokens().iter().filter(|t| t.shape.class() == Class::Word && t.shape.letters() == Letters::Lower) {
            *home.entry(t.lower.to_owned()).or_default() += 1;
        }
    }
    let levels = words::levels(&tables);
    let mut known_words = words::table(&sentences, &counts, &home, &tables);
    let mut table = Words::build(&known_words);
    let tag_weights = words::train(&sentences, &Words(&table), 6, held);
    log("parts of speech");

    mark_cues(&documents, &mut known_words, &table, &levels, &tag_weights);
    table = Words::build(&known_words);
    let empty = vec![0u8; 1 << features::CUE_BITS];
    let no_labels = vec![[0u8; 4]; 1 << features::LABEL_BITS];
    let model = |transitions| Model {
        words: Words(&table),
        levels: &levels,
        tags: &tag_weights,
        cue: &empty,
        cue_scale: 1.0,
        labels: &no_labels,
        label_scale: 1.0,
        check: &[],
        check_scale: 1.0,
        spoken: &[],
        spoken_scale: 1.0,
        transitions,
    };
    let start = model([[0.0; 5]; 5]);
    let mut all = read_passages(&documents, &start);
    let (candidates, document_of) = collect(&documents, &mut all, &start);
    let gold: usize = all.iter().map(|p| p.gold.len()).sum();
    let reachable = candidates.iter().filter(|c| c.right).count();
    let lost: usize = all.iter().map(|p| p.lost).sum();
    log(&format!(
        "{} passages, {gold} cues ({lost} in marked stretches), {} candidates, {reachable} of them cues",
        all.len(),
        candidates.len()
    ));
    let skipped = |d: usize| held && d.is_multiple_of(10);
    let options = Options {
        epochs: arguments.number("cue-epochs", 5.0) as usize,
        rate: arguments.number("cue-rate", 0.05),
        l2: arguments.number("cue-l2", 1e-4),
        dropout: arguments.number("cue-dropout", 0.3),
        seed: 1,
    };
    // How sure a classifier is of cues in articles that it was not trained on.
    let sure =
        learn::across(&candidates, features::CUE_BITS, |c| document_of[c] % 4, |c| !skipped(document_of[c]), options);
    log("cues of the four quarters");
    report(&candidates, &sure, |_| true);
    let runs = arguments.number("runs", RUNS) as u64;
    let which: Vec<usize> = (0..candidates.len()).filter(|&c| !skipped(document_of[c])).collect();
    let cue = learn::binary_several(&candidates, features::CUE_BITS, &which, options, runs);
    log("cues");

    let mut rows = Vec::new();
    let mut row_of = Vec::new();
    let mut cue_of = Vec::new();
    let least = arguments.number("least", 0.15);
    for (number, p) in all.iter().enumerate() {
        let cues = p.cues(&sure);
        for &(i, c) in &p.candidates {
            let right = p.gold.iter().find(|g| g.0 == i);
            if right.is_none() && sure[c] < least {
                continue;
            }
            let mut row = Row { starts: Vec::new(), places: Vec::new(), right: Vec::new() };
            features::labels(&Known::default(), &p.items, i, &cues, &mut row.starts, &mut row.places);
            row.right = match right {
                Some((_, labels)) => labels.iter().map(|l| 1 << l).collect(),
                None => vec![1; p.items.len()],
            };
            rows.push(row);
            row_of.push(p.document);
            cue_of.push((number, i, c));
        }
    }
    log(&format!("{} rows, {} features", rows.len(), rows.iter().map(|r| r.places.len()).sum::<usize>()));
    let options = Options {
        epochs: arguments.number("epochs", 12.0) as usize,
        rate: arguments.number("rate", 0.1),
        l2: arguments.number("l2", 0.0),
        dropout: arguments.number("dropout", 0.2),
        seed: 7,
    };
    // Rows of what is no cue teach nothing about what is said around one; they are there for the checks.
    let said = |r: usize| rows[r].right.iter().any(|l| *l != 1);
    let which: Vec<usize> = (0..rows.len()).filter(|&r| said(r) && !skipped(row_of[r])).collect();
    let labels = learn::labels_several(&rows, &which, options, runs);
    log("labels");
    if held {
        judge(&rows, &labels, |r| skipped(row_of[r]));
        let mut fresh = sure.clone();
        for c in (0..candidates.len()).filter(|&c| skipped(document_of[c])) {
            fresh[c] = candidates[c].sure(&cue);
        }
        report(&candidates, &fresh, |c| skipped(document_of[c]));
    }
    let spoken = spoken(&documents, &all, &sure, &start, &arguments);
    log("speech between marks");
    let check = checks(&rows, &row_of, &cue_of, &all, &sure, options, &arguments);
    log("checks");
    store(&cue, &labels, &check, &spoken, &start, &arguments);
}

/// Marks the words that are heads of cues although they are no verbs.
fn mark_cues(
    documents: &[Document],
    words: &mut Vec<(u64, Word)>,
    table: &[[u8; 8]],
    levels: &[[u8; 2]],
    tags: &[Weights],
) {
    let empty = vec![0u8; 1 << features::CUE_BITS];
    let model = Model {
        words: Words(table),
        levels,
        tags,
        cue: &empty,
        cue_scale: 1.0,
        labels: &[],
        label_scale: 1.0,
        check: &[],
        check_scale: 1.0,
        spoken: &[],
        spoken_scale: 1.0,
        transitions: [[0.0; 5]; 5],
    };
    // By word: how often it occurs and how often as a cue, and the same where it is no verb.
    let mut counts: HashMap<u64, [u32; 4]> = HashMap::new();
    for p in read_passages(documents, &model) {
        for (i, x) in p.items.iter().enumerate() {
            if x.name > 0 || x.tag == factbox_quotes::passage::QUOTED {
                continue;
            }
            let entry = counts.entry(x.word).or_default();
            let (cue, other) = (u32::from(p.gold.iter().any(|g| g.0 == i)), u32::from(!tag::is_verb(x.tag)));
            *entry = [entry[0] + 1, entry[1] + cue, entry[2] + other, entry[3] + cue * other];
        }
    }
    let mut place: HashMap<u64, usize> = words.iter().enumerate().map(|(i, w)| (w.0, i)).collect();
    let (mut nouns, mut attested) = (0, 0);
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable();
    for (hash, [all, cue, others, other_cues]) in counts {
        let noun = other_cues >= 3 && other_cues * 100 >= others;
        let seen = cue >= 2 && cue * 100 >= all * ATTESTED;
        if !noun && !seen {
            continue;
        }
        let at = *place.entry(hash).or_insert_with(|| {
            words.push((hash, Word::new(0, 0, false, 0)));
            words.len() - 1
        });
        if noun {
            words[at].1 = words[at].1.with_cue();
            nouns += 1;
        }
        if seen {
            words[at].1 = words[at].1.with_attested();
            attested += 1;
        }
    }
    println!("{nouns} words that are no verbs can be cues; {attested} words have been seen as cues");
    // What stands first is sure to find its place.
    words.sort_by_key(|w| std::cmp::Reverse((w.1.cue(), w.1.attested())));
}

/// Of 100 occurrences a word must have been a cue in so many to count as one.
const ATTESTED: u32 = 3;

/// All candidates, and the document of each.
fn collect(documents: &[Document], all: &mut [Passage], model: &Model) -> (Vec<Candidate>, Vec<usize>) {
    let (mut candidates, mut document_of) = (Vec::new(), Vec::new());
    let known = Known::default();
    for passages in all.chunk_by_mut(Passage::beside) {
        let number = passages[0].document;
        let d = &documents[number];
        let tokens = d.tokens();
        let article = Article::new(&d.text, &tokens, &d.sentences, &d.paragraphs, &d.names, model);
        for p in passages {
            for i in 0..p.items.len() {
                if candidate(&article, &p.items[i]) {
                    let mut places = Vec::new();
                    features::cue(&known, &p.items, i, &mut places);
                    p.candidates.push((i, candidates.len()));
                    candidates.push(Candidate { places, right: p.gold.iter().any(|g| g.0 == i) });
                    document_of.push(number);
                }
            }
        }
    }
    (candidates, document_of)
}

fn report(candidates: &[Candidate], sure: &[f32], which: impl Fn(usize) -> bool) {
    for threshold in [0.2, 0.3, 0.4, 0.5, 0.6] {
        let (mut hits, mut found, mut all) = (0, 0, 0);
        for (i, c) in candidates.iter().enumerate().filter(|(i, _)| which(*i)) {
            hits += usize::from(c.right && sure[i] > threshold);
            found += usize::from(sure[i] > threshold);
            all += usize::from(c.right);
        }
        let (p, r) = (hits as f32 / found as f32, hits as f32 / all as f32);
        println!("  cues above {threshold}: precision {p:.3}, recall {r:.3}, F {:.3}", 2.0 * p * r / (p + r));
    }
}

/// The weights of what tells speech between marks from titles and words held at a distance.
fn spoken(documents: &[Document], all: &[Passage], sure: &[f32], model: &Model, arguments: &Arguments) -> Vec<f32> {
    let mut examples: Vec<Candidate> = Vec::new();
    let mut article_of = Vec::new();
    for passages in all.chunk_by(Passage::beside) {
        let number = passages[0].document;
        let d = &documents[number];
        let tokens = d.tokens();
        let article = Article::new(&d.text, &tokens, &d.sentences, &d.paragraphs, &d.names, model);
        for p in passages {
            let cues = p.cues(sure);
            for i in (0..p.items.len()).filter(|&i| p.items[i].tag == factbox_quotes::passage::QUOTED) {
                let x = &p.items[i];
                let own = Span::new(tokens[x.first as usize].span.start, tokens[x.end as usize - 1].span.end);
                let said: u32 = d.pieces.iter().map(|p| overlap(p.content, own)).sum();
                let mut places = Vec::new();
                features::spoken(&article, &p.items, i, &cues, &mut places);
                examples.push(Candidate { places, right: said * 2 > own.end - own.start });
                article_of.push(number);
            }
        }
    }
    let options = Options {
        epochs: arguments.number("spoken-epochs", 6.0) as usize,
        rate: arguments.number("spoken-rate", 0.03),
        l2: arguments.number("spoken-l2", 1e-4),
        dropout: arguments.number("spoken-dropout", 0.2),
        seed: 3,
    };
    let fresh = learn::across(&examples, features::SPOKEN_BITS, |i| article_of[i] % 4, |_| true, options);
    println!("  {} marked stretches, {} said", examples.len(), examples.iter().filter(|e| e.right).count());
    report(&examples, &fresh, |_| true);
    let which: Vec<usize> = (0..examples.len()).collect();
    learn::binary_several(&examples, features::SPOKEN_BITS, &which, options, arguments.number("runs", RUNS) as u64)
}

/// The weights of the last check: whether what the labels say around a cue is an attribution, learned from labels that were trained on other articles.
fn checks(
    rows: &[Row],
    row_of: &[usize],
    cue_of: &[(usize, usize, usize)],
    all: &[Passage],
    sure: &[f32],
    options: Options,
    arguments: &Arguments,
) -> Vec<f32> {
    let mut examples: Vec<Candidate> = Vec::new();
    let mut article_of = Vec::new();
    let known = Known::default();
    let mut chain = chain::Chain::default();
    let mut found = Vec::new();
    for fold in 0..4 {
        let said = |r: &usize| rows[*r].right.iter().any(|l| *l != 1);
        let labels = learn::labels(rows, (0..rows.len()).filter(|r| said(r) && row_of[*r] % 4 != fold), options);
        for r in (0..rows.len()).filter(|r| row_of[*r] % 4 == fold) {
            let (p, at, c) = cue_of[r];
            if sure[c] < 0.1 {
                continue;
            }
            let row = &rows[r];
            let scores: Vec<chain::Scores> = row
                .starts
                .windows(2)
                .map(|w| learn::score(&labels.w, &row.places[w[0] as usize..w[1] as usize], |_| true, 1.0))
                .collect();
            let path = chain.best(&scores, &labels.transitions, &mut found);
            let f = Found::new(at, &found);
            let content = |l: u8| matches!(l, chain::CONTENT | chain::CONTENT_ON);
            // Right where it is half the same as what is annotated, by whichever cue.
            let right = all[p].gold.iter().any(|(_, gold)| {
                let (mut both, mut either) = (0, 0);
                for (a, b) in gold.iter().zip(&found) {
                    both += u32::from(content(*a) && content(*b));
                    either += u32::from(content(*a) || content(*b));
                }
                both * 2 >= either && both > 0
            });
            let mut places = Vec::new();
            features::check(&known, &all[p].items, &f, sure[c], path, all[p].alike, &mut places);
            examples.push(Candidate { places, right });
            article_of.push(row_of[r]);
        }
    }
    let options = Options {
        epochs: arguments.number("check-epochs", 6.0) as usize,
        rate: arguments.number("check-rate", 0.03),
        l2: arguments.number("check-l2", 1e-4),
        dropout: arguments.number("check-dropout", 0.3),
        seed: 5,
    };
    // Other quarters than those of the labels.
    let fresh = learn::across(&examples, features::CHECK_BITS, |i| article_of[i] / 4 % 4, |_| true, options);
    report(&examples, &fresh, |_| true);
    let which: Vec<usize> = (0..examples.len()).collect();
    learn::binary_several(&examples, features::CHECK_BITS, &which, options, arguments.number("runs", RUNS) as u64)
}

/// How often what is said and who says it are found around right cues.
fn judge(rows: &[Row], labels: &Labels, which: impl Fn(usize) -> bool) {
    let mut chain = chain::Chain::default();
    let mut found = Vec::new();
    let [mut all, mut close, mut exact, mut sources, mut source_found, mut source_missed, mut none, mut quiet] =
        [0u32; 8];
    for row in rows.iter().enumerate().filter(|(r, _)| which(*r)).map(|(_, row)| row) {
        let scores: Vec<chain::Scores> = row
            .starts
            .windows(2)
            .map(|w| learn::score(&labels.w, &row.places[w[0] as usize..w[1] as usize], |_| true, 1.0))
            .collect();
        chain.best(&scores, &labels.transitions, &mut found);
        let right: Vec<u8> = row.right.iter().map(|r| r.trailing_zeros() as u8).collect();
        let content = |l: u8| matches!(l, chain::CONTENT | chain::CONTENT_ON);
        let source = |l: u8| matches!(l, chain::SOURCE | chain::SOURCE_ON);
        if !right.iter().any(|l| content(*l)) {
            none += 1;
            quiet += u32::from(!found.iter().any(|l| content(*l)));
            continue;
        }
        all += 1;
        let (mut both, mut either) = (0, 0);
        for (a, b) in right.iter().zip(&found) {
            both += u32::from(content(*a) && content(*b));
            either += u32::from(content(*a) || content(*b));
        }
        close += u32::from(both * 5 >= either * 4);
        exact += u32::from(both == either);
        if right.iter().any(|l| source(*l)) {
            sources += 1;
            source_missed += u32::from(!found.iter().any(|l| source(*l)));
            source_found += u32::from(right.iter().zip(&found).any(|(a, b)| source(*a) && source(*b)));
        }
    }
    println!(
        "  of {all} attributions: content close {:.3}, exact {:.3}; of {sources} sources: overlapped {:.3}, none found {:.3}; of {none} others without content: {:.3}",
        close as f32 / all as f32,
        exact as f32 / all as f32,
        source_found as f32 / sources as f32,
        source_missed as f32 / sources as f32,
        quiet as f32 / none as f32
    );
}

fn store(cue: &[f32], labels: &Labels, check: &[f32], spoken: &[f32], start: &Model, arguments: &Arguments) {
    let (cue, cue_scale) = learn::quantise(cue.iter().copied(), 3.0);
    let (check, check_scale) = learn::quantise(check.iter().copied(), 3.0);
    let (spoken, spoken_scale) = learn::quantise(spoken.iter().copied(), 3.0);
    let (flat, label_scale) = learn::quantise(labels.w.iter().flatten().copied(), 3.0);
    let model = Model {
        cue: &cue,
        cue_scale,
        labels: flat.as_chunks().0,
        label_scale,
        check: &check,
        check_scale,
        spoken: &spoken,
        spoken_scale,
        transitions: labels.transitions,
        ..start.clone()
    };
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/model.bin");
    let target = arguments.0.get("model").map_or(default, PathBuf::from);
    std::fs::write(&target, model.store()).expect("a writable model file");
    println!("{:?} {}", labels.transitions, target.display());
}
