/** The host's home: search, selection, words, expiry, and which piece of an upload goes next. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FinishedCards, STAYS_MS } from "../../web/js/home/upload-queue.js";

import { expiries, until } from "../../web/js/core/joining/expiry.js";
import { find, matches, offered } from "../../web/js/home/search.js";
import { consultName, patientLines } from "../../web/js/home/consult-list.js";
import { patientsOf } from "../../web/js/home/upload-cards.js";
import { defaultTitle, differences, leftOut, partWords, shownValue, summary } from "../../web/js/home/selection.js";
import {
  backoff,
  continuation,
  FIRST_PIECE_BYTES,
  LEAST_PIECE_BYTES,
  MOST_PIECE_BYTES,
  UploadQueue,
} from "../../web/js/home/upload-queue.js";
import { objectWords, seriesWords } from "../../web/js/home/removal/study-contents.js";
import { named } from "../../web/js/core/words.js";
import { count } from "../../web/js/core/format.js";
import { lasting, left, Rate, refusedWords, size, sizeOf, takenWords } from "../../web/js/home/words.js";

const study = (more = {}, patient = {}) => ({
  uid: "1.2",
  key: "k",
  description: "CT chest with contrast",
  date: "2026-11-24",
  time: "09:12:40",
  modalities: ["CT"],
  series: 5,
  images: 452,
  accession_number: "A-77",
  patient: { name: "DEMO^ANNA", id: "10042", birth_date: "1961-03-14", sex: "F", ...patient },
  ...more,
});
const wish = (more = {}) => ({ text: "", modality: "", days: 0, column: "acquired", falling: true, ...more });
const NOW = new Date(2026, 10, 24, 12, 0).getTime();

test("a study is found by name, id, description, date, modality and accession number", () => {
  for (const text of [
    "anna",
    "demo anna",
    "10042",
    "chest",
    "2026-11-24",
    "20261124",
    "24 nov",
    "ct",
    "a-77",
    "ANNA contrast",
    "DEMO, Anna",
    "14.03.1961",
    "14.3.1961",
    "14/03/1961",
    "03/14/1961",
    "1961-03-14",
    "14 Mar 1961",
    "14 March 1961 anna",
    "19610314",
    "mar 1961",
  ])
    assert.ok(matches(study(), text), text);
  for (const text of ["berta", "2026-11-25", "mr ", "anna brain", "14 Mar 2026", "24.11.1961", "15.03.1961"])
    assert.ok(!matches(study(), text), text);
  assert.ok(matches(study({}, { name: "MÜLLER^JOSÉ" }), "muller jose"));
  assert.ok(matches(study({ modalities: ["CT", "PT"] }), "pet"));
});

test("filters and order are as wished, ties by the newest", () => {
  const old = study({ uid: "1.1", date: "2026-05-19", modalities: ["MR"] });
  const berta = study({ uid: "1.3", date: "2026-11-18", modalities: ["CR"] }, { name: "DEMO^BERTA" });
  const all = [old, berta, study()];
  const uids = (w) => find([...all], wish(w), NOW).map((s) => s.uid);
  assert.deepEqual(uids(), ["1.2", "1.3", "1.1"]);
  assert.deepEqual(uids({ falling: false }), ["1.1", "1.3", "1.2"]);
  assert.deepEqual(uids({ column: "patient", falling: false }), ["1.2", "1.1", "1.3"]);
  assert.deepEqual(uids({ days: 7 }), ["1.2", "1.3"]);
  assert.deepEqual(uids({ days: 1 }), ["1.2"]);
  assert.deepEqual(uids({ modality: "X-ray" }), ["1.3"]);
  assert.deepEqual(offered(all), ["CT", "MR", "X-ray"]);
});

test("different patients differ by each field, ends of names and what is unknown do not", () => {
  assert.deepEqual(differences([study(), study({}, { name: "DEMO^ANNA^^ " })]), []);
  assert.deepEqual(differences([study(), study({}, { name: "DEMO^BERTA", sex: "" })]), [
    { tag: "PatientName", values: ["DEMO^ANNA", "DEMO^BERTA"] },
  ]);
  assert.deepEqual(
    differences([study(), study({}, { id: "1", birth_date: "1961-03-15" })]).map((d) => d.tag),
    ["PatientID", "PatientBirthDate"],
  );
});

test("one number of two issuers is two patients; no issuer says nothing", () => {
  const [north, south, unsaid] = ["NORTH", "SOUTH", ""].map((issuer) => study({}, { issuer }));
  assert.deepEqual(differences([north, south]), [{ tag: "IssuerOfPatientID", values: ["NORTH", "SOUTH"] }]);
  assert.deepEqual(differences([north, unsaid]), []);
});

test("what differs is written as people read it", () => {
  assert.equal(shownValue("PatientName", "DEMO^ANNA"), "DEMO, Anna");
  assert.equal(shownValue("PatientBirthDate", "1961-03-14"), "14 Mar 1961");
  assert.equal(shownValue("PatientID", ""), "(empty)");
});

test("a consult and an upload name whom they are about", () => {
  const [anna, berta] = [study().patient, { name: "DEMO^ANNA", id: "2", birth_date: "1970-01-01" }];
  const consult = { title: "Board", patients: [anna, berta] };
  assert.equal(consultName(consult), "2 patients, Board");
  const note = "2 patients of this name: birth dates differ";
  assert.deepEqual(patientLines(consult, consult.patients), [
    `DEMO, Anna · born 14 Mar 1961 · ID 10042 · case 1 of 2 · ${note}`,
    `DEMO, Anna · born 1 Jan 1970 · ID 2 · case 2 of 2 · ${note}`,
  ]);
  const one = { title: "", patients: [anna] };
  assert.equal(consultName(one), "DEMO, Anna");
  assert.deepEqual(patientLines(one, one.patients), ["born 14 Mar 1961 · ID 10042"]);
  const studies = [study(), study({ uid: "1.3" }), study({ uid: "1.4" }, berta)];
  assert.deepEqual(patientsOf({ studies: ["1.2", "1.3"] }, studies), [
    `DEMO, Anna · born 14 Mar 1961 · ID 10042 · ${note}`,
  ]);
});

test("a host reads which file says what, and leaves out a series, or a file of it", () => {
  const part = { study: "1", series: "k1", name: "AI result", files: ["004.dcm"], instances: ["1.4"], count: 1 };
  const [odd, right] = [
    { ...part, values: { PatientSex: "M" } },
    { ...part, files: ["a", "b", "c"], instances: ["1.1", "1.2", "1.3"], count: 9, values: { PatientSex: "" } },
  ];
  assert.equal(partWords(odd), "AI result, 1 file (004.dcm): Sex M");
  assert.equal(partWords(right), "AI result, 9 files (a, b, c, \u2026): Sex (empty)");
  assert.deepEqual(leftOut(odd, [odd]), ["k1"]);
  assert.deepEqual(leftOut(odd, [right, odd]), ["1.4"]);
});

test("a selection shows what it is", () => {
  assert.equal(summary([]).heading, "Open a consult");
  assert.equal(summary([study()]).heading, "1 study of DEMO, Anna");
  const [old, older] = [study({ key: "o", date: "2026-05-19" }), study({ key: "p", date: "2004-05-19" })];
  assert.deepEqual(summary([study(), old]), {
    heading: "2 studies of DEMO, Anna",
    who: "born 14 Mar 1961 · ID 10042",
    text: "1 current, 1 prior. The prior is put on the right.",
  });
  assert.match(summary([study(), old, older]).text, /^1 current, 2 priors/);
  assert.equal(summary([study(), study({ key: "l", time: "18:00:00" })]).text, "All of one day: no priors.");
  assert.equal(defaultTitle([study({ date: "2026-05-19", description: "old" }), study({ description: "new" })]), "new");
});

test("pieces go file by file, several files at once, never two of one file", () => {
  const queue = new UploadQueue([10, 0, 20]);
  assert.deepEqual(queue.next(), { number: 0, offset: 0, length: 10 });
  assert.deepEqual(queue.next(), { number: 2, offset: 0, length: 20 });
  assert.equal(queue.next(), null);
  queue.sent(0, 4);
  assert.deepEqual(queue.next(), { number: 0, offset: 4, length: 6 });
  queue.sent(0, 10);
  queue.failed(2);
  assert.deepEqual(queue.next(), { number: 2, offset: 0, length: 20 });
  queue.sent(2, 20);
  assert.ok(queue.done);
  assert.equal(queue.here, 30);
});

test("after a cut the server shows where to go on, be it less than before", () => {
  const queue = new UploadQueue([10, 20, 30]);
  for (const [number, offset] of [
    [0, 10],
    [1, 20],
    [2, 5],
  ])
    queue.sent(number, offset);
  queue.next();
  queue.failed(2);
  queue.resync([10, 7, 5]);
  assert.deepEqual(queue.next(), { number: 1, offset: 7, length: 13 });
  assert.deepEqual(queue.next(), { number: 2, offset: 5, length: 25 });
  queue.giveUp(1);
  queue.sent(2, 30);
  assert.ok(queue.done);
});

test("pieces become as long as the network likes them, within bounds", () => {
  const queue = new UploadQueue([1e9]);
  assert.equal(queue.next()?.length, FIRST_PIECE_BYTES);
  for (let i = 0; i < 9; i++) queue.tune(queue.pieceBytes, 10);
  assert.equal(queue.pieceBytes, MOST_PIECE_BYTES);
  queue.tune(1000, 900);
  assert.equal(queue.pieceBytes, LEAST_PIECE_BYTES);
  queue.tune(1000, 1);
  assert.equal(queue.pieceBytes, LEAST_PIECE_BYTES, "a small file counts for nothing of long pieces");
  assert.deepEqual([0, 1, 9].map(backoff), [250, 500, 5000]);
});

test("the same files dropped again go on with their upload, others do not", () => {
  const [a, b] = [
    { name: "CD/a", size: 1 },
    { name: "CD/b", size: 2 },
  ];
  assert.deepEqual(continuation([b, a], [a, b], [0, 1]), [a, b]);
  assert.equal(continuation([a], [a, b], [0, 0]), null);
  assert.equal(continuation([a, { name: "CD/b", size: 3 }], [a, b], [0, 0]), null);
  assert.equal(continuation([a, b, { name: "CD/c", size: 3 }], [a, b], [0, 0]), null);
});

test("numbers, sizes and times are written for people", () => {
  assert.deepEqual([1, 1204, 12345678].map(count), ["1", "1\u00a0204", "12\u00a0345\u00a0678"]);
  assert.deepEqual([0, 999, 1500, 12e6, 3.2e9].map(size), ["0 B", "999 B", "1.5 kB", "12 MB", "3.2 GB"]);
  assert.equal(sizeOf(318e6, 512e6), "318 of 512 MB");
  assert.equal(sizeOf(0.9e6, 512e6), "0.9 of 512 MB");
  assert.deepEqual([3, 60, 7200, Infinity].map(left), ["5 s left", "1 min left", "2 h left", ""]);
  assert.deepEqual([5, 34 * 60, 7200, 3 * 86400].map(lasting), ["just now", "34 min", "2 h", "3 days"]);
  assert.deepEqual([["A"], ["A", "B"], ["A", "B", "C", "D"]].map(named), ["A", "A and B", "A, B and 2 others"]);
});

test("what was taken and refused is shown with its reason", () => {
  assert.equal(refusedWords({}), "");
  assert.equal(refusedWords({ not_dicom: 3 }), "3 files refused: not DICOM");
  assert.equal(refusedWords({ not_dicom: 1, bad_zip: 1 }), "2 files refused: not DICOM, broken zip");
  assert.equal(refusedWords({ strange: 1 }), "1 file refused: see why");
  assert.equal(takenWords({ taken: 12, duplicates: 1, skipped: 0 }), "12 files imported, 1 file was here already");
});

test("a rate is of the last seconds", () => {
  const rate = new Rate(8);
  assert.equal(rate.perSecond, 0);
  for (let t = 0; t <= 100; t++) rate.add(t < 50 ? t * 10 : 500, t);
  assert.equal(rate.perSecond, 0);
});

test("a link's end is offered and shown in the reader's own time", () => {
  const morning = new Date(2026, 10, 24, 9, 0);
  assert.deepEqual(
    expiries(morning).map((e) => e.seconds),
    [7 * 86400, 9 * 3600, 33 * 3600, 3600, null],
  );
  assert.ok(!expiries(new Date(2026, 10, 24, 17, 45)).some((e) => e.name.startsWith("Today")));
  assert.equal(until(new Date(2026, 10, 24, 18, 0).getTime() / 1000, morning), "until 18:00");
  assert.equal(until(new Date(2026, 10, 25, 18, 0).getTime() / 1000, morning), "until 25 Nov 2026, 18:00");
  assert.equal(until(null, morning), "");
});

test("a card of an upload goes when it has been read; one that refused something waits for it", () => {
  const cards = new FinishedCards();
  const upload = (id, more = {}) => ({ id, finished: true, refused: {}, problem: "", ...more });
  assert.ok(!cards.stays(upload("of yesterday"), 0), "finished before this page was there");
  assert.ok(cards.stays(upload("a", { finished: false }), 0));
  assert.ok(cards.stays(upload("a"), 1000));
  assert.ok(cards.stays(upload("a"), 999 + STAYS_MS));
  assert.ok(!cards.stays(upload("a"), 1000 + STAYS_MS));
  assert.ok(cards.stays(upload("b", { refused: { no_dicom: 2 } }), 1e9));
  assert.ok(cards.stays(upload("c", { problem: "The disk is full." }), 1e9));
});

test("a series and a file that can be removed are named as people know them", () => {
  const one = { uid: "1.2", number: 5, name: "CT lung", modality: "CT", images: 1, objects: [] };
  assert.equal(seriesWords(one), "Series 5 \u00b7 CT \u00b7 CT lung \u00b7 1 image");
  assert.equal(seriesWords({ ...one, name: "", images: 0 }), "Series 5 \u00b7 CT \u00b7 no images");
  const odd = { uid: "1.2.3", name: "disc/IMG 7.dcm", values: { PatientName: "OTHER^ANN", PatientID: "" } };
  assert.equal(objectWords(odd), "IMG 7.dcm \u00b7 Name: OTHER, Ann \u00b7 Patient ID: (empty)");
  assert.equal(objectWords({ uid: "1.2.3", name: "", values: {} }), "1.2.3");
});
