//! Builds what the plugin ships and tries it.
//!
//! ```text
//! train --data CORPORA                 compiles the lexicon, then trains the model: what `cargo xtask train entities` runs
//! train lexicon --data CORPORA         compiles the tables under `data/`
//! train model   --data CORPORA         trains the weights
//! train tag     GOLD.jsonl PRED.jsonl  predictions in the form that the evaluation's scorer reads (any number of pairs)
//! train bench   NEWS.jsonl.gz          time per article
//! ```
//!
//! `--news FILE` (default `CORPORA/../news/articles-20k.jsonl.gz`) are plain articles for the usual letter case of words; `--lexicon FILE`
//! and `--model FILE` read and write elsewhere than in the plugin's `data/`. `--SOURCE WEIGHT` (`--wire 1`, `--btc 0`, ...), `--epochs`,
//! `--rate`, `--dropout`, `--l2`, `--cutoff`, `--prune`, `--runs`, `--seed` and `--without clusters|phrases` are for experiments.
#![allow(clippy::print_stdout, clippy::print_stderr, missing_docs)]

mod base;
mod corpus;
mod crf;
mod learn;
mod tables;
mod trial;

use factbox_entities::lexicon::Lexicon;
use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The command line: options with a value each, and files.
struct Arguments {
    options: HashMap<String, String>,
    files: Vec<PathBuf>,
}

impl Arguments {
    fn corpora(&self) -> PathBuf {
        PathBuf::from(self.options.get("data").expect("--data DIR: the folder of the corpora"))
    }
    fn tables(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
    }
    fn file(&self, option: &str, default: PathBuf) -> PathBuf {
        self.options.get(option).map_or(default, PathBuf::from)
    }
    fn model(&self) -> PathBuf {
        self.file("model", self.tables().join("model.bin"))
    }
    fn lexicon(&self) -> PathBuf {
        self.file("lexicon", self.tables().join("lexicon.bin"))
    }
    fn number(&self, name: &str, default: f32) -> f32 {
        self.options.get(name).map_or(default, |v| v.parse().unwrap_or_else(|_| panic!("--{name}: {v} is no number")))
    }
}

fn main() {
    let mut command = String::new();
    let mut arguments = Arguments { options: HashMap::new(), files: Vec::new() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.strip_prefix("--") {
            Some(name) => {
                arguments.options.insert(name.to_owned(), words.next().unwrap_or_default());
            }
            None if command.is_empty() && arguments.options.is_empty() => command = word,
            None => arguments.files.push(PathBuf::from(word)),
        }
    }
    match command.as_str() {
        "" => {
            lexicon(&arguments);
            learn::model(&arguments);
        }
        "lexicon" => lexicon(&arguments),
        "model" => learn::model(&arguments),
        "tag" => trial::tag(&arguments),
        "bench" => trial::bench(&arguments),
        other => eprintln!(
            "`{other}` is none of lexicon, model, tag and bench: see the first lines of examples/train/main.rs"
        ),
    }
}

/// The texts of a file of articles, one JSON object a line, compressed.
fn news(file: &Path) -> Vec<String> {
    let mut content = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(file).expect("the news file"))
        .read_to_string(&mut content)
        .expect("gzip of UTF-8");
    let text =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).ok()?.get("text")?.as_str().map(str::to_owned);
    content.lines().filter_map(text).collect()
}

fn lexicon(arguments: &Arguments) {
    let corpora = arguments.corpora();
    let documents = corpus::read_all(&corpora);
    let plain = news(&arguments.file("news", corpora.join("../news/articles-20k.jsonl.gz")));
    let without = arguments.options.get("without").map_or("", String::as_str);
    let lexicon = tables::compile(&arguments.tables(), &plain, &documents, without);
    let bytes = lexicon.store();
    let (words, phrases) = lexicon.sizes();
    println!("lexicon: {words} words, {phrases} phrases and beginnings of phrases, {} bytes", bytes.len());
    std::fs::write(arguments.lexicon(), bytes).expect("a writable lexicon");
}

fn load_lexicon(arguments: &Arguments) -> Lexicon {
    let bytes = std::fs::read(arguments.lexicon()).expect("data/lexicon.bin: run `train lexicon` first");
    Lexicon::load(bytes.leak()).expect("a good lexicon")
}
