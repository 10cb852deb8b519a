//! The plan of a run: plugins sorted by what they read and provide, every layer with its schema. All that could go wrong between plugins goes
//! wrong here, before the first article, with the lines of the pipeline file.

use crate::Diagnostic;
use crate::metadata::PluginMeta;
use crate::pipeline::{self, Isolation, Pipeline, PluginEntry};
use factbox_layer::lend::BaseKeys;
use factbox_layer::{BASE_LAYERS, LayerSchema, Names};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A plugin in the order in which it runs.
#[derive(Clone, Debug)]
pub struct PlannedPlugin {
    /// Position in the pipeline file.
    pub entry: usize,
    /// What it says of itself.
    pub meta: PluginMeta,
    /// Its options as JSON, defaults filled in.
    pub config: String,
    /// The layers it reads, in the order of its `requires`; `None` for an optional one that nobody provides.
    pub requires: Vec<Option<u16>>,
    /// The layers it adds, in the order of its `provides`.
    pub provides: Vec<u16>,
    /// How long it may take for one article.
    pub timeout: Option<Duration>,
    /// Where it runs.
    pub isolation: Isolation,
    /// Bytes of memory its worker process may use.
    pub memory: Option<u64>,
}

/// What runs, in order, and the layers there are.
#[derive(Debug)]
pub struct Plan {
    /// Interned names of layers, kinds and attributes.
    pub names: Names,
    /// Keys of the host's own layers.
    pub keys: BaseKeys,
    /// Schemas of all layers: the host's, then each plugin's in order.
    pub schemas: Vec<LayerSchema>,
    /// The plugins in running order.
    pub plugins: Vec<PlannedPlugin>,
}

impl Plan {
    /// Sorts the plugins of `pipeline`, whose metadata are `metas`, side by side.
    ///
    /// # Errors
    /// Cycles, layers that nobody provides, layers that two provide, references into missing layers, bad options: each with its place.
    pub fn build(pipeline: &Pipeline, metas: Vec<PluginMeta>) -> Result<Plan, Vec<Diagnostic>> {
        let mut errors = Vec::new();
        let configs: Vec<String> = pipeline
            .plugins
            .iter()
            .zip(&metas)
            .map(|(entry, meta)| {
                pipeline::resolve(pipeline, entry, meta).unwrap_or_else(|found| {
                    errors.extend(found);
                    String::new()
                })
            })
            .collect();
        if pipeline.require_pins {
            check_pins(pipeline, &mut errors);
        }
        let providers = providers(&pipeline.plugins, &metas, &mut errors);
        check_requirements(&pipeline.plugins, &metas, &providers, &mut errors);
        let order = match sort(&pipeline.plugins, &metas, &providers) {
            Ok(order) => order,
            Err(cycle) => {
                errors.push(cycle);
                Vec::new()
            }
        };
        if !errors.is_empty() {
            return Err(errors);
        }

        let mut names = Names::default();
        let keys = BaseKeys::new(&mut names);
        let mut schemas: Vec<LayerSchema> =
            BASE_LAYERS.iter().map(|name| LayerSchema::new(&mut names, name, name, "kind", &[], None, &[])).collect();
        for &at in &order {
            for layer in &metas[at].provides {
                schemas.push(layer.schema(&mut names));
            }
        }
        let position = |name: &str| schemas.iter().position(|s| s.name == name).map(|at| at as u16);
        let plugins = order
            .iter()
            .map(|&at| {
                let meta = metas[at].clone();
                PlannedPlugin {
                    entry: at,
                    config: configs[at].clone(),
                    requires: (0..meta.requires.len()).map(|i| position(meta.required(i).0)).collect(),
                    provides: meta.provides.iter().filter_map(|l| position(&l.layer)).collect(),
                    timeout: pipeline.plugins[at].timeout,
                    isolation: pipeline.plugins[at].isolation,
                    memory: pipeline.plugins[at].memory,
                    meta,
                }
            })
            .collect();
        Ok(Plan { names, keys, schemas, plugins })
    }
}

fn check_pins(pipeline: &Pipeline, errors: &mut Vec<Diagnostic>) {
    for entry in pipeline.plugins.iter().filter(|entry| entry.sha256.is_none()) {
        errors.push(
            Diagnostic::new(
                "FB0225",
                format!("plugin `{}` has no pin, and the pipeline requires pins", entry.id.value),
            )
            .at(entry.id.span.clone(), "`sha256` is missing")
            .help(format!("`factbox lock {}` writes the pins of all plugins into the file", pipeline.label)),
        );
    }
}

fn providers<'a>(
    entries: &[PluginEntry],
    metas: &'a [PluginMeta],
    errors: &mut Vec<Diagnostic>,
) -> BTreeMap<&'a str, usize> {
    let mut providers: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, meta) in metas.iter().enumerate() {
        for layer in &meta.provides {
            if let Some(&first) = providers.get(layer.layer.as_str()) {
                errors.push(
                    Diagnostic::new("FB0222", format!("two plugins provide the layer `{}`", layer.layer))
                        .at(entries[at].id.span.clone(), format!("`{}` provides it", meta.id))
                        .at(entries[first].id.span.clone(), format!("and so does `{}`", metas[first].id))
                        .help("keep one of the two plugins in this pipeline"),
                );
                continue;
            }
            providers.insert(&layer.layer, at);
        }
    }
    providers
}

fn check_requirements(
    entries: &[PluginEntry],
    metas: &[PluginMeta],
    providers: &BTreeMap<&str, usize>,
    errors: &mut Vec<Diagnostic>,
) {
    let exists = |name: &str| BASE_LAYERS.contains(&name) || providers.contains_key(name);
    for (entry, meta) in entries.iter().zip(metas) {
        for i in 0..meta.requires.len() {
            let (name, optional) = meta.required(i);
            if optional || exists(name) {
                continue;
            }
            let mut error = Diagnostic::new(
                "FB0221",
                format!("plugin `{}` reads the layer `{name}`, which nobody provides", meta.id),
            )
            .at(entry.id.span.clone(), format!("requires `{name}`"));
            if let Some(near) = crate::nearest(name, providers.keys().copied().chain(BASE_LAYERS)) {
                error = error.help(format!("a layer with a similar name exists: `{near}`"));
            }
            let there: Vec<&str> = BASE_LAYERS.into_iter().chain(providers.keys().copied()).collect();
            errors.push(error.help(format!(
                "add the plugin that provides it; layers of this pipeline: {}; `factbox plugin list` shows what each plugin provides",
                there.join(", ")
            )));
        }
        let readable: BTreeSet<&str> = (0..meta.requires.len())
            .map(|i| meta.required(i).0)
            .chain(meta.provides.iter().map(|l| l.layer.as_str()))
            .collect();
        for layer in &meta.provides {
            for attribute in &layer.attributes {
                if let Some(target) = attribute.layer.as_deref().filter(|t| !readable.contains(t)) {
                    errors.push(
                        Diagnostic::new("FB0224", format!("plugin `{}`: attribute `{}` of `{}` refers to the layer `{target}`, which the plugin neither requires nor provides", meta.id, attribute.name, layer.layer))
                            .at(entry.id.span.clone(), "declared by this plugin")
                            .help(format!("its author has to add `{target}` or `{target}?` to `requires`")),
                    );
                }
            }
        }
    }
}

/// Kahn's algorithm; among plugins that are ready the one that stands first in the file goes first, so the order is always the same.
fn sort(
    entries: &[PluginEntry],
    metas: &[PluginMeta],
    providers: &BTreeMap<&str, usize>,
) -> Result<Vec<usize>, Diagnostic> {
    let needs: Vec<BTreeSet<usize>> = metas
        .iter()
        .map(|meta| (0..meta.requires.len()).filter_map(|i| providers.get(meta.required(i).0).copied()).collect())
        .collect();
    let mut order: Vec<usize> = Vec::new();
    let mut left: BTreeSet<usize> = (0..metas.len()).collect();
    while !left.is_empty() {
        let ready = left.iter().copied().find(|at| needs[*at].iter().all(|n| order.contains(n)));
        match ready {
            Some(at) => {
                left.remove(&at);
                order.push(at);
            }
            None => return Err(cycle(entries, metas, &needs, &left)),
        }
    }
    Ok(order)
}

fn cycle(
    entries: &[PluginEntry],
    metas: &[PluginMeta],
    needs: &[BTreeSet<usize>],
    left: &BTreeSet<usize>,
) -> Diagnostic {
    // Everything left needs something left: following needs must come back to where it was.
    let mut path = vec![*left.first().unwrap_or(&0)];
    let ring = loop {
        let here = path[path.len() - 1];
        let next = needs[here].iter().copied().find(|n| left.contains(n)).unwrap_or(here);
        if let Some(from) = path.iter().position(|p| *p == next) {
            break path[from..].to_vec();
        }
        path.push(next);
    };
    let layer_between = |reader: usize, provider: usize| -> String {
        let provided: Vec<&str> = metas[provider].provides.iter().map(|l| l.layer.as_str()).collect();
        (0..metas[reader].requires.len())
            .map(|i| metas[reader].required(i).0)
            .find(|n| provided.contains(n))
            .unwrap_or("")
            .to_owned()
    };
    let names: Vec<&str> = ring.iter().chain(ring.first()).map(|at| metas[*at].id.as_str()).collect();
    let mut error = Diagnostic::new("FB0223", format!("plugins wait for each other: {}", names.join(" -> ")));
    for (i, &reader) in ring.iter().enumerate() {
        let provider = ring[(i + 1) % ring.len()];
        error = error.at(
            entries[reader].id.span.clone(),
            format!("`{}` reads `{}` of `{}`", metas[reader].id, layer_between(reader, provider), metas[provider].id),
        );
    }
    error.help("remove one of them from the pipeline")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// Builds a plan of plugins given as (id, requires, provides).
    fn plan(plugins: &[(&str, &[&str], &[&str])]) -> Result<Vec<String>, String> {
        let source: String = plugins.iter().map(|(id, _, _)| format!("[[plugin]]\nid = \"{id}\"\n")).collect();
        let pipeline = Pipeline::parse("p.toml", &source, PathBuf::new()).unwrap();
        let metas = plugins
            .iter()
            .map(|(id, requires, provides)| {
                let provides: Vec<_> = provides.iter().map(|l| serde_json::json!({"layer": l, "prefix": "x"})).collect();
                let json = serde_json::json!({"factbox": 1, "abi": [1, 0], "id": id, "version": "1", "requires": requires, "provides": provides});
                PluginMeta::parse(json.to_string().as_bytes()).unwrap()
            })
            .collect();
        match Plan::build(&pipeline, metas) {
            Ok(plan) => Ok(plan.plugins.iter().map(|p| p.meta.id.clone()).collect()),
            Err(errors) => Err(errors.iter().map(|e| e.render("p.toml", &source, false)).collect()),
        }
    }

    #[test]
    fn order_follows_layers_not_lines() {
        let order = plan(&[
            ("c", &["b", "tokens"], &["c"]),
            ("b", &["a?"], &["b"]),
            ("a", &["sentences"], &["a"]),
            ("z", &["missing?"], &[]),
        ]);
        assert_eq!(order.unwrap(), ["a", "b", "c", "z"]);
    }

    #[test]
    fn wrong_graphs_are_refused_with_their_lines() {
        let cycle = plan(&[("a", &["c"], &["a"]), ("b", &["a"], &["b"]), ("c", &["b"], &["c"])]).unwrap_err();
        assert!(cycle.contains("a -> c -> b -> a") && cycle.contains("p.toml:2"), "{cycle}");
        let missing = plan(&[("a", &["mention"], &["mentions"])]).unwrap_err();
        assert!(missing.contains("similar name exists: `mentions`"), "{missing}");
        let twice = plan(&[("a", &[], &["x"]), ("b", &[], &["x"])]).unwrap_err();
        assert!(twice.contains("two plugins provide"), "{twice}");
    }
}
