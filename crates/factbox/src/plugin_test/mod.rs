//! `factbox plugin test`: the conformance suite. Each check that runs the plugin has a process of its own, this same command once more, so that a crash or
//! an endless loop costs one check, and so that what a plugin writes to standard output is seen.

mod bench;
mod checks;
mod texts;

pub use bench::providers;

use crate::cli::TestArgs;
use crate::report::{Exit, Failure, Report};
use bench::Bench;
use checks::{CHECKS, Given, Verdict, metadata};
use factbox_host::{Inspected, Search, inspect};
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use texts::Text;

/// Things that are wrong with one check and are shown.
const SHOWN: usize = 5;

/// Runs the command.
pub fn test(args: &TestArgs, report: &Report) -> Result<Exit, Failure> {
    // A name without a folder would be looked for in the system's folders.
    let library = std::path::absolute(&args.library)?;
    let found = inspect(&library).map_err(|e| Failure::Library(Box::new(e)))?;
    if let Some(result) = &args.result {
        return inside(args, found, result);
    }
    let names: Vec<&str> = ["metadata"].into_iter().chain(CHECKS.map(|c| c.0)).chain(["stdout"]).collect();
    if let Some(unknown) = args.only.iter().find(|name| !names.contains(&name.as_str())) {
        return Err(Failure::other(format!("there is no check `{unknown}`"), &format!("checks: {}", names.join(", "))));
    }
    // What cannot be tested at all is said before anything runs.
    let meta = found.meta.clone();
    prepare(args, found)?;
    let wanted = |name: &str| args.only.is_empty() || args.only.iter().any(|only| only == name);
    report.print(&format!("plugin `{}` {}: {}\n\n", meta.id, meta.version, args.library.display()))?;
    let (mut ran, mut failed) = (0, 0);
    let mut tell = |name: &str, asks: &str, verdict: &Verdict| {
        ran += 1;
        failed += usize::from(!verdict.wrong.is_empty());
        report.print(&lines(name, asks, verdict))
    };
    if wanted("metadata") {
        tell("metadata", "layers, attributes and options are declared and explained", &metadata(&meta))?;
    }
    let folder = Scratch::new()?;
    let mut noise = Verdict { tried: "standard output of all checks".into(), ..Verdict::default() };
    for (name, asks, _) in CHECKS.iter().filter(|c| c.0 != "snapshot" || args.snapshot.is_some()) {
        if wanted(name) || wanted("stdout") {
            let verdict = apart(args, name, &folder.0, &mut noise)?;
            if wanted(name) {
                tell(name, asks, &verdict)?;
            }
        }
    }
    if wanted("stdout") {
        tell("stdout", "it writes nothing there: that place belongs to the records", &noise)?;
    }
    let end = if failed == 0 {
        format!("\nall {ran} checks passed\n")
    } else {
        format!("\n{failed} of {ran} checks failed\n")
    };
    report.print(&end)?;
    Ok(if failed == 0 { Exit::Success } else { Exit::SomeFailed })
}

fn lines(name: &str, asks: &str, verdict: &Verdict) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    if verdict.wrong.is_empty() {
        let _ = writeln!(out, "  ok    {name:9} {}", verdict.tried);
    } else {
        let _ = writeln!(out, "  FAIL  {name:9} asked: {asks}");
        for wrong in verdict.wrong.iter().take(SHOWN) {
            let _ = writeln!(out, "      - {wrong}");
        }
        if verdict.wrong.len() > SHOWN {
            let _ = writeln!(out, "      - and {} more", verdict.wrong.len() - SHOWN);
        }
    }
    for note in &verdict.notes {
        let _ = writeln!(out, "      note: {note}");
    }
    out
}

/// The bench and what the author gave.
fn prepare(args: &TestArgs, found: Inspected) -> Result<(Bench, Given), Failure> {
    let mut options = Vec::new();
    for given in &args.option {
        let Some((name, value)) = given.split_once('=') else {
            return Err(Failure::other(format!("`{given}` is no option"), "write it as NAME=VALUE"));
        };
        // A bare word is a string: --option how=loud.
        let value = if value.parse::<toml_edit::Value>().is_ok() {
            value.to_owned()
        } else {
            serde_json::Value::from(value).to_string()
        };
        options.push((name.to_owned(), value));
    }
    let mut texts = Vec::new();
    for path in &args.text {
        let bytes = std::fs::read(path).map_err(|e| Failure::Io(format!("{} cannot be read", path.display()), e))?;
        texts.push(Text { name: path.display().to_string(), text: String::from_utf8_lossy(&bytes).into_owned() });
    }
    let mut given_folders = args.plugin_dir.clone();
    given_folders.extend(found.path.parent().map(Path::to_owned));
    let id = found.meta.id.clone();
    let bench = Bench::new(found, &Search::standard(&given_folders), options).map_err(|layer| {
        Failure::other(
            format!("the plugin `{id}` requires the layer `{layer}`, which no plugin here provides"),
            "name the folder of the plugin that does with --plugin-dir; `factbox plugin list` shows what there is",
        )
    })?;
    let given = Given { texts, snapshot: args.snapshot.clone(), articles: args.articles, patience: args.patience };
    // Options that the host refuses are the caller's slip, not the plugin's.
    match bench.host(false, None, None) {
        Err(bench::Refused::Host(why)) => Err(Failure::Other(format!("the plugin cannot be loaded\n{why}"))),
        _ => Ok((bench, given)),
    }
}

/// The child's part: one check, its verdict into a file.
fn inside(args: &TestArgs, found: Inspected, result: &Path) -> Result<Exit, Failure> {
    let (mut bench, given) = prepare(args, found)?;
    bench.progress = Some(result.with_file_name("progress"));
    let mut verdict = Verdict::default();
    for (_, _, check) in CHECKS.iter().filter(|c| args.only.iter().any(|only| only == c.0)) {
        if let Err(refused) = check(&bench, &given, &mut verdict) {
            verdict.wrong.push(format!("it does not start: {refused}"));
        }
    }
    let text = serde_json::to_string(&verdict).map_err(|e| Failure::Io("the verdict".into(), e.into()))?;
    std::fs::write(result, text)?;
    Ok(Exit::Success)
}

/// The parent's part: runs one check in a process of its own.
fn apart(args: &TestArgs, name: &str, folder: &Path, noise: &mut Verdict) -> Result<Verdict, Failure> {
    let (result, out, err) = (folder.join("result"), folder.join("out"), folder.join("err"));
    let progress = folder.join("progress");
    for left in [&result, &progress] {
        // What the check before left must not pass for this one's; usually it is not there.
        let _ = std::fs::remove_file(left);
    }
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["plugin", "test", "--only", name, "--result"]).arg(&result);
    command.args(["--articles", &args.articles.to_string(), "--patience", &args.patience.to_string()]);
    command.args(args.option.iter().flat_map(|option| ["--option", option]));
    for (flag, paths) in [("--text", &args.text), ("--plugin-dir", &args.plugin_dir)] {
        command.args(paths.iter().flat_map(|path| [flag.as_ref(), path.as_os_str()]));
    }
    if let Some(snapshot) = &args.snapshot {
        command.arg("--snapshot").arg(snapshot);
    }
    command.arg("--").arg(&args.library);
    command.stdin(Stdio::null()).stdout(File::create(&out)?).stderr(File::create(&err)?);
    let ended = wait(&mut command.spawn()?, Duration::from_secs(args.patience))?;

    let written = std::fs::metadata(&out).map_or(0, |data| data.len());
    if written > 0 {
        let text = String::from_utf8_lossy(&std::fs::read(&out)?).chars().take(60).collect::<String>();
        noise
            .wrong
            .push(format!("{written} bytes during the check `{name}`, beginning with {text:?}; use the sink's `log`"));
    }
    let text = std::fs::read_to_string(&progress).map(|name| format!("{name}: ")).unwrap_or_default();
    let mut verdict = Verdict::default();
    match ended {
        None => verdict.wrong.push(format!(
            "{text}it did not end within {} seconds and was stopped; --patience gives it longer",
            args.patience
        )),
        Some(status) => match std::fs::read(&result).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            Some(read) => verdict = read,
            None => verdict.wrong.push(format!("{text}{}", died(status, &err))),
        },
    }
    let said = String::from_utf8_lossy(&std::fs::read(&err)?).into_owned();
    // It says so only there: nothing comes back from closing a plugin.
    if let Some((_, panic)) = said.lines().find_map(|line| line.split_once("panicked while it was being closed: ")) {
        verdict.wrong.push(format!("it panics while it is being closed: {panic}"));
    }
    Ok(verdict)
}

fn died(status: ExitStatus, err: &Path) -> String {
    let said = std::fs::read(err).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let last: Vec<&str> = said.lines().rev().filter(|l| !l.trim().is_empty()).take(2).collect();
    let said = last.into_iter().rev().collect::<Vec<_>>().join("; ");
    let said = if said.is_empty() { String::new() } else { format!("; it said: {said}") };
    format!(
        "it took the whole process down ({status}){said}; `gdb --args factbox plugin test ... --only CHECK --result /tmp/result` shows where"
    )
}

/// Waits for a child, not longer than `patience`; `None` if it had to be stopped.
fn wait(child: &mut std::process::Child, patience: Duration) -> std::io::Result<Option<ExitStatus>> {
    let begin = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if begin.elapsed() > patience {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A folder for the files that children write, gone with this value.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("factbox-plugin-test-{}", std::process::id()));
        std::fs::create_dir(&folder).map_err(|e| Failure::Io(format!("{} cannot be made", folder.display()), e))?;
        Ok(Scratch(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Left behind, it is only a folder of temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
