import assert from "node:assert/strict";
import { test } from "node:test";
import { PlainFrames } from "../../web/js/transport/plain-frames.js";

/** A frame of a decoder, and what becomes of it. */
function frame(rtp, format = "I420") {
  const image = { format, closed: 0, close: () => (image.closed += 1) };
  return { transport: "webrtc", rtp, image };
}

/** Copies that are finished by hand. */
function byHand() {
  const under = [];
  const copy = (image) =>
    new Promise((done, fail) =>
      under.push({ image, done: () => done({ copyOf: image, close: () => {} }), fail: () => fail(new Error()) }),
    );
  return { under, copy };
}

const turn = () => new Promise((done) => setImmediate(done));

test("a frame is given as a copy, and the decoder gets its own back", async () => {
  const [given, { under, copy }] = [[], byHand()];
  const frames = new PlainFrames((one) => given.push(one), copy);
  const first = frame(1);
  frames.take(first);
  assert.equal(given.length, 0);
  under[0].done();
  await turn();
  assert.deepEqual(
    given.map((one) => [one.rtp, one.image.copyOf]),
    [[1, first.image]],
  );
  assert.equal(first.image.closed, 1);
});

test("of those that come while one is copied, the newest alone is next", async () => {
  const [given, { under, copy }] = [[], byHand()];
  const frames = new PlainFrames((one) => given.push(one.rtp), copy);
  const all = [1, 2, 3, 4].map((rtp) => frame(rtp));
  for (const one of all) frames.take(one);
  assert.equal(under.length, 1);
  under[0].done();
  await turn();
  under[1].done();
  await turn();
  assert.deepEqual(given, [1, 4]);
  assert.deepEqual(
    all.map((one) => one.image.closed),
    [1, 1, 1, 1],
  );
  frames.take(frame(5));
  under[2].done();
  await turn();
  assert.deepEqual(given, [1, 4, 5]);
});

test("without a copier, and of a decoder in hardware, they are given at once as they are", () => {
  const given = [];
  const [plain, hardware] = [frame(1), frame(2, "NV12")];
  new PlainFrames((one) => given.push(one)).take(plain);
  new PlainFrames((one) => given.push(one), byHand().copy).take(hardware);
  assert.deepEqual(given, [plain, hardware]);
  assert.equal(plain.image.closed + hardware.image.closed, 0);
});

test("where copying fails the frame is given as it is, and none is copied any more", async () => {
  const [given, { under, copy }] = [[], byHand()];
  const frames = new PlainFrames((one) => given.push(one), copy);
  const [first, second] = [frame(1), frame(2)];
  frames.take(first);
  under[0].fail();
  await turn();
  frames.take(second);
  assert.deepEqual(given, [first, second]);
  assert.equal(first.image.closed, 0);
  assert.equal(under.length, 1);
});
