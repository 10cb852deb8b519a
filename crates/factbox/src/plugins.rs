//! `factbox plugin list` and `factbox plugin info`; the other commands about plugins have a module each.

use crate::cli::PluginCommand;
use crate::report::{Exit, Failure, Report};
use factbox_core::metadata::PluginMeta;
use factbox_host::{Inspected, Search, inspect};
use std::fmt::Write as _;
use std::path::Path;

/// Runs the command.
pub fn plugin(command: &PluginCommand, report: &Report) -> Result<Exit, Failure> {
    match command {
        PluginCommand::New(args) => crate::plugin_new::create(args, report),
        PluginCommand::Test(args) => crate::plugin_test::test(args, report),
        PluginCommand::Install(args) => crate::plugin_install::install(args, report),
        PluginCommand::List { plugin_dir } => list(&Search::standard(plugin_dir), report),
        PluginCommand::Info { plugin, plugin_dir } => {
            let path = Path::new(plugin);
            let found = if path.exists() || plugin.contains(std::path::MAIN_SEPARATOR) {
                inspect(path)
            } else {
                Search::standard(plugin_dir).find(plugin)
            };
            let found = found.map_err(|e| Failure::Library(Box::new(e)))?;
            report.print(&info(&found))?;
            Ok(Exit::Success)
        }
    }
}

fn list(search: &Search, report: &Report) -> Result<Exit, Failure> {
    let mut out = String::new();
    let mut bad = false;
    let mut seen: Vec<String> = Vec::new();
    for found in search.all() {
        let _ = writeln!(out, "{} ({})", found.folder.display(), found.level.name());
        match found.libraries {
            None => out.push_str("  not there\n"),
            Some(libraries) if libraries.is_empty() => out.push_str("  no plugins\n"),
            Some(libraries) => {
                for library in libraries {
                    match library {
                        Ok(library) => {
                            let meta = &library.meta;
                            let provides: Vec<&str> = meta.provides.iter().map(|l| l.layer.as_str()).collect();
                            let shadowed =
                                if seen.contains(&meta.id) { "  (not used: a folder above has it)" } else { "" };
                            let file =
                                library.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                            let _ = writeln!(
                                out,
                                "  {} {}  -> {}{shadowed}\n      {}\n      {file}",
                                meta.id,
                                meta.version,
                                provides.join(", "),
                                meta.summary
                            );
                            let sum = factbox_host::sha256(&library.path).unwrap_or_else(|e| e.to_string());
                            let _ = writeln!(out, "      sha256 {sum}");
                            seen.push(meta.id.clone());
                        }
                        Err(error) => {
                            bad = true;
                            let _ = writeln!(out, "  {}", error.to_string().replace('\n', "\n  "));
                        }
                    }
                }
            }
        }
    }
    report.print(&out)?;
    Ok(if bad { Exit::SomeFailed } else { Exit::Success })
}

fn info(found: &Inspected) -> String {
    let meta: &PluginMeta = &found.meta;
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{} {}: {}", meta.id, meta.version, meta.summary);
    let _ = writeln!(out, "library   {} ({} bytes)", found.path.display(), found.size);
    let _ =
        writeln!(out, "ABI       {}.{}, {}", meta.abi[0], meta.abi[1], meta.sdk.as_deref().unwrap_or("no SDK named"));
    let _ = writeln!(out, "requires  {}", meta.requires.join(", "));
    for layer in &meta.provides {
        let _ = writeln!(out, "\nlayer {}: {}", layer.layer, layer.doc);
        if !layer.kinds.is_empty() {
            let _ = writeln!(out, "  {}: {}", layer.kind, layer.kinds.join(", "));
        }
        let width = layer.attributes.iter().map(|a| a.name.len()).max().unwrap_or(0);
        for attribute in &layer.attributes {
            let kind = match &attribute.layer {
                Some(target) => format!("reference to {target}"),
                None => attribute.kind.clone(),
            };
            let _ = writeln!(out, "  {:width$}  {kind}: {}", attribute.name, attribute.doc);
        }
        if let Some(score) = &layer.score {
            let _ = writeln!(out, "  {score:width$}  number between 0 and 1");
        }
    }
    if !meta.options.is_empty() {
        let _ = writeln!(out, "\nin a pipeline file:\n\n[[plugin]]\nid = \"{}\"", meta.id);
        out.push_str(&crate::init::commented_options(meta));
    }
    out
}
