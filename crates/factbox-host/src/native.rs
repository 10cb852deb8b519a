//! The host's side of the C ABI, and the only module of the host with `unsafe`: opens verified libraries, makes instances, calls them, takes
//! what they emit through a sink that checks everything. Libraries are never unloaded.
#![allow(unsafe_code)]

pub(crate) mod mapping;

use crate::inspect::{Inspected, inspect, sha256_while, stamp};
use crate::isolated::Setup;
use crate::private_copy::PrivateCopy;
use crate::runner::StartError;
use crate::{LibraryError, Search};
use factbox_abi::*;
use factbox_core::pipeline::{Isolation, Pipeline};
use factbox_core::{Diagnostic, Plan};
use factbox_layer::lend::Lent;
use factbox_layer::{Emission, Names, RawAnnotation, RawValue};
use std::collections::BTreeSet;
use std::ffi::c_void;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// A loaded library.
#[derive(Clone, Copy)]
struct Library {
    table: FbxPlugin,
}

/// The plugins of one pipeline, verified, the native ones loaded, and the plan of the run. Shared by all workers.
pub struct Host {
    /// What runs, in order.
    pub plan: Plan,
    /// Where each plugin of the plan was found.
    pub found: Vec<Inspected>,
    /// The pipeline.
    pub(crate) pipeline: Pipeline,
    /// Set where the library runs in this process.
    libraries: Vec<OnceLock<Library>>,
    names: Mutex<Names>,
    /// First plugins of the worker processes that have shown that they can start.
    started: Mutex<BTreeSet<usize>>,
}

/// Why a pipeline cannot run.
#[derive(Debug)]
pub enum HostError {
    /// Errors with a place in the pipeline file.
    Pipeline(Vec<Diagnostic>),
    /// A library that cannot be used.
    Library(Box<LibraryError>),
}

impl From<LibraryError> for HostError {
    fn from(error: LibraryError) -> Self {
        HostError::Library(Box::new(error))
    }
}

impl Host {
    /// Finds the libraries of `pipeline` and builds its plan; nothing is loaded yet.
    ///
    /// # Errors
    /// Missing or bad libraries, checksums that differ from their pins, a graph that cannot run.
    pub fn plan(pipeline: &Pipeline, search: &Search) -> Result<(Plan, Vec<Inspected>), HostError> {
        let mut found = Vec::new();
        for entry in &pipeline.plugins {
            let library = match &entry.path {
                Some(path) => inspect(&path.value)?,
                None => search.find(&entry.id.value)?,
            };
            if library.meta.id != entry.id.value {
                return Err(HostError::Pipeline(vec![
                    Diagnostic::new(
                        "FB0312",
                        format!("`{}` is the plugin `{}`", library.path.display(), library.meta.id),
                    )
                    .at(entry.id.span.clone(), format!("the pipeline calls it `{}`", entry.id.value))
                    .help(format!("write `id = \"{}\"`", library.meta.id)),
                ]));
            }
            found.push(library);
        }
        verify(pipeline, &mut found)?;
        let metas = found.iter().map(|f| f.meta.clone()).collect();
        let plan = Plan::build(pipeline, metas).map_err(HostError::Pipeline)?;
        let found = plan.plugins.iter().map(|p| found[p.entry].clone()).collect();
        Ok((plan, found))
    }

    /// Plans, and loads the libraries that run in this process.
    ///
    /// # Errors
    /// As [`Host::plan`]; and libraries that the system's loader refuses or that lack the entry function.
    pub fn load(pipeline: &Pipeline, search: &Search) -> Result<Host, HostError> {
        let (plan, found) = Host::plan(pipeline, search)?;
        let host = Host::new(plan, found, pipeline.clone());
        for (at, plugin) in host.plan.plugins.iter().enumerate() {
            if plugin.isolation == Isolation::Native {
                host.open(at)?;
            }
        }
        Ok(host)
    }

    fn new(mut plan: Plan, found: Vec<Inspected>, pipeline: Pipeline) -> Host {
        let names = Mutex::new(std::mem::take(&mut plan.names));
        let libraries = found.iter().map(|_| OnceLock::new()).collect();
        Host { plan, found, pipeline, libraries, names, started: Mutex::default() }
    }

    /// The host of a worker process, as its parent described it; nothing is loaded yet.
    ///
    /// # Errors
    /// What differs from what the parent sees.
    pub(crate) fn of_worker(setup: Setup) -> Result<Host, StartError> {
        let first = setup.range.start;
        let differs =
            |what: &str| StartError::said(first, String::new(), format!("{what} differs in its worker process"));
        let pipeline =
            Pipeline::parse(&setup.label, &setup.source, setup.folder).map_err(|_| differs("the pipeline"))?;
        let metas = setup.libraries.iter().map(|l| l.meta.clone()).collect();
        let mut plan = Plan::build(&pipeline, metas).map_err(|_| differs("the plan"))?;
        for (plugin, ms) in plan.plugins.iter_mut().zip(&setup.timeouts) {
            plugin.timeout = Some(Duration::from_millis(*ms));
        }
        let mut all: Vec<Option<Inspected>> = setup
            .libraries
            .into_iter()
            .map(|l| {
                Some(Inspected {
                    path: l.path,
                    meta: l.meta,
                    size: l.size,
                    stamp: l.stamp,
                    copy: l.copy,
                    origin: false,
                })
            })
            .collect();
        let found: Option<Vec<Inspected>> =
            plan.plugins.iter().map(|p| all.get_mut(p.entry).and_then(Option::take)).collect();
        Ok(Host::new(plan, found.ok_or_else(|| differs("the list of libraries"))?, pipeline))
    }

    /// Loads the library of the plan's plugin `at` into this process.
    ///
    /// # Errors
    /// The system's loader refuses it, it lacks the entry function, or it was changed since it was inspected.
    pub(crate) fn open(&self, at: usize) -> Result<(), LibraryError> {
        let library = open(&self.found[at])?;
        // Set already: the same library.
        let _ = self.libraries[at].set(library);
        Ok(())
    }

    /// Whether a worker process that begins with the plugin `at` has started before.
    pub(crate) fn has_started(&self, at: usize) -> bool {
        self.started.lock().unwrap_or_else(PoisonError::into_inner).contains(&at)
    }

    /// Notes that it has.
    pub(crate) fn note_start(&self, at: usize) {
        self.started.lock().unwrap_or_else(PoisonError::into_inner).insert(at);
    }

    /// Makes an instance of the plan's plugin `at`.
    ///
    /// # Errors
    /// What the plugin said: the option concerned (may be empty) and the message.
    pub(crate) fn instance(&self, at: usize) -> Result<Instance, (String, String)> {
        let planned = &self.plan.plugins[at];
        let Some(library) = self.libraries[at].get() else {
            return Err((String::new(), "its library is not loaded in this process".into()));
        };
        let folder = self.found[at].path.parent().map(PathBuf::from).unwrap_or_default();
        let folder = folder.to_string_lossy();
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let mut context = Context { emission: None, errors: Vec::new(), log: Vec::new() };
        let sink = context.sink();
        let host = FbxHost {
            size: size_of::<FbxHost>() as u32,
            abi_minor: ABI_MINOR,
            intern: Some(intern),
            intern_ctx: (&raw mut *names).cast(),
            sink: &raw const sink,
            data_dir: FbxStr::new(&folder),
        };
        let Some(create) = library.table.create else {
            return Err((String::new(), "its table has no `create`".into()));
        };
        let mut raw = std::ptr::null_mut();
        // SAFETY: all pointers are valid for the call; the plugin follows factbox.h (a native plugin that does not can do anything: see the
        // threat model in the SDK's guide).
        let status = unsafe { create(&raw const host, FbxStr::new(&planned.config), &raw mut raw) };
        if status == FBX_OK && !raw.is_null() {
            return Ok(Instance { table: library.table, raw });
        }
        let (message, key) = context
            .errors
            .into_iter()
            .next()
            .unwrap_or_else(|| (format!("it failed with status {status} and no message"), String::new()));
        let message = if status == FBX_PANIC { format!("it panicked: {message}") } else { message };
        Err((key, message))
    }
}

/// Compares pinned libraries with their pins, side by side: it takes most of the start. `found` stand in the order of the pipeline file; those that
/// have a private copy know it afterwards.
fn verify(pipeline: &Pipeline, found: &mut [Inspected]) -> Result<(), HostError> {
    std::thread::scope(|scope| {
        let work = pipeline.plugins.iter().zip(found).filter_map(|(entry, library)| {
            let pin = entry.sha256.as_ref()?;
            let looked_at = library.clone();
            Some((pin, library, scope.spawn(move || sum_and_copy(&looked_at))))
        });
        for (pin, library, sum) in work.collect::<Vec<_>>() {
            let sum = sum.join().unwrap_or_else(|_| Err(std::io::Error::other("its check broke off")));
            let (actual, copy) = sum.map_err(|e| {
                let what = "the file cannot be read";
                LibraryError::new("FB0301", what, &library.path, e.to_string(), "check the file's rights")
            })?;
            if !actual.eq_ignore_ascii_case(&pin.value) {
                let what = format!("`{}` is not the file that was pinned", library.path.display());
                return Err(HostError::Pipeline(vec![
                    Diagnostic::new("FB0313", what)
                        .at(pin.span.clone(), format!("pinned: {}, found: {actual}", pin.value))
                        .help("find out why it changed; if that is right, `factbox lock` writes the new pin"),
                ]));
            }
            if let Some(copy) = copy.and_then(|copy| copy.keep(actual)) {
                // What it says of itself is read again, from what will run.
                let (path, stamp) = (library.path.clone(), library.stamp.clone());
                *library = Inspected { path, stamp, ..inspect(&copy)? };
                library.copy = Some(copy);
            }
        }
        Ok(())
    })
}

/// Reads a pinned library once: its sum, and a private copy of the very bytes that were summed. No copy is made of a library that finds others
/// beside itself (`$ORIGIN`), nor on systems without such files: these are loaded where they lie, and looked at before and after.
fn sum_and_copy(library: &Inspected) -> std::io::Result<(String, Option<PrivateCopy>)> {
    let mut copy = if library.origin { None } else { PrivateCopy::begin(&library.meta.id) };
    let sum = sha256_while(&library.path, |bytes| match &mut copy {
        Some(copy) => copy.append(bytes),
        None => Ok(()),
    })?;
    Ok((sum, copy))
}

/// Whether the file is still the one that was inspected.
fn unchanged(library: &Inspected, what: &str) -> Result<(), LibraryError> {
    let now = std::fs::metadata(&library.path).map(|m| stamp(&m)).unwrap_or_default();
    if library.copy.is_some() || now == library.stamp {
        return Ok(());
    }
    let why = "the file was changed or replaced after factbox had looked at it";
    Err(LibraryError::new("FB0324", what, &library.path, why, "start the run again when whoever writes it is done"))
}

fn open(library: &Inspected) -> Result<Library, LibraryError> {
    let what = format!("the plugin `{}` cannot be loaded", library.meta.id);
    let path: &Path = library.copy.as_deref().unwrap_or(&library.path);
    unchanged(library, &what)?;
    // SAFETY: the file was inspected: whole, for this machine, with factbox metadata. Its initialisers run now; that a native plugin can do
    // anything is said in the SDK's guide.
    let opened = unsafe { libloading::Library::new(path) };
    unchanged(library, &what)?;
    let opened = opened.map_err(|e| {
        LibraryError::new("FB0320", &what, &library.path, causes(&e), "check the libraries it needs itself (`ldd`)")
    })?;
    let table = {
        // SAFETY: the symbol's type is fixed by its name, factbox_plugin_v1.
        let entry = unsafe { opened.get::<FbxEntry>(ENTRY_SYMBOL.as_bytes()) };
        let entry = entry.map_err(|e| {
            let help = format!("a plugin exports the function `{ENTRY_SYMBOL}`; in Rust `export_plugin!` does it");
            LibraryError::new("FB0321", &what, &library.path, causes(&e), help)
        })?;
        // SAFETY: the plugin promises a table that lives for ever, or null.
        unsafe { entry(ABI_MINOR).as_ref() }.map(copy_table)
    };
    // Never unloaded: thread-local destructors and static data may be in use until the process ends.
    std::mem::forget(opened);
    match table {
        Some(table) if table.create.is_none() || table.process.is_none() || table.destroy.is_none() => {
            let why = format!(
                "its table of {} bytes lacks a function; minor 0 has {} bytes and create, process, destroy",
                table.size,
                size_of::<FbxPlugin>()
            );
            let help = "its author has to set `size` to sizeof(fbx_plugin) and fill in all three";
            Err(LibraryError::new("FB0323", &what, &library.path, why, help))
        }
        Some(table) => Ok(Library { table }),
        None => {
            let [major, minor] = library.meta.abi;
            let why =
                format!("it was built for the plugin ABI {major}.{minor} and does not serve {ABI_MAJOR}.{ABI_MINOR}");
            Err(LibraryError::new(
                "FB0322",
                &what,
                &library.path,
                why,
                "update factbox, or build the plugin with this factbox's SDK",
            ))
        }
    }
}

/// As much of the table as the plugin wrote; the rest means zero.
fn copy_table(table: &FbxPlugin) -> FbxPlugin {
    let has = |end: usize| table.size as usize >= end;
    use std::mem::offset_of;
    FbxPlugin {
        size: table.size,
        abi_minor: table.abi_minor,
        flags: table.flags,
        reserved: 0,
        create: table.create.filter(|_| has(offset_of!(FbxPlugin, process))),
        process: table.process.filter(|_| has(offset_of!(FbxPlugin, destroy))),
        destroy: table.destroy.filter(|_| has(size_of::<FbxPlugin>())),
    }
}

/// An error with all that lies behind it: the loader's own words are only in the source.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let more = cause.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        source = cause.source();
    }
    text
}

/// One instance of a plugin, used by one thread at a time.
pub(crate) struct Instance {
    table: FbxPlugin,
    raw: *mut c_void,
}

// SAFETY: factbox.h, rule 5: an instance may move between threads between two calls; it is never shared.
unsafe impl Send for Instance {}

/// Layers laid out for plugins. They hold pointers into the article under way.
#[derive(Default)]
pub(crate) struct Lending(pub Vec<Lent>);

// SAFETY: the pointers are made and read within one call of `Worker::process`; between two calls, when a worker may move to another thread, nobody
// reads them, and the next call lays everything out anew.
unsafe impl Send for Lending {}

/// What one call said besides its annotations.
pub(crate) struct Said {
    pub status: FbxStatus,
    pub errors: Vec<(String, String)>,
    pub log: Vec<(u32, String)>,
}

impl Instance {
    /// Runs it on one article.
    pub fn process(&mut self, doc: &FbxDoc, emission: &mut Emission) -> Said {
        let mut context = Context { emission: Some(emission), errors: Vec::new(), log: Vec::new() };
        let sink = context.sink();
        let status = match self.table.process {
            // SAFETY: `raw` was made by this table's `create`; all pointers of `doc` are valid for the call.
            Some(process) => unsafe { process(self.raw, doc, &raw const sink) },
            None => FBX_ERROR,
        };
        Said { status, errors: context.errors, log: context.log }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if let Some(destroy) = self.table.destroy {
            // SAFETY: made by this table's `create`, used for the last time.
            unsafe { destroy(self.raw) };
        }
    }
}

/// What a sink's `ctx` points to.
struct Context<'e, 'a> {
    emission: Option<&'e mut Emission<'a>>,
    errors: Vec<(String, String)>,
    log: Vec<(u32, String)>,
}

/// Messages a plugin may leave in one call, and bytes of each: the rest is cut off.
const MOST_MESSAGES: usize = 32;
const LONGEST_MESSAGE: usize = 4096;

impl Context<'_, '_> {
    fn sink(&mut self) -> FbxSink {
        FbxSink {
            size: size_of::<FbxSink>() as u32,
            flags: 0,
            ctx: (&raw mut *self).cast(),
            emit: Some(emit),
            error: Some(error),
            log: Some(log),
        }
    }
}

unsafe fn context<'s>(sink: *const FbxSink) -> Option<&'s mut Context<'s, 's>> {
    // SAFETY: the plugin hands back the sink it was lent, during the call; `ctx` points to the `Context` of that call.
    unsafe { sink.as_ref()?.ctx.cast::<Context>().as_mut() }
}

unsafe fn bytes_of<'s>(text: FbxStr) -> &'s [u8] {
    if text.ptr.is_null() || text.len == 0 || text.len > isize::MAX as usize {
        return &[];
    }
    // SAFETY: the plugin's promise (factbox.h, rule 4).
    unsafe { std::slice::from_raw_parts(text.ptr, text.len) }
}

fn message(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST_MESSAGE)]).into_owned()
}

unsafe extern "C" fn intern(ctx: *mut c_void, name: FbxStr) -> u32 {
    // SAFETY: `ctx` is the table that `Host::instance` lent for the length of `create`, and holds the lock of.
    let (names, name) = unsafe { (ctx.cast::<Names>().as_mut(), bytes_of(name)) };
    match (names, std::str::from_utf8(name)) {
        (Some(names), Ok(name)) => names.intern(name),
        _ => 0,
    }
}

unsafe extern "C" fn error(sink: *const FbxSink, text: FbxStr, key: FbxStr) {
    // SAFETY: see `context` and `bytes_of`.
    unsafe {
        if let Some(context) = context(sink).filter(|c| c.errors.len() < MOST_MESSAGES) {
            context.errors.push((message(bytes_of(text)), message(bytes_of(key))));
        }
    }
}

unsafe extern "C" fn log(sink: *const FbxSink, level: u32, text: FbxStr) {
    // SAFETY: see `context` and `bytes_of`.
    unsafe {
        if let Some(context) = context(sink).filter(|c| c.log.len() < MOST_MESSAGES) {
            context.log.push((level, message(bytes_of(text))));
        }
    }
}

unsafe extern "C" fn emit(
    sink: *const FbxSink,
    layer: u32,
    anns: *const FbxAnn,
    n_anns: usize,
    attrs: *const FbxAttr,
    n_attrs: usize,
) -> FbxStatus {
    // SAFETY: see `context`.
    let Some(emission) = (unsafe { context(sink) }).and_then(|c| c.emission.as_deref_mut()) else { return FBX_ERROR };
    if (anns.is_null() && n_anns > 0) || (attrs.is_null() && n_attrs > 0) {
        emission.complain(|| "a batch came with a null pointer".into());
        return FBX_ERROR;
    }
    // SAFETY: not null, and the plugin promises the lengths.
    let (anns, attrs) = unsafe {
        (
            if n_anns == 0 { &[][..] } else { std::slice::from_raw_parts(anns, n_anns) },
            if n_attrs == 0 { &[][..] } else { std::slice::from_raw_parts(attrs, n_attrs) },
        )
    };
    if anns.is_empty() {
        return FBX_OK;
    }
    let Some(mut intake) = emission.layer(layer) else {
        // Noted for the first; the others are dropped for the same reason.
        for _ in &anns[1..] {
            emission.layer(layer);
        }
        return FBX_BAD_SPAN;
    };
    let mut whole = true;
    for ann in anns {
        let raw = RawAnnotation { start: ann.start, end: ann.end, kind: ann.kind, score: ann.score };
        let first = ann.attr_first as usize;
        let Some(own) = attrs.get(first..first.saturating_add(ann.attr_count as usize)) else {
            whole = intake.reject(&raw, format_args!("its attributes lie outside its batch of {}", attrs.len()));
            continue;
        };
        // SAFETY: the plugin promises that each tag tells the field that holds.
        whole &= intake.push(raw, own.iter().map(|attr| (attr.key, move || unsafe { raw_value(attr) })));
    }
    if whole { FBX_OK } else { FBX_BAD_SPAN }
}

#[inline(always)]
unsafe fn raw_value<'s>(attr: &FbxAttr) -> RawValue<'s> {
    // SAFETY: every bit pattern is a valid integer, float or pair; strings are the plugin's promise.
    unsafe {
        match attr.tag {
            FBX_INT => RawValue::Int(attr.v.i),
            FBX_FLOAT => RawValue::Float(attr.v.f),
            FBX_STR => RawValue::Str(bytes_of(attr.v.s)),
            FBX_SPAN => RawValue::Span(attr.v.p.a, attr.v.p.b),
            FBX_REF => RawValue::Ref(attr.v.p.a, attr.v.p.b),
            FBX_BOOL => RawValue::Bool(attr.v.i),
            FBX_JSON => RawValue::Json(bytes_of(attr.v.s)),
            tag => RawValue::Unknown(tag),
        }
    }
}
