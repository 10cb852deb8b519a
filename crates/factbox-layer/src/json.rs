//! A small JSON reader for both sides of the plugin boundary: the host checks `json` attributes with it, the SDK reads an instance's
//! options. It depends on nothing, so that a plugin's crate builds from the SDK alone. Nesting is limited, numbers stay text.

use std::borrow::Cow;

const DEPTH: u32 = 64;

/// A JSON value; objects keep their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// As written.
    Number(&'a str),
    /// Unescaped.
    String(Cow<'a, str>),
    /// `[...]`
    Array(Vec<Json<'a>>),
    /// `{...}`
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl<'a> Json<'a> {
    /// The value of `key`, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Json<'a>> {
        match self {
            Json::Object(fields) => fields.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// The string, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }
}

/// Whether `text` is one JSON value without control characters (so that it can stand in a line of JSON Lines).
///
/// # Errors
/// What is wrong, and at which byte.
pub fn validate(text: &str) -> Result<(), String> {
    if let Some(at) = text.bytes().position(|b| b < 0x20) {
        return Err(format!("control character at byte {at}"));
    }
    let mut reader = Reader { text, at: 0 };
    reader.skip(0)?;
    reader.end()
}

/// Reads one JSON value.
///
/// # Errors
/// What is wrong, and at which byte.
pub fn parse(text: &str) -> Result<Json<'_>, String> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.end()?;
    Ok(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn fail<T>(&self, what: &str) -> Result<T, String> {
        Err(format!("{what} at byte {}", self.at))
    }

    fn end(&mut self) -> Result<(), String> {
        if self.peek().is_some() { self.fail("something follows the value") } else { Ok(()) }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn word(&mut self, word: &str) -> Result<(), String> {
        if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(())
        } else {
            self.fail("not a value")
        }
    }

    fn number(&mut self) -> Result<&'a str, String> {
        let (bytes, from) = (self.text.as_bytes(), self.at);
        let digits = |at: &mut usize| {
            let from = *at;
            while matches!(bytes.get(*at), Some(b'0'..=b'9')) {
                *at += 1;
            }
            *at > from
        };
        let mut at = self.at + usize::from(bytes.get(self.at) == Some(&b'-'));
        let leading_zero = bytes.get(at) == Some(&b'0') && matches!(bytes.get(at + 1), Some(b'0'..=b'9'));
        let mut good = !leading_zero && digits(&mut at);
        if good && bytes.get(at) == Some(&b'.') {
            at += 1;
            good = digits(&mut at);
        }
        if good && matches!(bytes.get(at), Some(b'e' | b'E')) {
            at += 1;
            at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
            good = digits(&mut at);
        }
        if !good {
            return self.fail("not a number");
        }
        self.at = at;
        Ok(&self.text[from..at])
    }

    /// Past a string, its content still escaped, and whether it holds escapes. `self.at` is at the opening quotation mark.
    fn raw_string(&mut self) -> Result<(&'a str, bool), String> {
        let bytes = self.text.as_bytes();
        let from = self.at + 1;
        let (mut at, mut escaped) = (from, false);
        loop {
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    match bytes.get(at + 1) {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => at += 2,
                        Some(b'u')
                            if bytes.get(at + 2..at + 6).is_some_and(|h| h.iter().all(u8::is_ascii_hexdigit)) =>
                        {
                            at += 6
                        }
                        _ => {
                            self.at = at;
                            return self.fail("bad escape");
                        }
                    }
                }
                Some(byte) if *byte < 0x20 => {
                    self.at = at;
                    return self.fail("control character in a string");
                }
                Some(_) => at += 1,
                None => return self.fail("string without an end"),
            }
        }
        self.at = at + 1;
        Ok((&self.text[from..at], escaped))
    }

    fn string(&mut self) -> Result<Cow<'a, str>, String> {
        let start = self.at;
        let (raw, escaped) = self.raw_string()?;
        if !escaped {
            return Ok(Cow::Borrowed(raw));
        }
        unescape(raw).map(Cow::Owned).ok_or_else(|| format!("half a surrogate pair in the string at byte {start}"))
    }

    fn skip(&mut self, depth: u32) -> Result<(), String> {
        if depth > DEPTH {
            return self.fail("nested too deep");
        }
        match self.peek() {
            Some(b'{') => {
                self.at += 1;
                if self.eat(b'}') {
                    return Ok(());
                }
                loop {
                    if self.peek() != Some(b'"') {
                        return self.fail("a key is missing");
                    }
                    self.string()?;
                    if !self.eat(b':') {
                        return self.fail("`:` is missing");
                    }
                    self.skip(depth + 1)?;
                    if self.eat(b'}') {
                        return Ok(());
                    }
                    if !self.eat(b',') {
                        return self.fail("`,` or `}` is missing");
                    }
                }
            }
            Some(b'[') => {
                self.at += 1;
                if self.eat(b']') {
                    return Ok(());
                }
                loop {
                    self.skip(depth + 1)?;
                    if self.eat(b']') {
                        return Ok(());
                    }
                    if !self.eat(b',') {
                        return self.fail("`,` or `]` is missing");
                    }
                }
            }
            Some(b'"') => self.string().map(|_| ()),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            Some(_) => self.number().map(|_| ()),
            None => self.fail("a value is missing"),
        }
    }

    fn value(&mut self, depth: u32) -> Result<Json<'a>, String> {
        if depth > DEPTH {
            return self.fail("nested too deep");
        }
        Ok(match self.peek() {
            Some(b'{') => {
                self.at += 1;
                let mut fields = Vec::new();
                if self.eat(b'}') {
                    return Ok(Json::Object(fields));
                }
                loop {
                    if self.peek() != Some(b'"') {
                        return self.fail("a key is missing");
                    }
                    let key = self.string()?;
                    if !self.eat(b':') {
                        return self.fail("`:` is missing");
                    }
                    fields.push((key, self.value(depth + 1)?));
                    if self.eat(b'}') {
                        return Ok(Json::Object(fields));
                    }
                    if !self.eat(b',') {
                        return self.fail("`,` or `}` is missing");
                    }
                }
            }
            Some(b'[') => {
                self.at += 1;
                let mut items = Vec::new();
                if self.eat(b']') {
                    return Ok(Json::Array(items));
                }
                loop {
                    items.push(self.value(depth + 1)?);
                    if self.eat(b']') {
                        return Ok(Json::Array(items));
                    }
                    if !self.eat(b',') {
                        return self.fail("`,` or `]` is missing");
                    }
                }
            }
            Some(b'"') => Json::String(self.string()?),
            Some(b't') => self.word("true").map(|()| Json::Bool(true))?,
            Some(b'f') => self.word("false").map(|()| Json::Bool(false))?,
            Some(b'n') => self.word("null").map(|()| Json::Null)?,
            Some(_) => Json::Number(self.number()?),
            None => return self.fail("a value is missing"),
        })
    }
}

fn unescape(raw: &str) -> Option<String> {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (escape, after) = rest[at + 1..].split_at(1);
        rest = after;
        match escape {
            "b" => out.push('\u{8}'),
            "f" => out.push('\u{c}'),
            "n" => out.push('\n'),
            "r" => out.push('\r'),
            "t" => out.push('\t'),
            "u" => {
                let mut code = u32::from_str_radix(rest.get(..4)?, 16).ok()?;
                rest = &rest[4..];
                if (0xd800..0xdc00).contains(&code) {
                    let low = u32::from_str_radix(rest.strip_prefix("\\u")?.get(..4)?, 16).ok()?;
                    rest = &rest[6..];
                    code = 0x10000 + ((code - 0xd800) << 10) + low.checked_sub(0xdc00).filter(|n| *n < 0x400)?;
                }
                out.push(char::from_u32(code)?);
            }
            other => out.push_str(other),
        }
    }
    out.push_str(rest);
    Some(out)
}

/// Appends `text` to `out` as a JSON string with its quotation marks.
pub fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let bytes = text.as_bytes();
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        // Eight bytes at once, up to the first that does not stand for itself.
        let rest = &bytes[at..];
        let found = match rest.first_chunk() {
            Some(eight) => escapes(u64::from_le_bytes(*eight)),
            None => escapes(last_few(bytes, rest)),
        };
        if found == 0 {
            at += 8;
            continue;
        }
        at += found.trailing_zeros() as usize / 8;
        out.push_str(&text[from..at]);
        match bytes[at] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            byte => out.push_str(&format!("\\u{byte:04x}")),
        }
        at += 1;
        from = at;
    }
    out.push_str(&text[from..]);
    out.push('"');
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// Where among eight bytes the first quotation mark, backslash or control character is: its upper bit is the lowest that is set. A byte is zero, or
/// below a bound, where subtracting 1, or the bound, borrows into its upper bit; bytes above ASCII are left out.
#[inline]
fn escapes(eight: u64) -> u64 {
    let zero = |x: u64| x.wrapping_sub(ONES) & !x;
    let control = eight.wrapping_sub(ONES * 0x20) & !eight;
    (zero(eight ^ (ONES * 0x22)) | zero(eight ^ (ONES * 0x5c)) | control) & (ONES * 0x80)
}

/// `rest`, the last one to seven of `bytes`, with blanks behind them.
#[inline]
fn last_few(bytes: &[u8], rest: &[u8]) -> u64 {
    let n = rest.len();
    let blanks = (ONES * 0x20) << (8 * n);
    if let Some(eight) = bytes.last_chunk() {
        return u64::from_le_bytes(*eight) >> (8 * (8 - n)) | blanks;
    }
    let own = match (rest.first_chunk(), rest.last_chunk()) {
        // The two overlap.
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (8 * (n - 4))
        }
        _ => rest.iter().rev().fold(0, |own, byte| own << 8 | u64::from(*byte)),
    };
    own | blanks
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One character after the other.
    fn by_hand(text: &str) -> String {
        let one = |c: char| match c {
            '"' | '\\' => format!("\\{c}"),
            '\n' => "\\n".to_owned(),
            '\r' => "\\r".to_owned(),
            '\t' => "\\t".to_owned(),
            '\0'..='\u{1f}' => format!("\\u{:04x}", u32::from(c)),
            _ => c.to_string(),
        };
        format!("\"{}\"", text.chars().map(one).collect::<String>())
    }

    #[test]
    fn every_byte_is_escaped_at_every_place() {
        for c in (0u8..128).map(char::from).chain(['\u{80}', '\u{e9}', '\u{1f600}']) {
            for (before, after) in (0..20).flat_map(|before| (0..12).map(move |after| (before, after))) {
                for filling in ["x", "\u{e9}", "\""] {
                    let text = format!("{}{c}{}", filling.repeat(before), "y\\".repeat(after / 2) + filling);
                    let mut out = String::new();
                    write_string(&mut out, &text);
                    assert_eq!(parse(&out).expect("a string").as_str(), Some(text.as_str()));
                    assert_eq!(out, by_hand(&text));
                }
            }
        }
    }

    #[test]
    fn reads_what_json_allows() {
        let value = parse(r#" {"a":[1,-2.5e3,true,null],"b":"x\n\u00e9\ud83d\ude00"} "#).unwrap();
        assert_eq!(value.get("b").and_then(Json::as_str), Some("x\n\u{e9}\u{1f600}"));
        assert_eq!(
            value.get("a"),
            Some(&Json::Array(vec![Json::Number("1"), Json::Number("-2.5e3"), Json::Bool(true), Json::Null]))
        );
    }

    #[test]
    fn refuses_what_json_forbids() {
        let deep = "[".repeat(100_000);
        for bad in [
            "",
            "{",
            "[1,]",
            "{\"a\"}",
            "01",
            "1.",
            "+1",
            "\"\\x\"",
            "\"a",
            "tru",
            "1 2",
            "\"\\ud800\"",
            "{a:1}",
            &deep,
        ] {
            assert!(validate(bad).is_err(), "{bad:.20}");
            assert!(parse(bad).is_err(), "{bad:.20}");
        }
        assert!(validate("[1,\n2]").is_err(), "line ends cannot stand in JSON Lines");
    }

    #[test]
    fn written_strings_read_back() {
        let nasty = "a\"b\\c\nd\te\u{1}f\u{e9}\u{1f600}";
        let mut out = String::new();
        write_string(&mut out, nasty);
        assert_eq!(parse(&out).unwrap().as_str(), Some(nasty));
        assert!(validate(&out).is_ok());
    }
}
