//! Words whose point belongs to them. The list is data: `data/abbreviations.tsv`, sorted.

use std::sync::OnceLock;

/// When a word is an abbreviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Abbreviation {
    /// Always.
    Any,
    /// If it begins with a capital and something follows.
    Capitalised,
    /// Before a number.
    BeforeNumber,
    /// Behind a comma: a state's short form.
    State,
}

const TABLE: &str = include_str!("../data/abbreviations.tsv");

/// For each first letter the lengths of its abbreviations, a bit each: most words are told apart by that.
fn lengths() -> &'static [u8; 32] {
    static LENGTHS: OnceLock<[u8; 32]> = OnceLock::new();
    LENGTHS.get_or_init(|| {
        let mut lengths = [0; 32];
        for (word, _) in table() {
            lengths[usize::from(word.as_bytes()[0] & 31)] |= 1 << word.len();
        }
        lengths
    })
}

fn table() -> &'static [(&'static str, Abbreviation)] {
    static PARSED: OnceLock<Vec<(&'static str, Abbreviation)>> = OnceLock::new();
    PARSED.get_or_init(|| {
        TABLE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let (word, kind) = line.split_once('\t')?;
                let kind = match kind {
                    "any" => Abbreviation::Any,
                    "capitalised" => Abbreviation::Capitalised,
                    "number" => Abbreviation::BeforeNumber,
                    "state" => Abbreviation::State,
                    _ => return None,
                };
                Some((word, kind))
            })
            .collect()
    })
}

/// When `word` (without its point) is an abbreviation, if ever.
pub(crate) fn abbreviation(word: &str) -> Option<Abbreviation> {
    let first = word.as_bytes().first()?;
    if word.len() > 7 || lengths()[usize::from(first & 31)] & 1 << word.len() == 0 || !word.is_ascii() {
        return None;
    }
    let mut buffer = [0u8; 8];
    let key = &mut buffer[..word.len()];
    key.copy_from_slice(word.as_bytes());
    key.make_ascii_lowercase();
    let key: &[u8] = key;
    let table = table();
    table.binary_search_by(|(w, _)| w.as_bytes().cmp(key)).ok().map(|at| table[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_well_formed() {
        let lines = TABLE.lines().filter(|l| !l.starts_with('#')).count();
        assert_eq!(table().len(), lines, "a line is malformed");
        assert!(table().iter().all(|(word, _)| (1..=7).contains(&word.len())), "the lengths fit a byte");
        assert!(table().windows(2).all(|pair| pair[0].0 < pair[1].0), "sorted, no word twice");
    }
}
