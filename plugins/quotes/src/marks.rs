//! Pairs of quotation marks, paragraph by paragraph. A mark that is never closed runs to the paragraph's end (the next one reopens it); single marks
//! count where no double ones surround them and both sides are there. One pass, linear whatever the marks.

use factbox_sdk::{Class, Shape, Token};

/// A stretch inside quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The opening mark.
    pub open: usize,
    /// The closing mark, or the first token behind the paragraph.
    pub close: usize,
    /// Whether the closing mark is there.
    pub closed: bool,
    /// Between single marks.
    pub single: bool,
}

/// Whether a mark is a single one.
pub fn is_single(text: &str) -> bool {
    matches!(text, "'" | "\u{2018}" | "\u{2019}" | "\u{201a}" | "\u{201b}" | "\u{2039}" | "\u{203a}" | "`")
}

/// "the walkers' money we miss,'": a mark behind an s is an apostrophe where the next single mark closes a clause.
fn possessive(tokens: &[Token], at: usize, to: usize) -> bool {
    let plural = at > 0 && tokens[at - 1].lower.ends_with('s') && !tokens[at].shape.has(Shape::SPACE_BEFORE);
    let next = (at + 1..to).find(|&i| {
        matches!(tokens[i].shape.class(), Class::OpenQuote | Class::CloseQuote) && is_single(tokens[i].text)
    });
    plural
        && next.is_some_and(|n| {
            let closes = tokens[n].shape.class() == Class::CloseQuote;
            closes && tokens[n - 1].shape.class() == Class::Punctuation
        })
}

/// Appends the regions of the paragraph whose tokens are `from..to`.
pub fn regions(tokens: &[Token], from: usize, to: usize, singles: bool, out: &mut Vec<Region>) {
    let before = out.len();
    let mut double: Option<usize> = None;
    let mut single: Option<usize> = None;
    for at in from..to {
        let token = &tokens[at];
        let class = token.shape.class();
        if !matches!(class, Class::OpenQuote | Class::CloseQuote) {
            continue;
        }
        if is_single(token.text) {
            if !singles || double.is_some() {
                continue;
            }
            match (class, single) {
                (Class::OpenQuote, None) => single = Some(at),
                (Class::CloseQuote, Some(_)) if possessive(tokens, at, to) => {}
                (Class::CloseQuote, Some(open)) => {
                    if at > open + 1 {
                        out.push(Region { open, close: at, closed: true, single: true });
                    }
                    single = None;
                }
                _ => {}
            }
            continue;
        }
        // Double marks inside single ones are nested speech.
        if single.is_some() {
            continue;
        }
        match (class, double) {
            (Class::OpenQuote, None) => double = Some(at),
            // An opening mark inside an open stretch: the first was never closed, or this one is misprinted.
            (Class::OpenQuote, Some(open)) => {
                if at > open + 1 {
                    out.push(Region { open, close: at, closed: false, single: false });
                }
                double = Some(at);
            }
            (_, Some(open)) => {
                if at > open + 1 {
                    out.push(Region { open, close: at, closed: true, single: false });
                }
                double = None;
            }
            // A closing mark at the head of a paragraph opens it.
            (_, None) => {
                if at == from {
                    double = Some(at);
                }
            }
        }
    }
    if let Some(open) = double {
        // An unclosed mark in the middle of a paragraph is doubtful: only a long stretch is taken, and one that the next paragraph goes on with.
        let goes_on = tokens.get(to).is_some_and(|t| t.shape.class() == Class::OpenQuote && !is_single(t.text));
        if to > open + 1 && (open == from || to - open > 6 || goes_on) {
            out.push(Region { open, close: to, closed: false, single: false });
        }
    }
    // Those of the paragraphs before stand in order already.
    out[before..].sort_by_key(|r| r.open);
}
