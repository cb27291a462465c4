/** A note as it is read: versions, order, studies, limits, readers, who writes, and what stops a signature. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { zoneWords, momentWords } from "../../web/js/core/record/moment.js";
import { agreementWords, otherWriters } from "../../web/js/core/record/note/fields.js";
import { limitsOf, limitWords, offeredLimits } from "../../web/js/core/record/note/limits.js";
import { findingsOf, moved } from "../../web/js/core/record/note/order.js";
import { readersOf, readerWords, readingOf } from "../../web/js/core/record/note/readers.js";
import { placeOfRefusal, stopsOf } from "../../web/js/core/record/note/stops.js";
import { stepsOf, stepWords, withStep } from "../../web/js/core/record/note/steps.js";
import { studiesIn, studyLines } from "../../web/js/core/record/note/studies.js";
import {
  nextStatuses,
  signatureWords,
  standingOfNote,
  traceOf,
  versionsOf,
} from "../../web/js/core/record/note/versions.js";
import { othersWriting, writersOf } from "../../web/js/core/record/note/writers.js";
import { doc } from "./consult.mjs";
import { before, kase, now, series, view, viewport } from "./examples.mjs";

const written = (text, author = "h", rev = 1) => ({ text, rev, author, author_name: `Dr. ${author}` });
const note = (fields, order = []) => ({ case: "c1", fields, order });
const confirmed = { side: "RIGHT", source: "outline", offered: "RIGHT", confirmed_by: "h", confirmed_name: "Dr. h" };
const finding = (id, more = {}) => ({
  id,
  case: "c1",
  author: "h",
  rev: 1,
  title: `Nodule ${id}`,
  text: "",
  label: "",
  category: "",
  marks: [],
  views: [],
  side: confirmed,
  ...more,
});
const signature = { seat: "h", name: "Dr. Host", role: "radiologist", at: 1795698300, utc_offset_min: 60 };
const version = (number, status, more = {}) => ({
  id: `c1.${number}`,
  case: "c1",
  number,
  status,
  changed: "",
  texts: { impression: "Growing." },
  findings: [],
  comparisons: [],
  patient: kase().patient,
  studies: [now, before],
  seen: ["now"],
  limits: [],
  signature,
  former: "",
  digest: "",
  ...more,
});
const records = (more = {}) =>
  doc({ findings: [], numbers: [], notes: [], signed: [], criticals: [], seen: [], ...more });
const signing = (more, how = {}) => ({ doc: records(more), me: "h", live: true, writings: null, unstored: [], ...how });
const codes = (what) => stopsOf(what).map((stop) => stop.code);
const ready = { notes: [note({ impression: written("Growing.") })], findings: [finding("f1")] };

test("a moment of the server has the server's zone, wherever it is read", () => {
  assert.deepEqual([0, 60, -210, 330].map(zoneWords), ["(UTC)", "(UTC+1)", "(UTC\u22123:30)", "(UTC+5:30)"]);
  assert.equal(momentWords(Date.UTC(2026, 10, 24, 23, 30) / 1000, 60), "25 Nov 2026 00:30 (UTC+1)");
  assert.match(
    signatureWords(version(1, "final")),
    /^Signed by Dr\. Host, radiologist, \d+ \w+ 2026 \d\d:\d\d \(UTC\+1\)$/,
  );
});

test("studies by date, each with its role", () => {
  assert.deepEqual(
    studyLines([before, now]).map(({ date, role }) => [date, role]),
    [
      ["24 Nov 2026", "CURRENT"],
      ["19 May 2026", "PRIOR, 6 months before"],
    ],
  );
  const of = kase(series(), series({ key: "s2", study: "before" }));
  assert.deepEqual(studiesIn(of, view(viewport(), viewport({ id: "b", series: "s2" }))), ["now", "before"]);
  assert.deepEqual(studiesIn(of, null), []);
});

const limits = JSON.parse(readFileSync(new URL("../limits.json", import.meta.url), "utf8"));
for (const { why, studies, series: all, limits: expected } of limits)
  test(`limits: ${why}`, () => {
    const found = limitsOf({
      studies: studies.map(([date, description, deleted], i) => ({
        ...now,
        key: `st-${i}`,
        date,
        description,
        deleted,
      })),
      series: all.map(([description, source_lossy, note, more]) => ({
        ...series(),
        study: "st-0",
        description,
        source_lossy,
        note,
        ...more,
      })),
    });
    assert.deepEqual(found, expected);
    assert.deepEqual(found.map(limitWords), expected);
  });

test("a series of which images are not here is offered as a limit, until the text has it", () => {
  const loadings = new Map([["s1", { series: "s1", ready: [[0, 95]], images: 160, failed: [], sentence: "" }]]);
  const [offered] = offeredLimits(kase(series()), loadings, "");
  assert.match(offered, /96 of 160 images/);
  assert.deepEqual(offeredLimits(kase(series()), loadings, `No contrast. ${offered}`), []);
});

test("findings stand in the note's order, others behind", () => {
  const all = ["a", "b", "c"].map((id) => finding(id));
  const ids = (order) => findingsOf(all, "c1", note({}, order)).map((f) => f.id);
  assert.deepEqual(ids([]), ["a", "b", "c"]);
  assert.deepEqual(ids(["c", "gone"]), ["c", "a", "b"]);
  assert.deepEqual(findingsOf([...all, finding("x", { case: "c2" })], "c1", null).length, 3);
  assert.deepEqual(moved(all, "c", -1), ["a", "c", "b"]);
  assert.deepEqual(moved(all, "a", -1), ["a", "b", "c"]);
});

test("who else wrote what", () => {
  const of = note({
    impression: written("x", "g"),
    limits: written("y", "g"),
    question: written("z"),
    category: written("", "g"),
  });
  assert.deepEqual(otherWriters(of, "h"), [{ seat: "g", name: "Dr. g", fields: ["impression", "limits"] }]);
  assert.equal(
    agreementWords({ agreement: "differs", local_report: "Nodule not named." }),
    "Differs from the local report: Nodule not named.",
  );
});

test("what others write is shown, not one's own, and none of another case", () => {
  const writings = {
    case: 1,
    writings: [
      { seat: "g", tab: "tab-g", field: "impression", text: "Gro" },
      { seat: "h", tab: "tab-1", field: "limits", text: "No" },
    ],
  };
  assert.deepEqual([...writersOf(writings, records(), "tab-1").keys()], ["impression"]);
  assert.equal(writersOf(writings, records(), "tab-1").get("impression")[0].seat.id, "g");
  assert.equal(writersOf({ ...writings, case: 2 }, records(), "tab-1").size, 0);
  assert.deepEqual(
    othersWriting(writings, 1, "h").map((w) => w.seat),
    ["g"],
  );
});

test("draft, preliminary, final, addendum", () => {
  assert.deepEqual(nextStatuses([]), ["preliminary", "final"]);
  assert.deepEqual(nextStatuses([version(1, "preliminary")]), ["preliminary", "final"]);
  assert.deepEqual(nextStatuses([version(1, "final")]), ["addendum"]);
  const of = note({ impression: written("Growing.") });
  const last = version(1, "final");
  assert.deepEqual(standingOfNote(of, [], ""), { word: "Draft", draft: true, version: null });
  assert.deepEqual(standingOfNote(of, [last], ""), { word: "Final, version 1", draft: false, version: last });
  assert.equal(standingOfNote(note({ impression: written("Gone.") }), [version(1, "final")], "").draft, true);
  assert.equal(standingOfNote(of, [version(1, "final")], traceOf([finding("f1")])).draft, true);
  assert.deepEqual(
    versionsOf([version(2, "final"), version(1, "preliminary"), { ...version(1, "final"), case: "c2" }], "c1").map(
      (v) => v.number,
    ),
    [1, 2],
  );
});

const reader = (seat, opened_at, seen_at) => ({
  id: `c1.1/${seat}`,
  version: "c1.1",
  seat,
  name: `Dr. ${seat}`,
  opened_at,
  seen_at,
  utc_offset_min: 60,
});

test("who has read it, and who has opened it and not said so", () => {
  const at = Date.UTC(2026, 10, 24, 13, 5) / 1000;
  const seen = [reader("g", at, null), reader("x", at, at)];
  const { seen: confirmed, opened } = readersOf(seen, "c1.1");
  assert.equal(readerWords(confirmed[0]), "Seen by Dr. x, 24 Nov 2026 14:05 (UTC+1)");
  assert.match(readerWords(opened[0]), /^Opened by Dr\. g, not said to be read, /);
  assert.deepEqual(readersOf(seen, "c1.2"), { seen: [], opened: [] });
  const of = version(1, "final");
  assert.deepEqual(
    ["h", "g", "x", "w"].map((me) => readingOf(seen, of, me)),
    ["own", "opened", "confirmed", "new"],
  );
});

test("nothing stops a note that is complete", () => assert.deepEqual(stopsOf(signing(ready)), []));

test("each thing that stops a signature has a sentence and the place where it is mended", () => {
  const open = finding("f2", { side: { ...confirmed, confirmed_by: "" } });
  const [empty, side] = stopsOf(signing({ findings: [open] }));
  assert.deepEqual([empty.code, empty.place], ["empty_impression", { field: "impression" }]);
  assert.deepEqual([side.code, side.place], ["side_missing", { finding: "f2" }]);
  assert.match(side.sentence, /“Nodule f2” has no side yet/);
});

test("a number that is not confirmed, or not there yet, stops it", () => {
  const mark = {
    id: "m1",
    case: "c1",
    kind: "length",
    points: [
      [0, 0, 0],
      [1, 0, 0],
    ],
  };
  const known = { mark: "m1", case: "c1", points: mark.points, numbers: [], side: "", side_source: "", sentence: "" };
  const of = (numbers) =>
    codes(signing({ ...ready, findings: [finding("f1", { marks: ["m1"] })], marks: [mark], numbers }));
  const number = { quantity: "length", value: 1, unit: "mm", check: "confirmed", taken_by: "" };
  assert.deepEqual(of([]), ["not_measured"]);
  assert.deepEqual(
    of([
      {
        ...known,
        points: [
          [9, 9, 9],
          [1, 0, 0],
        ],
      },
    ]),
    ["not_measured"],
  );
  assert.deepEqual(of([{ ...known, numbers: [{ ...number, check: "differs" }] }]), ["number_not_confirmed"]);
  assert.deepEqual(of([{ ...known, numbers: [{ ...number, check: "differs", taken_by: "g" }] }]), []);
  assert.deepEqual(of([{ ...known, numbers: [number] }]), []);
});

test("who writes just now, and what this page has not stored, stop it", () => {
  const writings = { case: 1, writings: [{ seat: "g", tab: "t", field: "limits", text: "x" }] };
  assert.deepEqual(codes(signing(ready, { writings })), ["being_written"]);
  assert.deepEqual(codes(signing(ready, { writings: { ...writings, case: 2 } })), []);
  assert.deepEqual(codes(signing(ready, { unstored: ["category"] })), ["not_stored"]);
});

test("who only watches does not sign, nor anybody once it is over or while the connection is lost", () => {
  assert.deepEqual(codes(signing(ready, { me: "w" })), ["not_allowed"]);
  assert.deepEqual(codes(signing({ ...ready, consult: { ...doc().consult, ended_at: 1 } })), ["over"]);
  assert.deepEqual(codes(signing(ready, { live: false })), ["not_live"]);
});

test("a text that names the other side, or marks that lie elsewhere since, stop it", () => {
  const of = (more, text = "Growing.") =>
    signing({ notes: [note({ impression: written(text) })], findings: [finding("f1", more)], marks: [mark], numbers });
  const mark = { id: "m1", case: "c1", kind: "length", points: [[0, 0, 0]] };
  const numbers = [{ mark: "m1", case: "c1", points: mark.points, numbers: [], side: "LEFT", side_source: "outline" }];
  assert.deepEqual(codes(of({ text: "In the left lung." })), ["side_contradicts"]);
  assert.deepEqual(codes(of({ marks: ["m1"] })), ["side_contradicts"]);
  assert.deepEqual(codes(of({ marks: ["m1"], side: { ...confirmed, offered: "LEFT" } })), []);
  assert.deepEqual(stopsOf(of({}, "Nodule on the left."))[0].place, { field: "impression" });
  assert.deepEqual(codes(of({}, "Nodule on the right, none on the left.")), []);
});

test("a refusal of the server leads to its place", () => {
  const of = records(ready);
  const at = (code, message) => placeOfRefusal(of, { code, message });
  assert.deepEqual(at("side_contradicts", '"Nodule f1" is on the RIGHT, and its text says "left".'), { finding: "f1" });
  assert.deepEqual(at("side_contradicts", 'The impression says "left", and all findings are on the RIGHT.'), {
    field: "impression",
  });
  assert.equal(at("signed_meanwhile", "Dr. g has signed version 1 meanwhile. Read it first."), null);
});

const steps = JSON.parse(readFileSync(new URL("../steps.json", import.meta.url), "utf8"));

test("what is recommended is read step by step, by the same examples as the server's", () => {
  for (const { text, steps: found } of steps) assert.deepEqual(stepsOf(text), found, text);
});

test("a step is added as a line, with who does it until when", () => {
  const step = { what: "EBUS | node", owner: "Surgeon", due: "2026-12-01" };
  assert.equal(withStep("Control.\n", step), "Control.\nEBUS node | Surgeon | 2026-12-01");
  assert.equal(withStep("", { what: "EBUS", owner: "", due: "" }), "EBUS");
  assert.equal(withStep("", { what: "EBUS", owner: "", due: "soon" }), "EBUS |  | soon");
  assert.deepEqual(stepsOf(withStep("", { what: "EBUS", owner: "", due: "soon" })), [
    { what: "EBUS", owner: "", due: "soon" },
  ]);
  assert.equal(stepWords(step), "Surgeon · 1 Dec 2026");
  assert.equal(stepWords({ what: "x", owner: "", due: "in May" }), "in May");
});
