//! `factbox completions` and `factbox man`.

use crate::cli::Cli;
use crate::report::{Exit, Failure, Report};
use clap::CommandFactory;

/// Prints a shell's completion script.
pub fn completions(shell: clap_complete::Shell, report: &Report) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "factbox", &mut script);
    report.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Success)
}

/// Prints the manual page, all commands in one.
pub fn man(report: &Report) -> Result<Exit, Failure> {
    let mut page = Vec::new();
    let command = Cli::command();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for sub in command.get_subcommands().filter(|s| !s.is_hide_set()) {
        clap_mangen::Man::new(sub.clone()).title(format!("factbox-{}", sub.get_name())).render(&mut page)?;
    }
    report.print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Success)
}
