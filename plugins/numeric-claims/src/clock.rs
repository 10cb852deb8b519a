//! Times of day as news writes them, in figures and in words, to ISO 8601: "10.30am", "13:45 GMT", "half past seven".

use crate::calendar::{Date, plain, tight};
use crate::words::small;
use factbox_sdk::{Class, Shape, Token};

/// Whether the token names a zone of time.
pub(crate) fn is_zone(token: &Token) -> bool {
    matches!(token.text, "GMT" | "UTC" | "BST" | "EST" | "EDT" | "ET" | "PT" | "CET" | "CEST" | "IST" | "PDT" | "PST")
}

/// "seven p.m.", "10 o'clock", "12 noon", "half past seven", "20 minutes past eight", "3 p . m .".
fn spoken_time(tokens: &[Token], at: usize) -> Option<Date> {
    let lower = |i: usize| tokens.get(i).map_or("", |t| t.lower);
    let count = |i: usize, most: u32| -> Option<u32> {
        let token = tokens.get(i)?;
        let value = match token.shape.class() {
            Class::Number if token.text.len() <= 2 => plain(token)?,
            Class::Word => small(token.lower)?,
            _ => return None,
        };
        (value >= 1 && value <= most).then_some(value)
    };
    // Behind an hour: the half of the day, and the first token behind.
    let part = |i: usize| -> Option<(u32, usize)> {
        match (lower(i), lower(i + 1)) {
            ("am" | "a.m." | "a.m", _) => Some((0, i + 1)),
            ("pm" | "p.m." | "p.m", _) => Some((12, i + 1)),
            ("a" | "p", ".") if lower(i + 2) == "m" => {
                Some((if lower(i) == "a" { 0 } else { 12 }, i + 3 + usize::from(lower(i + 3) == ".")))
            }
            ("a", "m") => Some((0, i + 2)),
            ("p", "m") => Some((12, i + 2)),
            ("in", "the") => match lower(i + 2) {
                "morning" => Some((0, i + 3)),
                "afternoon" | "evening" => Some((12, i + 3)),
                _ => None,
            },
            ("o'clock", "in") => match lower(i + 3) {
                "morning" => Some((0, i + 4)),
                "afternoon" | "evening" => Some((12, i + 4)),
                _ => None,
            },
            _ => None,
        }
    };
    let done = |next: usize, hour: u32, minute: u32| {
        (hour < 24 && minute < 60).then(|| Date {
            first: at,
            next,
            value: format!("T{hour:02}:{minute:02}"),
            high: None,
        })
    };
    let at_hour = |i: usize, minute: u32, back: bool| -> Option<Date> {
        let hour = count(i, 12)?;
        let (shift, next) =
            part(i + 1).map_or((None, i + 1 + usize::from(lower(i + 1) == "o'clock")), |(s, n)| (Some(s), n));
        let hour = shift.map_or(hour, |s| hour % 12 + s);
        if back { done(next, (hour + 23) % 24, 60 - minute) } else { done(next, hour, minute) }
    };
    let word = lower(at);
    if matches!(word, "half" | "quarter") {
        return match (word, lower(at + 1)) {
            ("half", "past") => at_hour(at + 2, 30, false),
            ("quarter", "past") => at_hour(at + 2, 15, false),
            ("quarter", "to") => at_hour(at + 2, 15, true),
            _ => None,
        };
    }
    let n = count(at, 59)?;
    let past = at + 1 + usize::from(matches!(lower(at + 1), "min" | "minutes" | "mins"));
    if lower(past) == "past" {
        return at_hour(past + 1, n, false);
    }
    if n > 12 {
        return None;
    }
    match lower(at + 1) {
        "o'clock" => return part(at + 1).map_or_else(|| done(at + 2, n, 0), |(s, next)| done(next, n % 12 + s, 0)),
        "noon" if n == 12 => return done(at + 2, 12, 0),
        "midnight" if n == 12 => return done(at + 2, 0, 0),
        _ => {}
    }
    let before = at.checked_sub(1).map_or("", |b| tokens[b].lower);
    // "at five-thirty", "until six forty-five"
    if matches!(before, "at" | "around" | "until" | "by") && tokens[at].shape.class() == Class::Word {
        let joint = usize::from(tokens.get(at + 1).is_some_and(|t| t.text == "-" && tight(t)));
        if let Some((minute, next)) = minutes_in_words(tokens, at + 1 + joint) {
            // "tomorrow evening" tells the half of the day, and is no part of the time.
            let evening = matches!(lower(next), "this" | "tomorrow" | "yesterday")
                && matches!(lower(next + 1), "afternoon" | "evening");
            return match part(next) {
                Some((shift, next)) => done(next, n % 12 + shift, minute),
                None => done(next, if evening { n % 12 + 12 } else { n }, minute),
            };
        }
    }
    // "in the morning at 7", "tonight around eight": what goes before tells the half of the day; "we meet at 6": that an hour is meant.
    let free = tokens.get(at + 1).is_none_or(|t| {
        !matches!(t.shape.class(), Class::Word | Class::Number | Class::Mixed | Class::Symbol)
            && !tight_figure(tokens, at + 1)
            || matches!(
                t.lower,
                "on" | "in" | "this" | "today" | "tomorrow" | "tonight" | "and" | "but" | "for" | "with"
            )
    });
    if matches!(before, "at" | "around" | "about") && at >= 2 && free {
        let shift = match lower(at - 2) {
            "morning" => Some(0),
            "afternoon" | "evening" | "tonight" | "night" => Some(12),
            _ => None,
        };
        if let Some(shift) = shift {
            return done(at + 1, n % 12 + shift, 0);
        }
        let meets = |t: &Token| {
            matches!(
                t.lower,
                "meet" | "meets" | "met" | "back" | "leave" | "leaves" | "arrive" | "arrives" | "arrived" | "wake"
            )
        };
        if before == "at" && lower(at + 1) != "in" && tokens[at.saturating_sub(6)..at].iter().any(meets) {
            return done(at + 1, n, 0);
        }
    }
    let (shift, next) = part(at + 1)?;
    // "three in the morning, four in the afternoon" may count; "at three in the morning" does not.
    let told = lower(at + 1) != "in"
        || matches!(before, "at" | "around" | "about" | "circa" | "until" | "by" | "before" | "after");
    let glued = tokens[at].shape.class() == Class::Number && lower(at + 1).len() > 1 && lower(at + 1) != "in";
    if !told || glued {
        return None;
    }
    done(next, n % 12 + shift, 0)
}

/// "thirty", "forty-five" as minutes, and the first token behind.
fn minutes_in_words(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    let word = |i: usize| tokens.get(i).filter(|t| t.shape.class() == Class::Word).and_then(|t| small(t.lower));
    let tens = word(at).filter(|n| (10..60).contains(n))?;
    let joint = usize::from(tokens.get(at + 1).is_some_and(|t| t.text == "-" && tight(t)));
    let (minute, next) = match word(at + 1 + joint).filter(|n| (1..10).contains(n) && tens >= 20) {
        Some(n) => (tens + n, at + 2 + joint),
        None => (tens, at + 1),
    };
    let minutes = tokens.get(next).is_some_and(|t| t.lower == "minutes");
    let free = tokens.get(next).is_none_or(|t| {
        !matches!(t.shape.class(), Class::Word | Class::Number) && !t.shape.has(Shape::DASH)
            || matches!(
                t.lower,
                "on" | "in"
                    | "this"
                    | "today"
                    | "tomorrow"
                    | "tonight"
                    | "and"
                    | "but"
                    | "for"
                    | "a.m"
                    | "a.m."
                    | "p.m"
                    | "p.m."
                    | "am"
                    | "pm"
            )
    });
    (free || minutes).then_some((minute, next + usize::from(minutes)))
}

/// Whether the mark at token `i` joins figures: "7:30", "7-2".
fn tight_figure(tokens: &[Token], i: usize) -> bool {
    tight(&tokens[i]) && tokens.get(i + 1).is_some_and(|t| tight(t) && t.shape.class() == Class::Number)
}

/// "6am", "10:30", "10.30am", "6 p.m.", "13:45 GMT".
pub(crate) fn time(tokens: &[Token], at: usize) -> Option<Date> {
    let get = |i: usize| tokens.get(i);
    let token = get(at)?;
    if let Some(spoken) = spoken_time(tokens, at) {
        return Some(spoken);
    }
    // "11ish"
    if let Some(hour) = token.lower.strip_suffix("ish").and_then(|h| h.parse::<u32>().ok()) {
        return (1..=12).contains(&hour).then(|| Date {
            first: at,
            next: at + 1,
            value: format!("T{hour:02}:00"),
            high: None,
        });
    }
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
    let zone = |i: usize| get(i).is_some_and(is_zone);
    if part.is_some() {
        next += 1;
        next += usize::from(zone(next));
    } else {
        let zone = zone(next);
        let military = token.text.len() == 4 && zone && minute.is_none();
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
    // "1140 a.m."
    if part.is_some() && token.text.len() >= 3 && minute.is_none() && hour >= 100 {
        minute = Some(hour % 100);
        hour /= 100;
    }
    if let Some(half) = part {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + half;
    }
    let minute = minute.unwrap_or(0);
    if part.is_none() && zone(next) {
        next += 1;
    }
    (hour < 24 && minute < 60).then(|| Date { first: at, next, value: format!("T{hour:02}:{minute:02}"), high: None })
}
