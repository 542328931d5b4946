//! QEMU's `VGA` device as the judge: driven through its qtest protocol with the processor stopped, and looked at through
//! the monitor's `screendump`. Without QEMU these tests say so and pass; the hashes of `golden` stand in for them.

use super::golden::{GOLDENS, hash};
use super::scenarios::{self, ALL, Scenario};
use super::{Adapter, Numbers, Rig, modes};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

pub(super) struct Qemu {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    monitor: UnixStream,
    folder: PathBuf,
}

/// A picture as QEMU draws it.
struct Dump {
    width: usize,
    height: usize,
    rgb: Vec<[u8; 3]>,
}

impl Qemu {
    /// A fresh QEMU, `None` (and a line that says so) if there is none.
    fn start() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("glassbox-vga-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        let child = Command::new("qemu-system-i386")
            .args(["-S", "-nodefaults", "-vga", "std", "-display", "none", "-qtest", "stdio"])
            .args(["-qtest-log", "/dev/null", "-monitor"])
            .arg(format!("unix:{},server=on,wait=off", folder.join("monitor").display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut child) = child else {
            eprintln!("not compared: qemu-system-i386 is not installed");
            return None;
        };
        let stdin = child.stdin.take().expect("piped");
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        let path = folder.join("monitor");
        let monitor = (0..500).find_map(|_| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            UnixStream::connect(&path).ok()
        });
        let monitor = monitor.expect("QEMU opens its monitor within ten seconds");
        let mut qemu = Self { child, stdin, stdout, monitor, folder };
        qemu.until_prompt();
        Some(qemu)
    }

    fn until_prompt(&mut self) {
        let mut seen = Vec::new();
        let mut byte = [0];
        while !seen.ends_with(b"(qemu) ") {
            assert_eq!(self.monitor.read(&mut byte).expect("the monitor answers"), 1);
            seen.push(byte[0]);
        }
    }

    fn command(&mut self, text: &str) -> u32 {
        writeln!(self.stdin, "{text}").expect("QEMU runs");
        self.stdin.flush().expect("QEMU runs");
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("QEMU answers");
        let value = line.strip_prefix("OK").unwrap_or_else(|| panic!("{text}: {line}")).trim();
        u32::from_str_radix(value.trim_start_matches("0x"), 16).unwrap_or(0)
    }

    fn reset(&mut self) {
        self.monitor.write_all(b"system_reset\n").expect("the monitor listens");
        self.until_prompt();
    }

    fn screen(&mut self) -> Dump {
        let path = self.folder.join("screen.ppm");
        writeln!(self.monitor, "screendump {}", path.display()).expect("the monitor listens");
        self.until_prompt();
        let bytes = std::fs::read(&path).expect("QEMU wrote the picture");
        let mut fields = bytes.splitn(4, |b| b" \n".contains(b));
        assert_eq!(fields.next(), Some(&b"P6"[..]));
        let mut number = |what| {
            let text = std::str::from_utf8(fields.next().expect(what)).expect(what);
            text.parse::<usize>().expect(what)
        };
        let (width, height) = (number("width"), number("height"));
        let rgb = bytes[bytes.len() - 3 * width * height..].as_chunks().0.to_vec();
        Dump { width, height, rgb }
    }
}

impl Drop for Qemu {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Adapter for Qemu {
    fn outb(&mut self, port: u16, value: u8) {
        self.command(&format!("outb {port:#x} {value:#x}"));
    }

    fn outw(&mut self, port: u16, value: u16) {
        self.command(&format!("outw {port:#x} {value:#x}"));
    }

    fn outl(&mut self, port: u16, value: u32) {
        self.command(&format!("outl {port:#x} {value:#x}"));
    }

    fn inb(&mut self, port: u16) -> u8 {
        self.command(&format!("inb {port:#x}")) as u8
    }

    fn inw(&mut self, port: u16) -> u16 {
        self.command(&format!("inw {port:#x}")) as u16
    }

    fn write(&mut self, address: u32, bytes: &[u8]) {
        for (at, part) in (address..).step_by(4096).zip(bytes.chunks(4096)) {
            let hex: String = part.iter().map(|b| format!("{b:02x}")).collect();
            self.command(&format!("write {at:#x} {:#x} 0x{hex}", part.len()));
        }
    }

    fn read(&mut self, address: u32) -> u8 {
        self.command(&format!("readb {address:#x}")) as u8
    }
}

/// QEMU's picture at our size: it doubles what we leave to the host to scale.
fn shrink(dump: &Dump, width: usize, height: usize) -> Vec<[u8; 3]> {
    assert_eq!(
        (dump.width % width, dump.height % height),
        (0, 0),
        "QEMU {}x{}, here {width}x{height}",
        dump.width,
        dump.height
    );
    let (sx, sy) = (dump.width / width, dump.height / height);
    let at = |x: usize, y: usize| dump.rgb[y * dump.width + x];
    for y in 0..dump.height {
        for x in 0..dump.width {
            assert_eq!(
                at(x, y),
                at(x / sx * sx, y / sy * sy),
                "QEMU's {x},{y} is not a copy of its neighbour"
            );
        }
    }
    (0..height).flat_map(|y| (0..width).map(move |x| at(x * sx, y * sy))).collect()
}

fn compare(scenario: &Scenario, qemu: &mut Qemu) -> u64 {
    qemu.reset();
    (scenario.make)(qemu);
    let dump = qemu.screen();
    let mut rig = Rig::new();
    (scenario.make)(&mut rig);
    let frame = rig.frame();
    let (width, height) = (frame.width as usize, frame.height as usize);
    let theirs = shrink(&dump, width, height);
    let shift = 8 - scenario.color_bits;
    let ours = frame.rgba.as_chunks::<4>().0.iter().map(|&[r, g, b, _]| [r, g, b]);
    for (i, (a, b)) in ours.zip(&theirs).enumerate() {
        let (x, y) = (i % width, i / width);
        assert_eq!(a.map(|v| v >> shift), b.map(|v| v >> shift), "{}: pixel {x},{y}", scenario.name);
    }
    hash(width, height, theirs.iter().copied(), scenario.color_bits)
}

/// Set `GLASSBOX_GOLDENS=1` to print the table for `golden`.
#[test]
fn pictures_are_those_of_qemu() {
    let Some(mut qemu) = Qemu::start() else { return };
    for scenario in ALL {
        let hash = compare(scenario, &mut qemu);
        if std::env::var_os("GLASSBOX_GOLDENS").is_some() {
            println!("    (\"{}\", {hash:#018X}),", scenario.name);
            continue;
        }
        let golden = GOLDENS.iter().find(|(name, _)| *name == scenario.name);
        assert_eq!(golden, Some(&(scenario.name, hash)));
    }
}

#[test]
fn planar_reads_are_those_of_qemu() {
    let Some(mut qemu) = Qemu::start() else { return };
    let mut rig = Rig::new();
    let run = |a: &mut dyn Adapter| {
        modes::enter(a, &modes::VGA_480);
        scenarios::random_accesses(a, 86, 20_000)
    };
    assert_eq!(run(&mut qemu), run(&mut rig));
}

/// Any value into any register by port, and all of them read back.
#[test]
fn registers_read_back_as_in_qemu() {
    let Some(mut qemu) = Qemu::start() else { return };
    let mut rig = Rig::new();
    let run = |a: &mut dyn Adapter| {
        let mut numbers = Numbers(87);
        a.outb(0x3C2, 0x63);
        let mut seen = Vec::new();
        for _ in 0..500 {
            let (port, registers) = [(0x3C4, 5), (0x3CE, 9), (0x3D4, 25)][numbers.below(3) as usize];
            a.set(port, numbers.below(registers) as u8, numbers.byte());
            a.set_attr(numbers.below(21) as u8, numbers.byte());
            a.outb(0x3C8, numbers.byte());
            for _ in 0..3 {
                a.outb(0x3C9, numbers.byte() & 0x3F);
            }
            seen.extend((0..5).map(|i| a.get(0x3C4, i)));
            seen.extend((0..9).map(|i| a.get(0x3CE, i)));
            seen.extend((0..25).map(|i| a.get(0x3D4, i)));
            a.inb(0x3DA);
            for i in 0..21 {
                a.outb(0x3C0, i);
                seen.push(a.inb(0x3C1));
                a.inb(0x3DA);
            }
            a.outb(0x3C7, numbers.byte());
            seen.extend([0x3C9, 0x3C9, 0x3C9, 0x3C9, 0x3C8, 0x3CC].map(|port| a.inb(port)));
        }
        seen
    };
    let (theirs, ours) = (run(&mut qemu), run(&mut rig));
    let first = theirs.iter().zip(&ours).position(|(a, b)| a != b);
    assert_eq!(first.map(|i| (i % 66, theirs[i], ours[i])), None);
}

/// DISPI registers set to values that both allow. The bank is left out: QEMU shows a stale one after it was switched off.
/// Widths are such that the number of lines in memory fits its register, where QEMU truncates and we saturate.
#[test]
fn dispi_registers_settle_as_in_qemu() {
    let Some(mut qemu) = Qemu::start() else { return };
    let mut rig = Rig::new();
    let run = |a: &mut dyn Adapter| {
        let mut numbers = Numbers(88);
        a.set_dispi(1, 640);
        let mut seen = Vec::new();
        for _ in 0..1500 {
            let (index, value) = match numbers.below(10) {
                0 => (0, 0xB0C0 + numbers.below(9)),
                1 => (1, 520 + numbers.below(2040)),
                6 => (6, numbers.below(2560)),
                2 => (2, numbers.below(1600)),
                3 => (3, [4, 8, 15, 16, 24, 32, 7, 0][numbers.below(8) as usize]),
                4 => (4, [0, 1, 0x81, 0xC1, 0x41, 0x61, 0xE1, 0xC1][numbers.below(8) as usize]),
                5 => (5, numbers.below(0x200)),
                8 => (8, numbers.below(2560)),
                9 => (9, numbers.below(1600)),
                _ => (10, numbers.below(0x10000)),
            };
            a.set_dispi(index as u16, value as u16);
            seen.extend((0..11).filter(|i| *i != 5).map(|i| (i, a.get_dispi(i))));
        }
        seen
    };
    let (theirs, ours) = (run(&mut qemu), run(&mut rig));
    let first = theirs.iter().zip(&ours).position(|(a, b)| a != b);
    assert_eq!(first.map(|i| (i / 10, theirs[i], ours[i])), None);
}
