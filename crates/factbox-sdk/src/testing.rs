//! The in-process test kit: runs a plugin on a text without a library or a host, through the same checks as the host's. Layers of other
//! plugins are given by hand. What the plugin found prints as one line an annotation, ready for a snapshot.

use crate::{Doc, Output, Plugin, ProcessError, Setup, ffi};
use factbox_abi::{FbxDoc, FbxStr};
use factbox_layer::lend::{BaseKeys, Lent};
use factbox_layer::{
    Annotation, Attribute, AttributeType, BASE_LAYERS, Emission, Layer, LayerSchema, Limits, Names, RawAnnotation,
    Value, describe, json,
};
use factbox_text::{Analyzer, Span};
use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;

/// Runs a plugin on texts.
pub struct Kit<P> {
    options: Vec<(String, String)>,
    upstream: Vec<Upstream>,
    meta: String,
    plugin: PhantomData<P>,
}

/// A layer of another plugin, given by hand.
#[derive(Clone, Debug)]
pub struct Upstream {
    name: String,
    given: Vec<Given>,
}

#[derive(Clone, Debug)]
struct Given {
    text: String,
    kind: String,
    attributes: Vec<(String, Held)>,
}

#[derive(Clone, Debug)]
enum Held {
    String(String),
    Span(String),
    Reference(String, usize),
}

impl Upstream {
    /// An empty layer `name`.
    pub fn new(name: &str) -> Self {
        Upstream { name: name.to_owned(), given: Vec::new() }
    }

    /// An annotation on the next place where `text` stands, after the one before.
    pub fn add(mut self, text: &str, kind: &str) -> Self {
        self.given.push(Given { text: text.to_owned(), kind: kind.to_owned(), attributes: Vec::new() });
        self
    }

    fn with(mut self, name: &str, held: Held) -> Self {
        if let Some(last) = self.given.last_mut() {
            last.attributes.push((name.to_owned(), held));
        }
        self
    }

    /// Gives the last annotation a string.
    pub fn string(self, name: &str, value: &str) -> Self {
        self.with(name, Held::String(value.to_owned()))
    }

    /// Gives the last annotation a span: the first place where `text` stands.
    pub fn span(self, name: &str, text: &str) -> Self {
        self.with(name, Held::Span(text.to_owned()))
    }

    /// Gives the last annotation a reference.
    pub fn reference(self, name: &str, layer: &str, index: usize) -> Self {
        self.with(name, Held::Reference(layer.to_owned(), index))
    }

    fn schema(&self, names: &mut Names) -> LayerSchema {
        let mut kinds: Vec<&str> = self.given.iter().map(|g| g.kind.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let mut attributes: Vec<(&str, AttributeType, Option<&str>)> = Vec::new();
        for (name, held) in self.given.iter().flat_map(|g| &g.attributes) {
            if attributes.iter().all(|a| a.0 != name) {
                attributes.push(match held {
                    Held::String(_) => (name, AttributeType::String, None),
                    Held::Span(_) => (name, AttributeType::Span, None),
                    Held::Reference(layer, _) => (name, AttributeType::Reference, Some(layer)),
                });
            }
        }
        LayerSchema::new(names, &self.name, "x", "kind", &kinds, None, &attributes)
    }

    fn store(&self, text: &str, schema: &LayerSchema, schemas: &[LayerSchema]) -> Layer {
        let mut layer = Layer::default();
        let mut from = 0;
        for given in &self.given {
            let at = text[from..]
                .find(&given.text)
                .unwrap_or_else(|| panic!("`{}` stands nowhere after byte {from}", given.text));
            let span = Span::from(from + at..from + at + given.text.len());
            from += at;
            let first = layer.attributes.len() as u32;
            for (name, held) in &given.attributes {
                let attribute = schema.attributes.iter().position(|a| a.name == *name).unwrap_or(0) as u16;
                let value = match held {
                    Held::String(value) => {
                        let from = layer.strings.len();
                        layer.strings.push_str(value);
                        Value::Str(Span::from(from..layer.strings.len()))
                    }
                    Held::Span(value) => {
                        let at = text.find(value.as_str()).unwrap_or_else(|| panic!("`{value}` stands nowhere"));
                        Value::Span(Span::from(at..at + value.len()))
                    }
                    Held::Reference(target, index) => {
                        let layer = schemas
                            .iter()
                            .position(|s| s.name == *target)
                            .unwrap_or_else(|| panic!("no layer `{target}`"));
                        Value::Ref { layer: layer as u16, index: *index as u32 }
                    }
                };
                layer.attributes.push(Attribute { attribute, value });
            }
            let kind = schema.kinds.iter().position(|k| k.0 == given.kind).unwrap_or(0) as u16;
            let count = layer.attributes.len() as u32 - first;
            layer.annotations.push(Annotation { span, kind, score: f32::NAN, first, count });
        }
        layer
    }
}

impl<P: Plugin> Default for Kit<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Plugin> Kit<P> {
    /// A kit with the default options and no other plugins' layers.
    pub fn new() -> Self {
        Kit { options: Vec::new(), upstream: Vec::new(), meta: "{}".to_owned(), plugin: PhantomData }
    }

    /// Sets an option, as it would be written in the pipeline file but without quotation marks ("5", "true", "word"; lists as JSON).
    pub fn option(mut self, name: &str, value: &str) -> Self {
        self.options.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Gives the plugin a layer of another plugin.
    pub fn upstream(mut self, layer: Upstream) -> Self {
        self.upstream.push(layer);
        self
    }

    /// Sets the article's `meta` object (JSON).
    pub fn meta(mut self, json: &str) -> Self {
        self.meta = json.to_owned();
        self
    }

    fn config(&self) -> String {
        use crate::declare::Default as D;
        let mut out = String::from("{");
        for option in P::OPTIONS {
            if out.len() > 1 {
                out.push(',');
            }
            json::write_string(&mut out, option.name);
            out.push(':');
            let given =
                self.options.iter().rev().find(|(name, _)| name == option.name).map(|(_, value)| value.as_str());
            match (&option.default, given) {
                (D::String(_) | D::Path(_), Some(value)) => json::write_string(&mut out, value),
                (_, Some(value)) => out.push_str(value),
                (D::Bool(yes), None) => out.push_str(if *yes { "true" } else { "false" }),
                (D::Integer(n), None) => out.push_str(&n.to_string()),
                (D::Float(text), None) => out.push_str(text),
                (D::String(text) | D::Path(text), None) => json::write_string(&mut out, text),
                (D::List(list), None) => {
                    out.push('[');
                    for (i, item) in list.iter().enumerate() {
                        if i > 0 {
                            out.push(',');
                        }
                        json::write_string(&mut out, item);
                    }
                    out.push(']');
                }
            }
        }
        out.push('}');
        for (name, _) in &self.options {
            assert!(P::OPTIONS.iter().any(|o| o.name == name), "plugin `{}` has no option `{name}`", P::ID);
        }
        out
    }

    /// Runs the plugin on `text`.
    ///
    /// # Panics
    /// If an instance cannot be made, the article fails, or the host would drop something of the output. A test wants to know.
    pub fn run(&self, text: &str) -> Facts {
        self.try_run(text).unwrap_or_else(|why| panic!("plugin `{}`: {why}", P::ID))
    }

    /// Runs the plugin on `text`.
    ///
    /// # Errors
    /// Why no instance could be made, why the article failed, or what of the output the host would drop.
    pub fn try_run(&self, text: &str) -> Result<Facts, String> {
        let names = RefCell::new(Names::default());
        let config = self.config();
        let options = json::parse(&config).map_err(|e| format!("options: {e}: {config}"))?;
        let setup = Setup { options, data_dir: "", names: ffi::Interner::Kit(&names) };
        let mut plugin = P::new(&setup).map_err(|e| e.message)?;
        let mut names = names.into_inner();

        // The plan: base layers, the given ones, the plugin's own.
        let keys = BaseKeys::new(&mut names);
        let mut schemas: Vec<LayerSchema> =
            BASE_LAYERS.iter().map(|n| LayerSchema::new(&mut names, n, "", "kind", &[], None, &[])).collect();
        schemas.extend(self.upstream.iter().map(|u| u.schema(&mut names)));
        let own = schemas.len();
        for layer in P::PROVIDES {
            let attributes: Vec<_> = layer.attributes.iter().map(|a| (a.name, a.kind, a.target)).collect();
            schemas.push(LayerSchema::new(
                &mut names,
                layer.name,
                layer.prefix,
                layer.kind,
                layer.kinds,
                layer.score,
                &attributes,
            ));
        }
        let mut layers: Vec<Layer> = schemas.iter().map(|_| Layer::default()).collect();
        for (i, upstream) in self.upstream.iter().enumerate() {
            let at = BASE_LAYERS.len() + i;
            layers[at] = upstream.store(text, &schemas[at], &schemas);
        }

        let mut analyzer = Analyzer::default();
        let analysis = analyzer.analyze(text, &[]);
        let lent: Vec<Option<Lent>> = P::REQUIRES
            .iter()
            .map(|name| {
                let at = schemas[..own].iter().position(|s| s.name == name.trim_end_matches('?'))?;
                let mut lent = Lent::default();
                if at < BASE_LAYERS.len() {
                    lent.base(at, analysis, &keys);
                } else {
                    lent.layer(&schemas[at], &schemas, &layers[at]);
                }
                Some(lent)
            })
            .collect();
        for (name, lent) in P::REQUIRES.iter().zip(&lent) {
            if lent.is_none() && !name.ends_with('?') {
                return Err(format!("it requires the layer `{name}`: give the kit one with `upstream`"));
            }
        }
        let raw: Vec<_> = P::REQUIRES
            .iter()
            .zip(&lent)
            .map(|(name, lent)| lent.as_ref().map_or_else(Lent::absent, |l| l.raw(name)))
            .collect();
        let doc = FbxDoc {
            size: size_of::<FbxDoc>() as u32,
            flags: 0,
            id: FbxStr::new("test"),
            lang: FbxStr::new("en"),
            text: FbxStr::new(text),
            meta_json: FbxStr::new(&self.meta),
            layers: raw.as_ptr(),
            n_layers: raw.len(),
            cancel: std::ptr::null(),
        };
        let mut output = Output::new(P::PROVIDES.len());
        let doc = Doc { raw: ffi::kit_doc(&doc), requires: P::REQUIRES };
        plugin.process(&doc, &mut output).map_err(|e| match e {
            ProcessError::Cancelled => "cancelled".to_owned(),
            ProcessError::Article(why) => why,
        })?;

        let provided: Vec<u16> = (own..schemas.len()).map(|n| n as u16).collect();
        let mut emission = Emission::new(text, &schemas, &mut layers, &provided, Limits::for_text(text.len()));
        for (number, batch) in output.batches.iter_mut().enumerate() {
            batch.seal();
            let Some(mut intake) = emission.layer(number as u32) else { continue };
            for ann in &batch.anns {
                let raw = RawAnnotation { start: ann.start, end: ann.end, kind: ann.kind, score: ann.score };
                let attributes = &batch.attrs[ann.attr_first as usize..(ann.attr_first + ann.attr_count) as usize];
                intake.push(raw, attributes.iter().map(|a| (a.key, move || ffi::value(a))));
            }
        }
        let outcome = emission.finish();
        if outcome.dropped > 0 {
            return Err(format!("the host would drop {} things: {}", outcome.dropped, outcome.reasons.join("; ")));
        }
        Ok(Facts { text: text.to_owned(), schemas, layers, own })
    }
}

/// What a plugin found in one text.
pub struct Facts {
    text: String,
    schemas: Vec<LayerSchema>,
    layers: Vec<Layer>,
    own: usize,
}

impl Facts {
    /// The texts of the annotations of `layer`.
    pub fn texts(&self, layer: &str) -> Vec<&str> {
        let at = self.schemas.iter().position(|s| s.name == layer);
        at.map_or(Vec::new(), |at| self.layers[at].annotations.iter().map(|a| a.span.of(&self.text)).collect())
    }

    /// Compares what was found with the file at `path` (relative to the crate's folder, where `cargo test` runs). With `FACTBOX_UPDATE=1` in
    /// the environment it is written instead.
    ///
    /// # Panics
    /// If they differ, or if the file cannot be read or written.
    pub fn snapshot(&self, path: impl AsRef<std::path::Path>) {
        let (path, found) = (path.as_ref(), self.to_string());
        let place = path.display();
        if std::env::var_os("FACTBOX_UPDATE").is_some_and(|v| v == "1") {
            std::fs::write(path, found).unwrap_or_else(|e| panic!("{place} cannot be written: {e}"));
            return;
        }
        let expected = std::fs::read_to_string(path)
            .unwrap_or_else(|e| panic!("{place} cannot be read: {e}; FACTBOX_UPDATE=1 writes it"));
        // Git may have turned line ends on its way.
        assert!(
            expected.replace("\r\n", "\n") == found,
            "what was found differs from {place}; FACTBOX_UPDATE=1 accepts it\nexpected:\n{expected}\nfound:\n{found}"
        );
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut out = String::new();
        for at in self.own..self.schemas.len() {
            describe(&mut out, &self.text, &self.schemas, &self.layers, at)?;
        }
        f.write_str(&out)
    }
}
