//! From byte offsets to the unit that the record counts in. One pass over the text notes the count at every block of 64 bytes; a look-up
//! counts within one block. ASCII text needs neither.

use crate::pipeline::OffsetUnit;

const BLOCK: usize = 64;

/// Converts byte offsets of one text.
#[derive(Debug, Default)]
pub struct Offsets {
    plain: bool,
    utf16: bool,
    blocks: Vec<u32>,
}

fn count(bytes: &[u8], utf16: bool) -> u32 {
    // A character counts at its first byte; in UTF-16 those of four bytes count twice.
    let first = bytes.iter().filter(|b| (**b & 0xc0) != 0x80).count();
    let pairs = if utf16 { bytes.iter().filter(|b| **b >= 0xf0).count() } else { 0 };
    (first + pairs) as u32
}

impl Offsets {
    /// Gets ready for `text`.
    pub fn prepare(&mut self, text: &str, unit: OffsetUnit) {
        self.plain = unit == OffsetUnit::Utf8 || text.is_ascii();
        self.utf16 = unit == OffsetUnit::Utf16;
        self.blocks.clear();
        if self.plain {
            return;
        }
        let mut sum = 0;
        for block in text.as_bytes().chunks(BLOCK) {
            self.blocks.push(sum);
            sum += count(block, self.utf16);
        }
        self.blocks.push(sum);
    }

    /// The offset `byte` of the text given to [`Offsets::prepare`], in the record's unit.
    pub fn get(&self, text: &str, byte: u32) -> u32 {
        if self.plain {
            return byte;
        }
        let at = (byte as usize).min(text.len());
        let block = at / BLOCK;
        self.blocks[block] + count(&text.as_bytes()[block * BLOCK..at], self.utf16)
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
