//! The zones of news articles of many shapes.

use factbox_text::{Analyzer, ZoneKind};

fn zones(text: &str) -> Vec<(ZoneKind, String)> {
    Analyzer::default().analyze(text, &[]).zones.iter().map(|z| (z.kind, z.span.of(text).to_owned())).collect()
}

fn place(text: &str) -> Option<String> {
    Analyzer::default().analyze(text, &[]).dateline().map(|s| s.of(text).to_owned())
}

#[test]
fn an_agency_article_with_everything_around_it() {
    let headline = "Norland\u{2019}s Brandt: \u{2018}No retreat\u{2019} from \u{2018}any promise\u{2019} to Estovia";
    let caption = "Olaf Tamm (L) is welcomed by Iris Brandt (R) on the quay of Velm on Tuesday/Photo: AFP";
    let body = "The presidents of Norland and Estovia opened a ferry line on Wednesday, three years after a trade dispute closed the strait.";
    let more = "\u{201c}Our boats will carry fish and freight again,\u{201d} Brandt said on the quay.";
    let text = format!("{headline}\n\n\nMay 4, 2022\n\n\n{headline}\n\n{caption}\n\nVELM: {body}\n\n{more}\n");
    let found = zones(&text);
    let kind = |part: &str| found.iter().find(|z| z.1.contains(part)).map(|z| z.0);
    assert_eq!(found[0], (ZoneKind::Headline, headline.to_owned()));
    assert_eq!(kind("May 4, 2022"), Some(ZoneKind::Date));
    assert!(found.iter().any(|z| *z == (ZoneKind::Subhead, headline.to_owned())), "{found:?}");
    assert_eq!(kind("Olaf Tamm (L)"), Some(ZoneKind::Caption));
    assert!(found.iter().any(|z| z.0 == ZoneKind::Dateline && z.1.starts_with("VELM")), "{found:?}");
    assert_eq!(kind("trade dispute"), Some(ZoneKind::Body));
    assert_eq!(kind("fish and freight"), Some(ZoneKind::Body));
    assert_eq!(place(&text).as_deref(), Some("VELM"));
}

#[test]
fn datelines_of_all_houses() {
    for (line, expected) in [
        ("SEOUL: ", "SEOUL"),
        ("PARIS, March 3 (AFP) - ", "PARIS"),
        ("TROY, N.C. (AP) \u{2014} ", "TROY, N.C."),
        ("Kyiv | ", "Kyiv"),
    ] {
        let text = format!(
            "Bridge closes for repairs\n\n{line}The old bridge was closed on Monday after engineers found cracks in two of its pillars.\n"
        );
        assert_eq!(place(&text).as_deref(), Some(expected), "{line}");
    }
}

#[test]
fn a_sentence_with_a_colon_has_no_dateline() {
    let text = "Bridge closes\n\nThe choice is clear: the old bridge must be closed, engineers of the county said on Monday.\n";
    assert_eq!(place(text), None);
}

#[test]
fn bylines_are_told() {
    let text = "Bridge closes for repairs\n\nBy Ann Smith\n\nThe old bridge was closed on Monday after engineers found cracks in two pillars.\n";
    assert!(zones(text).contains(&(ZoneKind::Byline, "By Ann Smith".to_owned())), "{:?}", zones(text));
}

#[test]
fn what_begins_like_a_notice_may_be_a_sentence() {
    for (last, kind) in [
        ("Copyright 2024 The Eastbrook Daily.", ZoneKind::Boilerplate),
        ("Subscribe to our morning letter", ZoneKind::Boilerplate),
        (
            "Reporting by Ann Smith in Eastbrook, Bob Jones in Westbrook and Carol Brown in Velm; Editing by Dan Grey",
            ZoneKind::Boilerplate,
        ),
        (
            "Copyright law in the county was changed on Monday, and publishers said that they would go to court.",
            ZoneKind::Body,
        ),
        (
            "Subscribers of the ferry's season ticket, of whom there are 12,000, are to get their money back.",
            ZoneKind::Body,
        ),
    ] {
        let text = format!(
            "Bridge closes for repairs\n\nThe old bridge was closed on Monday after engineers found cracks in two pillars.\n\nIt opens again in May.\n\n{last}\n"
        );
        let found = zones(&text).into_iter().find(|(_, zone)| zone.ends_with(last)).map(|(kind, _)| kind);
        assert_eq!(found, Some(kind), "{last}");
    }
}
