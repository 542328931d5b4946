import type { Port } from "./connection";
import { machineSpec } from "./gallery";
import { Assembler } from "./nasm_assembler";
import { Desk } from "./nasm_desk";
import { Lessons } from "./nasm_lessons";
import { FloppyMachine } from "./nasm_machine";
import { Programs } from "./nasm_programs";
import { unaskedKeeper } from "./shelf";
import { stops, store } from "./start";

/** The assembler of this page. */
export const assembler = new Assembler(
  () =>
    new Worker(new URL("../worker/nasm/nasm_worker.ts", import.meta.url), {
      type: "module",
      name: "assembler",
    }) as Port,
);

/** The program that is written in this page. */
export const desk = new Desk(
  assembler,
  new Programs(unaskedKeeper, "glassbox.nasm.programs"),
  new FloppyMachine(store, stops, (floppy, title) =>
    machineSpec({ title, memoryMb: 16, drives: { fda: { kind: "bytes", name: "program.img", bytes: floppy } } }),
  ),
  unaskedKeeper,
);

/** How far the reader has come with the lessons. */
export const lessons = new Lessons(unaskedKeeper);
