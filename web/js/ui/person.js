/** How a participant looks: initials in a ring of their colour; from the ninth on the ring is dashed. */
/** @import {Here, Seat, Snapshot} from "../wire.js" */
import { initials } from "../core/format.js";
import { el } from "./dom.js";

/** How many colours of people there are. */
export const COLOURS = 8;

/** @param {Seat} seat @param {{away?: boolean, small?: boolean}} [how] */
export function avatar(seat, { away = false, small = false } = {}) {
  const names = ["avatar", away && "away", small && "small", seat.colour >= COLOURS && "again"].filter(Boolean).join(" ");
  return el("span", { class: names, "data-colour": seat.colour % COLOURS, "aria-hidden": true, text: initials(seat.name) });
}

/** Give an element the colour of a participant, or none. @param {HTMLElement} element @param {Seat | null} seat */
export function colourOf(element, seat) {
  if (seat) element.dataset.colour = String(seat.colour % COLOURS);
  else delete element.dataset.colour;
}

/** What somebody does, in words. @param {Seat} seat @param {Snapshot} doc @param {Here | undefined} here */
export function doing(seat, doc, here) {
  const parts = [];
  if (seat.role === "host") parts.push("Host");
  if (!here?.online) parts.push("away");
  else if (doc.control.seat === seat.id) parts.push(seat.role === "host" ? "presenting" : "has control");
  else parts.push("following");
  if (here?.online && here.phone) parts.push("on a phone");
  const text = parts.join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
