/** The list of studies: rows that are kept, chosen by pointer or by keys. */
/** @import {Column, Study} from "./search.js" */
import { formatDate, formatTime } from "../core/format.js";
import { el, glyph } from "../kit/dom.js";
import { count } from "./words.js";

/** Rows at once; more are shown when asked for. */
export const PORTION = 200;

/** @type {[Column, string][]} */
const COLUMNS = [
  ["patient", "Patient"],
  ["study", "Study"],
  ["modality", "Modality"],
  ["acquired", "Acquired"],
  ["series", "Series"],
  ["images", "Images"],
];

export class StudyList {
  /** @param {{select: (uid: string, on: boolean) => void, sort: (column: Column) => void, open: () => void, more: () => void}} on */
  constructor(on) {
    this.on = on;
    /** @type {Map<string, {row: HTMLElement, box: HTMLInputElement, key: string}>} */
    this.rows = new Map();
    this.headings = new Map(COLUMNS.map(([column, name]) => [column, this.heading(column, name)]));
    this.body = el("tbody", { role: "rowgroup" });
    this.foot = el("p", { class: "foot-line quiet" });
    this.more = el("button", { type: "button", class: "button", text: "Show more", onclick: () => on.more() });
    this.element = el(
      "div",
      { class: "study-list" },
      el(
        "table",
        { role: "table", "aria-label": "Studies" },
        el(
          "thead",
          { role: "rowgroup" },
          el(
            "tr",
            { role: "row" },
            el("th", { role: "columnheader" }, el("span", { class: "visually-hidden", text: "Selected" })),
            el("th", { role: "columnheader" }, el("span", { class: "visually-hidden", text: "Picture" })),
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
   * @param {Study[]} shown @param {Set<string>} selected @param {{column: Column, falling: boolean}} order @param {string} foot @param {boolean} more
   */
  render(shown, selected, { column, falling }, foot, more) {
    for (const [name, heading] of this.headings) {
      heading.setAttribute("aria-sort", name !== column ? "none" : falling ? "descending" : "ascending");
    }
    const wanted = shown.map((study) => this.rowOf(study, selected.has(study.uid)));
    const there = [...this.body.children];
    if (wanted.length !== there.length || wanted.some((row, i) => row !== there[i])) {
      const focused = document.activeElement;
      this.body.replaceChildren(...wanted);
      if (focused instanceof HTMLElement && focused.isConnected) focused.focus();
    }
    this.oneStop();
    this.foot.textContent = foot;
    this.more.hidden = !more;
  }

  /** Forget rows of studies that are gone. @param {Set<string>} uids */
  keep(uids) {
    for (const uid of this.rows.keys()) if (!uids.has(uid)) this.rows.delete(uid);
  }

  /** Go to the list by keyboard. */
  focus() {
    const box = this.body.querySelector("input[tabindex='0']");
    if (box instanceof HTMLElement) box.focus();
  }

  /** @param {Study} study @param {boolean} selected */
  rowOf(study, selected) {
    const key = JSON.stringify(study);
    let known = this.rows.get(study.uid);
    if (!known || known.key !== key) {
      known = { ...this.makeRow(study), key };
      this.rows.set(study.uid, known);
    }
    known.box.checked = selected;
    known.row.classList.toggle("selected", selected);
    return known.row;
  }

  /** @param {Study} study */
  makeRow(study) {
    const { name, id } = study.patient;
    const acquired = [formatDate(study.date), formatTime(study.time, true)].filter(Boolean).join(" ");
    const box = el("input", {
      type: "checkbox",
      tabindex: "-1",
      "data-study": study.uid,
      "aria-label": [name || "No name", id, study.description, study.modalities.join(" "), acquired]
        .filter(Boolean)
        .join(", "),
      onchange: () => this.on.select(study.uid, box.checked),
    });
    const picture = el("img", {
      src: `/api/studies/${encodeURIComponent(study.uid)}/thumbnail?images=${study.images}`,
      alt: "",
      loading: "lazy",
      width: 52,
      height: 36,
      onerror: () => picture.classList.add("none"),
    });
    const cell = (/** @type {string} */ kind, /** @type {string} */ text) =>
      el("td", { role: "cell", class: kind, text, title: kind === "study" && text.length > 40 ? text : null });
    const row = el(
      "tr",
      {
        role: "row",
        onclick: (event) => {
          if (event.target !== box) {
            box.checked = !box.checked;
            this.on.select(study.uid, box.checked);
            box.focus({ preventScroll: true });
          }
        },
      },
      el("td", { role: "cell", class: "box" }, box),
      el("td", { role: "cell", class: "picture" }, picture),
      el(
        "td",
        { role: "cell", class: "patient" },
        el("span", { class: "name", text: name || "No name" }),
        el("span", { class: "id", text: id || "No ID" }),
      ),
      cell("study", study.description || "No description"),
      cell("modality", study.modalities.map((m) => m || "?").join(" ")),
      cell("acquired", acquired || "No date"),
      cell("series", count(study.series)),
      cell("images", count(study.images)),
    );
    return { row, box };
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
      this.on.open();
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
