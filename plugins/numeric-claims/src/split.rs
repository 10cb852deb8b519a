//! Tokens as the grammar of numbers wants them: a currency's short form that is written on to its digits stands alone ("USD115", "P500,000",
//! "RM3.06mil"), so does a month ("Dec31"), and a leading point goes with its digits (".5"). Most articles have none of these and pass unchanged.

use crate::money::Money;
use crate::tables::Tables;
use factbox_sdk::{Class, Letters, Shape, Span, Token, hash};

/// The tokens of an article, split and joined where numbers want it.
pub fn for_numbers<'a>(text: &'a str, tokens: Vec<Token<'a>>, money: Money) -> Vec<Token<'a>> {
    let wanted = |i: usize| parts(&tokens, i, money).is_some() || leading_point(&tokens, i);
    let Some(first) = (0..tokens.len()).find(|i| wanted(*i)) else { return tokens };
    let mut out = Vec::with_capacity(tokens.len() + 8);
    out.extend_from_slice(&tokens[..first]);
    let mut at = first;
    while at < tokens.len() {
        let token = tokens[at];
        if let Some((letters, digits)) = parts(&tokens, at, money) {
            let (from, to) = (token.span.start, token.span.start + letters as u32);
            out.push(Token {
                span: Span::new(from, to),
                text: &token.text[..letters],
                lower: &token.lower[..letters],
                shape: shaped(token.shape, Class::Word, Letters::Upper),
                hash: hash(&token.lower.as_bytes()[..letters]),
            });
            let (end, next) = grown(&tokens, at, token.span.start + (letters + digits) as u32);
            let number = Span::new(to, end);
            out.push(numeral(text, number, token));
            if let Some(rest) = token.text.get(letters + digits..).filter(|r| !r.is_empty()) {
                out.push(Token {
                    span: Span::new(to + digits as u32, token.span.end),
                    text: rest,
                    lower: &token.lower[letters + digits..],
                    shape: Shape(shaped(token.shape, Class::Word, Letters::Lower).0 & !Shape::SPACE_BEFORE),
                    hash: hash(&token.lower.as_bytes()[letters + digits..]),
                });
            }
            at = next;
        } else if leading_point(&tokens, at) {
            let number = Span::new(token.span.start, tokens[at + 1].span.end);
            let mut joined = numeral(text, number, token);
            joined.shape = Shape(joined.shape.0 | (token.shape.0 & Shape::SPACE_BEFORE));
            out.push(joined);
            at += 2;
        } else {
            out.push(token);
            at += 1;
        }
    }
    out
}

fn shaped(shape: Shape, class: Class, letters: Letters) -> Shape {
    // The low seven bits hold class and case; the others stay, but for the digits.
    Shape((shape.0 & !0x7f & !Shape::HAS_DIGIT) | class as u32 | (letters as u32) << 4)
}

fn numeral<'a>(text: &'a str, span: Span, token: Token<'a>) -> Token<'a> {
    let written = span.of(text);
    let flags = shaped(token.shape, Class::Number, Letters::None).0
        & !Shape::SPACE_BEFORE
        & !Shape::SENTENCE_START
        & !Shape::DASH;
    let shape = Shape(flags | Shape::HAS_DIGIT);
    Token { span, text: written, lower: written, shape, hash: hash(written.as_bytes()) }
}

/// Lengths in bytes of the letters and the digits of a token to be split.
fn parts(tokens: &[Token], at: usize, money: Money) -> Option<(usize, usize)> {
    let token = &tokens[at];
    if token.shape.class() != Class::Mixed || token.lower.len() != token.text.len() {
        return None;
    }
    let bytes = token.text.as_bytes();
    let letters = bytes.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let digits = bytes[letters..].iter().take_while(|b| b.is_ascii_digit()).count();
    if !(1..=4).contains(&letters) || digits == 0 {
        return None;
    }
    let rest = &token.lower[letters + digits..];
    if !matches!(rest, "" | "m" | "k" | "b" | "bn" | "mn" | "tn" | "mil" | "million" | "billion" | "cr") {
        return None;
    }
    let head = &token.text[..letters];
    // "PS8.1bn": the pound sign, lost on the way; "PS5" is a toy.
    let mangled = head == "PS" && (grown(tokens, at, token.span.end).1 > at + 1 || rest == "m" || rest == "bn");
    let code =
        letters == 3 && Tables::get().currency_code(head).is_some() && !matches!(head, "ALL" | "TOP" | "COP" | "TRY");
    let sign = letters >= 2 && Tables::get().currency_sign(head).is_some();
    let month = digits <= 2 && rest.is_empty() && letters == 3 && crate::calendar::is_month(head);
    // "P500,000" and "R5 million" are sums in any article; "P50" only where pesos are the money.
    let sum = grown(tokens, at, token.span.end).0 >= token.span.end + 4
        || scale_follows(tokens, at)
        || matches!(rest, "bn" | "mn" | "million");
    let local = (head == "P" && (sum || money.p_is_peso && digits > 1))
        || (head == "R" && (sum || money.r_is_rand && digits > 1));
    (mangled || code || sign || month || local).then_some((letters, digits))
}

fn scale_follows(tokens: &[Token], at: usize) -> bool {
    tokens.get(at + 1).is_some_and(|t| crate::number::scale(t.lower).is_some())
}

/// The end of digits that go on behind the token: ",000", ".5"; and the first token behind them.
fn grown(tokens: &[Token], at: usize, end: u32) -> (u32, usize) {
    let (mut end, mut next) = (end, at + 1);
    let tight = |t: &Token| !t.shape.has(Shape::SPACE_BEFORE);
    while let [mark, digits, ..] = &tokens[next.min(tokens.len())..] {
        let joins = mark.span.start == end
            && tight(mark)
            && tight(digits)
            && digits.shape.class() == Class::Number
            && (mark.text == "." || mark.text == "," && digits.text.len() >= 3);
        if !joins {
            break;
        }
        end = digits.span.end;
        next += 2;
    }
    (end, next)
}

/// A point that begins a decimal: ".5", "(.534".
fn leading_point(tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    if token.text != "." {
        return false;
    }
    let free = token.shape.has(Shape::SPACE_BEFORE)
        || at == 0
        || matches!(tokens[at - 1].text, "(" | "[" | "-" | "$" | "~" | "<" | ">" | "\u{a3}" | "\u{20ac}");
    free && tokens.get(at + 1).is_some_and(|t| {
        t.shape.class() == Class::Number
            && !t.shape.has(Shape::SPACE_BEFORE)
            && t.text.len() <= 6
            && t.text.bytes().all(|b| b.is_ascii_digit())
    })
}
