//! Dates and durations that no numeral of their own begins, or whose numeral means something else elsewhere: further days of a month, halves of years,
//! decades of life, "a week". Each looks at one token and gives the token to go on from.

use crate::engine::{Claim, Input, bare};
use crate::hedge::modifier;
use crate::measure::amount;
use crate::number::Form;
use factbox_sdk::{Class, Shape, Span};

/// "Feb. 17 and 19", "May 3, 4 and 5": further days of the month before.
pub(crate) fn day_in_series(input: &Input, at: usize, found: &mut Vec<Claim>) -> Option<usize> {
    let tokens = input.tokens;
    let token = &tokens[at];
    let last = found
        .last()
        .filter(|c| c.kind == "date" && c.next + 1 == at && c.value.len() == 7 && c.value.starts_with("--"))?;
    if !matches!(tokens[at - 1].lower, "and" | "," | "or")
        || token.shape.class() != Class::Number
        || token.text.len() > 2
    {
        return None;
    }
    let day: u32 = token.text.parse().ok().filter(|d| (1..=31).contains(d))?;
    let written: u32 = last.value.get(5..)?.parse().ok()?;
    let noun = tokens.get(at + 1).is_some_and(|t| {
        t.shape.class() == Class::Word && !crate::counted::is_function_word(t.lower)
            || matches!(t.shape.class(), Class::Symbol | Class::Number)
    });
    if noun || day <= written {
        return None;
    }
    let value = format!("{}-{day:02}", last.value.get(..4)?);
    let mut claim = bare(token.span, "date", "date-series", at, at + 1);
    claim.value = value;
    claim.unit.clear();
    found.push(claim);
    Some(at + 1)
}

/// "the second half of 2018", "third quarter of 2018", "the third month of 2021".
pub(crate) fn part_of_year(input: &Input, at: usize, found: &mut Vec<Claim>) -> Option<usize> {
    let tokens = input.tokens;
    let (part, rule, most) = match tokens.get(at + 1)?.lower {
        "half" => ("H", "half-of-year", 2),
        "quarter" => ("Q", "quarter-of-year", 4),
        "month" => ("", "month-of-year", 12),
        _ => return None,
    };
    let word = tokens[at].lower;
    let n = crate::words::ordinal_word(word).or_else(|| {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        matches!(&word[digits.len()..], "st" | "nd" | "rd" | "th").then(|| digits.parse().ok())?
    });
    let n = n.filter(|n| (1..=most).contains(n))?;
    let of = usize::from(tokens.get(at + 2)?.lower == "of");
    let year = tokens.get(at + 2 + of).filter(|_| of == 1 || rule == "half-of-year")?;
    let digits: u32 = year.text.parse().ok().filter(|y| year.text.len() == 4 && (1900..2100).contains(y))?;
    let mut claim = bare(Span::new(tokens[at].span.start, year.span.end), "date", rule, at, at + 3 + of);
    claim.value = if part.is_empty() { format!("{digits}-{n:02}") } else { format!("{digits}-{part}{n}") };
    claim.unit.clear();
    found.push(claim);
    Some(at + 3 + of)
}

/// "in his 40s": ten years of age.
pub(crate) fn decades_of_life(input: &Input, at: usize, found: &mut Vec<Claim>) -> Option<usize> {
    let token = &input.tokens[at];
    let digits = token
        .lower
        .strip_suffix('s')
        .filter(|d| d.len() == 2 && d.ends_with('0') && token.shape.class() == Class::Mixed)?;
    let from = digits.parse::<u32>().ok()?;
    let before = |n: usize| at.checked_sub(n).map_or("", |i| input.tokens[i].lower);
    let own = |w: &str| matches!(w, "his" | "her" | "their" | "my" | "your" | "our");
    let person =
        own(before(1)) || (matches!(before(1), "early" | "late" | "mid" | "-") && (own(before(2)) || own(before(3))));
    if !person {
        return None;
    }
    let mut claim = bare(token.span, "duration", "decade-of-life", at, at + 1);
    claim.range = Some((from.to_string(), (from + 9).to_string()));
    claim.unit = "a".to_owned();
    found.push(claim);
    Some(at + 1)
}

/// Whether a word may begin one unit of time.
pub(crate) fn may_begin(word: &str) -> bool {
    matches!(word, "a" | "an" | "another")
}

/// "for a week", "nearly a decade", "for another year": one unit of time.
pub(crate) fn one_length_of_time(input: &Input, at: usize, found: &mut Vec<Claim>) -> Option<usize> {
    let tokens = input.tokens;
    if !may_begin(tokens[at].lower) {
        return None;
    }
    let unit = match tokens.get(at + 1)?.lower {
        "week" => "wk",
        "month" => "mo",
        "year" => "a",
        "decade" => "decade",
        "century" => "century",
        "day" => "d",
        "hour" => "h",
        "minute" => "min",
        "fortnight" => "2.wk",
        _ => return None,
    };
    let before = at.checked_sub(1).map_or("", |b| tokens[b].lower);
    let after = tokens.get(at + 2).map_or("", |t| t.lower);
    let measured = matches!(
        before,
        "for"
            | "within"
            | "nearly"
            | "almost"
            | "about"
            | "over"
            | "than"
            | "under"
            | "least"
            | "half"
            | "after"
            | "around"
            | "roughly"
            | "just"
    ) || (before == "in" && matches!(unit, "decade" | "century" | "a" | "mo" | "wk"));
    // "a year and a half", "a year and two months"
    if after == "and" && amount(input.text, tokens, at, input.money).is_some() {
        return None;
    }
    // "a year's worth", "a week earlier"
    if tokens.get(at + 2).is_some_and(|t| t.shape.has(Shape::CLITIC))
        || matches!(after, "earlier" | "ago" | "later" | "from")
        || before == "in" && matches!(after, "with" | "when" | "that" | "where" | "which" | "of" | "marked")
    {
        return None;
    }
    if !measured || tokens[at + 1].shape.has(Shape::HAS_DIGIT) || after == "-" {
        return None;
    }
    let mut claim =
        bare(Span::new(tokens[at].span.start, tokens[at + 1].span.end), "duration", "one-unit-of-time", at, at + 2);
    claim.value = "1".to_owned();
    claim.unit = unit.to_owned();
    claim.modifier = modifier(tokens, at, at + 2, Form::Words);
    found.push(claim);
    Some(at + 2)
}
