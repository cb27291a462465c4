import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { AnnotationController } from "../../web/js/features/marks/annotation-controller.js";
import { context, doc } from "./consult.mjs";
import { stamp } from "./examples.mjs";

const mark = (id, x = 20, more = {}) => ({
  id,
  kind: "length",
  series: "s1",
  image: 3,
  points: [
    [10, 10, 15],
    [x, 10, 15],
  ],
  label: "",
  ...more,
});
const stored = (shape, author = "g") => ({ ...shape, case: "c1", author, frame_of_reference: "f1" });
const layer = { draw: () => {}, idsIn: () => [], under: () => null };

let storage;
beforeEach(() => {
  storage = new Map();
  globalThis.requestAnimationFrame = () => 1;
  globalThis.devicePixelRatio = 1;
  globalThis.document = { documentElement: {} };
  globalThis.getComputedStyle = () => ({ getPropertyValue: () => "#123456" });
  globalThis.sessionStorage = {
    getItem: (key) => storage.get(key) ?? null,
    setItem: (key, value) => storage.set(key, value),
    removeItem: (key) => storage.delete(key),
  };
});

/** The guest's own. */
function controller(document = doc()) {
  const given = context("g", document);
  const made = new AnnotationController({ ...given, pointing: () => false }, layer);
  made.stamp = stamp(1);
  return { made, given };
}
const shapes = (made) => made.items.map(({ shape, own }) => [shape.id, shape.points[1][0], own]);

test("what is sent is drawn until it is acknowledged, as the guest's own", async () => {
  const { made, given } = controller();
  const put = made.put(mark("m1"));
  assert.deepEqual(given.commands, [{ type: "put_mark", mark: mark("m1") }]);
  assert.deepEqual(shapes(made), [["m1", 20, true]]);
  given.answers[0](null);
  await put;
  assert.deepEqual(shapes(made), [], "from here on what the server has is drawn, and nothing else");
});

test("a mark that is changed while its first form is on its way stays as it was changed", async () => {
  const { made, given } = controller();
  const first = made.put(mark("m1"));
  void made.put(mark("m1", 40));
  given.answers[0](null);
  await first;
  assert.deepEqual(shapes(made), [["m1", 40, true]]);
});

test("what is on its way goes before what is stored, what is in the hand before both", () => {
  const { made } = controller(doc({ marks: [stored(mark("m1"))] }));
  void made.put(mark("m1", 40));
  assert.deepEqual(shapes(made), [["m1", 40, true]]);
  made.edit = { before: mark("m1", 40), shape: mark("m1", 60), handle: 1, from: [0, 0, 0] };
  assert.deepEqual(shapes(made), [["m1", 60, true]]);
});

test("a mark that the server could not store is offered again; one that may not be is gone", async () => {
  // Seen to fail on a full disk: what was drawn vanished.
  for (const [code, offered] of [
    ["not_stored", ["m1"]],
    ["too_many_marks", []],
  ]) {
    const { made, given } = controller();
    made.unstored.live();
    const put = made.put(mark("m1"));
    given.answers[0]({ code, message: "" });
    await put;
    assert.deepEqual([...made.unstored.offered.keys()], offered, code);
    assert.equal(storage.size, offered.length, "and survives a reload");
    storage.clear();
  }
});

const switchTo = (given, epoch, to) =>
  given.session.receive({ type: "event", seq: epoch, by: "h", event: { type: "case_switched", epoch, case: to } });

test("what was on its way, or in the hand, waits with its own case and is offered there", async () => {
  // Seen to fail on: another case forgot all that was not stored.
  const { made, given } = controller();
  const texts = [];
  made.context.notices.show = (notice) => texts.push(notice.text);
  const put = made.put(mark("m1"));
  made.edit = { before: mark("m2"), shape: mark("m2", 60), handle: 1, from: [0, 0, 0] };
  switchTo(given, 2, "c2");
  assert.deepEqual(shapes(made), []);
  assert.equal(made.pending.size, 0);
  assert.match(texts[0], /kept with DEMO, Anna/);
  given.answers[0]({ code: "stale_case", message: "This was made for DEMO, Anna." });
  await put;
  switchTo(given, 3, "c1");
  assert.deepEqual(
    shapes(made).map(([id]) => id),
    ["m1", "m2"],
  );
  switchTo(given, 4, "c2");
  assert.deepEqual(shapes(made), []);
});

test("what the server has stored meanwhile is not offered again", async () => {
  const { made, given } = controller();
  const put = made.put(mark("m1"));
  switchTo(given, 2, "c2");
  given.answers[0](null);
  await put;
  switchTo(given, 3, "c1");
  assert.deepEqual(shapes(made), []);
});

test("drafts of another case are not drawn", () => {
  const { made } = controller();
  const drafts = [{ seat: "h", tab: "tab-2", shape: mark("m1") }];
  made.receive({ type: "drafts", case: 2, drafts });
  assert.deepEqual(shapes(made), []);
  made.receive({ type: "drafts", case: 1, drafts });
  assert.equal(shapes(made).length, 1);
});

test("an undo that was offered on one case is not an undo on the next", async () => {
  const { made, given } = controller();
  switchTo(given, 2, "c2");
  const asked = [];
  made.context.request = async (wish) => {
    asked.push(wish);
    return null;
  };
  await made.acts.again("undo", 1);
  assert.deepEqual(asked, [{ type: "undo", case: 1 }]);
});

test("a mark that is sent stays selected before the server has it", () => {
  const { made, given } = controller();
  void made.put(mark("m1"));
  made.selected = "m1";
  const other = stored(mark("m9"), "h");
  given.session.receive({ type: "event", seq: 2, by: "h", event: { type: "mark_put", mark: other, doing: "do" } });
  assert.equal(made.selected, "m1");
});

test("a mark in the hand stays selected while others do something", () => {
  // Seen to fail: somebody came in while a length was drawn, and the finding made of it by one key had no mark.
  const { made, given } = controller();
  made.sketch = { shape: mark("m1") };
  made.selected = "m1";
  given.session.emit("changed", doc(), doc({ marks: [stored(mark("m2"), "h")] }));
  assert.equal(made.selected, "m1");
  made.sketch = null;
  given.session.emit("changed", doc(), doc());
  assert.equal(made.selected, "", "what is there no longer is not selected");
});

test("a mark in the hand stays selected whatever else happens in the consult meanwhile", () => {
  // Seen to fail: a finding that was made of it right after was made of the view, without the mark.
  const { made, given } = controller();
  made.sketch = { shape: mark("m1") };
  made.selected = "m1";
  made.changed(given.session.doc, doc());
  assert.equal(made.selected, "m1");
});

test("what is not acknowledged is in the tab's storage, and no longer when it is", async () => {
  const { made, given } = controller();
  given.session.setPhase("live"); // what an earlier page has left was looked for
  const put = made.put(mark("m1"));
  assert.deepEqual(JSON.parse([...storage.values()][0]).shapes, [mark("m1")]);
  given.answers[0](null);
  await put;
  assert.equal(storage.size, 0);
});

test("another tool lets go of what is in the hand, and the others see that", () => {
  const { made, given } = controller();
  given.toolbox.draw("length");
  assert.ok(made.press([100, 100], 4));
  made.moveTo([180, 100]);
  assert.ok(made.held);
  given.toolbox.draw("angle");
  assert.equal(made.held, null);
  assert.equal(given.sent.at(-1).shape, null);
});

test("undo is possible until the server refuses it, redo for what was undone here", () => {
  const { made, given } = controller();
  const act = (doing) =>
    given.session.receive({
      type: "event",
      seq: 2,
      by: "g",
      event: { type: "mark_put", mark: stored(mark("m")), doing },
    });
  act("undo");
  act("undo");
  act("redo");
  assert.equal(made.acts.redoable, 1);
  made.acts.undoable = false;
  act("do");
  assert.deepEqual([made.acts.undoable, made.acts.redoable], [true, 0]);
});
