//! Times the analyser over texts, one file each: `speed FILE...` prints microseconds per text (best of 20 passes).
#![allow(clippy::print_stdout)]

use factbox_text::Analyzer;
use std::time::Instant;

fn main() {
    let texts: Vec<String> = std::env::args().skip(1).filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    let mut analyzer = Analyzer::default();
    let mut best = f64::MAX;
    let mut tokens = 0;
    for _ in 0..20 {
        let start = Instant::now();
        tokens = texts.iter().map(|text| analyzer.analyze(text, &[]).tokens.len()).sum();
        best = best.min(start.elapsed().as_secs_f64());
    }
    let bytes: usize = texts.iter().map(String::len).sum();
    println!(
        "{:.1} us a text, {:.0} MB/s, {tokens} tokens in {} texts",
        best * 1e6 / texts.len() as f64,
        bytes as f64 / best / 1e6,
        texts.len()
    );
}
