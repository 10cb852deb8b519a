//! The command line: help, slips, formats, exit codes, what goes to which stream.

use crate::support::*;

fn shown(args: &[&str]) -> String {
    let out = run(args);
    format!(
        "exit {}\n--- stdout\n{}--- stderr\n{}",
        out.status.code().unwrap_or(-1),
        plain(&stdout(&out)),
        stderr(&out)
    )
}

macro_rules! snapshot {
    ($name:literal, $text:expr) => {
        insta::with_settings!({snapshot_path => "snapshots/command", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!($name, $text);
        });
    };
}

#[test]
fn help_shows_what_there_is() {
    snapshot!("help", shown(&["--help"]));
    snapshot!("help-run", shown(&["run", "--help"]));
    snapshot!("no-arguments", shown(&[]));
    for command in ["check", "init", "plugin", "schema", "doctor", "completions", "man"] {
        let out = run(&[command, "--help"]);
        assert!(out.status.success() && !out.stdout.is_empty(), "{command}");
    }
}

#[test]
fn slips_are_answered_with_what_was_meant() {
    snapshot!("slip-command", shown(&["rnu", "x.txt"]));
    snapshot!("slip-flag", shown(&["run", "--ouput", "x", "y.txt"]));
    snapshot!("slip-format", shown(&["run", "--format", "jsno", "y.txt"]));
    snapshot!("missing-input", shown(&["run", "no-such-article.txt"]));
    snapshot!("missing-pipeline", shown(&["run", "--pipeline", "no-such.toml", "tests/cases/harbour-tunnel.txt"]));
    snapshot!(
        "missing-plugin-dir",
        shown(&["check", "tests/fixtures/pipelines/unknown-plugin.toml"]).replace(std::env::consts::ARCH, "[ARCH]")
    );
}

#[test]
fn init_writes_a_file_that_check_accepts() {
    let folder = folder("init");
    let file = folder.join("mine.toml");
    let file = file.to_str().expect("UTF-8");
    let out = run(&["init", file]);
    assert!(out.status.success(), "{}", stderr(&out));
    let text = std::fs::read_to_string(file).expect("written");
    assert!(text.contains("# options."), "every option is shown: {text}");
    assert_eq!(run(&["init", file]).status.code(), Some(2), "an existing file is kept");
    assert!(run(&["init", "--force", file]).status.success());
    let out = run(&["check", file]);
    assert!(out.status.success(), "{}", stderr(&out));
    // With every option switched on at its default the file must still be right.
    let all: String = text
        .lines()
        .map(|l| l.strip_prefix("# options.").map_or(l.to_owned(), |rest| format!("options.{rest}")) + "\n")
        .collect();
    std::fs::write(file, all).expect("writable");
    let out = run(&["check", file]);
    assert!(out.status.success(), "{}", stderr(&out));
}

#[test]
fn plugins_list_and_info() {
    let list = stdout(&run(&["plugin", "list"]));
    for id in ["entities", "quotes", "geography", "numeric-claims"] {
        assert!(list.contains(id), "{list}");
        let info = run(&["plugin", "info", id]);
        assert!(info.status.success() && stdout(&info).contains("requires"), "{id}");
    }
    let doctor = run(&["doctor"]);
    assert!(
        doctor.status.success() && stdout(&doctor).contains("all is well"),
        "{}{}",
        stdout(&doctor),
        stderr(&doctor)
    );
}

#[test]
fn completions_and_manual() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let out = run(&["completions", shell]);
        assert!(out.status.success() && stdout(&out).contains("factbox"), "{shell}");
    }
    let man = run(&["man"]);
    assert!(man.status.success() && stdout(&man).contains(".TH"));
}

#[test]
fn only_data_on_standard_output() {
    let out = run(&["run", "tests/cases/batch.jsonl", "-v"]);
    for line in stdout(&out).lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
    }
    let quiet = run(&["run", "tests/cases/batch.jsonl", "-q"]);
    assert_eq!(stdout(&quiet), stdout(&out));
    assert_eq!(stderr(&quiet), "");
}

#[test]
fn colour_only_where_asked_for() {
    let article = "tests/cases/harbour-tunnel.txt";
    assert!(!stdout(&run(&["run", article, "--format", "table"])).contains('\u{1b}'));
    assert!(stdout(&run(&["run", article, "--format", "table", "--color", "always"])).contains('\u{1b}'));
    let forced =
        factbox().args(["run", article, "--format", "table"]).env("CLICOLOR_FORCE", "1").output().expect("runs");
    assert!(stdout(&forced).contains('\u{1b}'));
    let none = factbox()
        .args(["run", article, "--format", "table"])
        .env("CLICOLOR_FORCE", "1")
        .env("NO_COLOR", "1")
        .output()
        .expect("runs");
    assert!(!stdout(&none).contains('\u{1b}'));
}

#[test]
fn json_is_one_array() {
    let out = run(&["run", "tests/cases/harbour-tunnel.txt", "tests/cases/page.html", "--format", "json"]);
    let array: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
    assert_eq!(array.as_array().map(Vec::len), Some(2));
    assert_eq!(array[0]["id"], "harbour-tunnel");
}

#[test]
fn geojson_opens_as_a_layer_of_points() {
    let folder = folder("geojson");
    let file = folder.join("places.geojson");
    let file = file.to_str().expect("UTF-8");
    let inputs = ["tests/cases/interview-qa.txt", "tests/cases/agency-ap-troy.txt", "tests/cases/market-report.txt"];
    let out = run(&["run", inputs[0], inputs[1], inputs[2], "--output", file]);
    assert!(out.status.success(), "{}", stderr(&out));
    let text = std::fs::read_to_string(file).expect("written");
    snapshot!("geojson", text);
    let collection: geojson::FeatureCollection = text.parse().expect("GeoJSON");
    assert!(collection.features.len() > 5);
    for feature in &collection.features {
        let geometry = feature.geometry.as_ref().expect("only places with a point");
        let geojson::GeometryValue::Point { coordinates } = &geometry.value else { panic!("{geometry:?} is no point") };
        let (lon, lat) = (coordinates[0], coordinates[1]);
        assert!(lon.abs() <= 180.0 && lat.abs() <= 90.0, "{feature:?}");
        assert!(feature.property("mentions").is_some_and(|m| !m.as_array().expect("a list").is_empty()));
    }
    let none = run(&["run", "tests/cases/no-punctuation.txt", "--format", "geojson"]);
    let collection: geojson::FeatureCollection = stdout(&none).parse().expect("an empty collection is one, too");
    assert!(collection.features.is_empty());
    let out = run(&["run", inputs[0], "--format", "geojson", "--pipeline", "config/quotes-only.toml"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(stderr(&out).contains("places") && stderr(&out).contains("geography"), "{}", stderr(&out));
}

#[test]
fn a_closed_pipe_is_no_error() {
    use std::process::Stdio;
    let mut child = factbox()
        .args(["run", "tests/cases", "tests/cases", "tests/cases"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    drop(child.stdout.take());
    let out = child.wait_with_output().expect("ends");
    assert_eq!(out.status.code(), Some(0), "{}", stderr(&out));
    assert!(!stderr(&out).contains("panicked") && !stderr(&out).contains("Broken pipe"), "{}", stderr(&out));
}
