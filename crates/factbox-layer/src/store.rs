//! The store of one layer of one article: flat vectors and one string arena, emptied and refilled from article to article.

use crate::Span;

/// The value of an attribute. Strings are ranges of [`Layer::strings`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// An integer.
    Int(i64),
    /// A finite float.
    Float(f64),
    /// A string.
    Str(Span),
    /// A stretch of the text.
    Span(Span),
    /// Annotation `index` of the plan's layer `layer`.
    Ref {
        /// Position of the layer in the plan.
        layer: u16,
        /// Position of the annotation in that layer.
        index: u32,
    },
    /// A truth value.
    Bool(bool),
    /// A JSON value, as text.
    Json(Span),
}

/// One attribute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attribute {
    /// Position in the schema's attributes.
    pub attribute: u16,
    /// Its value.
    pub value: Value,
}

/// One annotation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Annotation {
    /// Where it stands (bytes).
    pub span: Span,
    /// Position in the schema's kinds, `u16::MAX` for none.
    pub kind: u16,
    /// Confidence, NaN for none.
    pub score: f32,
    /// First of its attributes.
    pub first: u32,
    /// How many.
    pub count: u32,
}

impl Annotation {
    /// `kind` of annotations that have none.
    pub const NO_KIND: u16 = u16::MAX;
}

/// The annotations of one layer, in text order.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// Annotations, by start, then end.
    pub annotations: Vec<Annotation>,
    /// Their attributes.
    pub attributes: Vec<Attribute>,
    /// Their strings, one after the other.
    pub strings: String,
}

impl Layer {
    /// Forgets the last article, keeps the memory.
    pub fn clear(&mut self) {
        self.annotations.clear();
        self.attributes.clear();
        self.strings.clear();
    }

    /// The attributes of an annotation of this layer.
    pub fn attributes_of(&self, annotation: &Annotation) -> &[Attribute] {
        let first = annotation.first as usize;
        self.attributes.get(first..first + annotation.count as usize).unwrap_or(&[])
    }

    /// The string at `span` of the arena.
    pub fn string(&self, span: Span) -> &str {
        span.of(&self.strings)
    }
}
