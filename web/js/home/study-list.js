/** The list of studies: rows are chosen by pointer or by keys. */
/** @import {Column, Study} from "./search.js" */
import { count, formatDate, formatTime } from "../core/format.js";
import { t } from "../core/language.js";
import { identityParts, personName } from "../core/patient.js";
import { el, find, glyph } from "../kit/dom.js";
import { classes, draw, html, nothing, repeat } from "../kit/html.js";

/** Rows at once; more are shown when asked for. */
export const PORTION = 200;

/** @type {[Column, string][]} */
const COLUMNS = [
  ["patient", t("Patient")],
  ["study", t("Study")],
  ["modality", t("Modality")],
  ["acquired", t("Acquired")],
  ["series", t("Series")],
  ["images", t("Images")],
];

/** @typedef {MouseEvent & {currentTarget: HTMLElement}} RowEvent */

export class StudyList {
  /**
   * @param {{select: (uid: string, on: boolean) => void, sort: (column: Column) => void, open: () => void, more: ()
   *   => void}} on
   */
  constructor(on) {
    this.on = on;
    this.headings = new Map(COLUMNS.map(([column, name]) => [column, this.heading(column, name)]));
    this.body = el("tbody", { role: "rowgroup" });
    this.foot = el("p", { class: "foot-line quiet" });
    this.more = el("button", { type: "button", class: "button", text: t("Show more"), onclick: () => on.more() });
    this.element = el(
      "div",
      { class: "study-list" },
      el(
        "table",
        { role: "table", "aria-label": t("Studies") },
        el(
          "thead",
          { role: "rowgroup" },
          el(
            "tr",
            { role: "row" },
            el("th", { role: "columnheader" }, el("span", { class: "visually-hidden", text: t("Selected") })),
            el("th", { role: "columnheader" }, el("span", { class: "visually-hidden", text: t("Picture") })),
            ...this.headings.values(),
          ),
        ),
        this.body,
      ),
      el("div", { class: "under" }, this.foot, this.more),
    );
    this.body.addEventListener("keydown", (event) => this.keys(event));
  }

  /** @param {Column} column @param {string} name */
  heading(column, name) {
    return el(
      "th",
      { role: "columnheader", class: column },
      el(
        "button",
        { type: "button", class: "sort", onclick: () => this.on.sort(column) },
        el("span", { text: name }),
        glyph("down"),
      ),
    );
  }

  /**
   * @param {Study[]} shown
   * @param {(study: Study) => string} namesakes what is said where two patients have one name
   * @param {Set<string>} selected
   * @param {{column: Column, falling: boolean}} order
   * @param {string} foot
   * @param {boolean} more
   */
  render(shown, namesakes, selected, { column, falling }, foot, more) {
    for (const [name, heading] of this.headings) {
      heading.setAttribute("aria-sort", name !== column ? "none" : falling ? "descending" : "ascending");
    }
    draw(
      this.body,
      repeat(
        shown,
        (study) => study.uid,
        (study) => this.row(study, selected.has(study.uid), namesakes(study)),
      ),
    );
    this.oneStop();
    this.foot.textContent = foot;
    this.more.hidden = !more;
  }

  /** Go to the list by keyboard. */
  focus() {
    const box = this.body.querySelector("input[tabindex='0']");
    if (box instanceof HTMLElement) box.focus();
  }

  /** @param {Study} study @param {boolean} selected @param {string} namesakes */
  row(study, selected, namesakes) {
    const name = personName(study.patient.name);
    const who = identityParts(study.patient).join(" · ");
    const acquired = [formatDate(study.date), formatTime(study.time, true)].filter(Boolean).join(" ");
    const label = [name, who, namesakes, study.description, study.modalities.join(" "), acquired];
    const cell = (/** @type {string} */ kind, /** @type {string} */ text) =>
      html`<td role="cell" class=${kind} title=${kind === "study" && text.length > 40 ? text : nothing}>${text}</td>`;
    return html`<tr
      role="row"
      class=${classes(selected && "selected")}
      @click=${(/** @type {RowEvent} */ event) => this.choose(event, study.uid)}
    >
      <td role="cell" class="box"><input
        type="checkbox"
        tabindex="-1"
        data-study=${study.uid}
        aria-label=${label.filter(Boolean).join(", ")}
        .checked=${selected}
        @change=${(/** @type {Event & {currentTarget: HTMLInputElement}} */ { currentTarget }) =>
          this.on.select(study.uid, currentTarget.checked)}
      /></td>
      <td role="cell" class="picture"><img
        src=${`api/studies/${encodeURIComponent(study.key)}/thumbnail?images=${study.images}`}
        alt=""
        loading="lazy"
        width="52"
        height="36"
        @error=${(/** @type {Event & {currentTarget: HTMLElement}} */ { currentTarget }) =>
          currentTarget.classList.add("none")}
      /></td>
      <td role="cell" class="patient">
        <span class="name"><bdi>${name}</bdi></span><span class="id">${who}</span>${
          namesakes ? html`<span class="namesakes">${namesakes}</span>` : nothing
        }
      </td>
      ${cell("study", study.description || t("No description"))}
      ${cell("modality", study.modalities.map((m) => m || "?").join(" "))}
      ${cell("acquired", acquired || t("No date"))}
      ${cell("series", count(study.series))}
      ${cell("images", count(study.images))}
    </tr>`;
  }

  /** A click anywhere in a row. @param {RowEvent} event @param {string} uid */
  choose({ target, currentTarget }, uid) {
    if (target instanceof HTMLInputElement) return;
    const box = find("input", HTMLInputElement, currentTarget);
    this.on.select(uid, !box.checked);
    box.focus({ preventScroll: true });
  }

  /** The list is one stop of the tab key. */
  oneStop() {
    const boxes = this.boxes();
    const current =
      boxes.find((box) => box === document.activeElement) ?? boxes.find((box) => box.tabIndex === 0) ?? boxes[0];
    for (const box of boxes) box.tabIndex = box === current ? 0 : -1;
  }

  boxes() {
    return [...this.body.querySelectorAll("input")];
  }

  /** @param {KeyboardEvent} event */
  keys(event) {
    const boxes = this.boxes();
    const at = boxes.indexOf(/** @type {HTMLInputElement} */ (event.target));
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (!event.repeat) this.on.open();
      return;
    }
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: boxes.length - 1,
      PageDown: at + 10,
      PageUp: at - 10,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const box = boxes[Math.min(boxes.length - 1, Math.max(0, to))];
    box?.focus();
    this.oneStop();
  }
}
