//! Articles in: files, folders, patterns and standard input; plain text, HTML and JSON Lines, each also compressed.
//!
//! Reading is in two steps, so that threads can share the work: [`Articles`] yields [`RawArticle`]s, bytes with their origin, one after the other
//! and never more than one in memory; [`RawArticle::parse`] does the rest (JSON, charset, main text) on any thread.

mod articles;
mod charset;
mod error;
mod html;
mod language;
mod leftovers;
mod metadata;
mod raw;
mod sources;
mod story;

pub use articles::Articles;
pub use error::ReadError;
pub use html::{Extraction, Fast, MainText, Precise};
pub use language::{Language, language};
pub use raw::RawArticle;

use factbox_core::pipeline::HtmlMode;

/// The form of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputFormat {
    /// Plain text, one article a file.
    Txt,
    /// A web page, one article a file.
    Html,
    /// One JSON object a line.
    Jsonl,
}

/// How to read.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions {
    /// Which extractor takes main text out of HTML.
    pub html: HtmlMode,
    /// Longer articles are reported, not read (bytes, after decompression).
    pub max_article_bytes: u64,
    /// The form of all inputs; without it file names tell, and the beginning of standard input.
    pub format: Option<InputFormat>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions { html: HtmlMode::Precise, max_article_bytes: 20 << 20, format: None }
    }
}
