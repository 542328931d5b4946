import { at, code, type Lesson, pane } from "../lesson";

export const lesson: Lesson = {
  about: [
    [
      "The 8086 had twenty address lines, numbered 0 to 19, and so one megabyte. But segment FFFFh with a large offset ",
      "reaches beyond it, and there the address simply began again at zero. Some programs used that.",
    ],
    [
      "The 80286 had more lines, and those programs broke. IBM put a gate on line 20: closed, it is always 0 and the old ",
      "behaviour is back. Every PC since has this gate, and every operating system has to open it. Once it was a wire of ",
      "the keyboard controller; this program uses the faster way, bit 1 of port 92h.",
    ],
    [
      "To find out how it stands, one writes to two addresses that differ in bit 20 only, and looks whether one changed ",
      "the other. The ",
      pane("translation", "translation"),
      " pane shows both, with the gate as the last step.",
    ],
  ],
  steps: [
    [
      "Stop at ",
      at("closed"),
      " and translate ",
      code("gs:0510"),
      " in the ",
      pane("translation", "translation"),
      " pane; then at ",
      at("opened"),
      ".",
    ],
    [
      "Open two views of ",
      pane("memory", "memory", 0x500),
      ", at 00500h and at 100500h, and step over the two stores in ",
      at("compare"),
      ".",
    ],
    ["Set a stop on writes to port 92h in ", pane("stops", "stops"), " and boot again: does the BIOS use it?"],
    ["Remove the second half of the program and look at what ", code("FFFF:0010"), " is then."],
  ],
};
