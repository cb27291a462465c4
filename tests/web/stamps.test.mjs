import assert from "node:assert/strict";
import { test } from "node:test";
import { fidelityOf, judge, judgeStill, KnownViews, VIEWS } from "../../web/js/core/pictures/stamps.js";
import { camera, shown, stamp, view, viewport } from "./examples.mjs";

const known = (...views) => {
  const all = new KnownViews();
  for (const v of views) all.add(v);
  return { case: 1, views: all.views, newest: all.newest, painted: -1, screen: { width: 800, height: 600 } };
};
const refused = (s, k) => {
  const verdict = judge(s, k);
  return verdict.verdict === "refuse" ? verdict.reason : verdict.verdict;
};

test("the picture of the newest view is taken", () => {
  assert.equal(refused(stamp(5), known(shown(5))), "take");
});

test("a picture on the way to the newest view is taken too", () => {
  assert.equal(refused(stamp(5), known(shown(5), shown(6, view(viewport({ place: 4 }))))), "take");
});

test("a picture of another case is refused", () => {
  assert.equal(refused(stamp(5, { case: 2 }), known(shown(5))), "case");
  assert.equal(refused(stamp(5), { ...known(shown(5)), case: 2 }), "case");
});

test("a picture older than the painted one is refused; the same revision may be painted again", () => {
  assert.equal(refused(stamp(5), { ...known(shown(5), shown(6)), painted: 6 }), "revision");
  assert.equal(refused(stamp(6), { ...known(shown(5), shown(6)), painted: 6 }), "take");
});

test("a picture of a revision that nobody has announced waits, and is not taken", () => {
  assert.equal(refused(stamp(7), known(shown(6))), "wait");
});

test("a stamp that shows another picture than its revision's view is refused", () => {
  const others = [
    { series: "s2" },
    { place: 4 },
    { time: 1 },
    { invert: true },
    { window: { center: 41, width: 400 } },
    { window: undefined },
    { id: "b" },
    { segmentations: [{ key: "g1" }] },
    { camera: { ...camera, radius: 101 } },
    { camera: { ...camera, center: [99, 99, 0.1] } },
    { camera: { ...camera, down: [0, -1, 0] } },
  ];
  for (const other of others) {
    assert.equal(
      refused(stamp(5, { viewports: [viewport(other)] }), known(shown(5))),
      "content",
      JSON.stringify(other),
    );
  }
  assert.equal(refused(stamp(5, { viewports: [] }), known(shown(5))), "content");
});

test("a view that was passed over is not held against its picture", () => {
  assert.equal(refused(stamp(5, { viewports: [viewport({ place: 9 })] }), known(shown(4), shown(6))), "take");
});

test("a picture for the page's former size is passed by", () => {
  assert.equal(refused(stamp(5, { width: 640 }), known(shown(5))), "pass");
});

test("a viewport that reaches beyond its picture is refused", () => {
  for (const rect of [
    [500, 0, 400, 600],
    [0, 1, 400, 600],
    [-1, 0, 400, 600],
    [0, -1, 400, 600],
    [0, 0, 0, 600],
    [0, 0, 400, 0],
  ]) {
    const s = stamp(5);
    s.viewports[0].rect_px = rect;
    assert.equal(refused(s, known(shown(5))), "size", String(rect));
  }
});

test("what the server leaves out is what it means by default", () => {
  const { invert, ...plain } = viewport();
  assert.equal(invert, false);
  assert.equal(refused(stamp(5, { viewports: [plain] }), known(shown(5))), "take");
});

const still = { sha256: "ab12", promised: "ab12", width: 400, height: 600 };
const [stamped] = stamp(5).viewports;

test("a still is taken with its promised pixels and its size alone", () => {
  assert.equal(judgeStill(still, stamped), null);
  assert.equal(judgeStill({ ...still, promised: "AB12" }, stamped), null);
  assert.equal(judgeStill({ ...still, sha256: "ab13" }, stamped), "hash");
  assert.equal(judgeStill({ ...still, promised: "", sha256: "" }, stamped), "hash");
  assert.equal(judgeStill({ ...still, width: 399 }, stamped), "size");
  assert.equal(judgeStill({ ...still, height: 1 }, stamped), "size");
});

test("exact is only the newest view's picture with no pixel of the image left out", () => {
  const fidelity = (s, newest, ahead = false) => fidelityOf({ stamp: s, newest, ahead });
  assert.equal(fidelity(null, 5), "lossy");
  assert.equal(fidelity(stamp(5), 5), "exact");
  assert.equal(fidelity(stamp(5), 6), "lossy");
  assert.equal(fidelity(stamp(5), 5, true), "lossy");
  assert.equal(
    fidelityOf({ stamp: stamp(5), newest: 5, ahead: false, failed: new Set(["a"]) }),
    "lossy",
    "not with a black viewport",
  );
  assert.equal(fidelity(stamp(5, { scale: 0.43 }), 5), "scaled");
  assert.equal(fidelity(stamp(5, { scale: 1 - 1e-7 }), 5), "exact");
});

test("views are forgotten, the oldest first; a new server begins anew", () => {
  const all = new KnownViews();
  for (let rev = 1; rev <= VIEWS + 3; rev++) all.add(shown(rev));
  assert.equal(all.views.size, VIEWS);
  assert.equal(all.views.has(3), false);
  assert.equal(all.newest, VIEWS + 3);
  all.restart(shown(2));
  assert.deepEqual([all.newest, all.views.size], [2, 1]);
});
