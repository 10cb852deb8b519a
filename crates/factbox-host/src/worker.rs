//! A worker: one instance of every plugin and all buffers, run over article after article on one thread.

use crate::native::{Host, Instance, Lending};
use factbox_abi::*;
use factbox_core::record::Facts;
use factbox_core::{Article, ArticleError, Meta, Stage};
use factbox_layer::lend::Lent;
use factbox_layer::{BASE_LAYERS, Emission, Layer, Limits};
use factbox_text::{Analyzer, Span, ZoneKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A worker.
pub struct Worker {
    host: Arc<Host>,
    instances: Vec<Option<Instance>>,
    analyzer: Analyzer,
    layers: Vec<Layer>,
    lent: Lending,
    watch: Arc<Watch>,
    clock: Option<fn() -> u64>,
    stages: Vec<u64>,
}

/// Watches over a worker's plugins: past its deadline, a call finds its cancel flag set. A native plugin that never looks at the flag cannot be
/// stopped.
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
    const PERIOD: Duration = Duration::from_millis(5);

    /// Looks at the clock until the worker is gone.
    fn start(watch: &Arc<Watch>) {
        let watch = Arc::downgrade(watch);
        std::thread::spawn(move || {
            while let Some(watch) = watch.upgrade() {
                let deadline = watch.deadline.load(Ordering::Relaxed);
                if deadline != 0 && watch.now() >= deadline {
                    watch.cancel.store(1, Ordering::Relaxed);
                }
                drop(watch);
                std::thread::sleep(Self::PERIOD);
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

/// What a worker made of one article.
pub struct Outcome {
    /// What the source, or the text's own zones, say about it.
    pub meta: Meta,
    /// The place of its dateline.
    pub dateline: Option<Span>,
    /// What went wrong.
    pub errors: Vec<ArticleError>,
    /// What plugins said for the log: plugin, level (0 error to 4 trace), line.
    pub log: Vec<(String, u32, String)>,
}

impl Worker {
    /// A worker for the host's plan.
    ///
    /// # Errors
    /// A plugin of which no instance can be made: its position in the plan, the option concerned (may be empty), its message.
    pub fn new(host: Arc<Host>) -> Result<Self, (usize, String, String)> {
        let mut instances = Vec::new();
        for at in 0..host.plan.plugins.len() {
            instances.push(Some(host.instance(at).map_err(|(key, message)| (at, key, message))?));
        }
        let layers = host.plan.schemas.iter().map(|_| Layer::default()).collect();
        let lent = Lending(host.plan.schemas.iter().map(|_| Lent::default()).collect());
        let watch = Arc::new(Watch::default());
        if host.plan.plugins.iter().any(|p| p.timeout.is_some()) {
            Watch::start(&watch);
        }
        let stages = vec![0; host.plan.plugins.len() + 1];
        Ok(Worker { host, instances, analyzer: Analyzer::default(), layers, lent, watch, clock: None, stages })
    }

    /// Measures with `clock` (nanoseconds) how long each stage takes.
    pub fn measure(&mut self, clock: fn() -> u64) {
        self.clock = Some(clock);
    }

    /// Nanoseconds so far: analysis, then each plugin of the plan.
    pub fn stages(&self) -> &[u64] {
        &self.stages
    }

    /// What the record needs of the article just processed.
    pub fn facts<'a>(&'a self, article: &'a Article, outcome: &'a Outcome) -> Facts<'a> {
        Facts {
            id: &article.id,
            text: &article.text,
            meta: &outcome.meta,
            dateline: outcome.dateline,
            schemas: &self.host.plan.schemas,
            layers: &self.layers,
            errors: &outcome.errors,
        }
    }

    /// Forgets the last article's layers; for articles that are written out without facts.
    pub fn skip(&mut self, article: &Article, errors: Vec<ArticleError>) -> Outcome {
        self.layers.iter_mut().for_each(Layer::clear);
        Outcome { meta: article.meta.clone(), dateline: None, errors, log: Vec::new() }
    }

    /// Processes one article.
    pub fn process(&mut self, article: &Article) -> Outcome {
        let mut mark = self.clock.map(|clock| clock());
        let mut errors = article.notes.clone();
        let mut log = Vec::new();
        self.layers.iter_mut().for_each(Layer::clear);
        let host = Arc::clone(&self.host);
        let plan = &host.plan;
        let text = article.text.as_str();
        let analysis = self.analyzer.analyze(text, &article.hints);
        let dateline = analysis.dateline();
        let mut meta = article.meta.clone();
        if meta.title.is_none() {
            let headline = analysis.zones.iter().find(|z| z.kind == ZoneKind::Headline);
            meta.title = headline.map(|z| z.span.of(text).split_whitespace().collect::<Vec<_>>().join(" "));
        }
        let meta_json = serde_json::to_string(&meta).unwrap_or_else(|_| "{}".to_owned());
        for base in 0..BASE_LAYERS.len() {
            if plan.plugins.iter().any(|p| p.requires.contains(&Some(base as u16))) {
                self.lent.0[base].base(base, analysis, &plan.keys);
            }
        }
        lap(self.clock, &mut mark, &mut self.stages[0]);

        let limits = Limits::for_text(text.len());
        for (at, planned) in plan.plugins.iter().enumerate() {
            let id = planned.meta.id.as_str();
            // An instance that failed was thrown away: make it anew.
            if self.instances[at].is_none() {
                self.instances[at] = host.instance(at).ok();
            }
            let Some(instance) = &mut self.instances[at] else {
                errors.push(ArticleError::plugin(
                    id,
                    Stage::Process,
                    "FB1204",
                    "the plugin could not be started again after it had failed",
                ));
                continue;
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
                id: FbxStr::new(&article.id),
                lang: FbxStr::new(meta.language.as_deref().unwrap_or("en")),
                text: FbxStr::new(text),
                meta_json: FbxStr::new(&meta_json),
                layers: raw.as_ptr(),
                n_layers: raw.len(),
                cancel: self.watch.cancel.as_ptr(),
            };
            let mut emission = Emission::new(text, &plan.schemas, &mut self.layers, &planned.provides, limits);
            self.watch.begin(planned.timeout);
            let said = instance.process(&doc, &mut emission);
            self.watch.end();
            log.extend(said.log.into_iter().map(|(level, line)| (id.to_owned(), level, line)));
            let outcome = emission.finish();
            if said.status != FBX_OK {
                planned.provides.iter().for_each(|l| self.layers[usize::from(*l)].clear());
                errors.push(failure(id, said.status, &said.errors));
                if said.status < 0 {
                    self.instances[at] = None;
                }
            } else if outcome.dropped > 0 {
                let more = outcome.dropped as usize - outcome.reasons.len();
                let more = if more > 0 { format!("; and {more} more") } else { String::new() };
                let message = format!("dropped what the host could not accept: {}{more}", outcome.reasons.join("; "));
                errors.push(ArticleError::plugin(id, Stage::Validate, "FB1301", message));
            }
            for layer in planned.provides.iter().map(|l| usize::from(*l)) {
                if plan.plugins[at + 1..].iter().any(|p| p.requires.contains(&Some(layer as u16))) {
                    self.lent.0[layer].layer(&plan.schemas[layer], &plan.schemas, &self.layers[layer]);
                }
            }
            lap(self.clock, &mut mark, &mut self.stages[at + 1]);
        }
        Outcome { meta, dateline, errors, log }
    }
}

fn lap(clock: Option<fn() -> u64>, mark: &mut Option<u64>, sum: &mut u64) {
    if let (Some(clock), Some(before)) = (clock, mark.as_mut()) {
        let now = clock();
        *sum += now.saturating_sub(*before);
        *before = now;
    }
}

fn failure(id: &str, status: FbxStatus, said: &[(String, String)]) -> ArticleError {
    let said = said.first().map_or("it gave no reason", |(message, _)| message.as_str());
    let (code, message) = match status {
        FBX_CANCELLED => (
            "FB1202",
            "took longer than its timeout allows and was stopped; raise `timeout` or look at the article".to_owned(),
        ),
        FBX_BAD_DOC => ("FB1201", format!("could not process this article: {said}")),
        FBX_PANIC => {
            ("FB1203", format!("panicked: {said}; it was started again for the next article; its author should know"))
        }
        status => ("FB1205", format!("failed with status {status}: {said}; it was started again for the next article")),
    };
    ArticleError::plugin(id, Stage::Process, code, message)
}
