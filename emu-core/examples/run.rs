//! The native twin of `glassbox run` (bring-up version).
use emu_core::machine::{Config, Machine, Stop, Until};
use std::io::Write;

fn main() {
    let mut config = Config::new();
    config.bios = std::fs::read("/usr/share/seabios/bios-256k.bin").expect("bios");
    config.vga_bios = std::fs::read("/usr/share/seabios/vgabios-stdvga.bin").expect("vgabios");
    if std::env::args().nth(2).is_some() {
        let g = ".cache/guests/linux/";
        config.ram_bytes = 128 << 20;
        config.kernel = Some(emu_core::machine::Kernel {
            image: std::fs::read(format!("{g}vmlinuz-686")).expect("kernel"),
            initrd: std::fs::read(format!("{g}initrd.cpio.gz")).expect("initrd"),
            command_line: std::env::args().nth(2).unwrap(),
        });
    }
    let max: u64 = std::env::args().nth(1).and_then(|s| s.parse().ok()).unwrap_or(50_000_000);
    let mut m = Machine::new(config).expect("machine");
    let start = std::time::Instant::now();
    let mut stop = Stop::Limit;
    while m.instructions() < max && stop == Stop::Limit {
        stop = m.run(Until { instruction: max, time: m.time() + 10_000_000 });
        std::io::stdout().write_all(&m.take_debug()).ok();
        std::io::stdout().write_all(&m.take_serial(0)).ok();
    }
    println!("\n{stop:?} after {} instructions, {} ns, {:?}", m.instructions(), m.time(), start.elapsed());
    let r = m.registers();
    println!("{:?}", r);
    for l in m.disassemble(r.linear_ip, 8) {
        println!("{:08x} {}", l.address, l.text);
    }
    if let Some(t) = m.text_screen() {
        for row in t.rows {
            println!("|{row}");
        }
    }
}
