//! The child's side: all that a worker process does.

use super::frames::{self, Greeting, Reader, Setup};
use super::limits;
use super::process::KEPT;
use super::progress::{self, Doing};
use crate::native::Host;
use crate::runner::{Follow, Runner, StartError, Subject};
use factbox_layer::{Layer, wire};
use factbox_text::Analysis;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::Duration;

/// Bytes of results that are written at once.
const WRITE: usize = 1 << 18;

/// Runs this process as a worker process: reads what to do on standard input, answers on standard output, until the input ends.
///
/// # Errors
/// What the pipes say, or that what came through them is not from factbox.
pub fn serve() -> io::Result<()> {
    // The pipes become private; what a plugin reads or prints goes elsewhere: there is nothing to read, and what is printed is shown on standard error.
    let mut input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let mut output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    rustix::stdio::dup2_stdout(io::stderr())?;

    let mut bytes = Vec::new();
    if !read_frame(&mut input, &mut bytes)? {
        return Ok(());
    }
    let setup: Setup = serde_json::from_slice(&bytes)?;
    stay_with(setup.parent);
    let mut notes = Notes { file: progress::Notes::open(&setup.progress)?, doing: Doing::Create, article: 0 };
    limits::apply(setup.memory);
    let range = setup.range.clone();
    let started = Host::of_worker(setup).and_then(|host| {
        let host = Arc::new(host);
        // Loading runs the libraries' own code too.
        for at in range.clone() {
            notes.before(at);
            host.open(at).map_err(|e| StartError {
                plugin: at,
                option: String::new(),
                message: format!("{} [{}]", e.why, e.code),
                help: Some(e.help),
            })?;
        }
        Ok((Runner::new(Arc::clone(&host), range.clone(), &mut notes)?, host))
    });
    notes.doing = Doing::Nothing;
    notes.before(range.start);
    let greeting = match &started {
        Ok(_) => Greeting::Ready,
        Err(e) => {
            let e = e.clone();
            Greeting::Refused { at: e.plugin, option: e.option, message: e.message, help: e.help }
        }
    };
    let mut out = Vec::new();
    let greeting = serde_json::to_vec(&greeting)?;
    frames::frame(&mut out, |out| out.extend_from_slice(&greeting));
    output.write_all(&out)?;
    let Ok((mut runner, host)) = started else { return Ok(()) };

    notes.doing = Doing::Process;
    let mut analysis = Analysis::default();
    let mut layers: Vec<Layer> = host.plan.schemas.iter().map(|_| Layer::default()).collect();
    while read_frame(&mut input, &mut bytes)? {
        out.clear();
        out.shrink_to(KEPT);
        let mut reader = Reader::new(&bytes);
        let count = reader.number().ok_or_else(strange)?;
        for _ in 0..count {
            one(&mut reader, &mut runner, &mut analysis, &mut layers, &mut notes, &mut out).ok_or_else(strange)?;
            if out.len() >= WRITE {
                output.write_all(&out)?;
                out.clear();
            }
        }
        output.write_all(&out)?;
    }
    notes.doing = Doing::Close;
    runner.close(&mut notes);
    Ok(())
}

/// Reads one article, runs the plugins on it, appends the result.
fn one(
    reader: &mut Reader,
    runner: &mut Runner,
    analysis: &mut Analysis,
    layers: &mut [Layer],
    notes: &mut Notes,
    out: &mut Vec<u8>,
) -> Option<()> {
    notes.article = reader.number()?;
    let skip = reader.skip()?;
    let (id, lang, text, meta_json) = (reader.string()?, reader.string()?, reader.string()?, reader.string()?);
    reader.base(analysis, &runner.base)?;
    for &layer in &runner.upstream {
        wire::read(&mut reader.rest, &mut layers[layer])?;
    }
    let said = runner.run(&Subject { id, lang, text, meta_json }, analysis, layers, &skip, notes);
    frames::frame(out, |out| {
        out.extend_from_slice(&notes.article.to_le_bytes());
        frames::said(out, &said);
        for layer in runner.provides() {
            wire::write(&layers[layer], out);
        }
    });
    Some(())
}

fn strange() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "this is not from factbox; `factbox worker` is for its own use")
}

/// Reads one frame into `bytes`; false where the input ends.
fn read_frame(input: &mut File, bytes: &mut Vec<u8>) -> io::Result<bool> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
        other => other?,
    }
    let length = u32::from_le_bytes(length) as usize;
    bytes.clear();
    bytes.shrink_to(KEPT);
    let got = Read::by_ref(input).take(length as u64).read_to_end(bytes)?;
    if got < length { Err(strange()) } else { Ok(true) }
}

/// Ends this process when its parent is no more: a plugin in an endless loop would go on alone.
fn stay_with(parent: u32) {
    std::thread::spawn(move || {
        loop {
            let now = rustix::process::getppid().map_or(0, |p| p.as_raw_nonzero().get().unsigned_abs());
            if now != parent {
                // There is nobody left to tell that this failed.
                let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
            }
            std::thread::sleep(Duration::from_millis(500));
        }
    });
}

/// Notes each step for the parent.
struct Notes {
    file: progress::Notes,
    doing: Doing,
    article: u32,
}

impl Follow for Notes {
    fn before(&mut self, at: usize) {
        self.file.note(self.doing, self.article, at);
    }
}
