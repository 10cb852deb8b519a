//! Whole short articles, invented, through the plugin and the checks of the host. Each case shows one behaviour; what is compared is who is
//! named and how: type, name, country, role, affiliation, and the mentions in the order of the text.

use factbox_entities::Entities;
use factbox_sdk::testing::Kit;
use std::collections::HashMap;

/// One line for each entity: `type name COUNTRY (role, affiliation): mention | mention`.
fn who(kit: &Kit<Entities>, text: &str) -> Vec<String> {
    let facts = kit.run(text).to_string();
    let quoted = |line: &str, key: &str| -> Vec<String> {
        let mut found = Vec::new();
        let mut rest = line;
        while let Some(at) = rest.find(key) {
            rest = &rest[at + key.len()..];
            let Some(open) = rest.find('"') else { break };
            let Some(close) = rest[open + 1..].find('"') else { break };
            found.push(rest[open + 1..open + 1 + close].to_owned());
        }
        found
    };
    let words = |line: &str, key: &str| -> Vec<String> {
        line.split_whitespace().filter_map(|w| w.strip_prefix(key)).map(str::to_owned).collect()
    };
    let mut mentions = HashMap::new();
    let mut names = HashMap::new();
    for line in facts.lines() {
        let id = line.split_whitespace().nth(1).expect("an id").to_owned();
        if line.starts_with("mentions") {
            mentions.insert(id, quoted(line, "..")[0].clone());
        } else {
            names.insert(id, quoted(line, " name=")[0].clone());
        }
    }
    let entities = facts.lines().filter(|l| l.starts_with("entities"));
    entities
        .map(|line| {
            let mut out = format!("{} {}", words(line, "type=")[0], quoted(line, " name=")[0]);
            out.extend(quoted(line, " country=").first().map(|c| format!(" {c}")));
            if let Some(role) = quoted(line, " role=").first() {
                out += &format!(" ({role}");
                out.extend(words(line, "affiliation=").first().map(|a| format!(", {}", names[a])));
                out += ")";
            }
            let texts: Vec<&str> = words(line, "mentions[]=").iter().map(|m| mentions[m].as_str()).collect();
            out + ": " + &texts.join(" | ")
        })
        .collect()
}

fn plain(text: &str) -> Vec<String> {
    who(&Kit::new(), text)
}

#[test]
fn a_report_with_a_dateline_roles_and_an_acronym() {
    let found = plain(
        "OSLO, March 3 (Reuters) - Norwegian Finance Minister Kari Solheim said on Monday that the World Health Organization (WHO) would open \
         an office in Bergen.\n\nSolheim, a former chief executive of Telenor, met German Chancellor Anna Weber in Berlin. \"Norway needs \
         this,\" Solheim said. The WHO declined to comment.\n",
    );
    assert_eq!(
        found,
        [
            "location Oslo: OSLO",
            "organization Reuters: Reuters",
            "misc Norway NO: Norwegian",
            "person Kari Solheim (Finance Minister, Norway): Kari Solheim | Solheim | Solheim",
            "organization World Health Organization: World Health Organization | WHO | WHO",
            "location Bergen: Bergen",
            "organization Telenor: Telenor",
            "misc Germany DE: German",
            "person Anna Weber (Chancellor, Germany): Anna Weber",
            "location Berlin: Berlin",
            "location Norway NO: Norway",
        ]
    );
}

#[test]
fn two_people_of_one_family_name_stay_two() {
    let found = plain(
        "Mayor Robert Hartley and his wife Susan Hartley were both at the meeting in Leeds on Friday. Susan Hartley said the family would \
         move. Hartley added that the house was sold. Robert Hartley left early.\n",
    );
    assert_eq!(
        found,
        [
            "person Robert Hartley (Mayor): Robert Hartley | Robert Hartley",
            "person Susan Hartley: Susan Hartley | Susan Hartley | Hartley",
            "location Leeds: Leeds",
        ]
    );
}

#[test]
fn a_country_under_all_its_names() {
    let found = plain(
        "The United States will send two envoys to Japan next week, officials said on Tuesday. The U.S. has not sent any since May, and \
         Japanese diplomats have asked the US for months. Tokyo welcomed the visit by the Americans.\n",
    );
    assert_eq!(
        found,
        [
            "location United States US: United States | U.S. | US",
            "location Japan JP: Japan",
            "misc Japan JP: Japanese",
            "location Tokyo: Tokyo",
            "misc United States US: Americans",
        ]
    );
}

#[test]
fn a_definition_joins_names_that_share_no_word() {
    let found = plain(
        "Envoys from Eswatini arrived in Pretoria on Monday. Eswatini, formerly Swaziland, borders South Africa. Officials in Swaziland \
         declined to comment.\n",
    );
    assert_eq!(
        found,
        [
            "location Eswatini SZ: Eswatini | Eswatini | Swaziland | Swaziland",
            "location Pretoria: Pretoria",
            "location South Africa ZA: South Africa",
        ]
    );
}

#[test]
fn roles_after_the_name_and_a_body_s_short_name() {
    let found = plain(
        "Shares of Halvorsen Shipping fell 4 percent on Thursday. Maria Lindqvist, the company's finance director, resigned last week, and \
         Peter Okafor, chairman of Halvorsen Shipping, said a successor would be named soon. Halvorsen employs 2,000 people in Gothenburg.\n",
    );
    assert_eq!(
        found,
        [
            "organization Halvorsen Shipping: Halvorsen Shipping | Halvorsen Shipping | Halvorsen",
            "person Maria Lindqvist (finance director): Maria Lindqvist",
            "person Peter Okafor (chairman, Halvorsen Shipping): Peter Okafor",
            "location Gothenburg: Gothenburg",
        ]
    );
}

#[test]
fn a_surname_that_is_a_town_stays_a_person() {
    let text = "Sprinter Agnes Samaria, 24, won the 800 metres in Gorhaven on Sunday. Yes, Samaria let the pack get away, and beating Samaria is a \
                bit of a benchmark, her coach Marta Leipzig said. Leipzig has trained her for years in Leipzig.";
    let found = plain(text);
    let of = |name: &str| found.iter().find(|l| l.contains(name)).map(String::as_str);
    assert_eq!(of("Samaria"), Some("person Agnes Samaria (Sprinter): Agnes Samaria | Samaria | Samaria"));
    assert_eq!(of("Marta"), Some("person Marta Leipzig (coach): Marta Leipzig | Leipzig"));
    assert_eq!(of("location Leipzig"), Some("location Leipzig: Leipzig"));
}

#[test]
fn a_headline_in_capitals() {
    let found = plain(
        "KENYA SIGNS GRAIN DEAL WITH UKRAINE\n\nNAIROBI (Reuters) - Kenya signed a grain deal with Ukraine on Wednesday, Trade Minister \
         Moses Wanjala said.\n",
    );
    assert_eq!(
        found,
        [
            "location Kenya KE: KENYA | Kenya",
            "location Ukraine UA: UKRAINE | Ukraine",
            "location Nairobi: NAIROBI",
            "organization Reuters: Reuters",
            "person Moses Wanjala (Trade Minister): Moses Wanjala",
        ]
    );
}

#[test]
fn the_user_s_dictionary_has_the_last_word() {
    let path = std::env::temp_dir().join(format!("factbox-entities-{}.csv", std::process::id()));
    std::fs::write(
        &path,
        "surface,type,canonical,options\nBlue Lantern,organization,Blue Lantern Trust,\nLantern,none,,case\n",
    )
    .expect("a temporary file");
    let kit = Kit::<Entities>::new().option("dictionary", path.to_str().expect("a path in UTF-8"));
    let found = who(&kit, "Volunteers of Blue Lantern met in Cardiff on Sunday. The Lantern has 40 members.\n");
    let wrong = std::env::temp_dir().join(format!("factbox-entities-{}-wrong.csv", std::process::id()));
    std::fs::write(&wrong, "Blue Lantern,club\n").expect("a temporary file");
    let refused =
        Kit::<Entities>::new().option("dictionary", wrong.to_str().expect("a path in UTF-8")).try_run("x").err();
    std::fs::remove_file(&path).expect("the file is there");
    std::fs::remove_file(&wrong).expect("the file is there");
    assert_eq!(found, ["organization Blue Lantern Trust: Blue Lantern", "location Cardiff: Cardiff"]);
    let refused = refused.expect("an error");
    assert!(
        refused.ends_with("-wrong.csv:1: `club` is no type: write person, organization, location, misc or none"),
        "{refused}"
    );
}

#[test]
fn hostile_texts_do_no_harm() {
    let kit = Kit::<Entities>::new();
    // The kit refuses what the host would refuse: spans out of order or out of the text, references to nothing.
    let found = |text: String| {
        let facts = kit.run(&text);
        (facts.texts("mentions").len(), facts.texts("entities").len())
    };
    for text in ["\"".repeat(50_000), "\n".repeat(50_000), String::new()] {
        assert_eq!(found(text), (0, 0));
    }
    // A stretch without end is cut now and then, through a name too.
    let (mentions, entities) = found("Ann Smith, ".repeat(20_000));
    assert!(
        (20_000..20_200).contains(&mentions) && (1..=2).contains(&entities),
        "{entities} entities, {mentions} mentions"
    );
    for text in [
        "A ".repeat(50_000),
        "AB (AB) ".repeat(20_000),
        "U.S. Treasury ".repeat(20_000),
        "XYZ".repeat(50_000),
        "Kim-".repeat(30_000),
        "é’s \u{feff}\u{200b}李 ".repeat(10_000),
    ] {
        let most = text.len() / 2;
        let (mentions, entities) = found(text);
        assert!(entities <= mentions && mentions <= most, "{entities} entities, {mentions} mentions, at most {most}");
    }
}
