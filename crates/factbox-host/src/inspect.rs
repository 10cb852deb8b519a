//! Reads a library's metadata without loading it, and makes sure that the file is whole and made for this machine: a truncated library kills
//! the process inside the system's loader, a foreign one gives errors that mislead.

use crate::LibraryError;
use factbox_abi::{ABI_MAJOR, META_SECTION, META_SYMBOL};
use factbox_core::metadata::PluginMeta;
use object::read::{ReadCache, ReadRef};
use object::{Architecture, BinaryFormat, Object, ObjectSection, ObjectSegment, ObjectSymbol};
use sha2::{Digest, Sha256};
use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};

/// A library that carries metadata.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// The file.
    pub path: PathBuf,
    /// What it says of itself.
    pub meta: PluginMeta,
    /// Its size in bytes.
    pub size: u64,
    /// What tells the file from another one, or from itself after a change.
    pub(crate) stamp: Vec<u64>,
    /// A private copy of it, to load instead.
    pub(crate) copy: Option<PathBuf>,
    /// Whether it finds other libraries beside itself.
    pub(crate) origin: bool,
}

/// What tells a file from another one, or from itself after a change.
pub(crate) fn stamp(file: &Metadata) -> Vec<u64> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let times = [file.mtime(), file.mtime_nsec(), file.ctime(), file.ctime_nsec()].map(i64::cast_unsigned);
        [file.dev(), file.ino(), file.size()].into_iter().chain(times).collect()
    }
    #[cfg(not(unix))]
    {
        let changed = file.modified().ok().and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
        vec![file.len(), changed.map_or(0, |t| t.as_nanos() as u64)]
    }
}

const WHAT: &str = "this file cannot be used as a plugin";
const LARGEST_META: usize = 1 << 20;

fn architecture_name(architecture: Architecture) -> &'static str {
    match architecture {
        Architecture::X86_64 => "x86_64",
        Architecture::Aarch64 => "aarch64",
        Architecture::I386 => "x86",
        Architecture::Arm => "arm",
        Architecture::Riscv64 => "riscv64",
        Architecture::PowerPc64 => "powerpc64",
        Architecture::S390x => "s390x",
        _ => "another architecture",
    }
}

fn system_name(format: BinaryFormat) -> &'static str {
    match format {
        BinaryFormat::Elf => "Linux",
        BinaryFormat::Pe => "Windows",
        BinaryFormat::MachO => "macOS",
        _ => "another system",
    }
}

fn host_format() -> BinaryFormat {
    match std::env::consts::OS {
        "windows" => BinaryFormat::Pe,
        "macos" => BinaryFormat::MachO,
        _ => BinaryFormat::Elf,
    }
}

/// Inspects the file at `path`.
///
/// # Errors
/// Not a file, not a library, not whole, for another system or architecture, without metadata, with bad metadata, for another ABI major.
pub fn inspect(path: &Path) -> Result<Inspected, LibraryError> {
    let fail = |code, why: String, help: &str| Err(LibraryError::new(code, WHAT, path, why, help));
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) => {
            return fail(
                "FB0301",
                e.to_string(),
                "check the path; `factbox plugin list` shows every folder that is searched",
            );
        }
    };
    let (size, stamp) = match file.metadata() {
        Ok(data) if data.is_dir() => return fail("FB0302", "it is a folder".into(), "name the library inside it"),
        Ok(data) if data.len() == 0 => return fail("FB0303", "it is empty".into(), "build or copy it again"),
        Ok(data) => (data.len(), stamp(&data)),
        Err(e) => return fail("FB0301", e.to_string(), "check the file's rights"),
    };
    let cache = ReadCache::new(file);
    let object = match object::File::parse(&cache) {
        Ok(object) => object,
        Err(e) => {
            let magic = (&cache).read_bytes_at(0, size.min(4)).unwrap_or_default();
            if magic.starts_with(b"\x7fELF") || magic.starts_with(b"MZ") {
                return fail("FB0304", format!("it is cut off or damaged: {e}"), "build or copy it again");
            }
            return fail(
                "FB0303",
                "it is not a shared library".into(),
                "a plugin is a shared library (.so, .dylib, .dll) with factbox metadata",
            );
        }
    };
    if object.format() != host_format() {
        let why = format!("it was built for {}, this is {}", system_name(object.format()), system_name(host_format()));
        return fail("FB0305", why, "build it for this system");
    }
    if architecture_name(object.architecture()) != std::env::consts::ARCH {
        let why = format!(
            "it was built for {}, this is {}",
            architecture_name(object.architecture()),
            std::env::consts::ARCH
        );
        return fail("FB0306", why, "build it for this architecture");
    }
    let end = object.segments().map(|s| s.file_range()).map(|(at, len)| at.saturating_add(len)).max().unwrap_or(0);
    if end > size {
        return fail(
            "FB0304",
            format!("it is cut off: {size} of at least {end} bytes are there"),
            "build or copy it again",
        );
    }
    let bytes = match metadata_bytes(&object) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => {
            let help = "a plugin exports `factbox_plugin_meta` in the section `.factbox`; in Rust `export_plugin!` does it, in C `FBX_META`";
            return fail("FB0307", "it is a shared library, but not a factbox plugin: it has no metadata".into(), help);
        }
        Err(e) => return fail("FB0304", format!("its metadata cannot be read: {e}"), "build or copy it again"),
    };
    let text = bytes.split(|b| *b == 0).next().unwrap_or_default();
    let major = serde_json::from_slice::<serde_json::Value>(text).ok().and_then(|v| v["abi"][0].as_u64());
    if let Some(major) = major.filter(|m| *m != u64::from(ABI_MAJOR)) {
        let why = format!("it was built for major {major} of the plugin ABI, this factbox speaks major {ABI_MAJOR}");
        let help = if major > u64::from(ABI_MAJOR) {
            "update factbox, or build the plugin with this factbox's SDK"
        } else {
            "build the plugin with this factbox's SDK, or ask its author for a newer version"
        };
        return fail("FB0308", why, help);
    }
    match PluginMeta::parse(text) {
        Ok(meta) => {
            let strings = object.section_by_name(".dynstr").and_then(|s| s.data().ok()).unwrap_or_default();
            let origin = strings.windows(6).any(|w| w == b"ORIGIN");
            Ok(Inspected { path: path.to_owned(), meta, size, stamp, copy: None, origin })
        }
        Err(why) => fail("FB0309", why, "its author has to mend it; `factbox.h` explains the form"),
    }
}

fn metadata_bytes<'d>(object: &object::File<'d, &'d ReadCache<File>>) -> object::Result<Option<Vec<u8>>> {
    let Some(section) = object.section_by_name(META_SECTION).or_else(|| object.section_by_name("__factbox")) else {
        return Ok(None);
    };
    if section.size() > LARGEST_META as u64 {
        return Ok(None);
    }
    let data = section.data()?;
    // The symbol tells where in the section the document begins; without a symbol table the section's beginning serves.
    let symbol = object
        .dynamic_symbols()
        .chain(object.symbols())
        .find(|s| s.name().is_ok_and(|n| n.trim_start_matches('_') == META_SYMBOL));
    let from = symbol.map_or(0, |s| s.address().saturating_sub(section.address()) as usize);
    Ok(Some(data.get(from..).unwrap_or_default().to_vec()))
}

/// The SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// If it cannot be read.
pub fn sha256(path: &Path) -> std::io::Result<String> {
    sha256_while(path, |_| Ok(()))
}

/// The SHA-256 of a file, while `also` takes the same bytes.
pub(crate) fn sha256_while(path: &Path, mut also: impl FnMut(&[u8]) -> std::io::Result<()>) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    // Small enough that the bytes are still in the core's own cache when they are used the second time.
    let mut buffer = vec![0; 1 << 17];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            n => {
                hasher.update(&buffer[..n]);
                also(&buffer[..n])?;
            }
        }
    }
    Ok(hexadecimal(&hasher.finalize()))
}

/// The SHA-256 of `bytes`, in hexadecimal.
pub fn sha256_of(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
