//! Zones: what each part of a news article is for.

use crate::Span;

/// What a part of an article is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ZoneKind {
    /// Running text.
    Body = 0,
    /// The headline.
    Headline = 1,
    /// The headline once more, a sub-headline right under it, or (from HTML) a heading within the story.
    Subhead = 2,
    /// A date or time line of its own ("September 14, 2023", "Published: 10:30 GMT").
    Date = 3,
    /// Who wrote it ("By Ann Smith", "Ann Smith, Staff Writer").
    Byline = 4,
    /// Place and agency before the first sentence ("SEOUL:", "PARIS, March 3 (AFP) -").
    Dateline = 5,
    /// A picture's caption, with its credit.
    Caption = 6,
    /// A table, results, a list of scores or prices.
    Table = 7,
    /// "Read more", newsletter, copyright, author notes, contacts: not part of the story.
    Boilerplate = 8,
}

impl ZoneKind {
    /// All kinds, in the order of their numbers.
    pub const ALL: [ZoneKind; 9] = [
        ZoneKind::Body,
        ZoneKind::Headline,
        ZoneKind::Subhead,
        ZoneKind::Date,
        ZoneKind::Byline,
        ZoneKind::Dateline,
        ZoneKind::Caption,
        ZoneKind::Table,
        ZoneKind::Boilerplate,
    ];

    /// Its name in records.
    pub fn name(self) -> &'static str {
        ["body", "headline", "subhead", "date", "byline", "dateline", "caption", "table", "boilerplate"][self as usize]
    }
}

/// A zone of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Where it stands (bytes).
    pub span: Span,
    /// What it is.
    pub kind: ZoneKind,
}

/// What an input format already knows of a part of the text, e.g. an HTML caption. Takes precedence over what the text alone suggests.
pub type ZoneHint = Zone;
