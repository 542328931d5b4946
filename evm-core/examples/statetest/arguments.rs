//! The command line.

use evm_core::suite::Selection;
use std::num::NonZero;
use std::path::PathBuf;

const USAGE: &str =
    "usage: statetest [--fork NAME] [--filter TEXT] [--json] [--as-blocks] [--threads N] PATH...
  PATH           a test file, a folder of them, or a .tar.zst, .tar.gz or .tar archive
  --fork NAME    only cases of this fork or network, such as Cancun or BerlinToLondonAt5;
                 several with commas between
  --filter TEXT  only cases whose name contains TEXT
  --json         every case as a line of JSON; the summary goes to the standard error
  --as-blocks    every state test once more, its transaction as a block of its own
  --threads N    threads that run tests; all cores if absent";

/// What to do.
pub struct Arguments {
    pub paths: Vec<PathBuf>,
    pub selection: Selection,
    pub json: bool,
    pub threads: usize,
}

impl Arguments {
    /// Reads the arguments behind the program's name; the error is a text for the user.
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = arguments;
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        let mut parsed = Self { paths: Vec::new(), selection: Selection::default(), json: false, threads };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value\n{USAGE}"));
            match argument.as_str() {
                "--fork" => parsed.selection.fork = Some(value()?),
                "--filter" => parsed.selection.filter = Some(value()?),
                "--as-blocks" => parsed.selection.as_blocks = true,
                "--json" => parsed.json = true,
                "--threads" => {
                    let text = value()?;
                    parsed.threads = match text.parse() {
                        Ok(threads @ 1..=1024) => threads,
                        _ => return Err(format!("--threads needs a number from 1 to 1024, not {text}")),
                    };
                }
                "--help" | "-h" => return Err(USAGE.into()),
                _ if argument.starts_with("--") => return Err(format!("unknown option {argument}\n{USAGE}")),
                _ => parsed.paths.push(argument.into()),
            }
        }
        if parsed.paths.is_empty() { Err(USAGE.into()) } else { Ok(parsed) }
    }
}
