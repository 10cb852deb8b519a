//! From a page and what an extractor took out of it to the blocks of the story. The extractor is trusted with where the story stands, the page with what
//! stands there: extractors lose paragraphs that begin with a link, glue words around tags and put links behind their sentence. So each block of the
//! page is looked up in the extractor's text, those found are read again from the page, and their like between and behind them is added.

use super::leftovers;
use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::{Html, Node};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

/// What a block of a page is, by its element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Running text.
    Paragraph,
    /// A heading of the level 1 to 6.
    Heading(u8),
    /// A list's item.
    Item,
    /// A row of a table.
    Row,
}

/// A block of the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Its text, white space collapsed.
    pub text: String,
    /// What it is.
    pub kind: Kind,
    /// Whether it is nothing but a link to somewhere else, if known.
    pub link: Option<bool>,
}

/// A block of the page: a run of text that no block element interrupts.
struct Run {
    text: String,
    /// Characters within links.
    linked: usize,
    /// The block element around it.
    element: NodeId,
    kind: Kind,
    /// The row of a table it stands in.
    row: Option<NodeId>,
    /// A picture stands in the same block.
    pictured: bool,
}

/// Boxes inside stories that are no part of them, by the words that pages of all kinds use for their classes.
pub(super) const PRUNED: [&str; 8] =
    ["rollover", "inline-promo", "most-read", "author-bio", "share-bar", "visually-hidden", "sr-only", "screen-reader"];

/// Elements whose text is none of the page's.
fn is_silent(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "math"
            | "iframe"
            | "object"
            | "select"
            | "button"
            | "textarea"
            | "head"
            | "nav"
            | "figcaption"
            | "audio"
            | "video"
            | "canvas"
            | "dialog"
    )
}

pub(super) fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "hi"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "picture"
            | "q"
            | "ref"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "source"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}

/// An open block element.
#[derive(Clone, Copy)]
struct Open {
    element: NodeId,
    kind: Kind,
    row: Option<NodeId>,
}

impl Open {
    /// The element `name` within this one.
    fn within(self, element: NodeId, name: &str) -> Open {
        let (kind, row) = match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => (Kind::Heading(name.as_bytes()[1] - b'0'), self.row),
            "li" | "dd" | "dt" => (Kind::Item, self.row),
            "tr" => (self.kind, Some(element)),
            "table" => (Kind::Paragraph, None),
            _ => (self.kind, self.row),
        };
        Open { element, kind, row }
    }
}

/// The run that is being read.
#[derive(Default)]
struct Reading {
    text: String,
    linked: usize,
    pictured: bool,
}

impl Reading {
    /// Ends the run, within `open`.
    fn end(&mut self, open: Open, out: &mut Vec<Run>) {
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            let Open { element, kind, row } = open;
            out.push(Run { text, linked: self.linked, element, kind, row, pictured: self.pictured });
            self.pictured = false;
        }
        self.text.clear();
        self.linked = 0;
    }
}

/// The blocks of `page` in its order.
fn runs(page: &Html) -> Vec<Run> {
    let mut out = Vec::new();
    let root = page.root_element();
    let mut open = vec![Open { element: root.id(), kind: Kind::Paragraph, row: None }];
    let innermost = |open: &[Open]| open[open.len() - 1];
    let (mut silent, mut in_link) = (0usize, 0usize);
    let mut reading = Reading::default();
    for edge in root.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(_) if silent > 0 => silent += 1,
                Node::Element(element) => {
                    let name = element.name();
                    let pruned = element.attr("class").is_some_and(|c| PRUNED.iter().any(|p| c.contains(p)));
                    if pruned || is_silent(name) {
                        silent = 1;
                    } else if name == "a" {
                        in_link += 1;
                    } else if name == "img" {
                        reading.pictured = true;
                    } else if !is_inline(name) {
                        reading.end(innermost(&open), &mut out);
                        if name != "br" {
                            reading.pictured = false;
                            open.push(innermost(&open).within(node.id(), name));
                        }
                    }
                }
                Node::Text(part) if silent == 0 => {
                    reading.text.push_str(part);
                    if in_link > 0 {
                        reading.linked += part.trim().len();
                    }
                }
                _ => {}
            },
            Edge::Close(node) => {
                let Some(element) = node.value().as_element() else { continue };
                if silent > 0 {
                    silent -= 1;
                } else if element.name() == "a" {
                    in_link = in_link.saturating_sub(1);
                } else if !is_inline(element.name()) && element.name() != "br" {
                    reading.end(innermost(&open), &mut out);
                    reading.pictured = false;
                    // The root itself stays open.
                    if open.len() > 1 {
                        open.pop();
                    }
                }
            }
        }
    }
    reading.end(innermost(&open), &mut out);
    out
}

/// Letters and digits alone: what two readings of one block have in common.
fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The extractor's text, for looking up blocks.
struct Found {
    keys: HashSet<String>,
    triples: HashSet<u64>,
    length: usize,
}

impl Found {
    fn of(text: &str) -> Self {
        let mut found = Found { keys: HashSet::new(), triples: HashSet::new(), length: 0 };
        for line in text.lines() {
            let key = key(line);
            if !key.is_empty() {
                found.length += if line.len() >= ANCHOR { key.len() } else { 0 };
                found.triples.extend(triples(line));
                found.keys.insert(key);
            }
        }
        found
    }

    /// Whether the block is one of the extractor's lines, or most of its runs of three words are.
    fn has(&self, text: &str) -> bool {
        let (mut all, mut here) = (0, 0);
        self.keys.contains(&key(text)) || {
            for triple in triples(text) {
                all += 1;
                here += usize::from(self.triples.contains(&triple));
            }
            all >= 3 && here * 3 >= all * 2
        }
    }
}

fn triples(text: &str) -> impl Iterator<Item = u64> {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    (0..words.len().saturating_sub(2)).map(move |i| hasher.hash_one(&words[i..i + 3]))
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', '\u{201d}', '\u{2019}', ')', ']', '\u{bb}'])
        .ends_with(['.', '!', '?', '\u{2026}', ':'])
}

/// Class and id of an element, in lower case.
fn marks(node: NodeRef<Node>) -> String {
    let Some(element) = node.value().as_element() else { return String::new() };
    let mut marks = element.attr("class").unwrap_or_default().to_lowercase();
    marks.push(' ');
    marks.push_str(&element.attr("id").unwrap_or_default().to_lowercase());
    marks
}

/// What makes siblings of paragraphs: the parent's name and class.
fn signature(node: NodeRef<Node>) -> Option<String> {
    let element = node.value().as_element()?;
    let class = element.attr("class")?.trim();
    (!class.is_empty()).then(|| format!("{} {class}", element.name()))
}

/// The block whose children its paragraphs are: past lists and quotations.
fn home<'a>(page: &'a Html, run: &Run) -> Option<NodeRef<'a, Node>> {
    let mut node = page.tree.get(run.element)?.parent()?;
    for _ in 0..8 {
        if !node.value().as_element().is_some_and(|e| matches!(e.name(), "ul" | "ol" | "blockquote" | "dl")) {
            break;
        }
        node = node.parent()?;
    }
    Some(node)
}

/// A block is long enough to tell where the story stands.
const ANCHOR: usize = 40;

/// The blocks of the story that `text`, an extractor's answer, found in `page`. Nothing if the two do not fit.
pub(super) fn story(page: &Html, text: &str) -> Option<Vec<Block>> {
    let found = Found::of(text);
    let runs = runs(page);
    let mut seen: HashSet<String> = HashSet::new();
    let hits: Vec<bool> = runs.iter().map(|r| found.has(&r.text)).collect();
    // How much of what was found each element holds itself.
    let mut own: HashMap<NodeId, usize> = HashMap::new();
    let mut total = 0;
    for run in runs.iter().zip(&hits).filter(|(r, hit)| **hit && r.text.len() >= ANCHOR).map(|(r, _)| r) {
        let key = key(&run.text);
        let length = key.len();
        if seen.insert(key) {
            total += length;
            *own.entry(run.element).or_default() += length;
        }
    }
    if total == 0 || total * 10 < found.length * 8 {
        return None;
    }
    let container = widened(innermost(page, &own, total)?);
    let places = places(container);
    let within: Vec<bool> = runs.iter().map(|r| places.contains_key(&r.element)).collect();
    let aside: Vec<bool> = runs.iter().map(|r| places.get(&r.element).is_some_and(|p| p.is_aside())).collect();
    let weight = |i: usize| if hits[i] && within[i] { runs[i].text.len() } else { 0 };
    let beside: usize = (0..runs.len()).filter(|i| aside[*i]).map(weight).sum();
    // Where most of the story stands in what looks like a box, the looks deceive.
    let boxes_go = beside * 5 < (0..runs.len()).map(weight).sum::<usize>() * 3;
    let hit = |i: usize| hits[i] && within[i] && !(aside[i] && boxes_go);
    let anchor = |i: usize| hit(i) && runs[i].text.len() >= ANCHOR;
    let (first, last) =
        reach((0..runs.len()).find(|i| anchor(*i))?, (0..runs.len()).rev().find(|i| anchor(*i))?, &runs, &hit);
    let mut homes: HashSet<NodeId> = HashSet::new();
    let mut signatures: HashSet<String> = HashSet::new();
    let mut names: HashSet<&str> = HashSet::new();
    let name = |run: &Run| page.tree.get(run.element).and_then(|n| n.value().as_element()).map_or("", |e| e.name());
    for run in (first..=last).filter(|i| anchor(*i)).map(|i| &runs[i]) {
        if let Some(home) = home(page, run) {
            homes.insert(home.id());
            signatures.extend(signature(home));
        }
        names.insert(name(run));
    }
    // A block that the extractor does not know, but whose siblings it does.
    let alike = |i: usize| {
        let run = &runs[i];
        within[i]
            && !aside[i]
            && run.linked * 2 <= run.text.len()
            && (names.contains(name(run))
                || run.kind != Kind::Paragraph
                || name(run) == "blockquote"
                || page.tree.get(run.element).is_some_and(|n| marks(n).contains("subhead")))
            && home(page, run)
                .is_some_and(|h| homes.contains(&h.id()) || signature(h).is_some_and(|s| signatures.contains(&s)))
    };
    let sentence = |run: &Run| run.kind == Kind::Paragraph && run.text.len() >= ANCHOR && ends_sentence(&run.text);
    let mut kept: Vec<&Run> = Vec::new();
    for (i, run) in runs.iter().enumerate() {
        let keep = if (first..=last).contains(&i) { hit(i) || alike(i) } else { sentence(run) && alike(i) };
        let alone = |other: usize| runs.get(other).is_none_or(|r| r.element != run.element);
        let caption = run.pictured
            && run.text.len() < 300
            && !ends_sentence(&run.text)
            && alone(i.wrapping_sub(1))
            && alone(i + 1);
        if keep && !caption {
            kept.push(run);
        }
    }
    Some(blocks(&kept))
}

/// From the first and last long blocks to the short ones around them, past at most two that were not found.
fn reach(mut first: usize, mut last: usize, runs: &[Run], hit: &impl Fn(usize) -> bool) -> (usize, usize) {
    const GAP: usize = 3;
    while let Some(before) = (first.saturating_sub(GAP)..first).find(|i| hit(*i)) {
        first = before;
    }
    while let Some(behind) = (last + 1..runs.len().min(last + GAP + 1)).rev().find(|i| hit(*i)) {
        last = behind;
    }
    (first, last)
}

/// The element that can hold a story: not a paragraph itself, and the one above if it is one of several alike.
fn widened(mut node: NodeRef<Node>) -> NodeRef<Node> {
    let block = |n: NodeRef<Node>| {
        n.value().as_element().is_some_and(|e| matches!(e.name(), "p" | "li" | "ul" | "ol" | "blockquote"))
    };
    while block(node) {
        let Some(parent) = node.parent() else { break };
        node = parent;
    }
    let Some(own) = signature(node) else { return node };
    let alike = |n: NodeRef<Node>| signature(n).is_some_and(|s| s == own);
    match node.parent() {
        Some(parent) if node.prev_siblings().any(alike) || node.next_siblings().any(alike) => parent,
        _ => node,
    }
}

/// The innermost element with nearly all of `total`, given how much each element holds itself.
fn innermost<'a>(page: &'a Html, own: &HashMap<NodeId, usize>, total: usize) -> Option<NodeRef<'a, Node>> {
    let mut open: Vec<usize> = Vec::new();
    for edge in page.root_element().traverse() {
        match edge {
            Edge::Open(node) => open.push(own.get(&node.id()).copied().unwrap_or_default()),
            Edge::Close(node) => {
                let sum = open.pop()?;
                if sum * 20 >= total * 17 {
                    return Some(node);
                }
                *open.last_mut()? += sum;
            }
        }
    }
    None
}

/// What the elements from the container down to one say of it.
#[derive(Clone, Copy, Default)]
struct Place {
    /// Hidden, or an element for things beside the story.
    apart: bool,
    /// A class or id says that it is beside the story.
    marked: bool,
    /// Within a quotation: a post from a social network is one, whatever its box is called.
    quoted: bool,
}

impl Place {
    fn is_aside(self) -> bool {
        self.apart || self.marked && !self.quoted
    }
}

/// The places of all elements in the container.
fn places(container: NodeRef<Node>) -> HashMap<NodeId, Place> {
    let mut places = HashMap::from([(container.id(), Place::default())]);
    for node in container.descendants().skip(1) {
        let Some(element) = node.value().as_element() else { continue };
        let mut place = node.parent().and_then(|p| places.get(&p.id())).copied().unwrap_or_default();
        place.apart |= matches!(element.name(), "aside" | "footer" | "figure" | "form")
            || element.attr("hidden").is_some()
            || element.attr("aria-hidden") == Some("true")
            || element.attr("style").is_some_and(|s| s.replace(' ', "").contains("display:none"));
        place.marked = place.marked || leftovers::is_aside(&marks(node));
        place.quoted |= element.name() == "blockquote";
        places.insert(node.id(), place);
    }
    places
}

/// Rows of short cells become one block each.
fn blocks(kept: &[&Run]) -> Vec<Block> {
    const CELL: usize = 80;
    let mut out: Vec<Block> = Vec::new();
    let mut at = 0;
    while at < kept.len() {
        let run = kept[at];
        let mut to = at + 1;
        if let Some(row) = run.row {
            while to < kept.len() && kept[to].row == Some(row) {
                to += 1;
            }
            if to > at + 1 && kept[at..to].iter().all(|r| r.text.len() <= CELL) {
                let text = kept[at..to].iter().map(|r| r.text.as_str()).collect::<Vec<_>>().join(" | ");
                out.push(Block { text, kind: Kind::Row, link: Some(false) });
                at = to;
                continue;
            }
            to = at + 1;
        }
        let link = Some(run.linked * 5 >= run.text.len() * 4);
        out.push(Block { text: run.text.clone(), kind: run.kind, link });
        at = to;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "The council of Eastbrook decided on Monday to close the old bridge for two years.";
    const SECOND: &str = "Mayor Ann Smith said the work would cost more than anybody had expected in spring.";
    const THIRD: &str = "Shopkeepers on both sides of the river fear for their trade and asked for a ferry.";

    /// The texts of the story in a page whose body is `body`, after an extractor that found `found`.
    fn texts(body: &str, found: &[&str]) -> Vec<String> {
        let page = Html::parse_document(&format!("<html><body><div id=page>{body}</div></body></html>"));
        let blocks = story(&page, &found.join("\n")).expect("it fits");
        blocks.into_iter().map(|b| b.text).collect()
    }

    #[test]
    fn lost_paragraphs_come_back() {
        let body = format!(
            "<ul><li><a href=x>Home</a></ul><div class=text><p>{FIRST}</p><p><a href=x>Mayor Ann Smith</a>{}</p></div>
             <div class=text><p>{THIRD}</p></div><p><a href=x>Ten more bridges that you have to see before they close.</a></p>",
            SECOND.trim_start_matches("Mayor Ann Smith")
        );
        assert_eq!(texts(&body, &[FIRST]), [FIRST, SECOND, THIRD]);
    }

    #[test]
    fn the_page_says_what_a_paragraph_is() {
        let body = format!(
            "<p>{FIRST}</p><p>The <em>Daily</em> had asked for the price, for the plan and for the name of the firm before <a href=x>Eastbrook</a>, <b>not</b>ably, did.</p><p>{SECOND}</p>"
        );
        let glued = "The Dailyhad asked for the price, for the plan and for the name of the firm before, notEastbrook ably, did.";
        assert_eq!(
            texts(&body, &[FIRST, glued, SECOND])[1],
            "The Daily had asked for the price, for the plan and for the name of the firm before Eastbrook, notably, did."
        );
    }

    #[test]
    fn boxes_beside_the_story_go() {
        let sign = "Let our best stories come to you on every single morning of the week.";
        for (open, close) in
            [("<div class='Newsletter-box'>", "</div>"), ("<aside>", "</aside>"), ("<div hidden>", "</div>")]
        {
            let body = format!("<p>{FIRST}</p>{open}<p>{sign}</p>{close}<p>{SECOND}</p>");
            assert_eq!(texts(&body, &[FIRST, sign, SECOND]), [FIRST, SECOND], "{open}");
        }
        // A post is a quotation, whatever its box is called; a story in a strange box is a story.
        let post = format!(
            "<p>{FIRST}</p><div class=social-embed><blockquote><p>{SECOND}</p></blockquote></div><p>{THIRD}</p>"
        );
        assert_eq!(texts(&post, &[FIRST, SECOND, THIRD]), [FIRST, SECOND, THIRD]);
        let strange = format!("<div class=related-x><p>{FIRST}</p><p>{SECOND}</p></div><p>{THIRD}</p>");
        assert_eq!(texts(&strange, &[FIRST, SECOND, THIRD]), [FIRST, SECOND, THIRD]);
    }

    #[test]
    fn headings_rows_and_captions_are_told() {
        let body = format!(
            "<p>{FIRST}</p><h3>What it costs</h3><table><tr><td>Bridge<td>2.4<tr><td>Ferry<td>0.3</table>
             <div><img src=x>The old bridge in spring</div><p>{SECOND}</p>"
        );
        let page = Html::parse_document(&body);
        let found = format!("{FIRST}\nWhat it costs\nBridge\n2.4\nFerry\n0.3\nThe old bridge in spring\n{SECOND}");
        let blocks = story(&page, &found).expect("it fits");
        let told: Vec<_> = blocks.iter().map(|b| (b.text.as_str(), b.kind)).collect();
        let expected = [
            (FIRST, Kind::Paragraph),
            ("What it costs", Kind::Heading(3)),
            ("Bridge | 2.4", Kind::Row),
            ("Ferry | 0.3", Kind::Row),
            (SECOND, Kind::Paragraph),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn another_text_does_not_fit() {
        let page = Html::parse_document(&format!("<p>{FIRST}</p>"));
        assert_eq!(story(&page, SECOND), None);
        assert_eq!(story(&page, ""), None);
    }
}
