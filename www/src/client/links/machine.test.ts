import { beforeAll, describe, expect, it, vi } from "vitest";
import type { LinkMachine } from "../../protocol/links";
import type { MachineSpec } from "../../protocol/machine_spec";

vi.mock("../site", () => ({ siteUrl: (path: string) => `https://example.org/course/${path}` }));

const { foreignOf, machineOf, missingOf, OtherFile, specOf } = await import("./machine");
const { machineSpec } = await import("../gallery");

const assemble = async (text: string) => ({
  floppy: new TextEncoder().encode(text),
  symbols: { name: "a.asm", text, labels: [], lines: [] },
});
const nothing = { assemble, files: {} };

const spec = (part: Partial<MachineSpec>): MachineSpec => machineSpec({ title: "One", rtcUnixSeconds: 5, ...part });

describe("what a machine is made of, in a link", () => {
  let big: File;
  beforeAll(() => {
    big = new File([new Uint8Array(9 << 20).fill(7)], "big.img");
  });

  it("names what lies beside the page by its path, and the page's firmware not at all", async () => {
    const { images, ...rest } = await machineOf(
      spec({ drives: { hda: { kind: "url", url: "https://example.org/course/guests/a.img", whole: false } } }),
    );
    expect(images).toEqual({ hda: { site: "guests/a.img", whole: false } });
    expect(rest).toEqual({
      title: "One",
      memoryMb: 64,
      bootOrder: "acd",
      resetOnShutdown: false,
      rtcUnixSeconds: 5,
    });
  });

  it("holds small images, without the zeros at their end", async () => {
    const bytes = new Uint8Array(1_474_560);
    bytes.set([0xf4, 0xeb, 0xfd]);
    const machine = await machineOf(spec({ drives: { fda: { kind: "bytes", name: "a.img", bytes } } }));
    expect(machine.images).toEqual({ fda: { bytes: Uint8Array.of(0xf4, 0xeb, 0xfd), size: 1_474_560 } });
    const made = await specOf(machine, nothing);
    const floppy = made.drives.fda;
    expect(floppy?.kind === "bytes" && Buffer.compare(floppy.bytes, bytes)).toBe(0);
  });

  it("holds the text of a program that the page assembled", async () => {
    const symbols = { name: "a.asm", text: "hlt", labels: [], lines: [] };
    const drives = { fda: { kind: "bytes" as const, name: "program.img", bytes: new Uint8Array(512).fill(1) } };
    const machine = await machineOf(spec({ drives, symbols }));
    expect(machine.images).toEqual({ fda: { program: "hlt" } });
    const made = await specOf(machine, nothing);
    expect(made.symbols?.text).toBe("hlt");
    expect(made.drives.fda).toMatchObject({ kind: "bytes", bytes: new TextEncoder().encode("hlt") });
  });

  it("names the reader's large files, and takes no others in their place", async () => {
    const machine = await machineOf(spec({ drives: { hda: { kind: "file", file: big } } }));
    expect(missingOf(machine)).toEqual([{ part: "hda", name: "big.img" }]);
    await expect(specOf(machine, nothing)).rejects.toThrow(OtherFile);
    const other = new File([new Uint8Array(9 << 20).fill(8)], "big.img");
    await expect(specOf(machine, { assemble, files: { hda: other } })).rejects.toThrow(OtherFile);
    expect((await specOf(machine, { assemble, files: { hda: big } })).drives.hda).toEqual({ kind: "file", file: big });
  });

  it("tells which other addresses it is loaded from", async () => {
    const url = "https://elsewhere.example/disk.img";
    const machine: LinkMachine = await machineOf(
      spec({ kernel: { image: { kind: "url", url, whole: true }, append: "quiet" } }),
    );
    expect(foreignOf(machine)).toEqual([url]);
    const { kernel } = await specOf(machine, nothing);
    expect(kernel).toEqual({ image: { kind: "url", url, whole: true }, append: "quiet" });
  });
});
