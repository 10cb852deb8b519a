//! The C ABI between the factbox host and its plugins: the `repr(C)` twins of `include/factbox.h`.
//!
//! The header is the contract and explains every rule (ownership, threads, sizes, offsets); a test with the C compiler proves that
//! sizes and offsets agree. Nothing here runs: the host's `native` module and the SDK's `ffi` module do.

use std::ffi::c_void;

/// Major version: part of the entry symbol's name.
pub const ABI_MAJOR: u32 = 1;
/// Minor version: structs only grow at their ends.
pub const ABI_MINOR: u32 = 0;
/// The entry symbol of this major.
pub const ENTRY_SYMBOL: &str = "factbox_plugin_v1";
/// The symbol (and section) that holds the metadata.
pub const META_SYMBOL: &str = "factbox_plugin_meta";
/// Section of the metadata in ELF and PE files.
pub const META_SECTION: &str = ".factbox";
/// The C header, as shipped to authors of plugins.
pub const HEADER: &str = include_str!("../include/factbox.h");

/// `fbx_status`: 0 ok, positive soft, negative failed.
pub type FbxStatus = i32;
/// All went well.
pub const FBX_OK: FbxStatus = 0;
/// The plugin stopped because it was told to.
pub const FBX_CANCELLED: FbxStatus = 1;
/// This article cannot be processed.
pub const FBX_BAD_DOC: FbxStatus = 2;
/// The plugin failed.
pub const FBX_ERROR: FbxStatus = -1;
/// An option's value is bad.
pub const FBX_BAD_CONFIG: FbxStatus = -2;
/// The plugin panicked; the SDK caught it.
pub const FBX_PANIC: FbxStatus = -3;
/// An annotation was dropped.
pub const FBX_BAD_SPAN: FbxStatus = -4;
/// Too many annotations or attributes.
pub const FBX_LIMIT: FbxStatus = -5;

/// Tag of an integer.
pub const FBX_INT: u32 = 0;
/// Tag of a float.
pub const FBX_FLOAT: u32 = 1;
/// Tag of a string.
pub const FBX_STR: u32 = 2;
/// Tag of a span.
pub const FBX_SPAN: u32 = 3;
/// Tag of a reference.
pub const FBX_REF: u32 = 4;
/// Tag of a truth value.
pub const FBX_BOOL: u32 = 5;
/// Tag of a JSON value.
pub const FBX_JSON: u32 = 6;

/// Borrowed UTF-8.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FbxStr {
    /// First byte; may be null where `len` is 0.
    pub ptr: *const u8,
    /// Bytes.
    pub len: usize,
}

impl FbxStr {
    /// No text at all (a null pointer).
    pub const EMPTY: FbxStr = FbxStr { ptr: std::ptr::null(), len: 0 };

    /// Borrows `text`.
    pub const fn new(text: &str) -> Self {
        FbxStr { ptr: text.as_ptr(), len: text.len() }
    }
}

/// One annotation.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FbxAnn {
    /// First byte in the text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Interned name, 0 for none.
    pub kind: u32,
    /// Confidence, NaN for none.
    pub score: f32,
    /// First attribute.
    pub attr_first: u32,
    /// Number of attributes.
    pub attr_count: u32,
}

/// Two numbers: a span, or a reference (interned layer name, index).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FbxPair {
    /// Start, or interned layer name.
    pub a: u32,
    /// End, or index.
    pub b: u32,
}

/// The value of an attribute; which field holds is told by the tag.
#[repr(C)]
#[derive(Clone, Copy)]
pub union FbxValue {
    /// `FBX_INT`, `FBX_BOOL`
    pub i: i64,
    /// `FBX_FLOAT`
    pub f: f64,
    /// `FBX_STR`, `FBX_JSON`
    pub s: FbxStr,
    /// `FBX_SPAN`, `FBX_REF`
    pub p: FbxPair,
}

/// One attribute.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct FbxAttr {
    /// Interned name.
    pub key: u32,
    /// Which field of `v` holds.
    pub tag: u32,
    /// The value.
    pub v: FbxValue,
}

/// A read-only layer.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FbxLayer {
    /// `size_of::<FbxLayer>()` of its writer.
    pub size: u32,
    /// Reserved.
    pub flags: u32,
    /// Its name; a null pointer for an optional layer that nobody provides.
    pub name: FbxStr,
    /// Its annotations.
    pub anns: *const FbxAnn,
    /// How many.
    pub n_anns: usize,
    /// Their attributes.
    pub attrs: *const FbxAttr,
    /// How many.
    pub n_attrs: usize,
}

/// One article.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FbxDoc {
    /// `size_of::<FbxDoc>()` of its writer.
    pub size: u32,
    /// Reserved.
    pub flags: u32,
    /// The article's id.
    pub id: FbxStr,
    /// ISO 639-1 code.
    pub lang: FbxStr,
    /// The text.
    pub text: FbxStr,
    /// The record's `meta` object.
    pub meta_json: FbxStr,
    /// The required layers, in the order of `requires`.
    pub layers: *const FbxLayer,
    /// How many.
    pub n_layers: usize,
    /// Nonzero: stop soon.
    pub cancel: *const u8,
}

/// Where a plugin's output goes.
#[repr(C)]
pub struct FbxSink {
    /// `size_of::<FbxSink>()` of its writer.
    pub size: u32,
    /// Reserved.
    pub flags: u32,
    /// The host's.
    pub ctx: *mut c_void,
    /// Takes a batch of annotations.
    pub emit:
        Option<unsafe extern "C" fn(*const FbxSink, u32, *const FbxAnn, usize, *const FbxAttr, usize) -> FbxStatus>,
    /// Says what went wrong.
    pub error: Option<unsafe extern "C" fn(*const FbxSink, FbxStr, FbxStr)>,
    /// A line for the log.
    pub log: Option<unsafe extern "C" fn(*const FbxSink, u32, FbxStr)>,
}

/// What the host offers while an instance is made.
#[repr(C)]
pub struct FbxHost {
    /// `size_of::<FbxHost>()` of its writer.
    pub size: u32,
    /// The host's minor.
    pub abi_minor: u32,
    /// Gives a name its id.
    pub intern: Option<unsafe extern "C" fn(*mut c_void, FbxStr) -> u32>,
    /// First argument of `intern`.
    pub intern_ctx: *mut c_void,
    /// For errors and the log.
    pub sink: *const FbxSink,
    /// The folder the library was found in.
    pub data_dir: FbxStr,
}

/// A plugin's functions.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct FbxPlugin {
    /// `size_of::<FbxPlugin>()` of its writer.
    pub size: u32,
    /// The plugin's minor.
    pub abi_minor: u32,
    /// Reserved.
    pub flags: u32,
    /// Reserved.
    pub reserved: u32,
    /// Makes an instance.
    pub create: Option<unsafe extern "C" fn(*const FbxHost, FbxStr, *mut *mut c_void) -> FbxStatus>,
    /// Processes one article.
    pub process: Option<unsafe extern "C" fn(*mut c_void, *const FbxDoc, *const FbxSink) -> FbxStatus>,
    /// Frees an instance.
    pub destroy: Option<unsafe extern "C" fn(*mut c_void)>,
}

/// The entry function.
pub type FbxEntry = unsafe extern "C" fn(u32) -> *const FbxPlugin;
