//! `factbox init`: a commented pipeline file to start from, with every option of every plugin found.

use crate::cli::InitArgs;
use crate::report::{Exit, Failure, Report};
use factbox_core::metadata::PluginMeta;
use factbox_core::pipeline::DEFAULT;
use factbox_host::Search;

/// Runs the command.
pub fn init(args: &InitArgs, report: &Report) -> Result<Exit, Failure> {
    if args.file.exists() && !args.force {
        let what = format!("{} exists already", args.file.display());
        return Err(Failure::other(what, "name another file, or overwrite it with --force"));
    }
    let search = Search::standard(&args.plugin_dir);
    let text = starter(|id| search.find(id).ok().map(|found| found.meta));
    std::fs::write(&args.file, text)
        .map_err(|e| Failure::Io(format!("{} cannot be written", args.file.display()), e))?;
    report.note(&format!("wrote {}; try `factbox check {}`", args.file.display(), args.file.display()));
    Ok(Exit::Success)
}

/// The built-in pipeline with each plugin's options behind its id, commented out, at their defaults.
fn starter(meta: impl Fn(&str) -> Option<PluginMeta>) -> String {
    let mut out = String::new();
    for line in DEFAULT.lines() {
        out.push_str(line);
        out.push('\n');
        let id = line.strip_prefix("id = \"").and_then(|rest| rest.strip_suffix('"'));
        if let Some(meta) = id.and_then(&meta) {
            out.push_str(&commented_options(&meta));
        }
    }
    out
}

/// A plugin's options as commented TOML.
pub fn commented_options(meta: &PluginMeta) -> String {
    let lines: Vec<(String, &str)> =
        meta.options.iter().map(|o| (format!("# options.{} = {}", o.name, o.default), o.doc.as_str())).collect();
    let width = lines.iter().map(|l| l.0.len()).max().unwrap_or(0);
    lines.iter().map(|(line, doc)| format!("{line:width$}   # {doc}\n")).collect()
}
