import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as acts from "../../web/js/core/planes/acts.js";
import { layOut, oneUp, openPlanes } from "../../web/js/core/planes/layouts.js";
import { kase } from "./examples.mjs";

const { cases, sequences } = JSON.parse(readFileSync(new URL("../planes-acts.json", import.meta.url), "utf8"));

const ACTS = {
  move: (view, of, point) => acts.movePoint(view, of, point),
  scroll: (view, of, id, by) => acts.scrollPlane(view, of, id, by),
  turn: (view, of, id, degrees) => acts.turnPlanes(view, of, id, degrees),
  tilt: (view, of, id, ...degrees) => acts.tiltPlane(view, of, id, degrees),
  straighten: (view, of, id) => acts.straightenPlane(view, of, id),
  slab: (view, _, id, mm, projection) => acts.setSlab(view, id, mm, projection),
  spin: (view, _, id, degrees) => acts.spinPlane(view, id, degrees),
  one: (view, _, id) => oneUp(view, id),
  lay: (view, of, rows, columns) => layOut(view, of, rows, columns),
};

/** Equal, numbers within 1e-9; what is left out on the page has the server's default. */
function assertSame(made, wanted, path = "") {
  if (typeof wanted === "number") assert.ok(Math.abs((made ?? 0) - wanted) <= 1e-9, `${path}: ${made} for ${wanted}`);
  else if (wanted === null || typeof wanted !== "object")
    assert.equal(made ?? (wanted === "" ? "" : false), wanted, path);
  else {
    if (Array.isArray(wanted)) assert.equal(made.length, wanted.length, path);
    for (const [key, value] of Object.entries(wanted)) assertSame(made[key], value, `${path}.${key}`);
  }
}

sequences.forEach(({ grid, opened, steps, views }, seed) => {
  test(`sequence ${seed} of acts on planes ends as the server has it (${grid})`, () => {
    const of = kase(...cases[grid]);
    let view = openPlanes(of.series.find((s) => s.key === opened));
    assertSame(view, views[0], "opened");
    steps.forEach(([name, ...how], i) => {
      view = ACTS[name](view, of, ...how);
      assertSame(view, views[i + 1], `${i} ${name}`);
    });
  });
});
