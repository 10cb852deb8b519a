//! For the tests of this crate: runs the plugin on one sentence.

use crate::NumericClaims;
use factbox_sdk::testing::Kit;

/// Span, kind and value of each claim.
pub fn claims(text: &str) -> Vec<(String, String, String)> {
    let facts = Kit::<NumericClaims>::new().run(text).to_string();
    facts
        .lines()
        .map(|line| {
            let span = line.split('"').nth(1).unwrap_or("").to_owned();
            let field = |name: &str| {
                line.split(&format!(" {name}="))
                    .nth(1)
                    .map(|r| r.split(' ').next().unwrap_or("").trim_matches('"').to_owned())
                    .unwrap_or_default()
            };
            (span, field("kind"), field("value"))
        })
        .collect()
}

/// Values of the claims that are no dates.
pub fn numbers(text: &str) -> Vec<String> {
    claims(text).into_iter().filter(|c| c.1 != "date").map(|c| c.2).collect()
}
