//! How features become places in a table of weights.

use factbox_sdk::hashing::mix;

/// The hash of feature template `template` with two values.
#[inline]
pub fn feature(template: u64, a: u64, b: u64) -> u64 {
    mix(mix(a, template), b)
}

/// The places of one decision's features, gathered where they need no look at how much room there is.
pub struct Row<const BITS: u32> {
    places: [u32; 64],
    count: usize,
}

impl<const BITS: u32> Row<BITS> {
    /// None yet.
    #[inline(always)]
    pub fn new() -> Self {
        Row { places: [0; 64], count: 0 }
    }

    /// Adds that of feature template `template`, of up to 64.
    #[inline(always)]
    pub fn add(&mut self, template: u64, a: u64, b: u64) {
        self.places[self.count] = (feature(template, a, b) >> (64 - BITS)) as u32;
        self.count += 1;
    }

    /// Appends all of them to `out`.
    #[inline(always)]
    pub fn finish(&self, out: &mut Vec<u32>) {
        out.extend_from_slice(&self.places[..self.count]);
    }
}

impl<const BITS: u32> Default for Row<BITS> {
    fn default() -> Self {
        Row::new()
    }
}
