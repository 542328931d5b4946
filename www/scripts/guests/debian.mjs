// Files out of Debian packages, without root: `apt-get download` with lists of our own, then unpacked beside them.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { CACHE, Skip } from "./steps.mjs";
import { find, need, run } from "./tools.mjs";

const PACKAGES = path.join(CACHE, "packages");
/** Where a user can put packages fetched by hand, on systems without apt. */
const BY_HAND = "GLASSBOX_PACKAGES";

const lists = new Map();

/** apt's options for an architecture of our own choice, with fresh package lists (fetched once a run). */
function aptOptions(architecture) {
  if (lists.has(architecture)) return lists.get(architecture);
  const folder = mkdtempSync(path.join(os.tmpdir(), "glassbox-apt-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, "partial"));
  const options = [
    `-oAPT::Architecture=${architecture}`,
    `-oAPT::Architectures=${architecture}`,
    `-oDir::State::Lists=${folder}`,
    // Caches of apt's own that only root can write.
    `-oDir::Cache=${folder}`,
    "-oAPT::Sandbox::User=",
    "-oAcquire::Languages=none",
    "-oAcquire::Retries=3",
  ];
  // One source of several may fail (a mirror being updated): what the others list is enough, or the download says so.
  spawnSync("apt-get", [...options, "update"], { stdio: "ignore" });
  lists.set(architecture, options);
  return options;
}

/** Debian's name for the architecture we run on: for programs that set-up itself runs. */
export const HOST = { x64: "amd64", ia32: "i386", arm64: "arm64" }[process.arch] ?? "i386";

function download(name, architecture, folder) {
  const byHand = process.env[BY_HAND];
  if (byHand) {
    const file = readdirSync(byHand).find((f) => f.startsWith(`${name}_`) && f.endsWith(".deb"));
    if (file) return path.join(byHand, file);
  }
  if (!find("apt-get")) {
    throw new Skip(
      `the Debian package ${name} (${architecture}, Debian 12) is needed and there is no apt-get; ` +
        `download its .deb from a Debian mirror into a folder and set ${BY_HAND} to that folder`,
    );
  }
  try {
    run("apt-get", [...aptOptions(architecture), "download", name], { cwd: folder });
  } catch (error) {
    throw new Skip(
      `apt-get finds no package ${name} for ${architecture} (network down, or not a Debian system?); ` +
        `download its .deb of Debian 12 from a mirror into a folder and set ${BY_HAND} to that folder\n  ` +
        error.message.split("\n").slice(1).join("\n  "),
    );
  }
  return path.join(
    folder,
    readdirSync(folder).find((f) => f.startsWith(`${name}_`) && f.endsWith(".deb")),
  );
}

/** The newest package whose name `depended` (a meta package) depends on and which `matches`; null if unknown. */
export function dependency(depended, matches, architecture = "i386") {
  const byHand = process.env[BY_HAND];
  const here = byHand ? readdirSync(byHand).map((f) => f.split("_")[0]) : [];
  const found = here.find((name) => matches.test(name));
  if (found) return found;
  if (!find("apt-get")) return null;
  const text = spawnSync("apt-cache", [...aptOptions(architecture), "depends", depended], { encoding: "utf8" });
  return [...(text.stdout ?? "").matchAll(/Depends: (\S+)/g)].map((m) => m[1]).find((name) => matches.test(name));
}

/** The members of a Unix `ar` archive, as a .deb is one: name to bytes. */
function arMembers(bytes) {
  const members = new Map();
  for (let at = 8; at + 60 <= bytes.length; ) {
    const header = bytes.toString("latin1", at, at + 60);
    const size = Number.parseInt(header.slice(48, 58), 10);
    members.set(header.slice(0, 16).trim().replace(/\/$/, ""), bytes.subarray(at + 60, at + 60 + size));
    at += 60 + size + (size & 1);
  }
  return members;
}

function unpack(deb, folder) {
  if (find("dpkg-deb")) {
    run("dpkg-deb", ["-x", deb, folder]);
    return;
  }
  for (const [name, bytes] of arMembers(readFileSync(deb))) {
    if (!name.startsWith("data.tar")) continue;
    if (name.endsWith(".xz")) need("xz");
    run(need("tar"), ["-x", "-f", "-", ...(name.endsWith(".xz") ? ["-J"] : []), "-C", folder], { input: bytes });
  }
}

/**
 * The folder with the files of a package, downloaded and unpacked at most once.
 * `trim` may remove files from the folder it is given, before it is kept: kernel packages are large.
 */
export function packageFiles(name, architecture = "i386", trim = () => {}) {
  const target = path.join(PACKAGES, `${name}_${architecture}`);
  if (existsSync(target)) return target;
  mkdirSync(PACKAGES, { recursive: true });
  const work = mkdtempSync(path.join(PACKAGES, ".new-"));
  try {
    const deb = download(name, architecture, work);
    const files = path.join(work, "files");
    mkdirSync(files);
    unpack(deb, files);
    trim(files);
    // Whole or not at all: an interrupted unpacking must not look finished.
    renameSync(files, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return target;
}
