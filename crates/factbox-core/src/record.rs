//! The record: one JSON object an article, written straight into a string from the layers, without a tree in between.

use crate::offsets::Offsets;
use crate::pipeline::OffsetUnit;
use crate::{ArticleError, Meta};
use factbox_layer::json::write_string;
use factbox_layer::{Annotation, BASE_LAYERS, Layer, LayerSchema, Span, Value};
use std::fmt::Write as _;

/// What a record is made of.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The article's id.
    pub id: &'a str,
    /// Its text.
    pub text: &'a str,
    /// What its source, or its zones, say about it.
    pub meta: &'a Meta,
    /// The place of its dateline.
    pub dateline: Option<Span>,
    /// The plan's schemas.
    pub schemas: &'a [LayerSchema],
    /// The layers, side by side with `schemas`.
    pub layers: &'a [Layer],
    /// What went wrong.
    pub errors: &'a [ArticleError],
}

/// Writes records.
#[derive(Debug)]
pub struct RecordWriter {
    unit: OffsetUnit,
    provenance: String,
    offsets: Offsets,
}

impl RecordWriter {
    /// A writer whose records count in `unit` and end in the JSON object `provenance`.
    pub fn new(unit: OffsetUnit, provenance: String) -> Self {
        RecordWriter { unit, provenance, offsets: Offsets::default() }
    }

    /// Appends the record of `facts` to `out`, one line without its line end.
    pub fn write(&mut self, out: &mut String, facts: &Facts) {
        self.offsets.prepare(facts.text, self.unit);
        out.reserve(facts.text.len() * 4 + 1024);
        out.push_str("{\"id\":");
        write_string(out, facts.id);
        self.meta(out, facts);
        out.push_str(",\"text\":");
        write_string(out, facts.text);
        for (schema, layer) in facts.schemas.iter().zip(facts.layers).skip(BASE_LAYERS.len()) {
            out.push_str(",\"");
            out.push_str(&schema.name);
            out.push_str("\":[");
            for (number, annotation) in layer.annotations.iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                self.annotation(out, facts, schema, layer, number, annotation);
            }
            out.push(']');
        }
        out.push_str(",\"errors\":");
        match facts.errors {
            [] => out.push_str("[]"),
            errors => out.push_str(serde_json::to_string(errors).as_deref().unwrap_or("[]")),
        }
        out.push_str(",\"provenance\":");
        out.push_str(&self.provenance);
        out.push('}');
    }

    fn meta(&self, out: &mut String, facts: &Facts) {
        out.push_str(",\"meta\":{");
        let meta = facts.meta;
        let fields = [
            ("title", &meta.title),
            ("published", &meta.published),
            ("byline", &meta.byline),
            ("publisher", &meta.publisher),
            ("url", &meta.url),
            ("language", &meta.language),
        ];
        let mut first = true;
        for (key, value) in fields {
            if let Some(value) = value {
                comma(out, &mut first);
                out.push('"');
                out.push_str(key);
                out.push_str("\":");
                write_string(out, value);
            }
        }
        if let Some(span) = facts.dateline {
            comma(out, &mut first);
            out.push_str("\"dateline\":{");
            self.span(out, facts.text, span);
            out.push('}');
        }
        out.push('}');
    }

    /// `"start":0,"end":5,"text":"SEOUL"`
    fn span(&self, out: &mut String, text: &str, span: Span) {
        out.push_str("\"start\":");
        push_number(out, u64::from(self.offsets.get(text, span.start)));
        out.push_str(",\"end\":");
        push_number(out, u64::from(self.offsets.get(text, span.end)));
        out.push_str(",\"text\":");
        write_string(out, span.of(text));
    }

    fn annotation(
        &self,
        out: &mut String,
        facts: &Facts,
        schema: &LayerSchema,
        layer: &Layer,
        number: usize,
        annotation: &Annotation,
    ) {
        out.push_str("{\"id\":\"");
        push_id(out, schema, number);
        out.push_str("\",");
        self.span(out, facts.text, annotation.span);
        if let Some(kind) = schema.kind_fields.get(usize::from(annotation.kind)) {
            out.push_str(kind);
        }
        let attributes = layer.attributes_of(annotation);
        let mut at = 0;
        while at < attributes.len() {
            let declared = &schema.attributes[usize::from(attributes[at].attribute)];
            // The attributes of one object or list stand side by side: the emission check saw to it.
            let same = |other: &factbox_layer::Attribute| {
                let o = &schema.attributes[usize::from(other.attribute)];
                if declared.object.is_some() {
                    o.object == declared.object
                } else {
                    declared.list && o.id == declared.id
                }
            };
            let many = 1 + attributes[at + 1..].iter().take_while(|a| same(a)).count();
            let group = &attributes[at..at + many];
            out.push_str(&declared.opening);
            if declared.object.is_some() {
                self.object(out, facts, schema, layer, group);
                out.push('}');
            } else if declared.list {
                for (i, attribute) in group.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    self.value(out, facts, layer, &attribute.value);
                }
                out.push(']');
            } else {
                self.value(out, facts, layer, &attributes[at].value);
            }
            at += many;
        }
        if let (Some(field), false) = (&schema.score_field, annotation.score.is_nan()) {
            out.push_str(field);
            push_score(out, annotation.score);
        }
        out.push('}');
    }

    fn object(
        &self,
        out: &mut String,
        facts: &Facts,
        schema: &LayerSchema,
        layer: &Layer,
        group: &[factbox_layer::Attribute],
    ) {
        let mut first = true;
        let mut open_list = None;
        for attribute in group {
            let declared = &schema.attributes[usize::from(attribute.attribute)];
            if open_list.is_some() && open_list != Some(declared.id) {
                out.push(']');
                open_list = None;
            }
            comma(out, &mut first);
            match attribute.value {
                Value::Span(span) if declared.field.is_empty() => self.span(out, facts.text, span),
                value => {
                    if declared.field.is_empty() {
                        out.push_str("\"value\":");
                    } else if open_list.is_none() {
                        out.push_str(&declared.field);
                        open_list = declared.list.then_some(declared.id);
                    }
                    self.value(out, facts, layer, &value);
                }
            }
        }
        if open_list.is_some() {
            out.push(']');
        }
    }

    fn value(&self, out: &mut String, facts: &Facts, layer: &Layer, value: &Value) {
        match *value {
            Value::Int(n) => {
                if n < 0 {
                    out.push('-');
                }
                push_number(out, n.unsigned_abs());
            }
            Value::Float(n) => push_float(out, n),
            Value::Bool(b) => out.push_str(if b { "true" } else { "false" }),
            Value::Str(at) => write_string(out, layer.string(at)),
            Value::Json(at) => out.push_str(layer.string(at)),
            Value::Span(span) => {
                out.push('{');
                self.span(out, facts.text, span);
                out.push('}');
            }
            Value::Ref { layer, index } => {
                out.push('"');
                push_id(out, &facts.schemas[usize::from(layer)], index as usize);
                out.push('"');
            }
        }
    }
}

fn comma(out: &mut String, first: &mut bool) {
    if !*first {
        out.push(',');
    }
    *first = false;
}

fn push_id(out: &mut String, schema: &LayerSchema, index: usize) {
    out.push_str(&schema.prefix);
    push_number(out, index as u64 + 1);
}

/// 000 to 999, one after the other.
static THOUSAND: &str = {
    const DIGITS: [u8; 3000] = {
        let mut digits = [0; 3000];
        let mut at = 0;
        while at < 3000 {
            let n = at / 3;
            digits[at] = b'0' + (n / 100) as u8;
            digits[at + 1] = b'0' + (n / 10 % 10) as u8;
            digits[at + 2] = b'0' + (n % 10) as u8;
            at += 3;
        }
        digits
    };
    match std::str::from_utf8(&DIGITS) {
        Ok(digits) => digits,
        Err(_) => panic!("digits"),
    }
};

fn push_number(out: &mut String, n: u64) {
    let three = (n % 1000) as usize;
    if n >= 1000 {
        push_number(out, n / 1000);
        out.push_str(&THOUSAND[three * 3..three * 3 + 3]);
    } else {
        let zeros = if three < 10 { 2 } else { usize::from(three < 100) };
        out.push_str(&THOUSAND[three * 3 + zeros..three * 3 + 3]);
    }
}

/// The shortest decimal that reads as `n`, as `Display` has it. Few digits, as those of coordinates, are found by trying: no two decimals of up to
/// fifteen digits read as the same float.
fn push_float(out: &mut String, n: f64) {
    const PLACES: f64 = 1e6;
    let scaled = (n * PLACES).round();
    if n == 0.0 || scaled.abs() >= 1e15 || scaled / PLACES != n {
        // Writing to a string cannot fail.
        let _ = write!(out, "{n}");
        return;
    }
    if n < 0.0 {
        out.push('-');
    }
    let scaled = scaled.abs() as u64;
    push_number(out, scaled / 1_000_000);
    let (mut rest, mut places) = (scaled % 1_000_000, 6);
    if rest > 0 {
        while rest % 10 == 0 {
            (rest, places) = (rest / 10, places - 1);
        }
        out.push('.');
        let digits = rest.checked_ilog10().map_or(1, |log| log + 1);
        (digits..places).for_each(|_| out.push('0'));
        push_number(out, rest);
    }
}

/// Three decimals, without zeros at the end.
fn push_score(out: &mut String, score: f32) {
    let thousandths = (f64::from(score) * 1000.0).round() as u64;
    push_number(out, thousandths / 1000);
    let rest = thousandths % 1000;
    if rest > 0 {
        let digits = [rest / 100, rest / 10 % 10, rest % 10];
        let used = if digits[2] > 0 { 3 } else { 2 - usize::from(digits[1] == 0) };
        out.push('.');
        out.extend(digits[..used].iter().map(|d| char::from(b'0' + *d as u8)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_as_display_writes_them() {
        let mut seed = 7u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            seed >> 11
        };
        let given = [
            0.0,
            -0.0,
            1.0,
            -1.5,
            0.1,
            126.9784,
            -0.000001,
            0.0000001,
            5e-324,
            f64::MAX,
            999_999_999.999999,
            1e9,
            1e15,
            1e21,
            1.0 / 3.0,
        ];
        let coordinates = (0..20_000).map(|_| (random() % 360_000_000) as f64 / 1e6 - 180.0).collect::<Vec<_>>();
        let any = (0..20_000).map(|_| f64::from_bits(random() << 11 | random() >> 42)).filter(|n| n.is_finite());
        for n in given.into_iter().chain(coordinates).chain(any.collect::<Vec<_>>()) {
            let mut out = String::new();
            push_float(&mut out, n);
            assert_eq!(out, n.to_string());
        }
    }

    #[test]
    fn numbers_have_all_their_digits() {
        for n in (0..2000).chain([9_999, 10_000, 100_001, 1_000_000, 1_002_003, u64::MAX]) {
            let mut out = String::new();
            push_number(&mut out, n);
            assert_eq!(out, n.to_string());
        }
    }

    #[test]
    fn scores_are_short() {
        for (score, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (0.5, "0.5"),
            (0.98, "0.98"),
            (0.987, "0.987"),
            (0.0004, "0"),
            (0.105, "0.105"),
            (0.25, "0.25"),
        ] {
            let mut out = String::new();
            push_score(&mut out, score);
            assert_eq!(out, text);
        }
    }
}
