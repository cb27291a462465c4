/** A whole consult: as one file, and deleted for good. */
/** @import {ConsultInfo} from "../api.js" */
import { plural, t } from "../../core/language.js";
import { named } from "../../core/words.js";
import { ask } from "../../kit/dialog.js";
import { saveFile } from "../../kit/dom.js";
import { api } from "../api.js";
import { consultName, namesHere, patientSentence } from "../consult-list.js";
import { askDelete, deleteOrForce } from "./confirm.js";

/** Save the file of a consult. Throws ApiError: nothing is saved. @param {ConsultInfo} consult */
export async function exportConsult({ id }) {
  saveFile(await api.exported(id), `consult-${id}.zip`);
}

/**
 * Delete a consult for good, once that is confirmed; and once more where a critical result of it is open.
 * @param {ConsultInfo} consult
 */
export async function removeConsult(consult) {
  const { studies } = await api.ownStudies(consult.id);
  const answer = await askRemove(consult, studies);
  if (!answer) return;
  await deleteOrForce(
    "critical_open",
    (force) => api.deleteConsult(consult.id, answer === "keep", force),
    (why) => askDelete(t("A critical result is open"), why, t("Delete all the same")),
  );
}

/** @param {ConsultInfo} consult @param {number} studies that go with it */
function askRemove(consult, studies) {
  const here = namesHere(consult);
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
    title: t("Delete “{title}” for good?", { title: consultName(consult) }),
    text: [patientSentence(consult), lost, goes, who].filter(Boolean).join(" "),
    choices: [
      { name: t("Keep"), value: "", safe: true },
      ...(studies ? [{ name: t("Delete, keep the studies"), value: "keep", class: "button final" }] : []),
      { name: studies ? withStudies : t("Delete"), value: "all", class: "button final" },
    ],
  });
}
