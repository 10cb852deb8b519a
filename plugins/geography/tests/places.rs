//! Short articles, invented, through the plugin and the host's checks: what users of other geoparsers complained of, a case each.

use factbox_geography::Geography;
use factbox_sdk::testing::{Kit, Upstream};

/// Mentions in text order, as `kind:text`.
fn mentions(given: &[&str]) -> Upstream {
    given.iter().fold(Upstream::new("mentions"), |layer, m| {
        let (kind, text) = m.split_once(':').expect("kind:text");
        layer.add(text, kind)
    })
}

fn field(line: &str, key: &str) -> Option<String> {
    let at = line.find(&format!(" {key}="))? + key.len() + 2;
    let rest = &line[at..];
    Some(match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?.to_owned(),
        None => rest.split_whitespace().next()?.to_owned(),
    })
}

fn lines(kit: Kit<Geography>, text: &str, given: &[&str]) -> Vec<String> {
    kit.upstream(mentions(given))
        .run(text)
        .to_string()
        .lines()
        .filter(|l| l.starts_with("places"))
        .map(str::to_owned)
        .collect()
}

/// `text level country admin1` of each place.
fn found(kit: Kit<Geography>, text: &str, given: &[&str]) -> Vec<String> {
    lines(kit, text, given)
        .iter()
        .map(|l| {
            let quoted = l.split('"').nth(1).unwrap_or("").to_owned();
            let part = |key| field(l, key).unwrap_or("-".to_owned());
            format!("{quoted} {} {} {}", part("level"), part("country"), part("admin1"))
        })
        .collect()
}

fn degrees(line: &str) -> (f64, f64) {
    let number = |key| field(line, key).and_then(|n| n.parse().ok()).expect("a coordinate");
    (number("lat"), number("lon"))
}

#[test]
fn a_state_after_the_comma_decides() {
    let given = ["location:Bangor", "location:Maine"];
    assert_eq!(
        found(Kit::new(), "A baker from Bangor, Maine, won the contest.", &given),
        ["Bangor city US Maine", "Maine admin1 US Maine"]
    );
}

#[test]
fn datelines_with_abbreviated_states() {
    let text = "TROY, N.C. (AP) — A barn burned down on Tuesday, officials said.";
    assert_eq!(
        found(Kit::new(), text, &["location:TROY", "location:N.C."]),
        ["TROY city US North Carolina", "N.C. admin1 US North Carolina"]
    );
}

#[test]
fn one_sense_in_an_article() {
    let text = "The council of Paris, Texas, met on Monday. A Paris resident complained.";
    let places = found(Kit::new(), text, &["location:Paris", "location:Texas", "location:Paris"]);
    assert_eq!(places, ["Paris city US Texas", "Texas admin1 US Texas", "Paris city US Texas"]);
}

#[test]
fn large_places_stay_large() {
    let text = "European leaders met in Toronto. Oklahoma sent nobody, and Africa was not asked.";
    let given = ["misc:European", "location:Toronto", "location:Oklahoma", "location:Africa"];
    assert_eq!(
        found(Kit::new(), text, &given),
        ["European demonym - -", "Toronto city CA Ontario", "Oklahoma admin1 US Oklahoma", "Africa region - -"]
    );
}

#[test]
fn initials_and_surnames_are_no_places() {
    let text = "M.S. Dhoni met Mr. Lincoln of the Bristol Rovers.";
    assert_eq!(found(Kit::new(), text, &["person:M.S. Dhoni", "person:Lincoln"]), Vec::<String>::new());
}

#[test]
fn home_moves_moscow() {
    let text = "Moscow will repave its main street in spring.";
    assert_eq!(found(Kit::new(), text, &["location:Moscow"]), ["Moscow city RU Moscow"]);
    let kit = Kit::new().option("home", "46.73,-117.0");
    assert_eq!(found(kit, text, &["location:Moscow"]), ["Moscow city US Idaho"]);
}

#[test]
fn a_home_that_is_none_is_refused() {
    let problem = Kit::<Geography>::new().option("home", "Narnia").try_run("Text.").err().expect("no such home");
    assert!(problem.contains("lat,lon"), "{problem}");
}

#[test]
fn well_known_facilities_and_regions() {
    let text = "Flights left Heathrow for Siberia, the White House said. The rocket rose from Vostochny Cosmodrome in the Amur region.";
    let given = [
        "location:Heathrow",
        "location:Siberia",
        "location:White House",
        "location:Vostochny Cosmodrome",
        "location:Amur",
    ];
    let places = lines(Kit::new(), text, &given);
    let expected =
        [(51.5, -0.5, "GB"), (60.0, 100.0, "RU"), (38.9, -77.0, "US"), (51.9, 128.3, "RU"), (53.0, 128.0, "RU")];
    assert_eq!(places.len(), expected.len(), "{places:#?}");
    for (line, (lat, lon, country)) in places.iter().zip(expected) {
        let at = degrees(line);
        assert!((at.0 - lat).abs() < 8.0 && (at.1 - lon).abs() < 15.0, "{line}");
        assert_eq!(field(line, "country").as_deref(), Some(country), "{line}");
    }
    assert!(places[4].contains("\"Amur region\""), "{}", places[4]);
}

#[test]
fn a_capital_that_speaks_is_a_government() {
    let places = lines(Kit::new(), "Moscow said talks were held in Moscow.", &["location:Moscow", "location:Moscow"]);
    let literal: Vec<_> = places.iter().map(|l| field(l, "literal").expect("literal")).collect();
    assert_eq!(literal, ["false", "true"]);
}

#[test]
fn counties_in_a_list() {
    let text = "Roads in Clarke, Oconee and Barrow counties were flooded, the state of Georgia said.";
    let places = found(Kit::new(), text, &["location:Georgia"]);
    assert_eq!(
        places,
        [
            "Clarke admin2 US Georgia",
            "Oconee admin2 US Georgia",
            "Barrow admin2 US Georgia",
            "Georgia admin1 US Georgia"
        ]
    );
}

#[test]
fn demonyms_can_be_left_out() {
    let text = "Russian and Ukrainian officials met in Ankara.";
    let given = ["misc:Russian", "misc:Ukrainian", "location:Ankara"];
    assert_eq!(found(Kit::new(), text, &given).len(), 3);
    assert_eq!(found(Kit::new().option("demonyms", "false"), text, &given), ["Ankara city TR Ankara"]);
}

#[test]
fn unknown_places_stand_beside_known_ones() {
    let places = lines(
        Kit::new(),
        "A fire in Oberzwiesel near Innsbruck hurt two.",
        &["location:Oberzwiesel", "location:Innsbruck"],
    );
    assert_eq!(field(&places[0], "approximate").as_deref(), Some("true"));
    assert_eq!(degrees(&places[0]), degrees(&places[1]));
    assert_eq!(field(&places[0], "geonameid"), None);
}

#[test]
fn the_users_own_places_come_first() {
    let path = std::env::temp_dir().join(format!("factbox-places-{}.tsv", std::process::id()));
    std::fs::write(
        &path,
        "# name\taliases\tlevel\tcountry\tlat\tlon\nNorth Depot\tDepot N\tfacility\tNO\t59.5\t10.5\n",
    )
    .expect("a file to write");
    let kit = Kit::new().option("places", path.to_str().expect("a path in UTF-8"));
    let places = found(kit, "Trucks left the North Depot.", &["location:North Depot"]);
    std::fs::write(&path, "North Depot\t-\tfacility\tNO\tfar\t10.5\n").expect("a file to write");
    let problem = Kit::<Geography>::new()
        .option("places", path.to_str().expect("a path in UTF-8"))
        .try_run("Text.")
        .err()
        .expect("no latitude");
    std::fs::remove_file(&path).expect("the file to remove");
    assert_eq!(places, ["North Depot facility NO -"]);
    assert!(problem.contains("line 1") && problem.contains("latitude"), "{problem}");
}

#[test]
fn the_main_country_comes_first_in_focus() {
    let text = "Kenya voted on Tuesday. Polls in Nairobi and Mombasa were calm, Kenya's commission said. Uganda sent observers.";
    let given = ["location:Kenya", "location:Nairobi", "location:Mombasa", "location:Kenya", "location:Uganda"];
    let facts = Kit::<Geography>::new().upstream(mentions(&given)).run(text).to_string();
    let first = facts.lines().find(|l| l.starts_with("focus")).expect("a focus");
    assert_eq!(field(first, "country").as_deref(), Some("KE"));
}

#[test]
fn hostile_texts_do_no_harm() {
    let kit = Kit::<Geography>::new();
    for text in [
        "",
        ",,,,",
        "A",
        "Paris, Paris, Paris, Paris,",
        "\u{202e}Paris\u{0} (Texas",
        "NEW YORK NEW YORK NEW YORK",
        "Saint- Saint- -County",
    ] {
        kit.run(text);
    }
    kit.run(&"San San Antonio Springfield, ".repeat(4000));
    kit.run(&"x".repeat(200_000));
}
