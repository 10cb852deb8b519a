//! The whole way from tokens to mentions and referents, with all working memory in one place.

use crate::article::Article;
use crate::dictionary::{Dictionary, Match};
use crate::label::Type;
use crate::lattice::Transitions;
use crate::lexicon::Lexicon;
use crate::model::Model;
use crate::referents::{Mention, Referents};
use crate::tagger::{Found, Tagger, exponentials};
use crate::vote::{Ballot, vote};
use factbox_sdk::{Span, Token};
use std::sync::OnceLock;

/// Model and tables, loaded once per process.
#[derive(Debug)]
pub struct Knowledge {
    /// The tables.
    pub lexicon: Lexicon,
    /// The weights.
    pub model: Model,
    exp_second: Transitions,
}

impl Knowledge {
    /// From a model and tables.
    pub fn new(lexicon: Lexicon, model: Model) -> Knowledge {
        let exp_second = exponentials(&model.second);
        Knowledge { lexicon, model, exp_second }
    }

    /// What the plugin ships.
    pub fn shipped() -> &'static Knowledge {
        static SHIPPED: OnceLock<Knowledge> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            let lexicon = Lexicon::load(include_bytes!("../data/lexicon.bin")).expect("the tables compiled into the plugin");
            let model = Model::load(include_bytes!("../data/model.bin")).expect("the model compiled into the plugin");
            Knowledge::new(lexicon, model)
        })
    }
}

/// Finds and groups the names of articles, one after the other.
#[derive(Debug, Default)]
pub struct Engine {
    /// Cues of the last article.
    pub article: Article,
    tagger: Tagger,
    found: Vec<Found>,
    ballots: Vec<Ballot>,
    matches: Vec<Match>,
    /// Names of the last article, in text order.
    pub mentions: Vec<Mention>,
    /// Who they are.
    pub referents: Referents,
}

impl Engine {
    /// Reads an article; the results are in [`mentions`](Self::mentions) and [`referents`](Self::referents).
    pub fn read(&mut self, tokens: &[Token], sentences: &[Span], knowledge: &Knowledge, dictionary: &Dictionary, minimum: f32) {
        self.article.fill(tokens, sentences, &knowledge.lexicon);
        self.found.clear();
        self.tagger.tag(&self.article, tokens, &knowledge.model, &knowledge.exp_second, &mut self.found);
        vote(&self.article, &mut self.found, &mut self.ballots);
        self.mentions.clear();
        self.matches.clear();
        if !dictionary.is_empty() {
            dictionary.matches(&self.article, tokens, &mut self.matches);
        }
        let mut matches = self.matches.iter().copied().peekable();
        let own = |m: Match, mentions: &mut Vec<Mention>| {
            let entry = &dictionary.entries[m.entry as usize];
            if let Some(kind) = entry.kind {
                let rule = "dictionary";
                mentions.push(Mention { first: m.first, end: m.end, kind, probability: 1.0, referent: 0, tagged: rule, rule, entry: Some(m.entry) });
            }
        };
        for (f, ballot) in self.found.iter().zip(&self.ballots) {
            let (first, end) = (f.name.first as usize, f.name.end as usize);
            if f.probability < minimum {
                continue;
            }
            while let Some(m) = matches.next_if(|m| m.end <= first) {
                own(m, &mut self.mentions);
            }
            // matches that overlap the name stay in the queue until they are passed
            if overlaps(&self.matches, first, end) {
                continue;
            }
            let tagged = match ballot {
                Ballot::Kept => "model",
                Ballot::Retyped => "majority in the article",
                Ballot::TakenIn => "same name elsewhere",
            };
            self.mentions.push(Mention { first, end, kind: f.name.kind, probability: f.probability, referent: 0, tagged, rule: "first", entry: None });
        }
        for m in matches {
            own(m, &mut self.mentions);
        }
        self.referents.group(&self.article, tokens, &knowledge.lexicon, dictionary, &mut self.mentions);
        debug_assert!(self.mentions.windows(2).all(|w| w[0].end <= w[1].first));
        debug_assert_eq!(Type::ALL.len(), 4);
    }
}

/// Whether one of the matches (in text order, not overlapping) shares a token with `first..end`.
fn overlaps(matches: &[Match], first: usize, end: usize) -> bool {
    let at = matches.partition_point(|m| m.end <= first);
    matches.get(at).is_some_and(|m| m.first < end)
}
