//! `factbox doctor`: is this installation whole? Plugins found and loaded, their ABI, and one article through all of them.

use crate::check::open;
use crate::cli::PipelineArgs;
use crate::report::{Exit, Failure, Report};
use factbox_core::Article;
use factbox_core::record::RecordWriter;
use factbox_host::Host;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

/// A few sentences that every built-in plugin has something to say about.
const SELF_TEST: &str = include_str!("../data/self-test.txt");

/// Runs the command.
pub fn doctor(args: &PipelineArgs, report: &Report) -> Result<Exit, Failure> {
    let start = Instant::now();
    let (pipeline, search) = open(args)?;
    let host = Arc::new(Host::load(&pipeline, &search).map_err(|e| Failure::host(e, &pipeline))?);
    let mut worker = crate::run::worker(&host, &pipeline)?;
    let loaded = start.elapsed();
    let mut out = format!(
        "factbox   {} ({} {})\nABI       {}.{}\npipeline  {} ({})\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        factbox_host::ABI_MAJOR,
        factbox_host::ABI_MINOR,
        pipeline.name,
        pipeline.label
    );
    // Writing to a string cannot fail.
    for (plugin, library) in host.plan.plugins.iter().zip(&host.found) {
        let _ = writeln!(
            out,
            "plugin    {} {} (ABI {}.{}) {}",
            plugin.meta.id,
            plugin.meta.version,
            plugin.meta.abi[0],
            plugin.meta.abi[1],
            library.path.display()
        );
    }
    let _ = writeln!(out, "loaded in {:.1} ms", loaded.as_secs_f64() * 1e3);

    let article = Article { id: "self-test".into(), text: SELF_TEST.into(), ..Article::default() };
    let outcome = worker.process(&article);
    let mut text = String::new();
    RecordWriter::new(pipeline.offsets, "{}".into()).write(&mut text, &worker.facts(&article, &outcome));
    let record: serde_json::Value =
        serde_json::from_str(&text).map_err(|e| Failure::Other(format!("the self-test's record is not JSON: {e}")))?;
    let mut whole = outcome.errors.is_empty();
    for plugin in &host.plan.plugins {
        for layer in &plugin.meta.provides {
            let count = record[&layer.layer].as_array().map_or(0, Vec::len);
            let _ = writeln!(out, "self-test {:10} {count} annotations", layer.layer);
        }
    }
    for error in &outcome.errors {
        whole = false;
        let _ = writeln!(out, "self-test failed: {} [{}]", error.message, error.code);
    }
    out.push_str(if whole { "all is well\n" } else { "something is wrong: see above\n" });
    report.print(&out)?;
    Ok(if whole { Exit::Success } else { Exit::SomeFailed })
}
