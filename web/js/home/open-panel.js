/** The panel beside the list: a consult on what is selected, or why that is not one patient's. */
/** @import {ConsultInfo} from "./api.js" */
/** @import {Study} from "./search.js" */
/** @import {Admission, Difference, Part} from "./selection.js" */
import { counted, formatDate } from "../core/format.js";
import { plural, t } from "../core/language.js";
import { countPatients, personName } from "../core/patient.js";
import { studyLine } from "../core/study-label.js";
import { el, lengthProblem, limited } from "../kit/dom.js";
import { draw, html, nothing, tool } from "../kit/html.js";
import { ApiError } from "../core/api-error.js";
import { local } from "../transport/storage.js";
import { api } from "./api.js";
import { BoardPanel } from "./boards/board-panel.js";
import { askDelete, deleteConfirmed } from "./removal/confirm.js";
import { StudyContents } from "./removal/study-contents.js";
import { defaultTitle, differences, FIELD_NAMES, leftOut, partWords, shownValue, summary } from "./selection.js";

const NAME_STORE = "consult-host-name";
/** Characters. */
const [MAX_TITLE, MAX_NAME] = [200, 80];
/** Of who has an account; "": none is signed in. */
let accountName = "";
export const hostName = () => accountName || (local.get(NAME_STORE) ?? "Dr. Host");
/** @param {string} name */
export const keepHostName = (name) => local.set(NAME_STORE, name);

export class OpenPanel {
  /**
   * @param {{opened: (consult: string, title: string) => void, clear: () => void, deleted: () => void, changed: () =>
   *   void, all: () => readonly Study[], boards: () => readonly ConsultInfo[]}} on changed: something of a study was
   *   removed; all: studies; boards: that are open
   */
  constructor(on) {
    this.on = on;
    /** @type {Study[]} */
    this.studies = [];
    this.edited = false;
    this.title = limited(
      el("input", {
        type: "text",
        class: "text-input",
        oninput: () => {
          this.edited = true;
        },
      }),
      MAX_TITLE,
    );
    this.name = limited(
      el("input", {
        type: "text",
        class: "text-input",
        autocomplete: "name",
        value: hostName(),
        oninput: () => {
          if (!lengthProblem(this.name.value, MAX_NAME)) keepHostName(this.name.value.trim() || "Dr. Host");
        },
      }),
      MAX_NAME,
    );
    this.problem = el("div", { class: "problem", role: "alert" });
    this.submit = el("button", { type: "submit", class: "button primary", text: t("Open consult") });
    this.head = el("div", { class: "head" });
    this.form = el(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          void this.open();
        },
      },
      el("label", {}, el("span", { text: t("Title") }), this.title),
      el("label", {}, el("span", { text: t("Your name, as guests will read it") }), this.name),
      this.problem,
      this.submit,
    );
    this.boards = new BoardPanel({
      ...on,
      hostName,
      added: () => on.deleted(),
      opened: (consult, title) => {
        this.edited = false;
        on.opened(consult, title);
      },
      refused: (message) => this.problem.replaceChildren(el("p", { text: message })),
    });
    this.contents = new StudyContents({ removed: () => this.on.changed() });
    this.element = el(
      "section",
      { class: "opening", "aria-label": t("Open a consult") },
      this.head,
      this.form,
      this.boards.element,
      this.contents.element,
    );
  }

  /** Who has an account invites under its name, whatever stands here. @param {string} name "": nobody has */
  invitesAs(name) {
    accountName = name;
    this.name.value = hostName();
    this.name.readOnly = name !== "";
  }

  /** @param {Study[]} studies the selected ones @param {string} namesakes said where another patient has this name */
  render(studies, namesakes) {
    const changed = studies.length !== this.studies.length || studies.some((s, i) => s.uid !== this.studies[i]?.uid);
    this.studies = studies;
    this.contents.render(studies.length === 1 ? (studies[0] ?? null) : null);
    const differing = differences(studies);
    const { heading, who, text } =
      differing.length > 0
        ? { heading: counted(studies.length, "study", "studies"), who: "", text: t("Of different patients.") }
        : summary(studies);
    const dated = differing.length > 0 || studies.length < 2 ? [] : studies;
    this.element.dataset.selected = String(studies.length);
    this.form.hidden = studies.length === 0;
    const clear = html`${tool({
      name: t("Delete {studies}", { studies: counted(studies.length, "study", "studies") }),
      glyph: "trash",
      do: () => void this.delete(),
    })}${tool({ name: t("Select none"), glyph: "x", do: () => this.on.clear() })}`;
    draw(
      this.head,
      html`<div class="heading-line"><h2><bdi>${heading}</bdi></h2>${studies.length > 0 ? clear : nothing}</div>${
        who ? html`<p class="identity">${who}</p>` : nothing
      }${who && namesakes ? html`<p class="namesakes">${namesakes}</p>` : nothing}<p>${text}</p>${
        dated.length > 0 ? html`<ul>${dated.map((s) => html`<li>${studyLine(s, studies)}</li>`)}</ul>` : nothing
      }`,
    );
    this.boards.render(studies, differing.length === 0);
    if (!changed) return;
    if (studies.length === 0) this.edited = false;
    if (!this.edited) {
      this.title.value = studies.length > 0 ? defaultTitle(studies) : "";
      this.title.setCustomValidity("");
    }
    this.problem.replaceChildren(
      ...(differing.length > 0 ? [differ(differing), this.asBoard(), this.nextSteps()] : []),
    );
    this.submit.setAttribute("aria-disabled", String(differing.length > 0));
    this.submit.title = differing.length > 0 ? t("A consult is about one patient") : "";
  }

  /** Delete what is selected for good, once that is confirmed; where a consult has it, that is asked as well. */
  async delete() {
    const studies = this.studies;
    if (
      !(await askDelete(
        t("Delete {studies} from this server?", { studies: counted(studies.length, "study", "studies") }),
        named(studies),
      ))
    )
      return;
    try {
      for (const { key } of studies) await deleteConfirmed("study", (force) => api.deleteStudy(key, force));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem.replaceChildren(el("p", { text: error.failure.message }));
    }
    this.on.deleted();
  }

  /** Of several patients: a board with a case for each. */
  asBoard() {
    const n = countPatients(this.studies.map((one) => one.patient));
    return el("button", {
      type: "button",
      class: "button small primary",
      text: plural(n, "Open a board of {n} case", "Open a board of {n} cases"),
      onclick: () => void this.boards.ask(),
    });
  }

  /** Ask the server which files differ, and what can be left out. */
  nextSteps() {
    return el("button", {
      type: "button",
      class: "button small",
      text: t("Which files?"),
      onclick: () => void this.send(),
    });
  }

  /** Open the consult, if it can be. */
  async open() {
    if (differences(this.studies).length === 0) await this.send();
  }

  /** @param {{leave_out?: string[], same_patient?: boolean}} [admission] */
  async send(admission) {
    if (this.studies.length === 0 || this.submit.disabled || !this.form.reportValidity()) return;
    this.submit.disabled = true;
    try {
      const title = this.title.value.trim() || defaultTitle(this.studies);
      const { consult } = await api.open(
        this.studies.map((s) => s.uid),
        title,
        hostName(),
        admission,
      );
      this.problem.replaceChildren();
      this.edited = false;
      this.on.opened(consult, title);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { fields, parts, message } = error.failure;
      const ways = choices(parts ?? [], (chosen) => void this.send(chosen));
      this.problem.replaceChildren(...(fields ? [differ(fields), ways] : [el("p", { text: message })]));
    } finally {
      this.submit.disabled = false;
    }
  }
}

/** @param {Study[]} studies */
const named = (studies) => `${studies.map(studyName).join("; ")}. ${t("The images cannot be brought back.")}`;

/** @param {Study} study */
const studyName = (study) =>
  [personName(study.patient.name), study.description, formatDate(study.date)].filter(Boolean).join(", ");

/** The fields that differ, with their values. @param {Difference[]} fields */
function differ(fields) {
  return el(
    "div",
    { class: "differ" },
    el("p", { text: t("These are not one patient's studies. A consult is about one patient.") }),
    el(
      "dl",
      {},
      ...fields.map(({ tag, values }) =>
        el(
          "div",
          { "data-tag": tag },
          el("dt", { text: FIELD_NAMES[tag] ?? tag }),
          ...values.map((v) => el("dd", { text: shownValue(tag, v) })),
        ),
      ),
    ),
  );
}

/** The values of those parts that most files agree with come first. @param {Part[]} parts @param {Part} part */
const agrees = (parts, part) => JSON.stringify(parts[0]?.values) === JSON.stringify(part.values);

/** @param {Part[]} parts @param {(admission: Admission) => void} go */
function choices(parts, go) {
  const boxes = parts.map((part) => ({ part, box: el("input", { type: "checkbox", checked: !agrees(parts, part) }) }));
  const chosen = () => boxes.filter(({ box }) => box.checked).flatMap(({ part }) => leftOut(part, parts));
  return el(
    "div",
    { class: "choices" },
    el("p", { text: t("Leave out what is ticked, or confirm that all of it is one patient's.") }),
    ...boxes.map(({ part, box }) => el("label", {}, box, el("span", { text: partWords(part) }))),
    el("button", {
      type: "button",
      class: "button small",
      text: t("Open without what is ticked"),
      onclick: () => go({ leave_out: chosen() }),
    }),
    el("button", {
      type: "button",
      class: "button small",
      text: t("It is one patient: open all"),
      onclick: () => go({ same_patient: true }),
    }),
  );
}
