//! From the text of an article to its base layers: zones, paragraphs, sentences and tokens.
//!
//! One pass, linear in the text, no regular expressions: an ASCII fast path decides almost every byte, the few others take a
//! Unicode slow path. All offsets are **bytes** into the article's text, always on character boundaries. The layers tile: every
//! byte of the text that is not white space lies in exactly one token, every token in exactly one sentence, every sentence in
//! exactly one paragraph, every paragraph in exactly one zone.

mod abbreviations;
mod analyze;
pub mod hashing;
mod paragraphs;
mod sentences;
mod token;
mod tokens;
mod zone;
mod zones;

pub use analyze::{Analysis, Analyzer, Paragraph};
pub use hashing::{hash, hash_of};
pub use token::{Class, Letters, Shape, Token};
pub use zone::{Zone, ZoneHint, ZoneKind};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// A stretch of the text in bytes, end exclusive, on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from `start` to `end`.
    #[inline]
    pub fn new(start: u32, end: u32) -> Self {
        Span { start, end }
    }

    /// The text covered. Empty where the span does not fit `text`.
    #[inline]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

impl From<std::ops::Range<usize>> for Span {
    /// Offsets past 4 GiB saturate (articles are far smaller).
    fn from(range: std::ops::Range<usize>) -> Self {
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { start: narrow(range.start), end: narrow(range.end) }
    }
}

impl From<std::ops::Range<u32>> for Span {
    fn from(range: std::ops::Range<u32>) -> Self {
        Span { start: range.start, end: range.end }
    }
}

impl From<(u32, u32)> for Span {
    fn from((start, end): (u32, u32)) -> Self {
        Span { start, end }
    }
}
