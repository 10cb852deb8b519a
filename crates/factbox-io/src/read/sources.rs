//! From what the user names to the files there are: files, folders with all that is in them, patterns, `-`.

use super::{InputFormat, ReadError};
use std::path::{Path, PathBuf};

/// One input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Stdin,
    File(PathBuf),
}

/// The form that a file's name tells, past `.gz` and `.zst`.
pub(super) fn format_of(path: &Path) -> Option<InputFormat> {
    let name = path.file_name()?.to_str()?.to_lowercase();
    let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    match name.rsplit_once('.')?.1 {
        "txt" | "text" => Some(InputFormat::Txt),
        "html" | "htm" | "xhtml" => Some(InputFormat::Html),
        "jsonl" | "ndjson" => Some(InputFormat::Jsonl),
        _ => None,
    }
}

/// The id of an article that is a whole file: its name without endings.
pub(super) fn stem(path: &Path) -> String {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let mut stem = name.as_str();
    for ending in [".gz", ".zst"] {
        stem = stem.strip_suffix(ending).unwrap_or(stem);
    }
    stem.rsplit_once('.').map_or(stem, |(stem, _)| stem).to_owned()
}

/// All sources that `inputs` name, folders and patterns in the order of names.
pub(super) fn sources(inputs: &[String], any_name: bool) -> Result<Vec<Source>, ReadError> {
    let mut found = Vec::new();
    for input in inputs {
        let path = Path::new(input);
        if input == "-" {
            found.push(Source::Stdin);
        } else if path.is_dir() {
            let before = found.len();
            folder(path, any_name, &mut found, 0)?;
            if found.len() == before {
                return Err(ReadError::new(
                    "FB0402",
                    input,
                    "the folder holds no articles",
                    "articles are .txt, .html and .jsonl files, also .gz or .zst; `--input-format` takes all names",
                ));
            }
        } else if path.exists() {
            if format_of(path).is_none() && !any_name {
                return Err(ReadError::new(
                    "FB0403",
                    input,
                    "the file's name does not tell its form",
                    "say it with `--input-format txt`, `html` or `jsonl`",
                ));
            }
            found.push(Source::File(path.to_owned()));
        } else if input.contains(['*', '?', '[']) {
            let mut paths: Vec<PathBuf> = glob::glob(input)
                .map_err(|e| {
                    ReadError::new(
                        "FB0404",
                        input,
                        format!("not a pattern: {e}"),
                        "`*` stands for any characters, `?` for one",
                    )
                })?
                .filter_map(Result::ok)
                .filter(|p| p.is_file())
                .collect();
            paths.sort();
            if paths.is_empty() {
                return Err(ReadError::new("FB0401", input, "no file fits this pattern", "check it with `ls`"));
            }
            found.extend(paths.into_iter().map(Source::File));
        } else {
            return Err(ReadError::new(
                "FB0401",
                input,
                "there is no such file or folder",
                "check the path; `-` reads standard input",
            ));
        }
    }
    Ok(found)
}

fn folder(path: &Path, any_name: bool, found: &mut Vec<Source>, depth: u32) -> Result<(), ReadError> {
    let failed = |e: std::io::Error| {
        ReadError::new(
            "FB0405",
            path.display().to_string(),
            format!("the folder cannot be read: {e}"),
            "check its rights",
        )
    };
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(path).map_err(failed)?.filter_map(|e| Some(e.ok()?.path())).collect();
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        // A link to a folder is not followed: it may lead back here.
        if entry.is_dir() {
            if depth < 64 && !entry.is_symlink() {
                folder(&entry, any_name, found, depth + 1)?;
            }
        } else if any_name || format_of(&entry).is_some() {
            found.push(Source::File(entry));
        }
    }
    Ok(())
}
