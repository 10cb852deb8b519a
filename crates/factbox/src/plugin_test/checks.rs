//! The checks of the conformance suite. Each takes the bench and gives a verdict: what was tried, or what is wrong, on which text.

use super::bench::{Bench, Made, Refused};
use super::texts::{ARTICLE, Text, short, texts};
use factbox_core::metadata::{OptionDeclaration, OptionType, PluginMeta};
use factbox_layer::BASE_LAYERS;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::PathBuf;

/// What a check found.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Verdict {
    /// What was tried.
    pub tried: String,
    /// What is wrong.
    pub wrong: Vec<String>,
    /// What the author may want to know.
    pub notes: Vec<String>,
}

/// What the checks are given besides the plugin.
pub struct Given {
    /// The author's articles.
    pub texts: Vec<Text>,
    /// What is expected to be found in them.
    pub snapshot: Option<PathBuf>,
    /// Articles of the memory check.
    pub articles: usize,
    /// Seconds that an article may take.
    pub patience: u64,
}

type Check = fn(&Bench, &Given, &mut Verdict) -> Result<(), Refused>;

/// The checks that run the plugin, in order: name, what it asks, the check.
pub const CHECKS: [(&str, &str, Check); 8] = [
    ("start", "it starts with its defaults, without the layers it can do without, and again and again", start),
    ("options", "every value that its metadata allows is taken or refused in words, every other is refused", options),
    ("texts", "any text comes through, and all it emits is declared and holds", any_text),
    ("repeat", "the same text gives the same output, in the same instance and in a new one", repeat),
    ("threads", "eight threads give the same output as one", threads),
    ("cancel", "it stops soon when it is told to", cancel),
    ("memory", "memory does not grow with the number of articles", memory),
    ("snapshot", "it finds what it found before", snapshot),
];

/// Whether the metadata is complete: that needs no running.
pub fn metadata(meta: &PluginMeta) -> Verdict {
    let mut wrong = Vec::new();
    let mut ask = |missing: bool, what: String| {
        if missing {
            wrong.push(what);
        }
    };
    ask(meta.summary.is_empty(), "`summary` is missing: one line for `factbox plugin list`".into());
    ask(!is_version(&meta.version), format!("the version `{}` is not of the form 1.2.3", meta.version));
    ask(meta.provides.is_empty(), "it provides no layer".into());
    for (i, required) in meta.requires.iter().enumerate() {
        let name = meta.required(i).0;
        let again = meta.requires[..i].iter().any(|r| r.trim_end_matches('?') == name);
        ask(again, format!("`requires` names `{required}` twice"));
        ask(meta.provides.iter().any(|l| l.layer == name), format!("it requires `{name}`, which it provides itself"));
    }
    let readable = |name: &str| {
        BASE_LAYERS.contains(&name)
            || (0..meta.requires.len()).any(|i| meta.required(i).0 == name)
            || meta.provides.iter().any(|l| l.layer == name)
    };
    for layer in &meta.provides {
        let name = &layer.layer;
        ask(layer.doc.is_empty(), format!("layer `{name}`: `doc` is missing"));
        for attribute in &layer.attributes {
            ask(attribute.doc.is_empty(), format!("layer `{name}`, attribute `{}`: `doc` is missing", attribute.name));
            let target = attribute.layer.as_deref().unwrap_or(name);
            ask(
                !readable(target),
                format!(
                    "layer `{name}`, attribute `{}` refers to `{target}`, which is neither required nor provided",
                    attribute.name
                ),
            );
        }
    }
    for (i, option) in meta.options.iter().enumerate() {
        ask(option.doc.is_empty(), format!("option `{}`: `doc` is missing", option.name));
        ask(
            meta.options[..i].iter().any(|o| o.name == option.name),
            format!("option `{}` is declared twice", option.name),
        );
    }
    let attributes: usize = meta.provides.iter().map(|l| l.attributes.len()).sum();
    let tried = format!("{} layers, {attributes} attributes, {} options", meta.provides.len(), meta.options.len());
    Verdict { tried, wrong, notes: Vec::new() }
}

fn is_version(version: &str) -> bool {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    core.split('.').count() == 3
        && core.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

impl Verdict {
    /// Notes what is wrong on a text; the first few are enough.
    fn on(&mut self, name: &str, made: &Made) {
        for error in &made.errors {
            self.wrong(format!("{name}: {} [{}]", error.message, error.code));
        }
    }

    fn wrong(&mut self, what: String) {
        self.wrong.push(what);
    }
}

impl Given {
    fn timeout(&self) -> String {
        format!("{}ms", (self.patience * 1000 / 4).clamp(250, 20_000))
    }
}

fn start(bench: &Bench, given: &Given, verdict: &mut Verdict) -> Result<(), Refused> {
    const TIMES: usize = 20;
    let bare = bench.host(true, Some(&given.timeout()), None)?;
    let mut worker = bench.worker(&bare)?;
    let made = bench.run(&bare, &mut worker, "an ordinary article", ARTICLE);
    verdict.on("an ordinary article, with only the layers it must have", &made);
    for _ in 0..TIMES {
        let mut again = bench.worker(&bare)?;
        if bench.run(&bare, &mut again, "again", ARTICLE).lines != made.lines {
            verdict.wrong("an instance made later finds something else in the same article".into());
            break;
        }
    }
    verdict.tried = format!("{TIMES} instances, one after the other");
    Ok(())
}

/// Values of an option: those its metadata allows, told whether they must be taken, and those it does not allow.
fn values(option: &OptionDeclaration) -> (Vec<(serde_json::Value, bool)>, Vec<serde_json::Value>) {
    let bounded = option.min.is_some() && option.max.is_some();
    let words: Vec<serde_json::Value> = option.values.iter().map(|v| json!(v)).collect();
    let (good, bad): (Vec<serde_json::Value>, Vec<serde_json::Value>) = match option.kind {
        OptionType::Bool => (vec![json!(true), json!(false)], vec![json!(1), json!("true")]),
        OptionType::Integer => (
            vec![json!(option.min.unwrap_or(i64::MIN)), json!(option.max.unwrap_or(i64::MAX)), json!(0), json!(1)],
            vec![json!("1"), json!(1.5), json!(true), json!([1])],
        ),
        OptionType::Float => (
            vec![
                json!(option.min.map_or(-1e300, |n| n as f64)),
                json!(option.max.map_or(1e300, |n| n as f64)),
                json!(0.0),
                json!(0.5),
            ],
            vec![json!("0.5"), json!(false), json!([])],
        ),
        OptionType::String if !words.is_empty() => (words, vec![json!("no such word"), json!(1)]),
        OptionType::List if !words.is_empty() => {
            (vec![json!([]), json!(words)], vec![json!(["no such word"]), json!("x"), json!([1])])
        }
        OptionType::String => (
            vec![json!(""), json!("x"), json!("\u{1f469}\u{0}\"\\\n"), json!("x".repeat(10_000))],
            vec![json!(1), json!(["x"])],
        ),
        OptionType::Path => (vec![json!(""), json!("no/such/file"), json!("/")], vec![json!(1), json!([])]),
        OptionType::List => (
            vec![json!([]), json!(["x"]), json!(["", "\u{e9}\u{0}"]), json!(vec!["x"; 1000])],
            vec![json!("x"), json!([1]), json!(true)],
        ),
    };
    let binding = match option.kind {
        OptionType::Bool => true,
        OptionType::Integer | OptionType::Float => bounded,
        OptionType::String | OptionType::List => !option.values.is_empty(),
        OptionType::Path => false,
    };
    let mut bad = bad;
    bad.extend(option.min.and_then(|n| n.checked_sub(1)).map(|n| json!(n)));
    bad.extend(option.max.and_then(|n| n.checked_add(1)).map(|n| json!(n)));
    let mut good: Vec<_> = good.into_iter().filter(|v| option.accepts(v).is_ok()).map(|v| (v, binding)).collect();
    good.push((option.default.clone(), true));
    (good, bad)
}

fn options(bench: &Bench, given: &Given, verdict: &mut Verdict) -> Result<(), Refused> {
    let (mut taken, mut refused) = (0, 0);
    // Options that the caller has set stay as they are.
    for option in bench.library.meta.options.iter().filter(|o| bench.options.iter().all(|(name, _)| *name != o.name)) {
        let name = option.name.as_str();
        let (good, bad) = values(option);
        for (value, must) in good {
            let text = value.to_string();
            let shown: String = text.chars().take(40).collect();
            let host = bench.host(false, Some(&given.timeout()), Some((name, &text)))?;
            match bench.worker(&host) {
                Ok(mut worker) => {
                    taken += 1;
                    for sample in given
                        .texts
                        .iter()
                        .map(|t| (t.name.as_str(), t.text.as_str()))
                        .chain([("an ordinary article", ARTICLE)])
                    {
                        let made = bench.run(&host, &mut worker, sample.0, sample.1);
                        verdict.on(&format!("option `{name}` = {shown}, {}", sample.0), &made);
                    }
                }
                Err(Refused::Plugin(_, why)) if why.starts_with("it panicked") || why.contains("no message") => {
                    verdict.wrong(format!("option `{name}` = {shown}: {why}; refuse it in words instead"));
                }
                Err(Refused::Plugin(_, why)) if must => {
                    verdict.wrong(format!("option `{name}` = {shown} is allowed by its metadata, yet refused: {why}"));
                }
                Err(Refused::Plugin(at, why)) if at != name => {
                    verdict.wrong(format!("option `{name}` = {shown} is refused without naming the option: {why}"));
                }
                Err(Refused::Plugin(..)) => refused += 1,
                Err(other) => return Err(other),
            }
        }
        for value in bad {
            if bench.host(false, None, Some((name, &value.to_string()))).is_ok() {
                verdict.wrong(format!("option `{name}`: the host lets {value} pass"));
            }
            refused += 1;
        }
    }
    verdict.tried = format!(
        "{} options: {taken} values taken, {refused} refused",
        bench.library.meta.options.len() - bench.options.len()
    );
    Ok(())
}

fn any_text(bench: &Bench, given: &Given, verdict: &mut Verdict) -> Result<(), Refused> {
    let (host, mut worker) = bench.ready(Some(&given.timeout()))?;
    let (mut found, mut count, mut slowest) = (String::new(), 0, (0, String::new()));
    for text in given.texts.iter().chain(&texts()) {
        let made = bench.run(&host, &mut worker, &text.name, &text.text);
        verdict.on(&text.name, &made);
        count += 1;
        if made.ms > slowest.0 {
            slowest = (made.ms, text.name.clone());
        }
        if text.text.len() < 100_000 {
            found.push_str(&made.lines);
        }
    }
    let none = "add an article that has some with --text, or take it out of the metadata";
    for layer in &bench.library.meta.provides {
        let lines: Vec<&str> = found.lines().filter(|l| l.starts_with(&format!("{} ", layer.layer))).collect();
        if lines.is_empty() {
            verdict.notes.push(format!("layer `{}`: nothing was found in any text; {none}", layer.layer));
            continue;
        }
        let unseen = |mark: String| !lines.iter().any(|l| l.contains(&mark));
        let kinds: Vec<&str> =
            layer.kinds.iter().filter(|k| unseen(format!(" {}={k}", layer.kind))).map(String::as_str).collect();
        let attributes: Vec<&str> =
            layer.attributes.iter().map(|a| a.name.as_str()).filter(|a| unseen(format!(" {a}="))).collect();
        for (what, names) in [("kinds", kinds), ("attributes", attributes)] {
            if !names.is_empty() {
                verdict.notes.push(format!("layer `{}`: {what} never seen: {}; {none}", layer.layer, names.join(", ")));
            }
        }
    }
    verdict.tried = format!(
        "{count} texts; {} annotations in the short ones; the slowest took {} ms ({})",
        found.lines().count(),
        slowest.0,
        slowest.1
    );
    Ok(())
}

fn repeat(bench: &Bench, given: &Given, verdict: &mut Verdict) -> Result<(), Refused> {
    let (host, mut worker) = bench.ready(Some(&given.timeout()))?;
    let texts = short(100_000);
    let texts: Vec<&Text> = given.texts.iter().chain(&texts).collect();
    let first: Vec<Made> = texts.iter().map(|t| bench.run(&host, &mut worker, &t.name, &t.text)).collect();
    let mut fresh = bench.worker(&host)?;
    // Backwards, so that what an instance remembers of the text before shows.
    for (text, first) in texts.iter().zip(&first).rev() {
        for (who, worker) in [("the same instance", &mut worker), ("a new instance", &mut fresh)] {
            let made = bench.run(&host, worker, &text.name, &text.text);
            if made.lines != first.lines {
                verdict.wrong(format!(
                    "{}: {who} finds something else the second time{}",
                    text.name,
                    difference(&first.lines, &made.lines)
                ));
            }
        }
    }
    verdict.tried = format!("{} texts three times, in two orders", texts.len());
    Ok(())
}

fn threads(bench: &Bench, given: &Given, verdict: &mut Verdict) -> Result<(), Refused> {
    const THREADS: usize = 8;
    let (host, mut worker) = bench.ready(Some(&given.timeout()))?;
    let texts = short(20_000);
    let texts: Vec<&Text> = given.texts.iter().chain(&texts).collect();
    let alone: Vec<Made> = texts.iter().map(|t| bench.run(&host, &mut worker, &t.name, &t.text)).collect();
    let workers = (0..THREADS).map(|_| bench.worker(&host)).collect::<Result<Vec<_>, _>>()?;
    let together: Vec<Vec<Made>> = std::thread::scope(|scope| {
        let running: Vec<_> = workers
            .into_iter()
            .enumerate()
            .map(|(number, mut worker)| {
                let (host, texts) = (&host, &texts);
                scope.spawn(move || {
                    let mut made: Vec<(usize, Made)> = (0..texts.len())
                        .map(|i| (i + number) % texts.len())
                        .map(|i| (i, bench.run(host, &mut worker, &texts[i].name, &texts[i].text)))
                        .collect();
                    made.sort_by_key(|m| m.0);
                    made.into_iter().map(|m| m.1).collect()
                })
            })
            .collect();
        running.into_iter().filter_map(|thread| thread.join().ok()).collect()
    });
    if together.len() != THREADS {
        verdict.wrong("a thread of the test itself failed".into());
    }
    for (i, text) in texts.iter().enumerate() {
        if let Some(other) = together.iter().find(|made| made[i].lines != alone[i].lines) {
            verdict.wrong(format!(
                "{}: a thread among eight finds something else{}",
                text.name,
                difference(&alone[i].lines, &other[i].lines)
            ));
        }
    }
    verdict.tried = format!("{} texts on {THREADS} threads", texts.len());
    Ok(())
}

fn difference(expected: &str, found: &str) -> String {
    let mut pairs = expected
        .lines()
        .map(Some)
        .chain(std::iter::repeat(None))
        .zip(found.lines().map(Some).chain(std::iter::repeat(None)));
    let lines = expected.lines().count().max(found.lines().count());
    match pairs.by_ref().take(lines).find(|(a, b)| a != b) {
        Some((a, b)) => {
            format!("\n        expected: {}\n        found:    {}", a.unwrap_or("nothing"), b.unwrap_or("nothing"))
        }
        None => String::new(),
    }
}

fn cancel(bench: &Bench, given: &Given, verdict: &mut Verdict) -> Result<(), Refused> {
    const SOON: u64 = 1_000;
    let (host, mut worker) = bench.ready(Some("1ms"))?;
    let (mut longest, mut count) = (0, 0);
    for text in given.texts.iter().chain(&texts()) {
        let made = bench.run(&host, &mut worker, &text.name, &text.text);
        if made.ms > SOON {
            verdict.wrong(format!("{}: it went on for {} ms though it was told to stop after 1 ms; look at the article's cancel flag at every sentence", text.name, made.ms));
        }
        for error in made.errors.iter().filter(|e| e.code == "FB1203" || e.code == "FB1205") {
            verdict.wrong(format!("{}: {}", text.name, error.message));
        }
        (longest, count) = (made.ms.max(longest), count + 1);
    }
    verdict.tried = format!("{count} texts with 1 ms each; the longest took {longest} ms");
    Ok(())
}

/// Resident memory in KiB, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn memory(bench: &Bench, given: &Given, verdict: &mut Verdict) -> Result<(), Refused> {
    const MOST_KIB: u64 = 2048;
    let (host, mut worker) = bench.ready(None)?;
    let warm = given.articles / 5;
    let mut before = None;
    for number in 0..given.articles {
        if number == warm {
            before = resident();
        }
        // Each article a little different, so that a store of what was seen shows.
        let text = format!("Article number {number} of Vessel{number}.\n\n{ARTICLE}");
        bench.run(&host, &mut worker, "memory", &text);
    }
    let articles = given.articles - warm;
    match (before, resident()) {
        (Some(before), Some(after)) => {
            let grown = after.saturating_sub(before);
            if grown > MOST_KIB {
                verdict.wrong(format!(
                    "memory grew by {grown} KiB over {articles} articles, {} bytes an article",
                    grown * 1024 / articles.max(1) as u64
                ));
            }
            verdict.tried = format!("{} articles; grew by {grown} KiB over the last {articles}", given.articles);
        }
        _ => verdict.notes.push("this system does not tell how much memory a process has: not checked".into()),
    }
    Ok(())
}

fn snapshot(bench: &Bench, given: &Given, verdict: &mut Verdict) -> Result<(), Refused> {
    let Some(path) = &given.snapshot else { return Ok(()) };
    let (host, mut worker) = bench.ready(None)?;
    let found: String = given.texts.iter().map(|t| bench.run(&host, &mut worker, &t.name, &t.text).lines).collect();
    verdict.tried = format!("{} annotations", found.lines().count());
    if std::env::var_os("FACTBOX_UPDATE").is_some_and(|v| v == "1") {
        match std::fs::write(path, found) {
            Ok(()) => verdict.notes.push(format!("wrote {}", path.display())),
            Err(e) => verdict.wrong(format!("{} cannot be written: {e}", path.display())),
        }
        return Ok(());
    }
    match std::fs::read_to_string(path) {
        Ok(expected) => {
            let expected = expected.replace("\r\n", "\n");
            if expected != found {
                verdict.wrong(format!(
                    "{} says otherwise; FACTBOX_UPDATE=1 accepts what is found now{}",
                    path.display(),
                    difference(&expected, &found)
                ));
            }
        }
        Err(e) => verdict.wrong(format!("{} cannot be read: {e}; FACTBOX_UPDATE=1 writes it", path.display())),
    }
    Ok(())
}
