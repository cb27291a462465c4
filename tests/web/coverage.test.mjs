/** The seen map: which images have been on a screen, by whom, in which words, and what of it the server is told. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, mock, test } from "node:test";
import { Painted, seenOf, strip, unseen } from "../../web/js/core/coverage/coverage.js";
import { count, has, united, without } from "../../web/js/core/coverage/runs.js";
import { nobodyWords, seenWords, seriesWords, stripWords } from "../../web/js/core/coverage/words.js";
import { fold } from "../../web/js/core/session/document.js";
import { Coverage } from "../../web/js/features/coverage/coverage.js";
import { context, doc } from "./consult.mjs";
import { kase, series, stamp, timed, viewport } from "./examples.mjs";

const { unions } = JSON.parse(readFileSync(new URL("../runs.json", import.meta.url), "utf8"));
const s = series({ images: 120 });
const covered = (...all) =>
  doc({
    cases: [kase(s)],
    coverage: all.map(([seat, runs]) => ({ id: `${seat}/s1`, case: "c1", series: "s1", seat, runs })),
  });
const painted = (...images) => {
  const made = new Painted();
  for (const image of images) made.add("s1", image);
  return made;
};

for (const { one, other, most, both } of unions)
  test(`runs: ${JSON.stringify(one)} and ${JSON.stringify(other)}`, () => {
    assert.deepEqual(united(one, other, most), both);
  });

test("what of a set is not in another", () => {
  assert.deepEqual(without([[0, 9]], []), [[0, 9]]);
  assert.deepEqual(
    without(
      [[0, 9]],
      [
        [0, 3],
        [5, 5],
      ],
    ),
    [
      [4, 4],
      [6, 9],
    ],
  );
  assert.deepEqual(
    without(
      [
        [2, 4],
        [8, 9],
      ],
      [
        [0, 3],
        [9, 20],
      ],
    ),
    [
      [4, 4],
      [8, 8],
    ],
  );
  assert.deepEqual(without([[2, 4]], [[0, 9]]), []);
  assert.deepEqual(
    [
      has([[2, 4]], 4),
      has([[2, 4]], 5),
      count([
        [2, 4],
        [9, 9],
      ]),
    ],
    [true, false, 4],
  );
});

test("of an image it is said whether this seat, others alone, or nobody has seen it", () => {
  const seen = seenOf(covered(["h", [[0, 38]]], ["g", [[30, 60]]]), "h", "s1", painted(39));
  assert.deepEqual(strip(s, 0, seen), [
    { first: 0, last: 39, by: "mine" },
    { first: 40, last: 60, by: "others" },
    { first: 61, last: 119, by: "nobody" },
  ]);
  assert.deepEqual(unseen(s, seen), [[61, 119]]);
});

test("in sentences, by the numbers of the scroll bar", () => {
  const seen = (...all) => seenOf(covered(...all), "h", "s1", new Painted());
  assert.equal(
    stripWords(s, 0, seen(["h", [[0, 38]]], ["g", [[53, 119]]])),
    "You have not seen images 40 to 120. Images 40 to 53 were seen by nobody.",
  );
  assert.equal(stripWords(s, 0, seen(["g", [[0, 118]]])), "You have seen no image. Image 120 was seen by nobody.");
  assert.equal(stripWords(s, 0, seen(["h", [[0, 119]]])), "You have seen each image.");
  assert.equal(stripWords(s, 0, seen(["h", [[0, 38]]])), "Images 40 to 120 were seen by nobody.");
  assert.equal(nobodyWords([[0, 119]], 120), "Nobody has seen any image.");
  const many = [0, 2, 4, 6, 8, 10].map((n) => [n, n]);
  assert.equal(nobodyWords(many, 120), "Images 1, 3, 5, 7 and 2 more were seen by nobody.");
  assert.equal(seenWords([[0, 79]], s), "80 of 120 images");
});

test("with a second axis the strip is of the time that is shown", () => {
  const dwi = timed({ key: "s1", places: 10, missing: [[1, 9]] });
  const seen = seenOf(
    covered([
      "h",
      [
        [0, 9],
        [12, 18],
      ],
    ]),
    "h",
    "s1",
    new Painted(),
  );
  assert.deepEqual(strip(dwi, 0, seen), [{ first: 0, last: 9, by: "mine" }]);
  assert.deepEqual(strip(dwi, 1, seen), [
    { first: 0, last: 1, by: "nobody" },
    { first: 2, last: 8, by: "mine" },
  ]);
  assert.equal(seriesWords(dwi, seen), "2 of 19 images were seen by nobody.");
});

test("an event has all that a seat has seen", () => {
  const put = (runs) => ({ type: "coverage_put", coverage: { id: "g/s1", case: "c1", series: "s1", seat: "g", runs } });
  const before = fold(doc(), put([[0, 3]]));
  assert.deepEqual(fold(before, put([[0, 9]])).coverage, [put([[0, 9]]).coverage]);
});

// The page

let on;
let cover;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setInterval"] });
  on = {};
  cover = null;
  globalThis.document = {
    visibilityState: "visible",
    addEventListener: (name, how) => (on[name] = how),
    elementFromPoint: () => cover ?? "picture",
  };
});

/** A page's feature, what it asks for, and how a picture comes to it. */
function page(document = covered()) {
  const given = context("h", document);
  const asked = [];
  const box = { x: 0, y: 0, width: 10, height: 10 };
  const stage = {
    ...given.stage,
    element: { addEventListener: (name, how) => (on[name] = how), contains: (what) => what === "picture" },
    overlays: new Map([["a", { content: null, element: { getBoundingClientRect: () => box } }]]),
    faults: new Map(),
    pictures: { painted: null },
  };
  const made = new Coverage({ ...given, stage, request: async (wish) => void asked.push(wish) ?? null });
  const paint = (place, more = {}) => on.painted({ detail: stamp(1, { viewports: [viewport({ place })], ...more }) });
  return { made, asked, stage, paint, session: given.session };
}

test("what is painted is told, once, and not what the server knows", async () => {
  const { made, asked, paint } = page(covered(["h", [[0, 3]]]));
  const now = performance.now();
  for (const place of [3, 4, 5]) paint(place);
  made.tick(now);
  assert.deepEqual(asked, [], "more images are waited for");
  made.tick(now + 5000);
  assert.deepEqual(asked, [{ type: "report_images", series: "s1", runs: [[4, 5]] }]);
  made.tick(now + 30_000);
  assert.equal(asked.length, 1);
});

test("a page that is put away tells at once what it has seen", async () => {
  const { asked, paint } = page();
  paint(7);
  globalThis.document.visibilityState = "hidden";
  on.visibilitychange();
  assert.deepEqual(
    asked.map(({ runs }) => runs),
    [[[7, 7]]],
  );
});

test("what nobody looks at is not seen: a hidden page, a covered picture, the card of the next case", async () => {
  const { made, stage, paint } = page();
  globalThis.document.visibilityState = "hidden";
  paint(1);
  globalThis.document.visibilityState = "visible";
  cover = "dialog";
  paint(2);
  cover = null;
  stage.card.shown = true;
  paint(3);
  stage.card.shown = false;
  stage.faults.set("a", { sentence: "damaged" });
  paint(4);
  stage.faults.clear();
  paint(5, { case: 9 });
  assert.deepEqual(made.painted.of("s1"), []);
  cover = "dialog";
  stage.pictures.painted = stamp(1, { viewports: [viewport({ place: 6 })] });
  made.tick(0);
  cover = null;
  made.tick(0);
  assert.deepEqual(made.painted.of("s1"), [[6, 6]], "the dialog was closed");
});

test("what was seen of one case is not seen of another that has the same series", () => {
  const { made, session, paint } = page();
  paint(7);
  const before = session.doc;
  session.doc = { ...before, current: "c2" };
  assert.deepEqual(made.painted.of("s1"), []);
  assert.deepEqual(seenOf({ ...covered(["g", [[0, 3]]]), current: "c2" }, "h", "s1", new Painted()).others, []);
  session.doc = before;
  assert.deepEqual(made.painted.of("s1"), [[7, 7]]);
});

test("what is not stored is told again later", async () => {
  const { made, paint } = page();
  let tries = 0;
  made.context.request = async () => ({ code: "stale_case", message: String(++tries) });
  paint(7);
  const now = performance.now();
  made.tick(now + 3000);
  await Promise.resolve();
  made.tick(now + 20_000);
  assert.equal(tries, 2);
});
