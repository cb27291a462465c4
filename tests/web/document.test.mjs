import assert from "node:assert/strict";
import { test } from "node:test";
import {
  currentCase,
  fold,
  peopleHere,
  present,
  presenterName,
  seatOf,
  sentOut,
  waitingSeats,
} from "../../web/js/core/session/document.js";
import { deletedWords, deletion } from "../../web/js/core/loading.js";
import { folded } from "../../web/js/core/people/names.js";
import { candidates, standingOf } from "../../web/js/core/session/standing.js";
import { kase, series } from "./examples.mjs";

const seat = (id, role = "participant", colour = 1, more = {}) => ({
  id,
  name: `Dr. ${id}`,
  role,
  colour,
  invitation: "i",
  removed: false,
  ...more,
});
const doc = {
  consult: { id: "c", title: "Board", host_name: "Dr. Host", opened_at: 0, ended_at: null },
  cases: [kase(series()), { ...kase(series()), id: "c2" }],
  case: 1,
  current: "c1",
  control: { epoch: 1, seat: "h", requests: [] },
  seats: [seat("h", "host", 0), seat("g", "participant", 2), seat("w", "viewer", 1)],
};

test("an event puts its record", () => {
  assert.equal(
    seatOf(fold(doc, { type: "seat_put", seat: seat("g", "participant", 2, { name: "Ann" }) }), "g").name,
    "Ann",
  );
  assert.equal(fold(doc, { type: "seat_put", seat: seat("n") }).seats.length, 4);
  assert.equal(fold(doc, { type: "control_put", control: { epoch: 2, seat: "g", requests: [] } }).control.seat, "g");
  const switched = fold(doc, { type: "case_switched", epoch: 2, case: "c2" });
  assert.deepEqual([switched.case, currentCase(switched).id], [2, "c2"]);
  assert.equal(fold(doc, { type: "consult_ended", consult: { ...doc.consult, ended_at: 9 } }).consult.ended_at, 9);
});

test("what a page does not see changes nothing", () => {
  for (const type of ["view_settled", "owner_changed", "invitation_put", "tomorrow"])
    assert.equal(fold(doc, { type }), doc);
});

test("people are listed in the order of joining, without who was removed", () => {
  assert.deepEqual(
    present(doc).map((s) => s.id),
    ["h", "w", "g"],
  );
  assert.deepEqual(
    present(fold(doc, { type: "seat_put", seat: seat("w", "viewer", 1, { removed: true }) })).map((s) => s.id),
    ["h", "g"],
  );
});

test("who waits before the door is not in the consult, and neither is who was not let in", () => {
  const put = (d, id, more) => fold(d, { type: "seat_put", seat: seat(id, "participant", 5, more) });
  let now = put(doc, "late", { lobby: "waiting", asked_at: 20 });
  now = put(now, "early", { lobby: "waiting", asked_at: 10 });
  now = put(now, "out", { lobby: "denied", removed: true });
  assert.deepEqual(
    waitingSeats(now).map((s) => s.id),
    ["early", "late"],
  );
  assert.deepEqual(
    present(now).map((s) => s.id),
    ["h", "w", "g"],
  );
  assert.deepEqual(
    sentOut(now).map((s) => s.id),
    ["out"],
  );
  assert.equal(present(put(now, "early", { lobby: "" })).length, 4);
  assert.deepEqual(
    waitingSeats(put(now, "early", { lobby: "waiting", removed: true })).length,
    1,
    "the link is revoked",
  );
});

test("the presenter is who has control, else the host", () => {
  assert.equal(presenterName(doc), "Dr. h");
  assert.equal(presenterName({ ...doc, control: { ...doc.control, seat: null } }), "Dr. Host");
});

test("what one may do depends on role and control, and control is not a role", () => {
  const guestDrives = { ...doc, control: { epoch: 2, seat: "g", requests: [] } };
  const found = (d, me) =>
    Object.entries(standingOf(d, me))
      .filter(([, yes]) => yes)
      .map(([what]) => what)
      .sort();
  assert.deepEqual(found(doc, "h"), ["drives", "host", "mayDraw", "mayGrant", "maySwitchCase"]);
  assert.deepEqual(found(doc, "g"), ["mayAsk", "mayDraw", "mayLead"]);
  assert.deepEqual(found(doc, "w"), []);
  assert.deepEqual(found(guestDrives, "h"), ["host", "mayDraw", "mayGrant", "maySwitchCase", "mayTake"]);
  assert.deepEqual(found(guestDrives, "g"), ["drives", "mayDraw", "mayGiveBack", "mayGrant", "maySwitchCase"]);
  assert.equal(standingOf({ ...doc, control: { ...doc.control, requests: ["g"] } }, "g").asked, true);
});

test("control goes to who is here, not to viewers and not to who has it", () => {
  assert.deepEqual(
    candidates(doc, new Set(["h", "g", "w"])).map((s) => s.id),
    ["g"],
  );
  assert.deepEqual(candidates(doc, new Set(["h"])), []);
});

test("two people of one name who are here are distinguished, in the order of joining", () => {
  const seat = (id, name, colour, more = {}) => ({
    id,
    name,
    role: "participant",
    colour,
    invitation: "i",
    removed: false,
    ...more,
  });
  const seats = [
    seat("z", "Surgeon", 3),
    seat("x", "Surgeon", 1),
    seat("y", "surgeon", 2),
    seat("r", "Surgeon", 0, { removed: true }),
    seat("w", "Surgeon", 4),
  ];
  const doc = { seats, control: { seat: "x" }, consult: { host_name: "Dr. Host" } };
  const names = (...online) => peopleHere(doc, new Set(online)).map((s) => s.name);
  assert.deepEqual(names("x", "y", "z", "r"), ["Surgeon", "surgeon (2)", "Surgeon (3)"]);
  assert.deepEqual(names("z"), ["Surgeon"], "who has gone, or came back on another seat, counts no more");
  assert.deepEqual(
    candidates(doc, new Set(["x", "z"])).map((s) => s.name),
    ["Surgeon (2)"],
    "named as in the list of people",
  );
});

test("a guest with a host's name says so, whatever letters it is written in; a host does not", () => {
  const named = (...names) => ({
    ...doc,
    seats: [seat("h", "host", 0), ...names.map((name, i) => seat(`g${i}`, "viewer", i + 1, { name }))],
  });
  const crowd = named("dr.h", "DR  H", "Dr. Нost", "Dr. Ho\u0301st", "Dr. Hostess");
  assert.deepEqual(
    present(crowd).map((s) => s.name),
    ["Dr. h", "dr.h (guest)", "DR  H (guest)", "Dr. Нost (guest)", "Dr. Ho\u0301st (guest)", "Dr. Hostess"],
  );
  assert.equal(seatOf(crowd, "g0").name, "dr.h (guest)", "in chat, at cursors and marks");
  assert.equal(folded("Ann"), folded(" аnn."), "Cyrillic a");
});

test("marks, key images and chat are put and taken by id; the oldest messages are no longer kept", () => {
  const empty = { ...doc, marks: [], key_images: [], chat: [] };
  const mark = (id, label = "") => ({
    id,
    kind: "probe",
    series: "s",
    image: 0,
    points: [[0, 0, 0]],
    label,
    case: "c1",
    author: "g",
    frame_of_reference: "",
  });
  const events = [
    { type: "mark_put", mark: mark("a") },
    { type: "mark_put", mark: mark("b") },
    { type: "mark_put", mark: mark("a", "changed") },
    { type: "mark_deleted", mark: "b" },
    { type: "key_image_put", key_image: { id: "k" } },
  ];
  const drawn = events.reduce(fold, empty);
  assert.deepEqual(
    drawn.marks.map((m) => [m.id, m.label]),
    [["a", "changed"]],
  );
  assert.deepEqual(
    drawn.key_images.map((k) => k.id),
    ["k"],
  );
  assert.deepEqual(fold(drawn, { type: "key_image_deleted", key_image: "k" }).key_images, []);
  const posted = Array.from({ length: 152 }, (_, i) => ({
    type: "chat_posted",
    message: { id: `${i}`, text: "x" },
  })).reduce(fold, empty);
  assert.equal(posted.chat.length, 150);
  assert.equal(posted.chat[0].id, "2");
  assert.equal(
    fold(posted, { type: "chat_posted", message: { id: "9", text: "again" } }).chat.length,
    150,
    "the same message is there once",
  );
});

test("findings, notes, critical results and readers are put by name; a signed version is never replaced", () => {
  const empty = { ...doc, findings: [], numbers: [], notes: [], signed: [], criticals: [], seen: [] };
  const events = [
    { type: "finding_put", finding: { id: "f1", title: "Nodule" } },
    { type: "finding_put", finding: { id: "f2", title: "Node" } },
    { type: "finding_put", finding: { id: "f1", title: "Mass" } },
    { type: "finding_deleted", finding: "f2", case: "c1" },
    { type: "numbers_put", numbers: { mark: "m1", sentence: "" } },
    { type: "numbers_put", numbers: { mark: "m1", sentence: "again" } },
    { type: "note_put", note: { case: "c1", order: [] } },
    { type: "note_put", note: { case: "c1", order: ["f1"] } },
    { type: "note_put", note: { case: "c2", order: [] } },
    { type: "note_signed", version: { id: "c1.1", digest: "a" } },
    { type: "note_signed", version: { id: "c1.1", digest: "forged" } },
    { type: "critical_put", critical: { id: "x1", stage: 0 } },
    { type: "critical_put", critical: { id: "x1", stage: 1 } },
    { type: "seen_put", seen: { id: "c1.1/g", seen_at: null } },
    { type: "seen_put", seen: { id: "c1.1/g", seen_at: 9 } },
  ];
  const now = events.reduce(fold, empty);
  assert.deepEqual(now.findings, [{ id: "f1", title: "Mass" }]);
  assert.deepEqual(now.numbers, [{ mark: "m1", sentence: "again" }]);
  assert.deepEqual(
    now.notes.map((note) => [note.case, note.order]),
    [
      ["c1", ["f1"]],
      ["c2", []],
    ],
  );
  assert.deepEqual(now.signed, [{ id: "c1.1", digest: "a" }]);
  assert.deepEqual(now.criticals, [{ id: "x1", stage: 1 }]);
  assert.deepEqual(now.seen, [{ id: "c1.1/g", seen_at: 9 }]);
});

test("what was deleted of a series is said of these images, and of no other", () => {
  const [one] = doc.cases[0].series;
  const event = { type: "images_deleted", series: one.key, images: [[1, 1]] };
  const after = fold(doc, event).cases[0];
  const less = after.series.find((s) => s.key === one.key);
  assert.deepEqual(less.deleted, [[1, 1]]);
  assert.equal(deletion(after, less, 1), "This image was deleted from the server.");
  assert.equal(deletion(after, less, 0), "");
  assert.equal(deletedWords(less), "1 image deleted");
  const all = { ...one, deleted: [[0, one.images - 1]] };
  assert.equal(deletion(after, all, 0), "The images of this series were deleted from the server.");
  assert.equal(deletedWords(all), "deleted");
  assert.equal(deletedWords(one), "");
});
