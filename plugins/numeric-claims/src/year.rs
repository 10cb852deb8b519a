//! Whether four digits are a year, and decades.

use crate::calendar::tight;
use factbox_sdk::{Class, Letters, Shape, Token};

/// Whether four digits are a year: by the word before, or by what follows.
pub(crate) fn is_year(tokens: &[Token], at: usize, year: u32) -> bool {
    let before = at.checked_sub(1).map(|b| &tokens[b]);
    let after = tokens.get(at + 1);
    let noun_behind = after.is_some_and(|t| {
        t.shape.has(Shape::SPACE_BEFORE)
            && t.shape.class() == Class::Word
            && t.shape.letters() == Letters::Lower
            && t.lower.len() > 3
            && t.lower.ends_with('s')
            && !t.lower.ends_with("ss")
            && !matches!(
                t.lower,
                "was"
                    | "has"
                    | "is"
                    | "this"
                    | "as"
                    | "versus"
                    | "plus"
                    | "across"
                    | "elections"
                    | "games"
                    | "olympics"
                    | "talks"
            )
    });
    let in_year = before.is_some_and(|t| t.lower == "in");
    let unit_behind = after.filter(|t| !(in_year && t.lower == "of")).is_some_and(|t| {
        matches!(
            t.lower,
            "percent"
                | "%"
                | "metres"
                | "meters"
                | "km"
                | "miles"
                | "million"
                | "billion"
                | "people"
                | "feet"
                | "tonnes"
                | "tons"
                | "rupees"
                | "dollars"
                | "euros"
                | "pounds"
                | "yen"
                | "kg"
                | "of"
        )
    });
    let prepared = before.is_some_and(|t| {
        matches!(
            t.lower,
            "in" | "since"
                | "until"
                | "till"
                | "by"
                | "from"
                | "of"
                | "during"
                | "early"
                | "late"
                | "mid"
                | "before"
                | "after"
                | "between"
                | "through"
                | "year"
                | "and"
                | "to"
                | "spring"
                | "summer"
                | "autumn"
                | "winter"
                | "fall"
                | "fiscal"
                | "circa"
                | "for"
                | "on"
        )
    });
    let unlikely = before.is_some_and(|t| matches!(t.text, "$" | "€" | "£" | "." | "/" | "#") && tight(&tokens[at]))
        || unit_behind;
    if unlikely {
        return false;
    }
    let modern = (1500..=2100).contains(&year);
    // "total 1986 earnings"
    if (1950..=2060).contains(&year)
        && after.is_some_and(|t| {
            matches!(
                t.lower,
                "earnings"
                    | "sales"
                    | "results"
                    | "profits"
                    | "revenues"
                    | "elections"
                    | "games"
                    | "olympics"
                    | "levels"
                    | "figures"
                    | "finals"
                    | "season"
                    | "budget"
                    | "election"
                    | "campaign"
                    | "championships"
                    | "prices"
            )
        })
    {
        return true;
    }
    // "its 2018 sales": a year that qualifies.
    if noun_behind
        && (1950..=2060).contains(&year)
        && before.is_some_and(|t| {
            t.shape.has(Shape::CLITIC) || matches!(t.lower, "its" | "their" | "his" | "her" | "the" | "our")
        })
        && !after.is_some_and(|t| {
            matches!(
                t.lower,
                "people"
                    | "men"
                    | "women"
                    | "children"
                    | "workers"
                    | "employees"
                    | "residents"
                    | "students"
                    | "soldiers"
                    | "troops"
                    | "jobs"
                    | "homes"
                    | "houses"
            )
        })
    {
        return true;
    }
    if prepared {
        return (modern || year >= 1000 && before.is_some_and(|t| t.lower == "in"))
            && !(noun_behind && year.is_multiple_of(50) && year != 2000)
            && !(noun_behind
                && before.is_some_and(|t| matches!(t.lower, "to" | "of" | "by" | "and" | "for" | "on" | "from"))
                && year.is_multiple_of(10));
    }
    // "by around 2050"
    if modern
        && !noun_behind
        && before.is_some_and(|t| matches!(t.lower, "around" | "about"))
        && at
            .checked_sub(2)
            .is_some_and(|b| matches!(tokens[b].lower, "by" | "since" | "in" | "until" | "till" | "from"))
    {
        return true;
    }
    // "until at least 2021"
    if modern
        && !noun_behind
        && before.is_some_and(|t| t.lower == "least")
        && at >= 3
        && tokens[at - 2].lower == "at"
        && matches!(tokens[at - 3].lower, "until" | "till" | "through" | "since" | "by")
    {
        return true;
    }
    // "later than 2018"
    if modern
        && !noun_behind
        && before.is_some_and(|t| t.lower == "than")
        && at.checked_sub(2).is_some_and(|b| matches!(tokens[b].lower, "later" | "earlier" | "sooner" | "recent"))
    {
        return true;
    }
    if before.is_some_and(|t| {
        matches!(
            t.lower,
            "than" | "about" | "some" | "over" | "nearly" | "almost" | "least" | "around" | "approximately" | "total"
        )
    }) {
        return false;
    }
    (1700..=2060).contains(&year) && !noun_behind
}

/// "in the 90s", "the early 80s": a decade, where neither the weather nor somebody's age is meant.
pub(crate) fn short_decade(tokens: &[Token], at: usize) -> bool {
    let lower = |n: usize| at.checked_sub(n).map_or("", |i| tokens[i].lower);
    let part = |w: &str| matches!(w, "early" | "mid" | "late" | "swinging");
    let the = match lower(1) {
        "the" => 1,
        "-" if part(lower(2)) => 3,
        word if part(word) => 2,
        _ => return false,
    };
    let led = lower(the) == "the"
        && matches!(
            lower(the + 1),
            "in" | "of"
                | "since"
                | "during"
                | "from"
                | "through"
                | "throughout"
                | "until"
                | "by"
                | "for"
                | "back"
                | "to"
                | "into"
        );
    let other = |t: &Token| {
        matches!(
            t.lower,
            "temperature"
                | "temperatures"
                | "degrees"
                | "high"
                | "highs"
                | "low"
                | "lows"
                | "score"
                | "scored"
                | "shot"
                | "age"
                | "aged"
                | "ages"
                | "weather"
                | "heat"
                | "wind"
                | "winds"
                | "fahrenheit"
                | "celsius"
        )
    };
    let near = at.saturating_sub(10)..(at + 4).min(tokens.len());
    tokens[at].lower != "10s" && led && !tokens[near].iter().any(other)
}
