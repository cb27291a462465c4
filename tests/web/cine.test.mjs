/** Clips play at the rate of their file, by the server's clock: what a page asks for, and what it says of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { stateBadges } from "../../web/js/core/view/badges.js";
import { alongOf, cineOf, isCine, oneOf, rateOf } from "../../web/js/core/view/cine/frames.js";
import { atIndex, goesOn, started, whole } from "../../web/js/core/view/cine/playing.js";
import { goTo, scroll, scrollTime, setWindow, viewportOf } from "../../web/js/core/view/view.js";
import { Cine } from "../../web/js/features/viewing/cine.js";
import { kase, scene, series, stack, timed, view, viewport } from "./examples.mjs";

const clip = (values, images = 3) =>
  series({ images, space: "image", series: { modality: "US", values: { instance_number: [1], ...values } } });
const heart = (labels, more = {}) => {
  const made = timed({ key: "s1", places: 2, labels, ...more });
  return { ...made, axis: { ...made.axis, attribute: more.attribute ?? "TriggerTime" } };
};
const ALL = { along: "place" };
const TIMES = { along: "time" };

test("a clip plays at its FrameTime, each frame at its own where the file has a vector", () => {
  const even = cineOf(clip({ frame_time_ms: [40] }), stack(), ALL);
  assert.deepEqual([even.ms, even.stated, rateOf(even), rateOf(even, 0.5)], [[40, 40, 40], true, 25, 12.5]);
  assert.deepEqual(cineOf(clip({ frame_time_ms: [20, 40, 60] }), stack(), ALL).ms, [20, 40, 60]);
  assert.deepEqual(cineOf(clip({ frame_time_ms: [20, 40, 60] }), stack(), { ...ALL, first: 1 }).ms, [40, 60]);
  const silent = cineOf(clip({}), stack(), ALL);
  assert.deepEqual([silent.ms, silent.stated], [[100, 100, 100], false]);
});

test("times last as long as trigger times say, without those that are missing", () => {
  const gap = heart(["0 ms", "70 ms", "150 ms"], { missing: [[1, 1]] });
  assert.deepEqual(cineOf(gap, stack("s1", 0, 1), TIMES).ms, [70, 80, 80]);
  assert.deepEqual(cineOf(gap, stack("s1", 1, 0), TIMES).ms, [70, 80]);
  assert.deepEqual(cineOf(heart(["phase 1", "phase 2"]), stack("s1", 0, 0), TIMES).ms, [100, 100]);
});

test("clips and times are made to be played, stills, stacks and b values are not", () => {
  assert.ok(isCine(clip({})) && isCine(heart(["0 ms", "70 ms"])));
  assert.ok(!isCine(clip({}, 1)) && !isCine(clip({ instance_number: [1, 2, 3] })) && !isCine(series()));
  const dwi = heart(["b 0", "b 1000"], { attribute: "DiffusionBValue" });
  assert.ok(!isCine(dwi));
  assert.deepEqual(
    [alongOf(heart(["0 ms", "70 ms"]), stack()), alongOf(dwi, stack()), alongOf(series(), stack())],
    ["time", "place", "place"],
  );
});

test("of a clip that is faster than the moving picture images are left out, and the picture says so", () => {
  const fast = clip({ frame_time_ms: [1000 / 60] });
  const cine = cineOf(fast, stack(), ALL);
  assert.deepEqual([oneOf(cine), oneOf(cine, 0.5), oneOf(cineOf(clip({}), stack(), ALL))], [2, 1, 1]);
  const more = { role: "", comparing: false, loading: null };
  const texts = (rate) =>
    stateBadges(viewport(), fast, { ...more, playing: { along: "place", first: 0, last: 2, rate, since: 5 } }).map(
      ({ text }) => text,
    );
  assert.deepEqual([texts(1), texts(0.5)], [["CINE 60/s", "ONE OF 2 SHOWN"], ["CINE 30/s 0.5×"]]);
});

test("who scrolls along what plays stops it, all else goes on", () => {
  const s = clip({ frame_time_ms: [40] }, 10);
  const part = { along: "place", first: 0, last: 9, rate: 1 };
  const plays = started(view(viewport({ place: 3 })), "a", part);
  const [shown, all] = [plays.viewports[0], scene(kase(s))];
  assert.deepEqual(shown.playing, { ...part, since: 0 });
  const after = (next) => viewportOf(next, "a").playing;
  assert.equal(after(scroll(plays, "a", all, 1)), null);
  assert.equal(after(goTo(plays, "a", all, 8)), null);
  assert.equal(after(setWindow(plays, "a", all, { center: 1, width: 2 })), shown.playing);
  const dynamic = heart(["0 ms", "70 ms", "140 ms"]);
  const timesPlay = started(view(viewport({ place: 0 })), "a", whole(dynamic, stack()));
  const there = scene(kase(dynamic));
  assert.equal(after(scroll(timesPlay, "a", there, 1)), timesPlay.viewports[0].playing);
  assert.equal(after(scrollTime(timesPlay, "a", there, 1)), null);
  assert.deepEqual(goesOn(shown, stack("other", 3)), { playing: null });
});

test("a time or a place of whatever is shown", () => {
  const plane = { type: "plane", volume: { series: "s1", time: 0 }, name: "axial" };
  const fusion = { type: "fusion", base: stack("s1", 1, 0), over: { series: "s2" } };
  assert.equal(atIndex(plane, "time", 2).volume.time, 2);
  assert.deepEqual(atIndex(fusion, "place", 2).base, stack("s1", 2, 0));
  assert.deepEqual(atIndex(stack(), "time", 2), stack("s1", 3, 2));
});

/** A page that shows a series, and what it painted last. */
function page(shown, start = {}) {
  const k = kase(shown);
  const navigation = {
    view: view(viewport({ place: 0, ...start })),
    get activeViewport() {
      return viewportOf(this.view, this.view.active);
    },
    change(how) {
      this.view = how(this.view, scene(k));
    },
  };
  const stage = { pictures: { painted: null } };
  const cine = new Cine({ session: { kase: k }, navigation, stage, redraw: () => undefined });
  const paint = (shows) => Object.assign(stage.pictures, { painted: { viewports: [{ id: "a", shows }] } });
  return { cine, navigation, paint, plays: () => navigation.activeViewport.playing };
}

test("play asks the server to begin, stop leaves all at the image that was painted", () => {
  const { cine, navigation, paint, plays } = page(clip({ frame_time_ms: [40] }));
  assert.deepEqual([cine.button.name, cine.button.hint], ["Play", "25 images a second"]);
  cine.toggle();
  assert.deepEqual(plays(), { along: "place", first: 0, last: 2, rate: 1, since: 0 });
  assert.equal(cine.button.name, "Stop");
  navigation.view = view({ ...viewport({ place: 2 }), playing: { ...plays(), since: 7 } }); // the server has gone on
  paint(stack("s1", 1));
  cine.toggle();
  assert.deepEqual([plays(), navigation.activeViewport.shows.place], [null, 1]);
});

test("speed and part are chosen before and while it plays, and kept for the next time", () => {
  const { cine, plays } = page(clip({ frame_time_ms: [40] }, 10), { place: 4 });
  const choose = (name) => cine.items.find((item) => item.name === name).choose();
  choose("Begin here");
  assert.equal(plays(), undefined);
  cine.toggle();
  cine.step(-1);
  assert.deepEqual(plays(), { along: "place", first: 4, last: 9, rate: 0.5, since: 0 });
  choose("2×");
  assert.equal(plays().rate, 2);
  assert.equal(cine.items.find((item) => item.name === "End here").disabled, true, "one image is no part");
  choose("Play all of it");
  assert.deepEqual([plays().first, plays().last], [0, 9]);
  cine.toggle();
  cine.toggle();
  assert.equal(plays().rate, 2);
});

test("its rate is said as people write numbers", () => {
  const hint = (ms) => page(clip({ frame_time_ms: [ms] })).cine.button.hint;
  assert.deepEqual([1000, 150, 2000].map(hint), ["1 image a second", "6.7 images a second", "0.5 images a second"]);
  assert.equal(page(clip({})).cine.button.hint, "10 images a second: the file gives no rate");
});

test("what somebody else plays is stopped and slowed as they chose it", () => {
  const playing = { along: "place", first: 1, last: 2, rate: 4, since: 9 };
  const { cine, plays } = page(clip({ frame_time_ms: [40] }), { playing });
  assert.equal(cine.button.rate, "4×");
  cine.step(-1);
  assert.deepEqual(plays(), { ...playing, rate: 2, since: 0 });
});
