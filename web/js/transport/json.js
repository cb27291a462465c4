/** Questions to this server in JSON. A failure is an error of one form, also where the network is down. */

import { ApiError } from "../core/api-error.js";
import { ofServer, t } from "../core/language.js";

/**
 * @template T
 * @param {string} method @param {string} path @param {object} [body]
 * @returns {Promise<T>} Throws ApiError; code "unreachable" where nobody answers.
 */
export function ask(method, path, body) {
  /** @type {RequestInit} */
  const init = { method, credentials: "same-origin", cache: "no-store" };
  if (body) Object.assign(init, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  return answer(path, init);
}

/**
 * What the browser may have kept, if the server says that it is still so.
 * @template T
 * @param {string} path
 * @returns {Promise<T>} Throws as `ask`.
 */
export const read = (path) => answer(path, { credentials: "same-origin", cache: "no-cache" });

/**
 * Send a file as it is.
 * @template T
 * @param {string} path @param {Blob} file @param {string} [type] its media type
 * @returns {Promise<T>} Throws as `ask`.
 */
export const sendWhole = (path, file, type = file.type || "application/octet-stream") =>
  answer(path, {
    method: "POST",
    credentials: "same-origin",
    cache: "no-store",
    headers: { "Content-Type": type },
    body: file,
  });

/** A file, as it is. @param {string} path @returns {Promise<Blob>} Throws as `ask`. */
export const readFile = async (path) =>
  (await accepted(path, { credentials: "same-origin", cache: "no-store" })).blob();

/**
 * @template T
 * @param {string} path @param {RequestInit} init
 * @returns {Promise<T>}
 */
async function answer(path, init) {
  const found = await accepted(path, init);
  return found.status === 204 ? /** @type {T} */ (undefined) : jsonOf(found);
}

/** The answer to what the server takes. @param {string} path @param {RequestInit} init */
async function accepted(path, init) {
  const found = await fetch(path, init).catch(() => null);
  if (!found) throw new ApiError({ code: "unreachable", message: t("The server does not answer."), status: 0 });
  if (found.ok) return found;
  const { error } = await jsonOf(found);
  throw new ApiError({ ...error, message: ofServer(error?.message), status: found.status });
}

/** @param {Response} found */
const jsonOf = (found) =>
  found.json().catch(() => ({ error: { code: "unreadable", message: t("The server's answer cannot be read.") } }));
