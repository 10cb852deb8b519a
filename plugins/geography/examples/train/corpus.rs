//! Wire articles as cases: marked-up text with the names' places written down beside it.

use factbox_geography::atlas::Atlas;
use factbox_geography::cues::Cues;
use factbox_geography::evidence::{KINDS, Weights};
use factbox_geography::gazetteer::{Gazetteer, Level, Record, Relation, name_hash};
use factbox_geography::recognise::{self, Mention, Names, Sort};
use factbox_geography::resolve::{Home, Resolver, Setting, kilometres, within};
use factbox_sdk::{Span, Token, ZoneKind, hash};
use factbox_wire::{Kind, unmark};
use std::collections::HashMap;
use std::path::Path;

/// What a place is known by.
#[derive(Clone, Debug)]
pub struct Truth {
    kind: String,
    country: String,
    at: Option<(f32, f32)>,
}

impl Truth {
    /// Whether a place is this one, give or take some kilometres (countries and large features: more).
    pub fn at(&self, place: &Record, atlas: &Atlas, reach: f32) -> bool {
        let same_country = atlas.gazetteer().country_code(place.country).is_some_and(|c| self.country.contains(c));
        match (self.kind.as_str(), self.at) {
            ("country", _) if self.country.len() == 2 => place.level == Level::Country && same_country,
            ("country", Some(at)) => kilometres(at, (place.lat, place.lon)) < 1000.0,
            (_, None) => false,
            ("admin1", Some(at)) => same_country && kilometres(at, (place.lat, place.lon)) < reach.max(400.0),
            ("region" | "island" | "water" | "mountain", Some(at)) => {
                kilometres(at, (place.lat, place.lon)) < if self.country == "-" { 1500.0 } else { reach.max(400.0) }
            }
            (_, Some(at)) => kilometres(at, (place.lat, place.lon)) < reach,
        }
    }

    /// Whether a level is what a place of this kind would have.
    fn fits(&self, level: Level) -> bool {
        match self.kind.as_str() {
            "country" => level == Level::Country,
            "admin1" => level == Level::Admin1,
            "admin2" => level == Level::Admin2,
            "city" | "district" | "invented" => matches!(level, Level::City | Level::District),
            "facility" | "street" => level == Level::Facility,
            "water" => level == Level::Water,
            "mountain" => level == Level::Mountain,
            _ => level >= Level::Water || level == Level::Admin1,
        }
    }
}

/// A mention of the markup.
pub struct Marked {
    pub span: Span,
    pub sort: Sort,
    pub truth: Option<Truth>,
}

/// An article with its names.
pub struct Article {
    pub number: usize,
    pub text: String,
    pub marked: Vec<Marked>,
    home: Home,
    lower: String,
    tokens: Vec<factbox_text::Token>,
    dateline: u32,
}

impl Article {
    /// A text of which nothing is known.
    pub fn plain(text: &str) -> Article {
        let mut analyzer = factbox_text::Analyzer::default();
        let analysis = analyzer.analyze(text, &[]);
        let dateline = analysis.zones.iter().find(|z| z.kind == ZoneKind::Dateline).map_or(0, |z| z.span.end);
        let (lower, tokens) = (analysis.lower.clone(), analysis.tokens.clone());
        Article { number: 0, text: text.to_owned(), marked: Vec::new(), home: Home::default(), lower, tokens, dateline }
    }

    /// A name with some words around it.
    pub fn around(&self, name: &factbox_geography::recognise::Name) -> String {
        let words = |from: usize, to: usize| {
            let span = (self.tokens[from].span.start as usize, self.tokens[to].span.end as usize);
            self.text[span.0..span.1].replace('\n', " ")
        };
        let last = (name.end + 6).min(self.tokens.len()) - 1;
        format!("{} [{}]", words(name.first.saturating_sub(8), last), words(name.first, name.end - 1))
    }

    fn tokens(&self) -> Vec<Token<'_>> {
        let one = |t: &factbox_text::Token| {
            let lower = t.lower.of(&self.lower);
            let span = Span::new(t.span.start, t.span.end);
            Token { span, text: t.span.of(&self.text), lower, shape: t.shape, hash: hash(lower.as_bytes()) }
        };
        self.tokens.iter().map(one).collect()
    }
}

/// All articles of the corpus, in order of their files.
pub fn read(wire: &Path) -> Vec<Article> {
    let mut truths: HashMap<(String, String), Truth> = HashMap::new();
    let mut labelled: Vec<String> = Vec::new();
    for entry in files(wire, "tsv") {
        let table = std::fs::read_to_string(&entry).unwrap_or_else(|e| panic!("{}: {e}", entry.display()));
        for line in table.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            let [id, name, kind, country, _, lat, lon] = fields.as_slice() else {
                panic!("{}: not seven columns: {line}", entry.display())
            };
            let at = lat.parse().ok().zip(lon.parse().ok());
            labelled.push((*id).to_owned());
            let truth = Truth { kind: (*kind).to_owned(), country: (*country).to_owned(), at };
            truths.insert(((*id).to_owned(), (*name).to_owned()), truth);
        }
    }
    labelled.sort_unstable();
    let atlas = Atlas::new(Gazetteer::shipped().expect("a sound gazetteer"), "").expect("no overlay");
    let mut analyzer = factbox_text::Analyzer::default();
    let mut articles = Vec::new();
    for factbox_wire::Article { id, text, names, .. } in factbox_wire::read(wire) {
        let known = labelled.binary_search(&id).is_ok();
        let marked = names.into_iter().map(|name| {
            let (span, sort) = place_and_sort(&name);
            let place = matches!(sort, Sort::Location | Sort::Misc) && known;
            let listed = truths.get(&(id.clone(), name.canonical.clone())).cloned();
            let truth = listed.or_else(|| country(&name.canonical, &atlas).filter(|_| place));
            Marked { span, sort, truth: truth.filter(|_| place) }
        });
        let marked = marked.collect();
        let analysis = analyzer.analyze(&text, &[]);
        let dateline = analysis.zones.iter().find(|z| z.kind == ZoneKind::Dateline).map_or(0, |z| z.span.end);
        let (lower, tokens) = (analysis.lower.clone(), analysis.tokens.clone());
        let home = Home::default();
        articles.push(Article { number: articles.len(), text, marked, home, lower, tokens, dateline });
    }
    articles
}

fn place_and_sort(name: &factbox_wire::Name) -> (Span, Sort) {
    let sort = match name.kind {
        Kind::Person => Sort::Person,
        Kind::Organization => Sort::Organization,
        Kind::Location => Sort::Location,
        Kind::Misc => Sort::Misc,
    };
    (Span::new(name.start as u32, name.end as u32), sort)
}

fn files(folder: &Path, extension: &str) -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e == extension))
        .collect();
    found.sort();
    found
}

/// Sentences of a local paper: the town, another one, its county, a third, and a large city or country far away.
const LOCAL: [&str; 12] = [
    "{0} soldier home from {4}.\n\nA {0} High School graduate came home from {4} on Saturday. Neighbors in {1} lined the street.",
    "{0} native John Doe, who moved to {4} ten years ago, spoke to students at {0} Elementary School on Friday.",
    "{0} police arrested a {1} man Thursday. He is held in the {2} Jail.",
    "The {0} school board met Tuesday. Ann Doe, who taught in {4} and {3}, was named principal.",
    "{0} council to vote on road repairs.\n\nThe {0} City Council will vote Tuesday on a plan to repair roads, Mayor Ann Doe said. {2} sheriff's deputies will redirect traffic toward {1}.",
    "Driver hurt in {0} crash.\n\nA {1} woman was hurt Friday when her car left the road near {0}, according to the {2} Sheriff's Office. She was taken to a hospital in {3}.",
    "{0} - A house fire was put out by {0} firefighters, and crews from {1} helped, the chief said. Nobody was hurt.",
    "The {2} commissioners met on Monday. Superintendent John Doe of {0} schools spoke about the new program; residents of {1} and {3} asked for a bus.",
    "{0} High School's varsity team beat {1} on Friday. It plays {3} next.",
    "A {0} man was arrested on a felony charge, police said. He appeared before a judge in {2}.",
    "Library in {0} gets new roof.\n\nVolunteers from {0} and {1} raised the money. The building on Main Street is the oldest in {2}.",
    "Services for a lifelong resident of {0} will be held in {1}. She was a teacher in {3} and {0}.",
];

/// The same for Britain, where a county has no word for its kind.
const BRITISH: [&str; 7] = [
    "{0} councillors to vote on high street.\n\n{0} councillors will vote on Tuesday on a £2m plan for the town centre, Mr Doe said. Pupils from {1} drew the posters.",
    "A {1} man was hurt when a lorry left the road near {0}, {2} Police said. The motorway towards {3} was closed.",
    "Residents of a {2} village near {0} said that the bus to {3} no longer stopped. 'Nobody asked us,' said Ms Doe.",
    "Firefighters from {0} and {1} put out a blaze in a block of flats. A pensioner was taken to hospital in {3}.",
    "{0} Town beat {1} on Saturday and travel to {3} next week.",
    "Ann Doe, who moved to {0} from {4}, won the allotment prize of {2} Council. She is a headteacher in {1}.",
    "A {2} farmer was fined £900 by magistrates in {0}.",
];
/// The same for Canada and Australia.
const CANADIAN: [&str; 3] = [
    "{0} RCMP are looking for a driver who left the road near {1}. The MLA for {0} asked for a lower limit; it is 40 kilometres to {3}.",
    "The province will pay for a rink in {0}, the riding's MPP said. Players from {1} and {3} use it too.",
    "OPP closed the road between {0} and {1} after a crash. The mayor of {0} thanked neighbours.",
];
const AUSTRALIAN: [&str; 3] = [
    "Residents of {0} fled a bushfire on Monday, the shire said. Crews from {1} and {3} came to help.",
    "A ute hit a fence near {0}. The driver, 34, of {1}, was taken to hospital in {3}.",
    "The TAFE in {0} will teach nursing. Students from {1} travelled 200 kilometres.",
];

/// Sentences that only a known home settles.
const AT_HOME: [&str; 4] = [
    "{0} will repave its main street in spring.",
    "The fair in {0} opens on Saturday, and bands from {4} and {1} will play.",
    "Snow closed schools in {0} and {3} on Monday.",
    "A visitor from {4} said {0} was the friendliest town that she had seen.",
];

/// Articles of local papers made from the gazetteer: towns of one second-order division, the larger the likelier; three in five of the United
/// States.
pub fn constructed(count: usize, from: usize) -> Vec<Article> {
    let gazetteer = Gazetteer::shipped().expect("a sound gazetteer");
    let number = |code: &str| gazetteer.country_number(code).expect("a country");
    let (us, gb, ca, au) = (number("US"), number("GB"), number("CA"), number("AU"));
    let mut counties: std::collections::BTreeMap<(u8, u16, u16), Vec<u32>> = std::collections::BTreeMap::new();
    for i in 0..gazetteer.len() as u32 {
        let Some(place) = gazetteer.record(i).filter(|p| p.level == Level::City) else { continue };
        let divided = if place.country == us || place.country == gb { place.admin2 != 0 } else { place.admin1 != 0 };
        if divided && [us, gb, ca, au].contains(&place.country) {
            // Three times the root of the population, as tickets.
            let tickets = (f32::from(place.weight) / 7.0).exp() as usize / 20 + 1;
            let key = (place.country, place.admin1, place.admin2);
            counties.entry(key).or_default().extend(std::iter::repeat_n(i, tickets));
        }
    }
    let famous: Vec<u32> = (0..gazetteer.len() as u32)
        .filter(|&i| {
            let large = |p: &Record| p.level == Level::City && p.weight >= 50 || p.level == Level::Country;
            gazetteer.record(i).is_some_and(|p| ![0, us, gb, ca, au].contains(&p.country) && large(&p))
        })
        .collect();
    // Towns named like a better known place: what local papers are hard to read for.
    let shadowed = |i: u32| {
        let words = gazetteer.name(i).split([' ', '-']).map(|w| hash(w.to_lowercase().as_bytes()));
        let own = gazetteer.record(i).map_or(0, |p| p.weight);
        gazetteer.find(name_hash(words)).filter_map(|p| gazetteer.record(p.record())).any(|p| p.weight > own + 8)
    };
    let counties: Vec<_> = counties.into_iter().filter(|c| c.1.len() > 5).collect();
    // A linear congruential generator: the same articles every time.
    let mut state = 0x5eed_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut analyzer = factbox_text::Analyzer::default();
    let mut articles = Vec::new();
    while articles.len() < count {
        let country = [us, us, us, gb, if articles.len() % 10 == 4 { ca } else { au }][articles.len() % 5];
        // The more people, the more papers.
        let total: usize = counties.iter().filter(|c| c.0.0 == country).map(|c| c.1.len()).sum();
        let mut ticket = next(total);
        let (county, towns) = counties
            .iter()
            .filter(|c| c.0.0 == country)
            .find(|c| ticket.checked_sub(c.1.len()).map(|left| ticket = left).is_none())
            .expect("one");
        let picked: Vec<u32> = (0..3).map(|_| towns[next(towns.len())]).collect();
        let Some(record) = gazetteer.admin2_record(county.2).or_else(|| gazetteer.admin1_record(county.1)) else {
            continue;
        };
        let far = famous[next(famous.len())];
        // Every second article is about a town in the shadow of another.
        if articles.len() % 2 == 0 && !shadowed(picked[0]) {
            continue;
        }
        if picked[0] == picked[1] || picked[1] == picked[2] || picked[0] == picked[2] {
            continue;
        }
        let parts = [picked[0], picked[1], record, picked[2], far];
        let (mut marked, style) = (String::new(), next(84));
        let template = match country {
            c if c == gb => BRITISH[style % BRITISH.len()],
            c if c == ca => CANADIAN[style % CANADIAN.len()],
            c if c == au => AUSTRALIAN[style % AUSTRALIAN.len()],
            _ => LOCAL[style % LOCAL.len()],
        };
        // Every second paper's home is known.
        let home = (articles.len() / 2 % 2 == 0).then(|| gazetteer.record(picked[0])).flatten();
        let template = if home.is_some() { AT_HOME[next(AT_HOME.len())] } else { template };
        let mut rest = template;
        while let Some(at) = rest.find('{') {
            marked.push_str(&rest[..at]);
            let part = usize::from(rest.as_bytes()[at + 1] - b'0');
            marked.push_str(&format!("[{}|L={part}]", gazetteer.name(parts[part])));
            rest = &rest[at + 3..];
        }
        marked.push_str(rest);
        let (text, marks) = unmark(&marked);
        let truth = |part: &str| {
            let place = gazetteer.record(parts[part.parse::<usize>().ok()?])?;
            let kind = match place.level {
                Level::Country => "country",
                Level::Admin1 => "admin1",
                Level::Admin2 => "admin2",
                _ => "city",
            };
            let country = gazetteer.country_code(place.country)?.to_owned();
            Some(Truth { kind: kind.to_owned(), country, at: Some((place.lat, place.lon)) })
        };
        let mark = |name: &factbox_wire::Name| {
            let (span, sort) = place_and_sort(name);
            Marked { span, sort, truth: truth(&name.canonical) }
        };
        let marked = marks.iter().map(mark).collect();
        let analysis = analyzer.analyze(&text, &[]);
        let dateline = analysis.zones.iter().find(|z| z.kind == ZoneKind::Dateline).map_or(0, |z| z.span.end);
        let (lower, tokens) = (analysis.lower.clone(), analysis.tokens.clone());
        let home = home.map_or_else(Home::default, |h| Home {
            point: Some((h.lat, h.lon)),
            country: h.country,
            admin1: h.admin1,
        });
        articles.push(Article { number: from + articles.len(), text, marked, home, lower, tokens, dateline });
    }
    articles
}

/// The country with this name: the tables of places leave countries out.
fn country(name: &str, atlas: &Atlas) -> Option<Truth> {
    let words = name.split([' ', '-']).map(|w| hash(w.to_lowercase().as_bytes()));
    let candidate = atlas.find(name_hash(words)).find(|c| {
        c.place.level == Level::Country && matches!(c.posting.relation(), Relation::Name | Relation::Alias)
    })?;
    let country = atlas.gazetteer().country_code(candidate.place.country)?.to_owned();
    Some(Truth { kind: "country".to_owned(), country, at: Some((candidate.place.lat, candidate.place.lon)) })
}

/// What the mentions of a group of names mean, if it is written down.
pub fn truth<'a>(article: &'a Article, names: &Names, mentions: &[usize]) -> Option<&'a Truth> {
    mentions.iter().find_map(|&n| {
        let name = &names.all[n];
        let span = Span::new(article.tokens[name.first].span.start, article.tokens[name.end - 1].span.end);
        article.marked.iter().find(|m| m.span == span)?.truth.as_ref()
    })
}

/// A name and the candidates it may mean, as the model learns from them.
pub struct Case {
    pub rows: Vec<[f32; KINDS]>,
    pub right: Vec<bool>,
    pub weight: f64,
}

/// The names of an article with what held some of them taken away.
pub struct Hidden {
    pub names: Names,
    /// A name each, and its candidate inside what was hidden.
    pub told: Vec<(usize, usize)>,
}

/// Reads articles as the plugin does.
pub struct Reader {
    atlas: Atlas,
    cues: Cues,
}

impl Reader {
    pub fn new() -> Reader {
        let gazetteer = Gazetteer::shipped().expect("a sound gazetteer");
        Reader { atlas: Atlas::new(gazetteer, "").expect("no overlay"), cues: Cues::shipped() }
    }

    pub fn atlas(&self) -> &Atlas {
        &self.atlas
    }

    /// The article's names, found with the mentions of the markup.
    pub fn names(&self, article: &Article) -> Names {
        let tokens = article.tokens();
        let mut mentions = Vec::new();
        for m in &article.marked {
            let first = tokens.partition_point(|t| t.span.end <= m.span.start);
            let end = tokens.partition_point(|t| t.span.start < m.span.end);
            if first < end {
                mentions.push(Mention { first, end, sort: m.sort, confidence: 0.95 });
            }
        }
        let mut names = Names::default();
        let read = recognise::Article {
            tokens: &tokens,
            mentions: &mentions,
            informed: !mentions.is_empty(),
            dateline: article.dateline,
        };
        names.read(read, &self.atlas, &self.cues);
        names
    }

    pub fn resolve(&self, resolver: &mut Resolver, names: &Names, article: &Article, weights: &Weights) {
        let setting = Setting { home: article.home, variety: self.cues.variety(&article.tokens()) };
        resolver.resolve(names, &self.atlas, &setting, weights);
    }

    /// The cases of an article: what is written down, and what was hidden.
    pub fn cases(&self, article: &Article, weights: &Weights, into: &mut Vec<Case>) {
        let mut resolver = Resolver::explaining();
        let names = self.names(article);
        self.resolve(&mut resolver, &names, article, weights);
        for (range, mentions) in resolver.groups() {
            let Some(truth) = truth(article, &names, mentions) else { continue };
            let near = |c: usize| truth.at(&names.candidates[c].place, &self.atlas, 60.0);
            let fits = |c: usize| near(c) && truth.fits(names.candidates[c].place.level);
            let strict = range.clone().any(fits);
            let right: Vec<bool> = range.clone().map(|c| if strict { fits(c) } else { near(c) }).collect();
            into.extend(case(&resolver, range, right, (mentions.len() as f64).sqrt()));
        }
        for hidden in self.hidden(article) {
            self.resolve(&mut resolver, &hidden.names, article, weights);
            for (name, right) in &hidden.told {
                if let Some((range, _)) = resolver.groups().find(|g| g.1.contains(name)) {
                    let marks = range.clone().map(|c| c == *right).collect();
                    into.extend(case(&resolver, range, marks, 1.0));
                }
            }
        }
    }

    /// The names that are told by what holds them, with that taken away: one name after another, then all at once, as in a paper
    /// whose readers know which state they live in.
    pub fn hidden(&self, article: &Article) -> Vec<Hidden> {
        let names = self.names(article);
        let mut told: Vec<(usize, usize)> = Vec::new();
        for (n, name) in names.all.iter().enumerate() {
            let Some(container) = name.container.filter(|_| told.iter().all(|t| names.all[t.0].hash != name.hash))
            else {
                continue;
            };
            let outer = &names.all[container];
            let Some(outer) = names.candidates[outer.candidates.0..outer.candidates.1]
                .iter()
                .find(|c| matches!(c.place.level, Level::Country | Level::Admin1))
            else {
                continue;
            };
            let (from, to) = name.candidates;
            // The best known of several towns of one state is meant.
            let right = (from..to).find(|&c| within(&names.candidates[c].place, outer));
            told.extend(right.filter(|_| to - from > 1).map(|c| (n, c)));
        }
        let mut found: Vec<Hidden> =
            told.iter().map(|t| Hidden { names: without(&names, &[names.all[t.0].hash]), told: vec![*t] }).collect();
        if told.len() > 1 {
            let all: Vec<u64> = told.iter().map(|t| names.all[t.0].hash).collect();
            found.push(Hidden { names: without(&names, &all), told });
        }
        found
    }
}

/// The names without what holds those with these hashes.
fn without(names: &Names, held: &[u64]) -> Names {
    let mut bare = names.clone();
    for n in 0..bare.all.len() {
        if held.contains(&bare.all[n].hash)
            && let Some(container) = bare.all[n].container.take()
        {
            bare.all[container].candidates = (0, 0);
        }
    }
    bare
}

/// A group as a case, if one of its candidates is right and another is not.
fn case(resolver: &Resolver, range: std::ops::Range<usize>, right: Vec<bool>, weight: f64) -> Option<Case> {
    let rows: Vec<[f32; KINDS]> = range.map(|c| resolver.said(c).copied()).collect::<Option<_>>()?;
    (right.contains(&true) && right.contains(&false)).then_some(Case { rows, right, weight })
}
