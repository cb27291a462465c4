/**
 * What is drawn again and again: templates of lit-html, which change only what differs, so that focus, scrolling and a
 * press stay where they are. What is built once is made by `el` (dom.js). Text is set as text, never as HTML.
 */
/** @import {TemplateResult} from "../vendor/lit-html.js" */
import { html, nothing, render, repeat, svg } from "../vendor/lit-html.js";
import { isSeen, nameOf } from "./dom.js";

export { html, nothing, repeat, svg };

/**
 * @typedef {TemplateResult | string | null | undefined | false | typeof nothing} Template one that is false is nothing
 */

const FOCUSABLE = "button, a[href], input, [tabindex]";

/**
 * Draw into an element. A control that had the focus and went gives it to the one of its name; of who works by keys
 * else to the one before it.
 * @param {HTMLElement} parent @param {unknown} content
 */
export function draw(parent, content) {
  const active = document.activeElement;
  const focused = active instanceof HTMLElement && parent.contains(active) ? active : null;
  const name = nameOf(focused);
  const at = focused?.matches(":focus-visible") ? controls(parent).indexOf(focused) : -1;
  render(content, parent);
  if (!focused || (document.activeElement === focused && isUsable(focused))) return;
  const all = controls(parent);
  const next = focused.isConnected && isUsable(focused) ? focused : all.find((e) => name && nameOf(e) === name);
  next?.focus({ preventScroll: true });
  if (at >= 0 && !(next && document.activeElement === next))
    all.filter((e) => isSeen(e) && isUsable(e))[Math.max(0, at - 1)]?.focus();
}

/** @param {HTMLElement} parent @returns {HTMLElement[]} */
const controls = (parent) => [...parent.querySelectorAll(FOCUSABLE)].filter((e) => e instanceof HTMLElement);

/** @param {HTMLElement} element */
const isUsable = (element) => !element.hasAttribute("disabled");

/** Names of classes, without those that do not apply. @param {...(string | false | null | undefined)} names */
export const classes = (...names) => names.filter(Boolean).join(" ");

/**
 * A glyph of the sprite; decoration, so hidden from readers.
 * @param {string} name @param {string} [kind] more classes @param {unknown} [colour] of a participant
 */
export const icon = (name, kind, colour = nothing) => html`<svg
  class=${classes("glyph", kind)}
  data-colour=${colour}
  aria-hidden="true"
  viewBox="0 0 20 20"
><use href=${`#glyph-${name}`}></use></svg>`;

/** The logo, which is wider than a glyph. */
export const logo = () =>
  html`<svg class="glyph" aria-hidden="true" viewBox="0 0 32 20"><use href="#glyph-logo"></use></svg>`;

/** A square of a colour that a file brings. @param {string} colour as CSS writes it */
export const swatch = (colour) => html`<svg
  class="swatch"
  aria-hidden="true"
  viewBox="0 0 10 10"
><rect width="10" height="10" rx="2" fill=${colour}></rect></svg>`;

/** Text for screen readers alone. @param {string} text */
export const unseen = (text) => html`<span class="visually-hidden">${text}</span>`;

/** A name over what there is to say of it. @param {unknown} first @param {unknown} second */
export const twoLines = (first, second) =>
  html`<span class="two-lines"><span class="first">${first}</span><span class="second">${second}</span></span>`;

/** Parts between middle dots, each of which stays in one line. @param {string} line */
export const parted = (line) => {
  const parts = line.split(" · ");
  const last = parts.length - 1;
  return parts.map((part, i) => html`<span class="part">${part}${i < last ? " ·" : ""}</span>${i < last ? " " : ""}`);
};

/**
 * @typedef {object} Control a button that is drawn anew
 * @property {string} [label] its accessible name, where that is not its word
 * @property {string} [id] what it is known by where its name changes
 * @property {string} [glyph]
 * @property {string} [word] that is seen
 * @property {string} [title]
 * @property {string} [class]
 * @property {boolean} [disabled]
 * @property {boolean} [pressed] of what is on or off
 * @property {"menu" | "dialog"} [popup] what it opens
 * @property {unknown} [more] behind glyph and word
 * @property {(event: MouseEvent & {currentTarget: HTMLElement}) => void} do
 */

/** @param {Control} what */
export function control(what) {
  const { glyph, word, pressed } = what;
  const seen = [glyph ? icon(glyph) : nothing, word ? html`<span class="word">${word}</span>` : nothing, what.more];
  return html`<button
    type="button"
    class=${what.class ?? "button"}
    data-name=${what.id ?? nothing}
    aria-label=${what.label ?? nothing}
    aria-pressed=${pressed === undefined ? nothing : String(pressed)}
    aria-haspopup=${what.popup ?? nothing}
    title=${what.title || nothing}
    ?disabled=${what.disabled === true}
    @click=${what.do}
  >${seen}</button>`;
}

/**
 * A control that is a glyph: its name is its label, and its title with the key.
 * @param {Omit<Control, "label" | "title"> & {name: string, key?: string}} what
 */
export const tool = ({ name, key, ...what }) =>
  control({ class: "tool", ...what, label: name, title: key ? `${name} (${key})` : name });

/** A picture of a series; none where it cannot be had. @param {string} url */
export const thumbnail = (url) => html`<img src=${url} alt="" loading="lazy" draggable="false" @error=${hideImage} />`;

/** @param {Event & {currentTarget: HTMLElement}} event */
const hideImage = (event) => {
  event.currentTarget.hidden = true;
};
