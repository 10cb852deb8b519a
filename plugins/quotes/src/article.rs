//! An article as the engine reads it: tokens with what is known of each, sentences, paragraphs, names.

use crate::model::Model;
use crate::tags::tag_all;
use crate::words::Word;
use factbox_sdk::{Class, Shape, Span, Token, ZoneKind};

/// A name, as the entities plugin found it.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    /// Where it stands.
    pub span: Span,
    /// A person.
    pub person: bool,
    /// An organisation.
    pub organization: bool,
    /// A place.
    pub location: bool,
    /// Its entity.
    pub entity: Option<usize>,
    /// What the entity is or does, as it stands somewhere in the article (bytes).
    pub role: Option<Span>,
}

/// A paragraph: tokens `from..to`, and the zone it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Paragraph {
    /// First token.
    pub from: usize,
    /// First token behind it.
    pub to: usize,
    /// Its zone.
    pub zone: ZoneKind,
}

impl Paragraph {
    /// Part of a headline.
    pub fn headline(&self) -> bool {
        matches!(self.zone, ZoneKind::Headline | ZoneKind::Subhead)
    }

    /// Nothing is said in it.
    pub fn silent(&self) -> bool {
        matches!(
            self.zone,
            ZoneKind::Boilerplate | ZoneKind::Table | ZoneKind::Byline | ZoneKind::Date | ZoneKind::Dateline
        )
    }
}

/// What the engine reads.
pub struct Article<'a> {
    /// The text.
    pub text: &'a str,
    /// Its tokens.
    pub tokens: &'a [Token<'a>],
    /// Sentences as token ranges.
    pub sentences: Vec<(usize, usize)>,
    /// Paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// Names in order.
    pub names: &'a [Name],
    /// For each token the name it belongs to.
    pub name_of: Vec<Option<u32>>,
    /// For each token what is known of the word.
    pub words: Vec<Word>,
    /// For each token its part of speech.
    pub tags: Vec<u8>,
    /// The coarser clusters of each cluster.
    pub levels: &'a [[u8; 2]],
}

impl<'a> Article<'a> {
    /// Puts the layers together.
    pub fn new(
        text: &'a str,
        tokens: &'a [Token<'a>],
        sentences: &[Span],
        paragraphs: &[(Span, ZoneKind)],
        names: &'a [Name],
        model: &Model<'a>,
    ) -> Self {
        let range = |span: Span| {
            (tokens.partition_point(|t| t.span.end <= span.start), tokens.partition_point(|t| t.span.start < span.end))
        };
        let words: Vec<Word> = tokens.iter().map(|t| model.words.get(t.hash)).collect();
        let mut name_of = vec![None; tokens.len()];
        for (number, name) in names.iter().enumerate() {
            let (from, to) = range(name.span);
            for slot in &mut name_of[from..to.max(from)] {
                *slot = Some(number as u32);
            }
        }
        let mut tags = Vec::with_capacity(tokens.len());
        tag_all(tokens, &words, |at| name_of[at].is_some(), model.tags, &mut tags);
        let paragraph = |&(span, zone): &(Span, ZoneKind)| {
            let (from, to) = range(span);
            (from < to).then_some(Paragraph { from, to, zone })
        };
        Article {
            text,
            tokens,
            sentences: sentences.iter().map(|s| range(*s)).filter(|r| r.0 < r.1).collect(),
            paragraphs: paragraphs.iter().filter_map(paragraph).collect(),
            names,
            name_of,
            words,
            tags,
            levels: model.levels,
        }
    }

    /// The lower-case form of a token; empty beyond the last.
    pub fn lower(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| t.lower)
    }

    /// A token as written; empty beyond the last.
    pub fn written(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| t.text)
    }

    /// Words (not signs) among the tokens `from..to`.
    pub fn words_in(&self, from: usize, to: usize) -> usize {
        let word = |t: &&Token| {
            matches!(t.shape.class(), Class::Word | Class::Number | Class::Mixed | Class::Address)
                && !t.shape.has(Shape::CLITIC)
        };
        self.tokens[from..to].iter().filter(word).count()
    }

    /// The tokens of the name that begins at token `at`: the first behind it.
    pub fn name_end(&self, at: usize) -> usize {
        let mut end = at;
        while end < self.tokens.len() && self.name_of[end].is_some() && self.name_of[end] == self.name_of[at] {
            end += 1;
        }
        end
    }
}
