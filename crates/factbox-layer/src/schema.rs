//! What a layer may hold: its kinds and attributes, by interned name. Made from a plugin's metadata, once per run.

use crate::Names;

/// The type of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeType {
    /// 64-bit integer.
    Integer,
    /// Finite 64-bit float.
    Float,
    /// UTF-8 string.
    String,
    /// A stretch of the text.
    Span,
    /// An annotation of a layer.
    Reference,
    /// Truth value.
    Bool,
    /// Any JSON value.
    Json,
}

impl AttributeType {
    /// All types with their names in metadata.
    pub const ALL: [(AttributeType, &'static str); 7] = [
        (AttributeType::Integer, "integer"),
        (AttributeType::Float, "float"),
        (AttributeType::String, "string"),
        (AttributeType::Span, "span"),
        (AttributeType::Reference, "reference"),
        (AttributeType::Bool, "bool"),
        (AttributeType::Json, "json"),
    ];

    /// Its name in metadata.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(t, _)| *t == self).map_or("", |(_, name)| name)
    }

    /// The type of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, n)| *n == name).map(|(t, _)| *t)
    }
}

/// One attribute that annotations of a layer may have.
#[derive(Clone, Debug)]
pub struct AttributeSchema {
    /// As declared: `name`, `speaker.name` (field of an object) or `aliases[]` (a list).
    pub name: String,
    /// Interned `name`.
    pub id: u32,
    /// Its type.
    pub kind: AttributeType,
    /// For references: the layer they point into.
    pub target: Option<String>,
    /// Interned `target`, 0 if there is none.
    pub target_id: u32,
    /// The object it is a field of, by position among the layer's objects; attributes of one object stand side by side.
    pub object: Option<u16>,
    /// Whether it may repeat.
    pub list: bool,
    /// How it, or the object or list it opens, begins in the record: `,"speaker":{`, `,"aliases":[`, `,"rule":`.
    pub opening: String,
    /// How it begins as a field of its object: `"name":`, `"aliases":[`; empty for the object's own value.
    pub field: String,
}

/// What annotations of a layer may hold.
#[derive(Clone, Debug)]
pub struct LayerSchema {
    /// The layer's name and its key in the record.
    pub name: String,
    /// Interned `name`.
    pub id: u32,
    /// First part of the annotations' ids ("q" gives q1, q2, ...).
    pub prefix: String,
    /// Key of the kind in the record.
    pub kind_key: String,
    /// Kinds with their interned ids; empty if annotations have none.
    pub kinds: Vec<(String, u32)>,
    /// The same as the record has them: `,"kind":"direct"`.
    pub kind_fields: Vec<String>,
    /// Key of the score in the record, if the layer has scores.
    pub score_key: Option<String>,
    /// The same as the record has it: `,"confidence":`.
    pub score_field: Option<String>,
    /// Attributes, in the order of their declaration.
    pub attributes: Vec<AttributeSchema>,
    by_id: Vec<u16>,
}

const NONE: u16 = u16::MAX;

fn opening(name: &str, object: bool) -> String {
    match (name.split_once('.'), name.strip_suffix("[]")) {
        (Some((head, _)), _) => format!(",\"{head}\":{{"),
        (None, _) if object => format!(",\"{name}\":{{"),
        (None, Some(head)) => format!(",\"{head}\":["),
        (None, None) => format!(",\"{name}\":"),
    }
}

fn field(name: &str) -> String {
    match name.split_once('.') {
        Some((_, field)) => match field.strip_suffix("[]") {
            Some(field) => format!("\"{field}\":["),
            None => format!("\"{field}\":"),
        },
        None => String::new(),
    }
}

impl LayerSchema {
    /// A schema; `attributes` are (name, type, target layer).
    pub fn new(
        names: &mut Names,
        name: &str,
        prefix: &str,
        kind_key: &str,
        kinds: &[&str],
        score_key: Option<&str>,
        attributes: &[(&str, AttributeType, Option<&str>)],
    ) -> Self {
        let mut objects: Vec<&str> = Vec::new();
        let mut by_id = Vec::new();
        let mut list = Vec::new();
        let heads: Vec<&str> = attributes.iter().filter_map(|(n, _, _)| n.split_once('.').map(|(o, _)| o)).collect();
        for &(name, kind, target) in attributes {
            let object = match name.split_once('.') {
                Some((object, _)) => Some(object),
                None if heads.contains(&name) => Some(name),
                None => None,
            };
            let object = object.map(|object| {
                let at = objects.iter().position(|o| *o == object).unwrap_or_else(|| {
                    objects.push(object);
                    objects.len() - 1
                });
                u16::try_from(at).unwrap_or(NONE)
            });
            let id = names.intern(name);
            let slot = id as usize;
            if by_id.len() <= slot {
                by_id.resize(slot + 1, NONE);
            }
            by_id[slot] = u16::try_from(list.len()).unwrap_or(NONE);
            list.push(AttributeSchema {
                name: name.to_owned(),
                id,
                kind,
                target: target.map(str::to_owned),
                target_id: target.map_or(0, |t| names.intern(t)),
                object,
                list: name.ends_with("[]"),
                opening: opening(name, object.is_some()),
                field: field(name),
            });
        }
        LayerSchema {
            name: name.to_owned(),
            id: names.intern(name),
            prefix: prefix.to_owned(),
            kind_key: kind_key.to_owned(),
            kinds: kinds.iter().map(|k| ((*k).to_owned(), names.intern(k))).collect(),
            kind_fields: kinds.iter().map(|kind| format!(",\"{kind_key}\":\"{kind}\"")).collect(),
            score_key: score_key.map(str::to_owned),
            score_field: score_key.map(|key| format!(",\"{key}\":")),
            attributes: list,
            by_id,
        }
    }

    /// Position of the attribute with interned name `id`.
    #[inline]
    pub fn attribute(&self, id: u32) -> Option<u16> {
        self.by_id.get(id as usize).copied().filter(|&at| at != NONE)
    }

    /// Position of the kind with interned name `id`.
    #[inline]
    pub fn kind(&self, id: u32) -> Option<u16> {
        self.kinds.iter().position(|(_, k)| *k == id).and_then(|at| u16::try_from(at).ok())
    }
}
