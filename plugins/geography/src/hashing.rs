//! How features and phrases become 64-bit hashes: a multiply and a shift, good in the upper bits (the bucket) and the lower (the tag).

const K: u64 = 0x9e37_79b9_7f4a_7c15;

/// Mixes two numbers into one.
#[inline]
pub fn mix(a: u64, b: u64) -> u64 {
    let h = (a.rotate_left(23) ^ b).wrapping_mul(K);
    (h ^ (h >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// One more word of a phrase: `phrase(phrase(START, w1), w2)` is the hash of "w1 w2".
#[inline]
pub fn phrase(so_far: u64, word: u64) -> u64 {
    mix(so_far ^ 0x51ed_270b, word)
}

/// The phrase without words.
pub const START: u64 = 0x243f_6a88_85a3_08d3;
