//! One sentence per phenomenon: span, kind, value and unit of what is found, and what must not be.

use factbox_numeric_claims::NumericClaims;
use factbox_sdk::testing::{Kit, Upstream};

fn facts(text: &str) -> String {
    Kit::<NumericClaims>::new().run(text).to_string()
}

fn has(text: &str, span: &str, fields: &[&str]) {
    let facts = facts(text);
    let line = facts.lines().find(|l| l.contains(&format!("\"{span}\"")));
    let line = line.unwrap_or_else(|| panic!("{text}: no claim {span:?} in\n{facts}"));
    for field in fields {
        assert!(line.contains(field), "{text}: {field} is not in\n{line}");
    }
}

#[test]
fn amounts() {
    has("Olvania paid P500,000 each.", "P500,000", &["500000", "PHP"]);
    has("It costs USD115 now.", "USD115", &["115", "USD"]);
    has("The firm lost $1.2bn in May.", "$1.2bn", &["1200000000", "USD"]);
    has("He is 7 feet 10 inches tall.", "7 feet 10 inches", &["94", "[in_i]"]);
    has("It took 2 years and 3 months to end.", "2 years and 3 months", &["27", "mo"]);
    has("The shop lies half a mile off.", "half a mile", &["0.5", "[mi_i]"]);
    has("Output fell to minus 4 degrees Celsius.", "minus 4 degrees Celsius", &["-4", "Cel"]);
    has("Rates are 6-1/2 percent now.", "6-1/2 percent", &["6.5", "%"]);
    has("Some fifty - two people came.", "fifty - two", &["52", "people"]);
    has("They own five - eighths of the land.", "five - eighths", &["0.625"]);
    has("They came in twos - three in all.", "three", &["\"3\""]);
    has("It took an hour and 45 minutes.", "an hour and 45 minutes", &["105", "min"]);
    has("They were shut for a year and a half.", "a year and a half", &["1.5", "unit=\"a\""]);
    has("They ran a mile and a half.", "a mile and a half", &["1.5", "[mi_i]"]);
    has("They rose by a quarter of a percentage point.", "a quarter of a percentage point", &["0.25", "%pt"]);
    has("They sold a fifth of a firm.", "a fifth", &["0.2", "unit=\"1\""]);
    has("They waited for another week.", "another week", &["\"1\"", "wk"]);
    has("The firm sold about 63000 Model 3 cars.", "63000", &["about"]);
}

#[test]
fn ranges() {
    has("They want between $62 and $68 per share.", "$62 and $68 per share", &["62", "68", "USD/share"]);
    has("They saw more than 100 and fewer than 200 birds.", "100 and fewer than 200", &["100", "200"]);
    has("She ranks higher than the tenth but lower than the 15th.", "tenth but lower than the 15th", &["10", "15"]);
}

#[test]
fn the_scale_of_a_range_is_meant_for_both_ends() {
    has("They want 30 to 35 million dollars.", "30 to 35 million dollars", &["low=\"30000000\"", "high=\"35000000\""]);
    has("They want 60.7 to 69.0 mln.", "60.7 to 69.0 mln", &["low=\"60700000\""]);
    has("They want $10-15bn now.", "$10-15bn", &["low=\"10000000000\""]);
    has("It has two to three hundred thousand members.", "two to three hundred thousand", &["low=\"200000\""]);
    has("It has 500,000 to 1 million members.", "500,000 to 1 million", &["low=\"500000\"", "high=\"1000000\""]);
    has("It has 2 to 3 lakh members.", "2 to 3 lakh", &["low=\"200000\""]);
}

#[test]
fn conversions_are_told_of_the_amount_that_they_repeat() {
    let facts = facts("He approved 160m euros ($208m; £111m) in bonuses.");
    assert_eq!(
        facts.matches("equivalent_of=claims:0").count() + facts.matches("equivalent_of=n1").count(),
        2,
        "{facts}"
    );
}

#[test]
fn changes_are_not_ranges() {
    has("The index fell 0.4 percent to 13,176 on Monday.", "0.4 percent", &["0.4", "%"]);
    has("The gap grew by $43 billion to $419 billion.", "$419 billion", &["419000000000"]);
}

#[test]
fn dates() {
    has("It met on 30/04/2018 and 02/05/2018.", "02/05/2018", &["2018-05-02"]);
    has("It sold shares on Feb 17 and 19.", "19", &["--02-19"]);
    has("It begins in the second half of 2018.", "second half of 2018", &["2018-H2"]);
    has("It ended on 14 September 2023", "14 September 2023", &["2023-09-14"]);
    has("It shut on Good Friday, 2015.", "Good Friday, 2015", &["\"2015-04-03\""]);
    has(
        "It sold out on New Year\u{2019}s Eve 2019 at 6 pm.",
        "New Year\u{2019}s Eve 2019 at 6 pm",
        &["2019-12-31T18:00"],
    );
    has("It shut in May 2015.", "May 2015", &["\"2015-05\""]);
}

#[test]
fn what_is_counted() {
    for (text, span, head) in [
        ("It has 111 women's clothing stores.", "111", "stores"),
        ("They own five of the world's largest mines.", "five", "mines"),
        ("It pumps 8% of Olvania's total oil output, a firm said.", "8%", "output"),
        ("About 13,000 US troops are there.", "13,000", "troops"),
        ("Two United States service members fell.", "Two", "members"),
        ("It lost four parliamentary by-elections.", "four", "elections"),
        ("The 180 page book comes with a map.", "180", "book"),
        ("It was one company's stock problem.", "one", "company"),
        ("The two bankers' plan is to wait.", "two", "bankers"),
        ("They met four All Golds and their coach.", "four", "Golds"),
        ("A 60 strong team looked into it.", "60", "team"),
        ("One reader wrote that it was late.", "One", "reader"),
        ("They sold 15% of the collection held there.", "15%", "collection"),
    ] {
        has(text, span, &[&format!("counted.head=\"{head}\"")]);
    }
}

#[test]
fn up_to_is_a_bound_and_no_rise() {
    let facts = facts("It pays up to £350m a year. The fare rose up to £5.");
    let line = facts.lines().next().unwrap_or_default();
    assert!(line.contains("modifier=\"at_most\"") && !line.contains("change="), "{facts}");
    has("The fare is up 5 percent.", "5 percent", &["change=\"up\""]);
}

#[test]
fn units_in_their_context() {
    has("It was minus 20C there.", "minus 20C", &["value=\"-20\"", "unit=\"Cel\""]);
    has("Temperatures reached 31C there.", "31C", &["value=\"31\"", "unit=\"Cel\""]);
    assert_eq!(facts("He sat in 14C and filed form 13F.").trim(), "");
    has("She won the 400m hurdles.", "400m", &["unit=\"m\"", "value=\"400\""]);
    has("The link runs at 512kbps now.", "512kbps", &["unit=\"kbit/s\"", "si.value=\"512000\""]);
    has("He lost 75 pounds in May.", "75 pounds", &["unit=\"[lb_av]\""]);
    has("He spent 75 pounds in May.", "75 pounds", &["unit=\"GBP\""]);
    has("Sales were 151.6 mln\n    Year\n    Net was 3 mln.", "151.6 mln", &["unit=\"1\""]);
}

#[test]
fn what_happened() {
    assert!(
        !facts("They shut down 700 websites and arrested 22 people.")
            .lines()
            .any(|l| l.contains("\"700\"") && l.contains("property"))
    );
    has("They shut down 700 websites and arrested 22 people.", "22", &["property=\"arrested\""]);
    let facts = facts("It heard 8,177 cases of fraud. 20,000 workers lost their homes.");
    assert!(!facts.contains("property=") && !facts.contains("change="), "{facts}");
    has("The outbreak led to 300 cases.", "300", &["property=\"infected\""]);
    has("It won by an eight to one majority.", "eight", &["value=\"8\""]);
}

#[test]
fn ages_and_decades() {
    has("After turning 65, she sang.", "65", &["kind=duration", "unit=\"a\""]);
    has("It is odd after turning 30 or 40 to sing.", "40", &["kind=duration"]);
    has("They want to reach it by around 2050.", "2050", &["kind=date", "modifier=\"about\""]);
    has("The levels in 2030 of some gases matter.", "2030", &["kind=date"]);
    has("I left when I was 17 and never came back.", "17", &["kind=duration"]);
    has("The band was big in the 90s and later.", "90s", &["low=\"1990\"", "high=\"1999\""]);
    assert_eq!(facts("Temperatures were in the 90s on the coast.").trim(), "");
    has("It is shut until at least 2031.", "2031", &["kind=date", "value=\"2031\""]);
}

#[test]
fn deeds_are_no_speech() {
    let source = |text: &str, speech: &str, cue: &str| {
        let quotes = Upstream::new("quotes").add(speech, "indirect").span("speaker", "Olvair").span("cue", cue);
        Kit::<NumericClaims>::new().upstream(quotes).run(text).to_string()
    };
    let said = source("Olvair said it had 900 pilots.", "it had 900 pilots", "said");
    assert!(said.contains("source=0..6 \"Olvair\""), "{said}");
    let done = source("Olvair sacked 900 pilots.", "900 pilots", "sacked");
    assert!(done.contains("900") && !done.contains("source"), "{done}");
}

#[test]
fn references_and_markers_are_no_claims() {
    assert_eq!(facts("The spell[2] was taught in class.[3][14] It was hard.").trim(), "");
    assert_eq!(facts("A Number 10 spokeswoman would not say.").trim(), "");
    assert!(!facts("Pictures are made up of 625 lines.").contains("change"));
    for text in [
        "See doi:10.1016/j.vac.",
        "- 1. Alba K, Berg L. Olvan J Med.\n- 2. Cole M.",
        "Call +49 (0)40 890 85-433 now.",
        "She has type 2 diabetes.",
        "Soup\n1\nCut the leeks.\n2\nAdd salt.\n",
        "Ann Berg, 714 Harbour Hall, Olvan.",
        "Olvan Bay 18 22 13 17",
        "Of older games, Zoom 3 and Far-Life 2 did well.",
    ] {
        assert_eq!(facts(text).trim(), "", "{text}");
    }
}

#[test]
fn no_claims() {
    for text in
        ["Police posts on Highway 403 closed.", "He flew an F-16 home.", "Call 905-453-2121 now.", "No one came."]
    {
        assert_eq!(facts(text).trim(), "", "{text}");
    }
}

#[test]
fn hostile_texts_end() {
    for piece in [
        "1,",
        "1, ",
        "one ",
        "million and two ",
        "5 feet ",
        "1-",
        "£",
        "more than 5 and ",
        "½",
        "minus ",
        "Rs.",
        "٣",
        "e9 1e9",
        "9^9^",
        "1 and 2 June ",
        "1, 2, ",
        "+1 (0) ",
        "2 women's ",
        "5 per 6 ",
        "3 for every ",
        "more than 5 and less than 9 birds. ",
        "2010-",
        "at five-",
        "123456789012345678901234567890 million ",
    ] {
        let _ = facts(&piece.repeat(2000));
    }
}

#[test]
fn hours_and_minutes_in_words() {
    has("They will be back at five-thirty tomorrow evening.", "five-thirty", &["T17:30"]);
    has("They met at ten-fifteen in the evening.", "ten-fifteen in the evening", &["T22:15"]);
    has("The bus leaves at seven-thirty.", "seven-thirty", &["T07:30"]);
}
