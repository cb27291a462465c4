/** Who is where in a stack, beside the scrubber: a dot for each, in their colour. */
/** @import {FeatureContext} from "../context.js" */
/** @import {Seat} from "../../wire.js" */
import { byImage, othersAt } from "../../core/people/positions.js";
import { el, find } from "../../kit/dom.js";
import { draw, html } from "../../kit/html.js";
import { dot } from "../../kit/person.js";

/** So many stand beside each other. */
const MOST = 5;

/** @param {Pick<FeatureContext, "session" | "navigation" | "stage">} context */
export function renderPositions({ session, navigation, stage }) {
  const all = othersAt(session, navigation.shared.intent.view);
  for (const overlay of stage.overlays.values()) {
    const series = overlay.content?.series;
    if (!series) continue;
    const { element } = overlay.scrubber;
    if (!element.querySelector(".positions")) element.append(el("div", { class: "positions" }));
    const places = series.images > 1 ? byImage(all, series.key) : [];
    draw(
      find(".positions", HTMLElement, element),
      places.map(([image, seats]) => group(image, series.images, seats)),
    );
  }
}

/** @param {number} image @param {number} images @param {Seat[]} seats */
const group = (image, images, seats) => html`<div
  class="position"
  .style=${`top: calc(14px + ${image / (images - 1)} * (100% - 28px))`}
  data-image=${image + 1}
  title=${`Image ${image + 1}: ${seats.map((s) => s.name).join(", ")}`}
>${seats.slice(0, MOST).map(dot)}</div>`;
