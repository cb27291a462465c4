/** How long each case took, in words. Pure. */
import { plural, t } from "../../core/language.js";
import { shortSpan } from "../../core/record/critical/words.js";

/**
 * A case of a consult, as the host API has it. Times are seconds since 1970; null: it has not happened.
 * @typedef {{consult: string, title: string, host_name: string, case: number, cases: number, asked: number,
 *   first_view: number | null, noted: number | null, signed: number | null, seen: number | null, criticals: number,
 *   critical_raised: number | null, critical_acknowledged: number | null}} Row
 */

const NOTHING = "–";

/** "after 12 min"; "–" where it has not happened. @param {Row} row @param {number | null} at */
export const afterWords = ({ asked }, at) =>
  at === null ? NOTHING : t("after {time}", { time: shortSpan(Math.max(0, at - asked)) });

/** Of the critical result that took longest. @param {Row} row @param {number} now seconds */
export function criticalWords({ criticals, critical_raised: raised, critical_acknowledged: acknowledged }, now) {
  if (raised === null) return NOTHING;
  const longest =
    acknowledged === null
      ? t("not acknowledged for {time}", { time: shortSpan(now - raised) })
      : t("acknowledged after {time}", { time: shortSpan(acknowledged - raised) });
  return criticals > 1 ? `${longest} ${plural(criticals, "(of {n})", "(the longest of {n})")}` : longest;
}

/** @param {Row} row */
export const caseWords = ({ title, host_name, case: n, cases }) =>
  [title || host_name, cases > 1 ? t("case {n} of {of}", { n, of: cases }) : ""].filter(Boolean).join(" · ");
