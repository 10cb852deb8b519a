//! What pages put around a story and extractors leave in: calls to read, subscribe and share, credits of the desk, lists of other headlines. The phrases
//! are data: `data/leftovers.txt`.

use std::sync::OnceLock;

const TABLE: &str = include_str!("../../data/leftovers.txt");

struct Phrases {
    /// A short line that begins so is no part of the story.
    lines: Vec<&'static str>,
    /// A short line that begins so, near the end, and all behind it.
    ends: Vec<&'static str>,
}

fn phrases() -> &'static Phrases {
    static PHRASES: OnceLock<Phrases> = OnceLock::new();
    PHRASES.get_or_init(|| {
        let of = |kind: &str| {
            TABLE.lines().filter_map(|l| l.split_once('\t')).filter(|(k, _)| *k == kind).map(|(_, p)| p).collect()
        };
        Phrases { lines: of("line"), ends: of("end") }
    })
}

/// Whether a line is a call to read, subscribe or share, or a credit of the desk.
pub(super) fn is_leftover(line: &str) -> bool {
    if line.len() > 320 {
        return false;
    }
    let lower = line.trim_start_matches(['(', '[', '*', '>', ' ']).to_lowercase();
    phrases().lines.iter().any(|p| lower.starts_with(p)) || lower.contains("all rights reserved")
}

/// Whether two lines have the same words.
pub(super) fn same_words(a: &str, b: &str) -> bool {
    let words = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let (a, b) = (words(a), words(b));
    !b.is_empty() && (a == b || (b.len() > 20 && a.starts_with(&b)))
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(['"', '\'', '\u{201d}', '\u{2019}', ')', ']', '\u{bb}'])
        .ends_with(['.', '!', '?', '\u{2026}', ':', '\u{3002}'])
}

/// How many of the lines are the story: a list of headlines at the end is not.
pub(super) fn end_of_story(lines: &[String]) -> usize {
    let mut end = lines.len();
    // A heading such as "You may also like" in the last part, if nothing but short lines follows.
    let from = lines.len() / 2;
    if let Some(at) = (from..lines.len()).find(|i| {
        let lower = lines[*i].to_lowercase();
        lines[*i].len() < 80 && phrases().ends.iter().any(|p| lower.starts_with(p))
    }) {
        let sentences = lines[at + 1..].iter().filter(|l| l.len() > 200 && ends_sentence(l)).count();
        if sentences <= 1 && at > 0 {
            end = at;
        }
    }
    // Three or more lines without a sentence's end are headlines of other stories.
    let tail = lines[..end].iter().rev().take_while(|l| !ends_sentence(l) && l.len() < 120).count();
    if tail >= 3 && tail * 2 < end { end - tail } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_sorted_and_in_lower_case() {
        let rows: Vec<&str> = TABLE.lines().filter(|l| !l.starts_with('#')).collect();
        assert!(rows.windows(2).all(|w| w[0] < w[1]), "{:?}", rows.windows(2).find(|w| w[0] >= w[1]));
        assert_eq!(phrases().lines.len() + phrases().ends.len(), rows.len());
        assert!(rows.iter().all(|r| r.to_lowercase() == **r));
    }

    #[test]
    fn lists_of_headlines_end_a_story() {
        let story =
            ["A first paragraph tells it.", "A second one goes on.", "A third one ends it.", "A fourth one does too."];
        let with = |more: &[&str]| story.iter().chain(more).map(|l| (*l).to_owned()).collect::<Vec<_>>();
        assert_eq!(end_of_story(&with(&[])), 4);
        assert_eq!(end_of_story(&with(&["You may also like", "Ten things to do"])), 4);
        assert_eq!(end_of_story(&with(&["Ten things to do", "Mayor opens bridge", "Why cats purr"])), 4);
        assert_eq!(end_of_story(&with(&["One line without a stop"])), 5);
    }
}
