//! The words of `data/cues.tsv` as a table from word hash to what the word tells.

use crate::gazetteer::Level;
use factbox_sdk::Token;
use rustc_hash::FxHashMap;

/// Countries whose newspapers write English, each in its own way.
pub const VARIETIES: [&str; 8] = ["US", "GB", "CA", "AU", "NZ", "IE", "IN", "ZA"];

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
    /// People or things of one town stand after its name (man, firefighters, elementary).
    pub townsfolk: bool,
    /// It is no place on Earth.
    pub nowhere: bool,
    /// Governments do it.
    pub act: bool,
    /// It stands before a government that one deals with.
    pub with: bool,
    /// It is a word of some countries' English: a bit for each of [`VARIETIES`].
    pub variety: u8,
}

/// Sorts of places that a word beside a name makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// A place of this level.
    Level(Level),
    /// A street.
    Street,
}

/// The table. Most words are none of it: a bit for each of the first bits of a hash tells without a look into the map.
#[derive(Debug)]
pub struct Cues {
    table: FxHashMap<u64, Cue>,
    filter: [u64; 1 << (FILTER_BITS - 6)],
}

/// Bits of the filter, as a power of two.
const FILTER_BITS: u32 = 14;

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
                    "townsfolk" => cue.townsfolk = true,
                    "nowhere" => cue.nowhere = true,
                    "act" => cue.act = true,
                    "with" => cue.with = true,
                    "feature:street" => cue.feature = Some(Feature::Street),
                    other if other.starts_with("variety:") => {
                        let here = |c: &str| other["variety:".len()..].split(',').any(|o| o == c);
                        let bits = (0..VARIETIES.len()).filter(|&i| here(VARIETIES[i]));
                        cue.variety |= bits.fold(0, |all, i| all | 1 << i);
                    }
                    other => cue.feature = other.strip_prefix("feature:").and_then(Level::parse).map(Feature::Level),
                }
            }
        }
        let mut filter = [0; 1 << (FILTER_BITS - 6)];
        for hash in table.keys() {
            let bit = (hash >> (64 - FILTER_BITS)) as usize;
            filter[bit / 64] |= 1 << (bit % 64);
        }
        Cues { table, filter }
    }

    /// Whether a word may be in the table.
    #[inline]
    fn may_hold(&self, hash: u64) -> bool {
        let bit = (hash >> (64 - FILTER_BITS)) as usize;
        self.filter[bit / 64] >> (bit % 64) & 1 == 1
    }

    /// What the word with this hash tells.
    #[inline]
    pub fn of(&self, hash: u64) -> Cue {
        if self.may_hold(hash) { self.table.get(&hash).copied().unwrap_or_default() } else { Cue::default() }
    }

    /// How much of the wording of an article is that of each country of [`VARIETIES`], 0 to 1.
    pub fn variety(&self, tokens: &[Token]) -> [f32; VARIETIES.len()] {
        let mut said = [0.0f32; VARIETIES.len()];
        let mut total = 2.0;
        let words = tokens.iter().filter(|t| self.may_hold(t.hash));
        for mask in words.map(|t| self.of(t.hash).variety).filter(|m| *m != 0) {
            let share = 1.0 / mask.count_ones() as f32;
            said.iter_mut().enumerate().filter(|(i, _)| mask >> i & 1 == 1).for_each(|(_, s)| *s += share);
            total += 1.0;
        }
        said.map(|s| s / total)
    }
}
