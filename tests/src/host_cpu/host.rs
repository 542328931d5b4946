//! This host's CPU, through the executor.

use super::segments::ENTRIES;
use super::{FX, Outcome, PAGE_FAULT, Selectors, Test, WINDOW};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Size of `struct test`.
const TEST_BYTES: usize = 16 + 8 * 4 + 5 * 4 + 6 * 4 + FX + 2 * WINDOW;
/// Size of `struct result`.
const RESULT_BYTES: usize = 19 * 4 + FX + 2 * WINDOW;

const RF: u32 = 1 << 16;
const DEBUG_TRAP: u32 = 1;

/// The executor, built; its file lives as long as this.
pub struct Host {
    program: PathBuf,
}

impl Test {
    fn bytes(&self) -> Vec<u8> {
        let mut out = self.code.to_vec();
        let words = [self.eflags, u32::from(self.repeats), self.start, self.window[0], self.window[1]];
        let segments = self.selectors.all().map(u32::from);
        for value in self.regs.into_iter().chain(words).chain(segments) {
            out.extend(value.to_le_bytes());
        }
        out.extend(self.fx);
        out.extend(self.data.as_flattened());
        out
    }
}

impl Outcome {
    fn parse(record: &[u8]) -> Self {
        let word = |i: usize| u32::from_le_bytes(std::array::from_fn(|b| record[i * 4 + b]));
        let (trap, error) = (word(10), word(11) as u16);
        let exception = (trap != DEBUG_TRAP).then_some((trap as u8, error));
        let fx = 19 * 4;
        let window = |i: usize| std::array::from_fn(|b| record[fx + FX + i * WINDOW + b]);
        Self {
            regs: std::array::from_fn(word),
            eip: word(8),
            eflags: word(9) & !RF,
            exception,
            cr2: if trap == u32::from(PAGE_FAULT) { word(12) } else { 0 },
            selectors: Selectors::from_all(std::array::from_fn(|i| word(13 + i) as u16)),
            fx: std::array::from_fn(|i| record[fx + i]),
            data: [window(0), window(1)],
        }
    }
}

/// The local descriptor table as the executor reads it; an empty entry clears its place.
fn local_descriptors() -> impl Iterator<Item = [u32; 4]> {
    const EMPTY: u32 = 1 << 3 | 1 << 5;
    (0u32..).zip(ENTRIES).map(|(i, entry)| entry.map_or([i, 0, 0, EMPTY], |e| e.user_desc(i)))
}

impl Drop for Host {
    fn drop(&mut self) {
        // What stays behind is a file in a folder for such files.
        let _ = std::fs::remove_file(&self.program);
    }
}

impl Host {
    /// Builds the executor in `folder`.
    ///
    /// # Errors
    /// Why this host cannot: no compiler for 32-bit programs.
    pub fn build(folder: &Path) -> Result<Self, String> {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/host-cpu/execute.c");
        // Two threads of two processes may be at it.
        let thread = format!("{:?}", std::thread::current().id()).replace(|c: char| !c.is_ascii_digit(), "");
        let program = folder.join(format!("host-cpu-execute-{}-{thread}", std::process::id()));
        let built = Command::new("gcc")
            .args(["-m32", "-O1", "-fno-stack-protector", "-Wl,-z,now", "-o"])
            .arg(&program)
            .arg(source)
            .output()
            .map_err(|e| format!("gcc: {e}"))?;
        if !built.status.success() {
            let said = String::from_utf8_lossy(&built.stderr);
            return Err(format!("gcc -m32 fails (Debian: gcc-multilib): {said}"));
        }
        Ok(Self { program })
    }

    /// Runs tests; once more if the process that runs them dies. That was seen once, in millions of tests, and never again
    /// with the same ones: why is not known.
    ///
    /// # Errors
    /// Why this host cannot: no x86 CPU, no such system calls.
    pub fn run(&self, tests: &[Test]) -> Result<Vec<Outcome>, String> {
        self.try_to_run(tests).or_else(|_| self.try_to_run(tests))
    }

    fn try_to_run(&self, tests: &[Test]) -> Result<Vec<Outcome>, String> {
        let mut child = Command::new(&self.program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("{}: {e}", self.program.display()))?;
        let mut input: Vec<u8> = local_descriptors().flatten().flat_map(u32::to_le_bytes).collect();
        let header = input.len();
        tests.iter().for_each(|test| input.extend(test.bytes()));
        assert_eq!(input.len(), header + tests.len() * TEST_BYTES);
        // The executor reads all before it writes anything.
        child.stdin.take().ok_or("no pipe")?.write_all(&input).map_err(|e| e.to_string())?;
        let mut output = Vec::new();
        child.stdout.take().ok_or("no pipe")?.read_to_end(&mut output).map_err(|e| e.to_string())?;
        let status = child.wait().map_err(|e| e.to_string())?;
        if !status.success() || output.len() != tests.len() * RESULT_BYTES {
            return Err(format!("the executor ended with {status} after {} bytes", output.len()));
        }
        Ok(output.chunks_exact(RESULT_BYTES).map(Outcome::parse).collect())
    }
}
