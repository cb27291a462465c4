import assert from "node:assert/strict";
import { test } from "node:test";
import { Hand } from "../../web/js/features/people/hand.js";
import { here } from "./consult.mjs";

/** A hand, and what it sends and announces. */
function made({ online = true } = {}) {
  const sent = [];
  const announced = [];
  const hand = new Hand({
    send: (message) => online && sent.push(message) > 0,
    announce: (text) => void announced.push(text),
  });
  return { hand, sent, announced };
}
const nameOf = (id) => ({ me: "Me", ann: "Ann", bob: "Bob" })[id];
const turn = () => new Promise((resolve) => queueMicrotask(resolve));

test("a hand that is up is sent again by a new connection, one that is down is not", async () => {
  const { hand, sent } = made();
  hand.toggle();
  hand.present([here("me", { hand: 1 })], "me", nameOf);
  hand.welcomed();
  await turn();
  assert.deepEqual(sent, [
    { type: "hand", up: true },
    { type: "hand", up: true },
  ]);
  hand.toggle();
  hand.welcomed();
  await turn();
  assert.deepEqual(sent.at(-1), { type: "hand", up: false });
  assert.equal(sent.length, 3);
});

test("the first presence of a new connection does not take the hand down: it is not there yet", async () => {
  const { hand } = made();
  hand.toggle();
  hand.present([here("me", { hand: 1 })], "me", nameOf);
  hand.welcomed();
  hand.present([here("me")], "me", nameOf);
  assert.equal(hand.up, true);
});

test("a hand that is taken down by the host is down, and that is announced", () => {
  const { hand, announced } = made();
  hand.toggle();
  hand.present([here("me", { hand: 1 })], "me", nameOf);
  hand.present([here("me")], "me", nameOf);
  assert.equal(hand.up, false);
  assert.deepEqual(announced, ["Your hand is up", "Your hand is down"]);
});

test("who raises a hand is announced once, and never oneself", () => {
  const { hand, announced } = made();
  const up = [here("me", { hand: 1 }), here("ann", { hand: 2 })];
  hand.present(up, "me", nameOf);
  hand.present(up, "me", nameOf);
  assert.deepEqual(announced, ["Ann raises a hand"]);
  hand.present([here("me", { hand: 1 }), here("bob", { hand: 2 })], "me", nameOf);
  hand.present([], "me", nameOf);
  hand.present([here("ann", { hand: 1 }), here("bob", { hand: 2 })], "me", nameOf);
  assert.deepEqual(announced.at(-1), "Ann, Bob raise their hands");
});

test("a hand that cannot be sent is not up", () => {
  const { hand } = made({ online: false });
  hand.toggle();
  assert.equal(hand.up, false);
});
