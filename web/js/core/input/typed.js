/**
 * Which key somebody means, whatever the layout. What is typed counts, so that Dvorak and AZERTY have their letters
 * where they are; where that means nothing, the place of the key (`code`), as it is on a US keyboard: letters typed in
 * another script (Cyrillic, Greek, Hebrew, Arabic), and digits without Shift (AZERTY, Czech).
 */

/** @typedef {{key: string, code?: string, shiftKey?: boolean, isComposing?: boolean}} Typed */

/** What stands on keys of signs, without and with Shift. @type {Record<string, [string, string]>} */
const SIGNS = { Comma: [",", ""], Period: [".", ""], Slash: ["/", "?"], Minus: ["-", ""], Equal: ["=", "+"] };
/** Hebrew has signs on two places of letters. @type {Record<string, string>} */
const HEBREW = { KeyW: "'", KeyQ: "/" };

/** What may be meant, the likeliest first; none while a word is composed or an accent waits. @param {Typed} press */
export function keysOf({ key, code = "", shiftKey = false, isComposing = false }) {
  if (isComposing || key === "Dead" || key === "Process" || key === "Unidentified") return [];
  const place = placed(code, shiftKey);
  const typed = key.length === 1 ? key.toLowerCase() : key;
  return place && isElsewhere(key, code) ? [typed, place] : [typed];
}

/** On a US keyboard. @param {string} code @param {boolean} shift */
function placed(code, shift) {
  if (/^Key[A-Z]$/.test(code)) return code.slice(3).toLowerCase();
  if (/^Digit\d$/.test(code)) return shift ? "" : code.slice(5);
  return SIGNS[code]?.[shift ? 1 : 0] ?? "";
}

/** No Latin keyboard has this there. A digit's place is a digit's on each, though some type it with Shift. */
function isElsewhere(/** @type {string} */ key, /** @type {string} */ code) {
  if (code.startsWith("Digit")) return true;
  if (HEBREW[code] === key) return true;
  return /^[^\p{ASCII}\p{Script=Latin}]/u.test(key);
}

/** It types something, in whichever script; one key of Arabic types two letters. @param {string} key */
export const isSign = (key) => key.length === 1 || /^[^\p{ASCII}]/u.test(key);
