//! Every article of `cases/` through the default pipeline: no error but the expected ones, valid records, and a snapshot of what a reader sees.

use crate::support::*;

/// All articles, in the order of their names.
fn articles() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(root().join("tests/cases"))
        .expect("tests/cases is there")
        .map(|entry| entry.expect("readable").file_name().into_string().expect("plain names"))
        .filter(|name| !name.ends_with(".md"))
        .collect();
    names.sort();
    names
}

#[test]
fn every_article_gives_a_table() {
    for name in articles() {
        let out = run(&["run", &format!("tests/cases/{name}"), "--format", "table"]);
        let failed = out.status.code() != Some(0);
        let text = format!("{}{}", stdout(&out), if failed { stderr(&out) } else { String::new() });
        insta::with_settings!({snapshot_path => "snapshots/cases", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(name, text);
        });
    }
}

#[test]
fn records_fit_their_schema_and_spans_their_text() {
    let schema = run(&["schema"]);
    assert!(schema.status.success(), "{}", stderr(&schema));
    let schema: serde_json::Value = serde_json::from_slice(&schema.stdout).expect("a schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let out = run(&["run", "tests/cases", "--format", "jsonl"]);
    let records = records(&out);
    assert!(records.len() >= articles().len());
    for record in &records {
        let errors: Vec<String> =
            validator.iter_errors(record).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", record["id"]);
        check_spans(record);
        assert!(
            record["errors"].as_array().expect("errors is a list").iter().all(|e| e["plugin"].is_null()),
            "{}: {}",
            record["id"],
            record["errors"]
        );
    }
    // The schema says no to what is not a record.
    let mut wrong = records[0].clone();
    wrong["quotes"][0] = serde_json::json!({"id": "q1", "start": -1});
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn text_input_is_kept_unchanged() {
    for name in articles().iter().filter(|n| n.ends_with(".txt")) {
        let bytes = std::fs::read(root().join("tests/cases").join(name)).expect("readable");
        let out = run(&["run", &format!("tests/cases/{name}"), "--format", "jsonl"]);
        assert_eq!(records(&out)[0]["text"].as_str(), std::str::from_utf8(&bytes).ok(), "{name}");
    }
}
