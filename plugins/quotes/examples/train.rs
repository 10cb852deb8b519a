//! Counts how often each word is the cue of an attribution: `train --data CORPORA` reads CORPORA/quotes/polnear.train.jsonl and writes data/cues.tsv.
#![allow(clippy::print_stdout)]

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::path::PathBuf;

/// Words of cues that carry no meaning of saying by themselves.
const EMPTY: &str = "a about after again all also always an and any are as asked_if at be been before being both but by can could did do does during even ever for from had has have he her him his how i if in into is it its just like me more my never no not now of often on once one only or our out over really recently reporters repeatedly she should since so some still such than that the their them then there these they this those through to today too tuesday monday wednesday thursday friday saturday sunday up us very was we were what when where which while who will with would you your audience crowd interview statement people n't 's 're 've 'm";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let folder = arguments
        .iter()
        .position(|a| a == "--data")
        .and_then(|i| arguments.get(i + 1))
        .map_or_else(|| PathBuf::from("../shared/corpora"), PathBuf::from);
    let path = folder.join("quotes/polnear.train.jsonl");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let empty: HashSet<&str> = EMPTY.split(' ').collect();
    let mut counts: BTreeMap<String, [u32; 4]> = BTreeMap::new();
    let mut analyzer = factbox_text::Analyzer::default();
    for line in text.lines() {
        let article: serde_json::Value = serde_json::from_str(line).expect("a line of the corpus is JSON");
        let body = article["text"].as_str().expect("text");
        // Offsets of the corpus are code points.
        let bytes: Vec<u32> = body.char_indices().map(|(i, _)| i as u32).chain([body.len() as u32]).collect();
        let at = |v: &serde_json::Value| v.as_u64().map(|n| bytes[n as usize]);
        let mut cues: Vec<(u32, u32, bool)> = Vec::new();
        for quote in article["quotes"].as_array().expect("quotes") {
            if let (Some(from), Some(to), Some(content)) =
                (at(&quote["cue"]["start"]), at(&quote["cue"]["end"]), at(&quote["start"]))
            {
                cues.push((from, to, content >= to));
            }
        }
        cues.sort_unstable();
        cues.dedup_by_key(|c| (c.0, c.1));
        let analysis = analyzer.analyze(body, &[]);
        for token in &analysis.tokens {
            let word = token.lower.of(&analysis.lower);
            if !word.bytes().all(|b| b.is_ascii_lowercase()) || word.len() < 3 || empty.contains(word) {
                continue;
            }
            let entry = counts.entry(word.to_owned()).or_default();
            entry[0] += 1;
            let end = cues.partition_point(|c| c.0 <= token.span.start);
            if let Some(cue) = cues[..end].iter().rev().take(3).find(|c| c.1 >= token.span.end) {
                entry[1] += 1;
                entry[2] += u32::from(cue.2);
                // The cue consists of this word and at most an auxiliary.
                let words = body[cue.0 as usize..cue.1 as usize]
                    .split_whitespace()
                    .filter(|w| !empty.contains(w.to_lowercase().as_str()))
                    .count();
                entry[3] += u32::from(words <= 1);
            }
        }
    }
    let mut out = String::from(
        "# Words that cue attributions: word, occurrences, of 1,000 of these as cue, content behind the cue, alone in the cue. Counted on the training half of\n# PolNeAR (MIT); statistics only. Made by `cargo xtask train quotes`.\n",
    );
    let mut kept = 0;
    for (word, [total, cue, behind, alone]) in counts {
        if cue >= 4 && cue * 100 >= total * 12 && alone * 4 >= cue {
            let share = |n: u32| n * 1000 / total;
            let _ = writeln!(out, "{word}\t{total}\t{}\t{}\t{}", share(cue), behind * 1000 / cue, alone * 1000 / cue);
            kept += 1;
        }
    }
    let target = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/cues.tsv");
    std::fs::write(&target, out).expect("data/cues.tsv can be written");
    println!("{kept} words");
}
