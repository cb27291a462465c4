import assert from "node:assert/strict";
import { test } from "node:test";
import { PeerCursors, IDLE_MS, SMOOTH_MS } from "../../web/js/core/people/peer-cursors.js";

const pointed = (n, x, more = {}) => ({
  seat: "ann",
  n,
  at: { viewport: "a", series: "s1", image: 3, point: [x, 0, 0], ...more },
  laser: false,
});
const told = (...cursors) => ({ type: "cursors", case: 1, cursors });
const x = (crowd, now, still = false) => crowd.point(crowd.held.get("ann"), now, still)[0];

test("a cursor comes smoothly to where it is told, from where it is", () => {
  const crowd = new PeerCursors();
  crowd.receive(told(pointed(1, 0)), 0);
  assert.equal(x(crowd, 0), 0, "the first at once");
  crowd.receive(told(pointed(2, 80)), 1000);
  assert.equal(x(crowd, 1000), 0);
  assert.equal(x(crowd, 1000 + SMOOTH_MS / 2), 40);
  crowd.receive(told(pointed(3, 140)), 1000 + SMOOTH_MS / 2);
  assert.equal(x(crowd, 1000 + SMOOTH_MS / 2), 40, "no leap when it is told anew on the way");
  assert.ok(crowd.moves(1000 + SMOOTH_MS));
  assert.equal(x(crowd, 1000 + SMOOTH_MS * 1.5), 140);
  assert.ok(!crowd.moves(1000 + SMOOTH_MS * 1.5));
});

test("with reduced motion it leaps", () => {
  const crowd = new PeerCursors();
  crowd.receive(told(pointed(1, 0)), 0);
  crowd.receive(told(pointed(2, 80)), 1000);
  assert.equal(x(crowd, 1000, true), 80);
});

test("nothing glides from one image to another", () => {
  const crowd = new PeerCursors();
  crowd.receive(told(pointed(1, 0)), 0);
  crowd.receive(told(pointed(2, 80, { image: 4 })), 1000);
  assert.equal(x(crowd, 1000), 80);
});

test("who is not told of any more is gone, and so is all of another case", () => {
  const crowd = new PeerCursors();
  crowd.receive(told(pointed(1, 0), { ...pointed(1, 5), seat: "bob" }), 0);
  crowd.receive(told(pointed(1, 0)), 10);
  assert.deepEqual([...crowd.held.keys()], ["ann"]);
  crowd.receive({ ...told(pointed(1, 0)), case: 2 }, 20);
  assert.equal(crowd.held.get("ann").since, 20, "new, not kept");
  assert.equal(crowd.case, 2);
});

test("one that does not move becomes idle; said anew it is not, though it is where it was", () => {
  const crowd = new PeerCursors();
  crowd.receive(told(pointed(1, 0)), 0);
  crowd.receive(told(pointed(1, 0)), IDLE_MS - 1);
  assert.ok(crowd.idle(crowd.held.get("ann"), IDLE_MS), "another's cursor has moved, not this one");
  crowd.receive(told(pointed(2, 0)), IDLE_MS);
  assert.ok(!crowd.idle(crowd.held.get("ann"), IDLE_MS + 1));
});
