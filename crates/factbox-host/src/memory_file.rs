//! Files that have no place in any folder: what a worker process shares with factbox, and the private copies of pinned libraries. Where the system
//! has no such files, a file among the temporary ones stands in for what is shared, and no private copies are made.

use std::fs::File;
use std::io;
use std::path::PathBuf;

/// A file in memory that this process and its children can open by the path given with it, for as long as it is held; it can be sealed.
///
/// # Errors
/// As the system has it.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn in_memory(name: &str) -> io::Result<(File, PathBuf)> {
    use rustix::fs::{MemfdFlags, memfd_create};
    use std::os::fd::AsRawFd;
    // Not closed on exec: a child finds it under the same number. It is never a program (a library is mapped, not run); older kernels do not know
    // that they can be told so.
    let file = memfd_create(name, MemfdFlags::ALLOW_SEALING | MemfdFlags::NOEXEC_SEAL)
        .or_else(|_| memfd_create(name, MemfdFlags::ALLOW_SEALING))?;
    let file = File::from(file);
    let path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    std::fs::metadata(&path)?;
    Ok((file, path))
}

/// There are none here.
///
/// # Errors
/// Always.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn in_memory(_name: &str) -> io::Result<(File, PathBuf)> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A file that this process and its children can open by the path given with it: in memory, or a temporary one, which is to be removed once the child
/// has it open.
///
/// # Errors
/// As the system has it.
pub fn shared(name: &str) -> io::Result<(File, PathBuf)> {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    in_memory(name).or_else(|_| {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("{name}-{}-{number}", std::process::id()));
        let file = File::options().read(true).write(true).create_new(true).open(&path)?;
        Ok((file, path))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::FileExt;

    #[test]
    fn what_is_shared_is_seen_through_the_path() {
        let (file, path) = shared("factbox-test").unwrap();
        file.write_all_at(b"noted", 0).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"noted");
        if !path.starts_with("/proc") {
            std::fs::remove_file(&path).unwrap();
        }
    }
}
