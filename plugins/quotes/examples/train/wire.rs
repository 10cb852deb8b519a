//! Articles of `corpora/wire`, whose markup tells their names, with the attributions of `data/attributions.tsv`.

use crate::corpus::{Document, Piece};
use factbox_quotes::article::Name;
use factbox_sdk::Span;
use std::collections::HashMap;
use std::path::Path;

/// The annotated articles. `corpus` is the folder of the marked-up articles.
pub fn read(corpus: &Path, attributions: &Path) -> Vec<Document> {
    let articles = articles(corpus);
    let table = std::fs::read_to_string(attributions).unwrap_or_else(|e| panic!("{}: {e}", attributions.display()));
    let mut analyzer = factbox_text::Analyzer::default();
    let mut documents: Vec<Document> = Vec::new();
    let (mut last, mut places) = ("", Vec::new());
    for line in table.lines().filter(|l| !l.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields[0] != last {
            last = fields[0];
            let (text, names) = articles.get(last).unwrap_or_else(|| panic!("no article {last} in the corpus"));
            let mut document = Document::new(text, &mut analyzer);
            document.names = names.iter().map(name).collect();
            documents.push(document);
            places = text.char_indices().map(|(i, _)| i as u32).collect();
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

type Marked = (Span, char);

fn name(&(span, kind): &Marked) -> Name {
    let (person, organization, location) = (kind == 'P', kind == 'O', kind == 'L');
    Name { span, person, organization, location, entity: None, role: None }
}

/// By article: its text without the markup, and its names.
fn articles(corpus: &Path) -> HashMap<String, (String, Vec<Marked>)> {
    let mut all = HashMap::new();
    let entries = |folder: &Path| std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for folder in entries(corpus).flatten().filter(|f| f.path().is_dir()) {
        for file in entries(&folder.path()).flatten().filter(|f| f.path().extension().is_some_and(|e| e == "txt")) {
            let content = std::fs::read_to_string(file.path()).expect("UTF-8");
            for article in format!("\n{content}").split("\n=== ").skip(1) {
                let (head, body) = article.split_once('\n').unwrap_or((article, ""));
                let id = head.split(" | ").next().unwrap_or(head).trim();
                all.insert(id.to_owned(), plain(body.trim()));
            }
        }
    }
    all
}

/// Takes the markup out: `[surface|T]`, `[surface|T=Canonical name]`.
fn plain(marked: &str) -> (String, Vec<Marked>) {
    let (mut text, mut names) = (String::new(), Vec::new());
    let mut rest = marked;
    while let Some(open) = rest.find('[') {
        let inside = &rest[open + 1..];
        let tag = inside.split_once(']').and_then(|(tag, _)| Some((tag, tag.split_once('|')?)));
        let tag = tag.filter(|(tag, (_, kind))| {
            let kind = kind.as_bytes();
            !tag.contains(['[', '\n'])
                && matches!(kind, [b'P' | b'O' | b'L' | b'M'] | [b'P' | b'O' | b'L' | b'M', b'=', ..])
        });
        text.push_str(&rest[..open]);
        match tag {
            Some((tag, (surface, kind))) => {
                let start = text.len() as u32;
                text.push_str(surface);
                names.push((Span::new(start, text.len() as u32), char::from(kind.as_bytes()[0])));
                rest = &inside[tag.len() + 1..];
            }
            None => {
                text.push('[');
                rest = inside;
            }
        }
    }
    text.push_str(rest);
    (text, names)
}
