//! Benchmarks of the release build: CPU time per article and stage (measured inside the process, one thread), then whole processes: start-up to the
//! first record, peak memory, what a second job brings, what worker processes cost, and texts that nobody writes.

use crate::build::{release, root, target};
use crate::{Done, print};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Runs the task.
pub fn bench(input: Option<PathBuf>) -> Done {
    release()?;
    let usual = root().join("../shared/news/bench-1000.jsonl.gz");
    let input = match input {
        Some(input) => input,
        None if usual.exists() => usual,
        None => root().join("tests/cases"),
    };
    let factbox = target().join("factbox");
    let stages = Command::new(&factbox).arg("bench").arg(&input).output().map_err(|e| e.to_string())?;
    if !stages.status.success() {
        return Err(String::from_utf8_lossy(&stages.stderr).into_owned());
    }
    print(String::from_utf8_lossy(&stages.stdout).trim_end());

    let fixture = Command::new(&factbox)
        .arg("bench")
        .arg(&input)
        .arg("--pipeline")
        .arg(root().join("tests/fixtures/pipelines/boundary.toml"))
        .output();
    let fixture = fixture.map_err(|e| e.to_string())?;
    let result: serde_json::Value = serde_json::from_slice(&fixture.stdout)
        .map_err(|e| format!("{e}: {}", String::from_utf8_lossy(&fixture.stderr)))?;
    print(&format!("boundary, 50 annotations of 3 attributes {} us", result["stages_us"]["misbehaving"]));

    let article = root().join("tests/cases/harbour-tunnel.txt");
    let start = (0..9).map(|_| wall(&factbox, &article, 1)).collect::<Result<Vec<_>, _>>()?;
    print(&format!("start-up to the record of one article   {:.1} ms (median of 9)", median(start) * 1e3));
    let one = median((0..3).map(|_| wall(&factbox, &input, 1)).collect::<Result<Vec<_>, _>>()?);
    let two = median((0..3).map(|_| wall(&factbox, &input, 2)).collect::<Result<Vec<_>, _>>()?);
    print(&format!(
        "all articles, 1 job / 2 jobs             {one:.2} s / {two:.2} s: {:.2}x (medians of 3)",
        one / two
    ));
    let articles =
        serde_json::from_slice::<serde_json::Value>(&stages.stdout).ok().and_then(|v| v["articles"].as_u64());
    match tiers(&factbox, &input, articles.unwrap_or(1))? {
        Some((native, more)) => print(&format!(
            "CPU time in the worker tier              {more:+.0} us an article over {native:.0} natively (medians of 11 pairs, both processes)"
        )),
        None => print("CPU time in the worker tier              not measured: this system has no /proc"),
    }
    let (pattern, seconds, growth) = hostile(&factbox)?;
    print(&format!(
        "slowest of {} texts nobody writes        {seconds:.2} s for 1 MB, {growth:.1}x the time of a quarter of it ({pattern:?} over and over)",
        HOSTILE.len()
    ));
    match peak_memory(&factbox, &input) {
        Some(kib) => print(&format!("peak memory                              {:.0} MB", kib as f64 / 1024.0)),
        None => print("peak memory                              not measured: this system has no /proc"),
    }
    Ok(())
}

fn wall(factbox: &Path, input: &Path, jobs: u32) -> Result<f64, String> {
    let start = Instant::now();
    let status = Command::new(factbox)
        .args(["-q", "run", "--format", "jsonl", "--jobs", &jobs.to_string()])
        .arg(input)
        .stdout(Stdio::null())
        .status()
        .map_err(|e| e.to_string())?;
    match status.code() {
        Some(0 | 1) => Ok(start.elapsed().as_secs_f64()),
        _ => Err(format!("factbox run failed: {status}")),
    }
}

/// CPU time in microseconds an article natively, and how much more the worker tier takes than the native run beside it: start, reading and writing
/// included, all processes together.
fn tiers(factbox: &Path, input: &Path, articles: u64) -> Result<Option<(f64, f64)>, String> {
    const TIMES: usize = 4;
    const PAIRS: usize = 11;
    let (mut native, mut more) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        let mut pair = [0.0; 2];
        for (tier, taken) in ["native", "worker"].into_iter().zip(&mut pair) {
            let Some(before) = cpu_of_children() else { return Ok(None) };
            let status = Command::new(factbox)
                .args(["-q", "run", "--format", "jsonl", "--isolation", tier])
                .args([input; TIMES])
                .stdout(Stdio::null())
                .status()
                .map_err(|e| e.to_string())?;
            let Some(after) = cpu_of_children().filter(|_| matches!(status.code(), Some(0 | 1))) else {
                return Err(format!("factbox run failed: {status}"));
            };
            *taken = (after - before) * 1e6 / (articles * TIMES as u64) as f64;
        }
        native.push(pair[0]);
        more.push(pair[1] - pair[0]);
    }
    Ok(Some((median(native), median(more))))
}

/// Seconds of CPU time that all processes started from here have used, once they have ended.
fn cpu_of_children() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // After the name in brackets: fields 16 and 17 of proc(5), in hundredths of a second.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some((fields.get(13)?.parse::<f64>().ok()? + fields.get(14)?.parse::<f64>().ok()?) / 100.0)
}

/// What, over and over, makes texts that nobody writes.
const HOSTILE: [&str; 12] = [
    "“",
    "“‘",
    "“Water.\n\n",
    "s' ",
    "A ",
    "AB (AB) ",
    "Ann Moss, Paris, Texas, ",
    "the keeper said the dam and that the town told them ",
    "1,000 to $2 million or more per 100 ",
    "3/4/5-6.7:8 ",
    "((((",
    "word",
];

/// The slowest of them: what it is made of, the seconds that a megabyte of it takes as one article, and how many times as many that are as for a
/// quarter of it. Linear work gives 4 at most.
fn hostile(factbox: &Path) -> Result<(&'static str, f64, f64), String> {
    let file = std::env::temp_dir().join(format!("factbox-hostile-{}.txt", std::process::id()));
    let mut slowest = ("", 0.0, 0.0);
    for pattern in HOSTILE {
        let mut seconds = [0.0; 2];
        for (size, seconds) in [250_000, 1_000_000].into_iter().zip(&mut seconds) {
            std::fs::write(&file, pattern.repeat(size / pattern.len())).map_err(|e| e.to_string())?;
            let times = (0..3).map(|_| wall(factbox, &file, 1)).collect::<Result<Vec<_>, _>>()?;
            *seconds = median(times);
        }
        if seconds[1] > slowest.1 {
            slowest = (pattern, seconds[1], seconds[1] / seconds[0]);
        }
    }
    std::fs::remove_file(&file).map_err(|e| e.to_string())?;
    Ok(slowest)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The process's highest resident size in KiB, read from /proc while it runs.
fn peak_memory(factbox: &Path, input: &Path) -> Option<u64> {
    let mut child =
        Command::new(factbox).args(["-q", "run", "--format", "jsonl"]).arg(input).stdout(Stdio::null()).spawn().ok()?;
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak = None;
    while child.try_wait().ok()?.is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line =
            text.lines().find_map(|l| l.strip_prefix("VmHWM:")).and_then(|l| l.trim().split(' ').next()?.parse().ok());
        peak = line.or(peak);
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    peak
}
