//! Single 32-bit user-mode instructions on the host's CPU and on ours. The host's side is `host-cpu/execute.c`, built
//! with `gcc -m32` when a test asks for it.

mod forms;
pub mod generate;
mod machine;
mod operand;
pub mod segments;

pub use machine::Machine;

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// Linear address of the data: two pages to read and write, one to read, then a hole.
pub const DATA: u32 = 0x2000_0000;
/// Linear address of the page that holds the instruction, at its start.
pub const CODE: u32 = 0x2001_0000;
/// Bytes of a window of memory that is set before and looked at after.
pub const WINDOW: usize = 128;
/// Size of `struct test`.
const TEST_BYTES: usize = 16 + 8 * 4 + 5 * 4 + 5 * 4 + 2 * WINDOW;
/// Size of `struct result`.
const RESULT_BYTES: usize = 18 * 4 + 2 * WINDOW;

/// Flat code of user programs.
pub const USER_CODE: u16 = 0x23;
/// Flat data of user programs.
pub const USER_DATA: u16 = 0x2B;

/// Segment registers; GS belongs to the executor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selectors {
    /// CS.
    pub cs: u16,
    /// SS.
    pub ss: u16,
    /// DS.
    pub ds: u16,
    /// ES.
    pub es: u16,
    /// FS.
    pub fs: u16,
}

/// One instruction with the state it starts from.
#[derive(Clone, Debug)]
pub struct Test {
    /// The instruction, NOPs behind it.
    pub code: [u8; 16],
    /// EIP of it: [`CODE`], or 0 in a segment that begins there.
    pub start: u32,
    /// Segment registers.
    pub selectors: Selectors,
    /// General registers in encoding order.
    pub regs: [u32; 8],
    /// EFLAGS; TF is set on top of it.
    pub eflags: u32,
    /// It is a repeated string instruction.
    pub repeats: bool,
    /// Linear addresses of the two windows.
    pub window: [u32; 2],
    /// Their contents before.
    pub data: [[u8; WINDOW]; 2],
    /// EFLAGS bits the manual leaves undefined.
    pub undefined: u32,
}

/// The state after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// General registers in encoding order.
    pub regs: [u32; 8],
    /// EIP.
    pub eip: u32,
    /// EFLAGS without RF.
    pub eflags: u32,
    /// Exception's vector and error code (0 without one); `None` for an instruction that completed.
    pub exception: Option<(u8, u16)>,
    /// CR2 of a page fault, else 0.
    pub cr2: u32,
    /// Segment registers.
    pub selectors: Selectors,
    /// Contents of the two windows.
    pub data: [[u8; WINDOW]; 2],
}

const RF: u32 = 1 << 16;
const DEBUG_TRAP: u32 = 1;
const PAGE_FAULT: u8 = 14;

impl Test {
    fn bytes(&self) -> Vec<u8> {
        let mut out = self.code.to_vec();
        let words = [self.eflags, u32::from(self.repeats), self.start, self.window[0], self.window[1]];
        let Selectors { cs, ss, ds, es, fs } = self.selectors;
        let segments = [cs, ss, ds, es, fs].map(u32::from);
        for value in self.regs.into_iter().chain(words).chain(segments) {
            out.extend(value.to_le_bytes());
        }
        out.extend(self.data.concat());
        out
    }
}

impl Outcome {
    fn parse(record: &[u8]) -> Self {
        let word = |i: usize| u32::from_le_bytes(std::array::from_fn(|b| record[i * 4 + b]));
        let (trap, error) = (word(10), word(11) as u16);
        let exception = (trap != DEBUG_TRAP).then_some((trap as u8, error));
        let window = |i: usize| std::array::from_fn(|b| record[18 * 4 + i * WINDOW + b]);
        let [cs, ss, ds, es, fs] = std::array::from_fn(|i| word(13 + i) as u16);
        Self {
            regs: std::array::from_fn(word),
            eip: word(8),
            eflags: word(9) & !RF,
            exception,
            cr2: if trap == u32::from(PAGE_FAULT) { word(12) } else { 0 },
            selectors: Selectors { cs, ss, ds, es, fs },
            data: [window(0), window(1)],
        }
    }
}

/// The local descriptor table as the executor reads it; an empty entry clears its place.
fn local_descriptors() -> impl Iterator<Item = [u32; 4]> {
    const EMPTY: u32 = 1 << 3 | 1 << 5;
    (0u32..).zip(segments::ENTRIES).map(|(i, entry)| entry.map_or([i, 0, 0, EMPTY], |e| e.user_desc(i)))
}

/// Builds the executor in `folder` and runs the tests through it.
///
/// # Errors
/// Why this host cannot: no compiler for 32-bit programs, no x86 CPU, no such system calls.
pub fn run_on_host(folder: &Path, tests: &[Test]) -> Result<Vec<Outcome>, String> {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/host-cpu/execute.c");
    let program = folder.join("host-cpu-execute");
    let built = Command::new("gcc")
        .args(["-m32", "-O1", "-fno-stack-protector", "-o"])
        .arg(&program)
        .arg(source)
        .output()
        .map_err(|e| format!("gcc: {e}"))?;
    if !built.status.success() {
        return Err(format!(
            "gcc -m32 fails (Debian: gcc-multilib): {}",
            String::from_utf8_lossy(&built.stderr)
        ));
    }
    let mut child = Command::new(&program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| format!("{}: {e}", program.display()))?;
    let mut input: Vec<u8> = local_descriptors().flatten().flat_map(u32::to_le_bytes).collect();
    let header = input.len();
    input.extend(tests.iter().flat_map(Test::bytes));
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
