//! Who states a claim: the speaker of the speech it stands in, else "according to ..." in its sentence. A poll or
//! report by someone comes first; without speech, a light look for "X estimates", "..., X said" in the sentence has to do.

use crate::cue::{DOCUMENT, STATES};
use crate::engine::Input;
use crate::tables::Tables;
use factbox_sdk::{Class, Shape, Span, Token};

/// Speech that another plugin found.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// What is said.
    pub span: Span,
    /// Position in the layer.
    pub index: usize,
    /// Who says it, as written.
    pub speaker: Option<Span>,
    /// The speaker's entity.
    pub entity: Option<usize>,
    /// The speaker's name.
    pub name: Option<&'a str>,
    /// The word of saying.
    pub cue: Option<Span>,
    /// It is not in quotation marks.
    pub indirect: bool,
}

/// A name in the article, as another plugin found it.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    /// Where it stands.
    pub span: Span,
    /// Whether it is a person's.
    pub person: bool,
    /// Its entity, by position in that layer.
    pub entity: Option<usize>,
}

/// Who is said to state something, and by which words.
pub type Stated = (Span, &'static str);

/// Who states a claim.
#[derive(Clone, Debug)]
pub struct Source {
    /// As written.
    pub span: Option<Span>,
    /// Entity, by position in its layer.
    pub entity: Option<usize>,
    /// Name.
    pub name: Option<String>,
    /// By which words: "said", "according to".
    pub via: Option<String>,
    /// The speech it stands in, by position in its layer.
    pub quote: Option<usize>,
}

/// The source of the claim at `span`, whose first token is `first`: a poll or report named in its sentence, the speaker of the speech it stands in,
/// "according to", or the subject of a verb that states numbers.
///
/// `known` keeps what "according to" says in the sentence of the claim before, so that long sentences are read once.
pub fn source(input: &Input, span: Span, first: usize, known: &mut Option<(Span, Option<Stated>)>) -> Option<Source> {
    let sentence = sentence(input, span)?;
    let from = input.tokens.partition_point(|t| t.span.end <= sentence.start);
    let to = input.tokens.partition_point(|t| t.span.start < sentence.end);
    let tokens = &input.tokens[from..to];
    let claim = first.saturating_sub(from).min(tokens.len());
    let said = input.said.and_then(|said| {
        // The narrowest speech that holds it and has a speaker. Speech is in text order; pieces are short, so a look back over a few is enough.
        let end = said.partition_point(|s| s.span.start <= span.start);
        let holding = said[end.saturating_sub(12)..end].iter().filter(|s| s.span.end >= span.end);
        holding.filter(|s| s.speaker.is_some() && says(input, s)).min_by_key(|s| s.span.end - s.span.start)
    });
    let plain = |(span, via): (Span, &str)| Source {
        name: Some(span.of(input.text).to_owned()),
        span: Some(span),
        entity: mention_at(input, span).and_then(|m| m.entity),
        via: Some(via.to_owned()),
        quote: said.map(|s| s.index),
    };
    let cues = &input.cues[from..to];
    if let Some(found) = document(input, tokens, cues, claim) {
        return Some(plain(found));
    }
    if let Some(s) = said {
        return Some(Source {
            span: s.speaker.map(|at| named(input, at, s)),
            entity: s.entity,
            name: s.name.map(str::to_owned),
            via: s.cue.map(|c| c.of(input.text).to_owned()),
            quote: Some(s.index),
        });
    }
    let told = match known {
        Some((of, told)) if *of == sentence => *told,
        _ => {
            let told = according(tokens);
            *known = Some((sentence, told));
            told
        }
    };
    told.or_else(|| stated(input, tokens, cues, claim)).map(plain)
}

/// Whether speech is speech: in quotation marks, or by a verb of saying. "The firm sacked two" is told by nobody.
fn says(input: &Input, said: &Said) -> bool {
    let Some(cue) = said.cue.filter(|_| said.indirect) else { return true };
    let cue = cue.of(input.text).to_lowercase();
    cue.split(|c: char| !c.is_alphabetic()).any(|word| Tables::get().says(word))
}

fn mention_at<'a>(input: &'a Input, span: Span) -> Option<&'a Name> {
    let at = input.names.partition_point(|n| n.span.end <= span.start);
    input.names.get(at).filter(|n| n.span.start < span.end)
}

fn is_pronoun(word: &str) -> bool {
    matches!(word, "he" | "she" | "they" | "it" | "i" | "we")
}

/// The mention that a pronoun as speaker stands for: the nearest one before it of the same entity; the speaker as written otherwise.
fn named(input: &Input, at: Span, said: &Said) -> Span {
    let word = at.of(input.text).to_ascii_lowercase();
    if !is_pronoun(&word) {
        return at;
    }
    let before = input.names.partition_point(|n| n.span.end <= at.start);
    let same = |n: &&Name| {
        n.entity.is_some() && n.entity == said.entity
            || said.entity.is_none() && said.name.is_some_and(|name| n.span.of(input.text) == name)
    };
    // Articles have hundreds of mentions, not more, but a hostile one may: a look back over some is enough.
    let back = &input.names[before.saturating_sub(64)..before];
    let found = back.iter().rev().find(same).or_else(|| {
        let person = matches!(word.as_str(), "he" | "she") && said.entity.is_none() && said.name.is_none();
        back.iter().rev().find(|n| person && n.person)
    });
    found.map_or(at, |n| n.span)
}

/// Things that state numbers on behalf of who made them.
pub(crate) fn is_document(word: &str) -> bool {
    matches!(
        word,
        "poll"
            | "polls"
            | "survey"
            | "surveys"
            | "report"
            | "reports"
            | "study"
            | "studies"
            | "data"
            | "figures"
            | "numbers"
            | "statistics"
            | "estimates"
            | "census"
            | "research"
            | "analysis"
            | "bulletin"
    )
}

/// "the Russian news agency Interfax": the name behind a nationality's nouns, where there is one before the claim.
fn whole_name(input: &Input, tokens: &[Token], at: usize, claim: usize, first: &Name) -> Span {
    for token in &tokens[at..claim.min(at + 7)] {
        if token.span.end <= first.span.end {
            continue;
        }
        if token.shape.class() != Class::Word || crate::counted::is_function_word(token.lower) {
            break;
        }
        if let Some(m) = mention_at(input, token.span) {
            return m.span;
        }
    }
    first.span
}

/// "a poll by X", "the latest X figures": who made what the number is taken from, where it stands before the claim in its sentence.
fn document(input: &Input, tokens: &[Token], cues: &[u8], claim: usize) -> Option<(Span, &'static str)> {
    let from = claim.saturating_sub(80);
    for i in (from..claim).rev() {
        if cues[i] & DOCUMENT == 0 {
            continue;
        }
        // "by the X", "published by X", "from X"
        let mut at = i + 1;
        while at < claim
            && at < i + 4
            && matches!(
                tokens[at].lower,
                "published" | "released" | "conducted" | "compiled" | "carried" | "out" | "issued"
            )
        {
            at += 1;
        }
        if at < claim && matches!(tokens[at].lower, "by" | "from") {
            at += 1;
            at += usize::from(tokens.get(at).is_some_and(|t| t.lower == "the"));
            if let Some(m) = tokens.get(at).filter(|_| at < claim).and_then(|t| mention_at(input, t.span)) {
                return Some((whole_name(input, tokens, at, claim, m), "document"));
            }
        }
        // "CROP poll that found", "Ministry of Transportation numbers show"
        let tells = cues[i + 1..claim].iter().take(4).any(|c| c & STATES != 0);
        if tells
            && i > 0
            && let Some(m) =
                mention_at(input, tokens[i - 1].span).filter(|m| !m.person && m.span.end == tokens[i - 1].span.end)
        {
            return Some((m.span, "document"));
        }
        // A short name in capitals need not be known as one.
        if tells
            && i > 0
            && tokens[i - 1].shape.letters() == factbox_sdk::Letters::Upper
            && tokens[i - 1].text.len() >= 3
        {
            return Some((tokens[i - 1].span, "document"));
        }
    }
    None
}

/// Verbs by which numbers are stated.
pub(crate) fn states(word: &str) -> bool {
    /// For each first letter the lengths that there are.
    const LENGTHS: [u32; 26] = {
        let mut lengths = [0; 26];
        let mut i = 0;
        while i < STATING.len() {
            let word = STATING[i].as_bytes();
            lengths[(word[0] - b'a') as usize] |= 1 << word.len();
            i += 1;
        }
        lengths
    };
    let first = word.as_bytes().first().map_or(255, |b| b.wrapping_sub(b'a'));
    let fits = LENGTHS.get(usize::from(first)).is_some_and(|lengths| word.len() < 32 && lengths >> word.len() & 1 == 1);
    fits && STATING.binary_search(&word).is_ok()
}

const STATING: &[&str] = &[
    "added",
    "adds",
    "announced",
    "announces",
    "believe",
    "believed",
    "believes",
    "calculated",
    "calculates",
    "claim",
    "claimed",
    "claiming",
    "claims",
    "confirmed",
    "confirms",
    "continued",
    "counted",
    "counts",
    "disclosed",
    "estimate",
    "estimated",
    "estimates",
    "expect",
    "expected",
    "expects",
    "find",
    "finds",
    "forecast",
    "forecasts",
    "found",
    "indicate",
    "indicated",
    "indicates",
    "informed",
    "informs",
    "measured",
    "noted",
    "notes",
    "predict",
    "predicted",
    "predicts",
    "project",
    "projected",
    "projects",
    "recorded",
    "report",
    "reported",
    "reports",
    "reveal",
    "revealed",
    "reveals",
    "said",
    "say",
    "saying",
    "says",
    "show",
    "showed",
    "shows",
    "stated",
    "states",
    "suggest",
    "suggested",
    "suggests",
    "told",
    "warned",
    "warns",
    "wrote",
];

/// Common nouns that speak.
fn speaks(word: &str) -> bool {
    matches!(
        word,
        "officials"
            | "official"
            | "police"
            | "investigators"
            | "authorities"
            | "company"
            | "ministry"
            | "government"
            | "report"
            | "study"
            | "survey"
            | "poll"
            | "data"
            | "figures"
            | "statistics"
            | "researchers"
            | "experts"
            | "analysts"
            | "analyst"
            | "economists"
            | "scientists"
            | "doctors"
            | "witnesses"
            | "spokesman"
            | "spokeswoman"
            | "spokesperson"
            | "agency"
            | "department"
            | "army"
            | "military"
            | "prosecutors"
            | "rescuers"
            | "organisers"
            | "organizers"
            | "firm"
            | "group"
            | "bank"
            | "union"
            | "charity"
            | "commission"
            | "council"
            | "minister"
            | "mayor"
            | "officers"
            | "sources"
            | "residents"
            | "activists"
            | "media"
            | "regulator"
            | "operator"
            | "court"
            | "document"
            | "documents"
            | "statement"
    )
}

/// The subject of a verb that states: before it where the claim follows ("X estimates that ..."), or around it where the claim goes before
/// ("..., X said", "..., reports X").
fn stated(input: &Input, tokens: &[Token], cues: &[u8], claim: usize) -> Option<(Span, &'static str)> {
    let near = claim.saturating_sub(60)..(claim + 60).min(tokens.len());
    let mut best: Option<(usize, Span)> = None;
    for i in near {
        if cues[i] & STATES == 0 {
            continue;
        }
        let passive =
            i > 0 && matches!(tokens[i - 1].lower, "is" | "are" | "was" | "were" | "be" | "been" | "being" | "to");
        if passive {
            continue;
        }
        let found = if i < claim {
            subject(input, tokens, i)
        } else {
            let inverted = i > 0 && matches!(tokens[i - 1].text, "," | "\"" | "\u{201d}");
            let after = tokens.get(i + 1).filter(|_| inverted).and_then(|t| {
                let skip = usize::from(t.lower == "the");
                tokens.get(i + 1 + skip).and_then(|t| mention_at(input, t.span)).map(|m| m.span)
            });
            after.or_else(|| {
                let span = subject(input, tokens, i)?;
                let first = tokens.partition_point(|t| t.span.end <= span.start);
                let comma = tokens[..first].iter().rev().take(2).any(|t| matches!(t.text, "," | "\"" | "\u{201d}"));
                comma.then_some(span)
            })
        };
        if let Some(span) = found {
            let far = i.abs_diff(claim);
            if best.is_none_or(|b| far < b.0) {
                best = Some((far, span));
            }
        }
    }
    best.map(|(_, span)| (span, "said"))
}

/// The name or speaking noun that ends before the verb at `verb`, past auxiliaries, adverbs and brackets.
fn subject(input: &Input, tokens: &[Token], verb: usize) -> Option<Span> {
    let mut at = verb;
    for _ in 0..8 {
        let before = &tokens[at.checked_sub(1)?];
        if matches!(before.lower, "has" | "have" | "had" | "also" | "later" | "now" | "recently" | "\u{200e}")
            || before.lower.ends_with("ly")
        {
            at -= 1;
        } else if matches!(before.text, ")" | ",") {
            // "(WHO)", ", in comparison,"
            let open = if before.text == ")" { "(" } else { "," };
            let from = at.saturating_sub(8);
            let start = tokens[from..at - 1].iter().rposition(|t| t.text == open)? + from;
            at = start;
        } else {
            break;
        }
    }
    let last = &tokens[at.checked_sub(1)?];
    if let Some(m) = mention_at(input, last.span).filter(|m| m.span.end >= last.span.end) {
        return Some(m.span);
    }
    if !speaks(last.lower) {
        return None;
    }
    let mut start = at - 1;
    while start > 0 && at - start < 6 {
        let t = &tokens[start - 1];
        if t.shape.class() != Class::Word || crate::counted::is_function_word(t.lower) || t.shape.has(Shape::CLITIC) {
            break;
        }
        start -= 1;
    }
    Some(Span::new(tokens[start].span.start, last.span.end))
}

fn sentence(input: &Input, span: Span) -> Option<Span> {
    let at = input.sentences.partition_point(|s| s.end <= span.start);
    input.sentences.get(at).copied().filter(|s| s.start <= span.start)
}

/// "according to X"
fn according(tokens: &[Token]) -> Option<(Span, &'static str)> {
    let at = tokens.windows(2).position(|w| w[0].lower == "according" && w[1].lower == "to")? + 2;
    let mut end = at;
    while end < tokens.len() && end - at < 14 {
        let t = &tokens[end];
        if t.shape.class() == Class::Punctuation && !(t.shape.has(Shape::DASH) && !t.shape.has(Shape::SPACE_BEFORE))
            || matches!(t.lower, "that" | "which" | "who" | "released" | "published" | "said" | "as" | "but" | "while")
            || matches!(t.shape.class(), Class::OpenQuote | Class::CloseQuote)
        {
            break;
        }
        end += 1;
    }
    let start =
        if tokens.get(at).is_some_and(|t| matches!(t.lower, "the" | "a" | "an")) && end > at + 1 { at + 1 } else { at };
    (end > start).then(|| (Span::new(tokens[start].span.start, tokens[end - 1].span.end), "according to"))
}

#[cfg(test)]
mod tests {
    use super::STATING;

    #[test]
    fn verbs_are_sorted() {
        assert!(STATING.windows(2).all(|w| w[0] < w[1]), "{:?}", STATING.windows(2).find(|w| w[0] >= w[1]));
    }
}
