// Puts firmware and the gallery's guests where the page finds them: `.cache/public/{firmware,guests}`.
import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CACHE, PUBLIC } from "./paths.mjs";

/** Roles whose value is the name of a file, not text. */
const FILE_ROLES = ["fda", "fdb", "hda", "hdb", "cdrom", "kernel", "initrd"];

function place(from, to) {
  if (existsSync(to)) {
    const [a, b] = [statSync(from), statSync(to)];
    if (a.ino === b.ino || (a.size === b.size && a.mtimeMs <= b.mtimeMs)) return;
    rmSync(to);
  }
  mkdirSync(dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

function missingFile(guest) {
  const names = FILE_ROLES.map((role) => guest.files[role]).filter(Boolean);
  return names.find((name) => name.includes("..") || !existsSync(join(CACHE, "guests", name)));
}

export function fillGallery() {
  rmSync(join(PUBLIC, "guests"), { recursive: true, force: true });
  for (const name of ["bios.bin", "vgabios.bin"]) {
    const from = join(CACHE, "firmware", name);
    if (existsSync(from)) place(from, join(PUBLIC, "firmware", name));
  }
  const manifestFile = join(CACHE, "guests/manifest.json");
  const guests = existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile, "utf8")) : [];
  const shown = [];
  for (const guest of guests) {
    const missing = missingFile(guest);
    if (missing) {
      console.log(`  not in the gallery: ${guest.title} (${missing} was not made at set-up)`);
      continue;
    }
    for (const role of FILE_ROLES) {
      const name = guest.files[role];
      if (name) place(join(CACHE, "guests", name), join(PUBLIC, "guests", name));
    }
    shown.push(guest);
  }
  mkdirSync(join(PUBLIC, "guests"), { recursive: true });
  writeFileSync(join(PUBLIC, "guests/manifest.json"), JSON.stringify(shown, null, 1));
  return `${shown.length} guests`;
}
