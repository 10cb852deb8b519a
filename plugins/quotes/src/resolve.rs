//! Which entity a speaker is: the name that heads the phrase, or for a pronoun who is being talked about.

use crate::article::{Article, Name};
use crate::direct::Marked;
use crate::phrase::{Phrase, is_pronoun};
use crate::words::tag;
use factbox_sdk::{Shape, Span};
use std::collections::HashMap;

/// Who a phrase stands for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Who {
    /// The entity.
    pub entity: Option<usize>,
    /// The phrase is a pronoun.
    pub pronoun: bool,
}

/// The gender that the text gives somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gender {
    Male,
    Female,
}

/// Resolves speakers in text order.
pub struct Resolver<'a> {
    article: &'a Article<'a>,
    marked: &'a Marked,
    /// By entity, what the text says first.
    genders: HashMap<usize, Gender>,
    /// The last speaker that is a person, with where it stands.
    person: Option<(usize, u32)>,
    /// Where somebody spoke last of whom no name is known ("a spokesman").
    unnamed: Option<u32>,
    /// The last speaker that is an organisation.
    organization: Option<(usize, u32)>,
}

/// Names within what is said that are looked at.
const MOST_NAMES: usize = 24;
/// How far back, in bytes, an organisation is still "it".
const REACH: u32 = 1500;

impl<'a> Resolver<'a> {
    /// For the speakers of an article.
    pub fn new(article: &'a Article<'a>, marked: &'a Marked) -> Self {
        let gender = |name: &Name| {
            let first = first_token(article, name);
            let title = article.lower(first.checked_sub(1)?).trim_end_matches('.');
            let gender = match title {
                "mr" | "sir" | "lord" | "king" | "prince" | "pope" | "father" => Gender::Male,
                "mrs" | "ms" | "miss" | "lady" | "dame" | "queen" | "princess" | "sister" => Gender::Female,
                _ => return None,
            };
            Some((name.entity?, gender))
        };
        let genders = article.names.iter().rev().filter(|n| n.person).filter_map(gender).collect();
        Resolver { article, marked, genders, person: None, unnamed: None, organization: None }
    }

    /// Who the phrase `speaker` is, who says what stands at `said` (bytes). Call in text order.
    pub fn resolve(&mut self, speaker: Phrase, said: Span) -> Who {
        let at = self.article.tokens[speaker.start].span.start;
        let word = self.article.tokens[speaker.start].lower;
        if speaker.end - speaker.start == 1 && is_pronoun(word) {
            let entity = match word {
                "he" => self.talked_about(speaker.start, Some(Gender::Male), said),
                "she" => self.talked_about(speaker.start, Some(Gender::Female), said),
                "who" => self.talked_about(speaker.start, None, said),
                "it" | "they" => self.organization.filter(|o| at.saturating_sub(o.1) < REACH).map(|o| o.0),
                _ => None,
            };
            if let Some(entity) = entity.filter(|_| word != "it" && word != "they") {
                self.person = Some((entity, at));
                let gender = match word {
                    "he" => Some(Gender::Male),
                    "she" => Some(Gender::Female),
                    _ => None,
                };
                if let Some(gender) = gender {
                    self.genders.entry(entity).or_insert(gender);
                }
            }
            return Who { entity, pronoun: true };
        }
        let Some(name) = head(self.article, speaker) else {
            let entity = self.described(speaker);
            if entity.is_none() && self.is_somebody(speaker) {
                (self.person, self.unnamed) = (None, Some(at));
            }
            return Who { entity, pronoun: false };
        };
        if let Some(entity) = name.entity {
            if name.person {
                (self.person, self.unnamed) = (Some((entity, at)), None);
            } else if name.organization {
                self.organization = Some((entity, at));
            }
        }
        Who { entity: name.entity, pronoun: false }
    }

    /// Whom "the company" or "the minister" means: the organisation that spoke or was named last, the last person with that role.
    fn described(&mut self, phrase: Phrase) -> Option<usize> {
        let article = self.article;
        if !matches!(article.lower(phrase.start), "the" | "this" | "that") {
            return None;
        }
        let ends = |i: &usize| ends_head(article.lower(*i));
        let end = (phrase.start + 1..phrase.end).find(ends).unwrap_or(phrase.end);
        let noun = article.lower(end - 1);
        let at = article.tokens[phrase.start].span.start;
        let before = article.names.partition_point(|n| n.span.end <= at);
        let mut recent = article.names[..before].iter().rev().take(40).filter(|n| n.entity.is_some());
        if end - phrase.start == 2 && is_body(noun) {
            // "the ministry" is one by its name; a company need not be.
            let fits = |n: &&Name| n.organization && (is_company(noun) || has_word(short(article, n.span), noun));
            let spoke = self.organization.filter(|o| is_company(noun) && at.saturating_sub(o.1) < REACH);
            let entity = spoke.map(|o| o.0).or_else(|| recent.find(fits)?.entity)?;
            self.organization = Some((entity, at));
            return Some(entity);
        }
        if article.tags[end - 1] != tag::NN {
            return None;
        }
        let plays = |n: &&Name| {
            let role = n.role.map(|r| short(article, r).to_lowercase());
            n.person && role.is_some_and(|r| r.split_whitespace().any(|w| w == noun))
        };
        let entity = recent.find(plays)?.entity?;
        self.person = Some((entity, at));
        Some(entity)
    }

    /// A single person without a name: "a spokesman for the distributor".
    fn is_somebody(&self, phrase: Phrase) -> bool {
        let article = self.article;
        let end = (phrase.start + 1..phrase.end).find(|i| ends_head(article.lower(*i))).unwrap_or(phrase.end);
        let noun = article.lower(end - 1);
        let ending = ["man", "woman", "er", "or", "ist", "ian", "ant", "ive", "yst"].iter().any(|e| noun.ends_with(e));
        let word =
            matches!(noun, "official" | "source" | "expert" | "head" | "chief" | "aide" | "witness" | "spokesperson");
        article.tags[end - 1] == tag::NN && (ending || word)
    }

    fn fits(&self, entity: usize, gender: Option<Gender>) -> bool {
        let known = self.genders.get(&entity).copied();
        known.is_none() || gender.is_none() || known == gender
    }

    /// The person that is talked about before the token `at`: who leads the last sentence before it in its paragraph that names somebody, else who
    /// spoke last, else who leads the last sentence that names somebody. What stands between marks does not count.
    fn talked_about(&self, at: usize, gender: Option<Gender>, said: Span) -> Option<usize> {
        let article = self.article;
        // Nobody calls themselves by their name: "he insisted he trusted Mr Blair".
        let first = article.names.partition_point(|n| n.span.end <= said.start);
        let within = || article.names[first..].iter().take_while(|n| n.span.start < said.end).take(MOST_NAMES);
        let may_be = |entity: usize| self.fits(entity, gender) && !within().any(|n| n.entity == Some(entity));
        let start = article.tokens[at].span.start;
        let paragraph = article.paragraphs.partition_point(|p| p.to <= at);
        let from = article.paragraphs.get(paragraph).map_or(0, |p| p.from);
        let end = article.names.partition_point(|n| n.span.end <= start);
        // Of the nearest sentence that names somebody, who is named first: in its own paragraph, and anywhere.
        let (mut lead, mut named): (Option<usize>, Option<usize>) = (None, None);
        let mut sentence = usize::MAX;
        for name in article.names[..end].iter().rev().take(24) {
            let first = first_token(article, name);
            let Some(entity) = name.entity.filter(|e| name.person && may_be(*e)) else { continue };
            if self.marked.region_at(first).is_some() || possessed(article, name) {
                continue;
            }
            let here = article.sentences.partition_point(|s| s.1 <= first);
            if named.is_some() && here != sentence || self.unnamed.is_some_and(|u| name.span.start < u) {
                break;
            }
            // Going backwards, the last of a sentence to be seen is its first.
            (named, sentence) = (Some(entity), here);
            if first >= from {
                lead = named;
            }
        }
        lead.or(self.person.map(|p| p.0).filter(|e| may_be(*e))).or(named)
    }
}

fn first_token(article: &Article, name: &Name) -> usize {
    article.tokens.partition_point(|t| t.span.end <= name.span.start)
}

/// The text of a name or role; empty where it is too long to be one.
fn short<'a>(article: &Article<'a>, span: Span) -> &'a str {
    if span.end - span.start > 400 { "" } else { span.of(article.text) }
}

/// Nouns that stand for a company named before, whatever its name.
fn is_company(noun: &str) -> bool {
    matches!(
        noun,
        "company"
            | "firm"
            | "group"
            | "airline"
            | "carrier"
            | "maker"
            | "carmaker"
            | "retailer"
            | "supermarket"
            | "operator"
    )
}

/// Nouns that stand for an organisation named before.
fn is_body(noun: &str) -> bool {
    is_company(noun)
        || matches!(
            noun,
            "bank"
                | "agency"
                | "union"
                | "party"
                | "club"
                | "ministry"
                | "department"
                | "court"
                | "council"
                | "university"
                | "fund"
                | "league"
                | "association"
                | "federation"
                | "commission"
        )
}

/// Whether `noun`, in lower case, is a word of the name.
fn has_word(name: &str, noun: &str) -> bool {
    name.split(|c: char| !c.is_alphanumeric()).any(|w| w.eq_ignore_ascii_case(noun))
}

/// Words that end the part of a phrase in which its head stands.
fn ends_head(word: &str) -> bool {
    matches!(
        word,
        "," | "("
            | "of"
            | "in"
            | "at"
            | "for"
            | "from"
            | "with"
            | "by"
            | "to"
            | "on"
            | "near"
            | "who"
            | "that"
            | "which"
            | "whose"
            | "such"
            | "and"
            | "-"
            | "\u{2014}"
            | "\u{2013}"
    )
}

/// The name that the phrase is about: "Ann Gill" in "the union's officer, Ann Gill", "the State Department" in "the State Department in
/// Washington", none in "a dealer at Stanmore Bank".
fn head<'a>(article: &'a Article, phrase: Phrase) -> Option<&'a Name> {
    let mut from = phrase.start;
    loop {
        let end = (from..phrase.end)
            .find(|&i| article.name_of[i].is_none() && i > from && ends_head(article.lower(i)))
            .unwrap_or(phrase.end);
        let names = (from..end).filter_map(|i| article.name_of[i]).map(|n| &article.names[n as usize]);
        if let Some(person) = names.clone().find(|n| n.person && !possessed(article, n)) {
            return Some(person);
        }
        if from < end
            && let Some(last) = article.name_of[end - 1]
        {
            let name = &article.names[last as usize];
            let apposition = from > phrase.start;
            if !apposition && !possessed(article, name) {
                return Some(name);
            }
        }
        // Only what is set off by a comma can name the same once more.
        let comma = (end..phrase.end).find(|&i| article.lower(i) == "," && article.name_of[i].is_none())?;
        let named = article.name_of.get(comma + 1).copied().flatten().is_some_and(|n| article.names[n as usize].person);
        let titled = article.tags.get(comma + 1).is_some_and(|t| *t == tag::NNP);
        if !named && !titled {
            return None;
        }
        from = comma + 1;
        if from >= phrase.end {
            return None;
        }
    }
}

/// Whether a possessive stands behind the name.
fn possessed(article: &Article, name: &Name) -> bool {
    let next = article.tokens.partition_point(|t| t.span.start < name.span.end);
    article.tokens.get(next).is_some_and(|t| t.shape.has(Shape::CLITIC) && t.lower.starts_with('\''))
}
