import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clock,
  dissentsOf,
  lightsOf,
  lightWords,
  minutesLeft,
  movedBy,
  movedTo,
  nextUndecided,
  preparationOf,
  preparedOf,
  progressOf,
  rollOf,
  spentOn,
  stepView,
  timeText,
} from "../../web/js/core/board/board.js";
import { sameName } from "../../web/js/core/patient.js";
import { fold } from "../../web/js/core/session/document.js";
import { standingOf } from "../../web/js/core/session/standing.js";
import { doc, seat } from "./consult.mjs";

const words = (text, more = {}) => ({ text, stage: "", owner: "", due: "", outcome: "decision", ...more });
const decision = (kase, number, more = {}) => ({
  id: `${kase}.${number}`,
  case: kase,
  number,
  count: 1,
  words: words("x", more),
});
const board = (more = {}) => ({
  ...doc(),
  board: {
    phase: "running",
    began_at: 0,
    since: 100,
    spent: { c1: 12 },
    specialties: ["Surgery"],
    sound_elsewhere: false,
  },
  preparations: [{ case: "c2", texts: {}, minutes: 8, pictures: [], order: ["v2"] }],
  prepared: ["v1", "v2", "v3"].map((id) => ({ id, case: "c2", view: {}, line: id, by: "h" })),
  decision_drafts: [],
  decisions: [],
  dissents: [],
  attendees: [],
  ...more,
});

test("a case has spent what is counted and what passes now", () => {
  const made = board();
  assert.equal(spentOn(made, "c1", 130), 42);
  assert.equal(spentOn(made, "c2", 130), 0);
  assert.equal(spentOn({ ...made, consult: { ...made.consult, ended_at: 110 } }, "c1", 130), 22);
  assert.equal(clock(372), "6:12");
  assert.equal(timeText(made, "c1", 130), "0:42");
  assert.equal(timeText(made, "c2", 130), "8 min");
  assert.equal(minutesLeft(made, 130), 8);
});

test("prepared views stand in their order, new ones behind, and the keys go from one to the next", () => {
  const views = preparedOf(board(), "c2");
  assert.deepEqual(
    views.map((v) => v.id),
    ["v2", "v1", "v3"],
  );
  assert.equal(stepView(views, "", 1)?.id, "v2");
  assert.equal(stepView(views, "v2", 1)?.id, "v1");
  assert.equal(stepView(views, "v3", 1), null);
  assert.equal(stepView(views, "", -1)?.id, "v3");
});

test("a case is now, decided, put off, or to come; the next one is undecided", () => {
  const made = board({ decisions: [decision("c2", 1, { outcome: "deferral" })] });
  assert.deepEqual(
    ["c1", "c2"].map((id) => progressOf(made, id)),
    ["now", "put off"],
  );
  assert.equal(nextUndecided(made), null);
  assert.equal(nextUndecided(board())?.id, "c2");
});

test("who is against what is shown is not who was against what was decided", () => {
  const dissents = [1, 2].map((number) => ({ id: `c1.${number}/g`, case: "c1", number, seat: "g", reason: "no" }));
  const made = board({ decisions: [decision("c1", 1)], dissents });
  assert.deepEqual(
    dissentsOf(made, "c1").map((d) => d.number),
    [1],
  );
  const shown = { case: "c1", rev: 1, words: words("y"), shown: true };
  assert.deepEqual(
    dissentsOf({ ...made, decision_drafts: [shown] }, "c1").map((d) => d.number),
    [2],
  );
});

test("a saved decision ends its draft and is never replaced", () => {
  const draft = { case: "c1", rev: 1, words: words("x"), author: "h", author_name: "H", shown: true };
  const drafted = fold(board(), { type: "decision_drafted", draft });
  const saved = fold(drafted, { type: "decision_saved", decision: decision("c1", 1) });
  assert.deepEqual([saved.decision_drafts.length, saved.decisions.length], [0, 1]);
  const again = fold(saved, { type: "decision_saved", decision: { ...decision("c1", 1), words: words("other") } });
  assert.equal(again.decisions[0].words.text, "x");
});

test("cases are put in another order", () => {
  assert.deepEqual(movedBy(["a", "b", "c"], "c", -1), ["a", "c", "b"]);
  assert.deepEqual(movedTo(["a", "b", "c"], "a", 2), ["b", "c", "a"]);
  const after = fold(board(), { type: "cases_ordered", order: ["c2", "c1"] });
  assert.deepEqual(
    after.cases.map((c) => c.id),
    ["c2", "c1"],
  );
});

test("lights say what is ready, in words too", () => {
  const made = board();
  const lights = lightsOf(made.cases[0], preparationOf(made, "c1"), []);
  assert.deepEqual(
    lights.filter((l) => l.ready).map((l) => l.name),
    ["images", "prior"],
  );
  assert.equal(lightWords(lights), "Ready: images, prior. Missing: report, pathology, views.");
});

test("the roll has the specialties that should be there, then others", () => {
  const attendees = [{ id: "p", name: "Ann", specialty: "Pathology", seat: "", present: true }];
  assert.deepEqual(
    rollOf(board({ attendees })).map((g) => [g.specialty, g.people.length]),
    [
      ["Surgery", 0],
      ["Pathology", 1],
    ],
  );
});

test("a moderator leads, a preparer prepares and drives until the board begins", () => {
  const seats = [seat("h", "host", 0), seat("m", "moderator"), seat("p", "preparer"), seat("w", "viewer")];
  const of = (me, phase) => {
    const made = board({ seats });
    return standingOf({ ...made, board: { ...made.board, phase } }, me);
  };
  assert.deepEqual(
    [of("m", "running").mayDecide, of("m", "running").mayTake, of("m", "running").maySwitchCase],
    [true, true, true],
  );
  assert.deepEqual([of("p", "preparing").mayAsk, of("p", "running").mayAsk], [true, false]);
  assert.deepEqual(
    [of("p", "running").prepares, of("p", "running").mayDecide, of("p", "running").mayDraw],
    [true, false, false],
  );
  assert.deepEqual([of("w", "running").prepares, of("w", "running").mayDissent], [false, false]);
});

test("two patients of one name in a row are said, one patient twice is not", () => {
  const anna = { name: "DEMO^ANNA", id: "1" };
  assert.equal(sameName(anna, { name: "Demo^Anna", id: "2" }), true);
  assert.equal(sameName(anna, { ...anna }), false);
  assert.equal(sameName(anna, null), false);
});
