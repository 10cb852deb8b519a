//! From marks, cues and phrases to quotes. First speech without marks and mixed speech, sentence by sentence, with all marked stretches masked; then each
//! marked stretch gets the cue and speaker around it, those of its neighbours, or none.

use crate::cues::cue;
use crate::marks::{Region, is_single, regions};
use crate::phrase::{Phrase, is_pronoun};
use crate::attribute::{self, Attributor};
use crate::model::Model;
use crate::passage::{items, passages};
use crate::tags::tag_all;
use crate::words::{Word, tag};
use factbox_sdk::{Class, Letters, Shape, Span, Token, ZoneKind};

/// A name, as the entities plugin found it.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    /// Where it stands.
    pub span: Span,
    /// A person.
    pub person: bool,
    /// An organisation.
    pub organization: bool,
    /// A place.
    pub location: bool,
    /// Its entity.
    pub entity: Option<usize>,
}

/// Options of the engine.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Look for indirect and mixed speech.
    pub indirect: bool,
    /// Least words of a marked stretch.
    pub min_words: usize,
    /// Single marks: `Some(true)` always, `Some(false)` never, `None` where the article has no double ones or the stretch stands in a headline.
    pub singles: Option<bool>,
    /// The user's own cues.
    pub cues: Vec<String>,
}

/// What the engine reads.
pub struct Article<'a> {
    /// The text.
    pub text: &'a str,
    /// Its tokens.
    pub tokens: &'a [Token<'a>],
    /// Sentences as token ranges.
    pub sentences: Vec<(usize, usize)>,
    /// Paragraphs as token ranges with their zone.
    pub paragraphs: Vec<(usize, usize, ZoneKind)>,
    /// Names in order.
    pub names: &'a [Name],
    /// For each token the name it belongs to.
    pub name_of: Vec<Option<u32>>,
    /// For each token what is known of the word.
    pub words: Vec<Word>,
    /// For each token its part of speech.
    pub tags: Vec<u8>,
    /// The coarser clusters of each cluster.
    pub levels: &'a [[u8; 2]],
}

/// What kind of speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Inside quotation marks.
    Direct,
    /// Partly.
    Mixed,
    /// Without.
    Indirect,
}

/// A quote.
#[derive(Clone, Debug)]
pub struct Quote {
    /// What is said, without marks (bytes).
    pub span: Span,
    /// Its kind.
    pub kind: Kind,
    /// The attribution it is a piece of.
    pub group: usize,
    /// Tokens of the speaker.
    pub speaker: Option<Phrase>,
    /// Tokens of the cue.
    pub cue: Option<Phrase>,
    /// Tokens of the addressee.
    pub addressee: Option<Phrase>,
    /// Tokens of the medium that relays it.
    pub via: Option<Phrase>,
    /// The attribution is denied ("did not say").
    pub negated: bool,
    /// How sure.
    pub confidence: f32,
    /// The rule that made it.
    pub rule: &'static str,
}

/// Who says something, by which words.
#[derive(Clone, Copy, Debug, Default)]
struct Attribution {
    speaker: Option<Phrase>,
    cue: Option<Phrase>,
    addressee: Option<Phrase>,
    via: Option<Phrase>,
    negated: bool,
    rule: &'static str,
    confidence: f32,
}

impl<'a> Article<'a> {
    /// Puts the layers together.
    pub fn new(
        text: &'a str,
        tokens: &'a [Token<'a>],
        sentences: &[Span],
        paragraphs: &[(Span, ZoneKind)],
        names: &'a [Name],
        model: &Model<'a>,
    ) -> Self {
        let range = |span: Span| {
            (tokens.partition_point(|t| t.span.end <= span.start), tokens.partition_point(|t| t.span.start < span.end))
        };
        let words: Vec<Word> = tokens.iter().map(|t| model.words.get(t.hash)).collect();
        let mut name_of = vec![None; tokens.len()];
        for (number, name) in names.iter().enumerate() {
            let (from, to) = range(name.span);
            for slot in &mut name_of[from..to.max(from)] {
                *slot = Some(number as u32);
            }
        }
        Article {
            text,
            tokens,
            sentences: sentences.iter().map(|s| range(*s)).filter(|r| r.0 < r.1).collect(),
            paragraphs: paragraphs
                .iter()
                .map(|(s, zone)| (range(*s).0, range(*s).1, *zone))
                .filter(|r| r.0 < r.1)
                .collect(),
            names,
            name_of,
            tags: {
                let mut tags = Vec::with_capacity(tokens.len());
                tag_all(tokens, &words, model.tags, &mut tags);
                tags
            },
            words,
            levels: model.levels,
        }
    }

    fn lower(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| t.lower)
    }

    /// Words (not signs) among the tokens `from..to`.
    pub fn words_in(&self, from: usize, to: usize) -> usize {
        self.tokens[from..to]
            .iter()
            .filter(|t| {
                matches!(t.shape.class(), Class::Word | Class::Number | Class::Mixed | Class::Address)
                    && !t.shape.has(Shape::CLITIC)
            })
            .count()
    }
}

/// The share with which the token is a cue of attributions.
fn share(article: &Article, at: usize, settings: &Settings) -> f32 {
    let token = &article.tokens[at];
    if token.shape.class() != Class::Word || article.name_of[at].is_some() {
        return 0.0;
    }
    if settings.cues.iter().any(|c| c == token.lower) {
        return 0.95;
    }
    let found = cue(token.lower).map_or(0.0, |c| c.share);
    // A determiner before it makes it a noun: "a call", "the support".
    let noun = at > 0
        && matches!(
            article.tokens[at - 1].lower,
            "the"
                | "a"
                | "an"
                | "his"
                | "her"
                | "their"
                | "its"
                | "no"
                | "this"
                | "of"
                | "in"
                | "for"
                | "with"
                | "and"
                | "'s"
                | "to"
                | "by"
                | "on"
        );
    if noun
        && !matches!(token.lower, "said" | "says" | "told" | "adding" | "saying" | "added")
        && !(matches!(article.tokens[at - 1].lower, "and" | "'s") && found > 0.5)
    {
        return found * 0.3;
    }
    found
}

/// All quotes of an article in text order.
pub fn quotes(article: &Article, settings: &Settings) -> Vec<Quote> {
    let (marked, paragraph_of) = marked(article, settings);
    let mut out: Vec<Quote> = Vec::new();
    let mut covered = vec![false; marked.len()];
    let mut groups = 0;
    tagged(article, settings, &marked, &mut covered, &mut groups, &mut out);
    direct(article, settings, &marked, &paragraph_of, &covered, &mut groups, &mut out);
    out.sort_by_key(|q| (q.span.start, q.span.end));
    out
}

/// The attributions that the model finds.
fn tagged(
    article: &Article,
    settings: &Settings,
    marked: &[Region],
    covered: &mut [bool],
    groups: &mut usize,
    out: &mut Vec<Quote>,
) {
    let model = Model::shipped();
    let mut attributor = Attributor::default();
    let (mut ranges, mut row, mut found) = (Vec::new(), Vec::new(), Vec::new());
    for &(from, to, zone) in &article.paragraphs {
        if matches!(
            zone,
            ZoneKind::Boilerplate | ZoneKind::Table | ZoneKind::Byline | ZoneKind::Date | ZoneKind::Dateline
        ) {
            continue;
        }
        ranges.clear();
        passages(article, from, to, marked, &mut ranges);
        for &(from, to) in &ranges {
            items(article, from, to, marked, &mut row);
            attributor.attribute(article, &row, model, &mut found);
            found.sort_by_key(|f| f.cue);
            let mut subject = None;
            for f in &found {
                *groups += 1;
                let group = *groups;
                let phrase = |range| attribute::tokens(&row, range);
                let speaker =
                    f.source.map(phrase).or_else(|| unmarked_source(article, phrase(f.cue).start, from, to, subject));
                subject = speaker.or(subject);
                for &piece in &f.pieces {
                    let Phrase { start, end } = phrase(piece);
                    let a = Attribution {
                        speaker,
                        cue: Some(phrase(f.cue)),
                        rule: "tagged",
                        confidence: f.sure,
                        ..Attribution::default()
                    };
                    push(article, settings, start, end, a, marked, covered, group, out);
                }
            }
        }
    }
}

/// Who says what the cue `verb` leads in, where the model has found nobody: its grammatical subject, or that of the cue before it.
fn unmarked_source(
    article: &Article,
    verb: usize,
    from: usize,
    to: usize,
    before: Option<Phrase>,
) -> Option<Phrase> {
    if article.lower(verb) == "according" {
        return source_right(article, verb + 2, to);
    }
    if verb == from {
        return before;
    }
    let passive = article.tags[verb] == tag::VBN
        && (from..verb).rev().take(3).any(|i| matches!(article.lower(i), "is" | "was" | "are" | "were" | "be" | "been"));
    if passive {
        return None;
    }
    let joined = matches!(article.tags[verb - 1], tag::CC | tag::PUNCT | tag::RB);
    if article.tags[verb] == tag::VBG || joined {
        if article.lower(verb - 1) == "as" {
            return article.noun_phrase_left(verb - 1, from);
        }
        if joined && let Some(subject) = before.or_else(|| first_phrase(article, from, verb)) {
            return Some(subject);
        }
    }
    if !tag::is_verb(article.tags[verb]) {
        return None;
    }
    article.subject_left(verb, from)
}

/// The marked stretches of an article, and the paragraph that each stands in.
pub fn marked(article: &Article, settings: &Settings) -> (Vec<Region>, Vec<usize>) {
    let british = single_style(article.tokens);
    let mut marked: Vec<Region> = Vec::new();
    let mut paragraph_of: Vec<usize> = Vec::new();
    for (number, &(from, to, zone)) in article.paragraphs.iter().enumerate() {
        let headline = matches!(zone, ZoneKind::Headline | ZoneKind::Subhead | ZoneKind::Caption);
        let singles = settings.singles.unwrap_or(british || headline);
        let before = marked.len();
        regions(article.tokens, from, to, singles, &mut marked);
        paragraph_of.extend(std::iter::repeat_n(number, marked.len() - before));
    }
    (marked, paragraph_of)
}

/// Whether the article's outer marks are single ones: more speech opens with them than with double ones.
fn single_style(tokens: &[Token]) -> bool {
    let (mut single, mut double, mut inside) = (0u32, 0u32, None);
    for token in tokens {
        if token.shape.has(Shape::PARAGRAPH_START) {
            inside = None;
        }
        let is_single = is_single(token.text);
        match token.shape.class() {
            Class::OpenQuote if inside.is_none() => {
                inside = Some(is_single);
                *if is_single { &mut single } else { &mut double } += 1;
            }
            Class::CloseQuote if inside == Some(is_single) => inside = None,
            _ => {}
        }
    }
    single > double
}

/// The marked stretch that token `at` stands in.
fn region_at(marked: &[Region], at: usize) -> Option<usize> {
    let i = marked.partition_point(|r| r.open <= at).checked_sub(1)?;
    (marked[i].close >= at).then_some(i)
}

/// Verbs that take a person between themselves and what is said.
fn takes_addressee(word: &str) -> bool {
    matches!(
        word,
        "told"
            | "tells"
            | "tell"
            | "telling"
            | "informed"
            | "assured"
            | "reminded"
            | "warned"
            | "asked"
            | "urged"
            | "advised"
            | "accused"
            | "convinced"
            | "promised"
            | "notified"
            | "urges"
            | "asks"
            | "urging"
            | "asking"
            | "ordered"
            | "encouraged"
            | "called"
            | "invited"
    )
}

fn is_day(word: &str) -> bool {
    matches!(
        word,
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "yesterday"
            | "today"
            | "earlier"
            | "later"
            | "recently"
            | "tonight"
            | "again"
            | "separately"
            | "afterwards"
            | "also"
    )
}

/// Where the content begins behind the cue at `verb`, and the addressee.
fn content_start(article: &Article, verb: usize, end: usize) -> (usize, Option<Phrase>) {
    let mut at = verb + 1;
    let mut addressee = None;
    if takes_addressee(article.lower(verb)) && at < end {
        let from = at;
        let word = article.lower(at);
        if matches!(
            word,
            "him"
                | "her"
                | "them"
                | "me"
                | "us"
                | "you"
                | "it"
                | "reporters"
                | "journalists"
                | "lawmakers"
                | "parliament"
                | "police"
                | "investors"
                | "supporters"
        ) {
            at += 1;
        } else {
            if matches!(word, "the" | "a" | "an" | "his" | "her" | "their" | "its") {
                at += 1;
            }
            let first = at;
            while at < end
                && at - first < 8
                && (article.name_of[at].is_some()
                    || (article.tokens[at].shape.class() == Class::Word
                        && (article.tokens[at].shape.letters() != Letters::Lower
                            || first == at
                            || article.tokens[at].shape.has(Shape::CLITIC))))
                && !matches!(
                    article.lower(at),
                    "that"
                        | "to"
                        | "he"
                        | "she"
                        | "it"
                        | "they"
                        | "the"
                        | "there"
                        | "in"
                        | "on"
                        | "how"
                        | "about"
                        | "of"
                )
            {
                at += 1;
            }
        }
        if at > from && at < end {
            addressee = Some(Phrase { start: from, end: at });
        } else {
            at = from;
        }
    }
    // "Wednesday", "on Monday", "in a statement", "at a rally": up to the "that" or the clause behind.
    loop {
        let word = article.lower(at);
        if at >= end {
            break;
        }
        if is_day(word) {
            at += 1;
            continue;
        }
        if matches!(word, "on" | "in" | "at" | "during" | "after" | "via" | "through" | "to")
            && article.lower(verb) != "to"
        {
            let limit = (at + 12).min(end);
            if let Some(that) = (at..limit).find(|i| article.lower(*i) == "that" && *i > at + 1) {
                let clean = (at..that).all(|i| !matches!(article.tokens[i].shape.class(), Class::OpenQuote));
                if clean && word != "to" {
                    at = that;
                    break;
                }
            }
            if word == "on" && is_day(article.lower(at + 1)) {
                at += 2;
                continue;
            }
        }
        if article.tokens[at].text == "," && is_day(article.lower(at + 1)) {
            break;
        }
        break;
    }
    if article.lower(at) == "that" && at + 1 < end {
        at += 1;
    }
    (at, addressee)
}

/// The first noun phrase of the sentence: the subject of participles that have none.
fn first_phrase(article: &Article, from: usize, to: usize) -> Option<Phrase> {
    let at = (from..to).find(|i| article.name_of[*i].is_some() || is_pronoun(article.lower(*i)))?;
    if article.name_of[at].is_none() {
        return Some(Phrase { start: at, end: at + 1 });
    }
    let mut end = at + 1;
    while end < to && article.name_of[end] == article.name_of[at] {
        end += 1;
    }
    article.noun_phrase_left(end, from)
}

/// A source behind "according to": a noun phrase with what belongs to it.
fn source_right(article: &Article, start: usize, end: usize) -> Option<Phrase> {
    let mut at = start;
    while at < end && at - start < 16 {
        let token = &article.tokens[at];
        let stops = matches!(token.shape.class(), Class::OpenQuote | Class::CloseQuote)
            || (token.shape.class() == Class::Punctuation && !token.shape.has(Shape::DASH))
            || matches!(
                token.lower,
                "that"
                    | "which"
                    | "who"
                    | "released"
                    | "published"
                    | "obtained"
                    | "conducted"
                    | "but"
                    | "while"
                    | "as"
                    | "when"
            );
        if stops && article.name_of[at].is_none() {
            break;
        }
        at += 1;
    }
    (at > start).then_some(Phrase { start, end: at })
}

/// Adds a quote whose content are the tokens `from..to`.
#[allow(clippy::too_many_arguments)]
fn push(
    article: &Article,
    settings: &Settings,
    mut from: usize,
    mut to: usize,
    a: Attribution,
    marked: &[Region],
    covered: &mut [bool],
    group: usize,
    out: &mut Vec<Quote>,
) {
    let class = |at: usize| article.tokens[at].shape.class();
    while from < to && (class(from) == Class::CloseQuote || matches!(article.tokens[from].text, "," | ":" | ";")) {
        from += 1;
    }
    while to > from
        && (class(to - 1) == Class::OpenQuote || matches!(article.tokens[to - 1].text, "," | "." | ":" | ";"))
    {
        to -= 1;
    }
    if to <= from {
        return;
    }
    let (mut inside, mut all) = (0, 0);
    for at in from..to {
        if matches!(class(at), Class::OpenQuote | Class::CloseQuote | Class::Punctuation) {
            continue;
        }
        let len = article.tokens[at].text.len();
        all += len;
        if let Some(region) = region_at(marked, at) {
            inside += len;
            covered[region] = true;
        }
    }
    let kind = if all > 0 && inside * 10 >= all * 9 {
        Kind::Direct
    } else if inside > 0 {
        Kind::Mixed
    } else {
        Kind::Indirect
    };
    if kind == Kind::Direct {
        // All of it stands between two marks: these are no part of it.
        while from + 1 < to && class(from) == Class::OpenQuote {
            from += 1;
        }
        while to > from + 1 && class(to - 1) == Class::CloseQuote {
            to -= 1;
        }
    } else if !settings.indirect {
        return;
    }
    out.push(Quote {
        span: Span::new(article.tokens[from].span.start, article.tokens[to - 1].span.end),
        kind,
        group,
        speaker: a.speaker,
        cue: a.cue,
        addressee: a.addressee,
        via: a.via,
        negated: a.negated,
        confidence: a.confidence,
        rule: a.rule,
    });
}

/// Attributes each marked stretch that is not part of mixed speech.
fn direct(
    article: &Article,
    settings: &Settings,
    marked: &[Region],
    paragraph_of: &[usize],
    covered: &[bool],
    groups: &mut usize,
    out: &mut Vec<Quote>,
) {
    // The last attribution with its paragraph: what a continuation carries on.
    let mut last: Option<(Attribution, usize, usize)> = None;
    for (number, region) in marked.iter().enumerate() {
        let paragraph = paragraph_of[number];
        if covered[number] {
            let first = article.tokens[region.open + 1].span;
            let inside = out.iter().rev().find(|q| q.span.start <= first.start && q.span.end >= first.end);
            if let Some(q) = inside {
                let a = Attribution {
                    speaker: q.speaker,
                    cue: q.cue,
                    rule: "continuation",
                    confidence: q.confidence,
                    ..Attribution::default()
                };
                last = Some((a, paragraph, q.group));
            }
            continue;
        }
        let (mut from, to) = (region.open + 1, region.close);
        let script = transcript(article, region);
        if let Some((_, begin)) = script {
            from = begin.min(to.saturating_sub(1)).max(from);
        }
        let words = article.words_in(from, to);
        if words < settings.min_words.max(1) {
            continue;
        }
        let (p_from, p_to, zone) = article.paragraphs[paragraph];
        let headline = matches!(zone, ZoneKind::Headline | ZoneKind::Subhead);
        let found = script
            .map(|s| s.0)
            .or_else(|| around(article, settings, marked, number, p_from, p_to))
            .or_else(|| if headline { headline_speaker(article, region, p_from) } else { None });
        let before_same = last.filter(|l| l.1 == paragraph);
        let speech_marks = to > from
            && matches!(article.tokens[to - 1].text, "," | "." | "?" | "!" | "\u{2026}" | "..." | "\u{2014}" | "--");
        let alone = (to - from) * 10 >= (p_to - p_from) * 6;
        let (a, group) = match found {
            Some(a) => {
                let joined = before_same.filter(|l| same_speaker(l.0, a)).map(|l| l.2);
                (a, joined)
            }
            None if words < 3 && !(speech_marks && before_same.is_some()) => continue,
            None if before_same.is_some() && (speech_marks || words >= 6) => {
                let (a, _, group) = before_same.unwrap_or_default();
                (Attribution { rule: "continuation", confidence: a.confidence * 0.95, ..a }, Some(group))
            }
            None if alone => {
                // A paragraph of nothing but speech: whoever the paragraph before announces, or who spoke there last.
                let announced =
                    paragraph.checked_sub(1).is_some_and(|p| article.tokens[article.paragraphs[p].1 - 1].text == ":");
                match last.filter(|l| l.1 + 2 > paragraph && l.0.speaker.is_some() && !announced) {
                    Some((a, _, group)) => (
                        Attribution { rule: "paragraph", confidence: 0.7, ..a },
                        Some(group).filter(|_| goes_on(marked, number)),
                    ),
                    None => (introduced(article, settings, paragraph), None),
                }
            }
            None if words >= 6 || (speech_marks && words >= 4) => {
                (Attribution { rule: "unattributed", confidence: 0.5, ..Attribution::default() }, None)
            }
            None => continue,
        };
        let group = group.unwrap_or_else(|| {
            *groups += 1;
            *groups
        });
        last = Some((a, paragraph, group));
        out.push(Quote {
            span: Span::new(article.tokens[from].span.start, article.tokens[to - 1].span.end),
            kind: if headline { Kind::Mixed } else { Kind::Direct },
            group,
            speaker: a.speaker,
            cue: a.cue,
            addressee: a.addressee,
            via: a.via,
            negated: a.negated,
            confidence: a.confidence.clamp(0.05, 0.99),
            rule: a.rule,
        });
    }
}

fn same_speaker(a: Attribution, b: Attribution) -> bool {
    a.speaker == b.speaker && a.speaker.is_some()
}

/// "North Korea's Kim: ‘Unconditional support’": what stands before the colon.
fn headline_speaker(article: &Article, region: &Region, from: usize) -> Option<Attribution> {
    let colon = (from..region.open).find(|i| article.tokens[*i].text == ":")?;
    let speaker = article.noun_phrase_left(colon, from)?;
    Some(Attribution { speaker: Some(speaker), rule: "headline-colon", confidence: 0.85, ..Attribution::default() })
}

/// Whether the stretch goes on with one of the paragraph before that was never closed.
fn goes_on(marked: &[Region], number: usize) -> bool {
    number.checked_sub(1).is_some_and(|n| !marked[n].closed)
}

/// The speaker whom the sentence before a paragraph of speech names.
fn introduced(article: &Article, settings: &Settings, paragraph: usize) -> Attribution {
    let unknown = Attribution { rule: "unattributed", confidence: 0.45, ..Attribution::default() };
    let Some(before) = paragraph.checked_sub(1) else { return unknown };
    let (from, to, _) = article.paragraphs[before];
    let floor = to.saturating_sub(40).max(from);
    let Some(verb) = (floor..to).rev().find(|i| share(article, *i, settings) > 0.5) else { return unknown };
    match article.subject_left(verb, floor) {
        Some(speaker) => Attribution {
            speaker: Some(speaker),
            cue: Some(Phrase { start: verb, end: verb + 1 }),
            rule: "introduced",
            confidence: 0.6,
            ..Attribution::default()
        },
        None => unknown,
    }
}

/// The cue and speaker around a marked stretch, in its sentence.
fn around(
    article: &Article,
    settings: &Settings,
    marked: &[Region],
    number: usize,
    p_from: usize,
    p_to: usize,
) -> Option<Attribution> {
    let region = &marked[number];
    let ceiling = marked.get(number + 1).map_or(p_to, |r| r.open.min(p_to));
    let floor = number.checked_sub(1).map_or(p_from, |n| (marked[n].close + usize::from(marked[n].closed)).max(p_from));
    let behind = behind(article, settings, region, ceiling);
    let before = before(article, settings, region, floor);
    let ends = region.close > 0
        && region.closed
        && article.tokens[region.close - 1].text == "."
        && !article.tokens.get(region.close + 1).is_some_and(|t| t.shape.letters() == Letters::Lower);
    match (behind, before) {
        (Some(a), Some(b)) => {
            let led =
                region.open > 0 && matches!(article.tokens[region.open - 1].text, "," | ":") && b.confidence > 0.8;
            Some(if (led && article.tokens[region.close - 1].text != ",") || ends { b } else { a })
        }
        (Some(a), None) if !ends || article.tokens[region.close - 1].text != "." => Some(a),
        (Some(a), None) => Some(Attribution { confidence: a.confidence * 0.7, ..a }),
        (None, b) => b,
    }
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
    let sign = article.tokens.get(dash).filter(|_| dash < ceiling)?;
    if !sign.shape.has(Shape::DASH) || article.name_of.get(dash + 1).copied().flatten().is_none() {
        return None;
    }
    let name = article.name_of[dash + 1];
    let mut end = dash + 1;
    while end < ceiling && article.name_of[end] == name {
        end += 1;
    }
    let alone = article.tokens.get(end).is_none_or(|t| {
        t.shape.class() == Class::Punctuation
            || t.shape.has(Shape::PARAGRAPH_START)
            || t.shape.class() == Class::OpenQuote
    });
    let cue = Some(Phrase { start: dash, end: dash + 1 });
    alone.then_some(Attribution {
        speaker: Some(Phrase { start: dash + 1, end }),
        cue,
        rule: "signature",
        confidence: 0.9,
        ..Attribution::default()
    })
}

fn behind(article: &Article, settings: &Settings, region: &Region, ceiling: usize) -> Option<Attribution> {
    if !region.closed {
        return None;
    }
    if let Some(a) = signed(article, region, ceiling) {
        return Some(a);
    }
    let mut start = region.close + 1;
    while start < ceiling
        && (matches!(article.tokens[start].text, "," | "-" | "\u{2014}" | "\u{2013}" | "--")
            || matches!(article.lower(start), "as" | "is" | "was" | "what"))
        && start < region.close + 3
    {
        start += 1;
    }
    let mut stop = start;
    while stop < ceiling && stop < start + 24 {
        let token = &article.tokens[stop];
        if token.shape.class() == Class::Punctuation && matches!(token.text, "." | "?" | "!" | ";") {
            break;
        }
        stop += 1;
    }
    if article.lower(start) == "according" && article.lower(start + 1) == "to" {
        let speaker = source_right(article, start + 2, stop)?;
        return Some(Attribution {
            speaker: Some(speaker),
            cue: Some(Phrase { start, end: start + 2 }),
            rule: "after-according-to",
            confidence: 0.93,
            ..Attribution::default()
        });
    }
    for verb in start..stop {
        let strength = share(article, verb, settings);
        if strength < 0.25 {
            continue;
        }
        let cue = Some(Phrase { start: verb, end: verb + 1 });
        let negated = (start..verb).any(|i| matches!(article.lower(i), "n't" | "not" | "never"));
        let (_, addressee) = content_start(article, verb, stop);
        let via = via(article, verb, stop);
        if (verb == start
            || (verb == start + 1
                && (article.lower(start).ends_with("ly") || matches!(article.lower(start), "also" | "then"))))
            && let Some(speaker) = article.subject_right(verb, stop)
        {
            return Some(Attribution {
                speaker: Some(speaker),
                cue,
                addressee: None,
                via,
                negated,
                rule: "after-cue-speaker",
                confidence: 0.97,
            });
        }
        if let Some(speaker) = article.subject_left(verb, start) {
            // The subject begins right behind the marks.
            if speaker.start <= start + 2 {
                let pronoun = speaker.end - speaker.start == 1 && is_pronoun(article.lower(speaker.start));
                let rule = if pronoun { "after-pronoun" } else { "after-speaker-cue" };
                return Some(Attribution {
                    speaker: Some(speaker),
                    cue,
                    addressee,
                    via,
                    negated,
                    rule,
                    confidence: 0.97,
                });
            }
        }
        if strength > 0.5 {
            break;
        }
    }
    None
}

/// "according to Russian state media" behind the cue: the medium.
fn via(article: &Article, verb: usize, stop: usize) -> Option<Phrase> {
    let at = (verb + 1..stop).find(|i| article.lower(*i) == "according" && article.lower(*i + 1) == "to")?;
    source_right(article, at + 2, stop)
}

fn before(article: &Article, settings: &Settings, region: &Region, floor: usize) -> Option<Attribution> {
    // Back to the beginning of the sentence.
    let mut start = region.open;
    while start > floor && region.open - start < 30 {
        let token = &article.tokens[start - 1];
        if token.shape.class() == Class::Punctuation && matches!(token.text, "." | "?" | "!") {
            break;
        }
        start -= 1;
    }
    let open = region.open;
    if open == start {
        return None;
    }
    // "PENCE: ..." and "Q: ..."
    if article.tokens[open - 1].text == ":"
        && open - start <= 6
        && let Some(speaker) = article.noun_phrase_left(open - 1, start)
        && speaker.start == start
    {
        return Some(Attribution {
            speaker: Some(speaker),
            cue: Some(Phrase { start: open - 1, end: open }),
            rule: "colon",
            confidence: 0.9,
            ..Attribution::default()
        });
    }
    if let Some(at) = (start..open).find(|i| article.lower(*i) == "according" && article.lower(*i + 1) == "to")
        && let Some(speaker) = source_right(article, at + 2, open)
    {
        return Some(Attribution {
            speaker: Some(speaker),
            cue: Some(Phrase { start: at, end: at + 2 }),
            rule: "before-according-to",
            confidence: 0.85,
            ..Attribution::default()
        });
    }
    for verb in (start..open).rev() {
        let strength = share(article, verb, settings);
        let near = open - verb <= 3;
        if strength < if near { 0.2 } else { 0.42 } {
            continue;
        }
        let cue = Some(Phrase { start: verb, end: verb + 1 });
        let negated = (start..verb).rev().take(3).any(|i| matches!(article.lower(i), "n't" | "not" | "never"));
        let (_, addressee) = content_start(article, verb, open);
        let subject = article.subject_left(verb, start).or_else(|| first_phrase(article, start, verb));
        if let Some(speaker) = subject {
            let direct = matches!(article.tokens[open - 1].text, "," | ":") || near;
            return Some(Attribution {
                speaker: Some(speaker),
                cue,
                addressee,
                via: None,
                negated,
                rule: "before-speaker-cue",
                confidence: if direct { 0.93 } else { 0.75 },
            });
        }
    }
    None
}
