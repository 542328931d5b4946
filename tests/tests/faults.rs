//! The guests of `guests/faults` make one mistake after another; what the CPU says to each is compared with what is
//! expected, and so is what QEMU says, as the oracle for all lines but those that carry a manual's section.
//!
//! `NAME.txt` beside `NAME.asm` has the lines. Where QEMU does otherwise, the line goes on with `;; SDM 3A 5.3; QEMU:
//! none`: the section that says what is right, and what QEMU says instead (`#TS(0010)...`: begins with; for what in QEMU
//! depends on where the guest's code lies). Such a line turns red too when QEMU changes.
//! A first line `# -cpu pentium3,+nx` gives QEMU's processor.

use emu_core::devices::mc146818::cmos::BootDevice;
use emu_core::machine::{Stop, Until};
use glassbox_tests::{Pc, bios_config, boxed, guests_folder};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Instructions of a guest and of the BIOS before it.
const LONGEST: u64 = 100_000_000;
const SLICE: u64 = 500_000;
/// The first character of a transcript: STX.
const BEGIN: char = '\u{2}';
/// What a guest says before it has the PC reset: ETX. It goes on with another [`BEGIN`].
const RESET: char = '\u{3}';
/// Of QEMU, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
const DEFAULT_CPU: &str = "pentium3";

/// What a guest should say here, what it should say in QEMU, and the processor that QEMU should have.
struct Expected {
    ours: String,
    qemu: String,
    cpu: String,
}

impl Expected {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut expected = Self { ours: String::new(), qemu: String::new(), cpu: DEFAULT_CPU.into() };
        for line in text.lines() {
            if let Some(cpu) = line.strip_prefix("# -cpu ") {
                expected.cpu = cpu.into();
                continue;
            }
            let (ours, qemu) = match line.split_once(";; ") {
                Some((ours, why)) => {
                    let (section, qemu) = why
                        .split_once("; QEMU: ")
                        .unwrap_or_else(|| panic!("what does QEMU say to {line:?}?"));
                    assert!(section.starts_with("SDM "), "{line:?} names no section of the manual");
                    let name = ours.split_once(": ").map_or("", |(name, _)| name);
                    (ours.trim_end(), format!("{name}: {qemu}"))
                }
                None => (line, line.to_owned()),
            };
            assert!(ours == line || ours != qemu, "{line:?}: QEMU says the same");
            expected.ours += &format!("{ours}\n");
            expected.qemu += &format!("{qemu}\n");
        }
        expected
    }
}

fn sources(topic: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("guests/faults").join(topic);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "asm"));
    files.sort();
    files
}

/// What a guest said, without what the BIOS did.
fn transcript(debug_port: &str) -> String {
    let boots = debug_port.split(BEGIN).skip(1);
    boots.map(|said| said.split(RESET).next().unwrap_or_default()).collect()
}

/// Runs a guest up to its `last` line, or until it can only be given up: its lines.
fn glassbox_says(image: &Path, last: &str) -> String {
    let mut config = bios_config();
    config.ram_bytes = 16 << 20;
    config.floppies[0] = Some(boxed(fs::read(image).unwrap_or_else(|e| {
        panic!("{}: {e}: make it with `node www/scripts/guests.mjs faults`", image.display())
    })));
    config.reset_on_shutdown = true;
    config.boot_order = vec![BootDevice::Floppy];
    let mut pc = Pc::new(config);
    loop {
        let instruction = pc.machine.instructions() + SLICE;
        let stop = pc.run(Until::instruction(instruction));
        let said = pc.debug();
        if said.ends_with(last) {
            return transcript(&said);
        }
        if stop != Stop::Limit || instruction > LONGEST {
            return format!("{}\n{stop:?} after {instruction} instructions\n", transcript(&said));
        }
    }
}

fn qemu_says(image: &Path, cpu: &str, last: &str) -> Option<String> {
    let drive = format!("file={},format=raw,if=floppy,snapshot=on", image.display());
    let machine = [
        "-M",
        "pc,accel=tcg",
        "-cpu",
        cpu,
        "-m",
        "16",
        "-display",
        "none",
        "-nic",
        "none",
        "-monitor",
        "none",
        "-serial",
        "none",
    ];
    let mut qemu = Command::new("qemu-system-i386")
        .args(machine)
        .args(["-debugcon", "stdio", "-boot", "a", "-drive", &drive])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| println!("SKIPPED: qemu-system-i386: {error}"))
        .ok()?;
    let mut output = qemu.stdout.take().expect("a pipe");
    let (send, said) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = output.read(&mut bytes) {
            if send.send(bytes[..count].to_vec()).is_err() {
                break;
            }
        }
    });
    let (mut text, end) = (String::new(), Instant::now() + PATIENCE);
    while !text.ends_with(last) && Instant::now() < end {
        let Ok(bytes) = said.recv_timeout(end - Instant::now()) else { break };
        text += &String::from_utf8_lossy(&bytes);
    }
    let _ = qemu.kill();
    let _ = qemu.wait();
    Some(transcript(&text))
}

/// Whether a line is as expected, or begins so if `...` says that this will do.
fn agrees(said: Option<&&str>, expected: Option<&&str>) -> bool {
    let beginning = expected.and_then(|line| line.strip_suffix("..."));
    beginning.zip(said).map_or(said == expected, |(beginning, said)| said.starts_with(beginning))
}

/// Compares line by line; what differs, with the number of the line.
fn differences(who: &str, said: &str, expected: &str) -> Vec<String> {
    let lines = |text| str::lines(text).map(str::trim_end).collect::<Vec<_>>();
    let (said, expected) = (lines(said), lines(expected));
    (0..said.len().max(expected.len()))
        .filter(|i| !agrees(said.get(*i), expected.get(*i)))
        .map(|i| format!("line {}, {who}: {:?}, expected {:?}", i + 1, said.get(i), expected.get(i)))
        .collect()
}

/// Runs all guests of a topic.
fn check(topic: &str) {
    let mut found = Vec::new();
    for source in sources(topic) {
        let name = source.file_stem().and_then(|n| n.to_str()).expect("a name");
        let expected = Expected::read(&source.with_extension("txt"));
        let image = guests_folder().join(format!("faults/{topic}/{name}.img"));
        let last = format!("{name}: ok\n");
        let ours = glassbox_says(&image, &last);
        let qemu = qemu_says(&image, &expected.cpu, &last);
        if std::env::var_os("SHOW").is_some() {
            println!("--- {topic}/{name}, here\n{ours}--- in QEMU\n{}", qemu.as_deref().unwrap_or(""));
        }
        let mut here = differences("here", &ours, &expected.ours);
        here.extend(qemu.iter().flat_map(|said| differences("in QEMU", said, &expected.qemu)));
        found.extend(here.into_iter().map(|line| format!("{topic}/{name}: {line}")));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_topic_has_a_test_here() {
    let here = include_str!("faults.rs");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("guests/faults");
    for entry in fs::read_dir(folder).expect("the topics") {
        let topic = entry.expect("a topic").file_name().into_string().expect("a name");
        assert!(here.contains(&format!("check(\"{topic}\")")), "{topic}");
    }
}

#[test]
fn limits() {
    check("limits");
}

#[test]
fn segment_types() {
    check("segment_types");
}

#[test]
fn privilege() {
    check("privilege");
}

#[test]
fn far() {
    check("far");
}

#[test]
fn gates() {
    check("gates");
}

#[test]
fn tasks() {
    check("tasks");
}

#[test]
fn control_registers() {
    check("control_registers");
}

#[test]
fn double_fault() {
    check("double_fault");
}

#[test]
fn fpu_faults() {
    check("fpu_faults");
}

#[test]
fn sysenter() {
    check("sysenter");
}

#[test]
fn paging() {
    check("paging");
}

#[test]
fn debug() {
    check("debug");
}

#[test]
fn alignment() {
    check("alignment");
}

#[test]
fn v86() {
    check("v86");
}

#[test]
fn io() {
    check("io");
}

#[test]
fn instructions() {
    check("instructions");
}

#[test]
fn repeat() {
    check("repeat");
}

#[test]
fn self_modifying() {
    check("self_modifying");
}
