/** What numbers were computed from, in words: the same examples as the server's. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileWords, howWords, sourcesOf } from "../../web/js/core/record/sources.js";

const examples = JSON.parse(readFileSync(new URL("../sources.json", import.meta.url), "utf8"));

for (const { why, number, how, file } of examples)
  test(`the source of ${why}`, () => {
    // Seen to fail: with the tag, the pixels, the frame or the formula left out.
    assert.equal(howWords(number), how);
    assert.equal(fileWords(number), file);
  });

test("each number of a finding stands at its own file, with its value", () => {
  // Seen to fail: with all numbers under the first file.
  const [length, mean] = examples.map(({ number }, i) => ({ ...number, value: 22.4 + i }));
  const short = { ...length, quantity: "short_axis", value: 8 };
  assert.deepEqual(sourcesOf([length, mean, short]), [
    {
      file: "file 1.2.840.1, frame 1",
      lines: [
        "22.4 mm: distance of both ends, spacing by PixelSpacing",
        "short axis 8 mm: distance of both ends, spacing by PixelSpacing",
      ],
    },
    {
      file: "file 1.2.840.2, frame 37",
      lines: ["mean 23 HU: mean of the pixels whose centres lie in the shape, pixels read: 412"],
    },
  ]);
  assert.deepEqual(sourcesOf([]), []);
});

/** What a template shows, as far as its words go: no page is needed to read it. */
const textOf = (shown) => {
  if (Array.isArray(shown)) return shown.map(textOf).join("");
  if (shown?._$litDirective$) return textOf(shown.values[0].map((one, i) => shown.values[2](one, i))); // repeat
  if (shown?.strings) return shown.strings.map((part, i) => part + textOf(shown.values[i])).join("");
  return typeof shown === "string" ? shown : "";
};

test("beside the picture the sources of a finding's numbers can be unfolded, in its row and in the note", async () => {
  // Seen to fail: without `sources` in the row of a mark; without it in the note; with those that are not confirmed.
  globalThis.document = { createTreeWalker: () => ({}), createComment: () => ({}) };
  const { MarkLines } = await import("../../web/js/features/findings/mark-lines.js");
  const { findingLines } = await import("../../web/js/features/note/finding-lines.js");
  const [{ number: length, how, file }, { number: mean, how: meanHow }] = examples;
  const confirmed = { ...length, value: 22.4, check: "confirmed", sentence: "", taken_by: "", taken_name: "" };
  const doubtful = { ...confirmed, ...mean, check: "differs" };
  const mark = { id: "m1", case: "c1", kind: "length", points: [[0, 0, 0]], label: "" };
  const known = { mark: "m1", case: "c1", points: mark.points, numbers: [confirmed, doubtful], sentence: "" };
  const session = { doc: { numbers: [known] }, kase: null };
  const row = textOf(new MarkLines({ may: true, context: { session } }).row({ id: "f1" }, mark));
  for (const words of ["<details", "Sources of the numbers", `22.4 mm: ${how}`, file, meanHow])
    assert.ok(row.includes(words), words);

  const finding = { id: "f1", title: "Nodule", text: "", category: "", side: {}, views: [] };
  const acts = { open: () => {}, move: null };
  const note = (by) => textOf(findingLines([{ finding, marks: [mark], numbers: [known] }], [], by));
  for (const words of ["<details", `22.4 mm: ${how}`, file]) assert.ok(note(acts).includes(words), words);
  assert.ok(!note(acts).includes(meanHow), "what is not confirmed is in no note");
  const paper = note({ open: null, move: null });
  assert.ok(paper.includes(`22.4 mm: ${how}`) && !paper.includes("<details"), "on paper nothing can be unfolded");
});
