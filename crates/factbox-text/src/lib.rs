//! From the text of an article to its base layers: zones, paragraphs, sentences and tokens.
//!
//! One pass, linear in the text, no regular expressions: an ASCII fast path decides almost every byte, the few others take a
//! Unicode slow path. All offsets are **bytes** into the article's text, always on character boundaries. The layers tile: every
//! byte of the text that is not white space lies in exactly one token, every token in exactly one sentence, every sentence in
//! exactly one paragraph, every paragraph in exactly one zone.

mod abbreviations;
mod analyze;
mod paragraphs;
mod sentences;
mod token;
mod tokens;
mod zone;
mod zones;

pub use analyze::{Analysis, Analyzer, Paragraph};
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

/// FNV-1a, 64 bits: the hash that token layers carry of each lower-case form, and that compiled tables are keyed by.
pub const fn hash(text: &[u8]) -> u64 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    let mut i = 0;
    while i < text.len() {
        h = (h ^ text[i] as u64).wrapping_mul(0x0100_0000_01b3);
        i += 1;
    }
    h
}

/// [`hash`] of the stretch `span` of `text`, for many short stretches: the first eight bytes take the same steps whatever their number, since a loop
/// that ends elsewhere each time costs more in wrong guesses of the processor than the steps do.
#[inline]
pub fn hash_of(text: &[u8], span: Span) -> u64 {
    const PRIME: u64 = 0x0100_0000_01b3;
    let bytes = &text[span.start as usize..span.end as usize];
    let Some(eight) = text[span.start as usize..].first_chunk::<8>() else { return hash(bytes) };
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    for (i, byte) in eight.iter().enumerate() {
        let next = (h ^ u64::from(*byte)).wrapping_mul(PRIME);
        h = if i < bytes.len() { next } else { h };
    }
    bytes.iter().skip(8).fold(h, |h, byte| (h ^ u64::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_hashes_are_the_same() {
        let text = "the caf\u{e9} \u{201c}reopened\u{201d} on independence day".as_bytes();
        for start in 0..=text.len() {
            for end in start..=text.len() {
                let span = Span::new(start as u32, end as u32);
                assert_eq!(hash_of(text, span), hash(&text[start..end]));
            }
        }
    }
}
