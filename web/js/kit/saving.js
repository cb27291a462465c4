/** Files that the page makes, for the reader to keep. */
import { el } from "./dom.js";

/** The browser has begun to save it long before. */
const KEPT_MS = 60_000;

/** @param {Blob} content @param {string} name */
export function saveFile(content, name) {
  const href = URL.createObjectURL(content);
  el("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}
