//! An article as the engine reads it: tokens with what is known of each, sentences, paragraphs, names.

use crate::model::Model;
use crate::tags::tag_all;
use crate::words::{HOME_SCALE, Word};
use factbox_sdk::{Class, Letters, Shape, Span, Token, ZoneKind};

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

/// Finds the tokens of spans, which mostly come in text order: from the ones before it goes on.
struct Ranges<'a> {
    tokens: &'a [Token<'a>],
    /// Where the last span began, and its tokens.
    last: (u32, usize),
}

impl<'a> Ranges<'a> {
    fn new(tokens: &'a [Token<'a>]) -> Self {
        Ranges { tokens, last: (0, 0) }
    }

    /// The tokens that lie in `span`, with part of them at least: the first, and the first behind them.
    fn of(&mut self, span: Span) -> (usize, usize) {
        let tokens = self.tokens;
        let before = |t: &Token| t.span.end <= span.start;
        let mut from = if span.start < self.last.0 { tokens.partition_point(before) } else { self.last.1 };
        let near = tokens[from..].iter().take(NEAR).take_while(|t| before(t)).count();
        from += if near < NEAR { near } else { tokens[from..].partition_point(before) };
        self.last = (span.start, from);
        let inside = |t: &Token| t.span.start < span.end;
        let near = tokens[from..].iter().take(NEAR).take_while(|t| inside(t)).count();
        (from, from + if near < NEAR { near } else { tokens[from..].partition_point(inside) })
    }
}

/// Tokens that are looked at one by one before halving begins.
const NEAR: usize = 24;

/// Tokens of the longest name; what is longer is none.
const LONGEST_NAME: usize = 64;

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
    /// How alike the article is to those that the model was trained on, 0 to 1.
    pub alike: f32,
    /// The coarser clusters of each cluster.
    pub levels: &'a [[u8; 2]],
}

/// Tokens of the longest headline.
const HEADLINE: usize = 28;

/// Mean of [`Word::home`] from which on an article counts as quite unlike, and quite alike: most of other news, and of the training articles.
const UNLIKE: f32 = 0.08;
const ALIKE: f32 = 0.12;

/// How alike the words are to those of the articles that the model was trained on. Names do not count; short texts count as unlike.
fn alike(tokens: &[Token], words: &[Word]) -> f32 {
    let (mut sum, mut count) = (0i32, 20i32);
    for (token, word) in tokens.iter().zip(words) {
        if token.shape.letters() == Letters::Lower && word.home() != 0 {
            sum += i32::from(word.home());
            count += 1;
        }
    }
    let mean = sum as f32 / count as f32 / HOME_SCALE;
    ((mean - UNLIKE) / (ALIKE - UNLIKE)).clamp(0.0, 1.0)
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
        let words: Vec<Word> = tokens.iter().map(|t| model.words.get(t.hash)).collect();
        let mut named = Ranges::new(tokens);
        let mut name_of = vec![None; tokens.len()];
        for (number, name) in names.iter().enumerate() {
            let (from, to) = named.of(name.span);
            if to - from > LONGEST_NAME {
                continue;
            }
            for slot in &mut name_of[from..to] {
                *slot = Some(number as u32);
            }
        }
        let mut tags = Vec::with_capacity(tokens.len());
        tag_all(tokens, &words, |at| name_of[at].is_some(), model.tags, &mut tags);
        let (mut placed, mut cut) = (Ranges::new(tokens), Ranges::new(tokens));
        let paragraph = |&(span, zone): &(Span, ZoneKind)| {
            let (from, to) = placed.of(span);
            (from < to).then_some(Paragraph { from, to, zone })
        };
        Article {
            text,
            tokens,
            sentences: sentences.iter().map(|s| cut.of(*s)).filter(|r| r.0 < r.1).collect(),
            paragraphs: paragraphs.iter().filter_map(paragraph).collect(),
            names,
            name_of,
            alike: alike(tokens, &words),
            words,
            tags,
            levels: model.levels,
        }
    }

    /// Whether paragraph `number` is a headline: a short one before others is, whatever it ends with.
    pub fn titles(&self, number: usize) -> bool {
        let p = &self.paragraphs[number];
        p.headline() || number == 0 && self.paragraphs.len() > 1 && p.to - p.from <= HEADLINE
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
