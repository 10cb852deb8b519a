//! The texts of the conformance suite: whatever a plugin may be handed, in small and in large. A plugin that comes through all of them comes through a
//! crawl.

/// A text with its name in reports.
pub struct Text {
    /// Its name.
    pub name: String,
    /// The text.
    pub text: String,
}

/// An article as articles are, for the checks that need ordinary ones.
pub const ARTICLE: &str = include_str!("../../templates/sample.txt");

/// All texts, the ordinary article first.
pub fn texts() -> Vec<Text> {
    let mut texts: Vec<Text> = Vec::new();
    let mut add = |name: &str, text: String| texts.push(Text { name: name.to_owned(), text });
    add("an ordinary article", ARTICLE.to_owned());
    add("no text at all", String::new());
    add("one byte", "x".to_owned());
    add("one character of two bytes", "\u{e9}".to_owned());
    add("white space alone", " \t\n\n \r\n".to_owned());
    add("line ends of Windows", ARTICLE.replace('\n', "\r\n"));
    add("line ends of old", ARTICLE.replace('\n', "\r"));
    add("capitals", ARTICLE.to_uppercase());
    add("no capitals, no marks", ARTICLE.to_lowercase().replace(|c: char| !c.is_alphanumeric(), " "));
    add("NUL characters", ARTICLE.replace(' ', " \u{0}"));
    add("control characters", (0u8..32).chain([127]).map(char::from).cycle().take(5_000).collect());
    add(
        "marks of writing direction",
        "\u{202e}\"abc\"\u{202c} said \u{2066}Smith\u{2069}, \u{200f}12\u{200e}% \u{61c}. ".repeat(50),
    );
    add("joiners and marks of width nothing", "a\u{200b}b\u{200d}c\u{feff}d\u{2060}e\u{ad}f ".repeat(50));
    add("combining marks", format!("e{} said. ", "\u{301}\u{327}".repeat(500)));
    add("emoji", "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{1f1eb}\u{1f1f7} 3\u{fe0f}\u{20e3} \u{1f44d}\u{1f3fd} said \u{1f600}. ".repeat(50));
    add("many scripts", "\u{4e2d}\u{6587} \u{420}\u{443}\u{441} \u{639}\u{631}\u{628}\u{64a} \u{5e2}\u{5d1} \u{939}\u{93f} \u{e44}\u{e17}\u{e22} \u{661}\u{662}\u{663} \u{130}\u{df}\u{fb01}. ".repeat(50));
    add("the last code points", "\u{ffff}\u{10ffff}\u{fdd0}\u{e000} said 5. ".repeat(20));
    add(
        "marks of every kind",
        "\"'\u{201c}\u{201d}\u{2018}\u{2019}\u{ab}\u{bb}`([{)]}-\u{2013}\u{2014}.,;:!?/\\@#$%&*+=<>|~^ ".repeat(50),
    );
    add("a line of a megabyte", "The mayor said on Monday that 12 of 300 boats were lost, ".repeat(1 << 14));
    add("a word of a megabyte", "a".repeat(1 << 20));
    add("a number of a megabyte", "1".repeat(1 << 20));
    add("a million open quotation marks", "\"".repeat(1_000_000));
    add("three hundred thousand typographic ones", "\u{201c}".repeat(300_000));
    add("two hundred thousand brackets", "(".repeat(200_000));
    add("a hundred thousand lines", "A.\n".repeat(100_000));
    add("a hundred thousand at signs", "a@b.".repeat(100_000));
    texts
}

/// The texts of at most `bytes` bytes.
pub fn short(bytes: usize) -> Vec<Text> {
    texts().into_iter().filter(|t| t.text.len() <= bytes).collect()
}
