/** The microphone's states: what leads where, what is sent, what is shown. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { face, failure, next, reported, sends, wantsDevice, why, words } from "../../web/js/core/voice/microphone.js";

const STATES = [
  "off",
  "asking",
  "on",
  "muted",
  "interrupted",
  "refused",
  "busy",
  "missing",
  "lost",
  "changing",
  "phone",
];
const EVENTS = [
  "press",
  "opened",
  "refused",
  "busy",
  "missing",
  "ended",
  "taken",
  "returned",
  "silenced",
  "listen",
  "call",
];
const after = (state, ...events) => events.reduce(next, state);

test("a click opens it, a second one mutes it, a third one unmutes it", () => {
  assert.equal(after("off", "press"), "asking");
  assert.equal(after("off", "press", "opened"), "on");
  assert.equal(after("off", "press", "opened", "press"), "muted");
  assert.equal(after("off", "press", "opened", "press", "press"), "on");
});

test("clicks while the browser asks change nothing", () =>
  assert.equal(after("off", "press", "press", "press"), "asking"));

test("what could not be opened is tried again with a click", () => {
  for (const error of ["refused", "busy", "missing"]) {
    assert.equal(after("off", "press", error), error);
    assert.equal(after("off", "press", error, "press", "opened"), "on");
  }
});

test("unplugged while on, another one takes its place; where there is none, it is lost", () => {
  assert.equal(after("on", "ended"), "changing");
  assert.equal(after("on", "ended", "opened"), "on");
  for (const error of ["refused", "busy", "missing"]) assert.equal(after("on", "ended", error), "lost");
  assert.equal(after("on", "ended", "missing", "press", "opened"), "on");
});

test("unplugged while muted, nothing is opened by itself", () => assert.equal(after("muted", "ended"), "lost"));

test("muted by the host, it stays muted until its own people open it", () => {
  assert.equal(after("on", "silenced"), "muted");
  assert.equal(after("on", "silenced", "opened"), "muted");
  assert.equal(after("on", "silenced", "press"), "on");
});

test("muted while another one is opened in its place, it does not come on", () => {
  assert.equal(after("on", "ended", "silenced", "opened"), "off");
  assert.equal(after("on", "ended", "press", "opened"), "off");
});

test("a microphone that opens late, after one only wants to listen, does not come on", () => {
  assert.equal(after("off", "press", "listen", "opened"), "off");
  assert.equal(after("off", "press", "call", "opened"), "phone");
});

test("from everywhere one can only listen, or go to the phone", () => {
  for (const state of STATES) {
    assert.equal(next(state, "listen"), "off", state);
    assert.equal(next(state, "call"), "phone", state);
  }
});

test("only what is on is sent", () => assert.deepEqual(STATES.filter(sends), ["on"]));

test("the device is let go where nobody wants it", () => {
  assert.deepEqual(STATES.filter(wantsDevice), ["asking", "on", "muted", "interrupted", "changing"]);
});

test("no event leads out of the table", () => {
  for (const state of STATES)
    for (const event of EVENTS) assert.ok(STATES.includes(next(state, event)), `${state}, ${event}`);
});

test("the server is sent what others may know, and off where voice has no transport", () => {
  assert.deepEqual(Object.fromEntries(STATES.map((s) => [s, reported(s, true)])), {
    off: "off",
    asking: "off",
    on: "on",
    muted: "muted",
    interrupted: "muted",
    refused: "off",
    busy: "off",
    missing: "off",
    lost: "off",
    changing: "off",
    phone: "phone",
  });
  assert.deepEqual([...new Set(STATES.filter((s) => s !== "phone").map((s) => reported(s, false)))], ["off"]);
  assert.equal(reported("phone", false), "phone");
});

test("errors of the browser differ", () => {
  assert.equal(failure("NotAllowedError"), "refused");
  assert.equal(failure("NotFoundError"), "missing");
  assert.equal(failure("NotReadableError"), "busy");
});

test("what is seen on the button is part of its name", () => {
  for (const state of STATES) assert.ok(face(state).name.startsWith(face(state).word), state);
  assert.equal(face("on").name, "Mute microphone");
  assert.equal(face("muted").name, "Unmute microphone");
  assert.equal(face("off").name, "Unmute microphone");
  assert.deepEqual(
    STATES.filter((s) => face(s).tone === "muted"),
    ["muted"],
  );
});

test("each trouble has its own sentence, and a way on where there is one", () => {
  const sentences = ["refused", "busy", "missing", "lost"].map((s) => words(s, "asking", "").text);
  assert.equal(new Set(sentences).size, 4);
  assert.equal(words("refused", "asking", "").action.name, "How to allow it");
  assert.equal(words("busy", "asking", "").action.event, "press");
  assert.equal(words("on", "asking", "Headset"), null);
  assert.match(words("on", "changing", "Headset").text, /Headset/);
  assert.equal(words("muted", "on", ""), null);
});

test("why there is no voice is shown, and nothing where there is", () => {
  assert.equal(why(""), "");
  for (const obstacle of ["offline", "connecting", "blocked", "unable", "insecure", "viewer"])
    assert.ok(why(obstacle).length > 10);
});

test("the louder, the more of the meter is lit", async () => {
  globalThis.document = { createElement: () => ({}) };
  const { lit } = await import("../../web/js/join/sound-level.js");
  assert.equal(lit(0), 0);
  assert.equal(lit(1), 12);
  assert.ok(lit(0.01) > 0 && lit(0.01) < lit(0.1) && lit(0.1) < 12);
});

test("taken by a telephone call it is muted for all, says so, and comes back by itself", () => {
  assert.equal(after("on", "taken"), "interrupted");
  assert.equal(reported("interrupted", true), "muted");
  assert.ok(!sends("interrupted") && wantsDevice("interrupted"));
  assert.match(words("interrupted", "on", "").text, /Nobody hears you/);
  assert.equal(after("on", "taken", "returned"), "on");
  assert.match(words("on", "interrupted", "").text, /hear you again/);
});

test("who mutes, or is muted, during a call stays muted when the microphone is given back", () => {
  for (const event of ["press", "silenced"]) assert.equal(after("on", "taken", event, "returned"), "muted");
  assert.equal(after("muted", "taken", "returned"), "muted");
});
