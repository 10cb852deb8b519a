//! Files that have no place in any folder: what a worker process shares with factbox, and the private copies of pinned libraries. Where the system
//! has no such files, a file among the temporary ones stands in for what is shared, and no private copies are made.

use std::fs::File;
use std::io;
use std::path::PathBuf;

/// A file that this process and its children can open by the path given with it, for as long as it is held.
///
/// # Errors
/// As the system has it.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn shared(name: &str) -> io::Result<(File, PathBuf)> {
    use std::os::fd::AsRawFd;
    // Not closed on exec: a child finds it under the same number.
    let file = File::from(rustix::fs::memfd_create(name, rustix::fs::MemfdFlags::ALLOW_SEALING)?);
    let path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    std::fs::metadata(&path)?;
    Ok((file, path))
}

/// A file that this process and its children can open by the path given with it.
///
/// # Errors
/// As the system has it.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn shared(name: &str) -> io::Result<(File, PathBuf)> {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("{name}-{}-{number}", std::process::id()));
    let file = File::options().read(true).write(true).create_new(true).open(&path)?;
    Ok((file, path))
}
