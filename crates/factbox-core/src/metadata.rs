//! What a plugin says of itself: the JSON document in its library, read before anything of it runs, and checked for sense.

use factbox_layer::{AttributeType, BASE_LAYERS, LayerSchema, Names};
use serde::{Deserialize, Serialize};

/// A plugin's metadata.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PluginMeta {
    /// Version of this document's form: 1.
    pub factbox: u32,
    /// Major and minor of the ABI it was built for.
    pub abi: [u32; 2],
    /// Lower-case letters, digits and hyphens.
    pub id: String,
    /// Its own version.
    pub version: String,
    /// One line.
    #[serde(default)]
    pub summary: String,
    /// Layers it reads; a `?` at the end marks one that may be missing.
    #[serde(default)]
    pub requires: Vec<String>,
    /// Layers it adds.
    #[serde(default)]
    pub provides: Vec<LayerDeclaration>,
    /// Its options.
    #[serde(default)]
    pub options: Vec<OptionDeclaration>,
    /// What it was built with.
    #[serde(default)]
    pub sdk: Option<String>,
}

/// A layer that a plugin adds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerDeclaration {
    /// Its name and key in the record.
    pub layer: String,
    /// First part of its annotations' ids.
    pub prefix: String,
    /// What it holds.
    #[serde(default)]
    pub doc: String,
    /// Key of the kind in the record.
    #[serde(default = "default_kind_key")]
    pub kind: String,
    /// Kinds that annotations may have.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Key of the score in the record.
    #[serde(default)]
    pub score: Option<String>,
    /// Attributes that annotations may have.
    #[serde(default)]
    pub attributes: Vec<AttributeDeclaration>,
}

fn default_kind_key() -> String {
    "kind".to_owned()
}

/// An attribute of a layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttributeDeclaration {
    /// `name`, `object.field` or `list[]`.
    pub name: String,
    /// One of [`AttributeType::ALL`].
    #[serde(rename = "type")]
    pub kind: String,
    /// For references: the layer they point into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// What it says.
    #[serde(default)]
    pub doc: String,
}

/// The type of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OptionType {
    /// `true`, `false`
    Bool,
    /// Whole number.
    Integer,
    /// Number.
    Float,
    /// String.
    String,
    /// A file's path, relative to the pipeline file.
    Path,
    /// List of strings.
    List,
}

impl OptionType {
    /// As errors name it.
    pub fn name(self) -> &'static str {
        match self {
            OptionType::Bool => "true or false",
            OptionType::Integer => "a whole number",
            OptionType::Float => "a number",
            OptionType::String => "a string",
            OptionType::Path => "a file's path",
            OptionType::List => "a list of strings",
        }
    }
}

/// An option of a plugin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OptionDeclaration {
    /// The key under `options` in the pipeline file.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: OptionType,
    /// What holds if it is not given.
    pub default: serde_json::Value,
    /// Words that a string, or each of a list, may be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Least number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Greatest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// What it does.
    #[serde(default)]
    pub doc: String,
}

/// Keys of a record that no layer may take.
pub const RESERVED_KEYS: [&str; 5] = ["id", "text", "meta", "errors", "provenance"];

impl PluginMeta {
    /// Reads the document.
    ///
    /// # Errors
    /// What is wrong with it, in words for the plugin's author.
    pub fn parse(json: &[u8]) -> Result<Self, String> {
        let meta: PluginMeta =
            serde_json::from_slice(json).map_err(|e| format!("its metadata is not what the ABI asks for: {e}"))?;
        meta.check()?;
        Ok(meta)
    }

    fn check(&self) -> Result<(), String> {
        if self.factbox != 1 {
            return Err(format!("its metadata has form {}, this factbox reads form 1", self.factbox));
        }
        if !is_name(&self.id, '-') {
            return Err(format!("its id `{}` is not made of lower-case letters, digits and hyphens", self.id));
        }
        for (i, layer) in self.provides.iter().enumerate() {
            let name = &layer.layer;
            if !is_name(name, '_') {
                return Err(format!(
                    "layer `{name}`: the name is not made of lower-case letters, digits and underscores"
                ));
            }
            if RESERVED_KEYS.contains(&name.as_str()) || BASE_LAYERS.contains(&name.as_str()) {
                return Err(format!("layer `{name}`: the name is the host's own"));
            }
            if self.provides[..i].iter().any(|other| other.layer == *name) {
                return Err(format!("layer `{name}` is provided twice"));
            }
            if !is_name(&layer.prefix, '_') {
                return Err(format!("layer `{name}`: the prefix `{}` is not made of lower-case letters", layer.prefix));
            }
            for key in [Some(&layer.kind), layer.score.as_ref()].into_iter().flatten() {
                if !is_name(key, '_') {
                    return Err(format!(
                        "layer `{name}`: `{key}` is not made of lower-case letters, digits and underscores"
                    ));
                }
            }
            for (j, attribute) in layer.attributes.iter().enumerate() {
                self.check_attribute(layer, &layer.attributes[..j], attribute)
                    .map_err(|why| format!("layer `{name}`: {why}"))?;
            }
        }
        for option in &self.options {
            let with = |why: &str| Err(format!("option `{}`: {why}", option.name));
            if !is_name(&option.name, '-') {
                return with("the name is not made of lower-case letters, digits and hyphens");
            }
            if let Err(why) = option.accepts(&option.default) {
                return with(&format!("its own default is bad: {why}"));
            }
        }
        Ok(())
    }

    fn check_attribute(
        &self,
        layer: &LayerDeclaration,
        before: &[AttributeDeclaration],
        attribute: &AttributeDeclaration,
    ) -> Result<(), String> {
        let name = &attribute.name;
        let parts: Vec<&str> = name.strip_suffix("[]").unwrap_or(name).split('.').collect();
        if parts.len() > 2 || !parts.iter().all(|p| is_name(p, '_')) {
            return Err(format!(
                "attribute `{name}` is not `name`, `object.field` or `list[]` in lower-case letters, digits and underscores"
            ));
        }
        let taken = ["id", "start", "end", "text", layer.kind.as_str()];
        if (parts.len() == 1 && taken.contains(&parts[0])) || layer.score.as_deref() == Some(name) {
            return Err(format!("attribute `{name}` takes a key that every annotation has"));
        }
        if before.iter().any(|other| other.name == *name) {
            return Err(format!("attribute `{name}` is declared twice"));
        }
        match (AttributeType::from_name(&attribute.kind), &attribute.layer) {
            (None, _) => {
                let all: Vec<_> = AttributeType::ALL.iter().map(|t| t.1).collect();
                Err(format!("attribute `{name}` has the type `{}`; types are {}", attribute.kind, all.join(", ")))
            }
            (Some(AttributeType::Reference), None) => {
                Err(format!("attribute `{name}` is a reference, but names no layer"))
            }
            _ => Ok(()),
        }
    }

    /// The layer it requires at `index`, and whether it may be missing.
    pub fn required(&self, index: usize) -> (&str, bool) {
        let name = &self.requires[index];
        name.strip_suffix('?').map_or((name.as_str(), false), |n| (n, true))
    }
}

impl LayerDeclaration {
    /// The layer's schema.
    pub fn schema(&self, names: &mut Names) -> LayerSchema {
        let kinds: Vec<&str> = self.kinds.iter().map(String::as_str).collect();
        let attributes: Vec<_> = self
            .attributes
            .iter()
            .map(|a| {
                (a.name.as_str(), AttributeType::from_name(&a.kind).unwrap_or(AttributeType::Json), a.layer.as_deref())
            })
            .collect();
        LayerSchema::new(names, &self.layer, &self.prefix, &self.kind, &kinds, self.score.as_deref(), &attributes)
    }
}

impl OptionDeclaration {
    /// Whether `value` is one this option can have.
    ///
    /// # Errors
    /// Why not: what was expected and what was found.
    pub fn accepts(&self, value: &serde_json::Value) -> Result<(), String> {
        use serde_json::Value as V;
        let fits = match self.kind {
            OptionType::Bool => value.is_boolean(),
            OptionType::Integer => value.is_i64() || value.is_u64(),
            OptionType::Float => value.is_number(),
            OptionType::String | OptionType::Path => value.is_string(),
            OptionType::List => value.as_array().is_some_and(|items| items.iter().all(V::is_string)),
        };
        if !fits {
            return Err(format!("expected {}, found {}", self.kind.name(), found(value)));
        }
        if let Some(number) = value.as_f64() {
            let (low, high) = (self.min.map_or(f64::MIN, |n| n as f64), self.max.map_or(f64::MAX, |n| n as f64));
            if number < low || number > high {
                return Err(match (self.min, self.max) {
                    (Some(min), Some(max)) => format!("must lie between {min} and {max}"),
                    (Some(min), None) => format!("must be at least {min}"),
                    (None, Some(max)) => format!("must be at most {max}"),
                    (None, None) => "out of range".to_owned(),
                });
            }
        }
        if !self.values.is_empty() {
            let words: Vec<&str> = match value {
                V::String(word) => vec![word],
                V::Array(items) => items.iter().filter_map(V::as_str).collect(),
                _ => Vec::new(),
            };
            if let Some(word) = words.iter().find(|w| !self.values.iter().any(|v| v == *w)) {
                return Err(format!("`{word}` is none of {}", self.values.join(", ")));
            }
        }
        Ok(())
    }
}

fn found(value: &serde_json::Value) -> String {
    use serde_json::Value as V;
    match value {
        V::Null => "nothing".to_owned(),
        V::Bool(b) => format!("{b}"),
        V::Number(n) => format!("the number {n}"),
        V::String(s) => format!("the string {s:?}"),
        V::Array(_) => "a list".to_owned(),
        V::Object(_) => "a table".to_owned(),
    }
}

/// Whether `name` may be an id (`joint` is a hyphen) or the name of a layer, kind, attribute (an underscore): a lower-case letter, then such letters,
/// digits and joints, 64 bytes at most.
pub fn is_name(name: &str, joint: char) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(provides: &str, options: &str) -> Result<PluginMeta, String> {
        PluginMeta::parse(
            format!(
                r#"{{"factbox":1,"abi":[1,0],"id":"x","version":"1","requires":["tokens","quotes?"],"provides":[{provides}],"options":[{options}]}}"#
            )
            .as_bytes(),
        )
    }

    #[test]
    fn a_good_document_reads() {
        let meta = with(
            r#"{"layer":"shouts","prefix":"s","attributes":[{"name":"of","type":"reference","layer":"quotes"}]}"#,
            "",
        )
        .unwrap();
        assert_eq!(meta.required(0), ("tokens", false));
        assert_eq!(meta.required(1), ("quotes", true));
    }

    #[test]
    fn bad_documents_say_why() {
        let cases = [
            (with(r#"{"layer":"text","prefix":"s"}"#, ""), "the host's own"),
            (with(r#"{"layer":"Quotes","prefix":"s"}"#, ""), "lower-case"),
            (with(r#"{"layer":"a","prefix":"s"},{"layer":"a","prefix":"s"}"#, ""), "twice"),
            (
                with(r#"{"layer":"a","prefix":"s","attributes":[{"name":"start","type":"integer"}]}"#, ""),
                "every annotation has",
            ),
            (with(r#"{"layer":"a","prefix":"s","attributes":[{"name":"b","type":"text"}]}"#, ""), "types are integer"),
            (
                with(r#"{"layer":"a","prefix":"s","attributes":[{"name":"b","type":"reference"}]}"#, ""),
                "names no layer",
            ),
            (with(r#"{"layer":"a","prefix":"s","attributes":[{"name":"b.c.d","type":"bool"}]}"#, ""), "object.field"),
            (with("", r#"{"name":"a","type":"integer","default":"x"}"#), "default is bad"),
            (with("", r#"{"name":"a","type":"integer","default":3,"max":2}"#), "at most 2"),
            (with("", r#"{"name":"a","type":"string","default":"x","values":["y"]}"#), "none of y"),
            (PluginMeta::parse(b"{}"), "missing field"),
        ];
        for (result, expected) in cases {
            let why = result.unwrap_err();
            assert!(why.contains(expected), "{why} / {expected}");
        }
    }
}
