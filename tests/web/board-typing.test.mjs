import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { draftedText, textOf, wordsIn } from "../../web/js/core/board/decision-words.js";
import { OwnText } from "../../web/js/core/board/own-text.js";

const REST_MS = 1500;
const turn = () => new Promise((done) => setImmediate(done));
const memory = () => {
  const kept = new Map();
  return {
    kept,
    get: (key) => kept.get(key) ?? null,
    set: (key, text) => kept.set(key, text),
    remove: (key) => kept.delete(key),
  };
};
const written = (text, rev, author_name = "Dr. B") => ({ text, rev, author: "b", author_name });

/** A field whose server answers when it is told to. */
function field(how = {}, storage = memory()) {
  const asked = [];
  const put = (sending) => new Promise((answer) => asked.push({ ...sending, answer }));
  const own = new OwnText({ storage, base: "/seat/a/", name: "question", put, changed: () => {}, ...how });
  return { own, asked, storage };
}

test("what is typed is stored once the hand rests, and what is typed meanwhile behind it", async (context) => {
  context.after(() => mock.timers.reset());
  mock.timers.enable({ apis: ["setTimeout"] });
  const { own, asked } = field();
  own.follow("c1", null);
  own.type("Res");
  mock.timers.tick(REST_MS - 1);
  own.type("Resect");
  mock.timers.tick(REST_MS - 1);
  await turn();
  assert.equal(asked.length, 0);
  mock.timers.tick(1);
  await turn();
  assert.deepEqual([asked[0].kase, asked[0].text, asked[0].base], ["c1", "Resect", 0]);
  own.type("Resectable?");
  mock.timers.tick(REST_MS);
  await turn();
  assert.equal(asked.length, 1, "one behind the other");
  own.follow("c1", written("Resect", 1));
  asked[0].answer(null);
  await turn();
  assert.equal(own.draft.text, "Resectable?", "what comes takes nothing away");
  mock.timers.tick(REST_MS);
  await turn();
  assert.deepEqual([asked[1].text, asked[1].base], ["Resectable?", 1]);
  asked[1].answer(null);
  await turn();
  own.follow("c1", written("Resectable?", 2));
  assert.ok(!own.unstored);
});

test("what is typed for one case never stands under the next, and is there again with its own", async () => {
  const { own, storage } = field({ put: () => null });
  own.follow("c1", null);
  own.type("Surgery first.");
  assert.ok(own.follow("c2", null), "it stays behind, and that is said");
  assert.equal(own.draft.text, "");
  own.follow("c1", null);
  assert.equal(own.draft.text, "Surgery first.");
  const { own: reloaded } = field({ put: () => null }, storage);
  reloaded.follow("c1", null);
  assert.equal(reloaded.draft.text, "Surgery first.", "also after a reload");
  own.over([{ id: "c1" }]);
  assert.equal(storage.kept.size, 0, "nothing stays in the tab in the end");
  clearTimeout(reloaded.resting);
});

test("what can be stored at any time is stored with its own case when the next one comes", async () => {
  const { own, asked, storage } = field({ always: true });
  own.follow("c1", written("Old", 4));
  own.type("New");
  assert.ok(!own.follow("c2", written("Another's", 9)));
  await turn();
  assert.deepEqual([asked[0].kase, asked[0].text, asked[0].base], ["c1", "New", 4]);
  asked[0].answer(null);
  await turn();
  assert.equal(own.draft.text, "Another's");
  assert.equal(storage.kept.size, 0);
});

test("what somebody else has stored meanwhile is never overwritten unseen", async () => {
  const { own, asked } = field();
  own.follow("c1", written("First", 1));
  own.type("Mine");
  own.follow("c1", written("Theirs", 2));
  assert.equal(own.draft.theirs?.text, "Theirs");
  assert.equal(await own.send(true), false, "nor shown");
  own.decide("mine");
  await turn();
  assert.deepEqual([asked[0].text, asked[0].base], ["Mine", 2]);
  asked[0].answer({ code: "changed_meanwhile", message: "Dr. B has written there meanwhile." });
  await turn();
  assert.equal(own.draft.text, "Mine", "a refusal loses nothing");
  own.follow("c1", written("Theirs again", 3));
  own.decide("theirs");
  assert.ok(!own.unstored);
  assert.equal(own.draft.text, "Theirs again");
});

test("a decision that is saved ends its draft, and what is typed since is a further one", async () => {
  const { own, asked } = field({ ends: true });
  const draft = (text, rev) => draftedText({ words: { ...wordsIn(""), text }, rev, author: "a", author_name: "Dr. A" });
  own.follow("c1", null);
  own.type(textOf({ ...wordsIn(""), text: "Surgery." }));
  void own.send(true);
  await turn();
  assert.deepEqual([wordsIn(asked[0].text).text, asked[0].shown], ["Surgery.", true]);
  own.follow("c1", draft("Surgery.", 1));
  asked[0].answer(null);
  await turn();
  own.follow("c1", null);
  assert.deepEqual([own.draft.text, own.draft.base], ["", 0]);
  own.type(textOf({ ...wordsIn(""), text: "And radiotherapy." }));
  void own.store();
  await turn();
  assert.equal(asked[1].base, 0);
  asked[1].answer(null);
});

test("the words of a decision are one text, as the server spells them", () => {
  const words = { text: " Surgery \n\n first. ", stage: " cT2 ", owner: "", due: "2026-12-01", outcome: "deferral" };
  const clean = { text: "Surgery\nfirst.", stage: "cT2", owner: "", due: "2026-12-01", outcome: "deferral" };
  assert.deepEqual(wordsIn(textOf(words)), clean);
  assert.equal(textOf({ ...wordsIn(""), text: "  " }), "", "nothing is written");
  assert.deepEqual(wordsIn("no JSON"), wordsIn(""));
  assert.equal(draftedText(null), null);
});
