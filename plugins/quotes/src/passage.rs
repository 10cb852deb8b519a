//! What attributions are looked for in: a sentence, or several where quotation marks span them, as a row of items. A name is one item, and so
//! is all that stands between two quotation marks: what people say there does not blur who says it.

use crate::article::Article;
use crate::marks::Region;
use crate::words::{Word, tag};
use factbox_sdk::hashing::mix;
use factbox_sdk::{Class, Letters, Shape, Token, ZoneKind, hash};

/// The tag of a marked stretch.
pub const QUOTED: u8 = 27;
/// The tag of what lies beyond a passage.
pub const BEYOND: u8 = 28;

/// One item of a passage.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// First token.
    pub first: u32,
    /// First token behind it.
    pub end: u32,
    /// The word, or what kind of name or marked stretch it is.
    pub word: u64,
    /// Part of speech, or [`QUOTED`].
    pub tag: u8,
    /// Cluster of 2,000.
    pub fine: u16,
    /// Cluster of 250, or one above for marked stretches.
    pub cluster: u8,
    /// Cluster of 40.
    pub coarse: u8,
    /// How often the word leads in speech in plain news ([`Word::speech`]).
    pub speech: u8,
    /// 0: no name; 1 person, 2 organisation, 3 place, 4 other.
    pub name: u8,
    /// A form of "be", "have", "do" or "seem": no verb of its own.
    pub auxiliary: bool,
}

/// Beyond a passage's ends.
pub const NOTHING: Item = Item {
    first: 0,
    end: 0,
    word: 17,
    tag: BEYOND,
    fine: 0,
    cluster: 0,
    coarse: 0,
    speech: 0,
    name: 0,
    auxiliary: false,
};

/// Longest passage, in items; what is longer is cut.
pub const LONGEST: usize = 160;

/// Forms of "be", "have", "do" and "will"; and what seems so is said by nobody.
const AUXILIARIES: [&str; 27] = [
    "be", "is", "are", "was", "were", "been", "being", "am", "'s", "'re", "'m", "have", "has", "had", "having", "'ve",
    "'d", "do", "does", "did", "'ll", "appear", "appears", "appeared", "seem", "seems", "seemed",
];

/// For their hashes a few bits each: most words are seen to be none of them without a comparison.
const MAYBE: [u64; 16] = {
    let mut bits = [0; 16];
    let mut i = 0;
    while i < AUXILIARIES.len() {
        let place = hash(AUXILIARIES[i].as_bytes()) >> 54;
        bits[place as usize / 64] |= 1 << (place % 64);
        i += 1;
    }
    bits
};

fn is_auxiliary(token: &Token) -> bool {
    let place = token.hash >> 54;
    MAYBE[place as usize / 64] >> (place % 64) & 1 != 0 && AUXILIARIES.contains(&token.lower)
}

/// The item of token `at`.
fn single(article: &Article, at: usize) -> Item {
    let token = &article.tokens[at];
    let word: Word = article.words[at];
    let [cluster, coarse] = article.levels[word.cluster() as usize & 2047];
    let number = token.shape.class() == Class::Number;
    Item {
        first: at as u32,
        end: at as u32 + 1,
        word: if number { 3 } else { token.hash },
        tag: article.tags[at],
        fine: word.cluster(),
        cluster,
        coarse,
        speech: word.speech(),
        name: 0,
        auxiliary: is_auxiliary(token),
    }
}

/// Cluster of a marked stretch of one word, and of one of four to seven: they count up with its size.
const ONE_WORD: u8 = 251;
pub(crate) const FOUR_WORDS: u8 = ONE_WORD + 2;

/// The item of the stretch of `region` with its marks.
fn quoted(article: &Article, region: &Region) -> Item {
    let words = article.words_in(region.open + 1, region.close);
    let size = match words {
        0..=1 => 0,
        2..=3 => 1,
        4..=7 => 2,
        _ => 3,
    };
    let last = region.close.saturating_sub(1).max(region.open);
    let ends = match article.tokens[last].text {
        "," => 1,
        "." => 2,
        "?" | "!" => 3,
        _ => 0,
    };
    let capital = article.tokens.get(region.open + 1).is_some_and(|t| {
        matches!(t.shape.letters(), Letters::Title | Letters::Upper) && !t.shape.has(Shape::ALL_CAPS_CONTEXT)
    });
    Item {
        first: region.open as u32,
        end: (region.close + usize::from(region.closed)) as u32,
        word: mix(5, size << 4 | ends << 1 | u64::from(capital)),
        tag: QUOTED,
        fine: 0,
        cluster: ONE_WORD + size as u8,
        coarse: 50 + ends as u8,
        speech: 0,
        name: 0,
        auxiliary: false,
    }
}

/// The items of the tokens `from..to`, in `out`; `next` is the first region that may lie in them.
pub fn items(article: &Article, from: usize, to: usize, marked: &[Region], out: &mut Vec<Item>) {
    out.clear();
    let mut region = marked.partition_point(|r| r.close + usize::from(r.closed) <= from);
    let mut at = from;
    while at < to && out.len() < LONGEST {
        while marked.get(region).is_some_and(|r| r.open < at) {
            region += 1;
        }
        if let Some(r) = marked.get(region).filter(|r| r.open == at && r.close <= to) {
            out.push(quoted(article, r));
            at = r.close + usize::from(r.closed);
            region += 1;
            continue;
        }
        if let Some(number) = article.name_of[at] {
            let name = &article.names[number as usize];
            let kind = if name.person {
                1
            } else if name.organization {
                2
            } else if name.location {
                3
            } else {
                4
            };
            let first = at;
            while at < to && article.name_of[at] == Some(number) {
                at += 1;
            }
            out.push(Item {
                first: first as u32,
                end: at as u32,
                word: 8 + u64::from(kind),
                tag: tag::NNP,
                fine: 0,
                cluster: 0,
                coarse: 60 + kind,
                speech: 0,
                name: kind,
                auxiliary: false,
            });
            continue;
        }
        out.push(single(article, at));
        at += 1;
    }
}

/// The passages of the paragraph with the tokens `from..to`: sentences, joined where a marked stretch spans their border, and where one ends
/// in a question or exclamation mark and stands alone before the sentence that tells who said it.
pub fn passages(article: &Article, from: usize, to: usize, marked: &[Region], out: &mut Vec<(usize, usize)>) {
    // "KIGALI, May 3 (Reuters) -" is nobody's.
    let dateline = |t: &Token| t.shape.0 >> 24 & 15 == ZoneKind::Dateline as u32;
    let from = from + article.tokens[from..to].iter().take_while(|t| dateline(t)).count();
    let mut sentence = article.sentences.partition_point(|s| s.1 <= from);
    let mut region = marked.partition_point(|r| r.close < from);
    let mut start = from;
    while let Some(&(first, end)) = article.sentences.get(sentence) {
        if first >= to {
            break;
        }
        sentence += 1;
        let end = end.min(to);
        while marked.get(region).is_some_and(|r| r.close + usize::from(r.closed) <= end && r.close < end) {
            region += 1;
        }
        let inside = marked.get(region).is_some_and(|r| r.open < end && r.close + usize::from(r.closed) > end);
        // The stretch that makes up all of it so far.
        let asked = region.checked_sub(1).and_then(|r| marked.get(r)).is_some_and(|r| {
            r.open == start
                && r.closed
                && r.close + 1 == end
                && matches!(article.tokens[r.close - 1].text, "?" | "!" | ",")
        });
        if (inside || asked) && end < to {
            continue;
        }
        if end > start {
            out.push((start, end));
        }
        start = end;
    }
    if to > start {
        out.push((start, to));
    }
}
