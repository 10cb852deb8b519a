//! A few numbers at the head of a file, as memory: written without asking the system, and still there for others when this process is no more.

use std::fs::File;
use std::io;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many numbers there are.
const COUNT: usize = 4;
/// Bytes they take.
pub const SIZE: usize = COUNT * 4;

/// The numbers.
#[derive(Debug)]
pub struct Mapping {
    numbers: NonNull<[AtomicU32; COUNT]>,
}

// SAFETY: the memory belongs to this value alone, and is only touched through atomics.
unsafe impl Send for Mapping {}

impl Mapping {
    /// The first [`SIZE`] bytes of `file`, open for reading and writing.
    ///
    /// # Errors
    /// A file that is shorter; or as the system has it.
    pub fn of(file: &File) -> io::Result<Self> {
        use rustix::mm::{MapFlags, ProtFlags, mmap};
        if file.metadata()?.len() < SIZE as u64 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let access = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: the system chooses a free place; nothing that exists is touched.
        let at = unsafe { mmap(std::ptr::null_mut(), SIZE, access, MapFlags::SHARED, file, 0)? };
        NonNull::new(at.cast()).map(|numbers| Mapping { numbers }).ok_or_else(|| io::ErrorKind::OutOfMemory.into())
    }

    /// Writes the numbers, the first one last.
    pub fn write(&self, numbers: [u32; COUNT]) {
        // SAFETY: mapped until `drop`, at the start of a page, and as long as the array.
        let places = unsafe { self.numbers.as_ref() };
        for (place, number) in places.iter().zip(numbers).rev() {
            place.store(number, Ordering::Release);
        }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: mapped by `of` with this size; no reference outlives `write`. That it fails has no consequence.
        let _ = unsafe { rustix::mm::munmap(self.numbers.as_ptr().cast(), SIZE) };
    }
}
