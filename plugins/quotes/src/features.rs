//! What the decisions look at: whether a word is the cue of an attribution, and what the items around a cue are to it.

use crate::article::Article;
use crate::found::Found;
use crate::hashing::Row;
use crate::passage::{BEYOND, Item, NOTHING, QUOTED};
use crate::words::tag;
use factbox_sdk::{Class, Letters};

/// Bits of a place in the table of the cues' weights.
pub const CUE_BITS: u32 = 17;
/// Bits of a place in the table of the labels' weights.
pub const LABEL_BITS: u32 = 18;

/// Bits of a place in the table of the checks' weights.
pub const CHECK_BITS: u32 = 15;

/// Bits of a place in the table of the weights of speech.
pub const SPOKEN_BITS: u32 = 14;

/// Words that the features ask for, as hashes.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    that: u64,
    if_: u64,
    whether: u64,
    comma: u64,
    colon: u64,
    to: u64,
    open: u64,
    close: u64,
    by: u64,
    as_: u64,
    dashes: [u64; 3],
}

impl Default for Known {
    fn default() -> Self {
        let hash = |word: &str| factbox_sdk::hash(word.as_bytes());
        Known {
            that: hash("that"),
            if_: hash("if"),
            whether: hash("whether"),
            comma: hash(","),
            colon: hash(":"),
            to: hash("to"),
            open: hash("("),
            close: hash(")"),
            by: hash("by"),
            as_: hash("as"),
            dashes: [hash("\u{2014}"), hash("--"), hash("\u{2013}")],
        }
    }
}

fn item(items: &[Item], at: isize) -> &Item {
    usize::try_from(at).ok().and_then(|i| items.get(i)).unwrap_or(&NOTHING)
}

fn near(distance: usize) -> u64 {
    match distance {
        0..=5 => distance as u64,
        6..=8 => 6,
        9..=13 => 7,
        14..=20 => 8,
        _ => 9,
    }
}

/// What kind of thing stands next to a cue.
fn kind(known: &Known, i: &Item) -> u64 {
    match i.tag {
        QUOTED => 1,
        BEYOND => 2,
        _ if i.word == known.that => 3,
        _ if i.word == known.comma => 4,
        _ if i.word == known.colon => 5,
        tag::TO => 6,
        tag::IN => 7,
        tag::PRP => 8,
        tag::NNP => 9,
        tag::NN | tag::NNS => 10,
        tag::DT | tag::PRPS => 11,
        tag::VBD | tag::VBZ | tag::VBP | tag::MD => 12,
        tag::VBN | tag::VBG | tag::VB => 13,
        tag::RB => 14,
        tag::CC => 15,
        tag::JJ => 16,
        tag::WP | tag::WRB => 17,
        tag::PUNCT => 18,
        _ => 0,
    }
}

/// The item that seems to be the subject of the verb `at`: what is left of it behind adverbs and auxiliaries.
fn subject(items: &[Item], at: usize) -> (Option<usize>, usize) {
    let mut i = at;
    while i > 0 && at - i < 5 {
        let before = &items[i - 1];
        if before.auxiliary || matches!(before.tag, tag::RB | tag::MD) {
            i -= 1;
        } else {
            break;
        }
    }
    (i.checked_sub(1), at - i)
}

/// What about a cue all its neighbours' features look at.
#[derive(Clone, Copy, Debug)]
pub struct Around {
    /// The kinds of its neighbours.
    pattern: u64,
    passive: bool,
    /// The item that seems to be its grammatical subject.
    pub subject: Option<usize>,
    /// "that" within the next four items.
    that: bool,
    quoted_left: u64,
    quoted_right: u64,
    /// The comma before the noun phrase that the subject ends: "..., the ministry said".
    pub comma: Option<usize>,
}

/// Looks at the neighbourhood of the item `at`.
pub fn around(known: &Known, items: &[Item], at: usize) -> Around {
    let (subject, skipped) = subject(items, at);
    let i = at as isize;
    let passive = items[at].tag == tag::VBN && skipped > 0 && items[at - skipped..at].iter().any(|x| x.auxiliary);
    let that = items[at + 1..].iter().take(4).any(|x| x.word == known.that);
    let left = items[..at].iter().rev().position(|x| x.tag == QUOTED).map_or(9, |d| near(d + 1));
    let right = items[at + 1..].iter().position(|x| x.tag == QUOTED).map_or(9, |d| near(d + 1));
    let nominal = |x: &Item| {
        matches!(
            x.tag,
            tag::DT | tag::PRPS | tag::NN | tag::NNS | tag::NNP | tag::JJ | tag::CD | tag::POS | tag::CC | tag::PRP
        ) || x.tag == tag::IN && x.word != known.that
    };
    let phrase = subject.map_or(0, |s| items[..=s].iter().rev().take(12).take_while(|x| nominal(x)).count());
    let comma =
        subject.and_then(|s| (s + 1).checked_sub(phrase + 1)).filter(|&c| phrase > 0 && items[c].word == known.comma);
    let kinds = (kind(known, item(items, i + 1)), subject.map_or(2, |s| kind(known, &items[s])));
    Around { pattern: kinds.0 << 5 | kinds.1, passive, subject, that, quoted_left: left, quoted_right: right, comma }
}

/// Features of "this item is the cue of an attribution", as places in the table.
pub fn cue(known: &Known, items: &[Item], at: usize, out: &mut Vec<u32>) {
    let a = around(known, items, at);
    let i = at as isize;
    let (x, l, ll, r, rr, rrr) = (
        &items[at],
        item(items, i - 1),
        item(items, i - 2),
        item(items, i + 1),
        item(items, i + 2),
        item(items, i + 3),
    );
    let t = |x: &Item| u64::from(x.tag);
    let c = |x: &Item| u64::from(x.cluster);
    let s = a.subject.map_or(&NOTHING, |s| &items[s]);
    let mut row = Row::<CUE_BITS>::new();
    let mut add = |n: u64, p: u64, q: u64| row.add(n + 100, p, q);
    add(0, 0, 0);
    add(1, x.word, 0);
    add(2, x.word, t(x));
    add(3, c(x), t(x));
    add(4, u64::from(x.coarse), t(x));
    add(5, l.word, 0);
    add(6, r.word, 0);
    add(7, ll.word, 1);
    add(8, rr.word, 1);
    add(9, l.word, x.word);
    add(10, x.word, r.word);
    add(11, x.word, t(l) << 8 | t(r));
    add(12, x.word, t(r) << 8 | t(rr));
    add(13, t(l) << 8 | t(x), t(r));
    add(14, t(ll) << 8 | t(l), t(x));
    add(15, t(x), t(r) << 8 | t(rr));
    add(16, c(x), t(r) << 8 | t(l));
    add(17, c(x), a.pattern);
    add(18, x.word, a.pattern);
    add(19, t(x), a.pattern);
    add(20, s.word, t(x));
    add(21, s.word, c(x));
    add(22, c(s) << 8 | u64::from(s.coarse), c(x));
    add(23, t(s), x.word);
    add(24, u64::from(a.that), x.word);
    add(25, u64::from(a.that), c(x));
    add(26, a.quoted_left << 4 | a.quoted_right, t(x));
    add(27, a.quoted_left << 4 | a.quoted_right, c(x));
    add(28, a.quoted_right, x.word);
    add(29, a.quoted_left, x.word);
    add(30, u64::from(a.passive) << 8 | t(r), x.word);
    add(31, u64::from(a.passive) << 8 | t(r), c(x));
    add(32, near(at), t(x));
    add(33, near(items.len() - at), t(x));
    add(34, near(items.len() - at), c(x));
    add(35, c(r), x.word);
    add(36, c(r), c(x));
    add(37, c(l), c(x));
    add(38, t(rrr) << 16 | t(rr) << 8 | t(r), t(x));
    add(39, rr.word, c(x));
    add(40, r.word, c(x));
    add(41, l.word, c(x));
    add(42, u64::from(x.fine), t(x));
    add(43, u64::from(x.fine), a.pattern);
    add(44, u64::from(x.fine), t(l) << 8 | t(r));
    add(45, u64::from(s.fine), c(x));
    add(46, u64::from(x.speech), t(x));
    add(47, u64::from(x.speech), a.pattern);
    add(48, u64::from(x.speech), u64::from(a.that) << 16 | a.quoted_left << 4 | a.quoted_right);
    add(49, u64::from(x.speech) << 8 | t(r), u64::from(a.passive) << 8 | t(s));
    row.finish(out);
}

/// Features of what each item is to the cue `at`, as places in the table: `starts` gets where each item's begin in `out`, and the end.
pub fn labels(known: &Known, items: &[Item], at: usize, cues: &[f32], starts: &mut Vec<u32>, out: &mut Vec<u32>) {
    let a = around(known, items, at);
    starts.clear();
    out.clear();
    let cue = &items[at];
    let t = |x: &Item| u64::from(x.tag);
    let n = items.len();
    // What lies between each item and the cue, gathered on the way outwards.
    let mut between = [0u64; crate::passage::LONGEST];
    for side in 0..2 {
        let mut seen = 0u64;
        let mut commas = 0u64;
        let mut walk = |i: usize| {
            between[i] = seen | commas.min(3) << 8;
            let x = &items[i];
            if x.word == known.comma || known.dashes.contains(&x.word) {
                commas += 1;
            }
            seen |= u64::from(x.word == known.that || x.word == known.if_ || x.word == known.whether)
                | u64::from(x.tag == QUOTED) << 1
                | u64::from(tag::is_finite(x.tag)) << 2
                | u64::from(x.tag == tag::CC) << 3
                | u64::from(cues[i] > 0.5) << 4
                | u64::from(matches!(x.tag, tag::NN | tag::NNS | tag::NNP | tag::PRP)) << 5
                | u64::from(matches!(x.tag, tag::WP | tag::WRB)) << 6
                | u64::from(x.word == known.colon) << 7;
        };
        if side == 0 {
            (0..at).rev().for_each(&mut walk);
        } else {
            (at + 1..n).for_each(&mut walk);
        }
    }
    let c = |x: &Item| u64::from(x.cluster);
    let voice = u64::from(a.passive) << 1 | u64::from(a.that);
    let mut of = |i: usize, side: u64| {
        starts.push(out.len() as u32);
        let mut row = Row::<LABEL_BITS>::new();
        let mut add = |n: u64, p: u64, q: u64| row.add(n << 2 | side, p, q);
        add(0, 0, 0);
        if side == 2 {
            row.finish(out);
            return;
        }
        let k = i as isize;
        let (x, l, ll, r, rr) =
            (&items[i], item(items, k - 1), item(items, k - 2), item(items, k + 1), item(items, k + 2));
        let d = near(i.abs_diff(at));
        let b = between[i];
        let is_subject = u64::from(a.subject == Some(i));
        let from_subject = a.subject.map_or(9, |s| if i <= s { near(s - i) } else { 8 });
        add(1, d, is_subject);
        add(2, x.word, 0);
        add(3, l.word, 0);
        add(4, r.word, 0);
        add(5, t(x), t(l));
        add(6, t(x), t(r));
        add(7, t(l) << 8 | t(x), t(r));
        add(8, l.word, x.word);
        add(9, x.word, r.word);
        add(10, c(x), u64::from(x.name));
        add(11, cue.word, d);
        add(12, cue.word, t(x));
        add(13, t(x) << 8 | t(l), d);
        add(14, b, t(x));
        add(15, b, x.word);
        add(16, b, t(l));
        add(17, b << 8 | d, u64::from(cue.tag));
        add(18, a.pattern, t(x));
        add(19, a.pattern, d);
        add(20, a.pattern << 8 | voice, b);
        add(21, c(cue), b);
        add(22, c(cue), t(x) << 8 | t(l));
        add(23, from_subject, t(x));
        add(24, from_subject << 8 | u64::from(x.name), t(l));
        add(25, near(i), near(n - 1 - i));
        add(26, near(n - 1 - i), t(x));
        add(27, near(i), t(x));
        add(28, t(ll) << 16 | t(l) << 8 | t(x), t(r));
        add(29, t(x), t(r) << 8 | t(rr));
        add(30, voice << 8 | u64::from(cue.tag), t(x) << 8 | t(l));
        add(31, a.quoted_left << 4 | a.quoted_right, t(x) << 8 | t(l));
        add(32, l.word, b);
        add(33, u64::from(cues[i] > 0.5) << 1 | u64::from(i > 0 && cues[i - 1] > 0.5), t(x));
        add(34, u64::from(x.coarse), t(l) << 8 | t(r));
        add(35, cue.word, b);
        add(36, l.word, cue.word);
        add(37, x.word, u64::from(cue.coarse));
        add(38, u64::from(a.passive), u64::from(l.word == known.by) << 1 | u64::from(l.word == known.as_));
        add(39, r.word, b);
        add(40, ll.word, t(x));
        add(41, rr.word, t(x));
        let part = a.comma.map_or(0, |c| 1 + u64::from(i >= c) + u64::from(i > c));
        add(45, part, a.pattern);
        add(46, part << 4 | near(i), t(x));
        add(47, part << 4 | near(n - 1 - at), t(l));
        let bracket = u64::from(x.word == known.open) << 1 | u64::from(x.word == known.close);
        add(42, bracket, t(l));
        add(43, u64::from(cue.fine), b);
        add(44, u64::from(cue.fine), t(x) << 8 | t(l));
        row.finish(out);
    };
    // Side by side, so that what is the same for all items of one side is hashed once.
    for (side, range) in [(0, 0..at), (2, at..at + 1), (1, at + 1..n)] {
        for i in range {
            of(i, side);
        }
    }
    starts.push(out.len() as u32);
    let _ = known.to;
}

/// Features of "this attribution is one": it has been found with the probability `sure` of its cue, and its labels' score is `path`.
pub fn check(known: &Known, items: &[Item], found: &Found, sure: f32, path: f32, alike: f32, out: &mut Vec<u32>) {
    out.clear();
    let mut row = Row::<CHECK_BITS>::new();
    let mut add = |n: u64, p: u64, q: u64| row.add(n + 200, p, q);
    let t = |x: &Item| u64::from(x.tag);
    let cue = &items[found.cue.0];
    let logit = (sure / (1.0 - sure).max(1e-4)).ln();
    let s = ((logit * 2.0).clamp(-8.0, 8.0).round() + 8.0) as u64;
    add(0, s, 0);
    add(1, cue.word, s / 3);
    add(2, u64::from(cue.fine), s / 3);
    add(3, cue.word, 0);
    add(4, u64::from(cue.cluster), t(cue));
    let Some((&first, &last)) = found.pieces.first().zip(found.pieces.last()) else {
        add(5, s, 0);
        row.finish(out);
        return;
    };
    let length: usize = found.pieces.iter().map(|p| p.1 - p.0).sum();
    let inside = || found.pieces.iter().flat_map(|p| &items[p.0..p.1]);
    let finite = inside().any(|x| tag::is_finite(x.tag));
    let quoted = inside().filter(|x| x.tag == QUOTED).map(|x| u64::from(x.cluster)).max().unwrap_or(0);
    let begin = &items[first.0];
    let before = item(items, first.0 as isize - 1);
    let after = item(items, last.1 as isize);
    let lead = u64::from(before.word == known.that) << 1 | u64::from(begin.tag == tag::TO);
    let shape = u64::from(finite) << 16 | quoted << 8 | lead << 4 | near(length).min(9);
    let source = found.source.map_or(&NOTHING, |s| &items[s.1 - 1]);
    let source_start = found.source.map_or(&NOTHING, |s| &items[s.0]);
    let who = u64::from(source.tag) << 4 | u64::from(source.name);
    let order = match (first.0 > found.cue.0, found.source.map(|s| s.0 > found.cue.0)) {
        (true, None) => 0,
        (true, Some(false)) => 1,
        (true, Some(true)) => 2,
        (false, None) => 3,
        (false, Some(false)) => 4,
        (false, Some(true)) => 5,
    };
    let gap = if first.0 > found.cue.0 { first.0 - found.cue.1 } else { found.cue.0 - last.1.min(found.cue.0) };
    let score = ((path / length as f32).clamp(0.0, 6.0) * 2.0).round() as u64;
    let total = (path.clamp(0.0, 60.0) / 5.0).round() as u64;
    add(6, near(length), s);
    add(7, shape, s / 3);
    add(8, shape, u64::from(cue.cluster));
    add(9, shape, cue.word);
    add(10, who, s / 3);
    add(11, who, u64::from(cue.cluster));
    add(12, order, s);
    add(13, order << 8 | near(gap), u64::from(cue.cluster));
    add(14, order << 8 | near(gap), shape);
    add(15, begin.word, t(cue));
    add(16, t(begin), t(before));
    add(17, after.word, t(item(items, last.1 as isize - 1)));
    add(18, score, s / 3);
    add(19, total, s / 3);
    add(20, source.word, source_start.word);
    add(21, u64::from(source.fine), 0);
    add(22, before.word, cue.word);
    add(23, found.pieces.len() as u64, s / 3);
    add(24, who, shape);
    add(25, u64::from(begin.fine), u64::from(cue.cluster));
    add(30, u64::from(cue.speech), shape);
    add(31, u64::from(cue.speech), s);
    add(32, u64::from(cue.speech) << 8 | order, who);
    let head = &items[last.1 - 1];
    add(26, head.word, u64::from(finite));
    add(27, u64::from(head.cluster), u64::from(finite) << 16 | u64::from(cue.cluster));
    add(28, near(items.len()), s / 3);
    add(29, t(item(items, found.cue.1 as isize)), t(cue) << 8 | near(gap));
    // Attitudes are told in articles like those of the training, seldom elsewhere.
    let kind = u64::from(finite) << 8 | quoted.min(1) << 4 | lead;
    let home = (alike * 3.0).round() as u64 + 1;
    add(33, home, s);
    add(34, home << 12 | kind, u64::from(cue.speech));
    add(35, home << 12 | kind, u64::from(cue.cluster));
    add(36, home, cue.word);
    row.finish(out);
}

/// Features of "what stands between these marks is said by somebody" (and is no title, nickname or word held at a distance), for the marked
/// stretch `at` of a passage.
pub fn spoken(article: &Article, items: &[Item], at: usize, cues: &[f32], out: &mut Vec<u32>) {
    out.clear();
    let mut row = Row::<SPOKEN_BITS>::new();
    let mut add = |n: u64, p: u64, q: u64| row.add(n + 300, p, q);
    let x = &items[at];
    let i = at as isize;
    let (l, ll, r, rr) = (item(items, i - 1), item(items, i - 2), item(items, i + 1), item(items, i + 2));
    let t = |x: &Item| u64::from(x.tag);
    let (from, to) = (x.first as usize + 1, (x.end as usize).max(x.first as usize + 2) - 1);
    let inside = &article.tokens[from..to];
    let words = inside.iter().filter(|t| t.shape.class() == Class::Word).count();
    let raised = inside
        .iter()
        .filter(|t| t.shape.class() == Class::Word && matches!(t.shape.letters(), Letters::Title | Letters::Upper))
        .count();
    let case = if raised == words { 2 } else { u64::from(raised * 3 > words * 2) };
    let tags = &article.tags[from..to];
    let finite = u64::from(tags.iter().any(|t| tag::is_finite(*t)));
    let first = inside.first().map_or(0, |t| t.hash);
    let last = inside.last().map_or(0, |t| t.hash);
    let personal = u64::from(inside.iter().any(|t| matches!(t.lower, "i" | "we" | "you" | "my" | "our" | "us" | "me")));
    let n = near(words);
    let left = cues[..at].iter().fold(0f32, |m, x| m.max(*x));
    let right = cues[at + 1..].iter().fold(0f32, |m, x| m.max(*x));
    let level = |p: f32| (p * 4.0).round() as u64;
    let others = items.iter().filter(|y| y.tag == QUOTED).count().min(4) as u64;
    let single = u64::from(
        article.tokens[x.first as usize].text.len() == 1 || article.tokens[x.first as usize].text == "\u{2018}",
    );
    add(0, 0, 0);
    add(1, n, case);
    add(2, x.word, n);
    add(3, l.word, n / 2);
    add(4, r.word, n / 2);
    add(5, t(l) << 8 | t(r), n);
    add(6, t(ll) << 8 | t(l), x.word);
    add(7, t(r) << 8 | t(rr), x.word);
    add(8, level(left) << 4 | level(right), n);
    add(9, level(left) << 4 | level(right), case << 1 | finite);
    add(10, first, 0);
    add(11, last, 0);
    add(12, personal << 1 | finite, n);
    add(13, others, n);
    add(14, near(at) << 4 | near(items.len() - 1 - at), x.word);
    add(15, u64::from(l.fine), n / 2);
    add(16, u64::from(r.fine), n / 2);
    add(17, u64::from(ll.fine), 1);
    add(18, l.word, case);
    add(19, case << 1 | finite, x.word);
    add(20, single, n);
    add(21, l.word, ll.word);
    add(22, level(left.max(right)), x.word);
    row.finish(out);
}
