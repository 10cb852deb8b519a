//! The user's own names: a CSV file (`surface,type,canonical,options`) becomes a table that is looked up at every token. It is stronger
//! than the model: where an entry matches, what the model found there gives way. The longest entry wins.
//!
//! Types are those of the record (`person`, `organization`, `location`, `misc`) and `none`: never a name. Options, separated by spaces:
//! `case` (letter case must be as written), `never-merge` (a referent of its own, whatever else looks alike). Whole words only.

use crate::article::Article;
use crate::label::Type;
use factbox_sdk::Token;
use std::collections::HashMap;

/// An entry of the dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name as the user wrote it.
    pub surface: String,
    /// Its type; `None`: never a name.
    pub kind: Option<Type>,
    /// What the referent is called; empty: as in the article.
    pub canonical: String,
    /// Letter case must be as written.
    pub case: bool,
    /// A referent of its own.
    pub never_merge: bool,
    /// Line in the file, from 1.
    pub line: usize,
    pieces: Vec<String>,
}

/// A dictionary.
#[derive(Debug, Default)]
pub struct Dictionary {
    /// In the order of the file.
    pub entries: Vec<Entry>,
    by_first: HashMap<u64, Vec<u32>>,
}

/// A match: tokens `first..end`, the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// First token.
    pub first: usize,
    /// One past the last.
    pub end: usize,
    /// Index in [`Dictionary::entries`].
    pub entry: u32,
}

impl Dictionary {
    /// Reads a dictionary. `file` is what messages call it.
    ///
    /// # Errors
    /// The first line that cannot be used: where, why, and what to write instead.
    pub fn parse(file: &str, content: &str) -> Result<Dictionary, String> {
        let mut dictionary = Dictionary::default();
        let mut lines_of: HashMap<(String, bool), usize> = HashMap::new();
        for (number, line) in content.lines().enumerate() {
            let number = number + 1;
            let line = line.trim_start_matches('\u{feff}').trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fields = fields(line).map_err(|why| format!("{file}:{number}: {why}"))?;
            let field = |i: usize| fields.get(i).map_or("", |f| f.trim());
            if dictionary.entries.is_empty() && field(0) == "surface" && field(1) == "type" {
                continue;
            }
            if fields.len() > 4 {
                return Err(format!(
                    "{file}:{number}: {} fields where at most 4 are possible (surface,type,canonical,options): put a field that holds a comma in quotation marks",
                    fields.len()
                ));
            }
            let surface = field(0).to_owned();
            if surface.is_empty() {
                return Err(format!(
                    "{file}:{number}: the surface (first field) is empty: write the name as it stands in articles"
                ));
            }
            let kind = match field(1) {
                "none" => None,
                word => Some(Type::ALL.into_iter().find(|t| t.name() == word).ok_or_else(|| {
                    format!("{file}:{number}: `{word}` is no type: write person, organization, location, misc or none")
                })?),
            };
            let (mut case, mut never_merge) = (false, false);
            for option in field(3).split_whitespace() {
                match option {
                    "case" => case = true,
                    "never-merge" => never_merge = true,
                    other => {
                        return Err(format!(
                            "{file}:{number}: `{other}` is no option: write case, never-merge or nothing"
                        ));
                    }
                }
            }
            let key = (if case { surface.clone() } else { surface.to_lowercase() }, case);
            if let Some(before) = lines_of.insert(key, number) {
                return Err(format!(
                    "{file}:{number}: `{surface}` stands in line {before} already: keep one of the two"
                ));
            }
            let pieces = pieces(&surface);
            let entry =
                Entry { surface, kind, canonical: field(2).to_owned(), case, never_merge, line: number, pieces };
            let first = factbox_sdk::hash(entry.pieces.first().map_or("", String::as_str).to_lowercase().as_bytes());
            dictionary.by_first.entry(first).or_default().push(dictionary.entries.len() as u32);
            dictionary.entries.push(entry);
        }
        Ok(dictionary)
    }

    /// Whether it has no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The matches in an article, in text order, not overlapping, the longest at each place.
    pub fn matches(&self, article: &Article, tokens: &[Token], out: &mut Vec<Match>) {
        out.clear();
        for sentence in &article.sentences {
            let mut at = sentence.start;
            while at < sentence.end {
                let mut best: Option<Match> = None;
                let first_piece = first_piece(tokens[at].lower);
                for &entry in self.by_first.get(&first_piece).into_iter().flatten() {
                    if let Some(end) = self.entries[entry as usize].end_at(tokens, at, sentence.end)
                        && best.is_none_or(|b| end > b.end || (end == b.end && self.entries[entry as usize].case))
                    {
                        best = Some(Match { first: at, end, entry });
                    }
                }
                match best {
                    Some(found) => {
                        at = found.end;
                        out.push(found);
                    }
                    None => at += 1,
                }
            }
        }
    }
}

impl Entry {
    /// Where the entry ends if it stands at token `at`.
    fn end_at(&self, tokens: &[Token], at: usize, limit: usize) -> Option<usize> {
        let mut next = 0;
        for (i, token) in tokens.iter().enumerate().take(limit.min(at + 4 * self.pieces.len())).skip(at) {
            for piece in pieces(token.text) {
                let expected = self.pieces.get(next)?;
                let same = if self.case { piece == *expected } else { piece.to_lowercase() == expected.to_lowercase() };
                if !same {
                    return None;
                }
                next += 1;
            }
            if next == self.pieces.len() {
                return Some(i + 1);
            }
        }
        None
    }
}

/// Letters and digits together, every other character on its own, white space nowhere; typographic apostrophes become plain ones.
fn pieces(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut word = false;
    for c in text.chars() {
        let c = if c == '’' { '\'' } else { c };
        if c.is_alphanumeric() {
            match all.last_mut() {
                Some(last) if word => last.push(c),
                _ => all.push(c.to_string()),
            }
            word = true;
        } else {
            if !c.is_whitespace() {
                all.push(c.to_string());
            }
            word = false;
        }
    }
    all
}

fn first_piece(lower: &str) -> u64 {
    let mut chars = lower.char_indices();
    let Some((_, first)) = chars.next() else { return 0 };
    let end = if first.is_alphanumeric() {
        lower.find(|c: char| !c.is_alphanumeric()).unwrap_or(lower.len())
    } else {
        first.len_utf8()
    };
    factbox_sdk::hash(&lower.as_bytes()[..end])
}

/// The fields of a line of CSV.
fn fields(line: &str) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    let mut rest = line;
    loop {
        if let Some(quoted) = rest.trim_start().strip_prefix('"') {
            let mut field = String::new();
            let mut chars = quoted.char_indices();
            let after = loop {
                match chars.next() {
                    None => return Err("a quotation mark is not closed: end the field with \"".to_owned()),
                    Some((i, '"')) => {
                        if quoted[i + 1..].starts_with('"') {
                            field.push('"');
                            chars.next();
                        } else {
                            break &quoted[i + 1..];
                        }
                    }
                    Some((_, c)) => field.push(c),
                }
            };
            all.push(field);
            match after.trim_start().strip_prefix(',') {
                Some(more) => rest = more,
                None if after.trim().is_empty() => return Ok(all),
                None => {
                    return Err(format!("`{}` stands between a closing quotation mark and the comma", after.trim()));
                }
            }
        } else {
            match rest.split_once(',') {
                Some((field, more)) => {
                    all.push(field.to_owned());
                    rest = more;
                }
                None => {
                    all.push(rest.to_owned());
                    return Ok(all);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_quoted_fields_and_options() {
        let d = Dictionary::parse(
            "d.csv",
            "surface,type,canonical,options\n\"Acme, Inc\",organization,Acme,case never-merge\nmay,none\n",
        )
        .expect("good");
        assert_eq!(d.entries.len(), 2);
        assert_eq!(
            (d.entries[0].kind, d.entries[0].case, d.entries[0].never_merge),
            (Some(Type::Organization), true, true)
        );
        assert_eq!((d.entries[1].kind, d.entries[1].line), (None, 3));
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let error = |text: &str| Dictionary::parse("d.csv", text).expect_err("bad");
        assert_eq!(
            error("A,company"),
            "d.csv:1: `company` is no type: write person, organization, location, misc or none"
        );
        assert_eq!(
            error("# x\n,person"),
            "d.csv:2: the surface (first field) is empty: write the name as it stands in articles"
        );
        assert_eq!(error("A,person\nB,misc\na,misc"), "d.csv:3: `a` stands in line 1 already: keep one of the two");
        assert_eq!(error("\"A,person"), "d.csv:1: a quotation mark is not closed: end the field with \"");
        assert_eq!(error("A,person,,loud"), "d.csv:1: `loud` is no option: write case, never-merge or nothing");
        assert!(error("A,person,B,case,more").starts_with("d.csv:1: 5 fields"));
    }
}
