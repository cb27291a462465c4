/** A millimetre of the image on a millimetre of a screen that was measured by a card. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { corners } from "../../web/js/core/view/corner.js";
import { mmPerPixel } from "../../web/js/core/view/camera.js";
import { isScreen, lifeScale, trueSize } from "../../web/js/core/view/true-size.js";
import { kase, near, scene, series, view, viewport } from "./examples.mjs";

const PIXELS = 4; // of a millimetre
const ct = series({ key: "s1", images: 10 });
const film = series({ key: "dx", images: 1, unit: "mm at detector", space: "image" });
const secondary = series({ key: "sc", images: 1, unit: "px", space: "image" });
const s = scene(kase(ct, film, secondary));
const rect = s.rects.get("a");

for (const key of ["s1", "dx"])
  test(`${key} is as large as life`, () => {
    const shown = trueSize(view(viewport({ series: key, place: 0 })), "a", s, PIXELS).viewports[0];
    near(1 / mmPerPixel(shown.camera, rect), PIXELS);
    near(lifeScale({ camera: shown.camera, rect_px: rect }, "mm", PIXELS), 1);
  });

test("where lengths or the screen are not known, nothing is called so", () => {
  const shown = view(viewport({ series: "sc", place: 0 }));
  assert.equal(trueSize(shown, "a", s, PIXELS), shown);
  const known = view(viewport({ series: "s1" }));
  for (const pixels of [0, NaN, 1e9]) assert.equal(trueSize(known, "a", s, pixels), known);
  assert.deepEqual([0, NaN, 0.5, 4, 61].map(isScreen), [false, false, false, true, false]);
});

test("the corner says how large it is, on a screen that was measured alone", () => {
  const of = (radius, pixelsPerMm) => {
    const shown = { ...viewport({ place: 3 }), rect_px: rect, scale: 2 };
    const camera = { ...shown.camera, radius };
    const content = { kase: kase(ct), viewport: { ...shown, camera }, series: ct, comparing: false, pixelsPerMm };
    return corners(content)
      .bottomLeft.map(({ text }) => text)
      .join(" ")
      .replaceAll("\u00a0", " ");
  };
  const life = Math.min(rect[2], rect[3]) / 2 / PIXELS;
  assert.match(of(life, PIXELS), /true size$/);
  assert.match(of(life / 2, PIXELS), /2× life$/);
  assert.doesNotMatch(of(life, 0), /size|life/);
});
