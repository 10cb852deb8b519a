//! `factbox plugin new`: writes a folder with a whole plugin, in Rust or C, that builds with nothing but the toolchain and the SDK that came with this
//! factbox. The templates are files of `templates/` with `{{places}}` to fill in.

use crate::cli::{Language, NewArgs};
use crate::report::{Exit, Failure, Report};
use factbox_core::metadata::{RESERVED_KEYS, is_name};
use factbox_host::Search;
use factbox_layer::BASE_LAYERS;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};

macro_rules! template {
    ($name:literal) => {
        include_str!(concat!("../templates/", $name))
    };
}

/// Runs the command.
pub fn create(args: &NewArgs, report: &Report) -> Result<Exit, Failure> {
    let id = &args.name;
    if !is_tidy(id, '-') {
        return Err(Failure::other(
            format!("`{id}` cannot be a plugin's id"),
            "an id begins with a lower-case letter and goes on with lower-case letters, digits and single hyphens",
        ));
    }
    let layer = args.provides.clone().unwrap_or_else(|| id.replace('-', "_"));
    if !is_tidy(&layer, '_') || RESERVED_KEYS.contains(&layer.as_str()) || BASE_LAYERS.contains(&layer.as_str()) {
        return Err(Failure::other(
            format!("`{layer}` cannot be the name of a layer"),
            "a layer's name begins with a lower-case letter and goes on with lower-case letters, digits and underscores; the host's own names are taken; choose one with --provides",
        ));
    }
    for name in &args.requires {
        if !is_tidy(name.strip_suffix('?').unwrap_or(name), '_') || *name == layer {
            return Err(Failure::other(
                format!("`{name}` cannot be a layer that it reads"),
                "`factbox plugin list` shows the layers of all plugins; the host's are zones, paragraphs, sentences, tokens",
            ));
        }
    }
    let sdk = match &args.sdk {
        Some(folder) => std::path::absolute(folder)?,
        None => sdk().ok_or_else(|| {
            Failure::other(
                "this factbox was installed without its SDK",
                "name the folder that holds crates/factbox-sdk with --sdk",
            )
        })?,
    };
    if !sdk.join("crates/factbox-sdk/Cargo.toml").is_file() {
        return Err(Failure::other(
            format!("{} is not the SDK: it has no crates/factbox-sdk", sdk.display()),
            "an installation has it at share/factbox/sdk",
        ));
    }
    let folder = Path::new(id);
    let files = match args.lang {
        Language::Rust => rust(),
        Language::C => c(id),
    };
    let upstream = upstream(&args.requires, report);
    let places = places(args, &layer, &sdk, &upstream);
    // Making the folder is the test whether it is there, so that nothing is ever overwritten.
    std::fs::create_dir(folder).map_err(|e| match e.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::other(
            format!("{} exists already", folder.display()),
            "choose another id, or another folder to be in",
        ),
        _ => Failure::Io(format!("{} cannot be made", folder.display()), e),
    })?;
    for (name, text) in files {
        write(&folder.join(&name), &fill(pick(&text, args), &places))?;
    }
    let steps = match args.lang {
        Language::Rust => format!("cd {id} && cargo test && cargo build --release"),
        Language::C => format!("cd {id} && make test"),
    };
    report.note(&format!("wrote the plugin `{id}`; next:\n  {steps}\nand read {id}/README.md"));
    Ok(Exit::Success)
}

/// Where the SDK lies: beside an installed factbox, or in the repository of one that was built there.
fn sdk() -> Option<PathBuf> {
    let executable = std::env::current_exe().and_then(std::fs::canonicalize).ok()?;
    let installed = executable.parent()?.parent()?.join("share").join("factbox").join("sdk");
    std::iter::once(installed.as_path())
        .chain(executable.ancestors())
        .find(|folder| folder.join("crates/factbox-sdk/Cargo.toml").is_file())
        .map(Path::to_owned)
}

fn rust() -> Vec<(String, Template)> {
    vec![
        ("Cargo.toml".into(), Template::Text(template!("rust/Cargo.toml.in"))),
        (".gitignore".into(), Template::Text(template!("rust/gitignore"))),
        ("README.md".into(), Template::Text(template!("rust/README.md"))),
        ("pipeline.toml".into(), Template::Text(template!("rust/pipeline.toml"))),
        ("src/lib.rs".into(), Template::Idea),
        ("tests/found.rs".into(), Template::Text(template!("rust/tests/found.rs.in"))),
        ("tests/article.txt".into(), Template::Text(template!("article.txt"))),
        ("tests/found.txt".into(), Template::Found),
    ]
}

fn c(id: &str) -> Vec<(String, Template)> {
    vec![
        ("Makefile".into(), Template::Text(template!("c/Makefile"))),
        ("README.md".into(), Template::Text(template!("c/README.md"))),
        ("pipeline.toml".into(), Template::Text(template!("c/pipeline.toml"))),
        (format!("{id}.c"), Template::Text(template!("c/plugin.c"))),
        ("tests/article.txt".into(), Template::Text(template!("article.txt"))),
        ("tests/found.txt".into(), Template::Text(template!("c/found.txt"))),
    ]
}

enum Template {
    Text(&'static str),
    /// The plugin itself: over tokens, or over a layer of another plugin.
    Idea,
    /// What that finds.
    Found,
}

fn pick(template: &Template, args: &NewArgs) -> &'static str {
    match template {
        Template::Text(text) => text,
        Template::Idea if reads(args).is_some() => template!("rust/layer.rs"),
        Template::Idea => template!("rust/tokens.rs"),
        Template::Found if reads(args).is_some() => template!("rust/tests/found-layer.txt"),
        Template::Found => template!("rust/tests/found-tokens.txt"),
    }
}

/// The first layer of another plugin that it reads.
fn reads(args: &NewArgs) -> Option<&str> {
    args.requires.iter().map(|r| r.strip_suffix('?').unwrap_or(r)).find(|r| !BASE_LAYERS.contains(r))
}

/// What stands in the places of the templates.
fn places(args: &NewArgs, layer: &str, sdk: &Path, upstream: &[String]) -> Vec<(&'static str, String)> {
    let id = &args.name;
    let snake = id.replace('-', "_");
    let mut requires = args.requires.clone();
    if reads(args).is_none() && !requires.iter().any(|r| r == "tokens") && args.lang == Language::Rust {
        requires.push("tokens".to_owned());
    }
    let quoted = |mark: &str| requires.iter().map(|r| format!("{mark}\"{r}{mark}\"")).collect::<Vec<_>>().join(", ");
    let camel: String = id
        .split('-')
        .map(|part| {
            part.chars()
                .next()
                .map(|c| c.to_ascii_uppercase())
                .into_iter()
                .chain(part.chars().skip(1))
                .collect::<String>()
        })
        .collect();
    // The one word that is both an id and no name of a type.
    let camel = if camel == "Self" { "SelfPlugin".to_owned() } else { camel };
    let library = match args.lang {
        Language::Rust => format!("{DLL_PREFIX}factbox_{snake}{DLL_SUFFIX}"),
        Language::C => format!("{DLL_PREFIX}{id}{DLL_SUFFIX}"),
    };
    // The kit gives the layers of other plugins by hand; the article's own names serve.
    let kit: String = requires
        .iter()
        .map(|r| r.strip_suffix('?').unwrap_or(r))
        .filter(|r| !BASE_LAYERS.contains(r))
        .map(|r| format!("\n        .upstream(Upstream::new(\"{r}\").add(\"Maria Costa\", \"person\"))\n        "))
        .collect();
    vec![
        ("id", id.clone()),
        ("snake", snake),
        ("type", camel),
        ("layer", layer.to_owned()),
        ("prefix", layer.chars().take(1).collect()),
        ("requires", quoted("")),
        ("requires_c", quoted("\\")),
        ("requires_plain", requires.join("`, `")),
        ("reads", reads(args).unwrap_or_default().to_owned()),
        ("library", library),
        ("sdk", sdk.display().to_string().replace('\\', "/")),
        ("kit_import", if kit.is_empty() { String::new() } else { ", Upstream".to_owned() }),
        ("kit_upstream", kit.trim_end().to_owned()),
        ("upstream", upstream.iter().map(|id| format!("\n[[plugin]]\nid = \"{id}\"\n")).collect()),
    ]
}

/// The plugins that its pipeline file needs besides it: those that provide what it reads, and what they read in turn.
fn upstream(requires: &[String], report: &Report) -> Vec<String> {
    match crate::plugin_test::providers(requires, &Search::standard(&[])) {
        Ok(found) => found.into_iter().map(|f| f.meta.id).collect(),
        Err(missing) => {
            report
                .problem(&format!("no plugin here provides the layer `{missing}`; add one that does to pipeline.toml"));
            Vec::new()
        }
    }
}

fn fill(template: &str, places: &[(&'static str, String)]) -> String {
    let mut text = template.to_owned();
    for (name, value) in places {
        text = text.replace(&format!("{{{{{name}}}}}"), value);
    }
    text
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |e| Failure::Io(format!("{} cannot be written", path.display()), e);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, text).map_err(failed)
}

/// A name as metadata may have it that is also fit for a crate and a file: no joint at its end, nor two together.
fn is_tidy(name: &str, joint: char) -> bool {
    is_name(name, joint) && !name.ends_with(joint) && !name.contains(&format!("{joint}{joint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert!(["a", "who-speaks", "x9"].iter().all(|n| is_tidy(n, '-')));
        assert!(["", "A", "9x", "a_b", "a--b", "a-", "é", "../x"].iter().all(|n| !is_tidy(n, '-')));
    }
}
