//! Runs NASM.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use glassbox_nasm::{Options, assemble};

/// A folder of its own for one run.
fn folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("nasm-{}-{number}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for NASM");
    folder
}

/// The binary that NASM makes of a text, or the lines that it complains of and what it says.
pub fn nasm(text: &str, include: &[&Path]) -> Result<Vec<u8>, (BTreeSet<usize>, String)> {
    let folder = folder();
    let source = folder.join("a.asm");
    fs::write(&source, text).expect("the source");
    let mut command = Command::new("nasm");
    command.args(["-f", "bin", "-w-all", "-o"]).arg(folder.join("a.bin")).arg(&source);
    for path in include {
        command.arg("-I").arg(format!("{}/", path.display()));
    }
    let output = command.output().unwrap_or_else(|error| {
        panic!("NASM is needed to compare with ({error}): sudo apt-get install nasm");
    });
    let said = String::from_utf8_lossy(&output.stderr).replace(&format!("{}", source.display()), "a.asm");
    let made = fs::read(folder.join("a.bin")).unwrap_or_default();
    fs::remove_dir_all(&folder).expect("the folder goes");
    if output.status.success() {
        return Ok(made);
    }
    let line = |text: &str| text.strip_prefix("a.asm:")?.split(':').next()?.parse().ok();
    Err((said.lines().filter(|l| l.contains("error")).filter_map(line).collect(), said))
}

/// The bytes in hexadecimal, not too many.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(64).map(|b| format!("{b:02x} ")).collect()
}

/// Says how the two differ, if they do. True within if both made a binary.
pub fn compare(text: &str) -> Result<bool, String> {
    let ours = assemble(text, &Options::default());
    match (nasm(text, &[]), ours) {
        (Ok(theirs), Ok(ours)) if theirs == ours.code => Ok(true),
        (Ok(theirs), Ok(ours)) => {
            let at = theirs.iter().zip(&ours.code).take_while(|(a, b)| a == b).count();
            let show = |bytes: &[u8]| hex(&bytes[at.min(bytes.len()).saturating_sub(8)..]);
            Err(format!(
                "{text}\n  differs at byte {at} of {} and {}\n  nasm {}\n  ours {}",
                theirs.len(),
                ours.code.len(),
                show(&theirs),
                show(&ours.code)
            ))
        }
        (Ok(theirs), Err(errors)) => Err(format!("{text}\n  nasm {}\n  ours refuses: {}", hex(&theirs), errors[0])),
        (Err((_, said)), Ok(ours)) => Err(format!("{text}\n  nasm refuses: {said}\n  ours {}", hex(&ours.code))),
        (Err(_), Err(_)) => Ok(false),
    }
}

/// Compares many single lines in one mode at once; gives how many were assembled, and the differences.
pub fn compare_lines(bits: u8, lines: &[String]) -> (usize, Vec<String>) {
    let whole = |lines: &[&String]| -> String {
        format!("bits {bits}\n") + &lines.iter().map(|l| format!("{l}\n")).collect::<String>()
    };
    let options = Options { bits, ..Options::default() };
    let (good, bad): (Vec<&String>, Vec<&String>) = lines.iter().partition(|l| assemble(l, &options).is_ok());
    let mut differences = Vec::new();
    for group in good.chunks(400) {
        differ(group, &whole, &mut differences);
    }
    let text = whole(&bad);
    if !bad.is_empty() {
        let refused = nasm(&text, &[]).err().map(|(lines, _)| lines).unwrap_or_default();
        for (index, line) in bad.iter().enumerate() {
            if !refused.contains(&(index + 2)) {
                differences.extend(compare(&whole(&[line])).err());
            }
        }
    }
    (good.len(), differences)
}

/// Finds the lines that make a difference by halves. Many in a row are not looked for one by one.
fn differ(lines: &[&String], whole: &dyn Fn(&[&String]) -> String, differences: &mut Vec<String>) {
    if differences.len() > 200 {
        return;
    }
    match compare(&whole(lines)) {
        Ok(_) => {}
        Err(difference) if lines.len() == 1 => differences.push(difference),
        Err(_) => {
            let (first, second) = lines.split_at(lines.len() / 2);
            differ(first, whole, differences);
            differ(second, whole, differences);
        }
    }
}

/// Fails with the first few differences.
pub fn demand_none(differences: &[String]) {
    // One of each kind tells most: those that share their first word are shown once.
    let mut seen = BTreeSet::new();
    let kind = |d: &str| d.lines().nth(1).and_then(|l| l.split(" ").next()).unwrap_or("").to_owned();
    let shown: Vec<&str> = differences.iter().map(String::as_str).filter(|d| seen.insert(kind(d))).take(40).collect();
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), shown.join("\n"));
}
