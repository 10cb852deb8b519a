//! From the tokens of an article to its claims: one pass, at each token that can begin one the grammar of dates, then that of amounts; then ranges, ages,
//! rejects, and what the words around say.

use crate::calendar;
use crate::context::{Counted, DOWN, UP, change, counted, modifier, property};
use crate::cue::OPENS;
use crate::measure::{Amount, Money, amount};
use crate::number::{Form, Number, may_begin};
use crate::reject::reject;
use crate::source::{Name, Said, Source, source};
use factbox_sdk::{Class, Letters, Shape, Span, Token, ZoneKind};
use rust_decimal::Decimal;

/// A claim.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Where it stands (bytes): number, scale, unit, currency sign.
    pub span: Span,
    /// `number`, `percent`, `money`, `quantity`, `ordinal`, `date` or `duration`.
    pub kind: &'static str,
    /// Exact decimal or ISO 8601; empty for ranges.
    pub value: String,
    /// Ends of a range.
    pub range: Option<(String, String)>,
    /// UCUM symbol, ISO 4217 code, `%`, `%pt` or `1`; empty for dates.
    pub unit: String,
    /// Value and unit in SI.
    pub si: Option<(String, &'static str)>,
    /// Hedge and its place.
    pub modifier: Option<(&'static str, Option<Span>)>,
    /// `up` or `down`.
    pub change: Option<&'static str>,
    /// What is counted.
    pub counted: Option<Counted>,
    /// What happened to the people counted.
    pub property: Option<&'static str>,
    /// How the currency was settled.
    pub basis: Option<&'static str>,
    /// Who states it.
    pub source: Option<Source>,
    /// The claim whose amount it repeats in another unit.
    pub equivalent_of: Option<usize>,
    /// How much a fact-checker would want to look at it, 0 to 1.
    pub checkworthy: f32,
    /// The rule that made it.
    pub rule: &'static str,
    first: usize,
    next: usize,
}

/// What the engine reads.
pub struct Input<'a> {
    /// The article.
    pub text: &'a str,
    /// Its tokens.
    pub tokens: &'a [Token<'a>],
    /// What each token can be ([`cue`](crate::cue)).
    pub cues: &'a [u8],
    /// Its sentences, in order.
    pub sentences: &'a [Span],
    /// Names that other plugins found, in order, with whether each is a person.
    pub names: &'a [Name],
    /// What others are quoted as saying; `None` if no plugin tells.
    pub said: Option<&'a [Said<'a>]>,
    /// What "$" and the like mean.
    pub money: Money,
    /// 14/09 rather than 09/14.
    pub day_first: bool,
}

/// All claims of an article, in text order.
pub fn claims(input: &Input) -> Vec<Claim> {
    let tokens = input.tokens;
    let mut found: Vec<Claim> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if input.cues[at] & OPENS == 0 {
            at += 1;
            continue;
        }
        let step = one(input, at, &mut found);
        at = step.max(at + 1);
    }
    bounded(input, &mut found);
    finish(input, &mut found);
    found
}

/// "more than 100 and less than 200": a lower and an upper bound are one range.
fn bounded(input: &Input, found: &mut Vec<Claim>) {
    let mut i = 1;
    while i < found.len() {
        let (a, b) = (&found[i - 1], &found[i]);
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
        if joins
            && between
            && let (Ok(x), Ok(y)) = (a.value.parse::<Decimal>(), b.value.parse::<Decimal>())
        {
            let (low, high) = if lower_bound(a) { (x, y) } else { (y, x) };
            if low < high {
                let mut claim = found.remove(i);
                let first = &mut found[i - 1];
                claim.span = Span::new(first.span.start, claim.span.end);
                claim.first = first.first;
                claim.range = Some((text_of(low), text_of(high)));
                claim.value = String::new();
                claim.si = None;
                claim.modifier = None;
                claim.rule = "bounds";
                *first = claim;
                continue;
            }
        }
        i += 1;
    }
}

fn may_be_date(token: &Token) -> bool {
    match token.shape.class() {
        Class::Number | Class::Mixed => true,
        Class::Word => token.lower.len() <= 9 && token.lower.len() >= 3,
        _ => false,
    }
}

/// Looks at one token; gives the token to go on from.
fn one(input: &Input, at: usize, found: &mut Vec<Claim>) -> usize {
    let tokens = input.tokens;
    let token = &tokens[at];
    if may_be_date(token)
        && let Some(date) = calendar::date(tokens, at, input.day_first)
    {
        let date = calendar::with_time(tokens, date);
        let span = Span::new(tokens[date.first].span.start, tokens[date.next - 1].span.end);
        let mut claim = bare(span, "date", "date", date.first, date.next);
        match date.high {
            Some(high) => claim.range = Some((date.value, high)),
            None => claim.value = date.value,
        }
        claim.unit.clear();
        claim.modifier = modifier(tokens, date.first, date.next, Form::Digits).filter(|m| m.0 == "about");
        found.push(claim);
        return date.next;
    }
    if let Some(next) = day_in_series(input, at, found) {
        return next;
    }
    if let Some(next) = half_of_year(input, at, found) {
        return next;
    }
    if let Some(next) = decades_of_life(input, at, found) {
        return next;
    }
    if !may_begin(token) {
        return at + 1;
    }
    if let Some(next) = one_length_of_time(input, at, found) {
        return next;
    }
    let Some(a) = amount(input.text, tokens, at, input.money) else { return at + 1 };
    if let Some((b, next)) = range(input, &a) {
        if in_name(input, &a) {
            return next;
        }
        push_range(input, &a, &b, found);
        return next;
    }
    if let Some(b) = uncertain(input, &a) {
        let mut claim = bare(Span::new(a.start, b.end), b.kind, "uncertainty", a.first, b.next);
        claim.value = text_of(a.number.value);
        claim.unit = b.unit.clone();
        claim.si = si(&b, a.number.value);
        found.push(claim);
        return b.next;
    }
    if let Some(next) = ordinals(input, &a, found) {
        return next;
    }
    let age = age(input, &a, found);
    if age.is_none()
        && (reject(tokens, &a).is_some() || (in_name(input, &a) && a.kind != "money" && a.kind != "percent"))
    {
        return past_labels(tokens, a.next.max(at + 1));
    }
    let rule = age.unwrap_or(match a.kind {
        "number" => "count",
        "ordinal" => "ordinal",
        _ => "number-unit",
    });
    let mut claim = bare(Span::new(a.start, a.end), a.kind, rule, a.first, a.next);
    claim.value = text_of(a.number.value);
    claim.unit = a.unit.clone();
    if age.is_some() {
        claim.kind = "duration";
        claim.unit = "a".to_owned();
    }
    claim.si = si(&a, a.number.value);
    claim.basis = a.basis;
    describe(input, &a, &mut claim, a.number.form);
    found.push(claim);
    a.next
}

/// Past further labels of the same kind: "posts 250 and 251", "Highways 401, 403".
fn past_labels(tokens: &[Token], next: usize) -> usize {
    let mut at = next;
    while let [joint, number, ..] = &tokens[at.min(tokens.len())..] {
        let plain = number.shape.class() == Class::Number
            && number.text.bytes().all(|b| b.is_ascii_digit())
            && number.shape.has(Shape::SPACE_BEFORE);
        let behind = tokens.get(at + 2).is_none_or(|t| {
            t.shape.class() != Class::Word || t.shape.has(Shape::CLITIC) || crate::context::is_function_word(t.lower)
        });
        if !(matches!(joint.lower, "and" | "," | "or" | "&" | "to") && plain && behind) {
            break;
        }
        at += 2;
    }
    at
}

fn bare(span: Span, kind: &'static str, rule: &'static str, first: usize, next: usize) -> Claim {
    Claim {
        span,
        kind,
        value: String::new(),
        range: None,
        unit: "1".to_owned(),
        si: None,
        modifier: None,
        change: None,
        counted: None,
        property: None,
        basis: None,
        source: None,
        equivalent_of: None,
        checkworthy: 0.0,
        rule,
        first,
        next,
    }
}

fn text_of(value: Decimal) -> String {
    value.normalize().to_string()
}

fn si(a: &Amount, value: Decimal) -> Option<(String, &'static str)> {
    let (factor, unit) = a.si?;
    let factor: Decimal = factor.parse().ok()?;
    value.checked_mul(factor).map(|v| (text_of(v), unit))
}

/// Hedge, change, what is counted.
fn describe(input: &Input, a: &Amount, claim: &mut Claim, form: Form) {
    let tokens = input.tokens;
    if claim.kind != "ordinal" {
        claim.modifier = modifier(tokens, a.first, a.next, form);
        claim.change = change(tokens, a);
    }
    // "1,000 or so migrants": the noun stands behind the hedge.
    let behind = claim.modifier.and_then(|m| m.1).filter(|m| m.start >= claim.span.end).map_or(a.next, |m| {
        let mut next = a.next;
        while tokens.get(next).is_some_and(|t| t.span.end <= m.end) {
            next += 1;
        }
        next
    });
    match claim.kind {
        "number" => {
            claim.counted = counted(
                tokens,
                behind,
                form,
                form == Form::Plural && tokens.get(a.next).is_none_or(|t| t.lower != "of"),
            );
            // "one shell landed": a verb may follow a single thing.
            if a.number.value == Decimal::ONE
                && let Some(c) = claim.counted
            {
                claim.counted = Some(single_thing(tokens, behind, c));
            }
            claim.property = property(tokens, a.first, a.next);
        }
        "percent" if tokens.get(a.next).is_some_and(|t| t.lower == "of") => {
            claim.counted = counted(tokens, a.next, form, false)
        }
        _ => {}
    }
}

fn in_mention(input: &Input, span: Span) -> bool {
    let at = input.names.partition_point(|n| n.span.end <= span.start);
    input.names.get(at).is_some_and(|n| n.span.start < span.end)
}

/// The noun right behind "one", where a verb follows it that looks like a noun.
fn single_thing(tokens: &[Token], from: usize, counted: Counted) -> Counted {
    let head = tokens.partition_point(|t| t.span.start < counted.head.start);
    let verb = tokens.get(head).is_some_and(|t| t.lower.ends_with("ed") && t.lower.len() > 4);
    if verb && head > from && tokens[head - 1].shape.class() == Class::Word {
        let noun = tokens[head - 1].span;
        return Counted { head: noun, phrase: Span::new(counted.phrase.start.min(noun.start), noun.end) };
    }
    counted
}

/// Whether the number is part of a longer name ("Formula 1", "Group of 20").
fn in_name(input: &Input, a: &Amount) -> bool {
    let at = input.names.partition_point(|n| n.span.end <= a.number.start);
    input.names.get(at).is_some_and(|Name { span, .. }| {
        span.start <= a.number.start
            && span.end >= a.number.end
            && span.end - span.start > a.number.end - a.number.start + 1
    })
}

/// "9.83 +/- 0.01 km": the amount behind the sign, whose unit is meant for both.
fn uncertain(input: &Input, a: &Amount) -> Option<Amount> {
    let text = |i: usize| input.tokens.get(i).map_or("", |t| t.text);
    let at = match (text(a.next), text(a.next + 1), text(a.next + 2)) {
        ("\u{b1}", _, _) => a.next + 1,
        ("+", "/", "-" | "\u{2212}") => a.next + 3,
        _ => return None,
    };
    input.tokens.get(at).filter(|t| may_begin(t))?;
    amount(input.text, input.tokens, at, input.money).filter(|b| b.kind != "ordinal" && !a.explicit)
}

/// "between the tenth and the fifteenth": ranks from one to the other.
fn ordinals(input: &Input, a: &Amount, found: &mut Vec<Claim>) -> Option<usize> {
    let tokens = input.tokens;
    let lower = |i: usize| tokens.get(i).map_or("", |t| t.lower);
    if a.kind != "ordinal" || lower(a.next) != "and" {
        return None;
    }
    let before = a.first.checked_sub(1).map_or("", lower);
    let between = before == "between" || before == "the" && a.first >= 2 && lower(a.first - 2) == "between";
    let at = a.next + 1 + usize::from(lower(a.next + 1) == "the");
    if !between {
        return None;
    }
    tokens.get(at).filter(|t| may_begin(t))?;
    let b = amount(input.text, tokens, at, input.money).filter(|b| b.kind == "ordinal")?;
    let mut claim = bare(Span::new(a.start, b.end), "ordinal", "range", a.first, b.next);
    claim.range = Some((text_of(a.number.value), text_of(b.number.value)));
    found.push(claim);
    Some(b.next)
}

/// The second amount of a range that begins with `a`, and the token behind the range.
fn range(input: &Input, a: &Amount) -> Option<(Amount, usize)> {
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
        if parted {
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

fn push_range(input: &Input, a: &Amount, b: &Amount, found: &mut Vec<Claim>) {
    let (mut low, mut high) = (a.number.value, b.number.value);
    // "2 to 3 million", "$10-15 million": the scale is meant for both.
    if b.number.scaled && !a.number.scaled && low < high && a.number.form != Form::Fraction {
        let coefficient = low;
        for factor in [1_000u64, 100_000, 1_000_000, 10_000_000, 1_000_000_000, 1_000_000_000_000] {
            let factor = Decimal::from(factor);
            let scaled = high.checked_div(factor).unwrap_or(high);
            if scaled >= Decimal::ONE && scaled < Decimal::new(1000, 0) && coefficient < Decimal::new(1000, 0) {
                let moved = low.checked_mul(factor).unwrap_or(low);
                if moved <= high || coefficient <= scaled {
                    low = moved;
                    break;
                }
            }
        }
    }
    let lead = if a.explicit || !b.explicit { a } else { b };
    if low > high {
        std::mem::swap(&mut low, &mut high);
    }
    let mut claim = bare(Span::new(a.start, b.end), lead.kind, "range", a.first, b.next);
    claim.range = Some((text_of(low), text_of(high)));
    claim.unit = lead.unit.clone();
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

/// "Smith, 80,", "aged 14", "at age seventeen", "she was six".
fn age(input: &Input, a: &Amount, found: &[Claim]) -> Option<&'static str> {
    let tokens = input.tokens;
    let whole = a.kind == "number"
        && !a.number.scaled
        && a.number.value.is_integer()
        && a.number.value > Decimal::ZERO
        && a.number.value < Decimal::new(116, 0)
        && matches!(a.number.form, Form::Digits | Form::Words);
    if !whole {
        return None;
    }
    let before = |n: usize| a.first.checked_sub(n).map(|i| &tokens[i]);
    let after = tokens.get(a.next);
    let b1 = before(1)?;
    if matches!(b1.lower, "aged" | "age" | "ages") {
        return Some("aged");
    }
    // "aged 15 and 17", "aged six, nine and 12"
    if matches!(b1.lower, "and" | "," | "to" | "or")
        && found.last().is_some_and(|c| c.rule == "aged" && c.next + 1 == a.first && c.range.is_none())
    {
        return Some("aged");
    }
    let ends = after.is_none_or(|t| {
        matches!(t.text, "," | "." | ";" | ")" | ":" | "\u{2014}")
            || t.lower == "and"
            || t.lower == "or"
            || matches!(t.shape.class(), Class::CloseQuote)
    });
    let named = |at: u32| {
        let i = input.names.partition_point(|n| n.span.end < at);
        input.names.get(i).is_some_and(|n| n.span.end == at && n.person)
    };
    let before2 = before(2);
    // "Smith, 80, and Beryl, 81,"
    if b1.text == ","
        && before2.is_some_and(|t| t.shape.letters() == Letters::Title)
        && after.is_some_and(|t| matches!(t.text, "," | "." | ";"))
        && found.last().is_some_and(|c| c.rule == "age-apposition" && c.next + 6 >= a.first)
    {
        return Some("age-apposition");
    }
    if b1.text == "," && a.number.form == Form::Digits && a.number.value > Decimal::new(3, 0) {
        let person = before2.is_some_and(|t| {
            let unknown = t.shape.letters() == Letters::Title
                && !in_mention(input, t.span)
                && a.number.value >= Decimal::new(16, 0)
                && after.is_some_and(|n| n.text == ",")
                && !t.shape.has(Shape::SENTENCE_START)
                && !crate::calendar::is_month(t.lower);
            named(t.span.end) || unknown
        });
        let follows = ends
            || after.is_some_and(|t| {
                matches!(
                    t.lower,
                    "of" | "from" | "who" | "was" | "is" | "a" | "an" | "has" | "had" | "the" | "said" | "told"
                )
            });
        if person && follows {
            return Some("age-apposition");
        }
    }
    if b1.text == "("
        && after.is_some_and(|t| t.text == ")")
        && before2.is_some_and(|t| named(t.span.end))
        && a.number.value > Decimal::new(9, 0)
    {
        return Some("age-apposition");
    }
    if matches!(b1.lower, "was" | "is" | "turned" | "turns" | "'m" | "turning" | "am" | "be")
        && before2.is_some_and(|t| matches!(t.lower, "he" | "she" | "i" | "who" | "has" | "just"))
        && (ends || after.is_some_and(|t| matches!(t.lower, "when" | "so" | "at" | "in" | "but" | "he" | "she" | "on")))
    {
        return Some("age-predicate");
    }
    None
}

/// "Feb. 17 and 19", "May 3, 4 and 5": further days of the month before.
fn day_in_series(input: &Input, at: usize, found: &mut Vec<Claim>) -> Option<usize> {
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
        t.shape.class() == Class::Word && !crate::context::is_function_word(t.lower)
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

/// "the second half of 2018".
fn half_of_year(input: &Input, at: usize, found: &mut Vec<Claim>) -> Option<usize> {
    let tokens = input.tokens;
    let half = match tokens[at].lower {
        "first" => 1,
        "second" => 2,
        _ => return None,
    };
    if tokens.get(at + 1)?.lower != "half" {
        return None;
    }
    let of = usize::from(tokens.get(at + 2)?.lower == "of");
    let year = tokens.get(at + 2 + of)?;
    let digits: u32 = year.text.parse().ok().filter(|y| year.text.len() == 4 && (1900..2100).contains(y))?;
    let mut claim = bare(Span::new(tokens[at].span.start, year.span.end), "date", "half-of-year", at, at + 3 + of);
    claim.value = format!("{digits}-H{half}");
    claim.unit.clear();
    found.push(claim);
    Some(at + 3 + of)
}

/// "in his 40s": ten years of age.
fn decades_of_life(input: &Input, at: usize, found: &mut Vec<Claim>) -> Option<usize> {
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

/// "for a week", "nearly a decade": one unit of time.
fn one_length_of_time(input: &Input, at: usize, found: &mut Vec<Claim>) -> Option<usize> {
    let tokens = input.tokens;
    if !matches!(tokens[at].lower, "a" | "an") {
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
    // "a year and a half"
    let word = |i: usize| tokens.get(i).map_or("", |t| t.lower);
    let half = word(at + 2) == "and" && word(at + 3) == "a" && word(at + 4) == "half";
    if half {
        let mut claim =
            bare(Span::new(tokens[at].span.start, tokens[at + 4].span.end), "duration", "one-unit-of-time", at, at + 5);
        claim.value = "1.5".to_owned();
        claim.unit = unit.to_owned();
        claim.modifier = modifier(tokens, at, at + 5, Form::Words);
        found.push(claim);
        return Some(at + 5);
    }
    // "a year's worth", "a week earlier"
    if tokens.get(at + 2).is_some_and(|t| t.shape.has(Shape::CLITIC))
        || matches!(after, "earlier" | "ago" | "later" | "from")
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

/// What needs all claims at once: conversions in brackets, nouns taken over, sources, check-worthiness.
fn finish(input: &Input, found: &mut [Claim]) {
    let tokens = input.tokens;
    for i in 1..found.len() {
        let (done, rest) = found.split_at_mut(i);
        let (previous, claim) = (&done[i - 1], &mut rest[0]);
        let bracket = claim.first.checked_sub(1).is_some_and(|b| matches!(tokens[b].text, "(" | "["))
            || claim.first >= 2 && tokens[claim.first - 2].text == "(";
        let slash =
            claim.first.checked_sub(1).is_some_and(|b| tokens[b].text == "/") && previous.equivalent_of.is_some();
        let bracket = bracket || slash;
        let close = previous.next + 2 >= claim.first && claim.first >= previous.next;
        let money = claim.kind == "money" && previous.kind == "money" && claim.unit != previous.unit;
        let length = claim.kind == "quantity" && previous.kind == "quantity" && claim.unit != previous.unit;
        if bracket && close && (money || length) {
            claim.equivalent_of = Some(i - 1);
            if claim.modifier.is_none() {
                claim.modifier = previous.modifier;
            }
        }
        // "200 more", "versus 15 in 2016": the noun of the claim before.
        if claim.kind == "number" && claim.counted.is_none() && previous.counted.is_some() {
            let before = claim.first.checked_sub(1).map_or("", |b| tokens[b].lower);
            let more = tokens.get(claim.next).is_some_and(|t| t.lower == "more" || t.lower == "others");
            let participle = tokens.get(claim.next).is_some_and(|t| t.lower.ends_with("ed") && t.lower.len() > 4);
            if more || participle || matches!(before, "versus" | "from" | "to" | "with" | "another" | "and" | "top") {
                claim.counted = previous.counted;
            }
        }
    }
    let mut known = None;
    for claim in found.iter_mut() {
        claim.source = source(input, claim.span, claim.first, &mut known);
        claim.checkworthy = checkworthy(input, claim);
    }
}

/// How much a fact-checker would want to look at it: specific, attributed, about the world. The weights are plain to see and to argue with.
fn checkworthy(input: &Input, claim: &Claim) -> f32 {
    let mut score: f32 = match claim.kind {
        "percent" | "money" => 0.5,
        "quantity" | "number" => 0.4,
        "duration" => 0.2,
        "ordinal" => 0.1,
        _ => 0.05,
    };
    if claim.source.is_some() {
        score += 0.2;
    }
    if claim.change.is_some() || claim.property.is_some() {
        score += 0.15;
    }
    if claim.counted.is_some() {
        score += 0.1;
    }
    let specific = claim.value.bytes().filter(u8::is_ascii_digit).filter(|b| *b != b'0').count() >= 2;
    if specific && claim.kind != "date" {
        score += 0.1;
    }
    if claim.modifier.is_some_and(|m| m.0 == "plural") {
        score -= 0.15;
    }
    let zone = ZoneKind::ALL.get((input.tokens[claim.first].shape.0 >> 24 & 15) as usize);
    if matches!(zone, Some(ZoneKind::Table | ZoneKind::Date | ZoneKind::Boilerplate | ZoneKind::Byline)) {
        score -= 0.3;
    }
    score.clamp(0.0, 1.0)
}
