//! Articles, layers, records, the pipeline file and the plugin graph of factbox: everything but loading libraries and reading files.

mod article;
mod diagnostic;
mod error;
pub mod metadata;
pub mod offsets;
pub mod pipeline;
mod plan;
pub mod record;

pub use article::{Article, Meta};
pub use diagnostic::{Diagnostic, nearest};
pub use error::{ArticleError, Stage};
pub use plan::{Plan, PlannedPlugin};
