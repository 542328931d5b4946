import { at, code, type Lesson, pane } from "../lesson";

export const lesson: Lesson = {
  about: [
    [
      "When the 80386 brought protected mode to everyone, the programs were all for real mode. Virtual-8086 mode runs them ",
      "as tasks: addresses are segment times 16 again, yet the code is in ring 3, and a monitor decides what it may do. DOS ",
      "boxes worked like this.",
    ],
    [
      "The mode is bit 17 of EFLAGS, and it can be set only by ",
      code("iretd"),
      " from ring 0 (or a task switch). With I/O privilege 0, the instructions ",
      code("cli"),
      ", ",
      code("sti"),
      ", ",
      code("pushf"),
      ", ",
      code("int"),
      " and their kin fault. The monitor reads the instruction at CS * 16 + IP, does what it stands for, and moves IP on.",
    ],
    [
      "Memory is not watched: the first row is written by the task itself, and causes no fault. Every character of the ",
      "second costs one, which you can count in the ",
      pane("log", "log"),
      ".",
    ],
  ],
  steps: [
    ["At ", at("enter_task"), ", read the nine values on the ", pane("stack", "stack"), "; step once and compare."],
    [
      "Stop at ",
      at("decode"),
      ": ESI is the address of the instruction, AL its first byte. Find it in the ",
      pane("code", "disassembly"),
      ".",
    ],
    [
      "In the task, translate ",
      code("es:di"),
      " in the ",
      pane("translation", "translation"),
      " pane: no descriptor, just times 16.",
    ],
    ["Let the task execute ", code("hlt"), ". What does the monitor say? Teach it that instruction."],
  ],
};
