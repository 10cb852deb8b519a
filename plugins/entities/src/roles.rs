//! What an article says a person is: "White House National Security Council spokesman John Kirby", "Kim, the leader of North Korea". From
//! the words beside a name to the role's span and the mention of the body or place it belongs to.

use crate::label::Type;
use crate::lexicon::{Category, Lexicon, WordInfo};
use crate::referents::Mention;
use factbox_sdk::hashing::{START, phrase};
use factbox_sdk::{Class, Span, Token};

/// A role found beside a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// Where it stands (bytes).
    pub span: Span,
    /// The mention of the body, place or nationality it belongs to.
    pub affiliation: Option<usize>,
    /// `before the name` or `after the name`.
    pub rule: &'static str,
}

fn is_modifier(word: &str) -> bool {
    matches!(
        word,
        "deputy"
            | "vice"
            | "assistant"
            | "acting"
            | "former"
            | "interim"
            | "senior"
            | "chief"
            | "prime"
            | "first"
            | "associate"
            | "executive"
            | "top"
            | "outgoing"
            | "ex"
            | "special"
            | "general"
            | "managing"
            | "co"
            | "founding"
            | "honorary"
            | "incoming"
            | "longtime"
            | "late"
    )
}

/// Offices that stand before a name but say nothing of what someone does.
fn is_form_of_address(word: &str) -> bool {
    matches!(
        word,
        "mr" | "mr."
            | "mrs"
            | "mrs."
            | "ms"
            | "ms."
            | "miss"
            | "sir"
            | "dame"
            | "lord"
            | "lady"
            | "dr"
            | "dr."
            | "brother"
            | "father"
            | "mother"
            | "son"
            | "daughter"
            | "wife"
            | "husband"
            | "sister"
            | "boyfriend"
            | "girlfriend"
            | "fiance"
            | "uncle"
            | "aunt"
            | "cousin"
    )
}

/// Finds roles with the help of the tables.
pub struct Finder<'a> {
    /// The article's tokens.
    pub tokens: &'a [Token<'a>],
    /// The tables.
    pub lexicon: &'a Lexicon,
    /// All mentions in text order.
    pub mentions: &'a [Mention],
}

impl Finder<'_> {
    /// Whether tokens `first..end` are a title or an office.
    fn is_title(&self, first: usize, end: usize) -> bool {
        let words = &self.tokens[first..end];
        if words.len() == 1 {
            let w = &words[0];
            return w.shape.class() == Class::Word
                && self.lexicon.word(w.hash).has(WordInfo::TITLE)
                && !is_form_of_address(w.lower);
        }
        let hash = words.iter().fold(START, |h, t| phrase(h, t.hash));
        let bit = 2 * Category::Title as u64;
        self.lexicon.step(hash).is_some_and(|(info, _)| info.categories >> bit & 3 != 0)
    }

    fn mention_ending_at(&self, token: usize, before: usize) -> Option<usize> {
        let last = before.checked_sub(1)?;
        (self.mentions[last].end == token && self.mentions[last].kind != Type::Person).then_some(last)
    }

    fn mention_starting_at(&self, token: usize, after: usize) -> Option<usize> {
        let at = after + self.mentions[after..].partition_point(|m| m.first < token);
        self.mentions.get(at).filter(|m| m.first == token && m.kind != Type::Person).map(|_| at)
    }

    /// The title that ends right before `end`, not reaching below `limit`, with words like "deputy" before it.
    fn title_before(&self, end: usize, limit: usize) -> Option<(usize, usize)> {
        let first = (limit.max(end.saturating_sub(5))..end).find(|&first| self.is_title(first, end))?;
        let mut first = first;
        while first > limit && is_modifier(self.tokens[first - 1].lower) {
            first -= 1;
        }
        // "Chief Cabinet Secretary": a title before a title
        while first > limit && self.is_title(first - 1, first) && self.tokens[first].lower != "," {
            first -= 1;
        }
        Some((first, end))
    }

    /// The role that stands right before mention `m`.
    fn before(&self, m: usize) -> Option<Role> {
        let mention = &self.mentions[m];
        let mut end = mention.first;
        let floor = if m > 0 { self.mentions[m - 1].end } else { 0 };
        while end > floor && (is_form_of_address(self.tokens[end - 1].lower) || self.tokens[end - 1].text == ",") {
            end -= 1;
        }
        let (first, end) = self.title_before(end, floor)?;
        let mut at = first;
        if at > floor && matches!(self.tokens[at - 1].lower, "'s" | "'") {
            at -= 1;
        }
        let affiliation = if at == floor { self.mention_ending_at(at, m) } else { None };
        Some(Role { span: self.span(first, end), affiliation, rule: "before the name" })
    }

    /// The role in apposition after mention `m`: ", the leader of X,", ", X's chief executive,".
    fn after(&self, m: usize) -> Option<Role> {
        let n = self.tokens.len();
        let mut at = self.mentions[m].end;
        if self.tokens.get(at)?.text != "," {
            return None;
        }
        at += 1;
        if matches!(self.tokens.get(at)?.lower, "the" | "a" | "an") {
            at += 1;
        }
        let mut affiliation = None;
        if let Some(owner) = self.mention_starting_at(at, m + 1) {
            affiliation = Some(owner);
            at = self.mentions[owner].end;
            if at < n && matches!(self.tokens[at].lower, "'s" | "'" | "’") {
                at += 1;
            }
        }
        let mut first = at;
        while first < n && is_modifier(self.tokens[first].lower) && !self.is_title(first, first + 1) {
            first += 1;
        }
        // up to two words of any kind may stand before the title ("foreign policy adviser")
        let (start, end) = (0..3).find_map(|skip| {
            let from = first + skip;
            if from >= n || self.tokens[first..from].iter().any(|t| t.shape.class() != Class::Word) {
                return None;
            }
            (from + 1..=(from + 5).min(n)).rev().find(|&end| self.is_title(from, end)).map(|end| (from, end))
        })?;
        // "the company's finance director": whose it is does not belong to the role
        let owner = self.tokens[at..start].iter().rposition(|t| t.lower == "'s");
        let at = owner.map_or(at, |owner| at + owner + 1);
        let mut follow = end;
        if affiliation.is_none()
            && follow < n
            && matches!(self.tokens[follow].lower, "of" | "for" | "at" | "with" | "to" | "in")
        {
            follow += 1;
            if follow < n && self.tokens[follow].lower == "the" {
                follow += 1;
            }
            affiliation = self.mention_starting_at(follow, m + 1);
        }
        // only an apposition: a comma, a stop or "said" must close it, or an affiliation vouch for it
        let closes = self.tokens.get(end).is_none_or(|t| matches!(t.text, "," | "." | ";" | ")" | "—" | "–"));
        (closes || affiliation.is_some()).then(|| Role {
            span: self.span(at, end),
            affiliation,
            rule: "after the name",
        })
    }

    fn span(&self, first: usize, end: usize) -> Span {
        Span::new(self.tokens[first].span.start, self.tokens[end - 1].span.end)
    }

    /// The role beside mention `m`, a person's.
    pub fn role(&self, m: usize) -> Option<Role> {
        self.before(m).or_else(|| self.after(m))
    }
}
