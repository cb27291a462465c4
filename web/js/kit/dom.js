/**
 * Making elements that are built once, and finding them. Text is set as text, never as HTML; what is drawn anew:
 * html.js.
 */
import { t } from "../core/language.js";

/** @typedef {Node | string | null | false | undefined} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Attributes */

/**
 * Make an element. Attributes by name; `on...` are listeners, `text` its text; false and null leave an attribute out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Attributes} [attributes] @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (name === "text") element.textContent = String(value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((c) => c !== null && c !== false && c !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** A glyph of the sprite; decoration, so hidden from readers. @param {string} name */
export function glyph(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "glyph");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("viewBox", "0 0 20 20");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#glyph-${name}`);
  svg.append(use);
  return svg;
}

/**
 * The one element that matches, of the class it must have. Throws where the page is not what the script expects.
 * @template {HTMLElement} T
 * @param {string} selector @param {new () => T} type @param {ParentNode} [root]
 * @returns {T}
 */
export function find(selector, type, root = document) {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} ${selector}`);
  return found;
}

/** @param {HTMLElement} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * A button with a glyph, a word, or both.
 * @param {{name: string, glyph?: string, word?: string, key?: string, class?: string, onclick: (event: MouseEvent) =>
 *   void}} what
 */
export function button(what) {
  const hint = what.key ? `${what.name} (${what.key})` : what.name;
  return el(
    "button",
    {
      type: "button",
      class: what.class ?? "button",
      "aria-label": what.name,
      title: what.word === what.name ? null : hint,
      onclick: what.onclick,
    },
    what.glyph ? glyph(what.glyph) : null,
    what.word ? el("span", { class: "word", text: what.word }) : null,
  );
}

/** What a control is known by when it is drawn anew. @param {Element | null} element */
export const nameOf = (element) =>
  (element instanceof HTMLElement && element.dataset.name) ||
  element?.getAttribute("aria-label") ||
  element?.textContent?.trim() ||
  "";

/**
 * Give the focus back to a control, or to the one of that name where it was drawn anew; else to the picture.
 * @param {Element | null} control
 */
export function refocus(control) {
  const name = called(control);
  const there =
    control?.isConnected && control !== document.body
      ? control
      : [...document.querySelectorAll("button")].find((b) => name && isSeen(b) && called(b) === name);
  const to = there ?? document.querySelector("#stage");
  if (to instanceof HTMLElement) to.focus();
}

/** Without what changes in a name: "Chat, 2 unread". @param {Element | null} element */
const called = (element) => nameOf(element).split(",")[0];

/** @param {HTMLElement} element */
export const isSeen = (element) => element.offsetParent !== null || getComputedStyle(element).position === "fixed";

/**
 * What is wrong with a text's length, or "". The server counts characters, not UTF-16.
 * @param {string} text @param {number} most
 */
export function lengthProblem(text, most) {
  const length = [...text.trim()].length;
  return length > most
    ? t("At most {most} characters fit; these are {length}. Nothing is cut off by itself.", { most, length })
    : "";
}

/**
 * A field whose text is not cut, as `maxlength` would, silently: a form with too much in it says so and is not sent.
 * @template {HTMLInputElement | HTMLTextAreaElement} F
 * @param {F} field @param {number} most characters
 */
export function limited(field, most) {
  field.addEventListener("input", () => field.setCustomValidity(lengthProblem(field.value, most)));
  return field;
}

/** The browser has begun to save a file long before. */
const SAVED_MS = 60_000;

/** A file that the page makes, for the reader to keep. @param {Blob} content @param {string} name */
export function saveFile(content, name) {
  const href = URL.createObjectURL(content);
  el("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), SAVED_MS);
}
