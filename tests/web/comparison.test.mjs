/** Numbers and comparisons in words: the same examples as the server's. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { comparisonsOf, comparisonWords, intervalWords } from "../../web/js/core/record/comparison.js";
import { amount, counts, valuesWords } from "../../web/js/core/record/numbers.js";
import { doc } from "./consult.mjs";
import { before, kase, now, series } from "./examples.mjs";

const examples = JSON.parse(readFileSync(new URL("../comparisons.json", import.meta.url), "utf8"));
const number = (value, more = {}) => ({
  quantity: "length",
  value,
  unit: "mm",
  check: "confirmed",
  taken_by: "",
  ...more,
});

/** A consult with these findings, each with a length on the study of its date, and a short axis where there is one. */
function consult(findings, more = {}, lesion = "") {
  const marks = findings.map(([id, , date]) => ({
    id: `m-${id}`,
    case: "c1",
    series: date === now.date ? "s1" : "s2",
    points: [[0, 0, 0]],
  }));
  return doc({
    cases: [kase(series(), series({ key: "s2", study: before.key }))],
    findings: findings.map(([id, label]) => ({ id, case: "c1", label, lesion, marks: [`m-${id}`] })),
    marks,
    numbers: findings.map(([id, , , ...values]) => ({
      mark: `m-${id}`,
      case: "c1",
      points: [[0, 0, 0]],
      numbers: values.map((value, i) => number(value, i === 0 ? more : { ...more, quantity: "short_axis" })),
    })),
  });
}

test("intervals and amounts", () => {
  for (const [days, words] of examples.intervals) assert.equal(intervalWords(days), words);
  for (const [quantity, value, unit, words] of examples.amounts) assert.equal(amount({ quantity, value, unit }), words);
});

for (const { why, lesion, findings, words } of examples.rows)
  test(why, () => {
    const of = consult(findings, {}, lesion);
    const rows = comparisonsOf(of, of.cases[0]).map((row) => comparisonWords(row).replace("→", "->"));
    assert.deepEqual(rows, words);
  });

test("a number that is not confirmed is neither compared nor said", () => {
  const of = consult(examples.rows[0].findings, { check: "differs" });
  assert.deepEqual(comparisonsOf(of, of.cases[0]), []);
  assert.equal(counts(number(1, { check: "differs", taken_by: "h" })), true);
  const all = [
    { numbers: [number(22.4), number(3, { check: "differs" })] },
    { numbers: [number(-37, { quantity: "mean", unit: "HU" })] },
  ];
  assert.equal(valuesWords(all), "22.4 mm; mean \u221237 HU");
});
