//! Offsets in code points, bytes and UTF-16 units, on a text that tells the three apart.

use crate::support::*;

const TEXT: &str = "Paris \u{1f600}: \u{201c}Cafe\u{301} No\u{a0}5 is \u{1f1eb}\u{1f1f7} ours,\u{201d} said Ann Smith.\r\n\r\nMr Smith paid \u{20ac}1.5 million in Paris.\r\n";

fn spans(value: &serde_json::Value, found: &mut Vec<(u64, u64, String)>) {
    if let (Some(start), Some(end), Some(text)) =
        (value["start"].as_u64(), value["end"].as_u64(), value["text"].as_str())
    {
        found.push((start, end, text.to_owned()));
    }
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|v| spans(v, found)),
        serde_json::Value::Object(fields) => fields.values().for_each(|v| spans(v, found)),
        _ => {}
    }
}

#[test]
fn all_three_units_point_at_the_same_words() {
    let code_points: Vec<char> = TEXT.chars().collect();
    let utf16: Vec<u16> = TEXT.encode_utf16().collect();
    let mut counts = Vec::new();
    for unit in ["codepoint", "utf8", "utf16"] {
        let out = run_with_input(
            &["run", "-", "--input-format", "txt", "--format", "jsonl", "--offsets", unit],
            TEXT.as_bytes(),
        );
        let record = records(&out).remove(0);
        assert_eq!(record["text"], TEXT);
        let mut found = Vec::new();
        spans(&record, &mut found);
        for (start, end, text) in &found {
            let (start, end) = (*start as usize, *end as usize);
            let there = match unit {
                "codepoint" => code_points[start..end].iter().collect(),
                "utf8" => TEXT[start..end].to_owned(),
                _ => String::from_utf16(&utf16[start..end]).expect("whole characters"),
            };
            assert_eq!(&there, text, "{unit}");
        }
        counts.push(found);
    }
    assert!(counts[0].len() >= 4, "{:?}", counts[0]);
    let words = |found: &Vec<(u64, u64, String)>| found.iter().map(|f| f.2.clone()).collect::<Vec<_>>();
    assert_eq!(words(&counts[0]), words(&counts[1]));
    assert_eq!(words(&counts[0]), words(&counts[2]));
    assert_ne!(counts[0], counts[1]);
    assert_ne!(counts[0], counts[2]);
}
