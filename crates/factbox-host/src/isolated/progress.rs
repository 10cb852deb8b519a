//! What a worker process is doing, in sixteen bytes of a file that both sides hold: written before each call of a plugin (a few nanoseconds, and
//! nobody has to wake up), read when the process is no more, or seems to be stuck. The child has the file as memory; the parent reads it, since memory
//! of a file that a plugin has cut short would take the reader down.

use crate::native::mapping::{self, Mapping};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Waiting for work, or busy with what is no plugin's.
    Nothing,
    /// A plugin is being started.
    Create,
    /// A plugin is processing an article.
    Process,
    /// A plugin is being closed.
    Close,
}

/// A note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// Counts up with each note.
    pub number: u32,
    /// What is being done.
    pub doing: Doing,
    /// Which article of the batch.
    pub article: u32,
    /// By which plugin of the plan.
    pub plugin: u32,
}

impl Note {
    const NONE: Note = Note { number: 0, doing: Doing::Nothing, article: u32::MAX, plugin: u32::MAX };
}

/// The parent's side of the file.
#[derive(Debug)]
pub struct Progress {
    file: File,
}

/// The child's side: memory, so that a note costs next to nothing.
#[derive(Debug)]
pub struct Notes {
    mapping: Mapping,
    last: u32,
}

impl Notes {
    /// Notes into the file at `path`.
    ///
    /// # Errors
    /// As the system has it.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::options().write(true).read(true).open(path)?;
        Ok(Notes { mapping: Mapping::of(&file)?, last: 0 })
    }

    /// Notes what is being done from now on.
    pub fn note(&mut self, doing: Doing, article: u32, plugin: usize) {
        self.last = self.last.wrapping_add(1);
        self.mapping
            .write([self.last, doing as u32, article, u32::try_from(plugin).unwrap_or(u32::MAX)].map(u32::to_le));
    }
}

impl Progress {
    /// A new file, and the path by which a child process can open it.
    ///
    /// # Errors
    /// As the system has it.
    pub fn create() -> io::Result<(Self, PathBuf)> {
        let (file, path) = crate::memory_file::shared("factbox-progress")?;
        file.set_len(mapping::SIZE as u64)?;
        Ok((Progress { file }, path))
    }

    /// The last note; what is no note reads as none.
    pub fn read(&self) -> Note {
        let mut bytes = [0; 16];
        if self.file.read_exact_at(&mut bytes, 0).is_err() {
            return Note::NONE;
        }
        let number = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        let doing = match number(4) {
            1 => Doing::Create,
            2 => Doing::Process,
            3 => Doing::Close,
            _ => Doing::Nothing,
        };
        Note { number: number(0), doing, article: number(8), plugin: number(12) }
    }
}
