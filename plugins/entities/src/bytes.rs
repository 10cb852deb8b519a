//! Little-endian numbers in and out of the compiled data files, with every length checked.

/// What is wrong with a data file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadData(pub &'static str);

impl std::fmt::Display for BadData {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "the compiled data are damaged: {}", self.0)
    }
}

/// Reads from a byte slice.
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    read: usize,
}

impl<'a> Reader<'a> {
    /// From the beginning of `data`.
    pub fn new(data: &'a [u8]) -> Self {
        Reader { rest: data, read: 0 }
    }

    /// The next `count` bytes.
    ///
    /// # Errors
    /// Fewer are left.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], BadData> {
        if count > self.rest.len() {
            return Err(BadData("they end early"));
        }
        let (taken, rest) = self.rest.split_at(count);
        self.rest = rest;
        self.read += count;
        Ok(taken)
    }

    /// Skips what [`Writer::align`] filled in.
    ///
    /// # Errors
    /// The data end before.
    pub fn align(&mut self) -> Result<(), BadData> {
        self.take(self.read.next_multiple_of(ALIGNMENT) - self.read).map(|_| ())
    }

    /// The next byte.
    ///
    /// # Errors
    /// None is left.
    pub fn u8(&mut self) -> Result<u8, BadData> {
        Ok(self.take(1)?[0])
    }

    /// The next two bytes.
    ///
    /// # Errors
    /// Fewer are left.
    pub fn u16(&mut self) -> Result<u16, BadData> {
        let b = self.take(2)?;
        Ok(u16::from_le_bytes([b[0], b[1]]))
    }

    /// The next four bytes.
    ///
    /// # Errors
    /// Fewer are left.
    pub fn u32(&mut self) -> Result<u32, BadData> {
        let b = self.take(4)?;
        Ok(u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }

    /// The next four bytes as a floating-point number.
    ///
    /// # Errors
    /// Fewer are left.
    pub fn f32(&mut self) -> Result<f32, BadData> {
        Ok(f32::from_bits(self.u32()?))
    }

    /// A string with its length in one byte before it.
    ///
    /// # Errors
    /// Too few bytes are left, or they are not UTF-8.
    pub fn short_string(&mut self) -> Result<&'a str, BadData> {
        let length = self.u8()? as usize;
        std::str::from_utf8(self.take(length)?).map_err(|_| BadData("a string is not UTF-8"))
    }
}

/// Sections that are used where they lie begin at multiples of this.
const ALIGNMENT: usize = 64;

/// Collects bytes.
#[derive(Debug, Default)]
pub struct Writer(pub Vec<u8>);

impl Writer {
    /// Zeros up to the next multiple of 64 bytes.
    pub fn align(&mut self) {
        self.0.resize(self.0.len().next_multiple_of(ALIGNMENT), 0);
    }
    /// One byte.
    pub fn u8(&mut self, n: u8) {
        self.0.push(n);
    }
    /// Two bytes.
    pub fn u16(&mut self, n: u16) {
        self.0.extend(n.to_le_bytes());
    }
    /// Four bytes.
    pub fn u32(&mut self, n: u32) {
        self.0.extend(n.to_le_bytes());
    }
    /// A floating-point number.
    pub fn f32(&mut self, n: f32) {
        self.u32(n.to_bits());
    }
    /// A string of up to 255 bytes with its length before it; longer ones are cut.
    pub fn short_string(&mut self, text: &str) {
        let mut end = text.len().min(255);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        self.u8(end as u8);
        self.0.extend(&text.as_bytes()[..end]);
    }
}
