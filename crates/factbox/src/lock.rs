//! `factbox lock`: writes the checksum of each plugin's library into the pipeline file, so that no other file ever runs in its place. The file is
//! edited, not written anew: comments, order and look stay. It is replaced in one step.

use crate::cli::LockArgs;
use crate::replace::replace;
use crate::report::{Exit, Failure, Report};
use factbox_host::{Host, Search, sha256};
use toml_edit::{DocumentMut, Item, Table, value};

/// Runs the command.
pub fn lock(args: &LockArgs, report: &Report) -> Result<Exit, Failure> {
    let mut pipeline = crate::check::pipeline(Some(&args.pipeline))?;
    // Pins that no longer hold are what this command is for.
    pipeline.require_pins = false;
    pipeline.plugins.iter_mut().for_each(|entry| entry.sha256 = None);
    let (plan, found) =
        Host::plan(&pipeline, &Search::standard(&args.plugin_dir)).map_err(|e| Failure::host(e, &pipeline))?;

    let unreadable = |why: String| Failure::other(format!("{}: {why}", args.pipeline.display()), "");
    let mut document: DocumentMut =
        pipeline.source.parse().map_err(|e: toml_edit::TomlError| unreadable(e.to_string()))?;
    let mut changes = Vec::new();
    for (planned, library) in plan.plugins.iter().zip(&found) {
        let sum =
            sha256(&library.path).map_err(|e| Failure::Io(format!("{} cannot be read", library.path.display()), e))?;
        let id = &planned.meta.id;
        let table = entry(&mut document, planned.entry).ok_or_else(|| {
            unreadable(format!("the entry of `{id}` cannot be edited; write it as a table `[[plugin]]`"))
        })?;
        match pin(table, &sum) {
            None => report.detail(&format!("{id}: pinned already")),
            Some(None) => changes.push(format!("{id}: pinned to {sum} ({})", library.path.display())),
            Some(Some(old)) => {
                changes.push(format!("{id}: pin changed from {old} to {sum} ({})", library.path.display()))
            }
        }
    }
    changes.sort();
    changes.iter().for_each(|change| report.note(change));
    let file = args.pipeline.display();
    if changes.is_empty() {
        report.note(&format!("{file}: all plugins are pinned, nothing changed"));
        return Ok(Exit::Success);
    }
    if args.check {
        report.note(&format!("{file} is not up to date; `factbox lock {file}` writes the pins"));
        return Ok(Exit::SomeFailed);
    }
    let text = line_ends(&document.to_string(), &pipeline.source);
    // A link stays a link, and the file keeps its rights.
    std::fs::canonicalize(&args.pipeline)
        .and_then(|path| {
            replace(&path, |partial| {
                std::fs::write(partial, text)?;
                std::fs::set_permissions(partial, std::fs::metadata(&path)?.permissions())
            })
        })
        .map_err(|e| Failure::Io(format!("{file} cannot be written"), e))?;
    report.note(&format!(
        "wrote {file}; with `require-pins = true` under `[pipeline]` plugins without a pin are refused"
    ));
    Ok(Exit::Success)
}

/// `text` with the line ends of `source`: the editor knows only one kind.
fn line_ends(text: &str, source: &str) -> String {
    let text = text.replace("\r\n", "\n");
    if source.contains("\r\n") { text.replace('\n', "\r\n") } else { text }
}

/// The table of plugin number `at` of the file.
fn entry(document: &mut DocumentMut, at: usize) -> Option<&mut Table> {
    document.get_mut("plugin")?.as_array_of_tables_mut()?.get_mut(at)
}

/// Sets the pin: `None` if it is there already, else the old one, if there was one. A new pin stands right behind `id` and `path`, before the options.
fn pin(table: &mut Table, sum: &str) -> Option<Option<String>> {
    if let Some(old) = table.get("sha256").and_then(Item::as_str).map(str::to_owned) {
        if old.eq_ignore_ascii_case(sum) {
            return None;
        }
        if let Some(item) = table.get_mut("sha256").and_then(Item::as_value_mut) {
            let look = item.decor().clone();
            *item = sum.into();
            *item.decor_mut() = look;
        }
        return Some(Some(old));
    }
    table.insert("sha256", value(sum));
    let rank = |key: &str| match key {
        "id" => 0,
        "path" => 1,
        "sha256" => 2,
        _ => 3,
    };
    // A stable sort: everything else keeps its order.
    table.sort_values_by(|a, _, b, _| rank(a.get()).cmp(&rank(b.get())));
    Some(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_stay() {
        let source = "# a\r\n[[plugin]]\r\nid = \"a\"\r\n";
        let document: DocumentMut = source.parse().unwrap();
        assert_eq!(line_ends(&document.to_string(), source), source);
    }

    #[test]
    fn comments_and_order_stay() {
        let source = "# mine\n[pipeline]\nname = \"x\" # why\n\n# first\n[[plugin]]\ntimeout = \"2s\"   # long\nid = \"a\"\noptions.z = 1\noptions.b = [ 2 ]\n\n[[plugin]]\nid = \"b\"\nsha256 = \"00\" # old\n[output]\n";
        let mut document: DocumentMut = source.parse().unwrap();
        assert_eq!(pin(entry(&mut document, 0).unwrap(), "11"), Some(None));
        assert_eq!(pin(entry(&mut document, 1).unwrap(), "22"), Some(Some("00".into())));
        assert_eq!(pin(entry(&mut document, 1).unwrap(), "22"), None);
        let expected = source.replace("id = \"a\"\n", "id = \"a\"\nsha256 = \"11\"\n").replace("\"00\"", "\"22\"");
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(lines(&document.to_string()), lines(&expected));
        let text = document.to_string();
        assert!(
            text.find("options.z") < text.find("options.b") && text.find("# first") < text.find("id = \"a\""),
            "{text}"
        );
    }
}
