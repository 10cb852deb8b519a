//! The tables under `data/`, compiled in and read once: units, currencies, hedges, labels.

use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::OnceLock;

type ByWord<V> = FxHashMap<&'static str, V>;

/// A unit.
#[derive(Clone, Debug)]
pub struct Unit {
    /// UCUM symbol, or `%`, `%pt`.
    pub symbol: Box<str>,
    /// Exact factor to the SI unit, and that unit.
    pub si: Option<(Decimal, &'static str)>,
    /// `quantity`, `duration` or `percent`.
    pub kind: &'static str,
}

/// The position of a unit, and the form as it must be written, if that has capitals.
type Form = (u32, Option<Box<str>>);

/// Units by the forms in which they are written.
#[derive(Clone, Debug, Default)]
pub struct Units {
    units: Vec<Unit>,
    /// By the form in lower case.
    forms: FxHashMap<Box<str>, Vec<Form>>,
    glued: FxHashMap<Box<str>, u32>,
    /// How forms begin: most words behind a number are none.
    openings: FxHashSet<Box<str>>,
    /// How the further words of forms begin.
    further: FxHashSet<Box<str>>,
}

/// How the pieces of a form behind its first one begin.
fn further(form: &str) -> impl Iterator<Item = &str> {
    form.char_indices().zip(form.chars().skip(1)).filter_map(|((at, before), after)| {
        let parts = !(before.is_alphabetic() && after.is_alphabetic()) && after != ' ';
        parts.then(|| opening(&form[at + before.len_utf8()..]))
    })
}

impl Units {
    /// Adds a unit under all its forms; `=` before a form: only where it is written on to the number.
    pub(crate) fn add<'a>(&mut self, unit: Unit, forms: impl Iterator<Item = &'a str>) {
        let at = self.units.len() as u32;
        self.units.push(unit);
        for form in forms {
            let lower = form.trim_start_matches('=').to_lowercase();
            self.openings.insert(opening(&lower).into());
            self.further.extend(further(&lower).map(Box::from));
            if let Some(glued) = form.strip_prefix('=') {
                self.glued.insert(glued.into(), at);
                continue;
            }
            let exact = form.chars().any(char::is_uppercase).then(|| form.into());
            self.forms.entry(lower.into()).or_default().push((at, exact));
        }
    }

    /// Whether a form may begin with this word, in lower case.
    pub fn opens(&self, lower: &str) -> bool {
        self.openings.contains(opening(lower))
    }

    /// Whether a form may go on with this word, in lower case.
    pub fn goes_on(&self, lower: &str) -> bool {
        self.further.contains(opening(lower))
    }

    /// The unit written so; `lower` is the form in lower case, words parted by one space.
    pub fn unit(&self, lower: &str, written: &str, glued: bool) -> Option<&Unit> {
        if glued && let Some(&at) = self.glued.get(written) {
            return self.units.get(at as usize);
        }
        let candidates = self.forms.get(lower)?;
        let exact = candidates.iter().find(|c| c.1.as_deref() == Some(written));
        let any = candidates.iter().find(|c| c.1.is_none());
        exact.or(any).and_then(|c| self.units.get(c.0 as usize))
    }

    /// The unit of a symbol.
    pub(crate) fn of_symbol(&self, symbol: &str) -> Option<&Unit> {
        self.units.iter().find(|u| &*u.symbol == symbol)
    }

    /// SI units that factors lead to, sorted.
    pub(crate) fn si_units(&self) -> Vec<&'static str> {
        let mut units: Vec<_> = self.units.iter().filter_map(|u| u.si.map(|s| s.1)).collect();
        units.sort_unstable();
        units.dedup();
        units
    }
}

/// All tables.
#[derive(Debug)]
pub struct Tables {
    /// Units.
    pub units: Units,
    /// Currency names, in lower case -> code.
    names: ByWord<&'static str>,
    /// Currency signs as written -> code.
    signs: ByWord<&'static str>,
    codes: Vec<&'static str>,
    /// Hedges by their last word: phrases with their modifier, longest first.
    hedges: ByWord<Vec<(Vec<&'static str>, &'static str)>>,
    labels: Vec<&'static str>,
    saying: Vec<&'static str>,
    /// How names of currencies begin, and how they go on; units are among them.
    openings: FxHashSet<Box<str>>,
    further: FxHashSet<Box<str>>,
}

/// "admitt": the stem without its second consonant.
fn doubled(stem: &str) -> Option<&str> {
    let mut last = stem.bytes().rev();
    (last.next()? == last.next()?).then(|| &stem[..stem.len() - 1])
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
pub(crate) const SAYING: &str = include_str!("../data/saying.txt");
pub(crate) const LABELS: &str = include_str!("../data/labels.txt");

impl Tables {
    /// The tables.
    pub fn get() -> &'static Tables {
        static TABLES: OnceLock<Tables> = OnceLock::new();
        TABLES.get_or_init(Tables::read)
    }

    fn read() -> Tables {
        let mut t = Tables {
            units: Units::default(),
            names: ByWord::default(),
            signs: ByWord::default(),
            codes: Vec::new(),
            hedges: ByWord::default(),
            openings: FxHashSet::default(),
            further: FxHashSet::default(),
            saying: SAYING.lines().filter(|l| !l.starts_with('#')).collect(),
            labels: LABELS.lines().filter(|l| !l.starts_with('#')).collect(),
        };
        for row in rows(UNITS) {
            let [symbol, forms, factor, si, kind] = row[..] else { continue };
            let si = factor.parse().ok().map(|factor| (factor, si));
            t.units.add(Unit { symbol: symbol.into(), si, kind }, forms.split('|'));
            for form in forms.split('|') {
                let form = form.trim_start_matches('=').to_lowercase();
                t.openings.insert(opening(&form).into());
                t.further.extend(further(&form).map(Box::from));
            }
        }
        for row in rows(CURRENCIES) {
            let [code, signs, names] = row[..] else { continue };
            t.codes.push(code);
            for sign in signs.split('|').filter(|s| *s != "-") {
                t.signs.insert(sign, code);
            }
            for name in names.split('|') {
                t.openings.insert(opening(name).into());
                t.further.extend(further(name).map(Box::from));
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

    /// Whether a unit or a currency's name may go on with this word, in lower case.
    pub fn goes_on(&self, lower: &str) -> bool {
        self.further.contains(opening(lower))
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

    /// Whether the word, in lower case, is a form of a verb of saying, thinking or finding.
    pub fn says(&self, word: &str) -> bool {
        let is = |w: &str| self.saying.binary_search(&w).is_ok();
        // "says", "added", "pledged", "indicating", "quoting", "admitted", "denies"
        let stems = ["s", "es", "d", "ed", "ing"].into_iter().filter_map(|end| word.strip_suffix(end));
        is(word)
            || stems.flat_map(|stem| [Some(stem), doubled(stem)]).flatten().any(is)
            || word.strip_suffix("ing").is_some_and(|stem| is(&format!("{stem}e")))
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
    fn verbs_of_saying_in_all_forms() {
        let tables = Tables::get();
        for word in ["says", "said", "added", "pledged", "indicating", "quoting", "admitted", "told", "calculates"] {
            assert!(tables.says(word), "{word}");
        }
        for word in ["sacked", "launching", "breathing", "is", "made", "teased", "s", "ing", ""] {
            assert!(!tables.says(word), "{word}");
        }
    }

    #[test]
    fn tables_are_sorted_and_well_formed() {
        for (table, columns, key) in
            [(UNITS, 5, 0), (CURRENCIES, 3, 0), (MODIFIERS, 2, 1), (LABELS, 1, 0), (SAYING, 1, 0)]
        {
            let all: Vec<_> = rows(table).collect();
            assert!(all.iter().all(|r| r.len() == columns), "{:?}", all.iter().find(|r| r.len() != columns));
            assert!(
                all.windows(2).all(|w| w[0][key] < w[1][key]),
                "{:?}",
                all.windows(2).find(|w| w[0][key] >= w[1][key])
            );
        }
        for row in rows(UNITS).filter(|r| r[2] != "-") {
            assert!(row[2].parse::<Decimal>().is_ok(), "{row:?}");
        }
    }
}
