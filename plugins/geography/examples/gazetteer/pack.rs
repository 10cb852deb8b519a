//! Places to bytes: the sections of [`factbox_geography::gazetteer::Gazetteer`].

use crate::Place;
use factbox_geography::gazetteer::{
    BUCKET_BITS, FACT, Level, MAGIC, MAX_WORDS, NAME_STEP, PAIR_BITS, Posting, Relation, name_hash,
};
use factbox_text::{Analyzer, Shape};
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::path::Path;

/// The name with plain letters for accented ones.
pub fn unaccented(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match factbox_geography::letters::plain(c) {
            Some(plain) => out.push_str(plain),
            None => out.push(c),
        }
    }
    out
}

/// Word hashes of a name as the plugin will see it in running text.
fn words(analyzer: &mut Analyzer, name: &str) -> Vec<u64> {
    let text = format!("in {name} and");
    let analysis = analyzer.analyze(&text, &[]);
    let last = analysis.tokens.len().saturating_sub(1);
    analysis.tokens[1.min(last)..last]
        .iter()
        .filter(|t| !t.shape.has(Shape::DASH))
        .map(|t| factbox_text::hash(t.lower.of(&analysis.lower).as_bytes()))
        .collect()
}

fn variants(name: &str, relation: Relation) -> Vec<String> {
    let mut all = vec![name.to_owned()];
    let plain = unaccented(name);
    if plain != name {
        all.push(plain);
    }
    for (a, b) in [
        ("Saint ", "St. "),
        ("St. ", "Saint "),
        ("Saint ", "St "),
        ("Fort ", "Ft. "),
        ("Mount ", "Mt. "),
        ("Sankt ", "St. "),
        ("Sainte ", "Ste. "),
    ] {
        if let Some(rest) = name.strip_prefix(a) {
            all.push(format!("{b}{rest}"));
        }
    }
    if let Some(rest) = name.strip_suffix(" County") {
        all.push(format!("County {rest}"));
    }
    if relation == Relation::Abbreviation && name.ends_with('.') {
        all.push(name.trim_end_matches('.').to_owned());
    }
    all
}

fn weight(place: &Place) -> u8 {
    ((place.population + 1.0).ln() * 3.5).round().clamp(0.0, 63.0) as u8
}

/// The order of the postings of a name: well-known places first, large divisions before towns.
fn prior(place: &Place, relation: Relation) -> i32 {
    let level = match place.level {
        Level::Country => 40,
        Level::Admin1 => 12,
        Level::Admin2 => -8,
        Level::District => -4,
        _ => 0,
    };
    i32::from(weight(place)) + level - if relation == Relation::Alternate { 12 } else { 0 }
}

fn number(codes: &mut Vec<(String, u32)>, places: &[Place], level: Level) -> HashMap<String, u16> {
    for (i, p) in places.iter().enumerate().filter(|(_, p)| p.level == level && p.flags & FACT == 0) {
        codes.push((if level == Level::Admin1 { p.admin1.clone() } else { p.admin2.clone() }, i as u32));
    }
    codes.sort();
    codes.dedup_by(|a, b| a.0 == b.0);
    codes.iter().enumerate().map(|(i, c)| (c.0.clone(), i as u16 + 1)).collect()
}

/// The block.
pub fn pack(places: &[Place], data: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut countries: Vec<(String, u32)> = Vec::new();
    for (i, p) in places.iter().enumerate().filter(|(_, p)| p.level == Level::Country && p.country.len() == 2) {
        if !countries.iter().any(|c| c.0 == p.country) {
            countries.push((p.country.clone(), i as u32));
        }
    }
    let (mut admin1, mut admin2) = (Vec::new(), Vec::new());
    let admin1_numbers = number(&mut admin1, places, Level::Admin1);
    let admin2_numbers = number(&mut admin2, places, Level::Admin2);
    let country_numbers: HashMap<&str, u8> =
        countries.iter().enumerate().map(|(i, c)| (c.0.as_str(), i as u8 + 1)).collect();

    let mut records = Vec::new();
    let (mut name_index, mut names) = (Vec::new(), Vec::new());
    for (i, p) in places.iter().enumerate() {
        let u24 = |share: f64| ((share.clamp(0.0, 1.0) * f64::from(0xff_ffffu32)).round() as u32).to_le_bytes();
        records.extend(&u24((p.lat + 90.0) / 180.0)[..3]);
        records.extend(&u24((p.lon + 180.0) / 360.0)[..3]);
        records.extend(&p.geonameid.to_le_bytes()[..3]);
        records.push(country_numbers.get(p.country.as_str()).copied().unwrap_or(0));
        records.extend(admin1_numbers.get(&p.admin1).copied().unwrap_or(0).to_le_bytes());
        records.extend(admin2_numbers.get(&p.admin2).copied().unwrap_or(0).to_le_bytes());
        records.extend((p.level as u16 | u16::from(weight(p)) << 4 | u16::from(p.flags) << 10).to_le_bytes());
        if i % NAME_STEP == 0 {
            name_index.extend((names.len() as u32).to_le_bytes());
        }
        let name = p.name.as_bytes();
        let length = name.len().min(255);
        names.push(length as u8);
        names.extend(&name[..length]);
    }

    let mut analyzer = Analyzer::default();
    let struck = std::fs::read_to_string(data.join("not-alone.tsv"))?;
    let struck: std::collections::HashSet<&str> = struck.lines().filter(|l| !l.starts_with('#')).collect();
    let mut by_hash: BTreeMap<u64, Vec<(i32, Posting)>> = BTreeMap::new();
    let mut pairs = vec![0u8; (1 << PAIR_BITS) / 8];
    for (i, place) in places.iter().enumerate() {
        for (name, relation, doubtful) in place.names.iter().filter(|n| !n.0.starts_with("iso:")) {
            if name.contains(',') && !name.ends_with("D.C.") {
                continue;
            }
            for form in variants(name, *relation) {
                if place.level != Level::Country
                    && *relation != Relation::Abbreviation
                    && struck.contains(form.to_lowercase().as_str())
                {
                    continue;
                }
                let mut spelled = vec![words(&mut analyzer, &form)];
                if *relation == Relation::Abbreviation && !form.contains(' ') {
                    // Whether the point belongs to the word depends on the text around.
                    spelled.push(vec![factbox_text::hash(form.to_lowercase().as_bytes())]);
                }
                for words in spelled.into_iter().filter(|w| (1..=MAX_WORDS).contains(&w.len())) {
                    if let [first, second, ..] = words[..] {
                        let bit = (name_hash([first, second]) >> (64 - PAIR_BITS)) as usize;
                        pairs[bit / 8] |= 1 << (bit % 8);
                    }
                    let list = by_hash.entry(name_hash(words)).or_default();
                    let posting = Posting::new(i as u32, *relation, *doubtful);
                    if !list.iter().any(|(_, p)| p.record() == i as u32) {
                        list.push((-prior(place, *relation), posting));
                    }
                }
            }
        }
    }
    let (mut buckets, mut tags, mut values, mut postings) =
        (vec![0u32; (1 << BUCKET_BITS) + 1], Vec::new(), Vec::new(), Vec::new());
    for (hash, mut list) in by_hash {
        list.sort_by_key(|(prior, p)| (*prior, p.0));
        list.truncate(100);
        buckets[(hash >> (64 - BUCKET_BITS)) as usize + 1] += 1;
        tags.extend((hash as u32).to_le_bytes());
        let value = if let [(_, one)] = list[..] {
            one.0
        } else {
            let start = postings.len() as u32 / 4;
            list.iter().for_each(|(_, p)| postings.extend(p.0.to_le_bytes()));
            1 << 31 | (list.len() as u32) << 24 | start
        };
        values.extend(value.to_le_bytes());
    }
    for i in 1..buckets.len() {
        buckets[i] += buckets[i - 1];
    }
    let flat = |list: &[u32]| list.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
    let country_section: Vec<u8> = countries.iter().flat_map(|(c, i)| c.bytes().chain(i.to_le_bytes())).collect();
    let divisions = |list: &[(String, u32)]| flat(&list.iter().map(|c| c.1).collect::<Vec<u32>>());
    let mut block = MAGIC.to_vec();
    for section in [
        country_section,
        divisions(&admin1),
        divisions(&admin2),
        records,
        name_index,
        names,
        flat(&buckets),
        tags,
        values,
        postings,
        pairs,
    ] {
        block.extend((section.len() as u32).to_le_bytes());
        block.extend(section);
    }
    Ok(block)
}
