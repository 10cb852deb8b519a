//! Numbers that are somebody's age, by the words around them: "Smith, 61,", "aged 30", "a 12-year-old", "he turned 40".

use crate::engine::{Claim, Input, in_mention};
use crate::measure::Amount;
use crate::number::Form;
use factbox_sdk::{Class, Letters, Shape};
use rust_decimal::Decimal;

/// "Smith, 80,", "aged 14", "at age seventeen", "she was six".
pub(crate) fn age(input: &Input, a: &Amount, found: &[Claim]) -> Option<&'static str> {
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
    // "after turning 30 or 40"
    let turned = |c: &Claim| c.first.checked_sub(1).is_some_and(|b| tokens[b].lower == "turning");
    if matches!(b1.lower, "and" | "or")
        && found.last().is_some_and(|c| c.rule == "age-predicate" && c.next + 1 == a.first && turned(c))
    {
        return Some("age-predicate");
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
    // "turning 65 was", "after turning 30 or 40"
    let behind = after.is_none_or(|t| t.shape.class() != Class::Word || crate::counted::is_function_word(t.lower));
    if b1.lower == "turning"
        && (ends || behind)
        && a.number.value >= Decimal::TEN
        && before2.is_none_or(|t| t.lower != "the")
    {
        return Some("age-predicate");
    }
    // "since I was 17 (", "when I was 54 I got"
    let when = before(3).is_some_and(|t| matches!(t.lower, "when" | "since" | "until" | "after" | "before"));
    if matches!(b1.lower, "was" | "were")
        && when
        && before2.is_some_and(|t| matches!(t.lower, "i" | "he" | "she"))
        && (ends || behind)
    {
        return Some("age-predicate");
    }
    if matches!(b1.lower, "was" | "is" | "turned" | "turns" | "'m" | "turning" | "am" | "be")
        && before2.is_some_and(|t| matches!(t.lower, "he" | "she" | "i" | "who" | "has" | "just"))
        && (ends || after.is_some_and(|t| matches!(t.lower, "when" | "so" | "at" | "in" | "but" | "he" | "she" | "on")))
    {
        return Some("age-predicate");
    }
    None
}
