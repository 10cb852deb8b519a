//! The user's own units: a TSV file in the form of `data/units.tsv` becomes a table that is asked before the shipped one. Where it says what cannot be,
//! the run stops with file, line, cause and remedy.

use crate::tables::{Tables, Unit, Units};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

/// Words that a form can have at most, and bytes.
const WORDS: usize = 5;
const BYTES: usize = 40;

/// Reads a file of units. `file` is what messages call it.
///
/// # Errors
/// The first line that cannot be used: where, why, and what to write instead.
pub fn parse(file: &str, content: &str) -> Result<Units, String> {
    let mut units = Units::default();
    let mut lines_of: FxHashMap<&str, usize> = FxHashMap::default();
    for (number, line) in content.lines().enumerate() {
        let number = number + 1;
        let line = line.trim_start_matches('\u{feff}').trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |why: String| Err(format!("{file}:{number}: {why}"));
        let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
        if !(2..=5).contains(&fields.len()) {
            return wrong(format!(
                "{} where 2 to 5 are possible (symbol, forms, factor, SI unit, kind): part them by tabs",
                if fields.len() == 1 { "1 field".to_owned() } else { format!("{} fields", fields.len()) }
            ));
        }
        let field = |i: usize| fields.get(i).copied().filter(|f| !f.is_empty() && *f != "-");
        let Some(symbol) = field(0).filter(|s| !s.contains(char::is_whitespace)) else {
            return wrong(format!(
                "`{}` is no symbol: write one without spaces, such as the unit's UCUM symbol",
                fields[0]
            ));
        };
        for form in fields[1].split('|') {
            let bare = form.strip_prefix('=').unwrap_or(form);
            if bare.trim().is_empty() || bare.trim() != bare {
                return wrong(format!(
                    "`{form}` is no form of a unit: write words as they stand behind a number, parted by | without spaces around it"
                ));
            }
            if bare.starts_with(|c: char| c.is_ascii_digit()) {
                return wrong(format!(
                    "the form `{form}` begins with a digit, which would be part of the number: leave the digit out"
                ));
            }
            if bare.len() > BYTES || bare.split_whitespace().count() > WORDS {
                return wrong(format!(
                    "the form `{form}` is too long: forms have {WORDS} words and {BYTES} bytes at most"
                ));
            }
            if let Some(before) = lines_of.insert(form, number) {
                return wrong(format!("the form `{form}` stands in line {before} already: keep one of the two"));
            }
        }
        // A symbol that factbox knows may go without the rest.
        let known = Tables::get().units.of_symbol(symbol);
        let si = match (field(2), field(3)) {
            (None, None) => known.and_then(|k| k.si),
            (Some(factor), Some(si)) => {
                let Some(factor) = Decimal::from_str_exact(factor).ok().filter(|f| *f > Decimal::ZERO) else {
                    return wrong(format!(
                        "`{factor}` is no factor: write a decimal above 0 with at most 28 digits, such as 1.8288, or -"
                    ));
                };
                let all = Tables::get().units.si_units();
                let Some(si) = all.iter().find(|u| **u == si) else {
                    return wrong(format!(
                        "`{si}` is no SI unit that factbox converts to: write {}, or -",
                        all.join(", ")
                    ));
                };
                Some((factor, *si))
            }
            (Some(factor), None) => {
                return wrong(format!(
                    "the factor `{factor}` has no SI unit: write it in the fourth field, or - for both"
                ));
            }
            (None, Some(si)) => {
                return wrong(format!("the SI unit `{si}` has no factor: write it in the third field, or - for both"));
            }
        };
        let kind = match field(4) {
            None => known.map_or("quantity", |k| k.kind),
            Some("quantity") => "quantity",
            Some("duration") => "duration",
            Some("percent") => "percent",
            Some(other) => {
                return wrong(format!("`{other}` is no kind of unit: write quantity, duration, percent or nothing"));
            }
        };
        units.add(Unit { symbol: symbol.into(), si, kind }, fields[1].split('|'));
    }
    Ok(units)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn lines_that_cannot_be_used_are_named() {
        for (line, why) in [
            ("furlong", "u:2: 1 field where 2 to 5 are possible"),
            ("fur long\tfurlongs", "u:2: `fur long` is no symbol"),
            ("fur\tfurlong|", "u:2: `` is no form of a unit"),
            ("fur\t2furlong", "u:2: the form `2furlong` begins with a digit"),
            ("fur\tone two three four five six", "u:2: the form `one two three four five six` is too long"),
            ("fur\tfurlong|furlong", "u:2: the form `furlong` stands in line 2 already"),
            ("fur\tfurlong\tmany\tm", "u:2: `many` is no factor"),
            ("fur\tfurlong\t0\tm", "u:2: `0` is no factor"),
            ("fur\tfurlong\t201.168\tfeet", "u:2: `feet` is no SI unit that factbox converts to: write 1, A,"),
            ("fur\tfurlong\t201.168", "u:2: the factor `201.168` has no SI unit"),
            ("fur\tfurlong\t-\tm", "u:2: the SI unit `m` has no factor"),
            ("fur\tfurlong\t201.168\tm\tlength", "u:2: `length` is no kind of unit: write quantity,"),
        ] {
            let error = parse("u", &format!("# symbol\n{line}\n")).expect_err(line);
            assert!(error.starts_with(why), "{line}: {error}");
        }
    }

    #[test]
    fn a_known_symbol_goes_without_the_rest() {
        let units = parse("u", "\u{feff}# mine\r\nkm\tklick|klicks\r\n").expect("it is well formed");
        let unit = units.unit("klicks", "klicks", false).expect("it is there");
        assert_eq!((&*unit.symbol, unit.si.map(|s| s.1), unit.kind), ("km", Some("m"), "quantity"));
    }
}
