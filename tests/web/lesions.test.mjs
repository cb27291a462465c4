import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cellWords, changeWords, doubtWords, responseWords, sumWords } from "../../web/js/core/record/lesion-words.js";
import { entryOf, lesionTable } from "../../web/js/core/record/lesions.js";

const examples = JSON.parse(readFileSync(new URL("../lesions.json", import.meta.url), "utf8"));
const plain = (text) => text.replaceAll("\u00a0", " ");
const rounded = (value) => (value === null ? null : Math.round(value * 1e4) / 1e4);
const pair = (change) => change && [rounded(change.mm), rounded(change.percent)];

for (const { why, entries, ...wanted } of examples) {
  test(`lesions: ${why}`, () => {
    const table = lesionTable(entries);
    assert.deepEqual(table.dates, wanted.dates);
    assert.deepEqual(
      table.rows.map(({ label, kind, cells }) => [label, kind, cells.map((cell) => cell?.value ?? null)]),
      wanted.rows,
    );
    assert.deepEqual(
      table.sums.map((sum) => [sum.value, rounded(sum.nadir), pair(sum.from_baseline), pair(sum.from_nadir)]),
      wanted.sums,
    );
    assert.deepEqual(
      table.sums.map((sum) => sum.missing),
      wanted.missing,
    );
    assert.deepEqual(
      table.doubts.map(({ rule, label, number }) => [rule, label, number]),
      wanted.doubts,
    );
  });
}

const finding = (lesion) => ({ id: "f", title: "T", label: "A", lesion, lesion_state: "", views: [] });
const number = (quantity, value, check = "confirmed") => ({ quantity, value, unit: "mm", check, taken_by: "" });
const mark = (id, kind) => ({ id, kind, series: "s", points: [] });

test("of a lymph node the short axis counts, of all others the long one, and nothing that is not confirmed", () => {
  const marks = [mark("p", "polyline"), mark("m", "bidirectional")];
  const numbers = [
    { mark: "p", numbers: [number("length", 99)] },
    { mark: "m", numbers: [number("length", 20), number("short_axis", 12)] },
  ];
  assert.equal(entryOf({ finding: finding("target_node"), marks, numbers }, "d").number.value, 12);
  assert.equal(entryOf({ finding: finding("target"), marks, numbers }, "d").number.value, 20);
  const open = [{ mark: "m", numbers: [number("length", 20, "differs")] }];
  assert.equal(entryOf({ finding: finding("target"), marks, numbers: open }, "d").number, null);
  const alone = [{ mark: "l", numbers: [number("length", 16)] }];
  const line = { finding: finding("target_node"), marks: [mark("l", "length")], numbers: alone };
  assert.equal(entryOf(line, "d").number.value, 16);
});

test("the table in words", () => {
  assert.equal(plain(cellWords({ finding: "f", value: 22.44, unit: "mm", state: "" })), "22.4 mm");
  assert.equal(
    plain(cellWords({ finding: "f", value: 5, unit: "mm", state: "too_small" })),
    "5 mm (too small to measure)",
  );
  assert.equal(cellWords(null), "not done");
  assert.equal(plain(changeWords({ mm: -12.24, percent: -23.33 })), "\u221212.2 mm (\u221223.3 %)");
  assert.equal(plain(changeWords({ mm: 10, percent: null })), "+10.0 mm");
  assert.equal(sumWords({ value: null, unit: "", missing: ["A", "B"] }), "no sum: A, B not measured");
  assert.equal(responseWords("PR"), "PR, partial response");
  assert.equal(responseWords(""), "");
  assert.match(doubtWords({ rule: "too_small", label: "A", number: 10 }), /smaller than 10 mm/);
});
