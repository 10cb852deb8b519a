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

/// One `[[plugin]]` of the file.
#[derive(Clone, Debug)]
pub struct PluginEntry {
    /// Its id.
    pub id: Spanned<String>,
    /// Where its library is, if the file says so; made absolute against the file's folder.
    pub path: Option<Spanned<PathBuf>>,
    /// The SHA-256 its library must have, 64 hexadecimal digits.
    pub sha256: Option<Spanned<String>>,
    /// How long it may take for one article.
    pub timeout: Option<Duration>,
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
        head.known_keys("pipeline.", &["name", "require-pins"], &mut errors);
        let name = head.string("name", &mut errors).map_or_else(|| "custom".to_owned(), |s| s.value);
        let require_pins = head.bool("require-pins", &mut errors).unwrap_or(false);

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
            table.known_keys("plugin.", &["id", "path", "sha256", "timeout", "options"], &mut errors);
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
            let timeout = table.duration("timeout", &mut errors);
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
            plugins.push(PluginEntry { id, path, sha256, timeout, options });
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
    }
}
