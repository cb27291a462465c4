/** What became of a consult's file, in words. Pure. */
import { count } from "../../core/format.js";
import { plural, t } from "../../core/language.js";

/**
 * What the server has stored.
 * @typedef {{consult: string, title: string, entries: number, images: number, missing_studies: number,
 *   open_criticals: number}} Imported
 */

/** Where it went, and what of it is not here. @param {Imported} imported @returns {string[]} sentences */
export function importedWords({ title, entries, images, missing_studies, open_criticals }) {
  const what = [
    plural(entries, "{n} entry of its log", "{n} entries of its log", { n: count(entries) }),
    plural(images, "{n} picture", "{n} pictures", { n: count(images) }),
  ].join(", ");
  return [
    title
      ? t("“{title}” is in the list below, to be read: {what}.", { title, what })
      : t("It is in the list below, to be read: {what}.", { what }),
    ...(missing_studies > 0
      ? [
          plural(
            missing_studies,
            "{n} study of it is not here: its images show as missing. To have them, delete the consult, take in the " +
              "study, then import it once more.",
            "{n} studies of it are not here: their images show as missing. To have them, delete the consult, take in " +
              "the studies, then import it once more.",
          ),
        ]
      : []),
    ...(open_criticals > 0
      ? [
          plural(
            open_criticals,
            "{n} critical result of it is open: its clock runs where it was exported, not here.",
            "{n} critical results of it are open: their clocks run where it was exported, not here.",
          ),
        ]
      : []),
  ];
}

/** How a consult's file begins: with its log, as the first member of a zip (APPNOTE.TXT 4.3.7). */
const NAME = "log.jsonl";
const [SIGNATURE, NAME_AT] = ["PK\u0003\u0004", 30];
export const BEGINNING = NAME_AT + NAME.length;

/** Whether a file is a consult's, by its first bytes. @param {string} beginning a character for each byte */
export const isConsultsFile = (beginning) => beginning.startsWith(SIGNATURE) && beginning.slice(NAME_AT) === NAME;
