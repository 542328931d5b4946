//! What `--help` prints.

/// Flags, exit codes and examples.
pub const HELP: &str = r"glassbox: a PC in the terminal (native twin of www/bin/glassbox.mjs)

  run [FLAG...]

Machine
  --memory MB             RAM, 1 to 2048 (64)
  --bios FILE             system BIOS (SeaBIOS)
  --vgabios FILE          VGA BIOS (SeaBIOS's)
  --rom HEXADDR:FILE      a ROM mapped at an address instead of a BIOS; the CPU starts at FFFFFFF0
  --fda IMG, --fdb IMG    floppies; guest writes stay in memory and are gone at the end
  --hda IMG, --hdb IMG    hard disks
  --cdrom ISO             CD-ROM
  --boot a|c|d            boot first from floppy, disk or CD-ROM
  --kernel FILE           bzImage or Multiboot ELF to start directly
  --initrd FILE           its initial RAM disk
  --append STRING         its command line

Run
  --open FILE             go on from a snapshot that --save made, with the same machine flags; counts go on from it
  --serial stdio|null|FILE  where COM1 goes (stdio: the terminal; stdin goes to COM1, Ctrl-] leaves)
  --type TEXT             type at the keyboard; \n is Enter, also \t \e \\ \xHH
  --type-after TEXT       ... once this was seen on COM1 or on the text screen (follows its --type; pairs may repeat)
  --until TEXT            end when COM1 showed this
  --until-screen TEXT     end when the text screen shows this
  --max-instructions N    end after N instructions, or N microseconds of guest time for a guest that only waits
  --exit-port HEX         a byte the guest writes to this port ends the run and is the exit code
  --capture-port HEX:FILE bytes the guest writes to this port go to a file

Result
  --save FILE             a snapshot of the machine at the end
  --screenshot FILE.png   the screen at the end
  --screen-text           the text screen at the end
  --state-hash            the hash of the machine's state at the end
  --stats                 one last line of JSON: instructions, virtual_ns, host_ms, mips, wasm_memory (0 here)

Exit code: 0 the run met its end, 1 the guest failed (triple fault, or it ended before what was waited for),
2 bad arguments or files. SOURCE_DATE_EPOCH sets the clock the guest finds, in seconds since 1970; without it the clock
shows the host's time, but 2000-01-01 with --state-hash.

Examples
  run --fda hello.img --serial null --screen-text --max-instructions 50000000
  run --memory 128 --kernel vmlinuz --initrd initrd.cpio.gz --append console=ttyS0
  run --cdrom ipxe.iso --boot d --until-screen 'iPXE>' --type 'help\n' --type-after 'iPXE>' --screenshot a.png
  run --rom FFFF0000:test.bin --exit-port f4 --max-instructions 1000000 --stats
";
