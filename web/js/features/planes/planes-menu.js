/** The button and the menu entries that open planes; where there are none they say why. */
/** @import {Item} from "../../kit/menu.js" */
/** @import {Planes} from "./planes.js" */
import { t } from "../../core/language.js";
import { presetOf } from "../../core/planes/whole/rendered.js";
import { sameLayout } from "../../core/view/layout.js";
import { control } from "../../kit/html.js";

/** @param {Planes} planes */
export function planesButton(planes) {
  const { open, whyNot } = planes;
  const { mayMove, whyNot: locked } = planes.context.navigation;
  return control({
    id: "planes",
    label: open ? t("Planes: leave them") : t("Planes"),
    title: !mayMove ? locked : whyNot || (open ? t("Back to the images (X)") : t("Three planes through one point (X)")),
    class: "button small bare state-button",
    pressed: open,
    disabled: !mayMove,
    glyph: "crosshair",
    word: t("Planes"),
    do: () => planes.toggle(),
  });
}

/** @param {Planes} planes @returns {Item[]} */
export function menuItems(planes) {
  const { open, whyNot, pair } = planes;
  const { view } = planes.context.navigation;
  if (whyNot) return [...why(planes), ...pairItems(planes, pair !== null)];
  const is = (/** @type {import("../../wire.js").Layout} */ layout) =>
    open && !!view && sameLayout(view.layout, layout);
  /** @type {Item[]} */
  const items = [
    {
      name: t("Planes, 1×3"),
      glyph: "crosshair",
      checked: is({ rows: 1, columns: 3 }),
      line: true,
      choose: () => planes.arrange("row"),
    },
    {
      name: t("Planes and image, 2×2"),
      glyph: "layout-four",
      checked: is({ rows: 2, columns: 2 }) && !view?.viewports.some((v) => presetOf(v.shows)),
      choose: () => planes.arrange("square"),
    },
    {
      name: t("One plane large"),
      glyph: "layout-two",
      checked: is({ rows: 2, columns: 1, primary: view?.layout.primary || "a" }),
      choose: () => planes.arrange("large"),
    },
    {
      name: t("Planes and turning MIP"),
      glyph: "layout-two",
      checked: is({ rows: 3, columns: 1, primary: "d" }),
      choose: () => planes.arrangeMip(),
    },
    {
      name: t("Planes and 3D"),
      glyph: "layout-four",
      checked: is({ rows: 2, columns: 2 }) && !!view?.viewports.some((v) => presetOf(v.shows)),
      choose: () => planes.arrangeVolume(),
    },
    ...pairItems(planes, pair !== null),
  ];
  if (open)
    items.push({ name: t("Back to the images"), glyph: "layout-one", checked: false, choose: () => planes.leave() });
  return items;
}

/** That there are no planes, and why. @param {Planes} planes @returns {Item[]} */
const why = (planes) => [
  {
    name: t("Planes"),
    glyph: "crosshair",
    below: [planes.whyNot],
    checked: false,
    line: true,
    choose: () => planes.toggle(),
  },
];

/** @param {Planes} planes @param {boolean} has @returns {Item[]} */
function pairItems(planes, has) {
  const layout = planes.context.navigation.view?.layout;
  const shown = planes.open && layout?.rows === 3 && layout.columns === 3;
  const mip = !!layout?.primary;
  if (!has) return [];
  return [
    { name: t("PET/CT 3×3"), glyph: "layout-four", checked: shown && !mip, choose: () => planes.showPair(false) },
    {
      name: t("PET/CT 3×3 and turning MIP"),
      glyph: "layout-four",
      checked: shown && mip,
      choose: () => planes.showPair(true),
    },
  ];
}
