//! What each paragraph of a news article is for: headline, its repetition, date line, byline, caption, table, leftovers; and the dateline at the
//! beginning of the first paragraph of the story. Rules look at the beginning and the end of the text; what is in doubt is body.

use crate::{Span, ZoneKind};

const MONTHS: [&str; 21] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "aug",
    "sept",
    "sep",
    "oct",
    "nov",
];
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const AGENCIES: [&str; 26] = [
    "aap",
    "afp",
    "anadolu",
    "ani",
    "ansa",
    "ap",
    "bloomberg",
    "bns",
    "cmc",
    "cna",
    "cnn",
    "dpa",
    "efe",
    "ians",
    "interfax",
    "itar-tass",
    "kyodo",
    "pti",
    "reuter",
    "reuters",
    "ria",
    "tass",
    "thomson",
    "upi",
    "xinhua",
    "yonhap",
];

/// The zone of each paragraph. `None` stays body.
pub(crate) fn zones(text: &str, paragraphs: &[Span], kinds: &mut Vec<ZoneKind>) {
    kinds.clear();
    kinds.resize(paragraphs.len(), ZoneKind::Body);
    let of = |i: usize| paragraphs[i].of(text);
    if paragraphs.is_empty() {
        return;
    }
    let several = paragraphs.len() > 1;
    let mut at = 0;
    if several && is_headline(of(0)) {
        kinds[0] = ZoneKind::Headline;
        at = 1;
    }
    // What may stand between the headline and the story.
    while at < paragraphs.len().min(8) {
        let p = of(at);
        let kind = if is_date_line(p) {
            ZoneKind::Date
        } else if is_byline(p) {
            ZoneKind::Byline
        } else if kinds[0] == ZoneKind::Headline && at > 0 && same(p, of(0)) {
            ZoneKind::Subhead
        } else if is_caption(p) {
            ZoneKind::Caption
        } else if at == 1
            && kinds[0] == ZoneKind::Headline
            && paragraphs.len() > 3
            && is_headline(p)
            && dateline(p).is_none()
        {
            ZoneKind::Subhead
        } else {
            break;
        };
        kinds[at] = kind;
        at += 1;
    }
    for (i, kind) in kinds.iter_mut().enumerate().skip(at) {
        if is_caption(of(i)) {
            *kind = ZoneKind::Caption;
        } else if is_table(of(i)) {
            *kind = ZoneKind::Table;
        }
    }
    // Leftovers stand at the end.
    for i in (at.max(1)..paragraphs.len()).rev().take(6) {
        if is_leftover(of(i)) {
            kinds[i] = ZoneKind::Boilerplate;
        }
    }
}

fn words(p: &str) -> impl Iterator<Item = &str> {
    p.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-')).filter(|w| !w.is_empty())
}

fn is_headline(p: &str) -> bool {
    let bare = p.trim_end_matches(['"', '\'', '\u{201d}', '\u{2019}', ')']);
    p.len() <= 170
        && !bare.ends_with([';', ','])
        && (!bare.ends_with('.') || is_title_case(p))
        && (2..=22).contains(&p.split_whitespace().count())
        && dateline(p).is_none()
}

/// "Warren Grills the Bank: ‘You Should Resign.’": nearly all words begin with capitals, which no sentence's do. Some papers end such lines with a stop.
fn is_title_case(p: &str) -> bool {
    let capital = |w: &&str| w.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let small = |w: &&str| w.len() <= 4 && w.chars().all(char::is_lowercase);
    let (mut all, mut capitals) = (0, 0);
    for word in words(p).filter(|w| !small(w)) {
        all += 1;
        capitals += usize::from(capital(&word));
    }
    all >= 4 && capitals == all
}

/// Whether the two have the same letters and digits, or the longer one begins with all of the other.
fn same(a: &str, b: &str) -> bool {
    let norm = |p| str::chars(p).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    let (mut left, mut right) = (norm(a), norm(b));
    let mut length = 0;
    loop {
        match (left.next(), right.next()) {
            (Some(l), Some(r)) if l == r => length += l.len_utf8(),
            (Some(_), Some(_)) => return false,
            (None, None) => return length > 0,
            (None, Some(_)) => return length > 20,
            (Some(l), None) => return length + l.len_utf8() + left.take(20).map(char::len_utf8).sum::<usize>() > 20,
        }
    }
}

/// Nothing but a date, a time, and the words that go with them.
fn is_date_line(p: &str) -> bool {
    if p.len() > 90 || !p.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let (mut dated, mut count) = (false, 0);
    for word in words(p) {
        let w = word.to_lowercase();
        let w = w.as_str();
        let numeric = w.bytes().next().is_some_and(|b| b.is_ascii_digit());
        let month = MONTHS.contains(&w) || w == "dec" || w == "jun" || w == "jul";
        dated |= month || (numeric && w.len() >= 8);
        let known = numeric
            || month
            || DAYS.contains(&w)
            || matches!(
                w,
                "mon"
                    | "tue"
                    | "tues"
                    | "wed"
                    | "thu"
                    | "thur"
                    | "thurs"
                    | "fri"
                    | "sat"
                    | "sun"
                    | "published"
                    | "updated"
                    | "posted"
                    | "last"
                    | "on"
                    | "at"
                    | "a"
                    | "p"
                    | "m"
                    | "am"
                    | "pm"
                    | "gmt"
                    | "utc"
                    | "est"
                    | "edt"
                    | "bst"
                    | "cet"
                    | "ist"
                    | "et"
                    | "pt"
                    | "pst"
                    | "pdt"
                    | "hrs"
                    | "date"
                    | "first"
                    | "modified"
                    | "time"
                    | "by"
                    | "t"
                    | "z"
            );
        if !known {
            return false;
        }
        count += 1;
    }
    dated && count >= 1
}

/// "By Ann Smith", "Ann Smith, Staff Writer", "By Ann Smith and Bob Jones in Paris".
fn is_byline(p: &str) -> bool {
    let count = p.split_whitespace().count();
    if p.len() > 140 || !(2..=16).contains(&count) {
        return false;
    }
    let named = |rest: &str| {
        let first: Vec<&str> = rest.split_whitespace().take(2).collect();
        !first.is_empty() && first.iter().all(|w| w.starts_with(|c: char| c.is_uppercase()))
    };
    // Not by way of the lower-case form: some characters have another length there.
    if let Some((_, rest)) = p.split_at_checked(3).filter(|(by, _)| by.eq_ignore_ascii_case("by ")) {
        return named(rest) && !p.ends_with('.');
    }
    let lower = p.to_lowercase();
    named(p)
        && [
            "staff writer",
            "staff reporter",
            "correspondent",
            "associated press",
            "contributing writer",
            "special to",
            "chief reporter",
            "political editor",
        ]
        .iter()
        .any(|title| {
            lower.match_indices(title).any(|(at, _)| {
                let rest = &lower[at + title.len()..];
                rest.is_empty() || rest.starts_with(',') || lower[..at].ends_with("| ")
            })
        })
}

/// Whether `p` begins with one of `beginnings` (lower case), whatever its case.
fn begins(p: &str, beginnings: &[&str]) -> bool {
    let bytes = p.as_bytes();
    let Some(first) = bytes.first().map(u8::to_ascii_lowercase) else { return false };
    beginnings.iter().any(|b| {
        let b = b.as_bytes();
        b[0] == first && bytes.len() >= b.len() && bytes[..b.len()].eq_ignore_ascii_case(b)
    })
}

/// Whether `p` holds `needle` (lower case), whatever its case.
fn holds(p: &[u8], needle: &str) -> bool {
    let needle = needle.as_bytes();
    let first = needle[0];
    p.windows(needle.len()).any(|w| w[0].to_ascii_lowercase() == first && w.eq_ignore_ascii_case(needle))
}

/// A picture's caption: says that it is one, or ends in a photographer's credit.
fn is_caption(p: &str) -> bool {
    if p.len() > 600 {
        return false;
    }
    const BEGINNINGS: [&str; 14] = [
        "in this photo",
        "in this file photo",
        "in this image",
        "in this picture",
        "file photo",
        "file -",
        "file \u{2013}",
        "file \u{2014}",
        "photo:",
        "image:",
        "a file photo",
        "pictured:",
        "this photo",
        "(photo",
    ];
    if begins(p, &BEGINNINGS) {
        return true;
    }
    let bytes = p.as_bytes();
    let tail = &bytes[bytes.len().saturating_sub(60)..];
    // All credits hold one of these signs.
    if !tail.iter().any(|b| matches!(b, b':' | b'(' | b'/')) {
        return false;
    }
    const CREDITS: [&str; 9] = [
        "/photo:",
        "photo: ",
        "photograph: ",
        "picture: ",
        "(ap photo",
        "/getty images",
        "image: ",
        "credit: ",
        " photo)",
    ];
    let credited = CREDITS.iter().any(|c| holds(tail, c)) || (holds(tail, "/reuters") && holds(bytes, " is seen "));
    credited && p.split_whitespace().nth(2).is_some()
}

/// Mostly figures.
fn is_table(p: &str) -> bool {
    const WORDS: usize = 60;
    const WINDOW: usize = 400;
    let bytes = p.as_bytes();
    let digits_in = |bytes: &[u8]| bytes.iter().filter(|b| b.is_ascii_digit()).count();
    if p.len() < 12 || digits_in(&bytes[..p.len().min(200)]) == 0 {
        return false;
    }
    // A glance first: no more words have figures than there are digits, and at least so many words begin behind a space.
    let window = &bytes[..p.len().min(WINDOW)];
    let digits = digits_in(window);
    let begun = window.iter().zip(&window[1..]).filter(|(b, next)| **b == b' ' && next.is_ascii_graphic()).count();
    if begun.min(WORDS) > digits + WORDS / 2 || p.len() <= WINDOW && begun <= WORDS && digits * 2 < begun {
        return false;
    }
    let (mut figures, mut total) = (0, 0);
    // One word after the other, byte by byte.
    let (mut length, mut digits, mut letters) = (0, 0, 0);
    for (at, b) in p.bytes().enumerate() {
        let space = if b < 128 { b == b' ' || (9..=13).contains(&b) } else { white(p, at) };
        length += usize::from(!space);
        digits += usize::from(b.is_ascii_digit());
        letters += usize::from(b.is_ascii_alphabetic());
        let last = at + 1 == p.len();
        if length > 0 && (space || last) {
            total += 1;
            figures += usize::from(digits > 0 && letters <= 2);
            (length, digits, letters) = (0, 0, 0);
            // Enough is seen, or no words to come can make up for those without figures.
            if total == WORDS || total - figures > WORDS / 2 {
                break;
            }
        }
    }
    total >= 4 && figures * 2 >= total
}

/// Whether the byte at `at`, no ASCII, is part of a white space character.
fn white(p: &str, at: usize) -> bool {
    let start = (0..=at).rev().find(|i| p.is_char_boundary(*i)).unwrap_or(at);
    p[start..].chars().next().is_some_and(char::is_whitespace)
}

/// A notice, a credit of the desk, a call to read, subscribe or share.
fn is_leftover(p: &str) -> bool {
    const BEGINNINGS: [&str; 25] = [
        "read more",
        "also read",
        "read also",
        "related:",
        "see also",
        "more on this",
        "sign up",
        "follow us",
        "click here",
        "\u{a9}",
        "all rights reserved",
        "this article was",
        "this story was",
        "(reporting by",
        "(editing by",
        "get the latest",
        "share this",
        "download our",
        "watch:",
        "join our",
        "have you been affected",
        "our standards:",
        "most read",
        "(with inputs from",
        "with inputs from",
    ];
    // A long sentence may begin so: "Copyright law was changed on Monday, ...", "Subscribers paid ...".
    const DOUBTFUL: [&str; 10] = [
        "additional reporting by",
        "advertisement",
        "compiled by",
        "contact the",
        "copyright",
        "e-mail ",
        "editing by",
        "reporting by",
        "subscribe",
        "written by",
    ];
    const LONG: usize = 80;
    if p.len() > 400 {
        return false;
    }
    let sentence =
        || p.len() >= LONG && p.trim_end_matches(['"', '\u{201d}', ')']).ends_with(['.', '!', '?']) && !p.contains('@');
    begins(p, &BEGINNINGS)
        || begins(p, &DOUBTFUL) && !sentence()
        || holds(p.as_bytes(), "all rights reserved")
        || holds(p.as_bytes(), "may not be published, broadcast, rewritten")
}

/// The dateline at the beginning of a paragraph: where the story begins (bytes into `p`), and the length of the place.
pub(crate) fn dateline(p: &str) -> Option<(usize, usize)> {
    let mut window_end = p.len().min(110);
    while !p.is_char_boundary(window_end) {
        window_end += 1;
    }
    let window = &p[..window_end];
    let first = window.chars().next()?;
    if !(first.is_uppercase() || first == '(') {
        return None;
    }
    // Separators: a dash with a space around it, a colon behind capitals, a bar.
    for (at, sign) in window.char_indices() {
        let after = at + sign.len_utf8();
        let rest = &p[after..];
        let spaced = || window[..at].ends_with([' ', ')']) && rest.starts_with([' ', '-']);
        let ends = match sign {
            '-' | '\u{2013}' | '\u{2014}' => spaced() || (window[..at].ends_with(')') && sign != '-'),
            '|' => spaced(),
            ':' => rest.starts_with(' '),
            '.' | '!' | '?' => {
                // A full stop that is not an abbreviation's ends the search.
                let word = window[..at].rsplit([' ', '.', ',']).next().unwrap_or_default();
                if word.len() > 5 && word.chars().skip(1).any(char::is_lowercase) && rest.starts_with(' ') {
                    return None;
                }
                false
            }
            _ => false,
        };
        if !ends {
            continue;
        }
        let head = window[..at].trim_end();
        let Some(place) = place_of(head, sign) else {
            if sign == '-' && !spaced() {
                continue;
            }
            return None;
        };
        let mut story = after;
        story += p[story..].len() - p[story..].trim_start_matches(['-', '\u{2013}', '\u{2014}', ' ', '\u{a0}']).len();
        return (story < p.len()).then_some((story, place));
    }
    None
}

/// Whether `head` is the head of a dateline: place, date, agency. The bytes of the place.
fn place_of(head: &str, sign: char) -> Option<usize> {
    if head.is_empty() || head.len() > 100 {
        return None;
    }
    let (before, agency) = match head.rfind('(') {
        Some(open) if head.ends_with(')') => {
            let inside = head[open + 1..head.len() - 1].trim();
            let known = inside.len() <= 40
                && (words(inside).any(|w| AGENCIES.contains(&w.to_lowercase().as_str()))
                    || inside.chars().all(|c| c.is_uppercase() || c == ' '));
            if !known {
                return None;
            }
            (head[..open].trim_end(), true)
        }
        _ => (head, false),
    };
    if before.is_empty() {
        return agency.then_some(0);
    }
    // Parts between commas: a place in capitals (or a name if an agency or a date backs it), then state, country, date.
    let mut place_end = 0;
    let mut dated = false;
    let mut capitals = 0;
    let mut at = 0;
    for (i, part) in before.split([',', '/']).enumerate() {
        let trimmed = part.trim();
        let end = at + part.trim_end().len();
        at += part.len() + 1;
        if i > 4 || trimmed.is_empty() {
            return None;
        }
        let first = words(trimmed).next().unwrap_or_default().to_lowercase();
        let date = MONTHS.contains(&first.as_str())
            || first == "dec"
            || first == "june"
            || first == "july"
            || DAYS.contains(&first.as_str())
            || trimmed.bytes().all(|b| b.is_ascii_digit() || b == b' ')
            || (first.bytes().all(|b| b.is_ascii_digit())
                && words(trimmed).nth(1).is_some_and(|w| MONTHS.contains(&w.to_lowercase().as_str())));
        if date {
            dated = true;
            continue;
        }
        if dated {
            // "SEOUL, Sept 5, IRNA": an agency behind the date.
            if AGENCIES.contains(&trimmed.to_lowercase().as_str()) || trimmed.chars().all(char::is_uppercase) {
                continue;
            }
            return None;
        }
        let upper = trimmed.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)
            && trimmed.chars().filter(|c| c.is_alphabetic()).count() >= 2;
        let named = trimmed.split_whitespace().all(|w| {
            w.starts_with(|c: char| c.is_uppercase())
                || matches!(w, "de" | "la" | "del" | "al" | "the" | "of" | "on" | "upon")
        });
        if !(upper || named) || trimmed.split_whitespace().count() > 4 || trimmed.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        capitals += usize::from(upper && i == 0);
        place_end = end;
    }
    // "MOSCOW -", "SEOUL:"; mixed case only with an agency, a date or a bar. A colon behind capitals may be a speaker or a keyword: one place only.
    let strong = agency || dated || sign == '|';
    let fits = match sign {
        ':' => capitals > 0 && (strong || before.split_whitespace().count() <= 3) || (strong && dated),
        _ => capitals > 0 || strong,
    };
    (fits && place_end > 0).then_some(place_end)
}
