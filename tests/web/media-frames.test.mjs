import assert from "node:assert/strict";
import { test } from "node:test";
import { acknowledgement, keyframeWanted, pong, readMedia } from "../../web/js/core/pictures/media-frames.js";

/** The same bytes as in tests/unit/media/test_framing.py. */
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16)).buffer;
const hex = (buffer) => [...new Uint8Array(buffer)].map((b) => b.toString(16).padStart(2, "0")).join("");

test("a frame and a ping are read", () => {
  const frame = readMedia(bytes("010100000102fedcba98000001"));
  assert.deepEqual(
    { ...frame, data: [...frame.data] },
    { kind: "frame", key: true, number: 258, rtp: 0xfedcba98, data: [0, 0, 1] },
  );
  assert.equal(readMedia(bytes("01000000000100000002" + "78")).key, false);
  assert.deepEqual(readMedia(bytes("0200000007")), { kind: "ping", number: 7 });
});

test("all else is nothing", () => {
  for (const other of ["", "01", "0101000001020000000a", "03", "02000000", "020000000700", "0900000007"]) {
    assert.equal(readMedia(bytes(other)), null, other);
  }
});

test("what the page shows, as the server reads it", () => {
  assert.equal(hex(acknowledgement(258)), "0100000102");
  assert.equal(hex(pong(7)), "0200000007");
  assert.equal(hex(keyframeWanted()), "03");
});
