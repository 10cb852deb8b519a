//! All that the author of a factbox plugin needs. A plugin reads layers of an article (tokens, sentences, what other plugins found) and
//! adds layers of its own. This is a whole one: it finds shouting, words in capitals of a minimum length.
//!
//! ```
//! use factbox_sdk::prelude::*;
//!
//! pub struct Shouting {
//!     min_length: usize,
//!     word: Key,
//! }
//!
//! impl Plugin for Shouting {
//!     const ID: &'static str = "shouting";
//!     const SUMMARY: &'static str = "words in capitals";
//!     const REQUIRES: &'static [&'static str] = &["tokens"];
//!     const PROVIDES: &'static [Layer] = &[Layer::new("shouts", "s", "words in capitals")
//!         .attributes(&[Attribute::string("word", "the word in lower case")])];
//!     const OPTIONS: &'static [Opt] = &[Opt::integer("min-length", 4, "letters a word must have")];
//!
//!     fn new(setup: &Setup) -> Result<Self, SetupError> {
//!         Ok(Shouting { min_length: setup.integer("min-length") as usize, word: setup.key("word") })
//!     }
//!
//!     fn process(&mut self, doc: &Doc, out: &mut Output) -> Result<(), ProcessError> {
//!         for token in doc.tokens() {
//!             if token.shape.letters() == Letters::Upper && token.text.len() >= self.min_length {
//!                 out.add(0, token.span, Key::NONE).string(self.word, token.lower);
//!             }
//!         }
//!         Ok(())
//!     }
//! }
//!
//! export_plugin!(Shouting);
//!
//! // In the plugin's tests: no library, no host, the same checks.
//! let facts = factbox_sdk::testing::Kit::<Shouting>::new().option("min-length", "5").run("He said: STOP at once, PLEASE.");
//! assert_eq!(facts.to_string(), "shouts s1 23..29 \"PLEASE\" word=\"please\"\n");
//! ```
//!
//! # How a plugin runs
//! The host makes one instance per worker thread ([`Plugin::new`]) and hands it article after article ([`Plugin::process`]). Options arrive
//! checked and with their defaults. Names of kinds and attributes are interned once, in `new`, and are plain numbers ([`Key`]) afterwards.
//! A panic costs the article, not the run: it is caught, told with its place, and the instance is made anew.
//!
//! All offsets are bytes into [`Doc::text`], on character boundaries.

mod declare;
mod doc;
pub mod ffi;
mod output;
mod plugin;
pub mod testing;

pub use declare::{Attribute, Layer, Opt, metadata};
pub use doc::{Annotation, Annotations, Doc, Token, Tokens};
pub use factbox_abi as abi;
pub use factbox_layer::{AttributeType, Span, json};
pub use factbox_text::{Class, Letters, Shape, ZoneKind, hash, hashing};
pub use output::{Key, NewAnnotation, Output};
pub use plugin::{Plugin, ProcessError, Setup, SetupError};

/// What nearly every plugin uses.
pub mod prelude {
    pub use crate::{
        Annotation, Annotations, Attribute, Class, Doc, Key, Layer, Letters, Opt, Output, Plugin, ProcessError, Setup,
        SetupError, Shape, Span, Token, ZoneKind, export_plugin,
    };
}
