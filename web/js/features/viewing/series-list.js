/** Series by study, with dates: what can be shown. A click or a drag opens one in the active viewport. */
/** @import {Case, PresentationState, Seat, Segmentation, Series, Study, Unshown} from "../../wire.js" */
/** @import {Actions} from "./actions.js" */
/** @import {ViewingContext} from "./viewing.js" */
import { ofServer, t } from "../../core/language.js";
import { deletedWords, missingWords } from "../../core/loading.js";
import { seriesName } from "../../core/view/corner.js";
import { counted, thumbnailUrl } from "../../core/format.js";
import { documentKind } from "../../core/papers.js";
import { caseNumber, caseTitle, identityParts, knownPatients, namesakes, patientName } from "../../core/patient.js";
import { studyDate, studyLabel, unshownWords } from "../../core/study-label.js";
import { idAt } from "../../core/view/layout.js";
import { stateLines, stateName } from "../../core/presentation-states/states.js";
import { seriesKey } from "../../core/view/shows.js";
import { colourOf, nameOf, shownIn } from "../../core/segmentations/segmentations.js";
import { othersAt } from "../../core/people/positions.js";
import { find } from "../../kit/dom.js";
import { control, draw, html, nothing, repeat, swatch, thumbnail, unseen } from "../../kit/html.js";
import { openMenu } from "../../kit/menu.js";
import { dot } from "../../kit/person.js";
import { closeButton } from "../../kit/sheets.js";
import { devicePoint } from "../../stage/pointer/first-pointer.js";

/** What a dragged series travels as. */
export const SERIES_TYPE = "application/x-consult-series";

/** Colours of a segmentation that its entry shows. */
const SWATCHES = 6;

/** @param {ViewingContext} context @param {Actions} actions */
export function renderSeries(context, actions) {
  const { session, navigation, sheets } = context;
  const { kase, standing } = session;
  if (!kase) return;
  const shown = new Set(navigation.view?.viewports.map((v) => seriesKey(v.shows)));
  const others = othersAt(session, navigation.shared.intent.view);
  const item = (/** @type {Series} */ series) =>
    seriesItem(context, actions, {
      series,
      current: shown.has(series.key),
      here: others.filter((p) => p.series === series.key).map((p) => p.seat),
    });
  draw(
    find("#series", HTMLElement),
    html`${closeButton(sheets)}${standing?.maySwitchCase ? casesButton(context) : nothing}${repeat(
      kase.studies,
      (study) => `${kase.id} ${study.key}`,
      (study) =>
        html`${studyHead(study, kase.studies)}${repeat(
          kase.series.filter((s) => s.study === study.key),
          (series) => series.key,
          item,
        )}${(kase.segmentations ?? []).filter((s) => s.study === study.key).map((s) => segmentationItem(context, s))}${(
          kase.presentation_states ?? []
        )
          .filter((s) => s.study === study.key)
          .map((s) => stateItem(context, s))}${(kase.unshown ?? [])
          .filter((u) => u.study === study.key)
          .map(unshownItem)}`,
    )}`,
  );
}

/** @param {Study} study @param {readonly Study[]} studies of the case */
const studyHead = (study, studies) =>
  html`<div class="study"><span>${studyDate(study, studies)}</span><span class="when">${studyLabel(
    study,
    studies,
  )}</span>${study.deleted ? html`<span class="when">${t("deleted")}</span>` : nothing}</div>`;

/**
 * @param {ViewingContext} context @param {Actions} actions
 * @param {{series: Series, current: boolean, here: Seat[]}} item here: who looks at it
 */
function seriesItem({ navigation, sheets, base }, actions, { series, current, here }) {
  const name = seriesName(series);
  const gone = [missingWords(series), deletedWords(series)].filter(Boolean).join(", ");
  const kind = documentKind(series);
  const { mayMove } = navigation;
  const open = () => {
    sheets.close();
    if (mayMove) actions.openSeries(series.key);
    else navigation.cannot();
  };
  return html`<button
    type="button"
    class="series-item"
    aria-current=${current ? "true" : nothing}
    aria-disabled=${String(!mayMove)}
    title=${name}
    draggable=${String(mayMove)}
    @click=${open}
    @dragstart=${(/** @type {DragEvent} */ event) => event.dataTransfer?.setData(SERIES_TYPE, series.key)}
  ><span class="thumb">${thumbnail(thumbnailUrl(base, series.key))}${
    here.length > 0
      ? html`<span class="dots" title=${here.map((s) => s.name).join(", ")}>${here.map(dot)}</span>`
      : nothing
  }<span class="n" aria-hidden="true">${series.images}</span></span><span class="name">${name}</span>${
    gone ? html`<span class="why">${gone}</span>` : nothing
  }${kind ? html`<span class="why">${kind}</span>` : nothing}${unseen(
    `, ${kind ? counted(series.images, "page") : counted(series.images, "image")}`,
  )}</button>`;
}

/** What marks regions of the images: a press switches it on or off; where it lies on none, why.
 * @param {ViewingContext} context @param {Segmentation} one */
function segmentationItem({ navigation, sheets, toggleSegmentation }, one) {
  const onPlanes = (one.planes ?? []).length > 0;
  if (one.why && !onPlanes) return notShown(nameOf(one), ofServer(one.why));
  const press = () => {
    sheets.close();
    toggleSegmentation(one);
  };
  return html`<button
    type="button" class="series-segmentation" data-segmentation=${one.key} title=${nameOf(one)}
    aria-pressed=${String(shownIn(navigation.activeViewport, one.key) !== null)}
    aria-disabled=${String(!navigation.mayMove)} @click=${press}
  ><span class="swatches">${one.segments.slice(0, SWATCHES).map((segment) => swatch(colourOf(segment)))}</span
  ><span class="name">${nameOf(one)}</span>${
    one.why ? html`<span class="why">${ofServer(one.why)} ${t("Drawn on planes alone.")}</span>` : nothing
  }</button>`;
}

/** How others have shown the images: a press shows them so, or as in the files again; where it is for none, why.
 * @param {ViewingContext} context @param {PresentationState} state */
function stateItem({ navigation, sheets, togglePresentationState }, state) {
  if (state.why) return notShown(stateName(state), ofServer(state.why));
  const press = () => {
    sheets.close();
    togglePresentationState(state);
  };
  return html`<button
    type="button" class="series-segmentation series-state" data-presentation-state=${state.key}
    title=${stateName(state)}
    aria-pressed=${String(navigation.activeViewport?.presentation_state === state.key)}
    aria-disabled=${String(!navigation.mayMove)} @click=${press}
  ><span class="name">${stateName(state)}</span>${stateLines(state).map(
    (line) => html`<span class="why">${line}</span>`,
  )}</button>`;
}

/** @param {string} name @param {string} why */
const notShown = (name, why) =>
  html`<div class="series-unshown"><span class="name">${name}</span><span class="why">${why}</span></div>`;

/** What the study holds besides: named, though nothing of it is shown.
 * @param {Unshown} what @param {number} _i @param {readonly Unshown[]} all of the study */
const unshownItem = (what, _i, all) => notShown(unshownWords(what, all), ofServer(what.why) || t("not shown"));

/** @param {ViewingContext} context */
const casesButton = (context) =>
  control({
    word: t("Cases"),
    glyph: "cases",
    class: "button small cases-button",
    popup: "menu",
    do: ({ currentTarget }) => casesMenu(context, currentTarget),
  });

/** @param {ViewingContext} context @param {HTMLElement} anchor */
function casesMenu({ session, command }, anchor) {
  const { doc } = session;
  const cases = doc?.cases ?? [];
  openMenu(
    anchor,
    t("Cases"),
    cases.map((c, i) => ({
      name: c.withheld ? caseTitle({ n: i + 1, of: cases.length }) : patientName(c.patient),
      below: caseLines(c, i, cases),
      checked: c.id === doc?.current,
      choose: () => void (c.id !== doc?.current && command({ type: "switch_case", to: c.id })),
    })),
  );
}

/** What a case is chosen by, below its patient's name. @param {Case} kase @param {number} i @param {Case[]} cases */
export function caseLines(kase, i, cases) {
  if (kase.withheld) return [];
  const all = knownPatients(cases);
  const number = caseNumber({ n: i + 1, of: cases.length });
  return [
    identityParts(kase.patient).join(" · "),
    [number, kase.title].filter(Boolean).join(" · "),
    namesakes(kase.patient, all),
  ].filter(Boolean);
}

/** Let a series be dropped on a viewport. @param {ViewingContext} context @param {Actions} actions */
export function acceptDrops(context, actions) {
  const { element: stage } = context.stage;
  const target = (/** @type {DragEvent} */ event) =>
    context.navigation.mayMove && event.dataTransfer?.types.includes(SERIES_TYPE)
      ? viewportUnder(context, event)
      : null;
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
    actions.openSeries(event.dataTransfer?.getData(SERIES_TYPE) ?? "", id);
  });
}

/** @param {ViewingContext} context @param {MouseEvent} event */
function viewportUnder({ navigation, stage }, event) {
  const { view } = navigation;
  return view && idAt(stage.rects(view), devicePoint(event, stage.area));
}
