import assert from "node:assert/strict";
import { test } from "node:test";
import { capital, doing, voiceWord } from "../../web/js/kit/person.js";
import { connectionWords, slow } from "../../web/js/kit/person-signs.js";
import { doc, here, seat } from "./consult.mjs";

const what = (id, at, role, speaking = false) => capital(doing(seat(id, role), doc(), at, speaking));

test("what somebody does: who has control before who looks around, who speaks before both", () => {
  assert.equal(what("h", here("h"), "host"), "Host, presenting");
  assert.equal(what("h", here("h"), "participant"), "Has control");
  assert.equal(what("g", here("g")), "Following");
  assert.equal(
    what("g", here("g", { exploring: { case: 1, series: "s1", image: 4 } })),
    "Looks around: CT lung, image 5, 24 Nov 2026, CURRENT",
  );
  assert.equal(what("h", here("h"), "host", true), "Host, speaking");
  assert.equal(what("g", undefined), "Away");
});

test("how somebody is connected is shown of who is here", () => {
  const bad = here("g", { round_trip_ms: 450, phone: true, microphone: "phone" });
  assert.equal(what("g", bad), "Following, on a phone, slow network, voice by telephone");
  assert.equal(slow(here("g", { round_trip_ms: 400 })), false);
  assert.equal(slow({ ...bad, online: false }), false);
  assert.equal(connectionWords(bad), "moving picture by WebRTC, at most 450 ms");
  assert.equal(connectionWords(here("g", { transport: "stills" })), "still pictures only");
  assert.equal(connectionWords({ ...bad, online: false }), "");
});

test("a microphone in a word", () => {
  assert.equal(voiceWord(here("g")), "only listening");
  assert.equal(voiceWord(here("g", { microphone: "on" })), "microphone on");
  assert.equal(voiceWord(undefined), "");
});
