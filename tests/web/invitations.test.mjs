import assert from "node:assert/strict";
import { test } from "node:test";
import {
  aboutLink,
  ending,
  isLocal,
  linkName,
  opensSomething,
  peopleWord,
  revokedWords,
  used,
  waits,
} from "../../web/js/core/joining/invitations.js";

const link = (more = {}) => ({
  invitation: "i",
  role: "participant",
  state: "active",
  label: "",
  expires_at: null,
  seats: [],
  ...more,
});
const [ann, bob] = [
  { name: "Ann", online: true },
  { name: "Bob", online: false },
];

test("a link is named by what it lets do and for whom it is", () => {
  assert.equal(linkName(link({ label: "Ward 4" })), "Take part, Ward 4");
  assert.equal(linkName(link({ role: "viewer" })), "Watch");
});

test("by whom it was used", () => {
  assert.equal(used(link()), "not used yet");
  assert.equal(used(link({ seats: [ann, bob] })), "used by Ann and Bob (away)");
});

test("one that opens nothing any more has a reason, in words where we have some", () => {
  const now = new Date(0);
  assert.equal(ending(link({ state: "over" }), now), "the consult has ended");
  assert.equal(ending(link({ state: "tomorrow" }), now), "tomorrow");
  assert.equal(ending(link(), now), "");
  assert.match(aboutLink(link(), now), /until the consult ends\.$/);
});

test("an address that only this computer can reach is known as one", () => {
  const here = ["http://127.0.0.1:8000/join/a/b#c", "http://localhost/x", "https://[::1]:8443/", "http://127.8.0.9/"];
  const others = [
    "https://consult.example/join",
    "http://10.0.0.7:8000/",
    "http://localhost.example/",
    "http://[fd00::1]/",
  ];
  assert.deepEqual(here.map(isLocal), [true, true, true, true]);
  assert.deepEqual(others.map(isLocal), [false, false, false, false]);
  assert.equal(isLocal(undefined), false);
});

test("who is put out by a revocation is who is here", () => {
  assert.match(revokedWords(link({ seats: [ann, bob] })), /^Ann is in the consult .* is put out/);
  assert.match(revokedWords(link({ seats: [ann, { ...bob, online: true }] })), /^Ann and Bob are /);
  assert.match(revokedWords(link({ seats: [bob] })), /^Nobody is/);
});

test("a code and a link for few say how many came, and whether they wait", () => {
  assert.equal(linkName(link({ spoken: true })), "Take part, by code");
  assert.equal(used(link({ people: 5, used: 1, seats: [ann] })), "used by Ann, 1 of 5 used");
  assert.equal(used(link({ people: 1, used: 1 })), "nobody is in by it, 1 of 1 used");
  assert.equal(used(link({ lobby: true })), "not used yet, they wait to be let in");
  assert.equal(ending(link({ state: "used" }), new Date(0)), "nobody else can use it");
  assert.equal(opensSomething({ state: "used" }), true);
  assert.deepEqual([0, 1, 5].map(peopleWord), ["Any number", "1 person", "5 people"]);
  assert.deepEqual(["participant", "viewer", "host", "reader"].map(waits), [true, true, false, false]);
});

test("after the end who came by a link may still read by it, until it is revoked", () => {
  const reads = link({ state: "reads", seats: [bob] });
  assert.equal(ending(reads, new Date(0)), "who came by it can read the signed note");
  assert.equal(revokedWords(reads), "Who came by it can no longer read the note.");
  assert.deepEqual(
    ["active", "reads", "over", "revoked", "expired"].map((state) => opensSomething({ state })),
    [true, true, false, false, false],
  );
});
