/** Questions to this server in JSON. A failure is an error of one form, also where the network is down. */

import { ApiError } from "../core/api-error.js";
import { ofServer, t } from "../core/language.js";

/**
 * @template T
 * @param {string} method @param {string} path @param {object} [body]
 * @returns {Promise<T>} Throws ApiError; code "unreachable" where nobody answers.
 */
export async function ask(method, path, body) {
  /** @type {RequestInit} */
  const init = { method, credentials: "same-origin", cache: "no-store" };
  if (body) Object.assign(init, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const answer = await fetch(path, init).catch(() => null);
  if (!answer) throw new ApiError({ code: "unreachable", message: t("The server does not answer."), status: 0 });
  if (answer.status === 204) return /** @type {T} */ (undefined);
  const json = await answer
    .json()
    .catch(() => ({ error: { code: "unreadable", message: t("The server's answer cannot be read.") } }));
  if (answer.ok) return json;
  throw new ApiError({ ...json.error, message: ofServer(json.error?.message), status: answer.status });
}
