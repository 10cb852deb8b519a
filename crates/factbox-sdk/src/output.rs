//! What a plugin emits: annotations collected in flat buffers, handed to the host in one batch a layer when the article is done.

use factbox_layer::{RawValue, Span};

/// An interned name: a kind, an attribute or a layer. Get them from [`Setup::key`](crate::Setup::key), once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(pub u32);

impl Key {
    /// No name: the kind of annotations that have none.
    pub const NONE: Key = Key(0);
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    pub span: Span,
    pub kind: Key,
    pub score: f32,
    pub first: u32,
    pub count: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Held {
    Int(i64),
    Float(f64),
    Str(Span),
    Span(Span),
    Ref(Key, u32),
    Bool(bool),
    Json(Span),
}

/// One layer's batch.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub heads: Vec<Head>,
    pub attributes: Vec<(Key, Held)>,
    pub strings: String,
}

impl Batch {
    #[inline]
    pub fn value(&self, held: Held) -> RawValue<'_> {
        match held {
            Held::Int(n) => RawValue::Int(n),
            Held::Float(n) => RawValue::Float(n),
            Held::Str(at) => RawValue::Str(at.of(&self.strings).as_bytes()),
            Held::Json(at) => RawValue::Json(at.of(&self.strings).as_bytes()),
            Held::Span(span) => RawValue::Span(span.start, span.end),
            Held::Ref(layer, index) => RawValue::Ref(layer.0, index),
            Held::Bool(yes) => RawValue::Bool(i64::from(yes)),
        }
    }

    fn clear(&mut self) {
        self.heads.clear();
        self.attributes.clear();
        self.strings.clear();
    }
}

/// Takes the annotations of one article.
#[derive(Debug)]
pub struct Output {
    pub(crate) batches: Vec<Batch>,
}

impl Output {
    pub(crate) fn new(layers: usize) -> Self {
        Output { batches: (0..layers).map(|_| Batch::default()).collect() }
    }

    pub(crate) fn clear(&mut self) {
        self.batches.iter_mut().for_each(Batch::clear);
    }

    /// Adds an annotation to layer `layer`, counted within [`Plugin::PROVIDES`](crate::Plugin::PROVIDES).
    ///
    /// # Panics
    /// If the plugin provides no such layer.
    pub fn add(&mut self, layer: usize, span: impl Into<Span>, kind: Key) -> NewAnnotation<'_> {
        let batch = &mut self.batches[layer];
        let first = batch.attributes.len() as u32;
        batch.heads.push(Head { span: span.into(), kind, score: f32::NAN, first, count: 0 });
        NewAnnotation { batch }
    }

    /// How many annotations layer `layer` has so far: the index that the next one will have for references.
    pub fn len(&self, layer: usize) -> usize {
        self.batches[layer].heads.len()
    }

    /// Whether layer `layer` has no annotation so far.
    pub fn is_empty(&self, layer: usize) -> bool {
        self.len(layer) == 0
    }
}

/// An annotation that was just added, to be given a score and attributes. Attributes of one object (`speaker`, `speaker.name`) and of one
/// list are added one after the other. Values given as `None` are left out.
#[derive(Debug)]
pub struct NewAnnotation<'a> {
    batch: &'a mut Batch,
}

impl NewAnnotation<'_> {
    #[inline]
    fn push(self, key: Key, held: Option<Held>) -> Self {
        if let Some(held) = held {
            self.batch.attributes.push((key, held));
            if let Some(head) = self.batch.heads.last_mut() {
                head.count += 1;
            }
        }
        self
    }

    #[inline]
    fn hold(&mut self, text: &str) -> Span {
        let from = self.batch.strings.len();
        self.batch.strings.push_str(text);
        Span::from(from..self.batch.strings.len())
    }

    /// Its position in the layer, for references to it.
    pub fn index(&self) -> usize {
        self.batch.heads.len() - 1
    }

    /// Confidence between 0 and 1.
    #[inline]
    pub fn score(self, score: f32) -> Self {
        if let Some(head) = self.batch.heads.last_mut() {
            head.score = score;
        }
        self
    }

    /// An integer.
    #[inline]
    pub fn integer(self, key: Key, value: impl Into<Option<i64>>) -> Self {
        self.push(key, value.into().map(Held::Int))
    }

    /// A float.
    #[inline]
    pub fn float(self, key: Key, value: impl Into<Option<f64>>) -> Self {
        self.push(key, value.into().map(Held::Float))
    }

    /// A string.
    pub fn string<'s>(mut self, key: Key, value: impl Into<Option<&'s str>>) -> Self {
        let held = value.into().map(|text| Held::Str(self.hold(text)));
        self.push(key, held)
    }

    /// A JSON value, as text.
    pub fn json<'s>(mut self, key: Key, value: impl Into<Option<&'s str>>) -> Self {
        let held = value.into().map(|text| Held::Json(self.hold(text)));
        self.push(key, held)
    }

    /// A stretch of the text.
    #[inline]
    pub fn span(self, key: Key, value: impl Into<Option<Span>>) -> Self {
        self.push(key, value.into().map(Held::Span))
    }

    /// Annotation `index` of the layer with key `layer`; for the plugin's own layers in the order of [`Output::add`].
    #[inline]
    pub fn reference(self, key: Key, layer: Key, index: impl Into<Option<usize>>) -> Self {
        self.push(key, index.into().map(|index| Held::Ref(layer, u32::try_from(index).unwrap_or(u32::MAX))))
    }

    /// A truth value.
    #[inline]
    pub fn bool(self, key: Key, value: impl Into<Option<bool>>) -> Self {
        self.push(key, value.into().map(Held::Bool))
    }
}
