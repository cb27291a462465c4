/** The page in German: the server has sent its catalogue before any module runs. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const catalogue = JSON.parse(readFileSync(new URL("../../web/locales/de.json", import.meta.url), "utf8"));
globalThis.consultCatalogue = { language: "de", ...catalogue };
const format = await import("../../web/js/core/format.js");
const label = await import("../../web/js/core/study-label.js");
const badges = await import("../../web/js/core/view/badges.js");
const measure = await import("../../web/js/core/marks/measure.js");
const { ofServer } = await import("../../web/js/core/language.js");
const { Session } = await import("../../web/js/core/session/session.js");
const { named } = await import("../../web/js/core/words.js");

const NBSP = "\u00a0";

test("dates and numbers as German has them; thousands are never parted by a point", () => {
  assert.equal(format.formatDate("2026-11-04"), "04.11.2026");
  assert.equal(format.formatDate("2026"), "");
  assert.equal(format.formatMoment("2026-11-04T12:00:00"), "04.11.2026, 12:00");
  assert.equal(format.formatNumber(-12.34, 1), "\u221212,3");
  assert.equal(format.formatZoom(2), "2×");
  assert.equal(format.formatZoom(2.84), "2,8×");
  assert.equal(format.count(1204), `1${NBSP}204`);
  assert.equal(format.counted(1, "file"), "1 Datei");
  assert.equal(format.counted(1204, "file"), `1${NBSP}204 Dateien`);
  assert.equal(format.formatWindow({ center: -600, width: 1500 }), `W${NBSP}1500 L${NBSP}\u2212600`);
});

test("who a patient is: the sex stays as DICOM has it", () => {
  const kase = { patient: { name: "A^B", id: "1", birth_date: "1961-03-14", sex: "F" } };
  assert.equal(format.formatPerson(kase, { age: "065Y" }), `geb. 14.03.1961 · 65${NBSP}J F`);
});

test("which study is the prior", () => {
  const [now, prior] = [
    { key: "a", date: "2026-11-24" },
    { key: "b", date: "2026-05-19" },
  ];
  assert.equal(label.studyRole(prior, [now, prior]), "PRIOR", "what the page decides by stays");
  assert.equal(label.studyLine(prior, [now, prior]), "19.05.2026, VORAUFNAHME, 6 Monate vorher");
  assert.equal(label.studyLabel(now, [now, prior]), "AKTUELL");
});

test("badges and notes, what an attribute holds stays", () => {
  const exact = badges.fidelityBadge({ fidelity: "exact", lossyForMs: 0, scale: 1 });
  assert.equal(exact?.text, "EXAKT");
  assert.equal(
    badges.noteText("not for reading, geometry not usable: PixelSpacing 0\\0"),
    "NICHT ZUR BEFUNDUNG, " + "GEOMETRIE NICHT VERWENDBAR: PixelSpacing 0\\0",
  );
  assert.equal(badges.notLive(4000).text, "NICHT LIVE, 4 S ALT");
});

test("a length says by what it is one", () => {
  assert.equal(measure.lengthText(22.41, "mm"), `22,4${NBSP}mm`);
  assert.equal(measure.lengthText(22.41, "mm at detector"), `22,4${NBSP}mm am Detektor`);
  assert.equal(measure.areaText(5.25, "mm calibrated (fiducial)"), `5,3${NBSP}mm² kalibriert (Referenzkörper)`);
});

test("sentences of the server, with a patient's name inside", () => {
  assert.equal(
    ofServer("This was made for MÜLLER, Anna. Another case is on the stage now."),
    "Das war für MÜLLER, Anna. Jetzt wird ein anderer Fall gezeigt.",
  );
  assert.equal(
    ofServer("This was made for case 2 of 3. Another case is on the stage now."),
    "Das war für Fall 2 von 3. Jetzt wird ein anderer Fall gezeigt.",
  );
  assert.equal(
    ofServer("This consult holds 2,000 marks; delete some or begin a new consult."),
    `Dieses Konsil enthält 2${NBSP}000 Markierungen; löschen Sie einige, oder beginnen Sie ein neues Konsil.`,
  );
  assert.equal(ofServer("phase 3"), "Phase 3");
  assert.equal(ofServer("PatientName and PatientID differ"), "PatientName and PatientID weichen ab");
  const used = "2 consults have this study: “A”, “B”. Its images would be gone there too. Delete it all the same?";
  assert.match(ofServer(used), /^2 Konsile enthalten dies \(Untersuchung\): “A”, “B”\. /);
});

test("names in a sentence", () => {
  assert.equal(named(["A", "B"]), "A und B");
  assert.equal(named(["A", "B", "C"]), "A, B und 1 weitere");
});

test("a refusal of what has no answer of its own is told in German too", () => {
  const session = new Session();
  /** @type {string[][]} */
  const refusals = [];
  session.on("refused", (...refused) => refusals.push(refused));
  const message = "That was too often in a short time. Wait a few seconds.";
  session.receive({ type: "refused", id: "", code: "too_often", message });
  assert.deepEqual(refusals, [["too_often", "Das war in kurzer Zeit zu oft. Warten Sie einige Sekunden."]]);
});
