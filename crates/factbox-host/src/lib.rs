//! Discovers, verifies, loads and runs plugins. The only crate that opens a library.
//!
//! [`discover`](discovery) finds libraries and reads their metadata without running anything of them; [`Host::load`] verifies and loads those
//! that a pipeline names; a [`Worker`] runs them over articles, one worker a thread.

pub mod discovery;
mod inspect;
pub mod isolated;
mod memory_file;
pub mod native;
mod private_copy;
mod runner;
mod worker;

pub use discovery::{Found, Level, Search};
pub use factbox_abi::{ABI_MAJOR, ABI_MINOR};
pub use inspect::{Inspected, inspect, sha256, sha256_of};
pub use native::Host;
pub use runner::StartError;
pub use worker::{Outcome, Worker};

/// Why a library cannot be used: what, where, why, what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("error[{code}]: {what}\n  --> {place}\n  = why: {why}\n  = help: {help}")]
pub struct LibraryError {
    /// Stable code, `FB` and four digits.
    pub code: &'static str,
    /// What cannot be done.
    pub what: String,
    /// The file or folder.
    pub place: String,
    /// The cause.
    pub why: String,
    /// The next step.
    pub help: String,
}

impl LibraryError {
    pub(crate) fn new(
        code: &'static str,
        what: impl Into<String>,
        place: &std::path::Path,
        why: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        LibraryError { code, what: what.into(), place: place.display().to_string(), why: why.into(), help: help.into() }
    }
}
