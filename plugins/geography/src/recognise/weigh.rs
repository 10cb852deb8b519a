//! Whether a stretch that the gazetteer knows, or that a mention marks, is a place here.

use super::{Article, NOBODY, Name, Names, Sort, capital, feature_inside, kind_or_body};
use crate::cues::{Cues, Feature};
use crate::gazetteer::{Level, Relation};
use factbox_sdk::hashing::{START, phrase};
use factbox_sdk::prelude::*;

impl Names {
    /// Whether the candidates found are a county by its full name or something larger.
    pub(super) fn division(&self, words: &[Token], base: usize, cues: &Cues) -> bool {
        self.candidates[base..].first().is_some_and(|c| match c.place.level {
            Level::Country | Level::Admin1 => true,
            Level::Admin2 => feature_inside(words, cues),
            _ => false,
        })
    }

    pub(super) fn weigh(
        &self,
        article: Article,
        first: usize,
        end: usize,
        hash: u64,
        base: usize,
        cues: &Cues,
    ) -> Name {
        let tokens = article.tokens;
        let candidates = &self.candidates[base..];
        let owner = self.owner[first..end].iter().copied().find(|o| *o != NOBODY);
        let mention = owner.map(|o| article.mentions[o as usize]);
        let best = candidates[0];
        let demonym = candidates.iter().all(|c| matches!(c.posting.relation(), Relation::Adjective | Relation::People));
        let before = first.checked_sub(1).map(|i| &tokens[i]);
        let after = tokens.get(end).filter(|t| !t.shape.has(Shape::PARAGRAPH_START));
        let dateline = tokens[first].span.start < article.dateline;
        let feature = after
            .filter(|t| {
                capital(t) || matches!(t.lower, "region" | "province" | "state" | "county" | "prefecture" | "oblast")
            })
            .and_then(|t| cues.of(t.hash).feature);
        let preposition = before.is_some_and(|t| cues.of(t.hash).before);
        let known = match best.place.level {
            Level::Country => 3.0,
            Level::Admin1 => 2.0,
            _ if demonym => 3.0,
            Level::Admin2 if feature_inside(&tokens[first..end], cues) => 2.0,
            _ => (f32::from(best.place.weight) - 38.0) / 8.0,
        };
        let mut odds = known.clamp(-2.0, 3.0);
        match mention {
            Some(m) => {
                let exact = m.first == first && m.end == end;
                let sure = m.confidence;
                let large = matches!(best.place.level, Level::Country | Level::Admin1)
                    || best.place.level == Level::Region && best.place.weight == 63;
                let linked = preposition && before.is_some_and(|t| t.lower == "of");
                let rest = &tokens[end..m.end.max(end)];
                let body = if rest.iter().any(|t| cues.of(t.hash).office) {
                    3.0
                } else if rest.iter().any(|t| cues.of(t.hash).body) {
                    1.5
                } else {
                    0.0
                };
                odds += match m.sort {
                    Sort::Location if exact => 5.0 * sure,
                    Sort::Location if m.first >= first && m.end <= end => 4.0 * sure,
                    Sort::Location if m.first == first && !rest.iter().any(|t| kind_or_body(t, cues)) => 0.0,
                    Sort::Location => 2.5,
                    Sort::Misc if demonym => 3.0,
                    Sort::Misc if exact => -1.0,
                    Sort::Misc => -4.0,
                    Sort::Organization if exact && best.place.level == Level::Region && large => -1.0,
                    Sort::Organization if exact && large => 0.5 - 3.0 * sure.powi(4),
                    Sort::Organization if exact => -5.0 * sure.powi(3),
                    Sort::Organization if m.first == first && m.end > end => known.min(2.0) - 2.0 + body,
                    Sort::Organization if linked => -1.5,
                    Sort::Organization => -4.5,
                    Sort::Person if exact && end == first + 1 => -6.5 * sure * sure,
                    Sort::Person => -9.0 * sure,
                };
            }
            None if article.informed => odds -= if demonym { 1.0 } else { 2.5 },
            None => {}
        }
        if end == first + 1 && !demonym && self.people.binary_search(&tokens[first].hash).is_ok() {
            odds -= match best.place.level {
                _ if self.given.binary_search(&tokens[first].hash).is_ok() => 8.5,
                Level::Country => 3.0,
                _ => 4.0,
            };
        }
        let listed = self.listed[first]
            && matches!(tokens[end..].first(), Some(t) if matches!(t.lower, "," | "and" | "counties"));
        let feature = if listed { Some(Feature::Level(Level::Admin2)) } else { feature };
        if listed {
            odds += 6.0;
        }
        // One more in a list of places.
        let last = self.all.last().map_or(0, |n| n.end);
        let next = tokens.get(end).filter(|t| matches!(t.lower, "," | "and"));
        let place_next = next.is_some_and(|_| {
            let owner = self.owner.get(end + 1).copied().unwrap_or(NOBODY);
            owner != NOBODY
                && article.mentions[owner as usize].sort == Sort::Location
                && article.mentions[owner as usize].confidence > 0.8
        });
        if place_next && !demonym {
            odds += 1.0;
        }
        if last > 0
            && last < first
            && first - last <= 2
            && tokens[last..first].iter().all(|t| matches!(t.lower, "," | "and" | "/"))
            && !demonym
        {
            odds += 2.0;
        }
        // A language.
        let alone = after.is_none_or(|t| t.shape.class() == Class::Punctuation);
        if demonym
            && alone
            && before.is_some_and(|t| matches!(t.lower, "in" | "speak" | "speaks" | "speaking" | "spoke" | "into"))
        {
            odds -= 6.0;
        }
        if preposition {
            odds += 1.0;
        }
        if dateline {
            odds += 3.0;
        }
        if end - first > 1 {
            odds += 1.0;
        }
        if best.posting.doubtful() {
            odds -= if mention.is_some_and(|m| m.sort == Sort::Location) { 1.0 } else { 4.0 };
        }
        if best.posting.relation() == Relation::Alternate {
            odds -= 1.5;
        }
        if mention.is_none() && before.is_some_and(capital) && !preposition {
            odds -= 1.5;
        }
        if mention.is_none() && after.is_some_and(capital) {
            odds -= 1.5;
        }
        Name {
            first,
            end,
            hash,
            candidates: (base, self.candidates.len()),
            mention: owner.map(|o| o as usize),
            demonym,
            feature,
            container: None,
            within: None,
            listed: None,
            townsfolk: tokens.get(end).is_some_and(|t| cues.of(t.hash).townsfolk),
            office: tokens[end..]
                .iter()
                .take(2)
                .take_while(|t| t.shape.class() == Class::Word)
                .any(|t| cues.of(t.hash).office),
            article: before.is_some_and(|t| t.lower == "the"),
            dateline,
            odds,
        }
    }

    /// A name that the gazetteer lacks; where reading goes on.
    pub(super) fn unknown(&mut self, article: Article, first: usize, end: usize, owner: u32, cues: &Cues) -> usize {
        let tokens = article.tokens;
        let mention = article.mentions[owner as usize];
        let nowhere = end == first + 1 && cues.of(tokens[first].hash).nowhere;
        if nowhere || tokens[first..end].iter().all(|t| cues.of(t.hash).feature.is_some()) {
            return end;
        }
        let feature = cues.of(tokens[end - 1].hash).feature.or_else(|| cues.of(tokens[first].hash).feature);
        let hash =
            tokens[first..end].iter().filter(|t| !t.shape.has(Shape::DASH)).fold(START, |h, t| phrase(h, t.hash));
        let at = self.candidates.len();
        let sure = mention.confidence.clamp(0.01, 0.99);
        self.all.push(Name {
            mention: Some(owner as usize),
            feature,
            dateline: tokens[first].span.start < article.dateline,
            odds: (sure / (1.0 - sure)).ln(),
            ..Name::without_candidates(first, end, hash, at)
        });
        end
    }

    /// A street that no mention covers as a place; where reading goes on.
    pub(super) fn street(&mut self, article: Article, first: usize, end: usize, owner: u32) -> usize {
        let hash = article.tokens[first..end].iter().fold(START, |h, t| phrase(h, t.hash));
        let at = self.candidates.len();
        self.all.push(Name {
            mention: (owner != NOBODY).then_some(owner as usize),
            feature: Some(Feature::Street),
            ..Name::without_candidates(first, end, hash, at)
        });
        end
    }
}
