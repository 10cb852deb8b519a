//! The table view: one article's record as a reporter reads it. Who said what; people and organisations; places; numbers; then whatever layers
//! other plugins brought. Control characters of the article never reach the terminal.

use super::Style;
use serde_json::Value;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Draws `record` (a JSON object as in the record's schema).
pub fn table(record: &Value, style: Style) -> String {
    let mut out = Page { out: String::new(), style };
    out.head(record);
    let Some(fields) = record.as_object() else { return out.out };
    out.quotes(record);
    out.people(record);
    out.places(record);
    out.claims(record);
    let known =
        ["id", "text", "meta", "errors", "provenance", "mentions", "entities", "quotes", "places", "focus", "claims"];
    for (name, layer) in fields.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
        out.other(name, layer);
    }
    for error in list(record, "errors") {
        let who = error["plugin"].as_str().map(|p| format!("{p}: ")).unwrap_or_default();
        out.wrapped("! ", &format!("{who}{} [{}]", text(error, "message"), text(error, "code")), Style::warning);
    }
    out.out
}

struct Page {
    out: String,
    style: Style,
}

fn list<'a>(record: &'a Value, layer: &str) -> &'a [Value] {
    record[layer].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Double quotation marks.
const MARKS: [char; 5] = ['“', '”', '"', '«', '»'];

/// Spaces folded, control and direction characters made visible as nothing: what an article holds must not steer a terminal.
fn clean(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let steers = |c: char| {
        c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    words.join(" ").chars().filter(|c| !steers(*c)).collect()
}

fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let (mut out, mut used) = (String::new(), 0);
    for c in text.chars() {
        let w = c.width().unwrap_or(0);
        if used + w + 1 > width {
            break;
        }
        out.push(c);
        used += w;
    }
    out.push('…');
    out
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last().map_or(0, |l| l.width());
        if line > 0 && line + 1 + word.width() > width {
            lines.push(cut(word, width));
        } else {
            let last = lines.len() - 1;
            if line > 0 {
                lines[last].push(' ');
            }
            lines[last].push_str(&cut(word, width));
        }
    }
    lines
}

impl Page {
    fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn section(&mut self, name: &str) {
        self.line("");
        let heading = self.style.heading(name);
        self.line(&heading);
    }

    fn wrapped(&mut self, indent: &str, body: &str, paint: fn(Style, &str) -> String) {
        let body = clean(body);
        for (i, line) in wrap(&body, self.style.width.saturating_sub(indent.width()).max(20)).iter().enumerate() {
            let lead = if i == 0 { indent.to_owned() } else { " ".repeat(indent.width()) };
            let painted = paint(self.style, line);
            self.line(&format!("{lead}{painted}"));
        }
    }

    /// Rows of cells; each column as wide as it needs to be, the last one cut to what is left.
    fn rows(&mut self, rows: &[Vec<String>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let share = self.style.width.saturating_sub(2) / columns.max(1);
        let mut widths: Vec<usize> = (0..columns)
            .map(|c| rows.iter().filter_map(|r| r.get(c)).map(|cell| cell.width()).max().unwrap_or(0))
            .collect();
        let fixed: usize = widths.iter().sum::<usize>() + 2 * columns;
        if fixed > self.style.width {
            widths.iter_mut().for_each(|w| *w = (*w).min(share.max(8)));
        }
        for row in rows {
            let mut line = String::from("  ");
            for (c, cell) in row.iter().enumerate() {
                let left = self.style.width.saturating_sub(line.width_plain());
                let room = if c + 1 == columns { left } else { widths[c].min(left) };
                let cell = cut(cell, room.max(1));
                let pad = widths[c].saturating_sub(cell.width());
                let cell = if c == 0 { self.style.strong(&cell) } else { cell };
                line.push_str(&cell);
                line.push_str(&" ".repeat(pad + 2));
            }
            self.line(&line);
        }
    }

    fn head(&mut self, record: &Value) {
        let meta = &record["meta"];
        let title = match text(meta, "title") {
            "" => text(record, "id"),
            title => title,
        };
        self.wrapped("", title, Style::strong);
        let parts: Vec<String> = ["published", "byline", "publisher"]
            .iter()
            .map(|key| clean(text(meta, key)))
            .chain([clean(text(&meta["dateline"], "text"))])
            .filter(|p| !p.is_empty())
            .collect();
        if !parts.is_empty() {
            self.wrapped("", &parts.join(" · "), Style::quiet);
        }
    }

    fn quotes(&mut self, record: &Value) {
        let quotes = list(record, "quotes");
        if quotes.is_empty() {
            return;
        }
        self.section("WHO SAID WHAT");
        let mut last = String::new();
        for quote in quotes {
            let speaker = &quote["speaker"];
            let name = [text(speaker, "name"), text(speaker, "text")]
                .into_iter()
                .find(|n| !n.is_empty())
                .unwrap_or("(nobody named)");
            let via = match text(&quote["via"], "text") {
                "" => String::new(),
                via => format!(", via {via}"),
            };
            let kind = text(quote, "kind");
            let who = clean(&format!("{name}{via}"));
            if who != last {
                let line = self.style.strong(&cut(&who, self.style.width.saturating_sub(2)));
                self.line(&format!("  {line}"));
                last = who;
            }
            let words = text(quote, "text");
            // Mixed speech shows its own marks; a fragment that stands between marks has none inside.
            let body = if kind == "indirect" || kind == "mixed" && words.contains(MARKS) {
                words.to_owned()
            } else {
                format!("“{}”", words.trim_matches(MARKS))
            };
            // A colon or dash that attributes says nothing more here.
            let cue = match text(&quote["cue"], "text") {
                cue if !cue.contains(char::is_alphanumeric) => String::new(),
                cue => format!("{cue}: "),
            };
            self.wrapped("    ", &format!("{cue}{body}"), |_, line| line.to_owned());
        }
    }

    fn people(&mut self, record: &Value) {
        let entities = list(record, "entities");
        let name_of = |id: &str| {
            entities.iter().find(|e| text(e, "id") == id).map(|e| clean(text(e, "name"))).unwrap_or_default()
        };
        let mut rows = Vec::new();
        for kind in ["person", "organization", "misc"] {
            for entity in entities.iter().filter(|e| text(e, "type") == kind) {
                let role = [text(&entity["role"], "text"), &name_of(text(entity, "affiliation"))]
                    .iter()
                    .filter(|p| !p.is_empty())
                    .map(|p| clean(p))
                    .collect::<Vec<_>>()
                    .join(", ");
                let mentions = entity["mentions"].as_array().map_or(0, Vec::len);
                let times = if mentions > 1 { format!("{mentions}x") } else { String::new() };
                rows.push(vec![clean(text(entity, "name")), kind.to_owned(), times, role]);
            }
        }
        if !rows.is_empty() {
            self.section("PEOPLE AND ORGANISATIONS");
            self.rows(&rows);
        }
    }

    fn places(&mut self, record: &Value) {
        let mut rows: Vec<(String, Vec<String>)> = Vec::new();
        let mut counts: Vec<usize> = Vec::new();
        for place in list(record, "places") {
            let coordinates = match (place["lat"].as_f64(), place["lon"].as_f64()) {
                (Some(lat), Some(lon)) => format!("{lat:.2}, {lon:.2}"),
                _ => String::new(),
            };
            let name =
                [text(place, "name"), text(place, "text")].into_iter().find(|n| !n.is_empty()).unwrap_or_default();
            let row = vec![
                clean(name),
                text(place, "level").to_owned(),
                clean(text(place, "admin1")),
                text(place, "country").to_owned(),
                coordinates,
            ];
            let key = row.join("|");
            match rows.iter().position(|(k, _)| *k == key) {
                Some(at) => counts[at] += 1,
                None => {
                    rows.push((key, row));
                    counts.push(1);
                }
            }
        }
        if rows.is_empty() {
            return;
        }
        self.section("PLACES");
        let rows: Vec<Vec<String>> = rows
            .into_iter()
            .zip(counts)
            .map(|((_, mut row), n)| {
                row.insert(2, if n > 1 { format!("{n}x") } else { String::new() });
                row
            })
            .collect();
        self.rows(&rows);
        let focus: Vec<String> =
            list(record, "focus").iter().take(3).map(|f| clean(text(f, "text"))).filter(|t| !t.is_empty()).collect();
        if !focus.is_empty() {
            self.wrapped("  ", &format!("focus: {}", focus.join(", ")), Style::quiet);
        }
    }

    fn claims(&mut self, record: &Value) {
        let rows: Vec<Vec<String>> = list(record, "claims")
            .iter()
            .map(|claim| {
                let value = match (text(claim, "value"), text(claim, "low"), text(claim, "high")) {
                    ("", low, high) if !low.is_empty() || !high.is_empty() => format!("{low} to {high}"),
                    (value, _, _) => value.to_owned(),
                };
                let unit = match text(claim, "unit") {
                    "1" => "",
                    unit => unit,
                };
                let modifier = text(claim, "modifier").replace('_', " ");
                let normal = [modifier.as_str(), &value, unit]
                    .into_iter()
                    .filter(|p| !p.is_empty())
                    .collect::<Vec<_>>()
                    .join(" ");
                let counted =
                    [text(&claim["counted"], "np"), text(&claim["counted"], "head"), text(&claim["counted"], "text")];
                let counted = counted.into_iter().find(|c| !c.is_empty()).unwrap_or_default();
                let source = [text(&claim["source"], "name"), text(&claim["source"], "text")]
                    .into_iter()
                    .find(|c| !c.is_empty());
                let source = source.map(|s| format!("says {s}")).unwrap_or_default();
                vec![clean(text(claim, "text")), normal, clean(counted), clean(&source)]
            })
            .collect();
        if !rows.is_empty() {
            self.section("NUMBERS");
            self.rows(&rows);
        }
    }

    /// A layer this view knows nothing of: its annotations with their attributes.
    fn other(&mut self, name: &str, layer: &Value) {
        let Some(items) = layer.as_array().filter(|items| !items.is_empty()) else { return };
        self.section(&name.to_uppercase());
        let rows: Vec<Vec<String>> = items
            .iter()
            .map(|item| {
                let skip = ["id", "start", "end", "text"];
                let attributes: Vec<String> = item
                    .as_object()
                    .into_iter()
                    .flatten()
                    .filter(|(key, _)| !skip.contains(&key.as_str()))
                    .map(|(key, value)| {
                        format!("{key} {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
                    })
                    .collect();
                vec![clean(text(item, "text")), clean(&attributes.join(", "))]
            })
            .collect();
        self.rows(&rows);
    }
}

trait PlainWidth {
    fn width_plain(&self) -> usize;
}

impl PlainWidth for String {
    /// Width without ANSI colours.
    fn width_plain(&self) -> usize {
        let (mut width, mut inside) = (0, false);
        for c in self.chars() {
            match (inside, c) {
                (false, '\x1b') => inside = true,
                (true, 'm') => inside = false,
                (true, _) => {}
                (false, c) => width += c.width().unwrap_or(0),
            }
        }
        width
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_cannot_steer_the_terminal() {
        let record = serde_json::json!({"id": "a", "meta": {"title": "x\u{1b}[2J\u{202e}y"}, "text": "", "errors": []});
        let drawn = table(&record, Style { color: false, width: 80 });
        assert_eq!(drawn, "x[2Jy\n");
    }

    #[test]
    fn lines_keep_to_the_width() {
        let record = serde_json::json!({"id": "a", "meta": {"title": "word ".repeat(60)}, "text": "",
            "places": [{"text": "P".repeat(90), "level": "city", "country": "FR", "lat": 1.5, "lon": 2.5}],
            "claims": [{"text": "1,200 tonnes", "value": "1200", "unit": "t", "source": {"name": "N".repeat(90)}}], "errors": []});
        for width in [40, 80] {
            for line in table(&record, Style { color: false, width }).lines() {
                assert!(line.width() <= width + 1, "{width}: {line}");
            }
        }
    }
}
