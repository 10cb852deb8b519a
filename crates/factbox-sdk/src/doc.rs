//! An article as a plugin sees it: borrowed text, the layers it required, nothing copied.

use crate::{Key, Shape, ZoneKind, ffi};
use factbox_abi::{FbxAnn, FbxAttr};
use factbox_layer::Span;

/// One article, borrowed from the host for one call of [`Plugin::process`](crate::Plugin::process).
pub struct Doc<'a> {
    pub(crate) raw: ffi::RawDoc<'a>,
    pub(crate) requires: &'static [&'static str],
}

impl<'a> Doc<'a> {
    /// The text. All offsets are bytes into it.
    pub fn text(&self) -> &'a str {
        self.raw.text
    }

    /// The article's id.
    pub fn id(&self) -> &'a str {
        self.raw.id
    }

    /// ISO 639-1 code of its language.
    pub fn language(&self) -> &'a str {
        self.raw.lang
    }

    /// The record's `meta` object as JSON: title, published, byline, publisher, url, language.
    pub fn meta_json(&self) -> &'a str {
        self.raw.meta_json
    }

    /// A field of `meta`, e.g. `published`.
    pub fn meta(&self, key: &str) -> Option<String> {
        factbox_layer::json::parse(self.raw.meta_json).ok()?.get(key)?.as_str().map(str::to_owned)
    }

    /// Whether the host wants the plugin to stop (a timeout, an interrupt). Poll once a sentence, return [`ProcessError::Cancelled`](crate::ProcessError::Cancelled).
    pub fn cancelled(&self) -> bool {
        self.raw.cancelled()
    }

    /// A required layer by its name (without `?`). `None` for an optional one that nobody provides, and for one that was not required.
    pub fn layer(&self, name: &str) -> Option<Annotations<'a>> {
        let at = self.requires.iter().position(|r| r.strip_suffix('?').unwrap_or(r) == name)?;
        let (anns, attrs) = self.raw.layer(at)?;
        Some(Annotations { text: self.raw.text, anns, attrs })
    }

    fn base(&self, name: &str) -> Annotations<'a> {
        self.layer(name).unwrap_or(Annotations { text: self.raw.text, anns: &[], attrs: &[] })
    }

    /// The tokens (none unless `tokens` is required).
    pub fn tokens(&self) -> Tokens<'a> {
        Tokens { all: self.base("tokens"), next: 0 }
    }

    /// The sentences (none unless `sentences` is required).
    pub fn sentences(&self) -> impl ExactSizeIterator<Item = Span> + 'a {
        self.base("sentences").into_iter().map(|a| a.span())
    }

    /// The paragraphs and the zones they stand in (none unless `paragraphs` is required).
    pub fn paragraphs(&self) -> impl ExactSizeIterator<Item = (Span, ZoneKind)> + 'a {
        self.base("paragraphs").into_iter().map(|a| (a.span(), zone(&a)))
    }

    /// The zones (none unless `zones` is required).
    pub fn zones(&self) -> impl ExactSizeIterator<Item = (Span, ZoneKind)> + 'a {
        self.base("zones").into_iter().map(|a| (a.span(), zone(&a)))
    }
}

fn zone(annotation: &Annotation) -> ZoneKind {
    match annotation.attrs.first().map(ffi::value) {
        Some(factbox_layer::RawValue::Int(n)) => ZoneKind::ALL.get(n as usize).copied().unwrap_or(ZoneKind::Body),
        _ => ZoneKind::Body,
    }
}

/// The annotations of a layer, in text order.
#[derive(Clone, Copy)]
pub struct Annotations<'a> {
    pub(crate) text: &'a str,
    pub(crate) anns: &'a [FbxAnn],
    pub(crate) attrs: &'a [FbxAttr],
}

impl<'a> Annotations<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.anns.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.anns.is_empty()
    }

    /// The annotation at `index`, as references count.
    #[inline]
    pub fn get(&self, index: usize) -> Option<Annotation<'a>> {
        let ann = self.anns.get(index)?;
        let first = ann.attr_first as usize;
        let attrs = self.attrs.get(first..first.checked_add(ann.attr_count as usize)?)?;
        Some(Annotation { text: self.text, ann, attrs })
    }
}

impl<'a> IntoIterator for Annotations<'a> {
    type Item = Annotation<'a>;
    type IntoIter = AnnotationIter<'a>;

    fn into_iter(self) -> AnnotationIter<'a> {
        AnnotationIter { all: self, next: 0 }
    }
}

/// Iterates over [`Annotations`].
pub struct AnnotationIter<'a> {
    all: Annotations<'a>,
    next: usize,
}

impl<'a> Iterator for AnnotationIter<'a> {
    type Item = Annotation<'a>;

    #[inline]
    fn next(&mut self) -> Option<Annotation<'a>> {
        let annotation = self.all.get(self.next)?;
        self.next += 1;
        Some(annotation)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.all.len().saturating_sub(self.next);
        (left, Some(left))
    }
}

impl ExactSizeIterator for AnnotationIter<'_> {}

/// One annotation of a layer that the plugin reads.
#[derive(Clone, Copy)]
pub struct Annotation<'a> {
    text: &'a str,
    ann: &'a FbxAnn,
    attrs: &'a [FbxAttr],
}

impl<'a> Annotation<'a> {
    /// Where it stands (bytes).
    #[inline]
    pub fn span(&self) -> Span {
        Span::new(self.ann.start, self.ann.end)
    }

    /// The text it covers.
    pub fn text(&self) -> &'a str {
        self.span().of(self.text)
    }

    /// Its kind; compare with keys made in [`Plugin::new`](crate::Plugin::new).
    pub fn kind(&self) -> Key {
        Key(self.ann.kind)
    }

    /// Its score, if it has one.
    pub fn score(&self) -> Option<f32> {
        Some(self.ann.score).filter(|s| !s.is_nan())
    }

    fn find(&self, key: Key) -> Option<factbox_layer::RawValue<'a>> {
        self.attrs.iter().find(|a| a.key == key.0).map(ffi::value)
    }

    /// A string (or JSON, as text) attribute.
    pub fn string(&self, key: Key) -> Option<&'a str> {
        match self.find(key)? {
            factbox_layer::RawValue::Str(bytes) | factbox_layer::RawValue::Json(bytes) => {
                std::str::from_utf8(bytes).ok()
            }
            _ => None,
        }
    }

    /// A span attribute.
    pub fn span_of(&self, key: Key) -> Option<Span> {
        match self.find(key)? {
            factbox_layer::RawValue::Span(start, end) => Some(Span::new(start, end)),
            _ => None,
        }
    }

    /// A reference: the index in the layer it points into.
    pub fn reference(&self, key: Key) -> Option<usize> {
        match self.find(key)? {
            factbox_layer::RawValue::Ref(_, index) => Some(index as usize),
            _ => None,
        }
    }

    /// The references of a list attribute.
    pub fn references(&self, key: Key) -> impl Iterator<Item = usize> + 'a {
        self.attrs.iter().filter(move |a| a.key == key.0).filter_map(|a| match ffi::value(a) {
            factbox_layer::RawValue::Ref(_, index) => Some(index as usize),
            _ => None,
        })
    }

    /// The strings of a list attribute.
    pub fn strings(&self, key: Key) -> impl Iterator<Item = &'a str> + 'a {
        self.attrs.iter().filter(move |a| a.key == key.0).filter_map(|a| match ffi::value(a) {
            factbox_layer::RawValue::Str(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        })
    }

    /// An integer attribute.
    pub fn integer(&self, key: Key) -> Option<i64> {
        match self.find(key)? {
            factbox_layer::RawValue::Int(n) => Some(n),
            _ => None,
        }
    }

    /// A float attribute.
    pub fn float(&self, key: Key) -> Option<f64> {
        match self.find(key)? {
            factbox_layer::RawValue::Float(n) => Some(n),
            _ => None,
        }
    }

    /// A truth value.
    pub fn bool(&self, key: Key) -> Option<bool> {
        match self.find(key)? {
            factbox_layer::RawValue::Bool(n) => Some(n != 0),
            _ => None,
        }
    }
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    /// Where it stands (bytes).
    pub span: Span,
    /// As written.
    pub text: &'a str,
    /// Lower-case form, typographic apostrophes folded.
    pub lower: &'a str,
    /// Class, letter case, flags, zone.
    pub shape: Shape,
    /// [`hash`](crate::hash) of `lower`.
    pub hash: u64,
}

/// Iterates over the tokens of an article.
#[derive(Clone)]
pub struct Tokens<'a> {
    all: Annotations<'a>,
    next: usize,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    #[inline]
    fn next(&mut self) -> Option<Token<'a>> {
        let annotation = self.all.get(self.next)?;
        self.next += 1;
        let [lower, shape, hash] = annotation.attrs else { return None };
        let lower = ffi::trusted_str(lower);
        let number = |attr: &FbxAttr| match ffi::value(attr) {
            factbox_layer::RawValue::Int(n) => n,
            _ => 0,
        };
        Some(Token {
            span: annotation.span(),
            text: annotation.text(),
            lower,
            shape: Shape(number(shape) as u32),
            hash: number(hash) as u64,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.all.len().saturating_sub(self.next);
        (left, Some(left))
    }
}

impl ExactSizeIterator for Tokens<'_> {}
