//! factbox plugin `quotes`: who said what. Layer `quotes`.
//!
//! [`marks`] pairs quotation marks; [`cues`] knows which words attribute, counted on a corpus; [`phrase`] finds the speaker's noun phrase beside a cue;
//! [`engine`] puts them together, with and without marks; [`resolve`] tells which entity a speaker is.

pub mod article;
pub mod attribute;
pub mod chain;
pub mod direct;
pub mod engine;
pub mod features;
pub mod found;
pub mod hashing;
pub mod marks;
pub mod model;
pub mod passage;
pub mod phrase;
pub mod resolve;
pub mod sides;
pub mod tags;
pub mod words;

use article::{Article, Name};
use engine::{Kind, Settings, quotes};
use factbox_sdk::prelude::*;
use model::Model;
use resolve::Resolver;

/// The plugin.
pub struct Quotes {
    settings: Settings,
    keys: Keys,
}

macro_rules! keys {
    ($($field:ident = $name:literal),+ $(,)?) => {
        struct Keys { $($field: Key),+ }
        impl Keys {
            fn new(setup: &Setup) -> Self {
                Keys { $($field: setup.key($name)),+ }
            }
        }
    };
}

keys! {
    direct = "direct", mixed = "mixed", indirect = "indirect", group = "group", speaker = "speaker", speaker_entity = "speaker.entity", speaker_name = "speaker.name",
    cue = "cue", addressee = "addressee", via = "via", negated = "negated", rule = "rule", entities = "entities", entity = "entity", name = "name",
    person = "person", organization = "organization", location = "location", role = "role",
}

impl Plugin for Quotes {
    const ID: &'static str = "quotes";
    const SUMMARY: &'static str = "who said what: direct, mixed and indirect speech with its speaker";
    const REQUIRES: &'static [&'static str] = &["tokens", "sentences", "paragraphs", "mentions?", "entities?"];
    const PROVIDES: &'static [Layer] = &[Layer::new("quotes", "q", "what is said, one annotation a piece")
        .kinds("kind", &["direct", "mixed", "indirect"])
        .score("confidence")
        .attributes(&[
            Attribute::string("group", "pieces of one attribution share it"),
            Attribute::span("speaker", "who says it, as written"),
            Attribute::reference("speaker.entity", "entities", "the same as an entity"),
            Attribute::string("speaker.name", "the same by name"),
            Attribute::span("cue", "the words that attribute"),
            Attribute::span("addressee", "to whom it is said"),
            Attribute::span("via", "the medium that relays it"),
            Attribute::bool("negated", "the attribution is denied: \"did not say\""),
            Attribute::string("rule", "the rule that made it"),
        ])];
    const OPTIONS: &'static [Opt] = &[
        Opt::bool("indirect", true, "find indirect and mixed speech too"),
        Opt::integer("min-words", 1, "least words of a quoted stretch").range(1, 100),
        Opt::string(
            "single-marks",
            "auto",
            "single quotation marks: auto (where the article has no double ones, and in headlines), on, off",
        )
        .one_of(&["auto", "on", "off"]),
        Opt::float("minimum-confidence", "0", "quotes less sure than this are left out"),
        Opt::list("cues", &[], "more words that attribute, in lower case, as they stand in texts (\"quipped\")"),
    ];

    fn new(setup: &Setup) -> Result<Self, SetupError> {
        let settings = Settings {
            indirect: setup.bool("indirect"),
            min_words: setup.integer("min-words") as usize,
            minimum: setup.float("minimum-confidence") as f32,
            singles: match setup.string("single-marks") {
                "on" => Some(true),
                "off" => Some(false),
                _ => None,
            },
            cues: setup.list("cues").into_iter().map(str::to_lowercase).collect(),
        };
        Ok(Quotes { settings, keys: Keys::new(setup) })
    }

    fn process(&mut self, doc: &Doc, out: &mut Output) -> Result<(), ProcessError> {
        let k = &self.keys;
        let tokens: Vec<Token> = doc.tokens().collect();
        let sentences: Vec<Span> = doc.sentences().collect();
        let paragraphs: Vec<(Span, ZoneKind)> = doc.paragraphs().collect();
        let roles: Vec<Option<Span>> =
            doc.layer("entities").map_or(Vec::new(), |layer| layer.into_iter().map(|e| e.span_of(k.role)).collect());
        let names: Vec<Name> = doc.layer("mentions").map_or(Vec::new(), |layer| {
            layer
                .into_iter()
                .map(|m| Name {
                    span: m.span(),
                    person: m.kind() == k.person,
                    organization: m.kind() == k.organization,
                    location: m.kind() == k.location,
                    entity: m.reference(k.entity),
                    role: m.reference(k.entity).and_then(|e| roles.get(e).copied().flatten()),
                })
                .collect()
        });
        let article = Article::new(doc.text(), &tokens, &sentences, &paragraphs, &names, Model::shipped());
        let (found, marked) = quotes(&article, &self.settings, Model::shipped());
        if doc.cancelled() {
            return Err(ProcessError::Cancelled);
        }
        let mut resolver = Resolver::new(&article, &marked);
        for quote in &found {
            let said = quote.attribution;
            let span = |p: phrase::Phrase| Span::new(tokens[p.start].span.start, tokens[p.end - 1].span.end);
            let who = said.speaker.map(|p| resolver.resolve(p, quote.span));
            let entity = who.and_then(|w| w.entity);
            let named = entity.and_then(|e| doc.layer("entities")?.get(e)?.string(k.name));
            let name = named
                .or_else(|| said.speaker.map(|p| span(p).of(doc.text())).filter(|_| who.is_some_and(|w| !w.pronoun)));
            let kind = match quote.kind {
                Kind::Direct => k.direct,
                Kind::Mixed => k.mixed,
                Kind::Indirect => k.indirect,
            };
            out.add(0, quote.span, kind)
                .score(said.confidence)
                .string(k.group, format!("g{}", quote.group).as_str())
                .span(k.speaker, said.speaker.map(span))
                .reference(k.speaker_entity, k.entities, entity)
                .string(k.speaker_name, name.filter(|n| n.len() <= LONGEST_NAME).map(on_one_line).as_deref())
                .span(k.cue, said.cue.map(span))
                .span(k.addressee, said.addressee.map(span))
                .span(k.via, said.via.map(span))
                .bool(k.negated, said.negated.then_some(true))
                .string(k.rule, said.rule);
        }
        Ok(())
    }
}

/// Bytes of the longest name that is told: each quote of a speaker repeats it.
const LONGEST_NAME: usize = 1000;

/// A name with single spaces where the text has line ends.
fn on_one_line(name: &str) -> std::borrow::Cow<'_, str> {
    if name.contains(['\n', '\r', '\t']) {
        name.split_whitespace().collect::<Vec<_>>().join(" ").into()
    } else {
        name.into()
    }
}

export_plugin!(Quotes);
