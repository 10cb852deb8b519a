//! An attribution among the items of a passage, and what its parts tell about it once the labels are known.

use crate::article::Article;
use crate::chain;
use crate::passage::{FOUR_WORDS, Item, QUOTED};
use crate::words::tag;
use factbox_sdk::Letters;

/// Probability of the user's own cues.
pub(crate) const OWN: f32 = 0.95;
/// Least probability of an attribution (tuned on development articles).
const SURE: f32 = 0.2;
/// The same where what is said is a clause with a verb of its own.
const SURE_CLAUSE: f32 = 0.12;
/// The same where it is a mere noun: most often an attitude.
const SURE_NOUN: f32 = 0.26;
/// The same where the word has never been seen as a cue.
const SURE_NEW: f32 = 0.4;
/// The same where the article is unlike those that the model was trained on.
const SURE_ABROAD: f32 = 0.66;
/// The same of a clause.
const SURE_CLAUSE_ABROAD: f32 = 0.52;
/// The same of what stands between marks in part or whole.
const SURE_QUOTED_ABROAD: f32 = 0.4;
/// The same where something of what is said stands between marks.
const SURE_QUOTED: f32 = 0.3;

/// How sure "quoted officials as saying" is by its form alone.
const RELAYED: f32 = 0.75;

/// Items of the longest name between a cue and a comma.
const LONGEST_NAME: usize = 8;

/// Items `.0` up to and without `.1` of a passage.
pub type Range = (usize, usize);

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
    pub(crate) fn covers(&self, at: usize) -> bool {
        self.pieces.iter().any(|p| p.0 <= at && at < p.1)
    }

    /// "Prices will rise by a fifth this year, the ministry said on Friday": all of the clause before the `comma` is said.
    pub(crate) fn close(&mut self, items: &[Item], comma: usize, subject: usize) {
        let cue = self.cue.0;
        let next = items.get(cue + 1);
        let on = next.is_some_and(|i| i.word == items[comma].word || i.tag == QUOTED);
        let verb = |i: &Item| tag::is_finite(i.tag);
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
    pub(crate) fn invert(&mut self, article: &Article, items: &[Item]) {
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
    pub(crate) fn relay(&mut self, article: &Article, items: &[Item]) {
        let Some(&(from, to)) = self.pieces.first() else { return };
        let lower = |i: usize| article.lower(items[i].first as usize);
        let says = |i: &usize| lower(*i) == "as" && items[*i + 1].tag == tag::VBG;
        if let Some(at) = (from + 1..to.saturating_sub(2)).find(says) {
            self.via = self.source;
            self.source = Some((from, at));
            self.cue = (at + 1, at + 2);
            self.pieces[0] = (at + 2, to);
            self.sure = self.sure.max(RELAYED);
        }
    }

    /// "his “full support” for “all decisions”": where several marked stretches stand in somebody's noun phrase, they alone are what is said.
    pub(crate) fn only_quoted(&mut self, items: &[Item]) {
        let &[(from, to)] = self.pieces.as_slice() else { return };
        let verb = |i: &Item| tag::is_verb(i.tag) || matches!(i.tag, tag::MD | tag::TO);
        let quoted = || (from..to).filter(|&i| items[i].tag == QUOTED);
        // Behind a colon a headline does the same.
        let theirs = items[from].tag == tag::PRPS || items[self.cue.0].tag == tag::PUNCT && items[from].tag == QUOTED;
        if quoted().count() > 1 && theirs && !items[from..to].iter().any(verb) {
            self.pieces = quoted().map(|i| (i, i + 1)).collect();
        }
    }

    /// "Often, said Mr Pearson, it was deleted": who is named between the cue and a comma says what follows.
    pub(crate) fn interrupt(&mut self, article: &Article, items: &[Item]) {
        let (cue, behind) = (self.cue.0, self.cue.1);
        let comma = |i: usize| article.lower(items[i].first as usize) == ",";
        let Some(piece) = self.pieces.iter().position(|p| p.0 == behind) else { return };
        let (from, to) = self.pieces[piece];
        let opens = cue == 0 || comma(cue - 1) || items[cue - 1].tag == QUOTED;
        let told = matches!(items[cue].tag, tag::VBD | tag::VBZ | tag::VBP);
        if self.source.is_some() || !opens || !told {
            return;
        }
        let noun = |i: &Item| {
            i.name > 0 || matches!(i.tag, tag::NN | tag::NNS | tag::NNP | tag::PRP | tag::DT | tag::JJ | tag::POS)
        };
        let Some(end) = (from + 1..to.min(from + LONGEST_NAME)).find(|i| comma(*i)) else { return };
        let finite = |i: &Item| tag::is_finite(i.tag);
        if items[from..end].iter().all(noun) && items[end + 1..to].iter().any(finite) {
            self.source = Some((from, end));
            self.pieces[piece].0 = end + 1;
        }
    }

    /// "Size, whose album won the prize, said": what is told of the speaker in between is not what is said.
    pub(crate) fn leave_relative(&mut self, article: &Article, items: &[Item]) {
        let (cue, several) = (self.cue.0, self.pieces.len() > 1);
        let Some(source) = self.source.filter(|_| several) else { return };
        let relative = |p: &Range| {
            let word = article.lower(items[p.0].first as usize);
            p.0 >= source.1 && p.0 <= source.1 + 1 && p.1 <= cue && matches!(word, "who" | "whose" | "which" | "whom")
        };
        self.pieces.retain(|p| !relative(p));
    }

    /// "in what Millan calls its infant stage": "what" is no part of what is said. False where nothing else is, as in "smaller than what McKinley
    /// said, but".
    pub(crate) fn leave_what(&mut self, article: &Article, items: &[Item]) -> bool {
        let what = |i: usize| article.lower(items[i].first as usize) == "what";
        let alone = |p: &Range| p.1 - p.0 == 1 && what(p.0);
        if self.pieces.iter().any(|p| p.1 - p.0 > 1 && p.1 <= self.cue.0 && what(p.1 - 1)) {
            return false;
        }
        if !self.pieces.iter().any(alone) {
            return true;
        }
        self.pieces.retain(|p| !alone(p));
        self.pieces.first().is_some_and(|p| p.0 == self.cue.1)
    }

    /// "is expected to win", "were asked to vote": by whom is not told, nor is it a clause of its own. Articles like those of the training count it.
    pub(crate) fn unsaid(&self, article: &Article, items: &[Item]) -> bool {
        let cue = self.cue.0;
        let lower = |i: usize| article.lower(items[i].first as usize);
        let passive = items[cue].tag == tag::VBN && (cue.saturating_sub(2)..cue).any(|i| items[i].auxiliary);
        let clause = |p: &Range| p.0 > 0 && lower(p.0 - 1) == "that" || lower(p.0) == "that";
        article.alike < 0.5
            && passive
            && self.source.is_none()
            && lower(cue) != "said"
            && !self.pieces.iter().any(|p| clause(p) || items[p.0..p.1].iter().any(|i| i.tag == QUOTED))
    }

    /// "I changed my answer: “Of course I do.”": of what is said, a sentence between marks behind a colon is said word for word; what leads up to it is
    /// the writer's.
    pub(crate) fn behind_colon(&mut self, article: &Article, items: &[Item]) {
        let sentence = |i: usize| {
            let inside = article.tokens.get(items[i].first as usize + 1);
            let capital = inside.is_some_and(|t| matches!(t.shape.letters(), Letters::Title | Letters::Upper));
            items[i].tag == QUOTED && items[i].cluster >= FOUR_WORDS && capital
        };
        let colon = |i: usize| article.lower(items[i].first as usize) == ":";
        for piece in &mut self.pieces {
            let (from, to) = *piece;
            let last = (from..to).rfind(|&i| items[i].tag != tag::PUNCT);
            if let Some(at) = last.filter(|&i| i > from && colon(i - 1) && sentence(i)) {
                *piece = (at, at + 1);
            }
        }
    }

    /// "DPRK refers to North Korea's official name": what a word means is nobody's statement.
    pub(crate) fn defines(&self, article: &Article, items: &[Item]) -> bool {
        let person = |s: Range| items[s.0..s.1].iter().any(|i| i.name == 1 || i.tag == tag::PRP);
        let cue = article.lower(items[self.cue.0].first as usize);
        matches!(cue, "refers" | "refer" | "means") && !self.source.is_some_and(person)
    }

    /// Whether what is said has a verb of its own, and not only one of a clause that depends on it ("work after water broke in").
    pub(crate) fn is_clause(&self, article: &Article, items: &[Item]) -> bool {
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
        let finite = |i: usize| tag::is_finite(items[i].tag);
        (from..to).find(|&i| finite(i) || subordinates(i)).is_some_and(finite)
    }

    /// Too little is known of it for it to be told.
    pub(crate) fn doubtful(&self, article: &Article, items: &[Item]) -> bool {
        let quoted = self.pieces.iter().any(|p| items[p.0..p.1].iter().any(|i| i.tag == QUOTED));
        let said = || self.pieces.iter().flat_map(|p| &items[p.0..p.1]);
        let (least, abroad) = if said().all(|i| i.tag == QUOTED) {
            (SURE_QUOTED, SURE_QUOTED)
        } else if quoted {
            (SURE_QUOTED, SURE_QUOTED_ABROAD)
        } else if self.is_clause(article, items) {
            (SURE_CLAUSE, SURE_CLAUSE_ABROAD)
        } else if said().any(|i| tag::is_verb(i.tag)) {
            (SURE, SURE_ABROAD)
        } else {
            (SURE_NOUN, SURE_ABROAD)
        };
        // Where the articles of the training are no guide, speech without marks needs more.
        let least = least + (1.0 - article.alike) * (abroad - least);
        let attested = article.words[items[self.cue.0].first as usize].attested() || self.sure >= OWN;
        self.pieces.is_empty() || self.sure < if attested || quoted { least } else { least.max(SURE_NEW) }
    }

    /// Whether the two share something that is said, unless this one leads in all of the other.
    pub(crate) fn crosses(&self, other: &Found) -> bool {
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
