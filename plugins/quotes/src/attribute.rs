//! From a passage to its attributions: which words are cues, and for each what is said and who says it.

use crate::article::Article;
use crate::chain::{self, Chain, LABELS, Scores};
use crate::features::{self, Known};
use crate::found::{Found, OWN, Range};
use crate::model::Model;
use crate::passage::{Item, QUOTED};
use crate::phrase::Phrase;
use crate::words::tag;

/// Working memory, reused.
#[derive(Debug, Default)]
pub struct Attributor<'a> {
    known: Known,
    /// The user's own cues.
    own: &'a [String],
    chain: Chain,
    starts: Vec<u32>,
    places: Vec<u32>,
    scores: Vec<Scores>,
    labels: Vec<u8>,
    cues: Vec<f32>,
    order: Vec<usize>,
}

/// Whether an item can be a cue at all.
pub fn candidate(article: &Article, item: &Item) -> bool {
    item.name == 0
        && item.tag != QUOTED
        && !item.auxiliary
        && (tag::is_verb(item.tag) || article.words[item.first as usize].cue())
}

/// The probability that goes with a sum of weights.
pub fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// Least probability of a cue (tuned on development articles).
const CUE: f32 = 0.2;
/// Probability of a cue from which on something must be said.
const TALK: f32 = 0.7;
/// How sure a source behind "according to" is that only its position tells.
const ACCORDING: f32 = 0.6;
impl<'a> Attributor<'a> {
    /// With these cues of the user's own.
    pub fn new(own: &'a [String]) -> Self {
        Attributor { own, ..Attributor::default() }
    }

    fn owns(&self, article: &Article, item: &Item) -> bool {
        item.tag != QUOTED && self.own.iter().any(|c| c == article.lower(item.first as usize))
    }

    /// The probability of each item to be a cue.
    fn score_cues(&mut self, article: &Article, items: &[Item], model: &Model) {
        self.cues.clear();
        self.cues.resize(items.len(), 0.0);
        for (i, item) in items.iter().enumerate() {
            if !self.own.is_empty() && self.owns(article, item) {
                self.cues[i] = OWN;
                continue;
            }
            if !candidate(article, item) {
                continue;
            }
            self.places.clear();
            features::cue(&self.known, items, i, &mut self.places);
            let sum: i32 = self.places.iter().map(|&p| i32::from(model.cue[p as usize] as i8)).sum();
            self.cues[i] = logistic(sum as f32 * model.cue_scale);
        }
    }

    /// After [`attribute`](Self::attribute), how probable it is that the marked stretch `at` is said by somebody.
    pub fn spoken(&mut self, article: &Article, items: &[Item], at: usize, model: &Model) -> f32 {
        features::spoken(article, items, at, &self.cues, &mut self.places);
        let sum: i32 = self.places.iter().map(|&p| i32::from(model.spoken[p as usize] as i8)).sum();
        logistic(sum as f32 * model.spoken_scale)
    }

    /// Scores of the labels around the cue `at`.
    fn score_labels(&mut self, items: &[Item], at: usize, model: &Model) {
        features::labels(&self.known, items, at, &self.cues, &mut self.starts, &mut self.places);
        self.scores.clear();
        for pair in self.starts.windows(2) {
            let mut sums = [0i16; 4];
            let mut add = |place: u32| {
                let own = &model.labels[place as usize];
                for l in 0..4 {
                    sums[l] += i16::from(own[l] as i8);
                }
            };
            // Most of the weights come from afar: eight at once, so that many are on their way.
            let (eights, rest) = self.places[pair[0] as usize..pair[1] as usize].as_chunks::<8>();
            eights.iter().for_each(|eight| eight.iter().for_each(|place| add(*place)));
            rest.iter().for_each(|place| add(*place));
            let mut scores = [0.0; LABELS];
            for l in 0..4 {
                scores[l + 1] = f32::from(sums[l]) * model.label_scale;
            }
            self.scores.push(scores);
        }
        // A cue is no part of what it leads in.
        self.scores[at][1..].fill(chain::NEVER);
    }

    /// What the scored labels say, and how sure that is; something, where the cue is sure and `talk` is set.
    fn decode(&mut self, article: &Article, items: &[Item], at: usize, talk: bool, model: &Model) -> Found {
        let path = self.chain.best(&self.scores, &model.transitions, &mut self.labels);
        let mut found = Found::new(at, &self.labels);
        let path = if found.pieces.is_empty() && talk && self.cues[at] > TALK {
            let path = self.chain.best_said(&self.scores, &model.transitions, &mut self.labels);
            found = Found::new(at, &self.labels);
            path
        } else {
            path
        };
        let around = features::around(&self.known, items, at);
        if let Some((comma, subject)) = around.comma.zip(around.subject) {
            found.close(items, comma, subject);
        }
        features::check(&self.known, items, &found, self.cues[at], path, article.alike, &mut self.places);
        let sum: i32 = self.places.iter().map(|&p| i32::from(model.check[p as usize] as i8)).sum();
        found.sure = logistic(sum as f32 * model.check_scale);
        if self.cues[at] == OWN {
            found.sure = found.sure.max(OWN);
        }
        found
    }

    /// The attributions of a passage, the surest cue first; of one inside another only the outer.
    pub fn attribute(&mut self, article: &Article, items: &[Item], model: &Model, out: &mut Vec<Found>) {
        out.clear();
        self.score_cues(article, items, model);
        self.order.clear();
        self.order.extend((0..items.len()).filter(|&i| self.cues[i] > CUE));
        // "Smith said, according to state media": who said it goes before who relays it.
        let rank = |i: usize| if i > 0 && article.lower(items[i].first as usize) == "according" { 0.5 } else { 1.0 };
        self.order.sort_by(|&a, &b| (self.cues[b] * rank(b)).total_cmp(&(self.cues[a] * rank(a))));
        for n in 0..self.order.len() {
            let at = self.order[n];
            if out.iter().any(|f| f.covers(at) || f.cue.0 == at) || asks(article, items, at) {
                continue;
            }
            self.score_labels(items, at, model);
            let mut found = self.decode(article, items, at, true, model);
            if found.defines(article, items) {
                continue;
            }
            found.relay(article, items);
            let doubtful = found.doubtful(article, items);
            let quoted = found.pieces.iter().any(|p| items[p.0..p.1].iter().any(|i| i.tag == QUOTED));
            if doubtful || !quoted && !found.is_clause(article, items) {
                match according(article, items, at) {
                    Some(plain) => found = plain,
                    None if doubtful => continue,
                    None => {}
                }
            }
            if out.iter().any(|f| found.crosses(f)) {
                // Nothing is said twice.
                for f in out.iter() {
                    for &(from, to) in &f.pieces {
                        for s in &mut self.scores[from..to] {
                            s[chain::CONTENT as usize] = chain::NEVER;
                            s[chain::CONTENT_ON as usize] = chain::NEVER;
                        }
                    }
                    for l in 1..LABELS {
                        self.scores[f.cue.0][l] = chain::NEVER;
                    }
                }
                found = self.decode(article, items, at, false, model);
                if found.doubtful(article, items) {
                    continue;
                }
            }
            if !found.leave_what(article, items) || found.unsaid(article, items) {
                continue;
            }
            out.retain(|f| !found.covers(f.cue.0));
            found.invert(article, items);
            found.interrupt(article, items);
            found.leave_relative(article, items);
            found.only_quoted(items);
            found.behind_colon(article, items);
            out.push(found);
        }
    }
}

/// "According to the ministry over 300 people have died": by position alone, where the model finds nothing. What stands behind the source is
/// said, or else what stands before the cue.
fn according(article: &Article, items: &[Item], at: usize) -> Option<Found> {
    let lower = |i: usize| items.get(i).map_or("", |x: &Item| article.lower(x.first as usize));
    if lower(at) != "according" || lower(at + 1) != "to" {
        return None;
    }
    let start = at + 2;
    let nominal = |i: usize| {
        let x = &items[i];
        x.name > 0 || matches!(x.tag, tag::NN | tag::NNS | tag::NNP | tag::JJ | tag::CD | tag::POS)
    };
    let mut end = start;
    while end < items.len() && (nominal(end) || end == start && matches!(items[end].tag, tag::DT | tag::PRPS)) {
        end += 1;
    }
    if end == start || !nominal(end - 1) {
        return None;
    }
    let loose = |i: usize| items[i].tag == tag::PUNCT;
    let (mut from, mut to) = if at == 0 { (end, items.len()) } else { (0, at) };
    while from < to && loose(from) {
        from += 1;
    }
    while to > from && loose(to - 1) {
        to -= 1;
    }
    let finite = |i: &Item| tag::is_finite(i.tag);
    (to > from && items[from..to].iter().any(finite)).then(|| Found {
        cue: (at, at + 1),
        source: Some((start, end)),
        via: None,
        pieces: vec![(from, to)],
        sure: ACCORDING,
    })
}

/// "asked whether": a question, which says nothing.
fn asks(article: &Article, items: &[Item], at: usize) -> bool {
    let lower = |i: usize| items.get(i).map_or("", |x: &Item| article.lower(x.first as usize));
    matches!(lower(at), "ask" | "asks" | "asked" | "asking") && matches!(lower(at + 1), "if" | "whether")
}

/// The tokens of a range of items.
pub fn tokens(items: &[Item], range: Range) -> Phrase {
    Phrase { start: items[range.0].first as usize, end: items[range.1 - 1].end as usize }
}
