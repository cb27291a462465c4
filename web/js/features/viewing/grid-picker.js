/** Which grid of viewports: a square of cells, as in a PACS; the cell under the pointer ends the grid. */
/** @import {Layout, View} from "../../wire.js" */
import { t } from "../../core/language.js";
import { layoutName, sameLayout } from "../../core/view/layout.js";
import { html } from "../../kit/html.js";

/** Rows and columns that are offered. */
const MOST = 3;

/** All grids up to so many rows and columns, row by row. @param {number} most @returns {Layout[]} */
const gridsOf = (most) =>
  Array.from({ length: most * most }, (_, i) => ({ rows: Math.floor(i / most) + 1, columns: (i % most) + 1 }));

/** @param {View | null} view @param {(layout: Layout) => void} choose @param {number} [most] rows and columns */
export function gridPicker(view, choose, most = MOST) {
  const now = view && !view.layout.primary ? view.layout : { rows: 0, columns: 0 };
  return html`<div
    class="grid-picker"
    role="menu"
    aria-label=${t("Grid")}
    @pointerover=${aim}
    @pointerleave=${aim}
    @focusin=${aim}
    @keydown=${(/** @type {KeyEvent} */ event) => across(event, most)}
  >
    <div class="grid-cells" .style=${`--columns: ${most}`}>${gridsOf(most).map(
      (layout) => html`<button
        type="button"
        class="grid-cell"
        role="menuitemradio"
        aria-label=${layoutName(layout)}
        aria-checked=${String(sameLayout(layout, now))}
        data-rows=${layout.rows}
        data-columns=${layout.columns}
        data-in=${String(layout.rows <= now.rows && layout.columns <= now.columns)}
        @click=${() => choose(layout)}
      ></button>`,
    )}</div>
    <span class="grid-words" aria-hidden="true">${now.rows ? layoutName(now) : ""}</span>
  </div>`;
}

/** The grid that ends at a cell is lit, and said. @param {Event & {currentTarget: HTMLElement}} event */
function aim({ target, type, currentTarget: picker }) {
  const cells = [...picker.querySelectorAll("button")];
  const over = type === "pointerleave" ? null : cells.find((cell) => cell === target);
  const last = over ?? cells.find((cell) => cell.getAttribute("aria-checked") === "true");
  const { rows, columns } = sizeOf(last);
  for (const cell of cells) {
    const size = sizeOf(cell);
    cell.dataset.in = String(size.rows <= rows && size.columns <= columns);
  }
  const words = picker.querySelector(".grid-words");
  if (words) words.textContent = rows ? layoutName({ rows, columns }) : "";
}

/** @param {HTMLElement | undefined} cell */
const sizeOf = (cell) => ({ rows: Number(cell?.dataset.rows ?? 0), columns: Number(cell?.dataset.columns ?? 0) });

/** @typedef {KeyboardEvent & {currentTarget: HTMLElement}} KeyEvent */

/** Arrows go along the rows of cells; out of them the menu has them. @param {KeyEvent} event @param {number} most */
function across(event, most) {
  const cells = [...event.currentTarget.querySelectorAll("button")];
  const at = cells.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: most, ArrowUp: -most }[event.key];
  const next = by === undefined || at < 0 ? undefined : cells[at + by];
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}
