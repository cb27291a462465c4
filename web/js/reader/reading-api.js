/** What the reader's page asks for, below its seat. */
import { ask } from "../transport/json.js";

/**
 * @typedef {{version: string, number: number, newest: number, title: string, host_name: string, name: string,
 *   seen_at: number | null, seen_name: string, own: boolean, pictures: {n: number, sentence: string}[],
 *   page: string}} Reading own: this seat has signed it
 */
/**
 * @typedef {{n: number, digest: string, width: number, height: number, scale: number, sentence: string, page: string}}
 *   KeyView page: what lies over it, and what stands below it, as HTML of the server's own making
 */

/** @param {string} language @returns {Promise<Reading>} Throws ApiError. */
export const getReading = (language) => ask("GET", `reading?language=${encodeURIComponent(language)}`);

/**
 * A picture of that version as large as the screen.
 * @param {Reading} reading @param {number} n @param {{width: number, height: number, ratio: number}} screen
 * @param {string} language
 * @returns {Promise<KeyView>} Throws ApiError.
 */
export function getView(reading, n, { width, height, ratio }, language) {
  const query = { version: String(reading.number), width, height, ratio, language };
  const words = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return ask("GET", `views/${n}?${words.join("&")}`);
}

/** The page shows it. @param {string} version @returns {Promise<unknown>} Throws ApiError. */
export const postOpened = (version) => ask("POST", "opened", { version });

/** Somebody has read it. @param {string} version @param {string} name
 * @returns {Promise<{name: string, seen_at: number}>} Throws ApiError. */
export const postSeen = (version, name) => ask("POST", "seen", { version, name });

/**
 * The elements of HTML that the server has made, with all that others wrote escaped. No script in it would run: the
 * page's policy lets none.
 * @param {string} html
 */
export const elementsOf = (html) => [...new DOMParser().parseFromString(html, "text/html").body.childNodes];
