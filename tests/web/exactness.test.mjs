/** When exact stills are shown while it moves, and when the stream; and what becomes of it on five networks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Exactness, isMetered, LATE_MS } from "../../web/js/core/pictures/exactness.js";

/** Live, its stream settled. */
function ready(how = {}) {
  const exactness = new Exactness(how.metered);
  exactness.connect(true, 0);
  exactness.settled = true;
  return exactness;
}
const FAST = [400_000, 8];
const SLOW = [400_000, 200];

test("a fast transfer opens the socket, and its first still ends the stream", () => {
  const exactness = ready();
  assert.deepEqual(exactness.fetched(...SLOW, 0), []);
  assert.deepEqual(exactness.fetched(1000, 0.1, 0), [], "too small to say anything");
  assert.deepEqual(exactness.fetched(...FAST, 0), ["open"]);
  assert.equal(exactness.exact, false);
  assert.deepEqual(exactness.came(10), ["stills"]);
  assert.deepEqual([exactness.exact, exactness.came(20)], [true, []]);
});

test("not before it is known by which transport the stream comes; then at once", () => {
  const exactness = new Exactness();
  exactness.connect(true, 0);
  assert.deepEqual(exactness.fetched(...FAST, 0), []);
  exactness.settled = true;
  assert.deepEqual(exactness.tick(250), ["open"]);
});

test("metered networks keep the stream", () => {
  assert.deepEqual(ready({ metered: true }).fetched(...FAST, 0), []);
  assert.deepEqual(
    [undefined, {}, { effectiveType: "4g" }, { saveData: true }, { type: "cellular" }, { effectiveType: "3g" }].map(
      isMetered,
    ),
    [false, false, false, true, true, true],
  );
});

test("a still that is late brings the stream back, and stills go on until its first frame", () => {
  const exactness = exactNow();
  exactness.revised(1, 100);
  assert.deepEqual(exactness.tick(100 + LATE_MS - 1), []);
  assert.deepEqual(exactness.tick(100 + LATE_MS), ["resume"]);
  assert.equal(exactness.phase, "leaving");
  assert.deepEqual(exactness.framed(900), ["close", "frames"]);
  assert.equal(exactness.phase, "stream");
});

test("while a hand moves the newest view seldom has its picture: pictures that are a little behind stay", () => {
  const exactness = exactNow();
  for (let rev = 1; rev <= 30; rev++) {
    exactness.revised(rev, rev * 100);
    exactness.painted(rev - 2);
    assert.deepEqual(exactness.tick(rev * 100), [], `view ${rev}`);
  }
  assert.deepEqual(exactness.tick(2900 + LATE_MS), ["resume"], "unless the one that is due does not come");
});

/** Exact stills alone are shown. */
function exactNow() {
  const exactness = ready();
  exactness.fetched(...FAST, 0);
  exactness.came(0);
  return exactness;
}

test("what another stage lacked is not late on this one", () => {
  const exactness = exactNow();
  exactness.revised(50, 100);
  exactness.forget();
  assert.deepEqual(exactness.tick(100 + LATE_MS), []);
});

test("after that two fast transfers are needed, and a pause that doubles", () => {
  const exactness = exactNow();
  for (const pause of [10_000, 20_000, 40_000]) {
    const now = exactness.since;
    exactness.revised(1, now);
    exactness.tick(now + LATE_MS);
    exactness.framed(now + LATE_MS);
    const later = now + LATE_MS + pause;
    exactness.fetched(...FAST, later - 2);
    assert.deepEqual(exactness.fetched(...FAST, later - 1), []);
    assert.deepEqual(exactness.tick(later), ["open"]);
    assert.deepEqual(exactness.came(later), ["stills"]);
  }
});

test("a socket that ends, or brings nothing, leaves the stream as it is", () => {
  const exactness = ready();
  exactness.fetched(...FAST, 0);
  assert.deepEqual([exactness.closed(1), exactness.phase], [["close"], "stream"]);
  const other = ready();
  other.fetched(...FAST, 0);
  assert.deepEqual(other.tick(5000), ["close"]);
  const third = exactNow();
  assert.deepEqual(third.closed(5), ["resume"]);
  assert.deepEqual(third.tick(5005), ["close", "frames"], "also where no frame comes");
});

test("where the connection is lost nothing is open, and it begins anew", () => {
  const exactness = exactNow();
  assert.deepEqual(exactness.connect(false, 10), ["close", "resume", "frames"]);
  assert.deepEqual(exactness.tick(20), []);
  assert.deepEqual(exactness.connect(true, 30), []);
  assert.deepEqual(exactness.tick(250), ["open"]);
});

/**
 * A page on a network, whose hand moves for 4 s and rests for 2 s, 20 views a second.
 * @param {{mbit: (s: number) => number, rtt: number, loss?: number}} network
 */
function simulate({ mbit, rtt, loss = 0 }, seconds = 180) {
  const exactness = ready();
  const changes = [];
  let [busyUntil, seed, frameDue, newest] = [0, 1, Infinity, 0];
  /** @type {[number, number][]} */
  let coming = [];
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const run = (effects, now) => {
    for (const effect of effects) {
      if (effect === "stills" || effect === "frames") changes.push([effect, now]);
      if (effect === "resume") frameDue = now + rtt + 100;
      if (effect === "open") coming.push([0, now + 2 * rtt + took(now)]);
    }
  };
  const took = (now) => (350_000 * 8) / 1000 / mbit(now / 1000) + (random() < loss * 20 ? rtt : 0);
  for (let now = 0; now < seconds * 1000; now += 10) {
    const moves = now % 6000 < 4000;
    if (moves && now % 50 === 0) {
      newest += 1;
      exactness.revised(newest, now);
      if (exactness.exact && busyUntil <= now + 20) {
        busyUntil = Math.max(now, busyUntil) + took(now);
        coming.push([newest, busyUntil + rtt]);
      }
    }
    if (now % 6000 === 4200 && !exactness.exact) run(exactness.fetched(350_000, took(now), now), now);
    if (now % 6000 === 4200 && exactness.exact) coming.push([newest, now + rtt + took(now)]);
    for (const [rev] of coming.filter(([, at]) => at <= now)) {
      run(exactness.came(now), now);
      exactness.painted(rev);
    }
    coming = coming.filter(([, at]) => at > now);
    if (frameDue <= now) {
      frameDue = Infinity;
      run(exactness.framed(now), now);
    }
    if (now % 250 === 0) run(exactness.tick(now), now);
  }
  return { exact: exactness.exact, changes };
}

test("on loopback and in a LAN stills are shown from the first on, and stay", () => {
  for (const [mbit, rtt] of [
    [900, 1],
    [300, 2],
    [100, 3],
  ]) {
    const { exact, changes } = simulate({ mbit: () => mbit, rtt });
    assert.deepEqual([exact, changes.length], [true, 1], `${mbit} Mbit/s`);
  }
});

test("slow links keep the stream, and never try", () => {
  for (const [mbit, rtt, loss] of [
    [20, 40, 0],
    [5, 80, 0],
    [2, 150, 0.01],
  ])
    assert.deepEqual(simulate({ mbit: () => mbit, rtt, loss }), { exact: false, changes: [] });
});

test("a link that falls is left within a second or two of moving, and is not tried again while it is slow", () => {
  const { exact, changes } = simulate({ mbit: (s) => (s < 30 ? 200 : 4), rtt: 20 });
  assert.deepEqual([exact, changes.map(([effect]) => effect)], [false, ["stills", "frames"]]);
  assert.ok(changes[1][1] < 33_000, String(changes[1][1]));
});

test("a link that goes up and down changes it seldom", () => {
  const { changes } = simulate({ mbit: (s) => (Math.floor(s / 12) % 2 ? 6 : 200), rtt: 20 }, 600);
  assert.ok(changes.length <= 12, String(changes.length));
});
