//! The ratchet: runs the evaluation and compares each of its figures with the floor committed in quality.toml, so that no change loses accuracy
//! unseen. Floors are raised with every gain and lowered only by hand, with a reason in the commit.

use crate::build::{release, root, target};
use crate::{Done, print, say};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// A figure may fall short of its floor by this much: a few predictions of a small set.
const SLACK: f64 = 0.0015;

type Figures = BTreeMap<String, f64>;

/// Runs the task.
pub fn quality(eval: &Path, raise: bool) -> Done {
    let script = eval.join("evaluate.py");
    if !script.exists() {
        say(&format!("quality: skipped, there is no evaluation in {}", eval.display()));
        return Ok(());
    }
    release()?;
    let goals = goals(&eval.join("goals.json"))?;
    let measured = measure(&script)?;
    let path = root().join("quality.toml");
    let floors = read(&path)?;
    let mut fallen = Vec::new();
    for (name, floor) in &floors {
        match measured.get(name) {
            Some(now) if *now + SLACK >= *floor => {}
            Some(now) => fallen.push(format!("{name}: {now:.4}, floor {floor:.4}")),
            None => fallen.push(format!("{name}: not measured any more, floor {floor:.4}")),
        }
    }
    if raise {
        let raised: Figures = goals
            .iter()
            .filter_map(|name| {
                let now = *measured.get(name)?;
                Some((name.clone(), floors.get(name).copied().unwrap_or(0.0).max((now * 1e4).floor() / 1e4)))
            })
            .collect();
        write(&path, &raised)?;
    }
    if fallen.is_empty() {
        print(&format!("quality: {} figures at or above their floors", floors.len()));
        Ok(())
    } else {
        Err(format!("figures below their floors (quality.toml):\n  {}", fallen.join("\n  ")))
    }
}

/// Names of the figures that the goals are about: topic.corpus.metric.
fn goals(path: &Path) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let goals: serde_json::Value = serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
    let name = |g: &serde_json::Value| {
        Some(format!("{}/{}/{}", g["topic"].as_str()?, g["corpus"].as_str()?, g["metric"].as_str()?))
    };
    Ok(goals.as_array().into_iter().flatten().filter_map(name).collect())
}

fn measure(script: &Path) -> Result<Figures, String> {
    let out = Command::new("python3")
        .arg(script)
        .arg("--factbox")
        .arg(target().join("factbox"))
        .arg("--json")
        .current_dir(root())
        .output()
        .map_err(|e| format!("python3 cannot be started: {e}"))?;
    let text = String::from_utf8_lossy(&out.stdout);
    let results: serde_json::Value = serde_json::from_str(&text)
        .map_err(|e| format!("the evaluation gave no figures: {e}\n{}", String::from_utf8_lossy(&out.stderr)))?;
    let mut figures = Figures::new();
    for (topic, corpora) in results.as_object().into_iter().flatten() {
        for (corpus, metrics) in corpora.as_object().into_iter().flatten() {
            for (metric, value) in metrics.as_object().into_iter().flatten() {
                if let Some(value) = value.as_f64() {
                    figures.insert(format!("{topic}/{corpus}/{metric}"), value);
                }
            }
        }
    }
    let bad: f64 = figures.iter().filter(|(name, _)| name.ends_with("/bad_spans")).map(|(_, n)| n).sum();
    if bad > 0.0 { Err(format!("{bad} spans do not match their text")) } else { Ok(figures) }
}

fn read(path: &Path) -> Result<Figures, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let table: toml::Table = text.parse().map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(table.into_iter().filter_map(|(name, value)| Some((name, value.as_float()?))).collect())
}

fn write(path: &Path, floors: &Figures) -> Done {
    let mut text = String::from(
        "# Floors of the evaluation's figures: topic/corpus/metric. `cargo xtask quality` fails below them, `cargo xtask quality --raise` raises them.\n\
         # Lower one only by hand, with the reason in the commit.\n",
    );
    for (name, floor) in floors {
        text.push_str(&format!("\"{name}\" = {floor:.4}\n"));
    }
    std::fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}
