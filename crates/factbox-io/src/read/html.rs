//! From a web page to its main text, behind one trait: [`Precise`] (trafilatura with fallbacks, in favour of precision) and [`Fast`] (readability).
//! Blocks that are no part of the story are taken out afterwards by general signs. Pages are hostile: nesting is measured first, extraction runs on a
//! deep stack, and a panic of an extractor costs only its own answer.

use super::leftovers;
use super::metadata::metadata;
use super::story::{Block, Kind, PRUNED, is_inline, story};
use factbox_core::Meta;
use factbox_text::{Span, Zone, ZoneKind};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Main text and what is known of its parts.
#[derive(Clone, Debug, Default)]
pub struct Extraction {
    /// Paragraphs, separated by blank lines.
    pub text: String,
    /// Zones that the page itself tells (bytes into `text`).
    pub zones: Vec<Zone>,
}

/// Takes the main text out of a page.
pub trait MainText: Sync {
    /// The main text of `html`, or nothing if there is none.
    fn extract(&self, html: &str, url: Option<&str>) -> Option<String>;
}

/// The best extractor measured.
pub struct Precise;

/// A quicker one.
pub struct Fast;

impl MainText for Precise {
    fn extract(&self, html: &str, url: Option<&str>) -> Option<String> {
        let pruned = PRUNED.iter().map(|p| format!("[class*='{p}'], ")).collect::<String>() + "figcaption";
        let options = trafilatura::Options::default()
            .with_fallback(true)
            .with_focus(trafilatura::ExtractionFocus::FavorPrecision)
            .with_exclude_comments(true)
            .with_links(true)
            .with_prune_selector(pruned);
        let text =
            trafilatura::extract(html, &options).ok().map(|r| blocks(&r.content_html)).filter(|t| t.len() >= 100);
        text.or_else(|| Fast.extract(html, url))
    }
}

/// The text of a cleaned page, a line for each block.
fn blocks(html: &str) -> String {
    let page = scraper::Html::parse_fragment(html);
    let mut out = String::new();
    for edge in page.root_element().traverse() {
        match edge {
            ego_tree::iter::Edge::Open(node) => match node.value() {
                scraper::Node::Text(text) => out.push_str(&text.replace('\n', " ")),
                scraper::Node::Element(element) if !is_inline(element.name()) => out.push('\n'),
                _ => {}
            },
            ego_tree::iter::Edge::Close(node) => {
                if node.value().as_element().is_some_and(|e| !is_inline(e.name())) {
                    out.push('\n');
                }
            }
        }
    }
    out
}

impl MainText for Fast {
    fn extract(&self, html: &str, url: Option<&str>) -> Option<String> {
        let config = dom_smoothie::Config {
            text_mode: dom_smoothie::TextMode::Formatted,
            max_elements_to_parse: 200_000,
            ..dom_smoothie::Config::default()
        };
        let mut page = dom_smoothie::Readability::new(html, url, Some(config)).ok()?;
        Some(page.parse().ok()?.text_content.to_string())
    }
}

/// Elements may be nested this deep; more is an attack on the stack.
const DEEPEST: usize = 2_000;
const STACK: usize = 64 << 20;

/// Main text and metadata of `html`.
pub(super) fn extract(extractor: &dyn MainText, html: &str, url: Option<&str>) -> (Extraction, Meta) {
    if nesting(html) > DEEPEST {
        return (tidy(lines(&stripped(html)), None), Meta::default());
    }
    let run = || {
        let page = catch_unwind(|| scraper::Html::parse_document(html)).ok();
        let meta = page.as_ref().and_then(|p| catch_unwind(AssertUnwindSafe(|| metadata(p))).ok()).unwrap_or_default();
        let text = catch_unwind(AssertUnwindSafe(|| extractor.extract(html, url))).ok().flatten().unwrap_or_default();
        let blocks = page.as_ref().and_then(|p| catch_unwind(AssertUnwindSafe(|| story(p, &text))).ok().flatten());
        (blocks.unwrap_or_else(|| lines(&text)), meta)
    };
    let done = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        thread.ok().and_then(|t| t.join().ok())
    });
    let (blocks, meta) = done.unwrap_or_default();
    (tidy(blocks, meta.title.as_deref()), meta)
}

/// The lines of a text as paragraphs.
fn lines(text: &str) -> Vec<Block> {
    let squeezed = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    squeezed.filter(|text| !text.is_empty()).map(|text| Block { text, kind: Kind::Paragraph, link: None }).collect()
}

/// How deep elements are nested at most, counting every opening tag that is not closed; an upper bound, in one pass.
fn nesting(html: &str) -> usize {
    let bytes = html.as_bytes();
    let (mut depth, mut deepest) = (0usize, 0usize);
    let mut at = 0;
    while let Some(step) = bytes[at..].iter().position(|b| *b == b'<') {
        at += step + 1;
        match bytes.get(at) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b) if b.is_ascii_alphabetic() => {
                let name: Vec<u8> = bytes[at..]
                    .iter()
                    .take(8)
                    .take_while(|b| b.is_ascii_alphanumeric())
                    .map(u8::to_ascii_lowercase)
                    .collect();
                let void = matches!(
                    &name[..],
                    b"br"
                        | b"img"
                        | b"meta"
                        | b"link"
                        | b"input"
                        | b"hr"
                        | b"p"
                        | b"li"
                        | b"source"
                        | b"td"
                        | b"tr"
                        | b"option"
                        | b"wbr"
                        | b"area"
                        | b"col"
                        | b"embed"
                        | b"base"
                        | b"track"
                        | b"path"
                        | b"param"
                        | b"dd"
                        | b"dt"
                        | b"th"
                        | b"use"
                        | b"circle"
                        | b"rect"
                );
                depth += usize::from(!void);
                deepest = deepest.max(depth);
            }
            _ => {}
        }
    }
    deepest
}

/// The text between tags, for pages that no parser should see.
fn stripped(html: &str) -> String {
    let mut out = String::new();
    for part in html.split('<') {
        out.push_str(part.split_once('>').map_or("", |(_, text)| text));
        if !out.ends_with('\n') {
            out.push('\n');
        }
    }
    out
}

/// Paragraphs separated by blank lines, without what pages put around a story: its own headline and what stands above it, calls to read, subscribe and
/// share, and lists of other headlines at the end. Headings within the story and rows of tables are zones.
fn tidy(mut blocks: Vec<Block>, title: Option<&str>) -> Extraction {
    blocks.retain(|b| !leftovers::is_leftover(&b.text));
    if let Some(at) = blocks.iter().take(4).position(|b| b.kind == Kind::Heading(1))
        && blocks[..at].iter().all(|b| b.text.len() < 200)
    {
        blocks.drain(..=at);
    }
    if title.is_some_and(|t| blocks.first().is_some_and(|b| leftovers::same_words(t, &b.text))) {
        blocks.remove(0);
    }
    leftovers::unlink(&mut blocks);
    blocks.truncate(leftovers::end_of_story(&blocks));
    let mut out = Extraction::default();
    for block in &blocks {
        if !out.text.is_empty() {
            out.text.push_str("\n\n");
        }
        let start = out.text.len();
        out.text.push_str(&block.text);
        let kind = match block.kind {
            Kind::Heading(_) => ZoneKind::Subhead,
            Kind::Row => ZoneKind::Table,
            Kind::Paragraph | Kind::Item => continue,
        };
        out.zones.push(Zone { span: Span::from(start..out.text.len()), kind });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_pages_do_not_break_the_stack() {
        let deep = format!(
            "<html><body>{}A text in the middle of it all.{}</body></html>",
            "<div>".repeat(200_000),
            "</div>".repeat(200_000)
        );
        let (extraction, _) = extract(&Precise, &deep, None);
        assert!(extraction.text.contains("in the middle"));
    }

    #[test]
    fn both_extractors_find_the_story() {
        let body: String = (0..6).map(|i| format!("<p>Paragraph {i} of the story tells what the council of Eastbrook decided on Monday, and why it took them so long.</p>")).collect();
        let html = format!(
            "<html><head><title>T</title></head><body><nav><a href=x>Home</a></nav><article><h1>T</h1>{body}<p>Read more: other stories</p></article><footer>About us</footer></body></html>"
        );
        for extractor in [&Precise as &dyn MainText, &Fast] {
            let (extraction, _) = extract(extractor, &html, None);
            assert!(
                extraction.text.contains("Paragraph 0") && extraction.text.contains("Paragraph 5"),
                "{}",
                extraction.text
            );
            assert!(
                !extraction.text.contains("Read more") && !extraction.text.contains("About us"),
                "{}",
                extraction.text
            );
        }
    }
}
