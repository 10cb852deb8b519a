//! The articles of `corpora/wire`, from which the plugins' trainers learn: marked-up text to text and names. Nothing that is shipped depends on this
//! crate.

use std::path::{Path, PathBuf};

/// An article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its name in the corpus ("f001").
    pub id: String,
    /// What it is about, in a few words.
    pub topic: String,
    /// Its text, without the markup.
    pub text: String,
    /// Its names, in the order of the text.
    pub names: Vec<Name>,
}

/// A name in an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its first byte in the text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// What it names.
    pub kind: Kind,
    /// The full name of what it names; the name itself where the markup has none.
    pub canonical: String,
}

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person.
    Person,
    /// A body, company, team.
    Organization,
    /// A place.
    Location,
    /// A nationality, event, work, product.
    Misc,
}

/// All articles below `corpus`, in the order of the files' names.
///
/// # Panics
/// If a file or folder cannot be read.
pub fn read(corpus: &Path) -> Vec<Article> {
    let parts = entries(corpus).into_iter().filter(|p| p.is_dir());
    let files = parts.flat_map(|p| entries(&p)).filter(|f| f.extension().is_some_and(|e| e == "txt"));
    let mut all = Vec::new();
    for file in files {
        let content = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        for article in format!("\n{content}").split("\n=== ").skip(1) {
            let Some((head, body)) = article.split_once('\n') else { continue };
            let mut fields = head.split('|').map(|f| f.trim().to_owned());
            let (id, topic) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
            let (text, names) = unmark(body.trim());
            all.push(Article { id, topic, text, names });
        }
    }
    all
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let listed = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut all: Vec<PathBuf> = listed.flatten().map(|e| e.path()).collect();
    all.sort();
    all
}

/// Takes the markup out: `[surface|T]`, `[surface|T=Canonical name]`. Other brackets stay.
pub fn unmark(marked: &str) -> (String, Vec<Name>) {
    let (mut text, mut names, mut rest) = (String::new(), Vec::new(), marked);
    while let Some(open) = rest.find('[') {
        text.push_str(&rest[..open]);
        rest = &rest[open + 1..];
        match tag(rest) {
            Some((surface, kind, canonical, length)) => {
                let start = text.len();
                text.push_str(surface);
                names.push(Name { start, end: text.len(), kind, canonical: canonical.to_owned() });
                rest = &rest[length..];
            }
            None => text.push('['),
        }
    }
    text.push_str(rest);
    (text, names)
}

/// The name whose markup begins here, behind its bracket: as written, kind, full name, and the length of the markup.
fn tag(inside: &str) -> Option<(&str, Kind, &str, usize)> {
    let close = inside.find(']')?;
    let tag = &inside[..close];
    if tag.contains(['[', '\n']) {
        return None;
    }
    let (surface, kind) = tag.split_once('|')?;
    let (kind, canonical) = kind.split_once('=').unwrap_or((kind, surface));
    let kind = match kind {
        "P" => Kind::Person,
        "O" => Kind::Organization,
        "L" => Kind::Location,
        "M" => Kind::Misc,
        _ => return None,
    };
    Some((surface, kind, canonical, close + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_where_they_are_said_to() {
        let (text, names) = unmark("[Moss|P=Ann Moss] left [sic] the [Gorhaven|L] pier [2|3].");
        assert_eq!(text, "Moss left [sic] the Gorhaven pier [2|3].");
        let shown: Vec<_> = names.iter().map(|n| (&text[n.start..n.end], n.kind, n.canonical.as_str())).collect();
        assert_eq!(shown, [("Moss", Kind::Person, "Ann Moss"), ("Gorhaven", Kind::Location, "Gorhaven")]);
    }
}
