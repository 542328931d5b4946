// Our own guests: tests/guests/NAME/boot.asm, assembled by NASM to a 1.44 MB floppy image.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** A maker for the images of `faults/`, a folder of guests for each topic: they are for tests only, not in the manifest. */
export const faults = () => {
  const folder = path.join(SOURCES, "faults");
  const topics = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const sources = topics.flatMap((topic) =>
    textsOf(path.join(folder, topic)).flatMap(({ file }) => (file.endsWith(".asm") ? [{ topic, file }] : [])),
  );
  const imageOf = ({ topic, file }) => `faults/${topic}/${path.basename(file, ".asm")}.img`;
  return {
    name: "faults",
    inputs: () => [
      { file: path.join(SCRIPTS, "own.mjs") },
      ...textsOf(INCLUDE),
      ...topics.flatMap((topic) => textsOf(path.join(folder, topic))),
    ],
    outputs: sources.map(imageOf),
    make: () => {
      const nasm = need("nasm");
      rmSync(path.join(GUESTS, "faults"), { recursive: true, force: true });
      step("faults: assemble", () => {
        for (const source of sources) assembleTo(nasm, imageOf(source), source.file);
        return `${sources.length} guests`;
      });
    },
  };
};

const assemble = (nasm, name) =>
  assembleTo(nasm, path.join("own", `${name}.img`), path.join(SOURCES, name, "boot.asm"));

/** Assembles a source to a floppy image, given below GUESTS. */
function assembleTo(nasm, name, source) {
  const image = path.join(GUESTS, name);
  mkdirSync(path.dirname(image), { recursive: true });
  run(nasm, [
    "-f",
    "bin",
    ...[INCLUDE, SOURCES, path.dirname(source)].map((folder) => `-I${folder}/`),
    "-o",
    image,
    source,
  ]);
  const code = readFileSync(image);
  if (code.length > FLOPPY_BYTES || code.readUInt16LE(510) !== 0xaa55) {
    throw new Error(`${source}: ${code.length} bytes, not a floppy with a boot sector`);
  }
  writeFileSync(image, Buffer.concat([code, Buffer.alloc(FLOPPY_BYTES - code.length)]));
  return `${code.length} bytes`;
}
