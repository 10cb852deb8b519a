//! The bench that a plugin is tested on: a pipeline of it and the plugins it builds on, workers of that pipeline, and what the plugin made of a text as
//! lines that can be compared.

use factbox_core::pipeline::Pipeline;
use factbox_core::{Article, ArticleError};
use factbox_host::native::HostError;
use factbox_host::{Host, Inspected, Search, Worker};
use factbox_layer::{BASE_LAYERS, describe};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

/// The plugins that provide the layers `requires`, and those that they build on.
///
/// # Errors
/// The layer that no plugin provides.
pub fn providers(requires: &[String], search: &Search) -> Result<Vec<Inspected>, String> {
    let there: Vec<Inspected> =
        search.all().into_iter().flat_map(|f| f.libraries.unwrap_or_default()).flatten().collect();
    let mut found: Vec<Inspected> = Vec::new();
    let mut wanted: Vec<String> = requires.to_vec();
    while let Some(want) = wanted.pop() {
        let (name, optional) = want.strip_suffix('?').map_or((want.as_str(), false), |name| (name, true));
        let provides = |library: &Inspected| library.meta.provides.iter().any(|l| l.layer == name);
        if BASE_LAYERS.contains(&name) || found.iter().any(provides) {
            continue;
        }
        match there.iter().find(|library| provides(library)) {
            Some(library) => {
                wanted.extend(library.meta.requires.iter().cloned());
                found.push(library.clone());
            }
            None if optional => {}
            None => return Err(name.to_owned()),
        }
    }
    found.sort_by(|a, b| a.meta.id.cmp(&b.meta.id));
    Ok(found)
}

/// What is tested, and on what.
pub struct Bench {
    /// The library.
    pub library: Inspected,
    /// The plugins it builds on, those it needs and those it can use.
    upstream: Vec<Inspected>,
    /// Only those it cannot do without.
    needed: Vec<Inspected>,
    /// Options as in a pipeline file.
    pub options: Vec<(String, String)>,
    /// Where the name of the text under way is written, for the case that it is the last.
    pub progress: Option<PathBuf>,
}

/// What the plugin made of one text.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// Its annotations, a line each.
    pub lines: String,
    /// Its errors, as the record has them.
    pub errors: Vec<ArticleError>,
    /// Milliseconds it took.
    pub ms: u64,
}

/// Why no worker could be made.
pub enum Refused {
    /// The pipeline, the library or the options.
    Host(String),
    /// The plugin itself: option, message.
    Plugin(String, String),
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Refused::Host(why) => f.write_str(why),
            Refused::Plugin(option, why) if option.is_empty() => f.write_str(why),
            Refused::Plugin(option, why) => write!(f, "option `{option}`: {why}"),
        }
    }
}

impl Bench {
    /// A bench for `library`.
    ///
    /// # Errors
    /// A layer that it requires and no plugin provides.
    pub fn new(library: Inspected, search: &Search, options: Vec<(String, String)>) -> Result<Self, String> {
        let own = |layer: &str| library.meta.provides.iter().any(|l| l.layer == layer);
        let fits = |found: Vec<Inspected>| -> Vec<Inspected> {
            found
                .into_iter()
                .filter(|f| f.meta.id != library.meta.id && f.meta.provides.iter().all(|l| !own(&l.layer)))
                .collect()
        };
        let strict: Vec<String> = library.meta.requires.iter().filter(|r| !r.ends_with('?')).cloned().collect();
        let needed = fits(providers(&strict, search)?);
        let upstream = fits(providers(&library.meta.requires, search)?);
        Ok(Bench { library, upstream, needed, options, progress: None })
    }

    /// The pipeline's text.
    fn pipeline(&self, bare: bool, timeout: Option<&str>, more: Option<(&str, &str)>) -> String {
        let quoted = |path: &Path| serde_json::Value::from(path.display().to_string()).to_string();
        let mut text = String::from("[pipeline]\nname = \"plugin test\"\n");
        for other in if bare { &self.needed } else { &self.upstream } {
            text.push_str(&format!("[[plugin]]\nid = \"{}\"\npath = {}\n", other.meta.id, quoted(&other.path)));
        }
        text.push_str(&format!(
            "[[plugin]]\nid = \"{}\"\npath = {}\n",
            self.library.meta.id,
            quoted(&self.library.path)
        ));
        if let Some(timeout) = timeout {
            text.push_str(&format!("timeout = \"{timeout}\"\n"));
        }
        let kept = self.options.iter().filter(|(name, _)| more.is_none_or(|(other, _)| other != name));
        for (name, value) in kept.map(|(n, v)| (n.as_str(), v.as_str())).chain(more) {
            text.push_str(&format!("options.{name} = {value}\n"));
        }
        text
    }

    /// The host of that pipeline. `bare`: without the plugins that it can do without; `more`: one option besides the given ones.
    ///
    /// # Errors
    /// What the host says.
    pub fn host(&self, bare: bool, timeout: Option<&str>, more: Option<(&str, &str)>) -> Result<Arc<Host>, Refused> {
        let source = self.pipeline(bare, timeout, more);
        let shown = |errors: Vec<factbox_core::Diagnostic>| -> Refused {
            Refused::Host(errors.iter().map(|e| e.render("plugin test", &source, false)).collect::<Vec<_>>().join("\n"))
        };
        let pipeline = Pipeline::parse("plugin test", &source, PathBuf::new()).map_err(&shown)?;
        // Every library is named by its path: no folder is searched.
        let host = Host::load(&pipeline, &Search::default()).map_err(|e| match e {
            HostError::Pipeline(errors) => shown(errors),
            HostError::Library(error) => Refused::Host(error.to_string()),
        })?;
        Ok(Arc::new(host))
    }

    /// A worker.
    ///
    /// # Errors
    /// What the host or the plugin says.
    pub fn worker(&self, host: &Arc<Host>) -> Result<Worker, Refused> {
        let mut worker =
            Worker::new(Arc::clone(host)).map_err(|error| match &host.plan.plugins[error.plugin].meta.id {
                id if *id == self.library.meta.id => Refused::Plugin(error.option, error.message),
                id => {
                    let why = error.message;
                    Refused::Host(format!("the plugin `{id}`, which it builds on, cannot start: {why}"))
                }
            })?;
        worker.measure(clock);
        Ok(worker)
    }

    /// Host and worker in one.
    ///
    /// # Errors
    /// As those.
    pub fn ready(&self, timeout: Option<&str>) -> Result<(Arc<Host>, Worker), Refused> {
        let host = self.host(false, timeout, None)?;
        let worker = self.worker(&host)?;
        Ok((host, worker))
    }

    /// What the plugin makes of a text.
    pub fn run(&self, host: &Host, worker: &mut Worker, name: &str, text: &str) -> Made {
        if let Some(path) = &self.progress {
            // Without it a crash is told without its text.
            let _ = std::fs::write(path, name);
        }
        let article = Article { id: name.to_owned(), text: text.to_owned(), ..Article::default() };
        let at = host.plan.plugins.iter().position(|p| p.meta.id == self.library.meta.id).unwrap_or(0);
        let before = worker.stages()[at + 1];
        let outcome = worker.process(&article);
        let ms = (worker.stages()[at + 1] - before) / 1_000_000;
        let facts = worker.facts(&article, &outcome);
        let mut lines = String::new();
        for layer in &host.plan.plugins[at].provides {
            // Writing to a string cannot fail.
            let _ = describe(&mut lines, text, facts.schemas, facts.layers, usize::from(*layer));
        }
        let errors =
            outcome.errors.into_iter().filter(|e| e.plugin.as_deref() == Some(&self.library.meta.id)).collect();
        Made { lines, errors, ms }
    }
}

/// Nanoseconds since the first call.
fn clock() -> u64 {
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    u64::try_from(ORIGIN.get_or_init(Instant::now).elapsed().as_nanos()).unwrap_or(u64::MAX)
}
