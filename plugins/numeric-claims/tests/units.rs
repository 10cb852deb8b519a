//! The user's own units, rates, and numbers longer than a decimal.

use factbox_numeric_claims::NumericClaims;
use factbox_sdk::testing::Kit;

fn line(kit: &Kit<NumericClaims>, text: &str, span: &str) -> String {
    let facts = kit.run(text).to_string();
    let line = facts.lines().find(|l| l.contains(&format!("\"{span}\"")));
    line.unwrap_or_else(|| panic!("{text}: no claim {span:?} in\n{facts}")).to_owned()
}

fn has(text: &str, span: &str, fields: &[&str]) {
    let line = line(&Kit::<NumericClaims>::new(), text, span);
    for field in fields {
        assert!(line.contains(field), "{text}: {field} is not in\n{line}");
    }
}

/// A file of units for one test, gone afterwards.
fn with_units<T>(name: &str, content: &str, test: impl FnOnce(Kit<NumericClaims>) -> T) -> T {
    let path = std::env::temp_dir().join(format!("factbox-units-{}-{name}.tsv", std::process::id()));
    std::fs::write(&path, content).expect("a temporary file");
    let result = test(Kit::<NumericClaims>::new().option("units", path.to_str().expect("a path in UTF-8")));
    std::fs::remove_file(&path).expect("the file is there");
    result
}

#[test]
fn own_units_go_before_the_shipped_ones() {
    let mine = "# symbol\tforms\tfactor\tSI unit\tkind\n\
                [wag]\twagon load|wagon loads|=wl\t12000\tkg\tquantity\n\
                [mile_x]\tmile|miles\t1000\tm\n\
                [shift]\tshift|shifts\t28800\ts\tduration\n";
    with_units("own", mine, |kit| {
        for (text, span, fields) in [
            (
                "They moved 40 wagon loads of coal.",
                "40 wagon loads",
                ["unit=\"[wag]\"", "si.value=\"480000\"", "kind=quantity"],
            ),
            ("They moved 40wl of coal.", "40wl", ["unit=\"[wag]\"", "si.unit=\"kg\"", "value=\"40\""]),
            ("It lies 3 miles off.", "3 miles", ["unit=\"[mile_x]\"", "si.value=\"3000\"", "si.unit=\"m\""]),
            ("It lies half a mile off.", "half a mile", ["unit=\"[mile_x]\"", "si.value=\"500\"", "value=\"0.5\""]),
            ("It took two shifts.", "two shifts", ["unit=\"[shift]\"", "kind=duration", "si.value=\"57600\""]),
            (
                "They earn $90 per shift.",
                "$90 per shift",
                ["unit=\"USD/[shift]\"", "rate.per_unit=\"[shift]\"", "kind=money"],
            ),
        ] {
            let line = line(&kit, text, span);
            for field in fields {
                assert!(line.contains(field), "{text}: {field} is not in\n{line}");
            }
        }
    });
    has("It lies 3 miles off.", "3 miles", &["unit=\"[mi_i]\""]);
}

#[test]
fn a_file_of_units_that_cannot_be_used_stops_the_set_up() {
    let refused = with_units("wrong", "[wag]\twagon load\tmany\tkg\n", |kit| kit.try_run("x").err());
    let refused = refused.expect("an error");
    assert!(refused.contains("-wrong.tsv:1: `many` is no factor: write a decimal"), "{refused}");
    let missing = Kit::<NumericClaims>::new().option("units", "/nowhere/units.tsv").try_run("x").err();
    let missing = missing.expect("an error");
    assert!(missing.contains("/nowhere/units.tsv") && missing.contains("give the path of a TSV file"), "{missing}");
}

#[test]
fn rates() {
    has(
        "The levy is $25 per tonne now.",
        "$25 per tonne",
        &["unit=\"USD/t\"", "rate.per=\"1\"", "rate.per_unit=\"t\""],
    );
    has("They work 10 months a year.", "10 months a year", &["unit=\"mo/a\"", "rate.per_unit=\"a\""]);
    has(
        "The rate rose to 12 per 100,000 people in Olvania.",
        "12 per 100,000 people",
        &["value=\"12\"", "unit=\"1/100000\"", "rate.per=\"100000\"", "rate.per_unit=\"people\""],
    );
    has("The car burns 6 litres per 100 km.", "6 litres per 100 km", &["unit=\"L/(100.km)\"", "rate.per=\"100\""]);
    let facts = Kit::<NumericClaims>::new().run("There were 12 murders per 100,000 people.").to_string();
    assert_eq!(facts.lines().count(), 1, "{facts}");
    has(
        "There were 12 murders per 100,000 people.",
        "12",
        &["counted.head=\"murders\"", "rate.per=\"100000\"", "rate.per_unit=\"people\"", "unit=\"1\""],
    );
    has("They see 300 cases a day.", "300", &["counted.head=\"cases\"", "rate.per=\"1\"", "rate.per_unit=\"d\""]);
    has("There were nine boys for every 10 girls.", "nine", &["rate.per=\"10\"", "rate.per_unit=\"girls\""]);
    // A time that tells when is no rate.
    let line = line(&Kit::<NumericClaims>::new(), "It hired 300 people a year earlier.", "300");
    assert!(!line.contains("rate."), "{line}");
}

#[test]
fn ranges_have_both_ends_in_si() {
    has("Drifts were 10 to 15 cm deep.", "10 to 15 cm", &["si.low=\"0.1\"", "si.high=\"0.15\"", "si.unit=\"m\""]);
    has(
        "Drifts were more than 10 cm and less than 15 cm deep.",
        "10 cm and less than 15 cm",
        &["low=\"10\"", "si.low=\"0.1\"", "si.high=\"0.15\""],
    );
}

#[test]
fn numbers_longer_than_a_decimal_are_exact() {
    has(
        "He wrote $1,000,000,000,000,000,000,000,000,000,000,001 on it.",
        "$1,000,000,000,000,000,000,000,000,000,000,001",
        &["value=\"1000000000000000000000000000000001\"", "unit=\"USD\""],
    );
    has(
        "Pi is about 3.14159265358979323846264338327950288 or so.",
        "3.14159265358979323846264338327950288",
        &["value=\"3.14159265358979323846264338327950288\"", "modifier=\"about\""],
    );
    has(
        "It is 1.00000000000000000000000000000000005 million km.",
        "1.00000000000000000000000000000000005 million km",
        &["value=\"1000000.00000000000000000000000000005\"", "unit=\"km\""],
    );
    // Groups that are not full make no number.
    let facts = Kit::<NumericClaims>::new().run("Codes 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15 failed.").to_string();
    assert!(!facts.contains("123456"), "{facts}");
}
