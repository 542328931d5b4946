// The Linux guests: Debian's i386 kernels, an initramfs of our own around busybox, the benchmark, and an ext2 disk.
import {
  cpSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { Cpio } from "./cpio.mjs";
import { dependency, packageFiles } from "./debian.mjs";
import { loadOrder } from "./modules.mjs";
import { GUESTS, SCRIPTS, Skip, SOURCES, step } from "./steps.mjs";
import { find, need, remedy, run } from "./tools.mjs";

const LINUX = path.join(SOURCES, "linux");
const BENCH = path.join(SOURCES, "bench");
const OUT = path.join(GUESTS, "linux");
const KERNELS = [
  { meta: "linux-image-686", suffix: "686", initrd: "initrd.cpio.gz" },
  { meta: "linux-image-686-pae", suffix: "686-pae", initrd: "initrd-pae.cpio.gz" },
];

// IDE disks and CD-ROMs, the file systems on them, and the mouse; the keyboard and the UART are built in.
const MODULES = ["ata_piix", "sd_mod", "sr_mod", "ext4", "isofs", "floppy", "psmouse", "pcspkr"];

// Programs that are there under their own names; busybox's shell finds the rest of its applets by itself.
const APPLETS =
  "sh ash cat ls cp mv rm mkdir rmdir ln chmod echo printf sed awk grep find sort head tail wc cut tr od hexdump xxd " +
  "sha256sum sha1sum md5sum cksum gzip gunzip zcat xz tar cpio dd df du free ps top kill sleep usleep date uname hostname " +
  "dmesg mount umount sync reboot poweroff halt init insmod lsmod rmmod modprobe vi less more env id tty stty clear " +
  "seq time true false test expr yes tee xargs stat touch which who uptime hwclock mke2fs fdisk blockdev losetup mknod " +
  "setsid cttyhack switch_root ifconfig ping route nc wget chvt loadkmap";

function sources(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** What the Linux guests are made from, besides packages; their names, since versions are only seen when fetched. */
export const inputs = () => [
  ...[...sources(LINUX), ...sources(BENCH)].map((file) => ({ file })),
  ...["linux", "cpio", "modules", "debian"].map((name) => ({ file: path.join(SCRIPTS, `${name}.mjs`) })),
  // A compiler that appears later must lead to a benchmark.
  compilers().length ? "compiler" : "no compiler",
];

export const outputs = ["vmlinuz-686", "vmlinuz-686-pae", "initrd.cpio.gz", "initrd-pae.cpio.gz"].map(
  (name) => `linux/${name}`,
);

export function make() {
  mkdirSync(OUT, { recursive: true });
  step("linux: the benchmark for i686", makeBench);
  for (const kernel of KERNELS) makeKernel(kernel);
}

function makeKernel({ meta, suffix, initrd }) {
  const name = dependency(meta, new RegExp(`^linux-image-[0-9].*-${suffix}$`));
  if (!name) {
    throw new Skip(
      `the Debian package linux-image-VERSION-${suffix} (i386, Debian 12) is needed and apt cannot name it; ` +
        "download its .deb from a Debian mirror into a folder and set GLASSBOX_PACKAGES to that folder",
    );
  }
  let files;
  step(`linux: package ${name}`, () => {
    files = packageFiles(name, "i386", trimModules);
  });
  const boot = path.join(files, "boot");
  const image = readdirSync(boot).find((file) => file.startsWith("vmlinuz"));
  cpSync(path.join(boot, image), path.join(OUT, `vmlinuz-${suffix}`));
  step(`linux: ${initrd}`, () => {
    const bytes = makeInitrd(path.join(files, "lib/modules"));
    writeFileSync(path.join(OUT, initrd), bytes);
    return `${Math.round(bytes.length / 1024)} KiB`;
  });
}

/** Drivers that a PC of the nineties has; all the others are nine tenths of the package. */
const DRIVERS = ["ata", "block", "cdrom", "input", "scsi"];

function trimModules(files) {
  const modules = path.join(files, "lib/modules");
  for (const release of readdirSync(modules)) {
    const kernel = path.join(modules, release, "kernel");
    for (const name of ["net", "sound"]) rmSync(path.join(kernel, name), { recursive: true, force: true });
    for (const name of readdirSync(path.join(kernel, "drivers"))) {
      if (!DRIVERS.includes(name)) rmSync(path.join(kernel, "drivers", name), { recursive: true, force: true });
    }
  }
}

/** The compilers that could make i686 code: each program with the flag that asks for it. */
function compilers() {
  const known = [
    ["gcc", "-m32"],
    ["i686-linux-gnu-gcc"],
    ["i686-elf-gcc"],
    ["clang", "--target=i686-linux-gnu", "-fuse-ld=lld"],
  ];
  return known.filter(([program]) => find(program));
}

const FLAGS =
  "-std=gnu11 -static -nostdlib -ffreestanding -fno-pic -O2 -march=i686 -mfpmath=387 -fno-stack-protector " +
  "-fno-asynchronous-unwind-tables -fcf-protection=none -Wl,--build-id=none -Wl,-z,noexecstack -s";

/** Returns a note; without a compiler the guest is made without its benchmark. */
function makeBench() {
  rmSync(path.join(OUT, "bench"), { force: true });
  const files = sources(BENCH).filter((file) => file.endsWith(".c"));
  const errors = [];
  for (const [program, ...target] of compilers()) {
    try {
      run(program, [...target, ...FLAGS.split(" "), "-o", path.join(OUT, "bench"), ...files]);
      return `made by ${program}`;
    } catch (error) {
      errors.push(error.message);
    }
  }
  return `left out: no C compiler that makes i686 programs; to get one:\n${[...errors, remedy("gcc")].join("\n")}\n`;
}

const busybox = () => readFileSync(path.join(packageFiles("busybox-static"), "bin/busybox"));

function makeInitrd(modulesFolder) {
  const archive = new Cpio();
  for (const name of ["dev", "proc", "sys", "run", "tmp", "root", "newroot", "mnt", "bin", "sbin", "etc"]) {
    archive.directory(name);
  }
  archive.character("dev/console", 5, 1);
  archive.file("bin/busybox", busybox(), 0o755);
  for (const name of APPLETS.split(" ")) archive.link(`bin/${name}`, "busybox");
  for (const name of ["init", "poweroff", "reboot"]) archive.link(`sbin/${name}`, "../bin/busybox");
  archive.file("init", readFileSync(path.join(LINUX, "init")), 0o755);
  for (const [name, mode] of CONFIGURATION)
    archive.file(`etc/${name}`, readFileSync(path.join(LINUX, "root", name)), mode);
  archive.file("etc/passwd", PASSWD);
  const bench = path.join(OUT, "bench");
  if (existsSync(bench)) archive.file("bench", readFileSync(bench), 0o755);
  for (const release of readdirSync(modulesFolder)) {
    const order = loadOrder(path.join(modulesFolder, release), MODULES);
    const folder = `lib/modules/${release}`;
    archive.file(`${folder}/order`, `${order.map(({ name }) => name).join("\n")}\n`);
    for (const { name, file } of order) archive.file(`${folder}/${name}.ko`, readFileSync(file));
  }
  return gzipSync(archive.bytes(), { level: 9 });
}

const CONFIGURATION = [
  ["inittab", 0o644],
  ["rc", 0o755],
  ["profile", 0o644],
];
const PASSWD = "root::0:0:root:/root:/bin/sh\n";

const SECTOR = 512;
const FIRST_SECTOR = 2048;
const DISK_MIB = 16;

/** What the disk is made from. */
export const diskInputs = () => [
  ...sources(path.join(LINUX, "root")).map((file) => ({ file })),
  { file: path.join(SCRIPTS, "linux.mjs") },
];
export const diskOutputs = ["linux/root.img"];

/** An IDE disk with one ext2 partition that boots by `root=/dev/sda1`. */
export function makeDisk() {
  mkdirSync(OUT, { recursive: true });
  const mke2fs = need("mke2fs");
  const debugfs = need("debugfs");
  step("linux: root.img, an ext2 disk", () => {
    const work = mkdtempSync(path.join(os.tmpdir(), "glassbox-root-"));
    try {
      const files = path.join(work, "files");
      stageDisk(files);
      const image = path.join(work, "ext2");
      makeExt2({ mke2fs, debugfs, files, image });
      writeFileSync(path.join(OUT, "root.img"), Buffer.concat([partitionTable(), readFileSync(image)]));
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    return `${DISK_MIB} MiB`;
  });
}

/** The tree that becomes the root file system, with all times at a fixed second. */
function stageDisk(files) {
  for (const name of ["dev", "proc", "sys", "run", "tmp", "root", "mnt", "bin", "sbin", "etc"]) {
    mkdirSync(path.join(files, name), { recursive: true });
  }
  writeFileSync(path.join(files, "bin/busybox"), busybox(), { mode: 0o755 });
  for (const name of APPLETS.split(" ")) symlinkSync("busybox", path.join(files, "bin", name));
  for (const name of ["init", "poweroff", "reboot"]) symlinkSync("../bin/busybox", path.join(files, "sbin", name));
  for (const [name, mode] of CONFIGURATION) {
    writeFileSync(path.join(files, "etc", name), readFileSync(path.join(LINUX, "root", name)), { mode });
  }
  writeFileSync(path.join(files, "etc/passwd"), PASSWD);
  for (const name of readdirSync(files, { recursive: true })) lutimesSync(path.join(files, name), EPOCH, EPOCH);
  utimesSync(files, EPOCH, EPOCH);
}

/** Seconds since 1970: a time after the epoch, which some tools take for "none". */
const EPOCH = 1_000_000_000;
const UUID = "676c6173-7362-6f78-2d72-6f6f74646b31";

function makeExt2({ mke2fs, debugfs, files, image }) {
  const env = { ...process.env, E2FSPROGS_FAKE_TIME: String(EPOCH), SOURCE_DATE_EPOCH: String(EPOCH) };
  const kib = DISK_MIB * 1024 - (FIRST_SECTOR * SECTOR) / 1024;
  const options = ["-q", "-F", "-t", "ext2", "-b", "1024", "-m", "0", "-L", "glassbox", "-U", UUID];
  run(mke2fs, [...options, "-E", `root_owner=0:0,hash_seed=${UUID}`, "-d", files, image, String(kib)], { env });
  // mke2fs gives each file the owner it has here, which is root only if we are.
  const owners = readdirSync(files, { recursive: true }).flatMap((name) => [
    `sif /${name} uid 0`,
    `sif /${name} gid 0`,
    ...["atime", "ctime", "mtime"].map((time) => `sif /${name} ${time} @${EPOCH}`),
  ]);
  run(debugfs, ["-w", "-f", "-", image], { env, input: `${owners.join("\n")}\n` });
}

/** The master boot record and the gap before the one partition (type 83h, LBA; no boot code). */
function partitionTable() {
  const bytes = Buffer.alloc(FIRST_SECTOR * SECTOR);
  const entry = 0x1be;
  bytes.set([0x80, 0xfe, 0xff, 0xff, 0x83, 0xfe, 0xff, 0xff], entry);
  bytes.writeUInt32LE(FIRST_SECTOR, entry + 8);
  bytes.writeUInt32LE(DISK_MIB * 2048 - FIRST_SECTOR, entry + 12);
  bytes.writeUInt16LE(0xaa55, 510);
  return bytes;
}
