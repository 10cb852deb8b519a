//! What speaks for a place among those that a name may mean, and how much each kind of evidence weighs. The weights lie in
//! `data/resolution.tsv`; `cargo xtask train geography` learns them.

use crate::resolve::Choice;

/// Kinds of evidence for a candidate. A candidate's score is the sum of what each kind says (mostly 0 to 1) times its weight: log odds
/// without a fixed zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Evidence {
    /// Natural logarithm of its population, or of what a feature is worth against one.
    Population,
    /// The same, times how local the article is.
    PopulationLocal,
    /// The square of a sixteenth of it: what sets large cities apart.
    PopulationSquare,
    /// It is the best known town of the candidates.
    Foremost,
    /// The same, times how local the article is.
    ForemostLocal,
    /// The same, where the name stands in the dateline with nothing that holds it.
    ForemostDateline,
    /// It is a division, and the name stands in the dateline.
    DivisionDateline,
    /// It is a country.
    Country,
    /// It is a country, times how local the article is.
    CountryLocal,
    /// It is a first-order division.
    Admin1,
    /// It is a second-order division of the United States, where the word "County" belongs to the name.
    Admin2,
    /// It is a second-order division of another country.
    Admin2Abroad,
    /// It is a part of a town.
    District,
    /// It is a facility, a water, a mountain or a region.
    Feature,
    /// The same, with "the" before the name.
    FeatureArticle,
    /// It is a country's capital.
    Capital,
    /// It is the seat of a first-order division.
    Seat,
    /// The name comes from the list of alternates.
    Alternate,
    /// The form is an ordinary word or another name, too.
    Doubtful,
    /// A word beside the name says its level ("Amur region").
    Beside,
    /// A word beside the name says a level next to its own.
    BesideWider,
    /// It is a division named like a town of its own that is not much less known.
    Twin,
    /// The same, where the town is not its seat (New York).
    TwinUnseated,
    /// It is a division named like a lesser town near its middle.
    TwinLesser,
    /// It is a division named like its country's capital.
    TwinCapital,
    /// It is a capital named like its country.
    CapitalTwin,
    /// It is a division without the word for its kind ("Orange" for Orange County).
    Bare,
    /// Other names of the article could lie in its division, too.
    Division,
    /// Other names of the article could lie around it, too.
    Neighbourhood,
    /// Its country's papers write English, times how local the article is.
    English,
    /// The article is written in its country's English.
    Variety,
    /// The same, times how local the article is.
    VarietyLocal,
    /// It is a town of a country whose papers write English, and an office of one follows the name ("Athens City Council").
    Office,
    /// The same, as far as the article is written in its country's English.
    OfficeVariety,
    /// It is such a town, and people or things of one follow the name ("an Athens man").
    Townsfolk,
    /// The same, as far as the article is written in its country's English.
    TownsfolkVariety,
    /// It is of the level of the place that stands beside it in a list.
    Listed,
    /// It is a state beside a state in a list.
    ListedState,
    /// It lies in what stands after the comma.
    Contained,
    /// It lies in what is said to hold it in other words ("Athens in Georgia", "the Spanish city of Cordoba").
    Within,
    /// It holds what stands before the comma.
    Contains,
    /// It is in the publisher's country.
    HomeCountry,
    /// It is in the publisher's division.
    HomeAdmin1,
    /// It is near the publisher's readers.
    HomeNear,
    /// Other places of the article are in its country.
    SameCountry,
    /// Other places of the article are in its division.
    SameAdmin1,
    /// Other places of the article are near.
    Near,
}

/// How many kinds of evidence there are.
pub const KINDS: usize = 47;

/// Their names in `data/resolution.tsv`, in order.
pub const NAMES: [&str; KINDS] = [
    "population",
    "population-local",
    "population-square",
    "foremost",
    "foremost-local",
    "foremost-dateline",
    "division-dateline",
    "country",
    "country-local",
    "admin1",
    "admin2",
    "admin2-abroad",
    "district",
    "feature",
    "feature-article",
    "capital",
    "seat",
    "alternate",
    "doubtful",
    "beside",
    "beside-wider",
    "twin",
    "twin-unseated",
    "twin-lesser",
    "twin-capital",
    "capital-twin",
    "bare",
    "division",
    "neighbourhood",
    "english",
    "variety",
    "variety-local",
    "office",
    "office-variety",
    "townsfolk",
    "townsfolk-variety",
    "listed",
    "listed-state",
    "contained",
    "within",
    "contains",
    "home-country",
    "home-admin1",
    "home-near",
    "same-country",
    "same-admin1",
    "near",
];

/// How much each kind of evidence weighs, and how often a choice is right.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// By [`Evidence`].
    pub of: [f32; KINDS],
    /// Log odds that a place chosen before others is right: the first, and the second for each log odds that it is ahead.
    pub lead: [f32; 2],
    /// Log odds that the only place known by a name is right: the first, and the second for each e-fold of its population.
    pub only: [f32; 2],
    /// The same, where it is known by it only among its alternates: other languages, old names, spellings.
    pub only_alternate: f32,
    /// The share of names unknown to the gazetteer that lie where the place beside them does.
    pub unknown: f32,
}

/// A lead beyond which nothing becomes surer.
const FULL_LEAD: f32 = 6.0;

impl Default for Weights {
    fn default() -> Self {
        Weights { of: [0.0; KINDS], lead: [0.0; 2], only: [0.0; 2], only_alternate: 0.0, unknown: 0.0 }
    }
}

impl Weights {
    /// The weights of the library.
    pub fn shipped() -> Weights {
        Weights::parse(include_str!("../data/resolution.tsv"))
    }

    /// The weights in a table of `name` and `weight`; what is not there weighs nothing.
    pub fn parse(table: &str) -> Weights {
        let mut weights = Weights::default();
        for (name, weight) in table.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t')) {
            let weight = weight.trim().parse().unwrap_or(0.0);
            match (NAMES.iter().position(|n| *n == name), name) {
                (Some(kind), _) => weights.of[kind] = weight,
                (None, "lead-base") => weights.lead[0] = weight,
                (None, "lead") => weights.lead[1] = weight,
                (None, "only-base") => weights.only[0] = weight,
                (None, "only-population") => weights.only[1] = weight,
                (None, "only-alternate") => weights.only_alternate = weight,
                (None, "unknown-beside") => weights.unknown = weight,
                (None, _) => {}
            }
        }
        weights
    }

    /// How sure a choice is, 0 to 1.
    pub fn confidence(&self, choice: &Choice) -> f32 {
        let odds = match Grounds::of(choice) {
            Grounds::Lead(lead) => self.lead[0] + self.lead[1] * lead,
            Grounds::Only(population) => self.only[0] + self.only[1] * population,
            Grounds::OnlyAlternate => self.only_alternate,
        };
        1.0 / (1.0 + (-odds).exp())
    }
}

/// What the confidence of a choice rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Grounds {
    /// Its lead before places elsewhere (log odds).
    Lead(f32),
    /// No other place has the name: how well known it is (natural logarithm of its population).
    Only(f32),
    /// The same, but it has the name only among its alternates.
    OnlyAlternate,
}

impl Grounds {
    /// Those of a choice.
    pub fn of(choice: &Choice) -> Grounds {
        match choice.margin {
            Some(margin) => Grounds::Lead(margin.min(FULL_LEAD)),
            None if choice.alternate => Grounds::OnlyAlternate,
            None => Grounds::Only(f32::from(choice.weight) / 3.5),
        }
    }
}
