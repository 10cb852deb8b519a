//! factbox plugin `{{id}}`. As `factbox plugin new` wrote it: words in capitals of a minimum length. Put your idea in place of `process`.

use factbox_sdk::prelude::*;

/// The plugin.
pub struct {{type}} {
    min_length: usize,
    word: Key,
}

impl Plugin for {{type}} {
    const ID: &'static str = "{{id}}";
    const SUMMARY: &'static str = "words in capitals";
    const REQUIRES: &'static [&'static str] = &[{{requires}}];
    const PROVIDES: &'static [Layer] = &[Layer::new("{{layer}}", "{{prefix}}", "words in capitals")
        .attributes(&[Attribute::string("word", "the word in lower case")])];
    const OPTIONS: &'static [Opt] = &[Opt::integer("min-length", 4, "letters a word must have").range(1, 100)];

    fn new(setup: &Setup) -> Result<Self, SetupError> {
        Ok({{type}} { min_length: setup.integer("min-length") as usize, word: setup.key("word") })
    }

    fn process(&mut self, doc: &Doc, out: &mut Output) -> Result<(), ProcessError> {
        for token in doc.tokens() {
            if token.shape.letters() == Letters::Upper && token.text.chars().count() >= self.min_length {
                out.add(0, token.span, Key::NONE).string(self.word, token.lower);
            }
        }
        Ok(())
    }
}

export_plugin!({{type}});
