//! Developer tasks of factbox. `cargo xtask help` lists them.

mod bench;
mod build;
mod install;
mod quality;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Developer tasks of factbox")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything and show the facts of the bundled article
    Demo,
    /// Install the command, the plugins and the SDK below a folder: bin/, lib/factbox/plugins/, share/factbox/
    Install {
        /// The folder
        #[arg(long, default_value = "dist")]
        prefix: PathBuf,
        /// Install what was built in this folder, rather than a fresh release
        #[arg(long)]
        built: Option<PathBuf>,
    },
    /// CPU time per article and stage, articles a second, peak memory, start-up
    Bench {
        /// Articles (JSON Lines, may be compressed) [default: ../shared/news/bench-1000.jsonl.gz, else the bundled articles]
        input: Option<PathBuf>,
    },
    /// Compare the evaluation's figures with the floors of quality.toml
    Quality {
        /// Folder of the evaluation
        #[arg(long, default_value = "../shared/eval")]
        eval: PathBuf,
        /// Raise the floors to what is measured now (never lowers one)
        #[arg(long)]
        raise: bool,
    },
    /// Train a plugin's model
    Train {
        /// `entities`, `geography` or `quotes`
        plugin: String,
        /// Folder of the corpora
        #[arg(long, default_value = "../shared/corpora")]
        data: PathBuf,
        /// Handed on to the trainer
        #[arg(last = true)]
        rest: Vec<String>,
    },
    /// Build the gazetteer from registry packages and the fact tables
    Gazetteer {
        /// Folder in which the packages lie unpacked side by side (the geography plugin's README lists them)
        packages: PathBuf,
    },
}

/// What a task gives back: the reason why it failed.
type Done = Result<(), String>;

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Demo => build::demo(),
        Task::Install { prefix, built } => install::install(&prefix, built.as_deref()),
        Task::Bench { input } => bench::bench(input),
        Task::Quality { eval, raise } => quality::quality(&eval, raise),
        Task::Train { plugin, data, rest } => build::train(&plugin, &data, &rest),
        Task::Gazetteer { packages } => build::gazetteer(&packages),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            say(&format!("error: {why}"));
            ExitCode::FAILURE
        }
    }
}

/// Says something on standard error.
fn say(text: &str) {
    use std::io::Write;
    // Nobody is left to be told that standard error is closed.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Prints a result on standard output.
fn print(text: &str) {
    use std::io::Write;
    // As above.
    let _ = writeln!(std::io::stdout(), "{text}");
}
