import assert from "node:assert/strict";
import { test } from "node:test";
import { leavePlanes, planesOf } from "../../web/js/core/planes/arranging.js";
import { judge } from "../../web/js/core/pictures/stamps.js";
import * as s from "../../web/js/core/presentation-states/states.js";
import { joined } from "../../web/js/core/session/parts.js";
import { edgeLetters } from "../../web/js/core/view/camera.js";
import { corners } from "../../web/js/core/view/corner.js";
import { follow } from "../../web/js/core/view/link.js";
import { reset } from "../../web/js/core/view/view.js";
import { kase, scene, series, view, viewport } from "./examples.mjs";

const lung = { center: -600, width: 1500 };
const look = (changes = {}) => ({ series: "s1", images: [[3, 5]], window: lung, ...changes });
const state = (...looks) => ({
  key: "p1",
  study: "st-1",
  name: "LUNG",
  description: "For the meeting",
  creator: "READER^RITA",
  created: "2026-11-25T10:15:00",
  number: 80,
  looks,
  draws: [],
  without: ["overlay", "shutter"],
  notes: [],
  why: "",
});
const ct = series({ key: "s1", images: 20, step: 5 });
const other = series({ key: "s2", images: 10, step: 5, frame: "f-2" });
const withState = (one) => ({ ...kase(ct, other), presentation_states: [one] });
const shown = (one, start = view(viewport({ series: "s1", place: 4 })), pixelsPerMm = 0) =>
  s.chosen(start, scene(withState(one)), "p1", pixelsPerMm);
const first = (v) => v.viewports[0];

test("it is offered for the series that it is for, and for no other", () => {
  const k = withState(state(look()));
  assert.deepEqual(s.statesOf(k, "s1").map(s.stateName), ["Presentation state: LUNG"]);
  assert.deepEqual(s.statesOf(k, "s2"), []);
  assert.deepEqual(s.stateLines(state()), ["25 Nov 2026 · READER, Rita", "For the meeting"]);
});

test("the image that is shown stays where it is for that, else its first one comes", () => {
  assert.equal(first(shown(state(look()))).shows.place, 4);
  assert.equal(first(shown(state(look()), view(viewport({ series: "s1", place: 12 })))).shows.place, 3);
  const fromElsewhere = shown(state(look()), view(viewport({ series: "s2", place: 2 })));
  assert.deepEqual([first(fromElsewhere).shows.series, first(fromElsewhere).shows.place], ["s1", 3]);
});

test("window, inversion and what of the file's own is replaced are absolute in the view", () => {
  const found = first(shown(state(look({ invert: true }))));
  assert.deepEqual([found.window, found.invert, found.presentation_state], [lung, true, "p1"]);
  const k = { ...withState(state(look())), series: [{ ...ct, presents: ["mask", "overlay"] }] };
  assert.deepEqual(first(s.chosen(view(viewport({ series: "s1", place: 4 })), scene(k), "p1")).without, ["overlay"]);
});

test("a flipped and rotated image has the anatomy on the right side", () => {
  // An axial image: its rows lead to the patient's left, its columns to the back.
  const letters = (right, down) => {
    const found = edgeLetters(first(shown(state(look({ right, down })))).camera, ct.grid);
    return [found.left, found.top, found.right, found.bottom].join("");
  };
  assert.equal(letters([1, 0], [0, 1]), "RALP", "as it was acquired");
  assert.equal(letters([0, -1], [1, 0]), "PRAL", "a quarter turn clockwise: what was above is at the right");
  assert.equal(letters([0, 1], [1, 0]), "ARPL", "and flipped after that");
  assert.equal(letters([-1, 0], [0, 1]), "LARP", "flipped alone");
});

test("the camera holds the area, as large as the screen has room", () => {
  const { center, radius } = first(shown(state(look({ area: [9.5, 19.5, 29.5, 29.5] })))).camera;
  const { grid } = ct;
  assert.equal(radius, (20 * grid.column_spacing) / 2);
  assert.deepEqual(
    center.map((x, i) => Math.round((x - grid.positions[4][i]) * 1e6) / 1e6),
    [19.5 * grid.column_spacing, 24.5 * grid.row_spacing, 0],
  );
});

test("what is magnified has so many device pixels for each of the image; true size needs a measured screen", () => {
  const rect = scene(withState(state(look()))).rects.get("a");
  const half = Math.min(rect[2], rect[3]) / 2;
  const magnified = first(shown(state(look({ sizing: "magnify", magnification: 2 })))).camera.radius;
  assert.equal(magnified, (half * ct.grid.row_spacing) / 2);
  const start = view(viewport({ series: "s1", place: 4 }));
  assert.equal(first(shown(state(look({ sizing: "true" })), start, 4)).camera.radius, half / 4);
  const fitted = first(shown(state(look()), start)).camera.radius;
  assert.equal(first(shown(state(look({ sizing: "true" })), start)).camera.radius, fitted);
});

test("a reset leads back to the file's own, and so does None", () => {
  const k = withState(state(look({ invert: true, right: [-1, 0] })));
  const at = scene(k);
  const start = view(viewport({ series: "s1", place: 4 }));
  const on = s.chosen(start, at, "p1");
  const plain = { ...first(reset(start, "a", at)), playing: null };
  assert.deepEqual(first(reset(on, "a", at)), plain);
  assert.deepEqual(first(s.left(on, at)), plain);
  assert.equal(first(s.left(on, at)).presentation_state, "");
});

const stamped = (v) => ({ ...v, rect_px: [0, 0, 400, 400], scale: 1 });
const words = (one, v) => s.stateWords(withState(one), stamped(v)).map(({ text }) => text);

test("the picture says which is applied, whether it was changed, and what it asks for and is not done", () => {
  const one = { ...state(look({ sizing: "true" })), notes: ["Its bitmap shutter is not applied."] };
  const on = first(shown(one));
  assert.deepEqual(words(one, on), [
    "Presentation state: LUNG · 25 Nov 2026 · READER, Rita",
    "Its bitmap shutter is not applied.",
    "It asks for true size, which this is not.",
  ]);
  assert.match(
    words(one, { ...on, window: { center: 40, width: 400 } })[0],
    /^Presentation state: LUNG, changed since/,
  );
  assert.match(words(one, { ...on, invert: true })[0], /changed since/);
  const away = { ...on, shows: { ...on.shows, place: 12 } };
  assert.deepEqual(words(one, away), ["Presentation state: LUNG: not for this image"]);
  assert.deepEqual(words(one, { ...on, presentation_state: "" }), []);
  const corner = corners({ kase: withState(one), viewport: stamped(on), series: ct, comparing: false });
  assert.equal(corner.bottomLeft[0].text, "Presentation state: LUNG · 25 Nov 2026 · READER, Rita");
});

test("each of its windows is offered, and none of them is a change", () => {
  const narrow = { center: -700, width: 300 };
  const windows = [
    { window: lung, explanation: "LUNG" },
    { window: narrow, explanation: "" },
  ];
  const one = state(look({ windows }));
  const on = first(shown(one));
  assert.deepEqual(
    s.statePresets(withState(one), on, ct).map(({ name, window }) => [name, window]),
    [
      ["Presentation state: LUNG", lung],
      ["Presentation state: Window 2", narrow],
    ],
  );
  assert.doesNotMatch(words(one, { ...on, window: narrow })[0], /changed since/);
  assert.match(words(one, { ...on, window: { center: 1, width: 2 } })[0], /changed since/);
  assert.deepEqual(s.statePresets(withState(one), { ...on, presentation_state: "" }, ct), []);
  assert.deepEqual(s.statePresets(withState(one), { ...on, shows: { ...on.shows, place: 12 } }, ct), []);
});

test("planes and fusions say that nothing is drawn of it there; back on the image it is", () => {
  const one = state(look());
  const k = withState(one);
  const on = { ...view(first(shown(one))), crosshair: null };
  const planes = planesOf(on, scene(k));
  assert.deepEqual(
    planes.viewports.map((v) => words(one, v)),
    planes.viewports.map(() => ["Presentation state: LUNG: not drawn on planes"]),
  );
  assert.equal(planes.viewports.length, 3);
  const image = leavePlanes(planes, scene(k)).viewports[0];
  assert.equal(image.presentation_state, "p1");
  const over = { type: "fusion", base: image.shows, over: { series: "s2", time: 0 }, palette: "hot_iron" };
  assert.deepEqual(words(one, { ...image, shows: over }), ["Presentation state: LUNG: not drawn on fusions"]);
  const of = { type: "plane", volume: { series: "s2", time: 0 }, name: "axial", slab_mm: 0, projection: "mean" };
  assert.deepEqual(words(one, { ...image, shows: of }), [], "it is for another series");
});

test("a picture without the state that the view has is not painted", () => {
  const v = { ...viewport({ series: "s1", place: 4 }), presentation_state: "p1" };
  const known = {
    case: 1,
    views: new Map([[7, { rev: 7, view: view(v) }]]),
    newest: 7,
    painted: 6,
    screen: { width: 400, height: 400 },
  };
  const stamp = (one) => ({ stream: "still", rev: 7, case: 1, width: 400, height: 400, viewports: [stamped(one)] });
  assert.equal(judge(stamp(v), known).verdict, "take");
  assert.deepEqual(judge(stamp({ ...v, presentation_state: "" }), known), { verdict: "refuse", reason: "content" });
});

test("a linked picture that does not have its VOI LUT gets the window alone", () => {
  const parallel = series({ key: "s3", images: 20, step: 5 });
  const k = { ...kase(ct, parallel), presentation_states: [] };
  const bent = { ...viewport({ series: "s1", place: 4 }), window: { center: 9, width: 8, lut: 16 } };
  const b = { ...viewport({ series: "s3", place: 4 }), id: "b" };
  const two = {
    ...view(bent),
    viewports: [{ ...bent, presentation_state: "p1" }, b],
    link: { offset_mm: 0, pan_mm: [0, 0] },
  };
  assert.deepEqual(follow(two, "a", k, [0, 0, 0]).viewports[1].window, { center: 9, width: 8 });
});

test("the parts of a case bring its states", () => {
  const { id } = kase(ct);
  const piece = (...states) => ({ name: "x", n: 1, cases: [{ ...kase(ct), presentation_states: states }] });
  const [whole] = joined([piece(state()), piece({ ...state(), key: "p2" })]).cases.filter((c) => c.id === id);
  assert.deepEqual(
    whole.presentation_states.map(({ key }) => key),
    ["p1", "p2"],
  );
});
