/** What the menu of layouts offers by the site's rules: of the case on the stage alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Emitter } from "../../web/js/core/emitter.js";
import { Hangings } from "../../web/js/features/viewing/hangings.js";
import { view, viewport } from "./examples.mjs";

function made(answers) {
  const asked = [];
  globalThis.fetch = (path) => {
    asked.push(path);
    const found = answers.shift();
    return found ? Promise.resolve({ ok: true, status: 200, json: async () => found }) : Promise.reject(new Error());
  };
  const session = Object.assign(new Emitter(), { doc: { current: "c1" } });
  const shown = [];
  const navigation = { change: (how) => shown.push(how()) };
  return { hangings: new Hangings({ session, navigation, base: "seat/x/" }), session, asked, shown };
}

const hung = view(viewport());
const settled = () => new Promise((done) => setImmediate(done));

test("they are asked for when the page is live, and when another case is on the stage", async () => {
  const first = { case: "c1", hangings: [{ name: "With the prior", view: hung }] };
  const { hangings, session, asked, shown } = made([first, { case: "c2", hangings: [] }]);
  session.emit("live");
  await settled();
  const [item] = hangings.items;
  assert.equal(item.name, "With the prior");
  item.choose();
  assert.deepEqual(shown, [hung]);
  session.emit("changed", { current: "c1" }, { current: "c1" });
  session.doc = { current: "c2" };
  session.emit("changed", { current: "c1" }, { current: "c2" });
  await settled();
  assert.deepEqual([hangings.items, asked], [[], ["seat/x/hangings", "seat/x/hangings"]]);
});

test("an answer about another case than the one on the stage is not used", async () => {
  const { hangings, session } = made([{ case: "c9", hangings: [{ name: "r", view: hung }] }]);
  session.emit("live");
  await settled();
  assert.deepEqual(hangings.items, []);
});

test("where the server does not answer, the menu goes without", async () => {
  const { hangings, session } = made([]);
  session.emit("live");
  await settled();
  assert.deepEqual(hangings.items, []);
});
