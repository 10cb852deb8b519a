//! `factbox run`: articles in, records out, on any number of threads, in input order.
//!
//! One thread reads, `--jobs` threads do all the work of an article (decode, extract, analyse, plugins, record), this thread writes in order.
//! A fixed number of articles is under way at any time, so memory does not grow with the input, and a slow article only holds up the writing.

use crate::check::open;
use crate::cli::{FormatChoice, InputChoice, IsolationChoice, OffsetChoice, RunArgs};
use crate::report::{Exit, Failure, Report};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use factbox_core::pipeline::{ForeignMode, Isolation, OffsetUnit, Pipeline};
use factbox_core::record::RecordWriter;
use factbox_core::{Article, ArticleError, Diagnostic, Stage};
use factbox_host::{Host, StartError, Worker};
use factbox_io::read::{Articles, InputFormat, Language, RawArticle, ReadError, ReadOptions, language};
use factbox_io::write::{Destination, Format, Style, geojson, table};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::IsTerminal;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Articles under way for each job.
const UNDER_WAY: usize = 8;

/// How often a thread that waits for articles looks whether it should stop.
const LOOK_UP: Duration = Duration::from_millis(100);

/// Runs the command.
pub fn run(args: &RunArgs, report: &Report) -> Result<Exit, Failure> {
    let (mut pipeline, search) = open(&args.pipeline)?;
    if args.foreign {
        pipeline.foreign = ForeignMode::Process;
    }
    if let Some(unit) = args.offsets {
        pipeline.offsets = match unit {
            OffsetChoice::Codepoint => OffsetUnit::CodePoint,
            OffsetChoice::Utf8 => OffsetUnit::Utf8,
            OffsetChoice::Utf16 => OffsetUnit::Utf16,
        };
    }
    if let Some(place) = args.isolation {
        let isolation = match place {
            IsolationChoice::Native => Isolation::Native,
            IsolationChoice::Worker => Isolation::Worker,
        };
        pipeline.plugins.iter_mut().for_each(|plugin| plugin.isolation = isolation);
    }
    let format = format(args);
    let style = Style { color: report.color_out(), width: terminal_width() };
    let bar = progress(report);
    // Before standard output is taken from the plugins: `--output /dev/stdout` means what it was until here.
    let create = |path: &std::path::PathBuf| {
        Destination::file(path).map_err(|e| Failure::Io(format!("{} cannot be written", path.display()), e))
    };
    let output = args.output.as_ref().map(create).transpose()?;
    let errors = args.errors.as_ref().map(create).transpose()?;
    let stdout = keep_stdout();
    let destination = output.unwrap_or_else(|| stdout.map_or_else(Destination::stdout, Destination::stream));
    let host = Arc::new(Host::load(&pipeline, &search).map_err(|e| Failure::host(e, &pipeline))?);
    let options = read_options(&pipeline, args.input_format);
    if format == Format::GeoJson
        && !host.plan.plugins.iter().any(|p| p.meta.provides.iter().any(|l| l.layer == "places"))
    {
        return Err(Failure::other(
            format!(
                "{}: GeoJSON is made of the layer `places`, and no plugin of this pipeline provides it",
                pipeline.label
            ),
            "add the plugin `geography` to the pipeline, or choose another `--format`",
        ));
    }
    let articles = Articles::open(&args.inputs, &options).map_err(|e| Failure::Other(e.to_string()))?;
    let jobs = usize::from(args.jobs);
    let workers = (0..jobs).map(|_| worker(&host, &pipeline)).collect::<Result<Vec<_>, _>>()?;
    let provenance = provenance(&host, &pipeline);
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // A second handler cannot be set; this command sets the only one.
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));

    // A job takes a batch at a time, if so many wait: two of these can be under way for each.
    let batch = workers.iter().map(Worker::batch).max().unwrap_or(1);
    let (raw_in, raw_out) = bounded::<Raw>(jobs * batch);
    let (done_in, done_out) = bounded::<(u64, Done)>(jobs * batch);
    let (permit_in, permit_out) = bounded::<()>(jobs * UNDER_WAY.max(2 * batch));
    let foreign = pipeline.foreign;
    let unit = pipeline.offsets;
    // Nobody waits for this thread: an interrupt must not wait for an input that never ends.
    let stop_reading = Arc::clone(&stop);
    std::thread::spawn(move || {
        for (number, raw) in articles.enumerate() {
            if stop_reading.load(Ordering::Relaxed)
                || permit_in.send(()).is_err()
                || raw_in.send((number as u64, raw)).is_err()
            {
                break;
            }
        }
    });
    std::thread::scope(|scope| {
        for worker in workers {
            let (input, output) = (raw_out.clone(), done_in.clone());
            let writer = RecordWriter::new(unit, provenance.clone());
            let (options, stop) = (&options, &stop);
            let job = Job { worker, writer, options, foreign, format, style, stop, jobs };
            scope.spawn(move || work(job, &input, &output));
        }
        drop((raw_out, done_in));
        let out = Out { format, destination, errors, report, stop: &stop, width: style.width, bar };
        out.write_all(&done_out, &permit_out)
    })
}

/// Standard output, for the records alone: what a native plugin prints there from now on is shown on standard error. `None` if the system has it
/// otherwise; then plugins had better keep to the rules.
fn keep_stdout() -> Option<File> {
    let own = File::from(std::io::stdout().as_fd().try_clone_to_owned().ok()?);
    rustix::stdio::dup2_stdout(std::io::stderr()).ok()?;
    Some(own)
}

fn read_options(pipeline: &Pipeline, format: Option<InputChoice>) -> ReadOptions {
    ReadOptions {
        html: pipeline.html,
        max_article_bytes: pipeline.max_article_bytes,
        format: format.map(|f| match f {
            InputChoice::Txt => InputFormat::Txt,
            InputChoice::Html => InputFormat::Html,
            InputChoice::Jsonl => InputFormat::Jsonl,
        }),
    }
}

fn format(args: &RunArgs) -> Format {
    match args.format {
        Some(FormatChoice::Jsonl) => Format::Jsonl,
        Some(FormatChoice::Json) => Format::Json,
        Some(FormatChoice::Table) => Format::Table,
        Some(FormatChoice::Geojson) => Format::GeoJson,
        None if args.output.is_none() && std::io::stdout().is_terminal() => Format::Table,
        None => match args.output.as_ref().and_then(|p| p.extension()).and_then(|e| e.to_str()) {
            Some("json") => Format::Json,
            Some("geojson") => Format::GeoJson,
            _ => Format::Jsonl,
        },
    }
}

/// Columns of the terminal; `COLUMNS` wins, 100 where there is no terminal.
fn terminal_width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    columns.or_else(|| terminal_size::terminal_size().map(|(w, _)| usize::from(w.0))).unwrap_or(100).clamp(40, 200)
}

/// A worker for `host`, or the plugin that refused its options, shown in the pipeline file.
pub fn worker(host: &Arc<Host>, pipeline: &Pipeline) -> Result<Worker, Failure> {
    Worker::new(Arc::clone(host)).map_err(|refusal| {
        let StartError { plugin, option: key, message, help } = refusal;
        let planned = &host.plan.plugins[plugin];
        let entry = &pipeline.plugins[planned.entry];
        let option = entry.options.iter().find(|(name, _)| name.value == key);
        let title = format!("plugin `{}` cannot start", planned.meta.id);
        let (span, help) = match option {
            Some((_, value)) => (value.span.clone(), format!("the plugin refused the option `{key}`")),
            None => {
                let own_word = || "the plugin said so itself; its documentation may know more".to_owned();
                (entry.id.span.clone(), help.unwrap_or_else(own_word))
            }
        };
        let error = Diagnostic::new("FB0330", title).at(span, message).help(help);
        Failure::Pipeline(pipeline.label.clone(), pipeline.source.clone(), vec![error])
    })
}

/// What made the records: the same for all of a run.
pub fn provenance(host: &Host, pipeline: &Pipeline) -> String {
    let mut config = pipeline.source.clone();
    for plugin in &host.plan.plugins {
        config.push_str(&plugin.config);
    }
    let plugins: serde_json::Map<String, serde_json::Value> =
        host.plan.plugins.iter().map(|p| (p.meta.id.clone(), p.meta.version.clone().into())).collect();
    serde_json::json!({
        "factbox": env!("CARGO_PKG_VERSION"),
        "pipeline": pipeline.name,
        "config": format!("sha256:{}", factbox_host::sha256_of(config.as_bytes())),
        "plugins": plugins,
    })
    .to_string()
}

/// What became of one article.
enum Done {
    Record { text: String, id: String, errors: Vec<ArticleError>, log: Vec<(String, u32, String)> },
    Unread(ReadError),
}

struct Job<'a> {
    worker: Worker,
    writer: RecordWriter,
    options: &'a ReadOptions,
    foreign: ForeignMode,
    format: Format,
    style: Style,
    stop: &'a AtomicBool,
    /// How many there are.
    jobs: usize,
}

type Raw = (u64, Result<RawArticle, ReadError>);

/// An article that was read, and why it is not processed, if it is not.
type Read = (Article, Option<ArticleError>);

fn work(mut job: Job, input: &Receiver<Raw>, output: &Sender<(u64, Done)>) {
    while let Some(first) = next(input, job.stop) {
        let mut batch = vec![first];
        // What waits is shared: no job takes all of a short queue.
        let share = (1 + input.len() / job.jobs).min(job.worker.batch());
        while batch.len() < share
            && let Ok(more) = input.try_recv()
        {
            batch.push(more);
        }
        for done in job.records(batch) {
            if output.send(done).is_err() {
                return;
            }
        }
        if job.stop.load(Ordering::Relaxed) {
            break;
        }
    }
}

/// The next of `input`; nothing at its end, or once `stop` is set.
fn next<T>(input: &Receiver<T>, stop: &AtomicBool) -> Option<T> {
    while !stop.load(Ordering::Relaxed) {
        match input.recv_timeout(LOOK_UP) {
            Ok(item) => return Some(item),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
    None
}

impl Job<'_> {
    fn records(&mut self, batch: Vec<Raw>) -> Vec<(u64, Done)> {
        let prepared: Vec<(u64, Result<Read, ReadError>)> = batch
            .into_iter()
            .map(|(number, raw)| {
                let article = raw.and_then(|raw| raw.parse(self.options)).map(|mut article| {
                    let error = prepare(&mut article, self.foreign).err();
                    (article, error)
                });
                (number, article)
            })
            .collect();
        let usable: Vec<&Article> =
            prepared.iter().filter_map(|(_, p)| p.as_ref().ok()).filter(|(_, e)| e.is_none()).map(|(a, _)| a).collect();
        let mut outcomes = self.worker.process_all(&usable).into_iter();
        let mut done = Vec::with_capacity(prepared.len());
        for (number, prepared) in prepared {
            let (article, error) = match prepared {
                Ok(prepared) => prepared,
                Err(error) => {
                    done.push((number, Done::Unread(error)));
                    continue;
                }
            };
            let mut errors = article.notes.clone();
            errors.extend(error.iter().cloned());
            let outcome = match error {
                None => outcomes.next(),
                Some(_) => None,
            };
            let outcome = outcome.unwrap_or_else(|| self.worker.skip(&article, errors));
            let mut text = String::new();
            self.writer.write(&mut text, &self.worker.facts(&article, &outcome));
            if matches!(self.format, Format::Table | Format::GeoJson) {
                let record = serde_json::from_str(&text).unwrap_or_default();
                text = if self.format == Format::Table { table(&record, self.style) } else { geojson(&record) };
            }
            done.push((number, Done::Record { text, id: article.id, errors: outcome.errors, log: outcome.log }));
        }
        done
    }
}

/// Settles the article's language. An empty or foreign text is not processed: the error says why.
pub fn prepare(article: &mut Article, foreign: ForeignMode) -> Result<(), ArticleError> {
    if article.text.trim().is_empty() {
        return Err(ArticleError::host(Stage::Read, "FB1001", "the article has no text; nothing was extracted"));
    }
    if article.meta.language.is_none() || foreign == ForeignMode::Skip {
        match language(&article.text) {
            Language::English => article.meta.language = Some("en".to_owned()),
            Language::Other(code) => {
                article.meta.language = Some(code.to_owned());
                let text = format!("the text is in another language ({code})");
                match foreign {
                    ForeignMode::Skip => {
                        return Err(ArticleError::host(
                            Stage::Analyze,
                            "FB1102",
                            format!("{text}; factbox reads English; `--foreign` processes it all the same"),
                        ));
                    }
                    ForeignMode::Process => {
                        article.notes.push(ArticleError::host(
                            Stage::Analyze,
                            "FB1103",
                            format!("{text} and was processed like English, as asked"),
                        ));
                    }
                }
            }
        }
    }
    Ok(())
}

/// Whether an entry in `errors` means that something of the article is missing, rather than a remark.
fn is_failure(error: &ArticleError) -> bool {
    !error.code.starts_with("FB11")
}

#[derive(Default)]
struct Tally {
    articles: u64,
    failed: u64,
    foreign: u64,
}

struct Out<'a> {
    format: Format,
    destination: Destination,
    errors: Option<Destination>,
    report: &'a Report,
    stop: &'a AtomicBool,
    width: usize,
    bar: indicatif::ProgressBar,
}

impl Out<'_> {
    /// Writes what the workers made, in input order, and frees a place for each article written.
    fn write_all(mut self, done: &Receiver<(u64, Done)>, permits: &Receiver<()>) -> Result<Exit, Failure> {
        let mut tally = Tally::default();
        let mut waiting: BTreeMap<u64, Done> = BTreeMap::new();
        let (mut next, mut any) = (0, false);
        self.destination.write(self.format.opening())?;
        while let Ok((number, item)) = done.recv() {
            waiting.insert(number, item);
            while let Some(item) = waiting.remove(&next) {
                next += 1;
                let _ = permits.recv();
                if let Err(error) = self.one(item, &mut any, &mut tally) {
                    self.stop.store(true, Ordering::Relaxed);
                    // Let the other threads come to their end.
                    while permits.try_recv().is_ok() || done.try_recv().is_ok() {}
                    return Err(error);
                }
                self.bar.inc(1);
            }
        }
        let interrupted = self.stop.load(Ordering::Relaxed);
        self.destination.write(self.format.closing(any))?;
        self.bar.finish_and_clear();
        if interrupted {
            let kept = self.destination.interrupt().map_err(|e| Failure::Io("the output cannot be kept".into(), e))?;
            if let Some(path) = kept {
                self.report.note(&format!("interrupted; the first {next} articles are in {}", path.display()));
            }
        } else {
            self.destination.finish().map_err(|e| Failure::Io("the output cannot be completed".into(), e))?;
        }
        if let Some(errors) = self.errors {
            let ended = if interrupted { errors.interrupt().map(drop) } else { errors.finish() };
            ended.map_err(|e| Failure::Io("the error report cannot be completed".into(), e))?;
        }
        let skipped =
            if tally.foreign > 0 { format!(", {} in another language", tally.foreign) } else { String::new() };
        let summary = format!("{} articles, {} with errors{skipped}", tally.articles, tally.failed);
        if tally.failed + tally.foreign > 0 {
            self.report.note(&summary)
        } else {
            self.report.detail(&summary)
        }
        Ok(match (interrupted, tally.failed) {
            (true, _) => Exit::Interrupted,
            (false, 0) => Exit::Success,
            (false, _) => Exit::SomeFailed,
        })
    }

    fn one(&mut self, item: Done, any: &mut bool, tally: &mut Tally) -> Result<(), Failure> {
        tally.articles += 1;
        match item {
            Done::Record { text, id, errors, log } => {
                for (plugin, level, line) in log.iter().filter(|_| self.report.verbose > 1) {
                    self.report.detail(&format!("{id}: {plugin} (level {level}): {line}"));
                }
                let written = !(text.is_empty() && self.format.skips_empty());
                if *any && written {
                    self.destination.write(self.format.between())?;
                    if self.format == Format::Table {
                        self.destination.write(&format!("{}\n\n", "─".repeat(self.width)))?;
                    }
                }
                *any |= written;
                self.destination.write(&text)?;
                if self.format == Format::Table {
                    self.destination.flush()?;
                }
                tally.failed += u64::from(errors.iter().any(is_failure));
                tally.foreign += u64::from(errors.iter().any(|e| e.code == "FB1102"));
                for error in &errors {
                    if is_failure(error) {
                        let who = error.plugin.as_deref().map(|p| format!("{p}: ")).unwrap_or_default();
                        self.report.problem(&format!("{id}: {who}{} [{}]", error.message, error.code));
                    }
                    self.log(&serde_json::json!({"id": id, "error": error}))?;
                }
            }
            Done::Unread(error) => {
                tally.failed += 1;
                self.report.problem(&error.to_string());
                self.log(&serde_json::json!({"id": null, "error": {"stage": "read", "code": error.code, "message": error.to_string()}}))?;
            }
        }
        Ok(())
    }

    fn log(&mut self, line: &serde_json::Value) -> Result<(), Failure> {
        match &mut self.errors {
            Some(errors) => errors
                .write(&format!("{line}\n"))
                .map_err(|e| Failure::Io("the error report cannot be written".into(), e)),
            None => Ok(()),
        }
    }
}

fn progress(report: &Report) -> indicatif::ProgressBar {
    if !report.progress() || std::io::stdout().is_terminal() {
        return indicatif::ProgressBar::hidden();
    }
    let bar = indicatif::ProgressBar::new_spinner();
    if let Ok(style) = indicatif::ProgressStyle::with_template("{pos} articles, {per_sec}, {elapsed}") {
        bar.set_style(style);
    }
    bar
}
