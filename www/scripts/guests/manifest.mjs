// The list of guests for the page's gallery and for the tests: .cache/guests/manifest.json.
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { GUESTS } from "./steps.mjs";

// An emulated second is dear. The kernel's self-tests of its cryptography are 3,000 million instructions, the keys that it
// checks modules and firmware with 600 million, the probing of an ISA Plug and Play bus is waiting loops.
const LINUX_OPTIONS =
  "tsc=reliable mitigations=off nowatchdog cryptomgr.notests noisapnp " +
  "initcall_blacklist=load_system_certificate_list,crypto_kdf108_init";
const CONSOLES = `console=tty0 console=ttyS0 ${LINUX_OPTIONS}`;

/**
 * Each guest: `files` by role, with paths relative to the manifest (`append` is the kernel's command line itself);
 * `until` is what it prints when it has come as far as it does unattended, on COM1 (`serial`) or the text screen.
 * `bootMillions` is about how many millions of instructions that takes, for the page's progress bar.
 */
const GUEST_LIST = [
  {
    name: "linux",
    title: "Linux",
    description: "Debian's kernel 6.1 for i686 with a busybox shell, on the screen and on the serial line.",
    files: { kernel: "linux/vmlinuz-686", initrd: "linux/initrd.cpio.gz", append: CONSOLES },
    memoryMb: 128,
    bootMillions: 3370,
    until: { serial: "GUEST-READY" },
  },
  {
    name: "linux-pae",
    title: "Linux with PAE",
    description: "The same with the kernel that uses 64-bit page-table entries and the NX bit.",
    files: { kernel: "linux/vmlinuz-686-pae", initrd: "linux/initrd-pae.cpio.gz", append: CONSOLES },
    memoryMb: 128,
    bootMillions: 3400,
    until: { serial: "GUEST-READY" },
  },
  {
    name: "linux-disk",
    title: "Linux on a disk",
    description: "Its root file system is an ext2 partition of an IDE disk: what you write is there after a reboot.",
    files: {
      kernel: "linux/vmlinuz-686",
      initrd: "linux/initrd.cpio.gz",
      hda: "linux/root.img",
      append: `root=/dev/sda1 ${CONSOLES}`,
    },
    memoryMb: 128,
    bootMillions: 3400,
    until: { serial: "GUEST-READY" },
  },
  {
    name: "linux-bench",
    title: "Linux benchmark",
    description: "Times eleven kinds of work inside Linux, prints a checksum for each, and powers off.",
    files: {
      kernel: "linux/vmlinuz-686",
      initrd: "linux/initrd.cpio.gz",
      append: `bench console=ttyS0 ${LINUX_OPTIONS}`,
    },
    memoryMb: 128,
    bootMillions: 2750,
    until: { serial: "ALL-DONE" },
  },
  {
    name: "memtest86+",
    title: "Memtest86+",
    description: "Tests all memory with patterns, from a CD-ROM.",
    files: { cdrom: "memtest/memtest.iso" },
    memoryMb: 8,
    bootMillions: 14,
    until: { screen: "Pass:" },
  },
  {
    name: "memtest86+-kernel",
    title: "Memtest86+, loaded directly",
    description: "The same program, started as a Linux kernel would be.",
    files: { kernel: "memtest/memtest.bin" },
    memoryMb: 8,
    bootMillions: 13,
    until: { screen: "Pass:" },
  },
  {
    name: "ipxe",
    title: "iPXE",
    description: "Network boot loader on a CD-ROM; Ctrl-B gives its command line.",
    files: { cdrom: "ipxe/ipxe.iso" },
    memoryMb: 32,
    bootMillions: 196,
    until: { screen: "iPXE 1." },
  },
  {
    name: "grub-floppy",
    title: "GRUB on a floppy",
    description: "GRUB 2's rescue floppy; c gives a command line with ls, lspci, videoinfo and many more.",
    files: { fda: "grub/grub-rescue-floppy.img" },
    memoryMb: 32,
    bootMillions: 186,
    until: { screen: "for a command-line" },
  },
  {
    name: "grub-cdrom",
    title: "GRUB on a CD-ROM",
    description: "GRUB 2's rescue CD with all of its modules; c gives the command line.",
    files: { cdrom: "grub/grub-rescue-cdrom.iso" },
    memoryMb: 32,
    bootMillions: 58,
    until: { screen: "for a command-line" },
  },
  {
    name: "syslinux",
    title: "SYSLINUX on a floppy",
    description: "A FAT floppy with a boot prompt: CPUID, memory map, VESA modes, Memtest86+.",
    files: { fda: "syslinux/syslinux.img" },
    memoryMb: 32,
    bootMillions: 44,
    until: { screen: "boot:" },
  },
  ...[
    [
      "hello",
      "Hello, world",
      "A boot sector that prints by the BIOS (INT 10h) and finds its words in the text memory.",
    ],
    ["plasma", "Plasma", "256 colours in mode 13h: a table of sines, the palette and the vertical retrace."],
    ["planar", "Four planes", "Mode 12h, 640x480 in 16 colours: set/reset, bit mask, latches and all write modes."],
    ["modex", "Mode X", "Unchained 320x240: smooth panning and a split screen."],
    ["vbe", "Linear frame buffer", "VBE: 640x480 in true colour, drawn from protected mode."],
    ["vbe16", "Linear frame buffer, 16 bits", "VBE: 1024x768 in 65,536 colours."],
    ["keyboard", "Keyboard", "Scan codes taken at IRQ 1; Escape ends."],
    ["mouse", "Mouse", "Packets of a PS/2 mouse taken at IRQ 12; the right button ends."],
    ["timer", "Timer", "The 8254 counts, the 8259 interrupts: 100 ticks a second."],
    ["speaker", "Speaker", "A scale on the PC speaker, by counter 2 and port 61h."],
    ["serial", "Serial port", "The UART tests itself in loop-back, says hello and echoes what you type."],
    [
      "protected",
      "Protected mode",
      "Descriptor tables of our own, and fourteen mistakes, each caught by its exception.",
    ],
    ["paging", "Paging", "Pages mapped on demand by a page-fault handler; accessed, dirty and write-protect bits."],
    [
      "ring3",
      "User mode",
      "A program in ring 3 asks the kernel by an interrupt gate, and is stopped when it oversteps.",
    ],
    ["v86", "Virtual 8086", "A real-mode program under a monitor that emulates its INT, IN, OUT, CLI and STI."],
  ].map(([name, title, description]) => ({
    name,
    title,
    description,
    files: { fda: `own/${name}.img` },
    memoryMb: 16,
    // These two end when somebody presses Escape, or the right button.
    until: { serial: ["keyboard", "mouse"].includes(name) ? `${name}: ready` : `${name}: ok` },
  })),
];

const complete = ({ files }) =>
  Object.entries(files).every(([role, file]) => role === "append" || existsSync(path.join(GUESTS, file)));

// Without a compiler for i686 the initramfs lacks its benchmark.
const bootable = (guest) =>
  complete(guest) && (guest.name !== "linux-bench" || existsSync(path.join(GUESTS, "linux/bench")));

/** Writes the list of the guests whose files are all there; returns how many there are. */
export function writeManifest() {
  const made = GUEST_LIST.filter(bootable);
  writeFileSync(path.join(GUESTS, "manifest.json"), `${JSON.stringify(made, null, 2)}\n`);
  return made.length;
}
