//! Interned names: kinds, attribute keys and layer names cross the plugin boundary as numbers, the same in every plugin of a run.

use std::collections::HashMap;

/// Names and their ids. Ids count from 1; 0 stands for "no name".
#[derive(Debug, Default)]
pub struct Names {
    ids: HashMap<String, u32>,
    list: Vec<String>,
}

impl Names {
    /// More names than any honest set of plugins needs; [`Names::intern`] gives 0 past it.
    pub const LIMIT: usize = 65_536;

    /// The id of `name`, new if it has none yet; 0 once [`Names::LIMIT`] is reached.
    pub fn intern(&mut self, name: &str) -> u32 {
        if let Some(&id) = self.ids.get(name) {
            return id;
        }
        if self.list.len() >= Self::LIMIT {
            return 0;
        }
        self.list.push(name.to_owned());
        let id = u32::try_from(self.list.len()).unwrap_or(0);
        self.ids.insert(name.to_owned(), id);
        id
    }

    /// The name of `id`, if there is one.
    pub fn name(&self, id: u32) -> Option<&str> {
        let index = usize::try_from(id).ok()?.checked_sub(1)?;
        self.list.get(index).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_stable_and_never_zero() {
        let mut names = Names::default();
        let a = names.intern("speaker");
        assert_ne!(a, 0);
        assert_eq!(names.intern("speaker"), a);
        assert_eq!(names.name(a), Some("speaker"));
        assert_eq!(names.name(0), None);
        assert_eq!(names.name(a + 1), None);
    }
}
