//! The tables under `data/` are well-formed: a comment header that names a licence, rows of one width, no row twice.

use std::path::{Path, PathBuf};

fn tables(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of tables") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            tables(&path, out);
        } else if path.extension().is_some_and(|e| e == "tsv") {
            out.push(path);
        }
    }
}

#[test]
fn every_table_is_well_formed() {
    let mut all = Vec::new();
    tables(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data"), &mut all);
    assert!(all.len() >= 20, "{} tables", all.len());
    for path in all {
        let content = std::fs::read_to_string(&path).expect("UTF-8");
        let file = path.display();
        let header: Vec<&str> = content.lines().take_while(|l| l.starts_with('#')).collect();
        assert!(header.iter().any(|l| l.to_lowercase().contains("licence")), "{file}: no licence in the header");
        let rows: Vec<&str> = content.lines().filter(|l| !l.starts_with('#')).collect();
        let width = rows[0].split('\t').count();
        let mut seen = std::collections::HashSet::new();
        for row in rows {
            assert_eq!(row.split('\t').count(), width, "{file}: {row}");
            assert!(seen.insert(row), "{file}: twice: {row}");
        }
    }
}
