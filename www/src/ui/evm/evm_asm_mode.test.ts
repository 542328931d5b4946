import { StringStream } from "@codemirror/language";
import { describe, expect, it } from "vitest";
import { evmAsmMode } from "./evm_asm_mode";
import { solidityMode } from "./solidity_mode";

type Mode = typeof evmAsmMode | typeof solidityMode;

/** The tokens of lines, as `kind:text`; blanks left out. */
function tokens(mode: Mode, text: string): string[] {
  // biome-ignore lint/suspicious/noExplicitAny: each mode has a state of its own.
  const state: any = mode.startState?.(4);
  const found: string[] = [];
  for (const line of text.split("\n")) {
    const stream = new StringStream(line, 4, 4);
    while (!stream.eol()) {
      stream.start = stream.pos;
      const kind = mode.token(stream, state);
      if (kind) found.push(`${kind}:${stream.current()}`);
    }
  }
  return found;
}

describe("the assembler's colours", () => {
  it.each([
    ["loop:", "labelName:loop:"],
    ["    PUSH 0x2a ; why", "keyword:PUSH number:0x2a comment:; why"],
    [
      '    push4 selector("f()") // why',
      'keyword:push4 modifier:selector punctuation:( string:"f()" punctuation:) comment:// why',
    ],
    ["    PUSH @loop JUMP", "keyword:PUSH variableName:@loop keyword:JUMP"],
    [".const SIZE = 2 * 32", "definitionKeyword:.const keyword:SIZE operator:= number:2 operator:* number:32"],
    ['    %revert "a;b"', 'processingInstruction:%revert string:"a;b"'],
    ["    add mul", "keyword:add keyword:mul"],
    ["    PUSH size + $", "keyword:PUSH variableName:size operator:+ atom:$"],
  ])("%s", (line, expected) => expect(tokens(evmAsmMode, line).join(" ")).toBe(expected));
});

describe("Solidity's colours", () => {
  it.each([
    ["pragma solidity ^0.8.0;", "processingInstruction:pragma solidity ^0.8.0 punctuation:;"],
    ["contract Bank {", "definitionKeyword:contract labelName:Bank punctuation:{"],
    [
      "uint256 public total = 1 ether;",
      "typeName:uint256 modifier:public variableName:total operator:= number:1 atom:ether punctuation:;",
    ],
    ["a /* b\nc */ d", "variableName:a comment:/* b comment:c */ variableName:d"],
    [
      'require(msg.sender == owner, "not // you");',
      'variableName.standard:require punctuation:( variableName.standard:msg punctuation:. variableName:sender operator:= operator:= variableName:owner punctuation:, string:"not // you" punctuation:) punctuation:;',
    ],
    ['bytes4 x = hex"ab"; // y', 'typeName:bytes4 variableName:x operator:= string:hex"ab" punctuation:; comment:// y'],
    ["uint7 x", "variableName:uint7 variableName:x"],
    [
      "if (a) return 1e18;",
      "keyword:if punctuation:( variableName:a punctuation:) keyword:return number:1e18 punctuation:;",
    ],
  ])("%s", (text, expected) => expect(tokens(solidityMode, text).join(" ")).toBe(expected));
});
