/** The coarse first picture of a distant line: by its still's stamp, where nothing is painted yet. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Preview } from "../../web/js/stage/exact/preview.js";
import { stamp } from "./examples.mjs";

const turn = () => new Promise((done) => setImmediate(done));
let asked;
let images;
let painted;
let pictures;

/** How long the server took to answer when the page was asked for. */
function line(ms) {
  performance.getEntriesByType = () => [
    Object.assign(Object.create(PerformanceNavigationTiming.prototype), { requestStart: 0, responseStart: ms }),
  ];
}

beforeEach(() => {
  [asked, images, painted] = [[], [], []];
  globalThis.PerformanceNavigationTiming = class {};
  globalThis.fetch = (url) => {
    asked.push(url);
    return Promise.resolve({ ok: !url.includes("bad"), blob: () => Promise.resolve("jpeg") });
  };
  globalThis.createImageBitmap = async () => {
    const image = { closed: 0, close: () => image.closed++ };
    images.push(image);
    return image;
  };
  pictures = { painted: null, move: () => true };
  line(80);
});

const preview = () =>
  new Preview("/seat/x/", pictures, (of, found) => painted.push([of.stream, of.rev, [...found.keys()]]));
const [{ id, digest }] = stamp(1).viewports;
const address = `/seat/x/stills/${digest}/preview`;

test("it is asked for once, ahead where it is expected, and painted as no exact still", async () => {
  const first = preview();
  first.expect([digest]);
  await first.stamp(stamp(1));
  await first.stamp(stamp(2));
  assert.deepEqual(asked, [address]);
  assert.deepEqual(painted, [["preview", 1, [id]]]);
  assert.deepEqual(
    images.map(({ closed }) => closed),
    [1],
  );
});

test("on a near line nobody asks for it", async () => {
  line(3);
  const first = preview();
  first.expect([digest]);
  await first.stamp(stamp(1));
  assert.deepEqual([asked, painted], [[], []]);
});

test("it is not painted over anything, nor where its stamp may not be, and is let go", async () => {
  for (const spoil of [() => (pictures.painted = stamp(1)), () => (pictures.move = () => false)]) {
    pictures = { painted: null, move: () => true };
    const first = preview();
    const done = first.stamp(stamp(1));
    spoil();
    await done;
    assert.deepEqual(painted, []);
    assert.equal(images.at(-1).closed, 1);
  }
});

test("one that does not come is missed by nobody", async () => {
  const bad = stamp(1);
  bad.viewports = bad.viewports.map((v) => ({ ...v, digest: "bad" }));
  await preview().stamp(bad);
  globalThis.fetch = () => Promise.reject(new Error("no network"));
  await preview().stamp(stamp(1));
  await turn();
  assert.deepEqual(painted, []);
});
