//! From a passage to its attributions: which words are cues, and for each what is said and who says it.

use crate::article::Article;
use crate::chain::{self, Chain, LABELS, Scores};
use crate::features::{self, Known};
use crate::model::Model;
use crate::passage::{Item, QUOTED};
use crate::phrase::Phrase;
use crate::words::tag;

/// An attribution in a passage.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The word that attributes.
    pub cue: Range,
    /// Who says it.
    pub source: Option<Range>,
    /// Who relays it.
    pub via: Option<Range>,
    /// What is said.
    pub pieces: Vec<Range>,
    /// How probable it is that all this is so.
    pub sure: f32,
}

impl Found {
    /// Whether the item `at` is part of what is said.
    fn covers(&self, at: usize) -> bool {
        self.pieces.iter().any(|p| p.0 <= at && at < p.1)
    }

    /// "Prices will rise by a fifth this year, the ministry said on Friday": all of the clause before the `comma` is said.
    fn close(&mut self, items: &[Item], comma: usize, subject: usize) {
        let cue = self.cue.0;
        let next = items.get(cue + 1);
        let on = next.is_some_and(|i| i.word == items[comma].word || i.tag == QUOTED);
        let verb = |i: &Item| matches!(i.tag, tag::VBD | tag::VBZ | tag::VBP | tag::MD);
        let quoted = items[..comma].iter().any(|i| i.tag == QUOTED);
        let behind = self.pieces.iter().any(|p| p.0 > cue || p.0 < comma && p.1 > comma);
        if on || quoted || behind || !items[..comma].iter().any(verb) {
            return;
        }
        let from = usize::from(items[0].tag == tag::CC);
        self.pieces = vec![(from, comma)];
        if self.source.is_none_or(|s| s.0 < comma) {
            self.source = Some((comma + 1, subject + 1));
        }
    }

    /// "Prices will rise, said the bank's trading desk": a noun phrase behind a cue that a comma parts from the clause before is who says it.
    fn invert(&mut self, article: &Article, items: &[Item]) {
        let (cue, behind) = (self.cue.0, self.cue.1);
        let Some(&(from, to)) = self.pieces.last() else { return };
        let verb = |i: &Item| tag::is_verb(i.tag) || matches!(i.tag, tag::MD | tag::TO | QUOTED);
        let noun = |i: &Item| i.name > 0 || matches!(i.tag, tag::NN | tag::NNS | tag::NNP);
        let comma = cue.checked_sub(1).is_some_and(|c| article.lower(items[c].first as usize) == ",");
        let told = matches!(items[cue].tag, tag::VBD | tag::VBZ | tag::VBP);
        if !comma || !told || from != behind || items[from..to].iter().any(verb) || !items[from..to].iter().any(noun) {
            return;
        }
        let first = self.pieces[0].0.min(self.source.map_or(cue, |s| s.0));
        let begin = if first < cue { first } else { 0 };
        if !items[begin..cue - 1].iter().any(|i| tag::is_verb(i.tag) || i.tag == tag::MD) {
            return;
        }
        self.source = Some((from, to));
        self.pieces = vec![(begin, cue - 1)];
    }

    /// "The paper quoted officials as saying ...": the officials say it, the paper relays it.
    fn relay(&mut self, article: &Article, items: &[Item]) {
        let Some(&(from, to)) = self.pieces.first() else { return };
        let lower = |i: usize| article.lower(items[i].first as usize);
        let says = |i: &usize| lower(*i) == "as" && items[*i + 1].tag == tag::VBG;
        if let Some(at) = (from + 1..to.saturating_sub(2)).find(says) {
            self.via = self.source;
            self.source = Some((from, at));
            self.cue = (at + 1, at + 2);
            self.pieces[0] = (at + 2, to);
        }
    }

    /// "his “full support” for “all decisions”": where several marked stretches stand in somebody's noun phrase, they alone are what is said.
    fn only_quoted(&mut self, items: &[Item]) {
        let &[(from, to)] = self.pieces.as_slice() else { return };
        let verb = |i: &Item| tag::is_verb(i.tag) || matches!(i.tag, tag::MD | tag::TO);
        let quoted = || (from..to).filter(|&i| items[i].tag == QUOTED);
        // Behind a colon a headline does the same.
        let theirs = items[from].tag == tag::PRPS || items[self.cue.0].tag == tag::PUNCT && items[from].tag == QUOTED;
        if quoted().count() > 1 && theirs && !items[from..to].iter().any(verb) {
            self.pieces = quoted().map(|i| (i, i + 1)).collect();
        }
    }

    /// "DPRK refers to North Korea's official name": what a word means is nobody's statement.
    fn defines(&self, article: &Article, items: &[Item]) -> bool {
        let person = |s: Range| items[s.0..s.1].iter().any(|i| i.name == 1 || i.tag == tag::PRP);
        let cue = article.lower(items[self.cue.0].first as usize);
        matches!(cue, "refers" | "refer" | "means") && !self.source.is_some_and(person)
    }

    /// Whether what is said has a verb of its own, and not only one of a clause that depends on it ("work after water broke in").
    fn is_clause(&self, article: &Article, items: &[Item]) -> bool {
        let Some(&(from, to)) = self.pieces.first() else { return false };
        let subordinates = |i: usize| {
            let word = article.lower(items[i].first as usize);
            i > from
                && (matches!(items[i].tag, tag::WP | tag::WRB)
                    || matches!(
                        word,
                        "after" | "before" | "because" | "since" | "until" | "while" | "although" | "if" | "as"
                    ))
        };
        let finite = |i: usize| matches!(items[i].tag, tag::VBD | tag::VBZ | tag::VBP | tag::MD);
        (from..to).find(|&i| finite(i) || subordinates(i)).is_some_and(finite)
    }

    /// Too little is known of it for it to be told.
    fn doubtful(&self, article: &Article, items: &[Item]) -> bool {
        let quoted = self.pieces.iter().any(|p| items[p.0..p.1].iter().any(|i| i.tag == QUOTED));
        let said = || self.pieces.iter().flat_map(|p| &items[p.0..p.1]);
        let least = if quoted {
            SURE_QUOTED
        } else if self.is_clause(article, items) {
            SURE_CLAUSE
        } else if said().any(|i| tag::is_verb(i.tag)) {
            SURE
        } else {
            SURE_NOUN
        };
        let attested = article.words[items[self.cue.0].first as usize].attested() || self.sure >= OWN;
        self.pieces.is_empty() || self.sure < if attested || quoted { least } else { least.max(SURE_NEW) }
    }

    /// Whether the two share something that is said, unless this one leads in all of the other.
    fn crosses(&self, other: &Found) -> bool {
        let holds = |p: &Range| self.pieces.iter().any(|q| q.0 <= p.0 && p.1 <= q.1);
        let shares = |p: &Range| self.pieces.iter().any(|q| q.0 < p.1 && p.0 < q.1);
        (self.covers(other.cue.0) || other.pieces.iter().any(shares))
            && !(self.cue < other.cue && self.covers(other.cue.0) && other.pieces.iter().all(holds))
    }

    /// What the labels around the cue `at` say.
    pub fn new(at: usize, labels: &[u8]) -> Found {
        let mut found = Found { cue: (at, at + 1), ..Found::default() };
        for (i, &label) in labels.iter().enumerate() {
            match label {
                chain::CONTENT => found.pieces.push((i, i + 1)),
                chain::CONTENT_ON => {
                    if let Some(last) = found.pieces.last_mut() {
                        last.1 = i + 1;
                    }
                }
                chain::SOURCE if found.source.is_none() => found.source = Some((i, i + 1)),
                chain::SOURCE_ON => {
                    if let Some(last) = found.source.as_mut().filter(|s| s.1 == i) {
                        last.1 = i + 1;
                    }
                }
                _ => {}
            }
        }
        found
    }
}

/// Items `.0` up to and without `.1` of a passage.
pub type Range = (usize, usize);

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
/// Probability of the user's own cues.
const OWN: f32 = 0.95;
/// Least probability of an attribution (tuned on development articles).
const SURE: f32 = 0.42;

/// The same where what is said is a clause with a verb of its own.
const SURE_CLAUSE: f32 = 0.3;
/// The same where it is a mere noun: most often an attitude.
const SURE_NOUN: f32 = 0.52;
/// The same where the word has never been seen as a cue.
const SURE_NEW: f32 = 0.65;
/// The same where something of what is said stands between marks.
const SURE_QUOTED: f32 = 0.3;

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
            for &place in &self.places[pair[0] as usize..pair[1] as usize] {
                let own = &model.labels[place as usize];
                for l in 0..4 {
                    sums[l] += i16::from(own[l] as i8);
                }
            }
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
    fn decode(&mut self, items: &[Item], at: usize, talk: bool, model: &Model) -> Found {
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
        features::check(&self.known, items, &found, self.cues[at], path, &mut self.places);
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
            if out.iter().any(|f| f.covers(at)) || asks(article, items, at) {
                continue;
            }
            self.score_labels(items, at, model);
            let mut found = self.decode(items, at, true, model);
            if found.defines(article, items) {
                continue;
            }
            if found.doubtful(article, items) {
                let Some(plain) = according(article, items, at) else { continue };
                found = plain;
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
                found = self.decode(items, at, false, model);
                if found.doubtful(article, items) {
                    continue;
                }
            }
            out.retain(|f| !found.covers(f.cue.0));
            found.invert(article, items);
            found.only_quoted(items);
            found.relay(article, items);
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
    let finite = |i: &Item| matches!(i.tag, tag::VBD | tag::VBZ | tag::VBP | tag::MD);
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
