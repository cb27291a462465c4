import assert from "node:assert/strict";
import { test } from "node:test";
import { lacking, nextLists, withLists } from "../../web/js/core/session/lists.js";
import { imageAt, places, times } from "../../web/js/core/view/series.js";
import { doc } from "./consult.mjs";
import { kase, series, timed, view, viewport } from "./examples.mjs";

/** A series as it is told: without its lists. */
const disclosed = (s) => ({
  ...s,
  grid: { ...s.grid, positions: [] },
  axis: s.axis ? { ...s.axis, labels: [], missing: [] } : null,
  unlisted: { places: places(s), times: times(s) },
});
const showing = (...keys) => ({
  ...view(viewport()),
  viewports: keys.map((key) => ({ ...viewport(), shows: { type: "stack", series: key, place: 0, time: 0 } })),
});

test("a series without its lists has its places and times, and with them all of it", () => {
  const whole = timed({ missing: [[1, 4]] });
  const bare = disclosed(whole);
  assert.deepEqual([places(bare), times(bare)], [places(whole), times(whole)]);
  const lists = { positions: whole.grid.positions, labels: whole.axis.labels, missing: whole.axis.missing };
  const before = doc({ cases: [kase(bare)] });
  const after = withLists(before, whole.key, { ...lists, values: { b_value: [0] } });
  assert.deepEqual(after.cases[0].series[0], { ...whole, values: { b_value: [0] }, unlisted: null });
  assert.equal(imageAt(after.cases[0].series[0], 4, 1), -1);
  assert.deepEqual(withLists(after, whole.key, { positions: [] }), after, "what is here already stays");
});

test("what is shown comes first, then what lies beside it", () => {
  const all = ["a", "b", "c", "d", "e"].map((key) => disclosed(series({ key })));
  const of = { ...kase(series()), series: all };
  assert.deepEqual(lacking(of, showing("d", "a"), null), ["a", "d"]);
  const order = [];
  for (let key = ""; key !== null; key = nextLists(of, showing("d"), new Set(order))) if (key) order.push(key);
  assert.deepEqual(order, ["d", "c", "e", "b", "a"]);
  assert.equal(nextLists(null, showing("d"), new Set()), null);
});
