/** What is offered where a finding is written: a title for a new one, labels and categories that are in use. Pure. */
/** @import {Finding, Mark, Snapshot} from "../../../wire.js" */
import { t } from "../../language.js";

/** What is in use in a case for a field, each once. @param {readonly Finding[]} findings
 * @param {"label" | "category"} field */
export const inUse = (findings, field) => [...new Set(findings.map((f) => f[field]).filter(Boolean))].sort();

/** A title for a new one: the words of its first mark, or a number that no other has.
 * @param {Snapshot} doc @param {Mark | undefined} mark */
export function firstTitle(doc, mark) {
  if (mark?.label) return mark.label;
  const here = doc.findings.filter((f) => f.case === doc.current);
  const titles = new Set(here.map((f) => f.title));
  let n = here.length + 1;
  while (titles.has(t("Finding {n}", { n }))) n += 1;
  return t("Finding {n}", { n });
}
