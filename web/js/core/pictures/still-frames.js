/** What travels over the picture socket: the mirror of consult/media/video/still_framing.py. */

const [STILL, PING, MISSING] = [1, 2, 3];
const [ACKNOWLEDGEMENT, PONG, FORGOTTEN, DECODES] = [1, 2, 3, 4];
const [DUE_FLAG, JPEG_XL_FLAG, COLOUR_FLAG, RAW_FLAG] = [1, 2, 4, 8];
const DIGEST_BYTES = 32;
const HEADER_BYTES = 10 + 2 * DIGEST_BYTES;
const NUMBERED_BYTES = 5;

/** @typedef {"png" | "jxl" | "raw"} Format */
/**
 * due: of the newest picture, not ahead of it. channels: of JPEG XL and raw. case: epoch of the case that it is of.
 * sha256: of its pixels.
 * @typedef {{kind: "still", due: boolean, format: Format, channels: 1 | 3, number: number, case: number,
 *   digest: string, sha256: string, data: Uint8Array<ArrayBuffer>}} StillMessage
 * @typedef {StillMessage | {kind: "ping", number: number} | {kind: "missing", digest: string}} PictureMessage
 */

/** @param {ArrayBuffer} message @param {number} at */
const hex = (message, at) =>
  [...new Uint8Array(message, at, DIGEST_BYTES)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {ArrayBuffer} message @returns {PictureMessage | null} null: no message of the picture socket */
export function readPicture(message) {
  const view = new DataView(message);
  const kind = view.byteLength > 0 ? view.getUint8(0) : 0;
  if (kind === STILL && view.byteLength > HEADER_BYTES) {
    const flags = view.getUint8(1);
    return {
      kind: "still",
      due: (flags & DUE_FLAG) !== 0,
      format: (flags & RAW_FLAG) !== 0 ? "raw" : (flags & JPEG_XL_FLAG) !== 0 ? "jxl" : "png",
      channels: (flags & COLOUR_FLAG) !== 0 ? 3 : 1,
      number: view.getUint32(2),
      case: view.getUint32(6),
      digest: hex(message, 10),
      sha256: hex(message, 10 + DIGEST_BYTES),
      data: new Uint8Array(message, HEADER_BYTES),
    };
  }
  if (kind === PING && view.byteLength === NUMBERED_BYTES) return { kind: "ping", number: view.getUint32(1) };
  if (kind === MISSING && view.byteLength === 1 + DIGEST_BYTES) return { kind: "missing", digest: hex(message, 1) };
  return null;
}

/** @param {number} kind @param {number} number */
function numbered(kind, number) {
  const view = new DataView(new ArrayBuffer(NUMBERED_BYTES));
  view.setUint8(0, kind);
  view.setUint32(1, number);
  return view.buffer;
}

/** The newest still that has come; all before it have too. @param {number} number */
export const acknowledgement = (number) => numbered(ACKNOWLEDGEMENT, number);
/** @param {number} number */
export const pong = (number) => numbered(PONG, number);
/** Beside PNG. @param {{jxl: boolean, raw: boolean}} what */
export const decodes = ({ jxl, raw }) => new Uint8Array([DECODES, (jxl ? 1 : 0) | (raw ? 2 : 0)]).buffer;

/** The page does not have these any more. @param {readonly string[]} digests hexadecimal */
export function forgotten(digests) {
  const bytes = new Uint8Array(1 + digests.length * DIGEST_BYTES);
  bytes[0] = FORGOTTEN;
  digests.forEach((digest, i) => {
    for (let at = 0; at < DIGEST_BYTES; at++)
      bytes[1 + i * DIGEST_BYTES + at] = Number.parseInt(digest.slice(2 * at, 2 * at + 2), 16);
  });
  return bytes.buffer;
}
