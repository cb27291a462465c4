/** Who is where in a stack, beside the scrubber: a dot for each, in their colour. */
/** @import {ConsultPage} from "../../app/consult-page.js" */
/** @import {Seat} from "../../wire.js" */
import { peopleHere } from "../../core/session/document.js";
import { byPlace, positionsOf } from "../../core/people/positions.js";
import { places } from "../../core/view/series.js";
import { el, rebuild } from "../../kit/dom.js";

const COLOURS = 8;
/** So many stand beside each other. */
const MOST = 5;

/** Where everybody else is. @param {ConsultPage} page */
export function positions(page) {
  const { doc, kase, online, me, here } = page.session;
  const others = doc ? peopleHere(doc, online).filter((seat) => seat.id !== me) : [];
  return page.session.phase === "live" ? positionsOf(page.presenter?.intent.view, others, here, kase) : [];
}

/** @param {ConsultPage} page */
export function renderPositions(page) {
  const all = positions(page);
  for (const overlay of page.stage.overlays.values()) {
    const series = overlay.content?.series;
    if (!series) continue;
    const count = places(series);
    const groups = count > 1 ? byPlace(all, series.key) : [];
    const row =
      overlay.scrubber.element.querySelector(".positions") ??
      overlay.scrubber.element.appendChild(el("div", { class: "positions" }));
    rebuild(
      /** @type {HTMLElement} */ (row),
      JSON.stringify(groups.map(([place, seats]) => [place, seats.map((s) => [s.id, s.name])])),
      () => groups.map(([place, seats]) => group(place, count, seats)),
    );
  }
}

/** @param {number} place @param {number} count of places @param {Seat[]} seats */
function group(place, count, seats) {
  const element = el("div", { class: "position" }, ...seats.slice(0, MOST).map(dot));
  const part = place / (count - 1);
  element.style.top = `calc(14px + ${part} * (100% - 28px))`;
  element.dataset.image = String(place + 1);
  element.title = `Image ${place + 1}: ${seats.map((s) => s.name).join(", ")}`;
  return element;
}

/** @param {Seat} seat */
export const dot = (seat) => el("span", { class: "dot", "data-dot": seat.id, "data-colour": seat.colour % COLOURS });
