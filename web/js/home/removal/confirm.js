/** What is deleted is asked about first, and once more where a consult has it. */
import { ApiError } from "../../core/api-error.js";
import { t } from "../../core/language.js";
import { ask } from "../../kit/dialog.js";

const USED = {
  study: t("A consult has this study"),
  series: t("A consult has this series"),
  file: t("A consult has this file"),
};

/** @param {string} title @param {string} text @returns {Promise<boolean>} */
export const askDelete = async (title, text) =>
  (await ask({
    title,
    text,
    choices: [
      { name: t("Keep"), value: "", safe: true },
      { name: t("Delete"), value: "delete", class: "button final" },
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
    if (await askDelete(USED[what], error.failure.message)) await go(true);
  }
}
