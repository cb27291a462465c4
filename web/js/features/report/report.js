/** The text of a structured report that is shown: to be read aloud, searched, copied; its pages are for all. */
/** @import {FeatureContext} from "../context.js" */
/** @import {Line} from "../../core/record/report-lines.js" */
/** @import {Item} from "../../kit/menu.js" */
import { ApiError } from "../../core/api-error.js";
import { t } from "../../core/language.js";
import { reportLine } from "../../core/record/report-lines.js";
import { seriesName } from "../../core/view/corner.js";
import { showClosable } from "../../kit/dialog.js";
import { el } from "../../kit/dom.js";
import { control, nothing } from "../../kit/html.js";
import { read } from "../../transport/json.js";

/** How deep lines are set off. */
const LEVELS = 6;

export class ReportText {
  /** @param {Pick<FeatureContext, "navigation" | "notices" | "base">} context */
  constructor(context) {
    this.context = context;
  }

  /** The report that the active viewport shows. */
  get shown() {
    const { activeSeries } = this.context.navigation;
    return activeSeries?.document === "report" ? activeSeries : null;
  }

  /** Nothing where no report is shown. */
  get button() {
    if (!this.shown) return nothing;
    return control({
      id: "report-text",
      label: t("Report as text"),
      title: t("Report as text"),
      class: "button small bare state-button",
      popup: "dialog",
      glyph: "note",
      word: t("As text"),
      do: () => void this.open(),
    });
  }

  /** On small screens. @returns {Item[]} */
  get items() {
    return this.shown ? [{ name: t("Report as text"), glyph: "note", line: true, choose: () => void this.open() }] : [];
  }

  async open() {
    const { shown } = this;
    if (!shown) return;
    const { base, notices } = this.context;
    try {
      /** @type {{lines: Line[]}} */
      const { lines } = await read(`${base}reports/${encodeURIComponent(shown.key)}`);
      const content = el(
        "div",
        { class: "report-lines", tabindex: 0, role: "document" },
        ...lines.slice(1).map(lineElement),
      );
      await showClosable(seriesName(shown), "wide report-text", content);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notices.show({ text: error.message, glyph: "warn" });
    }
  }
}

/** Text is set as text. @param {Line} line */
function lineElement(line) {
  const { level, kind } = line;
  const { name, value } = reportLine(line);
  const known = { "data-level": String(Math.min(level, LEVELS)), "data-kind": kind };
  if (kind === "title" || kind === "heading")
    return el("h3", { ...known, role: "heading", "aria-level": String(Math.min(level + 3, LEVELS)), text: name });
  if (kind === "note") return el("p", { ...known, text: name });
  return el(
    "p",
    known,
    name ? el("span", { class: "name", text: name }) : null,
    el("span", { class: "value", text: value }),
  );
}
