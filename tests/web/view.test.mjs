import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "../../web/js/core/view/view.js";
import { kase, near, scene, series, view, viewport } from "./examples.mjs";

const thin = series({ key: "s1", images: 20, step: 5 });
const thick = series({ key: "s2", images: 10, step: 10, series: { description: "CT soft" } });
const colour = series({ key: "s3", frame: "", series: { colour: true, windows: [] } });
const k = kase(thin, thick, colour);
const s = scene(k);
const start = view(viewport({ image: 8 }));

test("scrolling does not go round the ends", () => {
  assert.equal(v.scroll(start, "a", s, 100).viewports[0].image, 19);
  assert.equal(v.scroll(start, "a", s, -100).viewports[0].image, 0);
  assert.equal(v.goTo(start, "a", s, Infinity).viewports[0].image, 19);
});

test("what changes nothing is the same view, so that nothing is sent", () => {
  assert.equal(v.scroll(start, "a", s, 0), start);
  assert.equal(v.activate(start, "a"), start);
  assert.equal(v.openSeries(start, "a", s, "s1"), start);
  assert.equal(v.scroll(start, "z", s, 1), start);
});

test("a series of the same frame of reference opens at the same place and scale", () => {
  const opened = v.openSeries(start, "a", s, "s2").viewports[0];
  assert.equal(opened.image, 4);
  assert.deepEqual(opened.camera, start.viewports[0].camera);
});

test("another series opens whole, at its middle; colour has no window", () => {
  const opened = v.openSeries(start, "a", s, "s3").viewports[0];
  assert.equal(opened.image, 5);
  assert.equal(opened.invert, false);
  assert.equal(opened.window, null);
  assert.equal(opened.camera.radius, 100);
  assert.equal(
    v.setWindow(v.openSeries(start, "a", s, "s3"), "a", s, { center: 1, width: 2 }).viewports[0].window,
    null,
  );
});

test("reset brings back camera, window and greys, not the image", () => {
  let changed = v.invert(v.zoomBy(start, "a", s, 3), "a", s);
  changed = v.turn(v.setWindow(changed, "a", s, { center: 1, width: 2 }), "a", s, "flip-horizontal");
  const [back] = v.reset(changed, "a", s).viewports;
  assert.deepEqual([back.image, back.window, back.invert], [8, { center: 40, width: 400 }, false]);
  assert.deepEqual([back.camera.right, back.camera.radius], [[1, 0, 0], 100]);
});

test("fit keeps how the picture is turned", () => {
  const fit = v.fit(v.turn(v.zoomBy(start, "a", s, 3), "a", s, "flip-horizontal"), "a", s).viewports[0];
  assert.deepEqual(
    fit.camera.right.map((x) => x + 0),
    [-1, 0, 0],
  );
  assert.ok(near(fit.camera.radius, 100));
});

test("one viewport again is that which was active, under the first id", () => {
  const two = { ...view(viewport(), viewport({ id: "b", series: "s2", image: 4 })), active: "b" };
  const one = v.single(two);
  assert.deepEqual([one.layout, one.active, one.link, one.viewports.length], ["1x1", "a", null, 1]);
  assert.deepEqual([one.viewports[0].id, one.viewports[0].series], ["a", "s2"]);
});

test("the other viewport is reached by arrows, without going round", () => {
  const two = view(viewport(), viewport({ id: "b" }));
  assert.equal(v.activateNext(two, 1).active, "b");
  assert.equal(v.activateNext(v.activateNext(two, 1), 1).active, "b");
  assert.equal(v.activateNext(two, -1).active, "a");
});

test("a series is compared with the most alike of another study", () => {
  const soft = series({ key: "p1", study: "before", series: { description: "CT soft" } });
  const lung = series({ key: "p2", study: "before" });
  const scout = series({ key: "p3", study: "before", down: [0, 0, -1] });
  assert.equal(v.partnerOf(kase(thin, thick, soft, lung, scout), thin).key, "p2");
  assert.equal(v.partnerOf(kase(thin, thick), thin), null);
});
