//! An article as it goes through the pipeline: its text and what its source says about it.

use factbox_text::ZoneHint;
use serde::{Deserialize, Serialize};

/// What the source says about an article. Absent means unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Meta {
    /// The headline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Publication date, ISO 8601: a day (`2024-04-12`) or a time with offset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// Who wrote it, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byline: Option<String>,
    /// The newspaper, agency or site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Canonical address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// ISO 639-1 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// One article.
#[derive(Clone, Debug, Default)]
pub struct Article {
    /// The caller's id, or one made from the file's name and the line.
    pub id: String,
    /// The text. All offsets of base layers and plugins are bytes into it.
    pub text: String,
    /// What the source says about it.
    pub meta: Meta,
    /// Zones that the input format already knows (bytes into `text`, in text order).
    pub hints: Vec<ZoneHint>,
    /// What went wrong while reading, though the article could still be used (lossy characters, ...).
    pub notes: Vec<crate::ArticleError>,
}
