//! Layers: the one idea of factbox. A layer is a list of annotations of an article's text: a span, a kind, a score and typed
//! attributes. This crate holds their schema, their store and [`Emission`], the check that everything a plugin emits goes through
//! before anybody else sees it. The host uses it on one side of the plugin boundary, the SDK's test kit on the other, so that a plugin
//! which passes its own tests passes in the host. It depends on nothing but `factbox-text`.

mod describe;
mod emission;
pub mod json;
pub mod lend;
mod names;
mod schema;
mod store;
pub mod wire;

pub use describe::describe;
pub use emission::{Emission, Intake, Limits, Outcome, RawAnnotation, RawValue};
pub use factbox_text::Span;
pub use names::Names;
pub use schema::{AttributeSchema, AttributeType, LayerSchema};
pub use store::{Annotation, Attribute, Layer, Value};

/// The host's own layers, in the order in which they stand at the beginning of every plan.
pub const BASE_LAYERS: [&str; 4] = ["zones", "paragraphs", "sentences", "tokens"];
