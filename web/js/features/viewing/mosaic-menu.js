/** The menu of mosaics: how many images of the active series beside each other, and which of them. */
/** @import {Layout} from "../../wire.js" */
/** @import {Item} from "../../kit/menu.js" */
/** @import {Navigation} from "../context.js" */
/** @import {Actions} from "./actions.js" */
import { t } from "../../core/language.js";
import { mostStep } from "../../core/view/mosaic/cells.js";
import { timeOf } from "../../core/view/shows.js";
import { closeMenu, openMenu } from "../../kit/menu.js";
import { gridPicker } from "./grid-picker.js";

/** Images from one cell to the next, as they are offered. */
const STEPS = [1, 2, 3, 5, 10];
/** Rows and columns at most. */
const MOST = 4;
/** Where no mosaic is shown yet. */
const FIRST = { rows: 2, columns: 2 };

/** Opens the menu; none where the series has one image. @param {Navigation} navigation @param {Actions} act
 * @param {HTMLElement} anchor @returns {Item[]} */
export function mosaicItem(navigation, act, anchor) {
  const { activeSeries, view } = navigation;
  if (!activeSeries || activeSeries.images < 2) return [];
  const open = () => mosaicMenu(navigation, act, anchor);
  return [{ name: t("Mosaic of this series …"), glyph: "layout-four", checked: !!view?.mosaic, choose: open }];
}

/** @param {Navigation} navigation @param {Actions} act @param {HTMLElement} anchor */
function mosaicMenu(navigation, act, anchor) {
  const { view } = navigation;
  const now = view?.mosaic ?? null;
  const choose = (/** @type {Layout} */ layout) => {
    closeMenu();
    act.mosaic(layout, now?.step ?? 1);
  };
  openMenu(anchor, t("Mosaic"), stepItems(navigation, act), gridPicker(now ? view : null, choose, MOST));
}

/** @param {Navigation} navigation @param {Actions} act @returns {Item[]} */
function stepItems({ view, activeSeries, activeViewport }, act) {
  if (!view || !activeSeries || !activeViewport) return [];
  const layout = view.mosaic ? view.layout : FIRST;
  const now = view.mosaic?.step ?? 0;
  const most = mostStep(activeSeries, timeOf(activeViewport.shows), layout.rows * layout.columns);
  const item = (/** @type {string} */ name, /** @type {number} */ step) => ({
    name,
    checked: step === now,
    disabled: step > most,
    choose: () => act.mosaic(layout, step),
  });
  const whole = item(t("From the first to the last image"), Math.max(most, 1));
  return [
    ...STEPS.map((step) => item(stepName(step), step)),
    { ...whole, more: most > 1 ? stepName(most) : "", checked: now > 0 && now === most, line: true },
  ];
}

/** @param {number} step */
const stepName = (step) => (step === 1 ? t("Every image") : t("One of {n} images", { n: step }));
