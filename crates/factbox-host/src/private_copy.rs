//! Copies of pinned libraries that nobody can change between the check of their sum and their last use, a restart of a worker process included.
//! Whoever can write to the library's file could otherwise change what runs after it was looked at, by intent or by copying a new version over it.

use std::path::PathBuf;

/// A copy being made.
pub struct PrivateCopy {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    file: (std::fs::File, PathBuf),
}

#[cfg(any(target_os = "linux", target_os = "android"))]
impl PrivateCopy {
    /// An empty copy; `None` where the system has no files in memory, or does not let them be sealed.
    pub fn begin(name: &str) -> Option<Self> {
        crate::memory_file::in_memory(name).ok().map(|file| PrivateCopy { file })
    }

    /// Adds to it.
    pub fn append(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        std::io::Write::write_all(&mut self.file.0, bytes)
    }

    /// Seals it and keeps it for ever, once for each sum, as libraries are never unloaded either. Gives the path by which the loader of this process,
    /// or of a worker process, opens it.
    pub fn keep(self, sum: String) -> Option<PathBuf> {
        use rustix::fs::{SealFlags, fcntl_add_seals};
        use std::collections::BTreeMap;
        use std::fs::File;
        use std::sync::{Mutex, PoisonError};
        static COPIES: Mutex<BTreeMap<String, (File, PathBuf)>> = Mutex::new(BTreeMap::new());
        let mut copies = COPIES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, path)) = copies.get(&sum) {
            return Some(path.clone());
        }
        fcntl_add_seals(&self.file.0, SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE).ok()?;
        let path = self.file.1.clone();
        copies.insert(sum, self.file);
        Some(path)
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
impl PrivateCopy {
    /// `None`: this system has no files that can be sealed.
    pub fn begin(_name: &str) -> Option<Self> {
        None
    }

    /// Adds to it.
    pub fn append(&mut self, _bytes: &[u8]) -> std::io::Result<()> {
        Ok(())
    }

    /// Keeps it.
    pub fn keep(self, _sum: String) -> Option<PathBuf> {
        None
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_copy_cannot_be_changed() {
        let mut copy = PrivateCopy::begin("factbox-test").unwrap();
        copy.append(b"as it ").unwrap();
        copy.append(b"was").unwrap();
        let path = copy.keep("of this test".into()).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"as it was");
        assert!(std::fs::write(&path, b"other").is_err());
        let file = std::fs::File::options().write(true).open(&path);
        assert!(file.and_then(|mut file| std::io::Write::write_all(&mut file, b"other")).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"as it was");
        // The same sum: the same copy.
        assert_eq!(PrivateCopy::begin("again").unwrap().keep("of this test".into()).unwrap(), path);
    }
}
