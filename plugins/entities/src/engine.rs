//! The whole way from tokens to mentions and referents, with all working memory in one place.

use crate::article::Article;
use crate::dictionary::{Dictionary, Match};
use crate::label::{Name, Type};
use crate::lattice::Transitions;
use crate::lexicon::{Category, Lexicon};
use crate::model::Model;
use crate::referents::{Mention, Referents};
use crate::tagger::{Found, Tagger, exponentials};
use crate::vote::{Ballot, surnames, vote};
use factbox_sdk::{Span, Token};
use std::sync::OnceLock;

/// Data in the library's file, used where they lie. Aligned, so that a feature's weights are never in two cache lines.
#[repr(align(64))]
struct Aligned<T: ?Sized>(T);
static LEXICON_FILE: &Aligned<[u8]> = &Aligned(*include_bytes!("../data/lexicon.bin"));
static MODEL_FILE: &Aligned<[u8]> = &Aligned(*include_bytes!("../data/model.bin"));
static LEXICON: &[u8] = &LEXICON_FILE.0;
static MODEL: &[u8] = &MODEL_FILE.0;

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
            // side by side: this is most of the time that a run takes to begin
            let (lexicon, model) = std::thread::scope(|scope| {
                let lexicon = scope.spawn(|| Lexicon::load(LEXICON));
                let model = Model::load(MODEL);
                (lexicon.join().expect("loading does not panic"), model)
            });
            let lexicon = lexicon.expect("the tables compiled into the plugin");
            let model = model.expect("the model compiled into the plugin");
            Knowledge::new(lexicon, model)
        })
    }
}

/// Which steps are taken: all of them, unless it is to be measured what one brings.
#[derive(Clone, Copy, Debug)]
pub struct Steps {
    /// The second reading.
    pub second: bool,
    /// The article's vote.
    pub vote: bool,
    /// The tables' last word.
    pub tables: bool,
}

impl Default for Steps {
    fn default() -> Self {
        Steps { second: true, vote: true, tables: true }
    }
}

/// Finds and groups the names of articles, one after the other.
#[derive(Debug, Default)]
pub struct Engine {
    /// The steps taken.
    pub steps: Steps,
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
    pub fn read(
        &mut self,
        tokens: &[Token],
        sentences: &[Span],
        knowledge: &Knowledge,
        dictionary: &Dictionary,
        minimum: f32,
    ) {
        self.article.fill(tokens, sentences, &knowledge.lexicon);
        self.found.clear();
        if self.steps.second {
            self.tagger.tag(&self.article, tokens, &knowledge.model, &knowledge.exp_second, &mut self.found);
        } else {
            self.tagger.tag_once(&self.article, tokens, &knowledge.model, &mut self.found);
        }
        self.ballots.clear();
        self.ballots.resize(self.found.len(), Ballot::Kept);
        if self.steps.vote {
            vote(&self.article, &mut self.found, &mut self.ballots);
            let nation = |token: &Token| {
                let info = knowledge.lexicon.lookup([token.hash].into_iter());
                let nations = 3 << (2 * Category::Country as u64) | 3 << (2 * Category::Demonym as u64);
                info.is_some_and(|info| info.categories & nations != 0)
            };
            surnames(&self.article, tokens, &mut self.found, &mut self.ballots, nation);
        }
        if self.steps.tables {
            with_nation(&self.article, tokens, &knowledge.lexicon, &mut self.found, &mut self.ballots);
            settle(&self.article, tokens, &knowledge.lexicon, &mut self.found, &mut self.ballots);
        }
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
                mentions.push(Mention {
                    first: m.first,
                    end: m.end,
                    kind,
                    point: false,
                    probability: 1.0,
                    referent: 0,
                    tagged: rule,
                    rule,
                    entry: Some(m.entry),
                });
            }
        };
        let mut sentences = self.article.sentences.iter().peekable();
        for (f, ballot) in self.found.iter().zip(&self.ballots) {
            let (first, end) = (f.name.first as usize, f.name.end as usize);
            let probability = calibrated(f.probability);
            if probability < minimum {
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
                Ballot::Split => "two names",
                Ballot::Table => "table",
                Ballot::Surname => "surname",
            };
            while sentences.next_if(|s| s.end < end).is_some() {}
            let point = sentences.peek().is_some_and(|s| s.end == end) && ends_sentence(&tokens[end - 1]);
            self.mentions.push(Mention {
                first,
                end,
                kind: f.name.kind,
                point,
                probability,
                referent: 0,
                tagged,
                rule: "first",
                entry: None,
            });
        }
        for m in matches {
            own(m, &mut self.mentions);
        }
        self.referents.group(&self.article, tokens, &knowledge.lexicon, dictionary, &mut self.mentions);
        debug_assert!(self.mentions.windows(2).all(|w| w[0].end <= w[1].first));
        debug_assert_eq!(Type::ALL.len(), 4);
    }
}

/// Where the tables leave no doubt they have the last word: a country's name is a location, also where its government is meant (its team
/// is an organization in reports on sport, but not in agencies' services of results, known by their headlines in capitals: there it is the
/// country, as Reuters has it); a nationality is never a place; a single letter in brackets is no name.
fn settle(article: &Article, tokens: &[Token], lexicon: &Lexicon, found: &mut Vec<Found>, ballots: &mut Vec<Ballot>) {
    let shouts = article.cues.iter().take(12).any(|c| c.capitals);
    let mut kept = 0;
    for i in 0..found.len() {
        let probability = found[i].probability;
        let name = &mut found[i].name;
        let range = name.first as usize..name.end as usize;
        if range.len() == 1 && article.cues[range.start].case == 3 && !article.cues[range.start].starts {
            let beside =
                |at: Option<usize>, case: u8| at.and_then(|at| article.cues.get(at)).is_some_and(|c| c.case == case);
            if beside(range.start.checked_sub(1), 19) && beside(Some(range.end), 20) {
                continue;
            }
        }
        let next = tokens.get(name.end as usize).map_or("", |t| t.lower);
        let medium = is_medium(next);
        let categories = if medium || matches!(name.kind, Type::Organization | Type::Location) {
            lexicon.lookup(tokens[range].iter().map(|t| t.hash)).map_or(0, |info| info.categories)
        } else {
            0
        };
        let sure = |category: Category| categories >> (2 * category as u64) & 3 == 1;
        if name.kind == Type::Location
            && categories & WATER != 0
            && categories & PLACES & !WATER & !(3 << (2 * Category::City as u64)) == 0
            && is_land(next)
        {
            name.end += 1;
            ballots[i] = Ballot::Table;
        }
        let known = categories >> (2 * Category::Media as u64) & 3 != 0;
        if name.kind != Type::Organization && medium && (known || probability < 0.6 && single(name)) {
            name.kind = Type::Organization;
            ballots[i] = Ballot::Table;
        }
        let settled = match name.kind {
            Type::Organization if sure(Category::Country) && (article.sport < 2 || shouts) => Some(Type::Location),
            Type::Location if sure(Category::Demonym) && !sure(Category::Country) && categories & PLACES == 0 => {
                Some(Type::Misc)
            }
            _ => None,
        };
        if let Some(kind) = settled {
            name.kind = kind;
            ballots[i] = Ballot::Table;
        }
        found[kept] = found[i];
        ballots[kept] = ballots[i];
        kept += 1;
    }
    found.truncate(kept);
    ballots.truncate(kept);
}

/// "U.S." right before a public body belongs to its name ("U.S. Treasury").
fn with_nation(
    article: &Article,
    tokens: &[Token],
    lexicon: &Lexicon,
    found: &mut Vec<Found>,
    ballots: &mut Vec<Ballot>,
) {
    let mut kept = 0;
    for i in 0..found.len() {
        let body = found[i].name;
        let mut now = (found[i], ballots[i]);
        if kept > 0 {
            let nation = found[kept - 1].name;
            let adjacent = nation.kind == Type::Location && nation.end == body.first && nation.end - nation.first == 1;
            let spaced = !article.cues[body.first as usize].glued;
            if adjacent
                && spaced
                && body.kind == Type::Organization
                && matches!(tokens[nation.first as usize].text, "U.S." | "US" | "U.K." | "UK")
            {
                let words = tokens[body.first as usize..body.end as usize].iter().map(|t| t.hash);
                if lexicon
                    .lookup(words)
                    .is_some_and(|info| info.categories >> (2 * Category::Government as u64) & 3 != 0)
                {
                    now.0.name.first = nation.first;
                    now.1 = Ballot::Table;
                    kept -= 1;
                }
            }
        }
        (found[kept], ballots[kept]) = now;
        kept += 1;
    }
    found.truncate(kept);
    ballots.truncate(kept);
}

/// The model is too sure of itself: of what it gives 99.7 % on news, 97.8 % are right, of 94 %, 87 %. Dividing the log odds by 1.6 (chosen on
/// the dev halves of Reuters 2020 and CoNLL-2003) makes the two agree within two points.
fn calibrated(p: f32) -> f32 {
    let p = p.clamp(1e-6, 1.0 - 1e-6);
    1.0 / (1.0 + ((1.0 - p) / p).powf(1.0 / 1.6))
}

/// Whether the last point of an abbreviation is also the full stop: not that of initials ("U.S.", "J.").
fn ends_sentence(token: &Token) -> bool {
    let word = token.text.strip_suffix('.').unwrap_or("");
    word.len() > 1 && !word.contains('.')
}

fn single(name: &Name) -> bool {
    name.end - name.first == 1
}

/// What makes the name of a river that of another place ("Amur region").
fn is_land(word: &str) -> bool {
    matches!(
        word,
        "region"
            | "province"
            | "oblast"
            | "krai"
            | "prefecture"
            | "county"
            | "district"
            | "state"
            | "governorate"
            | "department"
    )
}

/// What follows the name of a news agency, paper or channel.
fn is_medium(word: &str) -> bool {
    matches!(
        word,
        "agency" | "newspaper" | "daily" | "magazine" | "website" | "tv" | "television" | "radio" | "channel"
    )
}

/// Rivers, lakes and seas, sure or not.
const WATER: u64 = 3 << (2 * Category::Water as u64);

/// The categories of places, sure or not.
const PLACES: u64 = 3 << (2 * Category::Country as u64)
    | 3 << (2 * Category::City as u64)
    | 3 << (2 * Category::Geo as u64)
    | WATER
    | 3 << (2 * Category::Facility as u64)
    | 3 << (2 * Category::District as u64);

/// Whether one of the matches (in text order, not overlapping) shares a token with `first..end`.
fn overlaps(matches: &[Match], first: usize, end: usize) -> bool {
    let at = matches.partition_point(|m| m.end <= first);
    matches.get(at).is_some_and(|m| m.first < end)
}
