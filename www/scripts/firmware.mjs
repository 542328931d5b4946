#!/usr/bin/env node
// Puts SeaBIOS and its VGA BIOS into .cache/firmware: from where distributions keep them, else from Debian's package.
// usage: node www/scripts/firmware.mjs      (GLASSBOX_FIRMWARE=FOLDER names a folder to look in first)
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { HOST, packageFiles } from "./guests/debian.mjs";
import { CACHE, Skip, step } from "./guests/steps.mjs";
import { remedy } from "./guests/tools.mjs";

// The 256 KiB BIOS is the one that QEMU gives an i440FX machine; the 128 KiB one has fewer drivers.
const FILES = { "bios.bin": ["bios-256k.bin", "bios.bin"], "vgabios.bin": ["vgabios-stdvga.bin"] };
const USUAL = [
  "/usr/share/seabios",
  "/usr/share/seavgabios",
  "/usr/share/qemu",
  "/opt/homebrew/share/qemu",
  "/usr/local/share/qemu",
];

/** The first file of that name in the folders, or null. */
function look(names, folders) {
  for (const name of names) {
    for (const folder of folders) {
      const file = path.join(folder, name);
      if (existsSync(file)) return file;
    }
  }
  return null;
}

/** { "bios.bin": path, "vgabios.bin": path }, each null if it is nowhere. */
function locate() {
  const own = process.env.GLASSBOX_FIRMWARE;
  if (own && !existsSync(own)) throw new Skip(`GLASSBOX_FIRMWARE=${own}: no such folder`);
  const folders = [...(own ? [own] : []), ...USUAL];
  return Object.fromEntries(Object.keys(FILES).map((name) => [name, look([...FILES[name], name], folders)]));
}

function fromPackage() {
  try {
    const folder = path.join(packageFiles("seabios", HOST), "usr/share/seabios");
    return Object.fromEntries(Object.entries(FILES).map(([name, names]) => [name, look(names, [folder])]));
  } catch (error) {
    if (!(error instanceof Skip)) throw error;
    throw new Skip(
      `SeaBIOS is not in ${USUAL.join(", ")} and its Debian package cannot be had.\n` +
        `Install it, or set GLASSBOX_FIRMWARE to a folder with bios-256k.bin and vgabios-stdvga.bin:\n${remedy("firmware")}`,
    );
  }
}

function install() {
  let files = locate();
  if (Object.values(files).includes(null)) files = fromPackage();
  const target = path.join(CACHE, "firmware");
  mkdirSync(target, { recursive: true });
  for (const [name, file] of Object.entries(files)) {
    const copy = path.join(target, name);
    if (existsSync(copy) && readFileSync(copy).equals(readFileSync(file))) continue;
    copyFileSync(file, copy);
  }
  return Object.values(files).join(" and ");
}

try {
  step("firmware: SeaBIOS and its VGA BIOS into .cache/firmware", install);
} catch (error) {
  console.error(`firmware: ${error.message}`);
  process.exit(1);
}
