//! From a paragraph to its tokens: one scan over the bytes. ASCII letters, digits and spaces are told by a table; other characters take the slow
//! path through `char`. Quotation marks get their side here, from the spaces around them and from what is still open in the paragraph.

use crate::abbreviations::{Abbreviation, abbreviation};
use crate::{Class, Letters, Shape, Span, Token};

const SPACE: u8 = 1;
const LETTER: u8 = 2;
const DIGIT: u8 = 3;
const HIGH: u8 = 4;

const TABLE: [u8; 256] = {
    let mut table = [0u8; 256];
    let mut i = 0;
    while i < 256 {
        let b = i as u8;
        table[i] = if b == b' ' || (b >= 9 && b <= 13) {
            SPACE
        } else if b.is_ascii_alphabetic() {
            LETTER
        } else if b.is_ascii_digit() {
            DIGIT
        } else if b >= 128 {
            HIGH
        } else {
            0
        };
        i += 1;
    }
    table
};

/// Scans paragraphs; quotation marks are balanced within each.
pub(crate) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    tokens: &'a mut Vec<Token>,
    lower: &'a mut Vec<u8>,
    at: usize,
    end: usize,
    /// Straight double marks seen in this paragraph and not closed.
    double_open: bool,
    /// Single marks opened and not closed.
    single_open: u32,
    /// An @ stands in this paragraph: only then are e-mail addresses looked for.
    at_sign: bool,
}

#[inline]
fn is_word_char(c: char) -> bool {
    // Latin letters of Western and Central Europe.
    if matches!(c, '\u{c0}'..='\u{24f}') {
        return !matches!(c, '\u{d7}' | '\u{f7}');
    }
    // General punctuation, where the typographic quotation marks and dashes are, holds no letters.
    if matches!(c, '\u{2000}'..='\u{206f}') {
        return matches!(c, '\u{200c}' | '\u{200d}');
    }
    c.is_alphabetic() || is_mark(c)
}

/// Combining marks and joiners: they belong to the character before them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{200c}' | '\u{200d}' | '\u{ad}')
        || (c > '\u{482}' && unicode_mark(c) && !c.is_alphanumeric())
}

/// Vowel signs and the like of the scripts of South and Southeast Asia, Arabic and Hebrew points.
fn unicode_mark(c: char) -> bool {
    matches!(c, '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{903}'
        | '\u{93a}'..='\u{94f}' | '\u{962}'..='\u{963}' | '\u{981}'..='\u{983}' | '\u{9bc}'..='\u{9cd}' | '\u{e31}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}')
}

#[inline]
fn is_space(c: char) -> bool {
    c == ' ' || c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2bc}')
}

/// The bit that makes an ASCII letter small, in each byte.
const LOWER: u64 = 0x2020_2020_2020_2020;

/// How many ASCII letters `bytes` begin with, and how many of them are capitals. Eight at a time: words are so short that the end of a loop costs more
/// than the loop.
#[inline]
fn letters(bytes: &[u8]) -> (usize, usize) {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let (mut len, mut upper) = (0, 0);
    while let Some(eight) = bytes[len..].first_chunk() {
        let eight = u64::from_le_bytes(*eight);
        // The high bit of each byte that is a letter, by two sums that carry into it from `a` and from past `z` on.
        let small = (eight | LOWER) & !HIGHS;
        let from_a = small + ONES * (0x80 - b'a' as u64);
        let past_z = small + ONES * (0x7f - b'z' as u64);
        let others = !(from_a & !past_z & !eight) & HIGHS;
        let here = others.trailing_zeros() as usize / 8;
        let within = if here == 8 { u64::MAX } else { (1 << (8 * here)) - 1 };
        upper += (!eight & LOWER & within).count_ones() as usize;
        len += here;
        if here < 8 {
            return (len, upper);
        }
    }
    while let Some(b) = bytes.get(len).filter(|b| TABLE[usize::from(**b)] == LETTER) {
        upper += usize::from(b & 0x20 == 0);
        len += 1;
    }
    (len, upper)
}

impl<'a> Scanner<'a> {
    /// `lower` is UTF-8 whenever no method runs.
    pub(crate) fn new(text: &'a str, tokens: &'a mut Vec<Token>, lower: &'a mut Vec<u8>) -> Self {
        Scanner {
            text,
            bytes: text.as_bytes(),
            tokens,
            lower,
            at: 0,
            end: 0,
            double_open: false,
            single_open: 0,
            at_sign: false,
        }
    }

    fn peek(&self, at: usize) -> Option<char> {
        if at >= self.end {
            return None;
        }
        let b = self.bytes[at];
        if b < 128 { Some(char::from(b)) } else { self.text[at..self.end].chars().next() }
    }

    fn before(&self, at: usize) -> Option<char> {
        match at.checked_sub(1) {
            None => None,
            Some(i) if self.bytes[i] < 128 => Some(char::from(self.bytes[i])),
            Some(_) => self.text[..at].chars().next_back(),
        }
    }

    /// Scans the bytes of `span`, a paragraph.
    pub(crate) fn paragraph(&mut self, span: Span) {
        self.at = span.start as usize;
        self.end = span.end as usize;
        self.double_open = false;
        self.single_open = 0;
        self.at_sign = self.bytes[self.at..self.end].contains(&b'@');
        let first = self.tokens.len();
        while self.at < self.end {
            match TABLE[usize::from(self.bytes[self.at])] {
                SPACE => self.at += 1,
                LETTER => self.word(),
                DIGIT => self.number(),
                HIGH => {
                    let c = self.text[self.at..].chars().next().unwrap_or(' ');
                    if is_space(c) {
                        self.at += c.len_utf8();
                    } else if is_word_char(c) {
                        self.word();
                    } else if c.is_numeric() {
                        self.other_number(c);
                    } else {
                        self.sign(c);
                    }
                }
                _ => self.sign(char::from(self.bytes[self.at])),
            }
        }
        if let Some(token) = self.tokens.get_mut(first) {
            token.shape.0 |= Shape::PARAGRAPH_START;
        }
    }

    /// Whether white space or nothing stands before `at`.
    #[inline]
    fn spaced(&self, at: usize) -> bool {
        match at.checked_sub(1).map(|i| TABLE[usize::from(self.bytes[i])]) {
            None | Some(SPACE) => true,
            Some(HIGH) => self.before(at).is_none_or(is_space),
            _ => false,
        }
    }

    fn push(&mut self, start: usize, end: usize, class: Class, letters: Letters, flags: u32) {
        let spaced = self.spaced(start);
        let flags = flags | if spaced { Shape::SPACE_BEFORE } else { 0 };
        let from = self.lower.len();
        let slice = &self.text[start..end];
        let mut flags = flags;
        if slice.is_ascii() {
            self.lower.extend_from_slice(slice.as_bytes());
            if class == Class::Address || !matches!(letters, Letters::None | Letters::Lower) {
                self.lower[from..].make_ascii_lowercase();
            }
        } else {
            flags |= Shape::NON_ASCII;
            for c in slice.chars() {
                if is_apostrophe(c) {
                    self.lower.push(b'\'');
                } else if matches!(c, '\u{2000}'..='\u{206f}') {
                    self.lower.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                } else if c != '\u{ad}' {
                    for c in c.to_lowercase() {
                        self.lower.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    }
                }
            }
        }
        let shape = Shape(class as u32 | (letters as u32) << 4 | flags);
        self.tokens.push(Token { span: Span::from(start..end), lower: Span::from(from..self.lower.len()), shape });
        self.at = end;
    }

    /// A word of ASCII letters before a space or a sign that ends it, which is most of them: nothing to look into but its case.
    #[inline]
    fn simple_word(&mut self) -> bool {
        let start = self.at;
        let rest = &self.bytes[start..self.end];
        let (len, upper) = letters(rest);
        if len == 0 {
            return false;
        }
        match rest.get(len) {
            None | Some(b' ' | b'\n' | b'\r' | b'\t' | b',') => {}
            // Not the head of an address, nor an abbreviation.
            Some(b'.') if len > 1 && !self.at_sign && !matches!(&rest[..len], b"www" | b"pic") => {
                if abbreviation(&self.text[start..start + len]).is_some() {
                    return false;
                }
            }
            Some(b'-' | b'"' | b')' | b';' | b'?' | b'!') if !self.at_sign => {}
            _ => return false,
        }
        let letters = match upper {
            0 => Letters::Lower,
            n if n == len => Letters::Upper,
            1 if rest[0] & 0x20 == 0 => Letters::Title,
            _ => Letters::Mixed,
        };
        let spaced = if self.spaced(start) { Shape::SPACE_BEFORE } else { 0 };
        let (from, end) = (self.lower.len(), start + len);
        match rest.first_chunk() {
            Some(eight) if len <= 8 => {
                // Eight bytes at once, and those cut off again that are too much.
                self.lower.extend_from_slice(&(u64::from_le_bytes(*eight) | LOWER).to_le_bytes());
                self.lower.truncate(from + len);
            }
            _ => {
                self.lower.extend_from_slice(&rest[..len]);
                self.lower[from..].make_ascii_lowercase();
            }
        }
        let shape = Shape(Class::Word as u32 | (letters as u32) << 4 | spaced);
        self.tokens.push(Token { span: Span::from(start..end), lower: Span::from(from..from + len), shape });
        self.at = end;
        true
    }

    fn word(&mut self) {
        if self.simple_word() {
            return;
        }
        let start = self.at;
        if let Some(end) = self.address(start) {
            return self.push(start, end, Class::Address, Letters::Lower, 0);
        }
        if let Some(end) = self.dotted(start) {
            let letters = case_of(&self.text[start..end]);
            return self.push(start, end, Class::Word, letters, Shape::ABBREVIATION);
        }
        let mut at = start;
        let mut digits = false;
        // Where a clitic begins: its first byte.
        let mut clitic = None;
        while at < self.end {
            match TABLE[usize::from(self.bytes[at])] {
                LETTER => at += 1,
                DIGIT => {
                    digits = true;
                    at += 1;
                }
                HIGH | 0 => {
                    let Some(c) = self.peek(at) else { break };
                    if is_word_char(c) {
                        at += c.len_utf8();
                    } else if is_apostrophe(c) {
                        let after = at + c.len_utf8();
                        if !self.peek(after).is_some_and(char::is_alphabetic) {
                            break;
                        }
                        if let Some(cut) = self.clitic(start, at, after) {
                            clitic = Some(cut);
                            break;
                        }
                        at = after;
                    } else if c == '&' && self.single_letter_side(start, at) {
                        at += 1;
                    } else {
                        break;
                    }
                }
                _ => break,
            }
        }
        if let Some((cut, end)) = clitic {
            if cut > start {
                self.plain_word(start, cut, digits);
            }
            let letters = case_of(&self.text[cut..end]);
            return self.push(cut, end, Class::Word, letters, Shape::CLITIC);
        }
        // "Mr.", "Inc.", "J."
        if self.peek(at) == Some('.') && !digits && self.abbreviates(start, at) {
            let letters = case_of(&self.text[start..at]);
            return self.push(start, at + 1, Class::Word, letters, Shape::ABBREVIATION);
        }
        self.plain_word(start, at, digits);
    }

    fn plain_word(&mut self, start: usize, end: usize, digits: bool) {
        let letters = case_of(&self.text[start..end]);
        let (class, flags) = if digits { (Class::Mixed, Shape::HAS_DIGIT) } else { (Class::Word, 0) };
        self.push(start, end, class, letters, flags);
    }

    /// `&` joins when both sides are capitals: "AT&T", "R&D", "S&P".
    fn single_letter_side(&self, start: usize, at: usize) -> bool {
        at - start <= 3
            && self.bytes[start..at].iter().all(u8::is_ascii_uppercase)
            && self.bytes.get(at + 1).is_some_and(u8::is_ascii_uppercase)
    }

    /// Whether the apostrophe at `mark` cuts off a clitic: where it begins and ends.
    fn clitic(&self, start: usize, mark: usize, after: usize) -> Option<(usize, usize)> {
        let mut end = after;
        while end < self.end && end < after + 3 && self.bytes[end].is_ascii_alphabetic() {
            end += 1;
        }
        let follows = self.peek(end);
        if follows.is_some_and(|c| {
            is_word_char(c)
                || c.is_numeric()
                || (is_apostrophe(c) && self.peek(end + c.len_utf8()).is_some_and(char::is_alphabetic))
        }) {
            return None;
        }
        let tail = &self.bytes[after..end];
        let is = |clitic: &[u8]| tail.eq_ignore_ascii_case(clitic);
        match tail.len() {
            1 | 2 if [&b"s"[..], b"ll", b"re", b"ve", b"d", b"m"].into_iter().any(is) => Some((mark, end)),
            1 if is(b"t") => {
                // "don't" is do + n't; "'t" alone stays.
                let n = mark.checked_sub(1)?;
                (n > start && self.bytes[n].eq_ignore_ascii_case(&b'n')).then_some((n, end))
            }
            _ => None,
        }
    }

    /// Letters with a point behind each: "U.S.", "a.m.", "D.C.". The end, past the last point.
    fn dotted(&self, start: usize) -> Option<usize> {
        let letter = |at: usize| self.bytes.get(at).is_some_and(u8::is_ascii_alphabetic) && at < self.end;
        let mut at = start;
        let mut count = 0;
        while letter(at) && at + 1 < self.end && self.bytes[at + 1] == b'.' {
            at += 2;
            count += 1;
        }
        if count == 0 {
            return None;
        }
        if count >= 2 {
            // "U.S.based" is not one: a letter may not follow, but for a last one without its point ("U.S.A").
            if letter(at) {
                let last = at + 1;
                let whole = self.peek(last).is_none_or(|c| !is_word_char(c) && !c.is_numeric());
                return if whole { Some(last) } else { None };
            }
            return Some(at);
        }
        // One letter and a point: an initial, if a capital, and something follows that can be a name.
        let b = self.bytes[start];
        if !b.is_ascii_uppercase() || letter(at) {
            return None;
        }
        let mut next = at;
        while next < self.end && self.bytes[next] == b' ' {
            next += 1;
        }
        let name_follows = self.peek(next).is_some_and(char::is_uppercase);
        let named_before = self
            .tokens
            .last()
            .is_some_and(|t| matches!(t.shape.letters(), Letters::Title | Letters::Upper | Letters::Mixed));
        (name_follows && (b != b'I' || named_before) || self.peek(next) == Some(',') && named_before).then_some(at)
    }

    fn abbreviates(&self, start: usize, point: usize) -> bool {
        let word = &self.text[start..point];
        let Some(kind) = abbreviation(word) else { return false };
        let mut next = point + 1;
        if self.peek(next) == Some('.') {
            return false;
        }
        while next < self.end && self.bytes[next] == b' ' {
            next += 1;
        }
        let capital = word.starts_with(|c: char| c.is_uppercase());
        match kind {
            Abbreviation::BeforeNumber => self.peek(next).is_some_and(|c| c.is_ascii_digit()),
            Abbreviation::Capitalised => capital && self.peek(next).is_some(),
            // A state's short form stands behind a comma and its town, or a party ("R-Fla.").
            Abbreviation::State => {
                let sign = self.tokens.last().map(|t| t.span.of(self.text));
                capital && matches!(sign, Some("," | "-" | "("))
            }
            Abbreviation::Any => true,
        }
    }

    /// Web addresses and e-mail addresses.
    fn address(&self, start: usize) -> Option<usize> {
        let rest = &self.bytes[start..self.end];
        let web = match rest[0] {
            b'h' => rest.starts_with(b"http://") || rest.starts_with(b"https://"),
            b'w' => rest.starts_with(b"www."),
            b'p' => rest.starts_with(b"pic.twitter.com"),
            _ => false,
        };
        if web {
            let graphic = |b: &&u8| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'|');
            let mut len = rest.iter().take_while(graphic).count();
            while len > 0 && matches!(rest[len - 1], b'.' | b',' | b';' | b':' | b'!' | b'?' | b')' | b']' | b'\'') {
                len -= 1;
            }
            return Some(start + len).filter(|_| len > 4);
        }
        if !self.at_sign {
            return None;
        }
        let inner = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+');
        let local = rest.iter().take(64).take_while(inner).count();
        if rest.get(local) != Some(&b'@') {
            return None;
        }
        let host = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
        let mut end = local + 1 + rest[local + 1..].iter().take(128).take_while(host).count();
        while end > local + 1 && matches!(rest[end - 1], b'.' | b'-') {
            end -= 1;
        }
        rest[local + 1..end].contains(&b'.').then_some(start + end)
    }

    fn number(&mut self) {
        let start = self.at;
        let digit = |at: usize| at < self.end && self.bytes[at].is_ascii_digit();
        let mut at = start;
        while digit(at)
            || (at < self.end && matches!(self.bytes[at], b',' | b'.' | b'\'') && digit(at + 1) && at > start)
        {
            at += 1;
        }
        // "4th", "1990s": ordinals and decades stay whole.
        let rest = &self.bytes[at..self.end];
        for suffix in [&b"st"[..], b"nd", b"rd", b"th", b"s"] {
            if rest.len() >= suffix.len() && rest[..suffix.len()].eq_ignore_ascii_case(suffix) {
                let end = at + suffix.len();
                if self.peek(end).is_none_or(|c| !is_word_char(c) && !c.is_numeric()) {
                    let letters = case_of(&self.text[at..end]);
                    return self.push(start, end, Class::Mixed, letters, Shape::HAS_DIGIT);
                }
            }
        }
        self.push(start, at, Class::Number, Letters::None, Shape::HAS_DIGIT);
    }

    /// Numerals outside ASCII: fraction signs alone, digits of other scripts in runs.
    fn other_number(&mut self, first: char) {
        let start = self.at;
        let mut at = start + first.len_utf8();
        if first.is_alphanumeric() && !matches!(first, '\u{bc}'..='\u{be}' | '\u{2150}'..='\u{215f}') {
            while let Some(c) = self.peek(at).filter(|c| {
                !c.is_ascii() && c.is_numeric() && !matches!(c, '\u{bc}'..='\u{be}' | '\u{2150}'..='\u{215f}')
            }) {
                at += c.len_utf8();
            }
        }
        self.push(start, at, Class::Number, Letters::None, Shape::HAS_DIGIT);
    }

    fn sign(&mut self, c: char) {
        let start = self.at;
        let after = start + c.len_utf8();
        if matches!(c, ',' | ';' | ':' | '(' | ')' | '!' | '?') {
            return self.push(start, after, Class::Punctuation, Letters::None, 0);
        }
        let spaced_before = self.before(start).is_none_or(|p| {
            is_space(p)
                || matches!(
                    p,
                    '(' | '[' | '{' | '-' | '\u{2013}' | '\u{2014}' | '/' | '"' | '\u{201c}' | '\u{2018}' | '\u{ab}'
                )
        });
        let next = self.peek(after);
        let spaced_after = next.is_none_or(is_space);
        match c {
            '.' => {
                let end = self.run(start, b'.');
                self.push(start, end, Class::Punctuation, Letters::None, 0);
            }
            '-' => {
                let end = self.run(start, b'-');
                self.push(start, end, Class::Punctuation, Letters::None, Shape::DASH);
            }
            '\u{2010}'..='\u{2015}' | '\u{2212}' => {
                self.push(start, after, Class::Punctuation, Letters::None, Shape::DASH)
            }
            '"' | '\u{ff02}' => {
                let open = match (spaced_before, spaced_after) {
                    (true, false) => true,
                    (false, true) => false,
                    _ => !self.double_open,
                };
                self.double_open = open;
                self.push(start, after, if open { Class::OpenQuote } else { Class::CloseQuote }, Letters::None, 0);
            }
            '\u{201c}' | '\u{201e}' | '\u{201f}' | '\u{ab}' | '\u{300c}' | '\u{300e}' | '\u{301d}' => {
                // A German closing mark looks like an English opening one.
                let closes = c == '\u{201c}' && spaced_after && !spaced_before;
                self.push(start, after, if closes { Class::CloseQuote } else { Class::OpenQuote }, Letters::None, 0);
            }
            '\u{201d}' | '\u{bb}' | '\u{300d}' | '\u{300f}' | '\u{301e}' => {
                self.push(start, after, Class::CloseQuote, Letters::None, 0)
            }
            '`' => {
                let end = if next == Some('`') { after + 1 } else { after };
                self.push(start, end, Class::OpenQuote, Letters::None, 0);
            }
            '\u{2018}' | '\u{201a}' | '\u{201b}' | '\u{2039}' => {
                self.single_open += 1;
                self.push(start, after, Class::OpenQuote, Letters::None, 0);
            }
            '\u{203a}' => {
                self.single_open = self.single_open.saturating_sub(1);
                self.push(start, after, Class::CloseQuote, Letters::None, 0);
            }
            '\'' | '\u{2019}' | '\u{2bc}' => self.apostrophe(c, start, after, spaced_before, next),
            '@' | '#' if next.is_some_and(|n| n.is_alphanumeric() || n == '_') && spaced_before => {
                let mut end = after;
                while let Some(n) = self.peek(end).filter(|n| n.is_alphanumeric() || *n == '_' || is_mark(*n)) {
                    end += n.len_utf8();
                }
                let digits_only = self.text[after..end].bytes().all(|b| b.is_ascii_digit());
                if digits_only {
                    self.push(start, after, Class::Symbol, Letters::None, 0);
                } else {
                    self.push(start, end, Class::Address, Letters::Lower, 0);
                }
            }
            '[' | ']' | '{' | '}' | '/' | '\\' | '|' | '\u{2026}' | '\u{2022}' | '\u{b7}' | '\u{bf}' | '\u{a1}'
            | '\u{3001}' | '\u{3002}' | '\u{ff0c}' | '\u{ff01}' | '\u{ff1f}' | '\u{ff1a}' | '\u{ff1b}' => {
                self.push(start, after, Class::Punctuation, Letters::None, 0)
            }
            _ => {
                // A sign or an emoji, with what joins it to the next.
                let mut end = after;
                while let Some(n) = self.peek(end) {
                    if is_mark(n)
                        || matches!(n, '\u{1f3fb}'..='\u{1f3ff}')
                        || (self.before(end) == Some('\u{200d}') && !n.is_ascii() && !is_space(n))
                    {
                        end += n.len_utf8();
                    } else {
                        break;
                    }
                }
                // A pair of regional letters is a flag.
                if matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
                    && let Some(n) = self.peek(end).filter(|n| matches!(n, '\u{1f1e6}'..='\u{1f1ff}'))
                {
                    end += n.len_utf8();
                }
                self.push(start, end, Class::Symbol, Letters::None, 0);
            }
        }
    }

    fn run(&self, start: usize, byte: u8) -> usize {
        start + self.bytes[start..self.end].iter().take_while(|b| **b == byte).count()
    }

    /// A single mark that stands outside a word: quotation mark, the sign of a plural's possessive, or of something left out ("'90s").
    fn apostrophe(&mut self, c: char, start: usize, after: usize, spaced_before: bool, next: Option<char>) {
        if c == '\'' && next == Some('\'') {
            // '' as typewriters have it: a double mark.
            let end = after + 1;
            let open = spaced_before && self.peek(end).is_some_and(|n| !is_space(n)) && !self.double_open;
            self.double_open = open;
            return self.push(start, end, if open { Class::OpenQuote } else { Class::CloseQuote }, Letters::None, 0);
        }
        let left_out = next.is_some_and(|n| n.is_ascii_digit()) && {
            let digits = self.bytes[after..self.end].iter().take_while(|b| b.is_ascii_digit()).count();
            digits == 2 && self.bytes.get(after + 2).is_none_or(|b| !b.is_ascii_alphanumeric() || *b == b's')
        };
        if spaced_before && left_out {
            return self.push(start, after, Class::Punctuation, Letters::None, 0);
        }
        if c == '\'' && spaced_before && next.is_some_and(|n| !is_space(n)) {
            self.single_open += 1;
            return self.push(start, after, Class::OpenQuote, Letters::None, 0);
        }
        let possessive = !spaced_before
            && self.before(start).is_some_and(|p| matches!(p, 's' | 'S' | 'z' | 'x'))
            && next.is_none_or(is_space);
        if possessive && self.single_open == 0 {
            return self.push(start, after, Class::Word, Letters::None, Shape::CLITIC);
        }
        self.single_open = self.single_open.saturating_sub(1);
        self.push(start, after, Class::CloseQuote, Letters::None, 0);
    }
}

/// The letter case of a word.
fn case_of(word: &str) -> Letters {
    let (mut upper, mut lower, mut first_upper, mut seen) = (0u32, 0u32, false, false);
    if word.is_ascii() {
        for b in word.bytes() {
            if b.is_ascii_uppercase() {
                upper += 1;
                first_upper |= !seen;
                seen = true;
            } else if b.is_ascii_lowercase() {
                lower += 1;
                seen = true;
            }
        }
    } else {
        for c in word.chars() {
            if c.is_uppercase() {
                upper += 1;
                first_upper |= !seen;
                seen = true;
            } else if c.is_lowercase() {
                lower += 1;
                seen = true;
            } else if c.is_alphabetic() {
                seen = true;
            }
        }
    }
    match (upper, lower) {
        (0, 0) => Letters::None,
        (0, _) => Letters::Lower,
        (_, 0) => Letters::Upper,
        (1, _) if first_upper => Letters::Title,
        // "O'Neill", "D'Souza", "N'Djamena" are titles all the same.
        _ if first_upper && word.contains(is_apostrophe) => Letters::Title,
        _ => Letters::Mixed,
    }
}
