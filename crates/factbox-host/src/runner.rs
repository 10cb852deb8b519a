//! Neighbouring plugins of the plan at work in this process: an instance of each, and what they are lent. factbox's own process runs its native
//! plugins with it, a worker process the plugins that were put there.

use crate::native::{Host, Instance, Lending};
use factbox_abi::*;
use factbox_core::{ArticleError, Stage};
use factbox_layer::lend::Lent;
use factbox_layer::{BASE_LAYERS, Emission, Layer, Limits};
use factbox_text::Analysis;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What a plugin needs to know of an article besides its layers.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub id: &'a str,
    pub lang: &'a str,
    pub text: &'a str,
    pub meta_json: &'a str,
}

/// What plugins said about one article besides their annotations.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// The plugin's place in the plan, and what went wrong.
    pub errors: Vec<(usize, ArticleError)>,
    /// The plugin's place in the plan, level (0 error to 4 trace), line.
    pub log: Vec<(usize, u32, String)>,
}

/// Why a plugin could not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartError {
    /// Its place in the plan.
    pub plugin: usize,
    /// The option concerned; may be empty.
    pub option: String,
    /// What it said, or what happened.
    pub message: String,
    /// What to do, where that is not the plugin's own word.
    pub help: Option<String>,
}

impl StartError {
    /// What the plugin said.
    pub(crate) fn said(plugin: usize, option: String, message: String) -> Self {
        StartError { plugin, option, message, help: None }
    }
}

/// Who wants to know how the plugins get on.
pub(crate) trait Follow {
    /// All that they read and others made is laid out for them.
    fn ready(&mut self) {}
    /// The plugin at this place of the plan is about to be called.
    fn before(&mut self, _at: usize) {}
    /// It has returned.
    fn after(&mut self, _at: usize) {}
}

/// Plugins `range` of the plan.
pub(crate) struct Runner {
    host: Arc<Host>,
    range: Range<usize>,
    instances: Vec<Option<Instance>>,
    lent: Lending,
    watch: Arc<Watch>,
    /// Base layers that one of them reads.
    pub base: Vec<usize>,
    /// Layers of plugins before `range` that one of them reads.
    pub upstream: Vec<usize>,
}

impl Runner {
    /// Makes an instance of each plugin.
    ///
    /// # Errors
    /// The plugin that could not start.
    pub fn new(host: Arc<Host>, range: Range<usize>, follow: &mut impl Follow) -> Result<Self, StartError> {
        let mut instances = Vec::new();
        for at in range.clone() {
            follow.before(at);
            let made = host.instance(at);
            instances.push(Some(made.map_err(|(option, message)| StartError::said(at, option, message))?));
            follow.after(at);
        }
        let lent = Lending(host.plan.schemas.iter().map(|_| Lent::default()).collect());
        let watch = Arc::new(Watch::default());
        if let Some(shortest) = host.plan.plugins[range.clone()].iter().filter_map(|p| p.timeout).min() {
            Watch::start(&watch, (shortest / 10).clamp(Duration::from_millis(5), Duration::from_millis(100)));
        }
        let (base, upstream) = needs(&host, &range);
        Ok(Runner { host, range, instances, lent, watch, base, upstream })
    }

    /// Runs them on one article, but those whose places in the plan are in `skip`. Their layers in `layers` (the plan's) are filled anew.
    pub fn run(
        &mut self,
        subject: &Subject,
        analysis: &Analysis,
        layers: &mut [Layer],
        skip: &[usize],
        follow: &mut impl Follow,
    ) -> Said {
        let mut said = Said::default();
        let host = Arc::clone(&self.host);
        let plan = &host.plan;
        for &base in &self.base {
            self.lent.0[base].base(base, analysis, &plan.keys);
        }
        for &layer in &self.upstream {
            self.lent.0[layer].layer(&plan.schemas[layer], &plan.schemas, &layers[layer]);
        }
        follow.ready();
        for at in self.range.clone() {
            follow.before(at);
            plan.plugins[at].provides.iter().for_each(|l| layers[usize::from(*l)].clear());
            if !skip.contains(&at) {
                self.one(at, subject, layers, &mut said);
            }
            for layer in plan.plugins[at].provides.iter().map(|l| usize::from(*l)) {
                if plan.plugins[at + 1..self.range.end].iter().any(|p| p.requires.contains(&Some(layer as u16))) {
                    self.lent.0[layer].layer(&plan.schemas[layer], &plan.schemas, &layers[layer]);
                }
            }
            follow.after(at);
        }
        said
    }

    /// Closes the plugins one after the other.
    pub fn close(mut self, follow: &mut impl Follow) {
        for (instance, at) in self.instances.iter_mut().zip(self.range.clone()) {
            follow.before(at);
            *instance = None;
            follow.after(at);
        }
    }

    /// The layers that they provide, in the order of the plan.
    pub fn provides(&self) -> impl Iterator<Item = usize> {
        let provided = self.host.plan.plugins[self.range.clone()].iter().flat_map(|p| &p.provides);
        provided.map(|layer| usize::from(*layer)).collect::<Vec<_>>().into_iter()
    }

    fn one(&mut self, at: usize, subject: &Subject, layers: &mut [Layer], said: &mut Said) {
        let (host, planned) = (&self.host, &self.host.plan.plugins[at]);
        let id = planned.meta.id.as_str();
        let place = at - self.range.start;
        // An instance that failed was thrown away: make it anew.
        if self.instances[place].is_none() {
            self.instances[place] = host.instance(at).ok();
        }
        let Some(instance) = &mut self.instances[place] else {
            let message = "the plugin could not be started again after it had failed";
            said.errors.push((at, ArticleError::plugin(id, Stage::Process, "FB1204", message)));
            return;
        };
        let raw: Vec<FbxLayer> = planned
            .requires
            .iter()
            .enumerate()
            .map(|(i, layer)| {
                layer.map_or_else(Lent::absent, |l| self.lent.0[usize::from(l)].raw(planned.meta.required(i).0))
            })
            .collect();
        let doc = FbxDoc {
            size: size_of::<FbxDoc>() as u32,
            flags: 0,
            id: FbxStr::new(subject.id),
            lang: FbxStr::new(subject.lang),
            text: FbxStr::new(subject.text),
            meta_json: FbxStr::new(subject.meta_json),
            layers: raw.as_ptr(),
            n_layers: raw.len(),
            cancel: self.watch.cancel.as_ptr(),
        };
        let limits = Limits::for_text(subject.text.len());
        let mut emission = Emission::new(subject.text, &host.plan.schemas, layers, &planned.provides, limits);
        self.watch.begin(planned.timeout);
        let call = instance.process(&doc, &mut emission);
        self.watch.end();
        said.log.extend(call.log.into_iter().map(|(level, line)| (at, level, line)));
        let outcome = emission.finish();
        if call.status != FBX_OK {
            planned.provides.iter().for_each(|l| layers[usize::from(*l)].clear());
            said.errors.push((at, failure(id, call.status, &call.errors)));
            if call.status < 0 {
                self.instances[place] = None;
            }
        } else if outcome.dropped > 0 {
            let more = outcome.dropped as usize - outcome.reasons.len();
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            let message = format!("dropped what the host could not accept: {}{more}", outcome.reasons.join("; "));
            said.errors.push((at, ArticleError::plugin(id, Stage::Validate, "FB1301", message)));
        }
    }
}

/// What the plugins `range` read that they do not provide themselves: base layers, and layers of plugins before them.
pub(crate) fn needs(host: &Host, range: &Range<usize>) -> (Vec<usize>, Vec<usize>) {
    let plugins = &host.plan.plugins[range.clone()];
    let read = |layer: usize| plugins.iter().any(|p| p.requires.contains(&Some(layer as u16)));
    let own = |layer: usize| plugins.iter().any(|p| p.provides.contains(&(layer as u16)));
    let base = (0..BASE_LAYERS.len()).filter(|l| read(*l)).collect();
    let upstream = (BASE_LAYERS.len()..host.plan.schemas.len()).filter(|l| read(*l) && !own(*l)).collect();
    (base, upstream)
}

/// Watches over plugins: past its deadline, a call finds its cancel flag set. A plugin that never looks at the flag goes on.
struct Watch {
    origin: Instant,
    /// Milliseconds since `origin` by which the call under way must end; 0 for none.
    deadline: AtomicU64,
    cancel: AtomicU8,
}

impl Default for Watch {
    fn default() -> Self {
        Watch { origin: Instant::now(), deadline: AtomicU64::new(0), cancel: AtomicU8::new(0) }
    }
}

impl Watch {
    /// Looks at the clock every `period` until the runner is gone.
    fn start(watch: &Arc<Watch>, period: Duration) {
        let watch = Arc::downgrade(watch);
        std::thread::spawn(move || {
            while let Some(watch) = watch.upgrade() {
                let deadline = watch.deadline.load(Ordering::Relaxed);
                if deadline != 0 && watch.now() >= deadline {
                    watch.cancel.store(1, Ordering::Relaxed);
                }
                drop(watch);
                std::thread::sleep(period);
            }
        });
    }

    fn now(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn begin(&self, timeout: Option<Duration>) {
        if let Some(timeout) = timeout {
            let ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
            self.deadline.store(self.now().saturating_add(ms).max(1), Ordering::Relaxed);
        }
    }

    fn end(&self) {
        self.deadline.store(0, Ordering::Relaxed);
        self.cancel.store(0, Ordering::Relaxed);
    }
}

/// What is said of a plugin that took too long, in whichever process.
pub(crate) const TOO_LONG: &str =
    "took longer than its timeout allows and was stopped; raise `timeout` or look at the article";

fn failure(id: &str, status: FbxStatus, said: &[(String, String)]) -> ArticleError {
    let said = said.first().map_or("it gave no reason", |(message, _)| message.as_str());
    let (code, message) = match status {
        FBX_CANCELLED => ("FB1202", TOO_LONG.to_owned()),
        FBX_BAD_DOC => ("FB1201", format!("could not process this article: {said}")),
        FBX_PANIC => {
            ("FB1203", format!("panicked: {said}; it was started again for the next article; its author should know"))
        }
        status => ("FB1205", format!("failed with status {status}: {said}; it was started again for the next article")),
    };
    ArticleError::plugin(id, Stage::Process, code, message)
}
