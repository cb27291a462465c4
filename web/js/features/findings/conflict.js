/** What is asked when somebody else has changed the same finding, or deleted it, while it was edited here. */
/** @import {Finding} from "../../wire.js" */
/** @import {FindingForm} from "./finding-form.js" */
import { t } from "../../core/language.js";
import { control, html } from "../../kit/html.js";
import { wordOf } from "./finding-fields.js";

/** @param {FindingForm} form @param {Finding} finding as it is now */
export const conflictBox = (form, finding) => html`<div class="card conflict" role="alert">
  <p>${t("Somebody has changed this finding meanwhile.")}</p>
  <dl>${form.conflicts.map((name) => html`<dt>${wordOf(name)}</dt><dd>${finding[name] || t("(empty)")}</dd>`)}</dl>
  <div class="row">${control({ word: t("Keep mine"), do: () => form.decide(true) })}${control({
    word: t("Take theirs"),
    do: () => form.decide(false),
  })}</div></div>`;

/** @param {FindingForm} form */
export function goneBox({ findings, id, draft }) {
  const { command, session } = findings.context;
  const back = () => void command({ type: "restore_finding", case: session.doc?.case, finding: id });
  return html`<div class="card conflict" role="alert">
    <p>${t("“{title}” was deleted meanwhile. What you typed is kept.", { title: draft.from.title })}</p>
    <div class="row">${control({
      word: t("Bring it back"),
      disabled: !findings.may,
      do: back,
    })}${control({ word: t("Discard"), do: () => findings.close() })}</div></div>`;
}
