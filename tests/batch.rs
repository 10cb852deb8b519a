//! Many articles at once: the same bytes for any number of jobs, errors that cost one article, whole output files.

use crate::support::*;
use std::io::Write;

/// Forty articles made of the cases, as JSON Lines.
fn corpus() -> String {
    let mut lines = String::new();
    let mut names: Vec<_> =
        std::fs::read_dir(root().join("tests/cases")).expect("cases").map(|e| e.expect("readable").path()).collect();
    names.sort();
    let texts: Vec<String> = names
        .iter()
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .map(|p| std::fs::read_to_string(p).expect("UTF-8"))
        .collect();
    for number in 0..40 {
        let text = &texts[number % texts.len()];
        lines.push_str(&serde_json::json!({"id": format!("a{number}"), "text": text}).to_string());
        lines.push('\n');
    }
    lines
}

#[test]
fn any_number_of_jobs_gives_the_same_bytes() {
    let folder = folder("jobs");
    let input = folder.join("in.jsonl");
    std::fs::write(&input, corpus()).expect("writable");
    let input = input.to_str().expect("UTF-8");
    let one = run(&["-q", "run", input, "--jobs", "1"]);
    assert_eq!(records(&one).len(), 40);
    for jobs in ["2", "3", "8"] {
        let many = run(&["-q", "run", input, "--jobs", jobs]);
        assert!(one.stdout == many.stdout, "output with {jobs} jobs differs");
    }
    // The same through compression, standard input and an output file.
    let gz = folder.join("in.jsonl.gz");
    let done = std::process::Command::new("gzip").arg("-kf").arg(folder.join("in.jsonl")).status().expect("gzip");
    assert!(done.success());
    let packed = run(&["-q", "run", gz.to_str().expect("UTF-8")]);
    assert!(one.stdout == packed.stdout, "gz differs");
    let piped = run_with_input(&["-q", "run", "-"], corpus().as_bytes());
    assert!(one.stdout == piped.stdout, "stdin differs");
    let output = folder.join("out.jsonl");
    assert!(run(&["-q", "run", input, "--output", output.to_str().expect("UTF-8")]).stdout.is_empty());
    assert!(one.stdout == std::fs::read(&output).expect("written"), "file differs");
}

#[test]
fn a_bad_article_costs_itself_only() {
    let folder = folder("bad");
    let input = folder.join("in.jsonl");
    let mut file = std::fs::File::create(&input).expect("writable");
    file.write_all(b"{\"id\":\"good1\",\"text\":\"Ann Smith said she was in Paris.\"}\n").expect("written");
    file.write_all(b"{\"id\":\"broken\",\"text\":\n").expect("written");
    file.write_all(b"{\"id\":\"latin\",\"text\":\"caf\xe9\"}\n").expect("written");
    file.write_all(b"{\"id\":\"notext\"}\n\n").expect("written");
    file.write_all(b"{\"id\":\"empty\",\"text\":\"  \"}\n").expect("written");
    file.write_all(format!("{{\"id\":\"long\",\"text\":\"{}\"}}\n", "x".repeat(3000)).as_bytes()).expect("written");
    file.write_all(b"[1,2]\n").expect("written");
    file.write_all(b"{\"id\":\"good2\",\"text\":\"Ann Smith said she was in Paris.\"}").expect("written");
    drop(file);
    let pipeline = folder.join("small.toml");
    let news = std::fs::read_to_string(root().join("config/news.toml")).expect("readable");
    std::fs::write(&pipeline, news.replace("\"20 MiB\"", "\"2 KiB\"")).expect("writable");
    let errors = folder.join("errors.jsonl");
    let args = [
        "run",
        input.to_str().expect("UTF-8"),
        "--pipeline",
        pipeline.to_str().expect("UTF-8"),
        "--errors",
        errors.to_str().expect("UTF-8"),
    ];
    let out = run(&args);
    assert_eq!(out.status.code(), Some(1), "{}", stderr(&out));
    let ids: Vec<String> = records(&out).iter().map(|r| r["id"].as_str().expect("an id").to_owned()).collect();
    assert_eq!(ids, ["good1", "empty", "good2"]);
    let told = std::fs::read_to_string(&errors).expect("written");
    assert_eq!(told.lines().count(), 6, "{told}");
    insta::with_settings!({snapshot_path => "snapshots/batch", prepend_module_to_snapshot => false, omit_expression => true,
        filters => vec![(r"factbox-tests-\d+", "factbox-tests")]}, {
        insta::assert_snapshot!("bad-articles", stderr(&out));
    });
}

#[test]
fn other_languages_are_flagged_and_left_to_the_user() {
    let skipped = run(&["run", "tests/cases/foreign-german.txt", "--format", "jsonl"]);
    assert_eq!(skipped.status.code(), Some(0), "{}", stderr(&skipped));
    let record = &records(&skipped)[0];
    assert_eq!(record["meta"]["language"], "de");
    assert_eq!(record["errors"][0]["code"], "FB1102");
    assert_eq!(record["claims"], serde_json::json!([]));
    let asked = run(&["run", "tests/cases/foreign-german.txt", "--format", "jsonl", "--foreign"]);
    let record = &records(&asked)[0];
    assert_eq!(record["errors"][0]["code"], "FB1103");
    assert_ne!(record["claims"], serde_json::json!([]));
}

#[cfg(unix)]
#[test]
fn standard_output_by_its_path_is_standard_output() {
    let input = "tests/cases/harbour-tunnel.txt";
    let plain = run(&["-q", "run", input]);
    let named = run(&["-q", "run", input, "--output", "/dev/stdout"]);
    assert!(!plain.stdout.is_empty() && plain.stdout == named.stdout);
    assert!(named.stderr.is_empty());
}

#[test]
fn an_output_file_is_whole_or_not_there() {
    let folder = folder("whole");
    let output = folder.join("out.jsonl");
    let failed = run(&["run", "no-such-file.txt", "--output", output.to_str().expect("UTF-8")]);
    assert_eq!(failed.status.code(), Some(2));
    assert_eq!(std::fs::read_dir(&folder).expect("readable").count(), 0);
    let into_folder = run(&["run", "tests/cases/harbour-tunnel.txt", "--output", folder.to_str().expect("UTF-8")]);
    assert_eq!(into_folder.status.code(), Some(2));
}

/// Standard input stays open, so the command waits for more when the interrupt comes: it must end all the same.
#[cfg(unix)]
#[test]
fn an_interrupt_keeps_whole_records() {
    use std::process::{Command, Stdio};
    let folder = folder("interrupt");
    for (format, opening) in [("jsonl", ""), ("json", "[")] {
        let output = folder.join(format!("out.{format}"));
        let errors = folder.join("errors.jsonl");
        let paths = [output.to_str().expect("UTF-8"), errors.to_str().expect("UTF-8")];
        let mut child = factbox()
            .args(["run", "-", "--input-format", "jsonl", "--jobs", "2", "--output", paths[0], "--errors", paths[1]])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        let articles = 320;
        for _ in 0..articles / 40 {
            stdin.write_all(corpus().as_bytes()).expect("the command reads");
        }
        stdin.flush().expect("the command reads");
        // Once records are in the hidden file, the command is in its loop and its handler is set.
        let hidden = folder.join(format!(".out.{format}.{}.partial", child.id()));
        while std::fs::metadata(&hidden).map_or(0, |m| m.len()) == 0 {
            assert!(child.try_wait().expect("a child").is_none(), "it ended on its own");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
        let out = child.wait_with_output().expect("ends");
        drop(stdin);
        assert_eq!(out.status.code(), Some(130), "{}", stderr(&out));
        assert!(!output.exists() && !hidden.exists() && !errors.exists(), "nothing takes its final name");
        let kept = folder.join(format!("out.{format}.partial"));
        let told = stderr(&out);
        assert!(
            told.contains("interrupted; the first ") && told.contains(&plain(&kept.display().to_string())),
            "{told}"
        );
        let text = std::fs::read_to_string(&kept).expect("kept");
        assert!(text.starts_with(opening) && text.ends_with('\n'));
        let records: Vec<serde_json::Value> = if format == "json" {
            serde_json::from_str(&text).expect("the array is closed")
        } else {
            text.lines().map(|line| serde_json::from_str(line).expect("a whole record")).collect()
        };
        assert!(!records.is_empty() && records.len() <= articles, "{}", records.len());
        assert!(told.contains(&format!("the first {} articles", records.len())), "{told}");
        for (number, record) in records.iter().enumerate() {
            assert_eq!(record["id"], format!("a{}", number % 40), "in the order of the input");
        }
    }
}
