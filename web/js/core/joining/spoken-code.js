/** A code as it is typed, and what is wrong with one. Pure. */
import { t } from "../language.js";

const DIGITS = 6;

/** "418205" as two groups of three. @param {string} typed */
export function codeTyped(typed) {
  const digits = typed.replace(/\D/g, "").slice(0, DIGITS);
  return digits.length > DIGITS / 2 ? `${digits.slice(0, DIGITS / 2)} ${digits.slice(DIGITS / 2)}` : digits;
}

/** A number of a refusal as a sentence below the field; "" where it is not about the code.
 * @param {string} code of the refusal @param {number} [wait] seconds */
export function codeProblem(code, wait = 60) {
  switch (code) {
    case "bad_code":
    case "malformed":
      return t("A code has six digits, for example 418 205.");
    case "unknown_code":
      return t("This code opens nothing. Have it said once more, or ask for a new one.");
    case "no_name":
    case "bad_name":
      return t("Please give your name, as others will see it.");
    case "too_often":
      return t("Too many wrong codes were tried. Try again in {n} s, or ask for a link.", { n: Math.ceil(wait) });
    default:
      return "";
  }
}

/** A PIN that was not right, in words. @param {{code: string, tries_left?: number, retry_after_s?: number}} error */
export function pinProblem({ code, tries_left: left = 0, retry_after_s: wait }) {
  if (code === "no_pin") return t("Enter the PIN. The person who invited you has it.");
  if (code !== "wrong_pin") return "";
  if (wait === undefined && left > 0) return t("Wrong PIN. Tries left: {n}.", { n: left });
  return t("Wrong PIN, too often. Wait ten minutes, or ask the person who invited you for a new link.");
}
