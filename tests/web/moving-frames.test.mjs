import assert from "node:assert/strict";
import { test } from "node:test";
import { cut, FrameStamps, isCoarse, onScreen, STAMPS } from "../../web/js/core/pictures/moving-frames.js";
import { stamp, view, viewport } from "./examples.mjs";

const screen = { width: 800, height: 600 };
const frame = (more = {}, v = {}) => ({
  ...stamp(5, { stream: "all-1280x720", rtp: 90, width: 1280, height: 720 }),
  viewports: [viewport({ rect_px: [0, 0, 1280, 720], scale: 3, span_px: 360, ...v })],
  ...more,
});

test("stamps are found by the timestamp of their frame, and the oldest go", () => {
  const stamps = new FrameStamps();
  for (let rtp = 0; rtp <= STAMPS; rtp++) stamps.add(frame({ rtp }));
  assert.equal(stamps.of(0), null);
  assert.equal(stamps.of(1)?.rtp, 1);
  assert.equal(stamps.of(STAMPS)?.rtp, STAMPS);
  stamps.add(stamp(5));
  assert.equal(stamps.stamps.size, STAMPS);
  stamps.clear();
  assert.equal(stamps.of(STAMPS), null);
});

test("a stream for slow links is known by its name", () => {
  assert.deepEqual(["all-1280x720", "active-720x1280", "all-1280x720-half", "active-720x960-low"].map(isCoarse), [
    false,
    false,
    true,
    true,
  ]);
});

test("a frame of a wider shape is cut at its sides, the circle as large as the screen wants it", () => {
  const here = onScreen(frame(), view(viewport()), screen);
  assert.deepEqual(here.cuts, [{ from: [160, 0, 960, 720], to: [0, 0, 800, 600] }]);
  assert.equal(here.stamp.width, 800);
  assert.deepEqual(here.stamp.viewports[0].rect_px, [0, 0, 800, 600]);
  assert.equal(here.stamp.viewports[0].scale, 3 / 1.2);
  assert.equal(here.stamp.viewports[0].digest, "");
});

test("a smaller circle on the frame is drawn larger here", () => {
  const here = onScreen(frame({}, { span_px: 180 }), view(viewport()), screen);
  assert.deepEqual(here.cuts[0].from, [400, 180, 480, 360]);
  assert.deepEqual(here.cuts[0].to, [0, 0, 800, 600]);
});

test("what the frame does not have stays black, and its neighbour's pixels are not taken", () => {
  assert.deepEqual(cut([642, 0, 638, 720], [400, 0, 400, 900], 638 / 400), {
    from: [642, 0, 638, 720],
    to: [400, (900 - 720 / (638 / 400)) / 2, 400, 720 / (638 / 400)],
  });
});

test("two viewports come from their own places", () => {
  const two = view(viewport(), viewport({ id: "b" }));
  const wide = { ...two };
  const both = frame({}, {});
  both.viewports = [
    viewport({ rect_px: [0, 0, 639, 720], span_px: 319.5 }),
    viewport({ id: "b", rect_px: [641, 0, 639, 720], span_px: 319.5 }),
  ];
  const here = onScreen(both, wide, { width: 1280, height: 720, gap: 2 });
  assert.deepEqual(
    here.cuts.map((c) => c.from),
    [
      [0, 0, 639, 720],
      [641, 0, 639, 720],
    ],
  );
  assert.deepEqual(
    here.cuts.map((c) => c.to),
    [
      [0, 0, 639, 720],
      [641, 0, 639, 720],
    ],
  );
});

test("a frame without what the screen shows is not shown", () => {
  assert.equal(onScreen(frame({}, { id: "b" }), view(viewport()), screen), null);
  const phone = { ...screen, only_active: true };
  const two = { ...view(viewport(), viewport({ id: "b" })), active: "b" };
  assert.equal(onScreen(frame(), two, phone), null);
  assert.equal(onScreen(frame({}, { id: "b" }), two, phone)?.stamp.viewports[0].id, "b");
});
