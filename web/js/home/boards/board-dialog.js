/**
 * A board is put together: from what is selected, from a list as CSV, from what boards before have put off. Of each
 * line it is said what was found, and a person says whether it is taken; nothing is stored before the board is opened.
 */
/** @import {Study} from "../search.js" */
/** @import {CaseWish, Line} from "./lines.js" */
import { ApiError } from "../../core/api-error.js";
import { plural, t } from "../../core/language.js";
import { named } from "../../core/words.js";
import { shown } from "../../kit/dialog.js";
import { el, limited } from "../../kit/dom.js";
import { classes, control, draw, html, nothing, repeat, tool } from "../../kit/html.js";
import { api } from "../api.js";
import { matches } from "../search.js";
import { linesOfDeferred, linesOfList, linesOfSelection, wishesOf, withStudies } from "./lines.js";

const MAX_TITLE = 200;
/** Patients that are offered for a row in which nothing was found. */
const OFFERED = 5;
const DRAGGED = "application/x-consult-line";

export class BoardDialog {
  /**
   * @param {readonly Study[]} studies all that are here @param {readonly Study[]} selected
   * @param {(cases: CaseWish[], title: string) => Promise<void>} open opens the board; throws ApiError
   */
  constructor(studies, selected, open) {
    this.studies = studies;
    this.open = open;
    /** @type {Line[]} */
    this.lines = linesOfSelection(selected);
    /** What is searched for in a line. @type {Map<string, string>} */
    this.searched = new Map();
    this.unknown = "";
    this.title = limited(
      el("input", { type: "text", class: "text-input", value: t("Board"), autofocus: true }),
      MAX_TITLE,
    );
    this.file = el("input", {
      type: "file",
      accept: ".csv,.txt,text/csv",
      hidden: true,
      "data-choose": "board-list",
      onchange: () => void this.read(),
    });
    this.list = el("div", { class: "board-lines" });
    this.problem = el("p", { class: "problem", role: "alert" });
    this.action = el("button", { type: "submit", class: "button primary" });
    this.dialog = el(
      "dialog",
      { class: "board-dialog", "aria-label": t("Open a board") },
      el(
        "form",
        {
          onsubmit: (event) => {
            event.preventDefault();
            void this.send();
          },
        },
        el("h2", { text: t("Open a board") }),
        el("label", {}, el("span", { text: t("Title") }), this.title),
        el(
          "div",
          { class: "board-sources" },
          el("button", {
            type: "button",
            class: "button",
            text: t("Choose a list (CSV)"),
            onclick: () => this.file.click(),
          }),
          this.file,
          el("p", {
            class: "quiet",
            text: t(
              "Its first row names the columns: patient ID, name, birth date, question, history, pathology, minutes.",
            ),
          }),
        ),
        this.list,
        this.problem,
        el(
          "div",
          { class: "row" },
          el("button", { type: "button", class: "button", text: t("Cancel"), onclick: () => this.dialog.close() }),
          this.action,
        ),
      ),
    );
  }

  /** Show it until it is closed. */
  async show() {
    this.render();
    void this.attempt(async () => this.add(linesOfDeferred((await api.deferredCases()).cases)));
    await shown(this.dialog);
  }

  /** The list that was chosen. */
  async read() {
    const [file] = this.file.files ?? [];
    this.file.value = "";
    if (!file) return;
    await this.attempt(async () => {
      const list = await api.readBoardList(file);
      this.lines = this.lines.filter((line) => line.row === null);
      this.unknown =
        list.unknown.length > 0 ? t("These columns are not used: {names}.", { names: named(list.unknown) }) : "";
      this.add(linesOfList(list, this.studies));
    });
  }

  /** @param {Line[]} lines */
  add(lines) {
    const known = new Set(this.lines.map((line) => line.key));
    this.lines = [...this.lines, ...lines.filter((line) => !known.has(line.key))];
    this.render();
  }

  /** @param {() => Promise<void>} act */
  async attempt(act) {
    try {
      await act();
      this.problem.textContent = "";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem.textContent = error.failure.message;
    }
  }

  async send() {
    const cases = wishesOf(this.lines);
    if (cases.length === 0 || this.action.disabled || !this.title.reportValidity()) return;
    this.action.disabled = true;
    await this.attempt(async () => {
      await this.open(cases, this.title.value.trim() || t("Board"));
      this.dialog.close("opened");
    });
    this.render();
  }

  /** @param {string} key @param {Partial<Line> | ((line: Line) => Line)} how */
  change(key, how) {
    this.lines = this.lines.map((line) =>
      line.key === key ? (typeof how === "function" ? how(line) : { ...line, ...how }) : line,
    );
    this.render();
  }

  /** @param {string} key @param {number} to */
  move(key, to) {
    const line = this.lines.find((one) => one.key === key);
    const others = this.lines.filter((one) => one !== line);
    if (line) this.lines = [...others.slice(0, Math.max(0, to)), line, ...others.slice(Math.max(0, to))];
    this.render();
  }

  render() {
    const n = wishesOf(this.lines).length;
    this.action.textContent = plural(n, "Open a board of {n} case", "Open a board of {n} cases");
    this.action.disabled = n === 0;
    draw(
      this.list,
      html`${
        this.lines.length === 0
          ? html`<p class="quiet">${t("Select studies on the home, or choose a list.")}</p>`
          : nothing
      }<ol>${repeat(
        this.lines,
        (line) => line.key,
        (line, at) => this.line(line, at),
      )}</ol>${this.unknown ? html`<p class="quiet">${this.unknown}</p>` : nothing}`,
    );
  }

  /** @param {Line} line @param {number} at */
  line(line, at) {
    const { key, who, about, state, taken, studies } = line;
    const name = who || t("Row {n}", { n: at + 1 });
    const dropped = (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      this.move(event.dataTransfer?.getData(DRAGGED) ?? "", at);
    };
    return html`<li
      class=${classes("board-line", taken && "taken")}
      data-line=${key}
      data-state=${state}
      draggable="true"
      @dragstart=${(/** @type {DragEvent} */ event) => event.dataTransfer?.setData(DRAGGED, key)}
      @dragover=${(/** @type {DragEvent} */ event) => event.preventDefault()}
      @drop=${dropped}
    ><label><input
          type="checkbox"
          .checked=${taken}
          ?disabled=${studies.length === 0}
          @change=${() => this.change(key, { taken: !taken })}
        /><span class="two-lines"><span class="first"><bdi>${name}</bdi></span><span class="second" dir="auto"
            >${about}</span></span></label>${tool({
              name: t("Earlier: {name}", { name }),
              glyph: "up",
              disabled: at === 0,
              do: () => this.move(key, at - 1),
            })}${tool({
              name: t("Later: {name}", { name }),
              glyph: "down",
              disabled: at === this.lines.length - 1,
              do: () => this.move(key, at + 1),
            })}${state === "nothing" || state === "doubtful" ? this.search(line, name) : nothing}</li>`;
  }

  /** Whose studies a row means in which nothing certain was found. @param {Line} line @param {string} name */
  search({ key }, name) {
    const text = this.searched.get(key) ?? "";
    const found = text.trim() ? linesOfSelection(this.studies.filter((study) => matches(study, text))) : [];
    const choose = (/** @type {Line} */ one) =>
      this.change(key, (line) =>
        withStudies(
          line,
          this.studies.filter((study) => one.studies.includes(study.uid)),
        ),
      );
    return html`<div class="line-search"><input
        type="search"
        class="text-input"
        placeholder=${t("Search the patient")}
        aria-label=${t("Search the patient of {name}", { name })}
        .value=${text}
        @input=${(/** @type {Event & {currentTarget: HTMLInputElement}} */ { currentTarget }) => {
          this.searched.set(key, currentTarget.value);
          this.render();
        }}
      />${found
        .slice(0, OFFERED)
        .map((one) => control({ word: `${one.who} · ${one.about}`, class: "button small", do: () => choose(one) }))}${
        text.trim() && found.length === 0
          ? html`<p class="quiet">${t("No study of that patient is here.")}</p>`
          : nothing
      }</div>`;
  }
}
