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
        if a.tokens.is_empty() && !text.trim().is_empty() {
            return fallback::base(text);
        }
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
                Token { span: Span::new(t.span.start, t.span.end), text: t.span.of(&self.text), lower, shape: t.shape, hash: hash(lower.as_bytes()) }
            })
            .collect()
    }
}

mod fallback {
    use super::*;
    use factbox_text::{Class, Letters, Shape, Token as T};
    pub fn base(text: &str) -> Base {
        let mut lower = String::new();
        let mut tokens: Vec<T> = Vec::new();
        let mut sentences = Vec::new();
        let b: Vec<(usize, char)> = text.char_indices().collect();
        let mut i = 0;
        let end_of = |j: usize| if j < b.len() { b[j].0 } else { text.len() };
        let mut start_sentence = true;
        let mut sent_start: Option<usize> = None;
        let mut line_caps = false;
        let mut line_end = 0usize;
        while i < b.len() {
            let (at, c) = b[i];
            if at >= line_end {
                let e = text[at..].find('\n').map_or(text.len(), |k| at + k);
                let line = &text[at..e];
                line_caps = line.chars().filter(|c| c.is_uppercase()).count() >= 6 && !line.chars().any(|c| c.is_lowercase());
                line_end = e;
            }
            if c.is_whitespace() {
                if c == '\n' {
                    if let (Some(s), Some(l)) = (sent_start.take(), tokens.last()) {
                        sentences.push(Span::new(s as u32, l.span.end));
                    }
                    start_sentence = true;
                }
                i += 1;
                continue;
            }
            let mut j = i + 1;
            let alnum = |c: char| c.is_alphanumeric();
            if alnum(c) {
                while j < b.len() {
                    let d = b[j].1;
                    if alnum(d) {
                        j += 1;
                    } else if (d == '.' || d == ',') && j + 1 < b.len() && b[j + 1].1.is_ascii_digit() && b[j - 1].1.is_ascii_digit() {
                        j += 1;
                    } else if d == '&' && j + 1 < b.len() && alnum(b[j + 1].1) {
                        j += 1;
                    } else if d == '.' && j + 1 < b.len() && b[j + 1].1.is_alphabetic() && (j - i == 1 || (j >= 2 && b[j - 2].1 == '.')) {
                        j += 1;
                    } else if (d == '\'' || d == '’') && j + 1 < b.len() && b[j + 1].1.is_alphabetic() {
                        let s: String = b[j + 1..(j + 4).min(b.len())].iter().map(|x| x.1).take_while(|c| c.is_alphanumeric()).collect();
                        if ["s", "re", "ve", "ll", "d", "m", "t", "S"].contains(&s.as_str()) {
                            break;
                        }
                        j += 1;
                    } else {
                        break;
                    }
                }
                let w = &text[at..end_of(j)];
                if j < b.len() && b[j].1 == '.' {
                    let abbr = ["Mr", "Mrs", "Ms", "Dr", "St", "Gen", "Sen", "Rep", "Gov", "Lt", "Col", "Sgt", "Capt", "Jr", "Sr", "Inc", "Corp", "Co", "Ltd", "Jan", "Feb", "Aug", "Sept", "Oct", "Nov", "Dec", "No", "vs", "Prof", "Rev"];
                    if abbr.contains(&w) || w.contains('.') || (w.chars().count() == 1 && w.chars().all(char::is_uppercase)) {
                        j += 1;
                    }
                }
            } else if (c == '\'' || c == '’') && i > 0 && b[i - 1].1.is_alphanumeric() && j < b.len() && b[j].1.is_alphabetic() {
                while j < b.len() && b[j].1.is_alphabetic() {
                    j += 1;
                }
            }
            let w = &text[at..end_of(j)];
            let ls = lower.len();
            lower.push_str(&w.to_lowercase().replace('’', "'"));
            let digits = w.chars().any(|c| c.is_ascii_digit());
            let alpha = w.chars().any(char::is_alphabetic);
            let class = if w.starts_with(['\'', '’']) && w.chars().count() > 1 || (alpha && !digits) { Class::Word } else if alpha { Class::Mixed } else if digits { Class::Number } else if matches!(c, '"' | '“' | '‘') { Class::OpenQuote } else if matches!(c, '”' | '’' | '\'') { Class::CloseQuote } else if c.is_ascii_punctuation() && !"$%+=<>~^|".contains(c) || "–—…".contains(c) { Class::Punctuation } else { Class::Symbol };
            let up = w.chars().filter(|c| c.is_uppercase()).count();
            let lo = w.chars().filter(|c| c.is_lowercase()).count();
            let letters = if up + lo == 0 { Letters::None } else if up == 0 { Letters::Lower } else if lo == 0 { Letters::Upper } else if up == 1 && w.chars().next().is_some_and(char::is_uppercase) { Letters::Title } else { Letters::Mixed };
            let mut shape = class as u32 | (letters as u32) << 4;
            if start_sentence {
                shape |= Shape::SENTENCE_START;
                if class as u8 <= 2 {
                    start_sentence = false;
                }
            }
            if line_caps {
                shape |= Shape::ALL_CAPS_CONTEXT;
            }
            let span = factbox_text::Span::new(at as u32, end_of(j) as u32);
            sent_start.get_or_insert(at);
            tokens.push(T { span, lower: factbox_text::Span::new(ls as u32, lower.len() as u32), shape: Shape(shape) });
            if matches!(w, "." | "!" | "?") && !(j < b.len() && !b[j].1.is_whitespace() && !matches!(b[j].1, '"' | '”')) {
                if let Some(s) = sent_start.take() {
                    sentences.push(Span::new(s as u32, span.end));
                }
                start_sentence = true;
            }
            i = j;
        }
        if let (Some(s), Some(l)) = (sent_start, tokens.last()) {
            sentences.push(Span::new(s as u32, l.span.end));
        }
        Base { text: text.to_owned(), lower, tokens, sentences }
    }
}
