//! The C compiler and Rust agree on the size of every struct and the offset of every field.

use factbox_abi::*;
use std::mem::{offset_of, size_of};
use std::process::Command;

macro_rules! layout {
    ($out:ident, $c:literal, $rust:ty, $($field:ident),+) => {
        $out.push((format!("sizeof({})", $c), size_of::<$rust>()));
        $($out.push((format!("offsetof({}, {})", $c, stringify!($field)), offset_of!($rust, $field)));)+
    };
}

#[test]
fn sizes_and_offsets_agree() {
    let mut wanted: Vec<(String, usize)> = Vec::new();
    layout!(wanted, "fbx_str", FbxStr, ptr, len);
    layout!(wanted, "fbx_ann", FbxAnn, start, end, kind, score, attr_first, attr_count);
    layout!(wanted, "fbx_attr", FbxAttr, key, tag, v);
    layout!(wanted, "fbx_layer", FbxLayer, size, flags, name, anns, n_anns, attrs, n_attrs);
    layout!(wanted, "fbx_doc", FbxDoc, size, flags, id, lang, text, meta_json, layers, n_layers, cancel);
    layout!(wanted, "fbx_sink", FbxSink, size, flags, ctx, emit, error, log);
    layout!(wanted, "fbx_host", FbxHost, size, abi_minor, intern, intern_ctx, sink, data_dir);
    layout!(wanted, "fbx_plugin", FbxPlugin, size, abi_minor, flags, reserved, create, process, destroy);

    let folder = std::env::temp_dir().join(format!("factbox-abi-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let asserts: String =
        wanted.iter().map(|(what, n)| format!("_Static_assert({what} == {n}, \"{what}\");\n")).collect();
    let values = format!(
        "_Static_assert(FBX_PANIC == {FBX_PANIC} && FBX_LIMIT == {FBX_LIMIT} && FBX_JSON == {FBX_JSON} \
         && FBX_REF == {FBX_REF} && FBX_ABI_MAJOR == {ABI_MAJOR} && FBX_ABI_MINOR == {ABI_MINOR}, \"constants\");\n"
    );
    let source = folder.join("layout.c");
    std::fs::write(&source, format!("#include \"factbox.h\"\n{asserts}{values}")).unwrap();
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".into());
    let done = Command::new(compiler)
        .args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-c", "-o"])
        .arg(folder.join("layout.o"))
        .arg("-I")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/include"))
        .arg(&source)
        .output()
        .expect("a C compiler (set CC to its path)");
    let _ = std::fs::remove_dir_all(&folder);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
