//! What is known of single words: how they are tagged, and which words they are used like.

/// Tags of the parts of speech (those of the Penn Treebank, the finer ones of nouns and comparisons joined); 0 is "unknown".
pub const TAGS: [&str; 27] = [
    "?", "NN", "NNS", "NNP", "VB", "VBP", "VBZ", "VBD", "VBN", "VBG", "MD", "IN", "TO", "DT", "PRP", "PRP$", "JJ",
    "RB", "CC", "CD", "WP", "WRB", "POS", "RP", "EX", "UH", ".",
];

/// Number of a tag of [`TAGS`].
pub mod tag {
    #![allow(missing_docs)]
    pub const UNKNOWN: u8 = 0;
    pub const NN: u8 = 1;
    pub const NNS: u8 = 2;
    pub const NNP: u8 = 3;
    pub const VB: u8 = 4;
    pub const VBP: u8 = 5;
    pub const VBZ: u8 = 6;
    pub const VBD: u8 = 7;
    pub const VBN: u8 = 8;
    pub const VBG: u8 = 9;
    pub const MD: u8 = 10;
    pub const IN: u8 = 11;
    pub const TO: u8 = 12;
    pub const DT: u8 = 13;
    pub const PRP: u8 = 14;
    pub const PRPS: u8 = 15;
    pub const JJ: u8 = 16;
    pub const RB: u8 = 17;
    pub const CC: u8 = 18;
    pub const CD: u8 = 19;
    pub const WP: u8 = 20;
    pub const WRB: u8 = 21;
    pub const POS: u8 = 22;
    pub const RP: u8 = 23;
    pub const EX: u8 = 24;
    pub const UH: u8 = 25;
    pub const PUNCT: u8 = 26;

    /// A verb in any form.
    pub fn is_verb(tag: u8) -> bool {
        (VB..=VBG).contains(&tag)
    }

    /// A verb that has a subject of its own, or a modal one.
    pub fn is_finite(tag: u8) -> bool {
        matches!(tag, VBD | VBZ | VBP | MD)
    }

    /// A common noun.
    pub fn is_noun(tag: u8) -> bool {
        matches!(tag, NN | NNS)
    }
}

/// What is known of a word, packed: bits 0-4 its most frequent tag, 5-9 the next, 10 whether it has no other, 11-21 its cluster of 2,000
/// (counted from 1; 0: none), 22 whether it can be a cue although it is no verb, 23 whether it has been seen
/// as one, 24 whether it has no tags but these two,
/// 25-27 and 28-30 how often, in plain news, "that" follows it and speech between marks stands next to it (levels of [`level`]), 32-39
/// how much more often it stands in the articles that the model was trained on than in other news.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Word(pub u64);

impl Word {
    /// Packs the parts.
    pub fn new(first: u8, second: u8, sure: bool, cluster: u16) -> Word {
        let tags = u64::from(first) | u64::from(second) << 5 | u64::from(sure) << 10;
        Word(tags | u64::from(cluster) << 11 | 1 << 31)
    }
    /// The same word as one that can be a cue although it is no verb.
    pub fn with_cue(self) -> Word {
        Word(self.0 | 1 << 22)
    }
    /// Can be a cue although it is no verb.
    #[inline]
    pub fn cue(self) -> bool {
        self.0 >> 22 & 1 != 0
    }
    /// The same word as one that has been seen as a cue.
    pub fn with_attested(self) -> Word {
        Word(self.0 | 1 << 23)
    }
    /// Has been seen as a cue.
    #[inline]
    pub fn attested(self) -> bool {
        self.0 >> 23 & 1 != 0
    }
    /// The same word with the levels of "that" behind it and of marks beside it.
    pub fn with_speech(self, that: u8, marks: u8) -> Word {
        Word(self.0 | u64::from(that & 7) << 25 | u64::from(marks & 7) << 28)
    }
    /// Both levels as one number.
    #[inline]
    pub fn speech(self) -> u8 {
        (self.0 >> 25 & 63) as u8
    }
    /// The same word with how much more often it stands in the articles of the training than in other news: the logarithm of the ratio, in
    /// units of 1/[`HOME_SCALE`].
    pub fn with_home(self, home: i8) -> Word {
        Word(self.0 | u64::from(home as u8) << 32)
    }
    /// How much more often it stands in the articles of the training.
    #[inline]
    pub fn home(self) -> i8 {
        (self.0 >> 32) as u8 as i8
    }
    /// The same word as one that has no tags but its two.
    pub fn with_closed(self) -> Word {
        Word(self.0 | 1 << 24)
    }
    /// Has no tags but its two.
    #[inline]
    pub fn closed(self) -> bool {
        self.0 >> 24 & 1 != 0
    }
    /// The next tag; 0 for none.
    #[inline]
    pub fn second(self) -> u8 {
        (self.0 >> 5 & 31) as u8
    }
    /// The most frequent tag; 0 for words that are not known.
    #[inline]
    pub fn first(self) -> u8 {
        (self.0 & 31) as u8
    }
    /// Both tags as one number.
    #[inline]
    pub fn tags(self) -> u32 {
        (self.0 & 1023) as u32
    }
    /// Always has its first tag.
    #[inline]
    pub fn sure(self) -> bool {
        self.0 >> 10 & 1 != 0
    }
    /// Cluster (of 2,000, from 1; 0: none).
    #[inline]
    pub fn cluster(self) -> u16 {
        (self.0 >> 11 & 2047) as u16
    }
}

/// Units of [`Word::home`] in one.
pub const HOME_SCALE: f32 = 60.0;

/// The level of a share: 0 where too little has been seen, 1 for hardly ever, 7 for nearly half of the time or more.
pub fn level(hits: u32, all: u32) -> u8 {
    const BORDERS: [u32; 6] = [5, 20, 50, 100, 200, 400];
    if all < 5 {
        return 0;
    }
    1 + BORDERS.iter().filter(|b| hits * 1000 >= all * **b).count() as u8
}

/// For each cluster of 2,000 that of 250 and that of 40 which it belongs to (counted from 1; 0: none).
pub type Levels = [[u8; 2]; 2048];

/// The table: open addressing over the words' hashes.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a>(pub &'a [[u8; 8]]);

/// Slots of the table.
pub const SLOTS: usize = 1 << 16;
/// Slots in which a word may lie.
const PROBES: usize = 64;

impl Words<'_> {
    /// The word with this hash ([`factbox_sdk::hash`] of its lower-case form).
    #[inline]
    pub fn get(&self, hash: u64) -> Word {
        for step in 0..PROBES {
            let slot = u64::from_le_bytes(self.0[((hash >> 48) as usize + step) % SLOTS]);
            if slot == 0 {
                break;
            }
            // The word's 40 bits, then 24 of its hash.
            if slot >> 40 == hash & 0xff_ffff {
                return Word(slot & 0xff_ffff_ffff);
            }
        }
        Word(0)
    }

    /// A table of these words, the more important ones first; what finds no place is left out.
    pub fn build(words: &[(u64, Word)]) -> Vec<[u8; 8]> {
        let mut table = vec![[0u8; 8]; SLOTS];
        for &(hash, word) in words {
            let start = (hash >> 48) as usize;
            let free = (0..PROBES).map(|i| (start + i) % SLOTS).find(|&i| table[i] == [0; 8]);
            if let Some(slot) = free {
                table[slot] = (word.0 | (hash & 0xff_ffff) << 40).to_le_bytes();
            }
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_put_in() {
        let word = Word::new(tag::VBD, tag::VBN, false, 2000).with_cue();
        assert_eq!((word.first(), word.sure(), word.cluster(), word.cue()), (tag::VBD, false, 2000, true));
        let table = Words::build(&[(77 << 40, word), (77 << 40 | 1, Word::new(1, 0, true, 0))]);
        assert_eq!(Words(&table).get(77 << 40), word);
        assert_eq!(Words(&table).get(77 << 40 | 1).first(), 1);
        assert_eq!(Words(&table).get(5), Word(0));
    }
}
