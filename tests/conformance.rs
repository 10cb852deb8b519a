//! `factbox plugin test`: the plugins that come with factbox and the foreign ones pass it, and each broken one fails the checks that are about what is wrong
//! with it, and no other.

use crate::libraries::{c_plugin, meta};
use crate::support::*;
use std::path::{Path, PathBuf};
use std::process::Command;

fn conforms(library: &Path, more: &[&str]) -> (Option<i32>, String) {
    let out = factbox().args(["plugin", "test"]).arg(library).args(more).output().expect("the command starts");
    (out.status.code(), format!("{}{}", stdout(&out), stderr(&out)))
}

/// The checks that a report says failed.
fn failed(report: &str) -> Vec<&str> {
    report.lines().filter_map(|l| l.trim().strip_prefix("FAIL")?.split_whitespace().next()).collect()
}

fn library(name: &str) -> PathBuf {
    built().folder.join(format!("{}{name}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX))
}

#[test]
fn the_plugins_of_factbox_pass() {
    for name in ["entities", "quotes", "geography", "numeric_claims"] {
        let (code, report) = conforms(&library(&format!("factbox_{name}")), &["--articles", "1000"]);
        assert_eq!((code, failed(&report)), (Some(0), vec![]), "{report}");
    }
}

#[test]
fn the_foreign_plugin_in_c_passes() {
    let out = folder("contacts");
    let make = |target: &str| {
        let done = Command::new("make")
            .current_dir(root().join("tests/foreign/contacts-c"))
            .arg(target)
            .arg(format!("OUT={}", out.display()))
            .arg(format!("FACTBOX={}", built().factbox.display()))
            .env_remove("FACTBOX_UPDATE")
            .env_remove("MAKEFLAGS")
            .output()
            .expect("make runs");
        assert!(
            done.status.success(),
            "{}{}",
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr)
        );
    };
    make("test");
    make("sanitize");
}

#[test]
fn the_foreign_plugin_in_rust_passes() {
    let target = built().folder.parent().expect("target").join("foreign");
    let cargo = |arguments: &[&str]| {
        let done = Command::new(env!("CARGO"))
            .current_dir(root().join("tests/foreign/speakers-rust"))
            .args(arguments)
            .arg("--locked")
            .env("CARGO_TARGET_DIR", &target)
            .env_remove("FACTBOX_UPDATE")
            .output()
            .expect("cargo runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    cargo(&["build"]);
    cargo(&["test", "--quiet"]);
    let library = target.join("debug").join(library("factbox_speakers").file_name().expect("a name"));
    let (code, report) = conforms(&library, &["--articles", "1000"]);
    assert_eq!((code, failed(&report)), (Some(0), vec![]), "{report}");

    let pipeline = folder("speakers").join("p.toml");
    let ids = ["entities", "quotes", "numeric-claims"].map(|id| format!("[[plugin]]\nid = \"{id}\"\n")).concat();
    std::fs::write(&pipeline, format!("{ids}[[plugin]]\nid = \"speakers\"\npath = \"{}\"\n", library.display()))
        .expect("written");
    let out = run_pipeline(&pipeline);
    let record = &records(&out)[0];
    check_spans(record);
    let speakers = record["speakers"].as_array().expect("a layer");
    assert!(!speakers.is_empty(), "{record}");
    for speaker in speakers {
        let entity = record["entities"]
            .as_array()
            .expect("a layer")
            .iter()
            .find(|e| e["id"] == speaker["entity"])
            .expect("the entity");
        assert_eq!((&entity["type"], &entity["name"]), (&"person".into(), &speaker["name"]));
        assert!(speaker["quotes"].as_i64() > Some(0) || speaker["claims"].as_i64() > Some(0), "{speaker}");
    }
}

#[test]
fn misbehaving_plugins_fail_for_the_right_reason() {
    let trigger = folder("conformance").join("trigger.txt");
    std::fs::write(&trigger, "A trigger in the café.\n").expect("written");
    let trigger = trigger.to_str().expect("UTF-8");
    for (how, checks, reason) in [
        ("nothing", &[][..], "all 9 checks passed"),
        (
            "panic-create",
            &["start", "options", "texts", "repeat", "threads", "cancel", "memory"],
            "it panicked: as asked, in create",
        ),
        (
            "refuse-create",
            &["start", "options", "texts", "repeat", "threads", "cancel", "memory"],
            "this value is refused on purpose",
        ),
        (
            "panic-destroy",
            &["start", "options", "texts", "repeat", "threads", "cancel", "memory"],
            "it panics while it is being closed: as asked, in destroy",
        ),
        ("panic-process", &["options", "texts", "cancel"], "panicked: as asked, in process"),
        ("refuse-article", &["options", "texts"], "it is refused on purpose"),
        ("span-out-of-range", &["options", "texts"], "not within the text"),
        ("span-inside-character", &["options", "texts"], "on character boundaries"),
        ("dangling-reference", &["options", "texts"], "which is not there"),
        ("undeclared-attribute", &["options", "texts"], "declare"),
    ] {
        let option = format!("how={how}");
        let (code, report) =
            conforms(&library("misbehaving"), &["--option", &option, "--text", trigger, "--articles", "100"]);
        assert_eq!((code, failed(&report)), (Some(i32::from(!checks.is_empty())), checks.to_vec()), "{how}: {report}");
        assert!(report.contains(reason), "{how}: {report}");
    }
}

/// A plugin whose `process` has this body; `n` counts its calls.
fn body(process: &str) -> String {
    format!(
        r#"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
static fbx_status create(const fbx_host *h, fbx_str c, void **i) {{ (void)h; (void)c; *i = calloc(1, sizeof(long)); return FBX_OK; }}
static fbx_status process(void *i, const fbx_doc *d, const fbx_sink *s) {{
  long n = ++*(long *)i;
  fbx_ann a = {{0, d->text.len > 0 && d->text.ptr[0] < 0x80, 0, 0.5f, 0, 0}};
  (void)n; (void)a; (void)s;
  {process}
  return FBX_OK;
}}
static void destroy(void *i) {{ free(i); }}
static const fbx_plugin table = {{sizeof(fbx_plugin), 0, 0, 0, create, process, destroy}};
FBX_EXPORT const fbx_plugin *factbox_plugin_v1(uint32_t minor) {{ (void)minor; return &table; }}
"#
    )
}

#[test]
fn broken_plugins_in_c_fail_for_the_right_reason() {
    let folder = folder("conformance-c");
    let complete = |id: &str| {
        meta(
            id,
            r#","summary":"x","provides":[{"layer":"xs","prefix":"x","doc":"x","attributes":[{"name":"a","type":"string","doc":"x"}]}]"#,
        )
    };
    for (id, process, checks, reason) in [
        ("good", "s->emit(s, 0, &a, 1, 0, 0);", &[][..], "all 9 checks passed"),
        (
            "crash",
            "if (d->text.len == 1) *(volatile int *)8 = 1;",
            &["texts", "repeat", "threads", "cancel"],
            "one byte: it took the whole process down (signal: 11",
        ),
        (
            "abort",
            "if (d->text.len == 1) abort();",
            &["texts", "repeat", "threads", "cancel"],
            "one byte: it took the whole process down (signal: 6",
        ),
        ("talks", "puts(\"hello\"); fflush(stdout);", &["stdout"], "beginning with \"hello"),
        (
            "leaks",
            "char *p = malloc(20000); memset(p, 1, 20000); *(char *volatile *)&p = p;",
            &["memory"],
            "bytes an article",
        ),
        ("counts", "if (n % 2) s->emit(s, 0, &a, 1, 0, 0);", &["repeat", "threads"], "finds something else"),
        ("undeclared", "s->emit(s, 3, &a, 1, 0, 0);", &["start", "texts"], "layer number 3 was not declared"),
        (
            "outside",
            "a.end = (uint32_t)d->text.len + 1; s->emit(s, 0, &a, 1, 0, 0);",
            &["start", "texts"],
            "not within the text",
        ),
        (
            "deaf",
            "if (d->text.len > 1000000) { struct timespec t = {1, 300000000}; nanosleep(&t, 0); }",
            &["cancel"],
            "though it was told to stop after 1 ms",
        ),
    ] {
        let library = c_plugin(&folder, id, &complete(id), &body(process));
        let (code, report) = conforms(&library, &["--articles", "300"]);
        assert_eq!((code, failed(&report)), (Some(i32::from(!checks.is_empty())), checks.to_vec()), "{id}: {report}");
        assert!(report.contains(reason), "{id}: {report}");
    }

    let loops = c_plugin(&folder, "loops", &complete("loops"), &body("while (d->text.len == 1) {}"));
    let (code, report) = conforms(&loops, &["--only", "texts", "--patience", "2"]);
    assert_eq!((code, failed(&report)), (Some(1), vec!["texts"]));
    assert!(report.contains("one byte: it did not end within 2 seconds"), "{report}");

    let silent =
        c_plugin(&folder, "silent", &meta("silent", r#","provides":[{"layer":"xs","prefix":"x"}]"#), &body(""));
    let (_, report) = conforms(&silent, &["--only", "metadata"]);
    assert!(report.contains("`summary` is missing") && report.contains("layer `xs`: `doc` is missing"), "{report}");

    let short = body("")
        .replace("{sizeof(fbx_plugin), 0, 0, 0, create, process, destroy}", "{32, 0, 0, 0, create, process, destroy}");
    let (code, report) = conforms(&c_plugin(&folder, "short", &complete("short"), &short), &[]);
    assert!(code == Some(2) && report.contains("FB0323") && report.contains("32 bytes"), "{report}");

    let text = folder.join("text.so");
    std::fs::write(&text, "no library").expect("written");
    let (code, report) = conforms(&text, &[]);
    assert!(code == Some(2) && report.contains("not a shared library"), "{report}");
}
