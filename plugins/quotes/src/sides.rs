//! What else stands around a cue: the speaker where the model has found none, to whom it is said, who relays it, whether it is denied.

use crate::article::Article;
use crate::phrase::{Phrase, is_pronoun};
use crate::words::tag;
use factbox_sdk::{Class, Letters, Shape};

/// Who says what the cue `verb` leads in, where the model has found nobody: its grammatical subject, or that of the cue before it (`before`).
/// Only the tokens `from..to` are looked at.
pub fn subject(article: &Article, verb: usize, from: usize, to: usize, before: Option<Phrase>) -> Option<Phrase> {
    if article.lower(verb) == "according" {
        return source_right(article, verb + 2, to);
    }
    if verb == from {
        return before;
    }
    if !tag::is_verb(article.tags[verb]) || passive(article, verb, from) {
        return None;
    }
    let joined = matches!(article.tags[verb - 1], tag::CC | tag::PUNCT | tag::RB);
    if article.lower(verb - 1) == "as" && article.tags[verb] == tag::VBG {
        return article.noun_phrase_left(verb - 1, from);
    }
    if joined && let Some(subject) = before.or_else(|| first_phrase(article, from, verb)) {
        return Some(subject);
    }
    article.subject_left(verb, from)
}

fn passive(article: &Article, verb: usize, from: usize) -> bool {
    article.tags[verb] == tag::VBN
        && (from..verb).rev().take(3).any(|i| matches!(article.lower(i), "is" | "was" | "are" | "were" | "be" | "been"))
}

/// The subject of the first verb among the tokens `from..to`, or the first name or pronoun: the subject of participles that have none.
pub fn first_phrase(article: &Article, from: usize, to: usize) -> Option<Phrase> {
    let finite = |i: &usize| matches!(article.tags[*i], tag::VBD | tag::VBZ | tag::VBP | tag::MD);
    if let Some(subject) = (from..to).find(finite).and_then(|verb| article.subject_left(verb, from)) {
        return Some(subject);
    }
    let at = (from..to).find(|i| article.name_of[*i].is_some() || is_pronoun(article.lower(*i)))?;
    if article.name_of[at].is_none() {
        return Some(Phrase { start: at, end: at + 1 });
    }
    article.noun_phrase_left(article.name_end(at).min(to), from)
}

/// A source behind "according to": a noun phrase with what belongs to it.
pub fn source_right(article: &Article, start: usize, end: usize) -> Option<Phrase> {
    let mut at = start;
    while at < end && at - start < 16 {
        let token = &article.tokens[at];
        let stops = matches!(token.shape.class(), Class::OpenQuote | Class::CloseQuote)
            || (token.shape.class() == Class::Punctuation && !token.shape.has(Shape::DASH))
            || matches!(
                token.lower,
                "that"
                    | "which"
                    | "who"
                    | "released"
                    | "published"
                    | "obtained"
                    | "conducted"
                    | "but"
                    | "while"
                    | "as"
                    | "when"
            );
        if stops && article.name_of[at].is_none() {
            break;
        }
        at += 1;
    }
    (at > start).then_some(Phrase { start, end: at })
}

/// Who relays it: "according to Russian state media" behind the cue.
pub fn via(article: &Article, cue: usize, to: usize) -> Option<Phrase> {
    let at = (cue + 1..to).take(24).find(|i| article.lower(*i) == "according" && article.lower(*i + 1) == "to")?;
    source_right(article, at + 2, to)
}

/// Whether the cue is denied: "did not say".
pub fn negated(article: &Article, cue: usize, from: usize) -> bool {
    (from..cue).rev().take(3).any(|i| matches!(article.lower(i), "n't" | "not" | "never"))
}

/// Verbs that take a person between themselves and what is said.
fn takes_addressee(word: &str) -> bool {
    matches!(
        word,
        "told"
            | "tells"
            | "tell"
            | "telling"
            | "informed"
            | "assured"
            | "reminded"
            | "warned"
            | "asked"
            | "urged"
            | "advised"
            | "convinced"
            | "promised"
            | "notified"
            | "urges"
            | "asks"
            | "urging"
            | "asking"
            | "ordered"
            | "encouraged"
            | "invited"
    )
}

/// Nouns that stand for those who are told something, without an article.
fn is_audience(word: &str) -> bool {
    matches!(
        word,
        "him"
            | "her"
            | "them"
            | "me"
            | "us"
            | "you"
            | "it"
            | "reporters"
            | "journalists"
            | "lawmakers"
            | "parliament"
            | "police"
            | "investors"
            | "supporters"
    )
}

/// Whether a clause begins at token `at`: "told the council | the dam would hold".
pub fn clause_follows(article: &Article, at: usize, end: usize) -> bool {
    let begins = at < end
        && (article.name_of[at].is_some()
            || matches!(article.tags[at], tag::DT | tag::PRP | tag::PRPS | tag::NNP | tag::NNS | tag::EX | tag::WRB)
            || article.lower(at) == "that");
    let finite = |i: usize| tag::is_finite(article.tags[i]);
    begins && (at + 1..end).any(finite)
}

/// To whom it is said: what stands right behind the cue.
pub fn addressee(article: &Article, cue: usize, end: usize) -> Option<Phrase> {
    let from = cue + 1;
    if !takes_addressee(article.lower(cue)) || from >= end {
        return None;
    }
    let mut at = from;
    if is_audience(article.lower(at)) {
        at += 1;
    } else {
        at += usize::from(matches!(article.lower(at), "the" | "a" | "an" | "his" | "her" | "their" | "its"));
        let first = at;
        while at < end && at - first < 8 {
            let token = &article.tokens[at];
            let noun = token.shape.class() == Class::Word
                && matches!(article.tags[at], tag::NN | tag::NNS | tag::NNP | tag::JJ | tag::POS)
                && (token.shape.letters() != Letters::Lower
                    || at == first
                    || token.shape.has(Shape::CLITIC)
                    // "France Info radio", but not "Reuters" in "told Reuters oil prices would".
                    || article.name_of[at - 1].is_some() && !matches!(article.tags.get(at + 1), Some(&(tag::NN | tag::NNS | tag::NNP))));
            if article.name_of[at].is_none() && !noun {
                break;
            }
            at += 1;
        }
        if at == first {
            return None;
        }
    }
    Some(Phrase { start: from, end: at })
}
