//! The check that a plugin's output goes through: bounds, character boundaries, declared kinds and attributes, types, UTF-8,
//! references. What does not hold is dropped and told; what holds is copied into the layer's store. At the end the layers are put into
//! text order and references follow. Linear but for that sort; nothing a plugin hands over is trusted.

use crate::{Annotation, Attribute, AttributeSchema, AttributeType, Layer, LayerSchema, Span, Value, json};

/// An annotation as it crossed the boundary.
#[derive(Clone, Copy, Debug)]
pub struct RawAnnotation {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Interned kind, 0 for none.
    pub kind: u32,
    /// Confidence, NaN for none.
    pub score: f32,
}

/// An attribute's value as it crossed the boundary.
#[derive(Clone, Copy, Debug)]
pub enum RawValue<'a> {
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// Supposed to be UTF-8.
    Str(&'a [u8]),
    /// Supposed to be a stretch of the text.
    Span(u32, u32),
    /// Interned layer name, index.
    Ref(u32, u32),
    /// Supposed to be 0 or 1.
    Bool(i64),
    /// Supposed to be JSON.
    Json(&'a [u8]),
    /// A tag that this ABI does not know.
    Unknown(u32),
}

/// How much a plugin may emit for one article, against allocation bombs.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Annotations in one layer.
    pub annotations: usize,
    /// Attributes in one layer.
    pub attributes: usize,
    /// Bytes of strings in one layer.
    pub strings: usize,
}

impl Limits {
    /// Limits for a text of `len` bytes: an annotation a byte, and never less than 10,000.
    pub fn for_text(len: usize) -> Self {
        let annotations = len.max(10_000);
        Limits { annotations, attributes: annotations * 16, strings: (1 << 20) + len * 64 }
    }
}

/// What came of one plugin's emission.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many annotations or attributes were dropped.
    pub dropped: u32,
    /// The first few reasons, each naming layer, annotation and attribute.
    pub reasons: Vec<String>,
}

const GONE: u32 = u32::MAX;

#[derive(Debug, Default)]
struct Progress {
    emitted: u32,
    renumbered: Option<Vec<u32>>,
    /// The layer's strings while they are being taken, one after the other: each of them was found to be UTF-8.
    strings: Vec<u8>,
    /// Whether something of the layer refers to something.
    refers: bool,
}

/// One plugin's output for one article on its way into the layers of the plan. They are whole once [`Emission::finish`] was called.
#[derive(Debug)]
pub struct Emission<'a> {
    text: &'a str,
    schemas: &'a [LayerSchema],
    layers: &'a mut [Layer],
    provided: &'a [u16],
    limits: Limits,
    progress: Vec<Progress>,
    outcome: Outcome,
    /// The layer that the last reference pointed into: interned name, place in the plan. The next one most often points there too.
    target: Option<(u32, u16)>,
}

impl<'a> Emission<'a> {
    /// Output of a plugin that provides the plan's layers `provided`. `schemas` and `layers` are the plan's, side by side.
    pub fn new(
        text: &'a str,
        schemas: &'a [LayerSchema],
        layers: &'a mut [Layer],
        provided: &'a [u16],
        limits: Limits,
    ) -> Self {
        let mut begin = |layer: &u16| {
            let strings = std::mem::take(&mut layers[usize::from(*layer)].strings).into_bytes();
            Progress { strings, ..Progress::default() }
        };
        let progress = provided.iter().map(&mut begin).collect();
        Emission { text, schemas, layers, provided, limits, progress, outcome: Outcome::default(), target: None }
    }

    /// Where the annotations of layer `layer` (counted within the plugin's `provides`) go. None if there is no such layer, which is noted.
    #[inline]
    pub fn layer(&mut self, layer: u32) -> Option<Intake<'_, 'a>> {
        let Some((&target, progress)) = self.provided.get(layer as usize).zip(self.progress.get_mut(layer as usize))
        else {
            self.outcome
                .drop(|| format!("layer number {layer} was not declared: the plugin provides {}", self.provided.len()));
            return None;
        };
        Some(Intake {
            text: self.text,
            schemas: self.schemas,
            schema: &self.schemas[target as usize],
            limits: self.limits,
            store: &mut self.layers[target as usize],
            progress,
            outcome: &mut self.outcome,
            target: &mut self.target,
        })
    }

    /// Notes something else that is wrong with the emission.
    pub fn complain(&mut self, why: impl FnOnce() -> String) {
        self.outcome.drop(why);
    }

    /// Puts the layers into text order, lets references follow, drops those that point nowhere.
    pub fn finish(mut self) -> Outcome {
        for (progress, &target) in self.progress.iter_mut().zip(self.provided) {
            let layer = &mut self.layers[target as usize];
            let strings = std::mem::take(&mut progress.strings);
            layer.strings = String::from_utf8(strings).expect("each string was checked when it was taken");
            sort(layer, progress);
        }
        // References are checked against the final lengths: attributes may still go, annotations no more.
        let lengths: Vec<usize> = self.layers.iter().map(|l| l.annotations.len()).collect();
        for (own, &target) in self.provided.iter().enumerate() {
            if !self.progress[own].refers {
                continue;
            }
            let schema = &self.schemas[target as usize];
            let store = &mut self.layers[target as usize];
            let (provided, progress) = (self.provided, &self.progress);
            let mut dangling = Vec::new();
            for (at, attribute) in store.attributes.iter_mut().enumerate() {
                let Value::Ref { layer, index } = &mut attribute.value else { continue };
                let own = provided.iter().position(|p| p == layer);
                let list = own.and_then(|own| progress[own].renumbered.as_ref());
                let to = match list {
                    Some(list) => list.get(*index as usize).copied().unwrap_or(GONE),
                    None => *index,
                };
                if to != GONE && (to as usize) < lengths[*layer as usize] {
                    *index = to;
                } else {
                    dangling.push((at, *layer, *index));
                }
            }
            for &(at, layer, index) in &dangling {
                let (from, to) = (
                    &schema.attributes[store.attributes[at].attribute as usize].name,
                    &self.schemas[layer as usize].name,
                );
                self.outcome.drop(|| {
                    format!(
                        "{}: attribute `{from}` refers to annotation {index} of `{to}`, which is not there",
                        schema.name
                    )
                });
            }
            if !dangling.is_empty() {
                remove_attributes(store, &dangling.iter().map(|d| d.0).collect::<Vec<_>>());
            }
        }
        self.outcome
    }
}

/// Takes the annotations of one layer.
#[derive(Debug)]
pub struct Intake<'e, 'a> {
    text: &'a str,
    schemas: &'a [LayerSchema],
    schema: &'a LayerSchema,
    limits: Limits,
    store: &'e mut Layer,
    progress: &'e mut Progress,
    outcome: &'e mut Outcome,
    target: &'e mut Option<(u32, u16)>,
}

impl Intake<'_, '_> {
    /// Takes one annotation; the attributes come as keys and what reads their values. False if it, or one of its attributes, was dropped.
    #[inline]
    pub fn push<'v>(
        &mut self,
        raw: RawAnnotation,
        attributes: impl ExactSizeIterator<Item = (u32, impl FnOnce() -> RawValue<'v>)>,
    ) -> bool {
        self.progress.emitted = self.progress.emitted.saturating_add(1);
        if self.store.annotations.len() >= self.limits.annotations
            || self.store.attributes.len() + attributes.len() > self.limits.attributes
        {
            return self.refuse(&raw, "more than the article's length allows");
        }
        if !is_span(self.text, raw.start, raw.end) {
            let len = self.text.len();
            return self
                .refuse(&raw, format_args!("the span is not within the text of {len} bytes, on character boundaries"));
        }
        let kind = match (raw.kind, self.schema.kinds.is_empty()) {
            (0, true) => Annotation::NO_KIND,
            (id, _) => match self.schema.kind(id) {
                Some(kind) => kind,
                None => return self.refuse(&raw, "its kind was not declared"),
            },
        };
        let score = if raw.score.is_infinite() { f32::NAN } else { raw.score.clamp(0.0, 1.0) };
        let first = self.store.attributes.len() as u32;
        let mut whole = true;
        let mut seen = Seen::default();
        self.store.attributes.reserve(attributes.len());
        for (key, value) in attributes {
            let Some(at) = self.schema.attribute(key) else {
                whole = self.drop(&raw, format_args!("attribute key {key} was not declared for this layer"));
                continue;
            };
            let attribute = &self.schema.attributes[usize::from(at)];
            let (kept, from) = (self.store.attributes.len(), self.progress.strings.len());
            let taken = self.take(at, attribute, value());
            if let Err(why) = taken.and_then(|()| seen.admit(attribute, at)) {
                self.store.attributes.truncate(kept);
                self.progress.strings.truncate(from);
                whole = self.drop(&raw, why);
            }
        }
        let count = self.store.attributes.len() as u32 - first;
        if let Some(list) = &mut self.progress.renumbered {
            list.push(self.store.annotations.len() as u32);
        }
        self.store.annotations.push(Annotation { span: Span::new(raw.start, raw.end), kind, score, first, count });
        whole
    }

    /// Drops an annotation that cannot even be read, with the reason; false. It counts: references go on from it.
    #[cold]
    pub fn reject(&mut self, raw: &RawAnnotation, why: impl std::fmt::Display) -> bool {
        self.progress.emitted = self.progress.emitted.saturating_add(1);
        self.refuse(raw, why)
    }

    /// Keeps `value` if it may be the value of the attribute at `at`.
    #[inline(always)]
    fn take(&mut self, at: u16, attribute: &AttributeSchema, value: RawValue) -> Result<(), String> {
        let (name, kind) = (&attribute.name, attribute.kind);
        let (store, strings) = (&mut self.store.attributes, &mut self.progress.strings);
        let mut keep = |value| store.push(Attribute { attribute: at, value });
        // One branch by the value; that it is what was declared is nearly always so. Each arm keeps its own: an enum that the arms share would be taken
        // apart and put together again.
        match value {
            RawValue::Str(bytes) if kind == AttributeType::String => {
                let from = strings.len();
                if bytes.len() > self.limits.strings.saturating_sub(from) {
                    return Err(too_long(name));
                }
                if !is_short_ascii(bytes)
                    && let Err(why) = std::str::from_utf8(bytes)
                {
                    return Err(not_utf8(name, why));
                }
                strings.extend_from_slice(bytes);
                keep(Value::Str(Span::from(from..strings.len())));
            }
            RawValue::Json(bytes) if kind == AttributeType::Json => {
                let from = strings.len();
                if bytes.len() > self.limits.strings.saturating_sub(from) {
                    return Err(too_long(name));
                }
                let json = std::str::from_utf8(bytes).map_err(|e| not_utf8(name, e))?;
                json::validate(json).map_err(|e| format!("attribute `{name}` is not JSON: {e}"))?;
                strings.extend_from_slice(bytes);
                keep(Value::Json(Span::from(from..strings.len())));
            }
            RawValue::Span(start, end) if kind == AttributeType::Span => {
                if !is_span(self.text, start, end) {
                    return Err(not_a_span(name, start, end));
                }
                keep(Value::Span(Span::new(start, end)));
            }
            RawValue::Ref(layer, index) if kind == AttributeType::Reference => {
                if attribute.target_id != layer {
                    return Err(elsewhere(attribute));
                }
                let layer = match *self.target {
                    Some((id, at)) if id == layer => at,
                    _ => {
                        let there = self.schemas.iter().position(|s| s.id == layer);
                        let at = there.ok_or_else(|| not_there(name))? as u16;
                        *self.target = Some((layer, at));
                        at
                    }
                };
                self.progress.refers = true;
                keep(Value::Ref { layer, index });
            }
            RawValue::Int(n) if kind == AttributeType::Integer => keep(Value::Int(n)),
            RawValue::Float(n) if kind == AttributeType::Float && n.is_finite() => keep(Value::Float(n)),
            RawValue::Bool(n @ 0..=1) if kind == AttributeType::Bool => keep(Value::Bool(n == 1)),
            value => return Err(other_type(name, kind, &value)),
        }
        Ok(())
    }

    /// Notes why something of the annotation under way is dropped; false.
    #[cold]
    fn drop(&mut self, raw: &RawAnnotation, why: impl std::fmt::Display) -> bool {
        let (name, number) = (&self.schema.name, self.progress.emitted - 1);
        self.outcome.drop(|| format!("{name} annotation {number} ({}..{}): {why}", raw.start, raw.end));
        false
    }

    /// Drops the annotation under way; false.
    #[cold]
    fn refuse(&mut self, raw: &RawAnnotation, why: impl std::fmt::Display) -> bool {
        let kept = self.store.annotations.len() as u32;
        self.progress.renumbered.get_or_insert_with(|| (0..kept).collect()).push(GONE);
        self.drop(raw, why)
    }
}

impl Outcome {
    const REASONS: usize = 5;

    fn drop(&mut self, why: impl FnOnce() -> String) {
        self.dropped = self.dropped.saturating_add(1);
        if self.reasons.len() < Self::REASONS {
            self.reasons.push(why());
        }
    }
}

/// Which objects, lists and single attributes an annotation has had so far: each single one once, objects and lists in one piece.
#[derive(Default)]
pub(crate) struct Seen {
    closed: u64,
    singles: [u64; 2],
    /// Object and list of the attribute before, 0 for neither.
    last: u32,
}

impl Seen {
    /// Admits the attribute at `at` of the schema, or says why not.
    #[inline]
    pub(crate) fn admit(&mut self, attribute: &AttributeSchema, at: u16) -> Result<(), String> {
        if !attribute.list
            && let Some(word) = self.singles.get_mut(usize::from(at) / 64)
        {
            let bit = 1u64 << (at % 64);
            if *word & bit != 0 {
                return Err(twice(attribute));
            }
            *word |= bit;
        }
        let group = match attribute.object {
            Some(object) => 1 << 16 | u32::from(object),
            None if attribute.list => 2 << 16 | u32::from(at),
            None => 0,
        };
        if group != self.last {
            if group != 0 {
                let number = group & 0xffff;
                let bit = 1u64 << ((number % 32) + if group >> 16 == 1 { 0 } else { 32 });
                if self.closed & bit != 0 && number < 32 {
                    return Err(apart(attribute));
                }
                self.closed |= bit;
            }
            self.last = group;
        }
        Ok(())
    }
}

#[cold]
fn twice(attribute: &AttributeSchema) -> String {
    format!("attribute `{}` came twice; only names that end in [] may repeat", attribute.name)
}

#[cold]
fn apart(attribute: &AttributeSchema) -> String {
    format!("attribute `{}`: the attributes of one object or list must stand side by side", attribute.name)
}

#[inline]
pub(crate) fn is_span(text: &str, start: u32, end: u32) -> bool {
    start <= end && text.is_char_boundary(start as usize) && text.is_char_boundary(end as usize)
}

/// Most strings are short and ASCII, which needs no call to be seen.
#[inline]
fn is_short_ascii(bytes: &[u8]) -> bool {
    let high = |eight: &[u8; 8]| u64::from_le_bytes(*eight) & 0x8080_8080_8080_8080;
    match (bytes.len(), bytes.first_chunk(), bytes.last_chunk()) {
        // The two overlap.
        (8..=16, Some(first), Some(last)) => (high(first) | high(last)) == 0,
        (0..8, ..) => bytes.iter().fold(0, |all, byte| all | byte) < 0x80,
        _ => false,
    }
}

#[cold]
fn too_long(name: &str) -> String {
    format!("attribute `{name}`: more strings than the article's length allows")
}

#[cold]
fn not_a_span(name: &str, start: u32, end: u32) -> String {
    format!("attribute `{name}` = {start}..{end} is not within the text, on character boundaries")
}

#[cold]
fn elsewhere(attribute: &AttributeSchema) -> String {
    let wanted = attribute.target.as_deref().unwrap_or("");
    format!("attribute `{}` refers into another layer than `{wanted}`", attribute.name)
}

#[cold]
fn not_there(name: &str) -> String {
    format!("attribute `{name}` refers into a layer that this pipeline does not have")
}

#[cold]
fn other_type(name: &str, wanted: AttributeType, got: &RawValue) -> String {
    match (wanted, got) {
        (AttributeType::Float, RawValue::Float(n)) => format!("attribute `{name}` is {n}, not a finite number"),
        _ => format!("attribute `{name}` was declared as {}, but is {}", wanted.name(), got.name()),
    }
}

#[cold]
fn not_utf8(name: &str, error: std::str::Utf8Error) -> String {
    format!("attribute `{name}` is not UTF-8: {error}")
}

impl RawValue<'_> {
    fn name(&self) -> String {
        match self {
            RawValue::Int(_) => "an integer".into(),
            RawValue::Float(_) => "a float".into(),
            RawValue::Str(_) => "a string".into(),
            RawValue::Span(..) => "a span".into(),
            RawValue::Ref(..) => "a reference".into(),
            RawValue::Bool(n) => format!("the truth value {n}"),
            RawValue::Json(_) => "JSON".into(),
            RawValue::Unknown(tag) => format!("of the unknown tag {tag}"),
        }
    }
}

fn sort(store: &mut Layer, progress: &mut Progress) {
    let key = |a: &Annotation| (a.span.start, a.span.end);
    if store.annotations.is_sorted_by_key(key) {
        return;
    }
    let mut order: Vec<u32> = (0..store.annotations.len() as u32).collect();
    order.sort_by_key(|&i| key(&store.annotations[i as usize]));
    let mut place = vec![0u32; order.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old as usize] = new as u32;
    }
    store.annotations = order.iter().map(|&old| store.annotations[old as usize]).collect();
    progress.renumbered = Some(match progress.renumbered.take() {
        Some(list) => list.into_iter().map(|kept| if kept == GONE { GONE } else { place[kept as usize] }).collect(),
        None => place,
    });
}

/// Takes the attributes at `gone` (ascending) out of the store.
fn remove_attributes(store: &mut Layer, gone: &[usize]) {
    let mut kept = Vec::with_capacity(store.attributes.len());
    for annotation in &mut store.annotations {
        let first = kept.len() as u32;
        for at in annotation.first as usize..(annotation.first + annotation.count) as usize {
            if gone.binary_search(&at).is_err() {
                kept.push(store.attributes[at]);
            }
        }
        annotation.first = first;
        annotation.count = kept.len() as u32 - first;
    }
    store.attributes = kept;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Names;

    const TEXT: &str = "Ann said \u{201c}no\u{201d}.";

    fn push<'v>(emission: &mut Emission, raw: RawAnnotation, attributes: &[(u32, RawValue<'v>)]) -> bool {
        emission.layer(0).is_some_and(|mut layer| layer.push(raw, attributes.iter().map(|&(key, v)| (key, move || v))))
    }

    fn schemas(names: &mut Names) -> Vec<LayerSchema> {
        let a = LayerSchema::new(
            names,
            "quotes",
            "q",
            "kind",
            &["direct"],
            Some("confidence"),
            &[
                ("speaker", AttributeType::Span, None),
                ("speaker.name", AttributeType::String, None),
                ("note", AttributeType::Json, None),
                ("of", AttributeType::Reference, Some("quotes")),
            ],
        );
        vec![a]
    }

    fn ann(names: &mut Names, start: u32, end: u32) -> RawAnnotation {
        RawAnnotation { start, end, kind: names.intern("direct"), score: 0.5 }
    }

    #[test]
    fn good_output_is_kept_in_text_order_and_references_follow() {
        let mut names = Names::default();
        let schemas = schemas(&mut names);
        let mut layers = vec![Layer::default()];
        let mut emission = Emission::new(TEXT, &schemas, &mut layers, &[0], Limits::for_text(TEXT.len()));
        let (late, early) = (ann(&mut names, 9, 12), ann(&mut names, 0, 3));
        let (of, quotes, name) = (names.intern("of"), names.intern("quotes"), names.intern("speaker.name"));
        assert!(push(&mut emission, late, &[(of, RawValue::Ref(quotes, 1))]));
        assert!(push(&mut emission, early, &[(name, RawValue::Str(b"Ann"))]));
        let outcome = emission.finish();
        assert_eq!(outcome.dropped, 0, "{:?}", outcome.reasons);
        assert_eq!(layers[0].annotations[0].span, Span::new(0, 3));
        let late = layers[0].annotations[1];
        assert_eq!(layers[0].attributes_of(&late)[0].value, Value::Ref { layer: 0, index: 0 });
    }

    #[test]
    fn bad_output_is_dropped_with_its_reason() {
        let mut names = Names::default();
        let schemas = schemas(&mut names);
        let (speaker, name, note, of) =
            (names.intern("speaker"), names.intern("speaker.name"), names.intern("note"), names.intern("of"));
        let (quotes, other) = (names.intern("quotes"), names.intern("elsewhere"));
        let good = ann(&mut names, 0, 3);
        let mut stray = good;
        stray.kind = other;
        type Case<'a> = (u32, RawAnnotation, Vec<(u32, RawValue<'a>)>, &'a str);
        let cases: Vec<Case> = vec![
            (1, good, vec![], "was not declared"),
            (0, RawAnnotation { end: 99, ..good }, vec![], "not within the text"),
            (0, RawAnnotation { start: 10, end: 12, ..good }, vec![], "character boundaries"),
            (0, RawAnnotation { start: 3, end: 0, ..good }, vec![], "not within the text"),
            (0, stray, vec![], "kind was not declared"),
            (0, good, vec![(other, RawValue::Int(1))], "not declared for this layer"),
            (0, good, vec![(speaker, RawValue::Span(0, 500))], "`speaker` = 0..500"),
            (0, good, vec![(speaker, RawValue::Int(1))], "declared as span, but is an integer"),
            (0, good, vec![(name, RawValue::Str(b"\xff"))], "not UTF-8"),
            (0, good, vec![(note, RawValue::Json(b"{\"a\":}"))], "not JSON"),
            (0, good, vec![(of, RawValue::Ref(quotes, 7))], "refers to annotation 7"),
            (0, good, vec![(of, RawValue::Ref(other, 0))], "refers into another layer"),
            (0, good, vec![(name, RawValue::Str(b"a")), (name, RawValue::Str(b"b"))], "came twice"),
            (
                0,
                good,
                vec![(speaker, RawValue::Span(0, 1)), (note, RawValue::Json(b"1")), (name, RawValue::Str(b"b"))],
                "side by side",
            ),
        ];
        for (layer, annotation, attributes, expected) in cases {
            let mut layers = vec![Layer::default()];
            let mut emission = Emission::new(TEXT, &schemas, &mut layers, &[0], Limits::for_text(TEXT.len()));
            if layer == 0 {
                // Whether what is referred to is there shows at the end.
                assert_eq!(push(&mut emission, annotation, &attributes), expected.contains("annotation 7"));
            } else {
                assert!(emission.layer(layer).is_none());
            }
            let outcome = emission.finish();
            assert_eq!(outcome.dropped, 1, "{expected}");
            assert!(outcome.reasons[0].contains(expected), "{} / {expected}", outcome.reasons[0]);
        }
    }

    #[test]
    fn references_to_dropped_annotations_are_dropped() {
        let mut names = Names::default();
        let schemas = schemas(&mut names);
        let (of, quotes) = (names.intern("of"), names.intern("quotes"));
        let (bad, good) = (ann(&mut names, 0, 99), ann(&mut names, 0, 3));
        let mut layers = vec![Layer::default()];
        let mut emission = Emission::new(TEXT, &schemas, &mut layers, &[0], Limits::for_text(TEXT.len()));
        push(&mut emission, bad, &[]);
        push(&mut emission, good, &[(of, RawValue::Ref(quotes, 0))]);
        push(&mut emission, good, &[(of, RawValue::Ref(quotes, 1))]);
        assert!(!emission.layer(0).unwrap().reject(&good, "it cannot be read"));
        push(&mut emission, ann(&mut names, 4, 8), &[(of, RawValue::Ref(quotes, 4))]);
        let outcome = emission.finish();
        assert_eq!(outcome.dropped, 3);
        assert!(outcome.reasons[1].contains("quotes annotation 3 (0..3): it cannot be read"), "{:?}", outcome.reasons);
        assert_eq!(layers[0].annotations.len(), 3);
        let own = layers[0].annotations[2];
        assert_eq!(layers[0].attributes_of(&own)[0].value, Value::Ref { layer: 0, index: 2 });
        assert!(layers[0].attributes_of(&layers[0].annotations[0]).is_empty());
        let last = layers[0].annotations[1];
        assert_eq!(layers[0].attributes_of(&last)[0].value, Value::Ref { layer: 0, index: 0 });
    }
}
