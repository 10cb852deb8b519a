//! The worker tier: neighbouring plugins of the plan in a child process, which they can take down and nothing else.
//!
//! The child is this same program, called with the one argument `worker`; [`serve`] is all it does. Articles go over in batches, with the base
//! layers already made (analysing the text again would cost four times as much as sending them); layers come back, and are
//! checked as thoroughly as what a native plugin emits. Before each call the child notes what it is about to do in a file that both sides hold, so that whatever ends it
//! is charged to the right plugin and article. That article is given to a fresh child once more; if the same plugin ends that one too, the article
//! goes without the plugin, with the cause in its errors. Articles of the batch that were not in hand are simply sent again.

mod cause;
mod frames;
mod limits;
mod process;
mod progress;
mod serve;

pub use cause::bytes;
pub(crate) use frames::Setup;
pub use limits::NETWORK;
pub use serve::serve;

use crate::native::Host;
use crate::runner::{Said, StartError, Subject, needs};
use cause::{Cause, Stop};
use factbox_core::{ArticleError, Stage};
use factbox_layer::{Layer, Limits, wire};
use factbox_text::Analysis;
use frames::Reader;
use process::{KEPT, Patience, Process};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// The argument that makes this program a worker process.
pub const ARGUMENT: &str = "worker";

/// How long an isolated plugin may take for one article where the pipeline file says nothing.
pub const TIMEOUT: Duration = Duration::from_secs(10);
/// How much memory a worker process may use where the pipeline file says nothing.
pub const MEMORY: u64 = 2 << 30;

/// How much longer than its timeout a plugin has to heed its cancel flag before its process is killed.
const GRACE: Duration = Duration::from_millis(250);
/// The least that a plugin gets for its start.
const START: Duration = Duration::from_secs(10);
/// Bytes of text that go over at once, unless one article alone has more.
const MOST_TEXT: usize = 1 << 20;
/// Starts that may die before the run is given up, and before a batch is, once it has been seen that the plugins can start: somebody may be killing
/// processes.
const FIRST_TRIES: u32 = 2;
const TRIES: u32 = 5;
/// Deaths within one batch that cannot be charged to any article: past these, the first one answers for them.
const MOST_SILENT: u32 = 3;

/// One article on its way through a worker process.
pub(crate) struct Task<'a> {
    subject: Subject<'a>,
    analysis: &'a Analysis,
    layers: &'a mut [Layer],
    said: Said,
    /// Plugins that go without this article.
    skip: Vec<usize>,
    /// Plugins that have ended a process on this article once.
    struck: Vec<usize>,
    done: bool,
}

impl<'a> Task<'a> {
    pub fn new(subject: Subject<'a>, analysis: &'a Analysis, layers: &'a mut [Layer]) -> Self {
        Task { subject, analysis, layers, said: Said::default(), skip: Vec::new(), struck: Vec::new(), done: false }
    }

    /// What the plugins said, in the order in which they run.
    pub fn finish(mut self) -> Said {
        self.said.errors.sort_by_key(|(at, _)| *at);
        self.said
    }
}

/// Plugins `range` of the plan in a child process.
pub(crate) struct Isolated {
    host: Arc<Host>,
    range: Range<usize>,
    base: Vec<usize>,
    upstream: Vec<usize>,
    patience: Patience,
    process: Option<Process>,
    outgoing: Vec<u8>,
}

impl Isolated {
    /// Starts the process, unless another of the same plugins has already shown that they can start: then the first batch starts it.
    ///
    /// # Errors
    /// The plugin that could not start.
    pub fn new(host: Arc<Host>, range: Range<usize>) -> Result<Self, StartError> {
        let (base, upstream) = needs(&host, &range);
        let patience = Patience::new(&host, &range);
        let mut new = Isolated { host, range, base, upstream, patience, process: None, outgoing: Vec::new() };
        if !new.host.has_started(new.range.start) {
            new.start(FIRST_TRIES)?;
            new.host.note_start(new.range.start);
        }
        Ok(new)
    }

    /// The plugins, by their places in the plan.
    pub fn range(&self) -> &Range<usize> {
        &self.range
    }

    /// Starts the process; one that dies at it is given up after `tries`.
    fn start(&mut self, tries: u32) -> Result<(), StartError> {
        self.process = None;
        for tried in 1.. {
            match Process::start(&self.host, &self.range, &self.patience) {
                Ok(process) => {
                    self.process = Some(process);
                    break;
                }
                Err((error, true)) if tried < tries => drop(error),
                Err((error, _)) => return Err(error),
            }
        }
        Ok(())
    }

    /// Fills in each task's layers of these plugins, and what they said.
    pub fn run(&mut self, tasks: &mut [Task]) {
        let (mut silent, mut singly) = (0, false);
        loop {
            let mut chunk: Vec<usize> = Vec::new();
            let mut bytes = 0;
            for (at, task) in tasks.iter().enumerate().filter(|(_, task)| !task.done) {
                bytes += task.subject.text.len();
                if (bytes > MOST_TEXT || singly) && !chunk.is_empty() {
                    break;
                }
                chunk.push(at);
            }
            if chunk.is_empty() {
                return;
            }
            if self.process.is_none()
                && let Err(error) = self.start(TRIES)
            {
                // All that is left of the batch goes without; the next batch tries again.
                let help = error.help.map(|help| format!("; {help}")).unwrap_or_default();
                let why = error.message + &help;
                tasks.iter_mut().filter(|t| !t.done).for_each(|task| self.forgo(task, error.plugin, &why));
                return;
            }
            if let Err(stop) = self.exchange(tasks, &chunk) {
                self.process = None;
                // A bad result may have been sent long before what is in hand now.
                let sure = chunk.len() == 1 || !matches!(stop.cause, Cause::Garbled(_));
                let in_hand = stop.in_hand.filter(|(at, _)| sure && chunk.contains(at) && !tasks[*at].done);
                if let Some((at, plugin)) = in_hand {
                    self.charge(&mut tasks[at], plugin, &stop.cause);
                } else if (stop.begun && chunk.len() == 1) || silent == MOST_SILENT {
                    self.charge(&mut tasks[chunk[0]], self.range.start, &stop.cause);
                } else {
                    // Nobody can be charged. One by one it will come out.
                    silent += 1;
                    singly = true;
                }
            }
        }
    }

    /// Notes that `plugin` ended a process on this article: once is forgiven.
    fn charge(&self, task: &mut Task, plugin: usize, cause: &Cause) {
        let plugin = if self.range.contains(&plugin) { plugin } else { self.range.start };
        if !task.struck.contains(&plugin) {
            task.struck.push(plugin);
            return;
        }
        if task.skip.contains(&plugin) {
            // It is not even called any more: it was another, and which one cannot be told.
            for other in self.range.clone().filter(|other| !task.skip.contains(other)) {
                task.said.errors.push((other, cause.error(&self.host.plan.plugins[other], self.patience.memory)));
            }
            task.done = true;
            return;
        }
        task.said.errors.push((plugin, cause.error(&self.host.plan.plugins[plugin], self.patience.memory)));
        task.skip.push(plugin);
    }

    /// Lets a task be, because no process can be had.
    fn forgo(&self, task: &mut Task, at: usize, why: &str) {
        let starter = &self.host.plan.plugins[at].meta.id;
        for plugin in self.range.clone().filter(|p| !task.skip.contains(p)) {
            let who = if plugin == at { String::new() } else { format!(" (it shares one with `{starter}`)") };
            let id = &self.host.plan.plugins[plugin].meta.id;
            let message = format!("its worker process could not be started again{who}: {why}");
            task.said.errors.push((plugin, ArticleError::plugin(id, Stage::Process, "FB1204", message)));
        }
        task.done = true;
    }

    /// Sends the tasks `chunk` over and takes what comes back, until all are done or the process is no more.
    fn exchange(&mut self, tasks: &mut [Task], chunk: &[usize]) -> Result<(), Stop> {
        let Some(process) = &mut self.process else { return Ok(()) };
        self.outgoing.clear();
        self.outgoing.shrink_to(KEPT);
        frames::batch(&mut self.outgoing, chunk.len(), |out| {
            for &at in chunk {
                let task = &tasks[at];
                frames::article(out, at, &task.skip, &task.subject);
                frames::base(out, task.analysis, &self.base);
                self.upstream.iter().for_each(|layer| wire::write(&task.layers[*layer], out));
            }
        });
        let (host, range) = (&self.host, &self.range);
        let text = chunk.iter().map(|at| tasks[*at].subject.text.len()).max().unwrap_or(0);
        process.exchange(&self.outgoing, chunk.len(), longest(host, range, text), &self.patience, |frame| {
            let mut reader = Reader::new(frame);
            let at = reader.number().map(|at| at as usize).ok_or("a result without a number")?;
            let task =
                tasks.get_mut(at).filter(|t| chunk.contains(&at) && !t.done).ok_or("a result nobody asked for")?;
            match take(&mut reader, host, range, task) {
                Ok(said) => {
                    task.said.errors.extend(said.errors);
                    task.said.log.extend(said.log);
                    task.done = true;
                    Ok(())
                }
                Err(why) => {
                    let provided = host.plan.plugins[range.clone()].iter().flat_map(|p| &p.provides);
                    provided.for_each(|layer| task.layers[usize::from(*layer)].clear());
                    Err(why)
                }
            }
        })
    }
}

/// The most bytes that a result can have for a text of `text` bytes: what the check of emissions lets through, and what plugins may say.
fn longest(host: &Host, range: &Range<usize>, text: usize) -> usize {
    let limits = Limits::for_text(text);
    let layer = wire::most(limits.annotations, limits.attributes, limits.strings);
    let plugins = &host.plan.plugins[range.clone()];
    let layers: usize = plugins.iter().map(|p| p.provides.len()).sum();
    (1 << 16) + layers * layer + plugins.len() * (1 << 20)
}

/// Takes one result: what plugins said, and their layers, each checked like all that comes from a plugin.
fn take(reader: &mut Reader, host: &Host, range: &Range<usize>, task: &mut Task) -> Result<Said, String> {
    let plan = &host.plan;
    let said = frames::read_said(reader, range, |at| &plan.plugins[at].meta.id).ok_or("a result cut short")?;
    let (text, limits) = (task.subject.text, Limits::for_text(task.subject.text.len()));
    for at in range.clone() {
        let provides = plan.plugins[at].provides.iter().map(|layer| usize::from(*layer));
        for layer in provides.clone() {
            let cut = || format!("a layer `{}` cut short", plan.schemas[layer].name);
            wire::read(&mut reader.rest, &mut task.layers[layer]).ok_or_else(cut)?;
        }
        for layer in provides {
            wire::check(text, &plan.schemas, task.layers, layer, &limits)?;
        }
    }
    if reader.rest.is_empty() { Ok(said) } else { Err("a result with more than belongs to it".into()) }
}
