//! The pipeline file: TOML with its spans kept, turned into what it means. Every key is known or an error with its place.

mod options;
mod reader;

pub use options::resolve;

use crate::Diagnostic;
use reader::Table;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

/// The default pipeline, compiled in.
pub const DEFAULT: &str = include_str!("../../../../config/news.toml");

/// A value with the bytes of the source it stands in.
#[derive(Clone, Debug, PartialEq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Range<usize>,
}

/// How main text is taken out of HTML.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HtmlMode {
    /// The best extractor, about 100 pages a second.
    #[default]
    Precise,
    /// A quicker one, about 400 pages a second.
    Fast,
}

/// What becomes of a text that is confidently in another language than English.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForeignMode {
    /// It is written out with an entry in `errors`, without facts.
    #[default]
    Skip,
    /// It is processed like English, with an entry in `errors`.
    Process,
}

/// The unit of offsets in records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OffsetUnit {
    /// Unicode code points.
    #[default]
    CodePoint,
    /// Bytes of UTF-8.
    Utf8,
    /// Code units of UTF-16.
    Utf16,
}

impl OffsetUnit {
    /// All with their names.
    pub const ALL: [(&'static str, OffsetUnit); 3] =
        [("codepoint", OffsetUnit::CodePoint), ("utf8", OffsetUnit::Utf8), ("utf16", OffsetUnit::Utf16)];
}

/// Where a plugin runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Isolation {
    /// In factbox's own process.
    #[default]
    Native,
    /// In a worker process, which it can take down and nothing else.
    Worker,
}

impl Isolation {
    /// All with their names.
    pub const ALL: [(&'static str, Isolation); 2] = [("native", Isolation::Native), ("worker", Isolation::Worker)];

    /// Its name in a pipeline file.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].0
    }
}

/// One `[[plugin]]` of the file.
#[derive(Clone, Debug)]
pub struct PluginEntry {
    /// Its id.
    pub id: Spanned<String>,
    /// Where its library is, if the file says so; made absolute against the file's folder.
    pub path: Option<Spanned<PathBuf>>,
    /// The SHA-256 its library must have, 64 hexadecimal digits.
    pub sha256: Option<Spanned<String>>,
    /// Where it runs.
    pub isolation: Isolation,
    /// How long it may take for one article.
    pub timeout: Option<Duration>,
    /// Bytes of memory its worker process may use.
    pub memory: Option<u64>,
    /// Options as written: key and value.
    pub options: Vec<(Spanned<String>, Spanned<serde_json::Value>)>,
}

/// A pipeline file.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// How errors name the file.
    pub label: String,
    /// Its content.
    pub source: String,
    /// The folder that relative paths in it are taken from.
    pub folder: PathBuf,
    /// `pipeline.name`
    pub name: String,
    /// `pipeline.require-pins`: plugins without `sha256` are refused
    pub require_pins: bool,
    /// `input.html`
    pub html: HtmlMode,
    /// `input.foreign`
    pub foreign: ForeignMode,
    /// `input.max-article-bytes`
    pub max_article_bytes: u64,
    /// `output.offsets`
    pub offsets: OffsetUnit,
    /// The plugins, in the order of the file (which does not matter).
    pub plugins: Vec<PluginEntry>,
}

impl Pipeline {
    /// The default pipeline.
    ///
    /// # Panics
    /// Never: a test parses it.
    pub fn default_news() -> Self {
        Pipeline::parse("news.toml (built in)", DEFAULT, PathBuf::new()).expect("the built-in pipeline is tested")
    }

    /// Reads a pipeline file's content. `label` is how errors name it; `folder` is where its relative paths begin.
    ///
    /// # Errors
    /// All that is wrong with it, each with its place.
    pub fn parse(label: &str, source: &str, folder: PathBuf) -> Result<Self, Vec<Diagnostic>> {
        let mut errors = Vec::new();
        let root = match Table::parse(source) {
            Ok(root) => root,
            Err(error) => return Err(vec![error]),
        };
        root.known_keys("", &["pipeline", "input", "plugin", "output"], &mut errors);

        let head = root.table("pipeline", &mut errors);
        head.known_keys("pipeline.", &["name", "require-pins", "isolation", "timeout", "memory"], &mut errors);
        let name = head.string("name", &mut errors).map_or_else(|| "custom".to_owned(), |s| s.value);
        let require_pins = head.bool("require-pins", &mut errors).unwrap_or(false);
        let isolation = head.one_of("isolation", &Isolation::ALL, &mut errors).unwrap_or_default();
        let timeout = positive(&head, "timeout", head.duration("timeout", &mut errors), &mut errors);
        let memory = enough(&head, head.size("memory", &mut errors), &mut errors);

        let input = root.table("input", &mut errors);
        input.known_keys("input.", &["html", "foreign", "max-article-bytes"], &mut errors);
        let html = input
            .one_of("html", &[("precise", HtmlMode::Precise), ("fast", HtmlMode::Fast)], &mut errors)
            .unwrap_or_default();
        let foreign = input
            .one_of("foreign", &[("skip", ForeignMode::Skip), ("process", ForeignMode::Process)], &mut errors)
            .unwrap_or_default();
        let max_article_bytes = input.size("max-article-bytes", &mut errors).unwrap_or(20 << 20);

        let output = root.table("output", &mut errors);
        output.known_keys("output.", &["offsets"], &mut errors);
        let offsets = output.one_of("offsets", &OffsetUnit::ALL, &mut errors).unwrap_or_default();

        let mut plugins: Vec<PluginEntry> = Vec::new();
        for table in root.tables("plugin", &mut errors) {
            table.known_keys(
                "plugin.",
                &["id", "path", "sha256", "isolation", "timeout", "memory", "options"],
                &mut errors,
            );
            let path =
                table.string("path", &mut errors).map(|p| Spanned { value: folder.join(&p.value), span: p.span });
            let sha256 = table.string("sha256", &mut errors).filter(|pin| {
                let good = pin.value.len() == 64 && pin.value.bytes().all(|b| b.is_ascii_hexdigit());
                if !good {
                    errors.push(
                        Diagnostic::new("FB0204", "`sha256` is not a SHA-256 checksum")
                            .at(pin.span.clone(), "expected 64 hexadecimal digits")
                            .help("`factbox plugin list` prints the checksum of each library"),
                    );
                }
                good
            });
            let isolation = table.one_of("isolation", &Isolation::ALL, &mut errors).unwrap_or(isolation);
            let timeout = positive(&table, "timeout", table.duration("timeout", &mut errors), &mut errors).or(timeout);
            let own_memory = enough(&table, table.size("memory", &mut errors), &mut errors);
            if let (Some(span), Isolation::Native) = (table.span_of("memory"), isolation) {
                errors.push(
                    Diagnostic::new("FB0207", "`memory` limits a worker process, and this plugin runs in none")
                        .at(span, "has no effect")
                        .help("add `isolation = \"worker\"` to the plugin, or remove `memory`"),
                );
            }
            let memory = own_memory.or(memory);
            let options = table.table("options", &mut errors).into_values();
            let Some(id) = table.string("id", &mut errors) else {
                if !table.has("id") {
                    errors.push(
                        Diagnostic::new("FB0205", "a plugin without an id")
                            .at(table.span.clone(), "`id` is missing")
                            .help("add `id = \"...\"`; `factbox plugin list` shows the plugins there are"),
                    );
                }
                continue;
            };
            if let Some(first) = plugins.iter().find(|p| p.id.value == id.value) {
                errors.push(
                    Diagnostic::new("FB0206", format!("plugin `{}` stands in the pipeline twice", id.value))
                        .at(id.span.clone(), "second time")
                        .at(first.id.span.clone(), "first time")
                        .help("remove one of them"),
                );
                continue;
            }
            plugins.push(PluginEntry { id, path, sha256, isolation, timeout, memory, options });
        }
        if let Some(span) = head.span_of("memory").filter(|_| plugins.iter().all(|p| p.isolation == Isolation::Native))
        {
            errors.push(
                Diagnostic::new(
                    "FB0207",
                    "`memory` limits worker processes, and no plugin of this pipeline runs in one",
                )
                .at(span, "has no effect")
                .help("add `isolation = \"worker\"` to `[pipeline]` or to a plugin, or remove `memory`"),
            );
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Pipeline {
            label: label.to_owned(),
            source: source.to_owned(),
            folder,
            name,
            require_pins,
            html,
            foreign,
            max_article_bytes,
            offsets,
            plugins,
        })
    }
}

/// A length of time that is not zero.
fn positive(table: &Table, key: &str, time: Option<Duration>, errors: &mut Vec<Diagnostic>) -> Option<Duration> {
    if let (Some(Duration::ZERO), Some(span)) = (time, table.span_of(key)) {
        errors.push(
            Diagnostic::new("FB0203", format!("bad value for `{key}`"))
                .at(span, "no time at all")
                .help("write a time such as \"2s\", or leave the key out"),
        );
    }
    time
}

/// The least that `memory` may say: less than this and the process cannot even begin.
const LEAST_MEMORY: u64 = 16 << 20;

fn enough(table: &Table, memory: Option<u64>, errors: &mut Vec<Diagnostic>) -> Option<u64> {
    if let (true, Some(span)) = (memory.is_some_and(|m| m < LEAST_MEMORY), table.span_of("memory")) {
        errors.push(
            Diagnostic::new("FB0203", "bad value for `memory`")
                .at(span, "a worker process cannot even start with so little")
                .help("the least is \"16 MiB\"; \"512 MiB\" is plenty for most plugins"),
        );
    }
    memory
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(source: &str) -> String {
        let errors = Pipeline::parse("p.toml", source, PathBuf::new()).unwrap_err();
        errors.iter().map(|e| e.render("p.toml", source, false)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_built_in_pipeline_parses() {
        assert_eq!(Pipeline::default_news().plugins.len(), 4);
    }

    #[test]
    fn every_slip_is_shown_with_its_place() {
        let cases = [
            ("[pipline]\n", "p.toml:1:2", "`pipeline`"),
            ("[input]\nhtml = \"slow\"\n", "p.toml:2:8", "precise, fast"),
            ("[input]\nmax-article-bytes = \"20 XB\"\n", "p.toml:2:21", "20 MiB"),
            ("[input]\nhtml = 3\n", "p.toml:2:8", "expected a string"),
            ("plugin = 3\n", "p.toml:1:10", "[[plugin]]"),
            ("[[plugin]]\npath = \"x\"\n", "p.toml:1:1", "`id` is missing"),
            ("[[plugin]]\nid = \"a\"\n[[plugin]]\nid = \"a\"\n", "p.toml:4:6", "first time"),
            ("[[plugin]]\nid = \"a\"\nsha256 = \"12\"\n", "p.toml:3:10", "64 hexadecimal"),
            ("[[plugin]]\nid = \"a\"\ntimeout = \"2 weeks\"\n", "p.toml:3:11", "2s"),
            ("[pipeline]\nrequire-pins = 1\n", "p.toml:2:16", "true or false"),
            ("[pipeline]\nisolation = \"wroker\"\n", "p.toml:2:13", "did you mean `worker`?"),
            ("[pipeline]\nmemory = \"1 GiB\"\n", "p.toml:2:10", "no plugin of this pipeline runs in one"),
            ("[[plugin]]\nid = \"a\"\nmemory = \"1 GiB\"\n", "p.toml:3:10", "add `isolation = \"worker\"`"),
            ("[[plugin]]\nid = \"a\"\nisolation = \"worker\"\nmemory = 4096\n", "p.toml:4:10", "16 MiB"),
            ("[[plugin]]\nid = \"a\"\ntimeout = \"0s\"\n", "p.toml:3:11", "no time at all"),
            ("[[plugin]]\nid = \"a\"\ntimeout = -3\n", "p.toml:3:11", "2s"),
            ("[output]\noffsets = \"chars\"\n", "p.toml:2:11", "codepoint"),
            ("[pipeline]\nname = \n", "p.toml:2:8", "FB0200"),
        ];
        for (source, place, words) in cases {
            let shown = errors(source);
            assert!(shown.contains(place) && shown.contains(words), "{source}\n{shown}");
        }
    }

    #[test]
    fn options_keep_their_values() {
        let pipeline = Pipeline::parse(
            "p",
            "[[plugin]]\nid = \"q\"\ntimeout = \"250ms\"\noptions.indirect = true\noptions.cues = [\"a\"]\n",
            PathBuf::new(),
        )
        .unwrap();
        let plugin = &pipeline.plugins[0];
        assert_eq!(plugin.timeout, Some(Duration::from_millis(250)));
        assert_eq!(plugin.options[1].1.value, serde_json::json!(["a"]));
        assert_eq!(plugin.options[0].1.value, serde_json::json!(true));
        assert_eq!((plugin.isolation, plugin.memory), (Isolation::Native, None));
    }

    #[test]
    fn what_the_pipeline_says_holds_where_a_plugin_says_nothing() {
        let source = "[pipeline]\nisolation = \"worker\"\ntimeout = 3\nmemory = \"1 GiB\"\n\
            [[plugin]]\nid = \"a\"\n[[plugin]]\nid = \"b\"\nisolation = \"native\"\ntimeout = \"50ms\"\n";
        let pipeline = Pipeline::parse("p", source, PathBuf::new()).unwrap();
        let (a, b) = (&pipeline.plugins[0], &pipeline.plugins[1]);
        assert_eq!((a.isolation, a.timeout), (Isolation::Worker, Some(Duration::from_secs(3))));
        assert_eq!(a.memory, Some(1 << 30));
        assert_eq!((b.isolation, b.timeout), (Isolation::Native, Some(Duration::from_millis(50))));
    }
}
