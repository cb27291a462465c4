/** How a participant looks: initials in a ring of their colour; from the ninth on the ring is dashed. */
/** @import {Here, Seat, Snapshot} from "../wire.js" */
import { initials } from "../core/format.js";
import { el, glyph } from "./dom.js";

const COLOURS = 8;

/** @param {Seat} seat @param {{away?: boolean, small?: boolean, speaking?: boolean}} [how] */
export function avatar(seat, { away = false, small = false, speaking = false } = {}) {
  const names = ["avatar", away && "away", small && "small", speaking && "speaking", seat.colour >= COLOURS && "again"].filter(Boolean).join(" ");
  return el("span", { class: names, "data-colour": seat.colour % COLOURS, "aria-hidden": true, text: initials(seat.name) });
}

/** Give an element the colour of a participant, or none. @param {HTMLElement} element @param {Seat | null} seat */
export function colourOf(element, seat) {
  if (seat) element.dataset.colour = String(seat.colour % COLOURS);
  else delete element.dataset.colour;
}

/** What somebody does, in words. @param {Seat} seat @param {Snapshot} doc @param {Here | undefined} here @param {boolean} [speaking] */
export function doing(seat, doc, here, speaking = false) {
  const parts = [];
  if (seat.role === "host") parts.push("Host");
  if (!here?.online) parts.push("away");
  else if (speaking) parts.push("speaking");
  else if (doc.control.seat === seat.id) parts.push(seat.role === "host" ? "presenting" : "has control");
  else parts.push("following");
  if (here?.online && here.phone) parts.push("on a phone");
  if (slow(here)) parts.push("slow network");
  if (here?.online && here.microphone === "phone") parts.push("voice by telephone");
  const text = parts.join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** As core/health.js has it for oneself. */
const SLOW_MS = 400;

/** @param {Here | undefined} here */
const slow = (here) => !!here?.online && here.round_trip_ms > SLOW_MS;

const WAYS = { webrtc: "moving picture by WebRTC", websocket: "moving picture over WebSocket", stills: "still pictures only" };

/** How somebody is connected, in words. @param {Here | undefined} here */
export function connectionWords(here) {
  if (!here?.online) return "";
  return here.round_trip_ms > 0 ? `${WAYS[here.way]}, at most ${here.round_trip_ms} ms` : WAYS[here.way];
}

/** Signs beside a name: a raised hand, a slow network. @param {Here | undefined} here */
export function signs(here) {
  const hand = here?.online && here.hand > 0 ? el("span", { class: "hand-sign", title: "Hand raised" }, glyph("hand"), el("span", { class: "n", text: String(here.hand) })) : null;
  const bars = slow(here) ? glyph("bars") : null;
  bars?.classList.add("slow-sign");
  return [hand, bars];
}

/** How somebody speaks, as a sign; of who only listens the sign of a closed microphone. @param {Here | undefined} here @param {boolean} speaking */
export function voiceSign(here, speaking) {
  if (!here?.online) return null;
  const name = speaking ? "speaking" : { on: "microphone", phone: "call", muted: "microphone-off", off: "microphone-off" }[here.microphone];
  const sign = glyph(name);
  sign.classList.add("voice-sign");
  if (speaking) sign.classList.add("speaks");
  return sign;
}

/** The same in a word, for who cannot see the sign. @param {Here | undefined} here */
export const voiceWord = (here) => (here?.online ? { on: "microphone on", phone: "", muted: "muted", off: "only listening" }[here.microphone] : "");
