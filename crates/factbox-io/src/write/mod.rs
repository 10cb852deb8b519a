//! Records out: JSON Lines, one JSON array, tables for people, or points for a map; to standard output or to a file that appears under its name only when it is
//! complete.

mod destination;
mod geojson;
mod style;
mod table;

pub use destination::Destination;
pub use geojson::geojson;
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
    /// One GeoJSON collection of the places.
    GeoJson,
}

impl Format {
    /// What stands before the first record.
    pub fn opening(self) -> &'static str {
        match self {
            Format::Json => "[\n",
            Format::GeoJson => "{\"type\":\"FeatureCollection\",\"features\":[\n",
            Format::Jsonl | Format::Table => "",
        }
    }

    /// What stands between two records.
    pub fn between(self) -> &'static str {
        match self {
            Format::Jsonl => "\n",
            Format::Json | Format::GeoJson => ",\n",
            Format::Table => "\n",
        }
    }

    /// Whether an article for which nothing is to be written takes no place in the output.
    pub fn skips_empty(self) -> bool {
        self == Format::GeoJson
    }

    /// What stands behind the last record; `any` tells whether there was one.
    pub fn closing(self, any: bool) -> &'static str {
        match (self, any) {
            (Format::Jsonl, true) => "\n",
            (Format::Json, true) => "\n]\n",
            (Format::Json, false) => "]\n",
            (Format::GeoJson, true) => "\n]}\n",
            (Format::GeoJson, false) => "]}\n",
            _ => "",
        }
    }
}
