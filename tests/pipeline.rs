//! Pipeline files: what is wrong is shown with its place, its cause and the fix; what is right runs.

use crate::support::*;

fn check(file: &str) -> String {
    let out = run(&["check", &format!("tests/fixtures/pipelines/{file}")]);
    assert_eq!(out.status.code(), Some(2), "{file}: {}{}", stdout(&out), stderr(&out));
    assert_eq!(stdout(&out), "");
    stderr(&out)
}

macro_rules! snapshot {
    ($name:expr, $text:expr) => {
        insta::with_settings!({snapshot_path => "snapshots/pipeline", prepend_module_to_snapshot => false, omit_expression => true,
            filters => vec![(r"lib\.rs:\d+", "lib.rs:[LINE]"), (r"found: [0-9a-f]{64}", "found: [SHA256]"), (r"\.(so|dylib|dll)\b", ".[LIB]")]}, {
            insta::assert_snapshot!($name, $text);
        });
    };
}

#[test]
fn slips_are_shown_with_their_place() {
    for file in
        ["slips", "not-toml", "options", "option-values", "refused-option", "panic-create", "duplicate-id", "pin"]
    {
        snapshot!(file, check(&format!("{file}.toml")));
    }
}

#[test]
fn the_shipped_pipelines_are_right() {
    let mut count = 0;
    for entry in std::fs::read_dir(root().join("config")).expect("config/ is there") {
        let path = entry.expect("readable").path();
        if path.extension().is_some_and(|e| e == "toml") {
            let out = run(&["check", path.to_str().expect("UTF-8")]);
            assert!(out.status.success(), "{}: {}", path.display(), stderr(&out));
            let run = run(&["run", "--pipeline", path.to_str().expect("UTF-8"), "tests/cases/harbour-tunnel.txt"]);
            assert!(run.status.success(), "{}: {}", path.display(), stderr(&run));
            count += 1;
        }
    }
    assert!(count >= 3);
}

#[test]
fn the_built_in_pipeline_is_the_file() {
    let built_in = run(&["run", "tests/cases/harbour-tunnel.txt"]);
    let file = run(&["run", "--pipeline", "config/news.toml", "tests/cases/harbour-tunnel.txt"]);
    assert_eq!(stdout(&built_in), stdout(&file));
}

#[test]
fn the_graph_is_shown() {
    let text = plain(&stdout(&run(&["check", "config/news.toml"])));
    let place = |id: &str| text.find(&format!(" {id} ")).unwrap_or_else(|| panic!("{id} in {text}"));
    assert!(place("entities") < place("quotes") && place("quotes") < place("numeric-claims"), "{text}");
    assert!(text.contains("mentions (of entities)"), "{text}");
}
