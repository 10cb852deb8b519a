//! What an amount is a rate of: "per tonne", "a year", "for every 1,000 people".

use crate::calendar::tight;
use crate::measure::Amount;
use crate::money::Money;
use crate::number::{Form, number};
use factbox_sdk::{Class, Token};
use rust_decimal::Decimal;

/// What an amount is a rate of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many of the unit, an exact decimal.
    pub per: String,
    /// A unit's symbol, or the noun that is counted; empty where none is written.
    pub unit: String,
    /// The unit is a symbol.
    pub symbol: bool,
}

/// "per tonne", "a year", "an hour", "/kg", "annually", "per 100,000 people" behind an amount.
pub(crate) fn rate(tokens: &[Token], a: &mut Amount, money: Money) {
    let Some((rate, next)) = rate_at(tokens, a.next, a.kind, money) else { return };
    // "500 a day" behind a bare number is mostly a number of something left out; "500 per 1,000" is not.
    if !a.explicit && rate.per == "1" {
        return;
    }
    let unit = match (rate.per.as_str(), rate.symbol) {
        ("1", _) => format!("{}/{}", a.unit, rate.unit),
        (per, true) => format!("{}/({per}.{})", a.unit, rate.unit),
        (per, false) => format!("{}/{per}", a.unit),
    };
    a.unit = unit;
    a.next = next;
    a.end = tokens[next - 1].span.end;
    a.si = None;
    a.rate = Some(rate);
}

/// What an amount of this kind is a rate of, by the words from token `at` on, and the first token behind them.
pub(crate) fn rate_at(tokens: &[Token], at: usize, kind: &str, money: Money) -> Option<(Rate, usize)> {
    let lower = |i: usize| tokens.get(i).map_or("", |t| t.lower);
    let one = |unit: &str, next: usize| Some((Rate { per: "1".to_owned(), unit: unit.to_owned(), symbol: true }, next));
    let (unit_at, strong) = match lower(at) {
        // "52,000 barrel-a-day", "24 a-year"
        "-" if matches!(lower(at + 1), "a" | "per") && lower(at + 2) == "-" => (at + 3, true),
        "a" if lower(at + 1) == "-" => (at + 2, false),
        "per" => (at + 1, true),
        "for" if matches!(lower(at + 1), "every" | "each") => return rate_of_many(tokens, at + 2, money),
        "/" if tokens.get(at + 1).is_some_and(tight) => (at + 1, true),
        "a" | "an" => (at + 1, false),
        "annually" | "yearly" if kind != "number" => return one("a", at + 1),
        "daily" | "monthly" | "weekly"
            if kind == "money" && tokens.get(at + 1).is_none_or(|t| t.shape.class() == Class::Punctuation) =>
        {
            let unit = match lower(at) {
                "daily" => "d",
                "monthly" => "mo",
                _ => "wk",
            };
            return one(unit, at + 1);
        }
        _ => return None,
    };
    if lower(at) == "per" && tokens.get(unit_at).is_some_and(|t| t.shape.class() == Class::Number || is_many(t.lower)) {
        return rate_of_many(tokens, unit_at, money);
    }
    let token = tokens.get(unit_at)?;
    let mut width = 1;
    let mut unit = money.unit(token.lower, token.text, true).map(|u| &*u.0.symbol);
    // "per sq m", "per square metre"
    if let Some(two) = tokens.get(unit_at + 1).filter(|_| matches!(token.lower, "sq" | "square" | "cubic"))
        && let Some((found, _)) = money.unit(&format!("{} {}", token.lower, two.lower), "", false)
    {
        unit = Some(&*found.symbol);
        width = 2;
    }
    let symbol = match (unit, token.lower) {
        (Some(symbol), _) if symbol != "%" && kind != "percent" => symbol,
        (_, "share") if kind == "money" => "share",
        _ => return None,
    };
    // "$1.17 billion a year earlier", "a week ago" tell when.
    if !strong
        && matches!(
            lower(unit_at + 1),
            "earlier" | "ago" | "later" | "before" | "after" | "prior" | "from" | "old" | "previously"
        )
    {
        return None;
    }
    // "a day" behind a length of time is a rate only for times within a greater one: "10 months a year".
    let single = !token.lower.ends_with('s') || matches!(token.lower, "gas");
    if !single && !strong {
        return None;
    }
    one(symbol, unit_at + width)
}

fn is_many(word: &str) -> bool {
    matches!(word, "hundred" | "thousand" | "million" | "billion" | "lakh")
}

/// "100,000 people", "thousand births", "100 km", behind "per" or "for every".
fn rate_of_many(tokens: &[Token], at: usize, money: Money) -> Option<(Rate, usize)> {
    let token = tokens.get(at)?;
    let (value, next) = if is_many(token.lower) {
        (crate::number::scale(token.lower)?, at + 1)
    } else {
        let number = number(tokens, at, money.own)
            .filter(|n| matches!(n.form, Form::Digits | Form::Words) && n.start == token.span.start)?;
        (number.value, number.next)
    };
    if value <= Decimal::ONE || !value.is_integer() {
        return None;
    }
    let per = crate::engine::text_of(value);
    if let Some(token) = tokens.get(next)
        && let Some((unit, own)) = money.unit(token.lower, token.text, tight(token))
        && (own || token.text.len() > 1 || tight(token))
        && unit.kind != "percent"
    {
        return Some((Rate { per, unit: unit.symbol.to_string(), symbol: true }, next + 1));
    }
    let mut unit = String::new();
    let mut behind = next;
    if let Some(noun) = crate::counted::counted(tokens, next, Form::Digits, false) {
        behind = next + tokens[next..].partition_point(|t| t.span.end <= noun.head.end);
        unit = tokens[behind - 1].lower.to_owned();
    }
    Some((Rate { per, unit, symbol: false }, behind))
}
