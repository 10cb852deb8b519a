//! The analyser: text in, all base layers out, buffers kept between articles.

use crate::{Span, Token, Zone, ZoneHint, ZoneKind};

/// A paragraph: a line, or several lines of one hard-wrapped block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Where it stands (bytes), without white space at its edges.
    pub span: Span,
    /// The zone it stands in.
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
}

/// Makes base layers, reusing its buffers from article to article.
#[derive(Debug, Default)]
pub struct Analyzer {
    analysis: Analysis,
}

impl Analyzer {
    /// The base layers of `text`. `hints` are zones that the input format already knows, in text order.
    pub fn analyze(&mut self, text: &str, hints: &[ZoneHint]) -> &Analysis {
        let _ = (text, hints);
        &self.analysis
    }
}
