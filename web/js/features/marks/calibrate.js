/** Says how long a length on an image is, where the file does not say it: from then on all lengths there are mm. */
/** @import {Calibration, Mark, Series} from "../../wire.js" */
/** @import {Item} from "../../kit/menu.js" */
/** @import {MarksContext} from "./marks.js" */
import { t } from "../../core/language.js";
import { calibrationOf, lengthTyped, MAX_MM } from "../../core/marks/calibrations.js";
import { isUnmeasured } from "../../core/marks/regions.js";
import { isCine } from "../../core/view/cine/frames.js";
import { fieldsDialog, shown } from "../../kit/dialog.js";
import { el } from "../../kit/dom.js";

/** @typedef {{mm: number, all: boolean}} Known */

export class Calibrating {
  /** @param {Pick<MarksContext, "session" | "command" | "notices">} context */
  constructor(context) {
    this.context = context;
  }

  /** Entries of the menu of a mark. @param {Mark} mark @returns {Item[]} */
  items(mark) {
    const series = this.context.session.kase?.series.find(({ key }) => key === mark.series);
    if (!series || mark.in_space || mark.case !== this.context.session.doc?.current) return [];
    const known = calibrationOf(series, mark.image);
    /** @type {Item[]} */
    const items = [];
    if (mark.kind === "length" && isUnmeasured(series, mark)) {
      const name = t("Calibrate by this length …");
      items.push({ name, glyph: "mark-length", choose: () => void this.ask(mark, series) });
    }
    if (known) {
      const name = t("Remove the calibration by {name}", { name: known.name });
      items.push({ name, glyph: "x", choose: () => void this.remove(known) });
    }
    return items;
  }

  /** @param {Mark} mark @param {Series} series */
  async ask(mark, series) {
    const epoch = this.context.session.doc?.case;
    const known = await askLength(series);
    const [one, other] = mark.points;
    if (!known || !one || !other) return;
    await this.context.command({
      type: "calibrate",
      case: epoch,
      series: series.key,
      image: mark.image,
      ends: [one, other],
      mm: known.mm,
      all_images: known.all,
    });
  }

  /** @param {Calibration} calibration */
  async remove({ id }) {
    await this.context.command({ type: "remove_calibration", calibration: id });
  }
}

/** @param {Series} series @returns {Promise<Known | null>} null: it was closed, or nothing sound was typed */
async function askLength(series) {
  const input = el("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    autofocus: true,
    required: true,
  });
  const wrong = t("A length in mm, {most} at most.", { most: MAX_MM });
  const check = () => input.setCustomValidity(lengthTyped(input.value) === null ? wrong : "");
  input.addEventListener("input", check);
  check();
  const all = el("input", { type: "checkbox" });
  all.checked = isCine(series);
  const several = series.images > 1;
  const allWords = t("All {n} images of the series", { n: series.images });
  const dialog = fieldsDialog(
    { title: t("Calibrate"), action: t("Calibrate"), answer: () => input.value.trim() },
    el("p", { class: "quiet", text: t("Lengths of this image are mm from then on, for everybody, with your name.") }),
    el("label", {}, el("span", { class: "quiet", text: t("How long it is, mm") }), input),
    ...(several ? [el("label", { class: "switch" }, all, el("span", { text: allWords }))] : []),
  );
  const mm = lengthTyped(await shown(dialog));
  return mm === null ? null : { mm, all: several && all.checked };
}
