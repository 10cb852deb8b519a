//! What stands around a number and makes it an amount: currency signs and names, units, percent, rates ("per tonne", "a year").

use crate::number::{Form, Number, long_number, number};
use crate::tables::{Tables, Unit, Units};
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

/// What "$", "dollars", "peso", "cents" and "P" mean in this article.
#[derive(Clone, Copy, Debug)]
pub struct Money<'a> {
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
    /// ISO 4217 code of "francs".
    pub franc: &'static str,
    /// ISO 4217 code of "pounds".
    pub pound: &'static str,
    /// The user's own units.
    pub own: Option<&'a Units>,
}

impl<'a> Money<'a> {
    /// The unit written so, and whether it is one of the user's own, which go before those that factbox knows.
    pub(crate) fn unit(&self, lower: &str, written: &str, glued: bool) -> Option<(&'a Unit, bool)> {
        let own = self.own.and_then(|own| own.unit(lower, written, glued)).map(|unit| (unit, true));
        own.or_else(|| Tables::get().units.unit(lower, written, glued).map(|unit| (unit, false)))
    }

    /// How many tokens from `at` on a unit's form or a currency's name may have at most.
    fn longest(&self, tokens: &[Token], at: usize, most: usize) -> usize {
        let tables = Tables::get();
        let opens = |w: &str| tables.opens(w) || self.own.is_some_and(|own| own.opens(w));
        let goes_on = |w: &str| tables.goes_on(w) || self.own.is_some_and(|own| own.goes_on(w));
        if !tokens.get(at).is_some_and(|t| opens(t.lower)) {
            return 0;
        }
        let rest = tokens[at + 1..].iter().take(most - 1);
        1 + rest.take_while(|t| goes_on(t.lower)).count()
    }
}

fn tight(t: &Token) -> bool {
    !t.shape.has(Shape::SPACE_BEFORE)
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

/// A currency before the number: "$5", "US$5", "€5", "Rs 5", "EUR 5m", "P5 million".
fn prefix(tokens: &[Token], at: usize, money: Money, a: &mut Amount) {
    let tables = Tables::get();
    let Some(b) = a.first.min(at).checked_sub(1) else { return };
    let mut b = b;
    let mut sign = &tokens[b];
    // "Rs. 20" where the point stands alone.
    if sign.text == "." && tight(sign) && b.checked_sub(1).is_some_and(|i| matches!(tokens[i].lower, "rs" | "tk")) {
        b -= 1;
        sign = &tokens[b];
    }
    let mut code = None;
    let mut first = b;
    let before = b.checked_sub(1).map(|i| &tokens[i]);
    if sign.text == "$" {
        let head = before.filter(|t| tight(sign) && t.shape.class() == Class::Word);
        let joined = head.and_then(|t| {
            tables.currency_sign(&format!("{}$", t.text)).or_else(|| tables.currency_code(&t.text.to_ascii_uppercase()))
        });
        let apart = before.filter(|t| !tight(sign) && t.shape.class() == Class::Word).and_then(|t| match t.text {
            "C" | "c" | "CAD" => Some("CAD"),
            "HK" | "hk" | "Hk" | "HKD" => Some("HKD"),
            "US" | "U.S." | "USD" => Some("USD"),
            "NZ" | "NZD" => Some("NZD"),
            "S" | "SGD" => Some("SGD"),
            "AU" | "AUD" => Some("AUD"),
            "NT" => Some("TWD"),
            _ => None,
        });
        if let Some(found) = joined.or(apart) {
            first = b - 1;
            code = Some((found, "symbol"));
        } else {
            code = Some((money.dollar, if money.settled { "article-country" } else { "default" }));
        }
    } else if sign.text == "=" && before.is_some_and(|t| t.text == "Y") && tight(sign) {
        // "Y=590 billion", as some wires write the yen.
        first = b - 1;
        code = Some(("JPY", "symbol"));
    } else if let Some(found) = tables.currency_sign(sign.text) {
        code = Some((found, "symbol"));
    } else if let Some(found) = code_of(sign.text) {
        let word = matches!(sign.text, "ALL" | "TRY" | "TOP" | "COP" | "MAD" | "PEN" | "BOB" | "GEL" | "SOS");
        code = Some((found, "code")).filter(|_| !word || a.number.scaled || a.number.grouped);
    } else if let Some(found) = million_code(sign.text) {
        a.number.value = match a.number.value.checked_mul(Decimal::new(1_000_000, 0)) {
            Some(value) => value,
            None => return,
        };
        code = Some((found, "code"));
    } else if tight(&tokens[at])
        && matches!(sign.text, "P" | "R")
        && (a.number.scaled || a.number.grouped || money.p_is_peso || money.r_is_rand)
    {
        code = Some((if sign.text == "P" { "PHP" } else { "ZAR" }, "article-country"));
    } else if tight(&tokens[at]) && sign.text == "PS" {
        code = Some(("GBP", "symbol"));
    } else if sign.shape.class() == Class::Word && (a.number.scaled || tokens.get(a.next).is_none()) {
        // "dollar 22.5 million"
        code = match sign.lower {
            "dollar" | "dollars" => Some((money.dollar, "default")),
            _ => tables.currency_name(sign.lower).filter(|_| sign.lower.len() > 3).map(|c| (c, "code")),
        };
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

/// Lower-case codes that are no words of their own.
fn code_of(text: &str) -> Option<&'static str> {
    if text.len() != 3 {
        return None;
    }
    if text.bytes().all(|c| c.is_ascii_uppercase()) {
        return Tables::get().currency_code(text);
    }
    match text {
        "usd" => Some("USD"),
        "eur" | "Eur" => Some("EUR"),
        "gbp" => Some("GBP"),
        "cny" | "rmb" => Some("CNY"),
        "inr" => Some("INR"),
        "jpy" => Some("JPY"),
        "aud" => Some("AUD"),
        "chf" => Some("CHF"),
        "hkd" => Some("HKD"),
        _ => None,
    }
}

/// "MEUR", "MUSD": millions of the currency.
fn million_code(text: &str) -> Option<&'static str> {
    let code = text.strip_prefix('M').filter(|c| c.len() == 3)?;
    matches!(code, "EUR" | "USD" | "GBP" | "AUD" | "CAD" | "SEK" | "NOK" | "DKK" | "CHF")
        .then(|| Tables::get().currency_code(code))?
}

/// Whether pounds are a weight here: "two pounds of meat", "weighed 208 pounds", or the article's country does not pay in them.
fn pounds_of_weight(tokens: &[Token], at: usize, money: Money, scaled: bool) -> bool {
    let lower = |i: usize| tokens.get(i).map_or("", |t| t.lower);
    let of = lower(at + 1) == "of"
        && tokens.get(at + 2).is_some_and(|t| {
            t.shape.class() == Class::Word
                && !matches!(
                    t.lower,
                    "the"
                        | "his"
                        | "her"
                        | "their"
                        | "its"
                        | "public"
                        | "taxpayers"
                        | "taxpayer"
                        | "debt"
                        | "investment"
                        | "funding"
                )
        });
    if of && !scaled {
        return true;
    }
    let heavy = |w: &str| {
        matches!(
            w,
            "weigh"
                | "weighs"
                | "weighed"
                | "weighing"
                | "weight"
                | "ton"
                | "tons"
                | "tonne"
                | "tonnes"
                | "kg"
                | "kilograms"
                | "kilos"
                | "ounces"
                | "ounce"
                | "heavy"
                | "heavier"
                | "shape"
        )
    };
    let near = (at.saturating_sub(8)..(at + 4).min(tokens.len())).any(|i| heavy(tokens[i].lower));
    // "lost 75 pounds" in plain words, not "lost £75"
    let body = (at.saturating_sub(5)..at).any(|i| {
        matches!(tokens[i].lower, "lost" | "lose" | "losing" | "gained" | "gain" | "gaining" | "shed" | "shedding")
    });
    near || !scaled && (body || money.pound == "[lb_av]")
}

/// A currency's name behind the number at token `at`: first token behind it, code, value of one in the main unit, basis.
fn currency_behind(
    tokens: &[Token],
    at: usize,
    money: Money,
    scaled: bool,
) -> Option<(usize, &'static str, Option<Decimal>, &'static str)> {
    let tables = Tables::get();
    let lower = |i: usize| tokens.get(i).map_or("", |t| t.lower);
    for len in (1..=money.longest(tokens, at, 3)).rev() {
        if at + len > tokens.len() {
            continue;
        }
        let name = (at..at + len).map(lower).collect::<Vec<_>>().join(" ");
        if let Some(code) = tables.currency_name(&name) {
            // "pounds" are weight only if the article says so; "real", "rand" and the like as names of money need the number before.
            if code == "GBP"
                && len == 1
                && matches!(name.as_str(), "pound" | "pounds")
                && pounds_of_weight(tokens, at, money, scaled)
            {
                return Some((at + 1, "[lb_av]", None, "code"));
            }
            if name == "real" || name == "won" && lower(at + 1) == "the" {
                return None;
            }
            return Some((at + len, code, None, "code"));
        }
    }
    let hundredth = Some(Decimal::new(1, 2));
    let basis = if money.settled { "article-country" } else { "default" };
    match lower(at) {
        "dollar" | "dollars" | "dlr" | "dlrs" => Some((at + 1, money.dollar, None, basis)),
        "franc" | "francs" => Some((at + 1, money.franc, None, "article-country")),
        "peso" | "pesos" => Some((at + 1, money.peso, None, basis)),
        "cent" | "cents" | "cts" => Some((at + 1, money.cent, hundredth, basis)),
        "dime" | "dimes" => Some((at + 1, "USD", Some(Decimal::new(1, 1)), "code")),
        "sen" | "sens" => Some((at + 1, "MYR", hundredth, "code")),
        "kopiyka" | "kopiykas" => Some((at + 1, "UAH", hundredth, "code")),
        "kopeck" | "kopecks" => Some((at + 1, "RUB", hundredth, "code")),
        "c" if tokens.get(at).is_some_and(|t| tight(t) && t.text == "c") && !scaled => {
            Some((at + 1, money.cent, hundredth, basis))
        }
        "pence" | "penny" => Some((at + 1, "GBP", hundredth, "symbol")),
        "p" if tokens.get(at).is_some_and(tight) => Some((at + 1, "GBP", hundredth, "symbol")),
        "\u{a2}" => Some((at + 1, money.cent, hundredth, basis)),
        _ => {
            let token = tokens.get(at)?;
            let next = tokens.get(at + 1);
            // A sign belongs to the number before it unless digits stand right behind.
            let free = tight(token)
                || next.is_none_or(|t| !(t.shape.class() == Class::Number && (tight(t) || token.text == "$")))
                || next.is_some_and(|t| !tight(t)) && tokens.get(at + 2).is_some_and(|t| t.lower.starts_with("cent"));
            if token.text == "$" && free {
                return Some((at + 1, money.dollar, None, basis));
            }
            if matches!(token.text, "€" | "£" | "₹" | "₽" | "¥" | "₴") && free {
                return tables.currency_sign(token.text).map(|code| (at + 1, code, None, "symbol"));
            }
            if tight(token) && next.is_some_and(|t| t.text == "$" && tight(t)) {
                return tables.currency_sign(&format!("{}$", token.text)).map(|code| (at + 2, code, None, "symbol"));
            }
            if tight(token) && matches!(token.lower, "rs" | "rs.") {
                return Some((at + 1, "INR", None, "symbol"));
            }
            if let Some(code) = million_code(token.text) {
                return Some((at + 1, code, Some(Decimal::new(1_000_000, 0)), "code"));
            }
            code_of(token.text).map(|code| (at + 1, code, None, "code"))
        }
    }
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
        || crate::context::is_function_word(after)
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

/// "per tonne", "a year", "an hour", "/kg", "annually", "per 100,000 people" behind an amount.
fn rate(tokens: &[Token], a: &mut Amount, money: Money) {
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
    if let Some(noun) = crate::context::counted(tokens, next, Form::Digits, false) {
        behind = next + tokens[next..].partition_point(|t| t.span.end <= noun.head.end);
        unit = tokens[behind - 1].lower.to_owned();
    }
    Some((Rate { per, unit, symbol: false }, behind))
}
