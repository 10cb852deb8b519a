//! A number with what stands around it: its unit, a part of one behind it, its currency ([`crate::money`]), its rate ([`crate::rate`]).

use crate::calendar::tight;
use crate::money::{Money, currency_behind, prefix};
use crate::number::{Form, Number, long_number, number};
use crate::rate::{Rate, rate};
use factbox_sdk::{Class, Shape, Token};
use rust_decimal::Decimal;

/// A number with its unit.
#[derive(Clone, Debug)]
pub struct Amount {
    /// The number.
    pub number: Number,
    /// First byte, a currency sign included.
    pub start: u32,
    /// One past the last byte, the unit included.
    pub end: u32,
    /// First token, a currency sign included.
    pub first: usize,
    /// First token behind it.
    pub next: usize,
    /// `number`, `percent`, `money`, `quantity`, `duration` or `ordinal`.
    pub kind: &'static str,
    /// UCUM symbol, ISO 4217 code, `%`, `%pt` or `1`.
    pub unit: String,
    /// The unit is written (not taken over from the other end of a range).
    pub explicit: bool,
    /// How the currency was settled.
    pub basis: Option<&'static str>,
    /// Factor to the SI unit, and that unit.
    pub si: Option<(Decimal, &'static str)>,
    /// What it is a rate of: "per tonne", "a year", "per 100,000 people".
    pub rate: Option<Rate>,
    /// The exact number in text, where it has more digits than a decimal holds; `number.value` is then near it.
    pub long: Option<String>,
}

impl Amount {
    /// The number alone, which begins at token `first`.
    fn bare(number: Number, first: usize) -> Self {
        Amount {
            start: number.start,
            end: number.end,
            first,
            next: number.next,
            kind: if number.form == Form::Ordinal { "ordinal" } else { "number" },
            unit: "1".to_owned(),
            explicit: false,
            basis: None,
            si: None,
            rate: None,
            long: None,
            number,
        }
    }
}

/// The amount whose number begins at token `at`. `text` is the article.
pub fn amount(text: &str, tokens: &[Token], at: usize, money: Money) -> Option<Amount> {
    let (number, long) = match number(tokens, at, money.own) {
        Some(number) => (number, None),
        None if matches!(tokens[at].lower, "a" | "an") => return unit_and_part(text, tokens, at, money),
        None => long_number(tokens, at).map(|(number, text)| (number, Some(text)))?,
    };
    let near = number.value;
    let first = tokens[..=at].iter().rposition(|t| t.span.start <= number.start).unwrap_or(at);
    let mut a = Amount { long, ..Amount::bare(number, first) };
    if a.kind == "ordinal" {
        return Some(a);
    }
    prefix(tokens, at, money, &mut a);
    if a.kind != "money" {
        suffix(text, tokens, money, &mut a);
    } else if let Some(next) = tokens.get(a.next) {
        // "$5 million US", "$5 dollars"
        let redundant = currency_behind(tokens, a.next, money, true).filter(|(_, code, _, _)| *code == a.unit);
        if let Some((n, _, _, _)) = redundant {
            a.next = n;
            a.end = tokens[n - 1].span.end;
        } else if a.unit == money.dollar && matches!(next.text, "USD" | "CAD" | "AUD") && !next.shape.has(Shape::CLITIC)
        {
            a.unit = next.text.to_owned();
            a.end = next.span.end;
            a.next += 1;
        }
    }
    if a.long.is_some() && a.number.value != near {
        // cents and the like: what was multiplied is not the exact number
        return None;
    }
    if a.explicit {
        // "1 hour fifteen minutes forty seconds"
        while compound(text, tokens, &mut a, money).is_some() {}
    }
    if a.explicit || a.kind == "number" {
        rate(tokens, &mut a, money);
    }
    Some(a)
}

/// "an hour and 45 minutes", "a mile and a half": one of a unit, and a part of one.
fn unit_and_part(text: &str, tokens: &[Token], at: usize, money: Money) -> Option<Amount> {
    tokens[at..].iter().take(4).skip(2).find(|t| t.lower == "and")?;
    let number = Number {
        start: tokens[at].span.start,
        end: tokens[at].span.end,
        next: at + 1,
        value: Decimal::ONE,
        form: Form::Words,
        scaled: false,
        bare: false,
        grouped: false,
    };
    let mut a = Amount::bare(number, at);
    suffix(text, tokens, money, &mut a);
    compound(text, tokens, &mut a, money)?;
    Some(a)
}

/// A unit or a currency's name behind the number: "650 kilometers", "11-mile", "5 percent", "75 pence".
fn suffix(text: &str, tokens: &[Token], money: Money, a: &mut Amount) {
    // "one in five days" counts days.
    if a.number.form == Form::Fraction
        && a.number.next >= 3
        && tokens[a.first..a.number.next].iter().any(|t| matches!(t.lower, "in" | "out"))
    {
        return;
    }
    let mut at = a.next;
    // A wide gap parts columns and lines.
    if at > 0 && tokens.get(at).is_some_and(|t| t.span.start > tokens[at - 1].span.end + 2) {
        return;
    }
    // "11-mile": the hyphen belongs to it.
    if tokens.get(at).is_some_and(|t| t.text == "-" && tight(t)) && tokens.get(at + 1).is_some_and(tight) {
        at += 1;
    }
    // "a quarter of an hour", "two thirds of a mile"
    let part = a.number.form == Form::Fraction
        && tokens.get(at).is_some_and(|t| t.lower == "of")
        && tokens.get(at + 1).is_some_and(|t| matches!(t.lower, "a" | "an"));
    at += if part { 2 } else { 0 };
    // A digit range such as "94 to 95 GW" is looked at from its second number.
    for len in (1..=money.longest(tokens, at, 5)).rev() {
        if at + len > tokens.len() {
            continue;
        }
        let (from, to) = (tokens[at].span.start as usize, tokens[at + len - 1].span.end as usize);
        if to - from > 40 {
            continue;
        }
        let written = text.get(from..to).unwrap_or("");
        let lower = (at..at + len).map(|i| tokens[i].lower).collect::<Vec<_>>();
        let joined = if written.contains(' ') { lower.join(" ") } else { written.to_lowercase() };
        // Letters alone are units when written on to digits, or behind digits at a word's end: "5 W".
        let glued = tight(&tokens[at])
            || a.number.form == Form::Digits
                && len == 1
                && written.len() == 1
                && !a.number.scaled
                && tokens.get(at + 1).is_none_or(|t| {
                    !tight(t) || !(t.shape.has(Shape::DASH) || t.shape.has(Shape::CLITIC)) && t.text != "."
                });
        let pointed = len == 1 && tokens[at].shape.has(Shape::ABBREVIATION);
        let joined = if pointed { joined.trim_end_matches('.').to_owned() } else { joined };
        let Some((unit, own)) = money
            .unit(&joined, if pointed { written.trim_end_matches('.') } else { written }, glued)
            .or_else(|| if len > 1 { money.unit(&joined.replace('-', " "), written, glued) } else { None })
        else {
            continue;
        };
        if !own && !unit_fits(tokens, at, len, &unit.symbol, a) {
            continue;
        }
        a.kind = unit.kind;
        a.unit = unit.symbol.clone().into_string();
        a.si = unit.si;
        a.next = at + len;
        a.end = tokens[a.next - 1].span.end;
        // The point may end the sentence: it stays out.
        a.end -= u32::from(pointed && written.ends_with('.'));
        a.explicit = true;
        if joined == "bpd" && !own {
            a.unit = "[bbl_us]/d".to_owned();
            a.si = None;
        }
        // "52-year-old"
        if a.kind == "duration" && a.unit == "a" {
            let old = |i: usize| tokens.get(i).is_some_and(|t| matches!(t.lower, "old" | "olds"));
            let hyphen = tokens.get(a.next).is_some_and(|t| t.text == "-");
            let behind = a.next + usize::from(hyphen);
            if old(behind) && (hyphen || tokens[a.next - 1].lower == "year") {
                a.next = behind + 1;
                a.end = tokens[behind].span.end;
            }
        }
        return;
    }
    if let Some((next, code, factor, basis)) = currency_behind(tokens, at, money, a.number.scaled).filter(|_| !part) {
        a.kind = "money";
        a.unit = code.to_owned();
        a.basis = Some(basis);
        if let Some(value) = factor.and_then(|f| a.number.value.checked_mul(f)) {
            a.number.value = value;
        }
        a.next = next;
        a.end = tokens[next - 1].span.end;
        a.explicit = true;
        if code == "[lb_av]" {
            a.kind = "quantity";
            a.basis = None;
            a.si = Some((Decimal::new(45_359_237, 8), "kg"));
        } else if let Some(value) = crate::number::scale(tokens.get(next).map_or("", |t| t.lower))
            .filter(|_| basis == "code" && !a.number.scaled)
            .and_then(|f| a.number.value.checked_mul(f))
        {
            // "75 USD million"
            a.number.value = value;
            a.number.scaled = true;
            a.next = next + 1;
            a.end = tokens[next].span.end;
        }
    }
}

/// Amounts in two units, and halves behind: "7 feet 10 inches", "2 years and 3 months", "3 dollars 50 cents", "an hour and a half".
pub(crate) fn compound(text: &str, tokens: &[Token], a: &mut Amount, money: Money) -> Option<()> {
    if !a.explicit || a.long.is_some() || a.unit.contains('/') || !a.number.value.is_integer() {
        return None;
    }
    let lower = |i: usize| tokens.get(i).map_or("", |t| t.lower);
    if (a.kind == "duration" || a.number.value == Decimal::ONE) && lower(a.next) == "and" {
        let skip = usize::from(lower(a.next + 1) == "a");
        let part = match lower(a.next + 1 + skip) {
            "half" => Decimal::new(5, 1),
            "quarter" if skip == 1 => Decimal::new(25, 2),
            _ => Decimal::ZERO,
        };
        if !part.is_zero() && lower(a.next + 2 + skip) != "of" {
            a.number.value = a.number.value.checked_add(part)?;
            a.next += 2 + skip;
            a.end = tokens[a.next - 1].span.end;
            return Some(());
        }
    }
    let joint = usize::from(matches!(lower(a.next), "and" | ","));
    let at = a.next + joint;
    let token = tokens.get(at).filter(|t| crate::number::may_begin(t))?;
    let number = number(tokens, at, money.own).filter(|n| n.form != Form::Ordinal && n.start >= token.span.start)?;
    if number.value <= Decimal::ZERO || number.scaled {
        return None;
    }
    let mut b = Amount::bare(number, at);
    suffix(text, tokens, money, &mut b);
    if a.kind == "money" && joint <= 1 && lower(a.next) != "," {
        let hundredth = b.kind == "money" && b.number.value < Decimal::ONE && b.unit == a.unit;
        let bare = b.kind == "number"
            && tokens.get(b.next).is_none_or(|t| matches!(t.text, ".") && b.next + 1 == tokens.len())
            && b.number.value < Decimal::ONE_HUNDRED
            && !a.number.scaled;
        let part = if hundredth {
            b.number.value
        } else if bare {
            b.number.value.checked_div(Decimal::ONE_HUNDRED)?
        } else {
            return None;
        };
        a.number.value = a.number.value.checked_add(part)?;
        a.next = b.next;
        a.end = b.end;
        return Some(());
    }
    let written_inches = b.kind == "number" && a.unit == "[ft_i]" && lower(b.next) == "in";
    if written_inches {
        b.si = Some((Decimal::new(254, 4), "m"));
        b.unit = "[in_i]".to_owned();
        b.next += 1;
        b.end = tokens[b.next - 1].span.end;
        b.kind = "quantity";
    }
    if a.kind != b.kind || !matches!(a.kind, "quantity" | "duration") {
        return None;
    }
    let ((fa, ua), (fb, ub)) = (a.si?, b.si?);
    let calendar = |u: &str| matches!(u, "a" | "mo" | "decade");
    let (big, small) = (a.number.value.checked_mul(fa)?, b.number.value.checked_mul(fb)?);
    let fits = ua == ub
        && fb < fa
        && (small < fa || a.unit == "[yd_i]")
        && small < big
        && calendar(&a.unit) == calendar(&b.unit);
    if !fits {
        return None;
    }
    b.number.value = fa.checked_div(fb)?.checked_mul(a.number.value)?.checked_add(b.number.value)?.round_dp(12);
    a.number.value = b.number.value;
    a.unit = b.unit;
    a.si = b.si;
    a.next = b.next;
    a.end = b.end;
    Some(())
}

/// Whether the unit is meant: "5 foot", not "5 in the"; "two seconds", not "a second".
fn unit_fits(tokens: &[Token], at: usize, len: usize, symbol: &str, a: &Amount) -> bool {
    let token = &tokens[at];
    let lower = token.lower;
    if len > 1 {
        return true;
    }
    let digits = a.number.form == Form::Digits;
    match symbol {
        "[pt_us]" | "deg" | "turn" if lower == "turn" || lower == "turns" => false,
        // "minus 20C", "a high of 30C"; "13F" is a form, "14C" a seat.
        "Cel" | "[degF]" if token.text.len() == 1 => a.number.value < Decimal::ZERO || of_warmth(tokens, at),
        // "2 pm" is a time.
        "pm" if lower == "pm" => !a.number.value.is_integer(),
        "[stone_av]" => digits && a.number.value >= Decimal::TWO,
        "bit" => digits && (lower != "bit" || tokens.get(at - 1).is_some_and(|t| t.text == "-")),
        "[cup_us]" => !a.number.value.is_integer() || tokens.get(at + 1).is_none_or(|t| t.lower == "of" && digits),
        "s" if lower == "second" => tokens.get(at - 1).is_some_and(|t| t.text == "-") || one_second(tokens, at, a),
        "[ft_i]" => {
            let half = tokens.get(at + 1).is_some_and(|t| t.lower == "and");
            lower != "foot" || digits || half || tokens.get(at - 1).is_some_and(|t| t.text == "-")
        }
        _ => !(token.text.len() <= 2 && !digits),
    }
}

/// Whether the words near token `at` are about warmth or cold.
fn of_warmth(tokens: &[Token], at: usize) -> bool {
    let warmth = |t: &Token| {
        matches!(
            t.lower,
            "chill"
                | "chilly"
                | "cold"
                | "colder"
                | "cool"
                | "cooler"
                | "degrees"
                | "freezing"
                | "frost"
                | "heat"
                | "heated"
                | "heatwave"
                | "high"
                | "highs"
                | "hot"
                | "hotter"
                | "hottest"
                | "low"
                | "lows"
                | "mercury"
                | "oven"
                | "summer"
                | "temperature"
                | "temperatures"
                | "thermometer"
                | "warm"
                | "warmer"
                | "warming"
                | "weather"
                | "winter"
                | "below"
                | "above"
        )
    };
    tokens[at.saturating_sub(14)..(at + 14).min(tokens.len())].iter().any(warmth)
}

/// "one second" as a time rather than a rank: nothing follows that could be ranked.
fn one_second(tokens: &[Token], at: usize, a: &Amount) -> bool {
    let after = tokens.get(at + 1).map_or("", |t| t.lower);
    let plain = tokens.get(at + 1).is_none_or(|t| t.shape.class() != Class::Word && !t.shape.has(Shape::DASH))
        || crate::counted::is_function_word(after)
        || matches!(
            after,
            "ago"
                | "ahead"
                | "behind"
                | "delay"
                | "difference"
                | "faster"
                | "gap"
                | "later"
                | "quicker"
                | "slower"
                | "time"
        );
    a.number.value == Decimal::ONE && tokens[at].text == "second" && plain
}
