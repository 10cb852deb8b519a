//! A plugin's options: what the pipeline file says, checked against what the plugin's metadata declares, defaults filled in.

use super::{Pipeline, PluginEntry};
use crate::metadata::{OptionType, PluginMeta};
use crate::{Diagnostic, diagnostic::nearest};

/// The options of `entry` as one JSON object with a value for each option that `meta` declares. Paths are made absolute.
///
/// # Errors
/// Unknown options, wrong types and bad values, each with its place.
pub fn resolve(pipeline: &Pipeline, entry: &PluginEntry, meta: &PluginMeta) -> Result<String, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let who = format!("{} {}", meta.id, meta.version);
    for (key, value) in &entry.options {
        let Some(option) = meta.options.iter().find(|o| o.name == key.value) else {
            let mut error =
                Diagnostic::new("FB0211", format!("unknown option `{}` for plugin `{}`", key.value, meta.id))
                    .at(key.span.clone(), format!("not an option of {who}"));
            if let Some(name) = nearest(&key.value, meta.options.iter().map(|o| o.name.as_str())) {
                let option = meta.options.iter().find(|o| o.name == name);
                let detail = option.map(|o| format!(" ({}, default {})", o.kind.name(), o.default)).unwrap_or_default();
                error = error.help(format!("an option with a similar name exists: `{name}`{detail}"));
            }
            let all: Vec<&str> = meta.options.iter().map(|o| o.name.as_str()).collect();
            errors.push(error.help(if all.is_empty() {
                format!("{who} has no options")
            } else {
                format!("options of {who}: {}", all.join(", "))
            }));
            continue;
        };
        if let Err(why) = option.accepts(&value.value) {
            errors.push(
                Diagnostic::new("FB0212", format!("bad value for option `{}` of plugin `{}`", key.value, meta.id))
                    .at(value.span.clone(), why)
                    .help(format!("{}; the default is {}", option.doc, option.default)),
            );
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut config = serde_json::Map::new();
    for option in &meta.options {
        let given = entry.options.iter().find(|(key, _)| key.value == option.name).map(|(_, value)| &value.value);
        let mut value = given.unwrap_or(&option.default).clone();
        if let (OptionType::Path, Some(path)) = (option.kind, value.as_str().filter(|p| !p.is_empty())) {
            value = pipeline.folder.join(path).to_string_lossy().into_owned().into();
        }
        config.insert(option.name.clone(), value);
    }
    Ok(serde_json::Value::Object(config).to_string())
}
