/** The curve of a mark over time, b values or echoes, above the list of marks. It is this page's own, goes with its
 * case and its mark, and is read anew when the mark has moved. */
/** @import {Mark, Series, Stamp} from "../../wire.js" */
/** @import {Curve} from "../../core/marks/curve.js" */
/** @import {MarksContext} from "./marks.js" */
import { ApiError } from "../../core/api-error.js";
import { t } from "../../core/language.js";
import { seatOf } from "../../core/session/document.js";
import { csvOf, curveName, hasCurve, stepName, stepValue } from "../../core/marks/curve.js";
import { isOf, KIND_NAMES } from "../../core/marks/measure.js";
import { seriesUnder } from "../../core/marks/marks.js";
import { seriesName } from "../../core/view/corner.js";
import { atIndex, planesAt } from "../../core/view/cine/playing.js";
import { studyWords } from "../../core/view/image-words.js";
import { placeOf, seriesKey, timeOf } from "../../core/view/shows.js";
import { show } from "../../core/view/view.js";
import { planeOf } from "../../core/planes/parts.js";
import { el, saveFile } from "../../kit/dom.js";
import { control, draw, html, nothing } from "../../kit/html.js";
import { colourOf } from "../../kit/person.js";
import { ask } from "../../transport/json.js";
import { curvePlot, curveTable } from "./curve-plot.js";

/** Images that are still loaded are asked for again. */
const AGAIN_MS = 1000;
/** It will be there in a moment. */
const LATER = new Set(["not_loaded", "too_often", "unreachable"]);

export class CurvePanel {
  /** @param {MarksContext} context */
  constructor(context) {
    this.context = context;
    this.element = el("section", { class: "curve", hidden: true, "aria-label": t("Curve") });
    /** Of which mark; "": none is open. */
    this.mark = "";
    /** The case epoch that it was opened in. */
    this.epoch = 0;
    /** @type {Curve | null} */
    this.curve = null;
    /** Why there is none. */
    this.sentence = "";
    /** The points that were asked for last. */
    this.asked = "";
    /** Until it is asked for again. @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** The index that is shown on the picture; -1: the series is not. */
    this.now = -1;
    context.session.on("changed", () => this.check());
  }

  /** The mark and its series, as they are now. @returns {{mark: Mark, series: Series} | null} */
  get found() {
    const { doc, kase } = this.context.session;
    const mark = doc?.marks.find(({ id, case: of }) => id === this.mark && of === doc.current);
    const series = mark && kase ? seriesUnder(kase, mark) : null;
    return mark && hasCurve(mark, series) ? { mark, series } : null;
  }

  /** An entry of the menu of a mark; none where there is no curve of it. @param {Mark} mark
   * @returns {import("../../kit/menu.js").Item[]} */
  items(mark) {
    const { kase } = this.context.session;
    const series = kase && seriesUnder(kase, mark);
    if (!hasCurve(mark, series)) return [];
    return [{ name: curveName(series), glyph: "curve", choose: () => this.open(mark.id) }];
  }

  /** @param {string} mark */
  open(mark) {
    this.close();
    this.mark = mark;
    this.epoch = this.context.session.doc?.case ?? 0;
    this.now = this.shownIn(this.context.stage.pictures.painted);
    this.context.openTab("marks");
    this.check();
    this.element.scrollIntoView({ block: "nearest" });
  }

  close() {
    clearTimeout(this.timer);
    this.mark = "";
    this.curve = null;
    this.asked = "";
    this.sentence = "";
    this.render();
  }

  /** Whether it is still of what is there: of this case, of a mark that is not deleted, of its points. */
  check() {
    if (!this.mark) return;
    const { found } = this;
    if (!found || this.context.session.doc?.case !== this.epoch) return this.close();
    const points = keyOf(found.mark.points);
    if (this.asked !== points) void this.read(points);
    this.render();
  }

  /** @param {string} points that it is read for */
  async read(points) {
    const { base, session } = this.context;
    const { mark } = this;
    clearTimeout(this.timer);
    this.asked = points;
    try {
      /** @type {Curve} */
      const curve = await ask("GET", `${base}marks/${encodeURIComponent(mark)}/curve?case=${this.epoch}`);
      if (this.mark !== mark || this.asked !== points) return;
      this.sentence = "";
      if (session.doc?.case === this.epoch) this.curve = curve;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.mark !== mark || this.asked !== points) return;
      this.sentence = error.message;
      if (LATER.has(error.failure.code)) this.timer = setTimeout(() => void this.read(points), AGAIN_MS);
    }
    this.render();
  }

  /** A picture is painted: the line goes with it. @param {Stamp | null} stamp */
  paint(stamp) {
    if (!this.mark) return;
    const now = this.shownIn(stamp);
    if (now === this.now) return;
    this.now = now;
    this.render();
  }

  /** Which step of its series a picture shows: in the active viewport, else in the first that has it.
   * @param {Stamp | null} stamp */
  shownIn(stamp) {
    const { found } = this;
    const active = this.context.navigation.activeViewport?.id;
    const showing = (stamp?.viewports ?? []).filter(({ shows }) => seriesKey(shows) === found?.series.key);
    const viewport = showing.find(({ id }) => id === active) ?? showing[0];
    if (!viewport || !found) return -1;
    return (this.curve?.along ?? "time") === "place" ? placeOf(viewport.shows) : timeOf(viewport.shows);
  }

  /** Show a step where the series is shown. @param {number} index */
  go(index) {
    const { navigation, stage } = this.context;
    const { curve } = this;
    const has = (/** @type {{shows: import("../../core/view/shows.js").Shown}} */ { shows }) =>
      seriesKey(shows) === curve?.series;
    const active = navigation.activeViewport;
    const viewport = active && has(active) ? active : navigation.view?.viewports.find(has);
    if (!curve || !viewport || !stage) return;
    navigation.change((view, scene) =>
      planeOf(viewport.shows)
        ? planesAt(view, viewport.id, index)
        : show(view, viewport.id, scene, (now) => atIndex(now, curve.along, index)),
    );
  }

  render() {
    const { found } = this;
    this.element.hidden = !found;
    draw(this.element, found ? this.template(found) : nothing);
  }

  /** @param {{mark: Mark, series: Series}} found */
  template({ mark, series }) {
    const { doc, kase } = this.context.session;
    const author = doc ? seatOf(doc, mark.author) : null;
    const of = [mark.label || KIND_NAMES[mark.kind], seriesName(series), kase ? studyWords(kase, series) : ""];
    const curve = this.curve && isOf(this.curve, mark) ? this.curve : null;
    return html`<div class="curve-head"><h2>${curveName(series)}</h2>${control({
      label: t("Close the curve"),
      glyph: "x",
      class: "tool",
      do: () => this.close(),
    })}</div><p class="quiet">${of.filter(Boolean).join(" · ")}</p>${
      curve ? this.content(curve, series, mark, colourOf(author)) : this.waiting()
    }`;
  }

  waiting() {
    return html`<p class="quiet" role="status">${this.sentence || t("The values are being read …")}</p>`;
  }

  /** @param {Curve} curve @param {Series} series @param {Mark} mark @param {unknown} colour */
  content(curve, series, mark, colour) {
    const step = curve.steps.find(({ index }) => index === this.now);
    const now = step ? `${stepName(curve, series, step)}: ${stepValue(step, series)}` : "";
    const plot = curvePlot(curve, series, { now: this.now, colour, go: (index) => this.go(index) });
    return html`${plot}<p class="curve-now">${now}</p>${
      series.subtracted?.length ? html`<p class="quiet">${t("unsubtracted")}</p>` : nothing
    }${curveTable(curve, series, this.now)}<div class="row">${control({
      word: t("Save as CSV"),
      class: "button small",
      do: () => saveFile(new Blob([csvOf(curve, series, mark)], { type: "text/csv;charset=utf-8" }), "curve.csv"),
    })}</div>`;
  }
}

/** @param {readonly (readonly number[])[]} points */
const keyOf = (points) => JSON.stringify(points);
