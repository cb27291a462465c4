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

/** What a PNG holds, still deflated. Throws where it is none of ours. @param {ArrayBuffer} png @returns {Packed} */
export function unpack(png) {
  const view = new DataView(png);
  if (png.byteLength < 33 || SIGNATURE.some((byte, i) => view.getUint8(i) !== byte) || view.getUint32(12) !== IHDR) {
    throw new Error("not a PNG");
  }
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, colour, , , interlaced] = [24, 25, 26, 27, 28].map((at) => view.getUint8(at));
  const sizes = width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE;
  if (!sizes || depth !== 8 || (colour !== 0 && colour !== 2) || interlaced !== 0) throw new Error("not a still's PNG");
  const data = [];
  for (let at = 8; at + 12 <= png.byteLength; at += view.getUint32(at) + 12) {
    if (view.getUint32(at + 4) === IDAT) data.push(new Uint8Array(png, at + 8, view.getUint32(at)));
  }
  return { width, height, channels: colour === 0 ? 1 : 3, data };
}

/** Bytes of the inflated stream: each row begins with the number of its filter. @param {Packed} packed */
export const filteredLength = ({ width, height, channels }) => height * (width * channels + 1);

/**
 * Undo the filters of the rows.
 * @param {Uint8Array} filtered @param {Packed} packed @returns {Uint8Array<ArrayBuffer>} raw bytes, row by row
 */
export function unfilter(filtered, { width, height, channels }) {
  const length = width * channels;
  const raw = new Uint8Array(length * height);
  for (let y = 0; y < height; y++) {
    const from = y * (length + 1) + 1;
    const row = filtered.subarray(from, from + length);
    const above = y > 0 ? raw.subarray((y - 1) * length, y * length) : new Uint8Array(length);
    undo(filtered[from - 1] ?? -1, row, above, raw.subarray(y * length, (y + 1) * length), channels);
  }
  return raw;
}

/**
 * One row.
 * @param {number} kind of filter
 * @param {Uint8Array} row
 * @param {Uint8Array} above
 * @param {Uint8Array} out
 * @param {number} step bytes of a pixel
 */
function undo(kind, row, above, out, step) {
  const n = row.length;
  switch (kind) {
    case 0:
      return out.set(row);
    case 1:
      out.set(row.subarray(0, step));
      for (let i = step; i < n; i++) out[i] = at(row, i) + at(out, i - step);
      return;
    case 2:
      for (let i = 0; i < n; i++) out[i] = at(row, i) + at(above, i);
      return;
    case 3:
      for (let i = 0; i < n; i++) out[i] = at(row, i) + ((at(out, i - step) + at(above, i)) >> 1);
      return;
    case 4:
      for (let i = 0; i < n; i++) out[i] = at(row, i) + paeth(at(out, i - step), at(above, i), at(above, i - step));
      return;
    default:
      throw new Error("no such filter");
  }
}

/** A byte; 0 beyond the left end. @param {Uint8Array} bytes @param {number} i */
const at = (bytes, i) => /** @type {number} */ (i < 0 ? 0 : bytes[i]);

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
 * Raw bytes as opaque RGBA.
 * @param {Uint8Array} raw @param {1 | 3} channels @returns {Uint8ClampedArray<ArrayBuffer>}
 */
export function toRgba(raw, channels) {
  const rgba = new Uint8ClampedArray((raw.length / channels) * 4);
  if (channels === 3) {
    for (let i = 0, j = 0; j < rgba.length; i += 3, j += 4) {
      rgba[j] = at(raw, i);
      rgba[j + 1] = at(raw, i + 1);
      rgba[j + 2] = at(raw, i + 2);
      rgba[j + 3] = 255;
    }
    return rgba;
  }
  // Red, green and blue are equal: the order of bytes matters for alpha alone.
  const words = new Uint32Array(rgba.buffer);
  const opaque = LITTLE_ENDIAN ? 0xff000000 : 0xff;
  const spread = LITTLE_ENDIAN ? 0x010101 : 0x01010100;
  for (let i = 0; i < words.length; i++) words[i] = opaque | (at(raw, i) * spread);
  return rgba;
}

const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
