/** The bytes of the picture socket: the same as in tests/unit/media/video/test_still_framing.py. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { acknowledgement, decodes, forgotten, pong, readPicture } from "../../web/js/core/pictures/still-frames.js";

const hex = (buffer) => Buffer.from(buffer).toString("hex");
const bytes = (text) => new Uint8Array(Buffer.from(text, "hex")).buffer;
const [DIGEST, SHA] = ["ab".repeat(32), "0c".repeat(32)];

test("a still, a ping, and one that cannot be had are read", () => {
  const { data, ...header } = readPicture(bytes(`01030000000700000002${DIGEST}${SHA}504e47`));
  assert.deepEqual(header, {
    kind: "still",
    due: true,
    format: "jxl",
    channels: 1,
    number: 7,
    case: 2,
    digest: DIGEST,
    sha256: SHA,
  });
  assert.equal(hex(data), "504e47");
  assert.deepEqual(readPicture(bytes("0200000005")), { kind: "ping", number: 5 });
  assert.deepEqual(readPicture(bytes(`03${DIGEST}`)), { kind: "missing", digest: DIGEST });
});

test("what is no message of the socket is none", () => {
  for (const text of ["", "09", "02000005", `03${DIGEST}00`, `01030000000700000002${DIGEST}${SHA}`])
    assert.equal(readPicture(bytes(text)), null, text);
});

test("what the page says", () => {
  assert.equal(hex(acknowledgement(258)), "0100000102");
  assert.equal(hex(pong(5)), "0200000005");
  assert.equal(hex(forgotten([DIGEST, SHA])), `03${DIGEST}${SHA}`);
  assert.deepEqual(
    [hex(decodes({ jxl: true, raw: false })), hex(decodes({ jxl: false, raw: true }))],
    ["0401", "0402"],
  );
});
