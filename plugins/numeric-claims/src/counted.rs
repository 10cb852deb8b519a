//! The noun that an amount counts.

use crate::number::Form;
use factbox_sdk::{Class, Letters, Shape, Span, Token};

/// The noun that is counted: its head and the phrase.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// The head noun.
    pub head: Span,
    /// The whole phrase.
    pub phrase: Span,
}

const STOP: &[&str] = &[
    "a",
    "about",
    "above",
    "according",
    "across",
    "after",
    "again",
    "against",
    "ago",
    "all",
    "already",
    "also",
    "although",
    "am",
    "among",
    "an",
    "and",
    "apart",
    "are",
    "around",
    "as",
    "at",
    "away",
    "back",
    "be",
    "because",
    "been",
    "before",
    "behind",
    "being",
    "below",
    "between",
    "both",
    "but",
    "by",
    "can",
    "can't",
    "could",
    "despite",
    "did",
    "do",
    "does",
    "down",
    "during",
    "each",
    "earlier",
    "eg",
    "either",
    "etc",
    "even",
    "ever",
    "every",
    "except",
    "fewer",
    "for",
    "from",
    "had",
    "has",
    "have",
    "he",
    "her",
    "here",
    "him",
    "his",
    "how",
    "i",
    "ie",
    "if",
    "in",
    "including",
    "inside",
    "instead",
    "into",
    "is",
    "it",
    "its",
    "just",
    "last",
    "later",
    "left",
    "less",
    "may",
    "me",
    "might",
    "more",
    "most",
    "much",
    "must",
    "my",
    "near",
    "no",
    "nor",
    "not",
    "now",
    "of",
    "off",
    "on",
    "once",
    "only",
    "onto",
    "or",
    "our",
    "out",
    "outside",
    "over",
    "per",
    "plus",
    "said",
    "says",
    "she",
    "should",
    "since",
    "so",
    "some",
    "still",
    "such",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "though",
    "through",
    "throughout",
    "to",
    "today",
    "together",
    "told",
    "too",
    "toward",
    "towards",
    "under",
    "unless",
    "until",
    "up",
    "upon",
    "us",
    "versus",
    "via",
    "vs",
    "vs.",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "whose",
    "why",
    "will",
    "with",
    "within",
    "without",
    "would",
    "yesterday",
    "yet",
    "you",
    "your",
];

/// Whether the word is one of grammar rather than a noun, in lower case.
pub(crate) fn is_function_word(word: &str) -> bool {
    STOP.binary_search(&word).is_ok()
}

/// The noun counted by the amount that ends before token `next`.
pub fn counted(tokens: &[Token], next: usize, form: Form, plural: bool) -> Option<Counted> {
    let mut at = next;
    let lower = |i: usize| tokens.get(i).map_or("", |t| t.lower);
    // "dozens of rounds", "half of the members", "62% of global shipments"
    if lower(at) == "of" {
        at += 1;
        while matches!(
            lower(at),
            "the" | "its" | "their" | "his" | "her" | "all" | "our" | "these" | "those" | "my" | "your"
        ) {
            at += 1;
        }
        // "half of the 2,587 lights"
        at += usize::from(tokens.get(at).is_some_and(|t| t.shape.class() == Class::Number));
    } else if matches!(form, Form::Fraction)
        && matches!(lower(at), "the" | "a" | "an" | "its" | "their" | "his" | "her" | "all")
    {
        at += 1;
    }
    if at == next && plural {
        return None;
    }
    let hyphen = tokens.get(at).is_some_and(|t| t.text == "-" && !t.shape.has(Shape::SPACE_BEFORE));
    let compound = hyphen;
    if hyphen {
        at += 1;
    }
    while matches!(lower(at), "more" | "other" | "additional" | "new" | "further" | "extra" | "different" | "separate")
    {
        at += 1;
    }
    let from = at;
    let mut words: Vec<usize> = Vec::new();
    // Where the words behind the last possessor begin.
    let mut owned = 0;
    let mut owner = None;
    while let Some(token) = tokens.get(at).filter(|_| words.len() < 6) {
        // A wide gap parts columns and lines.
        if at > 0 && token.span.start > tokens[at - 1].span.end + 2 {
            break;
        }
        let joint = token.shape.has(Shape::DASH) && !token.shape.has(Shape::SPACE_BEFORE) && !words.is_empty();
        if joint {
            // Words joined by a hyphen qualify what follows.
            at += 1;
            if let Some(last) =
                words.last_mut().filter(|_| tokens.get(at).is_some_and(|t| t.shape.class() == Class::Word))
            {
                *last = at;
                at += 1;
                continue;
            }
            break;
        }
        // "women's stores", "of the world's largest companies": what is owned counts.
        if !words.is_empty() && owns(tokens, at) {
            at += 1;
            owned = words.len();
            owner = words.last().copied();
            while matches!(lower(at), "most" | "largest" | "biggest") {
                at += 1;
            }
            continue;
        }
        let word = token.shape.class() == Class::Word || (token.shape.class() == Class::Mixed);
        // "four All Blacks"
        // "13,000 US troops", "four by-elections"
        let stop = STOP.binary_search(&token.lower).is_ok()
            && !(token.text == "US" && !token.shape.has(Shape::ALL_CAPS_CONTEXT))
            && !tokens.get(at + 1).is_some_and(|t| {
                t.shape.has(Shape::DASH)
                    && !t.shape.has(Shape::SPACE_BEFORE)
                    && tokens.get(at + 2).is_some_and(|t| {
                        t.shape.class() == Class::Word
                            && !t.shape.has(Shape::SPACE_BEFORE)
                            && !is_function_word(t.lower)
                    })
            });
        let named = token.shape.letters() == Letters::Title
            && !token.shape.has(Shape::SENTENCE_START)
            && !token.shape.has(Shape::ALL_CAPS_CONTEXT)
            && tokens.get(at + 1).is_some_and(|t| t.shape.letters() == Letters::Title);
        if word && named && stop {
            words.push(at);
            at += 1;
            continue;
        }
        if !word || token.shape.has(Shape::CLITIC) || stop || is_verb(token.lower) {
            break;
        }
        if token.lower.ends_with("ly")
            && token.lower.len() > 4
            && token.shape.letters() == Letters::Lower
            && !matches!(token.lower, "family" | "assembly")
        {
            if words.is_empty() {
                at += 1;
                continue;
            }
            break;
        }
        // A past participle behind a noun ends the phrase: "900 people rescued".
        if words.len() > owned
            && (token.lower.ends_with("ed") || token.lower.ends_with("ing"))
            && (words[owned..].iter().any(|w| is_plural(tokens[*w].lower))
                || token.lower.ends_with("ed")
                    && token.lower.len() > 4
                    && tokens.get(at + 1).is_none_or(|t| t.shape.class() != Class::Word || is_function_word(t.lower)))
        {
            break;
        }
        // "one commenter wrote", "the collection held in ..."
        if words.len() > owned
            && token.shape.letters() == Letters::Lower
            && (is_past(token.lower) || is_present_verb(token.lower) || acts(tokens, at))
        {
            break;
        }
        words.push(at);
        at += 1;
        if owns(tokens, at) {
            continue;
        }
        let nouns = is_plural(token.lower);
        // Nouns that only qualify: "sales jobs", "arms deals", "sports clubs", "asylum seekers".
        let more = tokens.get(at).is_some_and(|t| {
            t.shape.class() == Class::Word
                && is_plural(t.lower)
                && STOP.binary_search(&t.lower).is_err()
                && !t.shape.has(Shape::CLITIC)
                && !is_present_verb(t.lower)
        });
        // "two United States service members"
        let name = words.len() > 1
            && token.shape.letters() == Letters::Title
            && tokens[words[words.len() - 2]].shape.letters() == Letters::Title
            && tokens.get(at).is_some_and(|t| {
                t.shape.class() == Class::Word && t.shape.letters() == Letters::Lower && !is_function_word(t.lower)
            })
            && tokens.get(at + 1).is_some_and(|t| t.shape.class() == Class::Word && is_plural(t.lower));
        if nouns && !more && !name {
            break;
        }
    }
    let mut head = *words.last()?;
    // "the two bankers' plan": two bankers.
    if let Some(owner) = owner.filter(|o| is_plural(tokens[*o].lower) && !is_plural(tokens[head].lower)) {
        head = owner;
    }
    // "400 suspected": a participle alone counts nothing.
    if words.len() == 1
        && !compound
        && tokens[head].lower.len() > 4
        && tokens[head].lower.ends_with("ed")
        && !is_plural(tokens[head].lower)
    {
        return None;
    }
    let head = if compound
        && words.len() == 1
        && tokens.get(head + 1).is_some_and(|t| t.shape.class() == Class::Word && STOP.binary_search(&t.lower).is_err())
    {
        head + 1
    } else {
        head
    };
    Some(Counted { head: tokens[head].span, phrase: Span::new(tokens[from].span.start, tokens[head].span.end) })
}

fn is_plural(word: &str) -> bool {
    matches!(
        word,
        "people"
            | "men"
            | "women"
            | "children"
            | "police"
            | "staff"
            | "lives"
            | "wives"
            | "feet"
            | "mice"
            | "fish"
            | "sheep"
            | "cattle"
            | "troops"
            | "crew"
            | "aircraft"
            | "personnel"
            | "folk"
    ) || (word.len() > 3
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !word.ends_with("is")
        && !word.ends_with("ous"))
}

/// Adjectives and verbs that end like nouns or stand like them.
fn is_verb(word: &str) -> bool {
    matches!(
        word,
        "died"
            | "remain"
            | "remained"
            | "took"
            | "came"
            | "went"
            | "made"
            | "got"
            | "gave"
            | "fell"
            | "rose"
            | "grew"
            | "won"
            | "lost"
            | "began"
            | "became"
            | "showed"
            | "seems"
            | "comprised"
            | "attended"
            | "voted"
            | "fled"
            | "arrived"
            | "worked"
            | "lived"
            | "live"
            | "say"
            | "require"
            | "need"
            | "want"
            | "work"
            | "make"
            | "take"
            | "face"
            | "include"
    )
}

/// Whether a possessive mark stands at token `at`, with something owned behind it.
fn owns(tokens: &[Token], at: usize) -> bool {
    let mark = tokens
        .get(at)
        .is_some_and(|t| !t.shape.has(Shape::SPACE_BEFORE) && matches!(t.lower, "'s" | "\u{2019}s" | "'" | "\u{2019}"));
    mark && tokens.get(at + 1).is_some_and(|t| {
        t.shape.has(Shape::SPACE_BEFORE)
            && t.shape.class() == Class::Word
            && (!is_function_word(t.lower) || t.lower == "most")
            && !is_verb(t.lower)
    })
}

/// "engine powering the car": a participle with an object of its own.
fn acts(tokens: &[Token], at: usize) -> bool {
    let word = tokens[at].lower;
    let object = tokens.get(at + 1).is_some_and(|t| {
        matches!(t.lower, "the" | "a" | "an" | "his" | "her" | "its" | "their" | "this" | "these" | "our" | "my")
    });
    object
        && word.len() > 4
        && (word.ends_with("ing") || word.ends_with('s') && !word.ends_with("ss"))
        && !time_follows(tokens, at)
}

/// Whether a time follows the noun: "two meetings this week", "four times a day".
fn time_follows(tokens: &[Token], at: usize) -> bool {
    tokens[at].lower.ends_with('s')
        && tokens.get(at + 1).is_some_and(|t| matches!(t.lower, "this" | "a" | "an" | "the"))
        && tokens.get(at + 2).is_some_and(|t| {
            matches!(
                t.lower,
                "week"
                    | "month"
                    | "year"
                    | "day"
                    | "morning"
                    | "afternoon"
                    | "evening"
                    | "season"
                    | "time"
                    | "hour"
                    | "minute"
            )
        })
}

/// Past forms that end like no other verb, behind a noun.
fn is_past(word: &str) -> bool {
    matches!(
        word,
        "ate"
            | "bought"
            | "brought"
            | "broke"
            | "caught"
            | "chose"
            | "come"
            | "drew"
            | "drove"
            | "felt"
            | "flew"
            | "fought"
            | "found"
            | "gathered"
            | "given"
            | "held"
            | "kept"
            | "knew"
            | "known"
            | "led"
            | "left"
            | "met"
            | "paid"
            | "ran"
            | "sat"
            | "saw"
            | "seen"
            | "sent"
            | "sold"
            | "spent"
            | "spoke"
            | "stood"
            | "swore"
            | "taken"
            | "thought"
            | "threw"
            | "told"
            | "understood"
            | "woke"
            | "wore"
            | "wrote"
    )
}

/// Third persons that look like plurals.
fn is_present_verb(word: &str) -> bool {
    matches!(
        word,
        "makes"
            | "takes"
            | "says"
            | "shows"
            | "needs"
            | "wants"
            | "gives"
            | "goes"
            | "comes"
            | "remains"
            | "includes"
            | "seems"
            | "becomes"
            | "replaces"
            | "features"
            | "provides"
            | "offers"
            | "runs"
            | "stands"
            | "means"
            | "puts"
            | "lies"
            | "plans"
            | "hopes"
            | "has"
            | "does"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_are_sorted() {
        assert!(STOP.windows(2).all(|w| w[0] < w[1]), "{:?}", STOP.windows(2).find(|w| w[0] >= w[1]));
    }
}
