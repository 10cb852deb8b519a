//! Words that cue attributions, with how often they do: `data/cues.tsv`, counted on a corpus.

use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// How a word behaves as a cue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cue {
    /// Share of its occurrences in which it is a cue.
    pub share: f32,
    /// Of these, share with the content behind it.
    pub behind: f32,
}

pub(crate) const TABLE: &str = include_str!("../data/cues.tsv");

fn table() -> &'static FxHashMap<&'static str, Cue> {
    static PARSED: OnceLock<FxHashMap<&'static str, Cue>> = OnceLock::new();
    PARSED.get_or_init(|| {
        TABLE
            .lines()
            .filter(|l| !l.starts_with('#'))
            .filter_map(|line| {
                let mut fields = line.split('\t');
                let word = fields.next()?;
                let numbers: Vec<f32> = fields.filter_map(|f| f.parse().ok()).collect();
                let [total, share, behind, _] = numbers[..] else { return None };
                // Rare words are drawn towards the middle of all cues.
                let shrunk = (share / 1000.0 * total + 0.4 * 4.0) / (total + 4.0);
                Some((word, Cue { share: shrunk, behind: behind / 1000.0 }))
            })
            .collect()
    })
}

/// The word as a cue, if it ever is one.
pub fn cue(word: &str) -> Option<Cue> {
    table().get(word).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_well_formed() {
        let words: Vec<&str> =
            TABLE.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t').next().unwrap_or("")).collect();
        assert_eq!(table().len(), words.len());
        assert!(words.windows(2).all(|w| w[0] < w[1]));
        assert!(cue("said").is_some_and(|c| c.share > 0.8));
    }
}
