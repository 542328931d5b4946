// The host's programs that set-up needs, and how to get each on the four systems.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { Skip } from "./steps.mjs";

const REMEDY = {
  nasm: all("nasm"),
  mformat: all("mtools"),
  mcopy: all("mtools"),
  mke2fs: all("e2fsprogs"),
  debugfs: all("e2fsprogs"),
  tar: all("tar"),
  xz: { ...all("xz"), debian: "sudo apt-get install xz-utils" },
  gcc: {
    debian: "sudo apt-get install gcc",
    fedora: "sudo dnf install gcc",
    arch: "sudo pacman -S gcc",
    macos: "brew install i686-elf-gcc",
  },
  syslinux: {
    debian: "sudo apt-get install syslinux mtools",
    fedora: "sudo dnf install syslinux mtools",
    arch: "sudo pacman -S syslinux mtools",
    macos: "not available; make the image on a Linux machine",
  },
  firmware: {
    debian: "sudo apt-get install seabios",
    fedora: "sudo dnf install seabios-bin seavgabios-bin",
    arch: "sudo pacman -S seabios",
    macos: "brew install qemu",
  },
};

function all(name) {
  return {
    debian: `sudo apt-get install ${name}`,
    fedora: `sudo dnf install ${name}`,
    arch: `sudo pacman -S ${name}`,
    macos: `brew install ${name}`,
  };
}

/** The commands that supply `tool` on each system, as indented lines. */
export function remedy(tool) {
  const { debian, fedora, arch, macos } = REMEDY[tool];
  return `  Debian/Ubuntu: ${debian}\n  Fedora:        ${fedora}\n  Arch:          ${arch}\n  macOS:         ${macos}`;
}

// Not on an ordinary user's PATH, or "keg only" in Homebrew.
const EXTRA = ["/usr/sbin", "/sbin", "/opt/homebrew/opt/e2fsprogs/sbin", "/usr/local/opt/e2fsprogs/sbin"];

/** The path of a program, or null. */
export function find(tool) {
  for (const folder of [...(process.env.PATH ?? "").split(path.delimiter), ...EXTRA]) {
    const file = path.join(folder, tool);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {}
  }
  return null;
}

/** The path of a program; a `Skip` that says how to get it if it is not there. */
export function need(tool) {
  const file = find(tool);
  if (!file) throw new Skip(`${tool} is missing; to get it:\n${remedy(tool)}`);
  return file;
}

/** Runs a program to its end and returns its standard output; throws with what it said if it fails. */
export function run(file, args, options = {}) {
  const done = spawnSync(file, args, { maxBuffer: 1 << 28, ...options });
  if (done.error) throw new Error(`${file}: ${done.error.message}`);
  if (done.status !== 0) {
    const said = `${done.stderr ?? ""}${done.stdout ?? ""}`.trim().split("\n").slice(-8).join("\n");
    throw new Error(`${[file, ...args].join(" ")}: exit ${done.status ?? done.signal}\n${said}`);
  }
  return done.stdout;
}
