//! The table of weights and the words of each country's English.

use factbox_geography::cues::Cues;
use factbox_geography::evidence::{Evidence, NAMES, Weights};
use factbox_geography::resolve::Choice;

#[test]
fn the_table_names_every_kind_of_evidence_once() {
    let table = include_str!("../data/resolution.tsv");
    let names: Vec<&str> = table.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split('\t').next()).collect();
    let others = ["lead-base", "lead", "only-base", "only-population", "only-alternate", "unknown-beside"];
    let expected: Vec<&str> = NAMES.into_iter().chain(others).collect();
    assert_eq!(names, expected);
    for line in table.lines().filter(|l| !l.starts_with('#')) {
        let weight = line.split('\t').nth(1).and_then(|w| w.parse::<f32>().ok());
        assert!(weight.is_some_and(|w| w.abs() < 20.0), "{line}");
    }
}

#[test]
fn what_lies_where_it_is_said_to_weighs_more_than_fame() {
    let weights = Weights::shipped();
    let of = |kind: Evidence| weights.of[kind as usize];
    assert!(of(Evidence::Contained) > 1.0 && of(Evidence::Within) > 0.5 && of(Evidence::HomeNear) > 1.0);
    assert!(of(Evidence::Alternate) < 0.0 && of(Evidence::TwinUnseated) < 0.0);
}

#[test]
fn a_longer_lead_is_surer() {
    let weights = Weights::shipped();
    let sure = |margin: Option<f32>| {
        weights.confidence(&Choice { candidate: 0, among: (0, 2), margin, weight: 40, alternate: false })
    };
    assert!(sure(Some(0.0)) < 0.7 && sure(Some(2.0)) > sure(Some(0.5)) && sure(Some(6.0)) > 0.95);
    assert_eq!(sure(Some(6.0)), sure(Some(60.0)));
    assert!(sure(None) > 0.9);
}

#[test]
fn cue_words_are_sorted_within_their_class() {
    for line in
        include_str!("../data/cues.tsv").lines().filter(|l| l.starts_with("variety:") || l.starts_with("townsfolk"))
    {
        let words: Vec<&str> = line.split('\t').nth(1).unwrap_or("").split('|').collect();
        assert!(words.is_sorted_by(|a, b| a < b), "{line}");
        assert!(words.iter().all(|w| !w.is_empty() && w.to_lowercase() == **w), "{line}");
    }
    assert_eq!(Cues::shipped().variety(&[]), [0.0; 8]);
}
