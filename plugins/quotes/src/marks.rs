//! Pairs of quotation marks, paragraph by paragraph. A mark that is never closed runs to the paragraph's end (the next one reopens it); single marks
//! count where no double ones surround them and both sides are there. One pass, linear whatever the marks.

use factbox_sdk::{Class, Token};

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

/// Appends the regions of the paragraph whose tokens are `from..to`.
pub fn regions(tokens: &[Token], from: usize, to: usize, singles: bool, out: &mut Vec<Region>) {
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
        // An unclosed mark in the middle of a sentence is doubtful: only a long stretch is taken.
        if to > open + 1 && (open == from || to - open > 6) {
            out.push(Region { open, close: to, closed: false, single: false });
        }
    }
    out.sort_by_key(|r| r.open);
}
