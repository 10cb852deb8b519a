//! Building: the release build that every other task stands on, the demo, and the builders of models and data (each an example of its plugin's
//! crate, because two plugins cannot be linked into one program: both export the same symbols).

use crate::Done;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The workspace's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

/// Where Cargo puts what it builds in release.
pub fn target() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("release")
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Done {
    let status = command.status().map_err(|e| format!("{} cannot be started: {e}", command.get_program().display()))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed: {status}", command.get_program().display())) }
}

fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Builds the command and all plugins.
pub fn release() -> Done {
    run(cargo().args(["build", "--release", "--workspace", "--exclude", "xtask", "--bins", "--lib"]))
}

/// Builds everything and shows the facts of the bundled article.
pub fn demo() -> Done {
    release()?;
    let article = root().join("tests/cases/harbour-tunnel.txt");
    run(Command::new(target().join("factbox")).arg("run").arg(article).args(["--format", "table"]))
}

/// Trains a plugin's model. That of the quotes learns from the names that the entities plugin finds in its corpus.
pub fn train(plugin: &str, data: &Path, rest: &[String]) -> Done {
    let data = std::path::absolute(data).map_err(|e| e.to_string())?;
    let package = format!("factbox-{plugin}");
    let mut command = cargo();
    command.args(["run", "--release", "--package", &package, "--example", "train", "--", "--data"]).arg(&data);
    if plugin == "quotes" {
        command.arg("--records").arg(names(&data.join("quotes/polnear.train.jsonl"))?);
    }
    run(command.args(rest))
}

/// The records of `articles` with the entities plugin alone.
fn names(articles: &Path) -> Result<PathBuf, String> {
    release()?;
    let folder = target().join("train");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let (pipeline, records) = (folder.join("entities.toml"), folder.join("quotes.records.jsonl"));
    let text = "[pipeline]\nname = \"entities\"\n\n[[plugin]]\nid = \"entities\"\n";
    std::fs::write(&pipeline, text).map_err(|e| format!("{}: {e}", pipeline.display()))?;
    let mut factbox = Command::new(target().join("factbox"));
    factbox.arg("run").arg(articles).arg("--pipeline").arg(&pipeline).args(["--format", "jsonl", "--output"]);
    run(factbox.arg(&records)).map(|()| records)
}

/// Builds the gazetteer from the packages below `packages`.
pub fn gazetteer(packages: &Path) -> Done {
    let packages = std::path::absolute(packages).map_err(|e| e.to_string())?;
    run(cargo()
        .args(["run", "--release", "--package", "factbox-geography", "--example", "gazetteer", "--"])
        .arg(packages))
}
