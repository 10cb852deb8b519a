//! What goes through the pipes: frames of a length (four bytes, little-endian) and as many bytes. The first frame each way is JSON; then batches
//! of articles go over, and one frame for each article comes back.

use crate::runner::{Said, Subject};
use factbox_core::metadata::PluginMeta;
use factbox_core::{ArticleError, Stage};
use factbox_text::{Analysis, Paragraph, Shape, Span, Token, Zone, ZoneKind};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::PathBuf;

/// First frame to the child: all it needs to come to the same plan.
#[derive(Debug, Serialize, Deserialize)]
pub struct Setup {
    pub label: String,
    pub source: String,
    pub folder: PathBuf,
    /// In the order of the pipeline file.
    pub libraries: Vec<SetupLibrary>,
    /// Which plugins of the plan it runs.
    pub range: Range<usize>,
    /// Milliseconds that each plugin of the plan may take.
    pub timeouts: Vec<u64>,
    pub memory: u64,
    pub progress: PathBuf,
    /// Process id of the parent: the child does not outlive it.
    pub parent: u32,
}

/// A library of the pipeline.
#[derive(Debug, Serialize, Deserialize)]
pub struct SetupLibrary {
    pub path: PathBuf,
    pub size: u64,
    pub meta: PluginMeta,
    /// What to load instead of `path`: the private copy of a pinned library.
    pub copy: Option<PathBuf>,
    /// What the file at `path` looked like when it was inspected.
    pub stamp: Vec<u64>,
}

/// First frame from the child.
#[derive(Debug, Serialize, Deserialize)]
pub enum Greeting {
    /// All instances are made.
    Ready,
    /// This plugin could not start.
    Refused { at: usize, option: String, message: String, help: Option<String> },
}

/// Errors that a runner gives, by the number they have in frames.
const CODES: [(&str, Stage); 6] = [
    ("FB1201", Stage::Process),
    ("FB1202", Stage::Process),
    ("FB1203", Stage::Process),
    ("FB1204", Stage::Process),
    ("FB1205", Stage::Process),
    ("FB1301", Stage::Validate),
];

fn number(out: &mut Vec<u8>, n: u32) {
    out.extend_from_slice(&n.to_le_bytes());
}

fn string(out: &mut Vec<u8>, text: &str) {
    number(out, text.len() as u32);
    out.extend_from_slice(text.as_bytes());
}

/// Appends a frame that holds what `fill` writes.
pub fn frame(out: &mut Vec<u8>, fill: impl FnOnce(&mut Vec<u8>)) {
    let at = out.len();
    number(out, 0);
    fill(out);
    let length = (out.len() - at - 4) as u32;
    out[at..at + 4].copy_from_slice(&length.to_le_bytes());
}

/// Appends a frame with a batch of `count` articles, which `fill` writes.
pub fn batch(out: &mut Vec<u8>, count: usize, fill: impl FnOnce(&mut Vec<u8>)) {
    frame(out, |out| {
        number(out, count as u32);
        fill(out);
    });
}

/// Appends an article: its number, the plugins that go without it, what they are told.
pub fn article(out: &mut Vec<u8>, at: usize, skip: &[usize], subject: &Subject) {
    number(out, at as u32);
    number(out, skip.len() as u32);
    skip.iter().for_each(|plugin| number(out, *plugin as u32));
    for text in [subject.id, subject.lang, subject.text, subject.meta_json] {
        string(out, text);
    }
}

/// Appends the base layers `which`.
pub fn base(out: &mut Vec<u8>, analysis: &Analysis, which: &[usize]) {
    let zone = |out: &mut Vec<u8>, span: Span, kind: ZoneKind| {
        number(out, span.start);
        number(out, span.end);
        number(out, kind as u32);
    };
    for layer in which {
        match layer {
            0 => {
                number(out, analysis.zones.len() as u32);
                analysis.zones.iter().for_each(|z| zone(out, z.span, z.kind));
            }
            1 => {
                number(out, analysis.paragraphs.len() as u32);
                analysis.paragraphs.iter().for_each(|p| zone(out, p.span, p.zone));
            }
            2 => {
                number(out, analysis.sentences.len() as u32);
                for s in &analysis.sentences {
                    number(out, s.start);
                    number(out, s.end);
                }
            }
            _ => {
                string(out, &analysis.lower);
                number(out, analysis.tokens.len() as u32);
                out.reserve(analysis.tokens.len() * TOKEN);
                let (mut span, mut lower) = (0, 0);
                for t in &analysis.tokens {
                    match (short(span, t.span), short(lower, t.lower)) {
                        (Some([gap, length]), Some([lower_gap, lower_length])) => {
                            out.extend_from_slice(&[gap, length, lower_gap, lower_length]);
                        }
                        _ => {
                            out.extend_from_slice(&[LONG; 4]);
                            [t.span.start, t.span.end, t.lower.start, t.lower.end].iter().for_each(|n| number(out, *n));
                        }
                    }
                    number(out, t.shape.0);
                    (span, lower) = (t.span.end, t.lower.end);
                }
            }
        }
    }
}

/// Bytes of most tokens: how far each span begins behind the last one, its length, the shape.
const TOKEN: usize = 8;
/// In place of these numbers, where one is too large: the spans follow as they are.
const LONG: u8 = u8::MAX;

/// How far behind `end` the span begins, and its length, where a byte will do for both.
fn short(end: u32, span: Span) -> Option<[u8; 2]> {
    let byte = |n: u32| u8::try_from(n).ok().filter(|n| *n != LONG);
    Some([byte(span.start.checked_sub(end)?)?, byte(span.end.checked_sub(span.start)?)?])
}

/// The span that begins `gap` bytes behind `last` and has `length` of them.
fn behind(last: Span, gap: u8, length: u8) -> Option<Span> {
    let start = last.end.checked_add(u32::from(gap))?;
    Some(Span::new(start, start.checked_add(u32::from(length))?))
}

/// Appends what plugins said.
pub fn said(out: &mut Vec<u8>, said: &Said) {
    number(out, said.errors.len() as u32);
    for (at, error) in &said.errors {
        number(out, *at as u32);
        number(out, CODES.iter().position(|(code, _)| *code == error.code).unwrap_or(0) as u32);
        string(out, &error.message);
    }
    number(out, said.log.len() as u32);
    for (at, level, line) in &said.log {
        number(out, *at as u32);
        number(out, *level);
        string(out, line);
    }
}

/// Reads what plugins `range` said; `id` names each. `None` if that is not what stands there.
pub fn read_said<'i>(reader: &mut Reader, range: &Range<usize>, id: impl Fn(usize) -> &'i str) -> Option<Said> {
    let mut said = Said::default();
    for _ in 0..reader.number()? {
        let at = usize::try_from(reader.number()?).ok().filter(|at| range.contains(at))?;
        let (code, stage) = *CODES.get(reader.number()? as usize)?;
        said.errors.push((at, ArticleError::plugin(id(at), stage, code, reader.string()?)));
    }
    for _ in 0..reader.number()? {
        let at = usize::try_from(reader.number()?).ok().filter(|at| range.contains(at))?;
        said.log.push((at, reader.number()?, reader.string()?.to_owned()));
    }
    Some(said)
}

/// Takes a frame apart.
pub struct Reader<'b> {
    /// What has not been read yet.
    pub rest: &'b [u8],
}

impl<'b> Reader<'b> {
    /// A reader of `bytes`.
    pub fn new(bytes: &'b [u8]) -> Self {
        Reader { rest: bytes }
    }

    fn take(&mut self, n: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(n)?;
        self.rest = rest;
        Some(taken)
    }

    /// A number.
    pub fn number(&mut self) -> Option<u32> {
        self.take(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }

    /// A string; `None` if it is no UTF-8.
    pub fn string(&mut self) -> Option<&'b str> {
        let length = self.number()? as usize;
        std::str::from_utf8(self.take(length)?).ok()
    }

    /// The plugins that go without an article.
    pub fn skip(&mut self) -> Option<Vec<usize>> {
        let count = self.number()?;
        (0..count).map(|_| self.number().map(|n| n as usize)).collect()
    }

    /// The base layers `which`, into `analysis`.
    pub fn base(&mut self, analysis: &mut Analysis, which: &[usize]) -> Option<()> {
        for layer in which {
            if *layer == 3 {
                analysis.lower.clear();
                analysis.lower.push_str(self.string()?);
                let count = self.number()? as usize;
                analysis.tokens.clear();
                let (mut span, mut lower) = (Span::new(0, 0), Span::new(0, 0));
                for _ in 0..count {
                    let places = self.take(4)?;
                    if places == [LONG; 4] {
                        span = Span::new(self.number()?, self.number()?);
                        lower = Span::new(self.number()?, self.number()?);
                    } else {
                        span = behind(span, places[0], places[1])?;
                        lower = behind(lower, places[2], places[3])?;
                    }
                    analysis.tokens.push(Token { span, lower, shape: Shape(self.number()?) });
                }
                continue;
            }
            let count = self.number()?;
            match layer {
                0 => analysis.zones.clear(),
                1 => analysis.paragraphs.clear(),
                _ => analysis.sentences.clear(),
            }
            for _ in 0..count {
                let span = Span::new(self.number()?, self.number()?);
                if *layer == 2 {
                    analysis.sentences.push(span);
                    continue;
                }
                let kind = *ZoneKind::ALL.get(self.number()? as usize)?;
                match layer {
                    0 => analysis.zones.push(Zone { span, kind }),
                    _ => analysis.paragraphs.push(Paragraph { span, zone: kind }),
                }
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use factbox_text::Analyzer;

    #[test]
    fn base_layers_come_through() {
        let long = "o".repeat(300);
        let text = "Headline of the Day\n\nHARBOUR TOWN: “Yes,” said Mira O’Hale. It rained s";
        let text = format!("{text}{long}n.{}\n\nShe left.", " ".repeat(400));
        let mut analyzer = Analyzer::default();
        let analysis = analyzer.analyze(&text, &[]);
        let mut bytes = Vec::new();
        base(&mut bytes, analysis, &[0, 1, 2, 3]);
        let mut back = Analysis::default();
        let mut reader = Reader::new(&bytes);
        reader.base(&mut back, &[0, 1, 2, 3]).unwrap();
        assert!(reader.rest.is_empty() && !back.tokens.is_empty());
        assert_eq!((&back.zones, &back.paragraphs), (&analysis.zones, &analysis.paragraphs));
        assert_eq!((&back.sentences, &back.lower), (&analysis.sentences, &analysis.lower));
        for (a, b) in back.tokens.iter().zip(&analysis.tokens) {
            assert_eq!((a.span, a.lower, a.shape), (b.span, b.lower, b.shape));
        }
        for cut in 0..bytes.len() {
            assert_eq!(Reader::new(&bytes[..cut]).base(&mut back, &[0, 1, 2, 3]), None);
        }
    }

    #[test]
    fn what_plugins_say_comes_through_and_nothing_of_others() {
        let error = |at, code| (at, ArticleError::plugin("p", Stage::Process, code, "so it is"));
        let given = Said { errors: vec![error(2, "FB1203"), error(3, "FB1205")], log: vec![(2, 1, "line".into())] };
        let mut bytes = Vec::new();
        said(&mut bytes, &given);
        let back = read_said(&mut Reader::new(&bytes), &(2..4), |_| "p").unwrap();
        assert_eq!((back.errors, back.log), (given.errors, given.log));
        assert!(read_said(&mut Reader::new(&bytes), &(3..4), |_| "p").is_none());
        assert!(read_said(&mut Reader::new(&bytes[..bytes.len() - 1]), &(2..4), |_| "p").is_none());
    }
}
