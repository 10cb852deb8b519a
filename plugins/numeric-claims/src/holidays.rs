//! Days that go by a name, where a year stands behind it: "Christmas Day 2010", "Good Friday, 2015", "Thanksgiving 2018".

use crate::calendar::Date;
use factbox_sdk::Token;
use jiff::ToSpan;
use jiff::civil::{self, Weekday};

/// How the day of a year is found.
#[derive(Clone, Copy)]
enum Day {
    /// Month and day.
    Fixed(i8, i8),
    /// Month, the how manieth weekday of that name in it (-1 is the last), and days behind that.
    Nth(i8, i8, Weekday, i8),
    /// Days from Easter Sunday.
    Easter(i8),
}

/// Names in lower case. Days that fall differently from country to country (Mother's Day, Independence Day) are left out; Thanksgiving is that of the
/// United States, where the word stands alone in the news.
const NAMES: [(&[&str], Day); 26] = [
    (&["anzac", "day"], Day::Fixed(4, 25)),
    (&["armistice", "day"], Day::Fixed(11, 11)),
    (&["ash", "wednesday"], Day::Easter(-46)),
    (&["bastille", "day"], Day::Fixed(7, 14)),
    (&["black", "friday"], Day::Nth(11, 4, Weekday::Thursday, 1)),
    (&["boxing", "day"], Day::Fixed(12, 26)),
    (&["canada", "day"], Day::Fixed(7, 1)),
    (&["christmas", "day"], Day::Fixed(12, 25)),
    (&["christmas", "eve"], Day::Fixed(12, 24)),
    (&["columbus", "day"], Day::Nth(10, 2, Weekday::Monday, 0)),
    (&["easter", "monday"], Day::Easter(1)),
    (&["easter", "sunday"], Day::Easter(0)),
    (&["good", "friday"], Day::Easter(-2)),
    (&["halloween"], Day::Fixed(10, 31)),
    (&["labor", "day"], Day::Nth(9, 1, Weekday::Monday, 0)),
    (&["maundy", "thursday"], Day::Easter(-3)),
    (&["may", "day"], Day::Fixed(5, 1)),
    (&["memorial", "day"], Day::Nth(5, -1, Weekday::Monday, 0)),
    (&["new", "year", "day"], Day::Fixed(1, 1)),
    (&["new", "year", "eve"], Day::Fixed(12, 31)),
    (&["palm", "sunday"], Day::Easter(-7)),
    (&["thanksgiving", "day"], Day::Nth(11, 4, Weekday::Thursday, 0)),
    (&["thanksgiving"], Day::Nth(11, 4, Weekday::Thursday, 0)),
    (&["valentine", "day"], Day::Fixed(2, 14)),
    (&["veterans", "day"], Day::Fixed(11, 11)),
    (&["whit", "monday"], Day::Easter(50)),
];

/// `year`, with the name of a day in front of it if one stands there: then it is that day.
pub(crate) fn named(tokens: &[Token], year: Date) -> Date {
    let alone = year.high.is_none() && year.value.len() == 4;
    let found = year.value.parse().ok().filter(|_| alone).and_then(|number: i16| {
        let lower = |i: usize| tokens[i].lower;
        let end = year.first - usize::from(year.first > 0 && matches!(lower(year.first - 1), "," | "of" | "in"));
        NAMES.iter().find_map(|(name, day)| {
            let mut at = end;
            for word in name.iter().rev() {
                // "New Year's Day", "Valentine's Day"
                at -= usize::from(at > 0 && matches!(lower(at - 1), "'s" | "\u{2019}s"));
                at = at.checked_sub(1).filter(|i| lower(*i) == *word)?;
            }
            Some((at, day.of(number)?))
        })
    });
    match found {
        Some((first, day)) => Date { first, value: day.to_string(), ..year },
        None => year,
    }
}

impl Day {
    fn of(self, year: i16) -> Option<civil::Date> {
        match self {
            Day::Fixed(month, day) => civil::Date::new(year, month, day).ok(),
            Day::Nth(month, nth, weekday, behind) => {
                let first = civil::Date::new(year, month, 1).ok()?;
                first.nth_weekday_of_month(nth, weekday).ok()?.checked_add(i32::from(behind).days()).ok()
            }
            Day::Easter(days) => easter(year)?.checked_add(i32::from(days).days()).ok(),
        }
    }
}

/// Easter Sunday of the western churches, by the anonymous Gregorian reckoning (Meeus, Astronomical Algorithms, chapter 8).
fn easter(year: i16) -> Option<civil::Date> {
    let y = i32::from(year);
    let (golden, century, of_century) = (y % 19, y / 100, y % 100);
    let moon = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4) % 7;
    let late = (golden + 11 * moon + 22 * sunday) / 451;
    let days = moon + sunday - 7 * late + 114;
    civil::Date::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_known_years() {
        let easters = [(1961, "1961-04-02"), (2000, "2000-04-23"), (2008, "2008-03-23"), (2024, "2024-03-31")];
        for (year, date) in easters {
            assert_eq!(easter(year).unwrap().to_string(), date);
        }
        let of = |day: Day, year| day.of(year).unwrap().to_string();
        assert_eq!(of(Day::Nth(11, 4, Weekday::Thursday, 1), 2010), "2010-11-26");
        assert_eq!(of(Day::Nth(5, -1, Weekday::Monday, 0), 2023), "2023-05-29");
        assert_eq!(of(Day::Easter(-2), 2015), "2015-04-03");
    }
}
