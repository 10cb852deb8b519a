//! The layers tile, whatever the text: each byte that is not white space lies in one token, each token in one sentence, each sentence in one paragraph.

use factbox_text::{Analyzer, Span};

const PIECES: [&str; 24] = [
    "Mr.",
    "U.S.",
    " ",
    " ",
    "\n",
    "\n\n",
    "?!",
    "\"",
    "''",
    "\u{2019}",
    "\u{201c}",
    "1,200.50",
    "...",
    "(",
    ")",
    "word",
    "Name",
    "-",
    "$1.2bn",
    "\u{1f600}",
    "e\u{301}",
    "\u{a0}",
    "SEOUL: ",
    "\u{300c}\u{6771}\u{4eac}",
];

fn inside(inner: impl Iterator<Item = Span>, outer: &[Span], text: &str) {
    let mut at = 0;
    for span in inner {
        while at < outer.len() && outer[at].end <= span.start {
            at += 1;
        }
        assert!(outer.get(at).is_some_and(|o| o.start <= span.start && span.end <= o.end), "{span:?} of {text:?}");
    }
}

#[test]
fn layers_tile_any_text() {
    let mut analyzer = Analyzer::default();
    let mut seed = 1u64;
    for _ in 0..4000 {
        let mut text = String::new();
        for _ in 0..24 {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            text.push_str(PIECES[(seed >> 40) as usize % PIECES.len()]);
        }
        let a = analyzer.analyze(&text, &[]);
        let mut end = 0;
        for token in &a.tokens {
            let gap = text.get(end..token.span.start as usize).expect("tokens in order, on character boundaries");
            assert!(gap.trim().is_empty() && !token.span.of(&text).is_empty(), "{gap:?} of {text:?}");
            end = token.span.end as usize;
        }
        assert!(text[end..].trim().is_empty(), "{text:?}");
        let paragraphs: Vec<Span> = a.paragraphs.iter().map(|p| p.span).collect();
        inside(a.tokens.iter().map(|t| t.span), &a.sentences, &text);
        inside(a.sentences.iter().copied(), &paragraphs, &text);
    }
}
