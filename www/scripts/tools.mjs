// Programs that set-up, build and tests need from the system, and the commands that install them.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { StepError } from "./steps.mjs";

const RUSTUP = "curl --proto =https --tlsv1.2 -sSf https://sh.rustup.rs | sh";

const REMEDIES = {
  cargo: {
    "Debian/Ubuntu": `sudo apt-get install -y curl build-essential && ${RUSTUP}`,
    Fedora: `sudo dnf install -y curl gcc && ${RUSTUP}`,
    Arch: "sudo pacman -S --needed base-devel rustup && rustup toolchain install 1.95.0",
    macOS: "brew install rustup && rustup-init -y && xcode-select --install",
  },
  cc: {
    "Debian/Ubuntu": "sudo apt-get install -y build-essential",
    Fedora: "sudo dnf install -y gcc",
    Arch: "sudo pacman -S --needed base-devel",
    macOS: "xcode-select --install",
  },
  gdb: {
    "Debian/Ubuntu": "sudo apt-get install -y gdb build-essential",
    Fedora: "sudo dnf install -y gdb gcc",
    Arch: "sudo pacman -S --needed gdb base-devel",
    macOS: "brew install gdb i686-elf-gcc",
  },
  chromium: {
    "Debian/Ubuntu": "sudo apt-get install -y chromium || sudo snap install chromium",
    Fedora: "sudo dnf install -y chromium",
    Arch: "sudo pacman -S --needed chromium",
    macOS: "brew install --cask chromium",
  },
};

/**
 * The message for a missing tool.
 * @param {keyof typeof REMEDIES} tool
 * @param {string} what what it is for
 */
export function missing(tool, what) {
  const lines = Object.entries(REMEDIES[tool]).map(([system, command]) => `  ${`${system}:`.padEnd(15)} ${command}`);
  return new StepError([`${tool} is missing; it is needed for ${what}. To install it:`, ...lines].join("\n"));
}

/**
 * Where a program is, from the search path.
 * @param {string} name
 */
export function which(name) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const endings = process.platform === "win32" ? [".exe", ""] : [""];
  return folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending))).find(existsSync);
}

/** Checks for Rust with its wasm target, and adds the target where rustup can. */
export function needRust() {
  if (!which("cargo")) throw missing("cargo", "building the emulator (Rust 1.95, by rustup)");
  if (!which("cc") && !which("gcc") && !which("clang")) throw missing("cc", "linking Rust build scripts");
  if (!which("rustup")) return "without rustup: its wasm32-unknown-unknown target is taken for granted";
  const installed = execFileSync("rustup", ["target", "list", "--installed"], { encoding: "utf8" });
  if (installed.includes("wasm32-unknown-unknown")) return "here";
  execFileSync("rustup", ["target", "add", "wasm32-unknown-unknown"], { stdio: "inherit" });
  return "target wasm32-unknown-unknown added";
}

/** Checks for gdb, and for the compiler of the kernel it looks into. */
export function needGdb() {
  if (!which("gdb") || !which("gcc")) throw missing("gdb", "the tests of the gdb server (with gcc)");
}

const CHROMIUM_PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/lib/chromium/chromium",
  "/snap/bin/chromium",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The Chromium or Chrome of this machine; `CHROMIUM` names another. */
export function findChromium() {
  const named = process.env.CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    throw new StepError(`CHROMIUM names ${named}, which does not exist: correct or unset it`);
  }
  const found = [...CHROMIUM_PATHS, which("chromium"), which("google-chrome")].find((path) => path && existsSync(path));
  if (!found) throw missing("chromium", "the browser tests (or set CHROMIUM to an installed Chrome)");
  return found;
}
