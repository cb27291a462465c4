/** Reports in the reader's language: dates and the server's words; what the file says stays. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const catalogue = JSON.parse(readFileSync(new URL("../../web/locales/de.json", import.meta.url), "utf8"));
globalThis.consultCatalogue = { language: "de", ...catalogue };
const { reportLine } = await import("../../web/js/core/record/report-lines.js");

/** @param {object} line */
const shown = (line) => {
  const { name, value } = reportLine({ level: 0, kind: "text", name: "", value: "", ...line });
  return [name, value];
};

test("dates are written as the rest of the page writes them", () => {
  const line = { kind: "moment", name: "Date", ours: true };
  assert.deepEqual(shown({ ...line, value: "2026-11-24T10:15:00" }), ["Datum", "24.11.2026 10:15:00"]);
  assert.deepEqual(shown({ ...line, value: "2026-11-24" }), ["Datum", "24.11.2026"]);
  assert.deepEqual(shown({ ...line, ours: false, value: "" }), ["Date", ""]);
});

test("the server's own words are translated", () => {
  assert.deepEqual(shown({ kind: "state", name: "State", value: "complete, not verified", ours: true }), [
    "Status",
    "vollständig, nicht bestätigt",
  ]);
  assert.deepEqual(shown({ name: "Verified by", value: "case, Date", ours: true }), ["Bestätigt von", "case, Date"]);
  assert.equal(
    shown({ kind: "measurement", name: "Date", value: "no value (Not available)" })[1],
    "kein Wert (Not available)",
  );
  assert.equal(shown({ kind: "note", name: "Source: refers to an image" })[0], "Source: verweist auf ein Bild");
  assert.equal(shown({ kind: "note", name: "a place on an image" })[0], "eine Stelle in einem Bild");
  const rest = "The rest of this report is left out: it is too long.";
  assert.match(shown({ kind: "note", name: rest })[0], /^Der Rest dieses Berichts/);
});

test("what the file says stays", () => {
  assert.deepEqual(shown({ name: "State", value: "complete" }), ["State", "complete"]);
  assert.deepEqual(shown({ kind: "heading", name: "Date" }), ["Date", ""]);
  assert.deepEqual(shown({ kind: "measurement", name: "Mean", value: "41 HU" }), ["Mean", "41 HU"]);
});
