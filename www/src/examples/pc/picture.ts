import { at, code, type Lesson, pane } from "../lesson";

export const lesson: Lesson = {
  about: [
    [
      "Mode 13h is the simplest way to a picture: 64,000 bytes of ",
      pane("memory", "memory", 0xa0000),
      " from A0000h on, a byte for each pixel, row after row. Pixel (x, y) is at offset 320 * y + x.",
    ],
    [
      "The byte is not a colour but a number in the palette. The palette has 256 entries in the graphics card, and is set ",
      "by two ",
      pane("ports", "ports"),
      ": the number goes to 3C8h, then red, green and blue to 3C9h, from 0 to 63 each. Every third write moves on to the ",
      "next number. In the ",
      pane("devices", "device pane"),
      " of the VGA you see the palette fill up.",
    ],
    ["The picture itself is nothing but ", code("x xor y"), ": squares within squares, as powers of two are."],
  ],
  steps: [
    ["Stop at ", at("palette"), " and follow three writes in the log of ", pane("ports", "ports"), "."],
    ["Stop at ", at("draw_row"), " a few times: one more row of the ", pane("screen", "picture"), " each time."],
    [
      "In the ",
      pane("editor", "editor"),
      " replace ",
      code("xor al, dl"),
      " by ",
      code("and"),
      ", ",
      code("add"),
      " or ",
      code("or"),
      ".",
    ],
    ["Write a byte into ", pane("memory", "memory", 0xa0000), " by hand and find your pixel."],
  ],
};
