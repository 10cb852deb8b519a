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

/// The block of the README that begins with the line `first`.
fn readme(first: &str) -> String {
    let text = std::fs::read_to_string(root().join("README.md")).expect("the README");
    let block = text.split("\n```").find_map(|b| b.split_once('\n')?.1.starts_with(first).then(|| b.split_once('\n')));
    block.flatten().unwrap_or_else(|| panic!("no block with {first}")).1.to_owned()
}

#[test]
fn the_readme_shows_what_is_printed() {
    let line = "$ factbox run tests/cases/harbour-tunnel.txt\n";
    let out = run(&["run", "--format", "table", "tests/cases/harbour-tunnel.txt"]);
    assert_eq!(plain(&stdout(&out)).trim(), readme(line).trim_start_matches(line).trim());

    let folder = folder("readme");
    std::fs::write(folder.join("mine.toml"), "[[plugin]]\nid = \"quotes\"\noptions.min-wrods = 3\n").expect("written");
    let out = factbox().current_dir(&folder).args(["check", "mine.toml"]).output().expect("runs");
    assert_eq!(plain(&stderr(&out)).trim(), readme("error[FB0211]").trim());

    std::fs::write(folder.join("mine.toml"), readme("[pipeline]")).expect("written");
    std::fs::write(folder.join("names.csv"), "Baumeester Infra,organization\n").expect("written");
    let out = factbox().current_dir(&folder).args(["check", "mine.toml"]).output().expect("runs");
    assert!(out.status.success(), "{}", stderr(&out));
}
