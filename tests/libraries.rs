//! Broken libraries and misbehaving plugins: each ends in a message that says what, where, why and what to do, and costs no more than it must.

use crate::support::*;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Compiles a plugin in C with this metadata.
pub fn c_plugin(folder: &Path, name: &str, meta: &str, body: &str) -> PathBuf {
    let mut literal = String::new();
    for c in meta.chars() {
        if c == '"' || c == '\\' {
            literal.push('\\');
        }
        literal.push(c);
    }
    let source = folder.join(format!("{name}.c"));
    let mut text = String::from("#include \"factbox.h\"\n");
    let _ = writeln!(text, "FBX_META(\"{literal}\");\n{body}");
    std::fs::write(&source, text).expect("writable");
    let library = folder.join(format!("lib{name}{}", std::env::consts::DLL_SUFFIX));
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".into());
    let done = Command::new(compiler)
        .args(["-std=c11", "-Wall", "-Wextra", "-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg("-I")
        .arg(root().join("crates/factbox-abi/include"))
        .arg(&source)
        .output()
        .expect("a C compiler (set CC to its path)");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    library
}

/// An entry function that does nothing to any article.
const IDLE: &str = r#"
static fbx_status create(const fbx_host *h, fbx_str c, void **i) { (void)h; (void)c; static int x; *i = &x; return FBX_OK; }
static fbx_status process(void *i, const fbx_doc *d, const fbx_sink *s) { (void)i; (void)d; (void)s; return FBX_OK; }
static void destroy(void *i) { (void)i; }
static const fbx_plugin table = {sizeof(fbx_plugin), 0, 0, 0, create, process, destroy};
FBX_EXPORT const fbx_plugin *factbox_plugin_v1(uint32_t minor) { (void)minor; return &table; }
"#;

pub fn meta(id: &str, rest: &str) -> String {
    format!(r#"{{"factbox":1,"abi":[1,0],"id":"{id}","version":"0.1.0"{rest}}}"#)
}

/// Runs one article with the plugin `id` whose library is `path`.
fn run_with(folder: &Path, id: &str, path: &Path, more: &str) -> std::process::Output {
    let pipeline = folder.join(format!("{id}.toml"));
    std::fs::write(&pipeline, format!("[[plugin]]\nid = \"{id}\"\npath = \"{}\"\n{more}", path.display()))
        .expect("writable");
    run_pipeline(&pipeline)
}

macro_rules! snapshot {
    ($name:expr, $text:expr) => {
        insta::with_settings!({snapshot_path => "snapshots/libraries", prepend_module_to_snapshot => false, omit_expression => true,
            filters => vec![(r"lib\.rs:\d+", "lib.rs:[LINE]"), (r"factbox-tests-\d+", "factbox-tests"), (r"\.(so|dylib|dll)\b", ".[LIB]"), (r"\b\d+ of at least \d+ bytes", "[N] of at least [M] bytes"),
                (r"this is x86_64|this is aarch64", "this is [ARCH]")]}, {
            insta::assert_snapshot!($name, $text);
        });
    };
}

#[test]
fn files_that_are_no_plugins_are_refused_before_the_loader_sees_them() {
    let folder = folder("files");
    let good = c_plugin(&folder, "good", &meta("good", ""), IDLE);
    assert!(run_with(&folder, "good", &good, "").status.success());

    let bytes = std::fs::read(&good).expect("readable");
    let file = |name: &str, content: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, content).expect("writable");
        path
    };
    let mut cases = vec![
        ("text-file", file("text.so", b"this is a text\n")),
        ("empty-file", file("empty.so", b"")),
        ("folder", folder.clone()),
        ("absent", folder.join("absent.so")),
        ("truncated", file("truncated.so", &bytes[..bytes.len() / 2])),
    ];
    if cfg!(target_os = "linux") {
        // The machine field of the ELF header: 183 is AArch64, 62 is x86-64.
        let mut other = bytes.clone();
        let machine: u16 = if cfg!(target_arch = "x86_64") { 183 } else { 62 };
        other[18..20].copy_from_slice(&machine.to_le_bytes());
        cases.push(("other-architecture", file("other.so", &other)));
    }
    cases.push(("no-metadata", {
        let source = folder.join("plain.c");
        std::fs::write(&source, "int answer(void) { return 42; }\n").expect("writable");
        let library = folder.join("plain.so");
        assert!(
            Command::new("cc")
                .args(["-shared", "-fPIC", "-o"])
                .arg(&library)
                .arg(&source)
                .status()
                .expect("cc")
                .success()
        );
        library
    }));
    cases.push(("bad-metadata", c_plugin(&folder, "badmeta", r#"{"factbox":1,"abi":[1,0]}"#, IDLE)));
    cases
        .push(("other-major", c_plugin(&folder, "major", r#"{"factbox":1,"abi":[2,0],"id":"x","version":"1"}"#, IDLE)));
    cases.push(("missing-symbol", c_plugin(&folder, "nosymbol", &meta("x", ""), "")));
    cases.push((
        "newer-minor",
        c_plugin(
            &folder,
            "minor",
            r#"{"factbox":1,"abi":[1,7],"id":"x","version":"0.1.0"}"#,
            "FBX_EXPORT const fbx_plugin *factbox_plugin_v1(uint32_t minor) { return minor < 7 ? 0 : (void *)\"\"; }",
        ),
    ));
    // What a plugin of a minor before the first would look like: a table that ends before `destroy`.
    let short = IDLE.replace("{sizeof(fbx_plugin),", "{sizeof(fbx_plugin) - sizeof(void *),");
    cases.push(("older-minor", c_plugin(&folder, "short", &meta("x", ""), &short)));
    cases.push(("other-system-macos", file("macos.dylib", &mach_o())));
    cases.push(("other-system-windows", file("windows.dll", &portable_executable())));
    cases.push(("other-id", c_plugin(&folder, "otherid", &meta("other", ""), IDLE)));
    for (name, path) in cases {
        let out = run_with(&folder, "x", &path, "");
        assert_eq!(out.status.code(), Some(2), "{name}: {}", stderr(&out));
        assert_eq!(stdout(&out), "", "{name}");
        snapshot!(name, stderr(&out));
        // In the worker tier too nothing gets further than that; only what the loader finds is found in the other process.
        let pipeline = folder.join("x.toml");
        let args = ["run", "tests/cases/harbour-tunnel.txt", "--isolation", "worker", "--pipeline"];
        let isolated = run(&[&args[..], &[pipeline.to_str().expect("UTF-8")]].concat());
        assert_eq!((isolated.status.code(), stdout(&isolated)), (Some(2), String::new()), "{name}");
        if ["missing-symbol", "newer-minor", "older-minor"].contains(&name) {
            snapshot!(format!("{name}-worker"), stderr(&isolated));
        } else {
            assert_eq!(stderr(&isolated), stderr(&out), "{name}");
        }
    }
}

#[test]
fn a_newer_minor_that_serves_older_hosts_runs() {
    let folder = folder("newer-minor-serves");
    let meta = r#"{"factbox":1,"abi":[1,7],"id":"x","version":"0.1.0"}"#;
    let longer = IDLE.replace("{sizeof(fbx_plugin), 0,", "{sizeof(fbx_plugin) + 16, 7,");
    let out = run_with(&folder, "x", &c_plugin(&folder, "longer", meta, &longer), "");
    assert!(out.status.success(), "{}", stderr(&out));
}

/// The beginning of a 64-bit dynamic library of macOS, on this machine's architecture.
fn mach_o() -> Vec<u8> {
    let cpu: u32 = if cfg!(target_arch = "x86_64") { 0x0100_0007 } else { 0x0100_000c };
    let header = [0xfeed_facf, cpu, 3, 6, 0, 0, 0, 0];
    header.into_iter().flat_map(u32::to_le_bytes).chain([0; 64]).collect()
}

/// The beginning of a 64-bit dynamic library of Windows, on this machine's architecture.
fn portable_executable() -> Vec<u8> {
    let machine: u16 = if cfg!(target_arch = "x86_64") { 0x8664 } else { 0xaa64 };
    let mut bytes = vec![0; 64];
    bytes[..2].copy_from_slice(b"MZ");
    bytes[0x3c..0x40].copy_from_slice(&64u32.to_le_bytes());
    bytes.extend_from_slice(b"PE\0\0");
    bytes.extend_from_slice(&machine.to_le_bytes());
    // No sections, no symbols, an optional header of 240 bytes, flags: executable, a dynamic library.
    bytes.extend_from_slice(&[0; 14]);
    bytes.extend_from_slice(&240u16.to_le_bytes());
    bytes.extend_from_slice(&0x2022u16.to_le_bytes());
    let mut optional = vec![0; 240];
    optional[..2].copy_from_slice(&0x20bu16.to_le_bytes());
    // Alignment of sections in memory and in the file, and sixteen data directories.
    optional[32..36].copy_from_slice(&4096u32.to_le_bytes());
    optional[36..40].copy_from_slice(&512u32.to_le_bytes());
    optional[108..112].copy_from_slice(&16u32.to_le_bytes());
    bytes.extend_from_slice(&optional);
    bytes
}

#[test]
fn wrong_graphs_are_refused_with_their_lines() {
    let folder = folder("graphs");
    let layer = |name: &str| format!(r#"{{"layer":"{name}","prefix":"x"}}"#);
    let plugin = |id: &str, requires: &str, provides: &str| {
        let rest = format!(r#","requires":[{requires}],"provides":[{}]"#, layer(provides));
        c_plugin(&folder, id, &meta(id, &rest), IDLE)
    };
    plugin("hen", "\"eggs\"", "hens");
    plugin("egg", "\"hens\"", "eggs");
    plugin("lonely", "\"mentoins\"", "alone");
    plugin("first", "\"tokens\"", "same");
    plugin("second", "\"tokens\"", "same");
    for (name, ids) in
        [("cycle", vec!["hen", "egg"]), ("unmet-layer", vec!["lonely"]), ("two-providers", vec!["first", "second"])]
    {
        let pipeline = folder.join(format!("{name}.toml"));
        std::fs::write(&pipeline, ids.iter().map(|id| format!("[[plugin]]\nid = \"{id}\"\n\n")).collect::<String>())
            .expect("writable");
        let out = run(&["check", pipeline.to_str().expect("UTF-8"), "--plugin-dir", folder.to_str().expect("UTF-8")]);
        assert_eq!(out.status.code(), Some(2), "{name}");
        snapshot!(name, stderr(&out));
    }
    // Two files of one id in one folder.
    std::fs::copy(
        folder.join(format!("libfirst{}", std::env::consts::DLL_SUFFIX)),
        folder.join(format!("libagain{}", std::env::consts::DLL_SUFFIX)),
    )
    .expect("copied");
    let pipeline = folder.join("twice.toml");
    std::fs::write(&pipeline, "[[plugin]]\nid = \"first\"\n").expect("writable");
    let out = run(&["check", pipeline.to_str().expect("UTF-8"), "--plugin-dir", folder.to_str().expect("UTF-8")]);
    snapshot!("two-files-of-one-id", stderr(&out));
}

/// Three articles, the second of which triggers the misbehaviour.
const ARTICLES: &str = "{\"id\":\"one\",\"text\":\"A quiet day.\"}\n{\"id\":\"two\",\"text\":\"A trigger in the café.\"}\n{\"id\":\"three\",\"text\":\"A quiet day.\"}\n";

#[test]
fn misbehaviour_costs_the_article_and_nothing_else() {
    let folder = folder("misbehaving");
    for how in [
        "panic-process",
        "refuse-article",
        "span-out-of-range",
        "span-inside-character",
        "dangling-reference",
        "undeclared-attribute",
        "panic-destroy",
    ] {
        let pipeline = folder.join(format!("{how}.toml"));
        std::fs::write(&pipeline, format!("[[plugin]]\nid = \"misbehaving\"\noptions.how = \"{how}\"\n"))
            .expect("writable");
        for tier in ["native", "worker"] {
            let args = ["run", "-", "--isolation", tier, "--pipeline", pipeline.to_str().expect("UTF-8")];
            let out = run_with_input(&args, ARTICLES.as_bytes());
            let records = records(&out);
            assert_eq!(records.len(), 3, "{how}: {}", stderr(&out));
            for quiet in [0, 2] {
                assert_eq!(records[quiet]["errors"], serde_json::json!([]), "{how}");
                assert_eq!(records[quiet]["words"].as_array().map(Vec::len), Some(3), "{how}");
            }
            let failed = how != "panic-destroy";
            assert_eq!(out.status.code(), Some(i32::from(failed)), "{how}");
            // The same words in both tiers.
            snapshot!(how, serde_json::to_string_pretty(&records[1]["errors"]).expect("JSON"));
            if how == "panic-destroy" {
                snapshot!("panic-destroy-report", stderr(&out));
            }
        }
    }
}

#[test]
fn a_plugin_past_its_time_is_told_to_stop() {
    let folder = folder("timeout");
    let pipeline = folder.join("timeout.toml");
    std::fs::write(
        &pipeline,
        "[[plugin]]\nid = \"misbehaving\"\ntimeout = \"50ms\"\noptions.how = \"wait-for-cancel\"\n",
    )
    .expect("writable");
    let out = run_with_input(&["run", "-", "--pipeline", pipeline.to_str().expect("UTF-8")], ARTICLES.as_bytes());
    let records = records(&out);
    assert_eq!(records[1]["errors"][0]["code"], "FB1202");
    assert_eq!(records[1]["words"], serde_json::json!([]));
    assert_eq!(records[2]["words"].as_array().map(Vec::len), Some(3));
}
