//! From marks and the model to quotes. First the attributions that a cue makes, passage by passage, with all that stands between marks as one
//! item ([`crate::attribute`]); then the speech between marks that is left ([`crate::direct`]).

use crate::article::Article;
use crate::attribute::{self, Attributor};
use crate::direct::{Marked, direct};
use crate::marks::{is_single, regions};
use crate::model::Model;
use crate::passage::{FOUR_WORDS, Item, QUOTED, items, passages};
use crate::phrase::Phrase;
use crate::sides;
use crate::words::tag;
use factbox_sdk::{Class, Shape, Span, Token, ZoneKind};

/// Options of the engine.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Look for indirect and mixed speech.
    pub indirect: bool,
    /// Least words of a marked stretch.
    pub min_words: usize,
    /// Least confidence of a quote.
    pub minimum: f32,
    /// Single marks: `Some(true)` always, `Some(false)` never, `None` where the article has no double ones or the stretch stands in a headline.
    pub singles: Option<bool>,
    /// The user's own cues.
    pub cues: Vec<String>,
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
    /// Who says it, by which words.
    pub attribution: Attribution,
}

/// Who says something, by which words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Attribution {
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
    /// The rule that made it.
    pub rule: &'static str,
    /// How sure.
    pub confidence: f32,
}

/// Tokens of the longest speaker. A stretch between marks may be part of one, and each quote that goes on with it names it again.
const LONGEST_SPEAKER: usize = 120;

/// All quotes of an article in text order, and its marked stretches.
pub fn quotes(article: &Article, settings: &Settings, model: &Model) -> (Vec<Quote>, Marked) {
    let mut marked = marked(article, settings);
    let mut out: Vec<Quote> = Vec::new();
    let mut groups = 0;
    tagged(article, settings, model, &mut marked, &mut groups, &mut out);
    out.sort_by_key(|q| (q.span.start, q.span.end));
    direct(article, settings.min_words, &marked, &mut groups, &mut out);
    out.retain(|q| q.attribution.confidence >= settings.minimum && (settings.indirect || q.kind == Kind::Direct));
    out.sort_by_key(|q| (q.span.start, q.span.end));
    (out, marked)
}

/// The marked stretches of an article.
pub fn marked(article: &Article, settings: &Settings) -> Marked {
    let british = single_style(article.tokens);
    let (mut all, mut paragraph_of) = (Vec::new(), Vec::new());
    for (number, p) in article.paragraphs.iter().enumerate() {
        let singles = settings.singles.unwrap_or(british || article.titles(number) || p.zone == ZoneKind::Caption);
        regions(article.tokens, p.from, p.to, singles, &mut all);
        paragraph_of.resize(all.len(), number);
    }
    Marked { covered: vec![false; all.len()], spoken: vec![0.0; all.len()], regions: all, paragraph_of }
}

/// Whether the article's outer marks are single ones: more speech opens with them than with double ones.
fn single_style(tokens: &[Token]) -> bool {
    let (mut single, mut double, mut inside) = (0u32, 0u32, None);
    for token in tokens {
        if token.shape.has(Shape::PARAGRAPH_START) {
            inside = None;
        }
        match token.shape.class() {
            Class::OpenQuote if inside.is_none() => {
                let is_single = is_single(token.text);
                inside = Some(is_single);
                *if is_single { &mut single } else { &mut double } += 1;
            }
            Class::CloseQuote if inside == Some(is_single(token.text)) => inside = None,
            _ => {}
        }
    }
    single > double
}

/// The attributions that the model finds; how probably each marked stretch is speech.
fn tagged(
    article: &Article,
    settings: &Settings,
    model: &Model,
    marked: &mut Marked,
    groups: &mut usize,
    out: &mut Vec<Quote>,
) {
    let mut attributor = Attributor::new(&settings.cues);
    let (mut ranges, mut row, mut found) = (Vec::new(), Vec::new(), Vec::new());
    for p in article.paragraphs.iter().filter(|p| !p.silent()) {
        ranges.clear();
        passages(article, p.from, p.to, &marked.regions, &mut ranges);
        for &(from, to) in &ranges {
            items(article, from, to, &marked.regions, &mut row);
            attributor.attribute(article, &row, model, &mut found);
            for i in (0..row.len()).filter(|&i| row[i].tag == QUOTED) {
                if let Ok(region) = marked.regions.binary_search_by_key(&(row[i].first as usize), |r| r.open) {
                    let names = names_something(article, &row, i);
                    marked.spoken[region] = if names { 0.0 } else { attributor.spoken(article, &row, i, model) };
                }
            }
            found.sort_by_key(|f| f.cue);
            let mut subject = None;
            for f in &found {
                let phrase = |range| attribute::tokens(&row, range);
                let cue = phrase(f.cue);
                let source = f.source.map(phrase).filter(|p| p.end - p.start <= LONGEST_SPEAKER);
                let speaker = source.or_else(|| sides::subject(article, cue.start, from, to, subject));
                let relative = |p: &Phrase| matches!(article.lower(p.start), "who" | "which" | "that");
                subject = speaker.filter(|p| !relative(p)).or(subject);
                let according = article.lower(cue.start) == "according";
                let whole = according && article.lower(cue.end) == "to";
                let a = Attribution {
                    speaker,
                    cue: Some(if whole { Phrase { end: cue.end + 1, ..cue } } else { cue }),
                    addressee: sides::addressee(article, cue.start, to),
                    via: f
                        .via
                        .map(phrase)
                        .or_else(|| if according { None } else { sides::via(article, cue.start, to) }),
                    negated: sides::negated(article, cue.start, from),
                    rule: "tagged",
                    confidence: f.sure,
                };
                *groups += 1;
                for &piece in &f.pieces {
                    let region = (piece.1 - piece.0 == 1 && row[piece.0].tag == QUOTED)
                        .then(|| marked.region_at(row[piece.0].first as usize))
                        .flatten();
                    if region.is_some_and(|r| marked.spoken[r] < MUTE) {
                        continue;
                    }
                    let mut content = phrase(piece);
                    if let Some(told) = a.addressee.filter(|p| p.start == content.start)
                        && sides::clause_follows(article, told.end, content.end)
                    {
                        content.start = told.end;
                    }
                    push(article, content, a, marked, *groups, out);
                }
            }
        }
    }
}

/// Whether the marked stretch `at` of a passage is part of somebody's name ("Robert “Bobby” Scott") or the title of what a person made ("“Harbour”
/// director Lena Marsh").
fn names_something(article: &Article, items: &[Item], at: usize) -> bool {
    let person = |i: usize| items.get(i).is_some_and(|x| x.name == 1);
    let end = items[at].end as usize;
    let nickname = article.name_of[end - 1].is_some() || at > 0 && person(at - 1) && person(at + 1);
    // Speech ends in a comma or stop.
    let bare = end.checked_sub(2).is_some_and(|i| article.tokens[i].shape.class() == Class::Word);
    let profession = items.get(at + 1).is_some_and(|x| x.tag == tag::NN && x.name == 0);
    nickname || items[at].cluster < FOUR_WORDS && bare && profession && person(at + 2)
}

/// Probability of speech below which a marked stretch is a title or a word held at a distance, whatever cue stands near (tuned on development
/// articles).
const MUTE: f32 = 0.4;

/// Farthest that the conjunction can stand behind the words that lead up to it, in tokens.
const LEAD: usize = 16;

/// Adds a quote.
fn push(article: &Article, content: Phrase, a: Attribution, marked: &mut Marked, group: usize, out: &mut Vec<Quote>) {
    let Phrase { start: mut from, end: mut to } = content;
    let class = |at: usize| article.tokens[at].shape.class();
    let loose = |at: usize| class(at) == Class::Punctuation && matches!(article.written(at), "," | "." | ":" | ";");
    while from < to && (class(from) == Class::CloseQuote || loose(from)) {
        from += 1;
    }
    while to > from && (class(to - 1) == Class::OpenQuote || loose(to - 1)) {
        to -= 1;
    }
    // "said that the dam": the conjunction is no part of what is said.
    let verb = |at: usize| tag::is_verb(article.tags[at]) || article.tags[at] == tag::MD;
    if to > from + 2 && article.lower(from) == "that" && !verb(from + 1) {
        from += 1;
    }
    // "told Reuters on his return from Oslo that the dam": what leads up to the conjunction is none either.
    let finite = |at: &usize| tag::is_finite(article.tags[*at]);
    let behind = a.cue.is_some_and(|c| c.end <= from);
    if behind
        && from > 0
        && matches!(article.tags[from - 1], tag::IN | tag::TO)
        && let Some(that) =
            (from..to.min(from + LEAD)).find(|at| article.lower(*at) == "that" && article.tags[*at] == tag::IN)
        && !(from..that).any(|at| finite(&at))
        && that + 2 < to
    {
        from = that + 1;
    }
    // "said backstage that the prize": nor is a word of when or where.
    let loose_word = |at: usize| matches!(article.tags[at], tag::RB | tag::NN | tag::NNP);
    if behind
        && a.cue.is_some_and(|c| c.end == from)
        && let Some(that) = (from + 1..to.min(from + 3)).find(|at| article.lower(*at) == "that")
        && (from..that).all(loose_word)
        && that + 2 < to
    {
        from = that + 1;
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
        if let Some(region) = marked.region_at(at) {
            inside += len;
            marked.covered[region] = true;
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
    }
    out.push(Quote {
        span: Span::new(article.tokens[from].span.start, article.tokens[to - 1].span.end),
        kind,
        group,
        attribution: a,
    });
}
