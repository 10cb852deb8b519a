//! factbox plugin `{{id}}`. As `factbox plugin new` wrote it: the annotations of `{{reads}}` that are long enough. Put your idea in place of `process`.

use factbox_sdk::prelude::*;

/// The plugin.
pub struct {{type}} {
    min_length: usize,
    length: Key,
}

impl Plugin for {{type}} {
    const ID: &'static str = "{{id}}";
    const SUMMARY: &'static str = "long {{reads}}";
    const REQUIRES: &'static [&'static str] = &[{{requires}}];
    const PROVIDES: &'static [Layer] = &[Layer::new("{{layer}}", "{{prefix}}", "long {{reads}}")
        .attributes(&[Attribute::integer("length", "characters it has")])];
    const OPTIONS: &'static [Opt] = &[Opt::integer("min-length", 4, "characters it must have").range(1, 1000)];

    fn new(setup: &Setup) -> Result<Self, SetupError> {
        Ok({{type}} { min_length: setup.integer("min-length") as usize, length: setup.key("length") })
    }

    fn process(&mut self, doc: &Doc, out: &mut Output) -> Result<(), ProcessError> {
        for found in doc.layer("{{reads}}").into_iter().flatten() {
            let length = found.text().chars().count();
            if length >= self.min_length {
                out.add(0, found.span(), Key::NONE).integer(self.length, length as i64);
            }
        }
        Ok(())
    }
}

export_plugin!({{type}});
