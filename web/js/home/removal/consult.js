/** A whole consult: as one file, and deleted for good. */
/** @import {ConsultInfo} from "../api.js" */
import { ApiError } from "../../core/api-error.js";
import { ofServer, plural, t } from "../../core/language.js";
import { named } from "../../core/words.js";
import { ask } from "../../kit/dialog.js";
import { el } from "../../kit/dom.js";
import { api } from "../api.js";

/** Save the file of a consult. Throws ApiError: nothing is saved. @param {ConsultInfo} consult */
export async function exportConsult(consult) {
  const answer = await fetch(api.exported(consult.id), { credentials: "same-origin", cache: "no-store" }).catch(
    () => null,
  );
  if (!answer) throw new ApiError({ code: "unreachable", message: t("The server does not answer."), status: 0 });
  if (!answer.ok) {
    const { error } = await answer.json().catch(() => ({ error: { code: "unreadable", message: "" } }));
    throw new ApiError({ ...error, message: ofServer(error?.message), status: answer.status });
  }
  const href = URL.createObjectURL(await answer.blob());
  el("a", { href, download: `consult-${consult.id}.zip` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // the browser has begun to save it long before
}

/**
 * Delete a consult for good, once that is confirmed; and once more where a critical result of it is open.
 * @param {ConsultInfo} consult @param {string} name @param {string} whom the patients, a sentence
 * @returns {Promise<boolean>} whether it is deleted. Throws ApiError.
 */
export async function removeConsult(consult, name, whom) {
  const { studies } = await api.ownStudies(consult.id);
  const answer = await askRemove(consult, name, whom, studies);
  if (!answer) return false;
  const keep = answer === "keep";
  try {
    await api.deleteConsult(consult.id, keep, false);
  } catch (error) {
    if (!(error instanceof ApiError) || error.failure.code !== "critical_open") throw error;
    if (!(await askAllTheSame(error.failure.message))) return false;
    await api.deleteConsult(consult.id, keep, true);
  }
  return true;
}

/** @param {ConsultInfo} consult @param {string} name @param {string} whom @param {number} studies */
function askRemove(consult, name, whom, studies) {
  const here = consult.seats.filter((s) => s.online).map((s) => s.name);
  const goes = studies
    ? plural(
        studies,
        "{n} study that no other consult has can go with it.",
        "{n} studies that no other consult has can go with it.",
      )
    : "";
  const who = here.length
    ? plural(here.length, "{names} is in it now and leaves with it.", "{names} are in it now and leave with it.", {
        names: named(here),
      })
    : "";
  const lost = t("What was said, drawn and signed in it is deleted for good. To keep it, export it first.");
  const withStudies = plural(studies, "Delete with {n} study", "Delete with {n} studies");
  return ask({
    title: t("Delete “{title}” for good?", { title: name }),
    text: [`${whom}.`, lost, goes, who].filter(Boolean).join(" "),
    choices: [
      { name: t("Keep"), value: "", safe: true },
      ...(studies ? [{ name: t("Delete, keep the studies"), value: "keep", class: "button final" }] : []),
      { name: studies ? withStudies : t("Delete"), value: "all", class: "button final" },
    ],
  });
}

/** @param {string} text */
const askAllTheSame = async (text) =>
  (await ask({
    title: t("A critical result is open"),
    text,
    choices: [
      { name: t("Keep"), value: "", safe: true },
      { name: t("Delete all the same"), value: "delete", class: "button final" },
    ],
  })) === "delete";
