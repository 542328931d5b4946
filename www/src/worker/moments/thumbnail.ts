import type { Pixels } from "../../protocol/inspection";

const WIDTH = 160;

/** A small picture of a screen as PNG; nothing where the browser cannot make one, or there is no picture. */
export async function thumbnail({ width, height, aspect, rgba }: Pixels): Promise<Uint8Array<ArrayBuffer> | null> {
  if (width === 0 || height === 0 || typeof OffscreenCanvas === "undefined") return null;
  try {
    const whole = new OffscreenCanvas(width, height);
    whole.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
    const small = new OffscreenCanvas(WIDTH, Math.max(1, Math.round((WIDTH * aspect[1]) / aspect[0])));
    const context = small.getContext("2d");
    if (!context) return null;
    context.imageSmoothingQuality = "high";
    context.drawImage(whole, 0, 0, small.width, small.height);
    const blob = await small.convertToBlob({ type: "image/png" });
    return new Uint8Array(await blob.arrayBuffer());
  } catch {
    return null;
  }
}
