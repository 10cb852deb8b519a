//! The places of the world in one read-only block of bytes: the hash of a name (one word after another, see [`factbox_sdk::hashing`]) leads through
//! a bucket index to its postings, a posting to a record of 16 bytes, a record to its printed name. Nothing is decoded on load but the
//! section lengths; every access is bounds-checked, so that a damaged file gives wrong answers at worst.

use factbox_sdk::hashing::{self, START};

/// What kind of place a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// A country or a territory with an ISO code.
    Country = 0,
    /// A state, province, region: first-order division.
    Admin1 = 1,
    /// A county, district: second-order division.
    Admin2 = 2,
    /// A populated place.
    City = 3,
    /// A part of a populated place.
    District = 4,
    /// A building, base, airport, street.
    Facility = 5,
    /// A sea, river, lake, canal.
    Water = 6,
    /// A peak, range, pass.
    Mountain = 7,
    /// Anything else with a name and an extent: continents, deserts, islands, informal regions.
    Region = 8,
}

impl Level {
    /// All levels in the order of their numbers.
    pub const ALL: [Level; 9] = [
        Level::Country,
        Level::Admin1,
        Level::Admin2,
        Level::City,
        Level::District,
        Level::Facility,
        Level::Water,
        Level::Mountain,
        Level::Region,
    ];

    /// Its name in the record and in overlay files.
    pub const NAMES: [&'static str; 10] =
        ["country", "admin1", "admin2", "city", "district", "facility", "water", "mountain", "region", "demonym"];

    /// The level with this name.
    pub fn parse(name: &str) -> Option<Level> {
        Level::NAMES.iter().position(|n| *n == name).and_then(|i| Level::ALL.get(i).copied())
    }
}

/// How a name belongs to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Relation {
    /// Its usual name.
    Name = 0,
    /// Another usual name.
    Alias = 1,
    /// A name from GeoNames' list of alternates: other languages, old names, spellings.
    Alternate = 2,
    /// The adjective ("Russian").
    Adjective = 3,
    /// The people ("Russians").
    People = 4,
    /// An abbreviation, to be believed only in the case it is written in ("US", "Calif.").
    Abbreviation = 5,
}

/// A name's tie to one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting(pub u32);

impl Posting {
    /// Packs record, relation and doubt.
    pub fn new(record: u32, relation: Relation, doubtful: bool) -> Posting {
        Posting(record | (relation as u32) << 20 | u32::from(doubtful) << 24)
    }

    /// The record's number.
    pub fn record(self) -> u32 {
        self.0 & 0xf_ffff
    }

    /// How the name belongs to the place.
    pub fn relation(self) -> Relation {
        match (self.0 >> 20) & 15 {
            0 => Relation::Name,
            1 => Relation::Alias,
            2 => Relation::Alternate,
            3 => Relation::Adjective,
            4 => Relation::People,
            _ => Relation::Abbreviation,
        }
    }

    /// Whether the form is also an ordinary word or another name, to be believed in context only.
    pub fn doubtful(self) -> bool {
        self.0 >> 24 & 1 == 1
    }
}

/// One place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record {
    /// Degrees north.
    pub lat: f32,
    /// Degrees east.
    pub lon: f32,
    /// GeoNames id, 0 if it has none here.
    pub geonameid: u32,
    /// Number of the country, 0 for none or several: see [`Gazetteer::country_code`].
    pub country: u8,
    /// Number of the first-order division, 0 for none.
    pub admin1: u16,
    /// Number of the second-order division, 0 for none.
    pub admin2: u16,
    /// What it is.
    pub level: Level,
    /// How well known it is: 3.5 times the natural logarithm of its population (or of what a feature is worth against one), 0 to 63.
    pub weight: u8,
    /// [`CAPITAL`], [`SEAT`], [`GOVERNMENT`], [`FACT`].
    pub flags: u8,
}

/// A country's capital.
pub const CAPITAL: u8 = 1;
/// The seat of a first-order division.
pub const SEAT: u8 = 2;
/// Stands for a government or one of its bodies (White House).
pub const GOVERNMENT: u8 = 4;
/// From the fact tables.
pub const FACT: u8 = 8;

/// Why the block cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged;

impl std::fmt::Display for Damaged {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "the gazetteer is damaged: build it anew with `cargo xtask gazetteer`")
    }
}

/// First bytes of the block.
pub const MAGIC: &[u8; 8] = b"FBGAZ\0\0\x01";
/// Buckets of the name index, as a power of two.
pub const BUCKET_BITS: u32 = 16;
/// Bits of the filter of two-word beginnings, as a power of two.
pub const PAIR_BITS: u32 = 21;
/// Records that share one entry of the name-offset index.
pub const NAME_STEP: usize = 16;
/// Most words that a name is looked up with.
pub const MAX_WORDS: usize = 8;

/// The block, cut into its sections.
#[derive(Clone, Copy, Debug)]
pub struct Gazetteer<'a> {
    countries: &'a [u8],
    admin1: &'a [u8],
    admin2: &'a [u8],
    records: &'a [u8],
    name_index: &'a [u8],
    names: &'a [u8],
    buckets: &'a [u8],
    tags: &'a [u8],
    values: &'a [u8],
    postings: &'a [u8],
    pairs: &'a [u8],
}

fn u32_at(bytes: &[u8], index: usize) -> u32 {
    bytes.get(index * 4..index * 4 + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

static SHIPPED: &[u8] = include_bytes!("../data/gazetteer.bin");

impl Gazetteer<'static> {
    /// The gazetteer inside the library.
    ///
    /// # Errors
    /// It is damaged.
    pub fn shipped() -> Result<Self, Damaged> {
        Gazetteer::open(SHIPPED)
    }
}

impl<'a> Gazetteer<'a> {
    /// Cuts a block into its sections: after [`MAGIC`] eleven times a length (4 bytes) and as many bytes.
    ///
    /// # Errors
    /// The block does not begin or divide as it should.
    pub fn open(block: &'a [u8]) -> Result<Self, Damaged> {
        let mut rest = block.strip_prefix(MAGIC).ok_or(Damaged)?;
        let mut section = || {
            let (length, after) = rest.split_at_checked(4).ok_or(Damaged)?;
            let (taken, after) = after.split_at_checked(u32_at(length, 0) as usize).ok_or(Damaged)?;
            rest = after;
            Ok(taken)
        };
        let found = Gazetteer {
            countries: section()?,
            admin1: section()?,
            admin2: section()?,
            records: section()?,
            name_index: section()?,
            names: section()?,
            buckets: section()?,
            tags: section()?,
            values: section()?,
            postings: section()?,
            pairs: section()?,
        };
        let sound = found.buckets.len() == ((1 << BUCKET_BITS) + 1) * 4 && found.pairs.len() == (1 << PAIR_BITS) / 8;
        if sound && found.tags.len() == found.values.len() { Ok(found) } else { Err(Damaged) }
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.records.len() / 16
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Whether some name of two or more words begins with these two; sometimes true though none does.
    #[inline]
    pub fn begins(&self, pair: u64) -> bool {
        let bit = (pair >> (64 - PAIR_BITS)) as usize;
        self.pairs.get(bit / 8).is_some_and(|b| b >> (bit % 8) & 1 == 1)
    }

    /// The postings of a name, the best known place first.
    pub fn find(&self, hash: u64) -> Postings<'a> {
        let bucket = (hash >> (64 - BUCKET_BITS)) as usize;
        let tag = hash as u32;
        let (from, to) = (u32_at(self.buckets, bucket) as usize, u32_at(self.buckets, bucket + 1) as usize);
        for slot in from..to.min(self.tags.len() / 4) {
            if u32_at(self.tags, slot) == tag {
                let value = u32_at(self.values, slot);
                if value >> 31 == 0 {
                    return Postings { single: Some(Posting(value)), list: &[] };
                }
                let (start, count) = ((value & 0xff_ffff) as usize, (value >> 24 & 0x7f) as usize);
                return Postings {
                    single: None,
                    list: self.postings.get(start * 4..(start + count) * 4).unwrap_or(&[]),
                };
            }
        }
        Postings { single: None, list: &[] }
    }

    /// The place with this number.
    pub fn record(&self, index: u32) -> Option<Record> {
        let at = index as usize * 16;
        let b = self.records.get(at..at + 16)?;
        let u24 = |i: usize| u32::from_le_bytes([b[i], b[i + 1], b[i + 2], 0]);
        let meta = u16::from_le_bytes([b[14], b[15]]);
        Some(Record {
            lat: (f64::from(u24(0)) / f64::from(0xff_ffffu32) * 180.0 - 90.0) as f32,
            lon: (f64::from(u24(3)) / f64::from(0xff_ffffu32) * 360.0 - 180.0) as f32,
            geonameid: u24(6),
            country: b[9],
            admin1: u16::from_le_bytes([b[10], b[11]]),
            admin2: u16::from_le_bytes([b[12], b[13]]),
            level: *Level::ALL.get((meta & 15) as usize)?,
            weight: (meta >> 4 & 63) as u8,
            flags: (meta >> 10) as u8,
        })
    }

    /// The printed name of the place with this number.
    pub fn name(&self, index: u32) -> &'a str {
        let index = index as usize;
        let mut at = u32_at(self.name_index, index / NAME_STEP) as usize;
        for _ in 0..index % NAME_STEP {
            at += 1 + usize::from(self.names.get(at).copied().unwrap_or(0));
        }
        let length = usize::from(self.names.get(at).copied().unwrap_or(0));
        self.names.get(at + 1..at + 1 + length).and_then(|n| std::str::from_utf8(n).ok()).unwrap_or("")
    }

    /// ISO 3166-1 code of country number `country`.
    pub fn country_code(&self, country: u8) -> Option<&'a str> {
        let at = usize::from(country.checked_sub(1)?) * 6;
        std::str::from_utf8(self.countries.get(at..at + 2)?).ok()
    }

    /// The record of country number `country`.
    pub fn country_record(&self, country: u8) -> Option<u32> {
        let at = usize::from(country.checked_sub(1)?) * 6;
        Some(u32_at(self.countries.get(at + 2..at + 6)?, 0))
    }

    /// The number of the country with this ISO code.
    pub fn country_number(&self, code: &str) -> Option<u8> {
        let at = self.countries.chunks_exact(6).position(|c| c[..2].eq_ignore_ascii_case(code.as_bytes()))?;
        u8::try_from(at + 1).ok()
    }

    /// The record of first-order division number `admin1`.
    pub fn admin1_record(&self, admin1: u16) -> Option<u32> {
        let at = usize::from(admin1.checked_sub(1)?);
        (at < self.admin1.len() / 4).then(|| u32_at(self.admin1, at))
    }

    /// The record of second-order division number `admin2`.
    pub fn admin2_record(&self, admin2: u16) -> Option<u32> {
        let at = usize::from(admin2.checked_sub(1)?);
        (at < self.admin2.len() / 4).then(|| u32_at(self.admin2, at))
    }
}

/// The postings of one name.
#[derive(Clone, Copy, Debug)]
pub struct Postings<'a> {
    single: Option<Posting>,
    list: &'a [u8],
}

impl Iterator for Postings<'_> {
    type Item = Posting;

    fn next(&mut self) -> Option<Posting> {
        if let Some(one) = self.single.take() {
            return Some(one);
        }
        let (first, rest) = self.list.split_first_chunk::<4>()?;
        self.list = rest;
        Some(Posting(u32::from_le_bytes(*first)))
    }
}

/// The hash of a name from the hashes of its words.
pub fn name_hash(words: impl IntoIterator<Item = u64>) -> u64 {
    words.into_iter().fold(START, hashing::phrase)
}
