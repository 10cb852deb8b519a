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

#[test]
fn datelines_of_four_capitals_are_towns() {
    let text = "Quake kills ten\n\nLIMA, Aug. 8 (Reuters) - A quake struck southern Peru, and people ran from houses in Ayacucho.";
    let places = found(Kit::new(), text, &["location:LIMA", "location:Peru", "location:Ayacucho"]);
    assert_eq!(places[0], "LIMA city PE Lima");
}

#[test]
fn new_york_is_the_city_but_a_state_among_states() {
    let text = "NEW YORK, Oct. 20 - The board of the fund met in New York.";
    let places = found(Kit::new(), text, &["location:NEW YORK", "location:New York"]);
    assert_eq!(places, ["NEW YORK city US New York", "New York city US New York"]);
    let text = "The choir sang in Missouri, New York, North Carolina and Virginia.";
    let given = ["location:Missouri", "location:New York", "location:North Carolina", "location:Virginia"];
    assert_eq!(found(Kit::new(), text, &given)[1], "New York admin1 US New York");
}

#[test]
fn states_in_a_list_hold_no_towns() {
    let text = "Wells were drilled in Colorado, Kansas, Oklahoma, Texas and Wyoming.";
    let given = ["location:Colorado", "location:Kansas", "location:Oklahoma", "location:Texas", "location:Wyoming"];
    let places = found(Kit::new(), text, &given);
    assert!(places.iter().all(|p| p.contains(" admin1 US ")), "{places:#?}");
}

#[test]
fn what_holds_a_place_may_be_said_in_other_words() {
    let text = "A teacher from Athens in the U.S. state of Georgia won. She studied in the Spanish city of Cordoba.";
    let given = ["location:Athens", "location:U.S.", "location:Georgia", "misc:Spanish", "location:Cordoba"];
    let places = found(Kit::new(), text, &given);
    assert!(places.contains(&"Athens city US Georgia".to_owned()), "{places:#?}");
    assert!(places.contains(&"Cordoba city ES Andalucía".to_owned()), "{places:#?}");
}

#[test]
fn an_office_of_a_town_marks_a_local_paper() {
    let text = "Paris council to vote on roads.\n\nThe Paris City Council will meet Tuesday at Paris City Hall, Mayor Ann Ostrander said. \
                A Paris man and two Paris firefighters spoke against the ordinance. The sheriff's deputies of Lamar County closed Highway 19.";
    let given = [
        "location:Paris",
        "organization:Paris City Council",
        "location:Paris City Hall",
        "person:Ann Ostrander",
        "location:Paris",
        "location:Paris",
        "location:Lamar County",
    ];
    let places = found(Kit::new(), text, &given);
    assert_eq!(places[0], "Paris city US Texas", "{places:#?}");
    assert!(places.iter().filter(|p| p.starts_with("Paris")).all(|p| p.contains(" US ")), "{places:#?}");
}

#[test]
fn british_papers_mean_british_counties() {
    let text = "Residents of a Northumberland village learned of the closure from a road sign. 'Nobody told us,' said Ms Telfrey, 68. \
                The county council's £3m repairs will take a fortnight.";
    let places = found(Kit::new(), text, &["location:Northumberland", "person:Telfrey"]);
    assert_eq!(places, ["Northumberland admin2 GB England"]);
}

#[test]
fn counties_of_britain_are_not_towns_of_america() {
    for county in ["Yorkshire", "Cheshire", "Berkshire", "West Yorkshire", "Sussex"] {
        let text = format!("The British firm said it would open a plant in {county} next year.");
        let found = lines(Kit::new(), &text, &[&format!("location:{county}")]);
        let line = found
            .iter()
            .find(|l| l.contains(&format!("\"{county}\"")))
            .unwrap_or_else(|| panic!("{county}: {found:?}"));
        assert_eq!(field(line, "country").as_deref(), Some("GB"), "{line}");
    }
    let found = lines(
        Kit::new(),
        "The disk read 32 GB in a second, and the film was made in Hollywood.",
        &["location:Hollywood"],
    );
    assert!(found.iter().all(|l| field(l, "country").as_deref() == Some("US")), "{found:?}");
    assert!(degrees(found.last().expect("Hollywood")).0 > 30.0, "{found:?}");
}

#[test]
fn first_names_are_no_countries() {
    let text = "Georgia Ostrander, 12, skates for the club. Georgia began at four. \"I like it,\" said Georgia.";
    let given = ["person:Georgia Ostrander", "location:Georgia", "location:Georgia"];
    assert_eq!(found(Kit::new(), text, &given), Vec::<String>::new());
}

#[test]
fn a_small_town_is_not_where_its_state_is_not() {
    // The gazetteer knows an Orient in New York and one in Iowa, but none in Ohio.
    let places = lines(Kit::new(), "He is held in Orient, Ohio.", &["location:Orient", "location:Ohio"]);
    assert_eq!(field(&places[0], "approximate").as_deref(), Some("true"), "{places:#?}");
    assert_eq!(field(&places[0], "admin1").as_deref(), Some("Ohio"), "{places:#?}");
}

#[test]
fn later_mentions_have_the_same_candidates() {
    let places = lines(Kit::new(), "Peru voted. Results from Peru came late.", &["location:Peru", "location:Peru"]);
    let candidates = |line: &str| line.split("candidates=").nth(1).map(str::to_owned);
    assert!(places.len() == 2 && candidates(&places[0]).is_some(), "{places:#?}");
    assert_eq!(candidates(&places[0]), candidates(&places[1]));
}

#[test]
fn streets_have_a_country_but_no_point() {
    let given = ["location:Springfield", "location:Illinois"];
    let places = lines(Kit::new(), "A car burned on Harmon Street in Springfield, Illinois.", &given);
    assert_eq!((field(&places[0], "country").as_deref(), field(&places[0], "lat")), (Some("US"), None), "{places:#?}");
}
