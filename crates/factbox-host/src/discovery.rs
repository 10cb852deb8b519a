//! Where plugins are looked for. Folders are searched in a fixed order; the first that has a plugin of the id gives it, and two of one id in one
//! folder are an error. A file that is found but bad is an error too, never passed over in silence.

use crate::LibraryError;
use crate::inspect::{Inspected, inspect};
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};

/// Why a folder is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// `--plugin-dir`
    Flag,
    /// `FACTBOX_PLUGIN_PATH`
    Environment,
    /// `plugins/` beside the executable
    Beside,
    /// `../lib/factbox/plugins` seen from the executable
    Installed,
    /// the executable's own folder, in a development build
    Development,
    /// the user's data folder
    User,
}

impl Level {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Level::Flag => "--plugin-dir",
            Level::Environment => "FACTBOX_PLUGIN_PATH",
            Level::Beside => "plugins beside the executable",
            Level::Installed => "installed plugins",
            Level::Development => "development build",
            Level::User => "user's plugins",
        }
    }
}

/// The folders to search, in order.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Folders with the reason for each.
    pub folders: Vec<(Level, PathBuf)>,
}

/// What was found in a folder.
#[derive(Clone, Debug)]
pub struct Found {
    /// The folder's reason.
    pub level: Level,
    /// The folder.
    pub folder: PathBuf,
    /// Its libraries by file name, usable or with the reason why not. `None` if the folder is not there.
    pub libraries: Option<Vec<Result<Inspected, LibraryError>>>,
}

impl Search {
    /// The usual folders. `flags` are the values of `--plugin-dir`.
    pub fn standard(flags: &[PathBuf]) -> Self {
        let mut folders: Vec<(Level, PathBuf)> = flags.iter().map(|f| (Level::Flag, f.clone())).collect();
        if let Some(paths) = std::env::var_os("FACTBOX_PLUGIN_PATH") {
            folders.extend(
                std::env::split_paths(&paths).filter(|p| !p.as_os_str().is_empty()).map(|p| (Level::Environment, p)),
            );
        }
        let executable = std::env::current_exe().and_then(std::fs::canonicalize).ok();
        if let Some(folder) = executable.as_deref().and_then(Path::parent) {
            folders.push((Level::Beside, folder.join("plugins")));
            if let Some(prefix) = folder.parent() {
                folders.push((Level::Installed, prefix.join("lib").join("factbox").join("plugins")));
            }
            // target/debug and target/release hold the libraries beside the executable; Cargo leaves this file there.
            if folder.join(".cargo-lock").exists() {
                folders.push((Level::Development, folder.to_owned()));
            }
        }
        if let Some(data) = user_data_folder() {
            folders.push((Level::User, data.join("factbox").join("plugins")));
        }
        Search { folders }
    }

    /// Looks into every folder.
    pub fn all(&self) -> Vec<Found> {
        self.folders
            .iter()
            .map(|(level, folder)| Found {
                level: *level,
                folder: folder.clone(),
                libraries: libraries(folder, *level),
            })
            .collect()
    }

    /// The plugin `id`.
    ///
    /// # Errors
    /// Nobody has it, two files of one folder have it, or a file on the way is bad.
    pub fn find(&self, id: &str) -> Result<Inspected, LibraryError> {
        let mut others: Vec<String> = Vec::new();
        for (level, folder) in &self.folders {
            // The usual file name first: one file to read instead of all.
            let usual = folder.join(format!("{DLL_PREFIX}factbox_{}{DLL_SUFFIX}", id.replace('-', "_")));
            if *level == Level::Development && usual.is_file() {
                return inspect(&usual);
            }
            let mut hits: Vec<Inspected> = Vec::new();
            for library in libraries(folder, *level).unwrap_or_default() {
                let library = library?;
                if library.meta.id == id { hits.push(library) } else { others.push(library.meta.id) }
            }
            match hits.len() {
                0 => {}
                1 => return Ok(hits.remove(0)),
                _ => {
                    let why = format!("`{}` and `{}` both hold it", hits[0].path.display(), hits[1].path.display());
                    return Err(LibraryError::new(
                        "FB0311",
                        format!("two files for the plugin `{id}`"),
                        folder,
                        why,
                        "remove one, or say `path = \"...\"` in the pipeline file",
                    ));
                }
            }
        }
        let mut help = String::new();
        if let Some(near) = factbox_core::nearest(id, others.iter().map(String::as_str)) {
            help = format!("did you mean `{near}`? ");
        }
        help.push_str("`factbox plugin list` shows every folder and what is in it; `--plugin-dir` adds one");
        let searched: Vec<String> =
            self.folders.iter().map(|(level, f)| format!("{} ({})", f.display(), level.name())).collect();
        let why = format!("none of the folders searched has it: {}", searched.join(", "));
        Err(LibraryError {
            code: "FB0310",
            what: format!("there is no plugin `{id}`"),
            place: "plugin folders".into(),
            why,
            help,
        })
    }
}

fn user_data_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    if cfg!(windows) {
        set("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        set("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")))
    }
}

/// The libraries of a folder by file name. In a development build's folder only files that carry metadata count: Cargo puts others there.
fn libraries(folder: &Path, level: Level) -> Option<Vec<Result<Inspected, LibraryError>>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            !name.starts_with('.') && (name.ends_with(DLL_SUFFIX) || name.ends_with(".fbx"))
        })
        .collect();
    paths.sort();
    let inspected = paths.iter().map(|path| inspect(path));
    Some(
        inspected
            .filter(|r| level != Level::Development || r.as_ref().err().is_none_or(|e| e.code != "FB0307"))
            .collect(),
    )
}
