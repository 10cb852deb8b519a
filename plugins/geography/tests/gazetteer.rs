//! The shipped gazetteer holds what it should.

use factbox_geography::gazetteer::{Gazetteer, Level, name_hash};

fn places(name: &str) -> Vec<(Level, String)> {
    let gazetteer = Gazetteer::shipped().expect("the shipped gazetteer is sound");
    let hash = name_hash(name.to_lowercase().split(' ').map(|w| factbox_sdk::hash(w.as_bytes())));
    gazetteer
        .find(hash)
        .filter_map(|p| Some((gazetteer.record(p.record())?.level, gazetteer.name(p.record()).to_owned())))
        .collect()
}

#[test]
fn abbreviations_lead_to_states() {
    for (short, state) in [
        ("Kan.", "Kansas"),
        ("Minn.", "Minnesota"),
        ("N.C.", "North Carolina"),
        ("Md.", "Maryland"),
        ("Ont.", "Ontario"),
    ] {
        assert!(places(short).iter().any(|p| *p == (Level::Admin1, state.to_owned())), "{short}: {:?}", places(short));
    }
}
