//! The analyser: text in, all base layers out, buffers kept between articles.

use crate::paragraphs::paragraphs;
use crate::sentences::sentences;
use crate::tokens::Scanner;
use crate::zones::{dateline, zones};
use crate::{Shape, Span, Token, Zone, ZoneHint, ZoneKind};

/// A paragraph: a line, or several lines of one hard-wrapped block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Where it stands (bytes), without white space at its edges.
    pub span: Span,
    /// The zone it stands in (a paragraph that begins with a dateline is body).
    pub zone: ZoneKind,
}

/// The base layers of one article.
#[derive(Debug, Default)]
pub struct Analysis {
    /// In text order, not overlapping.
    pub zones: Vec<Zone>,
    /// In text order, not overlapping.
    pub paragraphs: Vec<Paragraph>,
    /// In text order, not overlapping.
    pub sentences: Vec<Span>,
    /// In text order, not overlapping.
    pub tokens: Vec<Token>,
    /// Lower-case forms of the tokens, one after the other.
    pub lower: String,
    dateline: Option<Span>,
}

impl Analysis {
    /// The place part of the dateline ("SEOUL", "TROY, N.C.").
    pub fn dateline(&self) -> Option<Span> {
        self.dateline
    }
}

/// Makes base layers, reusing its buffers from article to article.
#[derive(Debug, Default)]
pub struct Analyzer {
    analysis: Analysis,
    spans: Vec<Span>,
    kinds: Vec<ZoneKind>,
}

impl Analyzer {
    /// The base layers of the text that was analysed last.
    pub fn analysis(&self) -> &Analysis {
        &self.analysis
    }

    /// The base layers of `text`. `hints` are zones that the input format already knows, in text order.
    pub fn analyze(&mut self, text: &str, hints: &[ZoneHint]) -> &Analysis {
        let a = &mut self.analysis;
        a.zones.clear();
        a.paragraphs.clear();
        a.sentences.clear();
        a.tokens.clear();
        let mut lower = std::mem::take(&mut a.lower).into_bytes();
        lower.clear();
        a.dateline = None;
        self.spans.clear();
        paragraphs(text, &mut self.spans);
        zones(text, &self.spans, &mut self.kinds);
        hint(hints, &self.spans, &mut self.kinds);

        let mut story_begun = false;
        for (i, &span) in self.spans.iter().enumerate() {
            let kind = self.kinds[i];
            a.paragraphs.push(Paragraph { span, zone: kind });
            // A dateline stands before the story, or before each story of a round-up: it is looked for where a paragraph's neighbour is no body.
            let mut cut = None;
            if kind == ZoneKind::Body && !story_begun {
                story_begun = i > 3;
                if let Some((story, place)) = dateline(span.of(text)) {
                    story_begun = true;
                    cut = Some(span.start + story as u32);
                    a.dateline = (place > 0).then(|| Span::new(span.start, span.start + place as u32));
                }
            }
            let first = a.tokens.len();
            Scanner::new(text, &mut a.tokens, &mut lower).paragraph(span);
            if a.tokens.len() == first {
                a.paragraphs.pop();
                continue;
            }
            sentences(text, &lower, &mut a.tokens, first, cut, &mut a.sentences);
            for token in &mut a.tokens[first..] {
                let zone = if cut.is_some_and(|cut| token.span.end <= cut) { ZoneKind::Dateline } else { kind };
                token.shape.0 |= (zone as u32) << 24;
            }
            if let Some(cut) = cut {
                let (head, tail) = a.tokens[first..].split_at(a.tokens[first..].partition_point(|t| t.span.end <= cut));
                if let (Some(b), Some(e)) = (head.first(), head.last()) {
                    a.zones.push(Zone { span: Span::new(b.span.start, e.span.end), kind: ZoneKind::Dateline });
                }
                if let (Some(b), Some(e)) = (tail.first(), tail.last()) {
                    a.zones.push(Zone { span: Span::new(b.span.start, e.span.end), kind });
                }
            } else {
                a.zones.push(Zone { span, kind });
            }
            mark_capitals(&mut a.tokens[first..]);
        }
        merge(&mut a.zones);
        a.lower = String::from_utf8(lower).expect("lower-case forms are made of whole characters");
        &self.analysis
    }
}

/// What the input format knows wins.
fn hint(hints: &[ZoneHint], spans: &[Span], kinds: &mut [ZoneKind]) {
    let mut at = 0;
    for (span, kind) in spans.iter().zip(kinds) {
        while at < hints.len() && hints[at].span.end <= span.start {
            at += 1;
        }
        if let Some(zone) = hints.get(at).filter(|z| z.span.start <= span.start && z.span.end >= span.end) {
            *kind = zone.kind;
        }
    }
}

/// Neighbouring zones of running text become one.
fn merge(zones: &mut Vec<Zone>) {
    zones.dedup_by(|next, kept| {
        let one =
            next.kind == kept.kind && matches!(kept.kind, ZoneKind::Body | ZoneKind::Table | ZoneKind::Boilerplate);
        if one {
            kept.span.end = next.span.end;
        }
        one
    });
}

/// Flags tokens of stretches that are written in capitals: there, case says nothing. A stretch is a sentence or a dateline.
fn mark_capitals(tokens: &mut [Token]) {
    let (mut from, mut upper, mut cased) = (0, 0, 0u32);
    let mut begins_before = true;
    let close = |from: usize, at: usize, upper: u32, cased: u32, tokens: &mut [Token]| {
        if cased >= 3 && upper * 10 >= cased * 9 {
            tokens[from..at].iter_mut().for_each(|t| t.shape.0 |= Shape::ALL_CAPS_CONTEXT);
        }
    };
    for at in 0..tokens.len() {
        let shape = tokens[at].shape;
        let begins = shape.has(Shape::SENTENCE_START);
        if begins && !begins_before {
            close(from, at, upper, cased, tokens);
            (from, upper, cased) = (at, 0, 0);
        }
        begins_before = begins;
        cased += u32::from(shape.is_cased());
        upper += u32::from(shape.is_upper());
    }
    close(from, tokens.len(), upper, cased, tokens);
}
