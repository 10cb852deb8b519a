//! Where sentences end, and where a point ends none.

use factbox_text::Analyzer;

fn sentences(text: &str) -> Vec<String> {
    Analyzer::default().analyze(text, &[]).sentences.iter().map(|s| s.of(text).to_owned()).collect()
}

#[test]
fn abbreviations_and_initials_end_none() {
    assert_eq!(
        sentences("Mr. Hale met J. R. Moss on Monday. They talked."),
        ["Mr. Hale met J. R. Moss on Monday.", "They talked."]
    );
    assert_eq!(sentences("The U.S. Senate met. It voted."), ["The U.S. Senate met.", "It voted."]);
    assert_eq!(
        sentences("Shares of Orlo Inc. fell 3.5 percent on Friday."),
        ["Shares of Orlo Inc. fell 3.5 percent on Friday."]
    );
}

#[test]
fn closing_marks_belong_to_the_sentence() {
    assert_eq!(
        sentences("\u{201c}We will stay.\u{201d} The mayor left early."),
        ["\u{201c}We will stay.\u{201d}", "The mayor left early."]
    );
    assert_eq!(sentences("\"Will it hold?\" she asked on Tuesday."), ["\"Will it hold?\" she asked on Tuesday."]);
}

#[test]
fn dots_that_trail_off_end_none() {
    assert_eq!(sentences("It was ... a long night for the town."), ["It was ... a long night for the town."]);
}

#[test]
fn lines_of_a_list_are_apart() {
    assert_eq!(sentences("The plan is this.\n\n- More trees\n\n- Fewer cars").len(), 3);
}
