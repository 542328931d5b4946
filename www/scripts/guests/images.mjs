// Guests that are files of Debian packages as they are, and the SYSLINUX floppy put together from them.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { HOST, packageFiles } from "./debian.mjs";
import { GUESTS, SCRIPTS, SOURCES, step } from "./steps.mjs";
import { find, need, run } from "./tools.mjs";

/** Package, and its files by the names that they get here. */
const PACKAGED = {
  memtest: {
    package: "memtest86+",
    files: {
      "memtest/memtest.bin": "boot/memtest86+ia32.bin",
      "memtest/memtest.iso": "usr/lib/memtest86+/memtest86+ia32.iso",
    },
  },
  ipxe: {
    package: "ipxe",
    files: { "ipxe/ipxe.iso": "usr/lib/ipxe/ipxe.iso", "ipxe/ipxe.lkrn": "boot/ipxe.lkrn" },
  },
  grub: {
    package: "grub-rescue-pc",
    files: {
      "grub/grub-rescue-floppy.img": "usr/lib/grub-rescue/grub-rescue-floppy.img",
      "grub/grub-rescue-cdrom.iso": "usr/lib/grub-rescue/grub-rescue-cdrom.iso",
    },
  },
};

const FLOPPY_BYTES = 1_474_560;

const thisFile = () => ({ file: path.join(SCRIPTS, "images.mjs") });

/** Makers of the guests that are copied out of a package. */
export const packaged = Object.entries(PACKAGED).map(([name, { package: source, files }]) => ({
  name,
  inputs: () => [thisFile()],
  outputs: Object.keys(files),
  make: () =>
    step(`${name}: package ${source}`, () => {
      const folder = packageFiles(source);
      for (const [to, from] of Object.entries(files)) copyImage(path.join(folder, from), path.join(GUESTS, to));
    }),
}));

/** A floppy image shorter than a floppy (GRUB's ends with its last used sector) is padded to its whole size. */
function copyImage(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  if (!to.endsWith(".img")) {
    copyFileSync(from, to);
    return;
  }
  const bytes = readFileSync(from);
  writeFileSync(to, Buffer.concat([bytes, Buffer.alloc(Math.max(FLOPPY_BYTES - bytes.length, 0))]));
}

const CONFIGURATION = path.join(SOURCES, "syslinux");

/** A FAT floppy with SYSLINUX, its menu and a few programs; needs mtools. */
export const syslinux = {
  name: "syslinux",
  inputs: () => [
    thisFile(),
    ...["syslinux.cfg", "banner.txt"].map((name) => ({ file: path.join(CONFIGURATION, name) })),
  ],
  outputs: ["syslinux/syslinux.img"],
  make: () => {
    const mformat = need("mformat");
    const mcopy = need("mcopy");
    step("syslinux: a FAT floppy", () => makeSyslinux(mformat, mcopy));
  },
};

/** What lies on the floppy besides SYSLINUX itself: modules for the menu and small programs that end by themselves. */
const MODULES = ["menu", "libutil", "libcom32", "cpuid", "meminfo", "vesainfo", "reboot", "poweroff"];

function makeSyslinux(mformat, mcopy) {
  const modules = path.join(packageFiles("syslinux-common"), "usr/lib/syslinux/modules/bios");
  const files = [
    ...["syslinux.cfg", "banner.txt"].map((name) => path.join(CONFIGURATION, name)),
    ...MODULES.map((name) => path.join(modules, `${name}.c32`)),
  ].filter((file) => existsSync(file));
  const memtest = path.join(packageFiles("memtest86+"), "boot/memtest86+ia32.bin");
  const work = mkdtempSync(path.join(os.tmpdir(), "glassbox-syslinux-"));
  try {
    const image = path.join(work, "floppy.img");
    writeFileSync(image, Buffer.alloc(FLOPPY_BYTES));
    // mtools refuses paths with a colon and asks questions on a terminal: -D o overwrites, the serial number is fixed.
    run(mformat, ["-i", image, "-f", "1440", "-N", "676c6173", "-v", "GLASSBOX", "::"]);
    run(mcopy, ["-i", image, "-D", "o", ...files, "::/"]);
    run(mcopy, ["-i", image, "-D", "o", memtest, "::/memtest"]);
    run(installer(), ["--install", image]);
    mkdirSync(path.join(GUESTS, "syslinux"), { recursive: true });
    writeFileSync(path.join(GUESTS, "syslinux/syslinux.img"), withoutTimes(readFileSync(image)));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The same floppy whenever it is made: all files get one date. The root directory follows boot sector and two FATs. */
function withoutTimes(image) {
  const [root, entries, bytes] = [(1 + 2 * 9) * 512, 224, 32];
  const firstOfJanuary2000 = ((2000 - 1980) << 9) | (1 << 5) | 1;
  for (let at = root; at < root + entries * bytes && image[at] !== 0; at += bytes) {
    // Attribute 0Fh marks a piece of a long name, which has no dates.
    if (image[at + 11] === 0x0f) continue;
    image.fill(0, at + 13, at + 20);
    image.writeUInt16LE(0, at + 22);
    for (const date of [16, 18, 24]) image.writeUInt16LE(firstOfJanuary2000, at + date);
  }
  return image;
}

/** SYSLINUX's own installer: the host's, else the one of the package for the host's architecture. */
function installer() {
  const own = find("syslinux");
  if (own) return own;
  if (process.platform !== "linux") return need("syslinux");
  return path.join(packageFiles("syslinux", HOST), "usr/bin/syslinux");
}
