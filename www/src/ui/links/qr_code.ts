import { svg } from "lit";
import qrcode from "qrcode-generator";

/** Light squares around a code (ISO/IEC 18004, section 9.1). */
const QUIET = 4;
/** Bytes that the largest code (version 40) holds at the lowest correction level (ISO/IEC 18004, table 7). */
export const MOST_QR_BYTES = 2953;

/** A text as a QR code: dark squares, row by row; null if it is too long for any. */
export function qrModules(text: string): readonly (readonly boolean[])[] | null {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > MOST_QR_BYTES) return null;
  const code = qrcode(0, "L");
  // The library takes one character for each byte.
  code.addData(String.fromCharCode(...bytes), "Byte");
  code.make();
  const size = code.getModuleCount();
  const all = Array.from({ length: size }, (_, at) => at);
  return all.map((row) => all.map((column) => code.isDark(row, column)));
}

/** The code as a picture: dark on light whatever the page's colours, for cameras. */
export function qrPicture(modules: readonly (readonly boolean[])[], title: string) {
  const size = modules.length + 2 * QUIET;
  const squares = modules.flatMap((row, y) =>
    row.flatMap((dark, x) => (dark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : [])),
  );
  return svg`<svg class="qr" viewBox=${`0 0 ${size} ${size}`} role="img" aria-label=${title} shape-rendering="crispEdges">
    <rect width=${size} height=${size} fill="#fff"/><path d=${squares.join("")} fill="#000"/></svg>`;
}
