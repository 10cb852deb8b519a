//! What stands around a number and makes it an amount: currency signs and names, units, percent, rates ("per tonne", "a year").

use crate::number::{Number, number};
use crate::tables::Tables;
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
    pub si: Option<(&'static str, &'static str)>,
}

/// What "$", "dollars", "peso", "cents" and "P" mean in this article.
#[derive(Clone, Copy, Debug)]
pub struct Money {
    /// ISO 4217 code of "$".
    pub dollar: &'static str,
    /// Whether it was settled by the article rather than by default.
    pub settled: bool,
    /// ISO 4217 code of "peso".
    pub peso: &'static str,
    /// "P5 million" is money here.
    pub p_is_peso: bool,
    /// "R5 million" is money here.
    pub r_is_rand: bool,
    /// ISO 4217 code of "cents".
    pub cent: &'static str,
    /// ISO 4217 code of "pounds".
    pub pound: &'static str,
}

fn tight(t: &Token) -> bool {
    !t.shape.has(Shape::SPACE_BEFORE)
}

/// The amount whose number begins at token `at`. `text` is the article.
pub fn amount(text: &str, tokens: &[Token], at: usize, money: Money) -> Option<Amount> {
    let number = number(text, tokens, at)?;
    let mut a = Amount {
        start: number.start,
        end: number.end,
        first: tokens[..=at].iter().rposition(|t| t.span.start <= number.start).unwrap_or(at),
        next: number.next,
        kind: if number.form == crate::number::Form::Ordinal { "ordinal" } else { "number" },
        unit: "1".to_owned(),
        explicit: false,
        basis: None,
        si: None,
        number,
    };
    if a.kind == "ordinal" {
        return Some(a);
    }
    prefix(tokens, at, money, &mut a);
    if a.kind != "money" {
        suffix(text, tokens, money, &mut a);
    } else if let Some(next) = tokens.get(a.next) {
        // "$5 million US", "$5 dollars"
        let redundant = currency_behind(tokens, a.next, money).filter(|(_, code, _, _)| *code == a.unit);
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
    if a.explicit {
        rate(tokens, &mut a);
    }
    Some(a)
}

/// A currency before the number: "$5", "US$5", "€5", "Rs 5", "EUR 5m", "P5 million".
fn prefix(tokens: &[Token], at: usize, money: Money, a: &mut Amount) {
    let tables = Tables::get();
    let Some(b) = a.first.min(at).checked_sub(1) else { return };
    let sign = &tokens[b];
    let mut code = None;
    let mut first = b;
    let before = b.checked_sub(1).map(|i| &tokens[i]);
    if sign.text == "$" {
        let head = before.filter(|t| tight(sign) && t.shape.class() == Class::Word);
        let joined = head.and_then(|t| tables.currency_sign(&format!("{}$", t.text)));
        if let Some(joined) = joined {
            first = b - 1;
            code = Some((joined, "symbol"));
        } else {
            code = Some((money.dollar, if money.settled { "article-country" } else { "default" }));
        }
    } else if let Some(found) = tables.currency_sign(sign.text) {
        code = Some((found, "symbol"));
    } else if sign.text.len() == 3 && sign.text.bytes().all(|c| c.is_ascii_uppercase()) {
        code = tables.currency_code(sign.text).map(|c| (c, "code"));
    } else if tight(&tokens[at]) && ((sign.text == "P" && money.p_is_peso) || (sign.text == "R" && money.r_is_rand)) {
        code = Some((if sign.text == "P" { "PHP" } else { "ZAR" }, "article-country"));
    }
    if let Some((code, basis)) = code {
        a.kind = "money";
        a.unit = code.to_owned();
        a.basis = Some(basis);
        a.first = first;
        a.start = tokens[first].span.start;
        a.explicit = true;
    }
}

/// A currency's name behind the number at token `at`: first token behind it, code, value of one in the main unit, basis.
fn currency_behind(
    tokens: &[Token],
    at: usize,
    money: Money,
) -> Option<(usize, &'static str, Option<Decimal>, &'static str)> {
    let tables = Tables::get();
    let lower = |i: usize| tokens.get(i).map_or("", |t| t.lower);
    for len in (1..=3usize).rev() {
        if at + len > tokens.len() {
            continue;
        }
        let name = (at..at + len).map(lower).collect::<Vec<_>>().join(" ");
        if let Some(code) = tables.currency_name(&name) {
            // "pounds" are weight only if the article says so; "real", "rand" and the like as names of money need the number before.
            let code = if code == "GBP" && len == 1 { money.pound } else { code };
            if name == "real" || name == "won" && lower(at + 1) == "the" {
                return None;
            }
            return Some((at + len, code, None, "code"));
        }
    }
    let hundredth = Some(Decimal::new(1, 2));
    let basis = if money.settled { "article-country" } else { "default" };
    match lower(at) {
        "dollar" | "dollars" => Some((at + 1, money.dollar, None, basis)),
        "peso" | "pesos" => Some((at + 1, money.peso, None, basis)),
        "cent" | "cents" => Some((at + 1, money.cent, hundredth, basis)),
        "pence" | "penny" => Some((at + 1, "GBP", hundredth, "symbol")),
        "p" if tokens.get(at).is_some_and(tight) => Some((at + 1, "GBP", hundredth, "symbol")),
        "\u{a2}" => Some((at + 1, money.cent, hundredth, basis)),
        _ => {
            let token = tokens.get(at)?;
            if token.text == "$" && tight(token) {
                return Some((at + 1, money.dollar, None, basis));
            }
            if token.text.len() == 3 && token.text.bytes().all(|c| c.is_ascii_uppercase()) {
                return tables.currency_code(token.text).map(|code| (at + 1, code, None, "code"));
            }
            if matches!(token.text, "€" | "£" | "₹" | "₽" | "¥" | "₴") && tight(token) {
                return tables.currency_sign(token.text).map(|code| (at + 1, code, None, "symbol"));
            }
            None
        }
    }
}

/// A unit or a currency's name behind the number: "650 kilometers", "11-mile", "5 percent", "75 pence".
fn suffix(text: &str, tokens: &[Token], money: Money, a: &mut Amount) {
    let tables = Tables::get();
    let mut at = a.next;
    // "11-mile": the hyphen belongs to it.
    if tokens.get(at).is_some_and(|t| t.text == "-" && tight(t)) && tokens.get(at + 1).is_some_and(tight) {
        at += 1;
    }
    // A digit range such as "94 to 95 GW" is looked at from its second number.
    for len in (1..=4usize).rev() {
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
        let glued = tight(&tokens[at]);
        let Some(unit) = tables
            .unit(&joined, written, glued)
            .or_else(|| if len > 1 { tables.unit(&joined.replace('-', " "), written, glued) } else { None })
        else {
            continue;
        };
        if !unit_fits(tokens, at, len, unit.symbol, a) {
            continue;
        }
        a.kind = match unit.kind {
            "duration" => "duration",
            "percent" => "percent",
            _ => "quantity",
        };
        a.unit = unit.symbol.to_owned();
        a.si = (unit.factor != "-").then_some((unit.factor, unit.si));
        a.next = at + len;
        a.end = tokens[a.next - 1].span.end;
        a.explicit = true;
        if joined == "bpd" {
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
    if let Some((next, code, factor, basis)) = currency_behind(tokens, at, money) {
        a.kind = "money";
        a.unit = code.to_owned();
        a.basis = Some(basis);
        if let Some(value) = factor.and_then(|f| a.number.value.checked_mul(f)) {
            a.number.value = value;
        }
        a.next = next;
        a.end = tokens[next - 1].span.end;
        a.explicit = true;
    }
}

/// Whether the unit is meant: "5 foot", not "5 in the"; "two seconds", not "a second".
fn unit_fits(tokens: &[Token], at: usize, len: usize, symbol: &str, a: &Amount) -> bool {
    let token = &tokens[at];
    let lower = token.lower;
    if len > 1 {
        return true;
    }
    let digits = a.number.form == crate::number::Form::Digits;
    match symbol {
        "[pt_us]" | "deg" | "turn" if lower == "turn" || lower == "turns" => false,
        "[stone_av]" | "bit" => digits && a.number.value >= Decimal::TWO && !matches!(lower, "bit"),
        "[cup_us]" => digits && lower == "cups",
        "s" => lower != "second" || tokens.get(at - 1).is_some_and(|t| t.text == "-"),
        "[ft_i]" => lower != "foot" || digits || tokens.get(at - 1).is_some_and(|t| t.text == "-"),
        _ => !(token.text.len() <= 2 && !digits),
    }
}

/// "per tonne", "a year", "an hour", "/kg", "annually".
fn rate(tokens: &[Token], a: &mut Amount) {
    let lower = |i: usize| tokens.get(i).map_or("", |t| t.lower);
    let tables = Tables::get();
    let at = a.next;
    let (unit_at, strong) = match lower(at) {
        "per" => (at + 1, true),
        "/" if tokens.get(at + 1).is_some_and(tight) => (at + 1, true),
        "a" | "an" => (at + 1, false),
        "annually" | "yearly" => {
            a.unit.push_str("/a");
            a.next += 1;
            a.end = tokens[at].span.end;
            a.si = None;
            return;
        }
        "daily" | "monthly" | "weekly"
            if a.kind == "money" && tokens.get(at + 1).is_none_or(|t| t.shape.class() == Class::Punctuation) =>
        {
            a.unit.push_str(match lower(at) {
                "daily" => "/d",
                "monthly" => "/mo",
                _ => "/wk",
            });
            a.next += 1;
            a.end = tokens[at].span.end;
            a.si = None;
            return;
        }
        _ => return,
    };
    let Some(token) = tokens.get(unit_at) else { return };
    let unit = tables.unit(token.lower, token.text, false).map(|u| u.symbol);
    let symbol = match (unit, token.lower) {
        (Some(symbol), _) if symbol != "%" && a.kind != "percent" => symbol,
        (_, "share") if a.kind == "money" => "share",
        _ => return,
    };
    // "a day" behind a length of time is a rate only for times within a greater one: "10 months a year".
    let single = !token.lower.ends_with('s') || matches!(token.lower, "gas");
    if !single && !strong {
        return;
    }
    let symbol = symbol.to_owned();
    a.unit = format!("{}/{symbol}", a.unit);
    a.next = unit_at + 1;
    a.end = token.span.end;
    a.si = None;
}
