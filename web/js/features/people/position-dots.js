/** Who is where in a stack, beside the scrubber: a dot for each, in their colour. */
/** @import {FeatureContext} from "../context.js" */
/** @import {Seat} from "../../wire.js" */
import { t } from "../../core/language.js";
import { byPlace, othersAt } from "../../core/people/positions.js";
import { places } from "../../core/view/series.js";
import { el, find } from "../../kit/dom.js";
import { draw, html, nothing } from "../../kit/html.js";
import { dot } from "../../kit/person.js";

/** So many dots stand at one image; of more people there is one dot, and how many they are. */
const MOST = 3;

/** @param {Pick<FeatureContext, "session" | "navigation" | "stage">} context */
export function renderPositions({ session, navigation, stage }) {
  const all = othersAt(session, navigation.shared.intent.view);
  for (const overlay of stage.overlays.values()) {
    const series = overlay.content?.series;
    if (!series) continue;
    const { element } = overlay.scrubber;
    if (!element.querySelector(".positions")) element.append(el("div", { class: "positions" }));
    const count = places(series);
    const groups = count > 1 ? byPlace(all, series.key) : [];
    draw(
      find(".positions", HTMLElement, element),
      groups.map(([place, seats]) => group(place, count, seats)),
    );
  }
}

/** @param {number} place @param {number} count of places @param {Seat[]} seats */
const group = (place, count, seats) => html`<div
  class="position"
  .style=${`top: calc(14px + ${place / (count - 1)} * (100% - 28px))`}
  data-image=${place + 1}
  title=${t("Image {n}: {names}", { n: place + 1, names: seats.map((s) => s.name).join(", ") })}
>${seats.slice(0, seats.length > MOST ? 1 : MOST).map(dot)}${
  seats.length > MOST ? html`<span class="n">${seats.length}</span>` : nothing
}</div>`;
