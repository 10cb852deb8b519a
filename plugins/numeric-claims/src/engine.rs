//! From the tokens of an article to its claims: one pass, at each token that can begin one the grammar of dates, then that of amounts; then ranges, ages,
//! rejects, and what the words around say.

use crate::age::age;
use crate::calendar;
use crate::change::{change, property};
use crate::counted::{Counted, counted};
use crate::cue::OPENS;
use crate::hedge::modifier;
use crate::holidays;
use crate::measure::{Amount, amount};
use crate::money::Money;
use crate::number::{Form, may_begin};
use crate::range::{bounded, push_range, range};
use crate::rate::{Rate, rate_at};
use crate::reject::reject;
use crate::source::{Name, Said, Source, source};
use crate::spans_of_time::{day_in_series, decades_of_life, one_length_of_time, part_of_year};
use factbox_sdk::{Class, Shape, Span, Token, ZoneKind};
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
    pub si: Option<Si>,
    /// What it is a rate of.
    pub rate: Option<Rate>,
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
    pub(crate) first: usize,
    pub(crate) next: usize,
}

/// An amount in SI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Si {
    /// Exact decimal; of a range the lower end.
    pub value: String,
    /// The upper end of a range.
    pub high: Option<String>,
    /// The unit.
    pub unit: &'static str,
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
    pub money: Money<'a>,
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
        let date = calendar::with_time(tokens, holidays::named(tokens, date));
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
    if let Some(next) = part_of_year(input, at, found) {
        return next;
    }
    if let Some(next) = decades_of_life(input, at, found) {
        return next;
    }
    if let Some(next) = one_length_of_time(input, at, found) {
        return next;
    }
    if !may_begin(token) {
        return at + 1;
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
    if age.is_none() {
        let rejected = reject(tokens, &a);
        if rejected == Some("telephone") {
            return past_telephone(tokens, a.next.max(at + 1));
        }
        // "3" on a line of its own numbers what follows.
        let byte = |at: u32| input.text.as_bytes().get(at as usize).copied();
        let alone = a.kind == "number"
            && a.number.form == Form::Digits
            && a.end - a.start <= 2
            && a.start.checked_sub(1).is_none_or(|b| byte(b) == Some(b'\n'))
            && byte(a.end).is_some_and(|b| matches!(b, b'\n' | b'\r'));
        if alone || rejected.is_some() || in_name(input, &a) && a.kind != "money" && a.kind != "percent" {
            return past_labels(tokens, a.next.max(at + 1));
        }
    }
    let rule = age.unwrap_or(match a.kind {
        "number" => "count",
        "ordinal" => "ordinal",
        _ => "number-unit",
    });
    let mut claim = bare(Span::new(a.start, a.end), a.kind, rule, a.first, a.next);
    claim.value = a.long.clone().unwrap_or_else(|| text_of(a.number.value));
    claim.unit = a.unit.clone();
    claim.si = si(&a, a.number.value);
    if age.is_some() {
        claim.kind = "duration";
        claim.unit = "a".to_owned();
    }
    claim.rate = a.rate.clone();
    claim.basis = a.basis;
    describe(input, &a, &mut claim, a.number.form);
    let next = counted_rate(input, &mut claim).unwrap_or(a.next);
    found.push(claim);
    next
}

/// "12 murders per 100,000 people", "300 cases a day": the rate of what is counted, and the first token behind it.
fn counted_rate(input: &Input, claim: &mut Claim) -> Option<usize> {
    let head = claim.counted.filter(|_| claim.kind == "number" && claim.rate.is_none())?.head;
    let behind = input.tokens[claim.next..].iter().take(12).position(|t| t.span.start >= head.end)?;
    let (rate, next) = rate_at(input.tokens, claim.next + behind, claim.kind, input.money)?;
    claim.rate = Some(rate);
    Some(next)
}

/// Past the rest of a telephone number: "(0)40 890 85-433".
fn past_telephone(tokens: &[Token], next: usize) -> usize {
    let figure = |t: &Token| t.shape.class() == Class::Number && t.text.len() <= 8 && !t.text.contains(',');
    let mark = |t: &Token| matches!(t.text, "(" | ")" | "-" | "/" | ".");
    let mut at = next;
    while let Some(token) = tokens.get(at).filter(|_| at < next + 12) {
        let near = token.span.start <= tokens[at - 1].span.end + 1;
        let joins = mark(token) && tokens.get(at + 1).is_some_and(|t| figure(t) && t.span.start <= token.span.end + 1)
            || token.text == ")";
        if !near || !(figure(token) || joins) {
            break;
        }
        at += 1;
    }
    at
}

/// Past further labels of the same kind: "posts 250 and 251", "Highways 401, 403".
fn past_labels(tokens: &[Token], next: usize) -> usize {
    let mut at = next;
    while let [joint, number, ..] = &tokens[at.min(tokens.len())..] {
        let plain = number.shape.class() == Class::Number
            && number.text.bytes().all(|b| b.is_ascii_digit())
            && number.shape.has(Shape::SPACE_BEFORE);
        let behind = tokens.get(at + 2).is_none_or(|t| {
            t.shape.class() != Class::Word || t.shape.has(Shape::CLITIC) || crate::counted::is_function_word(t.lower)
        });
        if !(matches!(joint.lower, "and" | "," | "or" | "&" | "to") && plain && behind) {
            break;
        }
        at += 2;
    }
    at
}

pub(crate) fn bare(span: Span, kind: &'static str, rule: &'static str, first: usize, next: usize) -> Claim {
    Claim {
        span,
        kind,
        value: String::new(),
        range: None,
        unit: "1".to_owned(),
        si: None,
        rate: None,
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

pub(crate) fn text_of(value: Decimal) -> String {
    value.normalize().to_string()
}

/// The value in SI, where that is exact.
pub(crate) fn si(a: &Amount, value: Decimal) -> Option<Si> {
    let (factor, unit) = a.si.filter(|_| a.long.is_none())?;
    let value = product(value, factor)?;
    Some(Si { value, high: None, unit })
}

/// The product of two decimals, unless it has more digits than a decimal holds.
pub(crate) fn product(a: Decimal, b: Decimal) -> Option<String> {
    let (a, b) = (a.normalize(), b.normalize());
    let product = a.checked_mul(b)?;
    (product.is_zero() || product.scale() == a.scale() + b.scale()).then(|| text_of(product))
}

/// Hedge, change, what is counted.
pub(crate) fn describe(input: &Input, a: &Amount, claim: &mut Claim, form: Form) {
    let tokens = input.tokens;
    if claim.kind == "ordinal" {
        claim.modifier = rank_bound(tokens, a);
    } else {
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

/// "higher than the tenth": what bounds a rank.
fn rank_bound(tokens: &[Token], a: &Amount) -> Option<(&'static str, Option<Span>)> {
    let the = a.first.checked_sub(1).filter(|i| tokens[*i].lower == "the")?;
    modifier(tokens, the, the + 1, Form::Ordinal).filter(|m| matches!(m.0, "more_than" | "less_than"))
}

pub(crate) fn in_mention(input: &Input, span: Span) -> bool {
    let at = input.names.partition_point(|n| n.span.end <= span.start);
    input.names.get(at).is_some_and(|n| n.span.start < span.end)
}

/// The noun right behind "one", where a verb follows it that looks like a noun.
fn single_thing(tokens: &[Token], from: usize, counted: Counted) -> Counted {
    let head = tokens.partition_point(|t| t.span.start < counted.head.start);
    // "one company's stock": one company.
    if let Some(mark) = (from + 1..head).find(|i| matches!(tokens[*i].lower, "'s" | "\u{2019}s")) {
        let noun = tokens[mark - 1].span;
        return Counted { head: noun, phrase: Span::new(counted.phrase.start.min(noun.start), noun.end) };
    }
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

/// What needs all claims at once: conversions in brackets, nouns taken over, sources, check-worthiness.
fn finish(input: &Input, found: &mut [Claim]) {
    let tokens = input.tokens;
    for i in 1..found.len() {
        let (done, rest) = found.split_at_mut(i);
        let (previous, claim) = (&done[i - 1], &mut rest[0]);
        let bracket = claim.first.checked_sub(1).is_some_and(|b| matches!(tokens[b].text, "(" | "["))
            || claim.first >= 2 && tokens[claim.first - 2].text == "(";
        // "(224 kW / 300 PS)", "($208m; £111m)"
        let further = claim.first.checked_sub(1).is_some_and(|b| matches!(tokens[b].text, "/" | ";" | ","));
        let bracket = bracket || further && previous.equivalent_of.is_some();
        let close = previous.next + 2 >= claim.first && claim.first >= previous.next;
        let money = claim.kind == "money" && previous.kind == "money" && claim.unit != previous.unit;
        let length = claim.kind == "quantity" && previous.kind == "quantity" && claim.unit != previous.unit;
        if bracket && close && (money || length) {
            claim.equivalent_of = previous.equivalent_of.filter(|_| further).or(Some(i - 1));
            if claim.modifier.is_none() {
                claim.modifier = previous.modifier;
            }
        }
        // "200 more", "versus 15 in 2016": the noun of the claim before.
        if claim.kind == "number" && claim.counted.is_none() && previous.counted.is_some() {
            let before = claim.first.checked_sub(1).map_or("", |b| tokens[b].lower);
            let more = tokens.get(claim.next).is_some_and(|t| t.lower == "more" || t.lower == "others");
            let participle = tokens.get(claim.next).is_some_and(|t| t.lower.ends_with("ed") && t.lower.len() > 4);
            let near = claim.first - previous.next.min(claim.first) <= 12;
            let participle = participle && claim.value != "0.5";
            if near
                && (more
                    || participle
                    || matches!(before, "versus" | "from" | "to" | "with" | "another" | "and" | "top"))
            {
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
