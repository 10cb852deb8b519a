//! An article as the tagger sees it: for each token a cue (word, letter case, cluster, what the tables know of it and of the phrase it
//! stands in, how the same word is written elsewhere in the article), and the stretches in which a name can be at all.

use crate::lexicon::{CATEGORIES, Lexicon, Node, WordInfo};
use factbox_sdk::hashing::{START, phrase};
use factbox_sdk::{Class, Letters, Shape, Span, Token};
use std::ops::Range;

/// What a token shows of itself, before any label.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cue {
    /// Hash of the lower-case form.
    pub word: u64,
    /// What the tables say.
    pub info: WordInfo,
    /// Middle cluster.
    pub middle: u8,
    /// Coarse cluster.
    pub coarse: u8,
    /// [`case_code`] of class and letters.
    pub case: u8,
    /// First of its sentence.
    pub starts: bool,
    /// Stands in capitals (headline, dateline).
    pub capitals: bool,
    /// Nothing stands between it and the token before.
    pub glued: bool,
    /// Number of the zone.
    pub zone: u8,
    /// How many of `listed` are used.
    pub lists: u8,
    /// Where it stands in phrases of the tables: `8 * category + 4 * risky + place` (0 begin, 1 inside, 2 end, 3 whole).
    pub listed: [u8; 5],
    /// The same word in the article: 1 seen in lower case, 2 seen capitalised within a sentence, 4 seen in capitals.
    pub seen: u8,
    /// A place in [`Vocabulary`].
    pub id: u32,
}

/// The codes of [`Cue::case`].
pub fn case_code(class: Class, letters: Letters, text: &str) -> u8 {
    match class {
        Class::Word => match letters {
            Letters::None => 0,
            Letters::Lower => 1,
            Letters::Title => 2,
            Letters::Upper => {
                if text.len() == 1 {
                    3
                } else if text.ends_with('.') {
                    if text.len() == 2 { 4 } else { 5 }
                } else {
                    6
                }
            }
            Letters::Mixed => 7,
        },
        Class::Mixed => match letters {
            Letters::Lower | Letters::None => 8,
            _ => 9,
        },
        Class::Number => {
            if text.len() == 4 && (text.starts_with("19") || text.starts_with("20")) {
                10
            } else {
                11
            }
        }
        Class::OpenQuote => 12,
        Class::CloseQuote => 13,
        Class::Address => 14,
        Class::Symbol => 15,
        Class::Punctuation => match text.as_bytes() {
            b"," => 16,
            b"." | b"!" | b"?" => 17,
            b"-" => 18,
            b"(" | b"[" => 19,
            b")" | b"]" => 20,
            b":" | b";" => 21,
            b"/" => 22,
            _ => 23,
        },
    }
}

/// Whether a token with this case code can begin or end a name on its own looks.
pub fn can_be_name(case: u8) -> bool {
    matches!(case, 2..=7 | 9)
}

/// Whether phrases of the tables are looked for from a token with this case code on.
fn begins_phrase(case: u8) -> bool {
    can_be_name(case) || matches!(case, 10 | 11)
}

/// The distinct words of an article and how each is written in it.
#[derive(Debug, Default)]
pub struct Vocabulary {
    slots: Vec<u32>,
    words: Vec<u64>,
    seen: Vec<u8>,
}

impl Vocabulary {
    fn clear(&mut self, tokens: usize) {
        let size = (tokens * 2).next_power_of_two().max(64);
        self.slots.clear();
        self.slots.resize(size, u32::MAX);
        self.words.clear();
        self.seen.clear();
    }

    fn id(&mut self, word: u64) -> u32 {
        let mask = self.slots.len() - 1;
        let mut at = (factbox_sdk::hashing::mix(word, 2) >> 20) as usize & mask;
        loop {
            match self.slots[at] {
                u32::MAX => {
                    let id = self.words.len() as u32;
                    self.slots[at] = id;
                    self.words.push(word);
                    self.seen.push(0);
                    return id;
                }
                id if self.words[id as usize] == word => return id,
                _ => at = (at + 1) & mask,
            }
        }
    }

    /// How many distinct words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// Tokens, sentences, cues and stretches of one article. Kept and refilled from article to article.
#[derive(Debug, Default)]
pub struct Article {
    /// One a token.
    pub cues: Vec<Cue>,
    /// The distinct words.
    pub vocabulary: Vocabulary,
    /// Runs of tokens within one sentence in which a name can be.
    pub stretches: Vec<Range<usize>>,
    /// Sentences as runs of tokens.
    pub sentences: Vec<Range<usize>>,
    /// How much the article is about sport, 0 to 3.
    pub sport: u8,
    near: Vec<bool>,
    /// For each token what the tables know of the phrases that begin with it.
    nodes: Vec<Node>,
    /// Hashes of the pairs of words in which a phrase may go on.
    pairs: Vec<u64>,
    words: WordCache,
}

/// What the tables said of recent words: most words of an article were in the one before.
#[derive(Debug, Default)]
struct WordCache {
    slots: Vec<Slot>,
    /// The words of the article at hand that have to be looked up.
    missing: Vec<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    word: u64,
    info: WordInfo,
    node: Node,
    middle: u8,
    coarse: u8,
}

impl WordCache {
    const SLOTS: usize = 4096;

    fn place(word: u64) -> usize {
        (word >> 7) as usize % Self::SLOTS
    }

    /// Brings those parts of the tables close that the words of an article are looked up in: far memory is waited for once, not word by word.
    fn prepare(&mut self, tokens: &[Token], lexicon: &Lexicon) {
        if self.slots.is_empty() {
            // no word has both this hash and a slot other than its own
            let nothing = Slot { word: 0, info: WordInfo(0), node: Node::default(), middle: 0, coarse: 0 };
            self.slots.resize(Self::SLOTS, nothing);
            self.slots[0].word = 1 << 7;
        }
        self.missing.clear();
        let words = tokens.iter().map(|t| t.hash);
        self.missing.extend(words.filter(|&word| self.slots[Self::place(word)].word != word));
        lexicon.fetch(&self.missing);
    }

    fn look_up(&mut self, word: u64, lexicon: &Lexicon) -> Slot {
        let slot = &mut self.slots[Self::place(word)];
        if slot.word != word {
            let info = lexicon.word(word);
            let (middle, coarse) = lexicon.levels(info);
            *slot = Slot { word, info, node: lexicon.first(word), middle, coarse };
        }
        *slot
    }
}

impl Article {
    /// Fills in everything for the tokens and sentences (byte spans) of an article.
    pub fn fill(&mut self, tokens: &[Token], sentences: &[Span], lexicon: &Lexicon) {
        self.sentences.clear();
        let mut at = 0;
        for sentence in sentences {
            let first = at;
            while at < tokens.len() && tokens[at].span.start < sentence.end {
                at += 1;
            }
            if at > first {
                self.sentences.push(first..at);
            }
        }
        if at < tokens.len() {
            self.sentences.push(at..tokens.len());
        }
        self.vocabulary.clear(tokens.len());
        self.cues.clear();
        self.nodes.clear();
        self.words.prepare(tokens, lexicon);
        let mut sport = 0usize;
        for token in tokens {
            let Slot { info, node, middle, coarse, .. } = self.words.look_up(token.hash, lexicon);
            self.nodes.push(node);
            let case = case_code(token.shape.class(), token.shape.letters(), token.text);
            let id = self.vocabulary.id(token.hash);
            let starts = token.shape.has(Shape::SENTENCE_START);
            let capitals = token.shape.has(Shape::ALL_CAPS_CONTEXT);
            sport += usize::from(info.has(WordInfo::SPORT));
            let seen = match case {
                1 => 1,
                2 | 7 if !starts => 2,
                6 if !capitals => 4,
                _ => 0,
            };
            self.vocabulary.seen[id as usize] |= seen;
            self.cues.push(Cue {
                word: token.hash,
                info,
                middle,
                coarse,
                case,
                starts,
                capitals,
                glued: !token.shape.has(Shape::SPACE_BEFORE),
                zone: ((token.shape.0 >> 24) & 15) as u8,
                id,
                ..Cue::default()
            });
        }
        let permille = sport * 1000 / tokens.len().max(1);
        self.sport = match permille {
            0..=9 => 0,
            10..=24 => 1,
            25..=49 => 2,
            _ => 3,
        };
        for cue in &mut self.cues {
            cue.seen = self.vocabulary.seen[cue.id as usize];
        }
        self.find_phrases(lexicon);
        self.find_stretches();
    }

    /// Marks the longest phrase of each category at every token that can begin one.
    fn find_phrases(&mut self, lexicon: &Lexicon) {
        const LONGEST: usize = 12;
        self.pairs.clear();
        for (pair, node) in self.cues.windows(2).zip(&self.nodes) {
            if lexicon.continues(*node) && begins_phrase(pair[0].case) {
                self.pairs.push(phrase(phrase(START, pair[0].word), pair[1].word));
            }
        }
        lexicon.fetch_phrases(self.pairs.iter().copied());
        for s in 0..self.sentences.len() {
            let sentence = self.sentences[s].clone();
            let mut until = [0usize; CATEGORIES];
            for first in sentence.clone() {
                if !begins_phrase(self.cues[first].case) {
                    continue;
                }
                let mut node = self.nodes[first];
                if node == Node::default() {
                    continue;
                }
                let mut found: [(usize, bool); CATEGORIES] = [(0, false); CATEGORIES];
                let mut any = 0u32;
                let mut so_far = phrase(START, self.cues[first].word);
                for at in first..sentence.end.min(first + LONGEST) {
                    if at > first {
                        so_far = phrase(so_far, self.cues[at].word);
                        node = lexicon.node(so_far);
                    }
                    let (info, continues) = lexicon.read(node);
                    let capitals = at > first || matches!(self.cues[first].case, 3..=6 | 9);
                    if info.categories != 0 && (!info.capitals || capitals) && (at == first || self.cues[at].case != 1)
                    {
                        let mut left = info.categories;
                        while left != 0 {
                            let bit = left.trailing_zeros() as usize;
                            left &= left - 1;
                            found[bit / 2] = (at + 1, bit & 1 == 1);
                            any |= 1 << (bit / 2);
                        }
                    }
                    if !continues {
                        break;
                    }
                }
                while any != 0 {
                    let category = any.trailing_zeros() as usize;
                    any &= any - 1;
                    let (end, risky) = found[category];
                    if first < until[category] {
                        continue;
                    }
                    until[category] = end;
                    for at in first..end {
                        let place = match (at == first, at + 1 == end) {
                            (true, true) => 3,
                            (true, false) => 0,
                            (false, true) => 2,
                            (false, false) => 1,
                        };
                        let cue = &mut self.cues[at];
                        if (cue.lists as usize) < cue.listed.len() {
                            cue.listed[cue.lists as usize] = (8 * category + 4 * usize::from(risky) + place) as u8;
                            cue.lists += 1;
                        }
                    }
                }
            }
        }
    }

    /// A stretch is made of tokens that look like names and of those between and beside them that are known to occur in names.
    fn find_stretches(&mut self) {
        /// Tokens that two that look like names can have between them in one name ("Organization for Security and ...").
        const BETWEEN: usize = 4;
        /// Tokens that can follow the last that looks like a name ("2004 Canadian federal election").
        const AFTER: usize = 3;
        /// Tokens that can stand before the first ("24 hours of Le Mans").
        const BEFORE: usize = 2;
        self.stretches.clear();
        self.near.clear();
        self.near.resize(self.cues.len(), false);
        for sentence in &self.sentences {
            // an ordinary word that is capitalised only because it begins the sentence
            let opener = |at: usize| {
                let cue = &self.cues[at];
                let ordinary = match cue.info.capitalised() {
                    1 => true,
                    2 => !cue.info.has(WordInfo::GIVEN | WordInfo::SURNAME_FREQUENT),
                    _ => false,
                };
                let alone = self.cues.get(at + 1).is_some_and(|next| matches!(next.case, 1 | 16));
                cue.starts && cue.case == 2 && !cue.capitals && cue.seen & 6 == 0 && ordinary && alone
            };
            let knows = |at: usize, flag: u32| {
                let cue = &self.cues[at];
                cue.info.has(flag) || matches!(cue.case, 8 | 10 | 11)
            };
            let mut at = sentence.start;
            while at < sentence.end {
                if !can_be_name(self.cues[at].case) || opener(at) {
                    at += 1;
                    continue;
                }
                self.near[at] = true;
                let mut before = at;
                while before > sentence.start
                    && at - before < BEFORE
                    && !self.near[before - 1]
                    && knows(before - 1, WordInfo::OPENS)
                {
                    before -= 1;
                    self.near[before] = true;
                }
                // what a hyphen ties to it belongs to it ("Che-cheung", "Inzamam-ul-Haq")
                let tied = |dash: usize| {
                    dash + 1 < sentence.end
                        && self.cues[dash].case == 18
                        && self.cues[dash].glued
                        && self.cues[dash + 1].glued
                };
                let mut next = at + 1;
                while tied(next) {
                    self.near[next..next + 2].fill(true);
                    next += 2;
                }
                let limit = sentence.end.min(next + BETWEEN + 1);
                let joined = (next..limit).find(|&i| can_be_name(self.cues[i].case) || !knows(i, WordInfo::JOINS));
                match joined.filter(|&i| can_be_name(self.cues[i].case)) {
                    Some(end) => {
                        self.near[next..end].fill(true);
                        at = end;
                    }
                    None => {
                        let mut end = next;
                        while end < sentence.end.min(next + AFTER) && knows(end, WordInfo::CLOSES | WordInfo::JOINS) {
                            end += 1;
                        }
                        while end > next && !knows(end - 1, WordInfo::CLOSES) {
                            end -= 1;
                        }
                        self.near[next..end].fill(true);
                        at = end;
                    }
                }
            }
            let mut open = None;
            for at in sentence.clone() {
                match (self.near[at], open) {
                    (true, None) => open = Some(at),
                    (false, Some(first)) => {
                        self.stretches.push(first..at);
                        open = None;
                    }
                    _ => {}
                }
            }
            if let Some(first) = open {
                self.stretches.push(first..sentence.end);
            }
        }
    }
}
