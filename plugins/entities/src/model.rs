//! The trained weights: for each feature 16 small integers (one a label other than "outside") for the first and for the second reading of
//! the article, behind one lookup; and the scores of label pairs.

use crate::buckets::Buckets;
use crate::bytes::{BadData, Reader, Writer};
use crate::label::LABELS;
use crate::lattice::{Scores, Transitions};
use std::borrow::Cow;

/// Weights of one feature as bytes: labels 1 to 16 of the first reading, then of the second.
pub type Block = [u8; 32];

/// A trained model.
#[derive(Debug)]
pub struct Model {
    features: Buckets<u16>,
    /// The buckets of `features` once more, in a form that costs one cache line and one comparison of vectors.
    lines: Vec<Line>,
    shift: u32,
    /// As they lie in the file.
    blocks: Cow<'static, [Block]>,
    scale: f32,
    /// Label pairs in the first reading.
    pub first: Transitions,
    /// Label pairs in the second.
    pub second: Transitions,
}

/// A bucket in 16 bytes: up to [`IN_LINE`] tags (four, then two), the position of its first entry (28 bits) and the number of its entries
/// (4 bits).
#[derive(Clone, Copy, Debug)]
#[repr(align(16))]
struct Line([u64; 2]);

impl Line {
    /// The position of the entry with `tag`, and whether there is one. Four tags are compared at once: the subtraction borrows into the
    /// upper bit of those that are equal (and perhaps of some above them: only the first counts).
    #[inline]
    fn find(self, tag: u16) -> (u32, bool) {
        const ONES: u64 = 0x0001_0001_0001_0001;
        let all = ONES * u64::from(tag);
        let equal = |word: u64| {
            let differ = word ^ all;
            differ.wrapping_sub(ONES) & !differ & (ONES << 15)
        };
        let (front, back) = (equal(self.0[0]), equal(self.0[1]) & 0x8000_8000 | 1 << 32);
        let at = if front != 0 { front.trailing_zeros() / 16 } else { 4 + back.trailing_zeros() / 16 };
        let rest = (self.0[1] >> 32) as u32;
        ((rest & 0x0fff_ffff).wrapping_add(at), at < rest >> 28)
    }
}

/// Entries that a bucket can have. With two on average one in 100 buckets would have more: their smallest weights are left out.
const IN_LINE: usize = 6;

/// More features than a token has.
const PLACES: usize = 160;

fn lines(features: &Buckets<u16>) -> Result<Vec<Line>, BadData> {
    let mut position = 0usize;
    features
        .buckets()
        .map(|tags| {
            if tags.len() > IN_LINE || position >= 1 << 28 {
                return Err(BadData("a bucket of the model is too full"));
            }
            let count = tags.len();
            let mut line = [0, (position as u64) << 32 | (count as u64) << 60];
            tags.enumerate().for_each(|(i, tag)| line[i / 4] |= u64::from(tag) << (i % 4 * 16));
            position += count;
            Ok(Line(line))
        })
        .collect()
}

/// Weights as training leaves them: a hash and 16 weights for each reading.
pub type Trained = (u64, [f32; 16], [f32; 16]);

impl Model {
    /// Rounds trained weights to 8 bits. Weights beyond `limit` are cut to it.
    pub fn quantise(weights: &[Trained], first: Transitions, second: Transitions, limit: f32) -> Model {
        let scale = limit / 127.0;
        let mut order: Vec<&Trained> = weights.iter().collect();
        let largest = |w: &Trained| w.1.iter().chain(&w.2).fold(0f32, |m, x| m.max(x.abs()));
        order.sort_by(|a, b| largest(b).total_cmp(&largest(a)).then(a.0.cmp(&b.0)));
        let bits = (usize::BITS - (order.len() / 3).leading_zeros()).clamp(1, 24);
        let mut full = vec![0u8; 1 << bits];
        order.retain(|w| {
            let count = &mut full[(w.0 >> (64 - bits)) as usize];
            *count += u8::from((*count as usize) < IN_LINE + 1);
            *count as usize <= IN_LINE
        });
        let hashes: Vec<u64> = order.iter().map(|w| w.0).collect();
        let (features, kept) = Buckets::build_with(&hashes, bits);
        let round = |x: f32| (x / scale).round().clamp(-127.0, 127.0) as i8 as u8;
        let blocks = kept
            .iter()
            .map(|&i| {
                let mut block = [0u8; 32];
                for l in 0..16 {
                    block[l] = round(order[i].1[l]);
                    block[16 + l] = round(order[i].2[l]);
                }
                block
            })
            .collect();
        let lines = lines(&features).expect("no bucket was left too full");
        Model { lines, shift: 64 - features.bits(), features, blocks: Cow::Owned(blocks), scale, first, second }
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
        self.features.find(feature).map_or(0.0, |at| f32::from(self.blocks[at][15 + label as usize] as i8) * self.scale)
    }

    /// Brings the buckets of features close. Most of the time goes into waiting for far memory; asked for all at once, before any is looked
    /// at, the waits overlap.
    #[inline]
    pub fn fetch(&self, features: &[u64]) {
        let mut touched = 0;
        for &f in features {
            touched ^= self.lines[(f >> self.shift) as usize].0[0];
        }
        std::hint::black_box(touched);
    }

    /// The blocks of those features that have weights. Whether a lookup finds something is a matter of chance: so nothing here branches on
    /// it, and all blocks are touched before any is used, for the waits to overlap.
    #[inline]
    fn positions<'p>(&self, features: &[u64], places: &'p mut [u32; PLACES]) -> &'p [u32] {
        let mut n = 0;
        let mut touched = 0u8;
        for &f in features.iter().take(PLACES - 1) {
            let (at, found) = self.lines[(f >> self.shift) as usize].find(f as u16);
            places[n] = at;
            n += usize::from(found);
        }
        for &at in &places[..n] {
            touched ^= self.blocks[at as usize][0];
        }
        std::hint::black_box(touched);
        &places[..n]
    }

    /// Scores of labels for both readings.
    #[inline]
    pub fn both(&self, features: &[u64]) -> (Scores, Sums) {
        let mut places = [0u32; PLACES];
        let mut sums = [0i16; 32];
        for &at in self.positions(features, &mut places) {
            let block = &self.blocks[at as usize];
            for l in 0..32 {
                sums[l] += i16::from(block[l] as i8);
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
        let mut places = [0u32; PLACES];
        for &at in self.positions(features, &mut places) {
            let block = &self.blocks[at as usize];
            for l in 0..16 {
                sums[l] += i16::from(block[16 + l] as i8);
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
        out.align();
        self.blocks.iter().for_each(|block| out.0.extend(block));
        out.0
    }

    /// Reads a model.
    ///
    /// # Errors
    /// The data are no model, or damaged.
    pub fn load(data: &'static [u8]) -> Result<Model, BadData> {
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
        data.align()?;
        let (blocks, _) = data.take(features.len() * 32)?.as_chunks::<32>();
        if blocks.is_empty() {
            return Err(BadData("a model without weights"));
        }
        Ok(Model {
            lines: lines(&features)?,
            shift: 64 - features.bits(),
            features,
            blocks: Cow::Borrowed(blocks),
            scale,
            first,
            second,
        })
    }
}

/// Sums of the second reading's weights, before scaling.
pub type Sums = [i16; 16];

const MAGIC: &[u8] = b"fbxner3\n";
