/** Greys in colours: on an image, on all planes of a volume, and back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { COLOUR_MAPS } from "../../web/js/core/planes/fusion.js";
import { openPlanes } from "../../web/js/core/planes/layouts.js";
import { inPalette } from "../../web/js/core/planes/palettes.js";
import { stateBadges } from "../../web/js/core/view/badges.js";
import { reset } from "../../web/js/core/view/view.js";
import { kase, scene, series, view, viewport } from "./examples.mjs";

const pet = series({ key: "pet", images: 10, step: 5, series: { modality: "PT", no_planes: "", windows: [] } });
const colour = series({ key: "rgb", frame: "", series: { colour: true, windows: [] } });
const s = scene(kase(pet, colour));
const opened = view(viewport({ series: "pet", invert: true }));

test("PET in colours begins with black, and in greys it is dark on white again", () => {
  const [hot] = inPalette(opened, "a", s, "hot_iron").viewports;
  assert.deepEqual([hot.palette, hot.invert], ["hot_iron", false]);
  const [grey] = inPalette({ ...opened, viewports: [hot] }, "a", s, "").viewports;
  assert.deepEqual([grey.palette, grey.invert], ["", true]);
  assert.equal(reset({ ...opened, viewports: [hot] }, "a", s).viewports[0].palette, "");
});

test("all planes of a volume have one palette", () => {
  const planes = inPalette(openPlanes(pet), "b", s, "pet_20_step");
  assert.deepEqual(
    planes.viewports.map((v) => [v.palette, v.invert]),
    Array(3).fill(["pet_20_step", false]),
  );
});

test("a colour image and a fusion have no palette", () => {
  const rgb = view(viewport({ series: "rgb", window: null }));
  assert.equal(inPalette(rgb, "a", s, "pet"), rgb);
  const over = { series: "pet", time: 0 };
  const fusion = { type: "fusion", base: opened.viewports[0].shows, over, window: { center: 1, width: 2 } };
  const fused = { ...opened, viewports: [{ ...opened.viewports[0], shows: fusion }] };
  assert.equal(inPalette(fused, "a", s, "pet"), fused);
});

test("the picture says which, and a fusion may have the same ones", () => {
  const [shown] = inPalette(opened, "a", s, "hot_metal_blue").viewports;
  const badges = stateBadges(shown, pet, { role: "", comparing: false, loading: null }).map((b) => b.text);
  assert.deepEqual(badges, ["HOT METAL BLUE"]);
  assert.deepEqual(
    COLOUR_MAPS.map(([map]) => map),
    ["hot_iron", "hot_metal_blue", "pet", "pet_20_step", "grey_inverse"],
  );
});
