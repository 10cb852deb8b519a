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
        match serde_json::to_string(facts.errors) {
            Ok(errors) if !facts.errors.is_empty() => out.push_str(&errors),
            _ => out.push_str("[]"),
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
        if let Some((kind, _)) = schema.kinds.get(usize::from(annotation.kind)) {
            out.push_str(",\"");
            out.push_str(&schema.kind_key);
            out.push_str("\":\"");
            out.push_str(kind);
            out.push('"');
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
            out.push_str(",\"");
            if declared.object.is_some() {
                out.push_str(declared.name.split('.').next().unwrap_or_default());
                out.push_str("\":{");
                self.object(out, facts, schema, layer, group);
                out.push('}');
            } else if declared.list {
                out.push_str(declared.name.trim_end_matches("[]"));
                out.push_str("\":[");
                for (i, attribute) in group.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    self.value(out, facts, layer, &attribute.value);
                }
                out.push(']');
            } else {
                out.push_str(&declared.name);
                out.push_str("\":");
                self.value(out, facts, layer, &attributes[at].value);
            }
            at += many;
        }
        if let (Some(key), false) = (&schema.score_key, annotation.score.is_nan()) {
            out.push_str(",\"");
            out.push_str(key);
            out.push_str("\":");
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
            match (declared.name.split_once('.'), attribute.value) {
                (None, Value::Span(span)) => {
                    comma(out, &mut first);
                    self.span(out, facts.text, span);
                }
                (None, value) => {
                    comma(out, &mut first);
                    out.push_str("\"value\":");
                    self.value(out, facts, layer, &value);
                }
                (Some((_, field)), value) => {
                    comma(out, &mut first);
                    if open_list.is_none() {
                        out.push('"');
                        out.push_str(field.trim_end_matches("[]"));
                        out.push_str("\":");
                        if declared.list {
                            out.push('[');
                            open_list = Some(declared.id);
                        }
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
            // Writing to a string cannot fail.
            Value::Float(n) => drop(write!(out, "{n}")),
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

fn push_number(out: &mut String, mut n: u64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (n % 10) as u8;
        n /= 10;
        if n == 0 {
            break;
        }
    }
    out.push_str(std::str::from_utf8(&digits[at..]).unwrap_or_default());
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
