import assert from "node:assert/strict";
import { test } from "node:test";
import { PeerCursors, IDLE_MS, SMOOTH_MS } from "../../web/js/core/people/peer-cursors.js";

const pointed = (n, x, more = {}) => ({
  seat: "ann",
  n,
  at: { viewport: "a", series: "s1", image: 3, point: [x, 0, 0], ...more },
  laser: false,
});
const cursorsOf = (...cursors) => ({ type: "cursors", case: 1, cursors });
const x = (peers, now, still = false) => peers.point(peers.held.get("ann"), now, still)[0];

test("a cursor comes smoothly to where it was sent, from where it is", () => {
  const peers = new PeerCursors();
  peers.receive(cursorsOf(pointed(1, 0)), 0);
  assert.equal(x(peers, 0), 0, "the first at once");
  peers.receive(cursorsOf(pointed(2, 80)), 1000);
  assert.equal(x(peers, 1000), 0);
  assert.equal(x(peers, 1000 + SMOOTH_MS / 2), 40);
  peers.receive(cursorsOf(pointed(3, 140)), 1000 + SMOOTH_MS / 2);
  assert.equal(x(peers, 1000 + SMOOTH_MS / 2), 40, "no leap when it is sent anew on the way");
  assert.ok(peers.moves(1000 + SMOOTH_MS));
  assert.equal(x(peers, 1000 + SMOOTH_MS * 1.5), 140);
  assert.ok(!peers.moves(1000 + SMOOTH_MS * 1.5));
});

test("with reduced motion it leaps", () => {
  const peers = new PeerCursors();
  peers.receive(cursorsOf(pointed(1, 0)), 0);
  peers.receive(cursorsOf(pointed(2, 80)), 1000);
  assert.equal(x(peers, 1000, true), 80);
});

test("nothing glides from one image to another", () => {
  const peers = new PeerCursors();
  peers.receive(cursorsOf(pointed(1, 0)), 0);
  peers.receive(cursorsOf(pointed(2, 80, { image: 4 })), 1000);
  assert.equal(x(peers, 1000), 80);
});

test("who is not sent any more is gone, and so is all of another case", () => {
  const peers = new PeerCursors();
  peers.receive(cursorsOf(pointed(1, 0), { ...pointed(1, 5), seat: "bob" }), 0);
  peers.receive(cursorsOf(pointed(1, 0)), 10);
  assert.deepEqual([...peers.held.keys()], ["ann"]);
  peers.receive({ ...cursorsOf(pointed(1, 0)), case: 2 }, 20);
  assert.equal(peers.held.get("ann").since, 20, "new, not kept");
  assert.equal(peers.case, 2);
});

test("one that does not move becomes idle; shown anew it is not, though it is where it was", () => {
  const peers = new PeerCursors();
  peers.receive(cursorsOf(pointed(1, 0)), 0);
  peers.receive(cursorsOf(pointed(1, 0)), IDLE_MS - 1);
  assert.ok(peers.idle(peers.held.get("ann"), IDLE_MS), "another's cursor has moved, not this one");
  peers.receive(cursorsOf(pointed(2, 0)), IDLE_MS);
  assert.ok(!peers.idle(peers.held.get("ann"), IDLE_MS + 1));
});
