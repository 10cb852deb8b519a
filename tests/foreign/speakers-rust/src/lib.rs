//! factbox plugin `speakers`: who speaks in an article, and how much. It reads what three other plugins found, `entities`, `quotes` and `claims`, and
//! sums it up: one annotation for each person, where the article first names them.

use factbox_sdk::prelude::*;

/// The plugin.
pub struct Speakers {
    min_quotes: i64,
    keys: Keys,
}

/// Names that the layers and attributes go by.
struct Keys {
    person: Key,
    entities: Key,
    speaker_entity: Key,
    group: Key,
    source_entity: Key,
    quote: Key,
    equivalent_of: Key,
    entity: Key,
    name: Key,
    quotes: Key,
    words: Key,
    claims: Key,
}

/// What one entity said.
#[derive(Clone, Default)]
struct Sum<'a> {
    quotes: i64,
    words: i64,
    claims: i64,
    /// The attribution counted last: pieces of one attribution are one quote.
    group: Option<&'a str>,
}

impl Plugin for Speakers {
    const ID: &'static str = "speakers";
    const SUMMARY: &'static str = "who speaks, and how much: quotes, words and claims of each person";
    const REQUIRES: &'static [&'static str] = &["tokens", "entities", "quotes", "claims"];
    const PROVIDES: &'static [Layer] = &[Layer::new(
        "speakers",
        "s",
        "a person who says something, where the article first names them",
    )
    .attributes(&[
        Attribute::reference("entity", "entities", "the person"),
        Attribute::string("name", "the person's name"),
        Attribute::integer("quotes", "how often the person is quoted; pieces of one attribution count once"),
        Attribute::integer("words", "words of these quotes"),
        Attribute::integer("claims", "numbers that the person states; the same amount in another unit counts once"),
    ])];
    const OPTIONS: &'static [Opt] =
        &[Opt::integer("min-quotes", 0, "least quotes; with 0 who only states numbers is a speaker too")
            .range(0, 1000)];

    fn new(setup: &Setup) -> Result<Self, SetupError> {
        let keys = Keys {
            person: setup.key("person"),
            entities: setup.key("entities"),
            speaker_entity: setup.key("speaker.entity"),
            group: setup.key("group"),
            source_entity: setup.key("source.entity"),
            quote: setup.key("quote"),
            equivalent_of: setup.key("equivalent_of"),
            entity: setup.key("entity"),
            name: setup.key("name"),
            quotes: setup.key("quotes"),
            words: setup.key("words"),
            claims: setup.key("claims"),
        };
        Ok(Speakers { min_quotes: setup.integer("min-quotes"), keys })
    }

    fn process(&mut self, doc: &Doc, out: &mut Output) -> Result<(), ProcessError> {
        let k = &self.keys;
        let [Some(entities), Some(quotes), Some(claims)] = ["entities", "quotes", "claims"].map(|name| doc.layer(name))
        else {
            return Ok(());
        };
        let mut sums = vec![Sum::default(); entities.len()];
        let words: Vec<u32> =
            doc.tokens().filter(|t| t.text.contains(char::is_alphanumeric)).map(|t| t.span.start).collect();
        for quote in quotes {
            if doc.cancelled() {
                return Err(ProcessError::Cancelled);
            }
            let Some(sum) = quote.reference(k.speaker_entity).and_then(|e| sums.get_mut(e)) else { continue };
            let group = quote.string(k.group);
            if group.is_none() || group != sum.group {
                sum.quotes += 1;
                sum.group = group;
            }
            let span = quote.span();
            let upto = |at: u32| words.partition_point(|start| *start < at) as i64;
            sum.words += upto(span.end) - upto(span.start);
        }
        for claim in claims.into_iter().filter(|c| c.reference(k.equivalent_of).is_none()) {
            let speaker = || quotes.get(claim.reference(k.quote)?)?.reference(k.speaker_entity);
            if let Some(sum) = claim.reference(k.source_entity).or_else(speaker).and_then(|e| sums.get_mut(e)) {
                sum.claims += 1;
            }
        }
        for (at, (entity, sum)) in entities.into_iter().zip(&sums).enumerate() {
            if entity.kind() == k.person && sum.quotes + sum.claims > 0 && sum.quotes >= self.min_quotes {
                out.add(0, entity.span(), Key::NONE)
                    .reference(k.entity, k.entities, at)
                    .string(k.name, entity.string(k.name))
                    .integer(k.quotes, sum.quotes)
                    .integer(k.words, sum.words)
                    .integer(k.claims, sum.claims);
            }
        }
        Ok(())
    }
}

export_plugin!(Speakers);
