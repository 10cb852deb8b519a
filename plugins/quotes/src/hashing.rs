//! How features become places in a table of weights: a multiply and a shift.

const K: u64 = 0x9e37_79b9_7f4a_7c15;

/// Mixes two numbers into one.
#[inline]
pub fn mix(a: u64, b: u64) -> u64 {
    let h = (a.rotate_left(23) ^ b).wrapping_mul(K);
    (h ^ (h >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// The hash of feature template `template` with two values.
#[inline]
pub fn feature(template: u64, a: u64, b: u64) -> u64 {
    mix(mix(a, template), b)
}
