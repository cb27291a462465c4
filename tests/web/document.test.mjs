import assert from "node:assert/strict";
import { test } from "node:test";
import { currentCase, fold, peopleHere, present, presenterName, seatOf } from "../../web/js/core/document.js";
import { candidates, standingOf } from "../../web/js/core/standing.js";
import { kase, series } from "./examples.mjs";

const seat = (id, role = "participant", colour = 1, more = {}) => ({ id, name: `Dr. ${id}`, role, colour, invitation: "i", removed: false, ...more });
const doc = {
  consult: { id: "c", title: "Board", host_name: "Dr. Host", opened_at: 0, ended_at: null },
  cases: [kase(series()), { ...kase(series()), id: "c2" }], case: 1, current: "c1",
  control: { epoch: 1, seat: "h", requests: [] }, seats: [seat("h", "host", 0), seat("g", "participant", 2), seat("w", "viewer", 1)],
};

test("an event puts its record", () => {
  assert.equal(seatOf(fold(doc, { type: "seat_put", seat: seat("g", "participant", 2, { name: "Ann" }) }), "g").name, "Ann");
  assert.equal(fold(doc, { type: "seat_put", seat: seat("n") }).seats.length, 4);
  assert.equal(fold(doc, { type: "control_put", control: { epoch: 2, seat: "g", requests: [] } }).control.seat, "g");
  const switched = fold(doc, { type: "case_switched", epoch: 2, case: "c2" });
  assert.deepEqual([switched.case, currentCase(switched).id], [2, "c2"]);
  assert.equal(fold(doc, { type: "consult_ended", consult: { ...doc.consult, ended_at: 9 } }).consult.ended_at, 9);
  assert.equal(fold(doc, { type: "consult_opened", consult: doc.consult, cases: [] }).cases.length, 0);
});

test("what a page does not see changes nothing", () => {
  for (const type of ["view_settled", "owner_changed", "invitation_put", "tomorrow"]) assert.equal(fold(doc, { type }), doc);
});

test("people are listed in the order of joining, without who was removed", () => {
  assert.deepEqual(present(doc).map((s) => s.id), ["h", "w", "g"]);
  assert.deepEqual(present(fold(doc, { type: "seat_put", seat: seat("w", "viewer", 1, { removed: true }) })).map((s) => s.id), ["h", "g"]);
});

test("the presenter is who has control, else the host", () => {
  assert.equal(presenterName(doc), "Dr. h");
  assert.equal(presenterName({ ...doc, control: { ...doc.control, seat: null } }), "Dr. Host");
});

test("what one may do depends on role and control, and control is not a role", () => {
  const guestDrives = { ...doc, control: { epoch: 2, seat: "g", requests: [] } };
  const told = (d, me) => Object.entries(standingOf(d, me)).filter(([, yes]) => yes).map(([what]) => what).sort();
  assert.deepEqual(told(doc, "h"), ["drives", "host", "mayGrant", "maySwitchCase"]);
  assert.deepEqual(told(doc, "g"), ["mayAsk"]);
  assert.deepEqual(told(doc, "w"), []);
  assert.deepEqual(told(guestDrives, "h"), ["host", "mayGrant", "maySwitchCase", "mayTake"]);
  assert.deepEqual(told(guestDrives, "g"), ["drives", "mayGiveBack", "mayGrant", "maySwitchCase"]);
  assert.equal(standingOf({ ...doc, control: { ...doc.control, requests: ["g"] } }, "g").asked, true);
});

test("control goes to who is here, not to viewers and not to who has it", () => {
  assert.deepEqual(candidates(doc, new Set(["h", "g", "w"])).map((s) => s.id), ["g"]);
  assert.deepEqual(candidates(doc, new Set(["h"])), []);
});

test("two people of one name who are here are told apart, in the order of joining", () => {
  const seat = (id, name, colour, more = {}) => ({ id, name, role: "participant", colour, invitation: "i", removed: false, ...more });
  const seats = [seat("z", "Surgeon", 3), seat("x", "Surgeon", 1), seat("y", "surgeon", 2), seat("r", "Surgeon", 0, { removed: true }), seat("w", "Surgeon", 4)];
  const doc = { seats, control: { seat: "x" } };
  const names = (...online) => peopleHere(doc, new Set(online)).map((s) => s.name);
  assert.deepEqual(names("x", "y", "z", "r"), ["Surgeon", "surgeon (2)", "Surgeon (3)"]);
  assert.deepEqual(names("z"), ["Surgeon"], "who has gone, or came back on another seat, counts no more");
  assert.deepEqual(candidates(doc, new Set(["x", "z"])).map((s) => s.name), ["Surgeon (2)"], "named as in the list of people");
});
