//! From annotated corpora to documents with names at byte offsets.

use factbox_entities::label::Type;
use factbox_wire::Kind;
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
    Shouted,
}

/// A name in the text.
#[derive(Clone, Debug)]
pub struct Gold {
    pub start: usize,
    pub end: usize,
    pub kind: Type,
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

/// Titles that some corpora take into names.
const TITLES: [&str; 34] = [
    "Prince",
    "Princess",
    "King",
    "Queen",
    "Emperor",
    "Pope",
    "Sir",
    "Lord",
    "Lady",
    "Dame",
    "Sheikh",
    "Sheik",
    "Saint",
    "President",
    "Mr",
    "Mrs",
    "Ms",
    "Miss",
    "Dr",
    "Prof",
    "Professor",
    "Gen",
    "General",
    "Sen",
    "Senator",
    "Rep",
    "Gov",
    "Judge",
    "Justice",
    "Capt",
    "Captain",
    "Sgt",
    "Rev",
    "Cardinal",
];

impl Document {
    /// Makes conventions one where annotators differ: titles stand outside of persons' names, "U.S." before a body belongs to its name.
    fn unify(&mut self) {
        for name in self.names.iter_mut().filter(|n| n.kind == Type::Person) {
            while let Some((title, rest)) = self.text[name.start..name.end].split_once(' ') {
                if rest.is_empty() || !TITLES.contains(&title.trim_end_matches('.')) {
                    break;
                }
                name.start += title.len() + 1;
            }
        }
        let mut n = 1;
        while n < self.names.len() {
            let (before, after) = (&self.names[n - 1], &self.names[n]);
            let nation = matches!(&self.text[before.start..before.end], "U.S." | "US" | "U.K." | "UK");
            if nation
                && before.kind == Type::Location
                && after.kind == Type::Organization
                && after.start == before.end + 1
            {
                self.names[n - 1] = Gold { start: before.start, ..after.clone() };
                self.names.remove(n);
            } else {
                n += 1;
            }
        }
    }

    /// Its headline in capitals, as some agencies and papers write them.
    fn shouted(&self) -> Option<Document> {
        let end = self.text.find('\n')?;
        let headline = &self.text[..end];
        let text = headline.to_uppercase();
        let already = headline.chars().filter(|c| c.is_lowercase()).count() < headline.len() / 2;
        if already || text.len() != headline.len() {
            return None;
        }
        let names = self.names.iter().filter(|n| n.end <= end).cloned().collect();
        Some(Document {
            id: format!("{}-shouted", self.id),
            source: Source::Shouted,
            topic: String::new(),
            text,
            names,
        })
    }
}

/// Reads everything under `corpora`: `wire/*/part-*.txt` and `ner/*.jsonl`, in the order of file names.
pub fn read_all(corpora: &Path) -> Vec<Document> {
    let mut documents = Vec::new();
    for article in factbox_wire::read(&corpora.join("wire")) {
        let mut document = wire(article);
        document.unify();
        let shouted = document.shouted();
        documents.push(document);
        documents.extend(shouted);
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
    let mut all: Vec<_> =
        std::fs::read_dir(folder).expect("a folder of corpora").map(|e| e.expect("an entry").path()).collect();
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
        Some(Gold { start: offset("start")?, end: offset("end")?, kind })
    });
    let mut names: Vec<Gold> = names.collect();
    names.sort_by_key(|n| (n.start, std::cmp::Reverse(n.end)));
    let mut document =
        Document { id: value["id"].as_str().unwrap_or("").to_owned(), source, topic: String::new(), text, names };
    document.unify();
    document
}

fn wire(article: factbox_wire::Article) -> Document {
    let name = |n: &factbox_wire::Name| {
        let kind = match n.kind {
            Kind::Person => Type::Person,
            Kind::Organization => Type::Organization,
            Kind::Location => Type::Location,
            Kind::Misc => Type::Misc,
        };
        Gold { start: n.start, end: n.end, kind }
    };
    let names = article.names.iter().map(name).collect();
    let factbox_wire::Article { id, topic, text, .. } = article;
    Document { id, source: Source::Wire, topic, text, names }
}
