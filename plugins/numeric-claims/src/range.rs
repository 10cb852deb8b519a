//! Two amounts that bound one: "12 to 15 percent", "between 3 and 5 people", "more than 100 and less than 200".

use crate::change::{DOWN, UP};
use crate::engine::{Claim, Input, Si, bare, describe, product, text_of};
use crate::measure::{Amount, amount};
use crate::number::{Form, Number, may_begin, scale};
use factbox_sdk::{Class, Letters, Shape, Span};
use rust_decimal::Decimal;

/// The second amount of a range that begins with `a`, and the token behind the range.
pub(crate) fn range(input: &Input, a: &Amount) -> Option<(Amount, usize)> {
    let tokens = input.tokens;
    let lower = |i: usize| tokens.get(i).map_or("", |t| t.lower);
    if a.kind == "ordinal" {
        return None;
    }
    let joint = tokens.get(a.next)?;
    let before = a.first.checked_sub(1).map_or("", |b| tokens[b].lower);
    let dash = joint.shape.has(Shape::DASH) && joint.text != "--" || matches!(joint.text, "~" | "\u{223c}");
    // "five-to-10-minute"
    let hyphened =
        dash && lower(a.next + 1) == "to" && tokens.get(a.next + 2).is_some_and(|t| t.shape.has(Shape::DASH));
    let from = a.next + if hyphened { 3 } else { 1 };
    let word = match joint.lower {
        "to" | "through" => true,
        "and" => before == "between" || a.first >= 2 && tokens[a.first - 2].lower == "between",
        "or" => a.kind == "number" && !a.explicit && a.number.value < Decimal::new(20, 0),
        _ => false,
    };
    if !(dash || word || hyphened) {
        return None;
    }
    // Past a hedge and a currency sign in front of the second number.
    let from =
        from + usize::from(word && matches!(lower(from), "about" | "around" | "approximately" | "nearly" | "roughly"));
    let mut number_at = from;
    while number_at < from + 3
        && tokens.get(number_at).is_some_and(|t| {
            matches!(t.shape.class(), Class::Symbol)
                || (t.shape.class() == Class::Word
                    && !may_begin(t)
                    && t.text.len() <= 3
                    && t.shape.letters() == Letters::Upper)
                || t.text == "-"
        })
    {
        number_at += 1;
    }
    tokens.get(number_at).filter(|t| may_begin(t))?;
    let b = amount(input.text, tokens, number_at, input.money)?;
    if a.long.is_some() || b.long.is_some() {
        return None;
    }
    if b.kind == "ordinal" || b.first > from + 2 || b.number.form == Form::Plural || a.number.form == Form::Plural {
        return None;
    }
    if joint.lower == "or"
        && (b.number.value != a.number.value + Decimal::ONE && b.number.value > a.number.value * Decimal::TWO)
    {
        return None;
    }
    let per = |of: &str, unit: &str| of.strip_prefix(unit).is_some_and(|rest| rest.starts_with('/'));
    let same = a.kind == b.kind && (a.unit == b.unit || per(&b.unit, &a.unit));
    let lent = (!a.explicit && a.kind == "number") || (!b.explicit && b.kind == "number");
    if !(same || lent) {
        return None;
    }
    if word && joint.lower == "to" {
        // "fell 0.4 percent to 13,176": the change and where it led; "cut from 40% to 1%" tells two amounts too.
        let moved = |word: &str| UP.binary_search(&word).is_ok() || DOWN.binary_search(&word).is_ok();
        let start = a.first.saturating_sub(if before == "from" { 14 } else { 4 });
        let near = tokens[start..a.first].iter().rev().take_while(|t| !matches!(t.text, "." | ";"));
        let parted = match before {
            "from" => a.explicit && near.clone().any(|t| moved(t.lower)),
            "between" => false,
            "by" => a.explicit,
            _ => {
                a.explicit && !b.explicit
                    || (a.explicit || !b.explicit) && near.clone().next().is_some_and(|t| moved(t.lower))
            }
        };
        // "eight to one" are odds.
        let odds = !a.explicit && !b.explicit && !b.number.scaled && a.number.value > b.number.value;
        if parted || odds {
            return None;
        }
    }
    if dash && !a.explicit && !b.explicit && a.kind == "number" && !a.number.scaled && !b.number.scaled {
        // Digits with a dash between are a score unless something is counted.
        let noun = tokens.get(b.next).is_some_and(|t| {
            t.shape.has(Shape::SPACE_BEFORE)
                && t.shape.class() == Class::Word
                && t.shape.letters() == Letters::Lower
                && t.lower.ends_with('s')
                && t.lower.len() > 3
                && !matches!(t.lower, "loss" | "wins" | "was" | "this")
        });
        // "2010-2015-86" is a code.
        if tokens.get(b.next).is_some_and(|t| t.shape.has(Shape::DASH) && !t.shape.has(Shape::SPACE_BEFORE))
            && tokens
                .get(b.next + 1)
                .is_some_and(|t| t.shape.class() == Class::Number && !t.shape.has(Shape::SPACE_BEFORE))
        {
            return None;
        }
        let long = |n: &Number| n.grouped || n.value >= Decimal::ONE_THOUSAND;
        let plain = noun && !joint.shape.has(Shape::SPACE_BEFORE)
            || long(&a.number) && long(&b.number)
            || !joint.shape.has(Shape::DASH);
        if !plain || b.number.value <= a.number.value {
            return None;
        }
    }
    let next = b.next;
    Some((b, next))
}

pub(crate) fn push_range(input: &Input, a: &Amount, b: &Amount, found: &mut Vec<Claim>) {
    let (mut low, mut high) = (a.number.value, b.number.value);
    // "2 to 3 million", "$10-15 million": the scale is meant for both.
    if b.number.scaled
        && !a.number.scaled
        && !a.number.grouped
        && a.number.form != Form::Fraction
        && let Some(factor) = scale_of(input, b)
        && let Some(moved) = low.checked_mul(factor).filter(|moved| low < Decimal::ONE_THOUSAND && *moved <= high)
    {
        low = moved;
    }
    let lead = if a.explicit || !b.explicit { a } else { b };
    if low > high {
        std::mem::swap(&mut low, &mut high);
    }
    let mut claim = bare(Span::new(a.start, b.end), lead.kind, "range", a.first, b.next);
    claim.range = Some((text_of(low), text_of(high)));
    claim.unit = lead.unit.clone();
    claim.rate = b.rate.clone().or_else(|| a.rate.clone());
    claim.si = lead
        .si
        .filter(|_| claim.rate.is_none())
        .and_then(|(factor, unit)| Some(Si { value: product(low, factor)?, high: Some(product(high, factor)?), unit }));
    if lead.unit == "a" && b.explicit && b.unit.contains('/') {
        claim.unit = b.unit.clone();
    }
    if b.unit.starts_with(&lead.unit) && b.unit.contains('/') {
        claim.unit = b.unit.clone();
    }
    claim.basis = lead.basis;
    let before = a.first.checked_sub(1).map_or("", |i| input.tokens[i].lower);
    if lead.kind == "number" && matches!(before, "aged" | "ages" | "age") {
        claim.kind = "duration";
        claim.unit = "a".to_owned();
        claim.rule = "aged";
    }
    let whole = Amount { first: a.first, next: b.next, kind: lead.kind, ..b.clone() };
    describe(input, &whole, &mut claim, b.number.form);
    found.push(claim);
}

/// What the scale words at the end of an amount's number multiply by: "3 million", "1.2bn", "three hundred thousand".
fn scale_of(input: &Input, a: &Amount) -> Option<Decimal> {
    let mut factor = Decimal::ONE;
    for token in input.tokens[a.first..a.number.next].iter().rev() {
        let glued = || !token.shape.has(Shape::SPACE_BEFORE);
        let scale = match token.lower {
            "k" if glued() => Decimal::ONE_THOUSAND,
            "m" | "mm" if glued() => Decimal::new(1_000_000, 0),
            "b" if glued() => Decimal::new(1_000_000_000, 0),
            "t" if glued() => Decimal::new(1_000_000_000_000, 0),
            word => match scale(word) {
                Some(scale) => scale,
                None => break,
            },
        };
        factor = factor.checked_mul(scale)?;
    }
    (factor > Decimal::ONE).then_some(factor)
}

/// "more than 100 and less than 200": a lower and an upper bound are one range.
pub(crate) fn bounded(input: &Input, found: &mut Vec<Claim>) {
    // Most articles have none.
    let Some(first) = (1..found.len()).find(|i| both_bounds(input, &found[i - 1], &found[*i]).is_some()) else {
        return;
    };
    let mut kept: Vec<Claim> = Vec::with_capacity(found.len());
    for claim in found.drain(first - 1..) {
        match kept.last_mut() {
            Some(last) => match both_bounds(input, last, &claim) {
                Some(joined) => *last = joined,
                None => kept.push(claim),
            },
            None => kept.push(claim),
        }
    }
    found.append(&mut kept);
}

/// The range that two claims next to each other bound.
fn both_bounds(input: &Input, a: &Claim, b: &Claim) -> Option<Claim> {
    let lower_bound = |c: &Claim| matches!(c.modifier, Some(("more_than" | "at_least", Some(_))));
    let upper_bound = |c: &Claim| matches!(c.modifier, Some(("less_than" | "at_most", Some(_))));
    let joins = a.range.is_none()
        && b.range.is_none()
        && a.kind == b.kind
        && (a.unit == b.unit || a.unit == "1")
        && (lower_bound(a) && upper_bound(b) || upper_bound(a) && lower_bound(b))
        && b.next > a.next
        && b.next - a.next <= 9
        && (a.counted.is_none()
            || b.counted.is_none()
            || a.counted.map(|c| c.head.of(input.text)) == b.counted.map(|c| c.head.of(input.text)));
    let between = b.modifier.and_then(|m| m.1).is_some_and(|m| {
        let gap = Span::new(a.span.end, m.start.max(a.span.end)).of(input.text).trim();
        matches!(gap, "and" | "but" | "," | ", and" | ", but")
    });
    if !joins || !between {
        return None;
    }
    let value = |c: &Claim| Decimal::from_str_exact(&c.value).ok();
    let (low, high) = if lower_bound(a) { (a, b) } else { (b, a) };
    if value(low)? >= value(high)? {
        return None;
    }
    let si = low.si.as_ref().zip(high.si.as_ref()).filter(|(l, h)| l.unit == h.unit);
    let mut claim = Claim {
        span: Span::new(a.span.start, b.span.end),
        first: a.first,
        range: Some((low.value.clone(), high.value.clone())),
        value: String::new(),
        modifier: None,
        rule: "bounds",
        ..b.clone()
    };
    claim.si = si.map(|(l, h)| Si { value: l.value.clone(), high: Some(h.value.clone()), unit: l.unit });
    Some(claim)
}
