//! What differs between two CPUs.

use super::keys::Key;
use super::leeway::forgive;
use super::{FX, Outcome, Test, fx, undefined};

const NAMES: [&str; 8] = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"];

/// What our CPU did otherwise than the hardware, one difference a line; nothing if it may.
pub fn differences(key: &Key, test: &Test, ours: &Outcome, host: &Outcome) -> Vec<String> {
    if ours == host {
        return Vec::new();
    }
    let mut ours = ours.clone();
    forgive(key, test, &mut ours, host);
    let mut found = Vec::new();
    for (i, name) in NAMES.into_iter().enumerate() {
        if ours.regs[i] != host.regs[i] {
            found.push(format!("{name} {:08X}, on hardware {:08X}", ours.regs[i], host.regs[i]));
        }
    }
    if ours.eip != host.eip {
        found.push(format!("eip {:X}, on hardware {:X}", ours.eip, host.eip));
    }
    if ours.eflags != host.eflags && (ours.eflags ^ host.eflags) & !undefined::flags(key, test) != 0 {
        found.push(format!("eflags {:X}, on hardware {:X}", ours.eflags, host.eflags));
    }
    if ours.exception != host.exception {
        found.push(format!("exception {:X?}, on hardware {:X?}", ours.exception, host.exception));
    }
    if ours.cr2 != host.cr2 {
        found.push(format!("cr2 {:X}, on hardware {:X}", ours.cr2, host.cr2));
    }
    if ours.selectors != host.selectors {
        found.push(format!("{:X?}, on hardware {:X?}", ours.selectors, host.selectors));
    }
    registers(&ours.fx, &host.fx, &mut found);
    for (window, (ours, host)) in ours.data.iter().zip(&host.data).enumerate() {
        for (i, (a, b)) in ours.iter().zip(host).enumerate().filter(|(_, (a, b))| a != b) {
            found.push(format!("[{:X}] {a:02X}, on hardware {b:02X}", test.window[window] as usize + i));
        }
    }
    found
}

/// Fields of the FXSAVE image.
fn registers(ours: &[u8; FX], host: &[u8; FX], found: &mut Vec<String>) {
    let control = [
        ("control word", fx::CONTROL, 2),
        ("status word", fx::STATUS, 2),
        ("tags", fx::TAGS, 1),
        ("opcode", fx::OPCODE, 2),
        ("instruction pointer", fx::IP, 4),
        ("data pointer", fx::DP, 4),
        ("mxcsr", fx::MXCSR, 4),
    ]
    .map(|(name, at, len)| (name.to_owned(), at, len));
    let numbers = (0..8).map(|i| (format!("st{i}"), fx::ST0 + 16 * i, 10));
    let vectors = (0..8).map(|i| (format!("xmm{i}"), fx::XMM0 + 16 * i, 16));
    for (name, at, len) in control.into_iter().chain(numbers).chain(vectors) {
        let hex = |image: &[u8; FX]| -> String {
            image[at..][..len].iter().rev().map(|byte| format!("{byte:02X}")).collect()
        };
        if ours[at..][..len] != host[at..][..len] {
            found.push(format!("{name} {}, on hardware {}", hex(ours), hex(host)));
        }
    }
}
