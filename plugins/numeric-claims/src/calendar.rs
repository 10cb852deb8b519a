//! Dates as news writes them, to ISO 8601 with only the fields that are written, alone, with a time of day (`clock`), or two of them
//! as a range. Only dates that hold a numeral count.

use crate::clock::{is_zone, time};
use crate::words::{ordinal_word, small};
use crate::year::{is_year, short_decade};
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

pub(crate) fn tight(t: &Token) -> bool {
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

/// The month at token `at`: behind a weekday and before a day, small letters will do ("friday march fifteenth").
fn month_at(tokens: &[Token], at: usize) -> Option<u32> {
    let token = tokens.get(at)?;
    month(token).or_else(|| {
        let number = month_number(token.lower)?;
        let before = at.checked_sub(1).map(|b| &tokens[b])?;
        (weekday(before) && day_phrase(tokens, at + 1).is_some()).then_some(number)
    })
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

/// Whether a word may begin a date: a month, a weekday, a number in words, part of a time of day, anything with a digit in front.
pub fn may_begin(word: &str) -> bool {
    let name = word.trim_end_matches('.');
    month_number(name).is_some()
        || weekday_name(name)
        || small(word).is_some()
        || ordinal_word(word).is_some()
        || matches!(word, "half" | "quarter")
        || word.starts_with(|c: char| c.is_ascii_digit())
}

fn weekday(token: &Token) -> bool {
    weekday_name(token.lower.trim_end_matches('.'))
}

fn weekday_name(word: &str) -> bool {
    matches!(
        word,
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

pub(crate) fn plain(token: &Token) -> Option<u32> {
    (token.shape.class() == Class::Number && token.text.len() <= 4 && token.text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| token.text.parse().ok())?
}

fn day(token: &Token) -> Option<u32> {
    let digits = token.lower.bytes().take_while(u8::is_ascii_digit).count();
    let fits = digits > 0 && digits <= 2 && matches!(&token.lower[digits..], "" | "st" | "nd" | "rd" | "th");
    fits.then(|| token.lower[..digits].parse().ok()).flatten().filter(|d| (1..=31).contains(d))
}

/// The year at token `at`, behind a day or month: not where it is a time of day ("27 February 1500 GMT").
fn year_at(tokens: &[Token], at: usize) -> Option<u32> {
    let clock = tokens.get(at + 1).is_some_and(|t| is_zone(t) || matches!(t.lower, "hours" | "hrs"));
    tokens.get(at).and_then(year).filter(|_| !clock)
}

fn year(token: &Token) -> Option<u32> {
    plain(token).filter(|y| token.text.len() == 4 && (1000..=2200).contains(y))
}

/// Whether the article has a numeric date that can only be read with the day first ("30/04/2018").
pub fn writes_day_first(tokens: &[Token]) -> bool {
    tokens.windows(5).any(|w| {
        w[1].text == "/"
            && w[3].text == "/"
            && plain(&w[0]).is_some_and(|d| (13..=31).contains(&d))
            && plain(&w[2]).is_some_and(|m| (1..=12).contains(&m))
            && plain(&w[4]).is_some_and(|y| y >= 1900)
    })
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
    // "2015-1-32", "2010-2015-86": a code, or no day that there is.
    if joint.shape.has(Shape::DASH) && one.value.len() == 4 && in_chain(tokens, one.next + 1, one.next + 2) {
        return None;
    }
    // "March 3-5", "1990-91"
    if other.is_none()
        && joint.shape.has(Shape::DASH)
        && let Some(token) = get(one.next + 1)
    {
        if let (Some(d), true) = (day(token), one.value.starts_with("--") && one.value.len() == 7) {
            other =
                Some(Date { first: at, next: one.next + 2, value: format!("{}-{d:02}", &one.value[..4]), high: None });
        } else if let (Some(y), true) =
            (plain(token).filter(|_| tight(token) && token.text.len() <= 2), one.value.len() == 4)
        {
            other =
                Some(Date { first: at, next: one.next + 2, value: format!("{}{y:02}", &one.value[..2]), high: None });
        }
    }
    // "2015-12" is a month where it cannot be a season ("2011-12").
    if let (Some(o), true) = (&other, joint.shape.has(Shape::DASH) && one.value.len() == 4 && one.next == at + 1)
        && let Some(token) = get(one.next + 1).filter(|t| tight(t) && matches!(t.text.len(), 1 | 2))
        && let (Some(m), Ok(y)) = (plain(token), one.value.parse::<u32>())
        && (1..=12).contains(&m)
        && (y + 1) % 100 != m
    {
        return Some(Date { first: at, next: o.next, value: format!("{y}-{m:02}"), high: None });
    }
    match other {
        Some(other) if other.high.is_none() && (other.value.starts_with('T') == one.value.starts_with('T')) => {
            Some(Date { first: one.first, next: other.next, value: one.value, high: Some(other.value) })
        }
        _ => Some(one),
    }
}

/// A date and the time of day next to it as one: "February 22 at 3:30", "5/3/18 @ 17:49", "12:30 December 27".
pub fn with_time(tokens: &[Token], date: Date) -> Date {
    if date.high.is_some() {
        return date;
    }
    let skip = usize::from(tokens.get(date.next).is_some_and(|t| matches!(t.lower, "at" | "@" | "," | "for")));
    if date.value.starts_with('T') {
        return match single(tokens, date.next, false).filter(|d| d.value.len() >= 7 && !d.value.starts_with('T')) {
            Some(day) => Date { value: format!("{}{}", day.value, date.value), next: day.next, ..date },
            None => date,
        };
    }
    let day = date.value.starts_with("--");
    if date.value.len() < 7 && !(day && date.value.len() == 5) || date.value.len() == 7 && !day {
        return date;
    }
    match single(tokens, date.next + skip, false).filter(|t| t.value.starts_with('T')) {
        Some(time) => Date { value: format!("{}{}", date.value, time.value), next: time.next, ..date },
        None => date,
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
        let found = single(tokens, rest, day_first).filter(|d| !d.value.starts_with('T') && d.value.len() > 4);
        // "Monday the 27th": a day of whatever month.
        let (d, behind) = match found {
            Some(found) => return Some(Date { first: at, ..found }),
            None if get(rest - 1)?.lower == "the" => day_phrase(tokens, rest)?,
            None => return None,
        };
        let free = get(behind).is_none_or(|t| {
            t.shape.class() != Class::Word && !t.shape.has(Shape::DASH) || crate::counted::is_function_word(t.lower)
        });
        let ordinal = get(behind - 1)?.shape.class() != Class::Number;
        return if free && ordinal { done(behind, format!("---{d:02}")) } else { None };
    }
    if let Some(month) = month_at(tokens, at) {
        // "September 14, 2023", "Sept 14", "September 2023", "Oct/2", "Sep-23-2020", "April of 1987"
        let mut from = at + 1;
        let next = get(from)?;
        let of = next.lower == "of" || next.text == ",";
        let joint = tight(next) && matches!(next.text, "/" | "-");
        if of || joint {
            from += 1;
        }
        let next = get(from)?;
        if let Some(y) = year(next).filter(|_| !joint || tight(next)) {
            if joint
                && let [s, d, ..] = &tokens[(from + 1).min(tokens.len())..]
                && s.text == "-"
                && tight(s)
                && let Some(d) = day(d)
            {
                return done(from + 3, format!("{y}-{month:02}-{d:02}"));
            }
            return done(from + 1, format!("{y}-{month:02}"));
        }
        if next.text == "," && of {
            return None;
        }
        // "April of 87", "April of '87"
        if tokens[at + 1].lower == "of" {
            let mark = usize::from(matches!(next.text, "'" | "\u{2019}" | "\u{2018}"));
            let digits = get(from + mark).filter(|t| t.text.len() == 2 && (mark == 0 || tight(t))).and_then(plain);
            if let Some(y) = digits.filter(|y| mark == 1 || *y > 31) {
                return done(from + mark + 1, format!("{}-{month:02}", if y > 35 { 1900 + y } else { 2000 + y }));
            }
        }
        let (d, behind) = day_phrase(tokens, from)
            .filter(|d| !of || get(d.1 - 1).is_some_and(|t| t.shape.class() == Class::Mixed))?;
        if get(behind).is_some_and(|t| matches!(t.lower, "percent" | "%" | "million" | "people")) {
            return None;
        }
        let comma = usize::from(get(behind).is_some_and(|t| matches!(t.text, "," | "-" | "/")));
        let comma = comma + usize::from(comma == 0 && get(behind).is_some_and(|t| t.lower == "of"));
        if let Some(y) = year_at(tokens, behind + comma) {
            return done(behind + comma + 1, format!("{y}-{month:02}-{d:02}"));
        }
        return done(behind, format!("--{month:02}-{d:02}"));
    }
    if let Some(time) = time(tokens, at) {
        return Some(time);
    }
    // "14 September 2023", "14th of September", "fourth of July"
    if let Some((d, behind)) = day_phrase(tokens, at).filter(|_| !is_sum(tokens, at)) {
        if let Some(series) = days_of_month(tokens, at, d, behind) {
            return Some(series);
        }
        let of = usize::from(get(behind).is_some_and(|t| t.lower == "of" || matches!(t.text, "-" | "/") && tight(t)));
        if let Some(month) = get(behind + of).and_then(month) {
            let joint =
                usize::from(get(behind + 1 + of).is_some_and(|t| matches!(t.text, "," | "-" | "/") || t.lower == "of"));
            if let Some(y) = year_at(tokens, behind + of + 1 + joint) {
                return done(behind + of + joint + 2, format!("{y}-{month:02}-{d:02}"));
            }
            return done(behind + 1 + of, format!("--{month:02}-{d:02}"));
        }
    }
    // "FY18", "CY2018"
    if token.shape.class() == Class::Mixed
        && let Some(digits) = token.lower.strip_prefix("fy").or_else(|| token.lower.strip_prefix("cy"))
        && digits.bytes().all(|b| b.is_ascii_digit())
        && let Ok(y) = digits.parse::<u32>()
    {
        return match digits.len() {
            2 => done(at + 1, format!("{}", if y > 50 { 1900 + y } else { 2000 + y })),
            4 if (1900..=2100).contains(&y) => done(at + 1, format!("{y}")),
            _ => None,
        };
    }
    // "20200701"
    if token.text.len() == 8
        && token.shape.class() == Class::Number
        && let Ok(digits) = token.text.parse::<u32>()
        && let (y, m, d) = (digits / 10_000, digits / 100 % 100, digits % 100)
        && (1900..=2100).contains(&y)
        && (1..=12).contains(&m)
        && (1..=31).contains(&d)
        && !in_chain(tokens, at, at + 1)
        && !is_sum(tokens, at)
    {
        return done(at + 1, format!("{y}-{m:02}-{d:02}"));
    }
    // "2019/aug/01", "2020/23/Sep"
    if let Some(y) = year(token)
        && let [s1, x, s2, z, ..] = &tokens[(at + 1).min(tokens.len())..]
        && matches!(s1.text, "/" | "-")
        && s1.text == s2.text
        && tight(s1)
        && tight(x)
        && let Some((month, d)) = month(x).zip(day(z)).or_else(|| month(z).zip(day(x)))
    {
        return done(at + 5, format!("{y}-{month:02}-{d:02}"));
    }
    // "on 5/12", "Friday 11/20": only where a date is announced.
    if let [slash, second, ..] = &tokens[(at + 1).min(tokens.len())..]
        && matches!(slash.text, "/")
        && tight(slash)
        && tight(second)
        && let (Some(x), Some(z)) = (plain(token), plain(second))
        && get(at + 3).is_none_or(|t| t.text != "/")
        && at.checked_sub(1).is_some_and(|b| {
            matches!(tokens[b].lower, "on" | "by" | "next" | "this" | "until" | "since") || weekday(&tokens[b])
        })
    {
        let (m, d) = if day_first || x > 12 { (z, x) } else { (x, z) };
        if (1..=12).contains(&m) && (1..=31).contains(&d) {
            return done(at + 3, format!("--{m:02}-{d:02}"));
        }
    }
    // "23.04.2022": one token.
    if token.shape.class() == Class::Number
        && matches!(token.text.len(), 8..=10)
        && token.text.matches('.').count() == 2
    {
        let mut parts = token.text.split('.');
        let mut part = || parts.next().and_then(|p| p.parse::<u32>().ok());
        if let (Some(d), Some(m), Some(y)) = (part(), part(), part())
            && (1..=31).contains(&d)
            && (1..=12).contains(&m)
            && (1900..=2200).contains(&y)
        {
            return done(at + 1, format!("{y}-{m:02}-{d:02}"));
        }
    }
    // "12-2015"
    if let [dash, y, ..] = &tokens[(at + 1).min(tokens.len())..]
        && matches!(dash.text, "-" | "/")
        && tight(dash)
        && tight(y)
        && let (Some(m), Some(y)) = (plain(token).filter(|m| (1..=12).contains(m) && token.text.len() <= 2), year(y))
        && (1900..=2100).contains(&y)
        && get(at + 3).is_none_or(|t| !(tight(t) && matches!(t.text, "-" | "/")))
        && at.checked_sub(1).is_none_or(|b| !matches!(tokens[b].text, "-" | "/"))
    {
        return done(at + 3, format!("{y}-{m:02}"));
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
            _ if short_decade(tokens, at) => 1900 + digits.parse::<u32>().ok()?,
            _ => return None,
        };
        let mut found = done(at + 1, format!("{whole}"))?;
        found.high = Some(format!("{}", whole + 9));
        return Some(found);
    }
    let y = year(token).filter(|_| !in_chain(tokens, at, at + 1))?;
    is_year(tokens, at, y).then(|| done(at + 1, format!("{y}")))?
}

/// Whether the token is behind a currency sign.
fn is_sum(tokens: &[Token], at: usize) -> bool {
    let sign = at.checked_sub(1).map_or("", |b| tokens[b].text);
    tight(&tokens[at]) && matches!(sign, "$" | "\u{20ac}" | "\u{a3}" | "\u{a5}" | "\u{20b9}" | "\u{20bd}" | "\u{20a9}")
}

/// Whether the token stands in a chain of figures on both sides of two dashes or more: `next` is the first token behind it.
fn in_chain(tokens: &[Token], at: usize, next: usize) -> bool {
    let figure = |i: usize| tokens.get(i).is_some_and(|t| t.shape.class() == Class::Number);
    let dash = |i: usize| tokens.get(i).is_some_and(|t| tight(t) && t.shape.has(Shape::DASH));
    let behind = |i: usize| dash(i) && figure(i + 1) && tight(&tokens[i + 1]);
    let ahead = |i: usize| i >= 2 && dash(i - 1) && tight(&tokens[i]) && figure(i - 2);
    behind(next) && (behind(next + 2) || ahead(at)) || ahead(at) && ahead(at - 2)
}

/// "18 and 19 June", "Saturday 3, Sunday 4 and Monday 5 May", "3 to 5 June": days before the month that they share. `d` is the first of them, which
/// ends before token `behind`; the others of a series are found in their turn.
fn days_of_month(tokens: &[Token], at: usize, d: u32, behind: usize) -> Option<Date> {
    const DAYS: usize = 8;
    let get = |i: usize| tokens.get(i);
    let between = at.checked_sub(1).is_some_and(|b| matches!(tokens[b].lower, "between"));
    let (mut last, mut next, mut closed, mut range) = (d, behind, false, false);
    for i in 0..DAYS {
        let joint = get(next)?;
        let bounds = joint.shape.has(Shape::DASH) && joint.text != "--"
            || matches!(joint.lower, "to" | "until" | "through")
            || between && joint.lower == "and";
        if !(bounds && i == 0) && !matches!(joint.lower, "," | "and" | "or" | "&") {
            break;
        }
        range |= bounds;
        closed |= joint.text != ",";
        let mut from = next + 1;
        // "18, and 19", "Sunday 19", "the 19th"
        from += usize::from(get(from).is_some_and(|t| joint.text == "," && matches!(t.lower, "and" | "or")));
        closed |= from > next + 1;
        from += usize::from(get(from).is_some_and(weekday));
        from += usize::from(get(from).is_some_and(|t| t.lower == "the"));
        let (day, then) = day_phrase(tokens, from)?;
        if day <= last {
            return None;
        }
        (last, next) = (day, then);
        if range {
            break;
        }
    }
    let of = usize::from(get(next).is_some_and(|t| t.lower == "of"));
    let month = get(next + of).and_then(month).filter(|_| closed && last > d)?;
    let year = year_at(tokens, next + of + 1).or_else(|| {
        year_at(tokens, next + of + 2).filter(|_| get(next + of + 1).is_some_and(|t| t.text == "," || t.lower == "of"))
    });
    let head = year.map_or("-".to_owned(), |y| y.to_string());
    let value = format!("{head}-{month:02}-{d:02}");
    if !range {
        return Some(Date { first: at, next: behind, value, high: None });
    }
    let apart = usize::from(year.is_some() && year_at(tokens, next + of + 1).is_none());
    let next = next + of + 1 + apart + usize::from(year.is_some());
    Some(Date { first: at, next, value, high: Some(format!("{head}-{month:02}-{last:02}")) })
}

/// The day of a month at token `at`, in digits or words ("14", "4th", "first", "twenty second"), and the first token behind it.
fn day_phrase(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    let token = tokens.get(at)?;
    if let Some(d) = day(token) {
        return Some((d, at + 1));
    }
    if token.shape.class() != Class::Word {
        return None;
    }
    if let Some(n) = ordinal_word(token.lower).filter(|n| *n <= 30) {
        return Some((n, at + 1));
    }
    let tens = small(token.lower).filter(|n| matches!(n, 20 | 30))?;
    let skip = usize::from(tokens.get(at + 1).is_some_and(|t| t.text == "-"));
    let n = ordinal_word(tokens.get(at + 1 + skip)?.lower).filter(|n| *n < 10 && tens + n <= 31)?;
    Some((tens + n, at + 2 + skip))
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
        2 if s1.text == "/" => 2000 + z - if z > 35 { 100 } else { 0 },
        _ => return None,
    };
    let (d, m) = if x > 12 || (day_first && y <= 12) { (x, y) } else { (y, x) };
    ((1..=31).contains(&d) && (1..=12).contains(&m) && (1900..=2200).contains(&full))
        .then(|| format!("{full:04}-{m:02}-{d:02}"))
}

#[cfg(test)]
mod tests {
    use crate::testing::claims;

    #[test]
    fn days_that_share_a_month_are_a_range() {
        for text in ["It ran from 3 to 5 June 2019.", "It ran between 3 and 5 June, 2019.", "It ran 3-5 June 2019."] {
            let found = claims(text);
            assert!(
                found.len() == 1 && found[0].0.ends_with("2019") && found[0].0.starts_with('3'),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn codes_and_sums_are_no_dates() {
        for text in ["2015-1-32 is a code.", "Tel: +86 2010-2015-86", "He gave 1995-2001-44-1 as its code."] {
            assert_eq!(claims(text), [], "{text}");
        }
        assert_eq!(claims("It took one second.")[0].1, "duration");
        assert_eq!(claims("She is one second grader.").iter().filter(|c| c.1 == "duration").count(), 0);
    }

    #[test]
    fn dates_and_times() {
        for (text, span, value) in [
            ("It was on September 14, 2023 in Rome.", "September 14, 2023", "2023-09-14"),
            ("It was on Monday, 14 Sept in Rome.", "Monday, 14 Sept", "--09-14"),
            ("It was in March 2018 in Rome.", "March 2018", "2018-03"),
            ("It closed at 8pm tonight.", "8pm", "T20:00"),
            ("It closed at 13:45 GMT.", "13:45 GMT", "T13:45"),
            ("It closed on 09/14/2018.", "09/14/2018", "2018-09-14"),
            ("Since 1997 it has closed.", "1997", "1997"),
            ("It was on Saturday the 14th in Rome.", "Saturday the 14th", "---14"),
            ("It was on monday the twenty seventh at six pm.", "monday the twenty seventh at six pm", "---27T18:00"),
            ("It was on 18 and 19 June in Rome.", "18", "--06-18"),
            ("It was on 18 and 19 June in Rome.", "19 June", "--06-19"),
            ("It was on Saturday 3 and Sunday 4 May 2019 in Rome.", "Saturday 3", "2019-05-03"),
            ("They met on friday march fifteenth.", "friday march fifteenth", "--03-15"),
            ("It began in April of '87.", "April of '87", "1987-04"),
            ("It begins on 12 of Nov.", "12 of Nov", "--11-12"),
            ("Sales rose in FY18 again.", "FY18", "2018"),
            ("He bought it for $12 December 27.", "December 27", "--12-27"),
            ("It was built later than 2018.", "2018", "2018"),
            ("It ended in the third quarter of 2018.", "third quarter of 2018", "2018-Q3"),
            ("It ended in the third month of 2018.", "third month of 2018", "2018-03"),
            ("We meet in the afternoon at 7.", "7", "T19:00"),
            ("They met at nine a m on Friday.", "nine a m", "T09:00"),
            ("The shop shut at five-thirty on Friday.", "five-thirty", "T05:30"),
            ("It lasted until six forty-five.", "six forty-five", "T06:45"),
            ("They will meet at 6 on Friday.", "6", "T06:00"),
            ("The file is of 20200701 and no other.", "20200701", "2020-07-01"),
        ] {
            let found = claims(text);
            assert!(found.iter().any(|(s, k, v)| s == span && k == "date" && v == value), "{text}: {found:?}");
        }
    }
}
