//! What a token can be to the grammar, in one byte each: a word that begins a date or number, names a document, states. Most words are nothing of
//! this, and most words of an article were in the one before: what was found out about a word is kept, by its hash.

use crate::source::{is_document, states};
use crate::{calendar, number, spans_of_time};
use factbox_sdk::{Class, Token};

/// May begin a date or a number.
pub const OPENS: u8 = 1;
/// A poll, report or the like.
pub const DOCUMENT: u8 = 2;
/// A verb by which numbers are stated.
pub const STATES: u8 = 4;

/// What is known of recent words: the upper 56 bits of a hash and the cues of its word.
#[derive(Debug, Default)]
pub struct Cues {
    slots: Vec<u64>,
}

impl Cues {
    const SLOTS: usize = 4096;

    /// Writes the cues of each token to `out`. The hashes have to be those of the lower-case forms.
    pub fn read(&mut self, tokens: &[Token], out: &mut Vec<u8>) {
        const CUES: u64 = 0xff;
        if self.slots.is_empty() {
            // no hash has its slot in this one: the place says otherwise
            self.slots.resize(Self::SLOTS, 1 << 8);
            self.slots[1] = 0;
        }
        out.clear();
        out.extend(tokens.iter().map(|token| {
            let opens = match token.shape.class() {
                Class::Number | Class::Mixed => return OPENS | cues(token.lower),
                Class::Word => OPENS,
                _ => 0,
            };
            let slot = &mut self.slots[(token.hash >> 8) as usize % Self::SLOTS];
            if *slot & !CUES != token.hash & !CUES {
                *slot = token.hash & !CUES | u64::from(cues(token.lower));
            }
            *slot as u8 & (opens | !OPENS)
        }));
    }
}

fn cues(lower: &str) -> u8 {
    let opens = calendar::may_begin(lower) || number::word_may_begin(lower) || spans_of_time::may_begin(lower);
    let flag = |yes: bool, cue: u8| if yes { cue } else { 0 };
    flag(opens, OPENS) | flag(is_document(lower), DOCUMENT) | flag(states(lower), STATES)
}
