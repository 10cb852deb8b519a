//! Noun phrases left of a verb ("White House spokesman John Kirby told"), by parts of speech and names.

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

/// Words that stand for somebody by themselves.
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

/// Prepositions that can stand inside a noun phrase.
fn joins(word: &str) -> bool {
    matches!(word, "of" | "for" | "at" | "from" | "in" | "with" | "on")
}

/// Longest phrase, in tokens.
const LONGEST: usize = 18;

impl Article<'_> {
    fn word(&self, at: usize) -> &str {
        self.lower(at)
    }

    fn determiner(&self, at: usize) -> bool {
        matches!(self.tags[at], tag::DT | tag::PRPS)
    }

    /// May stand between a subject and its verb: adverbs, auxiliaries.
    fn between(&self, at: usize) -> bool {
        let auxiliary = matches!(
            self.word(at),
            "has"
                | "had"
                | "have"
                | "is"
                | "was"
                | "are"
                | "were"
                | "been"
                | "be"
                | "did"
                | "does"
                | "do"
                | "'s"
                | "'ve"
                | "'d"
                | "n't"
        );
        self.name_of[at].is_none() && (auxiliary || matches!(self.tags[at], tag::RB | tag::MD))
    }

    /// May be part of a noun phrase, determiners and prepositions aside.
    fn nominal(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        if self.name_of[at].is_some() {
            return true;
        }
        if token.shape.class() == Class::Punctuation {
            return token.shape.has(Shape::DASH) && !token.shape.has(Shape::SPACE_BEFORE) || token.text == "&";
        }
        matches!(
            self.tags[at],
            tag::NN | tag::NNS | tag::NNP | tag::JJ | tag::CD | tag::POS | tag::VBN | tag::VBG | tag::UNKNOWN
        )
    }

    fn noun(&self, at: usize) -> bool {
        self.name_of[at].is_some() || matches!(self.tags[at], tag::NN | tag::NNS | tag::NNP)
    }

    /// The subject of the verb at token `verb`; nothing left of token `floor` is looked at.
    pub fn subject_left(&self, verb: usize, floor: usize) -> Option<Phrase> {
        let mut end = verb;
        while end > floor && verb - end < 5 && self.between(end - 1) {
            end -= 1;
        }
        // A remark between commas: "Smith, meanwhile, said"
        if end >= floor + 3 && self.written(end - 1) == "," && self.between(end - 2) && self.written(end - 3) == "," {
            end -= 3;
        }
        if end <= floor {
            return None;
        }
        let last = end - 1;
        match self.written(last) {
            ")" => {
                let open = (floor..last).rev().take(12).find(|i| self.written(*i) == "(")?;
                let phrase = self.noun_phrase_left(open, floor)?;
                return Some(Phrase { start: phrase.start, end });
            }
            "," | "\u{2014}" | "\u{2013}" | "--" => return self.before_apposition(last, floor),
            _ => {}
        }
        if self.word(last) == "who" {
            let before = if last > floor && self.written(last - 1) == "," { last - 1 } else { last };
            return self.noun_phrase_left(before, floor);
        }
        if is_pronoun(self.word(last)) {
            return Some(Phrase { start: last, end });
        }
        self.noun_phrase_left(end, floor)
    }

    /// "Ann Smith, a teacher from Leeds, said": the phrase before the first comma, with all up to the second.
    fn before_apposition(&self, comma: usize, floor: usize) -> Option<Phrase> {
        let sign = self.written(comma);
        let opens = (floor..comma).rev().take(30).filter(|i| self.written(*i) == sign).take(3);
        let phrases = opens.filter_map(|open| self.noun_phrase_left(open, floor));
        phrases
            .filter(|phrase| {
                let named = (phrase.start..phrase.end).any(|i| self.name_of[i].is_some());
                let titled = self.tokens[phrase.end - 1].shape.letters() != Letters::Lower;
                named || titled || self.determiner(phrase.start)
            })
            .map(|phrase| Phrase { start: phrase.start, end: comma })
            .next()
    }

    /// The noun phrase that ends before token `end`.
    pub fn noun_phrase_left(&self, end: usize, floor: usize) -> Option<Phrase> {
        let mut at = end;
        let mut joined = 0;
        while at > floor && end - at < LONGEST {
            let here = at - 1;
            if self.name_of[here].is_none() && self.determiner(here) && at < end {
                at = here;
                break;
            }
            if self.nominal(here) {
                at = here;
                continue;
            }
            // "a spokesman for the ministry", "the head of X", "Smith and Jones"
            let inside = at < end && here > floor && joined < 2;
            if inside
                && (joins(self.word(here)) && self.noun(here - 1)
                    || self.word(here) == "and" && self.name_of[here - 1].is_some() && self.name_of[at].is_some())
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
        (at < end && (at..end).any(|i| self.noun(i) || self.tags[i] == tag::JJ)).then_some(Phrase { start: at, end })
    }
}
