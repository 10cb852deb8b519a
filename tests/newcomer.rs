//! What a newcomer does, by the guide's own lines: an empty folder, an installed factbox, nothing else. Every block of the SDK's guide that is marked `newcomer` is
//! run, or written to the file that it names, in order.

use crate::support::*;
use std::path::Path;
use std::process::Command;

/// A marked block of the guide.
enum Block {
    Shell(String),
    File(String, String),
}

fn guide() -> Vec<Block> {
    let text = std::fs::read_to_string(root().join("crates/factbox-sdk/README.md")).expect("the guide");
    let mut blocks = Vec::new();
    for part in text.split("\n```").skip(1) {
        let (head, body) = part.split_once('\n').unwrap_or((part, ""));
        match head.split_whitespace().collect::<Vec<_>>()[..] {
            ["sh", "newcomer"] => blocks.push(Block::Shell(body.to_owned())),
            [_, "newcomer", path] => blocks.push(Block::File(path.to_owned(), format!("{body}\n"))),
            _ => {}
        }
    }
    blocks
}

/// The command line of a newcomer: the installed factbox, the toolchain, a home of their own, no network.
fn shell(prefix: &Path, home: &Path, folder: &Path, lines: &str) -> String {
    let tools = Path::new(env!("CARGO")).parent().expect("cargo lies in a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path =
        std::env::join_paths([prefix.join("bin"), tools.to_owned()].into_iter().chain(std::env::split_paths(&path)));
    let mut command = Command::new("bash");
    command.args(["-euo", "pipefail", "-c", lines]).current_dir(folder);
    command.env("PATH", path.expect("a path")).env("XDG_DATA_HOME", home).env("CARGO_NET_OFFLINE", "true");
    for name in [
        "CARGO_TARGET_DIR",
        "FACTBOX_PLUGIN_PATH",
        "FACTBOX_UPDATE",
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "MAKEFLAGS",
    ] {
        command.env_remove(name);
    }
    let out = command.output().expect("bash runs");
    let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(out.status.success(), "{lines}\n{said}");
    said
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "the guide's lines name libraries as Linux does")]
fn a_newcomer_writes_plugins_by_the_guide() {
    let base = folder("newcomer");
    let (prefix, home, empty) = (base.join("prefix"), base.join("home"), base.join("empty"));
    std::fs::create_dir(&empty).expect("a folder");
    let installed = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["run", "--quiet", "--package", "xtask", "--", "install", "--prefix"])
        .arg(&prefix)
        .arg("--built")
        .arg(&built().folder)
        .output()
        .expect("cargo runs");
    assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));

    let mut said = String::new();
    for block in guide() {
        match block {
            Block::Shell(lines) => said.push_str(&shell(&prefix, &home, &empty, &lines)),
            Block::File(path, text) => {
                if path.ends_with("src/lib.rs") {
                    let lines = text.lines().filter(|l| !l.trim().is_empty()).count();
                    assert!(lines <= 30 && !text.contains("unsafe"), "{path} has {lines} lines");
                }
                std::fs::write(empty.join(path), text).expect("written");
            }
        }
    }
    assert_eq!(said.matches("checks passed").count(), 3, "{said}");
    let found = std::fs::read_to_string(empty.join("promises/tests/found.txt")).expect("a snapshot");
    assert_eq!(found, "promises p1 23..41 \"We will rebuild it\" word=\"will\"\n");
    let record = std::fs::read_to_string(empty.join("promises/facts.jsonl")).expect("facts");
    let record: serde_json::Value = serde_json::from_str(&record).expect("one record");
    assert_eq!(record["promises"][0]["word"], "will");
    assert_eq!(record["promises"].as_array().map(Vec::len), Some(1), "{record}");
    check_spans(&record);

    // The file was locked, its comment is still there, and another library under the name is refused with both checksums.
    let pipeline = std::fs::read_to_string(empty.join("promises/pipeline.toml")).expect("a pipeline");
    assert_eq!(pipeline.matches("sha256 = ").count(), 3);
    assert!(pipeline.contains("# what is promised\n[[plugin]]\nid = \"promises\"\nsha256 = \""), "{pipeline}");
    let pin =
        |text: &str| text.rsplit("sha256 = \"").next().and_then(|t| t.get(..64)).map(str::to_owned).expect("a pin");
    let library = home.join("factbox/plugins/libfactbox_promises.so");
    let mut bytes = std::fs::read(&library).expect("installed");
    bytes.push(0);
    std::fs::write(&library, &bytes).expect("written");
    let refused =
        shell(&prefix, &home, &empty, "cd promises; if factbox check pipeline.toml; then exit 1; else test $? = 2; fi");
    let now = factbox_sum(&prefix, &home, &empty);
    assert!(refused.contains(&pin(&pipeline)) && refused.contains(&now) && now != pin(&pipeline), "{refused}");
    let lock = shell(
        &prefix,
        &home,
        &empty,
        "cd promises; factbox lock pipeline.toml; factbox check pipeline.toml; factbox lock --check pipeline.toml",
    );
    assert!(lock.contains("promises: pin changed from"), "{lock}");

    // Everything that `new` was not asked to write is left alone.
    let again = shell(&prefix, &home, &empty, "if factbox plugin new dial; then exit 1; else test $? = 2; fi");
    assert!(again.contains("exists already"), "{again}");
}

/// The checksum that the installed factbox shows for the plugin.
fn factbox_sum(prefix: &Path, home: &Path, folder: &Path) -> String {
    let list = shell(prefix, home, folder, "factbox plugin list");
    let from = list.find("libfactbox_promises").expect("listed");
    list[from..].split("sha256 ").nth(1).and_then(|t| t.get(..64)).expect("a checksum").to_owned()
}

#[test]
fn pins_can_be_required() {
    let folder = folder("require-pins");
    let pipeline = folder.join("p.toml");
    std::fs::write(&pipeline, "[pipeline]\nrequire-pins = true\n[[plugin]]\nid = \"quotes\"\n").expect("written");
    let path = pipeline.to_str().expect("UTF-8");
    let out = run(&["check", path]);
    assert_eq!(out.status.code(), Some(2));
    assert!(stderr(&out).contains("FB0225") && stderr(&out).contains("factbox lock"), "{}", stderr(&out));
    assert_eq!(run(&["lock", "--check", path]).status.code(), Some(1));
    assert_eq!(run(&["lock", path]).status.code(), Some(0));
    assert_eq!(run(&["check", path]).status.code(), Some(0));
    assert_eq!(run(&["lock", "--check", path]).status.code(), Some(0));
}
