//! What a plugin says of itself, as constants, and how they become the JSON document that the host reads without loading the library.
//! The JSON is written by `const fn`s at compile time, so that the declaration in the code is the only one there is.

use crate::Plugin;
use factbox_layer::AttributeType;

/// A layer that a plugin provides.
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    pub(crate) name: &'static str,
    pub(crate) prefix: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) kinds: &'static [&'static str],
    pub(crate) score: Option<&'static str>,
    pub(crate) attributes: &'static [Attribute],
}

impl Layer {
    /// A layer `name` whose annotations have ids `prefix1`, `prefix2`, ...
    pub const fn new(name: &'static str, prefix: &'static str, doc: &'static str) -> Self {
        Layer { name, prefix, doc, kind: "kind", kinds: &[], score: None, attributes: &[] }
    }

    /// Its annotations have one of these kinds, under the key `key` of the record.
    pub const fn kinds(mut self, key: &'static str, kinds: &'static [&'static str]) -> Self {
        self.kind = key;
        self.kinds = kinds;
        self
    }

    /// Its annotations have a score, under the key `key` of the record (usually `confidence`).
    pub const fn score(mut self, key: &'static str) -> Self {
        self.score = Some(key);
        self
    }

    /// Its annotations may have these attributes.
    pub const fn attributes(mut self, attributes: &'static [Attribute]) -> Self {
        self.attributes = attributes;
        self
    }
}

/// An attribute that annotations of a layer may have. `a.b` is field `b` of the object `a`; `a[]` may repeat and becomes a list.
#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    pub(crate) name: &'static str,
    pub(crate) kind: AttributeType,
    pub(crate) target: Option<&'static str>,
    pub(crate) doc: &'static str,
}

macro_rules! attribute_kinds {
    ($($function:ident $kind:ident $what:literal;)+) => {
        $(#[doc = concat!("An attribute that holds ", $what, ".")]
        pub const fn $function(name: &'static str, doc: &'static str) -> Self {
            Attribute { name, kind: AttributeType::$kind, target: None, doc }
        })+
    };
}

impl Attribute {
    attribute_kinds! {
        integer Integer "a 64-bit integer";
        float Float "a finite float";
        string String "a string";
        span Span "a stretch of the text";
        bool Bool "a truth value";
        json Json "any JSON value";
    }

    /// An attribute that refers to an annotation of `layer` (one of the plugin's own or one it requires).
    pub const fn reference(name: &'static str, layer: &'static str, doc: &'static str) -> Self {
        Attribute { name, kind: AttributeType::Reference, target: Some(layer), doc }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Default {
    Bool(bool),
    Integer(i64),
    Float(&'static str),
    String(&'static str),
    Path(&'static str),
    List(&'static [&'static str]),
}

/// An option of a plugin: `options.NAME` in the pipeline file.
#[derive(Clone, Copy, Debug)]
pub struct Opt {
    pub(crate) name: &'static str,
    pub(crate) default: Default,
    pub(crate) values: &'static [&'static str],
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) doc: &'static str,
}

impl Opt {
    const fn new(name: &'static str, default: Default, doc: &'static str) -> Self {
        Opt { name, default, values: &[], min: None, max: None, doc }
    }

    /// A switch.
    pub const fn bool(name: &'static str, default: bool, doc: &'static str) -> Self {
        Opt::new(name, Default::Bool(default), doc)
    }

    /// A whole number.
    pub const fn integer(name: &'static str, default: i64, doc: &'static str) -> Self {
        Opt::new(name, Default::Integer(default), doc)
    }

    /// A number; the default as it would be written in JSON ("0.5").
    pub const fn float(name: &'static str, default: &'static str, doc: &'static str) -> Self {
        Opt::new(name, Default::Float(default), doc)
    }

    /// A string.
    pub const fn string(name: &'static str, default: &'static str, doc: &'static str) -> Self {
        Opt::new(name, Default::String(default), doc)
    }

    /// A file's path, relative to the pipeline file; the plugin receives it made absolute. Empty: none.
    pub const fn path(name: &'static str, default: &'static str, doc: &'static str) -> Self {
        Opt::new(name, Default::Path(default), doc)
    }

    /// A list of strings.
    pub const fn list(name: &'static str, default: &'static [&'static str], doc: &'static str) -> Self {
        Opt::new(name, Default::List(default), doc)
    }

    /// The string must be one of these words (or each of the list).
    pub const fn one_of(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    /// The number must lie between `min` and `max`, both included.
    pub const fn range(mut self, min: i64, max: i64) -> Self {
        self.min = Some(min);
        self.max = Some(max);
        self
    }
}

/// Writes into a buffer of `N` bytes; counts on past its end, so that a first run with `N = 0` gives the length.
struct Writer<const N: usize> {
    buffer: [u8; N],
    len: usize,
}

impl<const N: usize> Writer<N> {
    const fn byte(&mut self, byte: u8) {
        if self.len < N {
            self.buffer[self.len] = byte;
        }
        self.len += 1;
    }

    const fn raw(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            self.byte(bytes[i]);
            i += 1;
        }
    }

    const fn string(&mut self, text: &str) {
        self.byte(b'"');
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            match bytes[i] {
                b'"' => self.raw("\\\""),
                b'\\' => self.raw("\\\\"),
                b'\n' | b'\r' | b'\t' => self.byte(b' '),
                byte if byte < 0x20 => {}
                byte => self.byte(byte),
            }
            i += 1;
        }
        self.byte(b'"');
    }

    const fn field(&mut self, key: &str, value: &str) {
        self.string(key);
        self.byte(b':');
        self.string(value);
        self.byte(b',');
    }

    const fn strings(&mut self, key: &str, list: &[&str]) {
        self.string(key);
        self.raw(":[");
        let mut i = 0;
        while i < list.len() {
            if i > 0 {
                self.byte(b',');
            }
            self.string(list[i]);
            i += 1;
        }
        self.raw("],");
    }

    const fn integer(&mut self, n: i64) {
        if n < 0 {
            self.byte(b'-');
        }
        let (mut digits, mut count, mut rest) = ([0u8; 20], 0, n.unsigned_abs());
        loop {
            digits[count] = b'0' + (rest % 10) as u8;
            count += 1;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        while count > 0 {
            count -= 1;
            self.byte(digits[count]);
        }
    }

    const fn bound(&mut self, key: &str, n: Option<i64>) {
        if let Some(n) = n {
            self.string(key);
            self.byte(b':');
            self.integer(n);
            self.byte(b',');
        }
    }

    const fn layer(&mut self, layer: &Layer) {
        self.byte(b'{');
        self.field("layer", layer.name);
        self.field("prefix", layer.prefix);
        self.field("kind", layer.kind);
        self.strings("kinds", layer.kinds);
        if let Some(score) = layer.score {
            self.field("score", score);
        }
        self.raw("\"attributes\":[");
        let mut i = 0;
        while i < layer.attributes.len() {
            let attribute = &layer.attributes[i];
            if i > 0 {
                self.byte(b',');
            }
            self.byte(b'{');
            self.field("name", attribute.name);
            self.field(
                "type",
                match attribute.kind {
                    AttributeType::Integer => "integer",
                    AttributeType::Float => "float",
                    AttributeType::String => "string",
                    AttributeType::Span => "span",
                    AttributeType::Reference => "reference",
                    AttributeType::Bool => "bool",
                    AttributeType::Json => "json",
                },
            );
            if let Some(target) = attribute.target {
                self.field("layer", target);
            }
            self.raw("\"doc\":");
            self.string(attribute.doc);
            self.byte(b'}');
            i += 1;
        }
        self.raw("],\"doc\":");
        self.string(layer.doc);
        self.byte(b'}');
    }

    const fn option(&mut self, option: &Opt) {
        self.byte(b'{');
        self.field("name", option.name);
        self.field(
            "type",
            match option.default {
                Default::Bool(_) => "bool",
                Default::Integer(_) => "integer",
                Default::Float(_) => "float",
                Default::String(_) => "string",
                Default::Path(_) => "path",
                Default::List(_) => "list",
            },
        );
        match option.default {
            Default::Bool(yes) => self.raw(if yes { "\"default\":true," } else { "\"default\":false," }),
            Default::Integer(n) => self.bound("default", Some(n)),
            Default::Float(text) => {
                self.raw("\"default\":");
                self.raw(text);
                self.byte(b',');
            }
            Default::String(text) | Default::Path(text) => self.field("default", text),
            Default::List(list) => self.strings("default", list),
        }
        if !option.values.is_empty() {
            self.strings("values", option.values);
        }
        self.bound("min", option.min);
        self.bound("max", option.max);
        self.raw("\"doc\":");
        self.string(option.doc);
        self.byte(b'}');
    }
}

/// The metadata of a plugin as JSON, made at compile time by [`export_plugin!`](crate::export_plugin).
pub mod metadata {
    use super::{Plugin, Writer};

    const fn write<P: Plugin, const N: usize>(version: &str) -> Writer<N> {
        let mut w = Writer { buffer: [0; N], len: 0 };
        w.raw("{\"factbox\":1,\"abi\":[");
        w.integer(factbox_abi::ABI_MAJOR as i64);
        w.byte(b',');
        w.integer(factbox_abi::ABI_MINOR as i64);
        w.raw("],");
        w.field("id", P::ID);
        w.field("version", version);
        w.field("summary", P::SUMMARY);
        w.strings("requires", P::REQUIRES);
        w.raw("\"provides\":[");
        let mut i = 0;
        while i < P::PROVIDES.len() {
            if i > 0 {
                w.byte(b',');
            }
            w.layer(&P::PROVIDES[i]);
            i += 1;
        }
        w.raw("],\"options\":[");
        let mut i = 0;
        while i < P::OPTIONS.len() {
            if i > 0 {
                w.byte(b',');
            }
            w.option(&P::OPTIONS[i]);
            i += 1;
        }
        w.raw("],\"sdk\":\"rust ");
        w.raw(env!("CARGO_PKG_VERSION"));
        w.raw("\"}");
        w
    }

    /// Bytes that [`json`] takes.
    pub const fn length<P: Plugin>(version: &str) -> usize {
        write::<P, 0>(version).len
    }

    /// The document; `N` is [`length`].
    pub const fn json<P: Plugin, const N: usize>(version: &str) -> [u8; N] {
        write::<P, N>(version).buffer
    }
}
