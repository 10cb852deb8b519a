//! Names of people, organisations, places and other things in a news article, and who is who among them.
//!
//! Tokens become cues ([`article`]), cues become features ([`features`], [`memory`]), a small model ([`model`]) and an exact decoder
//! ([`lattice`]) turn them into names in two readings ([`tagger`]), the article votes ([`vote`]), the user's dictionary has the last word
//! ([`dictionary`]), and names become referents with roles ([`referents`], [`roles`]). `MODEL_CARD.md` says what the model was trained on
//! and what it scores.

pub mod article;
pub mod buckets;
pub mod bytes;
pub mod dictionary;
pub mod engine;
pub mod features;
pub mod label;
pub mod lattice;
pub mod lexicon;
pub mod memory;
pub mod model;
pub mod referents;
pub mod roles;
pub mod tagger;
pub mod vote;

use dictionary::Dictionary;
use engine::{Engine, Knowledge};
use factbox_sdk::prelude::*;
use label::Type;
use roles::{Finder, Role};

/// The plugin.
pub struct Entities {
    engine: Engine,
    dictionary: Dictionary,
    minimum: f32,
    keys: Keys,
}

struct Keys {
    kinds: [Key; 4],
    mentions: Key,
    entities: Key,
    entity: Key,
    tagged: Key,
    merged: Key,
    name: Key,
    role: Key,
    role_rule: Key,
    affiliation: Key,
    country: Key,
    nation: Key,
    aliases: Key,
    members: Key,
}

const KINDS: &[&str] = &["person", "organization", "location", "misc"];
const MENTIONS: usize = 0;
const ENTITIES: usize = 1;

impl Plugin for Entities {
    const ID: &'static str = "entities";
    const SUMMARY: &'static str = "names of people, organisations, places and other things; who is who";
    const REQUIRES: &'static [&'static str] = &["tokens", "sentences"];
    const PROVIDES: &'static [Layer] = &[
        Layer::new("mentions", "m", "a name as it stands in the text")
            .kinds("type", KINDS)
            .score("confidence")
            .attributes(&[
                Attribute::reference("entity", "entities", "who or what is named"),
                Attribute::string(
                    "rule",
                    "what made it a name: model, majority in the article, same name elsewhere, surname, two names, table, dictionary",
                ),
                Attribute::string(
                    "merge",
                    "the rule that joined it to its entity; `first` for the name that the entity was made from",
                ),
            ]),
        Layer::new("entities", "e", "who or what is named, with all its mentions")
            .kinds("type", KINDS)
            .score("confidence")
            .attributes(&[
                Attribute::string(
                    "name",
                    "the fullest form in the article; for a country and its nationality the country's usual name",
                ),
                Attribute::span("role", "what the article says a person is"),
                Attribute::string("role.rule", "where the role stands"),
                Attribute::reference("affiliation", "entities", "the body or place that the role belongs to"),
                Attribute::string("country", "ISO 3166 code of a country, a nationality or a language"),
                Attribute::reference("nation", "entities", "for a nationality: the country, if the article names it"),
                Attribute::string("aliases[]", "other forms of the name in the article"),
                Attribute::reference("mentions[]", "mentions", "where it is named"),
            ]),
    ];
    const OPTIONS: &'static [Opt] = &[
        Opt::path("dictionary", "", "CSV file of the user's own names: surface,type,canonical,options"),
        Opt::float("minimum-confidence", "0", "names that the model is less sure of are left out"),
    ];

    fn new(setup: &Setup) -> Result<Self, SetupError> {
        let dictionary = match setup.path("dictionary") {
            Some(path) => {
                let file = path.display().to_string();
                let content = std::fs::read_to_string(path).map_err(|e| {
                    SetupError::option("dictionary", format!("{file}: {e}: give the path of a CSV file in UTF-8"))
                })?;
                Dictionary::parse(&file, &content).map_err(|message| SetupError::option("dictionary", message))?
            }
            None => Dictionary::default(),
        };
        Knowledge::shipped();
        let key = |name: &str| setup.key(name);
        Ok(Entities {
            engine: Engine::default(),
            dictionary,
            minimum: setup.float("minimum-confidence") as f32,
            keys: Keys {
                kinds: [key("person"), key("organization"), key("location"), key("misc")],
                mentions: key("mentions"),
                entities: key("entities"),
                entity: key("entity"),
                tagged: key("rule"),
                merged: key("merge"),
                name: key("name"),
                role: key("role"),
                role_rule: key("role.rule"),
                affiliation: key("affiliation"),
                country: key("country"),
                nation: key("nation"),
                aliases: key("aliases[]"),
                members: key("mentions[]"),
            },
        })
    }

    fn process(&mut self, doc: &Doc, out: &mut Output) -> Result<(), ProcessError> {
        let knowledge = Knowledge::shipped();
        let tokens: Vec<Token> = doc.tokens().collect();
        let sentences: Vec<Span> = doc.sentences().collect();
        if doc.cancelled() {
            return Err(ProcessError::Cancelled);
        }
        let engine = &mut self.engine;
        engine.read(&tokens, &sentences, knowledge, &self.dictionary, self.minimum);
        let keys = &self.keys;
        for m in &engine.mentions {
            out.add(MENTIONS, m.span(&tokens), keys.kinds[m.kind as usize])
                .score(m.probability)
                .reference(keys.entity, keys.entities, m.referent)
                .string(keys.tagged, m.tagged)
                .string(keys.merged, m.rule);
        }
        let finder = Finder { tokens: &tokens, lexicon: &knowledge.lexicon, mentions: &engine.mentions };
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); engine.referents.all.len()];
        for (i, m) in engine.mentions.iter().enumerate() {
            members[m.referent].push(i);
        }
        for (referent, members) in engine.referents.all.iter().zip(&members) {
            let fullest = &engine.mentions[referent.fullest];
            let confidence = members.iter().map(|&m| engine.mentions[m].probability).fold(0.0, f32::max);
            let entry =
                members.iter().find_map(|&m| engine.mentions[m].entry).map(|e| &self.dictionary.entries[e as usize]);
            let name = match entry {
                Some(entry) if !entry.canonical.is_empty() => entry.canonical.clone(),
                _ => match referent.country.and_then(|code| knowledge.lexicon.country_name(code)) {
                    Some(country) => country.to_owned(),
                    None => canonical(doc.text(), &tokens, fullest),
                },
            };
            let role: Option<Role> =
                (referent.kind == Type::Person).then(|| members.iter().find_map(|&m| finder.role(m))).flatten();
            let nation = (referent.kind == Type::Misc).then_some(referent.country).flatten().and_then(|code| {
                engine.referents.all.iter().position(|r| r.kind == Type::Location && r.country == Some(code))
            });
            let code = referent.country;
            let country = code.as_ref().and_then(|c| std::str::from_utf8(c).ok());
            let mut aliases: Vec<&str> = Vec::new();
            for &m in members {
                let m = &engine.mentions[m];
                let form = m.span(&tokens).of(doc.text());
                if form != name && !aliases.contains(&form) && aliases.len() < 32 {
                    aliases.push(form);
                }
            }
            let mut entity = out
                .add(ENTITIES, fullest.span(&tokens), keys.kinds[referent.kind as usize])
                .score(confidence)
                .string(keys.name, name.as_str())
                .span(keys.role, role.map(|r| r.span))
                .string(keys.role_rule, role.map(|r| r.rule))
                .reference(
                    keys.affiliation,
                    keys.entities,
                    role.and_then(|r| r.affiliation).map(|m| engine.mentions[m].referent),
                )
                .string(keys.country, country)
                .reference(keys.nation, keys.entities, nation);
            for alias in aliases {
                entity = entity.string(keys.aliases, alias);
            }
            for &m in members {
                entity = entity.reference(keys.members, keys.mentions, m);
            }
        }
        Ok(())
    }
}

/// A mention's text as a name: white space as single spaces, words in capitals out of datelines and headlines in title case.
fn canonical(text: &str, tokens: &[Token], mention: &referents::Mention) -> String {
    let words = &tokens[mention.first..mention.end];
    let shouted = |t: &Token| {
        let loud = t.shape.has(Shape::ALL_CAPS_CONTEXT) || matches!(mention.kind, Type::Location | Type::Person);
        loud && t.shape.letters() == Letters::Upper && !t.text.contains('.') && t.text.chars().count() > 3
    };
    let mut name = String::new();
    for (i, token) in words.iter().enumerate() {
        if i > 0 {
            let gap = Span::new(words[i - 1].span.end, token.span.start).of(text);
            if !gap.is_empty() {
                name.push(' ');
            }
        }
        if shouted(token) {
            let mut chars = token.text.chars();
            name.extend(chars.next());
            name.extend(chars.flat_map(char::to_lowercase));
        } else {
            name.push_str(token.text);
        }
    }
    name
}

export_plugin!(Entities);
