/** Clips play at the rate of their file; what moves the view meanwhile is gone on with, or ends it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cineOf, frameAt, frameOf, isCine, rateOf } from "../../web/js/core/view/cine.js";
import { viewportOf } from "../../web/js/core/view/view.js";
import { Cine } from "../../web/js/features/viewing/cine.js";
import { kase, scene, series, stack, timed, view, viewport } from "./examples.mjs";

const clip = (values, images = 3) =>
  series({ images, space: "image", series: { modality: "US", values: { instance_number: [1], ...values } } });
const heart = (labels, more = {}) => {
  const made = timed({ key: "s1", places: 2, labels, ...more });
  return { ...made, axis: { ...made.axis, attribute: more.attribute ?? "TriggerTime" } };
};
const lasting = ({ frames }) => frames.map(({ ms }) => ms);

test("a clip plays at its FrameTime, each frame at its own where the file has a vector", () => {
  const even = cineOf(clip({ frame_time_ms: [40] }), stack());
  assert.deepEqual([lasting(even), even.stated, rateOf(even)], [[40, 40, 40], true, 25]);
  assert.deepEqual(lasting(cineOf(clip({ frame_time_ms: [20, 40, 60] }), stack())), [20, 40, 60]);
  const silent = cineOf(clip({}), stack());
  assert.deepEqual([lasting(silent), silent.stated], [[100, 100, 100], false]);
});

test("times play at the place that is shown, as long as trigger times say, without those that are missing", () => {
  const cine = cineOf(heart(["0 ms", "70 ms", "150 ms"], { missing: [[1, 1]] }), stack("s1", 0, 1));
  assert.deepEqual(
    cine.frames.map(({ shows }) => [shows.place, shows.time]),
    [
      [0, 0],
      [0, 1],
      [0, 2],
    ],
  );
  assert.deepEqual(lasting(cine), [70, 80, 80]);
  const other = cineOf(heart(["0 ms", "70 ms", "150 ms"], { missing: [[1, 1]] }), stack("s1", 1, 0));
  assert.deepEqual(
    other.frames.map(({ shows }) => shows.time),
    [0, 2],
  );
  assert.deepEqual(lasting(cineOf(heart(["phase 1", "phase 2"]), stack("s1", 0, 0))), [100, 100]);
});

test("clips and times are made to be played, stills, stacks and b values are not", () => {
  assert.ok(isCine(clip({})) && isCine(heart(["0 ms", "70 ms"])));
  assert.ok(!isCine(clip({}, 1)) && !isCine(clip({ instance_number: [1, 2, 3] })) && !isCine(series()));
  assert.ok(!isCine(heart(["b 0", "b 1000"], { attribute: "DiffusionBValue" })));
});

test("what is due goes round, and is counted from when it began, not from timer to timer", () => {
  const cine = cineOf(clip({ frame_time_ms: [20, 40, 60] }), stack());
  assert.deepEqual(frameAt(cine, 0, 0), { index: 0, waitMs: 20 });
  assert.deepEqual(frameAt(cine, 0, 59), { index: 1, waitMs: 1 });
  assert.deepEqual(frameAt(cine, 2, 60), { index: 0, waitMs: 20 });
  assert.deepEqual(frameAt(cine, 1, 120_000 + 41), { index: 2, waitMs: 59 });
  assert.equal(frameOf(clip({}), cine, stack("s1", 2)), 2);
});

/** A page that shows a series, and a clock. */
function page(shown, start = stack("s1", 0, 0)) {
  const [k, clock] = [kase(shown), { now: 0 }];
  const session = { kase: k, drives: true };
  const navigation = {
    view: view(viewport({ ...start })),
    rests: [],
    independent: false,
    get activeViewport() {
      return viewportOf(this.view, this.view.active);
    },
    ready() {
      return { view: this.view, scene: scene(k) };
    },
    propose(next, how) {
      this.view = next;
      this.rests.push(how.rest ?? false);
    },
  };
  const cine = new Cine({ session, navigation, redraw: () => undefined }, () => clock.now);
  const at = (ms) => {
    clock.now = ms;
    clearTimeout(cine.timer);
    cine.tick();
    clearTimeout(cine.timer);
    const { place, time } = navigation.activeViewport.shows;
    return [place, time];
  };
  return { cine, session, navigation, at };
}

test("who plays moves the view, and it comes to rest when it ends", () => {
  const { cine, navigation, at } = page(clip({ frame_time_ms: [40] }));
  cine.toggle();
  assert.deepEqual(
    [at(39), at(40), at(80), at(121)].map(([place]) => place),
    [0, 1, 2, 0],
  );
  assert.deepEqual(new Set(navigation.rests), new Set([false]));
  assert.equal(cine.button.name, "Stop");
  cine.toggle();
  assert.deepEqual([navigation.rests.at(-1), cine.button.name, cine.button.hint], [true, "Play", "25 images a second"]);
});

test("its rate is said as people write numbers", () => {
  const hint = (ms) => page(clip({ frame_time_ms: [ms] })).cine.button.hint;
  assert.deepEqual([1000, 150, 2000].map(hint), ["1 image a second", "6.7 images a second", "0.5 images a second"]);
});

test("it goes on at the place that somebody scrolls to, and from the frame that somebody goes to", () => {
  const { cine, navigation, at } = page(heart(["0 ms", "70 ms", "140 ms"]));
  cine.toggle();
  assert.deepEqual(at(70), [0, 1]);
  navigation.view = view(viewport({ place: 1, time: 1 }));
  assert.deepEqual(
    [at(140), at(210)],
    [
      [1, 2],
      [1, 0],
    ],
  );
  navigation.view = view(viewport({ place: 1, time: 2 }));
  assert.deepEqual(
    [at(215), at(284), at(286)],
    [
      [1, 2],
      [1, 2],
      [1, 0],
    ],
  );
});

test("it ends where control goes, another series is shown, or nothing can move", () => {
  for (const end of [
    ({ session }) => Object.assign(session, { drives: false }),
    ({ navigation }) => Object.assign(navigation, { ready: () => null }),
    ({ navigation }) => Object.assign(navigation, { view: view(viewport({ series: "other" })) }),
  ]) {
    const made = page(clip({ frame_time_ms: [40] }));
    made.cine.toggle();
    made.at(40);
    end(made);
    const before = made.navigation.view;
    made.at(80);
    assert.equal(made.cine.run, null);
    assert.equal(made.navigation.view, before);
  }
});

test("who looks around plays there, and ends when that ends", () => {
  const { cine, session, navigation, at } = page(clip({ frame_time_ms: [40] }));
  session.drives = false;
  cine.toggle();
  assert.deepEqual(at(40), [1, 0]);
  navigation.independent = true;
  assert.deepEqual(at(80), [2, 0]);
  navigation.independent = false;
  at(120);
  assert.equal(cine.run, null);
});
