//! Any string in: no panic, no plugin error, spans that hold, whatever the bytes. The strings are made by a small generator with a fixed seed, so that a
//! failure comes back.

use crate::support::*;

/// Pieces that break things: marks, points, digits, letters of many scripts, joiners, controls.
const PIECES: [&str; 64] = [
    "\"",
    "'",
    "\u{201c}",
    "\u{201d}",
    "\u{2018}",
    "\u{2019}",
    "\u{ab}",
    "\u{bb}",
    "``",
    "''",
    ".",
    "..",
    "...",
    "!",
    "?",
    ",",
    ";",
    ":",
    "-",
    "--",
    "\u{2014}",
    "(",
    ")",
    "[",
    "/",
    "$",
    "\u{20ac}",
    "%",
    "1",
    "1,",
    "1,1",
    "0.",
    "007",
    "1e9",
    "1/2",
    "\u{bd}",
    "\u{661}\u{662}",
    "two",
    "million",
    "of",
    "said",
    "told",
    "according to",
    "Smith",
    "Mr.",
    "U.S.",
    "N.C.",
    "Paris",
    "McDONALD",
    "\u{c9}mile",
    "\u{130}",
    "\u{df}",
    "e\u{301}",
    "\u{1f469}\u{200d}\u{1f373}",
    "\u{1f1eb}\u{1f1f7}",
    "\u{202e}",
    "\u{feff}",
    "\u{0}",
    "\u{a0}",
    "\r\n",
    "\n",
    "\n\n",
    "\t",
    "\u{4e2d}\u{6587}",
];

fn texts(count: usize) -> Vec<String> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = move |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % limit as u64) as usize
    };
    (0..count)
        .map(|_| {
            let length = 1 + next(120);
            let glued = next(3) == 0;
            (0..length)
                .map(|_| format!("{}{}", PIECES[next(PIECES.len())], if glued || next(2) == 0 { "" } else { " " }))
                .collect()
        })
        .collect()
}

fn run_all(texts: &[String]) -> Vec<serde_json::Value> {
    let lines: String = texts.iter().map(|t| serde_json::json!({"text": t}).to_string() + "\n").collect();
    let out = run_with_input(&["-q", "run", "-", "--foreign", "--format", "jsonl", "--jobs", "2"], lines.as_bytes());
    assert!(matches!(out.status.code(), Some(0 | 1)), "{}", stderr(&out));
    records(&out)
}

#[test]
fn any_string_gives_a_record_that_holds() {
    let texts = texts(1500);
    let records = run_all(&texts);
    assert_eq!(records.len(), texts.len());
    for (record, text) in records.iter().zip(&texts) {
        assert_eq!(record["text"].as_str(), Some(text.as_str()));
        check_spans(record);
        let plugins: Vec<_> =
            record["errors"].as_array().expect("a list").iter().filter(|e| !e["plugin"].is_null()).collect();
        assert!(plugins.is_empty(), "{plugins:?} on {text:?}");
    }
}

/// A quadratic step anywhere would make this test run for minutes.
#[test]
fn long_monotonous_texts_come_through() {
    for piece in
        ["\"", "\u{201c}", "1,", "Aa ", "a", "said ", "(", "?!", ". ", "Smith said, \"", "\n", "-", "$1 ", "Paris, "]
    {
        let text = piece.repeat(200_000 / piece.len());
        let records = run_all(&[text]);
        assert_eq!(records.len(), 1, "{piece:?}");
        check_spans(&records[0]);
        let errors = &records[0]["errors"];
        assert!(errors.as_array().expect("a list").iter().all(|e| e["plugin"].is_null()), "{piece:?}: {errors}");
    }
}
