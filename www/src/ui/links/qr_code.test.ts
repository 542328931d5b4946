import jsqr from "jsqr";
import { describe, expect, it } from "vitest";
import { MOST_QR_BYTES, qrModules } from "./qr_code";

const QUIET = 4;
const SCALE = 4;

/** What another program reads in the code, drawn as a camera would see it. */
function seen(modules: readonly (readonly boolean[])[]): string | undefined {
  const size = (modules.length + 2 * QUIET) * SCALE;
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      if (modules[Math.floor(y / SCALE) - QUIET]?.[Math.floor(x / SCALE) - QUIET])
        pixels.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
  // The package's types call its function by the name of its module.
  return (jsqr as unknown as typeof jsqr.default)(pixels, size, size)?.data;
}

describe("a QR code", () => {
  it.each([40, 600, 2000, MOST_QR_BYTES])("of %i characters is read by another program", (length) => {
    const base = "https://example.org/evm/#evm1.";
    const address = (base + "aB3_-".repeat(length)).slice(0, length);
    const modules = qrModules(address);
    expect(modules && seen(modules)).toBe(address);
  });

  it("is not made of what none can hold", () => {
    expect(qrModules("a".repeat(MOST_QR_BYTES + 1))).toBeNull();
  });
});
