import assert from "node:assert/strict";
import { test } from "node:test";
import * as f from "../../web/js/core/format.js";
import { kase, now, series } from "./examples.mjs";

test("dates are unambiguous; what is no date is nothing", () => {
  assert.equal(f.formatDate("2026-11-24"), "24 Nov 2026");
  assert.equal(f.formatDate("2026-03-04T09:12:40"), "4 Mar 2026");
  for (const none of ["", undefined, "20261124", "2026-13-01"]) assert.equal(f.formatDate(none), "");
});

test("times are as the file shows, whole or short", () => {
  assert.equal(f.formatTime("2026-11-24T09:12:40"), "09:12:40");
  assert.equal(f.formatTime("09:12:40", true), "09:12");
  assert.equal(f.formatTime("2026-11-24"), "");
});

test("ages have their unit", () => {
  assert.deepEqual(
    ["065Y", "006M", "003W", "012D", "", "65"].map((a) => f.formatAge(a).replace("\u00a0", " ")),
    ["65 y", "6 m", "3 w", "12 d", "", ""],
  );
});

test("numbers have a minus sign, and zero has none", () => {
  assert.equal(f.formatNumber(-893.04, 1), "\u2212893.0");
  assert.equal(f.formatNumber(-0.04, 1), "0.0");
});

test("windows are written as viewers write them", () => {
  const plain = (w) => f.formatWindow(w).replaceAll("\u00a0", " ");
  assert.equal(plain({ center: -600, width: 1500 }), "W 1500 L \u2212600");
  assert.equal(plain({ center: 40.5, width: 400 }), "W 400 L 40.5");
  assert.equal(plain({ center: 0.002, width: 0.004 }), "W 0.00400 L 0.00200");
});

test("a zoom and a percentage never show more than is shown", () => {
  assert.deepEqual([2.84, 1, 0.434, 12.3].map(f.formatZoom), ["2.8×", "1×", "0.43×", "12×"]);
  assert.equal(f.formatPercent(0.434), "43\u00a0%");
  assert.equal(f.formatPercent(0.9999), "99\u00a0%");
});

test("a person is who the file shows; what it does not show is left out", () => {
  const k = kase(series());
  assert.equal(f.formatPerson(k, now).replace("\u00a0", " "), "born 14 Mar 1961 · 65 y F");
  assert.equal(f.formatPerson({ ...k, patient: { ...k.patient, birth_date: "", sex: "" } }, { ...now, age: "" }), "");
});

test("initials are of the first and the last word, of a single word its first two letters", () => {
  assert.deepEqual(["Dr. Host", "Referring physician", "ann", "Ève Ñu", " "].map(f.initials), [
    "DH",
    "RP",
    "AN",
    "ÈÑ",
    "?",
  ]);
  assert.deepEqual(["Thoracic surgeon (2)", "Dr. Ann (Referring)", "(x)"].map(f.initials), ["T2", "DR", "X"]);
});
