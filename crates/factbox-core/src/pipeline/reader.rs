//! Typed access to a TOML table whose keys and values know their place in the source. Each getter notes what is wrong and goes on, so that
//! one run shows every slip of a file.

use super::Spanned;
use crate::{Diagnostic, diagnostic::nearest};
use std::ops::Range;
use std::time::Duration;
use toml::de::{DeTable, DeValue};

/// A table; an absent one is empty.
pub(super) struct Table<'a> {
    entries: Vec<(Spanned<String>, &'a DeValue<'a>, Range<usize>)>,
    /// Where it stands.
    pub span: Range<usize>,
}

impl<'a> Table<'a> {
    /// Parses a whole file.
    pub fn parse(source: &'a str) -> Result<Root<'a>, Diagnostic> {
        match DeTable::parse(source) {
            Ok(root) => Ok(Root { table: root.into_inner() }),
            Err(error) => {
                let message = error.message().to_owned();
                let span = error.span().unwrap_or(0..0);
                Err(Diagnostic::new("FB0200", "this is not TOML")
                    .at(span, message)
                    .help("https://toml.io shows the format on one page"))
            }
        }
    }
}

/// The file's outermost table.
pub(super) struct Root<'a> {
    table: DeTable<'a>,
}

impl<'a> Root<'a> {
    fn view(&self) -> Table<'_> {
        Table::of(&self.table, 0..0)
    }

    /// See [`Table::known_keys`].
    pub fn known_keys(&self, prefix: &str, known: &[&str], errors: &mut Vec<Diagnostic>) {
        self.view().known_keys(prefix, known, errors);
    }

    /// See [`Table::table`].
    pub fn table(&self, key: &str, errors: &mut Vec<Diagnostic>) -> Table<'_> {
        let view = self.view();
        match view.find(key) {
            None => Table { entries: Vec::new(), span: 0..0 },
            Some((DeValue::Table(table), span)) => Table::of(table, span),
            Some((other, span)) => {
                errors.push(wrong_type(key, "a table", other, span));
                Table { entries: Vec::new(), span: 0..0 }
            }
        }
    }

    /// The tables of an array `[[key]]`.
    pub fn tables(&self, key: &str, errors: &mut Vec<Diagnostic>) -> Vec<Table<'_>> {
        let view = self.view();
        let (items, span) = match view.find(key) {
            None => return Vec::new(),
            Some((DeValue::Array(items), span)) => (items, span),
            Some((other, span)) => {
                errors.push(
                    wrong_type(key, "an array of tables", other, span).help(format!("write each one as `[[{key}]]`")),
                );
                return Vec::new();
            }
        };
        let mut tables = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::Table(table) => tables.push(Table::of(table, item.span())),
                other => errors.push(
                    wrong_type(key, "a table", other, span.clone()).help(format!("write each one as `[[{key}]]`")),
                ),
            }
        }
        tables
    }
}

impl<'a> Table<'a> {
    fn of(table: &'a DeTable<'a>, span: Range<usize>) -> Self {
        let mut entries: Vec<_> = table
            .iter()
            .map(|(key, value)| {
                (Spanned { value: key.get_ref().to_string(), span: key.span() }, value.get_ref(), value.span())
            })
            .collect();
        entries.sort_by_key(|e| e.0.span.start);
        Table { entries, span }
    }

    fn find(&self, key: &str) -> Option<(&'a DeValue<'a>, Range<usize>)> {
        self.entries.iter().find(|e| e.0.value == key).map(|e| (e.1, e.2.clone()))
    }

    /// Whether it has the key, of whatever type.
    pub fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    /// Where the value of a key stands, if it has the key.
    pub fn span_of(&self, key: &str) -> Option<Range<usize>> {
        self.find(key).map(|(_, span)| span)
    }

    /// Notes keys that are none of `known`.
    pub fn known_keys(&self, prefix: &str, known: &[&str], errors: &mut Vec<Diagnostic>) {
        for (key, _, _) in &self.entries {
            if known.contains(&key.value.as_str()) {
                continue;
            }
            let mut error = Diagnostic::new("FB0201", format!("unknown key `{prefix}{}`", key.value))
                .at(key.span.clone(), "not a key of a pipeline file");
            if let Some(name) = nearest(&key.value, known.iter().copied()) {
                error = error.help(format!("a key with a similar name exists: `{name}`"));
            }
            errors.push(error.help(format!("keys here: {}", known.join(", "))));
        }
    }

    /// A table below this one; empty if absent.
    pub fn table(&self, key: &str, errors: &mut Vec<Diagnostic>) -> Table<'a> {
        match self.find(key) {
            Some((DeValue::Table(table), span)) => return Table::of(table, span),
            Some((other, span)) => errors.push(wrong_type(key, "a table", other, span)),
            None => {}
        }
        Table { entries: Vec::new(), span: 0..0 }
    }

    /// A string, if given.
    pub fn string(&self, key: &str, errors: &mut Vec<Diagnostic>) -> Option<Spanned<String>> {
        match self.find(key)? {
            (DeValue::String(text), span) => Some(Spanned { value: text.to_string(), span }),
            (other, span) => {
                errors.push(wrong_type(key, "a string", other, span));
                None
            }
        }
    }

    /// A truth value, if given.
    pub fn bool(&self, key: &str, errors: &mut Vec<Diagnostic>) -> Option<bool> {
        match self.find(key)? {
            (DeValue::Boolean(yes), _) => Some(*yes),
            (other, span) => {
                errors.push(wrong_type(key, "true or false", other, span));
                None
            }
        }
    }

    /// One of a few words, if given.
    pub fn one_of<T: Copy>(&self, key: &str, words: &[(&str, T)], errors: &mut Vec<Diagnostic>) -> Option<T> {
        let given = self.string(key, errors)?;
        let found = words.iter().find(|(word, _)| *word == given.value).map(|(_, value)| *value);
        if found.is_none() {
            let all: Vec<&str> = words.iter().map(|w| w.0).collect();
            let mut error = Diagnostic::new("FB0203", format!("bad value for `{key}`"))
                .at(given.span, format!("is none of {}", all.join(", ")));
            if let Some(name) = nearest(&given.value, all.iter().copied()) {
                error = error.help(format!("did you mean `{name}`?"));
            }
            errors.push(error.help(format!("the default is `{}`", all[0])));
        }
        found
    }

    /// A number of bytes: a whole number, or a string such as "20 MiB".
    pub fn size(&self, key: &str, errors: &mut Vec<Diagnostic>) -> Option<u64> {
        let (value, span) = self.find(key)?;
        let parsed = match value {
            DeValue::Integer(n) => n.to_string().parse().ok(),
            DeValue::String(text) => parse_unit(
                text,
                &[
                    ("B", 1),
                    ("KiB", 1 << 10),
                    ("MiB", 1 << 20),
                    ("GiB", 1 << 30),
                    ("kB", 1_000),
                    ("MB", 1_000_000),
                    ("GB", 1_000_000_000),
                ],
            ),
            _ => None,
        };
        if parsed.is_none() {
            errors.push(
                Diagnostic::new("FB0203", format!("bad value for `{key}`"))
                    .at(span, "expected a size such as \"20 MiB\"")
                    .help("units: B, kB, MB, GB, KiB, MiB, GiB"),
            );
        }
        parsed
    }

    /// A length of time: a whole number of seconds, or a string such as "250ms".
    pub fn duration(&self, key: &str, errors: &mut Vec<Diagnostic>) -> Option<Duration> {
        let (value, span) = self.find(key)?;
        let parsed = match value {
            DeValue::Integer(n) => n.to_string().parse::<u64>().ok().and_then(|n| n.checked_mul(1_000)),
            DeValue::String(text) => parse_unit(text, &[("ms", 1), ("s", 1_000), ("min", 60_000)]),
            _ => None,
        };
        if parsed.is_none() {
            errors.push(
                Diagnostic::new("FB0203", format!("bad value for `{key}`"))
                    .at(span, "expected a time such as \"2s\"")
                    .help("units: ms, s, min"),
            );
        }
        parsed.map(Duration::from_millis)
    }

    /// All keys with their values as JSON.
    pub fn into_values(self) -> Vec<(Spanned<String>, Spanned<serde_json::Value>)> {
        self.entries.into_iter().map(|(key, value, span)| (key, Spanned { value: to_json(value), span })).collect()
    }
}

fn parse_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor = units.iter().find(|(name, _)| *name == unit.trim())?.1;
    number.parse::<u64>().ok()?.checked_mul(factor)
}

fn wrong_type(key: &str, expected: &str, found: &DeValue, span: Range<usize>) -> Diagnostic {
    Diagnostic::new("FB0202", format!("`{key}` has the wrong type"))
        .at(span, format!("expected {expected}, found {}", found.type_str()))
}

fn to_json(value: &DeValue) -> serde_json::Value {
    use serde_json::Value as V;
    match value {
        DeValue::String(text) => V::String(text.to_string()),
        DeValue::Integer(n) => n.to_string().parse::<i64>().map_or(V::Null, V::from),
        DeValue::Float(n) => {
            n.to_string().parse::<f64>().ok().and_then(serde_json::Number::from_f64).map_or(V::Null, V::Number)
        }
        DeValue::Boolean(b) => V::Bool(*b),
        DeValue::Datetime(d) => V::String(d.to_string()),
        DeValue::Array(items) => V::Array(items.iter().map(|i| to_json(i.get_ref())).collect()),
        DeValue::Table(table) => {
            V::Object(table.iter().map(|(k, v)| (k.get_ref().to_string(), to_json(v.get_ref()))).collect())
        }
    }
}
