/**
 * The part of a picture that is not black. An image seldom has the shape of its viewport, and what is kept, made a
 * bitmap and drawn of the black beside it costs as much as the image: nearly half of a square one's on a wide screen.
 */

/** @typedef {[x: number, y: number, width: number, height: number]} Rect */

/**
 * The smallest rectangle with all bytes that are not 0; one black pixel where there are none.
 * @param {Uint8Array} raw rows of pixels @param {1 | 3} channels @param {number} width @param {number} height
 * @returns {Rect}
 */
export function litPart(raw, channels, width, height) {
  const stride = width * channels;
  const top = firstLit(raw, 0, raw.length, 1);
  if (top < 0) return [0, 0, 1, 1];
  const first = Math.floor(top / stride);
  const last = Math.floor(firstLit(raw, raw.length - 1, -1, -1) / stride);
  let [left, right] = [stride, -1];
  for (let row = first; row <= last; row++) {
    const start = row * stride;
    const from = firstLit(raw, start, start + left, 1);
    if (from >= 0) left = from - start;
    const to = firstLit(raw, start + stride - 1, start + right, -1);
    if (to >= 0) right = to - start;
  }
  const [x, end] = [Math.floor(left / channels), Math.floor(right / channels)];
  return [x, first, end - x + 1, Math.min(last, height - 1) - first + 1];
}

/** Index of the first byte that is not 0, or -1.
 * @param {Uint8Array} raw @param {number} from @param {number} until not included @param {1 | -1} step */
function firstLit(raw, from, until, step) {
  for (let i = from; i !== until; i += step) if (raw[i] !== 0) return i;
  return -1;
}
