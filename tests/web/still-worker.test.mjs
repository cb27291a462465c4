/** The worker that fetches stills: what it makes of the server's answers. Its messages are the test's. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { beforeEach, test } from "node:test";
import { png } from "./png-files.mjs";

const [WIDTH, HEIGHT] = [7, 5];
let posted;
let fetched;
/** @type {(url: string, how: RequestInit) => Promise<Response>} */
let server;
globalThis.self = { postMessage: (message, { transfer }) => posted.push({ message, transfer }) };
globalThis.ImageData = class {
  constructor(data, width, height) {
    Object.assign(this, { data, width, height });
  }
};
globalThis.createImageBitmap = async (data, how) => ({ ...data, how });
globalThis.fetch = (url, how) => {
  fetched.push([url, how.cache]);
  return server(url, how);
};
await import("../../web/js/transport/exact/still-worker.js");

beforeEach(() => {
  [posted, fetched] = [[], []];
});

/** Rows without a filter. */
const rows = (raw) => Array.from({ length: HEIGHT }, (_, y) => [0, ...raw.slice(y * WIDTH, (y + 1) * WIDTH)]).flat();
const raw = Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i * 37) % 256);
const headers = { "x-pixels-sha256": "aa" };
const ask = async (more = {}) => {
  await globalThis.self.onmessage({ data: { id: 4, url: "/stills/d", fresh: false, ...more } });
  return posted.at(-1)?.message;
};

test("a still comes decoded, with the hash of its own raw pixels and the one that was promised", async () => {
  server = async () => new Response(png(rows(raw)), { headers });
  const answer = await ask();
  const sha256 = createHash("sha256").update(Uint8Array.from(raw)).digest("hex");
  assert.deepEqual([answer.id, answer.status, answer.sha256, answer.promised], [4, 200, sha256, "aa"]);
  assert.deepEqual([answer.width, answer.height, answer.image.data[4]], [WIDTH, HEIGHT, raw[1]]);
  assert.deepEqual(answer.image.how, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  assert.deepEqual(posted[0].transfer, [answer.image]);
});

test("asked for anew it is fetched past all caches", async () => {
  server = async () => new Response(png(rows(raw)), { headers });
  await ask();
  await ask({ fresh: true });
  assert.deepEqual(
    fetched.map(([, cache]) => cache),
    ["default", "reload"],
  );
});

test("a refusal says when to come again, and why", async () => {
  const body = JSON.stringify({ error: { message: "Too much at once.", code: "busy" } });
  server = async () => new Response(body, { status: 503, headers: { "retry-after": "2" } });
  assert.deepEqual(await ask(), { id: 4, status: 503, retryMs: 2000, sentence: "Too much at once.", code: "busy" });
  server = async () => new Response("<html>", { status: 502 });
  assert.deepEqual(await ask(), { id: 4, status: 502, retryMs: 1000, sentence: "", code: "" });
});

test("what is no PNG, or one of another length, is an error and no picture", async () => {
  for (const bytes of [new Uint8Array(50), new Uint8Array(png(rows(raw).slice(0, -3)))]) {
    server = async () => new Response(bytes, { headers });
    const answer = await ask();
    assert.deepEqual([answer.status, "image" in answer], [0, false]);
  }
});

test("one that is called off is aborted, and no other", async () => {
  const aborted = [];
  server = (url, { signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        aborted.push(url);
        reject(new Error("aborted"));
      });
    });
  const first = globalThis.self.onmessage({ data: { id: 1, url: "/stills/1", fresh: false } });
  globalThis.self.onmessage({ data: { id: 2, url: "/stills/2", fresh: false } });
  await new Promise((done) => setTimeout(done));
  await globalThis.self.onmessage({ data: { cancel: 1 } });
  await globalThis.self.onmessage({ data: { cancel: 7 } });
  await first;
  assert.deepEqual(aborted, ["/stills/1"]);
  assert.deepEqual(
    posted.map(({ message }) => [message.id, message.status]),
    [[1, 0]],
  );
});

test("what was under way when the connection was lost is given up, and may be asked for again", async () => {
  server = (url, { signal }) =>
    new Promise((resolve, reject) => {
      if (url === "/healthz") resolve(new Response());
      signal.addEventListener("abort", () => reject(new Error("aborted")));
    });
  const waiting = ask();
  await new Promise((done) => setTimeout(done));
  await globalThis.self.onmessage({ data: { again: "/healthz" } });
  assert.equal((await waiting).status, 0, "the page tries again");
});

test("a request on a connection that is deaf does not wait for ever", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  server = (_, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
  const waiting = ask();
  await Promise.resolve();
  t.mock.timers.tick(10_000);
  assert.equal((await waiting).status, 0);
});

test("after a loss deaf connections are closed before anything is asked for", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let deaf = 0;
  server = (url, { signal }) =>
    new Promise((resolve, reject) => {
      if (url !== "/healthz" || deaf === 3) return resolve(new Response(png(rows(raw)), { headers }));
      deaf += 1;
      signal.addEventListener("abort", () => reject(new Error("aborted")));
    });
  await globalThis.self.onmessage({ data: { again: "/healthz" } });
  const waiting = ask();
  await Promise.resolve();
  assert.equal(fetched.length, 6, "as many as there may be");
  t.mock.timers.tick(1000);
  assert.equal((await waiting).status, 200);
});

test("raw pixels are used as they are, of their very length", async () => {
  const { decode } = await import("../../web/js/transport/exact/still-decoding.js");
  const whole = new Uint8Array([9, 9, 0, 0, 0, WIDTH, 0, 0, 0, HEIGHT, ...raw]).subarray(2);
  const { sha256, width, height, image } = await decode(whole, "raw");
  assert.equal(sha256, createHash("sha256").update(Uint8Array.from(raw)).digest("hex"));
  assert.deepEqual([width, height, image.data[4]], [WIDTH, HEIGHT, raw[1]]);
  await assert.rejects(() => decode(whole.subarray(0, -1), "raw"));
  await assert.rejects(() => decode(whole, "raw", 3));
});
