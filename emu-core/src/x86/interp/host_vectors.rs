//! How the vectors recorded on a real processor (`tests/host-fpu`) are read and compared: the few that are committed,
//! or, at night, millions that `generate.c` makes on the processor the tests run on:
//!
//! ```text
//! cargo test --profile quick -p emu-core --lib -- --ignored --nocapture on_this_processor
//! ```
//!
//! That is ten million cases in all, a minute or two on one core. It needs gcc, Linux and an x86-64 processor. Another
//! 200 000, of the transcendental instructions, come from mpmath (`correctly_rounded_with_many_arguments`).

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// The folder of the generators and the committed vectors.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/host-fpu");

/// The committed file of vectors, or the one that an environment variable names.
pub fn vectors(variable: &str, committed: &str) -> String {
    let path = std::env::var(variable).unwrap_or(format!("{FOLDER}/{committed}"));
    std::fs::read_to_string(&path).expect("the vector file")
}

/// What became of many cases.
#[derive(Default)]
struct Tally {
    cases: u64,
    /// How often each operation differed.
    wrong: BTreeMap<String, u64>,
    /// The first lines that differed.
    shown: Vec<String>,
}

impl Tally {
    fn add(&mut self, line: &str, difference: Option<String>) {
        self.cases += 1;
        if let Some(text) = difference {
            let operation = line.split(' ').next().unwrap_or_default();
            *self.wrong.entry(operation.into()).or_insert(0) += 1;
            if self.shown.len() < 40 {
                self.shown.push(text);
            }
        }
    }

    fn assert_all_right(&self) {
        let wrong: u64 = self.wrong.values().sum();
        let shown = self.shown.join("\n");
        assert!(wrong == 0, "{wrong} of {} cases differ: {:?}\n{shown}", self.cases, self.wrong);
    }
}

/// Fails if any line differs; `difference` tells how.
pub fn check(vectors: &str, mut difference: impl FnMut(&str) -> Option<String>) {
    let mut tally = Tally::default();
    for line in vectors.lines() {
        tally.add(line, difference(line));
    }
    tally.assert_all_right();
    assert!(tally.cases > 100);
}

/// Fails if any line that `program` prints differs, or if there are fewer than `least`.
fn check_printed(program: &mut Command, least: u64, mut difference: impl FnMut(&str) -> Option<String>) {
    let mut child = program.stdout(Stdio::piped()).spawn().expect("the generator starts");
    let mut printed = BufReader::with_capacity(1 << 16, child.stdout.take().expect("its output"));
    let (mut tally, mut line) = (Tally::default(), String::new());
    while printed.read_line(&mut line).expect("text") != 0 {
        tally.add(line.trim_end(), difference(line.trim_end()));
        line.clear();
    }
    assert!(child.wait().expect("it ends").success(), "the generator failed");
    println!("{} cases", tally.cases);
    tally.assert_all_right();
    assert!(tally.cases >= least, "{} cases, fewer than {least}", tally.cases);
}

/// Fails if any case that `generate.c` makes on this processor differs, or if there are fewer than `least`. `count` is
/// that of each operation; `GLASSBOX_SEED` chooses other cases.
pub fn check_on_this_processor(
    kind: &str,
    count: u32,
    least: u64,
    difference: impl FnMut(&str) -> Option<String>,
) {
    let seed = std::env::var("GLASSBOX_SEED").unwrap_or("2".into());
    let program = std::env::temp_dir().join(format!("glassbox-generate-{kind}-{}", std::process::id()));
    let built = Command::new("gcc")
        .args(["-O1", "-fno-math-errno", "-o"])
        .arg(&program)
        .arg(format!("{FOLDER}/generate.c"))
        .status()
        .expect("gcc starts");
    assert!(built.success(), "gcc could not build generate.c");
    check_printed(Command::new(&program).args([kind, &count.to_string(), &seed]), least, difference);
    // What stays behind is in the folder for temporary files.
    let _ = std::fs::remove_file(&program);
}

/// Fails if any line that `transcendental.py` prints differs. Needs Python with mpmath.
pub fn check_exact_functions(count: u32, least: u64, difference: impl FnMut(&str) -> Option<String>) {
    let seed = std::env::var("GLASSBOX_SEED").unwrap_or("2".into());
    let script = format!("{FOLDER}/transcendental.py");
    check_printed(Command::new("python3").args([&script, &count.to_string(), &seed]), least, difference);
}
