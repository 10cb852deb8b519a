//! From bytes to text: byte order mark, then declaration, then UTF-8 if it is valid, then detection.

use super::ReadError;
use encoding_rs::Encoding;
use factbox_core::{ArticleError, Stage};

/// The text of `bytes`, and a note if characters were lost.
pub(super) fn decode(bytes: &[u8], html: bool, place: &str) -> Result<(String, Option<ArticleError>), ReadError> {
    let wide = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let zeros = bytes.iter().take(4096).filter(|b| **b == 0).count();
    if !wide && zeros * 20 > bytes.len().min(4096) {
        return Err(ReadError::new(
            "FB0423",
            place,
            "this is no text: it is full of zero bytes",
            "name a text, an HTML page or JSON Lines",
        ));
    }
    let encoding = if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        encoding
    } else if let Some(encoding) = html.then(|| declared(bytes)).flatten() {
        encoding
    } else if std::str::from_utf8(bytes).is_ok() {
        encoding_rs::UTF_8
    } else {
        let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        detector.guess(None, chardetng::Utf8Detection::Allow)
    };
    let (text, used, lost) = encoding.decode(bytes);
    // A page that says it is in another charset but is valid UTF-8 is UTF-8.
    if used != encoding_rs::UTF_8
        && !bytes.is_ascii()
        && let (false, Ok(utf8)) = (wide, std::str::from_utf8(bytes))
    {
        return Ok((utf8.to_owned(), None));
    }
    let note = lost.then(|| {
        ArticleError::host(
            Stage::Read,
            "FB1101",
            format!("some bytes are no characters of {} and were replaced", used.name()),
        )
    });
    Ok((text.into_owned(), note))
}

/// The charset that a page declares in its first bytes.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head: Vec<u8> = bytes.iter().take(2048).map(u8::to_ascii_lowercase).collect();
    let mut from = 0;
    while let Some(at) = head[from..].windows(8).position(|w| w == b"charset=" || w == b"ncoding=") {
        let start = from + at + 8;
        let label: Vec<u8> = head[start..]
            .iter()
            .skip_while(|b| matches!(b, b'"' | b'\'' | b' '))
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            .copied()
            .collect();
        if let Some(encoding) = Encoding::for_label(&label) {
            // A declaration that could be read cannot be in UTF-16.
            return Some(if encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE {
                encoding_rs::UTF_8
            } else {
                encoding
            });
        }
        from = start;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], html: bool) -> String {
        decode(bytes, html, "x").unwrap().0
    }

    #[test]
    fn charsets_are_told() {
        assert_eq!(text(b"\xef\xbb\xbfcaf\xc3\xa9", false), "café");
        assert_eq!(text(b"\xff\xfec\x00a\x00f\x00\xe9\x00", false), "café");
        assert_eq!(
            text(b"<meta charset=\"windows-1252\">\x93caf\xe9\x94", true),
            "<meta charset=\"windows-1252\">\u{201c}café\u{201d}"
        );
        assert_eq!(text(b"<meta charset=iso-8859-1>caf\xc3\xa9", true), "<meta charset=iso-8859-1>café");
        assert_eq!(
            text(
                "Le café était fermé à Orléans, a déclaré le préfet."
                    .chars()
                    .map(|c| c as u8)
                    .collect::<Vec<_>>()
                    .as_slice(),
                false
            ),
            "Le café était fermé à Orléans, a déclaré le préfet."
        );
        assert!(decode(b"\x00\x01\x00\x02\x00\x00", false, "x").is_err());
    }
}
