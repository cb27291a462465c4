/** Below the stage: the first window presets with their keys, the rest in a menu. */
/** @import {ViewingContext} from "./viewing.js" */
/** @import {Actions} from "./actions.js" */
import { t } from "../../core/language.js";
import { paletteName } from "../../core/planes/colours.js";
import { crosshairWords } from "../../core/planes/words.js";
import { find } from "../../kit/dom.js";
import { draw, html, icon, nothing } from "../../kit/html.js";
import { cineMenu, coloursMenu, presetMenu } from "./layout-menu.js";
import { NO_WINDOW } from "./tools.js";

/** Half of them where there is a play button beside the crosshair's point. */
const FIRST = 4;

/** @param {ViewingContext} context @param {Actions} actions @param {unknown} beside the presets */
export function renderBottomBar({ navigation }, actions, beside) {
  const { activeSeries, view, mayMove, whyNot } = navigation;
  const { presets } = actions;
  const chosen = presets.find((p) => p.chosen);
  const play = actions.cine.button;
  const { crosshair } = view ?? {};
  const first = play && crosshair ? FIRST / 2 : FIRST;
  const buttons = presets.slice(0, first).map(
    ({ preset: { name, key }, chosen: pressed, choose }) => html`<button
      type="button"
      class="preset"
      aria-pressed=${String(pressed)}
      ?disabled=${!mayMove}
      title=${mayMove ? nothing : whyNot}
      @click=${choose}
    ><span>${name}</span>${key ? html`<kbd aria-hidden="true">${key}</kbd>` : nothing}</button>`,
  );
  const noWindow =
    activeSeries?.colour && !activeSeries.document ? html`<span class="no-window">${NO_WINDOW}</span>` : nothing;
  const behind = chosen && presets.indexOf(chosen) >= first ? chosen.preset.name : "";
  draw(
    find("#bottom-bar", HTMLElement),
    html`${play ? playButton(navigation, actions, play) : nothing}${noWindow}${buttons}
      ${presets.length > first ? more(navigation, actions, behind) : nothing}
      ${activeSeries?.modality === "PT" || actions.palette ? coloursButton(navigation, actions) : nothing}
      ${actions.mask.bar}${beside}<span class="spring"></span>${
        crosshair ? html`<span class="crosshair-point" .textContent=${crosshairWords(crosshair)}></span>` : nothing
      }<span class="diagnosis">${t("Not for primary diagnosis")}</span>`,
  );
}

/**
 * @param {ViewingContext["navigation"]} navigation
 * @param {Actions} actions
 * @param {NonNullable<Actions["cine"]["button"]>} play
 */
const playButton = ({ mayMove, whyNot }, actions, { name, glyph, hint, rate, playing }) => html`<button
    type="button"
    class="preset"
    aria-pressed=${String(playing)}
    ?disabled=${!mayMove}
    title=${mayMove ? hint : whyNot}
    @click=${() => actions.act("cine")}
  >${icon(glyph)}<span>${name}</span><kbd aria-hidden="true">C</kbd></button><button
    type="button"
    class="preset"
    aria-label=${t("Speed and part, {rate}", { rate })}
    aria-haspopup="menu"
    ?disabled=${!mayMove}
    title=${mayMove ? hint : whyNot}
    @click=${(/** @type {MouseEvent & {currentTarget: HTMLElement}} */ { currentTarget }) =>
      cineMenu(actions, currentTarget)}
  ><span>${rate}</span>${icon("down")}</button>`;

/** Of PET, and of what is in colours already. @param {ViewingContext["navigation"]} navigation
 * @param {Actions} actions */
function coloursButton({ mayMove, whyNot }, actions) {
  if (actions.palette === null) return nothing;
  const name = paletteName(actions.palette) || t("Greys");
  return html`<button
    type="button"
    class="preset"
    data-name="palette"
    aria-haspopup="menu"
    aria-label=${t("Colours, {name}", { name })}
    ?disabled=${!mayMove}
    title=${mayMove ? nothing : whyNot}
    @click=${(/** @type {MouseEvent & {currentTarget: HTMLElement}} */ { currentTarget }) =>
      coloursMenu(actions, currentTarget)}
  ><span class="colour-map" data-map=${actions.palette || "grey"}></span><span>${name}</span>${icon("down")}</button>`;
}

/**
 * @param {ViewingContext["navigation"]} navigation
 * @param {Actions} actions
 * @param {string} chosen name of a preset that has no button of its own
 */
const more = (navigation, actions, chosen) => html`<button
  type="button"
  class="preset"
  aria-label=${chosen ? t("More presets, {chosen}", { chosen }) : t("More presets")}
  aria-haspopup="menu"
  aria-pressed=${chosen ? "true" : nothing}
  ?disabled=${!navigation.mayMove}
  @click=${(/** @type {MouseEvent & {currentTarget: HTMLElement}} */ { currentTarget }) =>
    presetMenu(actions, currentTarget)}
>${chosen ? html`<span>${chosen}</span>` : nothing}${icon("down")}</button>`;
