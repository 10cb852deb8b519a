//! What a page says about its article: JSON-LD first, then Open Graph and meta tags, then the page itself.

use factbox_core::Meta;
use scraper::{Html, Selector};
use serde_json::Value;

/// The metadata of `page`.
pub(super) fn metadata(page: &Html) -> Meta {
    let mut meta = json_ld(page);
    let tag = |names: &[&str]| names.iter().find_map(|name| tag(page, name));
    let text = |selector: &str| first_text(page, selector);
    meta.title = meta
        .title
        .or_else(|| tag(&["og:title", "twitter:title", "dc.title"]))
        .or_else(|| text("h1"))
        .or_else(|| text("title"));
    let published = tag(&[
        "article:published_time",
        "og:published_time",
        "datepublished",
        "date",
        "pubdate",
        "publishdate",
        "publish-date",
        "dc.date",
        "dc.date.issued",
        "parsely-pub-date",
        "sailthru.date",
    ]);
    meta.published = meta
        .published
        .or(published)
        .or_else(|| attribute(page, "time[datetime]", "datetime"))
        .and_then(|d| iso_date(&d))
        .or_else(|| url_date(page));
    meta.byline = meta
        .byline
        .or_else(|| tag(&["author", "article:author", "byl", "dc.creator", "parsely-author", "sailthru.author"]))
        .or_else(|| text("[rel=author]"))
        .or_else(|| text(".byline"))
        .and_then(|b| clean_byline(&b));
    meta.publisher = meta.publisher.or_else(|| tag(&["og:site_name", "application-name"]));
    meta.url =
        attribute(page, "link[rel=canonical]", "href").or_else(|| tag(&["og:url"])).filter(|u| u.starts_with("http"));
    meta.language = attribute(page, "html[lang]", "lang")
        .map(|l| l.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_lowercase())
        .filter(|l| l.len() == 2);
    meta
}

fn squeeze(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty() && text.len() < 600).then_some(text)
}

fn select<'a>(page: &'a Html, selector: &str) -> Option<scraper::ElementRef<'a>> {
    page.select(&Selector::parse(selector).ok()?).next()
}

fn first_text(page: &Html, selector: &str) -> Option<String> {
    squeeze(&select(page, selector)?.text().collect::<String>())
}

fn attribute(page: &Html, selector: &str, name: &str) -> Option<String> {
    squeeze(select(page, selector)?.value().attr(name)?)
}

/// The content of the meta tag of that name or property.
fn tag(page: &Html, wanted: &str) -> Option<String> {
    let selector = Selector::parse("meta[content]").ok()?;
    page.select(&selector)
        .find(|m| {
            ["property", "name", "itemprop"]
                .iter()
                .any(|a| m.value().attr(a).is_some_and(|v| v.eq_ignore_ascii_case(wanted)))
        })
        .and_then(|m| squeeze(m.value().attr("content")?))
}

/// What the page's JSON-LD says of its article.
fn json_ld(page: &Html) -> Meta {
    let mut meta = Meta::default();
    let Ok(selector) = Selector::parse("script[type=\"application/ld+json\"]") else { return meta };
    for script in page.select(&selector).take(20) {
        let text: String = script.text().collect();
        let Ok(value) = serde_json::from_str::<Value>(text.trim()) else { continue };
        if let Some(article) = article(&value, 0) {
            let text = |key: &str| article[key].as_str().and_then(squeeze);
            meta.title = meta.title.or_else(|| text("headline"));
            meta.published = meta.published.or_else(|| text("datePublished"));
            meta.byline = meta.byline.or_else(|| names(&article["author"])).or_else(|| names(&article["creator"]));
            meta.publisher = meta.publisher.or_else(|| names(&article["publisher"]));
        }
    }
    meta.title = meta.title.map(|t| unescape(&t));
    meta
}

fn unescape(text: &str) -> String {
    text.replace("&amp;", "&")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&rsquo;", "\u{2019}")
        .replace("&lsquo;", "\u{2018}")
}

/// The first object that is an article.
fn article(value: &Value, depth: u32) -> Option<&Value> {
    if depth > 6 {
        return None;
    }
    match value {
        Value::Array(items) => items.iter().find_map(|v| article(v, depth + 1)),
        Value::Object(fields) => {
            let kinds: Vec<&str> = match &value["@type"] {
                Value::String(kind) => vec![kind],
                Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            if kinds
                .iter()
                .any(|k| k.ends_with("Article") || *k == "BlogPosting" || *k == "LiveBlogPosting" || *k == "Report")
            {
                return Some(value);
            }
            fields.get("@graph").or_else(|| fields.get("mainEntity")).and_then(|v| article(v, depth + 1))
        }
        _ => None,
    }
}

/// The names of a person, an organisation, or a list of them.
fn names(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => squeeze(name),
        Value::Object(_) => names(&value["name"]),
        Value::Array(items) => {
            let all: Vec<String> = items.iter().filter_map(names).collect();
            (!all.is_empty()).then(|| all.join(", "))
        }
        _ => None,
    }
}

fn clean_byline(byline: &str) -> Option<String> {
    let trimmed = byline.trim().trim_start_matches("By ").trim_start_matches("by ").trim();
    let bad = trimmed.starts_with("http") || trimmed.contains('@') || trimmed.len() > 120 || trimmed.is_empty();
    (!bad).then(|| trimmed.to_owned())
}

/// A date as ISO 8601: the day, and the time if the page has it.
fn iso_date(text: &str) -> Option<String> {
    let text = text.trim();
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes.get(range.clone()).is_some_and(|d| d.iter().all(u8::is_ascii_digit)) && !range.is_empty()
    };
    if digits(0..4)
        && matches!(bytes.get(4), Some(b'-' | b'/'))
        && digits(5..7)
        && matches!(bytes.get(7), Some(b'-' | b'/'))
        && digits(8..10)
    {
        let day = format!("{}-{}-{}", &text[0..4], &text[5..7], &text[8..10]);
        let time = text.get(10..).filter(|t| t.starts_with('T')).unwrap_or("");
        return Some(format!("{day}{time}"));
    }
    if text.len() >= 8 && digits(0..8) {
        return Some(format!("{}-{}-{}", &text[0..4], &text[4..6], &text[6..8]));
    }
    written_date(text)
}

/// "September 14, 2023", "14 Sep 2023", "Thu, 14 Sep 2023 10:00:00 GMT".
fn written_date(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let (mut day, mut month, mut year) = (None, None, None);
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(8) {
        let lower = word.to_lowercase();
        let number = lower.trim_end_matches(|c: char| c.is_alphabetic()).parse::<u32>().ok();
        if let Some(m) = MONTHS.iter().position(|m| lower.starts_with(m)) {
            month.get_or_insert(m + 1);
        } else if let Some(n) = number {
            if (1900..2100).contains(&n) {
                year.get_or_insert(n);
            } else if (1..=31).contains(&n) && day.is_none() {
                day = Some(n);
            }
        }
    }
    Some(format!("{:04}-{:02}-{:02}", year?, month?, day?))
}

/// A day in the page's own address, as many papers have it: /2023/09/14/.
fn url_date(page: &Html) -> Option<String> {
    let url = attribute(page, "link[rel=canonical]", "href").or_else(|| tag(page, "og:url"))?;
    let parts: Vec<&str> = url.split(['/', '-', '_', '.']).collect();
    parts.windows(3).find_map(|w| {
        let number = |s: &str, len: usize| (s.len() == len).then(|| s.parse::<u32>().ok()).flatten();
        let (y, m, d) = (number(w[0], 4)?, number(w[1], 2)?, number(w[2], 2)?);
        ((1990..2100).contains(&y) && (1..=12).contains(&m) && (1..=31).contains(&d))
            .then(|| format!("{y:04}-{m:02}-{d:02}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_ld_wins_and_gaps_are_filled() {
        let html = r#"<html lang="en-GB"><head><title>T | Paper</title><meta property="og:title" content="OG title"><meta property="og:site_name" content="The Paper">
            <link rel="canonical" href="https://paper.example/2024/03/05/story">
            <script type="application/ld+json">{"@graph":[{"@type":"WebPage"},{"@type":"NewsArticle","headline":"Tom &amp; Ann","author":[{"name":"A B"},{"name":"C D"}]}]}</script></head><body></body></html>"#;
        let meta = metadata(&Html::parse_document(html));
        assert_eq!(meta.title.as_deref(), Some("Tom & Ann"));
        assert_eq!(meta.byline.as_deref(), Some("A B, C D"));
        assert_eq!(meta.publisher.as_deref(), Some("The Paper"));
        assert_eq!(meta.published.as_deref(), Some("2024-03-05"));
        assert_eq!(meta.language.as_deref(), Some("en"));
    }

    #[test]
    fn dates_become_iso() {
        for (given, expected) in [
            ("2023-09-14", "2023-09-14"),
            ("2023-09-14T10:00:00Z", "2023-09-14T10:00:00Z"),
            ("September 14, 2023", "2023-09-14"),
            ("Thu, 14 Sep 2023 10:00:00 GMT", "2023-09-14"),
            ("20230914", "2023-09-14"),
        ] {
            assert_eq!(iso_date(given).as_deref(), Some(expected), "{given}");
        }
        assert_eq!(iso_date("yesterday"), None);
    }
}
