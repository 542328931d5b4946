//! The native twin of `glassbox run`, for profiling and fuzzing: the same flags, the same slices, the same state hashes.
//!
//!     cargo run --profile quick -p emu-core --example run -- --help

mod args;
mod files;
mod help;
#[path = "../../../tests/src/keyboard.rs"]
mod keyboard;
mod machine;
mod png;
mod report;
mod session;
mod terminal;

use args::{Command, Options};
use session::Session;
use std::process::ExitCode;
use terminal::Console;

/// Exit code for bad arguments and files.
const REFUSED: u8 = 2;

/// What went wrong before the guest ran or with the host's files: one line with its remedy.
type Outcome<T> = Result<T, String>;

fn run(options: &Options) -> Outcome<u8> {
    let (machine, failure) = machine::power_on(options)?;
    let console = Console::open(&options.serial)?;
    let mut session = Session::new(machine, options, console, failure)?;
    let end = session.run_to_end();
    session.console.close();
    let end = end?;
    if !end.message.is_empty() {
        eprintln!("glassbox: {}", end.message);
    }
    report::report(&mut session, options)?;
    Ok(end.code)
}

fn main() -> ExitCode {
    let outcome = match args::parse(std::env::args().skip(1).collect()) {
        Ok(Command::Help) => {
            print!("{}", help::HELP);
            Ok(0)
        }
        Ok(Command::Run(options)) => run(&options),
        Err(message) => Err(message),
    };
    ExitCode::from(outcome.unwrap_or_else(|message| {
        eprintln!("glassbox: {message}");
        REFUSED
    }))
}
