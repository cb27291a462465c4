/** Frames and stamps, in whichever order they come. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { VideoFrames } from "../../web/js/stage/moving.js";
import { Pictures } from "../../web/js/stage/pictures.js";
import { shown, stamp } from "./examples.mjs";

class Image {
  closed = 0;
  close() {
    this.closed++;
  }
}

let painted;
let identified;
let pictures;
let frames;
let refused;

beforeEach(() => {
  [painted, identified, refused] = [[], [], []];
  const callbacks = { paint: () => assert.fail("no still"), askAnew: () => undefined, refused: (r) => refused.push(r) };
  pictures = new Pictures({ get: () => assert.fail("no still"), clear: () => undefined }, callbacks);
  pictures.screen = { width: 800, height: 600 };
  pictures.restart(shown(1), 1);
  frames = new VideoFrames(
    pictures,
    (of, image) => painted.push([of.rev, image]),
    (transport, stream) => identified.push([transport, stream]),
  );
});

/** A stamp of a frame on a raster of 1280 x 720. */
const framed = (rev, rtp = rev * 3000, more = {}) => {
  const made = stamp(rev, { stream: "all-1280x720", width: 1280, height: 720, rtp, ...more });
  return { ...made, viewports: made.viewports.map((v) => ({ ...v, rect_px: [0, 0, 1280, 720], digest: "" })) };
};
const came = (rtp, transport = "webrtc", image = new Image()) => {
  frames.frame({ transport, rtp, image });
  return image;
};
const revs = () => painted.map(([rev]) => rev);

test("a frame is painted once its stamp and its view are known, and closed then", () => {
  const image = came(6000);
  assert.deepEqual([painted.length, image.closed], [0, 0]);
  frames.stamp(framed(2));
  assert.deepEqual([painted.length, image.closed], [0, 0], "a view that nobody announced");
  pictures.view(shown(2));
  frames.again();
  assert.deepEqual([revs(), image.closed], [[2], 1]);
  assert.deepEqual(identified, [["webrtc", "all-1280x720"]]);
  frames.again();
  assert.equal(painted.length, 1);
});

test("of the frames that wait the newest stays, the others are closed", () => {
  const [first, second] = [came(3000), came(3001)];
  assert.deepEqual([first.closed, second.closed], [1, 0]);
  frames.stamp(framed(1, 3001));
  assert.equal(painted[0][1], second);
});

test("a frame is never older than what is painted; the other transport's late one is no fault", () => {
  pictures.view(shown(2));
  pictures.view(shown(3));
  for (const rev of [2, 3]) frames.stamp(framed(rev));
  came(9000, "websocket");
  came(6000, "webrtc");
  assert.deepEqual([revs(), refused], [[3], []]);
  assert.equal(identified.length, 2, "that it came is known all the same");
  came(6000, "websocket");
  assert.deepEqual([revs(), refused], [[3], ["revision"]]);
});

test("a frame of another case is not painted, and says nothing of its transport", () => {
  frames.stamp(framed(1, 3000, { case: 2 }));
  const image = came(3000);
  assert.deepEqual([painted, identified, refused, image.closed], [[], [], ["case"], 1]);
});

test("nothing of a former case stays", () => {
  const image = came(3000);
  frames.clear();
  frames.stamp(framed(1));
  assert.deepEqual([painted, image.closed], [[], 1]);
});
