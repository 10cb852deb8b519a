//! Which entity a speaker is: the name in the phrase, or for a pronoun the person who spoke or was named last.

use crate::article::Article;
use crate::phrase::{Phrase, is_pronoun};
use factbox_sdk::Shape;

/// Who a phrase stands for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Who {
    /// The entity.
    pub entity: Option<usize>,
    /// The phrase is a pronoun.
    pub pronoun: bool,
}

/// Resolves speakers in text order.
#[derive(Debug, Default)]
pub struct Resolver {
    /// The last speaker that is a person, with where it stands.
    person: Option<(usize, u32)>,
    /// The last speaker that is an organisation.
    organization: Option<(usize, u32)>,
}

impl Resolver {
    /// Who the phrase `speaker` is. Call in text order.
    pub fn resolve(&mut self, article: &Article, speaker: Phrase) -> Who {
        let at = article.tokens[speaker.start].span.start;
        let word = article.tokens[speaker.start].lower;
        if speaker.end - speaker.start == 1 && is_pronoun(word) {
            let entity = match word {
                "he" | "she" | "who" => self.recent_person(article, at),
                "it" => self.organization.filter(|o| at.saturating_sub(o.1) < 1500).map(|o| o.0),
                _ => None,
            };
            return Who { entity, pronoun: true };
        }
        let Some(number) = named(article, speaker) else { return Who::default() };
        let name = &article.names[number as usize];
        if let Some(entity) = name.entity {
            if name.person {
                self.person = Some((entity, at));
            } else if name.organization {
                self.organization = Some((entity, at));
            }
        }
        Who { entity: name.entity, pronoun: false }
    }

    /// The person a pronoun at `at` means: who spoke last, or the subject of the sentences before.
    fn recent_person(&self, article: &Article, at: u32) -> Option<usize> {
        let end = article.names.partition_point(|n| n.span.end <= at);
        let named = article.names[..end].iter().rev().take(12).find(|n| n.person && n.entity.is_some());
        match (self.person, named) {
            // Someone named after the last speaker, at the head of a sentence, has taken over.
            (Some((entity, spoke)), Some(name)) if name.span.start > spoke && name.entity != Some(entity) => {
                let token = article.tokens.partition_point(|t| t.span.start < name.span.start);
                let leads = article.tokens.get(token).is_some_and(|t| t.shape.has(Shape::SENTENCE_START));
                let far = at - spoke > 900;
                if leads || far { name.entity } else { Some(entity) }
            }
            (Some((entity, _)), _) => Some(entity),
            (None, Some(name)) => name.entity,
            (None, None) => None,
        }
    }
}

/// The name that the phrase is about: a person in it, or a name that ends it; not "South Korea" in "South Korea's military".
fn named(article: &Article, phrase: Phrase) -> Option<u32> {
    let person = (phrase.start..phrase.end)
        .filter_map(|i| article.name_of[i])
        .find(|n| article.names[*n as usize].person && !possessed(article, *n));
    if person.is_some() {
        return person;
    }
    // Up to an apposition's comma.
    let end = (phrase.start..phrase.end).find(|i| article.tokens[*i].text == ",").unwrap_or(phrase.end);
    article.name_of[end - 1]
}

/// Whether a possessive stands behind the name.
fn possessed(article: &Article, number: u32) -> bool {
    let end = article.names[number as usize].span.end;
    let next = article.tokens.partition_point(|t| t.span.start < end);
    article.tokens.get(next).is_some_and(|t| t.shape.has(Shape::CLITIC) && t.lower.starts_with('\''))
}
