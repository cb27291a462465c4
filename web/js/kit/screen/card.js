/** How large a millimetre is on this screen: somebody lays a bank card on it. It is kept in this browser. */
import { formatNumber } from "../../core/format.js";
import { t } from "../../core/language.js";
import { CARD_MM, isScreen } from "../../core/view/true-size.js";
import { showClosable } from "../dialog.js";
import { el, setText } from "../dom.js";

/** CSS pixels of a millimetre that browsers take a screen to have, where nothing was measured. */
const ASSUMED = 96 / 25.4;
/** Of the card's width: 60 to 200 % of what is assumed. */
const [LEAST, MOST, STEP] = [0.6, 2, 0.005];

/**
 * Lay a card on the screen, and make the outline as large.
 * @param {number} known device pixels of a millimetre; 0: not measured
 * @param {(pixels: number) => void} set each time that it is changed
 */
export function measureScreen(known, set) {
  const ratio = devicePixelRatio;
  const outline = el("div", { class: "bank-card" }, el("span", { text: t("Bank card") }));
  const words = el("p", { class: "quiet", role: "status" });
  const slider = el("input", { type: "range", "aria-label": t("Width of the card on the screen") });
  Object.assign(slider, { min: `${LEAST}`, max: `${MOST}`, step: `${STEP}` });
  slider.value = String(isScreen(known) ? known / ratio / ASSUMED : 1);
  const show = () => {
    const css = Number(slider.value) * ASSUMED;
    outline.style.width = `${css * CARD_MM.width}px`;
    outline.style.height = `${css * CARD_MM.height}px`;
    setText(words, t("{n} pixels to the millimetre on this screen", { n: formatNumber(css * ratio, 2) }));
  };
  slider.addEventListener("input", () => {
    show();
    set(Number(slider.value) * ASSUMED * ratio);
  });
  show();
  return showClosable(
    t("Size of this screen"),
    "screen-size",
    el("p", { text: t("Lay a bank card on the screen and move the slider until the outline is as large.") }),
    outline,
    slider,
    words,
  );
}
