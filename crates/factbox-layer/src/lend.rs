//! Layers as plugins see them: the store's annotations and the host's own layers laid out as the arrays of `factbox.h`, in buffers that
//! are refilled from article to article. Only pointers are made here; whoever reads them (the plugin's side) vouches for them.

use crate::{Layer, LayerSchema, Names, Value};
use factbox_abi::*;
use factbox_text::{Analysis, Span, hash_of};

/// Keys of the host's own layers.
#[derive(Clone, Copy, Debug)]
pub struct BaseKeys {
    zone: u32,
    lower: u32,
    shape: u32,
    hash: u32,
    kinds: [u32; 9],
}

impl BaseKeys {
    /// Interns them.
    pub fn new(names: &mut Names) -> Self {
        BaseKeys {
            zone: names.intern("zone"),
            lower: names.intern("lower"),
            shape: names.intern("shape"),
            hash: names.intern("hash"),
            kinds: factbox_text::ZoneKind::ALL.map(|kind| names.intern(kind.name())),
        }
    }
}

/// One layer, laid out for plugins.
#[derive(Default)]
pub struct Lent {
    anns: Vec<FbxAnn>,
    attrs: Vec<FbxAttr>,
    /// Those of the tokens, in place of `attrs`: there are many, and each token has the same three.
    tokens: Vec<[FbxAttr; 3]>,
}

fn string(text: &str) -> FbxValue {
    FbxValue { s: FbxStr::new(text) }
}

impl Lent {
    fn clear(&mut self) {
        self.anns.clear();
        self.attrs.clear();
        self.tokens.clear();
    }

    fn open(&mut self, span: Span, kind: u32, score: f32, attr_count: u32) {
        let attr_first = self.attrs.len() as u32;
        self.anns.push(FbxAnn { start: span.start, end: span.end, kind, score, attr_first, attr_count });
    }

    /// Lays out base layer number `which` of [`BASE_LAYERS`](crate::BASE_LAYERS).
    pub fn base(&mut self, which: usize, analysis: &Analysis, keys: &BaseKeys) {
        self.clear();
        let zone =
            |kind: factbox_text::ZoneKind| FbxAttr { key: keys.zone, tag: FBX_INT, v: FbxValue { i: kind as i64 } };
        match which {
            0 => {
                for z in &analysis.zones {
                    self.open(z.span, keys.kinds[z.kind as usize], f32::NAN, 1);
                    self.attrs.push(zone(z.kind));
                }
            }
            1 => {
                for p in &analysis.paragraphs {
                    self.open(p.span, keys.kinds[p.zone as usize], f32::NAN, 1);
                    self.attrs.push(zone(p.zone));
                }
            }
            2 => analysis.sentences.iter().for_each(|s| self.open(*s, 0, f32::NAN, 0)),
            _ => {
                let lower = analysis.lower.as_bytes();
                let ann = |(number, t): (usize, &factbox_text::Token)| FbxAnn {
                    start: t.span.start,
                    end: t.span.end,
                    kind: 0,
                    score: f32::NAN,
                    attr_first: number as u32 * 3,
                    attr_count: 3,
                };
                let int = |key, i| FbxAttr { key, tag: FBX_INT, v: FbxValue { i } };
                self.anns.extend(analysis.tokens.iter().enumerate().map(ann));
                self.tokens.extend(analysis.tokens.iter().map(|t| {
                    let own = &lower[t.lower.start as usize..t.lower.end as usize];
                    let s = FbxStr { ptr: own.as_ptr(), len: own.len() };
                    [
                        FbxAttr { key: keys.lower, tag: FBX_STR, v: FbxValue { s } },
                        int(keys.shape, i64::from(t.shape.0)),
                        int(keys.hash, hash_of(lower, t.lower) as i64),
                    ]
                }));
            }
        }
    }

    /// Lays out a layer that a plugin provided. `schemas` are the plan's.
    pub fn layer(&mut self, schema: &LayerSchema, schemas: &[LayerSchema], layer: &Layer) {
        self.clear();
        self.attrs.reserve(layer.attributes.len());
        for a in &layer.annotations {
            let kind = schema.kinds.get(usize::from(a.kind)).map_or(0, |k| k.1);
            self.open(a.span, kind, a.score, a.count);
            for attribute in layer.attributes_of(a) {
                let key = schema.attributes.get(usize::from(attribute.attribute)).map_or(0, |s| s.id);
                let (tag, v) = match attribute.value {
                    Value::Int(i) => (FBX_INT, FbxValue { i }),
                    Value::Float(f) => (FBX_FLOAT, FbxValue { f }),
                    Value::Str(at) => (FBX_STR, string(layer.string(at))),
                    Value::Json(at) => (FBX_JSON, string(layer.string(at))),
                    Value::Span(s) => (FBX_SPAN, FbxValue { p: FbxPair { a: s.start, b: s.end } }),
                    Value::Ref { layer, index } => {
                        let a = schemas.get(usize::from(layer)).map_or(0, |s| s.id);
                        (FBX_REF, FbxValue { p: FbxPair { a, b: index } })
                    }
                    Value::Bool(b) => (FBX_BOOL, FbxValue { i: i64::from(b) }),
                };
                self.attrs.push(FbxAttr { key, tag, v });
            }
        }
    }

    /// The layer as the ABI has it. Its pointers hold until the next call that refills this buffer.
    pub fn raw(&self, name: &str) -> FbxLayer {
        let attrs = if self.tokens.is_empty() { self.attrs.as_slice() } else { self.tokens.as_flattened() };
        FbxLayer {
            size: size_of::<FbxLayer>() as u32,
            flags: 0,
            name: FbxStr::new(name),
            anns: self.anns.as_ptr(),
            n_anns: self.anns.len(),
            attrs: attrs.as_ptr(),
            n_attrs: attrs.len(),
        }
    }

    /// An optional layer that nobody provides.
    pub fn absent() -> FbxLayer {
        FbxLayer {
            size: size_of::<FbxLayer>() as u32,
            flags: 0,
            name: FbxStr::EMPTY,
            anns: std::ptr::null(),
            n_anns: 0,
            attrs: std::ptr::null(),
            n_attrs: 0,
        }
    }
}
