//! From marks, cues and phrases to quotes. First speech without marks and mixed speech, sentence by sentence, with all marked stretches masked; then each
//! marked stretch gets the cue and speaker around it, those of its neighbours, or none.

use crate::cues::cue;
use crate::marks::{Region, is_single, regions};
use crate::phrase::{Phrase, is_pronoun};
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
    ) -> Self {
        let range = |span: Span| {
            (tokens.partition_point(|t| t.span.end <= span.start), tokens.partition_point(|t| t.span.start < span.end))
        };
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
        }
    }

    fn lower(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| t.lower)
    }

    /// Words (not signs) among the tokens `from..to`.
    fn words(&self, from: usize, to: usize) -> usize {
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
    let mut out: Vec<Quote> = Vec::new();
    let mut covered = vec![false; marked.len()];
    let mut groups = 0;
    if settings.indirect {
        for number in 0..article.sentences.len() {
            sentence(article, settings, number, &marked, &mut covered, &mut groups, &mut out);
        }
    }
    direct(article, settings, &marked, &paragraph_of, &covered, &mut groups, &mut out);
    out.sort_by_key(|q| (q.span.start, q.span.end));
    out
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

/// Where the content that begins at `from` ends: the sentence's end, or where another attribution begins.
fn content_end(article: &Article, settings: &Settings, from: usize, end: usize, marked: &[Region]) -> usize {
    let mut at = from + 1;
    while at < end {
        if region_at(marked, at).is_some() {
            at += 1;
            continue;
        }
        let word = article.lower(at);
        let comma = article.tokens[at].text == ",";
        if word == "according" && article.lower(at + 1) == "to" {
            return if article.tokens[at - 1].text == "," { at - 1 } else { at };
        }
        if comma
            && matches!(
                article.lower(at + 1),
                "adding"
                    | "saying"
                    | "noting"
                    | "arguing"
                    | "claiming"
                    | "warning"
                    | "calling"
                    | "citing"
                    | "insisting"
                    | "stressing"
                    | "explaining"
            )
        {
            return at;
        }
        if matches!(word, "and" | "but" | "while" | "although" | "though") && at + 2 < end {
            // A new cue in the words that follow begins another attribution.
            let next = (at + 1..(at + 7).min(end))
                .find(|i| share(article, *i, settings) > 0.6 && !matches!(article.lower(*i), "expected"));
            if let Some(next) = next {
                let plain = next == at + 1 || article.subject_left(next, at + 1).is_some_and(|p| p.start <= at + 2);
                if plain && region_at(marked, next).is_none() {
                    return if article.tokens[at - 1].text == "," { at - 1 } else { at };
                }
            }
        }
        at += 1;
    }
    let mut stop = end;
    while stop > from
        && (article.tokens[stop - 1].shape.class() == Class::Punctuation
            && matches!(article.tokens[stop - 1].text, "." | "!" | "?" | ";" | ":" | "," | "\u{2026}" | "..."))
    {
        stop -= 1;
    }
    stop
}

/// Least share of attributions among a word's occurrences for it to be taken as a cue (tuned on development articles).
const SURE_CUE: f32 = 0.36;
/// The same where a clause with "that" follows.
const CLAUSE_CUE: f32 = 0.2;

/// Looks for attributions in one sentence.
fn sentence(
    article: &Article,
    settings: &Settings,
    number: usize,
    marked: &[Region],
    covered: &mut [bool],
    groups: &mut usize,
    out: &mut Vec<Quote>,
) {
    let (from, end) = article.sentences[number];
    let zone = ZoneKind::ALL.get((article.tokens[from].shape.0 >> 24 & 15) as usize).copied().unwrap_or(ZoneKind::Body);
    if matches!(zone, ZoneKind::Boilerplate | ZoneKind::Table | ZoneKind::Byline | ZoneKind::Date | ZoneKind::Dateline)
        || end - from < 4
    {
        return;
    }
    let mut taken = from;
    let mut last_subject: Option<Phrase> = None;
    let mut verb = from;
    while verb < end {
        if region_at(marked, verb).is_some() {
            verb += 1;
            continue;
        }
        let strength = share(article, verb, settings);
        // A clause that begins with "that" makes doubtful cues sure.
        let clause = (verb + 1..(verb + 5).min(end)).any(|i| article.lower(i) == "that");
        if strength < if clause { CLAUSE_CUE } else { SURE_CUE } {
            verb += 1;
            continue;
        }
        if article.lower(verb) == "according" {
            if let Some(next) = according(article, verb, from, taken, end, marked, covered, groups, out) {
                taken = next;
                verb = next;
                continue;
            }
            verb += 1;
            continue;
        }
        let participle = article.lower(verb).ends_with("ing");
        let floor = taken.max(from);
        let mut subject = article
            .subject_left(verb, floor)
            .filter(|_| !participle || verb > floor && !matches!(article.tokens[verb - 1].text, ","));
        if subject.is_none()
            && (participle
                || (verb > from && matches!(article.lower(verb - 1), "and" | "but" | "also" | "later" | "then")))
        {
            subject = last_subject.or_else(|| first_phrase(article, from, verb));
        }
        // "media reports quoted unidentified officials as saying"
        if article.lower(verb) == "saying" && verb > from && article.lower(verb - 1) == "as" {
            subject = article.noun_phrase_left(verb - 1, floor).or(subject);
        }
        let (start, addressee) = content_start(article, verb, end);
        let stop = content_end(article, settings, start, end, marked);
        let negated =
            verb > from && (floor..verb).rev().take(3).any(|i| matches!(article.lower(i), "n't" | "not" | "never"));
        let cue = Some(Phrase { start: verb, end: verb + 1 });
        let first = article.tokens.get(start).filter(|_| start < end);
        // "The museum, Mr. Bush said, celebrated": the content on both sides.
        if let (Some(speaker), Some(",")) =
            (subject, article.tokens.get(verb + 1).filter(|_| verb + 1 < end).map(|t| t.text))
        {
            let opened = speaker.start > taken + 1 && article.tokens[speaker.start - 1].text == ",";
            let after = skip_lead(article, verb + 2, end);
            let masked = (taken..end).any(|i| region_at(marked, i).is_some());
            if opened && !masked && strength > 0.5 && article.words(after.min(end), end) >= 2 {
                let mut a = Attribution {
                    speaker: subject,
                    cue: Some(Phrase { start: verb, end: verb + 1 }),
                    ..Attribution::default()
                };
                a.rule = "parenthesis";
                a.confidence = 0.8 * strength;
                let from_here = skip_lead(article, taken, speaker.start - 1);
                push(article, from_here, speaker.start - 1, a, marked, covered, groups, out);
                let stop = content_end(article, settings, after, end, marked);
                let group = *groups;
                push(article, after, stop, a, marked, covered, groups, out);
                if let Some(last) = out.last_mut() {
                    last.group = group;
                }
                last_subject = subject;
                taken = stop;
                verb = stop.max(verb + 1);
                continue;
            }
        }
        let behind =
            first.is_some_and(|t| !matches!(t.shape.class(), Class::Punctuation) || matches!(t.text, "(" | ":"));
        // Where the words behind the cue only tell when or how, the content stands before.
        let tail =
            !behind || article.words(start.min(end), stop.max(start.min(end))) < 2 || circumstance(article, start);
        if tail {
            if let Some(subject) = subject {
                let comma = subject.start.checked_sub(1).filter(|c| *c > taken && article.tokens[*c].text == ",");
                if let Some(comma) = comma.filter(|_| {
                    region_at(marked, subject.start - 1).is_none() && article.words(taken, comma_of(subject)) >= 3
                }) {
                    let inside = (taken..comma).filter(|i| region_at(marked, *i).is_some()).count();
                    if inside * 10 < (comma - taken) * 9 {
                        let a = Attribution {
                            speaker: Some(subject),
                            cue,
                            addressee: None,
                            via: None,
                            negated,
                            rule: "content-speaker-cue",
                            confidence: 0.8 * strength,
                        };
                        push(article, skip_lead(article, taken, comma), comma, a, marked, covered, groups, out);
                    }
                    last_subject = Some(subject);
                    taken = verb + 1;
                    verb += 1;
                    continue;
                }
                // "..., said Ann Smith": inverted, the content before.
            }
            if (subject.is_none() || verb > from && article.tokens[verb - 1].text == ",")
                && let Some(speaker) = article.subject_right(verb, end)
            {
                let comma = verb.checked_sub(1).filter(|c| *c > taken && article.tokens[*c].text == ",");
                if let Some(comma) =
                    comma.filter(|c| region_at(marked, c - 1).is_none() && article.words(taken, *c) >= 3)
                {
                    let a = Attribution {
                        speaker: Some(speaker),
                        cue,
                        addressee: None,
                        via: None,
                        negated,
                        rule: "content-cue-speaker",
                        confidence: 0.8 * strength,
                    };
                    push(article, skip_lead(article, taken, comma), comma, a, marked, covered, groups, out);
                    last_subject = Some(speaker);
                    taken = speaker.end;
                    verb = speaker.end;
                    continue;
                }
            }
            last_subject = subject.or(last_subject);
            verb += 1;
            continue;
        }
        let Some(subject) = subject else {
            verb += 1;
            continue;
        };
        last_subject = Some(subject);
        // All of the content in one marked stretch is direct speech; its turn comes later. So it is where a comma or colon leads to the marks.
        let whole = (start..(start + 7).min(stop)).find_map(|i| region_at(marked, i)).filter(|r| {
            let open = marked[*r].open;
            let led = open == start || matches!(article.tokens[open - 1].text, "," | ":");
            led && open >= start && marked[*r].close + 1 >= stop
        });
        let strong = strength >= SURE_CUE || article.lower(start.saturating_sub(1)) == "that";
        if whole.is_none()
            && strong
            && article.words(start, stop) >= 2
            && !(clause_needed(article.lower(verb))
                && !has_verb(article, start, stop)
                && !(start..stop).any(|i| region_at(marked, i).is_some()))
        {
            // "pledged his “support” for": a noun phrase around marked words is left to the marks.
            let phrase = (start..stop).any(|i| region_at(marked, i).is_some())
                && !takes_clause(article.lower(verb))
                && article.lower(start.saturating_sub(1)) != "that"
                && article.lower(start) != "to";
            if !phrase {
                let a = Attribution {
                    speaker: Some(subject),
                    cue,
                    addressee,
                    via: None,
                    negated,
                    rule: if participle { "participle" } else { "speaker-cue-content" },
                    confidence: 0.9 * strength,
                };
                push(article, start, stop, a, marked, covered, groups, out);
                taken = stop;
                verb = stop.max(verb + 1);
                continue;
            }
        }
        verb += 1;
    }
}

fn comma_of(subject: Phrase) -> usize {
    subject.start.saturating_sub(1)
}

/// Whether the words from `at` on only tell when, where or how: "in a statement", "after the match".
fn circumstance(article: &Article, at: usize) -> bool {
    const LEADS: [&str; 15] = [
        "after",
        "as",
        "at",
        "before",
        "by",
        "during",
        "following",
        "from",
        "in",
        "of",
        "on",
        "through",
        "when",
        "while",
        "with",
    ];
    let measure = article.lower(at) == "at" && matches!(article.lower(at + 1), "least" | "most");
    LEADS.contains(&article.lower(at)) && !measure
}

/// Words that lead into a sentence and are no part of what is said.
fn skip_lead(article: &Article, from: usize, to: usize) -> usize {
    let mut at = from;
    while at < to
        && (matches!(article.tokens[at].shape.class(), Class::Punctuation)
            || matches!(article.lower(at), "but" | "and" | "meanwhile"))
    {
        at += 1;
    }
    at
}

/// Verbs behind which nearly always a clause follows.
fn takes_clause(word: &str) -> bool {
    matches!(
        word,
        "said"
            | "says"
            | "say"
            | "saying"
            | "told"
            | "tells"
            | "added"
            | "adds"
            | "adding"
            | "claimed"
            | "claims"
            | "argued"
            | "argues"
            | "believes"
            | "believe"
            | "believed"
            | "thinks"
            | "think"
            | "thought"
            | "announced"
            | "warned"
            | "warns"
            | "suggested"
            | "suggests"
            | "stated"
            | "states"
            | "insisted"
            | "insists"
            | "noted"
            | "notes"
            | "explained"
            | "explains"
            | "acknowledged"
            | "admitted"
            | "admits"
            | "conceded"
            | "confirmed"
            | "declared"
            | "estimated"
            | "estimates"
            | "reported"
            | "reports"
            | "wrote"
            | "writes"
            | "tweeted"
            | "replied"
            | "asked"
            | "wondered"
            | "hopes"
            | "hoped"
            | "expects"
            | "expected"
            | "recalled"
            | "alleged"
            | "alleges"
    )
}

/// Cues that are mere verbs of feeling unless a clause stands behind.
fn clause_needed(word: &str) -> bool {
    matches!(
        word,
        "found" | "shows" | "showed" | "revealed" | "believe" | "feel" | "felt" | "think" | "know" | "thought"
    )
}

/// Whether a finite verb seems to stand among the tokens.
fn has_verb(article: &Article, from: usize, to: usize) -> bool {
    (from..to).any(|i| {
        let w = article.lower(i);
        matches!(
            w,
            "is" | "was"
                | "are"
                | "were"
                | "has"
                | "had"
                | "have"
                | "will"
                | "would"
                | "can"
                | "could"
                | "should"
                | "may"
                | "might"
                | "must"
                | "do"
                | "does"
                | "did"
                | "'s"
                | "'re"
                | "'ve"
                | "'ll"
                | "'d"
        ) || (w.len() > 4 && w.ends_with("ed"))
    })
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

/// "according to X": the rest of the sentence is what X says. Gives the token to go on from.
#[allow(clippy::too_many_arguments)]
fn according(
    article: &Article,
    at: usize,
    from: usize,
    taken: usize,
    end: usize,
    marked: &[Region],
    covered: &mut [bool],
    groups: &mut usize,
    out: &mut Vec<Quote>,
) -> Option<usize> {
    if article.lower(at + 1) != "to" {
        return None;
    }
    let start = at + 2;
    let speaker = source_right(article, start, end)?;
    let cue = Some(Phrase { start: at, end: at + 2 });
    let a =
        Attribution { speaker: Some(speaker), cue, rule: "according-to", confidence: 0.85, ..Attribution::default() };
    let initial = article.words(from, at) == 0;
    let (a_from, a_to) = if initial {
        let comma = (speaker.end..end).find(|i| article.tokens[*i].text == ",").map_or(speaker.end, |c| c + 1);
        let mut stop = end;
        while stop > comma && article.tokens[stop - 1].shape.class() == Class::Punctuation {
            stop -= 1;
        }
        (comma, stop)
    } else {
        (skip_lead(article, taken, at), at - usize::from(article.tokens[at - 1].text == ","))
    };
    // Directly behind marks it tells who relays or says them.
    let quoted =
        at > from && (region_at(marked, at - 1).is_some() || at > from + 1 && region_at(marked, at - 2).is_some());
    let spoken = (from..at).any(|i| region_at(marked, i).is_some_and(|r| !covered[r]));
    let relays = spoken
        || out.last().is_some_and(|q| q.span.end >= article.tokens[at - 1].span.start && q.rule != "according-to");
    if !quoted && !relays && a_to > a_from && article.words(a_from, a_to) >= 3 {
        push(article, a_from, a_to, a, marked, covered, groups, out);
    }
    Some(if initial { end } else { speaker.end })
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
    mut from: usize,
    mut to: usize,
    a: Attribution,
    marked: &[Region],
    covered: &mut [bool],
    groups: &mut usize,
    out: &mut Vec<Quote>,
) {
    // A mark at the edge is no part of it.
    while from < to && matches!(article.tokens[from].shape.class(), Class::CloseQuote) {
        from += 1;
    }
    while to > from
        && (article.tokens[to - 1].shape.class() == Class::Punctuation && article.tokens[to - 1].text == ","
            || article.tokens[to - 1].shape.class() == Class::OpenQuote)
    {
        to -= 1;
    }
    if to <= from {
        return;
    }
    let (mut inside, mut all) = (0, 0);
    for at in from..to {
        let len = article.tokens[at].text.len();
        if matches!(article.tokens[at].shape.class(), Class::OpenQuote | Class::CloseQuote | Class::Punctuation) {
            continue;
        }
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
    *groups += 1;
    out.push(Quote {
        span: Span::new(article.tokens[from].span.start, article.tokens[to - 1].span.end),
        kind,
        group: *groups,
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
            let inside = out.iter().rev().find(|q| {
                q.span.start <= article.tokens[region.open].span.start
                    && q.span.end >= article.tokens[region.open].span.end
            });
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
        let words = article.words(from, to);
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
