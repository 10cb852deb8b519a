//! The base layers of a text as the host would hand them over, in this process.

use factbox_sdk::{Span, Token, hash};

/// Tokens and sentences of a text, owned.
pub struct Base {
    pub text: String,
    lower: String,
    tokens: Vec<factbox_text::Token>,
    pub sentences: Vec<Span>,
}

impl Base {
    pub fn new(text: &str, analyzer: &mut factbox_text::Analyzer) -> Base {
        let a = analyzer.analyze(text, &[]);
        Base {
            text: text.to_owned(),
            lower: a.lower.clone(),
            tokens: a.tokens.clone(),
            sentences: a.sentences.iter().map(|s| Span::new(s.start, s.end)).collect(),
        }
    }

    pub fn tokens(&self) -> Vec<Token<'_>> {
        self.tokens
            .iter()
            .map(|t| {
                let lower = t.lower.of(&self.lower);
                Token {
                    span: Span::new(t.span.start, t.span.end),
                    text: t.span.of(&self.text),
                    lower,
                    shape: t.shape,
                    hash: hash(lower.as_bytes()),
                }
            })
            .collect()
    }
}
