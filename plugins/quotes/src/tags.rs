//! Parts of speech: a greedy tagger, left to right, over hashed features (averaged perceptron; Collins 2002). Words that have only ever
//! been seen with one tag keep it.

use crate::hashing::feature;
use crate::words::{Word, tag};
use factbox_sdk::{Class, Letters, Shape, Token};

/// Scores of tags that one feature gives.
pub type Weights = [u8; 32];

/// Bits of a place in the table of weights.
pub const BITS: u32 = 14;

/// Features of a token.
pub const FEATURES: usize = 13;

/// The tag of a token that needs no looking at its neighbours.
#[inline]
pub fn plain(token: &Token, word: Word) -> Option<u8> {
    match token.shape.class() {
        Class::OpenQuote | Class::CloseQuote | Class::Punctuation | Class::Symbol => Some(tag::PUNCT),
        Class::Number => Some(tag::CD),
        Class::Address => Some(tag::NNP),
        Class::Mixed if !token.text.as_bytes()[0].is_ascii_digit() => Some(tag::NNP),
        Class::Mixed => {
            Some(if ["st", "nd", "rd", "th"].iter().any(|e| token.lower.ends_with(e)) { tag::JJ } else { tag::CD })
        }
        Class::Word => word.sure().then_some(word.first()),
    }
}

#[inline]
fn ending(text: &str, length: usize) -> u64 {
    let bytes = text.as_bytes();
    if let (3, Some([a, b, c])) = (length, bytes.last_chunk()) {
        return 3 << 24 | u64::from(*a) << 16 | u64::from(*b) << 8 | u64::from(*c);
    }
    bytes[bytes.len().saturating_sub(length)..].iter().fold(length as u64, |h, &b| h << 8 | u64::from(b))
}

/// The features of token `at`, when the two tokens before have the tags `before`.
#[inline]
pub fn features(tokens: &[Token], words: &[Word], at: usize, before: [u8; 2]) -> [u64; FEATURES] {
    let token = &tokens[at];
    let next = tokens.get(at + 1);
    let starts = token.shape.has(Shape::SENTENCE_START);
    let (t1, t2) = (u64::from(before[0]), u64::from(before[1]));
    let case = match token.shape.letters() {
        Letters::None => 0,
        Letters::Lower => 1,
        Letters::Title => 2 + u64::from(starts),
        Letters::Upper => 4 + u64::from(token.shape.has(Shape::ALL_CAPS_CONTEXT)),
        Letters::Mixed => 6,
    };
    let w = token.hash;
    let word = words[at];
    let own = u64::from(word.tags());
    let then = words.get(at + 1).map_or(0, |w| u64::from(w.tags()));
    let then2 = words.get(at + 2).map_or(0, |w| u64::from(w.first()));
    let w_next = next.map_or(1, |t| t.hash);
    let w_before = if starts || at == 0 { 2 } else { tokens[at - 1].hash };
    [
        feature(1, w, 0),
        feature(2, w, t1),
        feature(3, t1, t2),
        feature(4, ending(token.lower, 3), case),
        feature(5, ending(token.lower, 2), t1),
        feature(6, w_next, own),
        feature(7, then, t1),
        feature(8, w_before, own),
        feature(9, own << 8 | case, t1 << 8 | t2),
        feature(10, own, then),
        feature(11, u64::from(word.cluster()), t1),
        feature(12, own << 8 | t1, then << 8 | then2),
        feature(13, case, t1 << 1 | u64::from(token.text.as_bytes().contains(&b'-'))),
    ]
}

/// The tag with the highest score of those that the word can have.
#[inline]
pub fn best<S: PartialOrd>(word: Word, score: impl Fn(usize) -> S) -> u8 {
    let (first, second) = (word.first(), word.second());
    if word.closed() {
        return if second > 0 && score(second as usize) > score(first as usize) { second } else { first };
    }
    (2..tag::PUNCT).fold(1, |best, t| if score(t as usize) > score(best as usize) { t } else { best })
}

/// The tag that the weights give token `at`, as [`best`] finds it.
fn guess(tokens: &[Token], words: &[Word], at: usize, before: [u8; 2], weights: &[Weights]) -> u8 {
    let (first, second) = (words[at].first(), words[at].second());
    if words[at].closed() && second == 0 {
        return first;
    }
    let rows = features(tokens, words, at, before).map(|f| &weights[(f >> (64 - BITS)) as usize]);
    if words[at].closed() {
        let weight = |row: &Weights, tag: u8| i32::from(row[usize::from(tag)] as i8);
        let lead: i32 = rows.iter().map(|row| weight(row, second) - weight(row, first)).sum();
        return if lead > 0 { second } else { first };
    }
    let mut sums = [0i16; 32];
    for row in rows {
        for t in 0..32 {
            sums[t] += i16::from(row[t] as i8);
        }
    }
    // The largest sum, of equal ones the first: with the tag's number below the sum, one maximum without a branch.
    let top = (1..tag::PUNCT).map(|t| i32::from(sums[t as usize]) << 5 | i32::from(31 - t)).fold(i32::MIN, i32::max);
    31 - (top & 31) as u8
}

/// Tags of all tokens, in `out`; those of names are known.
pub fn tag_all(
    tokens: &[Token],
    words: &[Word],
    named: impl Fn(usize) -> bool,
    weights: &[Weights],
    out: &mut Vec<u8>,
) {
    out.clear();
    let mut before = [tag::PUNCT; 2];
    for (at, token) in tokens.iter().enumerate() {
        if token.shape.has(Shape::SENTENCE_START) {
            before = [tag::PUNCT; 2];
        }
        let known = if named(at) { Some(tag::NNP) } else { plain(token, words[at]) };
        let tag = known.unwrap_or_else(|| guess(tokens, words, at, before, weights));
        out.push(tag);
        before = [tag, before[0]];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use factbox_sdk::{Span, hash};

    #[test]
    fn guesses_are_the_best_of_the_sums() {
        let mut seed = 5u64;
        let mut random = move || {
            seed = factbox_sdk::hashing::mix(seed, 9);
            seed
        };
        let weights: Vec<Weights> = (0..1 << BITS).map(|_| std::array::from_fn(|_| (random() % 7) as u8)).collect();
        let token = |text: &'static str| {
            let span = Span::new(0, text.len() as u32);
            Token { span, text, lower: text, shape: Shape(1 << 4), hash: hash(text.as_bytes()) }
        };
        let tokens = ["the", "wide-open", "re", "gates", "close"].map(token);
        for round in 0..4_000u64 {
            let words: Vec<Word> = (0..tokens.len())
                .map(|_| {
                    let word =
                        Word::new((1 + random() % 25) as u8, (random() % 26) as u8, false, (random() % 2000) as u16);
                    if random() % 2 == 0 { word.with_closed() } else { word }
                })
                .collect();
            let (at, before) = (round as usize % tokens.len(), [(random() % 27) as u8, (random() % 27) as u8]);
            let mut sums = [0i32; 32];
            for f in features(&tokens, &words, at, before) {
                for t in 0..32 {
                    sums[t] += i32::from(weights[(f >> (64 - BITS)) as usize][t] as i8);
                }
            }
            assert_eq!(guess(&tokens, &words, at, before, &weights), best(words[at], |t| sums[t]));
        }
    }
}
