import { at, code, type Lesson, pane } from "../lesson";

export const lesson: Lesson = {
  about: [
    [
      "A text screen is a piece of ",
      pane("memory", "memory", 0xb8000),
      " that the graphics card reads sixty times a second. There are 80 cells in a row and 25 rows; a cell is two bytes, ",
      "first the character and then its colours. Whoever writes there, writes on the ",
      pane("screen", "screen"),
      "; nobody has to be asked.",
    ],
    [
      "The memory begins at address B8000h. Real mode can name it only as a segment and an offset: segment B800h times 16, ",
      "plus the offset. The program puts the segment into ES and lets ",
      code("stosw"),
      " write a cell at ES:DI and move DI on by two.",
    ],
  ],
  steps: [
    ["Stop at ", at("write_title"), " and step: with each ", code("stosw"), " a cell of the title appears."],
    ["Watch the two bytes come in ", pane("memory", "memory", 0xb8000), ": character, then colours 1F."],
    ["Run to ", at("done"), ". What do numbers below 10h have in common? And those from 80h on?"],
    ["While the machine is paused, type 41 4E into ", pane("memory", "memory", 0xb8000), ": an A in yellow on red."],
    ["Translate ES:DI with the ", pane("translation", "translation"), " pane and compare it with B8000h plus DI."],
  ],
};
