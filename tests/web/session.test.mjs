import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "../../web/js/core/session/session.js";
import { doc, here, session } from "./consult.mjs";
import { shown } from "./examples.mjs";

const welcome = (snapshot) => ({ type: "welcome", log: "l", seq: 1, seat: "g", role: "", snapshot, view: shown(1) });
const put = (control) => ({ type: "event", seq: 2, by: "h", event: { type: "control_put", control } });

/** The names of what a session emits, in their order. */
function recorded(made) {
  const names = ["welcomed", "changed", "message", "marks", "live", "lost", "phase", "presence", "act", "settled"];
  const seen = [];
  for (const name of names) made.on(name, () => seen.push(name));
  return seen;
}

test("features get a message after the session has dealt with it", () => {
  const made = session("g");
  const seen = [];
  made.on("changed", (before, after) => seen.push([before.control.seat, after.control.seat]));
  made.on("message", () => seen.push(made.doc.control.seat));
  made.receive(put({ epoch: 2, seat: "g", requests: [] }));
  assert.deepEqual(seen, [["h", "g"], "g"]);
  assert.equal(made.drives, true);
});

test("an event that a page sees no difference by changes nothing", () => {
  const made = session("g");
  const seen = recorded(made);
  made.receive({ type: "event", seq: 2, by: "h", event: { type: "view_settled", rev: 4 } });
  assert.deepEqual(seen, ["settled", "message"]);
});

test("whether it was live before is known while it becomes live", () => {
  const made = new Session();
  const before = [];
  made.on("live", () => before.push(made.liveOnce));
  for (const phase of ["live", "waiting", "live"]) made.setPhase(phase);
  assert.deepEqual(before, [false, true]);
});

test("a connection that is lost is lost once; nobody speaks any more, and nothing moves", () => {
  const made = session("h");
  made.receive({ type: "speaking", slots: ["g", ""] });
  assert.deepEqual([[...made.speaking], made.drives], [["g"], true]);
  const seen = recorded(made);
  for (const phase of ["waiting", "connecting"]) made.setPhase(phase);
  assert.deepEqual(seen, ["lost", "phase", "phase"]);
  assert.deepEqual([[...made.speaking], made.drives], [[], false]);
});

test("a new connection with the same document changes nothing, with a newer one what is different", () => {
  const made = session("g");
  const seen = recorded(made);
  made.receive(welcome(null));
  assert.deepEqual(seen, ["marks", "welcomed", "message"]);
  made.receive(welcome(doc({ case: 2, current: "c2" })));
  assert.deepEqual(seen.slice(3), ["marks", "welcomed", "changed", "message"]);
  assert.equal(made.kase.id, "c2");
});

test("only one's own acts are acts of this page", () => {
  const made = session("g");
  const acts = [];
  made.on("act", (doing) => acts.push(doing));
  for (const by of ["h", "g"])
    made.receive({ type: "event", seq: 2, by, event: { type: "mark_deleted", mark: "m", doing: "undo" } });
  assert.deepEqual(acts, ["undo"]);
});

test("who is online is who is here and not away", () => {
  const made = session("g", doc(), [here("h"), here("g", { online: false })]);
  assert.deepEqual([...made.online], ["h"]);
});

test("what waits for somebody takes nothing from what they came by: that they may still answer", () => {
  const made = session("g");
  made.receive({ ...welcome(null), asked: "x1" });
  const waits = [];
  made.on("waits", (critical) => waits.push(critical));
  made.receive({ type: "critical_waits", critical: "x2" });
  assert.deepEqual([waits, made.asked], [["x2"], "x1"]);
});
