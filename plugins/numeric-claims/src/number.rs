//! Numbers as news writes them: digits with separators, words, both together, scales, fractions. From a token on, the longest number there is, with
//! its exact decimal value.

use factbox_sdk::{Class, Shape, Token};
use rust_decimal::Decimal;

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// In digits.
    Digits,
    /// In words.
    Words,
    /// A plural scale: "dozens", "hundreds of thousands".
    Plural,
    /// A part of something: "half", "two-thirds", "one in five".
    Fraction,
    /// "first", "21st".
    Ordinal,
}

/// A number in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// First token behind it.
    pub next: usize,
    /// Its value.
    pub value: Decimal,
    /// How it is written.
    pub form: Form,
    /// Has a scale word ("million", "bn").
    pub scaled: bool,
    /// Four digits and nothing else, as years are.
    pub bare: bool,
    /// Written with a thousands separator.
    pub grouped: bool,
}

fn tight(token: &Token) -> bool {
    !token.shape.has(Shape::SPACE_BEFORE)
}

/// Small numbers in words, and tens.
fn small(word: &str) -> Option<u32> {
    Some(match word {
        "zero" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" | "fourty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" => 90,
        _ => return None,
    })
}

fn ordinal_word(word: &str) -> Option<u32> {
    Some(match word {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        "thirteenth" => 13,
        "fourteenth" => 14,
        "fifteenth" => 15,
        "sixteenth" => 16,
        "seventeenth" => 17,
        "eighteenth" => 18,
        "nineteenth" => 19,
        "twentieth" => 20,
        "thirtieth" => 30,
        "fortieth" => 40,
        "fiftieth" => 50,
        "hundredth" => 100,
        _ => return None,
    })
}

/// The denominator that a word names: "third", "quarters", "tenth".
fn denominator(word: &str) -> Option<u32> {
    match word {
        "half" | "halves" => Some(2),
        "quarter" | "quarters" => Some(4),
        _ => {
            let single = word.strip_suffix('s').unwrap_or(word);
            ordinal_word(single).filter(|n| *n >= 3 && *n <= 100)
        }
    }
}

/// Words that multiply: the power of ten, or a dozen.
pub fn scale(word: &str) -> Option<Decimal> {
    Some(match word {
        "hundred" => Decimal::new(100, 0),
        "dozen" => Decimal::new(12, 0),
        "thousand" => Decimal::new(1_000, 0),
        "lakh" | "lakhs" | "lac" => Decimal::new(100_000, 0),
        "million" | "mln" | "mn" => Decimal::new(1_000_000, 0),
        "crore" | "crores" => Decimal::new(10_000_000, 0),
        "billion" | "bn" | "bln" => Decimal::new(1_000_000_000, 0),
        "trillion" | "tn" | "trn" | "tln" => Decimal::new(1_000_000_000_000, 0),
        _ => return None,
    })
}

fn plural_scale(word: &str) -> Option<Decimal> {
    Some(match word {
        "tens" => Decimal::new(10, 0),
        "dozens" => Decimal::new(12, 0),
        "scores" => Decimal::new(20, 0),
        "hundreds" => Decimal::new(100, 0),
        "thousands" => Decimal::new(1_000, 0),
        "millions" => Decimal::new(1_000_000, 0),
        "billions" => Decimal::new(1_000_000_000, 0),
        "trillions" => Decimal::new(1_000_000_000_000, 0),
        _ => return None,
    })
}

/// Whether a token may begin a number at all: a cheap test before the grammar runs.
pub fn may_begin(token: &Token) -> bool {
    match token.shape.class() {
        Class::Number | Class::Mixed => true,
        Class::Word => {
            let w = token.lower;
            matches!(w.len(), 1..=11)
                && (small(w).is_some()
                    || scale(w).is_some()
                    || plural_scale(w).is_some()
                    || ordinal_word(w).is_some()
                    || matches!(w, "half" | "twice" | "a" | "an" | "quarter" | "thrice"))
        }
        _ => false,
    }
}

/// The number that begins at token `at`.
pub fn number(text: &str, tokens: &[Token], at: usize) -> Option<Number> {
    let token = tokens.get(at)?;
    match token.shape.class() {
        Class::Number => digits(text, tokens, at),
        Class::Mixed => mixed(tokens, at),
        Class::Word => words(tokens, at),
        _ => None,
    }
}

/// "21st", "4th".
fn mixed(tokens: &[Token], at: usize) -> Option<Number> {
    let token = &tokens[at];
    let digits = token.lower.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 6 || !matches!(&token.lower[digits..], "st" | "nd" | "rd" | "th") {
        return None;
    }
    let value = Decimal::from(token.lower[..digits].parse::<u32>().ok()?);
    Some(Number {
        start: token.span.start,
        end: token.span.end,
        next: at + 1,
        value,
        form: Form::Ordinal,
        scaled: false,
        bare: false,
        grouped: false,
    })
}

/// The value of digits with separators, as one token has them.
pub fn digits_value(token: &str) -> Option<(Decimal, bool)> {
    let fraction = match token {
        "½" => Some(Decimal::new(5, 1)),
        "¼" => Some(Decimal::new(25, 2)),
        "¾" => Some(Decimal::new(75, 2)),
        "⅓" => Some(Decimal::new(333_333_333, 9)),
        "⅔" => Some(Decimal::new(666_666_667, 9)),
        _ => None,
    };
    if let Some(value) = fraction {
        return Some((value, false));
    }
    let (whole, decimals) = match (token.rfind('.'), token.rfind(',')) {
        // "1.200,5": points group, the comma parts.
        (Some(point), Some(comma)) if comma > point => (&token[..comma], Some(&token[comma + 1..])),
        (Some(point), _) if token.matches('.').count() == 1 => (&token[..point], Some(&token[point + 1..])),
        // "3,5": one comma with fewer than three digits behind it parts too.
        (None, Some(comma)) if token.matches(',').count() == 1 && token.len() - comma - 1 < 3 => {
            (&token[..comma], Some(&token[comma + 1..]))
        }
        _ => (token, None),
    };
    let grouped = whole.contains([',', '.', '\'']);
    let mut plain: String = whole.chars().filter(char::is_ascii_digit).collect();
    if let Some(decimals) = decimals {
        plain.push('.');
        plain.push_str(decimals);
    }
    if plain.len() > 28 {
        return None;
    }
    plain.parse::<Decimal>().ok().map(|value| (value, grouped))
}

fn digits(text: &str, tokens: &[Token], at: usize) -> Option<Number> {
    let token = &tokens[at];
    let (mut value, mut grouped) = digits_value(token.text)?;
    let mut start = token.span.start;
    let mut next = at + 1;
    // "1 200" with a narrow or unbroken space.
    while let Some(more) = tokens.get(next).filter(|t| t.text.len() == 3 && t.shape.class() == Class::Number) {
        let gap = text.get(tokens[next - 1].span.end as usize..more.span.start as usize).unwrap_or("");
        let group = more.text.bytes().all(|b| b.is_ascii_digit()) && matches!(gap, "\u{a0}" | "\u{202f}" | "\u{2009}");
        if !group || token.text.len() > 3 {
            break;
        }
        value = value.checked_mul(Decimal::new(1000, 0))?.checked_add(more.text.parse().ok()?)?;
        grouped = true;
        next += 1;
    }
    // "3½", "3 1/2".
    if let Some(part) = tokens.get(next).filter(|t| tight(t) && matches!(t.text, "½" | "¼" | "¾" | "⅓" | "⅔")) {
        value = value.checked_add(digits_value(part.text)?.0)?;
        next += 1;
    } else if let [a, slash, b, ..] = &tokens[next.min(tokens.len())..]
        && slash.text == "/"
        && tight(slash)
        && tight(b)
        && !tight(a)
        && a.text == "1"
        && matches!(b.text, "2" | "3" | "4" | "8")
    {
        value = value.checked_add(Decimal::ONE.checked_div(b.text.parse().ok()?)?)?;
        next += 3;
    }
    // A minus or plus that stands by itself before the digits.
    if let Some(sign) = at.checked_sub(1).map(|b| &tokens[b]).filter(|_| tight(token)) {
        let free = sign.shape.has(Shape::SPACE_BEFORE) || at < 2 || matches!(tokens[at - 2].text, "(" | "[");
        if free && matches!(sign.text, "-" | "\u{2212}" | "\u{2013}") {
            value = -value;
            start = sign.span.start;
        } else if free && sign.text == "+" {
            start = sign.span.start;
        }
    }
    if value > Decimal::ZERO
        && value < Decimal::TEN
        && value.is_integer()
        && let Some((whole, behind)) = part_of(tokens, next)
    {
        let value = value.checked_div(whole)?;
        return Some(Number {
            start,
            end: tokens[behind - 1].span.end,
            next: behind,
            value,
            form: Form::Fraction,
            scaled: false,
            bare: false,
            grouped: false,
        });
    }
    let bare = next == at + 1 && token.text.len() == 4 && token.text.bytes().all(|b| b.is_ascii_digit());
    let mut number =
        Number { start, end: tokens[next - 1].span.end, next, value, form: Form::Digits, scaled: false, bare, grouped };
    scales(tokens, &mut number)?;
    Some(number)
}

/// Scale words behind digits: "3.2 million", "1.2bn", "5m", "12 hundred thousand".
fn scales(tokens: &[Token], number: &mut Number) -> Option<()> {
    loop {
        let mut at = number.next;
        // "2-million-dollar"
        if tokens.get(at).is_some_and(|t| t.text == "-" && tight(t))
            && tokens.get(at + 1).is_some_and(|t| tight(t) && scale(t.lower).is_some())
        {
            at += 1;
        }
        let Some(word) = tokens.get(at) else { return Some(()) };
        let factor = match word.lower {
            "m" | "k" | "b" | "t" if tight(word) => {
                // Only where a sum or a count is meant; metres and the like are the units' business.
                let factor = match word.lower {
                    "k" => Decimal::new(1_000, 0),
                    "m" => Decimal::new(1_000_000, 0),
                    "b" => Decimal::new(1_000_000_000, 0),
                    _ => Decimal::new(1_000_000_000_000, 0),
                };
                let letter_case = word.text == "K"
                    || word.text == "k"
                    || word.text == "m"
                    || word.text == "M"
                    || word.text == "b"
                    || word.text == "B";
                let sum = number_follows_currency(tokens, number);
                let counted = matches!(word.lower, "m" | "k") && counts_people(tokens, at + 1);
                Some(factor).filter(|_| letter_case && (sum || counted))
            }
            lower => scale(lower),
        };
        let Some(factor) = factor else { return Some(()) };
        number.value = number.value.checked_mul(factor)?;
        number.end = word.span.end;
        number.next = at + 1;
        number.scaled = true;
        number.bare = false;
    }
}

fn number_follows_currency(tokens: &[Token], number: &Number) -> bool {
    let first = tokens[..number.next].iter().rposition(|t| t.span.start <= number.start).unwrap_or(0);
    first.checked_sub(1).is_some_and(|b| {
        matches!(tokens[b].text, "$" | "€" | "£" | "¥" | "₹" | "₩" | "₽" | "₦" | "₱" | "₺" | "฿")
            || matches!(
                tokens[b].lower,
                "rs" | "rs." | "eur" | "usd" | "gbp" | "inr" | "dkk" | "sek" | "nok" | "chf" | "aud" | "cad"
            )
    })
}

/// "5m people", "10k jobs": a plural noun stands behind.
fn counts_people(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|t| {
        !tight(t)
            && t.shape.class() == Class::Word
            && t.lower.len() > 3
            && (t.lower.ends_with('s') || matches!(t.lower, "people" | "children" | "women"))
    })
}

fn words(tokens: &[Token], at: usize) -> Option<Number> {
    let token = &tokens[at];
    let make = |next: usize, value: Decimal, form: Form, scaled: bool| Number {
        start: token.span.start,
        end: tokens[next - 1].span.end,
        next,
        value,
        form,
        scaled,
        bare: false,
        grouped: false,
    };
    let lower = |i: usize| tokens.get(i).map_or("", |t| t.lower);
    let hyphen =
        |i: usize| tokens.get(i).is_some_and(|t| t.text == "-" && tight(t)) && tokens.get(i + 1).is_some_and(tight);
    match token.lower {
        "twice" => return Some(make(at + 1, Decimal::TWO, Form::Words, false)),
        "thrice" => return Some(make(at + 1, Decimal::new(3, 0), Form::Words, false)),
        "half" => {
            // "half a million", "half-million", "half a dozen", "half of"
            let skip = usize::from(matches!(lower(at + 1), "a" | "an")) + usize::from(hyphen(at + 1));
            if let Some(factor) = scale(lower(at + 1 + skip)).filter(|_| skip > 0) {
                return Some(make(at + 2 + skip, factor.checked_div(Decimal::TWO)?, Form::Words, true));
            }
            if hyphen(at + 1)
                || matches!(lower(at + 1), "time" | "past" | "way" | "back" | "an" | "a") && lower(at + 2) != "century"
            {
                return None;
            }
            return Some(make(at + 1, Decimal::new(5, 1), Form::Fraction, false));
        }
        "a" | "an" => {
            let next = lower(at + 1);
            if let Some(factor) = scale(next) {
                let mut number = make(at + 2, factor, Form::Words, true);
                scales(tokens, &mut number)?;
                return Some(number);
            }
            let part = denominator(next).filter(|_| next != "half")?;
            let of = lower(at + 2) == "of";
            return of
                .then(|| Some(make(at + 2, Decimal::ONE.checked_div(Decimal::from(part))?, Form::Fraction, false)))?;
        }
        _ => {}
    }
    if let Some(mut value) = plural_scale(token.lower) {
        let mut next = at + 1;
        // "hundreds of thousands"
        while lower(next) == "of" {
            let Some(factor) = plural_scale(lower(next + 1)) else { break };
            value = value.checked_mul(factor)?;
            next += 2;
        }
        return Some(make(next, value, Form::Plural, true));
    }
    if let Some(n) = ordinal_word(token.lower) {
        return Some(make(at + 1, Decimal::from(n), Form::Ordinal, false));
    }
    let (value, next, scaled) = spelled(tokens, at)?;
    // "twenty-first", "two-thirds", "three quarters"
    let after = next + usize::from(hyphen(next));
    if let Some(n) = ordinal_word(lower(after))
        .filter(|n| after > next && *n < 10 && value >= Decimal::new(20, 0) && value < Decimal::ONE_HUNDRED)
    {
        return Some(make(after + 1, value + Decimal::from(n), Form::Ordinal, false));
    }
    if let Some(part) = denominator(lower(after)).filter(|_| {
        !scaled && (after > next || lower(after).ends_with('s') || value == Decimal::ONE) && value < Decimal::TEN
    }) {
        let of = matches!(lower(after + 1), "of" | "the");
        if (after > next || of) && lower(after) != "half" {
            return Some(make(after + 1, value.checked_div(Decimal::from(part))?, Form::Fraction, false));
        }
    }
    // "one in five"
    if !scaled
        && value < Decimal::TEN
        && let Some(whole) = part_of(tokens, next)
    {
        return Some(make(whole.1, value.checked_div(whole.0)?, Form::Fraction, false));
    }
    let mut number = make(next, value, Form::Words, scaled);
    // "two and a half [million]"
    if lower(next) == "and" && lower(next + 1) == "a" && lower(next + 2) == "half" {
        number.value += Decimal::new(5, 1);
        number.next = next + 3;
        number.end = tokens[next + 2].span.end;
        scales(tokens, &mut number)?;
    }
    Some(number)
}

/// "in five", "out of ten" behind a small number: the whole, and the first token behind it.
fn part_of(tokens: &[Token], at: usize) -> Option<(Decimal, usize)> {
    let lower = |i: usize| tokens.get(i).map_or("", |t| t.lower);
    let from = match (lower(at), lower(at + 1)) {
        ("in", "every") => at + 2,
        ("in", _) => at + 1,
        ("out", "of") if lower(at + 2) == "every" => at + 3,
        ("out", "of") => at + 2,
        _ => return None,
    };
    let token = tokens.get(from)?;
    let (whole, next) = match token.shape.class() {
        Class::Number => (digits_value(token.text)?.0, from + 1),
        Class::Word => spelled(tokens, from).map(|(v, n, _)| (v, n))?,
        _ => return None,
    };
    let fits = whole > Decimal::TWO
        && whole <= Decimal::new(1000, 0)
        && whole.is_integer()
        && !(token.text.len() == 4 && token.shape.class() == Class::Number);
    // "one in three years" tells when, "one in three voters" how many.
    let unit = matches!(
        lower(next),
        "years" | "months" | "days" | "weeks" | "hours" | "minutes" | "and" | "or" | "to" | "percent" | "%" | "million"
    );
    (fits && !unit).then_some((whole, next))
}

/// A number spelled out: its value, the first token behind it, whether it has a scale.
fn spelled(tokens: &[Token], at: usize) -> Option<(Decimal, usize, bool)> {
    let (mut total, mut group) = (Decimal::ZERO, Decimal::ZERO);
    let (mut i, mut any, mut scaled) = (at, false, false);
    // What a word may follow: 0 anything, 1 after tens (only units), 2 after units (only scales).
    let mut state = 0;
    while let Some(token) = tokens.get(i) {
        let mut here = i;
        let mut word = token.lower;
        if i > at {
            let joined = token.text == "-" && tight(token);
            if joined {
                let next = tokens.get(i + 1).filter(|t| tight(t))?.lower;
                if small(next).is_none() && scale(next).is_none() {
                    break;
                }
                here = i + 1;
                word = next;
            } else if word == "and" && scaled {
                let Some(next) = tokens.get(i + 1).map(|t| t.lower) else { break };
                if small(next).is_none() || state == 2 {
                    break;
                }
                // "two hundred and ten", but not "a million and two others"
                if group.is_zero() && total >= Decimal::new(1_000_000, 0) {
                    break;
                }
                here = i + 1;
                word = next;
            }
        }
        if let Some(n) = small(word) {
            if state == 2 || (state == 1 && (n >= 10 || n == 0)) {
                break;
            }
            group += Decimal::from(n);
            state = if n >= 20 { 1 } else { 2 };
        } else if let Some(factor) = scale(word).filter(|_| any) {
            scaled = true;
            if factor == Decimal::ONE_HUNDRED || factor == Decimal::new(12, 0) {
                group = if group.is_zero() { factor } else { group.checked_mul(factor)? };
            } else {
                let part = if group.is_zero() { Decimal::ONE } else { group };
                total = if group.is_zero() && !total.is_zero() {
                    total.checked_mul(factor)?
                } else {
                    total.checked_add(part.checked_mul(factor)?)?
                };
                group = Decimal::ZERO;
            }
            state = 0;
        } else {
            break;
        }
        any = true;
        i = here + 1;
    }
    any.then(|| total.checked_add(group).map(|value| (value, i, scaled)))?
}

#[cfg(test)]
mod tests {
    use crate::testing::numbers;

    #[test]
    fn numbers_in_all_their_forms() {
        for (text, expected) in [
            ("1,200 men", "1200"),
            ("1.5 men", "1.5"),
            ("3½ men", "3.5"),
            ("3.2 million men", "3200000"),
            ("twenty-five men", "25"),
            ("two hundred and ten men", "210"),
            ("a hundred men", "100"),
            ("half a million men", "500000"),
            ("two dozen men", "24"),
            ("two-thirds of men", "0.6666666666666666666666666667"),
            ("one in five men", "0.2"),
            ("hundreds of thousands of men", "100000"),
            ("5 lakh men", "500000"),
            ("12 crore men", "120000000"),
            ("one and a half million men", "1500000"),
            ("1\u{a0}200 men", "1200"),
        ] {
            assert_eq!(numbers(text).first().map(String::as_str), Some(expected), "{text}");
        }
    }
}
