//! Articles of `corpora/wire`, with the attributions of `data/attributions.tsv`.

use crate::corpus::{Document, Piece};
use factbox_quotes::article::Name;
use factbox_sdk::Span;
use factbox_wire::{Article, Kind};
use std::collections::HashMap;
use std::path::Path;

/// The annotated articles. `corpus` is the folder of the marked-up articles.
pub fn read(corpus: &Path, attributions: &Path) -> Vec<Document> {
    let articles: HashMap<String, Article> =
        factbox_wire::read(corpus).into_iter().map(|a| (a.id.clone(), a)).collect();
    let table = std::fs::read_to_string(attributions).unwrap_or_else(|e| panic!("{}: {e}", attributions.display()));
    let mut analyzer = factbox_text::Analyzer::default();
    let mut documents: Vec<Document> = Vec::new();
    let (mut last, mut places) = ("", Vec::new());
    for line in table.lines().filter(|l| !l.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields[0] != last {
            last = fields[0];
            let article = articles.get(last).unwrap_or_else(|| panic!("no article {last} in the corpus"));
            let mut document = Document::new(&article.text, &mut analyzer);
            document.names = article.names.iter().map(name).collect();
            documents.push(document);
            places = article.text.char_indices().map(|(i, _)| i as u32).collect();
        }
        let &[_, group, kind, cue_at, speaker_at, content_at, cue, speaker, content] = fields.as_slice() else {
            continue;
        };
        // Attitudes are what PolNeAR teaches: where the news is not about politics, few readers would call them quotes.
        if kind == "A" {
            continue;
        }
        let document = documents.last_mut().expect("an article was begun");
        let span = |at: &str, what: &str| {
            let start = places[at.parse::<usize>().ok()?];
            let span = Span::new(start, start + what.len() as u32);
            assert_eq!(span.of(&document.text), what, "{last}: not what stands at code point {at}");
            Some(span)
        };
        let content = span(content_at, content).expect("content stands somewhere");
        let (source, cue) = (span(speaker_at, speaker), span(cue_at, cue));
        document.pieces.push(Piece { content, source, cue, group: group.parse().expect("a number") });
    }
    documents
}

fn name(name: &factbox_wire::Name) -> Name {
    Name {
        span: Span::new(name.start as u32, name.end as u32),
        person: name.kind == Kind::Person,
        organization: name.kind == Kind::Organization,
        location: name.kind == Kind::Location,
        entity: None,
        role: None,
    }
}
