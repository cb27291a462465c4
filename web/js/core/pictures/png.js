/**
 * The part of PNG (ISO/IEC 15948) that stills are made of: 8-bit grey or RGB, not interlaced. Read by hand, because the
 * bytes that are hashed must be the very bytes that are painted, without a detour through a canvas. Inflating is not
 * here.
 */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const IHDR = 0x49484452;
const IDAT = 0x49444154;
const MAX_SIDE = 16_384;

/**
 * @typedef {{width: number, height: number, channels: 1 | 3, data: Uint8Array<ArrayBuffer>[]}} Packed data: the zlib
 *   stream, in parts
 */

/** What a PNG holds, still deflated. Throws where it is none of ours.
 * @param {Uint8Array<ArrayBuffer>} png @returns {Packed} */
export function unpack(png) {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  if (png.byteLength < 33 || SIGNATURE.some((byte, i) => view.getUint8(i) !== byte) || view.getUint32(12) !== IHDR) {
    throw new Error("not a PNG");
  }
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, colour, , , interlaced] = [24, 25, 26, 27, 28].map((at) => view.getUint8(at));
  const sizes = width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE;
  if (!sizes || depth !== 8 || (colour !== 0 && colour !== 2) || interlaced !== 0) throw new Error("not a still's PNG");
  const data = [];
  for (let at = 8; at + 12 <= png.byteLength; at += view.getUint32(at) + 12) {
    if (view.getUint32(at + 4) === IDAT) data.push(png.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  return { width, height, channels: colour === 0 ? 1 : 3, data };
}

/** Bytes of the inflated stream: each row begins with the number of its filter. @param {Packed} packed */
export const filteredLength = ({ width, height, channels }) => height * (width * channels + 1);

/**
 * Undo the filters of the rows.
 * @param {Uint8Array<ArrayBuffer>} filtered @param {Packed} packed @returns {Uint8Array<ArrayBuffer>} raw bytes, row by
 *   row
 */
export function unfilter(filtered, { width, height, channels }) {
  const length = width * channels;
  const raw = new Uint8Array(length * height);
  for (let y = 0; y < height; y++) undo(filtered, y * (length + 1), raw, y * length, length, channels);
  return raw;
}

/**
 * One row. Loops are plain and over whole arrays: a still has two million bytes.
 * @param {Uint8Array<ArrayBuffer>} from
 * @param {number} at where the row begins there, with the number of its filter
 * @param {Uint8Array<ArrayBuffer>} out
 * @param {number} to where it begins there
 * @param {number} n bytes of it
 * @param {number} step bytes of a pixel
 */
function undo(from, at, out, to, n, step) {
  const kind = from[at];
  switch (kind) {
    case 0:
      return out.set(from.subarray(at + 1, at + 1 + n), to);
    case 1:
      return step === 1 ? undoSub(from, at + 1, out, to, n) : undoAny(kind, from, at + 1, out, to, n, step);
    case 2:
      return to < n ? out.set(from.subarray(at + 1, at + 1 + n), to) : undoUp(from, at + 1, out, to, n);
    case 3:
    case 4:
      return undoAny(kind, from, at + 1, out, to, n, step);
    default:
      throw new Error("no such filter");
  }
}

/** Of greys: each is added to the one at its left. @param {Uint8Array<ArrayBuffer>} from @param {number} at
 * @param {Uint8Array<ArrayBuffer>} out @param {number} to @param {number} n */
function undoSub(from, at, out, to, n) {
  let left = 0;
  for (let i = 0; i < n; i++) {
    left = (left + /** @type {number} */ (from[at + i])) & 255;
    out[to + i] = left;
  }
}

/** Each byte is added to the one above. @param {Uint8Array<ArrayBuffer>} from @param {number} at
 * @param {Uint8Array<ArrayBuffer>} out @param {number} to @param {number} n */
function undoUp(from, at, out, to, n) {
  const above = to - n;
  for (let i = 0; i < n; i++) {
    out[to + i] = /** @type {number} */ (from[at + i]) + /** @type {number} */ (out[above + i]);
  }
}

/** By left, above and corner. @param {number} kind @param {Uint8Array<ArrayBuffer>} from @param {number} at
 * @param {Uint8Array<ArrayBuffer>} out @param {number} to @param {number} n @param {number} step */
function undoAny(kind, from, at, out, to, n, step) {
  const first = to < n;
  for (let i = 0; i < n; i++) {
    const left = i < step ? 0 : byte(out, to + i - step);
    const above = first ? 0 : byte(out, to + i - n);
    const corner = i < step || first ? 0 : byte(out, to + i - n - step);
    const guess = kind === 1 ? left : kind === 3 ? (left + above) >> 1 : paeth(left, above, corner);
    out[to + i] = byte(from, at + i) + guess;
  }
}

/** @param {Uint8Array} bytes @param {number} i within */
const byte = (bytes, i) => /** @type {number} */ (bytes[i]);

/**
 * Whichever neighbour lies nearest to left + above - corner.
 * @param {number} left
 * @param {number} above
 * @param {number} corner
 */
function paeth(left, above, corner) {
  const [dl, da, dc] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
  if (dl <= da && dl <= dc) return left;
  return da <= dc ? above : corner;
}

/**
 * A part of raw bytes as opaque RGBA.
 * @param {Uint8Array} raw @param {1 | 3} channels @param {number} [width] of its rows
 * @param {import("./crop.js").Rect} [part] all of it, where none is given
 * @returns {Uint8ClampedArray<ArrayBuffer>}
 */
export function toRgba(
  raw,
  channels,
  width = raw.length / channels,
  part = [0, 0, width, raw.length / channels / width],
) {
  const [x, y, wide, high] = part;
  const rgba = new Uint8ClampedArray(wide * high * 4);
  const spread = channels === 3 ? spreadColour : spreadGrey;
  for (let row = 0; row < high; row++) {
    const start = ((y + row) * width + x) * channels;
    spread(raw, start, rgba, row * wide, wide);
  }
  return rgba;
}

/** @param {Uint8Array} raw @param {number} start @param {Uint8ClampedArray} rgba @param {number} to pixel
 * @param {number} count of pixels */
function spreadColour(raw, start, rgba, to, count) {
  for (let i = start, j = to * 4; j < (to + count) * 4; i += 3, j += 4) {
    rgba[j] = byte(raw, i);
    rgba[j + 1] = byte(raw, i + 1);
    rgba[j + 2] = byte(raw, i + 2);
    rgba[j + 3] = 255;
  }
}

/** Red, green and blue are equal: the order of bytes matters for alpha alone.
 * @param {Uint8Array} raw @param {number} start @param {Uint8ClampedArray} rgba @param {number} to pixel
 * @param {number} count of pixels */
function spreadGrey(raw, start, rgba, to, count) {
  const words = new Uint32Array(rgba.buffer, to * 4, count);
  const opaque = LITTLE_ENDIAN ? 0xff000000 : 0xff;
  const factor = LITTLE_ENDIAN ? 0x010101 : 0x01010100;
  for (let i = 0; i < count; i++) words[i] = opaque | (byte(raw, start + i) * factor);
}

const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
