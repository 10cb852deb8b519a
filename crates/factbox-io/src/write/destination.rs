//! Where records go. A file is written beside its final place and renamed when complete, so that a file under the final name is whole. A device or a
//! named pipe is written to as it is: a file renamed over `/dev/null` would take its place, for every program of the machine.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Standard output or a file.
pub struct Destination {
    writer: Option<BufWriter<Box<dyn Write + Send>>>,
    file: Option<(PathBuf, PathBuf)>,
}

impl Destination {
    /// Standard output.
    pub fn stdout() -> Self {
        Destination { writer: Some(BufWriter::with_capacity(1 << 16, Box::new(io::stdout()))), file: None }
    }

    /// A stream that is open already.
    pub fn stream(stream: File) -> Self {
        Destination { writer: Some(BufWriter::with_capacity(1 << 16, Box::new(stream))), file: None }
    }

    /// The file at `path`, or what a link there leads to; a device or a named pipe is opened at once and has no name to take when complete.
    ///
    /// # Errors
    /// If no file can be made in its folder, `path` is a folder, or the device cannot be written.
    pub fn file(path: &Path) -> io::Result<Self> {
        // What is there, behind every link; nothing perhaps.
        let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let before = std::fs::metadata(path).ok();
        if place.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        // `/dev/stdout` may lead to a file that the shell has opened to append to.
        if path.starts_with("/dev") || before.as_ref().is_some_and(|there| !there.is_file()) {
            return File::options().append(true).open(path).map(Self::stream);
        }
        let name = place.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it names no file"))?;
        let partial = place.with_file_name(format!(".{}.{}.partial", name.to_string_lossy(), std::process::id()));
        let file = File::create(&partial)?;
        if let Some(before) = before {
            file.set_permissions(before.permissions())?;
        }
        Ok(Destination {
            writer: Some(BufWriter::with_capacity(1 << 16, Box::new(file))),
            file: Some((partial, place)),
        })
    }

    /// Writes all of `text`.
    ///
    /// # Errors
    /// As the file or pipe has it.
    pub fn write(&mut self, text: &str) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), |w| w.write_all(text.as_bytes()))
    }

    /// Writes out what is buffered.
    ///
    /// # Errors
    /// As the file or pipe has it.
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), Write::flush)
    }

    /// Completes the output: the file takes its final name.
    ///
    /// # Errors
    /// As the file system has it.
    pub fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        self.writer = None;
        if let Some((partial, path)) = self.file.take() {
            std::fs::rename(&partial, &path).inspect_err(|_| drop(std::fs::remove_file(&partial)))?;
        }
        Ok(())
    }

    /// Ends an output that is not complete: what was written stays, as `NAME.partial`. Gives that path; nothing for standard output.
    ///
    /// # Errors
    /// As the file system has it.
    pub fn interrupt(mut self) -> io::Result<Option<PathBuf>> {
        self.flush()?;
        self.writer = None;
        let Some((partial, path)) = self.file.take() else { return Ok(None) };
        let mut kept = path.into_os_string();
        kept.push(".partial");
        std::fs::rename(&partial, &kept)?;
        Ok(Some(kept.into()))
    }
}

impl Drop for Destination {
    /// An output that was not finished leaves nothing behind.
    fn drop(&mut self) {
        self.writer = None;
        if let Some((partial, _)) = self.file.take() {
            // Nothing more can be done about a file that cannot be removed.
            let _ = std::fs::remove_file(partial);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_only_when_complete() {
        let folder = std::env::temp_dir().join(format!("factbox-destination-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("out.jsonl");
        let mut abandoned = Destination::file(&path).unwrap();
        abandoned.write("half").unwrap();
        assert!(!path.exists());
        drop(abandoned);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0, "nothing stays of an unfinished file");
        let mut complete = Destination::file(&path).unwrap();
        complete.write("whole\n").unwrap();
        complete.finish().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "whole\n");
        assert!(Destination::file(&folder).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_link_leads_to_the_file_and_a_device_stays_a_device() {
        let folder = std::env::temp_dir().join(format!("factbox-links-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (file, to_file, to_device) =
            (folder.join("out.jsonl"), folder.join("latest.jsonl"), folder.join("nowhere"));
        std::fs::write(&file, "old\n").unwrap();
        std::os::unix::fs::symlink(&file, &to_file).unwrap();
        std::os::unix::fs::symlink("/dev/null", &to_device).unwrap();
        for place in [&to_file, &to_device] {
            let mut out = Destination::file(place).unwrap();
            out.write("new\n").unwrap();
            out.finish().unwrap();
            assert!(place.is_symlink(), "{} is still a link", place.display());
        }
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new\n");
        assert!(!std::fs::metadata(&to_device).unwrap().is_file(), "nothing was put in place of the device");
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 3);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
