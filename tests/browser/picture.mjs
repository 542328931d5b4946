// Pictures of the page: read from PNG (ISO/IEC 15948), kept small with sixteen colours, and compared part by part.
import { deflateSync, inflateSync } from "node:zlib";
import { chunk, SIGNATURE } from "../../www/bin/terminal/png.mjs";

const COLOURS = 16;

/** The chunks of a PNG, those of one type joined. */
function chunksOf(png) {
  const found = new Map();
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + length);
    found.set(type, Buffer.concat([found.get(type) ?? Buffer.alloc(0), data]));
    at += 12 + length;
  }
  return found;
}

function paeth(left, up, corner) {
  const base = left + up - corner;
  const [a, b, c] = [Math.abs(base - left), Math.abs(base - up), Math.abs(base - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** Undoes the filters of the rows (9.2); `unit` is the bytes of a pixel. */
function unfiltered(raw, height, rowBytes, unit) {
  const out = Buffer.alloc(height * rowBytes);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (rowBytes + 1)];
    for (let x = 0; x < rowBytes; x++) {
      const at = y * rowBytes + x;
      const left = x >= unit ? out[at - unit] : 0;
      const up = y > 0 ? out[at - rowBytes] : 0;
      const corner = x >= unit && y > 0 ? out[at - rowBytes - unit] : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      out[at] = raw[y * (rowBytes + 1) + 1 + x] + guess;
    }
  }
  return out;
}

/**
 * Reads a PNG as Chromium and `encode` write them: 8 bits RGB or RGBA, or 4 bits of a palette; not interlaced.
 * @returns {{width: number, height: number, rgb: Buffer}}
 */
export function decode(png) {
  const chunks = chunksOf(png);
  const header = chunks.get("IHDR");
  const [width, height, depth, type] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8], header[9]];
  const raw = inflateSync(chunks.get("IDAT"));
  const rgb = Buffer.alloc(width * height * 3);
  if (type === 3 && depth === 4) {
    const palette = chunks.get("PLTE");
    const rowBytes = (width + 1) >> 1;
    const rows = unfiltered(raw, height, rowBytes, 1);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const index = (rows[y * rowBytes + (x >> 1)] >> (x & 1 ? 0 : 4)) & 15;
        palette.copy(rgb, (y * width + x) * 3, index * 3, index * 3 + 3);
      }
    }
    return { width, height, rgb };
  }
  const unit = { 2: 3, 6: 4 }[type];
  if (depth !== 8 || !unit) throw new Error(`a PNG of type ${type} with ${depth} bits is not read`);
  const rows = unfiltered(raw, height, width * unit, unit);
  for (let pixel = 0; pixel < width * height; pixel++) rows.copy(rgb, pixel * 3, pixel * unit, pixel * unit + 3);
  return { width, height, rgb };
}

const distance = (one, two) => one.reduce((sum, value, at) => sum + (value - two[at]) ** 2, 0);

/** The colours that a picture has most of, no two alike. */
function paletteOf({ rgb }) {
  const counts = new Map();
  for (let at = 0; at < rgb.length; at += 3) {
    const colour = (rgb[at] << 16) | (rgb[at + 1] << 8) | rgb[at + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const byCount = [...counts].sort(([, one], [, two]) => two - one).map(([colour]) => colour);
  const chosen = [];
  for (const alike of [900, 100, 0]) {
    for (const colour of byCount) {
      if (chosen.length === COLOURS) return chosen;
      const parts = [colour >> 16, (colour >> 8) & 255, colour & 255];
      if (chosen.every((other) => distance(other, parts) > alike)) chosen.push(parts);
    }
  }
  return chosen;
}

/** A picture as a PNG of sixteen colours. */
export function encode(picture) {
  const { width, height, rgb } = picture;
  const palette = paletteOf(picture);
  const nearest = new Map();
  const indexOf = (at) => {
    const key = (rgb[at] << 16) | (rgb[at + 1] << 8) | rgb[at + 2];
    let index = nearest.get(key);
    if (index === undefined) {
      const distances = palette.map((colour) => distance(colour, [rgb[at], rgb[at + 1], rgb[at + 2]]));
      index = distances.indexOf(Math.min(...distances));
      nearest.set(key, index);
    }
    return index;
  };
  const rowBytes = (width + 1) >> 1;
  const rows = Buffer.alloc(height * (rowBytes + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rows[y * (rowBytes + 1) + 1 + (x >> 1)] |= indexOf((y * width + x) * 3) << (x & 1 ? 0 : 4);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([4, 3, 0, 0, 0], 8);
  const parts = [chunk("IHDR", header), chunk("PLTE", Buffer.from(palette.flat()))];
  parts.push(chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0)));
  return Buffer.concat([SIGNATURE, ...parts]);
}

/** Pixels of a part's side: two lines of text and more, so that letters of another font weigh the same. */
const PART = 40;
/** How far what is in a part may have moved: other letters make bars higher and words longer. */
const SHIFTS = [0, -10, 10, -20, 20];
/** How far the mean of a colour may be off, of 255. */
const MEAN_OFF = 24;
/** Standard deviations of lightness below and above which a part has nothing in it, or something. */
const [EMPTY, FULL] = [4, 16];

/** Sums of red, green, blue, lightness and its square over all that is left of and above a pixel. */
function sumsOf({ width, height, rgb }) {
  const stride = width + 1;
  const sums = Array.from({ length: 5 }, () => new Float64Array(stride * (height + 1)));
  for (let y = 0; y < height; y++) {
    const line = [0, 0, 0, 0, 0];
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const light = (rgb[at] * 2 + rgb[at + 1] * 5 + rgb[at + 2]) / 8;
      const values = [rgb[at], rgb[at + 1], rgb[at + 2], light, light * light];
      for (let of = 0; of < 5; of++) {
        line[of] += values[of];
        sums[of][(y + 1) * stride + x + 1] = sums[of][y * stride + x + 1] + line[of];
      }
    }
  }
  return { width, height, stride, sums };
}

/** Mean colour and deviation of the lightness in a part, as far as it is inside. */
function partAt({ width, height, stride, sums }, left, top) {
  const [x1, y1] = [Math.max(left, 0), Math.max(top, 0)];
  const [x2, y2] = [Math.min(left + PART, width), Math.min(top + PART, height)];
  const count = Math.max((x2 - x1) * (y2 - y1), 1);
  const [red, green, blue, light, square] = sums.map(
    (sum) => (sum[y2 * stride + x2] - sum[y1 * stride + x2] - sum[y2 * stride + x1] + sum[y1 * stride + x1]) / count,
  );
  return { mean: [red, green, blue], ink: Math.sqrt(Math.max(square - light * light, 0)) };
}

function differs(one, two) {
  if (one.mean.some((value, at) => Math.abs(value - two.mean[at]) > MEAN_OFF)) return true;
  return Math.min(one.ink, two.ink) < EMPTY && Math.max(one.ink, two.ink) > FULL;
}

/** Whether what is in a part of one picture is near that place in the other. */
function isNear(one, two, left, top) {
  const part = partAt(one, left, top);
  return SHIFTS.some((down) => SHIFTS.some((right) => !differs(part, partAt(two, left + right, top + down))));
}

/**
 * The parts in which two pictures differ as no other font makes them differ: one has a colour, or something at all, where
 * the other has nothing like it near by.
 * @returns {{share: number, largest: number, where: string}} their share of all, the most that hang together, and a map
 */
export function compare(one, two) {
  if (one.width !== two.width || one.height !== two.height)
    return { share: 1, largest: Infinity, where: "another size" };
  const [first, second] = [sumsOf(one), sumsOf(two)];
  const [columns, rows] = [Math.ceil(one.width / PART), Math.ceil(one.height / PART)];
  const off = Array.from({ length: columns * rows }, (_, at) => {
    const [left, top] = [(at % columns) * PART, Math.floor(at / columns) * PART];
    return !isNear(first, second, left, top) || !isNear(second, first, left, top);
  });
  const seen = new Set();
  const sizeFrom = (at) => {
    if (!off[at] || seen.has(at)) return 0;
    seen.add(at);
    const column = at % columns;
    const beside = [at - columns, at + columns];
    if (column > 0) beside.push(at - 1);
    if (column < columns - 1) beside.push(at + 1);
    return 1 + beside.reduce((sum, next) => sum + sizeFrom(next), 0);
  };
  const largest = Math.max(0, ...off.map((_, at) => sizeFrom(at)));
  const line = (row) =>
    off
      .slice(row * columns, (row + 1) * columns)
      .map((is) => (is ? "#" : "."))
      .join("");
  const where = Array.from({ length: rows }, (_, row) => line(row)).join("\n");
  return { share: off.filter(Boolean).length / off.length, largest, where };
}
