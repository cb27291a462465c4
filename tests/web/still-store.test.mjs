/** What the server sends before it is asked for: kept, decoded ahead, reported. The socket is the test's. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { StillStore } from "../../web/js/transport/exact/still-store.js";

let socket;
let sent;
let decoding;
let store;
globalThis.WebSocket = class {
  static OPEN = 1;
  readyState = 1;
  constructor(url) {
    this.url = url;
    socket = this;
  }
  send(message) {
    sent.push(Buffer.from(message).toString("hex"));
  }
  close() {
    this.closed = true;
  }
};
const { signal } = new AbortController();
const turn = () => new Promise((done) => setImmediate(done));
const digest = (n) => n.toString(16).padStart(64, "0");

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  [sent, decoding] = [[], []];
  store = new StillStore((name) => new Promise((done) => decoding.push({ name, done })));
  store.open("ws://server/pictures");
  socket.onopen();
});
afterEach(() => mock.timers.reset());

/** A still comes. */
function comes(number, { due = false, epoch = 0, size = 10 } = {}) {
  const head = Buffer.alloc(10);
  head.writeUInt8(1, 0);
  head.writeUInt8(due ? 1 : 0, 1);
  head.writeUInt32BE(number, 2);
  head.writeUInt32BE(epoch, 6);
  const whole = Buffer.concat([head, Buffer.from(digest(number) + "0c".repeat(32), "hex"), Buffer.alloc(size)]);
  socket.onmessage({ data: new Uint8Array(whole).buffer });
}
const names = () => decoding.map(({ name }) => Number.parseInt(name, 16));
async function decoded() {
  decoding.at(-1).done();
  await turn();
}

test("each is acknowledged, and a few are decoded ahead, one after the other", async () => {
  assert.deepEqual(sent, ["0400"]);
  for (const n of [1, 2, 3, 4, 5, 6]) comes(n);
  assert.equal(sent.at(-1), "0100000006");
  assert.deepEqual(names(), [1]);
  for (let n = 0; n < 5; n++) await decoded();
  assert.deepEqual(names(), [1, 2, 3, 4], "the page has four that it has not used");
  store.used(digest(1));
  assert.deepEqual(names(), [1, 2, 3, 4, 5]);
});

test("that of the newest picture is decoded before what comes next", async () => {
  for (const n of [1, 2, 3]) comes(n);
  comes(4, { due: true });
  await decoded();
  assert.deepEqual(names(), [1, 4]);
});

test("who waits for one is given it when it comes, and it is not decoded twice", async () => {
  const found = store.find(digest(3), signal);
  comes(3);
  assert.equal((await found).data.length, 10);
  assert.deepEqual(names(), []);
  assert.equal((await store.find(digest(3), signal)).sha256, "0c".repeat(32));
});

test("one that does not come is reported, then fetched; at once where nothing can come", async () => {
  const late = store.find(digest(3), signal);
  mock.timers.tick(250);
  assert.equal(sent.at(-1), `03${digest(3)}`);
  mock.timers.tick(1250);
  assert.equal(await late, null);
  const missing = store.find(digest(4), signal);
  socket.onmessage({ data: new Uint8Array(Buffer.from(`03${digest(4)}`, "hex")).buffer });
  assert.equal(await missing, null);
  const lost = store.find(digest(5), signal);
  socket.onclose();
  assert.equal(await lost, null);
  assert.equal(await store.find(digest(6), signal), null);
});

test("what is too much is reported as forgotten", () => {
  for (const n of [1, 2, 3]) comes(n, { size: 12 << 20 });
  assert.ok(sent.includes(`03${digest(1)}`));
  assert.equal(store.kept.size, 2);
});

test("nothing of a former case is kept, or comes any more", async () => {
  comes(1, { epoch: 1 });
  store.setCase(2);
  assert.equal(sent.at(-1), `03${digest(1)}`);
  comes(2, { epoch: 1 });
  assert.equal(sent.at(-1), `03${digest(2)}`);
  assert.deepEqual([store.kept.size, store.queue], [0, []]);
});

test("what cannot be decoded is forgotten, and the next goes on", async () => {
  store.ahead = () => Promise.reject(new Error("damaged"));
  comes(1);
  await turn();
  assert.deepEqual([store.kept.size, store.busy, sent.at(-1)], [0, false, `03${digest(1)}`]);
});
