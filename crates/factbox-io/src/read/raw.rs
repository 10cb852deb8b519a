//! From an article's bytes to the article: JSON, charset, main text, metadata. Runs on any thread.

use super::charset::decode;
use super::html::{Fast, MainText, Precise, extract};
use super::{ReadError, ReadOptions};
use factbox_core::pipeline::HtmlMode;
use factbox_core::{Article, Meta};
use serde::Deserialize;
use std::borrow::Cow;

/// An article's bytes and where they come from.
#[derive(Clone, Debug)]
pub struct RawArticle {
    pub(super) id: String,
    pub(super) place: String,
    pub(super) content: Content,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    Text(Vec<u8>),
    Html(Vec<u8>),
    Json(Vec<u8>),
}

/// A line of JSON Lines.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(default)]
    id: Option<Id<'a>>,
    #[serde(default, borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    html: Option<Cow<'a, str>>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    byline: Option<String>,
    #[serde(default)]
    publisher: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    language: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id<'a> {
    Text(#[serde(borrow)] Cow<'a, str>),
    Number(serde_json::Number),
}

const LINE_FORM: &str = "a line is one JSON object with `id` and `text` or `html`";

impl RawArticle {
    /// Where it comes from: a file, with the line for JSON Lines.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The article.
    ///
    /// # Errors
    /// Bytes that are no text, JSON that is none or lacks the text.
    pub fn parse(self, options: &ReadOptions) -> Result<Article, ReadError> {
        match self.content {
            Content::Text(bytes) => {
                let (text, note) = decode(&bytes, false, &self.place)?;
                Ok(Article { id: self.id, text, notes: note.into_iter().collect(), ..Article::default() })
            }
            Content::Html(bytes) => {
                let (html, note) = decode(&bytes, true, &self.place)?;
                let mut article = page(self.id, &html, Meta::default(), options);
                article.notes.extend(note);
                Ok(article)
            }
            Content::Json(bytes) => {
                let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
                let text = std::str::from_utf8(bytes).map_err(|e| {
                    ReadError::new(
                        "FB0421",
                        &self.place,
                        format!("the line is not UTF-8 from byte {} on", e.valid_up_to() + 1),
                        "JSON Lines must be UTF-8",
                    )
                })?;
                let bad = |why: String| {
                    ReadError::new("FB0420", &self.place, format!("the line is not an article: {why}"), LINE_FORM)
                };
                // Serde would take an array for the object's fields in their order.
                if !text.trim_start().starts_with('{') {
                    return Err(bad("it does not begin with `{`".to_owned()));
                }
                let line: Line = serde_json::from_str(text).map_err(|e| bad(e.to_string()))?;
                let id = match line.id {
                    Some(Id::Text(id)) => id.into_owned(),
                    Some(Id::Number(id)) => id.to_string(),
                    None => self.id,
                };
                let meta = Meta {
                    title: line.title,
                    published: line.published,
                    byline: line.byline,
                    publisher: line.publisher,
                    url: line.url,
                    language: line.language,
                };
                match (line.text, line.html) {
                    (Some(text), _) => Ok(Article { id, text: text.into_owned(), meta, ..Article::default() }),
                    (None, Some(html)) => Ok(page(id, &html, meta, options)),
                    (None, None) => Err(ReadError::new(
                        "FB0422",
                        &self.place,
                        "the object has neither `text` nor `html`",
                        LINE_FORM,
                    )),
                }
            }
        }
    }
}

/// An article from a web page; what the caller says of it wins over what the page says.
fn page(id: String, html: &str, given: Meta, options: &ReadOptions) -> Article {
    let extractor: &dyn MainText = match options.html {
        HtmlMode::Precise => &Precise,
        HtmlMode::Fast => &Fast,
    };
    let (extraction, found) = extract(extractor, html, given.url.as_deref());
    let meta = Meta {
        title: given.title.or(found.title),
        published: given.published.or(found.published),
        byline: given.byline.or(found.byline),
        publisher: given.publisher.or(found.publisher),
        url: given.url.or(found.url),
        language: given.language.or(found.language),
    };
    Article { id, text: extraction.text, meta, hints: extraction.zones, notes: Vec::new() }
}
