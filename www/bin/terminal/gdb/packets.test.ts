import { describe, expect, it } from "vitest";
import { fromHex, PACKET_SIZE, PacketReader, packet, toHex } from "./packets.mjs";

const read = (...pieces: (string | Buffer)[]) => {
  const reader = new PacketReader();
  return pieces.flatMap((piece) => reader.add(Buffer.from(piece as string, "latin1")));
};

describe("packets of the remote serial protocol", () => {
  it("have the checksum of gdb's manual", () => {
    // The sum of the characters, modulo 256: "OK" is 4F + 4B.
    expect(packet("OK").toString()).toBe("$OK#9a");
    expect(packet("").toString()).toBe("$#00");
  });

  it("escape what means something else", () => {
    const escaped = ["}", "#", "$", "*"].map((c) => `}${String.fromCharCode(c.charCodeAt(0) ^ 0x20)}`);
    expect(packet("a}b#c$d*").toString("latin1").slice(1, -3)).toBe(
      `a${escaped.join("~")}`.replace("~", "b").replace("~", "c").replace("~", "d"),
    );
  });

  it("come back as they were sent", () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const [incoming] = read(packet(all));
    expect(incoming).toEqual({ kind: "packet", data: all });
  });

  it("are found in any pieces, between acknowledgements and Ctrl-C", () => {
    const stream = `+${packet("?")}-\x03${packet("g")}`;
    const kinds = ["ack", "packet", "nack", "interrupt", "packet"];
    expect(read(stream).map(({ kind }) => kind)).toEqual(kinds);
    expect(read(...stream).map(({ kind }) => kind)).toEqual(kinds);
  });

  it("are asked for again when damaged", () => {
    expect(read("$OK#9b", "$OK#zz", packet("OK"))).toEqual([
      { kind: "damaged" },
      { kind: "damaged" },
      { kind: "packet", data: Buffer.from("OK") },
    ]);
  });

  it("cannot fill memory", () => {
    const reader = new PacketReader();
    for (let i = 0; i < 8; i++) reader.add(Buffer.alloc(PACKET_SIZE, "$a"));
    expect(reader.rest.length).toBeLessThanOrEqual(3 * PACKET_SIZE);
  });

  it("carry bytes as hexadecimal digits", () => {
    expect(toHex(new Uint8Array([0, 255]))).toBe("00ff");
    expect(fromHex("00fF")).toEqual(Buffer.from([0, 255]));
    for (const bad of ["0", "0g", "000"]) expect(fromHex(bad)).toBeUndefined();
  });
});
