//! `factbox check`: reads a pipeline file, finds its plugins, and shows the graph: what runs in which order, which layers flow.

use crate::cli::{CheckArgs, PipelineArgs};
use crate::report::{Exit, Failure, Report};
use factbox_core::pipeline::{Isolation, Pipeline};
use factbox_core::{Plan, PlannedPlugin};
use factbox_host::{Host, Inspected, Search, isolated};
use std::fmt::Write as _;
use std::path::Path;

/// Reads the pipeline file at `path`, or gives the built-in pipeline.
///
/// # Errors
/// If it cannot be read or is wrong.
pub fn pipeline(path: Option<&Path>) -> Result<Pipeline, Failure> {
    let Some(path) = path else { return Ok(Pipeline::default_news()) };
    let label = path.display().to_string();
    let source = std::fs::read_to_string(path).map_err(|e| {
        Failure::other(
            format!("the pipeline file {label} cannot be read: {e}"),
            "`factbox init` writes one to start from",
        )
    })?;
    let folder = std::path::absolute(path).ok().and_then(|p| p.parent().map(Path::to_owned)).unwrap_or_default();
    Pipeline::parse(&label, &source, folder).map_err(|errors| Failure::Pipeline(label, source, errors))
}

/// The pipeline that the arguments name, and where its plugins are looked for.
///
/// # Errors
/// As [`pipeline`].
pub fn open(args: &PipelineArgs) -> Result<(Pipeline, Search), Failure> {
    Ok((pipeline(args.pipeline.as_deref())?, Search::standard(&args.plugin_dir)))
}

/// Runs the command.
pub fn check(args: &CheckArgs, report: &Report) -> Result<Exit, Failure> {
    let pipeline = pipeline(args.pipeline.as_deref())?;
    let search = Search::standard(&args.plugin_dir);
    let (plan, found) = Host::plan(&pipeline, &search).map_err(|e| Failure::host(e, &pipeline))?;
    // Options that only the plugin itself can judge (a dictionary's content, ...) come out when instances are made.
    let host = Host::load(&pipeline, &search).map_err(|e| Failure::host(e, &pipeline))?;
    crate::run::worker(&std::sync::Arc::new(host), &pipeline)?;
    report.print(&graph(&pipeline, &plan, &found))?;
    Ok(Exit::Success)
}

fn graph(pipeline: &Pipeline, plan: &Plan, found: &[Inspected]) -> String {
    let mut out = format!("pipeline `{}` ({}) is right\n\n", pipeline.name, pipeline.label);
    let provider = |layer: &str| {
        plan.plugins.iter().find(|p| p.meta.provides.iter().any(|l| l.layer == layer)).map(|p| p.meta.id.as_str())
    };
    out.push_str("   factbox itself\n     provides  zones, paragraphs, sentences, tokens\n");
    for (number, (plugin, library)) in plan.plugins.iter().zip(found).enumerate() {
        let reads: Vec<String> = (0..plugin.meta.requires.len())
            .map(|i| {
                let (name, optional) = plugin.meta.required(i);
                match (plugin.requires[i], provider(name)) {
                    (Some(_), Some(from)) => format!("{name} (of {from})"),
                    (Some(_), None) => name.to_owned(),
                    (None, _) if optional => format!("{name} (optional, nobody provides it)"),
                    (None, _) => name.to_owned(),
                }
            })
            .collect();
        let provides: Vec<&str> = plugin.meta.provides.iter().map(|l| l.layer.as_str()).collect();
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "{:2} {} {}\n     reads     {}\n     provides  {}\n     options   {}\n     runs      {}\n     library   {}\n",
            number + 1,
            plugin.meta.id,
            plugin.meta.version,
            reads.join(", "),
            provides.join(", "),
            plugin.config,
            tier(plugin),
            library.path.display(),
        );
    }
    out
}

/// Where a plugin runs and what holds for it there.
fn tier(plugin: &PlannedPlugin) -> String {
    let seconds = |time: std::time::Duration| format!("{} s", time.as_secs_f64());
    match plugin.isolation {
        Isolation::Native => match plugin.timeout {
            None => "native".to_owned(),
            Some(time) => format!("native, told to stop after {}", seconds(time)),
        },
        Isolation::Worker => format!(
            "worker, stopped after {}, memory {}{}",
            seconds(plugin.timeout.unwrap_or(isolated::TIMEOUT)),
            isolated::bytes(plugin.memory.unwrap_or(isolated::MEMORY)),
            if isolated::NETWORK { ", no network" } else { "" }
        ),
    }
}
