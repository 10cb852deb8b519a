//! Layers as bytes, for the way between factbox and its worker processes. [`write()`] and [`read`] are each other's inverse; all numbers are
//! little-endian and of fixed size. What [`read`] gives is sound as memory and means nothing yet: bytes from a process that a plugin may have
//! taken over go through [`check`], which lets nothing pass that the check of what plugins emit would not; a test compares the two.

use crate::emission::{Seen, is_span};
use crate::{Annotation, Attribute, AttributeType, Layer, LayerSchema, Span, Value, json};

const ANNOTATION: usize = 18;
const ATTRIBUTE: usize = 11;

/// The most bytes that [`write()`] writes of a layer within these limits.
pub fn most(annotations: usize, attributes: usize, strings: usize) -> usize {
    12 + annotations * ANNOTATION + attributes * ATTRIBUTE + strings
}

/// Appends `layer` to `out`.
pub fn write(layer: &Layer, out: &mut Vec<u8>) {
    let attributes: u32 = layer.annotations.iter().map(|a| a.count).sum();
    number(out, layer.annotations.len() as u32);
    number(out, attributes);
    number(out, layer.strings.len() as u32);
    out.reserve(layer.annotations.len() * ANNOTATION + attributes as usize * ATTRIBUTE + layer.strings.len());
    for a in &layer.annotations {
        let mut bytes = [0; ANNOTATION];
        bytes[..4].copy_from_slice(&a.span.start.to_le_bytes());
        bytes[4..8].copy_from_slice(&a.span.end.to_le_bytes());
        bytes[8..10].copy_from_slice(&a.kind.to_le_bytes());
        bytes[10..14].copy_from_slice(&a.score.to_bits().to_le_bytes());
        bytes[14..].copy_from_slice(&a.count.to_le_bytes());
        out.extend_from_slice(&bytes);
    }
    for attribute in layer.annotations.iter().flat_map(|a| layer.attributes_of(a)) {
        let pair = |a: u32, b: u32| u64::from(a) | u64::from(b) << 32;
        let (tag, value): (u8, u64) = match attribute.value {
            Value::Int(n) => (0, n as u64),
            Value::Float(n) => (1, n.to_bits()),
            Value::Str(at) => (2, pair(at.start, at.end)),
            Value::Span(at) => (3, pair(at.start, at.end)),
            Value::Ref { layer, index } => (4, pair(u32::from(layer), index)),
            Value::Bool(yes) => (5, u64::from(yes)),
            Value::Json(at) => (6, pair(at.start, at.end)),
        };
        let mut bytes = [0; ATTRIBUTE];
        bytes[..2].copy_from_slice(&attribute.attribute.to_le_bytes());
        bytes[2] = tag;
        bytes[3..].copy_from_slice(&value.to_le_bytes());
        out.extend_from_slice(&bytes);
    }
    out.extend_from_slice(layer.strings.as_bytes());
}

/// Reads a layer off the front of `bytes` into `layer`. `None` if they are not what [`write()`] writes; `layer` then holds some of it.
pub fn read(bytes: &mut &[u8], layer: &mut Layer) -> Option<()> {
    layer.clear();
    let (annotations, attributes, strings) = (count(bytes)?, count(bytes)?, count(bytes)?);
    // The lengths are the other side's word: only what is really there is taken, and nothing reserved beforehand beyond it.
    let heads = take(bytes, annotations.checked_mul(ANNOTATION)?)?;
    let values = take(bytes, attributes.checked_mul(ATTRIBUTE)?)?;
    layer.strings.push_str(std::str::from_utf8(take(bytes, strings)?).ok()?);
    let mut first = 0u32;
    layer.annotations.reserve(annotations);
    for head in heads.chunks_exact(ANNOTATION) {
        let count = u32_at(head, 14);
        layer.annotations.push(Annotation {
            span: Span::new(u32_at(head, 0), u32_at(head, 4)),
            kind: u16::from_le_bytes([head[8], head[9]]),
            score: f32::from_bits(u32_at(head, 10)),
            first,
            count,
        });
        first = first.checked_add(count)?;
    }
    if first as usize != attributes {
        return None;
    }
    layer.attributes.reserve(attributes);
    for bytes in values.chunks_exact(ATTRIBUTE) {
        let (a, b) = (u32_at(bytes, 3), u32_at(bytes, 7));
        let whole = u64::from(a) | u64::from(b) << 32;
        let string = |span: Span| (layer.strings.get(span.start as usize..span.end as usize)).map(|_| span);
        let value = match bytes[2] {
            0 => Value::Int(whole as i64),
            1 => Value::Float(f64::from_bits(whole)),
            2 => Value::Str(string(Span::new(a, b))?),
            3 => Value::Span(Span::new(a, b)),
            4 => Value::Ref { layer: u16::try_from(a).ok()?, index: b },
            5 => Value::Bool(whole != 0),
            6 => Value::Json(string(Span::new(a, b))?),
            _ => return None,
        };
        layer.attributes.push(Attribute { attribute: u16::from_le_bytes([bytes[0], bytes[1]]), value });
    }
    Some(())
}

/// Whether layer `at` of `layers`, as [`read`] gave it, could have come out of the check of emissions for this text: bounds, character boundaries,
/// declared kinds and attributes, types, JSON, references, limits, text order. `schemas` are the plan's, `layers` stand beside them; the layers that
/// this one refers into must be there.
///
/// # Errors
/// What does not hold.
pub fn check(
    text: &str,
    schemas: &[LayerSchema],
    layers: &[Layer],
    at: usize,
    limits: &crate::Limits,
) -> Result<(), String> {
    let (schema, layer) = (&schemas[at], &layers[at]);
    let refuse = |what: &str, number: usize| Err(format!("{} annotation {number}: {what}", schema.name));
    if layer.annotations.len() > limits.annotations
        || layer.attributes.len() > limits.attributes
        || layer.strings.len() > limits.strings
    {
        return Err(format!("{}: more than the article's length allows", schema.name));
    }
    let mut before = (0, 0);
    for (number, a) in layer.annotations.iter().enumerate() {
        let place = (a.span.start, a.span.end);
        if !is_span(text, a.span.start, a.span.end) || place < before {
            return refuse("its span is not within the text, in its order", number);
        }
        before = place;
        let kind = if schema.kinds.is_empty() {
            a.kind == Annotation::NO_KIND
        } else {
            usize::from(a.kind) < schema.kinds.len()
        };
        if !kind || !(a.score.is_nan() || (0.0..=1.0).contains(&a.score)) {
            return refuse("its kind or score was not declared", number);
        }
        let mut seen = Seen::default();
        for attribute in layer.attributes_of(a) {
            let Some(declared) = schema.attributes.get(usize::from(attribute.attribute)) else {
                return refuse("an attribute that was not declared", number);
            };
            let holds = match (declared.kind, attribute.value) {
                (AttributeType::Integer, Value::Int(_)) | (AttributeType::Bool, Value::Bool(_)) => true,
                // Spans of strings were looked at when they were read.
                (AttributeType::String, Value::Str(_)) => true,
                (AttributeType::Float, Value::Float(n)) => n.is_finite(),
                (AttributeType::Json, Value::Json(span)) => json::validate(layer.string(span)).is_ok(),
                (AttributeType::Span, Value::Span(span)) => is_span(text, span.start, span.end),
                (AttributeType::Reference, Value::Ref { layer, index }) => {
                    let target = usize::from(layer);
                    schemas.get(target).is_some_and(|s| s.id == declared.target_id)
                        && layers.get(target).is_some_and(|l| (index as usize) < l.annotations.len())
                }
                _ => false,
            };
            if !holds {
                return refuse(&format!("attribute `{}` is not what was declared", declared.name), number);
            }
            if let Err(why) = seen.admit(declared, attribute.attribute) {
                return refuse(&why, number);
            }
        }
    }
    Ok(())
}

fn number(out: &mut Vec<u8>, n: u32) {
    out.extend_from_slice(&n.to_le_bytes());
}

fn count(bytes: &mut &[u8]) -> Option<usize> {
    take(bytes, 4).map(|b| u32_at(b, 0) as usize)
}

fn take<'b>(bytes: &mut &'b [u8], n: usize) -> Option<&'b [u8]> {
    let (taken, rest) = bytes.split_at_checked(n)?;
    *bytes = rest;
    Some(taken)
}

#[inline]
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Emission, Limits, Names, RawAnnotation, RawValue, describe};

    const TEXT: &str = "Ann Moss said \u{201c}no\u{201d}.";

    fn schemas() -> Vec<LayerSchema> {
        let all: Vec<(&str, AttributeType, Option<&str>)> = vec![
            ("i", AttributeType::Integer, None),
            ("f", AttributeType::Float, None),
            ("s[]", AttributeType::String, None),
            ("p", AttributeType::Span, None),
            ("r", AttributeType::Reference, Some("things")),
            ("b", AttributeType::Bool, None),
            ("j", AttributeType::Json, None),
        ];
        vec![LayerSchema::new(&mut Names::default(), "things", "t", "kind", &["one", "two"], Some("score"), &all)]
    }

    fn layer() -> Layer {
        let strings = "Ann Moss{\"a\":[1]}".to_owned();
        let value = |attribute, value| Attribute { attribute, value };
        Layer {
            annotations: vec![
                Annotation { span: Span::new(0, 8), kind: 1, score: 0.25, first: 2, count: 6 },
                Annotation { span: Span::new(9, 13), kind: 0, score: f32::NAN, first: 0, count: 2 },
            ],
            attributes: vec![
                value(4, Value::Ref { layer: 0, index: 1 }),
                value(6, Value::Json(Span::new(8, 17))),
                value(0, Value::Int(-7)),
                value(1, Value::Float(0.5)),
                value(2, Value::Str(Span::new(0, 3))),
                value(2, Value::Str(Span::new(0, 8))),
                value(3, Value::Span(Span::new(14, 22))),
                value(5, Value::Bool(true)),
            ],
            strings,
        }
    }

    fn shown(layer: Layer) -> String {
        let mut out = String::new();
        describe(&mut out, TEXT, &schemas(), &[layer], 0).unwrap();
        out
    }

    /// Hands it over as a plugin would: whether all of it was taken, and what came of it.
    fn emitted(layer: &Layer) -> (bool, Layer) {
        let (schemas, mut layers) = (schemas(), vec![Layer::default()]);
        let mut emission = Emission::new(TEXT, &schemas, &mut layers, &[0], Limits::for_text(TEXT.len()));
        for a in &layer.annotations {
            let kind = match schemas[0].kinds.get(usize::from(a.kind)) {
                Some((_, id)) => *id,
                None => u32::MAX,
            };
            let raw = RawAnnotation { start: a.span.start, end: a.span.end, kind, score: a.score };
            let attributes = layer.attributes_of(a).iter().map(|attribute| {
                let value = match attribute.value {
                    Value::Int(n) => RawValue::Int(n),
                    Value::Float(n) => RawValue::Float(n),
                    Value::Str(span) => RawValue::Str(layer.string(span).as_bytes()),
                    Value::Json(span) => RawValue::Json(layer.string(span).as_bytes()),
                    Value::Span(span) => RawValue::Span(span.start, span.end),
                    Value::Ref { layer, index } => {
                        RawValue::Ref(schemas.get(usize::from(layer)).map_or(0, |s| s.id), index)
                    }
                    Value::Bool(yes) => RawValue::Bool(i64::from(yes)),
                };
                (schemas[0].attributes.get(usize::from(attribute.attribute)).map_or(0, |s| s.id), move || value)
            });
            emission.layer(0).unwrap().push(raw, attributes);
        }
        let whole = emission.finish().dropped == 0;
        (whole, layers.remove(0))
    }

    fn checked(layer: &Layer) -> Result<(), String> {
        check(TEXT, &schemas(), std::slice::from_ref(layer), 0, &Limits::for_text(TEXT.len()))
    }

    #[test]
    fn what_was_written_is_read_and_accepted() {
        let (mut bytes, mut back) = (Vec::new(), Layer::default());
        write(&layer(), &mut bytes);
        bytes.extend_from_slice(b"rest");
        let mut rest = bytes.as_slice();
        read(&mut rest, &mut back).unwrap();
        assert_eq!(rest, b"rest");
        assert_eq!(shown(back.clone()), shown(layer()));
        checked(&back).unwrap();
        let (whole, taken) = emitted(&back);
        assert!(whole);
        assert_eq!(shown(taken), shown(layer()));
    }

    #[test]
    fn no_damage_passes_unseen_or_does_harm() {
        let mut bytes = Vec::new();
        write(&layer(), &mut bytes);
        for cut in 0..bytes.len() {
            assert_eq!(read(&mut &bytes[..cut], &mut Layer::default()), None, "{cut}");
        }
        // Each bit once, and each byte as the largest: what the check lets through, the check of emissions takes whole and as it is.
        let mut passed = 0;
        for change in 0..bytes.len() * 9 {
            let (at, bit) = (change / 9, change % 9);
            let mut damaged = bytes.clone();
            damaged[at] = if bit == 8 { 0xff } else { damaged[at] ^ 1 << bit };
            let mut back = Layer::default();
            if read(&mut damaged.as_slice(), &mut back).is_some() && checked(&back).is_ok() {
                let (whole, taken) = emitted(&back);
                assert!(whole, "byte {at}, bit {bit}");
                assert_eq!(shown(taken), shown(back), "byte {at}, bit {bit}");
                passed += 1;
            }
        }
        assert!((20..bytes.len() * 4).contains(&passed), "{passed} of {} changes", bytes.len() * 9);
        let huge = [u32::MAX.to_le_bytes(), u32::MAX.to_le_bytes(), u32::MAX.to_le_bytes()].concat();
        assert_eq!(read(&mut huge.as_slice(), &mut Layer::default()), None);
    }
}
