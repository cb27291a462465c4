import assert from "node:assert/strict";
import { test } from "node:test";
import { initialOffset, linkAsItIs } from "../../web/js/core/view/link.js";
import { pairKey, toggleLink } from "../../web/js/core/view/link.js";
import { compare, single } from "../../web/js/core/view/opening/layouts.js";
import { openSeries } from "../../web/js/core/view/opening/series.js";
import * as v from "../../web/js/core/view/view.js";
import { kase, near, scene, series, stack, timed, viewport, view } from "./examples.mjs";

const current = series({ key: "s1", study: "now", frame: "f1", images: 20, z: 0, step: 5 });
const prior = series({ key: "s2", study: "before", frame: "f2", images: 40, z: -37, step: 2.5, x: 6, y: -4 });
const k = kase(current, prior);
const compared = () => compare(view(viewport({ place: 10 })), scene(k));

test("in one frame of reference there is no offset", () => {
  assert.deepEqual(initialOffset(current, { ...prior, frame_of_reference: "f1" }), { offset: 0, shift: [0, 0, 0] });
});

test("an empty frame of reference is shared with nobody", () => {
  const [a, b] = [current, prior].map((s) => ({ ...s, frame_of_reference: "" }));
  assert.notEqual(initialOffset(a, b).offset, 0);
});

test("else head end lies on head end, image centre on image centre", () => {
  const { offset, shift } = initialOffset(current, prior);
  assert.equal(offset, -37 + 39 * 2.5 - 19 * 5);
  assert.deepEqual(shift, [6, -4, 0]);
});

test("compare puts the current left and the prior right, linked, in one window at one scale", () => {
  const c = compared();
  assert.deepEqual(
    c.viewports.map((w) => w.shows.series),
    ["s1", "s2"],
  );
  const [a, b] = c.viewports;
  assert.equal(a.camera.radius, b.camera.radius);
  assert.deepEqual(a.window, b.window);
  assert.equal(c.link.offset_mm, -34.5);
  assert.deepEqual(c.link.pan_mm, [6, -4]);
  assert.equal(b.shows.place, 21, "location 50 - 34.5 = 15.5 lies nearest to image 21");
  assert.equal(c.active, "a");
});

test("compared from the prior, the prior stays where it is, on the right", () => {
  const c = compare(view(viewport({ series: "s2", place: 21 })), scene(k));
  assert.deepEqual(
    c.viewports.map((w) => [w.id, w.shows.series]),
    [
      ["a", "s1"],
      ["b", "s2"],
    ],
  );
  assert.equal(c.viewports[1].shows.place, 21);
  assert.equal(c.active, "b");
});

test("linked viewports scroll by position, from either side", () => {
  const s = scene(k);
  const down = v.scroll(compared(), "a", s, 2);
  assert.deepEqual(
    down.viewports.map((w) => w.shows.place),
    [12, 25],
  );
  const up = v.scroll(down, "b", s, -4);
  assert.deepEqual(
    up.viewports.map((w) => w.shows.place),
    [10, 21],
  );
});

test("linked viewports pan, zoom, turn and window together; the shift stays that of the bodies", () => {
  const s = scene(k);
  let c = v.zoomBy(compared(), "a", s, 1.5, [40, 50]);
  c = v.panBy(c, "b", s, 13, 7);
  c = v.turn(c, "a", s, "rotate-right");
  c = v.setWindow(c, "b", s, { center: -600, width: 1500 });
  const [a, b] = c.viewports;
  assert.equal(a.camera.radius, b.camera.radius);
  assert.deepEqual([a.camera.right, a.camera.down], [b.camera.right, b.camera.down]);
  assert.deepEqual(a.window, { center: -600, width: 1500 });
  assert.ok(near(b.camera.center[0] - a.camera.center[0], 6) && near(b.camera.center[1] - a.camera.center[1], -4));
  assert.ok(near(c.link.pan_mm[0], 4) && near(c.link.pan_mm[1], 6), "on the turned screen's axes");
});

test("let go, scroll one, link again: that is the offset now", () => {
  const s = scene(k);
  const free = toggleLink(compared(), k);
  assert.equal(free.link, null);
  const alone = v.scroll(free, "b", s, 3);
  assert.deepEqual(
    alone.viewports.map((w) => w.shows.place),
    [10, 24],
  );
  const again = toggleLink(alone, k);
  assert.equal(again.link.offset_mm, -37 + 24 * 2.5 - 50);
  assert.deepEqual(
    v.scroll(again, "a", s, 1).viewports.map((w) => w.shows.place),
    [11, 26],
  );
});

test("an offset that was set by hand survives a change of layout", () => {
  const s = scene(k);
  const set = toggleLink(v.scroll(toggleLink(compared(), k), "b", s, 3), k);
  const links = new Map([[pairKey(set), set.link]]);
  const back = compare(single(set), s, links);
  assert.equal(back.link.offset_mm, set.link.offset_mm);
  assert.deepEqual(
    back.viewports.map((w) => w.shows.place),
    [10, 24],
  );
});

test("stacks that are not parallel are not linked", () => {
  const sagittal = { ...prior, grid: { ...prior.grid, right: [0, 1, 0], down: [0, 0, -1] } };
  const other = kase(current, sagittal);
  const c = compare(view(viewport()), scene(other));
  assert.equal(c.link, null);
  assert.equal(linkAsItIs(c, other), null);
});

test("there is nothing to follow at the end of a stack: it stays at its end", () => {
  const c = v.goTo(compared(), "a", scene(k), 0);
  assert.equal(c.viewports[1].shows.place, 1);
  assert.equal(v.goTo(c, "b", scene(k), 1e9).viewports[0].shows.place, 19);
});

test("stacks that come head first are linked and scrolled alike: the previous image is nearer to the head", () => {
  const down = (s) => ({ ...s, grid: { ...s.grid, positions: [...s.grid.positions].reverse() } });
  const [a, b] = [down(current), down(prior)];
  assert.deepEqual(initialOffset(a, b), initialOffset(current, prior));
  assert.deepEqual(initialOffset(a, prior), initialOffset(current, prior), "one way round, the other the other");
  const s = scene(kase(a, b));
  const compared = compare(view(viewport({ place: 9 })), s);
  assert.deepEqual(
    compared.viewports.map((w) => w.shows.place),
    [9, 18],
  );
  const up = v.scroll(compared, "a", s, -1);
  assert.deepEqual(
    up.viewports.map((w) => w.shows.place),
    [8, 16],
  );
  assert.ok(a.grid.positions[8][2] > a.grid.positions[9][2] && b.grid.positions[16][2] > b.grid.positions[18][2]);
});

const older = series({ key: "s3", study: "older", frame: "f3", images: 30, z: 100, step: 5 });
const sagittal = series({ key: "s4", study: "now", frame: "f1", images: 20, z: 0, step: 5 });
sagittal.grid = { ...sagittal.grid, right: [0, 1, 0], down: [0, 0, -1] };
const many = kase(current, prior, older, sagittal);
const four = () =>
  view(
    viewport({ id: "a", series: "s1", place: 10 }),
    viewport({ id: "b", series: "s4", place: 3 }),
    viewport({ id: "c", series: "s2", place: 20 }),
    viewport({ id: "d", series: "s3", place: 12 }),
  );
const shownPlaces = ({ viewports }) => viewports.map((w) => w.shows.place);

test("of more than two those that are parallel to the active one are linked as they lie, and scroll together", () => {
  const linkedFour = toggleLink(four(), many);
  assert.deepEqual(linkedFour.link, {
    members: [
      { id: "a", offset_mm: 0 },
      { id: "c", offset_mm: -37 + 20 * 2.5 - 50 },
      { id: "d", offset_mm: 100 + 60 - 50 },
    ],
  });
  const s = scene(many);
  const down = v.scroll(linkedFour, "a", s, 2);
  assert.deepEqual(shownPlaces(down), [12, 3, 24, 14], "the sagittal one stays where it is");
  assert.deepEqual(shownPlaces(v.scroll(down, "c", s, -4)), [10, 3, 20, 12], "whichever is scrolled");
  assert.deepEqual(shownPlaces(v.scroll(down, "b", s, 1)), [12, 4, 24, 14], "one that is not linked goes alone");
  const zoomed = v.setWindow(v.zoomBy(down, "a", s, 2, [10, 10]), "c", s, { center: 1, width: 2 });
  const [a, b, c, d] = zoomed.viewports;
  assert.deepEqual(
    [a, c, d].map((w) => w.camera.radius),
    [d, d, d].map((w) => w.camera.radius),
  );
  assert.notEqual(b.camera.radius, d.camera.radius);
  assert.deepEqual([a.window, c.window, d.window], [c.window, c.window, c.window]);
  assert.equal(toggleLink(zoomed, many).link, null);
});

test("another series in one of several lies to the others as it does in the patient, or is linked no more", () => {
  const linkedFour = toggleLink(four(), many);
  const s = scene(many);
  const again = openSeries(linkedFour, "d", s, "s2");
  assert.equal(again.link.members.length, 3);
  const [a, , , d] = again.viewports;
  assert.equal(d.shows.place, compared().viewports[1].shows.place, "as compare puts it");
  assert.equal(a.shows.place, 10);
  const other = openSeries(linkedFour, "d", s, "s4");
  assert.deepEqual(
    other.link.members.map(({ id }) => id),
    ["a", "c"],
  );
  assert.equal(linkAsItIs({ ...four(), active: "b" }, many), null, "nothing is parallel to it");
});

test("a linked viewport keeps its own time", () => {
  const dwi = timed({ frame: "f1", places: 20 });
  const pair = kase(current, dwi);
  const linked = {
    ...view(viewport({ place: 3 }), viewport({ id: "b", series: "dwi", place: 3, time: 1 })),
    link: { offset_mm: 0, pan_mm: [0, 0] },
  };
  const moved = v.scroll(linked, "a", scene(pair), 4);
  assert.deepEqual(
    moved.viewports.map((w) => w.shows),
    [stack("s1", 7), stack("dwi", 7, 1)],
  );
});
