/** Values of marks give way to what lies over the picture. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isClear } from "../../web/js/core/view/clear.js";
import { kase, series, stamp, viewport } from "./examples.mjs";

const nothing = () => undefined;
const context = new Proxy(
  { measureText: (text) => ({ width: text.length * 7 }) },
  {
    get: (own, name) => own[name] ?? nothing,
    set: () => true,
  },
);
globalThis.devicePixelRatio = 2;
globalThis.document = { documentElement: {} };
globalThis.getComputedStyle = () => ({ fontSize: "12px" });
globalThis.addEventListener = nothing;
const { MarksLayer } = await import("../../web/js/features/marks/marks-layer.js");

test("a value stands beside a letter or a name, never over it", () => {
  const s = series({ key: "s1" });
  const painted = stamp(5, { viewports: [viewport({ place: 0 })] });
  const canvas = { width: 400, height: 400, style: {}, getContext: () => context };
  const layer = new MarksLayer(canvas);
  const [x, y, z] = s.grid.positions[0];
  const shape = { id: "m", kind: "text", series: "s1", image: 0, points: [[x + 100, y + 100, z]], label: "nodule" };
  const item = { shape, frame: "f1", colour: "#fa6f3e", reading: null, selected: false, own: true };
  const draw = () => {
    layer.draw(painted, kase(s), [item]);
    return layer.drawn[0].box;
  };
  const free = draw();
  assert.ok(free, "it has a text");
  const letter = free.map((v) => v / layer.unit);
  layer.keptClear = () => [letter];
  assert.ok(isClear(draw(), [letter.map((v) => v * layer.unit)]));
  assert.equal(canvas.style.visibility, "");
  layer.draw(painted, kase(s), []);
  assert.equal(canvas.style.visibility, "hidden", "a canvas without marks costs no frame anything");
  layer.beneath = () => true;
  layer.draw(painted, kase(s), []);
  assert.equal(canvas.style.visibility, "", "what lies below the marks is seen");
});
