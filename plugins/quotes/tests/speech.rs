//! Short invented articles through the engine, with the names given by hand. Each case shows one way to attribute; what is compared is who
//! says what by which words: `kind speaker (cue): content`, with addressee, medium and denial where there are any.

use factbox_quotes::Quotes;
use factbox_quotes::article::{Article, Name};
use factbox_quotes::engine::{Settings, quotes};
use factbox_quotes::model::Model;
use factbox_quotes::phrase::Phrase;
use factbox_sdk::testing::{Kit, Upstream};
use factbox_sdk::{Span, Token, hash};

/// Persons are marked `[P:...]` in `marked`, organisations `[O:...]`, places `[L:...]`.
fn said_with(marked: &str, settings: &Settings) -> Vec<String> {
    let (mut text, mut names, mut rest) = (String::new(), Vec::new(), marked);
    while let Some(open) = rest.find('[') {
        text.push_str(&rest[..open]);
        let (kind, inner) = (&rest[open + 1..open + 2], &rest[open + 3..]);
        let close = inner.find(']').expect("a name that ends");
        let start = text.len();
        text.push_str(&inner[..close]);
        names.push(Name {
            span: Span::new(start as u32, text.len() as u32),
            person: kind == "P",
            organization: kind == "O",
            location: kind == "L",
            entity: None,
            role: None,
        });
        rest = &inner[close + 1..];
    }
    text.push_str(rest);
    let mut analyzer = factbox_text::Analyzer::default();
    let a = analyzer.analyze(&text, &[]);
    let tokens: Vec<Token> = a
        .tokens
        .iter()
        .map(|t| {
            let lower = t.lower.of(&a.lower);
            let span = Span::new(t.span.start, t.span.end);
            Token { span, text: t.span.of(&text), lower, shape: t.shape, hash: hash(lower.as_bytes()) }
        })
        .collect();
    let sentences: Vec<Span> = a.sentences.iter().map(|s| Span::new(s.start, s.end)).collect();
    let paragraphs: Vec<_> = a.paragraphs.iter().map(|p| (Span::new(p.span.start, p.span.end), p.zone)).collect();
    let model = Model::shipped();
    let article = Article::new(&text, &tokens, &sentences, &paragraphs, &names, model);
    let words = |p: Phrase| &text[tokens[p.start].span.start as usize..tokens[p.end - 1].span.end as usize];
    quotes(&article, settings, model)
        .0
        .iter()
        .map(|q| {
            let by = q.attribution;
            let mut line = format!("{:?} ", q.kind).to_lowercase();
            line += by.speaker.map_or("-", words);
            line += &format!(" ({})", by.cue.map_or("-", words));
            line += &by.addressee.map_or(String::new(), |p| format!(" to {}", words(p)));
            line += &by.via.map_or(String::new(), |p| format!(" via {}", words(p)));
            line += if by.negated { " not" } else { "" };
            format!("{line}: {}", q.span.of(&text))
        })
        .collect()
}

fn plain() -> Settings {
    Settings { indirect: true, min_words: 1, minimum: 0.0, singles: None, cues: Vec::new() }
}

fn said(marked: &str) -> Vec<String> {
    said_with(marked, &plain())
}

#[test]
fn speech_between_marks_before_and_behind_its_cue() {
    assert_eq!(
        said("\"The bridge will hold,\" engineer [P:Lena Marsh] said on Monday."),
        ["direct engineer Lena Marsh (said): The bridge will hold,"]
    );
    assert_eq!(
        said("“We were never asked,” said [P:Omar Vance], who runs the ferry."),
        ["direct Omar Vance, who runs the ferry (said): We were never asked,"]
    );
    assert_eq!(
        said("[P:Vance] told reporters: “We were never asked.”"),
        ["direct Vance (told) to reporters: We were never asked."]
    );
}

#[test]
fn pieces_of_an_interrupted_quote_share_their_speaker() {
    assert_eq!(
        said("“The water rose,” [P:Marsh] said. “Then it stopped. Nobody knows why.”"),
        ["direct Marsh (said): The water rose,", "direct Marsh (said): Then it stopped. Nobody knows why."]
    );
    assert_eq!(
        said("“The water,” [P:Marsh] said, “rose for nine hours.”"),
        ["direct Marsh (said): The water,", "direct Marsh (said): rose for nine hours."]
    );
}

#[test]
fn speech_without_marks_and_speech_in_part_between_them() {
    assert_eq!(
        said("The ministry said on Friday that the dam would be finished by June."),
        ["indirect The ministry (said): the dam would be finished by June"]
    );
    assert_eq!(
        said("[P:Marsh] said the dam was “a monument to patience” and would be finished by June."),
        ["mixed Marsh (said): the dam was “a monument to patience” and would be finished by June"]
    );
    assert_eq!(
        said("The dam would be finished by June, [P:Marsh] said."),
        ["indirect Marsh (said): The dam would be finished by June"]
    );
}

#[test]
fn a_verb_that_no_list_knows() {
    assert_eq!(said("[P:Marsh] zorbled that the dam was safe."), ["indirect Marsh (zorbled): the dam was safe"]);
}

#[test]
fn what_leads_up_to_the_conjunction_is_not_said() {
    assert_eq!(
        said("[P:Marsh] told reporters on her return from a meeting in Oslo that the dam would hold."),
        ["indirect Marsh (told) to reporters: the dam would hold"]
    );
}

#[test]
fn a_speaker_behind_the_cue_of_speech_without_marks() {
    assert_eq!(
        said("The kwacha may strengthen this week as mines sell dollars, said [O:Stanmore Bank]'s trading desk."),
        ["indirect Stanmore Bank's trading desk (said): The kwacha may strengthen this week as mines sell dollars"]
    );
}

#[test]
fn sources_behind_according_to() {
    assert_eq!(
        said("According to the ministry, the dam will be finished by June."),
        ["indirect the ministry (According to): the dam will be finished by June"]
    );
    assert_eq!(
        said("Traffic has doubled since May, according to the harbour authority."),
        ["indirect the harbour authority (according to): Traffic has doubled since May"]
    );
}

#[test]
fn who_relays_is_not_who_says() {
    assert_eq!(
        said("“We came as friends,” [P:Oduya] said, according to state media."),
        ["direct Oduya (said) via state media: We came as friends,"]
    );
    assert_eq!(
        said("The paper quoted unnamed officials as saying the talks had failed."),
        ["indirect unnamed officials (saying) via The paper: the talks had failed"]
    );
}

#[test]
fn denials_are_marked() {
    let found = said("[P:Marsh] did not say that the dam would be finished by June.");
    assert_eq!(found, ["indirect Marsh (say) not: the dam would be finished by June"]);
}

#[test]
fn transcripts_and_signatures() {
    assert_eq!(
        said("[P:MARSH]: \"When did the water rise?\"\n\n[P:VANCE]: \"At four in the morning.\""),
        ["direct MARSH (:): When did the water rise?", "direct VANCE (:): At four in the morning."]
    );
    assert_eq!(
        said("“We had no warning of any kind at all.” ― [P:Carla Sandoval]"),
        ["direct Carla Sandoval (―): We had no warning of any kind at all."]
    );
}

#[test]
fn headlines() {
    let story = "\n\nThe deal was struck at night, and nobody would tell how many were to go.";
    assert_eq!(said(&format!("Ferry deal 'may cost 2,000 jobs'{story}")), ["direct - (-): may cost 2,000 jobs"]);
    assert_eq!(
        said(&format!("[P:Vance] grills the bank's chief: ‘You should resign.’{story}")),
        ["direct Vance (-): You should resign."]
    );
}

#[test]
fn what_leads_up_to_a_colon_is_the_writer_s() {
    assert_eq!(
        said("So [P:Marsh] said it once more, in other words: “The water will be at the door by noon.”"),
        ["direct Marsh (said): The water will be at the door by noon."]
    );
}

#[test]
fn who_is_named_between_a_cue_and_a_comma_speaks() {
    assert_eq!(
        said("Often, said [P:Marsh], the gate was left open at night."),
        ["indirect Marsh (said): the gate was left open at night"]
    );
}

#[test]
fn titles_adverbs_and_what_are_no_part_of_it() {
    assert_eq!(
        said("“Harbour” director [P:Lena Marsh] said backstage that the prize should have gone to another."),
        ["indirect “Harbour” director Lena Marsh (said): the prize should have gone to another"]
    );
    assert_eq!(said("The bill is smaller than what [P:Marsh] said, but it is large."), Vec::<String>::new());
}

#[test]
fn other_marks() {
    assert_eq!(
        said("«We found a Roman wall,» said [P:Solange Perrot]. «It cost us four months.»"),
        [
            "direct Solange Perrot (said): We found a Roman wall,",
            "direct Solange Perrot (said): It cost us four months."
        ]
    );
    assert_eq!(
        said("'It's the walkers' money we miss,' [P:Telford] said. 'Nobody's coming.'"),
        ["direct Telford (said): It's the walkers' money we miss,", "direct Telford (said): Nobody's coming."]
    );
    assert_eq!(
        said("''We found a wall,'' [P:Marsh] said. ''It cost us four months.''"),
        ["direct Marsh (said): We found a wall,", "direct Marsh (said): It cost us four months."]
    );
}

#[test]
fn a_speech_of_several_paragraphs_reopens_its_marks() {
    let found = said("“The water rose,” [P:Marsh] said. “Then it stopped.\n\n“Nobody knows why it stopped.”");
    assert_eq!(
        found,
        [
            "direct Marsh (said): The water rose,",
            "direct Marsh (said): Then it stopped.",
            "direct Marsh (said): Nobody knows why it stopped."
        ]
    );
}

#[test]
fn titles_nicknames_and_words_held_at_a_distance_are_no_speech() {
    assert_eq!(said("Rep. Robert “Bobby” Scott opened the yard for a cookout."), Vec::<String>::new());
    assert_eq!(said("The film “The Long Water” opens on Friday in 40 cinemas."), Vec::<String>::new());
}

#[test]
fn marks_that_match_nothing_harm_nothing() {
    assert_eq!(
        said("“The water rose, [P:Marsh] said.\n\nThe dam has 40 gates.\n\n“It held,” [P:Vance] said."),
        said("“The water rose, [P:Marsh] said.\n\nThe dam has 40 gates.")
            .into_iter()
            .chain(["direct Vance (said): It held,".to_owned()])
            .collect::<Vec<_>>()
    );
    for text in ["", "\"", "”", "““““", "said", "“”", "\" \" \"", "according to", ": “", "said said said"]
    {
        said(text);
    }
    // A passage far longer than the engine looks at in one piece.
    said(&"he said that she said ".repeat(3000));
    said(&"“he said ".repeat(3000));
}

#[test]
fn options_narrow_and_widen_what_is_found() {
    let text = "[P:Marsh] said the dam was safe. “It will hold,” she said. “Yes.”";
    let direct = Settings { indirect: false, ..plain() };
    assert_eq!(said_with(text, &direct), ["direct she (said): It will hold,", "direct she (said): Yes."]);
    assert_eq!(said_with(text, &Settings { minimum: 1.0, ..plain() }), Vec::<String>::new());
    let long = Settings { min_words: 2, ..plain() };
    assert_eq!(said_with(text, &long).len(), 2);
    let own = "[P:Marsh] carried the dam would hold.";
    assert_eq!(said(own), Vec::<String>::new());
    let cues = Settings { cues: vec!["carried".to_owned()], ..plain() };
    assert_eq!(said_with(own, &cues), ["indirect Marsh (carried): the dam would hold"]);
}

#[test]
fn speakers_are_resolved_to_entities() {
    let text = "“We waited,” minister Tomás Duarte said. “There is no third winter.” He said Lisbon would pay.";
    let mentions = Upstream::new("mentions").add("Tomás Duarte", "person").reference("entity", "entities", 0);
    let entities = Upstream::new("entities").add("Tomás Duarte", "person").string("name", "Tomás Duarte");
    let facts = Kit::<Quotes>::new().upstream(mentions).upstream(entities).run(text).to_string();
    assert_eq!(facts.lines().count(), 3, "{facts}");
    assert!(facts.lines().all(|l| l.contains("speaker.name=\"Tomás Duarte\"")), "{facts}");

    let text = "Lena Marsh was there. A spokesman for the distributor said it sold well. \"We are glad,\" he added.";
    let mentions = Upstream::new("mentions").add("Lena Marsh", "person").reference("entity", "entities", 0);
    let entities = Upstream::new("entities").add("Lena Marsh", "person").string("name", "Lena Marsh");
    let facts = Kit::<Quotes>::new().upstream(mentions).upstream(entities).run(text).to_string();
    assert!(
        facts.lines().filter(|l| l.starts_with("quotes")).count() == 2 && !facts.contains("speaker.entity"),
        "{facts}"
    );

    let text = "Stanmore Bank said it had paid. A spokesman said no more. The bank said it was sorry.";
    let mentions = Upstream::new("mentions").add("Stanmore Bank", "organization").reference("entity", "entities", 0);
    let entities = Upstream::new("entities").add("Stanmore Bank", "organization").string("name", "Stanmore Bank");
    let facts = Kit::<Quotes>::new().upstream(mentions).upstream(entities).run(text).to_string();
    let names: Vec<&str> = facts.lines().filter_map(|l| l.split("speaker.name=").nth(1)?.split('"').nth(1)).collect();
    assert_eq!(names, ["Stanmore Bank", "A spokesman", "Stanmore Bank"], "{facts}");
}
