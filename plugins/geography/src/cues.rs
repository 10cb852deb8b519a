//! The words of `data/cues.tsv` as a table from word hash to what the word tells.

use crate::gazetteer::Level;
use rustc_hash::FxHashMap;

/// What a word tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cue {
    /// It stands before places.
    pub before: bool,
    /// It makes the name beside it a place of this sort.
    pub feature: Option<Feature>,
    /// North, southern and the like.
    pub direction: bool,
    /// A word for an institution (police, council, university): what stands before it in a name is often its place.
    pub body: bool,
    /// A word for an office of a town, county or state (police, council).
    pub office: bool,
    /// Governments do it.
    pub act: bool,
    /// It stands before a government that one deals with.
    pub with: bool,
}

/// Sorts of places that a word beside a name makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// A place of this level.
    Level(Level),
    /// A street.
    Street,
}

/// The table.
#[derive(Debug, Default)]
pub struct Cues(FxHashMap<u64, Cue>);

impl Cues {
    /// The table in the library.
    pub fn shipped() -> Cues {
        let mut table: FxHashMap<u64, Cue> = FxHashMap::default();
        for line in include_str!("../data/cues.tsv").lines().filter(|l| !l.starts_with('#')) {
            let Some((class, words)) = line.split_once('\t') else { continue };
            for word in words.split('|') {
                let cue = table.entry(factbox_sdk::hash(word.as_bytes())).or_default();
                match class {
                    "before" => cue.before = true,
                    "direction" => cue.direction = true,
                    "body" => cue.body = true,
                    "office" => cue.office = true,
                    "act" => cue.act = true,
                    "with" => cue.with = true,
                    "feature:street" => cue.feature = Some(Feature::Street),
                    other => cue.feature = other.strip_prefix("feature:").and_then(Level::parse).map(Feature::Level),
                }
            }
        }
        Cues(table)
    }

    /// What the word with this hash tells.
    #[inline]
    pub fn of(&self, hash: u64) -> Cue {
        self.0.get(&hash).copied().unwrap_or_default()
    }
}
