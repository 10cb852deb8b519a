//! Noun phrases next to a verb: the speaker on its left ("White House spokesman John Kirby told"), or on its right ("said the union's officer, Ann
//! Gill"). Without a parser: names from the mentions, words of closed classes, letter case.

use crate::article::Article;
use crate::words::tag;
use factbox_sdk::{Class, Letters, Shape};

/// Tokens `start..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// First token.
    pub start: usize,
    /// First token behind it.
    pub end: usize,
}

pub(crate) fn is_pronoun(word: &str) -> bool {
    matches!(
        word,
        "he" | "she"
            | "they"
            | "it"
            | "i"
            | "we"
            | "who"
            | "you"
            | "one"
            | "another"
            | "others"
            | "some"
            | "many"
            | "most"
            | "both"
            | "everyone"
            | "someone"
            | "nobody"
            | "neither"
            | "none"
    )
}

fn is_determiner(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "a"
            | "an"
            | "his"
            | "her"
            | "their"
            | "its"
            | "our"
            | "my"
            | "some"
            | "many"
            | "several"
            | "other"
            | "one"
            | "two"
            | "three"
            | "four"
            | "five"
            | "these"
            | "those"
            | "no"
            | "both"
            | "most"
            | "another"
            | "all"
            | "this"
            | "that"
            | "each"
            | "every"
            | "few"
    )
}

/// Words that may stand between subject and verb.
fn is_between(word: &str) -> bool {
    matches!(
        word,
        "has"
            | "had"
            | "have"
            | "is"
            | "was"
            | "are"
            | "were"
            | "been"
            | "be"
            | "also"
            | "then"
            | "later"
            | "earlier"
            | "recently"
            | "previously"
            | "not"
            | "n't"
            | "never"
            | "did"
            | "does"
            | "do"
            | "will"
            | "would"
            | "may"
            | "might"
            | "could"
            | "should"
            | "can"
            | "even"
            | "just"
            | "once"
            | "often"
            | "always"
            | "still"
            | "first"
            | "again"
            | "now"
            | "soon"
            | "already"
            | "ever"
            | "'s"
            | "'ve"
            | "'d"
            | "too"
            | "long"
            | "since"
            | "nevertheless"
            | "however"
            | "meanwhile"
            | "actually"
    ) || (word.len() > 4
        && word.ends_with("ly")
        && !matches!(
            word,
            "family"
                | "italy"
                | "assembly"
                | "july"
                | "ally"
                | "daily"
                | "weekly"
                | "monthly"
                | "supply"
                | "anomaly"
                | "reply"
        ))
}

/// Function words that end a noun phrase.
fn ends_phrase(word: &str) -> bool {
    matches!(
        word,
        "about"
            | "after"
            | "against"
            | "although"
            | "amid"
            | "among"
            | "and"
            | "as"
            | "because"
            | "before"
            | "but"
            | "by"
            | "during"
            | "if"
            | "into"
            | "like"
            | "or"
            | "over"
            | "so"
            | "than"
            | "though"
            | "through"
            | "to"
            | "toward"
            | "towards"
            | "under"
            | "until"
            | "upon"
            | "when"
            | "where"
            | "whether"
            | "which"
            | "while"
            | "who"
            | "whom"
            | "whose"
            | "why"
            | "with"
            | "within"
            | "without"
            | "is"
            | "was"
            | "are"
            | "were"
            | "be"
            | "been"
            | "has"
            | "had"
            | "have"
            | "will"
            | "would"
            | "can"
            | "could"
            | "should"
            | "may"
            | "might"
            | "must"
            | "do"
            | "did"
            | "does"
            | "not"
            | "n't"
            | "there"
            | "then"
            | "that"
            | "yet"
            | "how"
            | "what"
            | "i"
            | "he"
            | "she"
            | "they"
            | "we"
            | "it"
            | "you"
            | "him"
            | "them"
            | "us"
            | "me"
            | "here"
            | "now"
            | "also"
            | "out"
            | "up"
            | "down"
            | "off"
            | "only"
            | "even"
            | "just"
            | "once"
            | "since"
            | "said"
            | "says"
            | "told"
            | "added"
            | "on"
            | "in"
            | "at"
            | "for"
            | "from"
            | "of"
            | "per"
            | "via"
            | "between"
    )
}

fn joins(word: &str) -> bool {
    matches!(word, "of" | "for" | "at" | "from" | "in" | "with" | "on")
}

impl Article<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| t.lower)
    }

    fn nominal(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        if self.name_of[at].is_some() {
            return true;
        }
        if matches!(self.tags[at], tag::VBD | tag::VBZ | tag::VBP | tag::MD) {
            return false;
        }
        match token.shape.class() {
            Class::Word | Class::Mixed => {
                token.shape.has(Shape::CLITIC) && matches!(token.lower, "'s" | "'")
                    || (!token.shape.has(Shape::CLITIC)
                        && !ends_phrase(token.lower)
                        && !(token.lower.ends_with("ly") && is_between(token.lower)))
            }
            Class::Number => true,
            Class::Punctuation => {
                token.shape.has(Shape::DASH) && !token.shape.has(Shape::SPACE_BEFORE) || token.text == "&"
            }
            _ => false,
        }
    }

    /// The subject of the verb at token `verb`; nothing left of token `floor` is looked at.
    pub fn subject_left(&self, verb: usize, floor: usize) -> Option<Phrase> {
        let mut end = verb;
        let mut steps = 0;
        while end > floor && steps < 5 && is_between(self.word(end - 1)) && self.name_of[end - 1].is_none() {
            // "Russia's said" does not occur; "Kim's" does: a possessive belongs to its noun.
            end -= 1;
            steps += 1;
        }
        // A remark between commas: "Smith, meanwhile, said"
        if end >= floor + 3
            && self.tokens[end - 1].text == ","
            && is_between(self.word(end - 2))
            && self.tokens[end - 3].text == ","
        {
            end -= 3;
        }
        if end <= floor {
            return None;
        }
        let last = end - 1;
        match self.tokens[last].text {
            ")" => {
                let open = (floor..last).rev().take(12).find(|i| self.tokens[*i].text == "(")?;
                let phrase = self.noun_phrase_left(open, floor)?;
                return Some(Phrase { start: phrase.start, end });
            }
            "," | "\u{2014}" | "\u{2013}" | "--" => return self.before_apposition(last, floor),
            _ => {}
        }
        let word = self.word(last);
        if word == "who" {
            let before = if last > floor && self.tokens[last - 1].text == "," { last - 1 } else { last };
            return self.noun_phrase_left(before, floor);
        }
        if is_pronoun(word) {
            return Some(Phrase { start: last, end });
        }
        self.noun_phrase_left(end, floor)
    }

    /// "Ann Smith, a teacher from Leeds, said": the phrase before the first comma, with all up to the second.
    fn before_apposition(&self, comma: usize, floor: usize) -> Option<Phrase> {
        let sign = self.tokens[comma].text;
        let opens: Vec<usize> =
            (floor..comma).rev().take(30).filter(|i| self.tokens[*i].text == sign).take(3).collect();
        for open in opens {
            if let Some(phrase) = self.noun_phrase_left(open, floor) {
                let named = (phrase.start..phrase.end).any(|i| self.name_of[i].is_some());
                let titled = self.tokens[phrase.end - 1].shape.letters() != Letters::Lower;
                let determined = is_determiner(self.word(phrase.start));
                if named || titled || determined {
                    return Some(Phrase { start: phrase.start, end: comma });
                }
            }
        }
        None
    }

    /// The noun phrase that ends before token `end`.
    pub fn noun_phrase_left(&self, end: usize, floor: usize) -> Option<Phrase> {
        let mut at = end;
        let mut joined = 0;
        while at > floor && end - at < 18 {
            let here = at - 1;
            let word = self.word(here);
            let named = self.name_of[here].is_some();
            if !named && is_determiner(word) && at < end {
                at = here;
                break;
            }
            if self.nominal(here) {
                at = here;
                continue;
            }
            // "a spokesman for the ministry", "the head of X", "Smith and Jones"
            let inside = at < end && here > floor && self.nominal(here - 1) && joined < 2;
            if inside
                && (joins(word) && self.left_is_noun(here - 1)
                    || word == "and" && self.name_of[here - 1].is_some() && self.name_of[at].is_some())
            {
                joined += 1;
                at = here;
                continue;
            }
            break;
        }
        // A phrase does not begin with a hyphen or a possessive.
        while at < end
            && (self.tokens[at].shape.class() == Class::Punctuation || self.tokens[at].shape.has(Shape::CLITIC))
        {
            at += 1;
        }
        let real = (at..end).any(|i| {
            self.name_of[i].is_some()
                || (self.tokens[i].shape.class() == Class::Word
                    && !is_determiner(self.word(i))
                    && !ends_phrase(self.word(i)))
        });
        (at < end && real).then_some(Phrase { start: at, end })
    }

    fn left_is_noun(&self, at: usize) -> bool {
        let word = self.word(at);
        self.name_of[at].is_some()
            || matches!(
                word,
                "spokesman"
                    | "spokeswoman"
                    | "spokesperson"
                    | "head"
                    | "leader"
                    | "director"
                    | "president"
                    | "chief"
                    | "member"
                    | "members"
                    | "minister"
                    | "secretary"
                    | "professor"
                    | "officials"
                    | "official"
                    | "chairman"
                    | "director-general"
                    | "governor"
                    | "mayor"
                    | "lawyer"
                    | "attorney"
                    | "lawyers"
                    | "manager"
                    | "analyst"
                    | "analysts"
                    | "economist"
                    | "researchers"
                    | "experts"
                    | "department"
                    | "ministry"
                    | "university"
                    | "office"
                    | "statement"
                    | "report"
                    | "leaders"
                    | "group"
                    | "union"
                    | "board"
                    | "senator"
                    | "judge"
                    | "king"
                    | "bank"
                    | "source"
                    | "sources"
                    | "editor"
                    | "founder"
                    | "officer"
                    | "commissioner"
                    | "representative"
                    | "representatives"
                    | "ambassador"
                    | "fellow"
                    | "partner"
                    | "owner"
                    | "coach"
                    | "captain"
                    | "council"
                    | "association"
                    | "federation"
                    | "deputy"
                    | "supporters"
                    | "critics"
                    | "residents"
                    | "half"
                    | "percent"
                    | "%"
                    | "number"
                    | "majority"
                    | "organization"
                    | "institute"
            )
    }

    /// The speaker behind the verb at token `verb`: "said Ann Smith", "said the union's officer, Ann Smith".
    pub fn subject_right(&self, verb: usize, ceiling: usize) -> Option<Phrase> {
        let start = verb + 1;
        let first = self.tokens.get(start).filter(|_| start < ceiling)?;
        if matches!(first.lower, "he" | "she" | "they" | "it") {
            return Some(Phrase { start, end: start + 1 });
        }
        let mut at = start;
        if is_determiner(first.lower) {
            at += 1;
        }
        let mut named = false;
        while at < ceiling && at - start < 16 {
            let word = self.word(at);
            if self.name_of[at].is_some() {
                named = true;
                at += 1;
                continue;
            }
            // Behind a name nothing but its own parts follows.
            if named && self.tokens[at].shape.letters() == Letters::Lower && !self.tokens[at].shape.has(Shape::CLITIC) {
                break;
            }
            if self.nominal(at) && !(named && self.tokens[at].shape.class() == Class::Number) {
                at += 1;
                continue;
            }
            if joins(word)
                && at > start
                && at + 1 < ceiling
                && (self.nominal(at + 1) || is_determiner(self.word(at + 1)))
                && !named
                && matches!(word, "of" | "for" | "at")
            {
                at += 1;
                if is_determiner(self.word(at)) {
                    at += 1;
                }
                continue;
            }
            break;
        }
        while at > start
            && (self.tokens[at - 1].shape.class() == Class::Punctuation || is_determiner(self.word(at - 1)))
        {
            at -= 1;
        }
        if at == start {
            return None;
        }
        // "the union's regional officer, Ann Smith"
        if !named && at + 1 < ceiling && self.tokens[at].text == "," && self.name_of[at + 1].is_some() {
            let mut end = at + 1;
            while end < ceiling && self.name_of[end].is_some() && self.name_of[end] == self.name_of[at + 1] {
                end += 1;
            }
            return Some(Phrase { start, end });
        }
        let cased = self.tokens[start].shape.letters() != Letters::Lower || is_determiner(first.lower);
        let collective = at - start <= 4 && self.word(at - 1).ends_with('s');
        (named || cased || collective || self.left_is_noun(at - 1)).then_some(Phrase { start, end: at })
    }
}
