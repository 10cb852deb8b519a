//! One name, one answer: after both readings each name's mentions in the article vote on its type, weighed by how sure the tagger was, and
//! occurrences that were passed over are taken in.

use crate::article::{Article, can_be_name};
use crate::label::{Name, Type};
use crate::memory::ByHash;
use crate::tagger::Found;
use factbox_sdk::Token;
use factbox_sdk::hashing::{START, phrase};

/// What the vote did to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ballot {
    /// Nothing: the tagger's own answer.
    Kept,
    /// Its type was changed to the majority's.
    Retyped,
    /// The tagger had passed it over.
    TakenIn,
    /// It is one of two names that the tagger had taken for one.
    Split,
    /// Its type was changed to the one that the tables give it.
    Table,
    /// It is the surname of a person of the article, taken for something else.
    Surname,
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    weight: [f32; 4],
    mentions: u32,
    length: u32,
}

impl Tally {
    fn winner(&self) -> (Type, f32) {
        let total: f32 = self.weight.iter().sum();
        let (mut best, mut most) = (0, -1.0);
        for (i, &w) in self.weight.iter().enumerate() {
            if w > most {
                (best, most) = (i, w);
            }
        }
        (Type::ALL[best], if total > 0.0 { most / total } else { 0.0 })
    }
}

/// Applies the vote to `found` (in text order); `ballots` has one entry for each of them.
pub fn vote(article: &Article, found: &mut Vec<Found>, ballots: &mut Vec<Ballot>) {
    let hash = |n: &Name| article.cues[n.first as usize..n.end as usize].iter().fold(START, |h, c| phrase(h, c.word));
    let mut tallies: ByHash<Tally> = ByHash::default();
    let mut starts: ByHash<u32> = ByHash::default();
    for f in found.iter() {
        let t = tallies.entry(hash(&f.name)).or_default();
        t.weight[f.name.kind as usize] += f.probability;
        t.mentions += 1;
        t.length = f.name.end - f.name.first;
    }
    for (f, b) in found.iter_mut().zip(ballots.iter_mut()) {
        let t = &tallies[&hash(&f.name)];
        if t.mentions > 1 {
            let (kind, share) = t.winner();
            let outvoted = (share > 0.6 && f.probability < 0.9) || (share > 0.75 && f.probability < 0.99);
            if kind != f.name.kind && outvoted {
                f.name.kind = kind;
                f.probability = share.min(f.probability.max(0.5));
                *b = Ballot::Retyped;
            }
        }
    }
    split(article, found, ballots, &tallies);
    // words that begin a sure name, and how long it can be
    for f in found.iter() {
        let t = &tallies[&hash(&f.name)];
        if sure(t) {
            let first = article.cues[f.name.first as usize].word;
            let longest = starts.entry(first).or_default();
            *longest = (*longest).max(t.length.min(8));
        }
    }
    if starts.is_empty() {
        return;
    }
    let mut taken: Vec<(Found, Ballot)> = Vec::new();
    let mut next = 0;
    let mut at = 0;
    while at < article.cues.len() {
        while next < found.len() && (found[next].name.end as usize) <= at {
            next += 1;
        }
        let free_until = found.get(next).map_or(article.cues.len(), |f| f.name.first as usize);
        if at >= free_until {
            at = found[next].name.end as usize;
            continue;
        }
        let cue = &article.cues[at];
        let mut step = 1;
        if can_be_name(cue.case)
            && let Some(&longest) = starts.get(&cue.word)
        {
            let mut so_far = START;
            let mut best = None;
            for end in at + 1..=(at + longest as usize).min(free_until) {
                so_far = phrase(so_far, article.cues[end - 1].word);
                if let Some(t) = tallies.get(&so_far)
                    && sure(t)
                    && may_be_taken(article, at, end, t)
                {
                    best = Some((end, t.winner().0));
                }
            }
            if let Some((end, kind)) = best {
                let name = Name { first: at as u32, end: end as u32, kind };
                taken.push((Found { name, probability: 0.6 }, Ballot::TakenIn));
                step = end - at;
            }
        }
        at += step;
    }
    if taken.is_empty() {
        return;
    }
    let mut all: Vec<(Found, Ballot)> = found.drain(..).zip(ballots.drain(..)).chain(taken).collect();
    all.sort_by_key(|(f, _)| f.name.first);
    for (f, b) in all {
        found.push(f);
        ballots.push(b);
    }
}

/// Takes apart a doubtful name that occurs once and consists of two names that the article has on their own ("Lebed Chechnya peace plan").
fn split(article: &Article, found: &mut Vec<Found>, ballots: &mut Vec<Ballot>, tallies: &ByHash<Tally>) {
    let doubtful = |f: &Found| f.probability < 0.9 && f.name.end - f.name.first > 1 && f.name.end - f.name.first < 8;
    if !found.iter().any(doubtful) {
        return;
    }
    let own = |first: usize, end: usize| {
        let hash = article.cues[first..end].iter().fold(START, |h, c| phrase(h, c.word));
        tallies.get(&hash).filter(|t| t.mentions > 1 && sure(t)).map(|t| Name {
            first: first as u32,
            end: end as u32,
            kind: t.winner().0,
        })
    };
    let mut all = Vec::with_capacity(found.len() + 4);
    for (f, b) in found.drain(..).zip(ballots.drain(..)) {
        let (first, end) = (f.name.first as usize, f.name.end as usize);
        let parts = (first + 1..end).filter(|_| doubtful(&f)).find_map(|middle| {
            let a = own(first, middle)?;
            let rest = if article.cues[middle].case == 1 && middle + 1 < end { middle + 1 } else { middle };
            Some((a, own(rest, end)?))
        });
        match parts {
            // (persons have two names, and a place may be part of a body's name)
            Some((a, b)) if a.kind != b.kind || a.kind == Type::Person && a.end != b.first => {
                let part = |name| (Found { name, probability: 0.6 }, Ballot::Split);
                all.push(part(a));
                all.push(part(b));
            }
            _ => all.push((f, b)),
        }
    }
    for (f, b) in all {
        found.push(f);
        ballots.push(b);
    }
}

/// How sure the tagger is of a name's type where no other name of the article changes it.
const FIRM: f32 = 0.97;
/// How sure it must be of a person for the surname to count elsewhere.
const PERSON: f32 = 0.65;

/// "Agnes Samaria ... beating Samaria is a benchmark": a single word that was taken for something else is a person, if it ends the full name of one.
/// Not where it stands as a place does, begins the longer name of something else, or `is_nation`.
pub fn surnames(
    article: &Article,
    tokens: &[Token],
    found: &mut [Found],
    ballots: &mut [Ballot],
    is_nation: impl Fn(&Token) -> bool,
) {
    let range = |n: &Name| n.first as usize..n.end as usize;
    let single = |f: &Found| f.name.end - f.name.first == 1;
    let doubtful = |f: &Found| single(f) && f.name.kind != Type::Person && f.probability < FIRM;
    if !found.iter().any(doubtful) {
        return;
    }
    // 1 ends the full name of a person, 2 begins a longer name of something else
    let mut words: ByHash<u8> = ByHash::default();
    for f in found.iter().filter(|f| !single(f)) {
        let cues = &article.cues[range(&f.name)];
        if f.name.kind != Type::Person {
            *words.entry(cues[0].word).or_default() |= 2;
        } else if f.probability >= PERSON && cues.len() <= 4 && cues.iter().all(|c| matches!(c.case, 2..=7)) {
            *words.entry(cues[cues.len() - 1].word).or_default() |= 1;
        }
    }
    for (f, ballot) in found.iter_mut().zip(ballots) {
        let at = f.name.first as usize;
        if !doubtful(f) || words.get(&article.cues[at].word) != Some(&1) {
            continue;
        }
        let before = at.checked_sub(1).map_or("", |b| tokens[b].lower);
        let placed = f.name.kind == Type::Location
            && matches!(
                before,
                "in" | "at" | "near" | "from" | "to" | "into" | "around" | "outside" | "across" | "through"
            );
        if !placed && !is_nation(&tokens[at]) {
            f.name.kind = Type::Person;
            *ballot = Ballot::Surname;
        }
    }
}

fn sure(t: &Tally) -> bool {
    let (_, share) = t.winner();
    let total: f32 = t.weight.iter().sum();
    share > 0.7 && total >= 0.8
}

/// Whether an occurrence that the tagger passed over may be the name all the same.
fn may_be_taken(article: &Article, first: usize, end: usize, t: &Tally) -> bool {
    let cue = &article.cues[first];
    if end - first > 1 {
        return article.cues[first..end].iter().all(|c| c.case != 1) || t.mentions > 1;
    }
    // a single word: not one that is also written small here or usually, not next to another capitalised word it could belong to
    let neighbour = |i: Option<usize>| i.and_then(|i| article.cues.get(i)).is_some_and(|c| can_be_name(c.case));
    let beside = (!cue.starts && neighbour(first.checked_sub(1))) || neighbour(Some(end));
    cue.seen & 1 == 0 && !matches!(cue.info.capitalised(), 1..=3) && !beside
}
