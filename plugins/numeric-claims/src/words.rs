//! Numbers in words: "two hundred and ten", "three and a half million", "two-thirds", "one in five", "dozens". From a token on, the longest number
//! there is. Hundreds and smaller gather in a group; a greater scale moves the group into the total.

use crate::number::{Form, Number, digits_value, scale, scales, tight};
use crate::tables::{Tables, Units};
use factbox_sdk::{Class, Token};
use rust_decimal::Decimal;

/// Small numbers in words, and tens.
pub(crate) fn small(word: &str) -> Option<u32> {
    Some(match word {
        "zero" | "nought" | "naught" => 0,
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

pub(crate) fn ordinal_word(word: &str) -> Option<u32> {
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
        "sixtieth" => 60,
        "seventieth" => 70,
        "eightieth" => 80,
        "ninetieth" => 90,
        "hundredth" => 100,
        "thousandth" => 1000,
        _ => return None,
    })
}

/// Scale words in the plural, which count by themselves ("dozens") or behind a number ("three dozens").
pub(crate) fn plural_scale(word: &str) -> Option<Decimal> {
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

fn lower<'a>(tokens: &[Token<'a>], at: usize) -> &'a str {
    tokens.get(at).map_or("", |t| t.lower)
}

/// A hyphen between two words at token `at`; also one with blanks around it, as tokenized wire copy has it, where the words on both sides are halves of
/// one number ("fifty - two", "five - eighths").
fn hyphen(tokens: &[Token], at: usize) -> bool {
    let Some([mark, behind]) = tokens.get(at..at + 2) else { return false };
    if tight(mark) {
        return matches!(mark.text, "-" | "\u{2010}" | "\u{2011}" | "\u{2014}") && tight(behind);
    }
    let before = at.checked_sub(1).and_then(|b| small(tokens[b].lower));
    let Some(before) = before.filter(|_| mark.text == "-" && !tight(behind)) else { return false };
    let tens = before >= 20 && before.is_multiple_of(10);
    let parts = behind.lower.strip_suffix('s').and_then(ordinal_word).is_some_and(|n| n > 2);
    parts || tens && small(behind.lower).or_else(|| ordinal_word(behind.lower)).is_some_and(|n| n < 10)
}

/// Whether a phrase may end before token `at`: the text does, or no noun stands there.
fn ends(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_none_or(|t| {
        t.shape.class() != Class::Word && t.shape.class() != Class::Number
            || matches!(
                t.lower,
                "of" | "from"
                    | "in"
                    | "to"
                    | "since"
                    | "compared"
                    | "last"
                    | "this"
                    | "less"
                    | "more"
                    | "lower"
                    | "higher"
                    | "and"
                    | "or"
                    | "over"
                    | "on"
                    | "as"
                    | "between"
                    | "by"
                    | "after"
                    | "during"
                    | "while"
                    | "but"
                    | "was"
                    | "were"
                    | "is"
                    | "are"
                    | "have"
                    | "had"
                    | "said"
            )
    })
}

/// What a fraction divides by, at token `at`: the number, the first token behind it, whether it is a plural ("fifths", "twenty-firsts").
fn denominator(tokens: &[Token], at: usize) -> Option<(u32, usize, bool)> {
    let word = lower(tokens, at);
    match word {
        "half" => return Some((2, at + 1, false)),
        "halves" => return Some((2, at + 1, true)),
        "quarter" => return Some((4, at + 1, false)),
        "quarters" => return Some((4, at + 1, true)),
        _ => {}
    }
    let single = |w: &str| {
        let base = w.strip_suffix('s');
        ordinal_word(base.unwrap_or(w)).map(|n| (n, base.is_some()))
    };
    if let Some((n, plural)) = single(word) {
        return (n >= 3).then_some((n, at + 1, plural));
    }
    // "twenty-fifth", "twenty firsts"
    let tens = small(word).filter(|n| *n >= 20)?;
    let next = at + 1 + usize::from(hyphen(tokens, at + 1));
    let (n, plural) = single(lower(tokens, next)).filter(|(n, _)| *n < 10)?;
    Some((tens + n, next + 1, plural))
}

fn number_at(tokens: &[Token], at: usize, next: usize, value: Decimal, form: Form, scaled: bool) -> Number {
    Number {
        start: tokens[at].span.start,
        end: tokens[next - 1].span.end,
        next,
        value,
        form,
        scaled,
        bare: false,
        grouped: false,
    }
}

/// "of a million", "million" behind a fraction: both together.
fn of_scale(tokens: &[Token], mut number: Number) -> Option<Number> {
    let at = number.next;
    let skip = match (lower(tokens, at), lower(tokens, at + 1)) {
        ("of", "a") => 2,
        ("a", _) => 1,
        _ => usize::from(hyphen(tokens, at)),
    };
    if let Some(factor) = scale(lower(tokens, at + skip)) {
        number.value = number.value.checked_mul(factor)?.round_dp(12);
        number.next = at + skip + 1;
        number.end = tokens[at + skip].span.end;
        number.form = Form::Words;
        number.scaled = true;
    }
    Some(number)
}

/// The number in words at token `at`.
pub(crate) fn words(tokens: &[Token], at: usize, own: Option<&Units>) -> Option<Number> {
    let make = |next: usize, value: Decimal, form: Form, scaled: bool| number_at(tokens, at, next, value, form, scaled);
    match tokens[at].lower {
        "twice" => return Some(make(at + 1, Decimal::TWO, Form::Words, false)),
        "thrice" => return Some(make(at + 1, Decimal::new(3, 0), Form::Words, false)),
        "minus" | "negative" => {
            let from = at + 1 + usize::from(hyphen(tokens, at + 1));
            let digits = tokens.get(from)?.shape.class() == Class::Number;
            let mut number = if digits { crate::number::digits(tokens, from)? } else { spelled_number(tokens, from)? };
            number.start = tokens[at].span.start;
            number.value = -number.value;
            return Some(number);
        }
        "half" => return half(tokens, at, own),
        "quarter" => {
            let number = of_scale(tokens, make(at + 1, Decimal::new(25, 2), Form::Fraction, false))?;
            return (number.scaled && number.next == at + 2).then_some(number);
        }
        "a" | "an" => return article(tokens, at),
        _ => {}
    }
    if let Some(mut value) = plural_scale(tokens[at].lower) {
        let mut next = at + 1;
        // "hundreds of thousands"
        while lower(tokens, next) == "of" {
            let Some(factor) = plural_scale(lower(tokens, next + 1)) else { break };
            value = value.checked_mul(factor)?;
            next += 2;
        }
        return Some(make(next, value, Form::Plural, true));
    }
    if let Some(n) = ordinal_word(tokens[at].lower) {
        return Some(make(at + 1, Decimal::from(n), Form::Ordinal, false));
    }
    spelled_number(tokens, at)
}

/// "half", "half a million", "half a mile", "half-litre".
fn half(tokens: &[Token], at: usize, own: Option<&Units>) -> Option<Number> {
    let half = Decimal::new(5, 1);
    let number = of_scale(tokens, number_at(tokens, at, at + 1, half, Form::Fraction, false))?;
    if number.scaled {
        return Some(number);
    }
    let joint = hyphen(tokens, at + 1);
    let skip = usize::from(matches!(lower(tokens, at + 1), "a" | "an")) + usize::from(joint);
    let is_unit = |i: usize| {
        tokens.get(i).is_some_and(|t| {
            t.lower.len() > 2
                && t.shape.class() == Class::Word
                && (Tables::get().units.unit(t.lower, t.text, false).is_some()
                    || own.is_some_and(|own| own.unit(t.lower, t.text, false).is_some()))
        })
    };
    if skip > 0 && is_unit(at + 1 + skip) && !(joint && matches!(lower(tokens, at + 2), "time" | "day" | "year")) {
        let mut number = number;
        number.next = at + 1 + skip;
        return Some(number);
    }
    let idle = joint || skip > 0 || matches!(lower(tokens, at + 1), "time" | "past" | "way" | "back");
    (!idle).then_some(number)
}

/// "a hundred and two", "a third of", "by a fifth", "a quarter of a million".
fn article(tokens: &[Token], at: usize) -> Option<Number> {
    let next = lower(tokens, at + 1);
    if scale(next).is_some() {
        let (value, next, _) = spelled(tokens, at + 1, true)?;
        let mut number = number_at(tokens, at, next, value, Form::Words, true);
        scales(tokens, &mut number)?;
        return Some(number);
    }
    let (part, behind, plural) = denominator(tokens, at + 1).filter(|d| !d.2)?;
    if plural || next == "half" && lower(tokens, at) == "an" {
        return None;
    }
    let value = Decimal::ONE.checked_div(Decimal::from(part))?;
    let whole = of_scale(tokens, number_at(tokens, at, behind, value, Form::Fraction, false))?;
    if whole.scaled || lower(tokens, behind) == "of" {
        return Some(whole);
    }
    let before = at.checked_sub(1).map_or("", |b| tokens[b].lower);
    let measured = matches!(
        before,
        "by" | "than"
            | "about"
            | "nearly"
            | "almost"
            | "over"
            | "to"
            | "around"
            | "roughly"
            | "least"
            | "only"
            | "just"
            | "under"
            | "below"
            | "above"
    );
    (measured && ends(tokens, behind)).then_some(whole)
}

/// A number that begins with a small one: "five", "two hundred and ten", "two-thirds", "one in five", "three and a half million".
pub(crate) fn spelled_number(tokens: &[Token], at: usize) -> Option<Number> {
    let make = |next: usize, value: Decimal, form: Form, scaled: bool| number_at(tokens, at, next, value, form, scaled);
    let (value, next, scaled) = spelled(tokens, at, false)?;
    let after = next + usize::from(hyphen(tokens, next));
    // "twenty-first", "one hundred fifth"
    if let Some(n) = ordinal_word(lower(tokens, after)) {
        let tens = n < 10 && (value % Decimal::ONE_HUNDRED) >= Decimal::new(20, 0) && (value % Decimal::TEN).is_zero();
        if tens && after > next
            || tens && next > at + 1
            || tens && lower(tokens, after) != "second" && value < Decimal::ONE_HUNDRED
        {
            return Some(make(after + 1, value + Decimal::from(n), Form::Ordinal, false));
        }
    }
    if let Some((part, behind, plural)) = denominator(tokens, after).filter(|d| d.0 != 2 || d.2) {
        let quarters = part == 4 && lower(tokens, behind - 1) == "quarters";
        let before = at.checked_sub(1).map_or("", |b| tokens[b].lower);
        let fits = if quarters {
            after > next
                || lower(tokens, behind) == "of"
                || ends(tokens, behind)
                    && !matches!(
                        before,
                        "last"
                            | "past"
                            | "first"
                            | "next"
                            | "previous"
                            | "for"
                            | "in"
                            | "over"
                            | "all"
                            | "the"
                            | "recent"
                    )
        } else if plural {
            !(part == 2 && after == next)
        } else {
            value == Decimal::ONE
                && (after > next
                    || part > 3 && ends(tokens, behind)
                    || matches!(lower(tokens, behind), "of" | "the" | "more" | "less"))
        };
        if fits {
            let value = value.checked_div(Decimal::from(part))?;
            return of_scale(tokens, make(behind, value, Form::Fraction, false));
        }
    }
    // "one in five"
    if !scaled
        && value < Decimal::TEN
        && let Some(whole) = part_of(tokens, next)
    {
        return Some(make(whole.1, value.checked_div(whole.0)?, Form::Fraction, false));
    }
    if !scaled && let Some((whole, behind)) = over(tokens, next, value) {
        return Some(make(behind, value.checked_div(whole)?, Form::Fraction, false));
    }
    let mut number = make(next, value, Form::Words, scaled);
    and_a_part(tokens, &mut number)?;
    if !scaled || number.next > next {
        scales(tokens, &mut number)?;
    }
    Some(number)
}

/// "over twenty" behind a smaller number, at the end of a clause: the whole, and the first token behind it.
pub(crate) fn over(tokens: &[Token], at: usize, value: Decimal) -> Option<(Decimal, usize)> {
    if lower(tokens, at) != "over" {
        return None;
    }
    let token = tokens.get(at + 1)?;
    let (whole, behind) = match token.shape.class() {
        Class::Number if token.text.len() <= 3 => (digits_value(token.text)?.0, at + 2),
        Class::Word => spelled(tokens, at + 1, false).map(|(v, n, _)| (v, n))?,
        _ => return None,
    };
    let ended = tokens
        .get(behind)
        .is_none_or(|t| t.shape.class() == Class::Punctuation && !t.shape.has(factbox_sdk::Shape::DASH));
    (ended && value < whole && value > Decimal::ZERO).then_some((whole, behind))
}

/// "and a half [million]", "and three quarters", "and one fourth" behind a whole number.
pub(crate) fn and_a_part(tokens: &[Token], number: &mut Number) -> Option<()> {
    let at = number.next;
    if lower(tokens, at) != "and" {
        return Some(());
    }
    let (count, from) = match lower(tokens, at + 1) {
        "a" | "an" => (1, at + 2),
        "half" | "quarter" => (1, at + 1),
        word => match small(word) {
            Some(n) if n > 0 && n < 20 => (n, at + 2),
            _ => return Some(()),
        },
    };
    let from = from + usize::from(hyphen(tokens, from));
    let Some((part, behind, plural)) = denominator(tokens, from).filter(|d| d.0 > count) else { return Some(()) };
    // "two and second" and the like are none; nor is "one and third".
    if from == at + 1 && !(part == 2 || part == 4) || plural != (count > 1) && part != 4 {
        return Some(());
    }
    let part = Decimal::from(count).checked_div(Decimal::from(part))?;
    let million = Decimal::new(1_000_000, 0);
    let again = scale(lower(tokens, behind));
    if let (Some(factor), true) = (again, number.scaled && number.value >= million) {
        number.value = number.value.checked_add(part.checked_mul(factor)?)?;
        number.next = behind + 1;
    } else if number.scaled && number.value >= million {
        // "five billion and three quarters": of the scale.
        let mut unit = million;
        while number.value >= unit.checked_mul(Decimal::ONE_THOUSAND)? {
            unit = unit.checked_mul(Decimal::ONE_THOUSAND)?;
        }
        number.value = number.value.checked_add(part.checked_mul(unit)?)?.round_dp(12);
        number.next = behind;
    } else {
        number.value = number.value.checked_add(part)?;
        number.next = behind;
    }
    number.end = tokens[number.next - 1].span.end;
    Some(())
}

/// "in five", "out of ten" behind a small number: the whole, and the first token behind it.
pub(crate) fn part_of(tokens: &[Token], at: usize) -> Option<(Decimal, usize)> {
    let from = match (lower(tokens, at), lower(tokens, at + 1)) {
        ("in", "every") => at + 2,
        ("in", _) => at + 1,
        ("out", "of") if lower(tokens, at + 2) == "every" => at + 3,
        ("out", "of") => at + 2,
        _ => return None,
    };
    let token = tokens.get(from)?;
    let (whole, next) = match token.shape.class() {
        Class::Number => (digits_value(token.text)?.0, from + 1),
        Class::Word => spelled(tokens, from, false).map(|(v, n, _)| (v, n))?,
        _ => return None,
    };
    let fits = whole > Decimal::TWO
        && whole <= Decimal::new(1000, 0)
        && whole.is_integer()
        && !(token.text.len() == 4 && token.shape.class() == Class::Number);
    // "one in three years" tells when, "one in three voters" how many.
    let unit = matches!(
        lower(tokens, next),
        "years" | "months" | "weeks" | "hours" | "minutes" | "and" | "or" | "to" | "percent" | "%" | "million"
    );
    (fits && !unit).then_some((whole, next))
}

/// Whether the number in words at token `at` has a scale, and one smaller than `least`.
fn smaller_scale_follows(tokens: &[Token], at: usize, least: Decimal) -> bool {
    (at..at + 8)
        .map(|i| lower(tokens, i))
        .take_while(|w| small(w).is_some() || scale(w).is_some())
        .find_map(scale)
        .is_some_and(|s| s < least)
}

/// Whole numbers in words: value, first token behind, whether a scale word takes part. `seeded`: an article stands for "one" before the scale.
pub(crate) fn spelled(tokens: &[Token], at: usize, seeded: bool) -> Option<(Decimal, usize, bool)> {
    let (mut total, mut group) = (Decimal::ZERO, Decimal::ZERO);
    let (mut i, mut any, mut scaled) = (at, seeded, false);
    // What a word may follow: 0 anything, 1 after tens (only units), 2 after units (only scales).
    let mut state = 0;
    // The smallest scale so far: a part behind it must be smaller.
    let mut least = Decimal::MAX;
    while let Some(token) = tokens.get(i) {
        let mut here = i;
        let mut word = token.lower;
        if i > at {
            if hyphen(tokens, i) {
                let next = lower(tokens, i + 1);
                if small(next).is_none() && scale(next).is_none() {
                    break;
                }
                here = i + 1;
                word = next;
            } else if word == "and" && scaled {
                let next = lower(tokens, i + 1);
                if small(next).is_none() || state == 2 {
                    break;
                }
                // "two hundred and ten", "two hundred and three quarters" is another; "a million and two others" too.
                if denominator(tokens, i + 2).is_some_and(|d| d.2) {
                    break;
                }
                let lone = group.is_zero() && total >= Decimal::new(1_000_000, 0);
                if lone && !smaller_scale_follows(tokens, i + 1, least) {
                    break;
                }
                here = i + 1;
                word = next;
            } else if word == "point" && any {
                // "five point five", "two hundred point zero three"
                let mut decimals = Decimal::ONE;
                let mut value = total.checked_add(group)?;
                let mut next = i + 1;
                while let Some(n) = small(lower(tokens, next)).filter(|n| *n < 10 && next < i + 12) {
                    decimals = decimals.checked_div(Decimal::TEN)?;
                    value = value.checked_add(decimals.checked_mul(Decimal::from(n))?)?;
                    next += 1;
                }
                if next == i + 1 {
                    break;
                }
                while let Some(factor) = scale(lower(tokens, next)) {
                    value = value.checked_mul(factor)?;
                    scaled = true;
                    next += 1;
                }
                return Some((value, next, scaled));
            }
        }
        let behind = if any {
            scale(word).or_else(|| plural_scale(word).filter(|_| !seeded && word != "scores" && word != "tens"))
        } else {
            None
        };
        if let Some(n) = small(word) {
            if state == 2
                || (state == 1 && (n >= 10 || n == 0))
                || denominator(tokens, here).is_some_and(|d| i > at && d.0 > 20 && d.2)
            {
                break;
            }
            group += Decimal::from(n);
            state = if n >= 20 { 1 } else { 2 };
        } else if let Some(factor) = behind {
            scaled = true;
            if factor == Decimal::new(12, 0)
                && group > Decimal::ONE_HUNDRED
                && !(group % Decimal::ONE_HUNDRED).is_zero()
            {
                // "three hundred and two dozens": two dozens.
                let dozens = group % Decimal::ONE_HUNDRED;
                group = group - dozens + dozens.checked_mul(factor)?;
            } else if factor == Decimal::ONE_HUNDRED || factor == Decimal::new(12, 0) {
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
            least = least.min(factor);
            state = 0;
        } else {
            break;
        }
        any = true;
        i = here + 1;
    }
    if i == at {
        return None;
    }
    total.checked_add(group).map(|value| (value, i, scaled))
}
