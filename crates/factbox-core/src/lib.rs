//! Articles, layers, records, the pipeline file and the plugin graph of factbox: everything but loading libraries and reading files.

mod article;
mod error;

pub use article::{Article, Meta};
pub use error::{ArticleError, Stage};
