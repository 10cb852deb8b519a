//! Names that hold one another: "Paris, Texas", "the town of X in Y".

use super::{Name, Names, holds, kind, listed};
use crate::cues::Cues;
use crate::gazetteer::{Level, Relation};
use factbox_sdk::prelude::*;

impl Names {
    /// Whether name `i` is, like its neighbours before and behind, a state in a list of three or more.
    pub(super) fn states(&self, i: usize, tokens: &[Token]) -> bool {
        let state = |n: &Name| {
            let first = self.candidates[n.candidates.0..n.candidates.1].first();
            first.is_some_and(|c| c.place.level == Level::Admin1 && c.posting.relation() == Relation::Name)
        };
        let before =
            i.checked_sub(2).is_some_and(|b| state(&self.all[b]) && listed(&self.all[b], &self.all[i - 1], tokens));
        let behind = self.all.get(i + 1).is_some_and(|n| state(n) && listed(&self.all[i], n, tokens));
        state(&self.all[i - 1]) && state(&self.all[i]) && (before || behind)
    }

    /// Ties "Paris" to "Texas" in "Paris, Texas", and "Cordoba" to "Spanish" in "the Spanish city of Cordoba".
    pub(super) fn containers(&mut self, tokens: &[Token], cues: &Cues) {
        for i in 1..self.all.len() {
            let (a, b) = (self.all[i - 1].end, self.all[i].first);
            let gap = &tokens[a.min(b)..b];
            if gap.is_empty() || gap.len() > 8 {
                continue;
            }
            let (outer, inner) = (self.all[i].demonym, self.all[i - 1].demonym);
            if gap.len() == 1 && gap[0].text == "," && self.states(i, tokens) {
                // "Colorado, Kansas, Oklahoma"
                self.all[i].listed = Some(i - 1);
            } else if gap.len() == 1 && matches!(gap[0].text, "," | "(") && !outer && !inner {
                self.all[i - 1].container = Some(i);
                let more = self.all.get(i + 1).is_some_and(|n| listed(&self.all[i], n, tokens));
                self.all[i].listed = Some(i - 1).filter(|_| more);
            } else if listed(&self.all[i - 1], &self.all[i], tokens) {
                self.all[i].listed = Some(i - 1);
            } else if gap.iter().any(|t| t.lower == "in") && !outer && !inner && gap.iter().all(|t| holds(t, cues)) {
                self.all[i - 1].within = Some(i);
            } else if kind(&gap[0], cues)
                && !outer
                && gap.len() < 4
                && gap[1..].iter().all(|t| matches!(t.lower, "of" | "," | "and") || kind(t, cues))
                && gap.last().is_some_and(|t| t.lower == "of" || kind(t, cues))
            {
                self.all[i].within = Some(i - 1);
            } else if kind(&gap[0], cues)
                && gap.len() < 4
                && gap[1..].iter().all(|t| matches!(t.lower, "of" | "in" | "the"))
                && !outer
                && !inner
            {
                self.all[i - 1].within = Some(i);
            }
        }
    }
}
