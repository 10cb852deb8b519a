//! Rises and falls, and what happened to the people that are counted.

use crate::measure::Amount;
use crate::tables::Tables;
use factbox_sdk::{Class, Letters, Token};

pub(crate) const UP: &[&str] = &[
    "add",
    "added",
    "adding",
    "adds",
    "advanced",
    "better",
    "boosted",
    "climb",
    "climbed",
    "climbing",
    "expand",
    "expanded",
    "gain",
    "gained",
    "gaining",
    "gains",
    "grew",
    "grow",
    "growing",
    "grown",
    "growth",
    "higher",
    "increase",
    "increased",
    "increases",
    "increasing",
    "jump",
    "jumped",
    "jumps",
    "more",
    "raise",
    "raised",
    "rallied",
    "rise",
    "risen",
    "rises",
    "rising",
    "rose",
    "soared",
    "soaring",
    "strengthened",
    "surge",
    "surged",
    "surging",
    "up",
    "upped",
];

pub(crate) const DOWN: &[&str] = &[
    "contracted",
    "cut",
    "cuts",
    "cutting",
    "decline",
    "declined",
    "declines",
    "decrease",
    "decreased",
    "decreases",
    "decreasing",
    "dip",
    "dipped",
    "down",
    "drop",
    "dropped",
    "dropping",
    "drops",
    "eased",
    "fall",
    "fallen",
    "falling",
    "falls",
    "fell",
    "fewer",
    "less",
    "lose",
    "loses",
    "losing",
    "loss",
    "lost",
    "lower",
    "lowered",
    "plummeted",
    "plunge",
    "plunged",
    "reduce",
    "reduced",
    "reduces",
    "reducing",
    "reduction",
    "retreated",
    "shed",
    "shrank",
    "shrink",
    "shrunk",
    "slid",
    "slip",
    "slipped",
    "slumped",
    "tumbled",
    "weakened",
];

/// Whether the text says that the amount is a rise or a fall.
pub fn change(tokens: &[Token], a: &Amount) -> Option<&'static str> {
    let direction = |word: &str| {
        if UP.binary_search(&word).is_ok() {
            Some("up")
        } else if DOWN.binary_search(&word).is_ok() {
            Some("down")
        } else {
            None
        }
    };
    if !matches!(a.kind, "percent" | "money" | "quantity" | "number") {
        return None;
    }
    // Before, past words that may stand between: "rose by about", "fell a further", "up".
    let mut at = a.first;
    for _ in 0..5 {
        let Some(b) = at.checked_sub(1) else { break };
        let word = tokens[b].lower;
        if matches!(word, "more" | "less" | "fewer") {
            // "more than" hedges.
            if tokens.get(b + 1).is_some_and(|t| t.lower == "than") {
                at = b;
                continue;
            }
        }
        // "up to 4 km" is a bound.
        let behind = tokens.get(b + 1).map_or("", |t| t.lower);
        let bound = word == "up" && behind == "to";
        // "made up of 625 lines" tells what a thing consists of.
        if word == "up" && behind == "of" {
            return None;
        }
        if bound && b.checked_sub(1).is_none_or(|i| direction(tokens[i].lower).is_none()) {
            return None;
        }
        if let Some(found) = direction(word).filter(|_| !bound) {
            let plain = a.kind == "percent"
                || matches!(word, "up" | "down")
                || tokens.get(b + 1).is_some_and(|t| t.lower == "by")
                || a.kind != "number";
            return plain.then_some(found);
        }
        let between = matches!(
            word,
            "by" | "a"
                | "an"
                | "about"
                | "around"
                | "nearly"
                | "almost"
                | "over"
                | "than"
                | "as"
                | "some"
                | "another"
                | "further"
                | "just"
                | "only"
                | "at"
                | "least"
                | "much"
                | "roughly"
                | "approximately"
                | "of"
                | "to"
                | "up"
        ) || Tables::get().hedges(word).iter().any(|h| h.0.len() == 1);
        if !between {
            break;
        }
        at = b;
    }
    // Behind: "a 41-percent fall", "21 percent less", "1 ppt up", "8% increase".
    // "20,000 workers lost their jobs" is no fall by so many.
    let reach = if a.kind == "number" { 1 } else { 2 };
    for i in a.next..(a.next + reach).min(tokens.len()) {
        if let Some(found) = direction(tokens[i].lower) {
            if tokens[i].lower == "more" && (a.kind == "number" || tokens[i].shape.letters() != Letters::Lower) {
                return None;
            }
            return Some(found);
        }
        if tokens[i].shape.class() == Class::Punctuation {
            break;
        }
    }
    None
}

/// What happened to people that are counted, if the words next to them say so.
pub fn property(tokens: &[Token], first: usize, next: usize) -> Option<&'static str> {
    let word = |w: &str| match w {
        "killed" | "dead" | "died" | "deaths" | "slain" | "dies" | "fatalities" => Some("killed"),
        "wounded" | "injured" | "hurt" | "injuries" | "injuring" | "wounding" => Some("wounded"),
        "arrested" | "detained" | "arrests" | "jailed" | "arresting" => Some("arrested"),
        "infected" | "infections" | "cases" => Some("infected"),
        "displaced" | "evacuated" | "homeless" | "fled" | "displacing" | "evacuees" => Some("displaced"),
        "missing" => Some("missing"),
        "killing" => Some("killed"),
        _ => None,
    };
    let behind = (next..(next + 5).min(tokens.len()))
        .take_while(|i| tokens[*i].shape.class() == Class::Word)
        // "shut down 700 sites and arrested 22": a number behind the deed has it for itself.
        .filter(|i| tokens.get(*i + 1).is_none_or(|t| t.shape.class() != Class::Number))
        .find_map(|i| word(tokens[i].lower).filter(|_| tokens[i].lower != "cases" || of_illness(tokens, i)));
    let before = first.checked_sub(1).and_then(|b| match tokens[b].lower {
        "killing" | "killed" => Some("killed"),
        "injuring" | "wounding" | "injured" | "wounded" => Some("wounded"),
        "arrested" | "arresting" | "detained" => Some("arrested"),
        "displacing" => Some("displaced"),
        _ => None,
    });
    before.or(behind)
}

/// Whether the cases at token `at` are of an illness: its kind is told near it.
fn of_illness(tokens: &[Token], at: usize) -> bool {
    let ill = |t: &Token| {
        matches!(
            t.lower,
            "cholera"
                | "coronavirus"
                | "covid"
                | "deaths"
                | "dengue"
                | "disease"
                | "diseases"
                | "ebola"
                | "epidemic"
                | "fever"
                | "flu"
                | "hospital"
                | "hospitals"
                | "infected"
                | "infection"
                | "infections"
                | "influenza"
                | "malaria"
                | "measles"
                | "outbreak"
                | "pandemic"
                | "patients"
                | "polio"
                | "sars"
                | "symptoms"
                | "tuberculosis"
                | "vaccine"
                | "virus"
                | "zika"
        )
    };
    tokens[at.saturating_sub(60)..(at + 60).min(tokens.len())].iter().any(ill)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_lists_are_sorted() {
        for list in [UP, DOWN] {
            assert!(list.windows(2).all(|w| w[0] < w[1]), "{:?}", list.windows(2).find(|w| w[0] >= w[1]));
        }
    }
}
