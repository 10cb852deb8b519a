//! What can go wrong with one article, as the record's `errors` tells it. Codes are stable.

use serde::Serialize;

/// Where in an article's way something went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Reading and decoding.
    Read,
    /// Language, zones, sentences, tokens.
    Analyze,
    /// A plugin at work.
    Process,
    /// Checking what a plugin emitted.
    Validate,
    /// Writing the record.
    Write,
}

/// Something that went wrong with one article; everything else of it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArticleError {
    /// The plugin concerned, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plugin: Option<String>,
    /// Where it happened.
    pub stage: Stage,
    /// Stable code, `FB` and four digits.
    pub code: &'static str,
    /// What, where, why, what to do.
    pub message: String,
}

impl ArticleError {
    /// An error of the host itself.
    pub fn host(stage: Stage, code: &'static str, message: impl Into<String>) -> Self {
        ArticleError { plugin: None, stage, code, message: message.into() }
    }

    /// An error of `plugin`.
    pub fn plugin(plugin: &str, stage: Stage, code: &'static str, message: impl Into<String>) -> Self {
        ArticleError { plugin: Some(plugin.to_owned()), stage, code, message: message.into() }
    }
}
