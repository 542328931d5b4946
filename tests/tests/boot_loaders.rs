//! Boot loaders and memtest86+ from their distributions' images, to their prompts.

use emu_core::machine::Stop;
use glassbox_tests::{Guest, Limit, Pc};

const START: Limit = Limit::millions(1500);
const COMMAND: Limit = Limit::millions(600);

/// Make code of the Enter key.
const ENTER: u16 = 0x1C;

fn boot(name: &str) -> Option<Pc> {
    let guest = Guest::find(name)?;
    let mut pc = Pc::boot(&guest);
    pc.screen_until(guest.last_screen().expect("what it shows"), START);
    Some(pc)
}

/// Types a line at GRUB's prompt; the screen once the next prompt is there.
fn grub(pc: &mut Pc, line: &str, shows: &str) -> String {
    pc.type_text("clear\n");
    pc.type_text(line);
    pc.type_text("\n");
    pc.screen_until(shows, COMMAND);
    // All of the answer and the next prompt.
    pc.pass(500_000_000);
    pc.screen()
}

fn check_grub(mut pc: Pc, drive: &str) {
    if !pc.screen().contains("grub>") {
        pc.type_text("c");
        pc.screen_until("grub>", COMMAND);
    }
    let said = grub(&mut pc, "ls", drive);
    assert!(said.contains("(memdisk)") || said.contains(drive), "{said}");
    // Vendors and devices as QEMU's i440FX machine has them.
    let said = grub(&mut pc, "lspci", "8086:1237");
    for id in ["8086:1237", "8086:7000", "8086:7010", "8086:7113", "1234:1111"] {
        assert!(said.contains(id), "no {id}: {said}");
    }
    grub(&mut pc, "insmod vbe", "grub>");
    let said = grub(&mut pc, "videoinfo", "EDID version: 1.");
    // Lines as in QEMU with the same VGA BIOS.
    for line in [
        "0x195 1600 x  900 x 32 (6400)  Direct color, mask: 8/8/8/8  pos: 16/8/0/24",
        "0x013    0 x    0 x  0 (   0)  Text-only",
    ] {
        assert!(said.contains(line), "no {line}: {said}");
    }
}

#[test]
fn grub_starts_from_a_floppy() {
    let Some(pc) = boot("grub-floppy") else { return };
    check_grub(pc, "(fd0)");
}

#[test]
fn grub_starts_from_a_cd() {
    let Some(pc) = boot("grub-cdrom") else { return };
    check_grub(pc, "(cd)");
}

#[test]
fn ipxe_starts_from_a_cd_and_answers_at_its_prompt() {
    let Some(mut pc) = boot("ipxe") else { return };
    pc.screen_until("Ctrl-B", START);
    pc.key(0x1D, true);
    pc.type_text("b");
    pc.key(0x1D, false);
    pc.screen_until("iPXE>", COMMAND);
    pc.type_text("echo ${version} on ${platform}\n");
    let screen = pc.screen_until(" on pcbios", COMMAND);
    assert!(screen.lines().any(|l| l.starts_with("1.") && l.contains("on pcbios")), "{screen}");
}

/// Its programs ask the BIOS: the processor, the memory, the power.
#[test]
fn syslinux_starts_from_a_fat_floppy() {
    let Some(mut pc) = boot("syslinux") else { return };
    pc.type_text("nonsense\n");
    pc.screen_until("Loading nonsense... failed: No such file or directory", COMMAND);
    pc.type_text("cpu\n");
    // Family 6, as /proc/cpuinfo has it.
    pc.screen_until("eax :       1670 0x00000686", COMMAND);
    pc.type_text("memory\n");
    let last = "5 00000000fffc0000x 0000000000040000x 0000000100000000x 2 [-] reserved";
    let screen = pc.screen_until(last, COMMAND);
    // As in QEMU with the same BIOS and 32 MiB, but for the top 128 KiB, where the ACPI tables have another size.
    for line in [
        "INT 15h = f000:f859  DOS RAM: 639K (0x9fc00)  INT 12h: 639K (0x9fc00)",
        "0 0000000000000000x 000000000009fc00x 000000000009fc00x 1 [-] usable",
        "1 000000000009fc00x 0000000000000400x 00000000000a0000x 2 [-] reserved",
        "2 00000000000f0000x 0000000000010000x 0000000000100000x 2 [-] reserved",
        "3 0000000000100000x",
    ] {
        assert!(screen.contains(line), "no {line}: {screen}");
    }
    pc.type_text("poweroff");
    pc.key(ENTER, true);
    assert_eq!(pc.until_stop(COMMAND), Stop::PowerOff);
}

fn check_memtest(shows: &str, limit: Limit) {
    let Some(mut pc) = boot("memtest86+") else { return };
    let screen = pc.screen_until(shows, limit);
    assert!(screen.contains("Memory  :    8MB"), "{screen}");
    let errors = screen.split("Errors:").nth(1).and_then(|rest| rest.split_whitespace().next());
    assert_eq!(errors, Some("0"), "{screen}");
}

#[test]
fn memtest86_reaches_its_tests() {
    check_memtest("Status: Testing", Limit::millions(3000));
}

#[test]
#[ignore = "nightly: a whole pass"]
fn memtest86_finds_no_error_in_8_mib() {
    check_memtest("Pass:  1", Limit::millions(100_000));
}
