/**
 * The viewer behind the page of a link. Its script is fetched and run, and its styles are read, while somebody reads
 * who invites; nothing of the consult is asked for by that. Once a seat is granted this document becomes the
 * viewer's, at the seat's own address, and its connection is begun before anything of it is built: between the button
 * and the picture no page is loaded.
 */
/** @import {Wish} from "../core/voice/wish.js" */
/** @import {Screen} from "../wire.js" */
import { formOf } from "../core/form.js";
import { socketUrl } from "../core/network/socket-url.js";
import { screenOf } from "../core/view/layout.js";
import { fragmentOf } from "../core/voice/wish.js";
import { el, find } from "../kit/dom.js";

/** What the viewer begins with. `socket` to the seat, being opened; `stills`: digests of what is shown first.
 * @typedef {{socket: WebSocket, stills: readonly string[]}} Beginning */
/** @typedef {{openConsult: (beginning: Beginning) => void}} ViewerScript see app/consult-page.js */

/** What the page of a link shows. */
const JOINING = ".brand, #join, .foot";
/** Of the browser's own bars, as base.html has it. */
const THEME_COLOR = "#141414";

/** @type {Promise<ViewerScript> | null} */
let script = null;

/** Fetch and run the viewer's script; again where that has failed. @returns {Promise<ViewerScript>} */
export function loadViewer() {
  script ??= import(find("#viewer-script", HTMLLinkElement).href);
  script.catch(() => {
    script = null;
  });
  return script;
}

/**
 * What the viewer will show pictures on, where that is known before it is built: its elements are laid out once,
 * unseen. Where bars are as high as what they hold it is not known.
 * @returns {Screen | null}
 */
export function expectedScreen() {
  const form = formOf(innerWidth, innerHeight);
  const styles = find("#viewer-styles", HTMLLinkElement);
  if (!styles.sheet || (form !== "wide" && form !== "middle")) return null;
  const room = el("div", { class: "consult", "data-form": form, inert: true }, viewerElements());
  Object.assign(room.style, { position: "fixed", inset: "0", visibility: "hidden" });
  document.body.append(room);
  const { media } = styles;
  styles.media = "all";
  const { width, height } = find("#picture-area", HTMLElement, room).getBoundingClientRect();
  styles.media = media;
  room.remove();
  const pixels = (/** @type {number} */ length) => Math.round(length * devicePixelRatio);
  return screenOf(pixels(width), pixels(height), devicePixelRatio, innerWidth);
}

const viewerElements = () => document.importNode(find("#viewer", HTMLTemplateElement).content, true);

/**
 * Into the consult, at a seat that is in it.
 * @param {string} seat its address @param {Wish} wish
 * @param {readonly string[]} [stills] digests of what is shown first
 */
export async function enterSeat(seat, wish, stills = []) {
  const address = `${seat}${fragmentOf(wish)}`;
  const socket = new WebSocket(socketUrl(new URL(seat, location.href).href, "ws"));
  const [viewer] = await Promise.all([loadViewer(), readStyles()]).catch(() => [null]);
  // The server has another version by now, or cannot be reached: a page of its own finds out.
  if (!viewer) return location.replace(address);
  history.replaceState(null, "", address);
  becomeViewer();
  viewer.openConsult({ socket, stills });
}

/** The viewer's styles are here. */
const readStyles = () =>
  new Promise((resolve, reject) => {
    const styles = find("#viewer-styles", HTMLLinkElement);
    styles.onload = resolve;
    styles.onerror = reject;
    if (styles.sheet) resolve(null);
  });

function becomeViewer() {
  find("#viewer-styles", HTMLLinkElement).media = "all";
  find("#loading", HTMLElement).hidden = false;
  for (const element of document.querySelectorAll(JOINING)) element.remove();
  find("meta[name=theme-color]", HTMLMetaElement).content = THEME_COLOR;
  const { body } = document;
  body.className = "consult";
  Object.assign(body.dataset, { state: "joining", transport: "stills", fidelity: "lossy" });
  body.append(viewerElements());
}
