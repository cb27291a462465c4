/** Critical results: who may do what, what lacks, and what is said of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  mayDo,
  openOnes,
  ownSeats,
  readBackLacks,
  standOf,
  wants,
} from "../../web/js/core/record/critical/critical.js";
import {
  commandOf,
  lacks,
  newDraft,
  nobody,
  offeredMinutes,
  withCategory,
} from "../../web/js/core/record/critical/raising.js";
import { ServerClock } from "../../web/js/core/network/server-clock.js";
import {
  leftWords,
  nextWords,
  noticeWords,
  shortSpan,
  spanWords,
  waysWords,
} from "../../web/js/core/record/critical/words.js";

const SITE = { utc_offset_min: 60, critical_minutes: [30, 360, 4320], webhook: true, email: true };
const TAKEN = { how: "read_back", name: "Ann", by: "ann", words: "The right lung.", told_at: 1100, at: 1100 };
const CLOSED = { by: "host", name: "Dr. Host", at: 1200, outcome: "Drained." };
/** @param {object} [changes] */
const critical = (changes) => ({
  ...{ id: "x1", case: "c1", category: 1, what: "Tension pneumothorax", where: "RIGHT", finding: "", found_at: 1000 },
  ...{ found_by: "host", found_by_name: "Dr. Host", after_s: 1800, due_at: 2800, utc_offset_min: 60, stage: 0 },
  ...{ to: { name: "Ann", seat: "ann", email: "" }, backup: { name: "Bob", seat: "bob", email: "" } },
  ...{ notices: [], acknowledged: null, closed: null, ...changes },
});
/** @param {string} me @param {object} [more] */
const reader = (me, more) => ({ me, asked: "", host: false, own: new Set([me]), ...more });

test("whom it is for acknowledges, who raised it says that it was told, and nobody else does either", () => {
  const nothing = { acknowledge: false, tell: false, close: false };
  assert.deepEqual(mayDo(critical(), reader("ann")), { ...nothing, acknowledge: true });
  assert.deepEqual(mayDo(critical(), reader("bob")), { ...nothing, acknowledge: true });
  assert.deepEqual(mayDo(critical(), reader("eve")), nothing);
  assert.deepEqual(mayDo(critical(), reader("eve", { asked: "x1" })), { ...nothing, acknowledge: true });
  assert.deepEqual(mayDo(critical(), reader("eve", { asked: "x2" })), nothing);
  assert.deepEqual(mayDo(critical(), reader("host", { host: true })), { ...nothing, tell: true });
  const outside = { name: "Ward", seat: "", email: "" };
  const out = critical({ to: outside, backup: { ...outside, name: "Desk" } });
  assert.ok(mayDo(out, reader("eve")).acknowledge, "where nobody of them sits here, anybody may take it");
  assert.ok(!mayDo(out, reader("host")).acknowledge, "never who raised it");
});

test("who hosts does not acknowledge their own from another browser", () => {
  const seat = (/** @type {string} */ id, role = "host", name = "Dr. Host") => ({ id, role, name });
  const seats = [seat("host"), seat("again"), seat("other", "host", "Dr. Other"), seat("guest", "participant")];
  const doc = /** @type {any} */ ({ seats });
  assert.deepEqual([...ownSeats(doc, "again")].sort(), ["again", "host"]);
  assert.deepEqual([...ownSeats(doc, "guest")], ["guest"], "whatever they call themselves");
  const outside = { name: "Ward", seat: "", email: "" };
  const out = critical({ to: outside, backup: { ...outside, name: "Desk" } });
  const may = (/** @type {string} */ me) => mayDo(out, reader(me, { host: true, own: ownSeats(doc, me) }));
  assert.deepEqual(may("again"), { acknowledge: false, tell: true, close: false });
  assert.ok(may("other").acknowledge);
});

test("only what was acknowledged is closed, by who raised it or the host; what is closed is left alone", () => {
  const taken = critical({ acknowledged: TAKEN });
  assert.equal(standOf(taken), "acknowledged");
  assert.deepEqual(mayDo(taken, reader("host")), { acknowledge: false, tell: false, close: true });
  assert.ok(!mayDo(taken, reader("ann")).close);
  assert.ok(mayDo(taken, reader("other", { host: true })).close);
  const over = critical({ acknowledged: TAKEN, closed: CLOSED });
  assert.deepEqual(mayDo(over, reader("host", { host: true })), { acknowledge: false, tell: false, close: false });
});

test("it waits for the first person, then for the backup too, then for who raised it", () => {
  const wanted = (/** @type {number} */ stage) =>
    ["ann", "bob", "host", "eve"].map((me) => wants(critical({ stage }), reader(me)));
  assert.deepEqual(wanted(0), ["answer", "", "", ""]);
  assert.deepEqual(wanted(1), ["answer", "answer", "", ""]);
  assert.deepEqual(wanted(2), ["answer", "answer", "call", ""]);
  assert.equal(wants(critical({ acknowledged: TAKEN }), reader("ann")), "");
  assert.equal(wants(critical(), reader("eve", { asked: "x1" })), "answer");
});

test("what waits for an answer comes first, the most urgent of it first; what is closed is not there", () => {
  const all = [
    critical({ id: "taken", due_at: 1, acknowledged: TAKEN }),
    critical({ id: "later", due_at: 900 }),
    critical({ id: "soon", due_at: 20 }),
    critical({ id: "closed", acknowledged: TAKEN, closed: CLOSED }),
  ];
  assert.deepEqual(
    openOnes(all).map((c) => c.id),
    ["soon", "later", "taken"],
  );
});

test("a read-back has ten characters and is no repetition", () => {
  const what = "Tension  pneumothorax";
  assert.deepEqual(readBackLacks("  Right   lung ", what), { more: 0, same: false });
  assert.deepEqual(readBackLacks("Lung down", what), { more: 1, same: false });
  assert.deepEqual(readBackLacks("          ", what), { more: 10, same: false });
  assert.deepEqual(readBackLacks("tension pneumothorax", what), { more: 0, same: true });
  assert.equal(readBackLacks("🫁🫁🫁🫁🫁", what).more, 5, "characters, not UTF-16");
});

test("what lacks is said, the first thing first", () => {
  const people = { to: { ...nobody(), seat: "ann", name: "Ann" }, backup: { ...nobody(), name: "Bob", outside: true } };
  const whole = { ...newDraft(SITE, null), what: "Bleeding", where: /** @type {const} */ ("LEFT"), ...people };
  assert.equal(lacks(whole), "");
  assert.match(lacks({ ...whole, what: " " }), /what it is/);
  assert.match(lacks({ ...whole, where: "" }), /side/);
  assert.match(lacks({ ...whole, to: nobody() }), /to whom/);
  assert.match(lacks({ ...whole, backup: nobody() }), /nobody answers/);
  assert.match(lacks({ ...whole, backup: people.to }), /another person/);
  const ward = { ...nobody(), name: "Dr. Ward", outside: true };
  assert.match(lacks({ ...whole, to: ward, backup: { ...ward, name: "dr ward" } }), /another person/);
  assert.match(lacks({ ...whole, to: { ...ward, email: "ward" } }), /“ward” is not/);
});

test("a draft of a finding has its words and its side, and is sent under the case it was written for", () => {
  const side = { side: "LEFT", source: "outline", offered: "LEFT", confirmed_by: "host", confirmed_name: "Dr. Host" };
  const draft = newDraft(SITE, /** @type {any} */ ({ id: "f1", title: "Bleeding", side }));
  const chosen = { ...withCategory(draft, SITE, 2), to: { ...nobody(), name: " Dr.  Ward " } };
  assert.equal(draft.minutes, 30);
  assert.deepEqual(commandOf(chosen, "x9", 4), {
    ...{ type: "raise_critical", critical: "x9", category: 2, what: "Bleeding", finding: "f1", where: "LEFT" },
    to: { seat: "", name: "Dr. Ward", email: "" },
    backup: { seat: "", name: "", email: "" },
    ...{ after_s: 21_600, case: 4 },
  });
  assert.deepEqual(offeredMinutes(30), [5, 10, 15, 30]);
  assert.deepEqual(offeredMinutes(7), [5, 7], "the site's own time, whatever it is");
});

test("the time that is left is the server's", () => {
  const clock = new ServerClock();
  assert.equal(clock.now(5), null);
  clock.welcomed(2000, 10_000);
  assert.equal(clock.now(40_000), 2030, "whatever the clock of this computer says");
  assert.equal(leftWords(critical(), clock.now(40_000)), "12 min left");
  assert.equal(leftWords(critical(), null), "");
  assert.equal(leftWords(critical(), 2801), "time is over");
  assert.equal(leftWords(critical({ stage: 2 }), 2000), "no answer");
  assert.equal(leftWords(critical({ acknowledged: TAKEN }), 9000), "acknowledged");
});

test("spans are said in the unit that they are thought of in", () => {
  assert.deepEqual([1800, 3600, 21_600, 259_200, 5400].map(spanWords), [
    "30 minutes",
    ...["1 hour", "6 hours", "3 days", "90 minutes"],
  ]);
  assert.deepEqual([-3, 59.9, 119, 120, 7199, 7200, 8000, 200_000].map(shortSpan), [
    ...["0 s", "59 s", "119 s", "2 min", "119 min", "2 h", "2 h 13 min", "2 d 7 h"],
  ]);
});

test("who is asked, who comes next, and that nobody has answered", () => {
  assert.equal(nextWords(critical(), 2000), "Ann is asked. Bob is asked in 13 min, if nobody answers.");
  assert.match(nextWords(critical({ stage: 1 }), 2800), /^Ann has not answered, so Bob is asked\. .* at once\.$/);
  assert.match(nextWords(critical({ stage: 2 }), 2800), /^Neither Ann nor Bob/);
  assert.equal(nextWords(critical({ acknowledged: TAKEN }), 2800), "");
});

test("a notice that does not come through says so, why, and when it is tried again", () => {
  const notice = /** @type {any} */ ({
    ...{ id: "0.webhook", stage: 0, channel: "webhook", to: "", next_at: 2010, state: "waiting", tries: 0 },
    sentence: "",
  });
  const of = (/** @type {string} */ sentence) => sentence.toUpperCase();
  const down = { ...notice, sentence: "It is down." };
  assert.equal(noticeWords(notice, 2000, of), "Webhook: on its way.");
  assert.equal(noticeWords({ ...down, tries: 1 }, 2000, of), "Webhook: failed once, tried again in 10 s. IT IS DOWN.");
  assert.equal(noticeWords({ ...down, tries: 3 }, 2020, of), "Webhook: failed 3 times, tried again now. IT IS DOWN.");
  assert.equal(noticeWords({ ...down, tries: 3 }, 2020, of, false), "Webhook: no longer needed.");
  assert.equal(noticeWords({ ...down, state: "failed" }, 2000, of), "Webhook: not delivered. IT IS DOWN.");
  const mail = { ...notice, channel: "email", to: "a@b.example", stage: 1, state: "sent" };
  assert.equal(noticeWords(mail, 2000, of), "E-mail to a@b.example, for the backup: sent.");
});

test("before it is raised it is said who hears of it", () => {
  const ways = [0, 1, 2, 3].map((n) => waysWords({ ...SITE, webhook: n % 2 === 1, email: n > 1 }));
  assert.equal(new Set(ways).size, 4);
  assert.match(ways[0] ?? "", /sends no notices/);
});
