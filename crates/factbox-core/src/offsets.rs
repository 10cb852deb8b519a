//! From byte offsets to the unit that the record counts in. One pass over the text notes, for every block of 64 bytes, the count before it and
//! a bit for each byte that counts; a look-up counts bits. ASCII text needs neither.

use crate::pipeline::OffsetUnit;

const BLOCK: usize = 64;

/// 64 bytes.
#[derive(Debug, Default)]
struct Block {
    /// What is counted before them.
    before: u32,
    /// A bit for each byte that counts: the first of each character.
    first: u64,
    /// In UTF-16, a bit for each byte that counts once more: the first of four.
    pairs: u64,
}

impl Block {
    fn new(before: u32, bytes: &[u8], utf16: bool) -> Self {
        if bytes.is_ascii() {
            return Block { before, first: u64::MAX, pairs: 0 };
        }
        let bits = |counts: fn(u8) -> bool| {
            bytes.iter().enumerate().fold(0u64, |bits, (i, byte)| bits | u64::from(counts(*byte)) << i)
        };
        let pairs = if utf16 { bits(|byte| byte >= 0xf0) } else { 0 };
        Block { before, first: bits(|byte| (byte & 0xc0) != 0x80), pairs }
    }

    /// What is counted before its byte `at`.
    fn count(&self, at: usize) -> u32 {
        let below = |bits: u64| (bits & ((1u64 << at) - 1)).count_ones();
        self.before + below(self.first) + below(self.pairs)
    }
}

/// Converts byte offsets of one text.
#[derive(Debug, Default)]
pub struct Offsets {
    plain: bool,
    blocks: Vec<Block>,
}

impl Offsets {
    /// Gets ready for `text`.
    pub fn prepare(&mut self, text: &str, unit: OffsetUnit) {
        self.plain = unit == OffsetUnit::Utf8 || text.is_ascii();
        self.blocks.clear();
        if self.plain {
            return;
        }
        let mut sum = 0;
        for bytes in text.as_bytes().chunks(BLOCK) {
            let block = Block::new(sum, bytes, unit == OffsetUnit::Utf16);
            let all = |bits: u64| (bits & (u64::MAX >> (BLOCK - bytes.len()))).count_ones();
            sum += all(block.first) + all(block.pairs);
            self.blocks.push(block);
        }
        self.blocks.push(Block { before: sum, ..Block::default() });
    }

    /// The offset `byte` of the text given to [`Offsets::prepare`], in the record's unit.
    pub fn get(&self, text: &str, byte: u32) -> u32 {
        if self.plain {
            return byte;
        }
        let at = (byte as usize).min(text.len());
        self.blocks[at / BLOCK].count(at % BLOCK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_units_agree_with_the_standard_library() {
        let text = "A\u{301} \u{1f600}\u{a0}\u{201c}x\u{201d}\r\n".repeat(40) + "plain";
        let mut offsets = Offsets::default();
        for unit in [OffsetUnit::CodePoint, OffsetUnit::Utf8, OffsetUnit::Utf16] {
            offsets.prepare(&text, unit);
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let expected = match unit {
                    OffsetUnit::CodePoint => text[..at].chars().count(),
                    OffsetUnit::Utf8 => at,
                    OffsetUnit::Utf16 => text[..at].encode_utf16().count(),
                };
                assert_eq!(offsets.get(&text, at as u32) as usize, expected);
            }
        }
    }
}
