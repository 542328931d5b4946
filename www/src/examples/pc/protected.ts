import { at, code, type Lesson, pane } from "../lesson";

export const lesson: Lesson = {
  about: [
    [
      "In real mode a segment register times 16 is an address. In protected mode it is a selector: the offset of a ",
      "descriptor in the global descriptor table, which you see decoded under ",
      pane("tables", "tables"),
      ". The descriptor has the base, the limit and the rights of the segment. The processor reads it once, when the ",
      "register is loaded, and keeps it in a hidden part of the register; the ",
      pane("registers", "registers"),
      " pane shows that too.",
    ],
    [
      "That is why the mode switch has two steps. Setting CR0.PE changes what the next load of a segment register means, ",
      "but CS keeps what it had. The far jump ",
      code("jmp CODE:protected"),
      " loads it, and with it the bit that says “32-bit code”.",
    ],
    [
      "The segment for the screen has a base of B8000h. So offset 0 in ES is the first cell, and the limit ends with the ",
      "last one.",
    ],
  ],
  steps: [
    ["Step from the ", code("lgdt"), " to ", at("protected"), " and watch CR0, CS and its hidden part."],
    [
      "Translate ",
      code("es:0"),
      " in the ",
      pane("translation", "translation"),
      " pane: the selector, the check against the limit, the linear address. The table is not read again for that.",
    ],
    ["Find the three descriptors in ", pane("tables", "tables"), " and compare them with the bytes in the source."],
    [
      "Leave out the far jump and step on. How is the 32-bit code understood now? See the ",
      pane("code", "disassembly"),
      ".",
    ],
  ],
};
