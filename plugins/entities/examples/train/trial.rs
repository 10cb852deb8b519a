//! Tries what was trained: predictions for a gold file in the form that the evaluation's scorer reads, and the time that an article takes.

use crate::base::Base;
use crate::corpus::{self, Source};
use crate::{Arguments, load_lexicon, news};
use factbox_entities::dictionary::Dictionary;
use factbox_entities::engine::{Engine, Knowledge, Steps};
use factbox_entities::model::Model;
use factbox_sdk::Token;
use std::collections::HashMap;

fn knowledge(arguments: &Arguments) -> Knowledge {
    let file = arguments.model();
    let model =
        Model::load(std::fs::read(file).expect("a model: run `train model` first").leak()).expect("a good model");
    Knowledge::new(load_lexicon(arguments), model)
}

/// Writes predictions (PRED.jsonl) for each GOLD.jsonl; `--second 0`, `--vote 0` and `--tables 0` leave out a step.
pub fn tag(arguments: &Arguments) {
    let knowledge = knowledge(arguments);
    let on = |step: &str| arguments.number(step, 1.0) > 0.0;
    let mut engine = Engine::default();
    engine.steps = Steps { second: on("second"), vote: on("vote"), tables: on("tables") };
    let mut analyzer = factbox_text::Analyzer::default();
    for pair in arguments.files.chunks_exact(2) {
        let mut lines = String::new();
        for document in corpus::read_jsonl(&pair[0], Source::Wire) {
            let base = Base::new(&document.text, &mut analyzer);
            let tokens = base.tokens();
            engine.read(&tokens, &base.sentences, &knowledge, &Dictionary::default(), 0.0);
            let code_points: HashMap<usize, usize> = document
                .text
                .char_indices()
                .map(|(b, _)| b)
                .chain([document.text.len()])
                .enumerate()
                .map(|(n, b)| (b, n))
                .collect();
            let mut clusters = vec![Vec::new(); engine.referents.all.len()];
            let entities: Vec<_> = engine
                .mentions
                .iter()
                .map(|m| {
                    let kind = ["PER", "ORG", "LOC", "MISC"][m.kind as usize];
                    let span = m.span(&tokens);
                    let (start, end) = (code_points[&(span.start as usize)], code_points[&(span.end as usize)]);
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
pub fn bench(arguments: &Arguments) {
    let started = std::time::Instant::now();
    Knowledge::shipped();
    println!("{:.1} ms to load what the plugin ships", started.elapsed().as_secs_f64() * 1e3);
    let knowledge = knowledge(arguments);
    let mut engine = Engine::default();
    let mut analyzer = factbox_text::Analyzer::default();
    let bases: Vec<Base> = news(&arguments.files[0]).iter().map(|t| Base::new(t, &mut analyzer)).collect();
    let articles: Vec<Vec<Token>> = bases.iter().map(Base::tokens).collect();
    let tokens: usize = articles.iter().map(Vec::len).sum();
    // the best of several rounds for each article: what a core does when nothing else wants the memory
    let mut best = vec![f64::MAX; articles.len()];
    for _ in 0..arguments.number("rounds", 7.0) as usize {
        for ((base, article), best) in bases.iter().zip(&articles).zip(&mut best) {
            let started = std::time::Instant::now();
            engine.read(article, &base.sentences, &knowledge, &Dictionary::default(), 0.0);
            *best = best.min(started.elapsed().as_secs_f64());
        }
    }
    let best: f64 = best.iter().sum();
    let n = articles.len() as f64;
    println!(
        "{:.0} us an article of {:.0} tokens, {:.2} million tokens a second",
        best / n * 1e6,
        tokens as f64 / n,
        tokens as f64 / best / 1e6
    );
}
