/** How a participant looks: initials in a ring of their colour; from the ninth on the ring is dashed. */
/** @import {Here, Place, Seat, Snapshot} from "../wire.js" */
import { t } from "../core/language.js";
import { seriesName } from "../core/view/corner.js";
import { currentCase } from "../core/session/document.js";
import { studyWords } from "../core/view/image-words.js";
import { imageName, locate } from "../core/view/series.js";
import { initials } from "../core/format.js";
import { classes, html, icon, nothing } from "./html.js";
import { slow } from "./person-signs.js";

const COLOURS = 8;

/** @param {Seat} seat @param {{away?: boolean, small?: boolean, speaking?: boolean}} [how] */
export function avatar(seat, { away = false, small = false, speaking = false } = {}) {
  const again = seat.colour >= COLOURS;
  const kind = classes("avatar", away && "away", small && "small", speaking && "speaking", again && "again");
  return html`<span class=${kind} data-colour=${colourOf(seat)} aria-hidden="true">${initials(seat.name)}</span>`;
}

/** The colour of a participant as the styles name it. @param {Seat | null | undefined} seat */
export const colourOf = (seat) => (seat ? String(seat.colour % COLOURS) : nothing);

/** Give an element the colour of a participant, or none. @param {HTMLElement} element @param {Seat | null} seat */
export function setColour(element, seat) {
  if (seat) element.dataset.colour = String(seat.colour % COLOURS);
  else delete element.dataset.colour;
}

/** Somebody as a dot. @param {Seat} seat */
export const dot = (seat) => html`<span class="dot" data-dot=${seat.id} data-colour=${colourOf(seat)}></span>`;

/** What somebody looks at, of the case on the stage; "" where it is of another. @param {Snapshot} doc
 * @param {Place} place */
function lookedAt(doc, { case: epoch, series, image }) {
  const kase = epoch === doc.case ? currentCase(doc) : null;
  const found = kase?.series.find((s) => s.key === series);
  if (!kase || !found) return "";
  const of = kase.studies.length > 1 ? studyWords(kase, found) : "";
  return [seriesName(found), imageName(found, locate(found, image)), of].filter(Boolean).join(", ");
}

/**
 * What somebody does, in words, as within a sentence.
 * @param {Seat} seat
 * @param {Snapshot} doc
 * @param {Here | undefined} here
 * @param {boolean} [speaking]
 */
export function doing(seat, doc, here, speaking = false) {
  const parts = [];
  if (seat.role === "host") parts.push(t("host"));
  if (seat.role === "moderator") parts.push(t("moderates"));
  if (seat.role === "preparer") parts.push(t("prepares"));
  if (!here?.online) parts.push(t("away"));
  else if (speaking) parts.push(t("speaking"));
  else if (doc.control.seat === seat.id) parts.push(seat.role === "host" ? t("presenting") : t("has control"));
  else if (here.exploring) parts.push([t("looks around"), lookedAt(doc, here.exploring)].filter(Boolean).join(": "));
  else parts.push(t("following"));
  if (here?.online && here.phone) parts.push(t("on a phone"));
  if (slow(here)) parts.push(t("slow network"));
  if (here?.online && here.microphone === "phone") parts.push(t("voice by telephone"));
  return parts.join(", ");
}

/** As it begins one. @param {string} text */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** How somebody speaks, as a sign; of who only listens the sign of a closed microphone.
 * @param {Seat} seat @param {Here | undefined} here @param {boolean} speaking */
export function voiceSign(seat, here, speaking) {
  if (!here?.online) return nothing;
  if (speaking) return icon("speaking", "voice-sign speaks", colourOf(seat));
  const name = { on: "microphone", phone: "call", muted: "microphone-off", off: "microphone-off" }[here.microphone];
  return icon(name, "voice-sign");
}

/** The same in a word, for who cannot see the sign. @param {Here | undefined} here */
export const voiceWord = (here) =>
  here?.online
    ? { on: t("microphone on"), phone: "", muted: t("muted"), off: t("only listening") }[here.microphone]
    : "";

/** @type {string[]} */
let palette = [];

/** The colour of a participant for a canvas, as "#rrggbb". @param {number} index of joining */
export function hexOf(index) {
  if (palette.length === 0) {
    const style = getComputedStyle(document.documentElement);
    palette = Array.from({ length: COLOURS }, (_, i) => style.getPropertyValue(`--p${i + 1}`).trim());
  }
  return palette[index % COLOURS] || "#f4f4f4";
}
