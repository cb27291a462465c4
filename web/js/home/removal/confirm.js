/** What is deleted is asked about first, and once more where a consult has it. */
import { ApiError } from "../../core/api-error.js";
import { ask } from "../../kit/dialog.js";

/** @param {string} title @param {string} text @returns {Promise<boolean>} */
export const askDelete = async (title, text) =>
  (await ask({
    title,
    text,
    choices: [
      { name: "Keep", value: "", safe: true },
      { name: "Delete", value: "delete", class: "button final" },
    ],
  })) === "delete";

/**
 * Delete, and where a consult has it, only once that is confirmed as well.
 * @param {"study" | "series" | "file"} what @param {(force: boolean) => Promise<unknown>} go
 */
export async function deleteConfirmed(what, go) {
  try {
    await go(false);
  } catch (error) {
    if (!(error instanceof ApiError) || error.failure.code !== "study_in_use") throw error;
    if (await askDelete(`A consult has this ${what}`, error.failure.message)) await go(true);
  }
}
