//! The trained weights: for each feature 16 small integers (one a label other than "outside") for the first and for the second reading of
//! the article, behind one lookup; and the scores of label pairs.

use crate::buckets::Buckets;
use crate::bytes::{BadData, Reader, Writer};
use crate::label::LABELS;
use crate::lattice::{Scores, Transitions};

/// Weights of one feature: labels 1 to 16 of the first reading, then of the second.
pub type Block = [i8; 32];

/// A trained model.
#[derive(Debug)]
pub struct Model {
    features: Buckets<u16>,
    blocks: Vec<Block>,
    scale: f32,
    /// Label pairs in the first reading.
    pub first: Transitions,
    /// Label pairs in the second.
    pub second: Transitions,
}

/// Weights as training leaves them: a hash and 16 weights for each reading.
pub type Trained = (u64, [f32; 16], [f32; 16]);

impl Model {
    /// Rounds trained weights to 8 bits. Weights beyond `limit` are cut to it.
    pub fn quantise(weights: &[Trained], first: Transitions, second: Transitions, limit: f32) -> Model {
        let scale = limit / 127.0;
        let hashes: Vec<u64> = weights.iter().map(|w| w.0).collect();
        let (features, kept) = Buckets::build(&hashes);
        let round = |x: f32| (x / scale).round().clamp(-127.0, 127.0) as i8;
        let blocks = kept
            .iter()
            .map(|&i| {
                let mut block = [0i8; 32];
                for l in 0..16 {
                    block[l] = round(weights[i].1[l]);
                    block[16 + l] = round(weights[i].2[l]);
                }
                block
            })
            .collect();
        Model { features, blocks, scale, first, second }
    }

    /// How many features have weights.
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Whether none has.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The weights of one feature for a label (1 to 16) in the second reading, for explanations.
    pub fn weight(&self, feature: u64, label: u8) -> f32 {
        self.features.find(feature).map_or(0.0, |at| f32::from(self.blocks[at][15 + label as usize]) * self.scale)
    }

    /// Scores of labels for both readings.
    #[inline]
    pub fn both(&self, features: &[u64]) -> (Scores, Sums) {
        let mut sums = [0i16; 32];
        for &f in features {
            if let Some(at) = self.features.find(f) {
                let block = &self.blocks[at];
                for l in 0..32 {
                    sums[l] += i16::from(block[l]);
                }
            }
        }
        let mut first = [0.0; LABELS];
        let mut second = [0i16; 16];
        for l in 0..16 {
            first[l + 1] = f32::from(sums[l]) * self.scale;
            second[l] = sums[16 + l];
        }
        (first, second)
    }

    /// Scores of the second reading: what [`both`](Self::both) summed up plus the features that only the second has.
    #[inline]
    pub fn second(&self, base: &Sums, features: &[u64]) -> Scores {
        let mut sums = *base;
        for &f in features {
            if let Some(at) = self.features.find(f) {
                let block = &self.blocks[at];
                for l in 0..16 {
                    sums[l] += i16::from(block[16 + l]);
                }
            }
        }
        let mut scores = [0.0; LABELS];
        for l in 0..16 {
            scores[l + 1] = f32::from(sums[l]) * self.scale;
        }
        scores
    }

    /// Writes the model.
    pub fn store(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.0.extend(MAGIC);
        out.f32(self.scale);
        for t in [&self.first, &self.second] {
            t.0.iter().flatten().for_each(|&x| out.f32(x));
        }
        self.features.store(&mut out);
        for block in &self.blocks {
            block.iter().for_each(|&w| out.u8(w as u8));
        }
        out.0
    }

    /// Reads a model.
    ///
    /// # Errors
    /// The data are no model, or damaged.
    pub fn load(data: &[u8]) -> Result<Model, BadData> {
        let mut data = Reader::new(data);
        if data.take(MAGIC.len())? != MAGIC {
            return Err(BadData("no model of this version"));
        }
        let scale = data.f32()?;
        let mut transitions = || -> Result<Transitions, BadData> {
            let mut t = Transitions([[0.0; LABELS]; LABELS]);
            for x in t.0.iter_mut().flatten() {
                *x = data.f32()?;
            }
            Ok(t)
        };
        let (first, second) = (transitions()?, transitions()?);
        let features: Buckets<u16> = Buckets::load(&mut data)?;
        let blocks = data
            .take(features.len() * 32)?
            .chunks_exact(32)
            .map(|b| std::array::from_fn(|i| b[i] as i8))
            .collect();
        Ok(Model { features, blocks, scale, first, second })
    }
}

/// Sums of the second reading's weights, before scaling.
pub type Sums = [i16; 16];

const MAGIC: &[u8] = b"fbxner1\n";
