//! The worker tier: what takes a process down costs the article in hand and nothing else, and what comes out is what comes out natively.

use crate::libraries::{c_plugin, meta};
use crate::support::*;
use std::path::{Path, PathBuf};
use std::process::Output;

/// Three articles, the second of which triggers the misbehaviour.
const ARTICLES: &str = "{\"id\":\"one\",\"text\":\"A quiet day.\"}\n{\"id\":\"two\",\"text\":\"A trigger in the café.\"}\n{\"id\":\"three\",\"text\":\"A quiet day.\"}\n";

macro_rules! snapshot {
    ($name:expr, $text:expr) => {
        insta::with_settings!({snapshot_path => "snapshots/workers", prepend_module_to_snapshot => false, omit_expression => true,
            filters => vec![(r"lib\.rs:\d+", "lib.rs:[LINE]"), (r"factbox-tests-\d+", "factbox-tests"), (r"\.(so|dylib|dll)\b", ".[LIB]"),
                (r"thread '(main|<unknown>|<unnamed>)' \(\d+\)", "thread '[NAME]' ([ID])"), (r"allocation of \d+ bytes", "allocation of [N] bytes")]}, {
            insta::assert_snapshot!($name, $text);
        });
    };
}

/// Writes a pipeline of one plugin that behaves as `how` says, with more lines for it.
fn pipeline(folder: &Path, how: &str, more: &str) -> PathBuf {
    let path = folder.join(format!("{how}.toml"));
    std::fs::write(&path, format!("[[plugin]]\nid = \"misbehaving\"\n{more}options.how = \"{how}\"\n"))
        .expect("writable");
    path
}

fn run_tier(pipeline: &Path, tier: &str, input: &str) -> Output {
    let args = ["run", "-", "--isolation", tier, "--pipeline", pipeline.to_str().expect("UTF-8")];
    run_with_input(&args, input.as_bytes())
}

/// The C fixture's library and what a pipeline file says to name it.
fn c_fixture(folder: &Path) -> String {
    let rest = r#","provides":[{"layer":"words","prefix":"w","score":"score","attributes":[{"name":"word","type":"string"}]}],"options":[{"name":"how","type":"string","default":"","doc":"how it misbehaves"}]"#;
    let library = c_plugin(folder, "misbehaving_c", &meta("misbehaving", rest), include_str!("fixtures/misbehaving.c"));
    format!("path = \"{}\"\n", library.display())
}

/// Runs the three articles and shows what became of the second; the other two must be whole.
fn costs_one_article(how: &str, pipeline: &Path) {
    let out = run_tier(pipeline, "worker", ARTICLES);
    let records = records(&out);
    assert_eq!(records.len(), 3, "{how}: {}", stderr(&out));
    for quiet in [0, 2] {
        assert_eq!(records[quiet]["errors"], serde_json::json!([]), "{how}");
        assert_ne!(records[quiet]["words"], serde_json::json!([]), "{how}");
    }
    assert_eq!(out.status.code(), Some(1), "{how}: {}", stderr(&out));
    snapshot!(how, serde_json::to_string_pretty(&records[1]["errors"]).expect("JSON"));
}

#[test]
fn what_ends_a_process_costs_one_article() {
    let folder = folder("workers-rust");
    for (how, more) in [
        ("abort", ""),
        ("exit", ""),
        ("stack-overflow", ""),
        ("allocation-bomb", "memory = \"128 MiB\"\n"),
        ("endless-loop", "timeout = \"100ms\"\n"),
    ] {
        costs_one_article(how, &pipeline(&folder, how, &format!("isolation = \"worker\"\n{more}")));
    }
}

#[test]
fn what_only_c_can_do_costs_one_article() {
    let folder = folder("workers-c");
    let path = c_fixture(&folder);
    for how in ["crash", "scribble", "undeclared-layer", "invalid-utf8"] {
        costs_one_article(how, &pipeline(&folder, how, &path));
    }
    // Where nothing ends a process, native words are the same.
    for how in ["undeclared-layer", "invalid-utf8"] {
        let pipeline = folder.join(format!("{how}.toml"));
        assert_eq!(stdout(&run_tier(&pipeline, "native", ARTICLES)), stdout(&run_tier(&pipeline, "worker", ARTICLES)));
    }
}

#[test]
fn plugins_that_share_the_process_lose_nothing() {
    let folder = folder("workers-shared");
    let texts = ["Mira Oduya spoke in Lagos.", "Jon Petrak set off a trigger in Oslo.", "Lagos elected Mira Oduya."];
    let articles: String = texts.iter().map(|text| serde_json::json!({"text": text}).to_string() + "\n").collect();
    let text = "[[plugin]]\nid = \"entities\"\n[[plugin]]\nid = \"numeric-claims\"\n";
    let with = |how: &str| {
        let path = pipeline(&folder, how, "");
        let own = std::fs::read_to_string(&path).expect("written");
        std::fs::write(&path, format!("{text}{own}")).expect("writable");
        path
    };
    let (quiet, abort) =
        (run_tier(&with("nothing"), "native", &articles), run_tier(&with("abort"), "worker", &articles));
    let (quiet, abort) = (records(&quiet), records(&abort));
    assert_ne!(quiet[1]["entities"], serde_json::json!([]));
    for (one, other) in quiet.iter().zip(&abort) {
        for layer in ["mentions", "entities", "claims"] {
            assert_eq!(one[layer], other[layer]);
        }
    }
    let errors: Vec<_> = abort.iter().map(|r| &r["errors"]).collect();
    assert_eq!((errors[0], errors[2]), (&serde_json::json!([]), &serde_json::json!([])));
    assert_eq!((&errors[1][0]["plugin"], errors[1].as_array().map(Vec::len)), (&"misbehaving".into(), Some(1)));
}

#[test]
fn a_native_plugin_can_take_factbox_down() {
    // What the threat model says of native plugins: the run ends, and the records written before are whole.
    let folder = folder("workers-native");
    let crash = pipeline(&folder, "crash", &c_fixture(&folder));
    for pipeline in [crash, pipeline(&folder, "abort", ""), pipeline(&folder, "stack-overflow", "")] {
        let out = run_tier(&pipeline, "native", ARTICLES);
        assert_eq!(out.status.code(), None, "{}: ended by a signal", pipeline.display());
        assert!(records(&out).iter().all(|r| r["id"] == "one"));
    }
}

#[test]
fn bad_starts_are_told_before_the_first_article() {
    let folder = folder("workers-start");
    let path = c_fixture(&folder);
    for (how, more) in [
        ("abort-create", "isolation = \"worker\"\n"),
        ("never-start", "isolation = \"worker\"\ntimeout = \"50ms\"\n"),
        ("panic-create", "isolation = \"worker\"\n"),
        ("refuse-create", "isolation = \"worker\"\n"),
        ("crash-create", &format!("isolation = \"worker\"\n{path}")),
    ] {
        let out = run_with_input(
            &["run", "-", "--pipeline", pipeline(&folder, how, more).to_str().expect("UTF-8")],
            ARTICLES.as_bytes(),
        );
        assert_eq!((out.status.code(), stdout(&out)), (Some(2), String::new()), "{how}: {}", stderr(&out));
        snapshot!(how, stderr(&out));
    }
}

#[test]
fn slow_starts_and_loud_plugins_do_no_harm() {
    let folder = folder("workers-harmless");
    let quiet = stdout(&run_tier(&pipeline(&folder, "nothing", ""), "native", ARTICLES));
    let facts = |text: &str| -> Vec<serde_json::Value> {
        let lines = text.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).expect("a record"));
        lines.map(|r| serde_json::json!([r["id"], r["words"], r["errors"]])).collect()
    };
    for tier in ["native", "worker"] {
        let slow = run_tier(&pipeline(&folder, "slow-start", ""), tier, ARTICLES);
        assert_eq!(facts(&stdout(&slow)), facts(&quiet), "{tier}");
    }
    for tier in ["native", "worker"] {
        let loud = run_tier(&pipeline(&folder, "print", ""), tier, ARTICLES);
        assert_eq!(facts(&stdout(&loud)), facts(&quiet), "{tier}");
        assert!(stderr(&loud).contains("belongs to nobody"), "{tier}: {}", stderr(&loud));
    }
    let closed = run_tier(&pipeline(&folder, "no-stderr", &c_fixture(&folder)), "worker", ARTICLES);
    assert!(closed.status.success(), "{}", stderr(&closed));
}

#[test]
fn a_crash_while_closing_is_told_and_costs_nothing() {
    let folder = folder("workers-close");
    let out = run_tier(&pipeline(&folder, "crash-destroy", &c_fixture(&folder)), "worker", ARTICLES);
    assert!(out.status.success());
    assert_eq!(records(&out).len(), 3);
    snapshot!("crash-destroy", stderr(&out));
}

#[test]
fn check_shows_where_plugins_run() {
    let folder = folder("workers-check");
    let check = |name: &str, more: &str| {
        let file = pipeline(&folder, name, more);
        let out = run(&["check", file.to_str().expect("UTF-8")]);
        assert!(out.status.success(), "{}", stderr(&out));
        let runs = stdout(&out).lines().find_map(|l| l.trim().strip_prefix("runs")).map(|l| l.trim().to_owned());
        runs.unwrap_or_default()
    };
    assert_eq!(check("nothing", ""), "native");
    assert_eq!(check("nothing", "timeout = 2\n"), "native, told to stop after 2 s");
    let network = if cfg!(target_os = "linux") { ", no network" } else { "" };
    let worker = "isolation = \"worker\"\n";
    assert_eq!(check("nothing", worker), format!("worker, stopped after 10 s, memory 2 GiB{network}"));
    let more = format!("{worker}timeout = \"250ms\"\nmemory = \"512 MB\"\n");
    assert_eq!(check("nothing", &more), format!("worker, stopped after 0.25 s, memory 512 MB{network}"));
}

#[test]
fn a_plugin_that_heeds_its_cancel_flag_is_not_killed() {
    let folder = folder("workers-cancel");
    let pipeline = pipeline(&folder, "wait-for-cancel", "timeout = \"50ms\"\n");
    let (native, worker) = (run_tier(&pipeline, "native", ARTICLES), run_tier(&pipeline, "worker", ARTICLES));
    assert_eq!(records(&native)[1]["errors"][0]["code"], "FB1202");
    assert_eq!(stdout(&native), stdout(&worker));
}

#[test]
#[cfg(target_os = "linux")]
fn there_is_no_network_in_a_worker() {
    let folder = folder("workers-network");
    let pipeline = pipeline(&folder, "open-socket", "");
    assert!(run_tier(&pipeline, "native", ARTICLES).status.success());
    let out = run_tier(&pipeline, "worker", ARTICLES);
    let message = records(&out)[1]["errors"][0]["message"].clone();
    assert_eq!(message, "could not process this article: no network: PermissionDenied");
}

/// Starts a run of a pipeline, calls `between` when the plugins are loaded and no article has been read, then gives it the three articles.
#[cfg(target_os = "linux")]
fn run_after(pipeline: &Path, tier: &str, between: impl FnOnce(u32)) -> Output {
    use std::io::Write;
    use std::process::Stdio;
    let mut child = factbox()
        .args(["run", "-", "--isolation", tier, "--pipeline", pipeline.to_str().expect("UTF-8"), "--format", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let loaded =
        |pid: u32| std::fs::read_to_string(format!("/proc/{pid}/maps")).is_ok_and(|m| m.contains("misbehaving"));
    let begin = std::time::Instant::now();
    while !loaded(child.id()) && !children(child.id()).into_iter().any(loaded) {
        assert!(begin.elapsed().as_secs() < 60, "the plugin was not loaded");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    // Loaded is not yet started: the parent reads articles once it is.
    std::thread::sleep(std::time::Duration::from_millis(200));
    between(child.id());
    child.stdin.take().expect("a pipe").write_all(ARTICLES.as_bytes()).expect("it reads");
    child.wait_with_output().expect("the command ends")
}

#[cfg(target_os = "linux")]
fn kill_children(parent: u32) {
    for pid in children(parent) {
        let status = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
        assert!(status.expect("kill runs").success());
    }
}

#[test]
#[cfg(target_os = "linux")]
fn no_worker_outlives_factbox() {
    use std::io::Write;
    use std::process::Stdio;
    use std::time::{Duration, Instant};
    let folder = folder("workers-orphan");
    let pipeline = pipeline(&folder, "endless-loop", "isolation = \"worker\"\ntimeout = \"5min\"\n");
    let mut child = factbox()
        .args(["run", "-", "--pipeline", pipeline.to_str().expect("UTF-8")])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the command starts");
    child.stdin.take().expect("a pipe").write_all(ARTICLES.as_bytes()).expect("it reads");
    let ticks = |pid: u32| -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        after.split_whitespace().nth(11).and_then(|n| n.parse().ok()).unwrap_or(0)
    };
    let begin = Instant::now();
    let worker = loop {
        // A fifth of a second of work: it is in its loop.
        if let Some(&pid) = children(child.id()).iter().find(|pid| ticks(**pid) > 20) {
            break pid;
        }
        assert!(begin.elapsed() < Duration::from_secs(60), "it is not in its loop");
        std::thread::sleep(Duration::from_millis(10));
    };
    child.kill().expect("killed");
    child.wait().expect("ended");
    let begin = Instant::now();
    while ticks(worker) > 0 {
        assert!(begin.elapsed() < Duration::from_secs(10), "it goes on alone");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A copy of the Rust fixture's library of its own, in `folder`.
#[cfg(target_os = "linux")]
fn own_library(folder: &Path) -> PathBuf {
    let library = folder.join("misbehaving.so");
    std::fs::copy(built().folder.join("libmisbehaving.so"), &library).expect("copied");
    library
}

#[test]
#[cfg(target_os = "linux")]
fn a_pinned_library_is_the_one_that_was_looked_at_whatever_becomes_of_the_file() {
    for tier in ["native", "worker"] {
        let folder = folder(&format!("workers-pinned-{tier}"));
        let library = own_library(&folder);
        let pipeline = pipeline(&folder, "show-folder", &format!("path = \"{}\"\n", library.display()));
        assert!(run(&["lock", pipeline.to_str().expect("UTF-8")]).status.success());
        let out = run_after(&pipeline, tier, |parent| {
            // In place: what a copy over it does. A process that had mapped the file itself would not survive it.
            let size = std::fs::metadata(&library).expect("there").len() as usize;
            std::fs::write(&library, vec![0xcc; size]).expect("writable");
            kill_children(parent);
        });
        let records = records(&out);
        assert!(out.status.success() && records.len() == 3, "{tier}: {}", stderr(&out));
        // And it knows where its data files are.
        let words = records[1]["words"].as_array().expect("a list");
        assert_eq!(words[words.len() - 1]["word"], folder.display().to_string(), "{tier}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_worker_is_not_started_again_from_another_file() {
    let folder = folder("workers-replaced");
    let library = own_library(&folder);
    let pipeline = pipeline(&folder, "nothing", &format!("path = \"{}\"\n", library.display()));
    let out = run_after(&pipeline, "worker", |parent| {
        let other = folder.join("other");
        std::fs::copy(&library, &other).expect("copied");
        std::fs::rename(&other, &library).expect("renamed");
        kill_children(parent);
    });
    let records = records(&out);
    assert_eq!((out.status.code(), records.len()), (Some(1), 3), "{}", stderr(&out));
    snapshot!("replaced", serde_json::to_string_pretty(&records[0]["errors"]).expect("JSON"));
}

/// Articles of the cases folder, again and again, each with a number.
fn many(count: usize) -> Vec<String> {
    let texts: Vec<String> = std::fs::read_dir(root().join("tests/cases"))
        .expect("the cases are there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .map(|path| std::fs::read_to_string(path).expect("UTF-8"))
        .collect();
    (0..count)
        .map(|i| serde_json::json!({"id": format!("a{i}"), "text": texts[i % texts.len()]}).to_string() + "\n")
        .collect()
}

/// Texts that nobody writes on purpose.
fn strange() -> String {
    let texts = [
        String::new(),
        " \n\t ".into(),
        "x".into(),
        "\u{0}\u{1}\u{7f}\u{feff}\u{202e}\u{2066}\u{fffd}".into(),
        "👩‍👩‍👧‍👦 e\u{301}\u{301} ﷽ “Ja”, said Ünal Őrsi\r\n\r\nof Köln.".into(),
        "\u{201c}".repeat(50_000),
        "\"' ".repeat(30_000),
        "a".repeat(400_000),
        "Mira Oduya said on Monday 1,250 people. ".repeat(10_000),
        "1 ".repeat(100_000),
    ];
    texts.iter().map(|text| serde_json::json!({"text": text, "language": "en"}).to_string() + "\n").collect()
}

#[test]
fn both_tiers_write_the_same_bytes() {
    let folder = folder("workers-same");
    let input = folder.join("many.jsonl");
    std::fs::write(&input, many(1000).concat() + &strange()).expect("writable");
    // The four plugins in one process; in one of two processes each; every second one.
    let mixed = folder.join("mixed.toml");
    let plugin = |id: &str, tier: &str| format!("[[plugin]]\nid = \"{id}\"\nisolation = \"{tier}\"\n");
    let text = [("entities", "native"), ("quotes", "worker"), ("geography", "native"), ("numeric-claims", "worker")];
    std::fs::write(&mixed, text.map(|(id, tier)| plugin(id, tier)).concat()).expect("writable");
    let run_as = |pipeline: Option<&Path>, tier: Option<&str>, jobs: &str| {
        let mut args = vec!["run", input.to_str().expect("UTF-8"), "--format", "jsonl", "--jobs", jobs];
        args.extend(tier.iter().flat_map(|tier| ["--isolation", tier]));
        args.extend(pipeline.iter().flat_map(|p| ["--pipeline", p.to_str().expect("UTF-8")]));
        let out = run(&args);
        assert!(out.status.code().is_some_and(|code| code < 2), "{}", stderr(&out));
        out.stdout
    };
    let native = run_as(None, Some("native"), "2");
    assert!(native.len() > 1 << 20);
    assert!(native == run_as(None, Some("worker"), "1"), "workers write something else");
    assert!(native == run_as(None, Some("worker"), "3"), "three workers write something else");
    let native = run_as(Some(&mixed), Some("native"), "2");
    assert!(native == run_as(Some(&mixed), None, "2"), "mixed tiers write something else");
}

#[test]
#[cfg(target_os = "linux")]
fn fifty_random_kills_cost_no_more_than_the_articles_in_hand() {
    use std::io::Write;
    use std::process::Stdio;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::{Duration, Instant};

    const KILLS: usize = 50;
    let mut child = factbox()
        .args(["run", "-", "--isolation", "worker", "--jobs", "2", "--format", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let parent = child.id();
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    let done = AtomicBool::new(false);
    let (out, sent) = std::thread::scope(|scope| {
        // Feeds it for as long as there is somebody to kill.
        let feeder = scope.spawn(|| {
            let round = many(200);
            let mut sent = String::new();
            while !done.load(Ordering::Relaxed) {
                let part = round.concat();
                sent.push_str(&part);
                stdin.write_all(part.as_bytes()).expect("it reads on");
            }
            drop(stdin);
            sent
        });
        scope.spawn(|| {
            let mut random = 0x9e37_79b9_7f4a_7c15u64;
            let (mut killed, begin) = (0, Instant::now());
            while killed < KILLS && begin.elapsed() < Duration::from_secs(120) {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                std::thread::sleep(Duration::from_micros(10_000 + (random >> 33) % 60_000));
                let workers = children(parent);
                if !workers.is_empty() {
                    let pid = workers[(random >> 20) as usize % workers.len()].to_string();
                    let status = std::process::Command::new("kill").args(["-9", &pid]).stderr(Stdio::null()).status();
                    killed += usize::from(status.is_ok_and(|s| s.success()));
                }
            }
            done.store(true, Ordering::Relaxed);
            assert_eq!(killed, KILLS, "there was time for all of them");
        });
        let out = child.wait_with_output().expect("the command ends");
        (out, feeder.join().expect("the feeder ends"))
    });
    let native = run_with_input(&["run", "-", "--isolation", "native", "--format", "jsonl"], sent.as_bytes());
    let (native, killed) = (stdout(&native), stdout(&out));
    assert_eq!(killed.lines().count(), sent.lines().count(), "{}", stderr(&out));
    let mut lost = 0;
    for (one, other) in native.lines().zip(killed.lines()).filter(|(one, other)| one != other) {
        // Killed twice with the same article in hand: reported as such.
        let (one, other): (serde_json::Value, serde_json::Value) =
            (serde_json::from_str(one).expect("JSON"), serde_json::from_str(other).expect("JSON"));
        assert_eq!(one["id"], other["id"]);
        let errors = other["errors"].as_array().expect("a list");
        let told = errors
            .iter()
            .any(|e| e["code"] == "FB1206" && e["message"].as_str().is_some_and(|m| m.contains("SIGKILL")));
        assert!(told, "{errors:?}");
        lost += 1;
    }
    assert!(lost <= KILLS / 2, "{lost} articles lost to {KILLS} kills");
}

/// The processes whose parent is `parent`.
#[cfg(target_os = "linux")]
fn children(parent: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").expect("/proc is there");
    processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
            let mut fields = after.split_whitespace();
            fields.next().is_some_and(|state| state != "Z") && fields.next() == Some(&parent.to_string())
        })
        .collect()
}
