//! Why an article could not be read.

/// What, where, why, what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}; {help} [{code}]")]
pub struct ReadError {
    /// Stable code, `FB` and four digits.
    pub code: &'static str,
    /// The file, with the line for JSON Lines.
    pub place: String,
    /// The cause.
    pub why: String,
    /// The next step.
    pub help: String,
}

impl ReadError {
    pub(super) fn new(code: &'static str, place: impl Into<String>, why: impl Into<String>, help: &str) -> Self {
        ReadError { code, place: place.into(), why: why.into(), help: help.to_owned() }
    }
}
