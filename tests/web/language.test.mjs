import assert from "node:assert/strict";
import { test } from "node:test";
import { speaker } from "../../web/js/core/language.js";

const catalogue = {
  language: "de",
  page: {
    Close: "Schließen",
    "{name} has control": "{name} hat die Steuerung",
    "{n} files": { one: "{n} Datei", other: "{n} Dateien" },
    "{names} are here": { one: "{names} ist hier", other: "{names} sind hier" },
  },
  server: {
    "This consult is over.": "Dieses Konsil ist beendet.",
    "This was made for {who}. {sentence}": "Das war für {who}. {sentence}",
    "Computed from its file it is {value}.": "Aus der Datei berechnet: {value}.",
    "The file {uid} has {n} frames.": "Die Datei {uid} hat {n} Frames.",
    "Another case is on the stage now.": "Jetzt wird ein anderer Fall gezeigt.",
    "There is no such mark (any more).": "Diese Markierung gibt es nicht (mehr).",
  },
};
const german = speaker(catalogue);
const english = speaker({ language: "en", page: {}, server: {} });

test("a text is shown in the language, and in English where the catalogue lacks it", () => {
  assert.equal(german.text("Close"), "Schließen");
  assert.equal(german.text("Open"), "Open");
  assert.equal(english.text("Close"), "Close");
});

test("values stand in their places; what they hold is not a place, and no markup", () => {
  assert.equal(german.text("{name} has control", { name: "Dr. {name} $& <b>" }), "Dr. {name} $& <b> hat die Steuerung");
  assert.equal(english.text("{name} has {what}", { name: "Ann" }), "Ann has {what}", "a missing value is seen");
  assert.equal(english.text("{toString}", {}), "{toString}");
});

test("what is counted has the form that its language has for the number", () => {
  assert.equal(german.plural(1, "{n} file", "{n} files"), "1 Datei");
  assert.equal(german.plural(0, "{n} file", "{n} files"), "0 Dateien");
  assert.equal(german.plural(1204, "{n} file", "{n} files", { n: "1 204" }), "1 204 Dateien");
  assert.equal(german.plural(1, "{names} is here", "{names} are here", { names: "Ann" }), "Ann ist hier");
  assert.equal(english.plural(1, "{n} file", "{n} files"), "1 file");
  assert.equal(english.plural(2, "{n} file", "{n} files"), "2 files");
});

test("a language of more than two forms chooses by CLDR", () => {
  const forms = { one: "{n} plik", few: "{n} pliki", many: "{n} plików", other: "{n} pliku" };
  const { plural } = speaker({ language: "pl", page: { "{n} files": forms }, server: {} });
  assert.deepEqual(
    [1, 3, 5, 22].map((n) => plural(n, "{n} file", "{n} files")),
    ["1 plik", "3 pliki", "5 plików", "22 pliki"],
  );
});

test("sentences of the server are known by their words, also with values inside, and else shown as they came", () => {
  assert.equal(german.ofServer("This consult is over."), "Dieses Konsil ist beendet.");
  assert.equal(
    german.ofServer("This was made for DEMO, Anna. Another case is on the stage now."),
    "Das war für DEMO, Anna. Jetzt wird ein anderer Fall gezeigt.",
  );
  assert.equal(german.ofServer("There is no such mark (any more)."), "Diese Markierung gibt es nicht (mehr).");
  assert.equal(german.ofServer("PixelData is 3: truncated"), "PixelData is 3: truncated");
  assert.equal(german.ofServer(undefined), "");
});

test("a number inside a sentence has the decimal sign of the language, and a UID stays", () => {
  const sentence = "Computed from its file it is 22.35 mm.";
  assert.equal(german.ofServer(sentence), "Aus der Datei berechnet: 22,35 mm.");
  assert.equal(german.ofServer("Computed from its file it is -0.5."), "Aus der Datei berechnet: -0,5.");
  assert.equal(german.ofServer("The file 1.2.840 has 1,204 frames."), "Die Datei 1.2.840 hat 1\u00a0204 Frames.");
  assert.equal(speaker({ ...catalogue, language: "en" }).ofServer(sentence), "Aus der Datei berechnet: 22.35 mm.");
});
