//! PolNeAR's articles with their attributions and the names that the entities plugin finds in them.

use factbox_quotes::article::Name;
use factbox_sdk::{Span, Token, ZoneKind, hash};
use serde_json::Value;
use std::path::Path;

/// One piece of an attribution, in bytes.
pub struct Piece {
    pub content: Span,
    pub source: Option<Span>,
    pub cue: Option<Span>,
    pub group: u64,
}

/// An article with its base layers, owned.
pub struct Document {
    pub text: String,
    lower: String,
    tokens: Vec<factbox_text::Token>,
    pub sentences: Vec<Span>,
    pub paragraphs: Vec<(Span, ZoneKind)>,
    pub names: Vec<Name>,
    pub pieces: Vec<Piece>,
}

impl Document {
    pub fn new(text: &str, analyzer: &mut factbox_text::Analyzer) -> Document {
        let a = analyzer.analyze(text, &[]);
        Document {
            text: text.to_owned(),
            lower: a.lower.clone(),
            tokens: a.tokens.clone(),
            sentences: a.sentences.iter().map(|s| Span::new(s.start, s.end)).collect(),
            paragraphs: a.paragraphs.iter().map(|p| (Span::new(p.span.start, p.span.end), p.zone)).collect(),
            names: Vec::new(),
            pieces: Vec::new(),
        }
    }

    pub fn tokens(&self) -> Vec<Token<'_>> {
        self.tokens
            .iter()
            .map(|t| {
                let lower = t.lower.of(&self.lower);
                let span = Span::new(t.span.start, t.span.end);
                Token { span, text: t.span.of(&self.text), lower, shape: t.shape, hash: hash(lower.as_bytes()) }
            })
            .collect()
    }
}

/// Lines of a JSON Lines file.
pub fn lines(file: &Path) -> Vec<Value> {
    let content = std::fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    content.lines().map(|l| serde_json::from_str(l).expect("a JSON object a line")).collect()
}

/// The articles of `gold` with the mentions of `records`, the records that factbox made of them.
pub fn read(gold: &Path, records: &Path) -> Vec<Document> {
    let mut analyzer = factbox_text::Analyzer::default();
    let records = lines(records);
    let documents = lines(gold);
    assert_eq!(records.len(), documents.len(), "one record for each article");
    documents.iter().zip(&records).map(|(d, r)| document(d, r, &mut analyzer)).collect()
}

fn document(gold: &Value, record: &Value, analyzer: &mut factbox_text::Analyzer) -> Document {
    let text = gold["text"].as_str().expect("a text");
    assert_eq!(gold["id"], record["id"], "records in the order of the articles");
    let bytes: Vec<u32> = text.char_indices().map(|(i, _)| i as u32).chain([text.len() as u32]).collect();
    let span = |v: &Value| Some(Span::new(bytes[v["start"].as_u64()? as usize], bytes[v["end"].as_u64()? as usize]));
    let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
    let mut document = Document::new(text, analyzer);
    let kind = |m: &Value, kind: &str| m["type"].as_str() == Some(kind);
    document.names = list(&record["mentions"])
        .iter()
        .filter_map(|m| {
            Some(Name {
                span: span(m)?,
                person: kind(m, "person"),
                organization: kind(m, "organization"),
                location: kind(m, "location"),
                entity: None,
                role: None,
            })
        })
        .collect();
    document.pieces = list(&gold["quotes"])
        .iter()
        .filter_map(|q| {
            Some(Piece {
                content: span(q)?,
                source: span(&q["speaker"]),
                cue: span(&q["cue"]),
                group: q["group"].as_u64()?,
            })
        })
        .collect();
    document
}
