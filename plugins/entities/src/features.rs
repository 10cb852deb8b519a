//! From the cues around a token to the hashes of its features: words, letter case, affixes, clusters, tables, the article's own usage, alone
//! and in combination, in a window of two tokens to each side.

use crate::article::{Article, Cue};
use factbox_sdk::Token;
use factbox_sdk::hashing::mix;

/// The templates, in the order of their numbers; the names appear in explanations and in the model card.
pub const NAMES: [&str; 58] = [
    "bias",
    "word",
    "word+case",
    "word-1",
    "word+1",
    "word-2",
    "word+2",
    "word-1,word",
    "word,word+1",
    "word-1,word+1",
    "word-2,word-1",
    "word+1,word+2",
    "shape",
    "shape-1,shape",
    "shape,shape+1",
    "case-1..+1",
    "case-2..+2",
    "prefix2",
    "prefix3",
    "prefix4",
    "suffix2",
    "suffix3",
    "suffix4",
    "cluster",
    "middle",
    "coarse",
    "cluster-1",
    "middle-1",
    "cluster+1",
    "middle+1",
    "middle-2",
    "middle+2",
    "middle-1,middle",
    "middle,middle+1",
    "middle-1,middle+1",
    "cluster-1,case",
    "case,cluster+1",
    "flags",
    "flags-1,flags",
    "flags,flags+1",
    "listed",
    "listed,case",
    "listed,middle-1",
    "listed,middle+1",
    "listed-1",
    "listed+1",
    "lists",
    "lists-1,lists",
    "lists,lists+1",
    "seen",
    "seen,flags",
    "zone,case",
    "sport,lists",
    "sport,coarse",
    "capitals,word",
    "middle-2,middle-1",
    "middle+1,middle+2",
    "listed,word",
];

const OUTSIDE: Cue = Cue {
    word: 7,
    info: crate::lexicon::WordInfo(0),
    middle: 255,
    coarse: 255,
    case: 31,
    starts: false,
    capitals: false,
    glued: false,
    zone: 15,
    lists: 0,
    listed: [0; 5],
    seen: 0,
    id: 0,
};

fn flags(cue: &Cue) -> u64 {
    // given names, surnames, company forms, titles; how often the word is capitalised; the letter case in three classes
    let case = match cue.case {
        1 => 1,
        2 | 7 => 2,
        3..=6 | 9 => 3,
        _ => 0u64,
    };
    u64::from((cue.info.0 >> 11) & 0x1ff) | case << 10
}

fn lists(cue: &Cue) -> u64 {
    let mut all = [0u8; 8];
    all[..5].copy_from_slice(&cue.listed);
    u64::from_le_bytes(all) << 3 | u64::from(cue.lists)
}

/// The shape of a word: capitals `X`, small letters `x`, digits `d`, others themselves; runs cut to two.
pub fn shape(text: &str) -> u64 {
    let (mut hash, mut last, mut run) = (0u64, 0u8, 0);
    for &b in text.as_bytes().iter().take(24) {
        let class = match b {
            b'A'..=b'Z' => b'X',
            b'a'..=b'z' | 0x80.. => b'x',
            b'0'..=b'9' => b'd',
            other => other,
        };
        run = if class == last { run + 1 } else { 0 };
        last = class;
        if run < 2 {
            hash = hash.wrapping_mul(31).wrapping_add(u64::from(class));
        }
    }
    hash
}

fn prefix(word: &str, chars: usize) -> u64 {
    let end = word.char_indices().nth(chars).map_or(word.len(), |(i, _)| i);
    bytes(&word.as_bytes()[..end])
}

fn suffix(word: &str, chars: usize) -> u64 {
    let start = word.char_indices().rev().nth(chars - 1).map_or(0, |(i, _)| i);
    bytes(&word.as_bytes()[start..])
}

fn bytes(b: &[u8]) -> u64 {
    b.iter().fold(b.len() as u64, |h, &x| h << 8 ^ (h >> 56) ^ u64::from(x))
}

/// Appends the features of token `i`, a token of `sentence`, to `out`.
pub fn extract(article: &Article, tokens: &[Token], sentence: &std::ops::Range<usize>, i: usize, out: &mut Vec<u64>) {
    let cues = &article.cues;
    let at = |offset: isize| -> &Cue {
        match i.checked_add_signed(offset) {
            Some(j) if sentence.contains(&j) => &cues[j],
            _ => &OUTSIDE,
        }
    };
    let (a2, a1, c, b1, b2) = (at(-2), at(-1), &cues[i], at(1), at(2));
    let token = &tokens[i];
    let mut template = 0u64;
    let mut add = |value: u64| {
        out.push(mix(value, template));
        template += 1;
    };
    let small = |n: u8| u64::from(n);
    let cluster = |cue: &Cue| u64::from(cue.info.cluster());
    add(0);
    add(c.word);
    add(c.word ^ small(c.case + 1) << 56);
    add(a1.word);
    add(b1.word);
    add(a2.word);
    add(b2.word);
    add(mix(a1.word, c.word));
    add(mix(c.word, b1.word));
    add(mix(a1.word, b1.word));
    add(mix(a2.word, a1.word));
    add(mix(b1.word, b2.word));
    let own_shape = shape(token.text);
    add(own_shape);
    add(mix(own_shape, small(a1.case)));
    add(mix(own_shape, small(b1.case) + 64));
    let trigram = small(a1.case) << 10 | small(c.case) << 5 | small(b1.case);
    add(trigram);
    add(small(a2.case) << 20 | small(b2.case) << 15 | trigram);
    let capital = u64::from(crate::article::can_be_name(c.case)) << 62;
    for n in 2..=4 {
        add(prefix(token.lower, n) ^ capital);
    }
    for n in 2..=4 {
        add(suffix(token.lower, n) ^ capital);
    }
    let case = small(c.case);
    add(cluster(c) << 1 | capital >> 62);
    add(small(c.middle) << 1 | capital >> 62);
    add(small(c.coarse) << 5 | case);
    add(cluster(a1));
    add(small(a1.middle));
    add(cluster(b1));
    add(small(b1.middle));
    add(small(a2.middle));
    add(small(b2.middle));
    add(small(a1.middle) << 8 | small(c.middle));
    add(small(c.middle) << 8 | small(b1.middle));
    add(small(a1.middle) << 16 | small(b1.middle) << 8 | case);
    add(cluster(a1) << 5 | case);
    add(cluster(b1) << 5 | case);
    let own_flags = flags(c);
    add(own_flags);
    add(flags(a1) << 12 | own_flags);
    add(flags(b1) << 12 | own_flags);
    let start = template;
    for &code in &c.listed[..c.lists as usize] {
        let code = u64::from(code);
        out.push(mix(code, start));
        out.push(mix(code << 5 | case, start + 1));
        out.push(mix(code << 8 | small(a1.middle), start + 2));
        out.push(mix(code << 8 | small(b1.middle), start + 3));
        out.push(mix(mix(code, c.word), NAMES.len() as u64 - 1));
    }
    for &code in &a1.listed[..a1.lists as usize] {
        out.push(mix(u64::from(code), start + 4));
    }
    for &code in &b1.listed[..b1.lists as usize] {
        out.push(mix(u64::from(code), start + 5));
    }
    template = start + 6;
    let mut add = |value: u64| {
        out.push(mix(value, template));
        template += 1;
    };
    let own_lists = lists(c);
    add(own_lists);
    add(mix(lists(a1), own_lists));
    add(mix(own_lists, lists(b1)));
    let place = match i - sentence.start {
        0 => 0,
        _ if c.starts => 0,
        1 => 1,
        _ => 2u64,
    };
    let seen = small(c.seen) << 4 | place << 2 | u64::from(c.capitals) << 1 | capital >> 62;
    add(seen);
    add(seen << 12 | own_flags);
    let zone = small(c.zone) << 1 | u64::from(c.capitals);
    add(zone << 5 | case);
    add(mix(own_lists, u64::from(article.sport) + 1));
    add(small(article.sport) << 8 | small(c.coarse));
    add(if c.capitals { c.word } else { 1 });
    add(small(a2.middle) << 8 | small(a1.middle));
    add(small(b1.middle) << 8 | small(b2.middle));
}
