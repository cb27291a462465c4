import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ANSWER_MS,
  backOff,
  CLOSE_MS,
  CONNECT_MS,
  Connection,
  MAX_WAITING,
  PING_MS,
  SILENCE_MS,
} from "../../web/js/core/session/connection.js";
import { GAP_MS, STALE_MS } from "../../web/js/core/session/liveness.js";
import { endWords } from "../../web/js/core/words.js";
import { shown } from "./examples.mjs";

const screen = { width: 800, height: 600 };
const welcome = (more = {}) => ({
  type: "welcome",
  log: "l1",
  seq: 7,
  seat: "x",
  role: "host",
  snapshot: { seats: [] },
  view: shown(1),
  now: 0,
  protocol: 2,
  ...more,
});
const sent = (effects) => effects.filter((e) => e.do === "send").map((e) => e.message);
const event = (seq) => ({
  type: "event",
  seq,
  at: 0,
  event: { type: "owner_changed", owner: "o", owners: 2 },
  by: "",
  command: "",
});
const rename = (id) => ({ type: "rename", name: "Ann", id, case: 0 });

function live() {
  const c = new Connection("tab12345", screen);
  c.connect(0);
  c.opened(0);
  c.received(welcome(), 0);
  return c;
}

test("hello is first, and has what the page has already", () => {
  const c = new Connection("tab12345", screen);
  assert.deepEqual(c.connect(0), [{ do: "phase", phase: "connecting" }, { do: "open" }]);
  assert.deepEqual(sent(c.opened(0)), [
    { type: "hello", protocol: 2, tab: "tab12345", screen, log: "", after: 0, rev: 0 },
  ]);
  c.received(welcome(), 0);
  assert.equal(c.phase, "live");
  c.lost(10);
  c.connect(20);
  assert.deepEqual(
    sent(c.opened(20)).map((m) => [m.log, m.after]),
    [["l1", 7]],
  );
});

test("the try after a loss comes later each time, five seconds at most, and soon again after a welcome", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 30].map(backOff), [250, 500, 1000, 2000, 2000, 2000, 2000]);
  const c = live();
  c.lost(1000);
  assert.deepEqual(c.tick(1249), []);
  assert.deepEqual(
    c.tick(1250).map((e) => e.do),
    ["phase", "open"],
  );
  c.lost(1300);
  assert.equal(c.retryAt, 1800);
  c.connect(1800);
  c.opened(1800);
  c.received(welcome(), 1800);
  c.lost(2000);
  assert.equal(c.retryAt, 2250);
});

test("what has moved to another server is tried there at once, and that once", () => {
  const c = live();
  assert.deepEqual(
    c.closed(1012, "moved", 1000).map((e) => (e.do === "phase" ? e.phase : e.do)),
    ["waiting", "close", "freshness", "connecting", "open"],
  );
  assert.deepEqual(
    c.closed(1012, "moved", 1001).map((e) => e.do),
    ["phase", "close"],
    "who was not welcomed waits",
  );
  assert.equal(c.retryAt, 1251);
  const other = live();
  other.closed(1012, "", 1000);
  assert.equal(other.retryAt, 1250);
});

test("it can be tried at once", () => {
  const c = live();
  c.lost(1000);
  assert.deepEqual(
    c.connect(1001).map((e) => e.do),
    ["phase", "open"],
  );
  assert.deepEqual(c.connect(1002), [], "not twice");
});

test("what is not acknowledged is sent again in order, under its own id, after each welcome", () => {
  const c = live();
  const one = c.command(rename);
  const two = c.command(rename);
  assert.deepEqual([one.id, two.id], ["tab12345.1", "tab12345.2"]);
  assert.deepEqual(c.received({ type: "ack", id: one.id, seq: 8 }, 1), [{ do: "settled", id: one.id, error: null }]);
  c.lost(10);
  const three = c.command(rename);
  assert.deepEqual(three.effects, [], "not while there is no connection");
  c.connect(300);
  assert.deepEqual(
    sent(c.opened(300)).map((m) => m.type),
    ["hello"],
    "not before the welcome",
  );
  assert.deepEqual(
    sent(c.received(welcome({ snapshot: null }), 300)).map((m) => m.id),
    [two.id, three.id],
  );
});

test("a refusal settles a command, once", () => {
  const c = live();
  const { id } = c.command(rename);
  const nack = { type: "refused", id, code: "not_allowed", message: "No." };
  assert.deepEqual(c.received(nack, 1), [{ do: "settled", id, error: nack }]);
  assert.deepEqual(c.received(nack, 1), []);
});

test("a refusal without an id is delivered", () => {
  const nack = { type: "refused", id: "", code: "stale_control", message: "No." };
  assert.deepEqual(live().received(nack, 1), [{ do: "deliver", message: nack }]);
});

test("commands are not heaped up without end", () => {
  const c = live();
  for (let i = 0; i < MAX_WAITING; i++) c.command(rename);
  const over = c.command(rename);
  assert.equal(over.effects[0].do, "settled");
  assert.equal(over.effects[0].error.code, "not_sent");
  assert.equal(c.waiting.length, MAX_WAITING);
});

test("an event is seen once, however often it is sent", () => {
  const c = live();
  assert.equal(c.received(event(7), 1).length, 0);
  assert.equal(c.received(event(9), 1).length, 1);
  assert.equal(c.received(event(9), 1).length, 0);
  assert.equal(c.after, 9);
});

test("a welcome without a snapshot does not pretend that what was missed is here", () => {
  const c = live();
  c.lost(1);
  c.connect(2);
  c.opened(2);
  c.received(welcome({ snapshot: null, seq: 12 }), 2);
  assert.equal(c.after, 7);
  assert.equal(c.received(event(8), 3).length, 1);
});

test("what may be dropped is sent now or never", () => {
  const c = live();
  assert.equal(c.send({ type: "ping", t: 1 }).length, 1);
  c.lost(1);
  assert.deepEqual(c.send({ type: "ping", t: 1 }), []);
  assert.deepEqual(c.reshape({ width: 10, height: 20 }), []);
  c.connect(2);
  assert.deepEqual(sent(c.opened(2))[0].screen, { width: 10, height: 20 });
});

/** Time passes, tick by tick; what is done, without the ticks' own questions. */
function passes(c, from, to) {
  const done = [];
  for (let now = from + 100; now <= to; now += 100) done.push(...c.tick(now).map((e) => ({ at: now, ...e })));
  return done.filter((e) => e.message?.type !== "ping");
}
const freshness = (effects) => effects.filter((e) => e.do === "freshness").map((e) => [e.at, e.freshness]);

test("the other side is asked every second, at once after the welcome, and silence is a loss", () => {
  const c = live();
  assert.deepEqual(sent(c.tick(0)), [{ type: "ping", t: 0 }]);
  assert.deepEqual(c.tick(PING_MS - 1), []);
  assert.deepEqual(sent(c.tick(PING_MS)), [{ type: "ping", t: PING_MS }]);
  c.received({ type: "pong", t: PING_MS }, PING_MS + 30);
  assert.equal(c.roundTrip, 30);
  const done = passes(c, PING_MS, PING_MS + 100 + SILENCE_MS);
  assert.deepEqual(
    done.map((e) => e.do),
    ["freshness", "phase", "close"],
  );
  assert.equal(c.phase, "waiting");
});

test("a door that does not answer is a loss too", () => {
  const c = new Connection("tab12345", screen);
  c.connect(0);
  passes(c, 0, CONNECT_MS);
  assert.equal(c.phase, "waiting");
});

test("what nobody has confirmed for three seconds is stale, by the time of the question that was answered", () => {
  const c = live();
  assert.equal(c.freshness, "fresh");
  assert.deepEqual(freshness(passes(c, 0, 3100)), [[STALE_MS, "stale"]]);
  c.received({ type: "pong", t: 100 }, 3200);
  assert.equal(c.freshness, "stale", "an answer that lay in a buffer is as old as its question");
  c.received(event(9), 3200);
  assert.equal(c.freshness, "stale", "nor does what was sent before confirm anything");
  assert.deepEqual(c.received({ type: "pong", t: 3000 }, 3250).at(-1), { do: "freshness", freshness: "fresh" });
});

test("after a gap in its timers it is in doubt until the server has answered what was asked since", () => {
  const c = live();
  passes(c, 0, 1000);
  c.received({ type: "pong", t: 1000 }, 1010);
  const woken = c.tick(1000 + GAP_MS + 1);
  assert.deepEqual(woken, [
    { do: "freshness", freshness: "doubted" },
    { do: "send", message: { type: "ping", t: 1000 + GAP_MS + 1 } },
  ]);
  c.received({ type: "pong", t: 2000 }, 3002);
  assert.equal(c.freshness, "doubted", "asked before the gap");
  c.received({ type: "pong", t: 1000 + GAP_MS + 1 }, 3050);
  assert.equal(c.freshness, "fresh");
  assert.equal(c.tick(3_600_000)[0].freshness, "stale", "slept for an hour");
});

test("who looks again, or comes to another network, asks at once, and does not wait long", () => {
  const c = live();
  assert.deepEqual(c.look(500), [
    { do: "freshness", freshness: "doubted" },
    { do: "send", message: { type: "ping", t: 500 } },
  ]);
  passes(c, 500, 400 + ANSWER_MS);
  assert.equal(c.phase, "live");
  passes(c, 400 + ANSWER_MS, 600 + ANSWER_MS);
  assert.equal(c.phase, "waiting");
  assert.deepEqual(
    c.look(4000).map((e) => e.do),
    ["phase", "open"],
    "and tries at once where the next try is waited for",
  );
  assert.deepEqual(c.look(4100), [], "a try that has just begun goes on");
  assert.deepEqual(
    c.look(6000).map((e) => e.do),
    ["close", "phase", "phase", "open"],
    "an old one is begun anew: it may be on a network that is gone",
  );
});

test("a hidden page whose timers are throttled still finds out that nobody answers", () => {
  const c = live();
  c.tick(0);
  for (let now = 60_000; now <= 180_000; now += 60_000) {
    c.tick(now);
    c.received({ type: "pong", t: now }, now + 20);
    assert.equal(c.freshness, "fresh");
  }
  c.tick(240_000);
  assert.equal(c.phase, "live", "asked once");
  c.tick(300_000);
  assert.equal(c.phase, "waiting");
});

test("a page that is put away closes, does not come back by itself, and comes back when it is looked at", () => {
  const c = live();
  assert.deepEqual(
    c.putAway(100).map((e) => e.do),
    ["phase", "close", "freshness"],
  );
  assert.equal(c.retryAt, Infinity);
  assert.deepEqual(
    c.look(900).map((e) => e.do),
    ["phase", "open"],
  );
  c.putAway(950);
  assert.equal(c.tick(9_000_000).at(-1)?.do, undefined, "the first tick of a page that was taken out");
  assert.equal(c.tick(9_010_000).at(-1)?.do, "open", "a gap in its timers wakes it too");
});

test("a probe is answered at once", () => {
  assert.deepEqual(sent(live().received({ type: "probe" }, 10)), [{ type: "alive" }]);
});

test("closing for good ends it; closing without a reason comes back", () => {
  const c = live();
  c.received({ type: "closing", reason: "", sentence: "Restart." }, 5);
  c.closed(1012, "", 6);
  assert.equal(c.phase, "waiting");
  const d = live();
  const effects = d.received({ type: "closing", reason: "removed", sentence: "Out." }, 5);
  assert.deepEqual(effects.at(-1), { do: "over", reason: "removed", sentence: "Out." });
  assert.deepEqual([d.tick(1e9), d.connect(1e9), d.lost(1e9), d.end("over", "")], [[], [], [], []]);
});

test("where the store has lost what was stored, it says so and takes everything anew", () => {
  const c = live();
  c.received({ type: "closing", reason: "", sentence: "Lost." }, 5);
  const effects = c.closed(1012, "anew", 6);
  assert.deepEqual(effects[0], { do: "deliver", message: { type: "refused", id: "", code: "anew", message: "Lost." } });
  assert.equal(c.phase, "waiting");
  c.tick(c.retryAt);
  const [hello] = sent(c.opened(c.retryAt));
  assert.deepEqual([hello.after, hello.rev], [0, 0]);
});

test("a hello says when the page's last entry was stored, so that another in its place is found", () => {
  const hello = (/** @type {Connection} */ c, /** @type {number} */ now) => {
    c.lost(now);
    c.connect(now);
    return sent(c.opened(now)).map((m) => [m.after, m.at])[0];
  };
  const c = live();
  assert.deepEqual(hello(c, 5), [7, undefined], "a server of an older release does not say it");
  c.received(welcome({ at: 1764000000.123456 }), 6);
  assert.deepEqual(hello(c, 7), [7, 1764000000.123456]);
  c.received(welcome({ snapshot: null, at: 9.5 }), 8);
  c.received({ ...event(9), at: 2.25 }, 9);
  assert.deepEqual(hello(c, 10), [9, 2.25]);
  c.closed(1012, "anew", 11);
  c.connect(12);
  assert.deepEqual(sent(c.opened(12)).map((m) => [m.after, m.at])[0], [0, undefined]);
});

test("a server of an older release, which refuses what it does not know, is greeted once more without it", () => {
  const c = live();
  c.received({ ...event(8), at: 2.25 }, 1);
  c.lost(2);
  c.connect(3);
  assert.equal(sent(c.opened(3))[0].at, 2.25);
  const refused = { type: "refused", id: "", code: "malformed", message: "Object contains unknown field `at`" };
  const [again] = sent(c.received(refused, 4));
  assert.deepEqual([again.type, again.after, "at" in again], ["hello", 8, false]);
  assert.deepEqual(c.received(refused, 5), [{ do: "deliver", message: refused }], "and no more");
  c.received(welcome({ snapshot: null }), 6);
  c.lost(7);
  c.connect(8);
  assert.equal("at" in sent(c.opened(8))[0], true, "the next server may be a newer one");
});

test("messages that come when there is no greeting are not used", () => {
  const c = new Connection("tab12345", screen);
  assert.deepEqual(c.received(welcome(), 0), []);
  const d = live();
  d.lost(1);
  assert.deepEqual(d.received(shown(9), 2), []);
});

test("closed because the same tab is elsewhere, or the page too old, it does not come back by itself", () => {
  for (const [code, reason] of [
    [4007, "replaced"],
    [4008, "version"],
    [4009, "flood"],
    [4010, "pages"],
  ]) {
    const c = live();
    assert.deepEqual(
      c.received({ type: "closing", reason: "", sentence: "Because." }, 5),
      [],
      "the close code shows why",
    );
    assert.deepEqual(c.closed(code, "", 6).at(-1), { do: "over", reason, sentence: "Because." });
    assert.deepEqual(c.tick(1e9), []);
  }
  assert.match(endWords("version").title, /Reload the page/);
  assert.match(endWords("flood").title, /sent too much/);
  assert.match(endWords("pages").title, /too many windows/);
});

test("a close that is announced and never comes is a loss, soon", () => {
  const c = live();
  c.received({ type: "closing", reason: "", sentence: "Restart." }, 5);
  c.tick(5);
  assert.deepEqual(c.tick(4 + CLOSE_MS), []);
  c.tick(5 + CLOSE_MS);
  assert.equal(c.phase, "waiting");
});

test("hello says as what the page was welcomed, so that who is a moderator now is told all of it", () => {
  const c = live();
  c.received(welcome({ role: "participant" }), 2);
  c.lost(3);
  c.connect(4);
  assert.equal(sent(c.opened(4))[0].role, "participant");
});

test("hello has the highest revision received, in this log", () => {
  const c = live();
  const rev = () => {
    c.lost(1);
    c.connect(2);
    return sent(c.opened(2))[0].rev;
  };
  assert.equal(rev(), 1);
  c.received(welcome({ view: shown(3) }), 2);
  c.received(shown(9), 2);
  c.received(shown(8), 2);
  assert.equal(rev(), 9);
  c.received(welcome({ view: shown(3) }), 2);
  assert.equal(rev(), 9, "a server that began anew from its log shows an older view at first");
  c.received(welcome({ log: "another", view: shown(2) }), 2);
  assert.equal(rev(), 2);
});
