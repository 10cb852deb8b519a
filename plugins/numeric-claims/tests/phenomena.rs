//! One sentence per phenomenon: span, kind, value and unit of what is found, and what must not be.

use factbox_numeric_claims::NumericClaims;
use factbox_sdk::testing::Kit;

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
}

#[test]
fn ranges() {
    has("They want between $62 and $68 per share.", "$62 and $68 per share", &["62", "68", "USD/share"]);
    has("They saw more than 100 and fewer than 200 birds.", "100 and fewer than 200", &["100", "200"]);
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
    ] {
        let _ = facts(&piece.repeat(2000));
    }
}
