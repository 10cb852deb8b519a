//! Records out: JSON Lines, one JSON array, or tables for people; to standard output or to a file that appears under its name only when it is
//! complete.

mod destination;
mod style;
mod table;

pub use destination::Destination;
pub use style::Style;
pub use table::table;

/// The form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One record a line.
    Jsonl,
    /// One array of records.
    Json,
    /// Tables to read on a terminal.
    Table,
}

impl Format {
    /// What stands before the first record.
    pub fn opening(self) -> &'static str {
        if self == Format::Json { "[\n" } else { "" }
    }

    /// What stands between two records.
    pub fn between(self) -> &'static str {
        match self {
            Format::Jsonl => "\n",
            Format::Json => ",\n",
            Format::Table => "\n",
        }
    }

    /// What stands behind the last record; `any` tells whether there was one.
    pub fn closing(self, any: bool) -> &'static str {
        match (self, any) {
            (Format::Jsonl, true) => "\n",
            (Format::Json, true) => "\n]\n",
            (Format::Json, false) => "]\n",
            _ => "",
        }
    }
}
