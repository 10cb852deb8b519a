//! Installs below a prefix: `bin/factbox`, `lib/factbox/plugins/*`, `share/factbox/` (pipelines, SDK). Nothing in it knows its own place, so the folder
//! works after it was copied elsewhere.

use crate::build::{release, root, target};
use crate::{Done, say};
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX, EXE_SUFFIX};
use std::path::Path;

/// The plugins that come with factbox, by library name.
fn plugins() -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root().join("plugins")).map_err(|e| e.to_string())? {
        let entry = entry.map_err(|e| e.to_string())?;
        if entry.path().join("Cargo.toml").exists() {
            let id = entry.file_name().to_string_lossy().replace('-', "_");
            names.push(format!("{DLL_PREFIX}factbox_{id}{DLL_SUFFIX}"));
        }
    }
    names.sort();
    Ok(names)
}

/// The crates of the SDK: a plugin's crate builds with these and the toolchain.
const SDK: [&str; 4] = ["factbox-abi", "factbox-text", "factbox-layer", "factbox-sdk"];

/// Runs the task. `built`: a folder in which command and plugins were built already; without it a release is built.
pub fn install(prefix: &Path, built: Option<&Path>) -> Done {
    let target = match built {
        Some(folder) => folder.to_owned(),
        None => {
            release()?;
            target()
        }
    };
    let (bin, lib, share) = (prefix.join("bin"), prefix.join("lib/factbox/plugins"), prefix.join("share/factbox"));
    copy(&target.join(format!("factbox{EXE_SUFFIX}")), &bin)?;
    for name in plugins()? {
        copy(&target.join(name), &lib)?;
    }
    copy_folder(&root().join("config"), &share.join("config"))?;
    for name in SDK {
        copy_folder(&root().join("crates").join(name), &share.join("sdk/crates").join(name))?;
    }
    std::fs::write(share.join("sdk/Cargo.toml"), sdk_workspace()?).map_err(|e| e.to_string())?;
    for name in ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "NOTICE"] {
        copy(&root().join(name), &share)?;
    }
    say(&format!("installed into {}; try {}", prefix.display(), bin.join("factbox doctor").display()));
    Ok(())
}

/// The SDK's own workspace: the crates inherit their versions from it.
fn sdk_workspace() -> Result<String, String> {
    let text = std::fs::read_to_string(root().join("Cargo.toml")).map_err(|e| e.to_string())?;
    let table: toml::Table = text.parse().map_err(|e: toml::de::Error| e.to_string())?;
    let workspace = &table["workspace"];
    let mut out = toml::Table::new();
    let mut inner = toml::Table::new();
    inner.insert("resolver".into(), workspace["resolver"].clone());
    inner.insert("members".into(), vec!["crates/*"].into());
    for key in ["package", "lints"] {
        inner.insert(key.into(), workspace[key].clone());
    }
    // Path dependencies only on what is there; registry crates are named for the tests' sake and fetched only where these are run.
    let kept = workspace["dependencies"]
        .as_table()
        .into_iter()
        .flatten()
        .filter(|(name, value)| SDK.contains(&name.as_str()) || value.get("path").is_none());
    inner.insert("dependencies".into(), toml::Value::Table(kept.map(|(k, v)| (k.clone(), v.clone())).collect()));
    out.insert("workspace".into(), inner.into());
    toml::to_string(&out).map_err(|e| e.to_string())
}

fn copy(file: &Path, folder: &Path) -> Done {
    let name = file.file_name().ok_or("a file without a name")?;
    let failed = |e: std::io::Error| format!("{} cannot be copied to {}: {e}", file.display(), folder.display());
    std::fs::create_dir_all(folder).map_err(failed)?;
    // A new file under the old name: a running factbox keeps the one it has loaded.
    let partial = folder.join(format!(".{}.partial", name.to_string_lossy()));
    std::fs::copy(file, &partial).map_err(failed)?;
    std::fs::rename(&partial, folder.join(name)).map_err(failed)
}

fn copy_folder(from: &Path, to: &Path) -> Done {
    let failed = |e: std::io::Error| format!("{} cannot be copied: {e}", from.display());
    for entry in std::fs::read_dir(from).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            copy_folder(&path, &to.join(name))?;
        } else {
            copy(&path, to)?;
        }
    }
    Ok(())
}
