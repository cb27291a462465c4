/**
 * Lossless JPEG XL, where this browser decodes it to the very pixels: that is proved once, by a small picture; and of
 * each still by its hash, as of any other.
 */

const TYPE = "image/jxl";
/** 8 by 8 greys, the i-th of them i * 37 modulo 256. */
const KNOWN = "/wpBQFDcCAgEAQDoAEsSpUKFJJZoLAPEM0oppfR1QCml9HUQUErp64AGlNLXAaUBpa8DSmlAXweUUhq8DiillP4NKKWUvgY=";

/** @returns {Promise<boolean>} whether it is decoded here, to the very pixels */
export async function decodesJpegXl() {
  if (typeof ImageDecoder === "undefined") return false;
  try {
    const { raw } = await pixelsOf(
      Uint8Array.from(atob(KNOWN), (c) => c.charCodeAt(0)),
      1,
    );
    return raw.length === 64 && raw.every((grey, i) => grey === (i * 37) % 256);
  } catch {
    return false;
  }
}

/**
 * The raw bytes of a picture, row by row. Throws where it is damaged, or where one that should be grey is not.
 * @param {Uint8Array<ArrayBuffer>} data @param {1 | 3} channels
 * @returns {Promise<{raw: Uint8Array<ArrayBuffer>, width: number, height: number}>}
 */
export async function pixelsOf(data, channels) {
  const decoder = new ImageDecoder({ data, type: TYPE, colorSpaceConversion: "none" });
  const { image } = await decoder.decode();
  try {
    const [width, height] = [image.displayWidth, image.displayHeight];
    const bytes = new Uint8Array(image.allocationSize());
    await image.copyTo(bytes);
    const first = order(image.format);
    if (bytes.length !== width * height * 4) throw new Error("a picture of another length");
    return { raw: channels === 1 ? greys(bytes) : colours(bytes, first), width, height };
  } finally {
    image.close();
    decoder.close();
  }
}

/** Where red stands among the four bytes of a pixel. @param {VideoPixelFormat | null} format */
function order(format) {
  if (format === "RGBA" || format === "RGBX") return 0;
  if (format === "BGRA" || format === "BGRX") return 2;
  throw new Error(`pixels as ${format}`);
}

/** @param {Uint8Array<ArrayBuffer>} bytes four a pixel */
function greys(bytes) {
  const raw = new Uint8Array(bytes.length / 4);
  let differs = 0;
  for (let i = 0, j = 0; i < raw.length; i++, j += 4) {
    const grey = /** @type {number} */ (bytes[j]);
    differs |= (grey ^ /** @type {number} */ (bytes[j + 1])) | (grey ^ /** @type {number} */ (bytes[j + 2]));
    raw[i] = grey;
  }
  if (differs !== 0) throw new Error("a picture in colours");
  return raw;
}

/** @param {Uint8Array<ArrayBuffer>} bytes four a pixel @param {number} red where it stands: 0 or 2 */
function colours(bytes, red) {
  const raw = new Uint8Array((bytes.length / 4) * 3);
  for (let i = 0, j = 0; i < raw.length; i += 3, j += 4) {
    raw[i] = /** @type {number} */ (bytes[j + red]);
    raw[i + 1] = /** @type {number} */ (bytes[j + 1]);
    raw[i + 2] = /** @type {number} */ (bytes[j + 2 - red]);
  }
  return raw;
}
