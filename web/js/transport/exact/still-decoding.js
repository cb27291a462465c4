/** From the bytes of a still to a picture and the hash of its raw pixels, in a worker. */
/** @import {Format} from "../../core/pictures/still-frames.js" */
import { litPart } from "../../core/pictures/crop.js";
import { filteredLength, toRgba, unfilter, unpack } from "../../core/pictures/png.js";
import { pixelsOf } from "./jpeg-xl.js";

/** The part of a picture that is not black, where it lies, and the size of the whole.
 * @typedef {{image: ImageBitmap, x: number, y: number, width: number, height: number}} Still */
/** sha256: of all raw pixels. @typedef {Still & {sha256: string}} Decoded */

/**
 * Hashed while it is made a picture. Throws where it is damaged.
 * @param {Uint8Array<ArrayBuffer>} data @param {Format} format @param {1 | 3} [channels] of JPEG XL and raw
 * @returns {Promise<Decoded>}
 */
export async function decode(data, format, channels = 1) {
  if (format === "raw") return made(rawOf(data, channels), channels);
  return format === "jxl" ? made(await pixelsOf(data, channels), channels) : decodePng(data);
}

/** Width and height stand before the pixels. Throws where there are more or fewer.
 * @param {Uint8Array<ArrayBuffer>} data @param {1 | 3} channels */
function rawOf(data, channels) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  if (data.length !== 8 + width * height * channels) throw new Error("a picture of another length");
  return { raw: data.subarray(8), width, height };
}

/** @param {Uint8Array<ArrayBuffer>} data */
async function decodePng(data) {
  const packed = unpack(data);
  const { width, height } = packed;
  return made({ raw: unfilter(await inflate(packed), packed), width, height }, packed.channels);
}

/** @param {{raw: Uint8Array<ArrayBuffer>, width: number, height: number}} pixels @param {1 | 3} channels
 * @returns {Promise<Decoded>} */
async function made({ raw, width, height }, channels) {
  const hashed = hash(raw);
  const part = litPart(raw, channels, width, height);
  const [x, y, wide, high] = part;
  const image = await bitmap(toRgba(raw, channels, width, part), wide, high);
  return { image, x, y, sha256: await hashed, width, height };
}

/**
 * The rows with their filters. Throws where the stream is broken, or of another length.
 * @param {import("../../core/pictures/png.js").Packed} packed
 */
async function inflate(packed) {
  const out = new Uint8Array(filteredLength(packed));
  const stream = new DecompressionStream("deflate");
  const written = write(stream.writable.getWriter(), packed.data);
  let length = 0;
  const reader = stream.readable.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    out.set(part.value, length);
    length += part.value.length;
  }
  await written;
  if (length !== out.length) throw new Error("a picture of another length");
  return out;
}

/** What goes wrong is told by the reader too. @param {WritableStreamDefaultWriter<BufferSource>} writer
 * @param {readonly Uint8Array<ArrayBuffer>[]} parts */
async function write(writer, parts) {
  try {
    for (const part of parts) void writer.write(part).catch(() => undefined);
    await writer.close();
  } catch {
    // the reader has thrown
  }
}

/** @param {Uint8ClampedArray<ArrayBuffer>} rgba @param {number} width @param {number} height */
const bitmap = (rgba, width, height) =>
  createImageBitmap(new ImageData(rgba, width, height), { colorSpaceConversion: "none", premultiplyAlpha: "none" });

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function hash(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
