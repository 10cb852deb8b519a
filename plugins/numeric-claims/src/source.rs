//! Who states a claim: the speaker of the speech it stands in, else "according to ..." in its sentence. Without a plugin that tells speech, a light
//! look for "X said" in the sentence has to do.

use crate::engine::Input;
use factbox_sdk::{Class, Letters, Shape, Span, Token};

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
}

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

/// The source of the claim at `span`, whose first token is `first`.
pub fn source(input: &Input, span: Span, first: usize) -> Option<Source> {
    if let Some(said) = input.said {
        // The narrowest speech that holds it and has a speaker. Speech is in text order; pieces are short, so a look back over a few is enough.
        let end = said.partition_point(|s| s.span.start <= span.start);
        let holding = said[end.saturating_sub(12)..end].iter().filter(|s| s.span.end >= span.end);
        let narrowest = holding.filter(|s| s.speaker.is_some()).min_by_key(|s| s.span.end - s.span.start);
        if let Some(s) = narrowest {
            return Some(Source {
                span: s.speaker,
                entity: s.entity,
                name: s.name.map(str::to_owned),
                via: s.cue.map(|c| c.of(input.text).to_owned()),
                quote: Some(s.index),
            });
        }
    }
    let sentence = sentence(input, span)?;
    let from = input.tokens.partition_point(|t| t.span.end <= sentence.start);
    let to = input.tokens.partition_point(|t| t.span.start < sentence.end);
    let tokens = &input.tokens[from..to];
    according(tokens)
        .or_else(|| if input.said.is_none() { sayer(tokens, first.saturating_sub(from)) } else { None })
        .map(|(span, via)| Source {
            name: Some(span.of(input.text).to_owned()),
            span: Some(span),
            entity: None,
            via: Some(via.to_owned()),
            quote: None,
        })
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

/// "X said" before the claim, or behind it.
fn sayer(tokens: &[Token], claim: usize) -> Option<(Span, &'static str)> {
    let verb = |t: &Token| {
        matches!(
            t.lower,
            "said"
                | "says"
                | "told"
                | "added"
                | "reported"
                | "estimates"
                | "estimated"
                | "claims"
                | "claimed"
                | "announced"
        )
    };
    let at = tokens.iter().position(verb)?;
    let name = |t: &Token| {
        t.shape.class() == Class::Word && matches!(t.shape.letters(), Letters::Title | Letters::Upper | Letters::Mixed)
    };
    let mut start = at;
    while start > 0
        && (name(&tokens[start - 1])
            || matches!(
                tokens[start - 1].lower,
                "officials" | "police" | "authorities" | "company" | "ministry" | "government" | "report"
            ))
    {
        start -= 1;
    }
    if start == at {
        return None;
    }
    let before = at < claim;
    let closing = at > claim && tokens[..at].iter().rev().take(at - start + 1).any(|t| t.text == ",");
    (before || closing).then(|| (Span::new(tokens[start].span.start, tokens[at - 1].span.end), "said"))
}
