/** A file as the body of one request, and how much of it is sent: fetch does not say that. */
import { ApiError } from "../../core/api-error.js";
import { ofServer, t } from "../../core/language.js";

/**
 * @param {string} path @param {Blob} file
 * @param {{sent: (bytes: number) => void, signal: AbortSignal}} how sent: called as it goes
 * @returns {Promise<any>} the answer's JSON. Throws ApiError; code "stopped" where the signal says so.
 */
export function sendFile(path, file, { sent, signal }) {
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ code, /** @type {string} */ message) =>
      reject(new ApiError({ code, message, status: request.status }));
    request.upload.addEventListener("progress", ({ loaded }) => sent(loaded));
    request.addEventListener("error", () => fail("unreachable", t("The server does not answer.")));
    request.addEventListener("abort", () => fail("stopped", t("Stopped. Nothing was imported.")));
    request.addEventListener("load", () => {
      const answer = parsed(request.responseText);
      if (request.status < 300 && answer) return resolve(answer);
      fail(answer?.error?.code ?? "unreadable", ofServer(answer?.error?.message) || unreadable(request.status));
    });
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.open("POST", path);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  });
}

/** @param {number} status of an answer that is not the server's own: of a proxy before it */
const unreadable = (status) =>
  status === 413
    ? t("A proxy before the server takes no file of this size. Import it on the server: consult import-consult FILE.")
    : t("The server's answer cannot be read.");

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
