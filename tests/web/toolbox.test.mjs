import assert from "node:assert/strict";
import { test } from "node:test";
import { Toolbox } from "../../web/js/stage/toolbox.js";

test("a tool that moves the view lays down the one that draws", () => {
  const tools = new Toolbox();
  let changes = 0;
  tools.on("changed", () => (changes += 1));
  tools.draw("length");
  tools.take("pan");
  assert.deepEqual([tools.mouse, tools.finger, tools.drawing, changes], ["pan", "pan", "", 2]);
});

test("drawing lays down the laser, and no other tool", () => {
  const tools = new Toolbox();
  tools.take("laser");
  tools.draw("arrow");
  assert.deepEqual([tools.mouse, tools.drawing], ["stack", "arrow"]);
  tools.take("window");
  tools.draw("arrow");
  assert.equal(tools.mouse, "window");
  tools.take("laser");
  tools.draw("");
  assert.equal(tools.mouse, "laser");
});

test("the tool that draws is laid down where it is taken again, and another takes its place", () => {
  const tools = new Toolbox();
  tools.toggle("length");
  assert.equal(tools.drawing, "length");
  tools.toggle("angle");
  assert.equal(tools.drawing, "angle");
  tools.toggle("angle");
  assert.equal(tools.drawing, "");
});
