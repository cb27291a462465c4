/** The studies of a case as its note names them: by date, each with CURRENT or PRIOR. Pure. */
/** @import {Case, Study, View} from "../../../wire.js" */
import { t } from "../../language.js";
import { studyDate, studyLabel } from "../../study-label.js";
import { seriesShown } from "../../view/shows.js";

/** @typedef {{key: string, date: string, role: string, name: string, deleted: boolean}} StudyLine */

/** The newest first; those without a date last. @param {readonly Study[]} studies */
export const byDate = (studies) =>
  [...studies].sort((a, b) => `${b.date} ${b.time}`.trim().localeCompare(`${a.date} ${a.time}`.trim()));

/** @param {readonly Study[]} studies of one case @returns {StudyLine[]} */
export const studyLines = (studies) =>
  byDate(studies).map((study) => ({
    key: study.key,
    date: studyDate(study, studies),
    role: studyLabel(study, studies),
    name: study.description || t("Study"),
    deleted: study.deleted === true,
  }));

/** The studies of which a view shows something. @param {Case | null} kase @param {View | null} view @returns {string[]}
 *   keys */
export const studiesIn = (kase, view) =>
  kase && view ? [...new Set(view.viewports.flatMap((v) => seriesShown(kase, v.shows)?.study ?? []))] : [];
