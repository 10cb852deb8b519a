//! What factbox says besides data: errors, warnings and notes on standard error, tables and lists on standard output.

use crate::cli::ColorChoice;
use factbox_core::Diagnostic;
use factbox_core::pipeline::Pipeline;
use factbox_host::LibraryError;
use factbox_host::native::HostError;
use std::io::{self, IsTerminal, Write};

/// How a command ended that could do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything was processed.
    Success,
    /// Some articles failed.
    SomeFailed,
    /// Stopped by the user.
    Interrupted,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// Errors in a pipeline file: its name, its content, the errors.
    Pipeline(String, String, Vec<Diagnostic>),
    /// A library that cannot be used.
    Library(Box<LibraryError>),
    /// Anything else: what, where, why, what to do.
    Other(String),
    /// Reading or writing failed.
    Io(String, io::Error),
}

impl Failure {
    /// An error with its next step.
    pub fn other(what: impl Into<String>, help: &str) -> Self {
        let what = what.into();
        Failure::Other(if help.is_empty() { what } else { format!("{what}\n  = help: {help}") })
    }

    /// Whether the reader of our output went away.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Failure::Io(_, error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// An error of the host about `pipeline`.
    pub fn host(error: HostError, pipeline: &Pipeline) -> Self {
        match error {
            HostError::Pipeline(errors) => Failure::Pipeline(pipeline.label.clone(), pipeline.source.clone(), errors),
            HostError::Library(error) => Failure::Library(error),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Io("the output cannot be written".into(), error)
    }
}

/// How much is said, and in which look.
#[derive(Clone, Copy, Debug)]
pub struct Report {
    quiet: bool,
    /// How often `-v` was given.
    pub verbose: u8,
    color: ColorChoice,
}

impl Report {
    /// A report as the command line asks for.
    pub fn new(quiet: bool, verbose: u8, color: ColorChoice) -> Self {
        Report { quiet, verbose, color }
    }

    fn color_on(self, terminal: bool) -> bool {
        let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty() && v != "0");
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if set("NO_COLOR") => false,
            ColorChoice::Auto if set("CLICOLOR_FORCE") => true,
            ColorChoice::Auto => terminal && std::env::var("TERM").map_or(true, |t| t != "dumb"),
        }
    }

    /// Whether tables on standard output are coloured.
    pub fn color_out(self) -> bool {
        self.color_on(io::stdout().is_terminal())
    }

    fn say(self, text: &str) {
        // Nobody is left to be told that standard error is closed.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Says why the command could not do its work.
    pub fn failure(self, failure: &Failure) {
        let color = self.color_on(io::stderr().is_terminal());
        match failure {
            Failure::Pipeline(label, source, errors) => {
                for error in errors {
                    self.say(&error.render(label, source, color));
                }
            }
            Failure::Library(error) => self.say(&error.to_string()),
            Failure::Other(text) => self.say(&format!("error: {text}")),
            Failure::Io(what, error) => self.say(&format!("error: {what}: {error}")),
        }
    }

    /// Something that went wrong with one article or file; the run goes on.
    pub fn problem(self, text: &str) {
        if !self.quiet {
            self.say(&format!("warning: {text}"));
        }
    }

    /// A note.
    pub fn note(self, text: &str) {
        if !self.quiet {
            self.say(text);
        }
    }

    /// A note for those who asked for more.
    pub fn detail(self, text: &str) {
        if self.verbose > 0 {
            self.say(text);
        }
    }

    /// Whether a progress bar may be shown.
    pub fn progress(self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Prints `text` on standard output.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn print(self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        Ok(())
    }
}
