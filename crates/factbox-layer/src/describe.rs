//! Layers as lines to read: one line an annotation, the same in the SDK's test kit and in `factbox plugin test`, so that a snapshot made by one holds in
//! the other.

use crate::{Layer, LayerSchema, Value};
use std::fmt::{self, Write};

/// Writes layer number `at` as lines: layer, id, span in bytes, text, kind, score, attributes.
///
/// # Errors
/// What `out` says.
pub fn describe(out: &mut dyn Write, text: &str, schemas: &[LayerSchema], layers: &[Layer], at: usize) -> fmt::Result {
    let (schema, layer) = (&schemas[at], &layers[at]);
    for (number, a) in layer.annotations.iter().enumerate() {
        let (start, end) = (a.span.start, a.span.end);
        write!(out, "{} {}{} {start}..{end} {:?}", schema.name, schema.prefix, number + 1, a.span.of(text))?;
        if let Some((kind, _)) = schema.kinds.get(usize::from(a.kind)) {
            write!(out, " {}={kind}", schema.kind_key)?;
        }
        if let (Some(key), false) = (&schema.score_key, a.score.is_nan()) {
            write!(out, " {key}={:.2}", a.score)?;
        }
        for attribute in layer.attributes_of(a) {
            write!(out, " {}=", schema.attributes[usize::from(attribute.attribute)].name)?;
            match attribute.value {
                Value::Int(n) => write!(out, "{n}")?,
                Value::Float(n) => write!(out, "{n}")?,
                Value::Bool(b) => write!(out, "{b}")?,
                Value::Str(s) => write!(out, "{:?}", layer.string(s))?,
                Value::Json(s) => out.write_str(layer.string(s))?,
                Value::Span(s) => write!(out, "{}..{} {:?}", s.start, s.end, s.of(text))?,
                Value::Ref { layer, index } => write!(out, "{}{}", schemas[usize::from(layer)].prefix, index + 1)?,
            }
        }
        out.write_char('\n')?;
    }
    Ok(())
}
