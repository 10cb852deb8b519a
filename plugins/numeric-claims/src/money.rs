//! Currencies: signs, codes and names before and behind a number, and what "$" and "pounds" mean.

use crate::calendar::tight;
use crate::measure::Amount;
use crate::tables::{Tables, Unit, Units};
use factbox_sdk::{Class, Token};
use rust_decimal::Decimal;

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
    pub(crate) fn longest(&self, tokens: &[Token], at: usize, most: usize) -> usize {
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

/// A currency before the number: "$5", "US$5", "€5", "Rs 5", "EUR 5m", "P5 million".
pub(crate) fn prefix(tokens: &[Token], at: usize, money: Money, a: &mut Amount) {
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
pub(crate) fn currency_behind(
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
