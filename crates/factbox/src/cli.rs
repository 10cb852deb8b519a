//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Turns news articles into checkable facts: who said what, who and what is named, where it happened, which numbers are claimed by whom.
#[derive(Parser, Debug)]
#[command(
    name = "factbox",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  factbox run article.txt                         tables on a terminal
  factbox run article.html | jq '.quotes[]'       JSON Lines in a pipe
  factbox run news/ --output facts.jsonl          a folder, all files in it
  zcat wire.jsonl.gz | factbox run - --jobs 8     JSON Lines from standard input
  factbox check my-pipeline.toml                  is this pipeline right, and what runs in it

Exit status: 0 all processed, 1 some articles failed, 2 wrong usage, pipeline or plugin, 130 interrupted."
)]
pub struct Cli {
    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more (twice: the log lines of plugins too)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Colour in what is shown on a terminal (NO_COLOR and CLICOLOR_FORCE are heeded too)
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: ColorChoice,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// When to use colour.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Extract the facts of articles
    Run(RunArgs),
    /// Check a pipeline file and show what runs in it
    Check(CheckArgs),
    /// Write a commented pipeline file to start from
    Init(InitArgs),
    /// Show, begin, test and install plugins
    Plugin {
        /// What to do.
        #[command(subcommand)]
        command: PluginCommand,
    },
    /// Pin the plugins of a pipeline file: write the checksum of each library into it
    Lock(LockArgs),
    /// Print the JSON Schema of the records that a pipeline writes
    Schema(PipelineArgs),
    /// Check this installation: plugins, their ABI, their data, one article
    Doctor(PipelineArgs),
    /// Measure CPU time per article and stage
    #[command(hide = true)]
    Bench(BenchArgs),
    /// Be a worker process of another factbox (which starts it by itself)
    #[command(hide = true)]
    Worker,
    /// Print a shell's completion script
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff)
    Man,
}

/// Which pipeline, and where its plugins are.
#[derive(Args, Debug, Clone)]
pub struct PipelineArgs {
    /// Pipeline file; without one, the built-in news pipeline runs
    #[arg(short, long, value_name = "FILE")]
    pub pipeline: Option<PathBuf>,
    /// Look for plugins in this folder first (may be given several times)
    #[arg(long, value_name = "DIR")]
    pub plugin_dir: Vec<PathBuf>,
}

/// Arguments of `run`.
#[derive(Args, Debug)]
#[command(after_help = "\
Input: .txt, .html, .jsonl (one object a line: id, and text or html; optional title, published, url, publisher, byline, language), each also
.gz or .zst. A folder means all such files in it, in the order of their names.

Examples:
  factbox run article.txt
  factbox run 'news/2024-*.html' --format jsonl --output facts.jsonl
  curl -s https://example.org/story | factbox run - --input-format html
  factbox run corpus.jsonl.zst --jobs 8 --output facts.jsonl --errors errors.jsonl
  factbox run news/ --output places.geojson")]
pub struct RunArgs {
    /// Files, folders, patterns, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<String>,
    #[command(flatten)]
    pub pipeline: PipelineArgs,
    /// Form of the output [default: table on a terminal, else jsonl]
    #[arg(short, long, value_enum, value_name = "FORM")]
    pub format: Option<FormatChoice>,
    /// Write to this file, which appears when it is complete
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Form of the input [default: by file name, or by its beginning for standard input]
    #[arg(long, value_enum, value_name = "FORM")]
    pub input_format: Option<InputChoice>,
    /// Unit of offsets [default: the pipeline's, usually codepoint]
    #[arg(long, value_enum, value_name = "UNIT")]
    pub offsets: Option<OffsetChoice>,
    /// Articles processed at the same time; the output is the same for any number
    #[arg(short, long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: u16,
    /// Where plugins run, whatever the pipeline says: in factbox's own process, or in one they cannot take it down from
    #[arg(long, value_enum, value_name = "WHERE")]
    pub isolation: Option<IsolationChoice>,
    /// Write what went wrong to this file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub errors: Option<PathBuf>,
    /// Process texts in other languages as if they were English
    #[arg(long)]
    pub foreign: bool,
}

/// Arguments of `check`.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// Pipeline file; without one, the built-in news pipeline is shown
    pub pipeline: Option<PathBuf>,
    /// Look for plugins in this folder first (may be given several times)
    #[arg(long, value_name = "DIR")]
    pub plugin_dir: Vec<PathBuf>,
}

/// Arguments of `init`.
#[derive(Args, Debug)]
pub struct InitArgs {
    /// File to write
    #[arg(default_value = "factbox.toml")]
    pub file: PathBuf,
    /// Overwrite it if it exists
    #[arg(long)]
    pub force: bool,
    /// Look for plugins in this folder first (may be given several times)
    #[arg(long, value_name = "DIR")]
    pub plugin_dir: Vec<PathBuf>,
}

/// Commands about plugins.
#[derive(Subcommand, Debug)]
pub enum PluginCommand {
    /// List the plugins there are, and every folder searched
    List {
        /// Look for plugins in this folder first (may be given several times)
        #[arg(long, value_name = "DIR")]
        plugin_dir: Vec<PathBuf>,
    },
    /// Show a plugin's layers, attributes and options
    Info {
        /// Its id, or a library's path
        plugin: String,
        /// Look for plugins in this folder first (may be given several times)
        #[arg(long, value_name = "DIR")]
        plugin_dir: Vec<PathBuf>,
    },
    /// Begin a plugin: a folder that builds, with a test, a pipeline file and a README
    New(NewArgs),
    /// Test a plugin's library against everything that factbox asks of plugins
    Test(TestArgs),
    /// Install a plugin's library for this user, and print the lines that pin it
    Install(InstallArgs),
}

/// Languages that `plugin new` writes.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// A crate that depends on the SDK and nothing else
    Rust,
    /// One C11 file and a Makefile
    C,
}

/// Arguments of `plugin new`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  factbox plugin new shouting
  factbox plugin new who-speaks --requires entities,quotes --provides speakers
  factbox plugin new contacts --lang c")]
pub struct NewArgs {
    /// The plugin's id: lower-case letters, digits and hyphens; a new folder of this name is made
    pub name: String,
    /// Its language
    #[arg(long, value_enum, default_value_t = Language::Rust, value_name = "LANG")]
    pub lang: Language,
    /// Layers it reads; a ? at the end marks one that may be missing
    #[arg(long, value_name = "LAYER", value_delimiter = ',', default_value = "tokens")]
    pub requires: Vec<String>,
    /// Layer it adds [default: its name]
    #[arg(long, value_name = "LAYER")]
    pub provides: Option<String>,
    /// Folder of the SDK [default: the one this factbox was installed with]
    #[arg(long, value_name = "DIR")]
    pub sdk: Option<PathBuf>,
}

/// Arguments of `plugin test`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  factbox plugin test target/release/libshouting.so
  factbox plugin test libcontacts.so --option kinds='[\"email\"]' --text article.txt --snapshot found.txt

Exit status: 0 all checks passed, 1 some failed, 2 the file is no plugin or the command line is wrong.")]
pub struct TestArgs {
    /// The library
    pub library: PathBuf,
    /// Test with this option, its value as in a pipeline file (may be given several times)
    #[arg(long, value_name = "NAME=VALUE")]
    pub option: Vec<String>,
    /// Run these articles too (text files)
    #[arg(long, value_name = "FILE")]
    pub text: Vec<PathBuf>,
    /// Compare what it finds in the articles of --text with this file; FACTBOX_UPDATE=1 writes it anew
    #[arg(long, value_name = "FILE", requires = "text")]
    pub snapshot: Option<PathBuf>,
    /// Articles of the memory check
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub articles: usize,
    /// Seconds that one check may take
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub patience: u64,
    /// Only these checks (may be given several times)
    #[arg(long, value_name = "CHECK")]
    pub only: Vec<String>,
    /// Look for plugins that it builds on in this folder first (may be given several times)
    #[arg(long, value_name = "DIR")]
    pub plugin_dir: Vec<PathBuf>,
    /// Run one check in this process and write its result to this file
    #[arg(long, hide = true)]
    pub result: Option<PathBuf>,
}

/// Arguments of `plugin install`.
#[derive(Args, Debug)]
pub struct InstallArgs {
    /// The library, or a folder that holds one
    pub library: PathBuf,
    /// A data file that the plugin reads beside its library (may be given several times)
    #[arg(long, value_name = "FILE")]
    pub data: Vec<PathBuf>,
    /// Folder to install into [default: this user's plugins]
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
}

/// Arguments of `lock`.
#[derive(Args, Debug)]
pub struct LockArgs {
    /// Pipeline file
    #[arg(default_value = "factbox.toml")]
    pub pipeline: PathBuf,
    /// Write nothing; exit with 1 if the file would change
    #[arg(long)]
    pub check: bool,
    /// Look for plugins in this folder first (may be given several times)
    #[arg(long, value_name = "DIR")]
    pub plugin_dir: Vec<PathBuf>,
}

/// Arguments of `bench`.
#[derive(Args, Debug)]
pub struct BenchArgs {
    /// Articles (JSON Lines, may be compressed)
    pub input: PathBuf,
    #[command(flatten)]
    pub pipeline: PipelineArgs,
    /// Passes over the articles; the quickest counts
    #[arg(long, default_value_t = 3)]
    pub passes: u32,
}

/// Forms of the output.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatChoice {
    /// One record a line
    Jsonl,
    /// One array of records
    Json,
    /// Tables to read
    Table,
    /// The places as points for a map (GeoJSON)
    Geojson,
}

/// Forms of the input.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputChoice {
    /// Plain text, one article a file
    Txt,
    /// A web page, one article a file
    Html,
    /// One JSON object a line
    Jsonl,
}

/// Where plugins run.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsolationChoice {
    /// In factbox's own process
    Native,
    /// In worker processes
    Worker,
}

/// Units of offsets.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffsetChoice {
    /// Unicode code points
    Codepoint,
    /// Bytes of UTF-8
    Utf8,
    /// Code units of UTF-16
    Utf16,
}
