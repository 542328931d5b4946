import { at, code, type Lesson, pane } from "../lesson";

export const lesson: Lesson = {
  about: [
    [
      "A PC starts with almost nothing: the BIOS loads one sector of 512 bytes to address 7C00h and jumps to it. This ",
      "program is that sector. It has no operating system to ask, but the BIOS left some services behind, and ",
      code("int 10h"),
      " is the one for the screen.",
    ],
    [
      "The processor knows nothing of texts. The program takes one byte after the other by ",
      code("lodsb"),
      ", which also moves SI on, until it meets a zero. Look at the ",
      pane("registers", "registers"),
      " while you step: AL is the character, SI the address of the next.",
    ],
  ],
  steps: [
    ["Press “Assemble, boot, step”. The machine stands before its first instruction, at ", at("start"), "."],
    ["Step until SI has its value, then find the message at that address in ", pane("memory", "memory", 0x7c00), "."],
    [
      "Set a breakpoint at ",
      at("next_character"),
      " and run again and again: each time one more character is on the ",
      pane("screen", "screen"),
      ".",
    ],
    ["Change a letter of the message in ", pane("memory", "memory", 0x7c00), " before it is printed."],
    ["Give the message your name in the ", pane("editor", "editor"), " and start it again."],
  ],
};
