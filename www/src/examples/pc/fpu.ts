import { at, code, type Lesson, pane } from "../lesson";

export const lesson: Lesson = {
  about: [
    [
      "The x87 was once a chip of its own. It has eight ",
      pane("registers", "registers"),
      " of 80 bits, which are a stack: ",
      code("fld"),
      " pushes, most operations work on the top, ST0, and ",
      code("fstp"),
      " pops. ",
      code("faddp"),
      " adds the two topmost numbers and leaves one.",
    ],
    [
      "Inside, a number has a sign, 15 bits of exponent and 64 bits of fraction. To print it, the program multiplies by ",
      "one hundred million and asks for ",
      code("fbstp"),
      ": that instruction rounds to a whole number and stores its decimal digits, two in a byte.",
    ],
    [
      "Dividing by zero is no disaster here. The result is infinity, a bit of the status word remembers it, and the program ",
      "goes on unless it has asked for an exception.",
    ],
  ],
  steps: [
    [
      "Step from ",
      at("start"),
      " to ",
      at("golden"),
      " with the x87 part of the ",
      pane("registers", "registers"),
      " open: watch the stack grow and shrink.",
    ],
    ["Stop at ", at("divided"), ": what does ST0 show, and which flag is set in the status word?"],
    [
      "Look at the ten bytes at ",
      code("decimal"),
      " in ",
      pane("memory", "memory", 0x7c8f),
      " after ",
      code("fbstp"),
      ".",
    ],
    ["Change 5 to 2, ", code("fld1"), " to ", code("fldz"), " and 2 to 1: the root of two."],
  ],
};
