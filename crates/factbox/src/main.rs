//! The factbox command: a table of commands, and the one place where errors become exit codes.
//!
//! 0: everything was processed. 1: finished, but some articles failed. 2: the command line, the pipeline or a plugin is wrong. 130: interrupted.

mod bench;
mod check;
mod cli;
mod doctor;
mod init;
mod lock;
mod plugin_install;
mod plugin_new;
mod plugin_test;
mod plugins;
mod replace;
mod report;
mod run;
mod schema;
mod shell;

use clap::Parser;
use cli::{Cli, Command};
use report::{Exit, Report};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let report = Report::new(cli.quiet, cli.verbose, cli.color);
    let done = match cli.command {
        Command::Run(args) => run::run(&args, &report),
        Command::Check(args) => check::check(&args, &report),
        Command::Init(args) => init::init(&args, &report),
        Command::Plugin { command } => plugins::plugin(&command, &report),
        Command::Lock(args) => lock::lock(&args, &report),
        Command::Schema(args) => schema::schema(&args, &report),
        Command::Doctor(args) => doctor::doctor(&args, &report),
        Command::Bench(args) => bench::bench(&args, &report),
        Command::Worker => worker_process(),
        Command::Completions { shell } => shell::completions(shell, &report),
        Command::Man => shell::man(&report),
    };
    match done {
        Ok(Exit::Success) => ExitCode::SUCCESS,
        Ok(Exit::SomeFailed) => ExitCode::from(1),
        Ok(Exit::Interrupted) => ExitCode::from(130),
        // Whoever closes the pipe has seen enough.
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            report.failure(&failure);
            ExitCode::from(2)
        }
    }
}

fn worker_process() -> Result<Exit, report::Failure> {
    factbox_host::isolated::serve()
        .map(|()| Exit::Success)
        .map_err(|e| report::Failure::Io("the worker process ends".into(), e))
}
