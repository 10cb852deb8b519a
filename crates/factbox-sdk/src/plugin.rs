//! The trait that a plugin implements and what it is made from.

use crate::{Doc, Key, Layer, Opt, Output, ffi};
use factbox_layer::json::Json;
use std::path::Path;

/// A plugin.
pub trait Plugin: Sized + 'static {
    /// Lower-case letters, digits and hyphens; what `id = "..."` names in a pipeline file.
    const ID: &'static str;
    /// One line for `factbox plugin list`.
    const SUMMARY: &'static str = "";
    /// Layers it reads: the host's (`zones`, `paragraphs`, `sentences`, `tokens`) and other plugins'. A `?` at the end marks one that may be missing.
    const REQUIRES: &'static [&'static str];
    /// Layers it adds. [`Output::add`] counts them from 0.
    const PROVIDES: &'static [Layer];
    /// Its options.
    const OPTIONS: &'static [Opt] = &[];

    /// An instance, one per worker thread. Interns names, loads data.
    ///
    /// # Errors
    /// An option whose value cannot be used, a data file that cannot be read.
    fn new(setup: &Setup) -> Result<Self, SetupError>;

    /// Processes one article.
    ///
    /// # Errors
    /// Why this article cannot be processed; it is noted in the record, the run goes on.
    fn process(&mut self, doc: &Doc, out: &mut Output) -> Result<(), ProcessError>;
}

/// Why an instance could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupError {
    /// The option concerned, if one is.
    pub option: Option<String>,
    /// What, where, why, what to do.
    pub message: String,
}

impl SetupError {
    /// The value of `option` cannot be used.
    pub fn option(option: &str, message: impl Into<String>) -> Self {
        SetupError { option: Some(option.to_owned()), message: message.into() }
    }

    /// Something else.
    pub fn other(message: impl Into<String>) -> Self {
        SetupError { option: None, message: message.into() }
    }
}

/// Why an article could not be processed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcessError {
    /// [`Doc::cancelled`] was true.
    Cancelled,
    /// Something is wrong with this article.
    Article(String),
}

impl ProcessError {
    /// Something is wrong with this article.
    pub fn article(message: impl Into<String>) -> Self {
        ProcessError::Article(message.into())
    }
}

/// What an instance is made from: options and interned names.
pub struct Setup<'a> {
    pub(crate) options: Json<'a>,
    pub(crate) data_dir: &'a str,
    pub(crate) names: ffi::Interner<'a>,
}

impl Setup<'_> {
    /// The key of a name: an attribute, a kind or a layer, one of the plugin's own or of a layer it reads.
    pub fn key(&self, name: &str) -> Key {
        Key(self.names.intern(name))
    }

    /// The folder that the library was found in, where its data files lie.
    pub fn data_dir(&self) -> &Path {
        Path::new(self.data_dir)
    }

    fn get(&self, name: &str) -> &Json<'_> {
        self.options.get(name).unwrap_or(&Json::Null)
    }

    /// The value of a `bool` option.
    ///
    /// # Panics
    /// If the plugin declares no such option of that type: an error in the plugin, caught and told like any panic. So do the other getters.
    pub fn bool(&self, name: &str) -> bool {
        match self.get(name) {
            Json::Bool(yes) => *yes,
            other => wrong(name, "bool", other),
        }
    }

    /// The value of an `integer` option.
    pub fn integer(&self, name: &str) -> i64 {
        match self.get(name) {
            Json::Number(n) => n.parse().unwrap_or_else(|_| wrong(name, "integer", &Json::Number(n))),
            other => wrong(name, "integer", other),
        }
    }

    /// The value of a `float` option.
    pub fn float(&self, name: &str) -> f64 {
        match self.get(name) {
            Json::Number(n) => n.parse().unwrap_or_else(|_| wrong(name, "float", &Json::Number(n))),
            other => wrong(name, "float", other),
        }
    }

    /// The value of a `string` or `path` option.
    pub fn string(&self, name: &str) -> &str {
        match self.get(name) {
            Json::String(text) => text,
            other => wrong(name, "string", other),
        }
    }

    /// The value of a `path` option, if it is not empty.
    pub fn path(&self, name: &str) -> Option<&Path> {
        Some(self.string(name)).filter(|p| !p.is_empty()).map(Path::new)
    }

    /// The values of a `list` option.
    pub fn list(&self, name: &str) -> Vec<&str> {
        match self.get(name) {
            Json::Array(items) => items.iter().filter_map(Json::as_str).collect(),
            other => wrong(name, "list", other),
        }
    }
}

fn wrong(name: &str, kind: &str, found: &Json) -> ! {
    panic!("option `{name}` was asked for as {kind}, but is declared otherwise or not at all (found {found:?})")
}
