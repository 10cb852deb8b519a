//! Numbers as news writes them: digits with separators, words, both together, scales, fractions. From a token on, the longest number there is, with
//! its exact decimal value.

use crate::tables::Units;
use crate::words::{and_a_part, ordinal_word, part_of, plural_scale, small, words};
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

pub(crate) fn tight(token: &Token) -> bool {
    !token.shape.has(Shape::SPACE_BEFORE)
}

/// Words that multiply: the power of ten, or a dozen.
pub fn scale(word: &str) -> Option<Decimal> {
    Some(match word {
        "hundred" => Decimal::new(100, 0),
        "dozen" => Decimal::new(12, 0),
        "thousand" => Decimal::new(1_000, 0),
        "lakh" | "lakhs" | "lac" | "lacs" | "lkh" => Decimal::new(100_000, 0),
        "million" | "mln" | "mn" | "mil" => Decimal::new(1_000_000, 0),
        "crore" | "crores" | "cr" | "krore" | "krores" => Decimal::new(10_000_000, 0),
        "billion" | "bn" | "bln" | "bil" => Decimal::new(1_000_000_000, 0),
        "trillion" | "tn" | "trn" | "tln" => Decimal::new(1_000_000_000_000, 0),
        _ => return None,
    })
}

/// Whether a token may begin a number at all: a cheap test before the grammar runs.
pub fn may_begin(token: &Token) -> bool {
    match token.shape.class() {
        Class::Number | Class::Mixed => true,
        Class::Word => word_may_begin(token.lower),
        _ => false,
    }
}

/// Whether a word may begin a number.
pub fn word_may_begin(word: &str) -> bool {
    matches!(word.len(), 1..=11)
        && (small(word).is_some()
            || scale(word).is_some()
            || plural_scale(word).is_some()
            || ordinal_word(word).is_some()
            || matches!(word, "half" | "twice" | "a" | "an" | "quarter" | "thrice" | "minus" | "negative"))
}

/// The number that begins at token `at`; `own` are the user's units, which may stand behind "half a".
pub fn number(tokens: &[Token], at: usize, own: Option<&Units>) -> Option<Number> {
    let token = tokens.get(at)?;
    match token.shape.class() {
        Class::Number => digits(tokens, at),
        Class::Mixed => mixed(tokens, at),
        Class::Word => words(tokens, at, own),
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
        "⅙" => Some(Decimal::new(166_666_667, 9)),
        "⅛" => Some(Decimal::new(125, 3)),
        "⅕" => Some(Decimal::new(2, 1)),
        "⅖" => Some(Decimal::new(4, 1)),
        "⅗" => Some(Decimal::new(6, 1)),
        "⅘" => Some(Decimal::new(8, 1)),
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
    // Groups have three digits, in Indian numbers two before the last: anything else is a list, a version, a code.
    if grouped {
        let mut groups = whole.rsplit([',', '.', '\'']);
        let full = groups.next().is_some_and(|g| g.len() == 3) && groups.all(|g| (1..=3).contains(&g.len()));
        if !full {
            return None;
        }
    }
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

/// A number in digits that is too long for a decimal: near its value, and exactly in text, scale words ("million") included.
pub(crate) fn long_number(tokens: &[Token], at: usize) -> Option<(Number, String)> {
    const LONGEST: usize = 1000;
    let token = tokens.get(at).filter(|t| t.shape.class() == Class::Number && (29..LONGEST).contains(&t.text.len()))?;
    let (whole, decimals) = match token.text.split_once('.') {
        Some((whole, decimals)) if !decimals.contains(['.', ',']) => (whole, decimals),
        Some(_) => return None,
        None => (token.text, ""),
    };
    let grouped = whole.contains([',', '\'']);
    // Groups must be full: anything else is a list or a code.
    let mut groups = whole.split([',', '\'']);
    let first = groups.next()?;
    let plain = |g: &str| g.bytes().all(|b| b.is_ascii_digit());
    if first.is_empty() || !plain(first) || !plain(decimals) || !groups.all(|g| g.len() == 3 && plain(g)) {
        return None;
    }
    let mut digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let mut fraction = decimals.to_owned();
    let mut next = at + 1;
    while let Some(factor) = tokens.get(next).filter(|_| next < at + 4).and_then(|t| scale(t.lower)) {
        // A dozen is no power of ten: its number would not be exact any more.
        let zeros = factor.to_string().strip_prefix('1').filter(|z| z.bytes().all(|b| b == b'0'))?.len();
        for _ in 0..zeros {
            let moved = if fraction.is_empty() { '0' } else { fraction.remove(0) };
            digits.push(moved);
        }
        next += 1;
    }
    let digits = digits.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let whole = if digits.is_empty() { "0" } else { digits };
    let text = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    // A whole part of up to 28 digits is near enough without the rest.
    let value = whole.get(..whole.len().min(29)).filter(|w| w.len() <= 28).and_then(|w| w.parse().ok());
    let number = Number {
        start: token.span.start,
        end: tokens[next - 1].span.end,
        next,
        value: value.unwrap_or(Decimal::MAX),
        form: Form::Digits,
        scaled: next > at + 1,
        bare: false,
        grouped,
    };
    Some((number, text))
}

pub(crate) fn digits(tokens: &[Token], at: usize) -> Option<Number> {
    let token = &tokens[at];
    let (mut value, mut grouped) = digits_value(token.text)?;
    let mut start = token.span.start;
    let mut form = Form::Digits;
    let mut next = at + 1;
    // "1 200": groups of three behind a first one of up to three.
    if groups_follow(tokens, at) {
        while let Some(more) = tokens.get(next).filter(|t| t.shape.class() == Class::Number && is_group(t.text)) {
            let (group, _) = digits_value(more.text)?;
            value = value.checked_mul(Decimal::ONE_THOUSAND)?.checked_add(group)?;
            grouped = true;
            next += 1;
            if more.text.len() > 3 {
                break;
            }
        }
    }
    // "6-1/2"
    if let [dash, a, slash, b, ..] = &tokens[next.min(tokens.len())..]
        && next == at + 1
        && dash.text == "-"
        && slash.text == "/"
        && [dash, a, slash, b].iter().all(|t| tight(t))
        && tokens.get(next + 4).is_none_or(|t| !(tight(t) && t.text == "/"))
        && let (Some(whole), Ok(part)) = (denominator_digits(a.text, b.text), a.text.parse::<Decimal>())
    {
        value = value.checked_add(part.checked_div(whole)?)?;
        next += 4;
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
    // "3/4", "1/40"
    if let [slash, whole, ..] = &tokens[next.min(tokens.len())..]
        && next == at + 1
        && slash.text == "/"
        && tight(slash)
        && tight(whole)
        && let Some(denominator) = denominator_digits(token.text, whole.text)
        && tokens.get(next + 2).is_none_or(|t| !(tight(t) && matches!(t.text, "/" | "-")))
        && at.checked_sub(1).is_none_or(|b| !matches!(tokens[b].text, "/" | "on" | "by" | "next" | "this"))
    {
        value = value.checked_div(denominator)?;
        next += 2;
        form = Form::Fraction;
    }
    // A minus or plus that stands by itself before the digits.
    if let Some(sign) = at.checked_sub(1).map(|b| &tokens[b]).filter(|_| tight(token)) {
        let free =
            sign.shape.has(Shape::SPACE_BEFORE) || at < 2 || matches!(tokens[at - 2].text, "(" | "[" | "<" | ">");
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
    if let Some((whole, behind)) = crate::words::over(tokens, next, value) {
        value = value.checked_div(whole)?;
        next = behind;
        form = Form::Fraction;
    }
    let bare = next == at + 1 && token.text.len() == 4 && token.text.bytes().all(|b| b.is_ascii_digit());
    let mut number = Number { start, end: tokens[next - 1].span.end, next, value, form, scaled: false, bare, grouped };
    power(tokens, &mut number)?;
    if form == Form::Digits {
        scales(tokens, &mut number)?;
        if number.scaled {
            smaller_part(tokens, &mut number)?;
        } else {
            and_a_part(tokens, &mut number)?;
        }
    }
    Some(number)
}

fn is_group(text: &str) -> bool {
    let b = text.as_bytes();
    b.len() >= 3 && b[..3].iter().all(u8::is_ascii_digit) && (b.len() == 3 || b[3] == b'.')
}

/// Whether the digits at `at` are the first of groups parted by spaces: a narrow or unbroken one always counts, a plain one only where all groups
/// are full and nothing makes them two numbers.
fn groups_follow(tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let Some(second) = tokens.get(at + 1) else { return false };
    let first = !token.text.is_empty() && token.text.len() <= 3 && token.text.bytes().all(|b| b.is_ascii_digit());
    if !first || second.shape.class() != Class::Number || !is_group(second.text) || token.text == "0" {
        return false;
    }
    // The gap in bytes tells the kind of space: plain ones have one.
    if second.span.start - token.span.end > 1 {
        return second.span.start - token.span.end <= 3;
    }
    let before = at.checked_sub(1).map(|b| &tokens[b]);
    let named = before.is_some_and(|t| {
        t.shape.class() == Class::Number
            || t.shape.has(Shape::DASH)
            || matches!(t.text, "+" | "(" | "/" | "#" | ")")
            || t.shape.class() == Class::Word
                && !t.shape.has(Shape::SENTENCE_START)
                && !matches!(t.shape.letters(), factbox_sdk::Letters::Lower)
                && t.text.len() > 3
    });
    let mut next = at + 1;
    while tokens.get(next).is_some_and(|t| t.shape.class() == Class::Number && is_group(t.text)) && next < at + 8 {
        next += 1;
    }
    !named
        && tokens.get(next).is_none_or(|t| t.shape.class() != Class::Number && !(tight(t) && t.shape.has(Shape::DASH)))
}

/// What digits behind a slash divide by, where both are a fraction rather than a date or a score.
fn denominator_digits(above: &str, below: &str) -> Option<Decimal> {
    let plain = |t: &str| t.len() <= 4 && t.bytes().all(|b| b.is_ascii_digit()) && !t.starts_with('0');
    if !plain(above) || !plain(below) {
        return None;
    }
    let (n, d): (u32, u32) = (above.parse().ok()?, below.parse().ok()?);
    let usual = matches!(d, 2..=6 | 8 | 10 | 12 | 15 | 16 | 20 | 32 | 40 | 64 | 100 | 1000);
    (usual && n < d).then(|| Decimal::from(d))
}

/// "1.3e6", "12.32e+14", "8x10^3", "2.5^-1": powers behind digits.
fn power(tokens: &[Token], number: &mut Number) -> Option<()> {
    let at = number.next;
    let tight_at = |i: usize| tokens.get(i).filter(|t| tight(t));
    let Some(mark) = tokens.get(at) else { return Some(()) };
    // A signed exponent at token `i`, and the first token behind it.
    let exponent = |i: usize| -> Option<(i32, usize)> {
        let (sign, i) = match tight_at(i)?.text {
            "-" | "\u{2212}" => (-1, i + 1),
            "+" => (1, i + 1),
            _ => (1, i),
        };
        let digits = tight_at(i).filter(|t| t.shape.class() == Class::Number && t.text.len() <= 2)?;
        digits.text.parse::<i32>().ok().map(|n| (sign * n, i + 1))
    };
    // The base, the exponent, the first token behind; a base of `None` is the number itself.
    let raised = |base: Option<Decimal>, i: usize| {
        tight_at(i).filter(|t| t.text == "^").and_then(|_| exponent(i + 1)).map(|(n, next)| (base, n, next))
    };
    let ten = Some(Decimal::TEN);
    let found = if mark.text == "^" {
        raised(None, at)
    } else if tight(mark) && mark.lower == "e" {
        exponent(at + 1).map(|(n, next)| (ten, n, next))
    } else if tight(mark) && mark.lower.len() <= 3 && mark.lower.starts_with('e') {
        mark.lower[1..].parse::<i32>().ok().map(|n| (ten, n, at + 1))
    } else if matches!(mark.lower, "x" | "\u{d7}" | "*") {
        tokens
            .get(at + 1)
            .filter(|t| t.text.len() <= 3)
            .and_then(|t| t.text.parse().ok())
            .and_then(|base| raised(Some(base), at + 2))
    } else if tight(mark) && mark.lower.len() <= 4 {
        mark.lower.strip_prefix('x').and_then(|b| b.parse().ok()).and_then(|base| raised(Some(base), at + 1))
    } else {
        None
    };
    let Some((base, n, next)) = found.filter(|f| f.1.abs() <= 27) else { return Some(()) };
    let (base, mut value) = base.map_or((number.value, Decimal::ONE), |b| (b, number.value));
    for _ in 0..n.abs() {
        value = if n > 0 { value.checked_mul(base)? } else { value.checked_div(base)? };
    }
    number.value = value;
    number.next = next;
    number.end = tokens[next - 1].span.end;
    number.bare = false;
    Some(())
}

/// "4 thousand 3 hundred and 21", "3 hundred and 21": a smaller part behind a scaled number in digits.
fn smaller_part(tokens: &[Token], number: &mut Number) -> Option<()> {
    loop {
        let and = tokens.get(number.next).is_some_and(|t| t.lower == "and");
        let at = number.next + usize::from(and);
        let Some(token) = tokens.get(at) else { return Some(()) };
        let last = scale(tokens[number.next - 1].lower).unwrap_or(Decimal::ONE);
        let mut part = match token.shape.class() {
            Class::Number if token.text.len() <= 3 => {
                let Some((value, false)) = digits_value(token.text) else { return Some(()) };
                Number {
                    start: token.span.start,
                    end: token.span.end,
                    next: at + 1,
                    value,
                    form: Form::Digits,
                    scaled: false,
                    bare: false,
                    grouped: false,
                }
            }
            Class::Word if small(token.lower).is_some() => match crate::words::spelled(tokens, at, false) {
                Some((value, next, scaled)) => Number {
                    start: token.span.start,
                    end: tokens[next - 1].span.end,
                    next,
                    value,
                    form: Form::Words,
                    scaled,
                    bare: false,
                    grouped: false,
                },
                None => return Some(()),
            },
            _ => return Some(()),
        };
        scales(tokens, &mut part)?;
        let hundreds = last <= Decimal::ONE_THOUSAND && last > Decimal::new(12, 0);
        let fits = part.value < last && part.value.is_integer() && (part.scaled || and && hundreds);
        if !fits {
            return Some(());
        }
        number.value = number.value.checked_add(part.value)?;
        number.next = part.next;
        number.end = part.end;
        if !part.scaled {
            return Some(());
        }
    }
}

/// Scale words behind digits: "3.2 million", "1.2bn", "5m", "12 hundred thousand".
pub(crate) fn scales(tokens: &[Token], number: &mut Number) -> Option<()> {
    loop {
        let mut at = number.next;
        // "2-million-dollar"
        if tokens.get(at).is_some_and(|t| t.text == "-" && tight(t))
            && tokens.get(at + 1).is_some_and(|t| tight(t) && t.lower.len() > 2 && scale(t.lower).is_some())
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
                let sum = number_follows_currency(tokens, number)
                    || tokens.get(at + 1).is_some_and(|t| tight(t) && t.text == "$");
                let plain = word.lower == "k" || word.text == "M";
                let counted = word.lower == "m" && counts_people(tokens, at + 1) && !is_race(tokens, at + 1);
                Some(factor).filter(|_| sum || plain || counted)
            }
            "mm" if tight(word) && (word.text == "MM" || number_follows_currency(tokens, number)) => {
                Some(Decimal::new(1_000_000, 0))
            }
            // "2.33 k"
            "k" if !number.value.is_integer()
                && tokens.get(at + 1).is_none_or(|t| t.shape.class() == Class::Punctuation) =>
            {
                Some(Decimal::ONE_THOUSAND)
            }
            // "8 B people"
            "b" if word.text == "B" && counts_people(tokens, at + 1) => Some(Decimal::new(1_000_000_000, 0)),
            "dozens" | "thousands" | "millions" | "billions" => plural_scale(word.lower),
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

/// "400m hurdles", "100m sprinters": a distance that is run.
fn is_race(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|t| {
        matches!(
            t.lower,
            "hurdles"
                | "relays"
                | "heats"
                | "sprints"
                | "sprinters"
                | "races"
                | "finals"
                | "runners"
                | "swimmers"
                | "titles"
        )
    })
}

/// "5m people", "10m digital sales", "35m of its devices": something is counted behind.
fn counts_people(tokens: &[Token], at: usize) -> bool {
    let noun = |i: usize| {
        tokens.get(i).is_some_and(|t| {
            !tight(t)
                && t.shape.class() == Class::Word
                && t.lower.len() > 3
                && (t.lower.ends_with('s') && !t.lower.ends_with("ss")
                    || matches!(t.lower, "people" | "children" | "women"))
        })
    };
    let of = tokens.get(at).is_some_and(|t| t.lower == "of")
        && tokens.get(at + 1).is_some_and(|t| matches!(t.lower, "its" | "the" | "their" | "these"));
    of || (at..at + 4)
        .take_while(|i| {
            tokens.get(*i).is_some_and(|t| {
                t.shape.class() == Class::Word
                    && !matches!(t.lower, "of" | "and" | "in" | "from" | "above" | "to" | "for" | "on" | "at")
            })
        })
        .any(noun)
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
