//! The parent's side of one worker process: starts it, passes frames to and fro without ever waiting for it longer than it may take, tells why
//! it ended.

use super::cause::{Cause, Stop};
use super::frames::{self, Greeting, Setup, SetupLibrary};
use super::progress::{Doing, Note, Progress};
use super::{ARGUMENT, GRACE, MEMORY, START, TIMEOUT};
use crate::native::Host;
use crate::runner::StartError;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::{self, Read, Write};
use std::ops::Range;
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// How long plugins may take, and how much memory their process may use.
#[derive(Debug)]
pub struct Patience {
    /// For each plugin of the plan: its timeout.
    timeouts: Vec<Duration>,
    /// The longest of those in the process.
    longest: Duration,
    /// What all in the process may take for one article.
    each: Duration,
    /// Bytes of memory.
    pub memory: u64,
    /// How often to look whether somebody is stuck.
    period: Duration,
}

impl Patience {
    /// What the plan says for its plugins `range`.
    pub fn new(host: &Host, range: &Range<usize>) -> Self {
        let timeouts: Vec<Duration> = host.plan.plugins.iter().map(|p| p.timeout.unwrap_or(TIMEOUT)).collect();
        let here = &timeouts[range.clone()];
        let longest = here.iter().copied().max().unwrap_or(TIMEOUT);
        let shortest = here.iter().copied().min().unwrap_or(TIMEOUT);
        // One process, one limit: the largest that one of its plugins asks for.
        let asked = host.plan.plugins[range.clone()].iter().filter_map(|p| p.memory).max();
        let period = (shortest / 4).clamp(Duration::from_millis(10), Duration::from_millis(250));
        let each = here.iter().fold(Duration::ZERO, |sum, own| sum.saturating_add(*own).saturating_add(GRACE));
        Patience { longest, each, memory: asked.unwrap_or(MEMORY), period, timeouts }
    }

    /// How long an exchange of `frames` frames may last, whatever is noted meanwhile.
    fn whole(&self, frames: usize) -> Duration {
        let frames = u32::try_from(frames).unwrap_or(u32::MAX);
        self.each.saturating_mul(frames).saturating_add(START.max(self.longest.saturating_mul(10)).saturating_mul(2))
    }

    /// How long what `note` says may last.
    fn limit(&self, note: Note) -> Duration {
        let own = self.timeouts.get(note.plugin as usize).copied().unwrap_or(self.longest);
        match note.doing {
            Doing::Process => own.saturating_add(GRACE),
            Doing::Create => START.max(own.saturating_mul(10)),
            Doing::Nothing | Doing::Close => START.max(self.longest),
        }
    }
}

/// Bytes of buffers that are kept from batch to batch.
pub const KEPT: usize = 16 << 20;
/// Bytes that a greeting may have.
const GREETING: usize = 1 << 20;
/// Bytes of standard error that are kept for the case that they are the last words.
const WORDS: usize = 2048;

/// A running worker process.
pub struct Process {
    child: Child,
    input: Option<ChildStdin>,
    output: ChildStdout,
    said: Option<ChildStderr>,
    progress: Progress,
    /// Names of the plan's plugins.
    ids: Vec<String>,
    words: Vec<u8>,
    inbox: Vec<u8>,
    buffer: Vec<u8>,
    /// Whether the system has forgotten it: its number may be somebody else's by now.
    reaped: bool,
    ended: bool,
}

impl Process {
    /// Starts a process for the plugins `range`, and waits until all have started.
    ///
    /// # Errors
    /// The plugin that could not start, and whether the process ended of itself: then there is sense in another try.
    pub fn start(host: &Host, range: &Range<usize>, patience: &Patience) -> Result<Self, (StartError, bool)> {
        let fail = |why: String| (StartError::said(range.start, String::new(), why), false);
        let (progress, path) = Progress::create().map_err(|e| fail(format!("no place for its notes: {e}")))?;
        let setup = setup(host, range, patience, path.clone());
        let setup = serde_json::to_vec(&setup).map_err(|e| fail(format!("it cannot be told what to do: {e}")))?;
        let ids = host.plan.plugins.iter().map(|p| p.meta.id.clone()).collect();
        let mut process = Process::spawn(progress, ids)
            .map_err(|e| fail(format!("its worker process cannot be started: {e}; are there too many processes?")))?;
        let mut outgoing = Vec::with_capacity(setup.len() + 4);
        frames::frame(&mut outgoing, |out| out.extend_from_slice(&setup));
        let mut greeting = None;
        let done = process.exchange(&outgoing, 1, GREETING, patience, |frame| {
            greeting = Some(serde_json::from_slice::<Greeting>(frame).map_err(|e| e.to_string())?);
            Ok(())
        });
        if !path.starts_with("/proc") {
            // The child has it open, or will never have.
            let _ = std::fs::remove_file(&path);
        }
        let own = |at: usize| if range.contains(&at) { at } else { range.start };
        let stop = match (done, greeting) {
            (Ok(()), Some(Greeting::Ready)) => return Ok(process),
            (Ok(()), Some(Greeting::Refused { at, option, message, help })) => {
                return Err((StartError { plugin: own(at), option, message, help }, false));
            }
            (Ok(()), None) => return Err(fail("its worker process said nothing".into())),
            (Err(stop), _) => stop,
        };
        let plugin = own(stop.in_hand.map_or(range.start, |(_, plugin)| plugin));
        let message = match &stop.cause {
            Cause::TooLong => {
                let note = Note { number: 0, doing: Doing::Create, article: 0, plugin: plugin as u32 };
                let limit = patience.limit(note).as_secs();
                format!("it was not ready after {limit} s, and its worker process was stopped")
            }
            cause => format!("it took its worker process down while starting: {}", cause.describe()),
        };
        let again = matches!(stop.cause, Cause::Ended(..));
        let path = host.found[plugin].path.display();
        let help = if again {
            format!("`factbox plugin test {path}` tells its author more")
        } else {
            format!(
                "if it is only slow, give it a longer `timeout`: it may take ten times that to start; `factbox plugin test {path}` tells its author more"
            )
        };
        Err((StartError { plugin, option: String::new(), message, help: Some(help) }, again))
    }

    fn spawn(progress: Progress, ids: Vec<String>) -> io::Result<Self> {
        let mut command = Command::new(program()?);
        // The name that lists of processes show.
        command.arg0("factbox").arg(ARGUMENT).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A group of its own: an interrupt from the terminal is for the parent, which finishes what is under way.
        let mut child = command.process_group(0).spawn()?;
        let missing = || io::Error::other("a pipe is missing");
        let (input, output, said) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (input, output) = (input.ok_or_else(missing)?, output.ok_or_else(missing)?);
        let said = said.ok_or_else(missing)?;
        rustix::io::ioctl_fionbio(&input, true)?;
        rustix::io::ioctl_fionbio(&output, true)?;
        rustix::io::ioctl_fionbio(&said, true)?;
        widen(&input);
        widen(&output);
        Ok(Process {
            child,
            input: Some(input),
            output,
            said: Some(said),
            progress,
            ids,
            words: Vec::new(),
            inbox: Vec::new(),
            buffer: vec![0; 1 << 17],
            reaped: false,
            ended: false,
        })
    }

    /// Writes `outgoing` and hands the `frames` frames that come back, of `longest` bytes at most, to `take`, one by one.
    ///
    /// # Errors
    /// Why the process is no more: it ended, was stuck and killed, or sent what `take` refused.
    pub fn exchange(
        &mut self,
        mut outgoing: &[u8],
        mut frames: usize,
        longest: usize,
        patience: &Patience,
        mut take: impl FnMut(&[u8]) -> Result<(), String>,
    ) -> Result<(), Stop> {
        self.words.clear();
        let begun = self.progress.read();
        let mut note = begun;
        let begin = Instant::now();
        let (mut since, mut looked) = (begin, begin);
        let whole = patience.whole(frames);
        let slice = Timespec { tv_sec: 0, tv_nsec: i64::from(patience.period.subsec_nanos()) };
        // What one enormous article took is not kept for ever.
        self.inbox.shrink_to(KEPT);
        while frames > 0 {
            let (mut from_child, mut to_child) = (false, false);
            let mut said = false;
            {
                let mut fds = vec![PollFd::new(&self.output, PollFlags::IN)];
                let input = self.input.as_ref().filter(|_| !outgoing.is_empty());
                fds.extend(input.map(|input| PollFd::new(input, PollFlags::OUT)));
                fds.extend(self.said.as_ref().map(|said| PollFd::new(said, PollFlags::IN)));
                match poll(&mut fds, Some(&slice)) {
                    Ok(_) | Err(rustix::io::Errno::INTR) => {}
                    Err(e) => return Err(self.stop(begun, Cause::Garbled(e.to_string()))),
                }
                from_child |= !fds[0].revents().is_empty();
                if input.is_some() {
                    to_child |= !fds[1].revents().is_empty();
                }
                if self.said.is_some() {
                    said |= fds.last().is_some_and(|fd| !fd.revents().is_empty());
                }
            }
            if said {
                self.listen();
            }
            if to_child && let Some(input) = &mut self.input {
                match input.write(outgoing) {
                    Ok(n) => outgoing = &outgoing[n..],
                    Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
                    Err(_) => return Err(self.stopped(begun)),
                }
            }
            if from_child {
                match self.output.read(&mut self.buffer) {
                    Ok(0) => return Err(self.stopped(begun)),
                    Ok(n) => {
                        self.inbox.extend_from_slice(&self.buffer[..n]);
                        if let Err(why) = unpack(&mut self.inbox, &mut frames, longest, &mut take) {
                            return Err(self.stop(begun, Cause::Garbled(why)));
                        }
                    }
                    Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
                    Err(_) => return Err(self.stopped(begun)),
                }
            }
            // A process that sends little by little for ever is stuck too.
            if begin.elapsed() > whole {
                return Err(self.stop(begun, Cause::TooLong));
            }
            if !from_child && looked.elapsed() >= patience.period {
                looked = Instant::now();
                let now = self.progress.read();
                if now != note {
                    (note, since) = (now, Instant::now());
                } else if since.elapsed() > patience.limit(note) {
                    return Err(self.stop(begun, Cause::TooLong));
                }
                // Its end of the pipe may live on in a process that it started.
                if self.gone() {
                    return Err(self.stopped(begun));
                }
            }
        }
        Ok(())
    }

    /// Takes what the process wrote on standard error (and on standard output, which leads there too), and passes it on. False where there
    /// was nothing.
    fn listen(&mut self) -> bool {
        let Some(said) = &mut self.said else { return false };
        match said.read(&mut self.buffer) {
            Ok(0) => self.said = None,
            Ok(n) => {
                // Nobody is left to be told that standard error is closed.
                let _ = io::stderr().lock().write_all(&self.buffer[..n]);
                self.words.extend_from_slice(&self.buffer[..n]);
                let over = self.words.len().saturating_sub(WORDS);
                self.words.drain(..over);
                return true;
            }
            Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
            Err(_) => self.said = None,
        }
        false
    }

    /// Kills it for `cause`.
    fn stop(&mut self, begun: Note, cause: Cause) -> Stop {
        let note = self.progress.read();
        self.end();
        // A note from before this exchange says nothing about it.
        let in_hand = (note.number != begun.number && note.doing != Doing::Nothing)
            .then_some((note.article as usize, note.plugin as usize));
        Stop { cause, in_hand, begun: note.number != begun.number }
    }

    /// It ended: finds out how.
    fn stopped(&mut self, begun: Note) -> Stop {
        let mut stop = self.stop(begun, Cause::TooLong);
        let words = String::from_utf8_lossy(&self.words).into_owned();
        stop.cause = match self.child.wait() {
            Ok(status) => Cause::Ended(status, words),
            Err(e) => Cause::Garbled(e.to_string()),
        };
        stop
    }

    /// Whether it is no more.
    fn gone(&mut self) -> bool {
        self.reaped |= !matches!(self.child.try_wait(), Ok(None));
        self.reaped
    }

    /// Makes sure that it is no more, and takes its last words.
    fn end(&mut self) {
        if self.ended {
            return;
        }
        self.ended = true;
        self.input = None;
        // Of a process that has already ended this changes nothing: how it ended is settled. What it has started goes with it.
        if let Some(pid) = rustix::process::Pid::from_raw(self.child.id().cast_signed()).filter(|_| !self.reaped) {
            let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.last_words();
    }

    /// What lies in the pipe of a process that is no more.
    fn last_words(&mut self) {
        // A bound, for the case that somebody else still writes to it.
        for _ in 0..64 {
            if !self.listen() {
                break;
            }
        }
    }
}

impl Drop for Process {
    /// Lets it come to its end by itself, so that its plugins can be closed; not for ever.
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        self.input = None;
        self.words.clear();
        let deadline = Instant::now() + GRACE * 4;
        let slice = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
        let mut closed = false;
        while Instant::now() < deadline && !self.gone() {
            if closed && self.said.is_none() {
                // Its pipes are closed: it is a matter of microseconds, or it hangs.
                std::thread::sleep(Duration::from_micros(200));
                continue;
            }
            let mut fds: Vec<PollFd> = self.said.iter().map(|said| PollFd::new(said, PollFlags::IN)).collect();
            if !closed {
                fds.push(PollFd::new(&self.output, PollFlags::IN));
            }
            let _ = poll(&mut fds, Some(&slice));
            closed |= match self.output.read(&mut self.buffer) {
                Ok(n) => n == 0,
                Err(e) => !matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted),
            };
            self.listen();
        }
        let hangs = !self.gone();
        self.end();
        let Some(status) = self.child.wait().ok().filter(|status| !status.success()) else { return };
        let note = self.progress.read();
        let who = self.ids.get(note.plugin as usize).filter(|_| note.doing == Doing::Close);
        let who = who.map_or_else(|| "a worker process".to_owned(), |id| format!("plugin `{id}`"));
        let how = if hangs {
            "it took longer than a second, and its worker process was stopped".to_owned()
        } else {
            Cause::Ended(status, String::from_utf8_lossy(&self.words).into_owned()).describe()
        };
        // Nobody is left to be told that standard error is closed.
        let _ = writeln!(
            io::stderr().lock(),
            "warning: {who} failed to close: {how}; the records are whole, its author should know"
        );
    }
}

/// Hands the whole frames in `inbox` to `take` and keeps the rest.
fn unpack(
    inbox: &mut Vec<u8>,
    frames: &mut usize,
    longest: usize,
    take: &mut impl FnMut(&[u8]) -> Result<(), String>,
) -> Result<(), String> {
    let mut at = 0;
    while let Some(head) = inbox.get(at..at + 4) {
        let length = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
        if length > longest {
            return Err(format!("a frame of {length} bytes"));
        }
        let Some(frame) = inbox.get(at + 4..at + 4 + length) else { break };
        *frames = frames.checked_sub(1).ok_or("more than it was asked for")?;
        take(frame)?;
        at += 4 + length;
    }
    inbox.drain(..at);
    if *frames == 0 && !inbox.is_empty() { Err("more than it was asked for".into()) } else { Ok(()) }
}

/// This very program, even if its file has been replaced meanwhile.
fn program() -> io::Result<PathBuf> {
    let link = Path::new("/proc/self/exe");
    if link.exists() { Ok(link.to_owned()) } else { std::env::current_exe() }
}

/// Makes a pipe hold a whole batch, where the system lets it.
fn widen(pipe: impl AsFd) {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        let _ = rustix::pipe::fcntl_setpipe_size(pipe, 1 << 20);
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    {
        let _ = pipe;
    }
}

fn setup(host: &Host, range: &Range<usize>, patience: &Patience, progress: PathBuf) -> Setup {
    let mut libraries: Vec<(usize, SetupLibrary)> = host
        .plan
        .plugins
        .iter()
        .zip(&host.found)
        .map(|(plugin, found)| {
            let library = SetupLibrary {
                path: found.path.clone(),
                size: found.size,
                meta: found.meta.clone(),
                copy: found.copy.clone(),
                stamp: found.stamp.clone(),
            };
            (plugin.entry, library)
        })
        .collect();
    libraries.sort_by_key(|(entry, _)| *entry);
    let pipeline = &host.pipeline;
    Setup {
        label: pipeline.label.clone(),
        source: pipeline.source.clone(),
        folder: pipeline.folder.clone(),
        libraries: libraries.into_iter().map(|(_, library)| library).collect(),
        range: range.clone(),
        timeouts: patience.timeouts.iter().map(|t| u64::try_from(t.as_millis()).unwrap_or(u64::MAX)).collect(),
        memory: patience.memory,
        progress,
        parent: std::process::id(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes `bytes` in pieces of `piece` bytes, expecting `count` frames of at most ten bytes: the frames, or what is wrong.
    fn unpacked(bytes: &[u8], piece: usize, count: usize) -> Result<Vec<Vec<u8>>, String> {
        let (mut inbox, mut frames, mut taken) = (Vec::new(), count, Vec::new());
        for part in bytes.chunks(piece) {
            inbox.extend_from_slice(part);
            unpack(&mut inbox, &mut frames, 10, &mut |frame| {
                taken.push(frame.to_vec());
                Ok(())
            })?;
        }
        Ok(taken)
    }

    #[test]
    fn frames_are_found_however_they_are_cut() {
        let mut bytes = Vec::new();
        for text in ["one", "", "three four"] {
            frames::frame(&mut bytes, |out| out.extend_from_slice(text.as_bytes()));
        }
        for piece in 1..=bytes.len() {
            let taken = unpacked(&bytes, piece, 3).unwrap();
            assert_eq!(taken, [&b"one"[..], b"", b"three four"], "{piece}");
        }
        assert!(unpacked(&bytes, bytes.len(), 2).unwrap_err().contains("more than"));
        assert!(unpacked(&bytes, 1, 2).unwrap_err().contains("more than"));
        assert!(unpacked(&[11, 0, 0, 0], 4, 1).unwrap_err().contains("11 bytes"));
        assert!(unpacked(&[0xff; 64], 64, 1).is_err());
    }
}
