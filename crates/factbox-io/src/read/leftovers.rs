//! What pages put around a story and extractors leave in: calls to read, subscribe and share, credits of the desk, lists of other headlines. The phrases
//! are data: `data/leftovers.txt`.

use super::story::{Block, Kind};
use std::sync::OnceLock;

const TABLE: &str = include_str!("../../data/leftovers.txt");

struct Phrases {
    /// A short line that begins so is no part of the story.
    lines: Vec<&'static str>,
    /// So is a line that begins so and is very short or no sentence: "Copyright 2024", but not "Copyright law was changed on Monday, ...".
    shorts: Vec<&'static str>,
    /// A short line that begins so, near the end, and all behind it.
    ends: Vec<&'static str>,
    /// An element whose class or id holds it is no part of the story.
    asides: Vec<&'static str>,
}

fn phrases() -> &'static Phrases {
    static PHRASES: OnceLock<Phrases> = OnceLock::new();
    PHRASES.get_or_init(|| {
        let of = |kind: &str| {
            TABLE.lines().filter_map(|l| l.split_once('\t')).filter(|(k, _)| *k == kind).map(|(_, p)| p).collect()
        };
        Phrases { lines: of("line"), shorts: of("short"), ends: of("end"), asides: of("aside") }
    })
}

/// Whether a line is a call to read, subscribe or share, or a credit of the desk.
pub(super) fn is_leftover(line: &str) -> bool {
    if line.len() > 320 {
        return false;
    }
    let lower = line.trim_start_matches(['(', '[', '*', '>', ' ']).to_lowercase();
    let has = |any: &[&str]| any.iter().any(|w| lower.contains(w));
    let begins = |any: &[&str]| any.iter().any(|p| lower.starts_with(p));
    let sentence = ends_sentence(line);
    let contributed = lower.len() < 200
        && lower
            .trim_end_matches('.')
            .rsplit_once(" contributed to this ")
            .is_some_and(|(_, rest)| !rest.contains(' '));
    // A newsletter that speaks to the reader; others are news.
    let letter = has(&["newsletter"])
        && has(&["inbox", "sign up", "subscribe"])
        && has(&[" your ", " our "])
        && !line.contains(['"', '\u{201c}']);
    begins(&phrases().lines)
        || (line.len() < 80 || !sentence || has(&["editing by"])) && begins(&phrases().shorts)
        || has(&["all rights reserved"])
        || contributed
        || letter
        || line.len() < 200 && !sentence && line.contains('\u{a9}')
}

/// Whether class and id of an element (lower case) tell that it is a box beside the story.
pub(super) fn is_aside(marks: &str) -> bool {
    phrases().asides.iter().any(|a| marks.contains(a))
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

/// Takes out lists of links to other stories, with their heading, and links at the end.
pub(super) fn unlink(blocks: &mut Vec<Block>) {
    let other =
        |b: &Block| b.link == Some(true) && !ends_sentence(&b.text) && b.text.len() < 600 && b.kind != Kind::Row;
    let length = |blocks: &[Block]| blocks.iter().map(|b| b.text.len()).sum::<usize>();
    let all = length(blocks);
    let mut goes = vec![false; blocks.len()];
    let mut at = 0;
    while at < blocks.len() {
        let to = at + blocks[at..].iter().take_while(|b| other(b)).count();
        let list = to >= at + 2 && length(&blocks[at..to]) * 4 < all;
        let ending = to > at && to + 2 >= blocks.len() && at > 2;
        if list || ending {
            let heading = at > 0 && blocks[at - 1].text.len() < 40 && !ends_sentence(&blocks[at - 1].text);
            goes[at - usize::from(heading)..to].fill(true);
        }
        at = to.max(at + 1);
    }
    let mut goes = goes.into_iter();
    blocks.retain(|_| !goes.next().unwrap_or(false));
}

/// How many of the lines are the story: a list of headlines at the end is not.
pub(super) fn end_of_story(blocks: &[Block]) -> usize {
    let lines: Vec<&str> = blocks.iter().map(|b| b.text.as_str()).collect();
    let mut end = lines.len();
    // A heading such as "You may also like" in the last part, if nothing but short lines follows.
    let from = lines.len() / 2;
    if let Some(at) = (from..lines.len()).find(|i| {
        let lower = lines[*i].to_lowercase();
        lines[*i].len() < 80 && phrases().ends.iter().any(|p| lower.starts_with(p))
    }) {
        let after = &lines[at + 1..];
        let long = after.iter().filter(|l| l.len() > 200 && ends_sentence(l)).count();
        let sentences = after.iter().filter(|l| l.len() > 60 && ends_sentence(l)).count();
        if long <= 1 && sentences * 2 <= after.len() && at > 0 {
            end = at;
        }
    }
    // Where to reach and to follow the writer.
    let contact = |l: &str| {
        let lower = l.to_lowercase();
        l.len() < 400
            && l.contains(['@', '/'])
            && ["follow ", "email ", "e-mail ", "reach ", "contact "].iter().any(|w| lower.contains(w))
    };
    while end > 1 && end + 3 > lines.len() && contact(lines[end - 1]) {
        end -= 1;
    }
    // Three or more lines without a sentence's end are headlines of other stories.
    let headline =
        |b: &&Block| b.link != Some(false) && b.kind != Kind::Row && !ends_sentence(&b.text) && b.text.len() < 120;
    let tail = blocks[..end].iter().rev().take_while(headline).count();
    if tail >= 3 && tail * 2 < end { end - tail } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_sorted_and_in_lower_case() {
        let rows: Vec<&str> = TABLE.lines().filter(|l| !l.starts_with('#')).collect();
        assert!(rows.windows(2).all(|w| w[0] < w[1]), "{:?}", rows.windows(2).find(|w| w[0] >= w[1]));
        let p = phrases();
        assert_eq!(p.lines.len() + p.shorts.len() + p.ends.len() + p.asides.len(), rows.len());
        assert!(rows.iter().all(|r| r.to_lowercase() == **r));
    }

    #[test]
    fn lists_of_headlines_end_a_story() {
        let story =
            ["A first paragraph tells it.", "A second one goes on.", "A third one ends it.", "A fourth one does too."];
        let with = |more: &[&str]| {
            let block = |l: &&str| Block { text: (*l).to_owned(), kind: Kind::Paragraph, link: None };
            story.iter().chain(more).map(block).collect::<Vec<_>>()
        };
        assert_eq!(end_of_story(&with(&[])), 4);
        assert_eq!(end_of_story(&with(&["You may also like", "Ten things to do"])), 4);
        assert_eq!(end_of_story(&with(&["Ten things to do", "Mayor opens bridge", "Why cats purr"])), 4);
        assert_eq!(end_of_story(&with(&["One line without a stop"])), 5);
    }

    #[test]
    fn links_to_other_stories_go() {
        let block = |text: &str, link| Block { text: text.to_owned(), kind: Kind::Paragraph, link: Some(link) };
        let story = "A paragraph tells at some length what was decided, by whom, and why it took them so long.";
        let mut blocks: Vec<Block> = (0..4).map(|_| block(story, false)).collect();
        let rest = [
            block("READ THIS", false),
            block("Why cats purr", true),
            block("Why dogs bark", true),
            block(story, false),
        ];
        blocks.extend(rest);
        blocks.push(block("Mayor opens bridge", true));
        unlink(&mut blocks);
        assert!(blocks.len() == 5 && blocks.iter().all(|b| b.text == story), "{blocks:?}");
        // A list of links that is most of the story stays.
        let mut list = vec![
            block("Ten bridges", false),
            block("The first one", true),
            block("The second one", true),
            block(story, false),
        ];
        list[3].text.truncate(20);
        unlink(&mut list);
        assert_eq!(list.len(), 4);
    }

    #[test]
    fn where_to_reach_the_writer_ends_a_story() {
        let block = |text: &str| Block { text: text.to_owned(), kind: Kind::Paragraph, link: Some(false) };
        let mut blocks = vec![block("One."), block("Two."), block("Three.")];
        blocks.push(block("Email Ann Smith at ann@paper.example or follow her on Twitter @annsmith."));
        assert_eq!(end_of_story(&blocks), 3);
        for (line, leftover) in [
            ("Ann Smith of the Eastbrook Daily contributed to this report.", true),
            ("Steel contributed to this growth more than coal, the minister said.", false),
            ("Sign up today to get the free newsletter in your inbox.", true),
            ("The newsletter said that prices rose.", false),
            (
                "The newsletter, to which 10,000 people subscribe, said in our city prices had risen: \"Look at your bills.\"",
                false,
            ),
            ("Copyright 2024 The Eastbrook Daily.", true),
            (
                "Copyright law in the county was changed on Monday, and publishers said that they would go to court.",
                false,
            ),
            ("Reporting by Ann Smith in Eastbrook and Bob Jones in Westbrook; Editing by Carol Brown", true),
            (
                "Reporting by the Eastbrook Daily found that 12 people had died in the ferry's engine room since 1990.",
                false,
            ),
        ] {
            assert_eq!(is_leftover(line), leftover, "{line}");
        }
    }
}
