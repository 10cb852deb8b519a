//! Speech between marks that no cue of its own sentence attributes: transcripts and signatures, headlines with a colon, and what goes on with
//! or is led in by the sentences before.

use crate::article::{Article, Paragraph};
use crate::engine::{Attribution, Kind, Quote};
use crate::marks::Region;
use crate::phrase::Phrase;
use crate::sides::{first_phrase, subject};
use crate::words::tag;
use factbox_sdk::{Class, Letters, Shape, Span};

/// Least probability that a marked stretch is said by somebody (tuned on development articles).
const SPOKEN: f32 = 0.6;

/// The same where it is a sentence of its own behind speech of somebody.
const ONWARD: f32 = 0.2;
/// The same where it stands inside a sentence that attributes it to nobody.
const INSIDE: f32 = 0.94;

/// Nobody is known to say it.
const UNKNOWN: Attribution = Attribution {
    speaker: None,
    cue: None,
    addressee: None,
    via: None,
    negated: false,
    rule: "unattributed",
    confidence: 0.5,
};

/// The marked stretches of an article.
pub struct Marked {
    /// All of them, in order.
    pub regions: Vec<Region>,
    /// The paragraph that each stands in.
    pub paragraph_of: Vec<usize>,
    /// Whether each is part of a quote already.
    pub covered: Vec<bool>,
    /// How probable it is that each is said by somebody.
    pub spoken: Vec<f32>,
}

impl Marked {
    /// The stretch that token `at` stands in.
    pub fn region_at(&self, at: usize) -> Option<usize> {
        let i = self.regions.partition_point(|r| r.open <= at).checked_sub(1)?;
        let end = self.regions[i].close + usize::from(self.regions[i].closed);
        (at < end).then_some(i)
    }
}

/// Attributes each marked stretch that is not part of a quote of `out` (in text order) yet, in `added`.
pub fn direct(article: &Article, min_words: usize, marked: &Marked, groups: &mut usize, out: &mut Vec<Quote>) {
    let known = out.len();
    let mut next = 0;
    // The last attribution, its paragraph and group: what a continuation carries on.
    let mut last: Option<(Attribution, usize, usize)> = None;
    // The first colon of a headline, by its paragraph.
    let mut colon: (usize, Option<usize>) = (usize::MAX, None);
    let several = |number: usize| {
        let own = marked.paragraph_of[number];
        let same = |n: Option<usize>| n.and_then(|n| marked.paragraph_of.get(n)) == Some(&own);
        same(number.checked_sub(1)) || same(Some(number + 1))
    };
    for (number, region) in marked.regions.iter().enumerate() {
        let paragraph = marked.paragraph_of[number];
        let place = article.paragraphs[paragraph];
        // Quotes that begin before the stretch's end are what it may go on with.
        let end = article.tokens[region.close.min(article.tokens.len() - 1)].span.end;
        while next < known && out[next].span.start < end {
            let q = &out[next];
            let at = article.paragraphs.partition_point(|p| article.tokens[p.to - 1].span.end <= q.span.start);
            last = Some((q.attribution, at, q.group));
            next += 1;
        }
        if marked.covered[number] {
            continue;
        }
        let titled = article.titles(paragraph);
        let (mut from, to) = (region.open + 1, region.close);
        let script = transcript(article, region);
        if let Some((_, begin)) = script {
            from = begin.min(to.saturating_sub(1)).max(from);
        }
        if article.words_in(from, to) < min_words.max(1) {
            continue;
        }
        let ceiling = marked.regions.get(number + 1).map_or(place.to, |r| r.open.min(place.to));
        let own = script
            .map(|s| s.0)
            .or_else(|| signed(article, region, ceiling))
            .or_else(|| announced(article, region, place.from))
            .or_else(|| (marked.spoken[number] >= SPOKEN).then(|| led_in(article, region, place.from))?)
            .or_else(|| {
                if !titled {
                    return None;
                }
                if colon.0 != paragraph {
                    colon = (paragraph, (place.from..place.to).find(|i| article.tokens[*i].text == ":"));
                }
                headline_speaker(article, colon.1.filter(|c| *c < region.open)?, place.from)
            });
        let whole = article.tokens[region.open].shape.has(Shape::SENTENCE_START) || region.open == place.from;
        let before = last.filter(|l| l.1 == paragraph);
        let own = own.or_else(|| {
            let long = titled && !whole && before.is_none() && region.closed && article.words_in(from, to) >= FRAGMENT;
            (long && marked.spoken[number] >= TITLED).then(|| fragment(article, region, place.from))
        });
        let least = match (whole, before) {
            (true, Some(_)) => ONWARD,
            (true, None) => SPOKEN,
            (false, _) => INSIDE,
        };
        if own.is_none() && marked.spoken[number] < least {
            continue;
        }
        let alone = region.open == place.from || (to - from) * 10 >= (place.to - place.from) * 6;
        let (a, group) = match (own, before) {
            (Some(a), _) => (a, before.filter(|l| same_speaker(l.0, a)).map(|l| l.2)),
            (None, Some((a, _, group))) => {
                (Attribution { rule: "continuation", confidence: a.confidence * 0.95, ..a }, Some(group))
            }
            (None, None) => {
                // Whoever the sentences before announce, or who spoke there last.
                let led = paragraph
                    .checked_sub(1)
                    .is_some_and(|p| article.written(article.paragraphs[p].to - 1) == ":" && region.open == place.from);
                let goes_on = number.checked_sub(1).is_some_and(|n| !marked.regions[n].closed);
                match last.filter(|l| alone && l.1 + 2 > paragraph && l.0.speaker.is_some() && !led) {
                    Some((a, _, group)) => {
                        (Attribution { rule: "paragraph", confidence: 0.7, ..a }, Some(group).filter(|_| goes_on))
                    }
                    None if whole => (introduced(article, marked, paragraph, region.open), None),
                    None => (UNKNOWN, None),
                }
            }
        };
        let group = group.unwrap_or_else(|| {
            *groups += 1;
            *groups
        });
        last = Some((a, paragraph, group));
        out.push(Quote {
            span: Span::new(article.tokens[from].span.start, article.tokens[to - 1].span.end),
            // Several marked pieces of a headline are fragments of what somebody said.
            kind: if place.headline() && several(number) { Kind::Mixed } else { Kind::Direct },
            group,
            attribution: Attribution {
                confidence: (a.confidence * marked.spoken[number].max(0.5)).clamp(0.05, 0.99),
                ..a
            },
        });
    }
}

fn same_speaker(a: Attribution, b: Attribution) -> bool {
    a.speaker == b.speaker && a.speaker.is_some()
}

/// "North Korea's Kim: ‘Unconditional support’": what stands before the colon; "Vance grills the bank: ‘You should resign’": who leads it.
fn headline_speaker(article: &Article, colon: usize, from: usize) -> Option<Attribution> {
    let finite = |i: &usize| tag::is_finite(article.tags[*i]) && article.name_of[*i].is_none();
    let subject = (from..colon).find(finite).and_then(|verb| article.subject_left(verb, from));
    let speaker = subject.or_else(|| article.noun_phrase_left(colon, from))?;
    Some(Attribution { speaker: Some(speaker), rule: "headline-colon", confidence: 0.85, ..Attribution::default() })
}

/// Words from which on what a headline has between marks is said by somebody rather than a title.
const FRAGMENT: usize = 3;
/// Least probability of that.
const TITLED: f32 = 0.3;

/// "Rover deal ‘may cost 2,000 jobs’": headlines leave out who says it, unless the word before tells ("Clinton speaks ‘directly to the voters’").
fn fragment(article: &Article, region: &Region, from: usize) -> Attribution {
    let told = |verb: &usize| {
        *verb > from
            && article.words[*verb].attested()
            && article.name_of[*verb].is_none()
            && matches!(article.tags[*verb], tag::VBZ | tag::VBP | tag::VBD)
    };
    let verb = region.open.checked_sub(1).filter(told);
    let speaker = verb.and_then(|verb| article.subject_left(verb, from));
    let cue = verb.filter(|_| speaker.is_some()).map(|verb| Phrase { start: verb, end: verb + 1 });
    Attribution { speaker, cue, rule: "headline", confidence: 0.5, ..Attribution::default() }
}

/// "Moore: “We will pay”" at the head of a paragraph.
fn announced(article: &Article, region: &Region, from: usize) -> Option<Attribution> {
    let colon = region.open.checked_sub(1).filter(|c| *c > from && *c - from <= 5 && article.written(*c) == ":")?;
    let speaker = article.noun_phrase_left(colon, from).filter(|s| s.start == from)?;
    let cue = Some(Phrase { start: colon, end: colon + 1 });
    Some(Attribution { speaker: Some(speaker), cue, rule: "colon", confidence: 0.9, ..Attribution::default() })
}

/// "..., tweeting, “Notice”", "she then repeatedly says, “Stop”": a verb that can attribute, and at most a comma or colon before the marks.
fn led_in(article: &Article, region: &Region, from: usize) -> Option<Attribution> {
    let before = region.open.checked_sub(1).filter(|b| *b > from)?;
    let sign = matches!(article.written(before), "," | ":");
    let verb = before - usize::from(sign);
    let told = matches!(article.tags[verb], tag::VBD | tag::VBZ | tag::VBG);
    let attested = article.words[verb].attested();
    let leads = article.name_of[verb].is_none() && if sign { told || attested } else { told && attested };
    if !leads {
        return None;
    }
    let sentence = article.sentences.partition_point(|s| s.1 <= verb);
    let start = article.sentences.get(sentence).map_or(from, |s| s.0.max(from));
    let speaker = subject(article, verb, start, region.open, None).or_else(|| first_phrase(article, start, verb));
    let cue = Some(Phrase { start: verb, end: verb + 1 });
    Some(Attribution { speaker, cue, rule: "led-in", confidence: 0.8, ..Attribution::default() })
}

/// The speaker whom the sentence before the token `open` names, in its paragraph or the one before.
fn introduced(article: &Article, marked: &Marked, paragraph: usize, open: usize) -> Attribution {
    let sentence = article.sentences.partition_point(|s| s.1 <= open);
    let Some(&(from, to)) = sentence.checked_sub(1).and_then(|s| article.sentences.get(s)) else { return UNKNOWN };
    let floor = article.paragraphs[paragraph.saturating_sub(1)].from;
    let own = article.paragraphs.partition_point(|p| p.to <= from);
    if from < floor || article.paragraphs.get(own).is_none_or(Paragraph::silent) {
        return UNKNOWN;
    }
    let finite = |i: &usize| {
        matches!(article.tags[*i], tag::VBD | tag::VBZ | tag::VBP)
            && article.name_of[*i].is_none()
            && marked.region_at(*i).is_none()
    };
    // "The Times reports:" tells by its last verb, a plain sentence by its first.
    let led = article.written(to - 1) == ":";
    let verb = if led { (from..to).rev().find(finite) } else { (from..to).find(finite) };
    let Some(verb) = verb.or(if led && to - from > 2 { Some(to - 2) } else { None }) else { return UNKNOWN };
    let speaker = article.subject_left(verb, from).or_else(|| first_phrase(article, from, verb));
    let cue = speaker.map(|_| Phrase { start: verb, end: verb + 1 });
    Attribution { speaker, cue, rule: "introduced", confidence: 0.5, ..Attribution::default() }
}

/// "PENCE: Flowers will not attend": a transcript's speaker inside the marks, and where the speech begins.
fn transcript(article: &Article, region: &Region) -> Option<(Attribution, usize)> {
    let from = region.open + 1;
    let colon = (from..region.close.min(from + 5)).find(|i| article.tokens[*i].text == ":")?;
    let capitals = |i: usize| article.tokens[i].shape.letters() == Letters::Upper && article.tokens[i].text.len() > 1;
    let named = colon > from && (from..colon).all(|i| capitals(i) || article.tokens[i].shape.has(Shape::ABBREVIATION));
    let speaker = Some(Phrase { start: from, end: colon });
    let cue = Some(Phrase { start: colon, end: colon + 1 });
    named.then_some((
        Attribution { speaker, cue, rule: "transcript", confidence: 0.9, ..Attribution::default() },
        colon + 1,
    ))
}

/// "― Carla Sanchez" behind the marks.
fn signed(article: &Article, region: &Region, ceiling: usize) -> Option<Attribution> {
    let dash = region.close + 1;
    let sign = article.tokens.get(dash).filter(|_| region.closed && dash + 1 < ceiling)?;
    if !sign.shape.has(Shape::DASH) || article.name_of.get(dash + 1).copied().flatten().is_none() {
        return None;
    }
    let end = article.name_end(dash + 1).min(ceiling);
    let alone = article.tokens.get(end).is_none_or(|t| {
        t.shape.class() == Class::Punctuation
            || t.shape.has(Shape::PARAGRAPH_START)
            || t.shape.class() == Class::OpenQuote
    });
    let cue = Some(Phrase { start: dash, end: dash + 1 });
    let speaker = Some(Phrase { start: dash + 1, end });
    alone.then_some(Attribution { speaker, cue, rule: "signature", confidence: 0.9, ..Attribution::default() })
}
