//! Errors that point into a file: the line, a caret, the cause and the fix. Drawn by `annotate-snippets`, the renderer of rustc's look.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::ops::Range;

/// An error in a pipeline file, or about the plugins it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, `FB` and four digits.
    pub code: &'static str,
    /// What is wrong.
    pub title: String,
    /// Places concerned: bytes of the source and what to say there; the first is the main one.
    pub labels: Vec<(Range<usize>, String)>,
    /// What to do.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn new(code: &'static str, title: impl Into<String>) -> Self {
        Diagnostic { code, title: title.into(), labels: Vec::new(), help: Vec::new() }
    }

    /// Points at `span`, unless it is empty and nothing is known of the place.
    pub fn at(mut self, span: Range<usize>, label: impl Into<String>) -> Self {
        self.labels.push((span, label.into()));
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Draws it. `path` names the file, `source` is its content.
    pub fn render(&self, path: &str, source: &str, color: bool) -> String {
        let mut group =
            Level::ERROR.primary_title(&self.title).id(self.code).elements(Vec::<annotate_snippets::Message>::new());
        if !self.labels.is_empty() {
            let mut snippet = Snippet::source(source).line_start(1).path(path);
            for (i, (span, label)) in self.labels.iter().enumerate() {
                let kind = if i == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
                let span = span.start.min(source.len())..span.end.min(source.len());
                snippet = snippet.annotation(kind.span(span).label(label));
            }
            group = group.element(snippet);
        }
        for help in &self.help {
            group = group.element(Level::HELP.message(help));
        }
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

/// The nearest of `names` to `word`, if one is near enough to be meant.
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(word, name), name))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_finds_slips_and_nothing_else() {
        let names = ["min-length", "indirect", "home"];
        assert_eq!(nearest("min-lenght", names), Some("min-length"));
        assert_eq!(nearest("Indirect", names), Some("indirect"));
        assert_eq!(nearest("colour", names), None);
    }

    #[test]
    fn points_at_the_line() {
        let drawn = Diagnostic::new("FB0201", "unknown key `b`").at(6..7, "not a key").help("remove it").render(
            "p.toml",
            "a = 1\nb = 2\n",
            false,
        );
        assert!(drawn.contains("p.toml:2:1"), "{drawn}");
        assert!(drawn.contains("b = 2"), "{drawn}");
        assert!(drawn.contains("help: remove it"), "{drawn}");
    }
}
