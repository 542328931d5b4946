// Our own guests: tests/guests/NAME/boot.asm, assembled by NASM to a 1.44 MB floppy image.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { GUESTS, SCRIPTS, SOURCES, step } from "./steps.mjs";
import { need, run } from "./tools.mjs";

const FLOPPY_BYTES = 1_474_560;
const INCLUDE = path.join(SOURCES, "include");

/** The folders that hold a boot sector's source, in alphabetical order. */
export const ownNames = () =>
  readdirSync(SOURCES)
    .filter((name) => existsSync(path.join(SOURCES, name, "boot.asm")))
    .sort();

const textsOf = (folder) =>
  readdirSync(folder)
    .filter((file) => /\.(asm|inc)$/.test(file))
    .sort()
    .map((file) => ({ file: path.join(folder, file) }));

/** A maker for each of our guests. */
export const own = () =>
  ownNames().map((name) => ({
    name,
    inputs: () => [
      { file: path.join(SCRIPTS, "own.mjs") },
      ...textsOf(INCLUDE),
      // vbe16 is the vbe guest in another mode; a change there changes both.
      ...ownNames().flatMap((other) => (name.startsWith(other) ? textsOf(path.join(SOURCES, other)) : [])),
    ],
    outputs: [`own/${name}.img`],
    make: () => {
      const nasm = need("nasm");
      step(`${name}: assemble`, () => assemble(nasm, name));
    },
  }));

function assemble(nasm, name) {
  mkdirSync(path.join(GUESTS, "own"), { recursive: true });
  const image = path.join(GUESTS, "own", `${name}.img`);
  const source = path.join(SOURCES, name, "boot.asm");
  run(nasm, ["-f", "bin", ...[INCLUDE, SOURCES].map((folder) => `-I${folder}/`), "-o", image, source]);
  const code = readFileSync(image);
  if (code.length > FLOPPY_BYTES || code.readUInt16LE(510) !== 0xaa55) {
    throw new Error(`${source}: ${code.length} bytes, not a floppy with a boot sector`);
  }
  writeFileSync(image, Buffer.concat([code, Buffer.alloc(FLOPPY_BYTES - code.length)]));
  return `${code.length} bytes`;
}
