/**
 * Marks of this page that the server has not stored, as they are kept beside the page: for one case, in the tab's own
 * storage. What comes back from there is offered to who drew it; nothing is stored by itself.
 */
/** @import {Mark, Shape} from "../../wire.js" */
import { t } from "../language.js";
import { hasSize, POINTS } from "./marks.js";
import { KIND_NAMES } from "./measure.js";

/** More are not kept. */
export const MAX_KEPT = 32;

/** Refusals that say nothing of the mark: the server could not store it, or does not know whether it did. */
const FAULTS = new Set([
  "not_stored",
  "unknown_outcome",
  "store_busy",
  "store_failed",
  "disk_full",
  "lost",
  "not_sent",
]);

/** Whether to offer again what was refused. @param {string} code of the refusal */
export const isFault = (code) => FAULTS.has(code);

/** What is worth being kept: it has a size, and its words. @param {Shape} shape */
export const isWhole = (shape) => hasSize(shape, 0) && (shape.kind !== "text" || !!shape.label);

/**
 * @param {string} kase id of the case on the stage
 * @param {Shape[]} shapes
 * @returns {string | null} null: nothing to keep
 */
export function toKeep(kase, shapes) {
  const whole = shapes.filter(isWhole).slice(0, MAX_KEPT);
  return whole.length > 0 ? JSON.stringify({ case: kase, shapes: whole }) : null;
}

/**
 * What was kept for this case and has not been stored since.
 * @param {string | null} text
 * @param {string} kase id of the case on the stage
 * @param {readonly Mark[]} marks that are stored
 * @returns {Shape[]}
 */
export function fromKept(text, kase, marks) {
  const kept = parsed(text);
  if (!kept || kept.case !== kase) return [];
  const stored = (/** @type {Shape} */ shape) => marks.some((m) => m.id === shape.id && same(m, shape));
  return kept.shapes.filter((shape) => isShape(shape) && isWhole(shape) && !stored(shape));
}

/** @param {string | null} text @returns {{case: unknown, shapes: Shape[]} | null} */
function parsed(text) {
  try {
    const kept = JSON.parse(text ?? "null");
    return Array.isArray(kept?.shapes) ? kept : null;
  } catch {
    return null;
  }
}

/** @param {Shape | null} shape */
const isShape = (shape) =>
  typeof shape?.id === "string" &&
  typeof shape.series === "string" &&
  Number.isInteger(shape.image) &&
  Object.hasOwn(POINTS, shape.kind) &&
  Array.isArray(shape.points) &&
  shape.points.length >= POINTS[shape.kind][0] &&
  shape.points.length <= POINTS[shape.kind][1];

/** @param {Shape} a @param {Shape} b */
const same = (a, b) => (a.label ?? "") === (b.label ?? "") && JSON.stringify(a.points) === JSON.stringify(b.points);

/** What is asked about them. @param {readonly Shape[]} shapes @returns {{text: string, keep: string, drop: string}} */
export function offerWords(shapes) {
  const [first] = shapes;
  if (shapes.length === 1 && first)
    return {
      text: t("Your mark is not stored yet: {kind}.", { kind: KIND_NAMES[first.kind] }),
      keep: t("Keep it"),
      drop: t("Discard it"),
    };
  return {
    text: t("{n} of your marks are not stored yet.", { n: shapes.length }),
    keep: t("Keep them"),
    drop: t("Discard them"),
  };
}
