//! From the tokens of a paragraph to its sentences. A sentence ends at `.`, `?`, `!` or an ellipsis, together with the marks and brackets that close
//! there; what stands behind decides the doubtful cases: a capital, a word that begins sentences, a verb of saying.

use crate::{Class, Letters, Shape, Span, Token};

/// Tokens of the longest sentence. No real one comes near; a text without points is cut here, so that whoever looks through a sentence for each
/// of its words stays linear.
const LONGEST: usize = 400;

/// Words that begin sentences far oftener than they continue a name.
const STARTERS: [&str; 42] = [
    "a",
    "about",
    "according",
    "after",
    "all",
    "although",
    "an",
    "and",
    "as",
    "at",
    "before",
    "but",
    "by",
    "during",
    "for",
    "from",
    "he",
    "her",
    "his",
    "however",
    "i",
    "if",
    "in",
    "it",
    "its",
    "last",
    "meanwhile",
    "no",
    "on",
    "one",
    "she",
    "since",
    "some",
    "that",
    "the",
    "their",
    "there",
    "these",
    "they",
    "this",
    "we",
    "when",
];

const SAYING: [&str; 14] = [
    "added",
    "agreed",
    "asked",
    "cried",
    "explained",
    "insisted",
    "replied",
    "said",
    "says",
    "shouted",
    "told",
    "tweeted",
    "warned",
    "wrote",
];

/// Most signs that close a sentence behind the one that ends it.
const LONGEST_CLOSE: usize = 16;

/// Appends the sentences of the tokens from `first` on, all of one paragraph. `cut` is where the body begins behind a dateline (byte offset).
pub(crate) fn sentences(
    text: &str,
    lower: &[u8],
    tokens: &mut [Token],
    first: usize,
    cut: Option<u32>,
    out: &mut Vec<Span>,
) {
    let mut start = first;
    let mut at = first;
    while at < tokens.len() {
        let mut end = at + 1;
        let dateline =
            cut.is_some_and(|cut| tokens[at].span.end <= cut && tokens.get(at + 1).is_none_or(|t| t.span.start >= cut));
        let ends = dateline || {
            let token = tokens[at];
            let stops = token.shape.class() == Class::Punctuation
                && ends_sentence(&text[token.span.start as usize..token.span.end as usize]);
            let short = token.shape.has(Shape::ABBREVIATION);
            if stops || short {
                // A run of signs that ends nothing is looked at again from each of them: the bound keeps that linear.
                while end < tokens.len() && end - at <= LONGEST_CLOSE && closes(text, tokens, end) {
                    end += 1;
                }
                if stops { boundary(text, lower, tokens, at, end) } else { abbreviation_ends(lower, tokens, at, end) }
            } else {
                false
            }
        };
        let ends = ends || end - start >= LONGEST;
        if ends || end >= tokens.len() {
            let end = if ends { end } else { tokens.len() };
            push(tokens, start, end, out);
            start = end;
            at = end;
        } else {
            at += 1;
        }
    }
    if start < tokens.len() {
        push(tokens, start, tokens.len(), out);
    }
}

fn push(tokens: &mut [Token], start: usize, end: usize, out: &mut Vec<Span>) {
    out.push(Span::new(tokens[start].span.start, tokens[end - 1].span.end));
    for token in &mut tokens[start..end] {
        token.shape.0 |= Shape::SENTENCE_START;
        if !matches!(token.shape.class(), Class::OpenQuote | Class::CloseQuote | Class::Punctuation) {
            break;
        }
    }
}

fn ends_sentence(sign: &str) -> bool {
    matches!(sign, "?" | "!" | "\u{2026}" | "\u{3002}" | "\u{ff01}" | "\u{ff1f}") || sign.bytes().all(|b| b == b'.')
}

/// Whether token `at` belongs to the end of the sentence before it: a closing mark or bracket, another `!`.
fn closes(text: &str, tokens: &[Token], at: usize) -> bool {
    let token = tokens[at];
    let sign = &text[token.span.start as usize..token.span.end as usize];
    let tight = !token.shape.has(Shape::SPACE_BEFORE);
    match token.shape.class() {
        Class::CloseQuote => tight,
        Class::Punctuation => tight && (matches!(sign, ")" | "]") || ends_sentence(sign)),
        _ => false,
    }
}

/// The lower-case form of a token.
fn lower_case<'a>(lower: &'a [u8], token: &Token) -> &'a [u8] {
    lower.get(token.lower.start as usize..token.lower.end as usize).unwrap_or_default()
}

fn is_one_of(sorted: &[&str], word: &[u8]) -> bool {
    sorted.binary_search_by(|w| w.as_bytes().cmp(word)).is_ok()
}

fn boundary(text: &str, lower: &[u8], tokens: &[Token], at: usize, end: usize) -> bool {
    let Some(next) = tokens.get(end) else { return true };
    let sign = &text[tokens[at].span.start as usize..tokens[at].span.end as usize];
    if !next.shape.has(Shape::SPACE_BEFORE) {
        // "end.Next": glued sentences; "example.com" and "3.5" are not.
        let before = at.checked_sub(1).map(|b| tokens[b]);
        return sign == "."
            && next.shape.letters() == Letters::Title
            && before.is_some_and(|b| b.shape.letters() == Letters::Lower && b.span.end - b.span.start > 2);
    }
    let quoted = end > at + 1;
    let next_at = (end..tokens.len()).find(|i| {
        tokens[*i].shape.class() != Class::OpenQuote
            && !matches!(&text[tokens[*i].span.start as usize..tokens[*i].span.end as usize], "(" | "[")
    });
    let Some(next_at) = next_at else { return true };
    let begins = match tokens[next_at].shape.letters() {
        Letters::Lower => false,
        Letters::None => tokens[next_at].shape.class() != Class::Punctuation || tokens[next_at].shape.has(Shape::DASH),
        _ => true,
    };
    if !begins {
        // A sentence in lower case behind a full stop that no quotation mark hides.
        return sign == "."
            && !quoted
            && tokens[next_at].shape.letters() == Letters::Lower
            && next_at == end
            && lowercase_text(tokens);
    }
    // "Stop!" Smith said.
    if quoted && (matches!(sign, "?" | "!" | "\u{2026}") || sign.len() > 1) {
        let said = (next_at..tokens.len().min(next_at + 5)).any(|i| is_one_of(&SAYING, lower_case(lower, &tokens[i])));
        return !said;
    }
    true
}

/// Whether the paragraph is written without capitals.
fn lowercase_text(tokens: &[Token]) -> bool {
    tokens.iter().rev().take(60).all(|t| matches!(t.shape.letters(), Letters::Lower | Letters::None))
}

/// Whether a sentence ends at an abbreviation's own point.
fn abbreviation_ends(lower: &[u8], tokens: &[Token], at: usize, end: usize) -> bool {
    let Some(next) = tokens.get(end) else { return true };
    if next.shape.class() == Class::Punctuation || next.shape.class() == Class::CloseQuote {
        return false;
    }
    let word = lower_case(lower, &tokens[at]);
    let len = tokens[at].span.end - tokens[at].span.start;
    // Titles and initials stand before names.
    let may_end = len > 2
        && (word.iter().filter(|b| **b == b'.').count() > 1
            || matches!(
                word,
                b"inc."
                    | b"corp."
                    | b"ltd."
                    | b"co."
                    | b"jr."
                    | b"sr."
                    | b"etc."
                    | b"plc."
                    | b"st."
                    | b"ave."
                    | b"bros."
            ));
    if !may_end {
        return false;
    }
    if end > at + 1 {
        return next.shape.letters() != Letters::Lower;
    }
    let starter = is_one_of(&STARTERS, lower_case(lower, next));
    match next.shape.letters() {
        Letters::Title | Letters::Upper => starter,
        _ => next.shape.class() == Class::OpenQuote && word.ends_with(b".m."),
    }
}
