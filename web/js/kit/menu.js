/** A popover menu: arrows move, Esc and a click elsewhere close it, the focus goes back. */
import { el, find, glyph } from "./dom.js";
import { hang } from "./hanging.js";
import { draw } from "./html.js";

/**
 * @typedef {object} Item
 * @property {string} name
 * @property {string} [glyph]
 * @property {string} [more] at the right: a key, a value
 * @property {string[]} [below] lines under the name
 * @property {boolean} [checked] of a choice
 * @property {boolean} [bad] something final
 * @property {boolean} [disabled] not just now
 * @property {boolean} [line] a line above, but for the first
 * @property {() => void} choose
 */

const EDGE_PX = 8;

/** @type {(() => void) | null} */
let closeOpen = null;

/** Close the menu that is open, if one is. */
export const closeMenu = () => closeOpen?.();

/**
 * Open a menu at a control; once more closes it.
 * @param {HTMLElement} anchor @param {string} label @param {Item[]} items @param {unknown} [head] over them
 */
export function openMenu(anchor, label, items, head) {
  const again = anchor.getAttribute("aria-expanded") === "true";
  closeMenu();
  if (again) return;
  const list = el("div", { role: "menu", "aria-label": label });
  for (const item of items) {
    if (item.line && item !== items[0]) list.append(el("hr"));
    list.append(itemElement(item));
  }
  const menu = el("div", { class: "menu" }, head ? el("div", { class: "head" }) : null, list);
  if (head) draw(find(".head", HTMLElement, menu), head);
  document.body.append(menu);
  place(menu, anchor);
  const close = hang(
    menu,
    () => anchor,
    () => {
      closeOpen = null;
    },
  );
  closeOpen = close;
  anchor.setAttribute("aria-expanded", "true");
  menu.addEventListener("keydown", (event) => keys(event, menu, close));
  const choices = items.every((item) => item.checked !== undefined);
  const start = (choices && menu.querySelector("[aria-checked=true]")) || menu.querySelector("button");
  if (start instanceof HTMLElement) start.focus();
}

/** @param {Item} item */
function itemElement(item) {
  const choice = item.checked !== undefined;
  return el(
    "button",
    {
      type: "button",
      class: item.bad ? "item bad" : "item",
      role: choice ? "menuitemradio" : "menuitem",
      "aria-checked": choice ? String(item.checked) : null,
      "aria-disabled": item.disabled ? "true" : null,
      onclick: () => {
        if (item.disabled) return;
        closeMenu();
        item.choose();
      },
    },
    item.glyph ? glyph(item.glyph) : null,
    el(
      "span",
      { class: "word" },
      el("bdi", { text: item.name }),
      ...(item.below ?? []).map((text) => el("span", { class: "below", text })),
    ),
    item.more ? el("span", { class: "more", text: item.more }) : null,
  );
}

/** @param {HTMLElement} menu @param {HTMLElement} anchor */
function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.min(Math.max(EDGE_PX, at.left), innerWidth - width - EDGE_PX);
  const below = at.bottom + 6 + height <= innerHeight - EDGE_PX;
  const top = below ? at.bottom + 6 : Math.max(EDGE_PX, at.top - 6 - height);
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

/** @param {KeyboardEvent} event @param {HTMLElement} menu @param {() => void} close */
function keys(event, menu, close) {
  const items = [...menu.querySelectorAll("button")];
  const at = items.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  event.stopPropagation();
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    close();
  } else if (to !== undefined) {
    event.preventDefault();
    items[(to + items.length) % items.length]?.focus();
  }
}
