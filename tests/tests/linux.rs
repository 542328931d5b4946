//! Debian's Linux kernels for i386, started directly, to shells on COM1 and on the screen. Each boot is some 1,000 million
//! instructions, so that but one is made in every run; the others are for the night.

use emu_core::bus::DriveId;
use emu_core::machine::Stop;
use glassbox_tests::{Guest, Limit, Pc, sha256};

const BOOT: Limit = Limit::millions(4000);
const COMMAND: Limit = Limit::millions(600);

/// Boots to the shell on COM1; `None` if this system could not make the guest.
fn shell(name: &str) -> Option<Pc> {
    let mut pc = Pc::boot(&Guest::find(name)?);
    pc.serial_until("GUEST-READY", BOOT);
    Some(pc)
}

/// What every Linux here must answer.
fn check_shell(pc: &mut Pc, release: &str) {
    let uname = pc.command("uname -a", COMMAND);
    assert!(uname.starts_with("Linux glassbox 6.1.") && uname.contains(release), "{uname}");
    assert!(uname.contains(" i686 "), "{uname}");

    let cpuinfo = pc.command("cat /proc/cpuinfo", COMMAND);
    for line in ["vendor_id\t: GenuineIntel", "cpu family\t: 6", "fpu\t\t: yes", "wp\t\t: yes"] {
        assert!(cpuinfo.contains(line), "no {line:?} in {cpuinfo}");
    }
    let flags = cpuinfo.lines().find(|l| l.starts_with("flags")).unwrap_or_default();
    for flag in
        ["fpu", "de", "pse", "tsc", "msr", "pae", "cx8", "apic", "sep", "pge", "cmov", "mmx", "fxsr", "sse"]
    {
        assert!(flags.split_whitespace().any(|f| f == flag), "no {flag} in {flags}");
    }

    let interrupts = pc.command("cat /proc/interrupts", COMMAND);
    for device in ["timer", "i8042", "ttyS0"] {
        assert!(interrupts.contains(device), "no {device} in {interrupts}");
    }
    assert!(interrupts.contains("ERR:          0"), "{interrupts}");
}

/// Files written in the guest have the hashes that the host finds.
fn check_files(pc: &mut Pc, folder: &str) {
    let said = pc.command(&format!("seq 1 20000 > {folder}/numbers; sha256sum {folder}/numbers"), COMMAND);
    let numbers: String = (1..=20000).map(|n| format!("{n}\n")).collect();
    assert!(said.contains(&sha256(numbers.as_bytes())), "{said}");
    let line = format!(
        "gzip -c {folder}/numbers | gunzip -c | tee {folder}/again | sha256sum; cmp {folder}/numbers {folder}/again"
    );
    let said = pc.command(&line, COMMAND);
    assert!(said.contains(&sha256(numbers.as_bytes())), "{said}");
    pc.command(&format!("dd if=/dev/zero of={folder}/zeros bs=4096 count=500 2>/dev/null"), COMMAND);
    let said = pc.command(&format!("sha256sum {folder}/zeros; rm {folder}/zeros {folder}/again"), COMMAND);
    assert!(said.contains(&sha256(&[0; 4096 * 500])), "{said}");
}

fn power_off(pc: &mut Pc) {
    pc.send("poweroff\n");
    assert_eq!(pc.until_stop(COMMAND), Stop::PowerOff);
}

#[test]
fn linux_boots_to_a_shell_and_powers_off() {
    let Some(mut pc) = shell("linux") else { return };
    check_shell(&mut pc, "-686 ");
    check_files(&mut pc, "/root");
    power_off(&mut pc);
}

#[test]
#[ignore = "nightly: a whole boot"]
fn linux_with_pae_boots_to_a_shell_and_powers_off() {
    let Some(mut pc) = shell("linux-pae") else { return };
    check_shell(&mut pc, "-686-pae ");
    let cpuinfo = pc.command("grep flags /proc/cpuinfo", COMMAND);
    assert!(cpuinfo.split_whitespace().any(|f| f == "nx"), "{cpuinfo}");
    check_files(&mut pc, "/root");
    power_off(&mut pc);
}

#[test]
#[ignore = "nightly: a whole boot"]
fn linux_answers_at_the_screen_and_keyboard() {
    let Some(mut pc) = shell("linux") else { return };
    pc.screen_until("on Glassbox. Type commands", COMMAND);
    pc.type_text("echo $((6*7))-Answer | tr a-z A-Z\n");
    pc.screen_until("42-ANSWER", COMMAND);
    // As much as scrolls: the start of the screen in the video memory moves.
    pc.type_text("seq 1 60; uname -s -m\n");
    let screen = pc.screen_until("Linux i686", COMMAND);
    let rows: Vec<&str> = screen.lines().collect();
    let at = rows.iter().position(|row| *row == "60").unwrap_or_else(|| panic!("{screen}"));
    assert_eq!((rows[at - 1], rows[at - 2], rows[at + 1]), ("59", "58", "Linux i686"), "{screen}");
    pc.type_text("poweroff\n");
    assert_eq!(pc.until_stop(COMMAND), Stop::PowerOff);
}

#[test]
#[ignore = "nightly: two boots"]
fn files_on_an_ext2_disk_survive_a_reboot() {
    let Some(mut pc) = shell("linux-disk") else { return };
    let mounts = pc.command("cat /proc/mounts", COMMAND);
    assert!(mounts.contains(" / ext2 "), "{mounts}");
    check_files(&mut pc, "/root");
    pc.command("echo I was here > /root/note; sync", COMMAND);
    pc.send("reboot\n");
    pc.serial_until("GUEST-READY", BOOT);
    assert_eq!(pc.command("cat /root/note", COMMAND), "I was here");
    let numbers: String = (1..=20000).map(|n| format!("{n}\n")).collect();
    let said = pc.command("sha256sum /root/numbers", COMMAND);
    assert!(said.contains(&sha256(numbers.as_bytes())), "{said}");
    power_off(&mut pc);
    // The disk as the host can save it holds the note too; the image itself is untouched.
    let image = Guest::own("linux-disk").read("linux/root.img");
    let mut disk = vec![0; image.len()];
    assert_eq!(pc.machine.export_drive(DriveId::Disk(0), 0, &mut disk), Ok(true));
    let note = b"I was here\n";
    let holds = |bytes: &[u8]| bytes.chunks(512).any(|sector| sector.starts_with(note));
    assert!(holds(&disk) && !holds(&image));
}
