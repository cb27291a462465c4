/** Open critical results and turnaround on the host's home, in words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { endingWords } from "../../web/js/core/record/critical/words.js";
import { afterWords, caseWords, criticalWords } from "../../web/js/home/record/turnaround.js";

const ROW = {
  ...{ consult: "k", title: "Board", host_name: "Dr. Host", case: 2, cases: 3, asked: 1000, first_view: null },
  ...{ noted: null, signed: null, seen: null, criticals: 0, critical_raised: null, critical_acknowledged: null },
};
/** @param {object | null} acknowledged @returns {any} */
const critical = (acknowledged) => ({ acknowledged, closed: null });

test("a case is called by its consult, and by its number where there are several", () => {
  assert.equal(caseWords(ROW), "Board · case 2 of 3");
  assert.equal(caseWords({ ...ROW, title: "", case: 1, cases: 1 }), "Dr. Host");
});

test("how long after it was asked; what has not happened has no time", () => {
  assert.equal(afterWords(ROW, 1720), "after 12 min");
  assert.equal(afterWords(ROW, null), "–");
  assert.equal(afterWords(ROW, 900), "after 0 s", "a clock that was set makes no negative time");
});

test("a critical result that nobody has acknowledged is said so, with how long", () => {
  const raised = { ...ROW, criticals: 1, critical_raised: 2000 };
  assert.equal(criticalWords(ROW, 9000), "–");
  assert.equal(criticalWords(raised, 2600), "not acknowledged for 10 min");
  assert.equal(criticalWords({ ...raised, critical_acknowledged: 2300 }, 9000), "acknowledged after 5 min");
  assert.equal(criticalWords({ ...raised, criticals: 2 }, 2600), "not acknowledged for 10 min (the longest of 2)");
});

test("who ends a consult is told of what is open, first of what nobody has acknowledged", () => {
  assert.equal(endingWords([]), "");
  assert.match(endingWords([critical(null), critical({})]), /^Nobody has acknowledged 1 critical result: its clock/);
  assert.match(endingWords([critical({}), critical({})]), /^2 critical results are not closed/);
});
