/** Stills are kept by digest and checked; the worker is played by the test. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Stills } from "../../web/js/transport/exact/stills.js";

class Bitmap {
  closed = 0;
  constructor(width = 400, height = 600) {
    Object.assign(this, { width, height });
  }
  close() {
    this.closed++;
  }
}

let orders;
let stills;
let refused;
globalThis.Worker = class {
  postMessage(order) {
    orders.push(order);
  }
};

beforeEach(() => {
  [orders, refused] = [[], []];
  stills = new Stills("/seat/x/", new URL("file:///worker.js"));
  stills.onrefused = (reason) => refused.push(reason);
});

const turn = () => new Promise((done) => setImmediate(done));
const wanted = (digest, width = 400, height = 600) => ({ digest, rect_px: [0, 0, width, height] });
const { signal } = new AbortController();
/** The worker's answer to its newest order. */
async function answers(result) {
  stills.worker.onmessage({ data: { id: orders.at(-1).id, ...result } });
  await turn();
}
const good = (image = new Bitmap()) => ({
  status: 200,
  image,
  sha256: "ab",
  promised: "AB",
  x: 0,
  y: 0,
  width: image.width,
  height: image.height,
});
/** What is kept of it. */
const still = (image) => ({ image, x: 0, y: 0, width: image.width, height: image.height });

test("a still is fetched once, and given from then on", async () => {
  const first = stills.get(wanted("d 1"), signal);
  assert.deepEqual(orders, [{ id: 1, url: "/seat/x/stills/d%201", fresh: false, digest: "d 1" }]);
  const image = new Bitmap();
  await answers(good(image));
  assert.deepEqual(await first, { ok: true, still: still(image) });
  assert.deepEqual(await stills.get(wanted("d 1"), signal), { ok: true, still: still(image) });
  assert.equal(orders.length, 1);
});

test("one without its promised pixels is asked for once more past all caches, then given up", async () => {
  const found = stills.get(wanted("d1"), signal);
  const bad = new Bitmap();
  await answers({ ...good(bad), sha256: "cd" });
  assert.deepEqual([refused, orders.at(-1).fresh, bad.closed], [["hash"], true, 1]);
  await answers(good(new Bitmap(10, 10)));
  assert.deepEqual(await found, { ok: false, why: "refused", reason: "size", sentence: "" });
  assert.equal(orders.length, 2);
});

test("what the second try gives is taken where it is right", async () => {
  const found = stills.get(wanted("d1"), signal);
  await answers({ ...good(), promised: "" });
  const image = new Bitmap();
  await answers(good(image));
  assert.equal((await found).still.image, image);
});

test("a kept still of another size is not given", async () => {
  const first = stills.get(wanted("d1"), signal);
  const image = new Bitmap();
  await answers(good(image));
  await first;
  const second = stills.get(wanted("d1", 200, 300), signal);
  const smaller = new Bitmap(200, 300);
  await answers(good(smaller));
  assert.equal((await second).still.image, smaller);
  assert.equal(image.closed, 1, "one of a digest is kept");
});

test("answers of the server: not known, later, and for good", async () => {
  for (const [status, why] of [
    [404, "unknown"],
    [429, "later"],
    [503, "later"],
    [507, "later"],
    [0, "later"],
    [410, "failed"],
  ]) {
    const found = stills.get(wanted("d1"), signal);
    await answers({ status, retryMs: 700, sentence: "Because." });
    const { why: how, sentence, retryMs } = await found;
    assert.deepEqual([how, sentence, retryMs], [why, "Because.", why === "later" ? 700 : undefined]);
  }
});

test("who gives up has the worker end it, and is given nothing", async () => {
  const abort = new AbortController();
  const found = stills.get(wanted("d1"), abort.signal);
  abort.abort();
  assert.deepEqual(orders.at(-1), { cancel: 1 });
  stills.worker.onmessage({ data: { id: 1, status: 0, retryMs: 500, sentence: "aborted" } });
  assert.equal((await found).why, "aborted");
});

test("an answer that nobody waits for is closed", () => {
  const image = new Bitmap();
  stills.worker.onmessage({ data: { id: 99, ...good(image) } });
  assert.equal(image.closed, 1);
});

test("what was used least lately goes where too much is kept, but nothing that is about to be painted", async () => {
  const large = () => new Bitmap(2048, 2048);
  const images = Array.from({ length: 8 }, large);
  stills.pin([wanted("d0")]);
  images.forEach((image, i) => {
    stills.keep(`d${i}`, still(image));
    if (i === 5) void stills.get(wanted("d1", 2048, 2048), signal);
  });
  assert.deepEqual(
    images.map(({ closed }) => closed),
    [0, 0, 1, 1, 0, 0, 0, 0],
    "96 MiB are six of them",
  );
  stills.clear(2);
  assert.ok(images.every(({ closed }) => closed === 1));
  assert.equal(stills.kept.bytes, 0);
});

test("what came ahead is kept once it has its hash, and told when it is used", async () => {
  const ahead = (digest, more) => ({ data: { ahead: digest, case: 0, ...good(), ...more } });
  const [image, wrong, former] = [new Bitmap(), new Bitmap(), new Bitmap()];
  stills.worker.onmessage(ahead("d1", { image }));
  stills.worker.onmessage(ahead("d2", { image: wrong, sha256: "cd" }));
  stills.worker.onmessage(ahead("d3", { image: former, case: 7 }));
  assert.deepEqual([wrong.closed, former.closed, refused], [1, 1, ["hash"]], "none of another case either");
  assert.deepEqual(
    [stills.has(wanted("d1")), stills.has(wanted("d1", 1, 1)), stills.has(wanted("d2"))],
    [true, false, false],
  );
  assert.deepEqual(await stills.get(wanted("d1"), signal), { ok: true, still: still(image) });
  assert.deepEqual(orders, [{ used: "d1" }]);
});

test("the picture socket is opened and closed by the worker, which tells when it ends", () => {
  let told = 0;
  stills.onclosed = () => told++;
  stills.open("wss://server/pictures");
  assert.equal(stills.pushed, true);
  stills.worker.onmessage({ data: { closed: true } });
  assert.deepEqual([stills.pushed, told, orders], [false, 1, [{ open: "wss://server/pictures" }]]);
});

test("two viewports may show the same: the first picture stays", () => {
  const [one, other] = [new Bitmap(), new Bitmap()];
  assert.equal(stills.keep("d", still(one)).image, one);
  assert.equal(stills.keep("d", still(other)).image, one);
  assert.deepEqual([one.closed, other.closed], [0, 1]);
});

test("what is expected is asked for ahead, once, and taken by whoever wants it", async () => {
  stills.expect(["d1"]);
  const found = stills.get(wanted("d1"), signal);
  stills.expectNoMore();
  assert.deepEqual(orders, [{ id: 1, url: "/seat/x/stills/d1", fresh: false, digest: "d1" }]);
  await answers(good());
  assert.equal((await found).ok, true);
});

test("what was expected and is not wanted, or not any more, is ended", async () => {
  const abort = new AbortController();
  stills.expect(["d1", "d2"]);
  const found = stills.get(wanted("d1"), abort.signal);
  stills.expectNoMore();
  assert.deepEqual(orders.slice(2), [{ cancel: 2 }]);
  abort.abort();
  assert.deepEqual(orders.slice(3), [{ cancel: 1 }]);
  stills.worker.onmessage({ data: { id: 1, status: 0, retryMs: 500, sentence: "aborted" } });
  assert.equal((await found).why, "aborted");
});

test("expected pixels that are not what they must be are asked for once more", async () => {
  stills.expect(["d1"]);
  const found = stills.get(wanted("d1"), signal);
  await answers({ ...good(), sha256: "cd" });
  assert.deepEqual([orders.length, orders.at(-1).fresh, refused], [2, true, ["hash"]]);
  await answers(good());
  assert.equal((await found).ok, true);
});
