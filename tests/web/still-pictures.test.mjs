/** From stamps to painted stills: what is fetched when, what is never painted. The test hands stills out. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { ASK_MS, OVERDUE_MS } from "../../web/js/core/session/asking.js";
import { WAIT_MS } from "../../web/js/core/pictures/stamps.js";
import { Pictures, REST_MS } from "../../web/js/stage/pictures.js";
import { shown, stamp, view, viewport } from "./examples.mjs";

let painted;
let refused;
let asked;
let orders;
/** Digests of stills that are in the page, and the stills themselves. */
let here;
let pushed;
let cleared;
let pictures;

const turn = () => new Promise((done) => setImmediate(done));
const digests = () => orders.map(({ digest }) => digest);
/** The still with this digest has come. */
async function comes(digest, found = { ok: true, image: { digest } }) {
  const at = orders.findIndex((order) => order.digest === digest);
  assert.notEqual(at, -1, `${digest} was not asked for`);
  orders.splice(at, 1)[0].resolve(found);
  await turn();
}
const revs = () => painted.map(({ rev }) => rev);
const frame = (rev) => ({ ...stamp(rev), stream: "all-1280x720", rtp: rev });

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  [painted, refused, asked, orders, cleared] = [[], [], 0, [], 0];
  here = new Set();
  const stills = {
    get: (v, signal) => new Promise((resolve) => orders.push({ digest: v.digest, signal, resolve })),
    has: (v) => here.has(v.digest),
    pin: () => undefined,
    pushed: false,
    clear: () => cleared++,
  };
  pushed = stills;
  pictures = new Pictures(stills, {
    paint: (of, images, failed) => painted.push({ rev: of.rev, images, failed }),
    askAnew: () => asked++,
    refused: (reason) => refused.push(reason),
  });
  pictures.screen = { width: 800, height: 600 };
  pictures.restart(shown(1), 1);
});
afterEach(() => mock.timers.reset());

test("all viewports of a picture are painted together, once each still is there", async () => {
  const both = view(viewport(), viewport({ id: "b" }));
  pictures.view(shown(2, both));
  pictures.stamp(stamp(2, { viewports: both.viewports }));
  await comes("d2a");
  assert.deepEqual(painted, []);
  await comes("d2b");
  assert.deepEqual([...painted[0].images.keys()], ["a", "b"]);
});

test("one at a time is fetched, newest wins, none is thrown away half done", async () => {
  for (const rev of [2, 3, 4]) {
    pictures.view(shown(rev));
    pictures.stamp(stamp(rev));
  }
  assert.deepEqual(digests(), ["d2a"]);
  await comes("d2a");
  assert.deepEqual([revs(), digests()], [[2], ["d4a"]]);
  await comes("d4a");
  assert.deepEqual([revs(), refused], [[2, 4], []]);
});

test("while the picture moves its stills wait until it rests", async () => {
  pictures.stamp(stamp(1));
  await comes("d1a");
  pictures.setMoving(true);
  for (const rev of [2, 3]) {
    pictures.view(shown(rev));
    pictures.stamp(stamp(rev));
    mock.timers.tick(REST_MS - 1);
    assert.deepEqual(digests(), []);
  }
  mock.timers.tick(1);
  assert.deepEqual(digests(), ["d3a"], "no change for so long");
  pictures.view(shown(4));
  assert.equal(orders[0].signal.aborted, true, "it moves on: nobody wants that one any more");
  pictures.stamp(stamp(4));
  pictures.settled(4);
  assert.deepEqual(digests(), ["d3a", "d4a"], "the presenter's gesture has ended");
});

test("a still that a frame has overtaken is let go without a word", async () => {
  pictures.view(shown(2));
  pictures.stamp(stamp(1));
  assert.equal(pictures.move(frame(2)), true);
  await comes("d1a");
  assert.deepEqual([painted, refused], [[], []]);
  pictures.stamp(stamp(1));
  assert.deepEqual([digests(), refused], [[], []]);
  pictures.stamp(stamp(1, { case: 7 }));
  assert.deepEqual(refused, ["case"], "an old revision of another case is no late still");
});

test("a picture older than the painted still is refused: no frame can have overtaken it", async () => {
  pictures.view(shown(2));
  pictures.stamp(stamp(2));
  await comes("d2a");
  pictures.stamp(stamp(1));
  assert.deepEqual([revs(), refused, digests()], [[2], ["revision"], []]);
});

test("a frame never covers the exact still of its own revision", async () => {
  pictures.stamp(stamp(1));
  await comes("d1a");
  assert.equal(pictures.move(frame(1)), false);
  pictures.view(shown(2));
  assert.equal(pictures.move(frame(2)), true);
  assert.deepEqual(refused, []);
});

test("what is known when the still comes decides, not what was known when it was asked for", async () => {
  pictures.stamp(stamp(1));
  pictures.screen = { width: 400, height: 600 };
  await comes("d1a");
  assert.deepEqual([painted, refused], [[], []], "of a former size: another one will come");
});

test("another case ends all that is on its way, and nothing of the former is painted", async () => {
  pictures.stamp(stamp(1));
  const [order] = orders;
  pictures.restart(shown(9, undefined, { case: 2 }), 2);
  assert.equal(order.signal.aborted, true);
  assert.equal(cleared, 2, "its decoded stills too");
  await comes("d1a");
  pictures.stamp(stamp(1));
  assert.deepEqual([painted, refused], [[], ["case"]]);
});

test("a stamp ahead of its view waits for it, and not for ever", () => {
  pictures.stamp(stamp(2));
  assert.deepEqual(digests(), []);
  pictures.view(shown(2));
  assert.deepEqual(digests(), ["d2a"]);
  pictures.stamp(stamp(3));
  mock.timers.tick(WAIT_MS);
  assert.deepEqual(refused, ["revision"]);
});

test("a still that comes later is asked for again, after the pause that the server asks for", async () => {
  pictures.stamp(stamp(1));
  await comes("d1a", { ok: false, why: "later", retryMs: 700, sentence: "" });
  mock.timers.tick(699);
  await turn();
  assert.deepEqual(digests(), []);
  mock.timers.tick(1);
  await turn();
  assert.deepEqual(digests(), ["d1a"]);
});

test("a newer picture does not wait for the pause of an older one", async () => {
  pictures.stamp(stamp(1));
  await comes("d1a", { ok: false, why: "later", retryMs: 60_000, sentence: "" });
  pictures.view(shown(2));
  pictures.stamp(stamp(2));
  await turn();
  assert.deepEqual(digests(), ["d2a"]);
});

test("an image that cannot be shown has its sentence; the others are painted", async () => {
  const both = view(viewport(), viewport({ id: "b" }));
  pictures.view(shown(2, both));
  pictures.stamp(stamp(2, { viewports: both.viewports }));
  await comes("d2a", { ok: false, why: "failed", sentence: "The file is broken.", code: "x" });
  await comes("d2b");
  assert.deepEqual([...painted[0].failed], [["a", { damaged: false, sentence: "The file is broken." }]]);
  assert.deepEqual([...painted[0].images.keys()], ["b"]);
});

test("where the newest view has no picture it is asked for anew, soon after a refusal", async () => {
  pictures.tick(0);
  pictures.tick(OVERDUE_MS - 1);
  assert.equal(asked, 0);
  pictures.tick(OVERDUE_MS);
  assert.equal(asked, 1);
  pictures.stamp(stamp(1, { case: 7 }));
  pictures.tick(OVERDUE_MS + ASK_MS);
  assert.equal(asked, 2);
  pictures.stamp(stamp(1));
  await comes("d1a");
  pictures.tick(1e6);
  pictures.tick(2e6);
  assert.equal(asked, 2, "it is painted");
});

test("a still that is here is painted though the picture moves, and whatever is waited for", async () => {
  pictures.stamp(stamp(1));
  await comes("d1a");
  pictures.setMoving(true);
  pictures.view(shown(2));
  pictures.stamp(stamp(2));
  assert.deepEqual(digests(), [], "it rests first");
  here.add("d3a");
  pictures.view(shown(3));
  pictures.stamp(stamp(3));
  await comes("d3a");
  assert.deepEqual([revs(), refused], [[1, 3], []]);
  assert.equal(pictures.move(frame(2)), false, "a frame that is late covers nothing");
  assert.deepEqual(refused, []);
});

test("where the server sends stills by itself, none is waited for that it may have left out", async () => {
  pushed.pushed = true;
  for (const rev of [2, 3, 4]) {
    pictures.view(shown(rev));
    pictures.stamp(stamp(rev));
  }
  assert.deepEqual(digests(), ["d2a", "d3a", "d4a"]);
  await comes("d3a");
  assert.deepEqual(revs(), [3], "the newest that came");
  const [left] = orders;
  assert.equal(left.signal.aborted, true, "older than what is painted");
  await comes("d4a");
  assert.deepEqual([revs(), refused, pictures.racing], [[3, 4], [], []]);
  for (const rev of [5, 6, 7, 8]) {
    pictures.view(shown(rev));
    pictures.stamp(stamp(rev));
  }
  assert.equal(pictures.racing.length, 3);
  assert.deepEqual(
    pictures.racing.map((one) => one.stamp.rev),
    [5, 7, 8],
  );
});

test("a hand that is faster than each still sees pictures all the same", async () => {
  pushed.pushed = true;
  for (let rev = 2; rev <= 30; rev++) {
    pictures.view(shown(rev));
    pictures.stamp(stamp(rev));
    // Each comes four views late, and nobody gets what they do not want any more.
    const late = orders.find(({ digest, signal }) => digest === `d${rev - 4}a` && !signal.aborted);
    if (late) await comes(late.digest);
  }
  assert.ok(revs().length >= 5, `painted ${revs()}`);
});
