//! `factbox schema`: the JSON Schema of the records that a pipeline writes, made from what its plugins say of their layers.

use crate::check::open;
use crate::cli::PipelineArgs;
use crate::report::{Exit, Failure, Report};
use factbox_core::metadata::{AttributeDeclaration, LayerDeclaration};
use factbox_host::Host;
use serde_json::{Map, Value, json};

/// Runs the command.
pub fn schema(args: &PipelineArgs, report: &Report) -> Result<Exit, Failure> {
    let (pipeline, search) = open(args)?;
    let (plan, _) = Host::plan(&pipeline, &search).map_err(|e| Failure::host(e, &pipeline))?;
    let layers = plan.plugins.iter().flat_map(|p| &p.meta.provides);
    let text = serde_json::to_string_pretty(&record_schema(layers)).unwrap_or_default();
    report.print(&format!("{text}\n"))?;
    Ok(Exit::Success)
}

fn record_schema<'a>(layers: impl Iterator<Item = &'a LayerDeclaration>) -> Value {
    let string = |doc: &str| json!({"type": "string", "description": doc});
    let mut properties = Map::new();
    properties.insert("id".into(), string("the article's id"));
    properties.insert(
        "meta".into(),
        json!({"type": "object", "description": "what the source says about the article; absent means unknown", "additionalProperties": false,
            "properties": {
                "title": string("headline"), "published": string("publication date, ISO 8601"), "byline": string("who wrote it"),
                "publisher": string("newspaper, agency or site"), "url": string("canonical address"), "language": string("ISO 639-1 code"),
                "dateline": {"$ref": "#/$defs/span"}}}),
    );
    properties.insert("text".into(), string("the text that all offsets count in"));
    let mut required: Vec<Value> = ["id", "meta", "text", "errors", "provenance"].iter().map(|k| json!(k)).collect();
    for layer in layers {
        properties.insert(layer.layer.clone(), layer_schema(layer));
        required.push(json!(layer.layer));
    }
    properties.insert(
        "errors".into(),
        json!({"type": "array", "description": "what went wrong with this article", "items": {"type": "object", "additionalProperties": false,
            "properties": {"plugin": {"type": "string"}, "stage": {"enum": ["read", "analyze", "process", "validate", "write"]},
                "code": {"type": "string", "pattern": "^FB[0-9]{4}$"}, "message": {"type": "string"}},
            "required": ["stage", "code", "message"]}}),
    );
    properties.insert(
        "provenance".into(),
        json!({"type": "object", "description": "what made this record", "additionalProperties": false,
            "properties": {"factbox": {"type": "string"}, "pipeline": {"type": "string"}, "config": {"type": "string"},
                "plugins": {"type": "object", "additionalProperties": {"type": "string"}}},
            "required": ["factbox", "pipeline", "config", "plugins"]}),
    );
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "factbox record",
        "description": "The facts of one article. Offsets are Unicode code points into `text` unless asked for otherwise, end exclusive; text[start:end] is the annotation's own text.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "required": required,
        "$defs": {"span": {"type": "object", "properties": span_fields(), "required": ["start", "end", "text"]}}
    })
}

fn span_fields() -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("start".into(), json!({"type": "integer", "minimum": 0}));
    fields.insert("end".into(), json!({"type": "integer", "minimum": 0}));
    fields.insert("text".into(), json!({"type": "string"}));
    fields
}

fn layer_schema(layer: &LayerDeclaration) -> Value {
    let mut fields = Map::new();
    fields.insert("id".into(), json!({"type": "string", "pattern": format!("^{}[0-9]+$", layer.prefix)}));
    fields.extend(span_fields());
    if !layer.kinds.is_empty() {
        fields.insert(layer.kind.clone(), json!({"enum": layer.kinds}));
    }
    for attribute in &layer.attributes {
        let (object, field) = match attribute.name.split_once('.') {
            Some((object, field)) => (Some(object), field),
            None if layer.attributes.iter().any(|a| a.name.starts_with(&format!("{}.", attribute.name))) => {
                (Some(attribute.name.as_str()), "")
            }
            None => (None, attribute.name.as_str()),
        };
        let value = attribute_schema(attribute);
        match object {
            None => {
                fields.insert(field.trim_end_matches("[]").to_owned(), value);
            }
            Some(object) => {
                let entry = fields
                    .entry(object)
                    .or_insert_with(|| json!({"type": "object", "additionalProperties": false, "properties": {}}));
                if let Some(properties) = entry["properties"].as_object_mut() {
                    match (field, attribute.kind.as_str()) {
                        ("", "span") => properties.extend(span_fields()),
                        ("", _) => drop(properties.insert("value".into(), value)),
                        _ => drop(properties.insert(field.trim_end_matches("[]").to_owned(), value)),
                    }
                }
            }
        }
    }
    if let Some(score) = &layer.score {
        fields.insert(score.clone(), json!({"type": "number", "minimum": 0, "maximum": 1}));
    }
    json!({"type": "array", "description": layer.doc, "items": {"type": "object", "additionalProperties": false, "properties": fields, "required": ["id", "start", "end", "text"]}})
}

fn attribute_schema(attribute: &AttributeDeclaration) -> Value {
    let mut value = match attribute.kind.as_str() {
        "integer" => json!({"type": "integer"}),
        "float" => json!({"type": "number"}),
        "bool" => json!({"type": "boolean"}),
        "span" => json!({"$ref": "#/$defs/span"}),
        "json" => json!({}),
        _ => json!({"type": "string"}),
    };
    let doc = match &attribute.layer {
        Some(target) => format!("{} (id of an annotation of `{target}`)", attribute.doc),
        None => attribute.doc.clone(),
    };
    if attribute.name.ends_with("[]") {
        value = json!({"type": "array", "items": value});
    }
    value["description"] = doc.into();
    value
}
