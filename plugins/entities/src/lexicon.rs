//! What is known of words and phrases before any article is read: word clusters, usual letter case, given names and surnames, and names of
//! places, bodies, events and people from the tables under `data/`, all compiled into one file (`data/lexicon.bin`).

use crate::buckets::Buckets;
use crate::bytes::{BadData, Reader, Writer};
use factbox_sdk::hashing::{START, phrase};
use std::borrow::Cow;

/// The kinds of names that the tables distinguish, in the order of their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Category {
    Country,
    Demonym,
    City,
    Geo,
    Facility,
    District,
    Company,
    Government,
    International,
    Ngo,
    Party,
    ArmedGroup,
    Media,
    Club,
    University,
    Exchange,
    Index,
    Event,
    Work,
    People,
    PublicFigure,
    Title,
    Abbreviation,
    Water,
}

/// How many categories there are.
pub const CATEGORIES: usize = 24;

/// What the tables say of one word, packed into 32 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordInfo(pub u32);

impl WordInfo {
    /// A given name.
    pub const GIVEN: u32 = 1 << 14;
    /// A frequent given name.
    pub const GIVEN_FREQUENT: u32 = 1 << 15;
    /// A surname.
    pub const SURNAME: u32 = 1 << 16;
    /// A frequent surname.
    pub const SURNAME_FREQUENT: u32 = 1 << 17;
    /// A legal form of companies ("inc", "ltd").
    pub const COMPANY_FORM: u32 = 1 << 18;
    /// A title or office of one word ("president").
    pub const TITLE: u32 = 1 << 19;
    /// A word of reports on sport.
    pub const SPORT: u32 = 1 << 20;

    /// Seen as the first word of a name though not capitalised ("al", "van", "2004").
    pub const OPENS: u32 = 1 << 21;
    /// Seen within names though not capitalised ("of", "-").
    pub const JOINS: u32 = 1 << 22;
    /// Seen as the last word of a name though not capitalised ("province", "19").
    pub const CLOSES: u32 = 1 << 23;

    /// Its cluster plus one; 0 where it is in none.
    pub fn cluster(self) -> u16 {
        (self.0 & 0x7ff) as u16
    }

    /// How often it is capitalised within sentences of news: 0 unknown, 1 never ... 7 always.
    pub fn capitalised(self) -> u8 {
        ((self.0 >> 11) & 7) as u8
    }

    /// Whether one of the bits is set.
    pub fn has(self, flags: u32) -> bool {
        self.0 & flags != 0
    }
}

/// What the tables say of a phrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhraseInfo {
    /// Two bits a [`Category`]: the lower for forms that stand alone, the upper for those that are also ordinary words or other names.
    pub categories: u64,
    /// For a country and the adjectives and peoples of one: its ISO 3166 code.
    pub country: Option<[u8; 2]>,
    /// The phrase counts only where it is written in capitals ("WHO").
    pub capitals: bool,
}

/// The compiled tables.
#[derive(Debug)]
pub struct Lexicon {
    words: Buckets<u32>,
    /// Four bytes a word, as they lie in the file.
    infos: Cow<'static, [[u8; 4]]>,
    levels: Vec<(u8, u8)>,
    phrases: Buckets<u32>,
    /// Two bytes a phrase, as they lie in the file.
    nodes: Cow<'static, [[u8; 2]]>,
    palette: Vec<PhraseInfo>,
    countries: Vec<([u8; 2], String)>,
}

/// What the phrase table holds for a run of words: a place in the palette (0: no phrase ends here) and whether longer phrases begin with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Node(u16);

/// A node of the phrase table says so with this bit where a longer phrase begins with it.
const CONTINUES: u16 = 1 << 15;

/// What a lexicon is compiled from.
#[derive(Debug, Default)]
pub struct Source {
    /// Hash of the lower-case word, what is known of it.
    pub words: Vec<(u64, WordInfo)>,
    /// For cluster 1, 2, ...: its middle and coarse cluster.
    pub levels: Vec<(u8, u8)>,
    /// Hashes of the lower-case words of a phrase, what is known of it.
    pub phrases: Vec<(Vec<u64>, PhraseInfo)>,
    /// ISO code and English name, sorted by code.
    pub countries: Vec<([u8; 2], String)>,
}

impl Source {
    /// Compiles the tables.
    pub fn compile(&self) -> Lexicon {
        let hashes: Vec<u64> = self.words.iter().map(|w| factbox_sdk::hashing::mix(w.0, 1)).collect();
        let (words, kept) = Buckets::build(&hashes);
        let infos = kept.iter().map(|&i| self.words[i].1.0.to_le_bytes()).collect();
        let mut nodes: std::collections::BTreeMap<u64, (PhraseInfo, bool)> = std::collections::BTreeMap::new();
        for (phrase_words, info) in &self.phrases {
            let mut so_far = START;
            for (i, &word) in phrase_words.iter().enumerate() {
                so_far = phrase(so_far, word);
                let node = nodes.entry(so_far).or_default();
                if i + 1 < phrase_words.len() {
                    node.1 = true;
                } else {
                    let fresh = node.0.categories == 0;
                    node.0.categories |= info.categories;
                    node.0.country = node.0.country.or(info.country);
                    node.0.capitals = info.capitals && (fresh || node.0.capitals);
                }
            }
        }
        let mut palette = vec![PhraseInfo::default()];
        let keys: Vec<u64> = nodes.keys().copied().collect();
        let (phrases, kept) = Buckets::build(&keys);
        let nodes = kept
            .iter()
            .map(|&i| {
                let (info, continues) = nodes[&keys[i]];
                let at = palette.iter().position(|p| *p == info).unwrap_or_else(|| {
                    palette.push(info);
                    palette.len() - 1
                });
                (at as u16 | if continues { CONTINUES } else { 0 }).to_le_bytes()
            })
            .collect();
        Lexicon {
            words,
            infos,
            levels: self.levels.clone(),
            phrases,
            nodes,
            palette,
            countries: self.countries.clone(),
        }
    }
}

impl Lexicon {
    /// What is known of the word whose lower-case form has this hash.
    #[inline]
    pub fn word(&self, hash: u64) -> WordInfo {
        self.words
            .find(factbox_sdk::hashing::mix(hash, 1))
            .map_or(WordInfo(0), |at| WordInfo(u32::from_le_bytes(self.infos[at])))
    }

    /// Middle (1 to 250) and coarse (1 to 40) cluster of a word; 0 where it is in none.
    #[inline]
    pub fn levels(&self, word: WordInfo) -> (u8, u8) {
        match word.cluster() {
            0 => (0, 0),
            n => self.levels.get(n as usize - 1).copied().unwrap_or((0, 0)),
        }
    }

    /// Brings close what [`word`](Self::word) and [`first`](Self::first) need for these words.
    pub fn fetch(&self, words: &[u64]) {
        let info = |at: usize| self.infos.get(at).map_or(0, |info| info[0]);
        self.words.fetch(words.iter().map(|&word| factbox_sdk::hashing::mix(word, 1)), info);
        self.fetch_phrases(words.iter().map(|&word| phrase(START, word)));
    }

    /// Brings close what [`node`](Self::node) needs for these hashes.
    pub fn fetch_phrases(&self, hashes: impl Iterator<Item = u64> + Clone) {
        self.phrases.fetch(hashes, |at| self.nodes.get(at).map_or(0, |node| node[0]));
    }

    /// Whether phrases go on from a node.
    #[inline]
    pub fn continues(&self, node: Node) -> bool {
        node.0 & CONTINUES != 0
    }

    /// The node of the phrases that begin with a word.
    #[inline]
    pub fn first(&self, word: u64) -> Node {
        self.node(phrase(START, word))
    }

    /// The node of a phrase by its hash; the empty one if nothing in the tables begins so.
    #[inline]
    pub fn node(&self, hash: u64) -> Node {
        self.phrases.find(hash).map_or(Node::default(), |at| Node(u16::from_le_bytes(self.nodes[at])))
    }

    /// What a node says: the phrase that ends here, and whether longer ones begin so.
    #[inline]
    pub fn read(&self, node: Node) -> (&PhraseInfo, bool) {
        (&self.palette[(node.0 & !CONTINUES) as usize], node.0 & CONTINUES != 0)
    }

    /// The phrase made of those of `so_far` (begin with [`START`]) and one more word; `None` if no phrase begins so. The flag tells
    /// whether longer ones do.
    #[inline]
    pub fn step(&self, so_far: u64) -> Option<(&PhraseInfo, bool)> {
        let at = self.phrases.find(so_far)?;
        Some(self.read(Node(u16::from_le_bytes(self.nodes[at]))))
    }

    /// What is known of a whole phrase, by the hashes of its words.
    pub fn lookup(&self, words: impl Iterator<Item = u64>) -> Option<&PhraseInfo> {
        let hash = words.fold(START, phrase);
        self.step(hash).map(|(info, _)| info).filter(|info| info.categories != 0)
    }

    /// The English name of a country.
    pub fn country_name(&self, code: [u8; 2]) -> Option<&str> {
        self.countries.binary_search_by_key(&code, |c| c.0).ok().map(|at| self.countries[at].1.as_str())
    }

    /// How many words and phrases there are.
    pub fn sizes(&self) -> (usize, usize) {
        (self.words.len(), self.phrases.len())
    }

    /// Writes the compiled form.
    pub fn store(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.0.extend(MAGIC);
        self.words.store(&mut out);
        out.align();
        self.infos.iter().for_each(|i| out.0.extend(i));
        out.u32(self.levels.len() as u32);
        for &(middle, coarse) in &self.levels {
            out.u8(middle);
            out.u8(coarse);
        }
        self.phrases.store(&mut out);
        out.align();
        self.nodes.iter().for_each(|n| out.0.extend(n));
        out.u32(self.palette.len() as u32);
        for p in &self.palette {
            out.u32(p.categories as u32);
            out.u32((p.categories >> 32) as u32);
            let [a, b] = p.country.unwrap_or([0, 0]);
            out.u8(a);
            out.u8(b);
            out.u8(u8::from(p.capitals));
        }
        out.u32(self.countries.len() as u32);
        for (code, name) in &self.countries {
            out.u8(code[0]);
            out.u8(code[1]);
            out.short_string(name);
        }
        out.0
    }

    /// Reads the compiled form.
    ///
    /// # Errors
    /// The data are no lexicon, or damaged.
    pub fn load(data: &'static [u8]) -> Result<Lexicon, BadData> {
        let mut data = Reader::new(data);
        if data.take(MAGIC.len())? != MAGIC {
            return Err(BadData("no lexicon of this version"));
        }
        let words = Buckets::load(&mut data)?;
        data.align()?;
        let (infos, _) = data.take(words.len() * 4)?.as_chunks::<4>();
        let count = data.u32()?;
        let levels = (0..count).map(|_| Ok((data.u8()?, data.u8()?))).collect::<Result<_, BadData>>()?;
        let phrases: Buckets<u32> = Buckets::load(&mut data)?;
        data.align()?;
        let (nodes, _) = data.take(phrases.len() * 2)?.as_chunks::<2>();
        let count = data.u32()?;
        let palette: Vec<PhraseInfo> = (0..count)
            .map(|_| {
                let categories = u64::from(data.u32()?) | u64::from(data.u32()?) << 32;
                let code = [data.u8()?, data.u8()?];
                Ok(PhraseInfo { categories, country: (code != [0, 0]).then_some(code), capitals: data.u8()? != 0 })
            })
            .collect::<Result<_, BadData>>()?;
        if nodes.iter().any(|n| (u16::from_le_bytes(*n) & !CONTINUES) as usize >= palette.len()) {
            return Err(BadData("a phrase without its entry"));
        }
        let count = data.u32()?;
        let countries = (0..count)
            .map(|_| Ok(([data.u8()?, data.u8()?], data.short_string()?.to_owned())))
            .collect::<Result<_, BadData>>()?;
        Ok(Lexicon {
            words,
            infos: Cow::Borrowed(infos),
            levels,
            phrases,
            nodes: Cow::Borrowed(nodes),
            palette,
            countries,
        })
    }
}

const MAGIC: &[u8] = b"fbxlex2\n";
