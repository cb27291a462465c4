/** Making and finding elements. Text is set as text, never as HTML. */

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
  use.setAttribute("href", `#${name}`);
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
 * @param {{name: string, glyph?: string, word?: string, key?: string, class?: string, onclick: (event: MouseEvent) => void}} what
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

/** Give the focus back to a control, or to the one of that name where it was drawn anew; else to the picture. @param {Element | null} control */
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

/** Text for screen readers alone. @param {string} text */
export const unseen = (text) => el("span", { class: "visually-hidden", text });

const FOCUSABLE = "button, a[href], input, [tabindex]";

/**
 * Replace an element's children where `key` says that they would be others; the focus stays on the control of the
 * same name; of who works by keys else on the one before it.
 * @param {HTMLElement} parent @param {string} key @param {() => Child[]} make
 */
export function rebuild(parent, key, make) {
  if (parent.dataset.key === key) return;
  const before = parent.contains(document.activeElement) ? document.activeElement : null;
  const focused = nameOf(before);
  const at = before?.matches(":focus-visible") ? [...parent.querySelectorAll(FOCUSABLE)].indexOf(before) : -1;
  parent.dataset.key = key;
  parent.replaceChildren(...make().filter((c) => c !== null && c !== false && c !== undefined));
  if (!focused) return;
  const all = /** @type {HTMLElement[]} */ ([...parent.querySelectorAll(FOCUSABLE)]);
  all.find((e) => nameOf(e) === focused)?.focus();
  if (at >= 0 && !parent.contains(document.activeElement))
    all.filter((e) => isSeen(e) && !e.hasAttribute("disabled"))[Math.max(0, at - 1)]?.focus();
}
