/**
 * Words that name a side of the patient, in the languages that reports are written in: the twin of
 * consult/model/side.py, with the same words (a test compares both lists; tests/side-words.json holds texts for both).
 */

/** @typedef {"RIGHT" | "LEFT"} Named */

/** @type {Record<string, readonly string[]>} */
export const LEFT = {
  English: ["left", "left-sided", "leftsided", "lt", "sinistral"],
  German: [
    "links",
    "linke",
    "linker",
    "linken",
    "linkem",
    "linkes",
    "linksseitig",
    "linksseitige",
    "linksseitiger",
    "linksseitigen",
    "linksseitiges",
    "li",
    "linkslateral",
  ],
  French: ["gauche", "gauches"],
  Italian: ["sinistra", "sinistro", "sinistre", "sinistri", "sn", "sin"],
  Spanish: ["izquierda", "izquierdo", "izquierdas", "izquierdos", "izq", "izda", "izqda", "izdo"],
  Portuguese: ["esquerda", "esquerdo", "esquerdas", "esquerdos", "esq"],
  Dutch: ["linker", "links", "linkszijdig", "linkszijdige"],
  Polish: ["lewa", "lewy", "lewe", "lewej", "lewego", "lewym", "lewostronny", "lewostronna", "lewostronne", "lewo"],
  Latin: ["sinister", "sinistrum", "sinistrae"],
};
/** @type {Record<string, readonly string[]>} */
export const RIGHT = {
  English: ["right", "right-sided", "rightsided", "rt", "dextral"],
  German: [
    "rechts",
    "rechte",
    "rechter",
    "rechten",
    "rechtem",
    "rechtes",
    "rechtsseitig",
    "rechtsseitige",
    "rechtsseitiger",
    "rechtsseitigen",
    "rechtsseitiges",
    "re",
    "rechtslateral",
  ],
  French: ["droite", "droites", "droit", "droits"],
  Italian: ["destra", "destro", "destre", "destri", "dx"],
  Spanish: ["derecha", "derecho", "derechas", "derechos", "der", "dcha", "dcho"],
  Portuguese: ["direita", "direito", "direitas", "direitos", "dir"],
  Dutch: ["rechter", "rechts", "rechtszijdig", "rechtszijdige"],
  Polish: [
    "prawa",
    "prawy",
    "prawe",
    "prawej",
    "prawego",
    "prawym",
    "prawostronny",
    "prawostronna",
    "prawostronne",
    "prawo",
  ],
  Latin: ["dexter", "dextrum", "dextra", "dextrae"],
};

/** Also other words: they count only as an abbreviation that stands as one ("li.", "(lt)", "RE"), else not. */
export const AMBIGUOUS = new Set(["re", "li", "lt", "rt", "der", "dir", "sin", "sn", "prawo", "lewo"]);

const WORD = /\p{L}+(?:-\p{L}+)*/gu;
/** Phrases in which the word is no side. */
const NO_SIDE = /\bright (?:away|now|before|after|angles?)\b|\b(?:all right|left (?:over|out|alone))\b/g;

/** @type {Map<string, Named>} */
const SIDES = new Map([
  ...Object.values(LEFT).flatMap((words) => words.map((word) => /** @type {[string, Named]} */ ([word, "LEFT"]))),
  ...Object.values(RIGHT).flatMap((words) => words.map((word) => /** @type {[string, Named]} */ ([word, "RIGHT"]))),
]);

/** The sides that a text names, each with the first word that does. @param {string} text
 * @returns {Map<Named, string>} */
export function namedSides(text) {
  const characters = [...text];
  const plain = characters
    .map(plainLetter)
    .join("")
    .replace(NO_SIDE, (phrase) => " ".repeat(phrase.length));
  /** @type {Map<Named, string>} */
  const found = new Map();
  for (const { 0: word, index } of plain.matchAll(WORD)) {
    const whole = characters.slice(index, index + word.length).join("");
    const [before, after] = [characters[index - 1], characters[index + word.length]];
    const words = isAbbreviation(whole, before, after)
      ? [word]
      : [word, ...word.split("-")].filter((w) => !AMBIGUOUS.has(w));
    for (const side of words.flatMap((w) => SIDES.get(w) ?? [])) if (!found.has(side)) found.set(side, whole);
  }
  return found;
}

/** The word by which a text names the other side than RIGHT or LEFT; "" where it names none.
 * @param {string} text @param {string} side */
export function otherSideWord(text, side) {
  if (side !== "RIGHT" && side !== "LEFT") return "";
  return namedSides(text).get(side === "RIGHT" ? "LEFT" : "RIGHT") ?? "";
}

/** A small letter without its accent, always one UTF-16 unit, so that each stays in its place.
 * @param {string} character */
function plainLetter(character) {
  const [first = " "] = character.toLowerCase().normalize("NFD");
  return first.length === 1 ? first : " ";
}

/** "li.", "(re)", "LI": with a full stop, alone in brackets, or (German) in capitals.
 * @param {string} word @param {string | undefined} before @param {string | undefined} after */
const isAbbreviation = (word, before, after) =>
  after === "." || (before === "(" && after === ")") || word === "LI" || word === "RE";
