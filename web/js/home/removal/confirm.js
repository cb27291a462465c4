/** What is deleted is asked about first, and once more where a consult has it. */
import { ApiError } from "../../core/api-error.js";
import { t } from "../../core/language.js";
import { ask } from "../../kit/dialog.js";

const USED = {
  study: t("A consult has this study"),
  series: t("A consult has this series"),
  file: t("A consult has this file"),
};

/** @param {string} title @param {string} text @param {string} [word] on the button @returns {Promise<boolean>} */
export const askDelete = async (title, text, word = t("Delete")) =>
  (await ask({
    title,
    text,
    choices: [
      { name: t("Keep"), value: "", safe: true },
      { name: word, value: "delete", class: "button final" },
    ],
  })) === "delete";

/**
 * Delete, and where the server refuses that with `code`, only once it is confirmed as well.
 * @param {string} code @param {(force: boolean) => Promise<unknown>} go
 * @param {(why: string) => Promise<boolean>} confirm
 */
export async function deleteOrForce(code, go, confirm) {
  try {
    await go(false);
  } catch (error) {
    if (!(error instanceof ApiError) || error.failure.code !== code) throw error;
    if (await confirm(error.failure.message)) await go(true);
  }
}

/** What a consult may have. @param {"study" | "series" | "file"} what
 * @param {(force: boolean) => Promise<unknown>} go */
export const deleteConfirmed = (what, go) => deleteOrForce("study_in_use", go, (why) => askDelete(USED[what], why));
