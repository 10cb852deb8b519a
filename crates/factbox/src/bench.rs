//! `factbox bench` (for developers; `cargo xtask bench` runs it): CPU time of one thread per article and stage, reading to record.

use crate::check::open;
use crate::cli::BenchArgs;
use crate::report::{Exit, Failure, Report};
use factbox_core::record::RecordWriter;
use factbox_host::Host;
use factbox_io::read::{Articles, ReadOptions};
use std::sync::Arc;

/// CPU time of this thread in nanoseconds.
fn cpu() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}

/// What one reading of the clock takes (a call of the system: 0.4 us of a stage of 2): the least of many.
fn reading() -> u64 {
    let one = || {
        let before = cpu();
        cpu() - before
    };
    (0..1000).map(|_| one()).min().unwrap_or(0)
}

/// Runs the command.
pub fn bench(args: &BenchArgs, report: &Report) -> Result<Exit, Failure> {
    let (pipeline, search) = open(&args.pipeline)?;
    let host = Arc::new(Host::load(&pipeline, &search).map_err(|e| Failure::host(e, &pipeline))?);
    let options = ReadOptions { html: pipeline.html, max_article_bytes: pipeline.max_article_bytes, format: None };
    let input = args.input.display().to_string();
    let mut best: Option<serde_json::Value> = None;
    let reading = reading();
    for _ in 0..args.passes {
        let mut worker = crate::run::worker(&host, &pipeline)?;
        worker.measure(cpu);
        let mut writer = RecordWriter::new(pipeline.offsets, crate::run::provenance(&host, &pipeline));
        let (mut read, mut write, mut articles, mut bytes, mut written) = (0, 0, 0u64, 0u64, 0u64);
        let mut text = String::new();
        let begin = cpu();
        let mut mark = begin;
        for raw in Articles::open(std::slice::from_ref(&input), &options).map_err(|e| Failure::Other(e.to_string()))? {
            let parsed = raw.and_then(|raw| raw.parse(&options));
            let mut article = parsed.map_err(|e| Failure::Other(e.to_string()))?;
            let usable = crate::run::prepare(&mut article, pipeline.foreign).is_ok();
            let now = cpu();
            read += now - mark;
            let outcome = if usable { worker.process(&article) } else { worker.skip(&article, Vec::new()) };
            let now = cpu();
            text.clear();
            writer.write(&mut text, &worker.facts(&article, &outcome));
            articles += 1;
            bytes += article.text.len() as u64;
            written += text.len() as u64;
            mark = cpu();
            write += mark - now;
        }
        let total = cpu() - begin;
        let per = |ns: u64| (ns as f64 / articles.max(1) as f64 / 10.0).round() / 100.0;
        // Each stage ends with a reading of the clock, the analysis with two; the total has them in it.
        let stage = |ns: u64, readings: u64| per(ns.saturating_sub(readings * reading * articles));
        let mut stages = serde_json::Map::new();
        stages.insert("read".into(), stage(read, 1).into());
        stages.insert("zones, sentences, tokens".into(), stage(worker.stages()[0], 2).into());
        for (plugin, ns) in host.plan.plugins.iter().zip(&worker.stages()[1..]) {
            stages.insert(plugin.meta.id.clone(), stage(*ns, 1).into());
        }
        stages.insert("record".into(), stage(write, 1).into());
        let seconds = total as f64 / 1e9;
        let result = serde_json::json!({
            "articles": articles, "bytes": bytes, "record_bytes": written,
            "us_per_article": per(total),
            "articles_per_s": (articles as f64 / seconds).round(),
            "mb_per_s": (bytes as f64 / seconds / 1e4).round() / 100.0,
            "clock_us": reading as f64 / 1e3,
            "stages_us": stages,
        });
        let us = |v: &serde_json::Value| v["us_per_article"].as_f64().unwrap_or(f64::MAX);
        if best.as_ref().is_none_or(|b| us(&result) < us(b)) {
            best = Some(result);
        }
    }
    report.print(&format!("{}\n", serde_json::to_string_pretty(&best).unwrap_or_default()))?;
    Ok(Exit::Success)
}
