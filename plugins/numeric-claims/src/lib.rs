//! factbox plugin `numeric-claims`: every number of an article with its value, unit, hedge, what it counts, and who says so. Layer `claims`.
//!
//! A hand-written scanner: [`engine`] looks at each token that can begin a claim ([`cue`]); [`calendar`] reads dates, `year` and `holidays` help it,
//! `clock` reads times of day, `spans_of_time` and `age` what only the words around tell, [`number`] and [`words`] numbers, [`measure`], [`money`] and
//! [`rate`] what they measure, `range` two amounts as one; [`reject`] tells telephone numbers, scores and model names apart; `hedge`, `change` and
//! `counted` read the words around; [`source`] finds who says it.

mod age;
pub mod calendar;
mod change;
mod clock;
mod counted;
pub mod cue;
pub mod engine;
mod hedge;
mod holidays;
pub mod measure;
pub mod money;
pub mod number;
pub mod own_units;
mod range;
pub mod rate;
pub mod reject;
pub mod source;
mod spans_of_time;
pub mod split;
pub mod tables;
#[cfg(test)]
mod testing;
pub mod words;
mod year;

use cue::Cues;
use engine::{Claim, Input, claims};
use factbox_sdk::prelude::*;
use money::Money;
use source::{Name, Said};
use tables::Units;

const KINDS: &[&str] = &["number", "percent", "money", "quantity", "ordinal", "date", "duration"];

/// The plugin.
pub struct NumericClaims {
    kinds: Vec<(&'static str, Key)>,
    wanted: Vec<String>,
    dollar: String,
    own: Option<Units>,
    day_first: bool,
    keys: Keys,
    known: Cues,
    cues: Vec<u8>,
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
    value = "value", low = "low", high = "high", unit = "unit", si_value = "si.value", si_low = "si.low", si_high = "si.high", si_unit = "si.unit", rate_per = "rate.per",
    rate_unit = "rate.per_unit", modifier = "modifier", modifier_span = "modifier_span",
    change = "change", counted = "counted", counted_head = "counted.head", counted_np = "counted.np", property = "property", basis = "currency_basis", source = "source",
    source_entity = "source.entity", source_name = "source.name", source_via = "source.via", quote = "quote", resolved = "resolved", equivalent_of = "equivalent_of",
    checkworthy = "checkworthy", rule = "rule", claims = "claims", entities = "entities", quotes = "quotes", person = "person", entity = "entity", speaker = "speaker",
    speaker_entity = "speaker.entity", speaker_name = "speaker.name", cue = "cue", indirect = "indirect",
}

impl Plugin for NumericClaims {
    const ID: &'static str = "numeric-claims";
    const SUMMARY: &'static str = "numbers with value, unit, hedge, what they count, and who says so";
    const REQUIRES: &'static [&'static str] = &["tokens", "sentences", "mentions?", "entities?", "quotes?"];
    const PROVIDES: &'static [Layer] =
        &[Layer::new("claims", "n", "numbers, amounts and dates that the article states")
            .kinds("kind", KINDS)
            .score("confidence")
            .attributes(&[
                Attribute::string(
                    "value",
                    "exact decimal, or ISO 8601 for dates with only the fields that are written",
                ),
                Attribute::string("low", "lower end of a range"),
                Attribute::string("high", "upper end of a range"),
                Attribute::string("unit", "UCUM symbol, ISO 4217 code, %, %pt (percentage points) or 1 (a count)"),
                Attribute::string("si.value", "value in SI, exact decimal"),
                Attribute::string("si.low", "lower end of a range in SI"),
                Attribute::string("si.high", "upper end of a range in SI"),
                Attribute::string("si.unit", "SI unit"),
                Attribute::string("rate.per", "of how many it is a rate: 100000 in \"12 per 100,000 people\""),
                Attribute::string("rate.per_unit", "of what: a unit's symbol, or what is counted"),
                Attribute::string("modifier", "about, at_least, at_most, more_than, less_than, nearly or plural"),
                Attribute::span("modifier_span", "the words that hedge"),
                Attribute::string("change", "up or down, where the number is a rise or fall"),
                Attribute::span("counted", "what is counted; for percent what the share is taken of"),
                Attribute::string("counted.head", "its head noun"),
                Attribute::string("counted.np", "the whole phrase"),
                Attribute::string(
                    "property",
                    "what happened to the people counted: killed, wounded, arrested, infected, displaced, missing",
                ),
                Attribute::string(
                    "currency_basis",
                    "how the currency was settled: symbol, code, article-country or default",
                ),
                Attribute::span("source", "who states the number"),
                Attribute::reference("source.entity", "entities", "the same as an entity"),
                Attribute::string("source.name", "the same by name"),
                Attribute::string("source.via", "by which words"),
                Attribute::reference("quote", "quotes", "the speech it stands in"),
                Attribute::string(
                    "resolved",
                    "the day that a date without a year means, settled by the publication date",
                ),
                Attribute::reference("equivalent_of", "claims", "the amount that this one repeats in another unit"),
                Attribute::float("checkworthy", "how much a fact-checker would want to look at it, 0 to 1"),
                Attribute::string("rule", "the rule that made it"),
            ])];
    const OPTIONS: &'static [Opt] = &[
        Opt::list("kinds", KINDS, "kinds of claims wanted").one_of(KINDS),
        Opt::string("dollar", "auto", "what a bare $ means: auto (the article's country) or an ISO 4217 code"),
        Opt::string("date-order", "month-first", "how 09/14/2023 is read where both readings are possible")
            .one_of(&["month-first", "day-first"]),
        Opt::path("units", "", "TSV file of the user's own units: symbol, forms, factor, SI unit, kind"),
    ];

    fn new(setup: &Setup) -> Result<Self, SetupError> {
        let dollar = setup.string("dollar");
        if dollar != "auto" && tables::Tables::get().currency_code(dollar).is_none() {
            return Err(SetupError::option(
                "dollar",
                format!("`{dollar}` is neither `auto` nor an ISO 4217 code that factbox knows, such as CAD"),
            ));
        }
        let own = match setup.path("units") {
            Some(path) => {
                let file = path.display().to_string();
                let content = std::fs::read_to_string(path).map_err(|e| {
                    SetupError::option("units", format!("{file}: {e}: give the path of a TSV file in UTF-8"))
                })?;
                Some(own_units::parse(&file, &content).map_err(|message| SetupError::option("units", message))?)
            }
            None => None,
        };
        Ok(NumericClaims {
            kinds: KINDS.iter().map(|k| (*k, setup.key(k))).collect(),
            wanted: setup.list("kinds").into_iter().map(str::to_owned).collect(),
            dollar: dollar.to_owned(),
            own,
            day_first: setup.string("date-order") == "day-first",
            keys: Keys::new(setup),
            known: Cues::default(),
            cues: Vec::new(),
        })
    }

    fn process(&mut self, doc: &Doc, out: &mut Output) -> Result<(), ProcessError> {
        let tokens: Vec<Token> = doc.tokens().collect();
        let sentences: Vec<Span> = doc.sentences().collect();
        let names: Vec<Name> = doc.layer("mentions").map_or(Vec::new(), |m| {
            m.into_iter()
                .map(|a| Name {
                    span: a.span(),
                    person: a.kind() == self.keys.person,
                    entity: a.reference(self.keys.entity),
                })
                .collect()
        });
        let said: Option<Vec<Said>> = doc.layer("quotes").map(|quotes| {
            quotes
                .into_iter()
                .enumerate()
                .map(|(index, q)| Said {
                    span: q.span(),
                    index,
                    speaker: q.span_of(self.keys.speaker),
                    entity: q.reference(self.keys.speaker_entity),
                    name: q.string(self.keys.speaker_name),
                    cue: q.span_of(self.keys.cue),
                    indirect: q.kind() == self.keys.indirect,
                })
                .collect()
        });
        let money = money(&tokens, &self.dollar, self.own.as_ref());
        let tokens = split::for_numbers(doc.text(), tokens, money);
        self.known.read(&tokens, &mut self.cues);
        let input = Input {
            text: doc.text(),
            tokens: &tokens,
            cues: &self.cues,
            sentences: &sentences,
            names: &names,
            said: said.as_deref(),
            money,
            day_first: self.day_first || calendar::writes_day_first(&tokens),
        };
        let published = doc.meta("published");
        let found = claims(&input);
        // References count the claims that are written.
        let mut place = vec![None; found.len()];
        for (i, claim) in found.iter().enumerate().filter(|(_, c)| self.wanted.iter().any(|w| w == c.kind)) {
            place[i] = Some(out.len(0));
            self.write(claim, &place, published.as_deref(), doc.text(), out);
        }
        Ok(())
    }
}

impl NumericClaims {
    fn write(&self, claim: &Claim, place: &[Option<usize>], published: Option<&str>, text: &str, out: &mut Output) {
        let k = &self.keys;
        let kind = self.kinds.iter().find(|(name, _)| *name == claim.kind).map_or(Key::NONE, |(_, key)| *key);
        let source = claim.source.as_ref();
        let text_or_none = |t: &'_ str| (!t.is_empty()).then_some(t.to_owned());
        let (low, high) = claim.range.as_ref().map_or((None, None), |(l, h)| (Some(l.as_str()), Some(h.as_str())));
        let si = claim.si.as_ref();
        out.add(0, claim.span, kind)
            .score(confidence(claim))
            .string(k.value, text_or_none(&claim.value).as_deref())
            .string(k.low, low)
            .string(k.high, high)
            .string(k.unit, text_or_none(&claim.unit).as_deref())
            .string(k.si_value, si.filter(|s| s.high.is_none()).map(|s| s.value.as_str()))
            .string(k.si_low, si.filter(|s| s.high.is_some()).map(|s| s.value.as_str()))
            .string(k.si_high, si.and_then(|s| s.high.as_deref()))
            .string(k.si_unit, si.map(|s| s.unit))
            .string(k.rate_per, claim.rate.as_ref().map(|r| r.per.as_str()))
            .string(k.rate_unit, claim.rate.as_ref().map(|r| r.unit.as_str()).filter(|u| !u.is_empty()))
            .string(k.modifier, claim.modifier.map(|m| m.0))
            .span(k.modifier_span, claim.modifier.and_then(|m| m.1))
            .string(k.change, claim.change)
            .span(k.counted, claim.counted.map(|c| c.phrase))
            .string(k.counted_head, claim.counted.map(|c| c.head.of(text)))
            .string(k.counted_np, claim.counted.map(|c| c.phrase.of(text)))
            .string(k.property, claim.property)
            .string(k.basis, claim.basis)
            .span(k.source, source.and_then(|s| s.span))
            .reference(k.source_entity, k.entities, source.and_then(|s| s.entity))
            .string(k.source_name, source.and_then(|s| s.name.as_deref()))
            .string(k.source_via, source.and_then(|s| s.via.as_deref()))
            .reference(k.quote, k.quotes, source.and_then(|s| s.quote))
            .string(k.resolved, resolved(claim, published).as_deref())
            .reference(k.equivalent_of, k.claims, claim.equivalent_of.and_then(|at| place[at]))
            .float(k.checkworthy, f64::from((claim.checkworthy * 100.0).round()) / 100.0)
            .string(k.rule, claim.rule);
    }
}

/// How sure the grammar is: units and dates are plain, bare counts and ages less so.
fn confidence(claim: &Claim) -> f32 {
    match claim.rule {
        "number-unit" | "date" => 0.97,
        "range" | "aged" | "decade-of-life" => 0.95,
        "count" if claim.counted.is_some() => 0.94,
        "count" => 0.85,
        "ordinal" => 0.88,
        _ => 0.9,
    }
}

/// The day that a date without a year means: the one nearest to the day of publication.
fn resolved(claim: &Claim, published: Option<&str>) -> Option<String> {
    let rest = claim.value.strip_prefix("--").filter(|_| claim.kind == "date")?;
    let published: jiff::civil::Date = published?.get(..10)?.parse().ok()?;
    let (month, day) = rest.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    (-1..=1)
        .filter_map(|shift| jiff::civil::Date::new(published.year() + shift, month, day).ok())
        .min_by_key(|date| (*date - published).get_days().abs())
        .map(|date| date.to_string())
}

/// What money words mean in this article, by the countries it speaks of.
fn money<'a>(tokens: &[Token], dollar: &str, own: Option<&'a Units>) -> Money<'a> {
    let (mut us, mut ca, mut au, mut nz, mut sg, mut hk) = (0u32, 0u32, 0u32, 0u32, 0u32, 0u32);
    let (mut ph, mut za, mut mx, mut euro, mut uk) = (0u32, 0u32, 0u32, 0u32, 0u32);
    let (mut fr, mut be) = (0u32, 0u32);
    for t in tokens {
        if !matches!(t.shape.letters(), Letters::Title | Letters::Upper) {
            uk += u32::from(matches!(t.text, "£" | "pence"));
            continue;
        }
        match t.lower {
            "u.s." | "american" | "americans" | "washington" | "america" | "us" => us += 1,
            "canada" | "canadian" | "canadians" | "ontario" | "toronto" | "ottawa" | "alberta" | "quebec"
            | "vancouver" | "b.c." | "calgary" | "edmonton" | "saskatchewan" | "manitoba" | "montreal" | "nova" => {
                ca += 1
            }
            "australia" | "australian" | "australians" | "sydney" | "melbourne" | "queensland" | "nsw" | "brisbane"
            | "perth" | "adelaide" | "canberra" | "tasmania" | "aussie" => au += 1,
            "uk" | "u.k." | "britain" | "british" | "london" | "england" | "english" | "scotland" | "wales" => uk += 1,
            "zealand" | "auckland" | "wellington" => nz += 1,
            "singapore" | "singaporean" => sg += 1,
            "hong" => hk += 1,
            "manila" | "philippine" | "philippines" | "filipino" | "cebu" | "quezon" | "luzon" | "mindanao" => ph += 1,
            "johannesburg" | "pretoria" | "african" => za += 1,
            "mexico" | "mexican" => mx += 1,
            "france" | "french" | "paris" => {
                euro += 1;
                fr += 1;
            }
            "belgium" | "belgian" | "brussels" => {
                euro += 1;
                be += 1;
            }
            "ireland" | "irish" | "germany" | "german" => euro += 1,
            _ => {}
        }
    }
    let best = [(ca, "CAD"), (au, "AUD"), (nz, "NZD"), (sg, "SGD"), (hk, "HKD")]
        .into_iter()
        .max_by_key(|c| c.0)
        .unwrap_or((0, "USD"));
    let (auto, settled) = if best.0 >= 2 && best.0 > us * 2 { (best.1, true) } else { ("USD", us > 0) };
    let code = tables::Tables::get().currency_code(dollar);
    Money {
        dollar: code.unwrap_or(auto),
        settled: code.is_some() || settled,
        peso: if ph >= mx { "PHP" } else { "MXN" },
        p_is_peso: ph > 0,
        r_is_rand: za > 0,
        cent: if euro > us + 2 { "EUR" } else { code.unwrap_or(auto) },
        // Both ended in 2002: what an older article pays in.
        franc: if fr > be {
            "FRF"
        } else if be > 0 {
            "BEF"
        } else {
            "CHF"
        },
        pound: if us > 0 && uk == 0 { "[lb_av]" } else { "GBP" },
        own,
    }
}

export_plugin!(NumericClaims);
