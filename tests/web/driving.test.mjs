import assert from "node:assert/strict";
import { test } from "node:test";
import {
  awayText,
  followText,
  independentOthers,
  namesOf,
  nobodyLeads,
  whoDrives,
} from "../../web/js/core/session/driving.js";
import { doc, here, seat, session } from "./consult.mjs";

const control = (id) => doc({ control: { epoch: 1, seat: id, requests: [] } });
const words = (made, how = {}) => whoDrives(made, { independent: false, short: false, ...how });

test("who drives, as the host and a guest read it", () => {
  assert.equal(words(session("h")), "You present");
  assert.equal(words(session("g")), "Following Dr. h");
  assert.equal(words(session("g", control("g"))), "You have control");
  assert.equal(words(session("h", control("g"))), "Dr. g has control");
  assert.equal(words(session("h", control("g"), [here("h")])), "Dr. g has control and is away");
  assert.equal(words(session("h", control(null))), "Nobody presents");
});

test("the own view and a lost connection go before it", () => {
  assert.equal(words(session("g"), { independent: true }), "You look around alone");
  assert.equal(words(session("g"), { independent: true, short: true }), "You look around");
  const lost = session("g");
  lost.setFreshness("stale");
  assert.equal(words(lost, { independent: true }), "No answer from the server");
  lost.setPhase("waiting");
  assert.equal(words(lost, { independent: true }), "Reconnecting");
});

test("how many follow, and how many look around", () => {
  const exploring = { case: 1, series: "s1", image: 1 };
  assert.equal(followText(session("h")), "1 follows");
  assert.equal(followText(session("h", doc(), [here("h")])), "Nobody else is here");
  const three = session("h", doc(), [here("h"), here("g", { exploring }), here("w")]);
  assert.equal(followText(three), "1 follows, 1 looks around");
  assert.equal(independentOthers(three), 1);
  assert.equal(independentOthers({ here: three.here, me: "g" }), 0, "nobody counts oneself");
  assert.equal(followText(session("h", doc(), [here("h"), here("g", { exploring })])), "1 looks around");
});

test("who is here and has another's name is numbered; who is away is known by name", () => {
  const twins = doc({
    seats: [
      seat("a", "host", 0, { name: "Ann" }),
      seat("b", "viewer", 1, { name: "ann" }),
      seat("d", "viewer", 3, { name: "Ann" }),
      seat("c"),
    ],
  });
  const names = namesOf(twins, new Set(["a", "b", "d"]));
  assert.deepEqual(
    ["a", "b", "d", "c"].map((id) => names.get(id).name),
    ["Ann", "ann (guest)", "Ann (guest) (2)", "Dr. c"],
  );
});

test("who has control and is away: since when, and what can be done", () => {
  assert.equal(awayText(session("g"), null), "");
  assert.equal(awayText(session("g", control(null)), null), "");
  const alone = awayText(session("g", doc(), [here("g")]), null);
  assert.equal(alone, "Offline. They have it again when they return. Meanwhile you can look around alone.");
  assert.match(awayText(session("g", doc(), [here("g")]), 1_700_000_000), /^Offline since \d+:\d\d/);
  assert.equal(awayText(session("g", doc(), [here("g")]), null, true), "Offline, has it again on return.");
  const host = awayText(session("h", control("g"), [here("h")]), null);
  assert.equal(host, "Offline. You can take control.");
  const other = awayText(session("w", control("g"), [here("h"), here("w")]), null);
  assert.equal(other, "Offline. They have it again when they return. Dr. h can take it meanwhile.");
});

test("nobody leads where neither a host is here nor whoever has control", () => {
  const online = (...ids) => new Set(ids);
  assert.equal(nobodyLeads(doc(), online("g", "w")), true);
  assert.equal(nobodyLeads(doc(), online("h", "g")), false);
  const given = doc({ control: { epoch: 1, seat: "g", requests: [] } });
  assert.equal(nobodyLeads(given, online("g")), false);
  assert.equal(nobodyLeads(given, online("w")), true);
});

test("who may lead soon reads when, and everybody who stands in for the host", () => {
  const gone = session("g", doc(), [here("g")]);
  assert.equal(awayText(gone, null, false, 12), "Offline. You can take control in 12 s.");
  assert.equal(awayText(gone, null, false, 0), "Offline. You can take control meanwhile.");
  const stood = doc({ control: { epoch: 2, seat: "g", requests: [], stands_in: true } });
  assert.equal(words(session("g", stood)), "You lead while the host is away");
  assert.equal(words(session("w", stood)), "Dr. g leads while the host is away");
});
