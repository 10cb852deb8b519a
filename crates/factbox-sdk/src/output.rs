//! What a plugin emits: annotations collected in flat buffers, handed to the host in one batch a layer when the article is done.

use factbox_abi::*;
use factbox_layer::Span;

/// An interned name: a kind, an attribute or a layer. Get them from [`Setup::key`](crate::Setup::key), once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(pub u32);

impl Key {
    /// No name: the kind of annotations that have none.
    pub const NONE: Key = Key(0);
}

/// One layer's batch, laid out as the host takes it. Strings grow in one piece, which may move: until [`Batch::seal`] their attributes hold none.
#[derive(Default)]
pub(crate) struct Batch {
    pub anns: Vec<FbxAnn>,
    pub attrs: Vec<FbxAttr>,
    strings: String,
    /// Which attributes hold which stretches of `strings`.
    held: Vec<(u32, Span)>,
}

impl Batch {
    /// Lets the attributes point to their strings; nothing is added afterwards.
    pub fn seal(&mut self) {
        for (at, span) in self.held.drain(..) {
            self.attrs[at as usize].v = FbxValue { s: FbxStr::new(span.of(&self.strings)) };
        }
    }

    fn clear(&mut self) {
        self.anns.clear();
        self.attrs.clear();
        self.strings.clear();
        self.held.clear();
    }
}

/// Takes the annotations of one article.
pub struct Output {
    pub(crate) batches: Vec<Batch>,
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.debug_list().entries(self.batches.iter().map(|b| b.anns.as_slice())).finish()
    }
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
        let (span, attr_first) = (span.into(), batch.attrs.len() as u32);
        let (start, end) = (span.start, span.end);
        batch.anns.push(FbxAnn { start, end, kind: kind.0, score: f32::NAN, attr_first, attr_count: 0 });
        NewAnnotation { batch }
    }

    /// How many annotations layer `layer` has so far: the index that the next one will have for references.
    pub fn len(&self, layer: usize) -> usize {
        self.batches[layer].anns.len()
    }

    /// Whether layer `layer` has no annotation so far.
    pub fn is_empty(&self, layer: usize) -> bool {
        self.len(layer) == 0
    }
}

/// An annotation that was just added, to be given a score and attributes. Attributes of one object (`speaker`, `speaker.name`) and of one
/// list are added one after the other. Values given as `None` are left out.
pub struct NewAnnotation<'a> {
    batch: &'a mut Batch,
}

impl std::fmt::Debug for NewAnnotation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.debug_tuple("NewAnnotation").field(&self.batch.anns.last()).finish()
    }
}

impl NewAnnotation<'_> {
    #[inline]
    fn push(self, key: Key, tag: u32, value: Option<FbxValue>) -> Self {
        if let Some(v) = value {
            self.batch.attrs.push(FbxAttr { key: key.0, tag, v });
            if let Some(ann) = self.batch.anns.last_mut() {
                ann.attr_count += 1;
            }
        }
        self
    }

    #[inline]
    fn hold(self, key: Key, tag: u32, text: Option<&str>) -> Self {
        let Some(text) = text else { return self };
        let from = self.batch.strings.len();
        self.batch.strings.push_str(text);
        let span = Span::from(from..self.batch.strings.len());
        self.batch.held.push((self.batch.attrs.len() as u32, span));
        self.push(key, tag, Some(FbxValue { s: FbxStr::EMPTY }))
    }

    /// Its position in the layer, for references to it.
    pub fn index(&self) -> usize {
        self.batch.anns.len() - 1
    }

    /// Confidence between 0 and 1.
    #[inline]
    pub fn score(self, score: f32) -> Self {
        if let Some(ann) = self.batch.anns.last_mut() {
            ann.score = score;
        }
        self
    }

    /// An integer.
    #[inline]
    pub fn integer(self, key: Key, value: impl Into<Option<i64>>) -> Self {
        self.push(key, FBX_INT, value.into().map(|i| FbxValue { i }))
    }

    /// A float.
    #[inline]
    pub fn float(self, key: Key, value: impl Into<Option<f64>>) -> Self {
        self.push(key, FBX_FLOAT, value.into().map(|f| FbxValue { f }))
    }

    /// A string.
    pub fn string<'s>(self, key: Key, value: impl Into<Option<&'s str>>) -> Self {
        self.hold(key, FBX_STR, value.into())
    }

    /// A JSON value, as text.
    pub fn json<'s>(self, key: Key, value: impl Into<Option<&'s str>>) -> Self {
        self.hold(key, FBX_JSON, value.into())
    }

    /// A stretch of the text.
    #[inline]
    pub fn span(self, key: Key, value: impl Into<Option<Span>>) -> Self {
        self.push(key, FBX_SPAN, value.into().map(|s| FbxValue { p: FbxPair { a: s.start, b: s.end } }))
    }

    /// Annotation `index` of the layer with key `layer`; for the plugin's own layers in the order of [`Output::add`].
    #[inline]
    pub fn reference(self, key: Key, layer: Key, index: impl Into<Option<usize>>) -> Self {
        let pair = |index| FbxPair { a: layer.0, b: u32::try_from(index).unwrap_or(u32::MAX) };
        self.push(key, FBX_REF, index.into().map(|index: usize| FbxValue { p: pair(index) }))
    }

    /// A truth value.
    #[inline]
    pub fn bool(self, key: Key, value: impl Into<Option<bool>>) -> Self {
        self.push(key, FBX_BOOL, value.into().map(|yes| FbxValue { i: i64::from(yes) }))
    }
}
