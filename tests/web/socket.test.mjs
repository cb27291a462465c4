/** The control socket: it comes back after a loss, and nothing of a former connection is used. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { FIRST_RETRY_MS, LAST_RETRY_MS, SILENCE_MS } from "../../web/js/core/session/connection.js";
import { ControlSocket } from "../../web/js/transport/socket.js";
import { shown } from "./examples.mjs";

let sockets;
let received;
let over;
let control;
let clock;

class Socket {
  static OPEN = 1;
  readyState = 0;
  sent = [];
  constructor(url) {
    this.url = url;
    sockets.push(this);
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  opens() {
    this.readyState = 1;
    this.onopen();
  }
  delivers(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
  ends(code = 1006, reason = "") {
    this.readyState = 3;
    this.onclose({ code, reason });
  }
}
globalThis.WebSocket = Socket;

const welcome = {
  type: "welcome",
  protocol: 2,
  log: "l1",
  seq: 7,
  seat: "ann",
  role: "host",
  now: 0,
  snapshot: null,
  view: shown(1),
};
const types = (socket) => socket.sent.map(({ type }) => type);
/** Time passes, in steps of the socket's own clock. */
function passes(ms) {
  for (let gone = 0; gone < ms; gone += 100) {
    clock += 100;
    mock.timers.tick(100);
  }
}

const SCREEN = { width: 800, height: 600 };
/** A page's connection. @param {Socket} [first] that is being opened already */
function begin(first) {
  control = new ControlSocket(
    { url: "ws://server/ws", tab: "tab-1", first },
    {
      message: (message) => received.push(message.type),
      phase: () => undefined,
      freshness: () => undefined,
      over: (reason, sentence) => over.push([reason, sentence]),
    },
  );
  control.connect();
}

beforeEach(() => {
  [sockets, received, over, clock] = [[], [], [], 0];
  mock.timers.enable({ apis: ["setInterval"] });
  mock.method(performance, "now", () => clock);
  begin();
  control.reshape(SCREEN);
});
afterEach(() => {
  control.leave("left");
  mock.timers.reset();
  mock.restoreAll();
});

function live(socket = sockets.at(-1)) {
  socket.opens();
  socket.delivers(welcome);
  return socket;
}

test("hello waits for the size of the screen, and a socket that was begun before is used, once", async () => {
  control.leave("left");
  for (const early of [true, false]) {
    sockets = [];
    const first = new Socket("ws://server/ws");
    if (early) first.readyState = 1;
    begin(first);
    await Promise.resolve();
    if (!early) first.opens();
    assert.deepEqual([sockets.length, types(first)], [1, []]);
    control.reshape(SCREEN);
    control.reshape(SCREEN);
    assert.deepEqual(types(first), ["hello"]);
    first.delivers(welcome);
    first.ends();
    passes(FIRST_RETRY_MS);
    assert.equal(sockets.length, 2);
    control.leave("left");
  }
});

test("a socket that was begun before and has ended is not used", () => {
  control.leave("left");
  const dead = new Socket("ws://server/ws");
  dead.readyState = 3;
  sockets = [];
  begin(dead);
  assert.equal(sockets.length, 1);
});

test("hello is the first that is sent", () => {
  const [socket] = sockets;
  assert.equal(control.send({ type: "ping", t: 1 }), false);
  socket.opens();
  assert.deepEqual(types(socket), ["hello"]);
  socket.delivers(welcome);
  assert.equal(control.send({ type: "ping", t: 1 }), true);
  assert.deepEqual([types(socket), received], [["hello", "ping"], ["welcome"]]);
});

test("after a loss it comes back by itself, later each time, and soon again after a welcome", () => {
  live().ends();
  const tries = [];
  for (let n = 0; n < 5; n++) {
    const before = clock;
    while (sockets.length < n + 2) passes(100);
    tries.push(clock - before);
    sockets.at(-1).ends();
  }
  const due = [0, 1, 2, 3, 4].map((n) => Math.min(FIRST_RETRY_MS * 2 ** n, LAST_RETRY_MS));
  assert.ok(
    tries.every((ms, n) => ms >= due[n] && ms < due[n] + 100),
    String(tries),
  );
  while (sockets.length < 7) passes(100);
  live().ends();
  const before = clock;
  while (sockets.length < 8) passes(100);
  assert.ok(clock - before < FIRST_RETRY_MS + 100);
});

test("a command waits for its answer over a loss, and is sent again under its own id", async () => {
  const first = live();
  const answer = control.command((id) => ({ type: "rename", id, case: 1, name: "Ann" }));
  first.ends();
  passes(400);
  const second = live();
  const [, again] = second.sent;
  assert.deepEqual([again.type, again.id], ["rename", first.sent.at(-1).id]);
  second.delivers({ type: "ack", id: again.id, seq: 8 });
  assert.equal(await answer, null);
});

test("nothing that a former connection still says is used", () => {
  const first = live();
  passes(SILENCE_MS);
  assert.equal(first.readyState, 3, "silence is a loss");
  passes(400);
  const second = live();
  const before = received.length;
  first.delivers(shown(9));
  first.ends();
  assert.equal(received.length, before);
  second.delivers(shown(2));
  assert.equal(received.at(-1), "view");
  assert.equal(second.readyState, 1);
});

test("whatever a handler does, the page comes back and says that it is live", () => {
  const reported = [];
  const freshness = [];
  mock.method(globalThis, "queueMicrotask", (act) => assert.throws(act, (error) => reported.push(error.message) > 0));
  const fails = (what) => {
    throw new Error(what);
  };
  Object.assign(control.handlers, {
    message: ({ type }) => fails(type),
    phase: fails,
    freshness: (now) => freshness.push(now),
  });
  live().ends();
  assert.equal(sockets[0].readyState, 3);
  passes(400);
  live();
  assert.deepEqual([sockets.length, types(sockets[1])], [2, ["hello"]]);
  assert.deepEqual(freshness, ["fresh", "stale", "fresh"]);
  assert.deepEqual(reported, [
    ...["greeting", "welcome", "live"],
    ...["waiting", "connecting"],
    ...["greeting", "welcome", "live"],
  ]);
});

test("what is not understood is passed over", () => {
  mock.method(console, "warn", () => undefined);
  const socket = live();
  socket.onmessage({ data: "{" });
  socket.delivers({ type: "nonsense" });
  assert.deepEqual(received, ["welcome"]);
});

test("closed for good it stays so, and says why", () => {
  live().ends(4007);
  passes(60_000);
  assert.deepEqual([over, sockets.length], [[["replaced", ""]], 1]);
});

test("a command that can go nowhere any more is refused on the spot", async () => {
  live().ends(4007);
  const refused = await control.command((id) => ({ type: "rename", id, case: 1, name: "Ann" }));
  assert.equal(refused.code, "not_sent");
});
