//! Words, phrases and features as 64-bit hashes. Compiled tables and models are keyed by them: another function is another format.

use crate::Span;

/// FNV-1a, 64 bits: the hash that token layers carry of each lower-case form, and that compiled tables are keyed by.
pub const fn hash(text: &[u8]) -> u64 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    let mut i = 0;
    while i < text.len() {
        h = (h ^ text[i] as u64).wrapping_mul(0x0100_0000_01b3);
        i += 1;
    }
    h
}

/// [`hash`] of the stretch `span` of `text`, for many short stretches: the first eight bytes take the same steps whatever their number, since a loop
/// that ends elsewhere each time costs more in wrong guesses of the processor than the steps do.
#[inline]
pub fn hash_of(text: &[u8], span: Span) -> u64 {
    const PRIME: u64 = 0x0100_0000_01b3;
    let bytes = &text[span.start as usize..span.end as usize];
    let Some(eight) = text[span.start as usize..].first_chunk::<8>() else { return hash(bytes) };
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    for (i, byte) in eight.iter().enumerate() {
        let next = (h ^ u64::from(*byte)).wrapping_mul(PRIME);
        h = if i < bytes.len() { next } else { h };
    }
    bytes.iter().skip(8).fold(h, |h, byte| (h ^ u64::from(*byte)).wrapping_mul(PRIME))
}

/// Mixes two numbers into one: a multiply and a shift, good in the upper bits (the bucket) and the lower (the tag).
#[inline]
pub fn mix(a: u64, b: u64) -> u64 {
    let h = (a.rotate_left(23) ^ b).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (h ^ (h >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// One more word of a phrase: `phrase(phrase(START, w1), w2)` is the hash of "w1 w2".
#[inline]
pub fn phrase(so_far: u64, word: u64) -> u64 {
    mix(so_far ^ 0x51ed_270b, word)
}

/// The phrase without words.
pub const START: u64 = 0x243f_6a88_85a3_08d3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_hashes_are_the_same() {
        let text = "the caf\u{e9} \u{201c}reopened\u{201d} on independence day".as_bytes();
        for start in 0..=text.len() {
            for end in start..=text.len() {
                let span = Span::new(start as u32, end as u32);
                assert_eq!(hash_of(text, span), hash(&text[start..end]));
            }
        }
    }
}
