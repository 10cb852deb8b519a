//! Tokens and what every plugin would otherwise compute again: class, letter case, neighbourhood flags, lower-case form.

use crate::Span;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Class {
    /// Letters, with inner apostrophes, `&` or abbreviation points ("U.S.", "O'Neill", "AT&T", "Mr.", "n't", "'s").
    Word = 0,
    /// Begins with a digit and holds only digits and number separators ("1,200.5"), or is a fraction sign ("½").
    Number = 1,
    /// Letters and digits together ("G20", "Q1", "4th", "B-52" is three tokens).
    Mixed = 2,
    /// An opening quotation mark, or one whose side cannot be told.
    OpenQuote = 3,
    /// A closing quotation mark.
    CloseQuote = 4,
    /// Sentence and clause punctuation, brackets, dashes, hyphens.
    Punctuation = 5,
    /// Currency signs, percent, mathematical and other signs, emoji.
    Symbol = 6,
    /// A web address, e-mail address, @handle or #tag, kept whole.
    Address = 7,
}

/// The letter case of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Letters {
    /// No cased letter.
    None = 0,
    /// "word"
    Lower = 1,
    /// "Word"
    Title = 2,
    /// "WORD", and single capitals ("A", "U.S.")
    Upper = 3,
    /// "iPhone", "McDonald"
    Mixed = 4,
}

/// Class, letter case and flags of a token, packed into 32 bits:
/// bits 0-3 [`Class`], 4-6 [`Letters`], 7 and up the flags, bits 24-27 the [`ZoneKind`](crate::ZoneKind) the token stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Shape(pub u32);

impl Shape {
    /// White space (or the text's beginning) stands before the token.
    pub const SPACE_BEFORE: u32 = 1 << 7;
    /// First token of its sentence (a leading quotation mark or bracket takes the flag along to the first word too).
    pub const SENTENCE_START: u32 = 1 << 8;
    /// First token of its paragraph.
    pub const PARAGRAPH_START: u32 = 1 << 9;
    /// Holds a digit.
    pub const HAS_DIGIT: u32 = 1 << 10;
    /// Holds a character outside ASCII.
    pub const NON_ASCII: u32 = 1 << 11;
    /// Ends in a point that belongs to it ("Mr.", "U.S.", "a.m.", "J.").
    pub const ABBREVIATION: u32 = 1 << 12;
    /// A piece cut off a word: "'s", "n't", "'ll".
    pub const CLITIC: u32 = 1 << 13;
    /// A hyphen or dash.
    pub const DASH: u32 = 1 << 14;
    /// Stands in a stretch written all in capitals (headline, dateline): its case says nothing.
    pub const ALL_CAPS_CONTEXT: u32 = 1 << 15;

    /// What the token is made of.
    #[inline]
    pub fn class(self) -> Class {
        match self.0 & 15 {
            0 => Class::Word,
            1 => Class::Number,
            2 => Class::Mixed,
            3 => Class::OpenQuote,
            4 => Class::CloseQuote,
            5 => Class::Punctuation,
            6 => Class::Symbol,
            _ => Class::Address,
        }
    }

    /// The letter case.
    #[inline]
    pub fn letters(self) -> Letters {
        match (self.0 >> 4) & 7 {
            1 => Letters::Lower,
            2 => Letters::Title,
            3 => Letters::Upper,
            4 => Letters::Mixed,
            _ => Letters::None,
        }
    }

    /// Whether a letter of it has case.
    #[inline]
    pub(crate) fn is_cased(self) -> bool {
        (self.0 >> 4) & 7 != Letters::None as u32
    }

    /// Whether its letters are capitals.
    #[inline]
    pub(crate) fn is_upper(self) -> bool {
        (self.0 >> 4) & 7 == Letters::Upper as u32
    }

    /// Whether all bits of `flag` are set.
    #[inline]
    pub fn has(self, flag: u32) -> bool {
        self.0 & flag == flag
    }
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Where it stands (bytes).
    pub span: Span,
    /// Its lower-case form: bytes in [`Analysis::lower`](crate::Analysis::lower). Typographic apostrophes are folded to `'`.
    pub lower: Span,
    /// Class, case and flags.
    pub shape: Shape,
}
