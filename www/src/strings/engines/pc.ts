// Made by scripts/engine_messages.mjs of the Rust sources.

/** What the PC says: refused files, stops, conditions that cannot be read. */
export const PC_ENGINE = {
  "emu-core/src/bus/device.rs": [
    "the saved state of device {} cannot be read: take another snapshot"
  ],
  "emu-core/src/bus/pci.rs": [
    "a configuration space has 256 bytes"
  ],
  "emu-core/src/bus/pci_view.rs": [
    "answers at I/O ports",
    "answers at memory addresses",
    "bus master",
    "hears special cycles",
    "memory write and invalidate",
    "snoops the VGA palette",
    "answers parity errors",
    "drives SERR#",
    "fast back-to-back",
    "takes fast back-to-back",
    "data parity error as master",
    "signalled target abort",
    "received target abort",
    "received master abort",
    "signalled SERR#",
    "parity error",
    "below 1 MiB",
    "base, in its place",
    "programming interface",
    "mass storage",
    "PCI clocks on the bus",
    "type; bit 7: several functions",
    "base address",
    "subsystem vendor",
    "expansion ROM",
    "interrupt line",
    "written by firmware",
    "interrupt pin",
    "1 is INTA#",
    "the function's own",
    "PCI 00:{:02x}.{}"
  ],
  "emu-core/src/debugger/action.rs": [
    "{name:?} is no command"
  ],
  "emu-core/src/debugger/address.rs": [
    "a hexadecimal number is missing",
    "{word:?} is no hexadecimal number",
    "larger than {most:x}",
    "a decimal number is missing",
    "{word:?} is no decimal number",
    "larger than 64 bits",
    "the last port is below the first",
    "{word:?} is none of {}"
  ],
  "emu-core/src/debugger/backwards.rs": [
    "{what:?} is nothing that is looked for",
    "pixel: {at:?} is not like 100,20",
    "pixel: there is no picture now"
  ],
  "emu-core/src/debugger/expression/evaluate.rs": [
    "what happened has no {name}",
    "the selector's descriptor is not there",
    "no memory that can be looked at is at {at:#x}",
    "division by 0"
  ],
  "emu-core/src/debugger/expression/lex.rs": [
    "{c:?} means nothing here",
    "{word} is no number",
    "{word} has more than 32 bits",
    "a character is one of ASCII between two '"
  ],
  "emu-core/src/debugger/expression/mod.rs": [
    "longer than {MOST_CHARACTERS} characters"
  ],
  "emu-core/src/debugger/expression/parse.rs": [
    "an operator or the end should be here",
    "{symbol} is missing",
    "nested too deeply",
    "a value is missing at the end",
    "a value should be here, not {symbol}",
    "{name} is no register, flag or other name"
  ],
  "emu-core/src/debugger/format.rs": [
    "a } that closes nothing; write }} for the character",
    "} is missing; write {{ for the character",
    "no field is wider than {MOST_WIDTH}",
    "{letter:?} is none of x X d u b o c"
  ],
  "emu-core/src/debugger/mode.rs": [
    "protected, paging"
  ],
  "emu-core/src/debugger/stop.rs": [
    "no more than {MOST_STOPS} stops",
    "hits are counted from 1",
    "no such register",
    "{kind:?} is no kind of stop",
    "give a text",
    "longer than {MOST_CHARACTERS} characters",
    "at least one byte is watched",
    "no more than {MOST_COMPARED} bytes are compared",
    "the selector's descriptor is not there now",
    "reaches beyond the last address"
  ],
  "emu-core/src/host/image.rs": [
    "the image is empty; choose a file with contents",
    "the image's {len} bytes are not a whole number of {sector}-byte sectors; it is cut short or no disk image: fetch it again, or pad it to {} bytes",
    "no floppy format has {len} bytes; pad or cut the image to one of {known} KiB, or attach it as a hard disk",
    "a {format} floppy does not fit the machine's {takes} drive; start the machine with this image in the drive",
    "the image's {len} bytes are more than the {most} the drive can address; use a smaller image",
    "the machine has no such drive; start it with an image in that drive"
  ],
  "emu-core/src/host/overlay.rs": [
    "{PAGE} bytes"
  ],
  "emu-core/src/machine/boot/elf.rs": [
    "ELF header",
    "ELF e_type",
    "ELF e_phnum or e_phentsize",
    "ELF program header table",
    "ELF segment",
    "ELF p_filesz",
    "number of ELF segments",
    "ELF e_entry"
  ],
  "emu-core/src/machine/boot/error.rs": [
    "the kernel file is empty: give a bzImage or a Multiboot 1 image",
    "the kernel is neither a Linux bzImage (\"HdrS\" at offset 202h) nor a Multiboot 1 image (1BADB002h in its first 8 KiB): give one of these, or start a disk image as a disk",
    "the kernel's boot protocol is older than 2.00: give a kernel of Linux 1.3.73 or later",
    "the kernel file is cut: its {part} needs {needed} bytes, the file has {has}: get it again",
    "the kernel's {field} is {value:#x}, which cannot be: the file is damaged, get it again",
    "the kernel is not for a 32-bit x86 processor: give one built for i386 to i686",
    "the kernel's Multiboot header requires unknown features ({flags:#06x}): use a boot loader on a disk",
    "the kernel wants memory {start:#x}-{end:#x}, which this machine with {} MiB has not got free: give the machine more memory",
    "the initrd has {size} bytes, but beside the kernel there is room for {room}: give the machine more memory or a smaller initrd",
    "the kernel command line has {len} bytes, the kernel takes {limit}: shorten it",
    "the kernel command line has a NUL or line break at byte {at}: take it out"
  ],
  "emu-core/src/machine/boot/linux.rs": [
    "setup header",
    "boot_flag (offset 1feh)",
    "protocol version (offset 206h)",
    "setup_sects (offset 1f1h)",
    "protected-mode code"
  ],
  "emu-core/src/machine/boot/multiboot.rs": [
    "Multiboot flags (no addresses, and no ELF file)",
    "Multiboot header",
    "Multiboot load_addr",
    "Multiboot load_end_addr",
    "Multiboot image",
    "Multiboot bss_end_addr",
    "Multiboot entry_addr"
  ],
  "emu-core/src/machine/config.rs": [
    "memory: {bytes} bytes are not between 1 MiB and 2 GiB in steps of 4 KiB: choose another size",
    "memory: the host cannot give {bytes} bytes: choose less or close other programs",
    "bios: {len} bytes are not a BIOS image of 64 to 256 KiB in steps of 64 KiB: give SeaBIOS's bios-256k.bin",
    "bios: there is no code at the reset vector (last 16 bytes): give SeaBIOS's bios-256k.bin",
    "vgabios: not an option ROM (55 AA, at most 64 KiB): give SeaBIOS's vgabios-stdvga.bin",
    "rom: {len} bytes at {address:08X} do not fit: give 1 byte to 2 MiB at a multiple of 1000h below 4 GiB"
  ],
  "emu-core/src/machine/description.rs": [
    "floppy drive A",
    "floppy drive B",
    "the first hard disk",
    "the second hard disk",
    "the CD-ROM drive",
    "it has {} KiB of memory, this one {} KiB: choose as much",
    "it has another BIOS: give the same",
    "it has another VGA BIOS: give the same",
    "it has another ROM: give the same, at the same address",
    "it booted another kernel, or none: give the same",
    "it booted with another initial RAM disk: give the same",
    "its kernel has another command line: give the same",
    "it has another boot order: choose the same",
    "a triple fault does something else in it: choose the same",
    "it has another exit or capture port: choose the same",
    "{b} bytes",
    "{} held {}, here {}: give the same image",
    "{} held another image of that size: give the same"
  ],
  "emu-core/src/machine/history/marks.rs": [
    "protected, paging"
  ],
  "emu-core/src/machine/moment.rs": [
    "the snapshot is of another machine: open it with the same memory size, firmware, kernel and drives",
    "of that name"
  ],
  "emu-core/src/machine/recording/error.rs": [
    "the past is recorded only from instruction {} on: record from power-on, or save the moment",
    "not a recording: give a file that Glassbox recorded",
    "the recording has version {found}, known are those up to {newest}: open it with a newer Glassbox",
    "the recording is damaged ({what}): copy or load it again",
    "the recording asks for {found} {what}, allowed are {most}: take another",
    "the recording is of another machine: {difference}",
    "the recorded machine's clock began at {there} (seconds since 1970), this one's at {here}: set the same",
    "an image of {bytes} bytes was put into a drive on the way: give it, or the moment as a snapshot",
    "a recording is replayed from power-on: make a new machine for it"
  ],
  "emu-core/src/machine/recording/reader.rs": [
    "the version",
    "the end is missing",
    "the checksum",
    "something behind the end",
    "the end",
    "an input behind the end",
    "a number",
    "a text",
    "pages of memory",
    "the size of memory",
    "bytes of the boot order",
    "bytes of the command line",
    "a key",
    "bytes of an input",
    "bytes of a register's name",
    "bytes of a register",
    "an input of no known kind",
    "an edit",
    "runs of bytes",
    "as an address",
    "bytes of an edit",
    "a drive",
    "a movement",
    "a time"
  ],
  "emu-core/src/machine/recording/writer.rs": [
    "[Floppy, CdRom, Disk] Some(1000)"
  ],
  "emu-core/src/snapshot/card.rs": [
    "the card",
    "bytes of its card"
  ],
  "emu-core/src/snapshot/compare/shell.rs": [
    "eax ecx edx ebx esp ebp esi edi eip eflags cs ss ds es fs gs cs_base ss_base ds_base es_base fs_base gs_base cs_limit ss_limit ds_limit es_limit fs_limit gs_limit gdtr_base gdtr_limit idtr_base idtr_limit ldtr ldtr_base ldtr_limit tr tr_base tr_limit cr0 cr2 cr3 cr4 dr0 dr1 dr2 dr3 dr6 dr7 cpl st0 st1 st2 st3 st4 st5 st6 st7 fctrl fstat ftag fiseg fioff foseg fooff fop xmm0 xmm1 xmm2 xmm3 xmm4 xmm5 xmm6 xmm7 mxcsr",
    "bytes of RAM",
    "text {}x{}",
    "{}x{} pixels"
  ],
  "emu-core/src/snapshot/compare/state.rs": [
    " … {} bytes"
  ],
  "emu-core/src/snapshot/error.rs": [
    "open it with a newer Glassbox",
    "not a snapshot: give a file that Glassbox saved",
    "a snapshot of kind {kind}, not of a PC: {NEWER}",
    "the snapshot has format {found}, known are those up to {newest}: {NEWER}",
    "the snapshot has {found} bytes instead of {expected}: copy or load the file again",
    "the snapshot is damaged ({what}): copy or load the file again",
    "the snapshot asks for {found} {what}, allowed are {most}: take another",
    "the snapshot tells what changed since snapshot {id}: give that one too",
    "the snapshot's part {name} has version {found}, known are those up to {newest}: {NEWER}",
    "the snapshot has no part {name}: take another",
    "the snapshot has a part {name} that this machine has not: {NEWER}",
    "the snapshot is of another machine: {difference}"
  ],
  "emu-core/src/snapshot/file.rs": [
    "bytes of the file",
    "the version",
    "the packing",
    "bytes of the manifest",
    "the manifest",
    "the manifest's shape",
    "the manifest's end",
    "bytes of RAM",
    "pages of memory",
    "bytes of state",
    "a batch of pages",
    "a part that is there twice",
    "a page that is there twice",
    "the number of memory pages",
    "a page that is not there",
    "a page",
    "a part with pages",
    "a page beyond memory",
    "unpacked bytes"
  ],
  "emu-core/src/snapshot/mod.rs": [
    "the number of memory pages",
    "the position, which is not the CPU's"
  ],
  "emu-core/src/snapshot/store.rs": [
    "a stored page"
  ],
  "emu-core/src/snapshot/versions.rs": [
    "a part of an older version"
  ],
  "emu-core/src/x86/disasm/names.rs": [
    "dword far ",
    "word far "
  ],
  "emu-core/src/x86/exception.rs": [
    "exception {}({code:04X})",
    "exception {}"
  ],
  "emu-core/src/x86/register_names.rs": [
    "{name} is no register",
    "{name} has another number of bytes than {}",
    "{name} does not take {value:#x}"
  ],
  "web/src/error.rs": [
    "no drive is called {name:?}: use fda, fdb, hda, hdb or cdrom",
    "{name} cannot be changed while the machine runs: switch it off first",
    "boot order {order:?}: use the letters a (floppy), c (disk), d (CD-ROM), each once",
    "disk image of {bytes} bytes: the size must be a multiple of 512 and not zero",
    "not saved: {why}",
    "disk data not accepted: {why}"
  ],
  "web/src/host/callback.rs": [
    "the read function gave no Uint8Array",
    "{} bytes at {offset} were asked for, {} came",
    "the read function threw"
  ],
  "web/src/host/remote.rs": [
    "{} bytes at {offset} reach past the end",
    "{} bytes at {offset} are not whole pages"
  ],
  "web/src/x86/compare.rs": [
    "the {which} moment: {error}",
    "nothing is recorded: call record() or replay() first"
  ],
  "web/src/x86/debugger.rs": [
    "stops: {error}"
  ],
  "web/src/x86/drive.rs": [
    "drive {drive:?} holds no remote image"
  ],
  "web/src/x86/export.rs": [
    "{drive} holds nothing that can be saved",
    "{length} bytes at {offset} of {} are no piece of it"
  ],
  "web/src/x86/history.rs": [
    "nothing is recorded: call record() first",
    "there is no branch {id}",
    "{command:?} is no way back"
  ],
  "web/src/x86/library.rs": [
    "an id of a page has 32 bytes",
    "nothing was saved"
  ],
  "web/src/x86/look.rs": [
    "no address space is called {name:?}: use linear, physical, es, cs, ss, ds, fs, gs or a selector",
    "no access is called {name:?}: use read, write or execute",
    "the answer could not be made",
    "the log's filter: {error}",
    "no table is called {which:?}: use gdt, ldt, idt or ivt",
    "there is no syntax {name}"
  ],
  "web/src/x86/recording.rs": [
    "nothing is recorded: call record() first"
  ],
  "web/src/x86/snapshot.rs": [
    "no file was given",
    "a SHA-256 has 32 bytes"
  ],
  "web/src/x86/symbols.rs": [
    "a program's symbols: {error}"
  ]
} as const;
