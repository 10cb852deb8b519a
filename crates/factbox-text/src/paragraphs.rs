//! From lines to paragraphs. A blank line always parts two; a single line end does, unless the text is hard-wrapped: lines of about equal length most of
//! which do not end a sentence.

use crate::Span;

/// Appends the paragraphs of `text`.
pub(crate) fn paragraphs(text: &str, out: &mut Vec<Span>) {
    let mut at = 0;
    let mut block: Vec<Span> = Vec::new();
    for line in text.split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        let end = at + line.trim_end().len();
        at += line.len();
        if end <= start {
            flush(text, &mut block, out);
        } else {
            block.push(Span::from(start..end));
        }
    }
    flush(text, &mut block, out);
}

/// One block of lines without a blank one between.
fn flush(text: &str, block: &mut Vec<Span>, out: &mut Vec<Span>) {
    if wrapped(text, block) {
        let mut from = 0;
        for i in 0..block.len() {
            let last = i + 1 == block.len();
            // Within wrapped text a line that is short and ends a sentence ends its paragraph.
            let short = block[i].end - block[i].start < 45 && ends(text, block[i]);
            let indented =
                !last && indent(text, block[i + 1]) >= 2 && indent(text, block[i]) < indent(text, block[i + 1]);
            if last || short || indented {
                out.push(Span::new(block[from].start, block[i].end));
                from = i + 1;
            }
        }
    } else {
        out.append(block);
    }
    block.clear();
}

/// White space between the line end before `line` and its first character, in bytes.
fn indent(text: &str, line: Span) -> usize {
    let before = &text.as_bytes()[..line.start as usize];
    before.iter().rev().take_while(|b| matches!(b, b' ' | b'\t')).take(64).count()
}

fn ends(text: &str, line: Span) -> bool {
    line.of(text)
        .trim_end_matches(['"', '\'', '\u{201d}', '\u{2019}', ')', ']'])
        .ends_with(['.', '!', '?', ':', '\u{2026}'])
}

fn wrapped(text: &str, block: &[Span]) -> bool {
    if block.len() < 3 {
        return block.len() == 2 && {
            let first = block[0].end - block[0].start;
            (50..=90).contains(&first)
                && !ends(text, block[0])
                && block[1].of(text).starts_with(|c: char| c.is_lowercase())
        };
    }
    let body = &block[..block.len() - 1];
    let long = body.iter().filter(|l| (45..=100).contains(&(l.end - l.start))).count();
    let open = body.iter().filter(|l| !ends(text, **l)).count();
    long * 10 >= body.len() * 7 && open * 10 >= body.len() * 6
}
