/** Exact motion is carried out: sockets, the stream's rest, and when stills are fetched. Its parts are the test's. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

let did;
let stills;
let pictures;
let motion;
let loaded;
const listeners = {};
globalThis.document = {
  hidden: false,
  body: { dataset: {} },
  addEventListener: (name, listener) => {
    listeners[name] = listener;
  },
};
globalThis.navigator ??= {};
const { ExactMotion } = await import("../../web/js/stage/exact/exact-motion.js");
const view = { viewports: [{ shows: { type: "stack", series: "s", place: 1 } }] };

beforeEach(() => {
  did = [];
  loaded = { ready: [[0, 9]], images: 10 };
  document.hidden = false;
  stills = { open: (url) => did.push(`open ${url}`), close: () => did.push("close") };
  pictures = {
    moving: true,
    setMoving: (moving) => {
      pictures.moving = moving;
    },
  };
  const transports = {
    transports: { transport: "webrtc" },
    settled: true,
    rest: (resting) => did.push(resting ? "rest" : "resume"),
  };
  motion = new ExactMotion({ stills, transports, pictures, loading: () => loaded });
  motion.start("wss://server/pictures");
  motion.tick();
});

test("a fast still opens the socket, the first by it ends the stream, and stills are fetched from then on", () => {
  stills.onfetched(400_000, 5);
  assert.deepEqual([did, pictures.moving], [["open wss://server/pictures"], true]);
  stills.oncame();
  assert.deepEqual([did.at(-1), pictures.moving, document.body.dataset.motion], ["rest", false, "exact"]);
  stills.onclosed();
  assert.deepEqual([did.at(-1), pictures.moving, document.body.dataset.motion], ["resume", false, "stream"]);
  motion.framed();
  assert.deepEqual([did.at(-1), pictures.moving], ["close", true]);
});

test("a page that nobody looks at closes it, and opens it again when it is looked at", () => {
  stills.onfetched(400_000, 5);
  stills.oncame();
  document.hidden = true;
  listeners.visibilitychange();
  assert.deepEqual([did.slice(-2), pictures.moving], [["close", "resume"], true]);
  document.hidden = false;
  listeners.visibilitychange();
  motion.tick();
  assert.equal(did.at(-1), "open wss://server/pictures");
  motion.stop();
  assert.deepEqual(did.slice(-2), ["close", "resume"]);
});

test("a view whose images the server still decodes is not late", () => {
  stills.onfetched(400_000, 5);
  stills.oncame();
  loaded = { ready: [[0, 3]], images: 10 };
  motion.revised(view, 1);
  assert.equal(motion.exactness.due.length, 0);
  loaded = { ready: [[0, 9]], images: 10 };
  motion.revised(view, 2);
  assert.equal(motion.exactness.due.length, 1);
  motion.painted(2);
  assert.equal(motion.exactness.due.length, 0);
});
