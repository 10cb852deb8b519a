//! From tokens to names: one reading of every stretch where a name can be, a second one that knows what the first found elsewhere in the
//! article, and how sure each name is.

use crate::article::Article;
use crate::features;
use crate::label::{self, Label, Name};
use crate::lattice::{Lattice, Scores, Transitions};
use crate::memory::Memory;
use crate::model::{Model, Sums};
use factbox_sdk::Token;
use std::ops::Range;

/// A name and how sure the model is of its bounds and type (0 to 1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// The name.
    pub name: Name,
    /// The model's probability of exactly this name.
    pub probability: f32,
}

/// The tagger's working memory, kept from article to article.
#[derive(Debug, Default)]
pub struct Tagger {
    lattice: Lattice,
    memory: Memory,
    features: Vec<u64>,
    ends: Vec<usize>,
    base: Vec<Sums>,
    scores: Vec<Scores>,
    labels: Vec<Label>,
    stretch: Vec<Label>,
    names: Vec<Name>,
}

/// `exp` of all transitions.
pub fn exponentials(t: &Transitions) -> Transitions {
    let mut exp = t.clone();
    exp.0.iter_mut().flatten().for_each(|x| *x = x.exp());
    exp
}

/// A stretch in groups of tokens few enough that what is fetched for them stays close.
fn groups(stretch: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = stretch.end;
    stretch.clone().step_by(GROUP).map(move |first| first..end.min(first + GROUP))
}

/// Tokens whose features are fetched together: about 4 x 70 cache lines, half of the nearest cache.
const GROUP: usize = 4;

impl Tagger {
    /// The names that the first reading finds.
    pub fn tag_once(&mut self, article: &Article, tokens: &[Token], model: &Model, out: &mut Vec<Found>) {
        self.first_reading(article, tokens, model);
        out.extend(self.names.iter().map(|&name| Found { name, probability: 1.0 }));
    }

    fn first_reading(&mut self, article: &Article, tokens: &[Token], model: &Model) {
        self.base.clear();
        self.labels.clear();
        self.labels.resize(article.cues.len(), label::OUTSIDE);
        self.names.clear();
        let mut sentence = 0;
        for stretch in &article.stretches {
            while article.sentences[sentence].end <= stretch.start {
                sentence += 1;
            }
            self.scores.clear();
            for some in groups(stretch) {
                self.features.clear();
                self.ends.clear();
                for i in some {
                    features::extract(article, tokens, &article.sentences[sentence], i, &mut self.features);
                    self.ends.push(self.features.len());
                }
                model.fetch(&self.features);
                let mut begin = 0;
                for &end in &self.ends {
                    let (first, base) = model.both(&self.features[begin..end]);
                    self.scores.push(first);
                    self.base.push(base);
                    begin = end;
                }
            }
            self.stretch.clear();
            self.lattice.best(&self.scores, &model.first, &mut self.stretch);
            self.labels[stretch.clone()].copy_from_slice(&self.stretch);
            label::names(&self.stretch, stretch.start, &mut self.names);
        }
    }

    /// The names of an article, in text order, appended to `out`.
    pub fn tag(
        &mut self,
        article: &Article,
        tokens: &[Token],
        model: &Model,
        exp_second: &Transitions,
        out: &mut Vec<Found>,
    ) {
        self.first_reading(article, tokens, model);
        self.memory.fill(article, &self.labels, &self.names);
        let mut base = self.base.iter();
        let mut found = Vec::new();
        for stretch in &article.stretches {
            self.scores.clear();
            for some in groups(stretch) {
                self.features.clear();
                self.ends.clear();
                for i in some {
                    self.memory.extract(article, &self.labels, &self.names, i, &mut self.features);
                    self.ends.push(self.features.len());
                }
                model.fetch(&self.features);
                let mut begin = 0;
                for &end in &self.ends {
                    let sums = base.next().expect("one for each token of a stretch");
                    self.scores.push(model.second(sums, &self.features[begin..end]));
                    begin = end;
                }
            }
            self.stretch.clear();
            self.lattice.best(&self.scores, &model.second, &mut self.stretch);
            found.clear();
            label::names(&self.stretch, 0, &mut found);
            if found.is_empty() {
                continue;
            }
            self.lattice.run(&self.scores, exp_second, |_| u32::MAX);
            for &name in &found {
                let range = name.first as usize..name.end as usize;
                let probability =
                    self.lattice.stretch_probability(name.first as usize, &self.stretch[range], exp_second);
                let name = Name {
                    first: name.first + stretch.start as u32,
                    end: name.end + stretch.start as u32,
                    kind: name.kind,
                };
                out.push(Found { name, probability: probability.clamp(0.0, 1.0) });
            }
        }
    }
}
