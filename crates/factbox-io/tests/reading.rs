//! Articles in: compression, folders, patterns, lines, limits, damage and charsets, from real files.

use factbox_core::Article;
use factbox_io::read::{Articles, InputFormat, ReadError, ReadOptions};
use std::io::Write;
use std::path::PathBuf;

/// A folder of one test, gone when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("factbox-reading-{}-{test}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder for temporary files");
        Folder(path)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("writable");
        std::fs::write(&path, bytes).expect("writable");
        path.to_str().expect("UTF-8").to_owned()
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn gz(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes.as_ref()).expect("in memory");
    encoder.finish().expect("in memory")
}

fn zst(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    zstd::encode_all(bytes.as_ref(), 3).expect("in memory")
}

fn read_with(inputs: &[&str], options: &ReadOptions) -> Result<Vec<Result<Article, ReadError>>, ReadError> {
    let inputs: Vec<String> = inputs.iter().map(|i| (*i).to_owned()).collect();
    Ok(Articles::open(&inputs, options)?.map(|raw| raw.and_then(|raw| raw.parse(options))).collect())
}

fn read(inputs: &[&str]) -> Vec<Result<Article, ReadError>> {
    read_with(inputs, &ReadOptions::default()).expect("the inputs are there")
}

fn one(input: &str) -> Article {
    let mut all = read(&[input]);
    assert_eq!(all.len(), 1);
    all.remove(0).expect("it can be read")
}

/// Ids of what was read, codes of what was not.
fn outline(items: &[Result<Article, ReadError>]) -> Vec<&str> {
    items.iter().map(|item| item.as_ref().map_or_else(|e| e.code, |a| a.id.as_str())).collect()
}

fn refused(inputs: &[&str]) -> ReadError {
    read_with(inputs, &ReadOptions::default()).expect_err("it must be refused")
}

const STORY: &str = "The ferry left Eastbrook at noon.\n\nNobody waved.\n";
const LINES: &str = "{\"id\":\"a\",\"text\":\"One.\"}\n{\"id\":\"b\",\"text\":\"Two.\"}\n";

#[test]
fn compressed_files_are_read_like_plain_ones() {
    let folder = Folder::new("compressed");
    for (name, bytes) in [
        ("s.txt", STORY.as_bytes().to_vec()),
        ("s.txt.gz", gz(STORY)),
        ("s.txt.zst", zst(STORY)),
        // The bytes decide, not the name: a server may have unpacked or packed on its own.
        ("unpacked/s.txt.gz", STORY.as_bytes().to_vec()),
        ("packed/s.txt", zst(STORY)),
        // Two archives one after the other are one file.
        ("two/s.txt.gz", [gz(&STORY[..10]), gz(&STORY[10..])].concat()),
    ] {
        let article = one(&folder.file(name, bytes));
        assert_eq!((article.id.as_str(), article.text.as_str()), ("s", STORY), "{name}");
    }
    for (name, bytes) in [("l.jsonl.gz", gz(LINES)), ("l.jsonl.zst", zst(LINES)), ("l.ndjson", LINES.into())] {
        assert_eq!(outline(&read(&[&folder.file(name, bytes)])), ["a", "b"], "{name}");
    }
}

#[test]
fn folders_are_read_in_the_order_of_names() {
    let folder = Folder::new("folders");
    for name in ["b.txt", "a.html", "c/d.txt.gz", "c/a.jsonl", ".hidden.txt", ".git/x.txt", "notes.md", "LICENSE"] {
        let bytes = if name.ends_with("jsonl") { LINES.into() } else { gz(STORY) };
        folder.file(name, bytes);
    }
    // A link back to the folder above must not lead around in circles.
    #[cfg(unix)]
    std::os::unix::fs::symlink(&folder.0, folder.0.join("c/loop")).expect("a link");
    let inside = folder.path("");
    assert_eq!(outline(&read(&[&inside])), ["a", "b", "a", "b", "d"]);
    // With a form given, all names are taken.
    let options = ReadOptions { format: Some(InputFormat::Txt), ..ReadOptions::default() };
    let all = read_with(&[&inside], &options).expect("readable");
    assert_eq!(outline(&all), ["LICENSE", "a", "b", "a", "d", "notes"]);
    std::fs::create_dir(folder.0.join("empty")).expect("writable");
    let error = refused(&[&folder.path("empty")]);
    assert!(error.code == "FB0402" && error.to_string().contains("the folder holds no articles"), "{error}");
}

#[test]
fn patterns_are_files_in_order() {
    let folder = Folder::new("patterns");
    for name in ["x2.txt", "x1.txt", "y1.txt", "x[1].txt", "deep/x3.txt"] {
        folder.file(name, STORY);
    }
    assert_eq!(outline(&read(&[&folder.path("x*.txt")])), ["x1", "x2", "x[1]"]);
    assert_eq!(outline(&read(&[&folder.path("?1.txt")])), ["x1", "y1"]);
    assert_eq!(outline(&read(&[&folder.path("**/x3.txt")])), ["x3"]);
    // A file of that very name wins over the pattern.
    assert_eq!(outline(&read(&[&folder.path("x[1].txt")])), ["x[1]"]);
    assert_eq!(refused(&[&folder.path("z*.txt")]).code, "FB0401");
    assert_eq!(refused(&[&folder.path("x[.txt")]).code, "FB0404");
}

#[test]
fn inputs_that_nobody_can_read_are_refused_before_the_first_article() {
    let folder = Folder::new("refused");
    let good = folder.file("good.txt", STORY);
    let missing = folder.path("missing.txt");
    let error = refused(&[&good, &missing]);
    assert_eq!((error.code, error.place.as_str()), ("FB0401", missing.as_str()));
    let error = refused(&[&good, &folder.file("story.docx", STORY)]);
    assert!(error.code == "FB0403" && error.help.contains("--input-format"), "{error}");
}

#[test]
fn errors_in_lines_name_the_line() {
    let folder = Folder::new("lines");
    let mut bytes = b"\xef\xbb\xbf{\"id\":\"bom\",\"text\":\"One.\"}\r\n\r\n".to_vec();
    for line in [
        &b"{\"id\":\"broken\",\"text\":"[..],
        b"[\"array\",\"not an object\"]",
        b"{\"id\":\"latin\",\"text\":\"caf\xe9\"}",
        b"{\"id\":\"neither\",\"title\":\"No text\"}",
        b"{\"id\":\"number\",\"text\":7}",
        b"{\"text\":\"Without an id.\"}",
        b"{\"id\":12,\"text\":\"An id that is a number.\",\"unknown\":{\"key\":[1]}}",
        b"{\"id\":\"last\",\"text\":\"No line end behind it.\"}",
    ] {
        bytes.extend_from_slice(line);
        bytes.push(b'\n');
    }
    bytes.pop();
    let file = folder.file("in.jsonl", bytes);
    let items = read(&[&file]);
    assert_eq!(outline(&items), ["bom", "FB0420", "FB0420", "FB0421", "FB0422", "FB0420", "in:8", "12", "last"]);
    for (item, line) in items.iter().zip([1, 3, 4, 5, 6, 7]).skip(1).take(5) {
        let error = item.as_ref().expect_err("an error");
        assert_eq!(error.place, format!("{file}:{line}"), "{error}");
    }
    let latin = items[3].as_ref().expect_err("not UTF-8").to_string();
    assert!(latin.contains("from byte 26 on"), "{latin}");
}

#[test]
fn the_limit_holds_for_what_is_unpacked() {
    let folder = Folder::new("limit");
    let options = ReadOptions { max_article_bytes: 1000, ..ReadOptions::default() };
    let at = |name: &str, bytes: Vec<u8>| read_with(&[&folder.file(name, bytes)], &options).expect("readable");
    assert_eq!(outline(&at("fits.txt", vec![b'x'; 1000])), ["fits"]);
    assert_eq!(outline(&at("long.txt", vec![b'x'; 1001])), ["FB0410"]);
    // A thousand times as much as its archive.
    let bomb = gz(vec![b'x'; 5_000_000]);
    assert!(bomb.len() < 10_000);
    assert_eq!(outline(&at("bomb.txt.gz", bomb)), ["FB0410"]);
    let lines = format!("{{\"id\":\"long\",\"text\":\"{}\"}}\n{LINES}", "x".repeat(2000));
    let items = at("in.jsonl", lines.clone().into_bytes());
    assert_eq!(outline(&items), ["FB0410", "a", "b"]);
    let error = items[0].as_ref().expect_err("too long");
    assert!(error.place.ends_with("in.jsonl:1") && error.help.contains("max-article-bytes"), "{error}");
    // A last line that is too long and has no end.
    assert_eq!(outline(&at("end.jsonl", format!("{LINES}{}", &lines[..1500]).into_bytes())), ["a", "b", "FB0410"]);
}

#[test]
fn damaged_archives_cost_themselves_only() {
    let folder = Folder::new("damaged");
    let good = folder.file("good.txt", STORY);
    let noise: String =
        (0..20_000u32).map(|n| char::from(b' ' + (n.wrapping_mul(2_654_435_761) >> 25) as u8 % 90)).collect();
    let cut = |mut bytes: Vec<u8>| {
        bytes.truncate(bytes.len() / 2);
        bytes
    };
    let mut flipped = gz(&noise);
    let checksum = flipped.len() - 6;
    flipped[checksum] ^= 0x55;
    for (name, bytes) in [
        ("cut.txt.gz", cut(gz(&noise))),
        ("cut.txt.zst", cut(zst(&noise))),
        ("checksum.txt.gz", flipped),
        ("magic.txt.gz", vec![0x1f, 0x8b]),
        ("magic.txt.zst", vec![0x28, 0xb5, 0x2f, 0xfd]),
    ] {
        let file = folder.file(name, bytes);
        let items = read(&[&file, &good]);
        assert_eq!(outline(&items), ["FB0411", "good"], "{name}");
        assert_eq!(items[0].as_ref().expect_err("damaged").place, file);
    }
    // What came before the damage is read.
    let lines: String = (0..3000).map(|n| format!("{{\"id\":\"{n}\",\"text\":\"{}\"}}\n", n * 7919)).collect();
    let file = folder.file("cut.jsonl.gz", cut(gz(&lines)));
    let items = read(&[&file, &good]);
    let read = items.iter().filter(|i| i.is_ok()).count() - 1;
    assert!(read > 100, "{read}");
    assert_eq!(outline(&items[read..]), ["FB0411", "good"]);
    let error = items[read].as_ref().expect_err("damaged");
    assert_eq!(error.place, format!("{file}:{}", read + 1));
}

#[test]
fn text_is_decoded_and_otherwise_unchanged() {
    let folder = Folder::new("charsets");
    let french = "Le préfet a déclaré que le café « Étoile » était fermé depuis l'été.";
    let latin: Vec<u8> = french.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    let wide = |mark: u16, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(mark).chain(french.encode_utf16()).flat_map(bytes).collect()
    };
    for (name, bytes) in [
        ("utf8.txt", french.as_bytes().to_vec()),
        ("mark.txt", [b"\xef\xbb\xbf", french.as_bytes()].concat()),
        ("latin1.txt", latin.clone()),
        ("little.txt", wide(0xfeff, u16::to_le_bytes)),
        ("big.txt.gz", gz(wide(0xfeff, u16::to_be_bytes))),
    ] {
        let article = one(&folder.file(name, bytes));
        assert_eq!(article.text, french, "{name}");
        assert!(article.notes.is_empty(), "{name}: {:?}", article.notes);
    }
    let odd = "Line one.\r\n\r\n\tLine\u{a0}two \u{1f600}\r\n\n  ";
    assert_eq!(one(&folder.file("odd.txt", odd)).text, odd);
    assert_eq!(one(&folder.file("empty.txt", "")).text, "");
    let items = read(&[&folder.file("binary.txt", [0u8, 1, 2, 0, 3, 0, 0, 9].repeat(50))]);
    assert_eq!(outline(&items), ["FB0423"]);
    // A page that says UTF-8 and is not: read with what is lost marked, and noted.
    let page = [b"<html><head><meta charset=utf-8></head><body><p>", &latin[..], b"</p></body></html>"].concat();
    let article = one(&folder.file("page.html", page));
    assert_eq!(article.notes.len(), 1);
    assert_eq!(article.notes[0].code, "FB1101");
}

#[test]
fn pages_give_text_metadata_and_zones() {
    let folder = Folder::new("pages");
    let paragraph = |n: u32| {
        format!("<p>Paragraph {n} tells what the council of Eastbr\u{fc}ck decided, and why it took so long.</p>")
    };
    let page = format!(
        "<html lang=en><head><meta charset=\"iso-8859-1\"><title>Bridge closes | Daily</title><meta property=\"og:title\" content=\"Bridge closes\">
         <meta property=\"article:published_time\" content=\"2024-05-06T07:08:09Z\"></head><body><nav><a href=/>Home</a></nav><article><h1>Bridge closes</h1>
         {}{}<h2>What it costs</h2>{}<table><tr><td>Bridge<td>2.4</tr><tr><td>Ferry<td>0.3</tr></table>{}</article><footer>Imprint</footer></body></html>",
        paragraph(1), paragraph(2), paragraph(3), paragraph(4)
    );
    let latin: Vec<u8> = page.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    for bytes in [latin.clone(), gz(&latin)] {
        let article = one(&folder.file("page.html", bytes));
        assert_eq!(article.id, "page");
        assert_eq!(article.meta.title.as_deref(), Some("Bridge closes"));
        assert_eq!(article.meta.published.as_deref(), Some("2024-05-06T07:08:09Z"));
        let lines: Vec<&str> = article.text.split("\n\n").collect();
        assert!(lines[0].starts_with("Paragraph 1") && lines[0].contains("Eastbr\u{fc}ck"), "{lines:?}");
        assert!(!article.text.contains("Imprint") && !article.text.contains("Home"), "{lines:?}");
        let zones: Vec<_> = article.hints.iter().map(|z| (z.kind.name(), z.span.of(&article.text))).collect();
        assert_eq!(zones, [("subhead", "What it costs"), ("table", "Bridge | 2.4"), ("table", "Ferry | 0.3")]);
    }
    assert_eq!(one(&folder.file("empty.html", "<html><body></body></html>")).text, "");
}
