import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { interval, studyDate, studyLabel, studyLine, unshownWords } from "../../web/js/core/study-label.js";

const examples = JSON.parse(readFileSync(new URL("../study-labels.json", import.meta.url), "utf8"));

for (const { why, studies, dates, labels } of examples) {
  test(`studies by date: ${why}`, () => {
    const all = studies.map(([date, time], i) => ({ key: `k${i}`, date, time }));
    for (const order of [all, all.toReversed()]) {
      assert.deepEqual(
        all.map((s) => studyDate(s, order)),
        dates,
      );
      assert.deepEqual(
        all.map((s) => studyLabel(s, order)),
        labels,
      );
    }
  });
}

test("date and label in one line", () => {
  const studies = [
    { key: "a", date: "2026-11-24" },
    { key: "b", date: "2026-11-21" },
  ];
  assert.deepEqual(
    studies.map((s) => studyLine(s, studies)),
    ["24 Nov 2026, CURRENT", "21 Nov 2026, PRIOR, 3 days before"],
  );
});

test("without a date there is no interval", () => {
  assert.equal(interval("", "2026-11-24"), "");
  assert.equal(interval(undefined, undefined), "");
});

test("what is not shown is told apart by its series, where it is called the same", () => {
  // Seen to fail: three rows said "Segmentation: SEGMENTATION".
  const row = (number, name = "SEGMENTATION", count = 1) => ({ study: "s", kind: "Segmentation", name, count, number });
  const all = [row(300), row(301), row(302, "Liver", 2), row(0, "Other")];
  assert.deepEqual(
    all.map((what) => unshownWords(what, all)),
    [
      "Series 300 · Segmentation: SEGMENTATION",
      "Series 301 · Segmentation: SEGMENTATION",
      "Segmentation: Liver (2)",
      "Segmentation: Other",
    ],
  );
  assert.equal(unshownWords({ study: "s", kind: "PDF document", name: "" }, []), "PDF document");
});
