//! Texts and layers that nobody writes: each is done without a panic, and with every phrase inside the text. Sizes are such that nobody would wait for
//! anything quadratic; `cargo xtask bench` measures how the time grows.

use factbox_quotes::Quotes;
use factbox_quotes::article::{Article, Name};
use factbox_quotes::engine::{Quote, Settings, quotes};
use factbox_quotes::model::Model;
use factbox_quotes::phrase::Phrase;
use factbox_quotes::resolve::Resolver;
use factbox_sdk::testing::Kit;
use factbox_sdk::{Span, Token, ZoneKind, hash};

fn settings(cues: &[&str]) -> Settings {
    Settings {
        indirect: true,
        min_words: 1,
        minimum: 0.0,
        singles: None,
        cues: cues.iter().map(|c| (*c).to_owned()).collect(),
    }
}

fn name(start: usize, end: usize, person: bool) -> Name {
    let span = Span::new(start as u32, end as u32);
    Name { span, person, organization: !person, location: false, entity: Some(start % 7), role: Some(span) }
}

/// Which layers the article comes with.
#[derive(Clone, Copy, PartialEq)]
enum Layers {
    All,
    TokensOnly,
    /// All of it is one headline.
    Headline,
}

/// Runs the engine; looks at all that the plugin makes of its quotes.
fn run(text: &str, names: &[Name], settings: &Settings, layers: Layers) -> Vec<Quote> {
    let mut analyzer = factbox_text::Analyzer::default();
    let a = analyzer.analyze(text, &[]);
    let tokens: Vec<Token> = a
        .tokens
        .iter()
        .map(|t| {
            let lower = t.lower.of(&a.lower);
            Token { span: t.span, text: t.span.of(text), lower, shape: t.shape, hash: hash(lower.as_bytes()) }
        })
        .collect();
    let sentences: Vec<Span> = if layers == Layers::TokensOnly { Vec::new() } else { a.sentences.clone() };
    let paragraphs: Vec<(Span, ZoneKind)> = match layers {
        Layers::All => a.paragraphs.iter().map(|p| (p.span, p.zone)).collect(),
        Layers::TokensOnly => Vec::new(),
        Layers::Headline => vec![(Span::new(0, text.len() as u32), ZoneKind::Headline)],
    };
    let article = Article::new(text, &tokens, &sentences, &paragraphs, names, Model::shipped());
    let (found, marked) = quotes(&article, settings, Model::shipped());
    let mut resolver = Resolver::new(&article, &marked);
    let mut written = 0;
    for quote in &found {
        assert!(
            quote.span.start < quote.span.end && text.get(quote.span.start as usize..quote.span.end as usize).is_some()
        );
        let by = quote.attribution;
        for phrase in [by.speaker, by.cue, by.addressee, by.via].into_iter().flatten() {
            assert!(phrase.start < phrase.end && phrase.end <= tokens.len(), "{phrase:?} of {} tokens", tokens.len());
        }
        if let Some(speaker) = by.speaker {
            resolver.resolve(speaker, quote.span);
            let Phrase { start, end } = speaker;
            written += (tokens[end - 1].span.end - tokens[start].span.start) as usize;
        }
    }
    assert!(written <= text.len() * 8 + 10_000, "{written} bytes of speakers in a text of {}", text.len());
    found
}

fn plain(text: &str) -> Vec<Quote> {
    run(text, &[], &settings(&[]), Layers::All)
}

#[test]
fn one_sentence_of_a_megabyte() {
    plain(&"the keeper said the dam and that the town told them ".repeat(20_000));
    plain(&"word".repeat(250_000));
    plain(&format!("“{}” she said.", "the dam is safe and ".repeat(50_000)));
}

#[test]
fn nothing_but_cues() {
    let cues = "said told argued warned claimed insisted noted added wrote stated declared announced ";
    plain(&(cues.repeat(13) + ". ").repeat(300));
    let own: Vec<&str> = cues.split_whitespace().collect();
    run(&(cues.repeat(13) + ". ").repeat(300), &[], &settings(&own), Layers::All);
}

#[test]
fn a_mark_in_each_of_many_paragraphs() {
    plain(&"“Water.\n\n".repeat(400_000));
    plain(&"“Water rose.”\n\n".repeat(100_000));
    plain(&"She left, ‘alone’.\n\n".repeat(100_000));
}

#[test]
fn marks_in_marks() {
    let deep = 60_000;
    plain(&format!("{}The dam is safe,{} she said.", "“‘".repeat(deep), "’”".repeat(deep)));
    plain(&"“".repeat(200_000));
    plain(&"s' ".repeat(200_000));
    plain(&"«“‘\"'`„‚".repeat(40_000));
    run(&"the walkers' ‘way’ ".repeat(60_000), &[], &Settings { singles: Some(true), ..settings(&[]) }, Layers::All);
}

#[test]
fn a_headline_of_marks() {
    run(&"Mayor ‘sorry for it’ and “done with it” ".repeat(60_000), &[], &settings(&[]), Layers::Headline);
}

#[test]
fn a_hundred_thousand_names_and_pronouns() {
    let (mut text, mut names) = (String::new(), Vec::new());
    for i in 0..50_000 {
        for (word, person) in [("Ann Moss", true), ("Harbour Board", false)] {
            names.push(name(text.len(), text.len() + word.len(), person));
            text.push_str(word);
            text.push_str(if person { " of the " } else { " said he was told that she " });
        }
        text.push_str(["left. ", "left, he said. ", "and who\n\n"][i % 3]);
    }
    run(&text, &names, &settings(&[]), Layers::All);
}

#[test]
fn a_source_as_long_as_the_text() {
    let long = "the report on the dam and on the town below it ".repeat(4_000);
    for verb in ["said", "reported", "announced"] {
        let story = format!(
            "“{long}” {verb} that the dam was safe.\n\n{}",
            "“It is safe,” it said. “It was.”\n\n“Go on.”\n\n".repeat(3_000)
        );
        plain(&story);
        let names = [name(0, 3 + long.len(), true)];
        run(&story, &names, &settings(&[]), Layers::All);
    }
    let story = format!("According to “{long}”, the dam is safe.\n\n{}", "“It was.”\n\n".repeat(3_000));
    plain(&story);
    let story = format!("{}: “It is safe.”\n\n{}", "Marsh ".repeat(4_000), "“It was.”\n\n".repeat(3_000));
    plain(&story);
}

#[test]
fn a_speaker_of_one_endless_word() {
    let story = format!("{} said: “It is safe.”\n\n{}", "marsh".repeat(40_000), "“It was.”\n\n".repeat(3_000));
    let facts = Kit::<Quotes>::new().run(&story);
    assert_eq!(facts.texts("quotes").len(), 3_001);
}

#[test]
fn roles_and_names_as_long_as_the_text() {
    let filler = "the water rose over the dam ".repeat(20_000) + "\n\n";
    let story = "“The dam is safe,” the minister said. “It is,” the ministry said.\n\n".repeat(2_000);
    let all = Span::new(0, filler.len() as u32 - 2);
    let names: Vec<Name> = (0..200).map(|i| Name { role: Some(all), ..name(i * 20, i * 20 + 3, i % 2 == 0) }).collect();
    let text = filler + &story;
    run(&text, &names, &settings(&[]), Layers::All);
}

#[test]
fn names_that_lie_anywhere() {
    let text = "“The dam is safe,” Ann Moss said. It is, she added, according to the board.\n\n".repeat(2_000);
    let len = text.len();
    let mut names: Vec<Name> = (0..20_000).map(|i| name(i, len, i % 2 == 0)).collect();
    run(&text, &names, &settings(&[]), Layers::All);
    names = (0..len).step_by(3).map(|i| name(i, i, true)).collect();
    run(&text, &names, &settings(&[]), Layers::All);
    names = (0..len - 40).map(|i| name(i, i + 40, i % 2 == 0)).collect();
    run(&text, &names, &settings(&[]), Layers::All);
    names.reverse();
    run(&text, &names, &settings(&[]), Layers::All);
    names = (0..40_000).map(|i| if i % 2 == 0 { name(0, 3, true) } else { name(len - 3, len, true) }).collect();
    run(&text, &names, &settings(&[]), Layers::All);
    names = vec![name(len, len, true), name(len + 5, len + 900, true), name(0, len + 900, false)];
    run(&text, &names, &settings(&[]), Layers::All);
}

#[test]
fn layers_that_are_empty() {
    for text in ["", " ", "\u{301}", "“", "”", "“”", "'", ":", "“ ”", "\n\n\n", "said", "said:", "“a”:", ": “a”"]
    {
        for layers in [Layers::All, Layers::TokensOnly, Layers::Headline] {
            run(text, &[], &settings(&["said"]), layers);
            run(text, &[name(0, text.len(), true)], &settings(&["said"]), layers);
        }
    }
    run("“The dam is safe,” Ann Moss said.", &[], &settings(&[]), Layers::TokensOnly);
}

#[test]
fn a_cue_at_the_very_end() {
    for end in [
        "according",
        "according to",
        "\"a\", according",
        "told",
        "told the",
        "asked",
        "quoted as",
        "as saying",
        "not",
        "“",
    ] {
        for before in ["The dam is safe, ", "“The dam is safe,” ", "Ann Moss, a teacher, ", "", "He "] {
            let text = format!("{before}{end}");
            for cues in [&[][..], &["according", "told", "asked", "as", "saying", "to", "the", "quoted"]] {
                run(&text, &[], &settings(cues), Layers::All);
                run(&format!("{text}\n\nThe next."), &[], &settings(cues), Layers::All);
            }
        }
    }
}

#[test]
fn combining_marks_and_strange_letters() {
    plain(&"e\u{301}".repeat(300_000));
    plain(&"\u{301}“\u{301}said\u{301}”\u{301} ".repeat(40_000));
    plain(&"\u{200d}\u{202e}\u{feff}“ſaid” 👩\u{200d}🚒 said. ".repeat(20_000));
    plain(&"\u{0}“\u{1}”\r".repeat(40_000));
}

/// Short texts of all that the plugin looks at, through the same checks as the host's.
#[test]
fn any_order_of_what_it_knows() {
    const PIECES: [&str; 40] = [
        "“",
        "”",
        "‘",
        "’",
        "\"",
        "'",
        "''",
        "«",
        "»",
        ",",
        ".",
        ":",
        "?",
        "—",
        "-",
        "(",
        ")",
        "\n\n",
        " ",
        "said",
        "told",
        "according",
        "to",
        "that",
        "as",
        "saying",
        "quoted",
        "who",
        "he",
        "MARSH",
        "Ann",
        "Moss",
        "the",
        "dam",
        "reporters",
        "not",
        "is",
        "safe",
        "asked",
        "whether",
    ];
    let mut seed = 11u64;
    let mut random = |n: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % n
    };
    for round in 0..30_000 {
        let mut text = String::new();
        for _ in 0..random(60) {
            text.push_str(PIECES[random(PIECES.len())]);
            text.push_str(["", " ", " ", " "][random(4)]);
        }
        let names: Vec<Name> = (0..random(5))
            .map(|i| {
                let (a, b) = (random(text.len() + 1), random(text.len() + 1));
                name(a.min(b), a.max(b), i % 2 == 0)
            })
            .collect();
        let cues: &[&str] = if round % 2 == 0 { &[] } else { &["according", "as", "the", "not", "who", "to", "told"] };
        let layers = [Layers::All, Layers::Headline, Layers::TokensOnly][round % 3];
        run(&text, &names, &settings(cues), layers);
        if round % 4 == 0 {
            Kit::<Quotes>::new().run(&text);
        }
    }
}
