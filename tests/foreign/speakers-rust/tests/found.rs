//! What the plugin makes of layers given by hand.

use factbox_sdk::testing::{Kit, Upstream};
use factbox_speakers::Speakers;

const TEXT: &str = "\"We lost 12 boats,\" said Maria Costa. \"And 300 nets.\" Paul Reed counted 40 nets. Elder Bank said nothing, Ann Lee was there.";

fn kit() -> Kit<Speakers> {
    let entities = Upstream::new("entities")
        .add("Maria Costa", "person")
        .string("name", "Maria Costa")
        .add("Paul Reed", "person")
        .string("name", "Paul Reed")
        .add("Elder Bank", "organization")
        .add("Ann Lee", "person");
    let quotes = Upstream::new("quotes")
        .add("We lost 12 boats,", "direct")
        .string("group", "g1")
        .reference("speaker.entity", "entities", 0)
        .add("And 300 nets.", "direct")
        .string("group", "g1")
        .reference("speaker.entity", "entities", 0)
        .add("nothing", "indirect")
        .string("group", "g2")
        .reference("speaker.entity", "entities", 2);
    let claims = Upstream::new("claims")
        .add("12", "count")
        .reference("quote", "quotes", 0)
        .add("300", "count")
        .reference("source.entity", "entities", 0)
        .reference("quote", "quotes", 1)
        .add("40", "count")
        .reference("source.entity", "entities", 1)
        .add("40", "count")
        .reference("source.entity", "entities", 1)
        .reference("equivalent_of", "claims", 2);
    Kit::new().upstream(entities).upstream(quotes).upstream(claims)
}

#[test]
fn each_person_is_summed_up() {
    kit().run(TEXT).snapshot("tests/found.txt");
}

#[test]
fn who_is_not_quoted_can_be_left_out() {
    assert_eq!(kit().option("min-quotes", "1").run(TEXT).texts("speakers"), ["Maria Costa"]);
}
