//! The plugin's side of the C ABI: the only module of the SDK with `unsafe`. It turns the host's pointers into borrowed Rust values, catches
//! panics, and hands batches to the host's sink. A plugin's author never sees it; [`export_plugin!`](crate::export_plugin) uses it.
#![allow(unsafe_code)]

use crate::{Doc, Output, Plugin, ProcessError, Setup};
use factbox_abi::*;
use factbox_layer::{RawValue, json};
use std::cell::RefCell;
use std::ffi::c_void;
use std::io::Write as _;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::sync::atomic::{AtomicU8, Ordering};

/// Gives names their ids, through the host or the test kit.
pub enum Interner<'a> {
    /// The host's function.
    Host(&'a FbxHost),
    /// The test kit's table.
    Kit(&'a RefCell<factbox_layer::Names>),
}

impl Interner<'_> {
    /// The id of `name`; 0 where the host gives none.
    pub fn intern(&self, name: &str) -> u32 {
        match self {
            Interner::Host(host) => match host.intern {
                // SAFETY: the host's function, called with the context it gave and a valid string, during create.
                Some(intern) => unsafe { intern(host.intern_ctx, FbxStr::new(name)) },
                None => 0,
            },
            Interner::Kit(names) => names.borrow_mut().intern(name),
        }
    }
}

/// An article whose pointers have been turned into borrows.
#[derive(Clone, Copy)]
pub struct RawDoc<'a> {
    pub(crate) id: &'a str,
    pub(crate) lang: &'a str,
    pub(crate) text: &'a str,
    pub(crate) meta_json: &'a str,
    layers: &'a [FbxLayer],
    cancel: *const u8,
    borrow: PhantomData<&'a u8>,
}

impl<'a> RawDoc<'a> {
    /// Turns the host's article into borrows.
    ///
    /// # Safety
    /// `doc` follows the rules of factbox.h for as long as `'a` lasts.
    pub unsafe fn new(doc: &'a FbxDoc) -> Self {
        // SAFETY: the caller's promise: valid pointers, UTF-8 text.
        unsafe {
            RawDoc {
                id: str_of(doc.id),
                lang: str_of(doc.lang),
                text: str_of(doc.text),
                meta_json: str_of(doc.meta_json),
                layers: slice_of(doc.layers, doc.n_layers),
                cancel: doc.cancel,
                borrow: PhantomData,
            }
        }
    }

    pub(crate) fn cancelled(&self) -> bool {
        if self.cancel.is_null() {
            return false;
        }
        // SAFETY: points to the host's flag, valid during the call; only ever read and written as one atomic byte.
        unsafe { AtomicU8::from_ptr(self.cancel.cast_mut()) }.load(Ordering::Relaxed) != 0
    }

    pub(crate) fn layer(&self, at: usize) -> Option<(&'a [FbxAnn], &'a [FbxAttr])> {
        let layer = self.layers.get(at)?;
        if layer.name.ptr.is_null() {
            return None;
        }
        // SAFETY: part of the article that `new` vouched for.
        Some(unsafe { (slice_of(layer.anns, layer.n_anns), slice_of(layer.attrs, layer.n_attrs)) })
    }
}

/// The article that the test kit made.
pub(crate) fn kit_doc(doc: &FbxDoc) -> RawDoc<'_> {
    // SAFETY: `testing::Kit` builds it from borrows that outlive the call, by the rules of factbox.h.
    unsafe { RawDoc::new(doc) }
}

/// The value of an attribute that the host lent, or that the plugin made.
#[inline]
pub(crate) fn value<'a>(attr: &'a FbxAttr) -> RawValue<'a> {
    // SAFETY: attributes reach this function only out of layers that `RawDoc::new` vouched for, or out of a sealed `Batch`: the tag tells the field
    // that holds, strings are valid as long as the article or the batch is.
    unsafe {
        match attr.tag {
            FBX_INT => RawValue::Int(attr.v.i),
            FBX_FLOAT => RawValue::Float(attr.v.f),
            FBX_STR => RawValue::Str(slice_of(attr.v.s.ptr, attr.v.s.len)),
            FBX_SPAN => RawValue::Span(attr.v.p.a, attr.v.p.b),
            FBX_REF => RawValue::Ref(attr.v.p.a, attr.v.p.b),
            FBX_BOOL => RawValue::Bool(attr.v.i),
            FBX_JSON => RawValue::Json(slice_of(attr.v.s.ptr, attr.v.s.len)),
            tag => RawValue::Unknown(tag),
        }
    }
}

/// A string attribute of the host's own token layer, not checked again for UTF-8.
#[inline]
pub(crate) fn trusted_str(attr: &FbxAttr) -> &str {
    if attr.tag != FBX_STR {
        return "";
    }
    // SAFETY: as in `value`; factbox.h promises UTF-8 for all text of the host.
    unsafe { str_of(attr.v.s) }
}

#[inline]
unsafe fn slice_of<'a, T>(ptr: *const T, len: usize) -> &'a [T] {
    if ptr.is_null() || len == 0 {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(ptr, len) }
}

#[inline]
unsafe fn str_of<'a>(text: FbxStr) -> &'a str {
    // SAFETY: the caller's promise: valid memory, UTF-8.
    unsafe { std::str::from_utf8_unchecked(slice_of(text.ptr, text.len)) }
}

struct Instance<P> {
    plugin: P,
    output: Output,
}

thread_local! {
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps panics off stderr and their message and place for the host. Once per library: a plugin's library has a standard library of its own.
fn keep_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let payload = info.payload();
            let message = payload
                .downcast_ref::<&str>()
                .copied()
                .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
            let place = info.location().map(|l| format!(" at {}:{}", l.file(), l.line())).unwrap_or_default();
            let text = format!("{}{place}", message.unwrap_or("panic without a message"));
            // The panic may come while the cell is borrowed or torn down: then there is nothing to keep it in.
            let _ = PANIC.try_with(|cell| cell.try_borrow_mut().map(|mut kept| *kept = text));
        }));
    });
}

/// Tells the host about an error.
///
/// # Safety
/// `sink` is null or the host's.
unsafe fn tell(sink: *const FbxSink, message: &str, key_path: &str) {
    // SAFETY: the caller's promise; strings are copied by the host.
    unsafe {
        if let Some(error) = sink.as_ref().and_then(|s| s.error) {
            error(sink, FbxStr::new(message), FbxStr::new(key_path));
        }
    }
}

/// # Safety
/// As `tell`.
unsafe fn tell_panic(sink: *const FbxSink) -> FbxStatus {
    let text = PANIC.with(|cell| std::mem::take(&mut *cell.borrow_mut()));
    // SAFETY: the caller's promise.
    unsafe { tell(sink, &text, "") };
    FBX_PANIC
}

/// `fbx_plugin.create`.
///
/// # Safety
/// Called by a host that follows factbox.h.
pub unsafe extern "C" fn create<P: Plugin>(host: *const FbxHost, config: FbxStr, out: *mut *mut c_void) -> FbxStatus {
    keep_panics();
    // SAFETY: the host's promise: valid for the call.
    let (host, config) = unsafe { (&*host, str_of(config)) };
    let made = catch_unwind(AssertUnwindSafe(|| {
        let options = json::parse(config).map_err(|e| crate::SetupError::other(format!("options: {e}")))?;
        // SAFETY: as above.
        let data_dir = unsafe { str_of(host.data_dir) };
        P::new(&Setup { options, data_dir, names: Interner::Host(host) })
    }));
    match made {
        Ok(Ok(plugin)) => {
            let output = Output::new(P::PROVIDES.len());
            let instance = Box::new(Instance { plugin, output });
            // SAFETY: the host gave a place to write to.
            unsafe { *out = Box::into_raw(instance).cast() };
            FBX_OK
        }
        Ok(Err(error)) => {
            // SAFETY: the host's sink.
            unsafe { tell(host.sink, &error.message, error.option.as_deref().unwrap_or("")) };
            if error.option.is_some() { FBX_BAD_CONFIG } else { FBX_ERROR }
        }
        // SAFETY: the host's sink.
        Err(_) => unsafe { tell_panic(host.sink) },
    }
}

/// `fbx_plugin.process`.
///
/// # Safety
/// Called by a host that follows factbox.h, with an instance that [`create`] of the same `P` made.
pub unsafe extern "C" fn process<P: Plugin>(
    instance: *mut c_void,
    doc: *const FbxDoc,
    sink: *const FbxSink,
) -> FbxStatus {
    // SAFETY: the host's promise: an instance of this type, used by nobody else during the call.
    let (instance, doc) = unsafe { (&mut *instance.cast::<Instance<P>>(), &*doc) };
    instance.output.clear();
    let done = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: the host's promise: the article is valid during the call.
        let doc = Doc { raw: unsafe { RawDoc::new(doc) }, requires: P::REQUIRES };
        instance.plugin.process(&doc, &mut instance.output)
    }));
    match done {
        // SAFETY: the host's sink.
        Ok(Ok(())) => unsafe { flush(instance, sink) },
        Ok(Err(ProcessError::Cancelled)) => FBX_CANCELLED,
        Ok(Err(ProcessError::Article(message))) => {
            // SAFETY: the host's sink.
            unsafe { tell(sink, &message, "") };
            FBX_BAD_DOC
        }
        // SAFETY: the host's sink.
        Err(_) => unsafe { tell_panic(sink) },
    }
}

/// # Safety
/// `sink` is the host's.
unsafe fn flush<P>(instance: &mut Instance<P>, sink: *const FbxSink) -> FbxStatus {
    // SAFETY: the caller's promise.
    let Some(emit) = (unsafe { sink.as_ref() }).and_then(|s| s.emit) else { return FBX_ERROR };
    for (layer, batch) in instance.output.batches.iter_mut().enumerate().filter(|(_, b)| !b.anns.is_empty()) {
        batch.seal();
        let (anns, attrs) = (&batch.anns, &batch.attrs);
        // SAFETY: buffers are valid during the call; the host copies. Its status is not needed: it has noted what it dropped.
        unsafe { emit(sink, layer as u32, anns.as_ptr(), anns.len(), attrs.as_ptr(), attrs.len()) };
    }
    FBX_OK
}

/// `fbx_plugin.destroy`.
///
/// # Safety
/// `instance` is null or one that [`create`] of the same `P` made; it is not used afterwards.
pub unsafe extern "C" fn destroy<P: Plugin>(instance: *mut c_void) {
    if instance.is_null() {
        return;
    }
    // SAFETY: the host's promise. A panic in the plugin's Drop ends here.
    let done = catch_unwind(AssertUnwindSafe(|| drop(unsafe { Box::from_raw(instance.cast::<Instance<P>>()) })));
    if done.is_err() {
        let text = PANIC.with(|cell| std::mem::take(&mut *cell.borrow_mut()));
        // The host takes no word from `destroy`, and nothing of the run is lost: a line on standard error is what is left to say it.
        let _ = writeln!(
            std::io::stderr().lock(),
            "warning: plugin `{}` panicked while it was being closed: {text}; the records are whole, its author should know",
            P::ID
        );
    }
}

/// Exports a plugin: the metadata, readable without loading, and the entry function. Once per library.
#[macro_export]
macro_rules! export_plugin {
    ($plugin:ty) => {
        #[allow(unsafe_code, non_upper_case_globals, missing_docs)]
        const _: () = {
            #[cfg(panic = "abort")]
            compile_error!("a factbox plugin needs panic = \"unwind\": a panic must cost one article, not the run");

            const LENGTH: usize = $crate::metadata::length::<$plugin>(env!("CARGO_PKG_VERSION"));
            #[unsafe(no_mangle)]
            #[cfg_attr(target_os = "macos", unsafe(link_section = "__DATA,__factbox"))]
            #[cfg_attr(not(target_os = "macos"), unsafe(link_section = ".factbox"))]
            #[used]
            pub static factbox_plugin_meta: [u8; LENGTH] =
                $crate::metadata::json::<$plugin, LENGTH>(env!("CARGO_PKG_VERSION"));

            static TABLE: $crate::abi::FbxPlugin = $crate::abi::FbxPlugin {
                size: ::std::mem::size_of::<$crate::abi::FbxPlugin>() as u32,
                abi_minor: $crate::abi::ABI_MINOR,
                flags: 0,
                reserved: 0,
                create: Some($crate::ffi::create::<$plugin>),
                process: Some($crate::ffi::process::<$plugin>),
                destroy: Some($crate::ffi::destroy::<$plugin>),
            };

            /// The entry function: this plugin needs nothing newer than minor 0, so it serves every host of its major.
            #[unsafe(no_mangle)]
            pub extern "C" fn factbox_plugin_v1(_host_minor: u32) -> *const $crate::abi::FbxPlugin {
                &TABLE
            }
        };
    };
}
