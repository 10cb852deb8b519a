//! Why a worker process is no more, in words.

use crate::runner::TOO_LONG;
use factbox_core::{ArticleError, PlannedPlugin, Stage};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

/// The end of a process: why, and which article (its place in the batch) was in which plugin's hands.
#[derive(Debug)]
pub struct Stop {
    pub cause: Cause,
    pub in_hand: Option<(usize, usize)>,
    /// Whether it had begun with what it was last sent.
    pub begun: bool,
}

/// Why it ended.
#[derive(Debug)]
pub enum Cause {
    /// It took too long and was killed.
    TooLong,
    /// It sent what it should not, and was killed.
    Garbled(String),
    /// It ended of itself, or somebody else ended it; and what it wrote on standard error last.
    Ended(ExitStatus, String),
}

impl Cause {
    /// The entry in an article's errors. `memory` is the limit of its process.
    pub fn error(&self, plugin: &PlannedPlugin, memory: u64) -> ArticleError {
        let (code, message) = match self {
            Cause::TooLong => ("FB1202", TOO_LONG.to_owned()),
            Cause::Garbled(why) => (
                "FB1207",
                format!(
                    "made its worker process send what does not hold, twice: {why}; this article goes without it; tell its author"
                ),
            ),
            Cause::Ended(..) => {
                let help = if self.wants_memory() {
                    format!("its limit is {}, so raise `memory` or look at the article", bytes(memory))
                } else {
                    "tell its author".to_owned()
                };
                (
                    "FB1206",
                    format!(
                        "took its worker process down, twice: {}; this article goes without it; {help}",
                        self.describe()
                    ),
                )
            }
        };
        ArticleError::plugin(&plugin.meta.id, Stage::Process, code, message)
    }

    /// What happened.
    pub fn describe(&self) -> String {
        match self {
            Cause::TooLong => "it took too long".to_owned(),
            Cause::Garbled(why) => format!("it sent what does not hold ({why})"),
            Cause::Ended(status, words) => {
                let how = match (status.signal(), status.code()) {
                    (Some(signal), _) => signal_name(signal),
                    (None, Some(code)) => format!("it ended the process itself, with status {code}"),
                    (None, None) => "it ended".to_owned(),
                };
                let lines = words.lines().map(str::trim).filter(|line| !of_backtrace(line));
                let words = lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
                if words.is_empty() { how } else { format!("{how}, with the last words \"{}\"", shorten(&words)) }
            }
        }
    }

    /// Whether the process ended for want of memory, as far as can be told: Rust says so before it aborts.
    fn wants_memory(&self) -> bool {
        matches!(self, Cause::Ended(_, words) if words.contains("memory allocation of"))
    }
}

/// Whether a line is one of a backtrace: where it happened is for a debugger, the last words say what.
fn of_backtrace(line: &str) -> bool {
    let frame = line.split_once(": ").is_some_and(|(n, _)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    frame || line.starts_with("at ") || line.contains("backtrace")
}

const LONGEST_WORDS: usize = 300;

/// The end of what was said, whole words only.
fn shorten(words: &str) -> &str {
    match words.len().checked_sub(LONGEST_WORDS) {
        None | Some(0) => words,
        Some(over) => {
            let from = (over..words.len()).find(|at| words.as_bytes()[*at] == b' ').map_or(words.len(), |at| at + 1);
            &words[from..]
        }
    }
}

fn signal_name(signal: i32) -> String {
    use rustix::process::Signal;
    let known = [
        (Signal::SEGV, "SIGSEGV: it touched memory that is not its own, or had no stack left"),
        (Signal::BUS, "SIGBUS: it touched memory that is not there"),
        (Signal::ABORT, "SIGABRT: it gave itself up"),
        (Signal::ILL, "SIGILL: it ran into what is no code for this machine"),
        (Signal::FPE, "SIGFPE: it divided by nothing"),
        (Signal::TRAP, "SIGTRAP: it stopped itself"),
        (Signal::KILL, "SIGKILL: somebody, or the system for want of memory, killed it"),
        (Signal::TERM, "SIGTERM: somebody told it to end"),
        (Signal::SYS, "SIGSYS: it called what is forbidden to it"),
    ];
    match known.iter().find(|(known, _)| known.as_raw() == signal) {
        Some((_, what)) => format!("signal {signal} ({what})"),
        None => format!("signal {signal}"),
    }
}

/// A number of bytes as a pipeline file has it.
pub fn bytes(n: u64) -> String {
    for (unit, size) in
        [("GiB", 1u64 << 30), ("MiB", 1 << 20), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KiB", 1 << 10)]
    {
        if n >= size && n.is_multiple_of(size) {
            return format!("{} {unit}", n / size);
        }
    }
    format!("{n} B")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_are_short_and_whole() {
        let long = format!("{} memory allocation of 8 bytes failed", "word ".repeat(100));
        let told = Cause::Ended(ExitStatus::from_raw(6), long).describe();
        assert!(told.ends_with("word memory allocation of 8 bytes failed\""), "{told}");
        assert!(told.len() < 450, "{told}");
        assert_eq!(shorten(&"é".repeat(400)), "");
        assert_eq!((bytes(2 << 30), bytes(512_000_000), bytes(7)), ("2 GiB".into(), "512 MB".into(), "7 B".into()));
    }
}
