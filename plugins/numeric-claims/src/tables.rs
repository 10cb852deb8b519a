//! The tables under `data/`, compiled in and read once: units, currencies, hedges, labels.

use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::OnceLock;

type ByWord<V> = FxHashMap<&'static str, V>;

/// A unit.
#[derive(Clone, Debug)]
pub struct Unit {
    /// UCUM symbol, or `%`, `%pt`.
    pub symbol: &'static str,
    /// Factor to the SI unit, exact.
    pub factor: &'static str,
    /// The SI unit, `-` for none.
    pub si: &'static str,
    /// `quantity`, `duration` or `percent`.
    pub kind: &'static str,
}

/// All tables.
#[derive(Debug)]
pub struct Tables {
    units: Vec<Unit>,
    /// Lower-case form -> (position in `units`, the form as it must be written, if it has capitals).
    forms: ByWord<Vec<(u16, Option<&'static str>)>>,
    glued: ByWord<u16>,
    /// Currency names, in lower case -> code.
    names: ByWord<&'static str>,
    /// Currency signs as written -> code.
    signs: ByWord<&'static str>,
    codes: Vec<&'static str>,
    /// Hedges by their last word: phrases with their modifier, longest first.
    hedges: ByWord<Vec<(Vec<&'static str>, &'static str)>>,
    labels: Vec<&'static str>,
    /// How forms of units and names of currencies begin: most words behind a number are neither.
    openings: FxHashSet<String>,
}

/// The letters that a form begins with, or its first sign.
fn opening(form: &str) -> &str {
    let letters = form.find(|c: char| !c.is_alphabetic()).unwrap_or(form.len());
    let first = form.chars().next().map_or(0, char::len_utf8);
    &form[..letters.max(first)]
}

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(|l| l.split('\t').collect())
}

pub(crate) const UNITS: &str = include_str!("../data/units.tsv");
pub(crate) const CURRENCIES: &str = include_str!("../data/currencies.tsv");
pub(crate) const MODIFIERS: &str = include_str!("../data/modifiers.tsv");
pub(crate) const LABELS: &str = include_str!("../data/labels.txt");

impl Tables {
    /// The tables.
    pub fn get() -> &'static Tables {
        static TABLES: OnceLock<Tables> = OnceLock::new();
        TABLES.get_or_init(Tables::read)
    }

    fn read() -> Tables {
        let mut t = Tables {
            units: Vec::new(),
            forms: ByWord::default(),
            glued: ByWord::default(),
            names: ByWord::default(),
            signs: ByWord::default(),
            codes: Vec::new(),
            hedges: ByWord::default(),
            openings: FxHashSet::default(),
            labels: LABELS.lines().filter(|l| !l.starts_with('#')).collect(),
        };
        for row in rows(UNITS) {
            let [symbol, forms, factor, si, kind] = row[..] else { continue };
            let at = t.units.len() as u16;
            t.units.push(Unit { symbol, factor, si, kind });
            for form in forms.split('|') {
                t.openings.insert(opening(&form.trim_start_matches('=').to_lowercase()).to_owned());
                if let Some(glued) = form.strip_prefix('=') {
                    t.glued.insert(glued, at);
                    continue;
                }
                let exact = form.chars().any(char::is_uppercase).then_some(form);
                let key: &'static str =
                    if exact.is_some() { Box::leak(form.to_lowercase().into_boxed_str()) } else { form };
                t.forms.entry(key).or_default().push((at, exact));
            }
        }
        for row in rows(CURRENCIES) {
            let [code, signs, names] = row[..] else { continue };
            t.codes.push(code);
            for sign in signs.split('|').filter(|s| *s != "-") {
                t.signs.insert(sign, code);
            }
            for name in names.split('|') {
                t.openings.insert(opening(name).to_owned());
                t.names.insert(name, code);
            }
        }
        for row in rows(MODIFIERS) {
            let [modifier, phrase] = row[..] else { continue };
            let words: Vec<&str> = phrase.split(' ').collect();
            if let Some(last) = words.last() {
                t.hedges.entry(last).or_default().push((words, modifier));
            }
        }
        for phrases in t.hedges.values_mut() {
            phrases.sort_by_key(|p| std::cmp::Reverse(p.0.len()));
        }
        t
    }

    /// Whether a unit or a currency's name may begin with this word, in lower case.
    pub fn opens(&self, lower: &str) -> bool {
        self.openings.contains(opening(lower))
    }

    /// The unit written so; `lower` is the form in lower case, words parted by one space.
    pub fn unit(&self, lower: &str, written: &str, glued: bool) -> Option<&Unit> {
        if glued && let Some(&at) = self.glued.get(written) {
            return self.units.get(usize::from(at));
        }
        let candidates = self.forms.get(lower)?;
        let exact = candidates.iter().find(|c| c.1 == Some(written));
        let any = candidates.iter().find(|c| c.1.is_none());
        exact.or(any).and_then(|c| self.units.get(usize::from(c.0)))
    }

    /// The code of a currency's name, in lower case.
    pub fn currency_name(&self, name: &str) -> Option<&'static str> {
        self.names.get(name).copied()
    }

    /// The code of a currency's sign, as written.
    pub fn currency_sign(&self, sign: &str) -> Option<&'static str> {
        self.signs.get(sign).copied()
    }

    /// The code itself, if it is one.
    pub fn currency_code(&self, code: &str) -> Option<&'static str> {
        self.codes.binary_search(&code).ok().map(|at| self.codes[at])
    }

    /// Hedges whose last word is `word`.
    pub fn hedges(&self, word: &str) -> &[(Vec<&'static str>, &'static str)] {
        self.hedges.get(word).map_or(&[], Vec::as_slice)
    }

    /// Whether a number behind this word is a label.
    pub fn is_label(&self, word: &str) -> bool {
        self.labels.binary_search(&word).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_well_formed() {
        for (table, columns, key) in [(UNITS, 5, 0), (CURRENCIES, 3, 0), (MODIFIERS, 2, 1), (LABELS, 1, 0)] {
            let all: Vec<_> = rows(table).collect();
            assert!(all.iter().all(|r| r.len() == columns), "{:?}", all.iter().find(|r| r.len() != columns));
            assert!(
                all.windows(2).all(|w| w[0][key] < w[1][key]),
                "{:?}",
                all.windows(2).find(|w| w[0][key] >= w[1][key])
            );
        }
        for row in rows(UNITS).filter(|r| r[2] != "-") {
            assert!(row[2].parse::<rust_decimal::Decimal>().is_ok(), "{row:?}");
        }
    }
}
