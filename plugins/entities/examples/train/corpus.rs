//! From annotated corpora to documents with names at byte offsets.

use factbox_entities::label::Type;
use serde_json::Value;
use std::path::Path;

/// Where a document comes from: what it annotates differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    Wire,
    Gum,
    Wikigold,
    Crossner,
    Wnut,
    Btc,
    Silver,
}

/// A name in the text.
#[derive(Clone, Debug)]
pub struct Gold {
    pub start: usize,
    pub end: usize,
    pub kind: Type,
    /// Canonical name, where the corpus has one.
    pub canonical: Option<String>,
}

/// A document.
#[derive(Clone, Debug)]
pub struct Document {
    pub id: String,
    pub source: Source,
    pub topic: String,
    pub text: String,
    pub names: Vec<Gold>,
}

/// Reads everything under `corpora`: `wire/*/part-*.txt` and `ner/*.jsonl`, in the order of file names.
pub fn read_all(corpora: &Path) -> Vec<Document> {
    let mut documents = Vec::new();
    let mut parts: Vec<_> = files(&corpora.join("wire")).into_iter().flat_map(|d| if d.is_dir() { files(&d) } else { vec![] }).collect();
    parts.retain(|p| p.extension().is_some_and(|e| e == "txt"));
    for part in parts {
        wire(&std::fs::read_to_string(&part).expect("a readable part of the wire corpus"), &mut documents);
    }
    for file in files(&corpora.join("ner")) {
        let name = file.file_name().and_then(|n| n.to_str()).unwrap_or("").to_owned();
        let source = match name.as_str() {
            n if n.starts_with("btc") => Source::Btc,
            n if n.starts_with("crossner") => Source::Crossner,
            n if n.starts_with("gum") => Source::Gum,
            n if n.starts_with("wikigold") => Source::Wikigold,
            n if n.starts_with("wnut") => Source::Wnut,
            _ => continue,
        };
        documents.extend(read_jsonl(&file, source));
    }
    documents
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all: Vec<_> = std::fs::read_dir(folder).expect("a folder of corpora").map(|e| e.expect("an entry").path()).collect();
    all.sort();
    all
}

/// Reads a JSON Lines file of documents with names at code-point offsets.
pub fn read_jsonl(file: &Path, source: Source) -> Vec<Document> {
    let content = std::fs::read_to_string(file).expect("a readable corpus");
    content.lines().filter(|l| !l.trim().is_empty()).map(|line| parse(line, source)).collect()
}

fn parse(line: &str, source: Source) -> Document {
    let value: Value = serde_json::from_str(line).expect("a JSON object a line");
    let text = value["text"].as_str().expect("a text").to_owned();
    let mut bytes: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
    bytes.push(text.len());
    let empty = Vec::new();
    let names = value["entities"].as_array().unwrap_or(&empty).iter().filter_map(|e| {
        let kind = match e["type"].as_str()? {
            "PER" => Type::Person,
            "ORG" => Type::Organization,
            "LOC" => Type::Location,
            "MISC" => Type::Misc,
            _ => return None,
        };
        let offset = |key: &str| e[key].as_u64().map(|n| bytes[n as usize]);
        Some(Gold { start: offset("start")?, end: offset("end")?, kind, canonical: None })
    });
    let mut names: Vec<Gold> = names.collect();
    names.sort_by_key(|n| (n.start, std::cmp::Reverse(n.end)));
    Document { id: value["id"].as_str().unwrap_or("").to_owned(), source, topic: String::new(), text, names }
}

fn wire(content: &str, documents: &mut Vec<Document>) {
    for chunk in content.split("\n=== ").flat_map(|c| c.strip_prefix("=== ").or(Some(c))) {
        let Some((head, marked)) = chunk.split_once('\n') else { continue };
        let mut fields = head.split('|').map(str::trim);
        let id = fields.next().unwrap_or("").to_owned();
        let topic = fields.next().unwrap_or("").to_owned();
        let marked = marked.trim();
        let (mut text, mut names, mut rest) = (String::new(), Vec::new(), marked);
        while let Some(open) = rest.find('[') {
            text.push_str(&rest[..open]);
            rest = &rest[open..];
            match name(rest) {
                Some((surface, kind, canonical, length)) => {
                    let start = text.len();
                    text.push_str(surface);
                    names.push(Gold { start, end: text.len(), kind, canonical: Some(canonical.unwrap_or(surface).to_owned()) });
                    rest = &rest[length..];
                }
                None => {
                    text.push('[');
                    rest = &rest[1..];
                }
            }
        }
        text.push_str(rest);
        documents.push(Document { id, source: Source::Wire, topic, text, names });
    }
}

fn name(text: &str) -> Option<(&str, Type, Option<&str>, usize)> {
    let close = text.find(']')?;
    let inner = &text[1..close];
    if inner.contains(['[', '\n']) {
        return None;
    }
    let (surface, rest) = inner.split_once('|')?;
    let (kind, canonical) = rest.split_once('=').map_or((rest, None), |(k, c)| (k, Some(c)));
    let kind = match kind {
        "P" => Type::Person,
        "O" => Type::Organization,
        "L" => Type::Location,
        "M" => Type::Misc,
        _ => return None,
    };
    Some((surface, kind, canonical, close + 1))
}
