//! `factbox plugin install`: copies a library, and the data files beside it, into a folder that is searched. The library is inspected, copied under
//! another name, compared with the original and put in place in one step: no run ever sees half a file, and a factbox that has the old one loaded
//! keeps it.

use crate::cli::InstallArgs;
use crate::replace::replace;
use crate::report::{Exit, Failure, Report};
use factbox_host::{Inspected, Level, Search, inspect, sha256};
use std::env::consts::DLL_SUFFIX;
use std::path::{Path, PathBuf};

/// Runs the command.
pub fn install(args: &InstallArgs, report: &Report) -> Result<Exit, Failure> {
    let source = library(&args.library)?;
    let found = inspect(&source).map_err(|e| Failure::Library(Box::new(e)))?;
    let folder = match &args.to {
        Some(folder) => folder.clone(),
        None => user_folder()?,
    };
    std::fs::create_dir_all(&folder).map_err(|e| Failure::Io(format!("{} cannot be made", folder.display()), e))?;
    let name = source.file_name().map(PathBuf::from).unwrap_or_default();
    if let Some(other) = rival(&folder, &found, &name) {
        return Err(Failure::other(
            format!("{} holds the plugin `{}` already, under another name", other.display(), found.meta.id),
            "remove that file first: two files of one id in a folder are an error",
        ));
    }
    for data in &args.data {
        let name = data.file_name().map(PathBuf::from).unwrap_or_default();
        copy(data, &folder.join(name))?;
    }
    let target = folder.join(&name);
    let before = sha256(&target).ok();
    let sum = copy(&source, &target)?;
    report.note(&match before {
        Some(old) if old == sum => {
            format!("{} {} was installed already: {}", found.meta.id, found.meta.version, target.display())
        }
        Some(old) => format!(
            "installed {} {} over the file with sha256 {old}: {}",
            found.meta.id,
            found.meta.version,
            target.display()
        ),
        None => format!("installed {} {}: {}", found.meta.id, found.meta.version, target.display()),
    });
    if args.to.is_some() {
        report.note(&format!(
            "say `--plugin-dir {0}` or FACTBOX_PLUGIN_PATH={0} if that folder is not searched",
            folder.display()
        ));
    }
    report.print(&format!("[[plugin]]\nid = \"{}\"\nsha256 = \"{sum}\"\n", found.meta.id))?;
    Ok(Exit::Success)
}

/// The library at `path`, or the only one in the folder `path`.
fn library(path: &Path) -> Result<PathBuf, Failure> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let entries = std::fs::read_dir(path).map_err(|e| Failure::Io(format!("{} cannot be read", path.display()), e))?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|p| {
            p.file_name().and_then(|n| n.to_str()).is_some_and(|n| n.ends_with(DLL_SUFFIX) || n.ends_with(".fbx"))
        })
        .filter(|p| inspect(p).is_ok())
        .collect();
    found.sort();
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(Failure::other(
            format!("the folder {} holds no plugin", path.display()),
            "build it first, or name the library itself; a crate's lies in target/release",
        )),
        _ => {
            let names: Vec<String> = found.iter().map(|p| p.display().to_string()).collect();
            Err(Failure::other(
                format!("the folder {} holds several plugins: {}", path.display(), names.join(", ")),
                "name one of them",
            ))
        }
    }
}

fn user_folder() -> Result<PathBuf, Failure> {
    let folders = Search::standard(&[]).folders;
    folders.into_iter().find(|(level, _)| *level == Level::User).map(|(_, folder)| folder).ok_or_else(|| {
        Failure::other("there is no folder for this user's plugins: HOME is not set", "name a folder with --to")
    })
}

/// Another file of the folder that holds the same plugin.
fn rival(folder: &Path, found: &Inspected, name: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?;
    let mut others: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|p| p.file_name() != Some(name.as_os_str()))
        .filter(|p| p.file_name().and_then(|n| n.to_str()).is_some_and(|n| !n.starts_with('.')))
        .filter(|p| inspect(p).is_ok_and(|other| other.meta.id == found.meta.id))
        .collect();
    others.sort();
    others.into_iter().next()
}

/// Copies a file and makes sure of the copy before it takes its name. The checksum.
fn copy(from: &Path, to: &Path) -> Result<String, Failure> {
    replace(to, |partial| {
        std::fs::copy(from, partial)?;
        let (source, copied) = (sha256(from)?, sha256(partial)?);
        if source == copied {
            return Ok(copied);
        }
        Err(std::io::Error::other(format!(
            "the copy has the checksum {copied}, the original {source}; did it change meanwhile?"
        )))
    })
    .map_err(|e| Failure::Io(format!("{} cannot be installed as {}", from.display(), to.display()), e))
}
