//! Runs Ethereum's test suites: `cargo run --release -p evm-core --example statetest -- PATH...`
//!
//! Paths are files, folders or `.tar.zst` archives. Every failed case is one line; the last line is `N passed, N
//! failed`, and the exit code 1 if any failed, 2 if nothing was run.

mod arguments;
mod sources;
mod workers;

use arguments::Arguments;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    let (passed, failed) = workers::run(&arguments);
    if arguments.json {
        eprintln!("{passed} passed, {failed} failed");
    } else {
        println!("{passed} passed, {failed} failed");
    }
    if passed + failed == 0 {
        eprintln!("no case was run: check the paths, --fork and --filter");
        return ExitCode::from(2);
    }
    ExitCode::from(u8::from(failed != 0))
}
