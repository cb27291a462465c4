/** Series by study, with dates: what can be shown. A click or a drag opens one in the active viewport. */
/** @import {Series, Study} from "../../wire.js" */
/** @import {ConsultPage} from "../../app/consult-page.js" */
import { seriesName } from "../../core/view/corner.js";
import { seriesKey } from "../../core/view/shows.js";
import { formatDate, priorLabel } from "../../core/format.js";
import { button, el, find, glyph, rebuild, unseen } from "../../kit/dom.js";
import { openMenu } from "../../kit/menu.js";
import { dot, positions } from "../people/positions.js";

/** What a dragged series travels as. */
export const SERIES_TYPE = "application/x-consult-series";

/** @param {ConsultPage} page */
export function renderSeries(page) {
  const list = find("#series", HTMLElement);
  const { kase, doc, standing } = page.session;
  if (!kase || !doc) return;
  const shown = new Set(page.view?.viewports.map((v) => seriesKey(v.shows)));
  const everybody = positions(page);
  const key = JSON.stringify([
    kase.id,
    doc.case,
    [...shown],
    page.mayMove,
    standing?.maySwitchCase,
    everybody.map((p) => [p.series, p.seat.id]),
  ]);
  rebuild(list, key, () => [
    closeButton(page),
    standing?.maySwitchCase && casesButton(page),
    ...kase.studies.flatMap((study) =>
      studyElements(
        page,
        study,
        kase.series.filter((s) => s.study === study.key),
        shown,
      ),
    ),
  ]);
}

/** @param {ConsultPage} page */
export const closeButton = (page) =>
  button({ name: "Close", word: "Close", class: "button bare sheet-close", onclick: () => page.sheets.close() });

/** @param {ConsultPage} page @param {Study} study @param {Series[]} series @param {Set<string>} shown */
function studyElements(page, study, series, shown) {
  const newest = page.session.kase?.studies[0]?.date ?? "";
  const when = study.prior ? priorLabel(study, newest) : "now";
  const head = el(
    "div",
    { class: "study" },
    el("span", { text: formatDate(study.date) || "Date unknown" }),
    el("span", { class: "when", text: when }),
  );
  return [head, ...series.map((s) => seriesItem(page, s, shown.has(s.key)))];
}

/** @param {ConsultPage} page @param {Series} series @param {boolean} current */
function seriesItem(page, series, current) {
  const name = seriesName(series);
  const image = el("img", { src: page.thumbnail(series.key), alt: "", loading: "lazy", draggable: "false" });
  image.addEventListener("error", () => (image.hidden = true));
  return el(
    "button",
    {
      type: "button",
      class: "series-item",
      "aria-current": current ? "true" : null,
      "aria-disabled": String(!page.mayMove),
      title: name,
      draggable: String(page.mayMove),
      onclick: () => {
        page.sheets.close();
        if (page.mayMove) page.actions.openSeries(series.key);
        else page.cannot();
      },
      ondragstart: (event) => event.dataTransfer?.setData(SERIES_TYPE, series.key),
    },
    el(
      "span",
      { class: "thumb" },
      image,
      lookers(page, series),
      el("span", { class: "n", "aria-hidden": true, text: String(series.images) }),
    ),
    el("span", { class: "name", text: name }),
    unseen(`, ${series.images} ${series.images === 1 ? "image" : "images"}`),
  );
}

/** Who looks at it. @param {ConsultPage} page @param {Series} series */
function lookers(page, series) {
  const here = positions(page)
    .filter((p) => p.series === series.key)
    .map((p) => p.seat);
  return here.length > 0
    ? el("span", { class: "dots", title: here.map((s) => s.name).join(", ") }, ...here.map(dot))
    : null;
}

/** @param {ConsultPage} page */
function casesButton(page) {
  const element = el(
    "button",
    {
      type: "button",
      class: "button small cases-button",
      "aria-haspopup": "menu",
      onclick: () => casesMenu(page, element),
    },
    glyph("cases"),
    el("span", { class: "word", text: "Cases" }),
  );
  return element;
}

/** @param {ConsultPage} page @param {HTMLElement} anchor */
function casesMenu(page, anchor) {
  const { doc } = page.session;
  openMenu(
    anchor,
    "Cases",
    (doc?.cases ?? []).map((c) => ({
      name: c.title || c.patient.name || c.id,
      more: c.title ? c.patient.name : "",
      checked: c.id === doc?.current,
      choose: () => void (c.id !== doc?.current && page.command({ type: "switch_case", to: c.id })),
    })),
  );
}

/** Let a series be dropped on a viewport. @param {ConsultPage} page @param {HTMLElement} stage */
export function acceptDrops(page, stage) {
  const target = (/** @type {DragEvent} */ event) =>
    page.mayMove && event.dataTransfer?.types.includes(SERIES_TYPE) ? viewportUnder(page, event) : null;
  const mark = (/** @type {string | null} */ id) => {
    for (const element of stage.querySelectorAll("[data-viewport]")) {
      element.classList.toggle("drop-target", element instanceof HTMLElement && element.dataset.viewport === id);
    }
  };
  stage.addEventListener("dragover", (event) => {
    const id = target(event);
    mark(id);
    if (id) event.preventDefault();
  });
  stage.addEventListener("dragleave", () => mark(null));
  stage.addEventListener("drop", (event) => {
    const id = target(event);
    mark(null);
    if (!id) return;
    event.preventDefault();
    page.actions.openSeries(event.dataTransfer?.getData(SERIES_TYPE) ?? "", id);
  });
}

/** @param {ConsultPage} page @param {MouseEvent} event */
function viewportUnder(page, event) {
  const { view, stage } = page;
  if (!view) return null;
  const box = stage.area.getBoundingClientRect();
  const [x, y] = [(event.clientX - box.left) * devicePixelRatio, (event.clientY - box.top) * devicePixelRatio];
  for (const [id, [left, top, w, h]] of stage.rects(view))
    if (x >= left && x < left + w && y >= top && y < top + h) return id;
  return null;
}
