//! What training has left behind, as it lies in `data/model.bin`: the table of words, and a table of small integers for each decision, in
//! which a feature's hash is its place (Weinberger et al. 2009). Nothing is copied but a few numbers.

use crate::chain::{LABELS, Transitions, legal};
use crate::features::{CHECK_BITS, CUE_BITS, LABEL_BITS, SPOKEN_BITS};
use crate::tags::{self, Weights};
use crate::words::{Levels, SLOTS, Words};
use std::sync::OnceLock;

/// Weights of the labels other than "outside" for one feature.
pub type LabelWeights = [u8; 4];

/// The model.
#[derive(Clone, Debug)]
pub struct Model<'a> {
    /// What is known of words.
    pub words: Words<'a>,
    /// The coarser clusters of each cluster.
    pub levels: &'a [[u8; 2]],
    /// Weights of the parts of speech.
    pub tags: &'a [Weights],
    /// Weights of "is a cue".
    pub cue: &'a [u8],
    /// What one unit of these is worth.
    pub cue_scale: f32,
    /// Weights of the labels around a cue.
    pub labels: &'a [LabelWeights],
    /// What one unit of these is worth.
    pub label_scale: f32,
    /// Weights of "is an attribution".
    pub check: &'a [u8],
    /// What one unit of these is worth.
    pub check_scale: f32,
    /// Weights of "is said by somebody".
    pub spoken: &'a [u8],
    /// What one unit of these is worth.
    pub spoken_scale: f32,
    /// Scores of pairs of labels.
    pub transitions: Transitions,
}

const MAGIC: &[u8; 8] = b"fbxquo1\n";
const NUMBERS: usize = 4 + LABELS * LABELS;
/// Bytes of a model.
pub const SIZE: usize = MAGIC.len()
    + NUMBERS * 4
    + SLOTS * 8
    + size_of::<Levels>()
    + (32 << tags::BITS)
    + (1 << CUE_BITS)
    + (1 << CHECK_BITS)
    + (1 << SPOKEN_BITS)
    + (4 << LABEL_BITS);

impl<'a> Model<'a> {
    /// The model that the plugin ships.
    pub fn shipped() -> &'static Model<'static> {
        static LOADED: OnceLock<Model<'static>> = OnceLock::new();
        LOADED.get_or_init(|| {
            #[allow(clippy::expect_used)] // a test reads the same bytes
            Model::load(include_bytes!("../data/model.bin")).expect("the shipped model is whole")
        })
    }

    /// Reads a model; `None` where it is not one of this version, or cut short.
    pub fn load(data: &'a [u8]) -> Option<Model<'a>> {
        if data.len() != SIZE {
            return None;
        }
        let rest = data.strip_prefix(MAGIC)?;
        let (numbers, rest) = rest.split_at(NUMBERS * 4);
        let (numbers, _) = numbers.as_chunks::<4>();
        let numbers: Vec<f32> = numbers.iter().map(|b| f32::from_le_bytes(*b)).collect();
        let (words, rest) = rest.split_at(SLOTS * 8);
        let (levels, rest) = rest.split_at(size_of::<Levels>());
        let (tags, rest) = rest.split_at(32 << tags::BITS);
        let (cue, rest) = rest.split_at(1 << CUE_BITS);
        let (check, rest) = rest.split_at(1 << CHECK_BITS);
        let (spoken, labels) = rest.split_at(1 << SPOKEN_BITS);
        Some(Model {
            words: Words(words.as_chunks().0),
            levels: levels.as_chunks().0,
            tags: tags.as_chunks().0,
            cue,
            cue_scale: numbers[0],
            labels: labels.as_chunks().0,
            label_scale: numbers[1],
            check,
            check_scale: numbers[2],
            spoken,
            spoken_scale: numbers[3],
            transitions: legal(std::array::from_fn(|a| std::array::from_fn(|b| numbers[4 + a * LABELS + b]))),
        })
    }

    /// Writes a model.
    pub fn store(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        let numbers = [self.cue_scale, self.label_scale, self.check_scale, self.spoken_scale]
            .into_iter()
            .chain(self.transitions.iter().flatten().copied());
        numbers.for_each(|x| out.extend(x.to_le_bytes()));
        out.extend(self.words.0.as_flattened());
        out.extend(self.levels.as_flattened());
        out.extend(self.tags.as_flattened());
        out.extend(self.cue);
        out.extend(self.check);
        out.extend(self.spoken);
        out.extend(self.labels.as_flattened());
        out
    }
}
