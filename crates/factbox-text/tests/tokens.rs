//! What is one token: contractions, hyphens, money, numbers, abbreviations and quotation marks as newsrooms write them.

use factbox_text::{Analyzer, Class};

fn tokens(text: &str) -> Vec<String> {
    Analyzer::default().analyze(text, &[]).tokens.iter().map(|t| t.span.of(text).to_owned()).collect()
}

fn class(text: &str, token: &str) -> Class {
    let mut analyzer = Analyzer::default();
    let a = analyzer.analyze(text, &[]);
    a.tokens
        .iter()
        .find(|t| t.span.of(text) == token)
        .unwrap_or_else(|| panic!("no token {token} in {text}"))
        .shape
        .class()
}

#[test]
fn contractions_are_cut() {
    assert_eq!(tokens("They don't know Ann's plan."), ["They", "do", "n't", "know", "Ann", "'s", "plan", "."]);
    assert_eq!(tokens("We\u{2019}ll see"), ["We", "\u{2019}ll", "see"]);
    assert_eq!(tokens("Mr. O'Neill agreed"), ["Mr.", "O'Neill", "agreed"]);
}

#[test]
fn hyphens_stand_alone() {
    assert_eq!(tokens("a well-known B-52"), ["a", "well", "-", "known", "B", "-", "52"]);
}

#[test]
fn numbers_keep_their_separators() {
    assert_eq!(
        tokens("It sold 1,200.50 tonnes, 30 more."),
        ["It", "sold", "1,200.50", "tonnes", ",", "30", "more", "."]
    );
    assert_eq!(class("It sold 1,200.50 tonnes", "1,200.50"), Class::Number);
    assert_eq!(class("The G20 met", "G20"), Class::Mixed);
    assert_eq!(tokens("\u{a3}5 rose 4%"), ["\u{a3}", "5", "rose", "4", "%"]);
}

#[test]
fn money_is_cut_from_its_sign() {
    let cut = tokens("It cost $1.2bn");
    assert_eq!(cut[..3], ["It", "cost", "$"]);
    assert_eq!(cut[3..].concat(), "1.2bn");
    assert_eq!(class("It cost $5", "$"), Class::Symbol);
}

#[test]
fn marks_open_and_close() {
    for (open, close) in
        [("\"", "\""), ("\u{201c}", "\u{201d}"), ("\u{2018}", "\u{2019}"), ("\u{ab}", "\u{bb}"), ("''", "''")]
    {
        let text = format!("She said {open}yes{close} twice");
        let mut analyzer = Analyzer::default();
        let classes: Vec<Class> = analyzer.analyze(&text, &[]).tokens.iter().map(|t| t.shape.class()).collect();
        assert_eq!(
            classes,
            [Class::Word, Class::Word, Class::OpenQuote, Class::Word, Class::CloseQuote, Class::Word],
            "{text}"
        );
    }
}

#[test]
fn lower_case_forms_fold_apostrophes() {
    let text = "DON\u{2019}T \u{c9}mile";
    let mut analyzer = Analyzer::default();
    let a = analyzer.analyze(text, &[]);
    let lower: Vec<&str> = a.tokens.iter().map(|t| t.lower.of(&a.lower)).collect();
    assert_eq!(lower, ["do", "n't", "\u{e9}mile"]);
}
