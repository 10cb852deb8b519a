//! Learns how much each kind of evidence weighs when a name's place is chosen, and what the lead of the best candidate is worth: writes
//! `data/resolution.tsv`. What `cargo xtask train geography` runs; one core, no chance in it, half a minute.
//!
//! ```text
//! train --data CORPORA [--out FILE] [--rounds N] [--ridge N]
//! train --explain FILE              what the shipped weights hear for the names of a plain text, without mentions of other plugins
//! train --data CORPORA --score      what the shipped weights get wrong in the labelled articles
//! ```
//!
//! Three sorts of cases ([`corpus`]): names of wire articles whose place is written down (`CORPORA/wire/places-*.tsv`); names of all wire
//! articles with the place that holds them after the comma ("Salem, Oregon"), which is hidden and gives the answer; and names of local papers
//! made from the gazetteer. The weights are those of a log-linear model over each name's candidates ([`fit`]), drawn towards those of
//! `prior.tsv` where the cases say little. `--local N` sets how many papers are made, `--without KIND,KIND` leaves evidence out.
#![allow(clippy::print_stdout, missing_docs)]

mod corpus;
mod fit;

use corpus::{Article, Case, Reader};
use factbox_geography::evidence::{Grounds, KINDS, NAMES, Weights};
use factbox_geography::resolve::{Choice, Resolver};
use std::fmt::Write;
use std::path::PathBuf;

/// Parts that the labelled articles are cut into: weights learned on all but one are tried on that one.
const FOLDS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let option = |name: &str| arguments.iter().position(|a| a == name).map(|i| arguments.get(i + 1).map_or("", |v| v));
    let number = |name: &str, default: f64| option(name).map_or(default, |v| v.parse().expect("a number"));
    let data = PathBuf::from(option("--data").unwrap_or("../shared/corpora"));
    let rounds = number("--rounds", 4.0) as usize;
    let ridge = number("--ridge", 1.0);
    let without = option("--without").unwrap_or("");
    let mut reader = Reader::new();
    if let Some(file) = option("--explain") {
        let text = std::fs::read_to_string(file).unwrap_or_else(|e| panic!("{file}: {e}"));
        explain(&reader, &Article::plain(&text));
        return;
    }
    let articles = corpus::read(&data.join("wire"));
    let before = Weights::parse(include_str!("prior.tsv"));
    let shipped = Weights::shipped();
    if option("--score").is_some() {
        let mut tally = Tally { wrong: Some(Vec::new()), ..Tally::default() };
        articles.iter().for_each(|a| tally.article(&mut reader, a, &shipped));
        tally.wrong.iter().flatten().for_each(|w| println!("{w}"));
        println!("{}", tally.line());
        let mut tally = Tally::default();
        corpus::constructed(2000, 0).iter().for_each(|a| tally.article(&mut reader, a, &shipped));
        println!("local papers: {}", tally.line());
        return;
    }

    let local = corpus::constructed(number("--local", 3000.0) as usize, articles.len());
    let (mut held, mut held_local) = (Tally::default(), Tally::default());
    for fold in 0..FOLDS {
        let (test, train): (Vec<&Article>, Vec<&Article>) =
            articles.iter().chain(&local).partition(|a| a.number % FOLDS == fold);
        let weights = learn(&mut reader, &train, &before, rounds, ridge, without);
        for article in test {
            let tally = if article.number < articles.len() { &mut held } else { &mut held_local };
            tally.article(&mut reader, article, &weights);
        }
    }
    println!("held out: {}", held.line());
    println!("held out, local papers: {}", held_local.line());
    let all: Vec<&Article> = articles.iter().chain(&local).collect();
    let mut weights = learn(&mut reader, &all, &before, rounds, ridge, without);
    let choices = || held.choices.iter().chain(&held_local.choices);
    let points = |x: fn(Grounds) -> Option<f32>| -> Vec<(f32, bool, f32)> {
        choices().filter_map(|c| Some((x(Grounds::of(&c.0))?, c.1, c.2))).collect()
    };
    weights.lead = fit::logistic(&points(|g| if let Grounds::Lead(x) = g { Some(x) } else { None }));
    weights.only = fit::logistic(&points(|g| if let Grounds::Only(x) = g { Some(x) } else { None }));
    let alternates = points(|g| (g == Grounds::OnlyAlternate).then_some(0.0));
    let count = |right: bool| alternates.iter().filter(|p| p.1 == right).map(|p| p.2).sum::<f32>() + 1.0;
    weights.only_alternate = (count(true) / count(false)).ln();
    weights.unknown = (held.beside.0 + 1.0) / (held.beside.1 + 2.0);
    held.curve(&weights);
    let mut after = Tally::default();
    articles.iter().for_each(|a| after.article(&mut reader, a, &weights));
    println!("trained on: {}", after.line());
    let out = option("--out")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/resolution.tsv"), PathBuf::from);
    std::fs::write(&out, table(&weights)).unwrap_or_else(|e| panic!("{}: {e}", out.display()));
    println!("written: {}", out.display());
}

/// Weights for the cases of some articles. What other places of an article say depends on the weights, so the cases are drawn up anew
/// in each round.
fn learn(
    reader: &mut Reader,
    articles: &[&Article],
    before: &Weights,
    rounds: usize,
    ridge: f64,
    without: &str,
) -> Weights {
    let mut weights = before.clone();
    for round in 0..rounds {
        let mut cases: Vec<Case> = Vec::new();
        articles.iter().for_each(|a| reader.cases(a, &weights, &mut cases));
        let out: Vec<&str> = without.split(',').collect();
        for row in cases.iter_mut().flat_map(|c| &mut c.rows) {
            (0..KINDS).filter(|&k| out.contains(&NAMES[k])).for_each(|k| row[k] = 0.0);
        }
        let fitted = fit::weights(&cases, &before.of, ridge);
        if round + 1 == rounds {
            println!("  {} cases, loss {:.4}", cases.len(), fitted.1);
        }
        weights.of = fitted.0;
        (0..KINDS).filter(|&k| out.contains(&NAMES[k])).for_each(|k| weights.of[k] = 0.0);
    }
    weights
}

/// Prints the four best candidates of each name with the evidence for them.
fn explain(reader: &Reader, article: &Article) {
    let (mut resolver, weights) = (Resolver::explaining(), Weights::shipped());
    let names = reader.names(article);
    reader.resolve(&mut resolver, &names, article, &weights);
    for (range, mentions) in resolver.groups() {
        println!("{}", article.around(&names.all[mentions[0]]));
        let mut order: Vec<usize> = range.collect();
        order.sort_by(|a, b| resolver.score(*b).total_cmp(&resolver.score(*a)));
        for &c in order.iter().take(4) {
            let said = resolver.said(c).copied().unwrap_or([0.0; KINDS]);
            let heard: Vec<String> = (0..KINDS)
                .filter(|&k| said[k] != 0.0)
                .map(|k| format!("{} {:.2}", NAMES[k], said[k] * weights.of[k]))
                .collect();
            let candidate = &names.candidates[c];
            let name = reader.atlas().name(candidate.posting.record());
            println!("  {:.2} {name} {:?}: {}", resolver.score(c), candidate.place.level, heard.join(", "));
        }
    }
}

/// How many places came out right.
#[derive(Default)]
struct Tally {
    places: f32,
    right: f32,
    /// Of names with several candidates.
    doubtful: (f32, f32),
    hidden: (f32, f32),
    /// Names unknown to the gazetteer: where they were put right, and all.
    beside: (f32, f32),
    /// What was chosen, whether it was right, how often the name stands there.
    choices: Vec<(Choice, bool, f32)>,
    /// What went wrong, in words, where somebody wants to read it.
    wrong: Option<Vec<String>>,
}

impl Tally {
    fn article(&mut self, reader: &mut Reader, article: &Article, weights: &Weights) {
        let mut resolver = Resolver::default();
        let names = reader.names(article);
        reader.resolve(&mut resolver, &names, article, weights);
        for (range, mentions) in resolver.groups() {
            let Some(truth) = corpus::truth(article, &names, mentions) else { continue };
            let count = mentions.len() as f32;
            let choice = resolver.choices[mentions[0]];
            let place =
                choice.map(|c| names.candidates[c.candidate].place).or_else(|| resolver.beside(&names, mentions[0]));
            let right = place.is_some_and(|p| truth.at(&p, reader.atlas(), 161.0));
            if let (Some(wrong), false) = (&mut self.wrong, right) {
                let name =
                    choice.map_or("none", |c| reader.atlas().name(names.candidates[c.candidate].posting.record()));
                let seen = article.around(&names.all[mentions[0]]);
                wrong.push(format!("{seen} | {truth:?} | {name} {place:?} margin {:?}", choice.and_then(|c| c.margin)));
            }
            self.places += count;
            self.right += if right { count } else { 0.0 };
            if range.len() > 1 {
                self.doubtful.1 += count;
                self.doubtful.0 += if right { count } else { 0.0 };
            }
            if let Some(choice) = choice {
                self.choices.push((choice, right, count));
            }
        }
        for n in (0..names.all.len()).filter(|&n| resolver.choices[n].is_none()) {
            let Some(truth) = corpus::truth(article, &names, &[n]) else { continue };
            if let Some(place) = resolver.beside(&names, n) {
                self.beside.1 += 1.0;
                self.beside.0 += f32::from(u8::from(truth.at(&place, reader.atlas(), 161.0)));
            }
        }
        for hidden in reader.hidden(article) {
            reader.resolve(&mut resolver, &hidden.names, article, weights);
            for (name, right) in &hidden.told {
                let Some(choice) = resolver.choices[*name] else { continue };
                self.hidden.1 += 1.0;
                self.hidden.0 += f32::from(u8::from(choice.candidate == *right));
            }
        }
    }

    fn line(&self) -> String {
        let part = |(right, all): (f32, f32)| format!("{right} of {all} ({:.3})", right / all.max(1.0));
        format!(
            "places {}, of names with several candidates {}, with what holds them hidden {}, unknown names {}",
            part((self.right, self.places)),
            part(self.doubtful),
            part(self.hidden),
            part(self.beside)
        )
    }

    /// Prints how often choices of each confidence are right.
    fn curve(&self, weights: &Weights) {
        for tenth in 0..10 {
            let here = |m: &&(Choice, bool, f32)| (weights.confidence(&m.0) * 10.0).min(9.0) as usize == tenth;
            let all: f32 = self.choices.iter().filter(here).map(|m| m.2).sum();
            let right: f32 = self.choices.iter().filter(here).filter(|m| m.1).map(|m| m.2).sum();
            if all > 0.0 {
                println!("  confidence 0.{tenth}: {all} places, {:.3} right", right / all);
            }
        }
    }
}

fn table(weights: &Weights) -> String {
    let mut out = String::from(
        "# How much each kind of evidence weighs when a name's place is chosen: src/evidence.rs says what each one is\n\
         # columns: kind, weight (log odds)\n\
         # made by `cargo xtask train geography` from the wire corpus and constructed local papers (MODEL_CARD.md); licence: CC0-1.0\n",
    );
    for kind in 0..KINDS {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}\t{:.3}", NAMES[kind], weights.of[kind]);
    }
    let tail = [
        ("lead-base", weights.lead[0]),
        ("lead", weights.lead[1]),
        ("only-base", weights.only[0]),
        ("only-population", weights.only[1]),
        ("only-alternate", weights.only_alternate),
        ("unknown-beside", weights.unknown),
    ];
    for (name, weight) in tail {
        let _ = writeln!(out, "{name}\t{weight:.3}");
    }
    out
}
