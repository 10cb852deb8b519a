//! Whole short articles, invented, through the plugin and the checks of the host.

use factbox_entities::Entities;
use factbox_sdk::testing::Kit;

fn facts(text: &str) -> String {
    Kit::<Entities>::new().run(text).to_string()
}

#[test]
fn prints() {
    println!("{}", facts("OSLO, March 3 (Reuters) - Norwegian Finance Minister Kari Solheim said on Monday that the World Health Organization (WHO) would open an office in Bergen.\n\nSolheim, a former chief executive of Telenor, met German Chancellor Anna Weber in Berlin. \"Norway needs this,\" Solheim said. The WHO declined to comment.\n"));
}
