import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { filteredLength, toRgba, unfilter, unpack } from "../../web/js/core/pictures/png.js";

/** As part of a longer message, as stills come by a socket. */
function bytes(whole) {
  const part = new Uint8Array(whole.byteLength + 7).subarray(7);
  part.set(new Uint8Array(whole));
  return part;
}
import { png } from "./png-files.mjs";

const [WIDTH, HEIGHT] = [7, 5];

/** The filters as the standard defines them, byte by byte. */
function filtered(raw, kind, step) {
  const n = WIDTH * step;
  const at = (x, y) => (x < 0 || y < 0 ? 0 : raw[y * n + x]);
  const out = [];
  for (let y = 0; y < HEIGHT; y++) {
    out.push(kind);
    for (let x = 0; x < n; x++) {
      const [a, b, c] = [at(x - step, y), at(x, y - 1), x < step ? 0 : at(x - step, y - 1)];
      const p = a + b - c;
      const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
      const nearest = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      out.push((at(x, y) - [0, a, b, (a + b) >> 1, nearest][kind]) & 255);
    }
  }
  return out;
}

const noise = (n) => Uint8Array.from({ length: n }, (_, i) => (i * 7919 + ((i * i) >> 3) * 31) & 255);

test("every filter is undone, for grey and for colour", () => {
  for (const [step, colour] of [
    [1, 0],
    [3, 2],
  ]) {
    const raw = noise(WIDTH * HEIGHT * step);
    for (const kind of [0, 1, 2, 3, 4]) {
      const packed = unpack(bytes(png(filtered(raw, kind, step), { colour })));
      assert.deepEqual([packed.width, packed.height, packed.channels], [WIDTH, HEIGHT, step]);
      const rows = inflateSync(Buffer.concat(packed.data));
      assert.equal(rows.length, filteredLength(packed));
      assert.deepEqual(unfilter(rows, packed), raw, `filter ${kind}, ${step} bytes`);
    }
  }
});

test("what is no still is not read", () => {
  const rows = filtered(noise(WIDTH * HEIGHT), 0, 1);
  assert.throws(() => unpack(new Uint8Array(64)));
  assert.throws(() => unpack(new Uint8Array(5)));
  for (const how of [{ depth: 16 }, { colour: 3 }, { colour: 6 }, { interlaced: 1 }, { width: 0 }, { width: 1e6 }]) {
    assert.throws(() => unpack(bytes(png(rows, how))), JSON.stringify(how));
  }
  const packed = unpack(bytes(png(rows)));
  assert.throws(
    () =>
      unfilter(
        rows.map((b, i) => (i === 0 ? 9 : b)),
        packed,
      ),
    /filter/,
  );
});

test("grey and colour become opaque pixels, byte by byte", () => {
  assert.deepEqual(
    [...toRgba(Uint8Array.from([0, 128, 255]), 1)],
    [0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255],
  );
  assert.deepEqual([...toRgba(Uint8Array.from([1, 2, 3, 200, 100, 0]), 3)], [1, 2, 3, 255, 200, 100, 0, 255]);
});
