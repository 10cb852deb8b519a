//! Dates and times of day as news writes them, to ISO 8601 with only the fields that are written. Only dates that hold a numeral count.

use factbox_sdk::{Class, Letters, Shape, Token};

/// A date or time in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Date {
    /// First token.
    pub first: usize,
    /// First token behind it.
    pub next: usize,
    /// ISO 8601 with the fields given: "2023-09-14", "--09-14", "2023-09", "2023", "T13:30".
    pub value: String,
    /// For ranges: the other end.
    pub high: Option<String>,
}

fn tight(t: &Token) -> bool {
    !t.shape.has(Shape::SPACE_BEFORE)
}

fn month(token: &Token) -> Option<u32> {
    // In small letters, "march", "may", "mar", "dec" and the like are mostly other words.
    let capital = matches!(token.shape.letters(), Letters::Title | Letters::Upper);
    if !capital && matches!(token.lower, "may" | "march" | "mar" | "dec" | "sep" | "jan") {
        return None;
    }
    month_number(token.lower.trim_end_matches('.'))
}

/// Whether the word, in any case, is a month's name or its short form.
pub(crate) fn is_month(word: &str) -> bool {
    month_number(&word.to_ascii_lowercase()).is_some()
}

fn month_number(word: &str) -> Option<u32> {
    Some(match word {
        "january" | "jan" => 1,
        "february" | "feb" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sept" | "sep" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    })
}

fn weekday(token: &Token) -> bool {
    matches!(
        token.lower.trim_end_matches('.'),
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "mon"
            | "tue"
            | "tues"
            | "wed"
            | "thu"
            | "thur"
            | "thurs"
            | "fri"
            | "sat"
            | "sun"
    )
}

fn plain(token: &Token) -> Option<u32> {
    (token.shape.class() == Class::Number && token.text.len() <= 4 && token.text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| token.text.parse().ok())?
}

fn day(token: &Token) -> Option<u32> {
    let digits = token.lower.bytes().take_while(u8::is_ascii_digit).count();
    let fits = digits > 0 && digits <= 2 && matches!(&token.lower[digits..], "" | "st" | "nd" | "rd" | "th");
    fits.then(|| token.lower[..digits].parse().ok()).flatten().filter(|d| (1..=31).contains(d))
}

fn year(token: &Token) -> Option<u32> {
    plain(token).filter(|y| token.text.len() == 4 && (1000..=2200).contains(y))
}

/// The date or time that begins at token `at`, ranges included.
pub fn date(tokens: &[Token], at: usize, day_first: bool) -> Option<Date> {
    let one = single(tokens, at, day_first)?;
    let get = |i: usize| tokens.get(i);
    // "March 20-Dec. 21", "April 15, 2018 to March 31, 2023", "between 1966 and 1984", "2012-2018"
    let Some(joint) = get(one.next) else { return Some(one) };
    let between = at.checked_sub(1).is_some_and(|b| tokens[b].lower == "between");
    let from = at.checked_sub(1).is_some_and(|b| tokens[b].lower == "from");
    let joins = joint.shape.has(Shape::DASH)
        || (joint.lower == "and" && between)
        || (joint.lower == "to" || joint.lower == "until" || joint.lower == "till" || joint.lower == "through")
            && (from || one.value.len() > 4 || get(one.next + 1).and_then(year).is_some());
    if !joins {
        return Some(one);
    }
    let mut other = single(tokens, one.next + 1, day_first);
    // "March 3-5", "1990-91"
    if other.is_none() && joint.shape.has(Shape::DASH) {
        let token = get(one.next + 1)?;
        if let (Some(d), true) = (day(token), one.value.starts_with("--") && one.value.len() == 7) {
            other =
                Some(Date { first: at, next: one.next + 2, value: format!("{}-{d:02}", &one.value[..4]), high: None });
        } else if let (Some(y), true) = (plain(token).filter(|_| token.text.len() == 2), one.value.len() == 4) {
            other =
                Some(Date { first: at, next: one.next + 2, value: format!("{}{y:02}", &one.value[..2]), high: None });
        }
    }
    match other {
        Some(other) if other.high.is_none() && (other.value.starts_with('T') == one.value.starts_with('T')) => {
            Some(Date { first: one.first, next: other.next, value: one.value, high: Some(other.value) })
        }
        _ => Some(one),
    }
}

fn single(tokens: &[Token], at: usize, day_first: bool) -> Option<Date> {
    let get = |i: usize| tokens.get(i);
    let token = get(at)?;
    let done = |next: usize, value: String| Some(Date { first: at, next, value, high: None });
    // A weekday goes along with the date behind it.
    if weekday(token) {
        let skip = 1 + usize::from(get(at + 1).is_some_and(|t| t.text == ","));
        let mut rest = at + skip;
        if get(rest).is_some_and(|t| t.lower == "the") {
            rest += 1;
        }
        let found = single(tokens, rest, day_first).filter(|d| !d.value.starts_with('T') && d.value.len() > 4)?;
        return Some(Date { first: at, ..found });
    }
    if let Some(month) = month(token) {
        // "September 14, 2023", "Sept 14", "September 2023"
        let next = get(at + 1)?;
        if let Some(y) = year(next) {
            return done(at + 2, format!("{y}-{month:02}"));
        }
        let d = day(next)?;
        if get(at + 2).is_some_and(|t| matches!(t.lower, "percent" | "%" | "million" | "people")) {
            return None;
        }
        let comma = usize::from(get(at + 2).is_some_and(|t| t.text == ","));
        if let Some(y) = get(at + 2 + comma).and_then(year) {
            return done(at + 3 + comma, format!("{y}-{month:02}-{d:02}"));
        }
        return done(at + 2, format!("--{month:02}-{d:02}"));
    }
    if let Some(time) = time(tokens, at) {
        return Some(time);
    }
    // "14 September 2023", "14th of September"
    if let Some(d) = day(token) {
        let of = usize::from(get(at + 1).is_some_and(|t| t.lower == "of"));
        if let Some(month) = get(at + 1 + of).and_then(month) {
            let comma = usize::from(get(at + 2 + of).is_some_and(|t| t.text == ","));
            if let Some(y) = get(at + 2 + of + comma).and_then(year) {
                return done(at + 3 + of + comma, format!("{y}-{month:02}-{d:02}"));
            }
            return done(at + 2 + of, format!("--{month:02}-{d:02}"));
        }
    }
    // "2018-09-14", "09/14/2018", "14.09.2018"
    if let Some(value) = numeric(tokens, at, day_first) {
        return done(at + 5, value);
    }
    // "1990s" and "'90s" are decades.
    let digits = token
        .lower
        .strip_suffix('s')
        .filter(|d| matches!(d.len(), 2 | 4) && d.ends_with('0') && d.bytes().all(|b| b.is_ascii_digit()));
    if let Some(digits) = digits {
        let whole = match digits.len() {
            4 => digits.parse::<u32>().ok()?,
            _ if at
                .checked_sub(1)
                .is_some_and(|b| matches!(tokens[b].text, "'" | "\u{2019}" | "\u{2018}") && tight(token)) =>
            {
                1900 + digits.parse::<u32>().ok()?
            }
            _ => return None,
        };
        let mut found = done(at + 1, format!("{whole}"))?;
        found.high = Some(format!("{}", whole + 9));
        return Some(found);
    }
    let y = year(token)?;
    is_year(tokens, at, y).then(|| done(at + 1, format!("{y}")))?
}

/// "2018-09-14", "09/14/2018": five tokens.
fn numeric(tokens: &[Token], at: usize, day_first: bool) -> Option<String> {
    let [a, s1, b, s2, c, ..] = &tokens[at..] else { return None };
    let sep =
        s1.text == s2.text && matches!(s1.text, "/" | "-" | "\u{2013}") && [s1, b, s2, c].iter().all(|t| tight(t));
    if !sep {
        return None;
    }
    let (x, y, z) = (plain(a)?, plain(b)?, plain(c)?);
    if a.text.len() == 4 && (1..=12).contains(&y) && (1..=31).contains(&z) {
        return Some(format!("{x:04}-{y:02}-{z:02}"));
    }
    let full = match c.text.len() {
        4 => z,
        2 if s1.text == "/" => 2000 + z - if z > 60 { 100 } else { 0 },
        _ => return None,
    };
    let (d, m) = if x > 12 || (day_first && y <= 12) { (x, y) } else { (y, x) };
    ((1..=31).contains(&d) && (1..=12).contains(&m) && (1900..=2200).contains(&full))
        .then(|| format!("{full:04}-{m:02}-{d:02}"))
}

/// "6am", "10:30", "10.30am", "6 p.m.", "13:45 GMT".
fn time(tokens: &[Token], at: usize) -> Option<Date> {
    let get = |i: usize| tokens.get(i);
    let token = get(at)?;
    if token.shape.class() != Class::Number {
        return None;
    }
    let half = |t: &Token| match t.lower {
        "am" | "a.m." | "a.m" => Some(0),
        "pm" | "p.m." | "p.m" => Some(12),
        _ => None,
    };
    let (mut hour, mut minute, mut next) = (0u32, None, at + 1);
    if let Some((h, m)) = token.text.split_once('.') {
        // "10.30am": only with the half of the day behind it.
        let after = get(next).and_then(half);
        if m.len() == 2 && after.is_some() {
            hour = h.parse().ok()?;
            minute = m.parse::<u32>().ok();
        } else {
            return None;
        }
    } else {
        hour += plain(token)?;
        if let [colon, m, ..] = &tokens[next..]
            && colon.text == ":"
            && tight(colon)
            && tight(m)
            && m.text.len() == 2
        {
            minute = plain(m);
            next += 2;
            // "10:30:15"
            if let [colon, s, ..] = &tokens[next..]
                && colon.text == ":"
                && tight(colon)
                && tight(s)
                && s.text.len() == 2
                && plain(s).is_some()
            {
                next += 2;
            }
        }
    }
    let part = get(next).and_then(half);
    if part.is_some() {
        next += 1;
    } else {
        let zone = get(next).is_some_and(|t| {
            matches!(t.text, "GMT" | "UTC" | "BST" | "EST" | "EDT" | "ET" | "PT" | "CET" | "IST" | "PDT" | "PST")
        });
        let military = token.text.len() == 4 && zone;
        if military {
            return (hour < 2400 && hour % 100 < 60).then(|| Date {
                first: at,
                next,
                value: format!("T{:02}:{:02}", hour / 100, hour % 100),
                high: None,
            });
        }
        // Minutes alone are a time of day unless they are a score, a race's result, a verse.
        minute?;
        if get(next).is_some_and(|t| {
            matches!(t.text, ":" | ".")
                && tight(t)
                && get(next + 1).is_some_and(|n| tight(n) && n.shape.class() == Class::Number)
        }) {
            return None;
        }
    }
    if minute.is_none() && part.is_none() {
        return None;
    }
    if let Some(half) = part {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + half;
    }
    let minute = minute.unwrap_or(0);
    (hour < 24 && minute < 60).then(|| Date { first: at, next, value: format!("T{hour:02}:{minute:02}"), high: None })
}

/// Whether four digits are a year: by the word before, or by what follows.
fn is_year(tokens: &[Token], at: usize, year: u32) -> bool {
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
    let unit_behind = after.is_some_and(|t| {
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
    if prepared {
        return (modern || year >= 1000 && before.is_some_and(|t| t.lower == "in"))
            && !(noun_behind && year.is_multiple_of(50) && year != 2000)
            && !(noun_behind
                && before.is_some_and(|t| matches!(t.lower, "to" | "of" | "by" | "and" | "for" | "on" | "from"))
                && year.is_multiple_of(10));
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

#[cfg(test)]
mod tests {
    use crate::testing::claims;

    #[test]
    fn dates_and_times() {
        for (text, span, value) in [
            ("It was on September 14, 2023 in Rome.", "September 14, 2023", "2023-09-14"),
            ("It was on Monday, 14 Sept in Rome.", "Monday, 14 Sept", "--09-14"),
            ("It was in March 2018 in Rome.", "March 2018", "2018-03"),
            ("It closed at 8pm tonight.", "8pm", "T20:00"),
            ("It closed at 13:45 GMT.", "13:45", "T13:45"),
            ("It closed on 09/14/2018.", "09/14/2018", "2018-09-14"),
            ("Since 1997 it has closed.", "1997", "1997"),
        ] {
            let found = claims(text);
            assert!(found.iter().any(|(s, k, v)| s == span && k == "date" && v == value), "{text}: {found:?}");
        }
    }
}
