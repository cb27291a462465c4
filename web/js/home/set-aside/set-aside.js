/** Files that claim a study of another patient: how many there are, what differs, and what is to become of each. */
/** @import {Aside, AsideFile} from "../api.js" */
import { ApiError } from "../../core/api-error.js";
import { counted } from "../../core/format.js";
import { plural, t } from "../../core/language.js";
import { el } from "../../kit/dom.js";
import { showClosable } from "../../kit/dialog.js";
import { control, draw, html, icon, nothing } from "../../kit/html.js";
import { api } from "../api.js";
import { FIELD_NAMES, shownValue } from "../selection.js";

/** A line for each attribute that differs. @param {AsideFile} file */
export function differences(file) {
  return Object.entries(file.differing).map(([keyword, [study, own]]) =>
    t("{field}: the study has {study}, the file {own}", {
      field: FIELD_NAMES[keyword] ?? keyword,
      study: shownValue(keyword, study),
      own: shownValue(keyword, own),
    }),
  );
}

export class SetAside {
  /** @param {() => void} changed something was taken in or removed */
  constructor(changed) {
    this.changed = changed;
    /** @type {Aside} */
    this.found = { files: [], count: 0 };
    this.element = el("div", { class: "uploads set-aside" });
  }

  /** Ask the server anew. */
  async poll() {
    this.found = await api.aside();
  }

  render() {
    const { count } = this.found;
    const what = plural(count, "{n} file is set aside", "{n} files are set aside");
    const why = plural(
      count,
      "It names another patient than its study has here, and cannot be opened.",
      "They name other patients than their studies have here, and cannot be opened.",
    );
    const show = control({ class: "show", more: t("Show"), do: () => void this.show() });
    draw(
      this.element,
      count === 0
        ? nothing
        : html`<section class="upload" aria-label=${t("Files set aside")}><div class="body"><div class="first"><span
          class="name"
        >${what}</span></div><div class="second"><span
          class="refused"
        >${icon("warn")}<span>${why}</span></span>${show}</div></div></section>`,
    );
  }

  /** Each file, with what differs. */
  async show() {
    const { files, count } = this.found;
    const body = el("tbody", {}, ...files.map((file) => this.row(file)));
    await showClosable(
      t("Files set aside"),
      "wide refused-files",
      el("p", { text: t("Take in what belongs to the patient all the same: opening its study asks once more.") }),
      el("div", { class: "scroll", tabindex: "0" }, el("table", {}, body)),
      files.length < count &&
        el("p", {
          text: t("The newest {n} of {files} are listed.", { n: files.length, files: counted(count, "file") }),
        }),
    );
    this.changed();
  }

  /** @param {AsideFile} file */
  row(file) {
    const problem = el("span", { class: "quiet", role: "status" });
    const act = async (/** @type {(file: string) => Promise<unknown>} */ does) => {
      try {
        await does(file.file);
        row.remove();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        problem.textContent = error.failure.message;
      }
    };
    const button = (/** @type {string} */ text, /** @type {(file: string) => Promise<unknown>} */ does) =>
      el("button", {
        type: "button",
        class: "button",
        text,
        "aria-label": `${text}: ${file.name}`,
        onclick: () => void act(does),
      });
    const row = el(
      "tr",
      { "data-aside": file.file },
      el(
        "td",
        {},
        el("div", { text: [file.name, seriesOf(file)].filter(Boolean).join(" · ") }),
        ...differences(file).map((text) => el("div", { class: "quiet", text })),
        problem,
      ),
      el("td", { class: "acts" }, button(t("Take in"), api.takeIn), button(t("Remove"), api.removeAside)),
    );
    return row;
  }
}

/** @param {AsideFile} file */
const seriesOf = (file) => [file.modality, file.series_description].filter(Boolean).join(" · ");
