//! The articles of all inputs, one after the other, as bytes. Compression is told by its first bytes. A line of JSON Lines that is too long is passed over
//! without being held in memory.

use super::raw::{Content, RawArticle};
use super::sources::{Source, format_of, sources, stem};
use super::{InputFormat, ReadError, ReadOptions};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

/// The articles of all inputs.
pub struct Articles {
    sources: std::vec::IntoIter<Source>,
    options: ReadOptions,
    lines: Option<Lines>,
}

impl Articles {
    /// The articles of `inputs`: files, folders, patterns, or `-`.
    ///
    /// # Errors
    /// An input that is not there, or whose form nobody can tell.
    pub fn open(inputs: &[String], options: &ReadOptions) -> Result<Self, ReadError> {
        let sources = sources(inputs, options.format.is_some())?;
        Ok(Articles { sources: sources.into_iter(), options: *options, lines: None })
    }

    fn begin(&mut self, source: &Source) -> Result<Option<RawArticle>, ReadError> {
        let (place, id, named) = match source {
            Source::Stdin => ("standard input".to_owned(), "stdin".to_owned(), None),
            Source::File(path) => (path.display().to_string(), stem(path), format_of(path)),
        };
        let failed = |e: io::Error| {
            ReadError::new("FB0405", &place, format!("it cannot be read: {e}"), "check the file and its rights")
        };
        let input: Box<dyn Read + Send> = match source {
            Source::Stdin => Box::new(io::stdin()),
            Source::File(path) => Box::new(File::open(path).map_err(failed)?),
        };
        let mut reader = decompressed(input).map_err(failed)?;
        let format = match self.options.format.or(named) {
            Some(format) => format,
            None => guess(reader.fill_buf().map_err(|e| broken(&place, &e))?),
        };
        if format == InputFormat::Jsonl {
            self.lines =
                Some(Lines { reader, place, stem: id, number: 0, limit: self.options.max_article_bytes, done: false });
            return Ok(None);
        }
        let limit = self.options.max_article_bytes;
        let mut bytes = Vec::new();
        reader.take(limit + 1).read_to_end(&mut bytes).map_err(|e| broken(&place, &e))?;
        if bytes.len() as u64 > limit {
            return Err(too_long(&place, limit));
        }
        let content = if format == InputFormat::Html { Content::Html(bytes) } else { Content::Text(bytes) };
        Ok(Some(RawArticle { id, place, content }))
    }
}

fn too_long(place: &str, limit: u64) -> ReadError {
    ReadError::new(
        "FB0410",
        place,
        format!("the article is longer than {limit} bytes"),
        "raise `input.max-article-bytes` in the pipeline file",
    )
}

fn broken(place: &str, error: &io::Error) -> ReadError {
    ReadError::new(
        "FB0411",
        place,
        format!("the data breaks off or is damaged: {error}"),
        "fetch or compress the file again",
    )
}

/// The form of what begins like this.
fn guess(beginning: &[u8]) -> InputFormat {
    let start = beginning.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
    let rest = &beginning[start..];
    let rest = rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest);
    let lower: Vec<u8> = rest.iter().take(512).map(u8::to_ascii_lowercase).collect();
    let has = |needle: &[u8]| lower.windows(needle.len()).any(|w| w == needle);
    if lower.starts_with(b"{") {
        InputFormat::Jsonl
    } else if lower.starts_with(b"<") && (has(b"<html") || has(b"<!doctype html") || has(b"<head") || has(b"<body")) {
        InputFormat::Html
    } else {
        InputFormat::Txt
    }
}

fn decompressed(input: Box<dyn Read + Send>) -> io::Result<Box<dyn BufRead + Send>> {
    let mut plain = BufReader::with_capacity(1 << 16, input);
    let magic = plain.fill_buf()?;
    if magic.starts_with(&[0x1f, 0x8b]) {
        return Ok(Box::new(BufReader::with_capacity(1 << 16, flate2::bufread::MultiGzDecoder::new(plain))));
    }
    if magic.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        return Ok(Box::new(BufReader::with_capacity(1 << 16, zstd::stream::read::Decoder::with_buffer(plain)?)));
    }
    Ok(Box::new(plain))
}

impl Iterator for Articles {
    type Item = Result<RawArticle, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(lines) = &mut self.lines {
                match lines.next() {
                    Some(item) => return Some(item),
                    None => self.lines = None,
                }
            }
            let source = self.sources.next()?;
            match self.begin(&source) {
                Ok(Some(article)) => return Some(Ok(article)),
                Ok(None) => {}
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// The lines of one file of JSON Lines.
struct Lines {
    reader: Box<dyn BufRead + Send>,
    place: String,
    stem: String,
    number: u64,
    limit: u64,
    done: bool,
}

impl Lines {
    fn next(&mut self) -> Option<Result<RawArticle, ReadError>> {
        while !self.done {
            let mut line = Vec::new();
            let read = self.read_line(&mut line);
            self.number += 1;
            let place = format!("{}:{}", self.place, self.number);
            match read {
                Ok(Line::End) => self.done = true,
                Ok(Line::TooLong) => return Some(Err(too_long(&place, self.limit))),
                Ok(Line::Whole) if line.iter().all(u8::is_ascii_whitespace) => {}
                Ok(Line::Whole) => {
                    let id = format!("{}:{}", self.stem, self.number);
                    return Some(Ok(RawArticle { id, place, content: Content::Json(line) }));
                }
                Err(error) => {
                    self.done = true;
                    return Some(Err(broken(&place, &error)));
                }
            }
        }
        None
    }

    fn read_line(&mut self, line: &mut Vec<u8>) -> io::Result<Line> {
        let mut seen = 0u64;
        loop {
            let buffer = match self.reader.fill_buf() {
                Ok(buffer) => buffer,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            if buffer.is_empty() {
                return Ok(if seen == 0 {
                    Line::End
                } else if seen > self.limit {
                    Line::TooLong
                } else {
                    Line::Whole
                });
            }
            let end = buffer.iter().position(|b| *b == b'\n');
            let part = &buffer[..end.unwrap_or(buffer.len())];
            seen += part.len() as u64;
            if seen <= self.limit {
                line.extend_from_slice(part);
            } else {
                *line = Vec::new();
            }
            let used = part.len() + usize::from(end.is_some());
            self.reader.consume(used);
            if end.is_some() {
                return Ok(if seen > self.limit { Line::TooLong } else { Line::Whole });
            }
        }
    }
}

enum Line {
    Whole,
    TooLong,
    End,
}
