//! Builds the command, the plugins and the fixtures once, runs the command in a clean environment, and makes output comparable.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// The repository's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the repository")
}

/// What was built: the command and the folder with all libraries.
pub struct Built {
    pub factbox: PathBuf,
    pub folder: PathBuf,
}

/// `cargo test` builds no libraries that nothing links, so they are built here, once, in the profile of the tests.
pub fn built() -> &'static Built {
    static BUILT: OnceLock<Built> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut command = Command::new(env!("CARGO"));
        command.current_dir(root()).args([
            "build",
            "--workspace",
            "--exclude",
            "xtask",
            "--bins",
            "--lib",
            "--message-format=json",
        ]);
        if !cfg!(debug_assertions) {
            command.arg("--release");
        }
        let out = command.stderr(Stdio::inherit()).output().expect("cargo runs");
        assert!(out.status.success(), "the build of command and plugins failed");
        let text = String::from_utf8(out.stdout).expect("cargo writes UTF-8");
        let factbox = text
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .filter(|m| m["reason"] == "compiler-artifact" && m["target"]["name"] == "factbox")
            .find_map(|m| m["executable"].as_str().map(PathBuf::from))
            .expect("cargo names the command's file");
        let folder = factbox.parent().expect("a file lies in a folder").to_owned();
        Built { factbox, folder }
    })
}

/// The command, free of the caller's environment.
pub fn factbox() -> Command {
    let mut command = Command::new(&built().factbox);
    command
        .env_remove("RUST_BACKTRACE")
        .env_remove("FACTBOX_PLUGIN_PATH")
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("COLUMNS");
    command.env("XDG_DATA_HOME", root().join("tests/no-such-folder")).current_dir(root());
    command
}

/// Runs the command with arguments.
pub fn run(args: &[&str]) -> Output {
    factbox().args(args).stdin(Stdio::null()).output().expect("the command starts")
}

/// Runs a bundled article through a pipeline file.
pub fn run_pipeline(pipeline: &Path) -> Output {
    let pipeline = pipeline.to_str().expect("UTF-8");
    run(&["run", "tests/cases/harbour-tunnel.txt", "--pipeline", pipeline, "--format", "jsonl"])
}

/// Runs the command with standard input.
pub fn run_with_input(args: &[&str], input: &[u8]) -> Output {
    use std::io::Write;
    let mut child = factbox()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let out = child.wait_with_output().expect("the command ends");
    writer.join().expect("the writer ends");
    out
}

/// The records on standard output.
pub fn records(out: &Output) -> Vec<serde_json::Value> {
    stdout(out)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("not JSON ({e}): {line:.200}")))
        .collect()
}

/// Standard output as text.
pub fn stdout(out: &Output) -> String {
    String::from_utf8(out.stdout.clone()).expect("UTF-8")
}

/// Standard error as text, with this machine's paths taken out.
pub fn stderr(out: &Output) -> String {
    plain(&String::from_utf8_lossy(&out.stderr))
}

/// `text` without this machine's paths.
pub fn plain(text: &str) -> String {
    let target = &built().folder;
    let temp = std::env::temp_dir().display().to_string();
    let mut text = text.replace(&target.display().to_string(), "[TARGET]");
    // The target folder need not lie in the repository.
    if let Some(above) = target.parent() {
        text = text.replace(&above.display().to_string(), "[ROOT]/target");
    }
    text = text.replace(&root().display().to_string(), "[ROOT]");
    if temp.len() > 1 {
        text = text.replace(&temp, "[TEMP]");
    }
    text
}

/// An empty folder of one test.
pub fn folder(test: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("factbox-tests-{}", std::process::id())).join(test);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder for temporary files");
    folder
}

/// Checks what every record promises: each span's text is the text at its place, in code points.
pub fn check_spans(record: &serde_json::Value) {
    let text: Vec<char> = record["text"].as_str().expect("a text").chars().collect();
    fn walk(value: &serde_json::Value, text: &[char]) {
        if let (Some(start), Some(end), Some(own)) =
            (value["start"].as_u64(), value["end"].as_u64(), value["text"].as_str())
        {
            let there: String = text[start as usize..end as usize].iter().collect();
            assert_eq!(there, own);
        }
        match value {
            serde_json::Value::Array(items) => items.iter().for_each(|v| walk(v, text)),
            serde_json::Value::Object(fields) => fields.values().for_each(|v| walk(v, text)),
            _ => {}
        }
    }
    walk(record, &text);
}
