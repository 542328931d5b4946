import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  CATALOGUES,
  isIn,
  isText,
  LEFT_OUT,
  literalsOf,
  rustFiles,
  sourcesOf,
  textsOf,
} from "../../scripts/engine_messages.mjs";
import { ROOT } from "../../scripts/paths.mjs";
import { EVM_ENGINE } from "./engines/evm";
import { NASM_ENGINE } from "./engines/nasm";
import { PC_ENGINE } from "./engines/pc";
import { PC_DEVICES } from "./engines/pc_devices";
import { PC_MANUAL } from "./engines/pc_manual";
import { PC_PANES } from "./engines/pc_panes";

const LISTS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  EVM_ENGINE,
  NASM_ENGINE,
  PC_DEVICES,
  PC_ENGINE,
  PC_MANUAL,
  PC_PANES,
};

describe("what the engines say is listed for who translates", () => {
  it.each(CATALOGUES)("in $file: if not, node www/scripts/engine_messages.mjs writes it anew", (one) => {
    expect(LISTS[one.name]).toEqual(textsOf(one));
  });

  it("some that we know are among them", () => {
    expect(PC_ENGINE["emu-core/src/snapshot/error.rs"]).toContain("not a snapshot: give a file that Glassbox saved");
    expect(PC_ENGINE["web/src/error.rs"]).toContain("no drive is called {name:?}: use fda, fdb, hda, hdb or cdrom");
    expect(PC_DEVICES["emu-core/src/devices/vga/view.rs"]).toContain("vertical retrace");
    expect(EVM_ENGINE["evm-core/src/execution/transaction/rejected.rs"]).toContain(
      "gas limit {limit} is below the {needed} that its data costs at least: raise it",
    );
  });

  it("every source of every crate is in one list, or is left out with a reason", () => {
    const members = /members = \[([^\]]*)\]/.exec(readFileSync(join(ROOT, "Cargo.toml"), "utf8"))?.[1] ?? "";
    const folders = [...members.matchAll(/"([^"]+)"/g)].map(([, member]) => `${member}/src`);
    expect(folders).toContain("emu-core/src");
    const listed = CATALOGUES.flatMap(sourcesOf);
    const leftOut = LEFT_OUT.map(([place]) => place);
    const all = folders.filter((folder) => existsSync(join(ROOT, folder))).flatMap(rustFiles);
    expect(all.filter((file) => listed.filter((one) => one === file).length !== (isIn(file, leftOut) ? 0 : 1))).toEqual(
      [],
    );
    expect(leftOut.filter((place) => !all.some((file) => isIn(file, [place])))).toEqual([]);
  });
});

describe("the reader of Rust", () => {
  const literals = (source: string) => literalsOf(source).literals;

  it("reads strings of all kinds, with their escapes, and no bytes, characters or lifetimes", () => {
    const source = String.raw`
      fn f<'a>(x: &'a str) -> char { g("one \"two\"", r"a\b", r#"say "this""#, b"bytes", br"more", '"', '\'', b'"'); }
      const LONG: &str = "first \
                          second\n\u{b5}s \x41";
    `;
    expect(literals(source)).toEqual(['one "two"', "a\\b", 'say "this"', "first second\nµs A"]);
  });

  it("passes comments, also within each other, documentation and attributes", () => {
    const source = `//! "no"
      /// A "no".
      #[doc = "no"] #[cfg(feature = "no")] fn f() { /* "no" /* "no" */ "no" */ g("yes"); } // "no"
      #![allow(dead_code, reason = "no")]`;
    expect(literals(source)).toEqual(["yes"]);
  });

  it("passes what nobody reads but who mends the program", () => {
    const source = `fn f() { assert!(x, "no {}", g("no")); panic!("no"); y.expect("no"); unreachable!(); expect("yes"); }`;
    expect(literals(source)).toEqual(["yes"]);
  });

  it("passes tests, and names the modules that hold them", () => {
    const source = `#[cfg(test)]
      mod tests { fn f() { g("no { no"); } }
      #[cfg(test)]
      #[path = "x.rs"]
      pub(crate) mod more_tests;
      #[test] fn one() -> [u8; 2] { "no"; }
      #[cfg(not(test))] const A: &str = "yes";
      #[cfg(test)] use a::{b, c};
      const B: &str = "too";`;
    expect(literalsOf(source)).toEqual({ literals: ["yes", "too"], testModules: ["more_tests"] });
  });

  it("tells texts from names", () => {
    expect(["not a snapshot", "{what} is missing", "ends at {end}", "{} bytes", "LDT, {}"].filter(isText)).toHaveLength(
      5,
    );
    expect(["eflags", "{}:{}", "{name}", "{:#x}", "PUSH 0 MSTORE", "rm32,r32", " "].filter(isText)).toEqual([]);
  });
});
