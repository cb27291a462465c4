/** Of a still what is not black is made a bitmap, and lies where it was. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { litPart } from "../../web/js/core/pictures/crop.js";
import { toRgba } from "../../web/js/core/pictures/png.js";

/** @param {string[]} rows "." is black */
const grey = (rows) => Uint8Array.from(rows.join(""), (c) => (c === "." ? 0 : Number(c)));

test("the smallest part with all that is not black", () => {
  for (const [rows, part] of [
    [
      ["....", ".12.", ".3..", "...."],
      [1, 1, 2, 2],
    ],
    [
      ["...1", "....", "2..."],
      [0, 0, 4, 3],
    ],
    [
      ["....", "..1.", "...."],
      [2, 1, 1, 1],
    ],
    [
      ["12", "34"],
      [0, 0, 2, 2],
    ],
    [
      ["...", "..."],
      [0, 0, 1, 1],
    ],
    [
      ["....", "1...", "..2.", "...."],
      [0, 1, 3, 2],
    ],
    [["1..."], [0, 0, 1, 1]],
    [["...1"], [3, 0, 1, 1]],
  ])
    assert.deepEqual(litPart(grey(rows), 1, rows[0].length, rows.length), part, rows.join("/"));
});

test("a pixel of one colour is not black", () => {
  const raw = new Uint8Array(4 * 3 * 3);
  raw[(1 * 4 + 2) * 3 + 1] = 9;
  raw[(2 * 4 + 1) * 3 + 2] = 9;
  assert.deepEqual(litPart(raw, 3, 4, 3), [1, 1, 2, 2]);
});

test("put back on black it is the whole picture, whatever it holds", () => {
  for (let seed = 1; seed <= 200; seed++) {
    let dice = seed;
    const next = () => {
      dice = (dice * 16_807) % 2_147_483_647;
      return dice / 2_147_483_647;
    };
    const [width, height] = [1 + Math.floor(next() * 7), 1 + Math.floor(next() * 7)];
    const channels = seed % 2 ? 1 : 3;
    const raw = Uint8Array.from({ length: width * height * channels }, () => (next() < 0.8 ? 0 : 200 + 50 * next()));
    const whole = toRgba(raw, channels, width, [0, 0, width, height]);
    const [x, y, wide, high] = litPart(raw, channels, width, height);
    const part = toRgba(raw, channels, width, [x, y, wide, high]);
    const canvas = Uint8ClampedArray.from({ length: whole.length }, (_, i) => (i % 4 === 3 ? 255 : 0));
    for (let row = 0; row < high; row++)
      canvas.set(part.subarray(row * wide * 4, (row + 1) * wide * 4), ((y + row) * width + x) * 4);
    assert.deepEqual(canvas, whole, `seed ${seed}`);
  }
});
