/**
 * What the selected study holds: its series, and where its files are not all of one patient, the files. Each can be
 * removed by itself. Asked for when it is unfolded.
 */
/** @import {ObjectInfo, SeriesInfo} from "../api.js" */
/** @import {Study} from "../search.js" */
import { ApiError } from "../../core/api-error.js";
import { counted } from "../../core/format.js";
import { t } from "../../core/language.js";
import { el } from "../../kit/dom.js";
import { draw, html, nothing, tool } from "../../kit/html.js";
import { openMenu } from "../../kit/menu.js";
import { api } from "../api.js";
import { FIELD_NAMES, shownValue } from "../selection.js";
import { askDelete, deleteConfirmed } from "./confirm.js";

/** A series in a line. @param {SeriesInfo} series */
export function seriesWords({ number, modality, name, images }) {
  const what = images > 0 ? counted(images, "image") : t("no images");
  return [t("Series {number}", { number }), modality, name, what].filter(Boolean).join(" · ");
}

/** A file, with what it says of its patient. @param {ObjectInfo} object */
export function objectWords({ uid, name, values }) {
  const fields = Object.entries(values).map(([tag, value]) => `${FIELD_NAMES[tag] ?? tag}: ${shownValue(tag, value)}`);
  return [name.split(/[/\\]/).at(-1) || uid, ...fields].join(" · ");
}

export class StudyContents {
  /** @param {{removed: () => void}} on */
  constructor(on) {
    this.on = on;
    /** @type {Study | null} */
    this.study = null;
    /** @type {SeriesInfo[]} */
    this.series = [];
    this.problem = "";
    this.list = el("div", { class: "series-rows" });
    this.element = el("details", { class: "contents" }, el("summary", { text: t("Its series") }), this.list);
    this.element.addEventListener("toggle", () => void this.load());
  }

  /** @param {Study | null} study the one that is selected alone */
  render(study) {
    const { study: before } = this;
    this.study = study;
    this.element.hidden = !study;
    if (study?.uid !== before?.uid) this.empty();
    else if (study?.images !== before?.images) void this.load();
  }

  /** Another study: nothing of the one before is offered. */
  empty() {
    this.element.open = false;
    this.series = [];
    this.problem = "";
    this.draw();
  }

  async load() {
    const { study } = this;
    if (!study || !this.element.open) return;
    try {
      const { series } = await api.series(study.key);
      if (study.uid !== this.study?.uid) return;
      this.series = series;
      this.problem = "";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.failure.message;
    }
    this.draw();
  }

  draw() {
    const rows = this.series.flatMap((series) => [
      this.row(seriesWords(series), "series", series.uid),
      ...series.objects.map((object) => this.row(objectWords(object), "file", object.uid)),
    ]);
    const problem = this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing;
    draw(this.list, html`${rows}${problem}`);
  }

  /** @param {string} words @param {"series" | "file"} what @param {string} uid */
  row(words, what, uid) {
    const menu = (/** @type {{currentTarget: HTMLElement}} */ { currentTarget }) =>
      openMenu(currentTarget, words, [
        {
          name: what === "series" ? t("Remove this series…") : t("Remove this file…"),
          glyph: "trash",
          bad: true,
          choose: () => void this.remove(words, what, uid),
        },
      ]);
    return html`<div class=${`part ${what}`}><bdi>${words}</bdi>${tool({
      name: t("More about {first}", { first: words }),
      glyph: "more",
      popup: "menu",
      do: menu,
    })}</div>`;
  }

  /** @param {string} words @param {"series" | "file"} what @param {string} uid */
  async remove(words, what, uid) {
    const { study } = this;
    if (!study) return;
    const kind = what === "series" ? "series" : "objects";
    const title =
      what === "series" ? t("Remove this series from this server?") : t("Remove this file from this server?");
    if (!(await askDelete(title, `${words}. ${t("It cannot be brought back.")}`))) return;
    try {
      await deleteConfirmed(what, (force) => api.deletePart(study.key, kind, uid, force));
      await this.load();
      this.on.removed();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.failure.message;
      this.draw();
    }
  }
}
