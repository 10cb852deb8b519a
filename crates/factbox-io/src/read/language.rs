//! Is a text English? The share of its commonest words decides nearly always, in a few microseconds; a detector is asked about the rest.

/// A text's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, or too short or doubtful to say.
    English,
    /// Confidently another one, by its ISO 639-1 code (ISO 639-3 where there is none).
    Other(&'static str),
}

const COMMON: [&str; 56] = [
    "a", "about", "after", "also", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "for", "from",
    "had", "has", "have", "he", "her", "his", "i", "if", "in", "is", "it", "its", "more", "no", "not", "of", "on",
    "one", "or", "our", "out", "said", "she", "that", "the", "their", "there", "they", "this", "to", "up", "was", "we",
    "were", "which", "who", "will", "with", "would", "you",
];

/// The language of `text`.
pub fn language(text: &str) -> Language {
    let (mut words, mut common) = (0u32, 0u32);
    let mut buffer = [0u8; 8];
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).take(300) {
        words += 1;
        if word.len() <= 5 && word.is_ascii() {
            let lower = &mut buffer[..word.len()];
            lower.copy_from_slice(word.as_bytes());
            lower.make_ascii_lowercase();
            common += u32::from(COMMON.binary_search_by(|c| c.as_bytes().cmp(lower)).is_ok());
        }
        // Plainly English: no need to read on.
        if words >= 60 && common * 100 >= words * 25 {
            return Language::English;
        }
    }
    // Running English has 35 to 50 of these in a hundred words; lists and tables fewer; other languages rarely more than 8.
    if words >= 8 && common * 100 >= words * 18 {
        return Language::English;
    }
    let end = text.char_indices().map(|(i, _)| i).take_while(|i| *i <= 2000).last().unwrap_or(0);
    let head = if text.len() <= 2000 { text } else { &text[..end] };
    match whatlang::detect(head) {
        Some(info)
            if info.lang() != whatlang::Lang::Eng
                && info.is_reliable()
                && head.chars().filter(|c| c.is_alphabetic()).count() >= 80
                && common * 100 < words * 12
                && (info.script() != whatlang::Script::Latin || foreign_words(head) * 100 >= words_of(head) * 10) =>
        {
            Language::Other(code(info.lang()))
        }
        _ => Language::English,
    }
}

/// The commonest words of other languages in Latin script that are no English ones. Tables of prices and results have none of them.
const FOREIGN: [&str; 72] = [
    "af", "al", "alla", "att", "au", "aux", "av", "bir", "che", "con", "da", "dan", "das", "de", "del", "della", "dem",
    "den", "der", "des", "det", "di", "die", "do", "du", "een", "ein", "eine", "el", "em", "en", "er", "est", "et",
    "fra", "f\u{f6}r", "het", "il", "ile", "ist", "ja", "je", "la", "las", "le", "les", "los", "med", "met", "mit",
    "na", "nie", "och", "og", "os", "para", "por", "pour", "que", "qui", "se", "som", "sur", "til", "un", "una", "und",
    "une", "van", "ve", "von", "yang",
];

fn words_of(text: &str) -> usize {
    text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).count()
}

fn foreign_words(text: &str) -> usize {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty());
    words.filter(|w| w.len() <= 6 && FOREIGN.binary_search(&w.to_lowercase().as_str()).is_ok()).count()
}

fn code(lang: whatlang::Lang) -> &'static str {
    use whatlang::Lang as L;
    match lang {
        L::Deu => "de",
        L::Fra => "fr",
        L::Spa => "es",
        L::Ita => "it",
        L::Por => "pt",
        L::Nld => "nl",
        L::Rus => "ru",
        L::Ukr => "uk",
        L::Pol => "pl",
        L::Cmn => "zh",
        L::Jpn => "ja",
        L::Kor => "ko",
        L::Ara => "ar",
        L::Tur => "tr",
        L::Swe => "sv",
        L::Dan => "da",
        L::Nob => "no",
        L::Fin => "fi",
        L::Ces => "cs",
        L::Slk => "sk",
        L::Hun => "hu",
        L::Ron => "ro",
        L::Bul => "bg",
        L::Ell => "el",
        L::Heb => "he",
        L::Hin => "hi",
        L::Ben => "bn",
        L::Urd => "ur",
        L::Pes => "fa",
        L::Tha => "th",
        L::Vie => "vi",
        L::Ind => "id",
        L::Hrv => "hr",
        L::Srp => "sr",
        L::Cat => "ca",
        L::Lat => "la",
        other => other.code(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_words_are_sorted() {
        assert!(COMMON.windows(2).all(|w| w[0] < w[1]));
        assert!(FOREIGN.windows(2).all(|w| w[0] < w[1]));
    }

    #[test]
    fn short_and_odd_texts_count_as_english() {
        for text in [
            "",
            "Ja.",
            "Real Madrid 2 Bayern Munich 1",
            "Paris, Berlin, Roma, Madrid",
            "GOOOL!!! @fcb #ucl",
            "Shr 34 cts vs 41 cts. Net 3.1 mln vs 3.7 mln. Revs 42.6 mln vs 39.1 mln. Avg shrs 9.2 mln. Qtly div 12 cts, pay Apr 15, rec Mar 31.",
        ] {
            assert_eq!(language(text), Language::English, "{text}");
        }
    }

    #[test]
    fn other_languages_are_told() {
        let german = "Der Bürgermeister sagte am Dienstag, die Stadt werde im kommenden Jahr deutlich mehr Geld für den Nahverkehr ausgeben als bisher geplant war.";
        assert_eq!(language(german), Language::Other("de"));
        let spanish = "El alcalde dijo el martes que la ciudad gastará el próximo año mucho más dinero en transporte público de lo que se había previsto hasta ahora.";
        assert_eq!(language(spanish), Language::Other("es"));
    }
}
