import { StringStream } from "@codemirror/language";
import { describe, expect, it } from "vitest";
import { nasmMode } from "./nasm_mode";

/** The tokens of a line, as `kind:text`; blanks left out. */
function tokens(line: string): string[] {
  const state = nasmMode.startState?.(8) ?? { begin: true };
  const stream = new StringStream(line, 8, 8);
  const found: string[] = [];
  while (!stream.eol()) {
    stream.start = stream.pos;
    const kind = nasmMode.token(stream, state);
    if (kind) found.push(`${kind}:${stream.current()}`);
  }
  return found;
}

describe("NASM's colours", () => {
  it.each([
    ["start:", "labelName:start:"],
    [".next: lodsb", "labelName:.next: keyword:lodsb"],
    [
      "        mov ax, [bp + 4] ; why",
      "keyword:mov atom:ax punctuation:, punctuation:[ atom:bp operator:+ number:4 punctuation:] comment:; why",
    ],
    ["COUNT equ 1193182 / 100", "labelName:COUNT definitionKeyword:equ number:1193182 operator:/ number:100"],
    ['letters db "a;b", 0', 'labelName:letters definitionKeyword:db string:"a;b" punctuation:, number:0'],
    ["        rep movsb", "modifier:rep keyword:movsb"],
    [
      "        times 510 - ($ - $$) db 0",
      "definitionKeyword:times number:510 operator:- punctuation:( atom:$ operator:- atom:$$ punctuation:) definitionKeyword:db number:0",
    ],
    [
      "        mov byte [es:di], 0AA55h",
      "keyword:mov modifier:byte punctuation:[ atom:es punctuation:: atom:di punctuation:] punctuation:, number:0AA55h",
    ],
    [
      "%define X(a) 0x1F",
      "processingInstruction:%define variableName:X punctuation:( variableName:a punctuation:) number:0x1F",
    ],
    ["%%again: jmp %1", "labelName:%%again: keyword:jmp processingInstruction:%1"],
    [
      "        dd 1.0e8, 1010b, 17q",
      "definitionKeyword:dd number:1.0e8 punctuation:, number:1010b punctuation:, number:17q",
    ],
    ["        jmp CODE:protected", "keyword:jmp variableName:CODE punctuation:: variableName:protected"],
    ["'no end", "string:'no end"],
  ])("%s", (line, expected) => expect(tokens(line).join(" ")).toBe(expected));

  it("always moves on, whatever the text", () => {
    let seed = 1;
    for (let round = 0; round < 300; round++) {
      let line = "";
      for (let at = 0; at < 40; at++) {
        seed = (seed * 1103515245 + 12345) & 0x7fffffff;
        line += String.fromCharCode(32 + ((seed >> 8) % 96));
      }
      expect(tokens(line).length).toBeLessThanOrEqual(line.length);
    }
  });
});
