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

#[test]
fn names_lead_to_places() {
    for (name, level) in [
        ("Paris", Level::City),
        ("Texas", Level::Admin1),
        ("Harris County", Level::Admin2),
        ("Black Sea", Level::Water),
        ("Mount Everest", Level::Mountain),
        ("Heathrow", Level::Facility),
        ("Middle East", Level::Region),
        ("Eswatini", Level::Country),
    ] {
        assert!(places(name).iter().any(|p| p.0 == level), "{name}: {:?}", places(name));
    }
    assert_eq!(places("Xqzzw"), []);
}

#[test]
fn damaged_blocks_are_refused_or_harmless() {
    assert!(Gazetteer::open(b"").is_err());
    assert!(Gazetteer::open(b"FBGAZ\0\0\x01\xff\xff\xff\xff").is_err());
    let block =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/gazetteer.bin")).expect("the shipped gazetteer");
    assert!(block.len() <= 12_000_000, "{} bytes", block.len());
    assert!(Gazetteer::open(&block[..block.len() / 2]).is_err());
    for step in 1..200usize {
        let mut broken = block.clone();
        // Inside the sections, so that the lengths stay as they are.
        let at = 1000 + step * 50_000;
        broken[at..at + 64].fill(0xff);
        if let Ok(gazetteer) = Gazetteer::open(&broken) {
            for name in ["Paris", "Springfield", "Texas"] {
                let hash = name_hash([factbox_sdk::hash(name.to_lowercase().as_bytes())]);
                gazetteer.find(hash).for_each(|p| {
                    gazetteer.record(p.record());
                    gazetteer.name(p.record());
                });
            }
        }
    }
}
