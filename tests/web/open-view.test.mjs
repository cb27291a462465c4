import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Navigation } from "../../web/js/app/navigation.js";
import { context, doc } from "./consult.mjs";
import { view, viewport } from "./examples.mjs";

const kept = { case: "c1", view: view(viewport({ place: 7 })) };
const announced = [];

beforeEach(() => {
  announced.length = 0;
  class Region {
    set textContent(text) {
      announced.push(text);
    }
  }
  globalThis.HTMLElement = Region;
  globalThis.document = { querySelector: () => new Region() };
});
afterEach(() => {
  delete globalThis.document;
  delete globalThis.HTMLElement;
});

/** A page's navigation, and what it proposes: for all, or for itself. */
function navigation(me, document = doc()) {
  const given = context(me, document);
  const proposed = { all: [], alone: [] };
  const shared = { intent: { view: view(viewport()) }, propose: (to) => proposed.all.push(to) };
  const made = new Navigation({ ...given, stage: { ...given.stage, rects: () => new Map() }, shared });
  made.own = { on: false, explorer: shared, propose: (to) => proposed.alone.push(to) };
  return { made, proposed, notices: given.notices, session: given.session };
}

test("who follows opens a kept view alone, exactly as it was kept", () => {
  const { made, proposed } = navigation("g");
  assert.equal(made.openView(kept), true);
  assert.deepEqual(proposed, { all: [], alone: [kept.view] });
});

test("who has control is asked before all see it", () => {
  const { made, proposed, session } = navigation("h");
  let offered;
  made.notices = { show: (notice) => (offered = notice) };
  assert.equal(made.openView(kept), false);
  assert.deepEqual(proposed, { all: [], alone: [] });
  assert.deepEqual(announced, [offered.text]);
  offered.action.do();
  assert.deepEqual(proposed.all, [kept.view]);
  assert.equal(session.drives, true);
});

test("who has control and was asked already shows it to all at once", () => {
  const { made, proposed } = navigation("h");
  assert.equal(made.openView(kept, { forAll: true }), true);
  assert.deepEqual(proposed, { all: [kept.view], alone: [] });
});

test("who follows shows nothing to all, whatever the button was called", () => {
  const { made, proposed } = navigation("g");
  made.openView(kept, { forAll: true });
  assert.deepEqual(proposed, { all: [], alone: [kept.view] });
});

test("a view of another patient's case is not shown, and it is said whose it is", () => {
  const { made, proposed } = navigation("g");
  let text = "";
  made.notices = { show: (notice) => (text = notice.text) };
  assert.equal(made.openView({ ...kept, case: "c2" }), false);
  assert.deepEqual(proposed, { all: [], alone: [] });
  assert.match(text, /not on the stage/);
});

test("a view waits for the lists of its series, and is shown once they are here", () => {
  const document = doc();
  const [first] = document.cases[0].series;
  const unlisted = { ...first, key: "s2", unlisted: { places: 10, times: 1 }, grid: { ...first.grid, positions: [] } };
  document.cases[0] = { ...document.cases[0], series: [first, unlisted] };
  const { made, proposed, session } = navigation("g", document);
  const there = { case: "c1", view: view(viewport({ series: "s2", place: 4 })) };
  assert.equal(made.openView(there), true);
  assert.deepEqual(proposed.alone, []);
  session.list("s2", { positions: first.grid.positions });
  assert.deepEqual(proposed.alone, [there.view]);
});

test("a view in which a cell shows something else is not sent as a mosaic", () => {
  const { made, proposed } = navigation("h");
  const cells = view(viewport({ place: 3 }), viewport({ id: "b", place: 4 }));
  made.propose({ ...cells, mosaic: { step: 1 } }, {});
  made.propose({ ...cells, mosaic: { step: 2 } }, {});
  assert.deepEqual(
    proposed.all.map(({ mosaic }) => mosaic),
    [{ step: 1 }, null],
  );
});
