//! Hedges: "about", "at least", "or so", before an amount or behind it.

use crate::number::Form;
use crate::tables::Tables;
use factbox_sdk::{Class, Shape, Span, Token};

/// A hedge and where it stands.
pub fn modifier(tokens: &[Token], first: usize, next: usize, form: Form) -> Option<(&'static str, Option<Span>)> {
    let lower = |i: usize| tokens.get(i).map_or("", |t| t.lower);
    // Behind: "or so", "or more", "-plus", "+", "at least".
    let skip = usize::from(lower(next) == ",");
    let behind = |from: usize, len: usize, name: &'static str| {
        Some((name, Some(Span::new(tokens[from].span.start, tokens[from + len - 1].span.end))))
    };
    match (lower(next), lower(next + 1)) {
        ("or", "so") => return behind(next, 2, "about"),
        ("or", "more")
        | ("or", "greater")
        | ("or", "higher")
        | ("or", "older")
        | ("or", "above")
        | ("and", "above")
        | ("or", "over")
        | ("and", "over")
        | ("and", "older") => return behind(next, 2, "at_least"),
        ("or", "less")
        | ("or", "fewer")
        | ("or", "under")
        | ("or", "below")
        | ("or", "lower")
        | ("and", "under")
        | ("or", "younger") => return behind(next, 2, "at_most"),
        ("-", "plus") | ("-", "odd") => {
            return behind(next + 1, 1, if lower(next + 1) == "plus" { "at_least" } else { "about" });
        }
        ("+", _) if !tokens[next].shape.has(Shape::SPACE_BEFORE) => return behind(next, 1, "at_least"),
        ("at", "least") if skip == 0 => return behind(next, 2, "at_least"),
        ("at", "most") => return behind(next, 2, "at_most"),
        ("maximum", _) | ("max", _) => return behind(next, 1, "at_most"),
        _ => {}
    }
    // A noun may stand between: "107 people or more".
    if lower(next + 1) == "or"
        && matches!(lower(next + 2), "more" | "so")
        && tokens.get(next).is_some_and(|t| t.shape.class() == Class::Word)
    {
        return behind(next + 1, 2, if lower(next + 2) == "more" { "at_least" } else { "about" });
    }
    // Before, the longest phrase that ends right there; an article or sign may stand between.
    let mut end = first;
    while end > 0
        && matches!(tokens[end - 1].lower, "a" | "an" | "the" | "-" | "(" | "only")
        && first - end < 2
        && tokens[end - 1].lower != "the"
    {
        let token = &tokens[end - 1];
        if Tables::get().hedges(token.lower).is_empty() {
            end -= 1;
        } else {
            break;
        }
    }
    for end in [first, end] {
        let Some(last) = end.checked_sub(1) else { continue };
        for (phrase, name) in Tables::get().hedges(tokens[last].lower) {
            let Some(from) = end.checked_sub(phrase.len()) else { continue };
            if phrase.iter().enumerate().all(|(i, word)| tokens[from + i].lower == *word) {
                if !hedges(tokens, from, end, first) || tokens.get(first).is_some_and(|t| t.lower == "twice") {
                    continue;
                }
                return Some((name, Some(Span::new(tokens[from].span.start, tokens[last].span.end))));
            }
        }
    }
    if form == Form::Plural {
        return Some(("plural", None));
    }
    None
}

/// Words that hedge before numbers but also do other work.
fn hedges(tokens: &[Token], from: usize, end: usize, first: usize) -> bool {
    let before = from.checked_sub(1).map_or("", |b| tokens[b].lower);
    let word = tokens[from].lower;
    if end - from > 1 {
        return true;
    }
    // "over a five-year period": what stands between makes it a place or a time.
    if matches!(word, "over" | "under" | "above" | "below" | "near" | "around" | "some") && end < first {
        return false;
    }
    match word {
        // "the estimated", "under section"; "beat him by over"
        "under" | "over" | "above" | "below" => {
            !matches!(before, "takes" | "took" | "taken" | "all" | "presided" | "hand" | "handed" | "left" | "from")
        }
        "about" => !matches!(
            before,
            "talk"
                | "talked"
                | "think"
                | "know"
                | "asked"
                | "concerned"
                | "worried"
                | "information"
                | "learn"
                | "questions"
        ),
        _ => true,
    }
}
