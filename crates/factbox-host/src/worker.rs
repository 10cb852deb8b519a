//! A worker: all plugins of the plan and all buffers, run over articles on one thread. Plugins that stand side by side in the plan and run in the
//! same place make one step: natively in this process, or in a worker process, which takes a batch of articles at a time.

use crate::isolated::{Isolated, Task};
use crate::native::Host;
use crate::runner::{Follow, Runner, Said, StartError, Subject};
use factbox_core::pipeline::Isolation;
use factbox_core::record::Facts;
use factbox_core::{Article, ArticleError, Meta};
use factbox_layer::Layer;
use factbox_text::{Analyzer, Span, ZoneKind};
use std::ops::Range;
use std::sync::Arc;

/// Articles that a worker process is best given at once: enough that the ways there and back weigh little.
const BATCH: usize = 16;
/// The same where all of them run in this process: so many that threads seldom wait for each other.
const NATIVE_BATCH: usize = 8;

/// A worker.
pub struct Worker {
    host: Arc<Host>,
    steps: Vec<Step>,
    slots: Vec<Slot>,
    /// Layers of an article without facts.
    empty: Vec<Layer>,
    clock: Option<fn() -> u64>,
    stages: Vec<u64>,
}

enum Step {
    Native(Runner),
    Isolated(Box<Isolated>),
}

/// One article of a batch: its base layers, and what the plugins found.
struct Slot {
    analyzer: Analyzer,
    layers: Vec<Layer>,
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
    /// Where its layers are.
    slot: Option<usize>,
}

impl Worker {
    /// A worker for the host's plan.
    ///
    /// # Errors
    /// A plugin that cannot start.
    pub fn new(host: Arc<Host>) -> Result<Self, StartError> {
        let mut steps = Vec::new();
        for range in segments(&host) {
            steps.push(match host.plan.plugins[range.start].isolation {
                Isolation::Native => Step::Native(Runner::new(Arc::clone(&host), range, &mut Unwatched)?),
                Isolation::Worker => Step::Isolated(Box::new(Isolated::new(Arc::clone(&host), range)?)),
            });
        }
        let empty = host.plan.schemas.iter().map(|_| Layer::default()).collect();
        let stages = vec![0; host.plan.plugins.len() + 1];
        Ok(Worker { host, steps, slots: Vec::new(), empty, clock: None, stages })
    }

    /// How many articles it is best given at once.
    pub fn batch(&self) -> usize {
        if self.steps.iter().any(|s| matches!(s, Step::Isolated(_))) { BATCH } else { NATIVE_BATCH }
    }

    /// Measures with `clock` (nanoseconds) how long each stage takes.
    pub fn measure(&mut self, clock: fn() -> u64) {
        self.clock = Some(clock);
    }

    /// Nanoseconds so far: analysis, then each plugin of the plan. Plugins that share a worker process are told together, at the first of them.
    pub fn stages(&self) -> &[u64] {
        &self.stages
    }

    /// What the record needs of an article of the last batch.
    pub fn facts<'a>(&'a self, article: &'a Article, outcome: &'a Outcome) -> Facts<'a> {
        Facts {
            id: &article.id,
            text: &article.text,
            meta: &outcome.meta,
            dateline: outcome.dateline,
            schemas: &self.host.plan.schemas,
            layers: outcome.slot.and_then(|at| self.slots.get(at)).map_or(&self.empty, |slot| &slot.layers),
            errors: &outcome.errors,
        }
    }

    /// What there is to say of an article that is written out without facts.
    pub fn skip(&self, article: &Article, errors: Vec<ArticleError>) -> Outcome {
        Outcome { meta: article.meta.clone(), dateline: None, errors, log: Vec::new(), slot: None }
    }

    /// Processes one article.
    pub fn process(&mut self, article: &Article) -> Outcome {
        let mut made = self.process_all(&[article]);
        made.pop().unwrap_or_else(|| self.skip(article, Vec::new()))
    }

    /// Processes a batch, best of [`Worker::batch`] articles; what it gives is in the same order. The facts of the batch before are gone.
    pub fn process_all(&mut self, articles: &[&Article]) -> Vec<Outcome> {
        let mut mark = self.clock.map(|clock| clock());
        let host = Arc::clone(&self.host);
        while self.slots.len() < articles.len() {
            let layers = host.plan.schemas.iter().map(|_| Layer::default()).collect();
            self.slots.push(Slot { analyzer: Analyzer::default(), layers });
        }
        let slots = &mut self.slots[..articles.len()];
        let mut prepared: Vec<Prepared> = Vec::with_capacity(articles.len());
        for (slot, article) in slots.iter_mut().zip(articles) {
            slot.layers.iter_mut().for_each(Layer::clear);
            prepared.push(Prepared::new(article, &mut slot.analyzer));
        }
        lap(self.clock, &mut mark, &mut self.stages[0]);
        for step in &mut self.steps {
            match step {
                Step::Native(runner) => {
                    let mut laps = Laps { clock: self.clock, mark: &mut mark, stages: &mut self.stages };
                    for ((slot, article), prepared) in slots.iter_mut().zip(articles).zip(&mut prepared) {
                        let subject = subject(article, &prepared.meta, &prepared.meta_json);
                        let analysis = slot.analyzer.analysis();
                        let said = runner.run(&subject, analysis, &mut slot.layers, &[], &mut laps);
                        prepared.said.push(said);
                    }
                }
                Step::Isolated(isolated) => {
                    let mut tasks: Vec<Task> = slots
                        .iter_mut()
                        .zip(articles)
                        .zip(&prepared)
                        .map(|((slot, article), prepared)| {
                            let subject = subject(article, &prepared.meta, &prepared.meta_json);
                            Task::new(subject, slot.analyzer.analysis(), &mut slot.layers)
                        })
                        .collect();
                    isolated.run(&mut tasks);
                    let said: Vec<Said> = tasks.into_iter().map(Task::finish).collect();
                    prepared.iter_mut().zip(said).for_each(|(p, said)| p.said.push(said));
                    lap(self.clock, &mut mark, &mut self.stages[isolated.range().start + 1]);
                }
            }
        }
        let id = |at: usize| host.plan.plugins[at].meta.id.clone();
        prepared
            .into_iter()
            .zip(articles)
            .enumerate()
            .map(|(slot, (prepared, article))| {
                let (mut errors, mut log) = (article.notes.clone(), Vec::new());
                for said in prepared.said {
                    errors.extend(said.errors.into_iter().map(|(_, error)| error));
                    log.extend(said.log.into_iter().map(|(at, level, line)| (id(at), level, line)));
                }
                Outcome { meta: prepared.meta, dateline: prepared.dateline, errors, log, slot: Some(slot) }
            })
            .collect()
    }
}

/// What is known of an article before the first plugin, and what the plugins have said so far.
struct Prepared {
    meta: Meta,
    meta_json: String,
    dateline: Option<Span>,
    said: Vec<Said>,
}

impl Prepared {
    fn new(article: &Article, analyzer: &mut Analyzer) -> Self {
        let text = article.text.as_str();
        let analysis = analyzer.analyze(text, &article.hints);
        let mut meta = article.meta.clone();
        if meta.title.is_none() {
            let headline = analysis.zones.iter().find(|z| z.kind == ZoneKind::Headline);
            meta.title = headline.map(|z| z.span.of(text).split_whitespace().collect::<Vec<_>>().join(" "));
        }
        let meta_json = serde_json::to_string(&meta).unwrap_or_else(|_| "{}".to_owned());
        Prepared { meta, meta_json, dateline: analysis.dateline(), said: Vec::new() }
    }
}

fn subject<'a>(article: &'a Article, meta: &'a Meta, meta_json: &'a str) -> Subject<'a> {
    Subject { id: &article.id, lang: meta.language.as_deref().unwrap_or("en"), text: &article.text, meta_json }
}

/// The plan cut where the place of running changes.
fn segments(host: &Host) -> Vec<Range<usize>> {
    let mut segments: Vec<Range<usize>> = Vec::new();
    for (at, plugin) in host.plan.plugins.iter().enumerate() {
        match segments.last_mut() {
            Some(last) if host.plan.plugins[last.start].isolation == plugin.isolation => last.end = at + 1,
            _ => segments.push(at..at + 1),
        }
    }
    segments
}

struct Unwatched;

impl Follow for Unwatched {}

/// Measures each plugin.
struct Laps<'a> {
    clock: Option<fn() -> u64>,
    mark: &'a mut Option<u64>,
    stages: &'a mut [u64],
}

impl Follow for Laps<'_> {
    fn ready(&mut self) {
        lap(self.clock, self.mark, &mut self.stages[0]);
    }

    fn after(&mut self, at: usize) {
        lap(self.clock, self.mark, &mut self.stages[at + 1]);
    }
}

fn lap(clock: Option<fn() -> u64>, mark: &mut Option<u64>, sum: &mut u64) {
    if let (Some(clock), Some(before)) = (clock, mark.as_mut()) {
        let now = clock();
        *sum += now.saturating_sub(*before);
        *before = now;
    }
}
