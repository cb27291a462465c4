/** Documents beside the images: reports and PDF, and that a study has them. Pure. */
/** @import {Camera, Case, Series} from "../wire.js" */
import { t } from "./language.js";
import { fitRadius } from "./view/camera.js";

/** Kinds of the server for documents that cannot be shown (consult/dicom/reading/unshown.py). */
const [REPORT, PDF] = ["Structured report", "PDF document"];

/** What its images are. @param {Series} series */
export const isDocument = (series) => !!series.document;

/** "Structured report", "PDF document"; "" of images. @param {Series} series */
export const documentKind = ({ document = "" }) =>
  document === "report" ? t("Structured report") : document === "pdf" ? t("PDF document") : "";

/**
 * That the study of a series has reports or PDF, whether they can be shown or not: nobody is to be unaware of them.
 * Nothing on these themselves.
 * @param {Case} kase @param {Series} series @returns {string[]}
 */
export function paperWords(kase, series) {
  if (isDocument(series)) return [];
  const here = kase.series.filter((other) => other.study === series.study);
  const hidden = (kase.unshown ?? []).filter((other) => other.study === series.study);
  const count = (/** @type {string} */ document, /** @type {string} */ kind) =>
    here.filter((other) => other.document === document).length +
    hidden.filter((other) => other.kind === kind).reduce((all, { count: n = 1 }) => all + n, 0);
  const [reports, pdfs] = [count("report", REPORT), count("pdf", PDF)];
  return [
    reports > 0 && (reports === 1 ? t("REPORT") : t("{n} REPORTS", { n: reports })),
    pdfs > 0 && (pdfs === 1 ? t("PDF") : t("{n} PDF", { n: pdfs })),
  ].filter((words) => words !== false);
}

/** How a page opens: as wide as it is, from its head, so that it can be read. @param {Series} series
 * @param {Camera} fitted the whole page @returns {Camera} */
export function readingCamera({ grid }, fitted) {
  const [width, height] = [grid.columns * grid.column_spacing, grid.rows * grid.row_spacing];
  if (height <= width) return fitted;
  const up = (height - width) / 2;
  const [x, y, z] = fitted.center;
  const [dx, dy, dz] = grid.down;
  return { ...fitted, center: [x - dx * up, y - dy * up, z - dz * up], radius: (fitRadius(grid) * width) / height };
}
