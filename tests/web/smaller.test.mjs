/** Which network wants stills in fewer bytes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Smaller } from "../../web/js/core/pictures/smaller.js";

test("raw pixels on the server's own machine alone, and where no tunnel makes it slow", () => {
  for (const [host, here] of [
    ["localhost", true],
    ["127.0.0.1", true],
    ["[::1]", true],
    ["192.168.1.2", false],
    ["127.0.0.1.example", false],
  ]) {
    const smaller = new Smaller(host);
    assert.equal(smaller.raw, false, "nothing is measured yet");
    smaller.fetched(400_000, 5);
    assert.equal(smaller.raw, here, host);
    smaller.fetched(400_000, 60);
    assert.equal(smaller.raw, false);
  }
});

test("PNG until it is proved and measured, and in fast networks; else JPEG XL, which slow ones wait for", () => {
  const smaller = new Smaller();
  smaller.fetched(300_000, 300);
  assert.equal(smaller.accept, "image/png");
  smaller.proved = true;
  assert.deepEqual([smaller.accept, smaller.wanted], ["image/jxl", true]);
  smaller.fetched(300_000, 100);
  assert.equal(smaller.accept, "image/png, image/jxl");
  smaller.fetched(1000, 1);
  assert.equal(smaller.wanted, true, "too small to say anything");
  smaller.fetched(300_000, 10);
  assert.deepEqual([smaller.accept, smaller.wanted], ["image/png", false]);
});
