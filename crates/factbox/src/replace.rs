//! Puts a file in place in one step: it is made under another name beside its place and takes the name when it is whole. Whoever opens that name sees
//! the old file or the new one, never half of one.

use std::fs::File;
use std::io;
use std::path::Path;

/// Lets `make` make a file at the path it is given, then moves it to `path`. Nothing is left behind if either fails.
///
/// # Errors
/// What `make` says, or the file system.
pub fn replace<T>(path: &Path, make: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let partial = path.with_file_name(format!(".{name}.{}.partial", std::process::id()));
    let done = make(&partial).and_then(|made| {
        File::open(&partial)?.sync_all()?;
        std::fs::rename(&partial, path)?;
        Ok(made)
    });
    if done.is_err() {
        // The error that counts is the first one.
        let _ = std::fs::remove_file(&partial);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_leaves_the_old_file_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("factbox-replace-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("a.toml");
        std::fs::write(&path, "old").unwrap();
        let failed = replace(&path, |partial| {
            std::fs::write(partial, "half")?;
            Err::<(), _>(io::Error::other("no more"))
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        replace(&path, |partial| std::fs::write(partial, "new")).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
