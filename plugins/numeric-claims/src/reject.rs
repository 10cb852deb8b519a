//! Numbers that are none: telephone numbers, scores, roads, models, addresses, list markers, the pronoun "one".

use crate::measure::Amount;
use crate::number::Form;
use crate::tables::Tables;
use factbox_sdk::{Class, Letters, Shape, Token};
use rust_decimal::Decimal;

fn tight(t: &Token) -> bool {
    !t.shape.has(Shape::SPACE_BEFORE)
}

/// The name of the rule by which the amount is no claim, if it is none.
pub fn reject(tokens: &[Token], a: &Amount) -> Option<&'static str> {
    let get = |i: usize| tokens.get(i);
    let before = a.first.checked_sub(1).map(|b| &tokens[b]);
    let before2 = a.first.checked_sub(2).map(|b| &tokens[b]);
    let after = get(a.next);
    let first = &tokens[a.first];
    let bare = a.kind == "number" && !a.number.scaled;
    if a.number.form == Form::Ordinal {
        return ordinal(tokens, a);
    }
    if a.kind == "money" || a.kind == "percent" {
        return None;
    }
    if a.number.form == Form::Digits {
        if let Some(b) = before {
            // "F-16", "AK-47", "KN-23"
            if b.shape.has(Shape::DASH) && tight(b) && tight(first) {
                let head = before2?;
                let named = matches!(head.shape.letters(), Letters::Upper | Letters::Mixed)
                    || (head.shape.letters() == Letters::Title
                        && !matches!(head.lower, "mid" | "pre" | "post" | "over" | "under"));
                if named {
                    return Some("model");
                }
                if head.shape.class() == Class::Mixed
                    && a.explicit
                    && tokens.get(a.next - 1).is_some_and(tight)
                    && a.unit.len() == 1
                {
                    return Some("code");
                }
                // "SCP-173 m"
                if a.explicit
                    && a.unit.len() == 1
                    && matches!(head.shape.class(), Class::Word | Class::Mixed)
                    && tokens[a.next - 1].text.len() == 1
                {
                    return Some("code");
                }
                if head.shape.has(Shape::HAS_DIGIT) && bare {
                    return Some("code");
                }
            }
            // "doi:10.1016/...", "PMID: 24055351", "2013;31:5339"
            let key = before2.is_some_and(|t| matches!(t.lower, "doi" | "pmid" | "isbn" | "issn"));
            if bare && b.text == ":" && key {
                return Some("code");
            }
            let volume = |t: &Token| t.text == ":" && tight(t);
            if bare && b.text == ";" && tight(b) && tight(first) && after.is_some_and(volume) {
                return Some("code");
            }
            if bare && matches!(b.text, "#" | "/" | "_" | "=" | "@") && tight(first) {
                return Some("label");
            }
            if bare && b.text == "." && tight(first) && tight(b) {
                return Some("version");
            }
            if bare && b.shape.class() == Class::Word && !b.shape.has(Shape::CLITIC) && Tables::get().is_label(b.lower)
            {
                let cased = b.shape.letters() != Letters::Lower;
                let always = matches!(
                    b.lower,
                    "no" | "no."
                        | "nos."
                        | "flight"
                        | "page"
                        | "pages"
                        | "channel"
                        | "version"
                        | "ext"
                        | "ext."
                        | "extension"
                        | "article"
                        | "section"
                        | "chapter"
                        | "posts"
                        | "grade"
                        | "phase"
                        | "code"
                        | "category"
                        | "case"
                        | "size"
                        | "type"
                );
                let countable = matches!(
                    b.lower,
                    "no" | "year"
                        | "order"
                        | "form"
                        | "line"
                        | "issue"
                        | "note"
                        | "count"
                        | "level"
                        | "group"
                        | "row"
                        | "office"
                        | "board"
                );
                if cased || (always && !countable) {
                    return Some("label");
                }
            }
            // "Kentucky 192", "Automotive 15": a name, then digits, and no noun behind.
            let named = matches!(b.shape.letters(), Letters::Title)
                && b.shape.class() == Class::Word
                && !b.shape.has(Shape::SENTENCE_START)
                && !b.shape.has(Shape::ALL_CAPS_CONTEXT)
                && !b.shape.has(Shape::ABBREVIATION)
                && b.lower.len() > 3
                && !crate::calendar::is_month(b.lower)
                && !crate::counted::is_function_word(b.lower)
                && !Tables::get().hedges(b.lower).iter().any(|h| h.0.len() == 1)
                && before2.is_some_and(|t| t.shape.letters() == Letters::Lower || matches!(t.text, "-" | ":" | ","));
            let noun = after.is_some_and(|t| {
                t.shape.class() == Class::Word
                    && t.shape.letters() == Letters::Lower
                    && !t.shape.has(Shape::CLITIC)
                    && !crate::counted::is_function_word(t.lower)
            });
            if bare && named && !noun && !a.number.grouped && a.number.value.is_integer() {
                return Some("name-number");
            }
            // "11 Division"; but "63000 Model 3 sedans", where the label has a number of its own.
            let digits = |t: &Token| matches!(t.shape.class(), Class::Number | Class::Mixed) || t.text.len() == 1;
            let behind_name = before.is_some_and(|t| t.shape.letters() != Letters::Lower);
            let own =
                !behind_name && get(a.next + 1).is_some_and(|t| t.shape.class() != Class::Punctuation && digits(t));
            let unit_name = !own
                && a.number.value < Decimal::ONE_THOUSAND
                && after.is_some_and(|t| t.shape.letters() == Letters::Title && Tables::get().is_label(t.lower));
            if bare && unit_name && !first.shape.has(Shape::SENTENCE_START) && !first.shape.has(Shape::ALL_CAPS_CONTEXT)
            {
                return Some("label");
            }
            // "the Spell[2]": a reference to a note.
            let glued = b.text == "[" && tight(b) && tight(first) && a.first > 1;
            if bare && glued && after.is_some_and(|t| t.text == "]" && tight(t)) {
                return Some("reference");
            }
            // "ext. 1133"
            if bare && b.text == "." && before2.is_some_and(|t| matches!(t.lower, "ext" | "no" | "nos" | "nrs")) {
                return Some("label");
            }
            // "Boeing 777", "Windows 10", "iPhone 12": a name, then digits, and no noun behind.
            if bare && b.shape.letters() == Letters::Mixed && b.shape.class() != Class::Number {
                return Some("model");
            }
        }
        if let Some(rule) = chain(tokens, a) {
            return Some(rule);
        }
        if bare {
            // "12 Station Road"
            let named = |i: usize| get(i).is_some_and(|t| t.shape.letters() == Letters::Title);
            let street = |i: usize| {
                get(i).is_some_and(|t| {
                    matches!(
                        t.lower.trim_end_matches('.'),
                        "street"
                            | "road"
                            | "avenue"
                            | "ave"
                            | "lane"
                            | "drive"
                            | "boulevard"
                            | "blvd"
                            | "highway"
                            | "court"
                            | "place"
                            | "terrace"
                            | "crescent"
                            | "way"
                            | "square"
                            | "hall"
                            | "rd"
                            | "st"
                            | "dr"
                    ) && t.shape.letters() == Letters::Title
                })
            };
            if named(a.next) && (street(a.next + 1) || (named(a.next + 1) && street(a.next + 2))) {
                return Some("address");
            }
            if after.is_some_and(|t| t.lower == "block") && a.number.value >= Decimal::ONE_HUNDRED {
                return Some("address");
            }
            // List markers at the head of a paragraph.
            let dashed = before.is_some_and(|b| b.shape.has(Shape::DASH) && b.shape.has(Shape::PARAGRAPH_START));
            if (first.shape.has(Shape::PARAGRAPH_START) || dashed)
                && after.is_some_and(|t| matches!(t.text, "." | ")") && tight(t))
                && get(a.next + 1).is_some()
            {
                return Some("list-marker");
            }
            // US postcodes behind a state's short form.
            if first.text.len() == 5
                && !first.text.contains(',')
                && before.is_some_and(|t| {
                    t.shape.has(Shape::ABBREVIATION) || (t.text.len() == 2 && t.shape.letters() == Letters::Upper)
                })
            {
                return Some("postcode");
            }
            // Codes: leading zeros, very long runs of digits.
            if first.text.len() > 1 && first.text.starts_with('0') && !first.text.contains('.')
                || (first.text.len() >= 7 && !first.text.contains([',', '.'])) && !a.number.scaled
            {
                return Some("code");
            }
            if after.is_some_and(|t| {
                tight(t) && matches!(t.shape.class(), Class::Word | Class::Mixed) && !t.shape.has(Shape::CLITIC)
            }) {
                return Some("code");
            }
        }
        return None;
    }
    if a.number.form == Form::Words && first.lower == "one" && a.next == a.first + 1 && a.kind == "number" {
        return pronoun(tokens, a);
    }
    if matches!(first.lower, "hundred" | "dozen" | "thousand" | "million" | "billion" | "scores" | "lakh" | "crore")
        && a.next == a.first + 1
        && first.lower != "scores"
    {
        return Some("scale-alone");
    }
    if first.lower == "scores" && after.is_none_or(|t| t.lower != "of") {
        return Some("scale-alone");
    }
    // "fly-half"
    if first.lower == "half" && tight(first) && before.is_some_and(|t| t.shape.has(Shape::DASH)) {
        return Some("name");
    }
    if a.number.form == Form::Fraction && first.lower == "half" {
        let second = before.is_some_and(|t| {
            matches!(
                t.lower,
                "first" | "second" | "last" | "other" | "latter" | "better" | "opening" | "each" | "either" | "one"
            )
        });
        if second {
            return Some("half-of-time");
        }
    }
    None
}

/// Digits in chains: telephone numbers, scores, dates that were none, ratios.
fn chain(tokens: &[Token], a: &Amount) -> Option<&'static str> {
    if a.explicit || a.number.scaled {
        return None;
    }
    let digits = |i: usize| tokens.get(i).is_some_and(|t| t.shape.class() == Class::Number);
    let joint = |i: usize| {
        tokens.get(i).is_some_and(|t| tight(t) && (t.shape.has(Shape::DASH) || matches!(t.text, "/" | ":" | ".")))
    };
    let number_at = a.next - 1;
    let behind = joint(a.next) && digits(a.next + 1) && tight(&tokens[a.next + 1]);
    let ahead = number_at >= 2 && joint(number_at - 1) && tight(&tokens[number_at]) && digits(number_at - 2);
    let closed = number_at >= 2
        && tokens[number_at - 1].text == ")"
        && digits(number_at - 2)
        && tokens[number_at].text.len() == 3;
    let opened = tokens.get(a.next).is_some_and(|t| t.text == ")")
        && number_at >= 1
        && tokens[number_at - 1].text == "("
        && digits(a.next + 1)
        && tokens[number_at].text.len() == 3;
    // "14 11 6 15": a row of a table
    let plain = |i: Option<usize>| {
        i.and_then(|i| tokens.get(i)).is_some_and(|t| {
            t.shape.class() == Class::Number && t.text.len() <= 3 && t.text.bytes().all(|b| b.is_ascii_digit())
        })
    };
    let row = [
        plain(a.first.checked_sub(2)),
        plain(a.first.checked_sub(1)),
        plain(Some(number_at)),
        plain(Some(a.next)),
        plain(Some(a.next + 1)),
    ];
    if a.next == a.first + 1 && row.windows(3).any(|w| w == [true; 3]) {
        return Some("row-of-numbers");
    }
    if closed || opened {
        return Some("telephone");
    }
    // "+86 2010 ...": the code of a country
    let plus = tokens.get(a.first).is_some_and(|t| t.text == "+");
    let goes_on = digits(a.next) || tokens.get(a.next).is_some_and(|t| t.text == "(") && digits(a.next + 1);
    if plus && goes_on && tokens[number_at].text.len() <= 3 {
        return Some("telephone");
    }
    (behind || ahead).then_some("score-or-code")
}

fn ordinal(tokens: &[Token], a: &Amount) -> Option<&'static str> {
    let lower = |i: usize| tokens.get(i).map_or("", |t| t.lower);
    let word = lower(a.first);
    let before = a.first.checked_sub(1).map_or("", |b| tokens[b].lower);
    let after = lower(a.next);
    if word == "second"
        && (matches!(before, "a" | "per" | "each" | "every" | "split" | "one" | "any")
            && !matches!(
                after,
                "time"
                    | "term"
                    | "round"
                    | "wave"
                    | "day"
                    | "year"
                    | "straight"
                    | "successive"
                    | "consecutive"
                    | "night"
                    | "half"
                    | "goal"
            ))
    {
        return Some("second-of-time");
    }
    if word == "first"
        && (matches!(before, "at" | "-") || matches!(after, "," | ".") && matches!(before, "at" | "and" | ","))
    {
        return Some("adverb");
    }
    // "first" before a verb tells when, not which.
    if word == "first"
        && (after.ends_with("ed")
            || matches!(
                after,
                "began"
                    | "came"
                    | "met"
                    | "became"
                    | "saw"
                    | "made"
                    | "and"
                    | "to"
                    | "took"
                    | "went"
                    | "thought"
                    | "heard"
            ))
        && !matches!(before, "the" | "his" | "her" | "its" | "their" | "my" | "our" | "a")
    {
        return Some("adverb");
    }
    // "without being boiled first.", "when he first came"
    let ended = tokens.get(a.next).is_none_or(|t| matches!(t.text, "." | "," | ";" | "?" | "!"));
    if word == "first"
        && ended
        && !matches!(
            before,
            "the"
                | "his"
                | "her"
                | "its"
                | "their"
                | "my"
                | "our"
                | "a"
                | "finished"
                | "came"
                | "ranked"
                | "placed"
                | "second"
                | "third"
                | "in"
                | "is"
                | "was"
        )
    {
        return Some("adverb");
    }
    // "First Lady", "Third Reich", "Sixth Street": parts of names.
    let named = tokens[a.first].shape.letters() == Letters::Title
        && !tokens[a.first].shape.has(Shape::SENTENCE_START)
        && tokens.get(a.next).is_some_and(|t| t.shape.letters() == Letters::Title)
        && !tokens[a.first].shape.has(Shape::ALL_CAPS_CONTEXT);
    if word == "second" && after == "hand" || word == "first" && after == "be" {
        return Some("adverb");
    }
    if named
        || matches!(after, "lady" | "minister" | "aid" | "person" | "hand" | "class" | "name" | "floor")
            && word == "first"
    {
        return Some("name");
    }
    None
}

/// "one" as a pronoun: "one of the", "no one", "the one that".
fn pronoun(tokens: &[Token], a: &Amount) -> Option<&'static str> {
    let before = a.first.checked_sub(1).map_or("", |b| tokens[b].lower);
    if matches!(
        before,
        "no" | "any"
            | "every"
            | "each"
            | "this"
            | "that"
            | "which"
            | "another"
            | "some"
            | "a"
            | "good"
            | "big"
            | "new"
            | "only"
            | "day"
            | "-"
            | "same"
            | "loved"
            | "someone"
            | "not"
    ) {
        return Some("pronoun");
    }
    let Some(next) = tokens.get(a.next) else { return Some("pronoun") };
    let follows = next.shape.class() == Class::Word
        && !next.shape.has(Shape::CLITIC)
        && !matches!(
            next.lower,
            "of" | "that"
                | "who"
                | "which"
                | "is"
                | "was"
                | "are"
                | "were"
                | "can"
                | "could"
                | "would"
                | "will"
                | "to"
                | "with"
                | "and"
                | "or"
                | "thing"
                | "another"
                | "in"
                | "on"
                | "for"
                | "at"
                | "by"
                | "has"
                | "had"
                | "must"
                | "should"
                | "may"
                | "might"
                | "does"
                | "did"
                | "not"
                | "day"
                | "so"
                | "as"
                | "but"
                | "from"
                | "where"
                | "if"
                | "when"
                | "than"
                | "because"
                | "about"
                | "under"
                | "way"
                | "side"
                | "hand"
                | "word"
                | "before"
                | "after"
                | "knows"
                | "time"
                | "point"
                | "they"
                | "he"
                | "she"
                | "we"
                | "i"
                | "it"
                | "you"
                | "the"
                | "gets"
                | "looks"
                | "sees"
                | "being"
                | "having"
                | "up"
                | "out"
                | "he'd"
                | "more"
                | "reason"
                | "big"
                | "went"
                | "said"
                | "says"
        );
    if follows && next.shape.has(Shape::SPACE_BEFORE) { None } else { Some("pronoun") }
}
