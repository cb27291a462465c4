/** A board in words and figures: how far each case is, what is ready of it, how long it takes. Pure. */
/** @import {Case, Decision, DecisionDraft, Dissent, Preparation, PreparedView, Snapshot} from "../../wire.js" */
import { t } from "../language.js";

/** @typedef {"question" | "history" | "pathology"} Text */
/** @typedef {"now" | "decided" | "put off" | "next"} Progress */
/** @type {Text[]} */
export const TEXTS = ["question", "history", "pathology"];
/** @type {Record<Text, string>} */
export const TEXT_NAMES = { question: t("Question"), history: t("History"), pathology: t("Pathology") };

/** @param {string} kase id @returns {Preparation} */
const nothingPrepared = (kase) => ({ case: kase, texts: {}, minutes: 0, pictures: [], order: [] });

/** @param {Snapshot} doc @param {string} kase id @returns {Preparation} */
export const preparationOf = (doc, kase) => doc.preparations?.find((one) => one.case === kase) ?? nothingPrepared(kase);

/** Of a case, in their order: those that it does not name stand behind. @param {Snapshot} doc @param {string} kase
 * @returns {PreparedView[]} */
export function preparedOf(doc, kase) {
  const views = (doc.prepared ?? []).filter((view) => view.case === kase);
  const { order } = preparationOf(doc, kase);
  const place = (/** @type {PreparedView} */ view) => {
    const at = order.indexOf(view.id);
    return at < 0 ? order.length : at;
  };
  return views.sort((a, b) => place(a) - place(b));
}

/** @param {Snapshot} doc @param {string} kase @returns {Decision[]} */
export const decisionsOf = (doc, kase) =>
  (doc.decisions ?? []).filter((one) => one.case === kase).sort((a, b) => a.number - b.number);

/** @param {Snapshot} doc @param {string} kase @returns {DecisionDraft | null} */
export const draftOf = (doc, kase) => doc.decision_drafts?.find((one) => one.case === kase) ?? null;

/** Who is against what is shown, or against what was decided last. @param {Snapshot} doc @param {string} kase
 * @returns {Dissent[]} */
export function dissentsOf(doc, kase) {
  const number = decisionsOf(doc, kase).length + (draftOf(doc, kase)?.shown ? 1 : 0);
  return (doc.dissents ?? []).filter((one) => one.case === kase && one.number === number);
}

/** @param {Snapshot} doc @param {string} kase @returns {Progress} */
export function progressOf(doc, kase) {
  if (doc.current === kase) return "now";
  const last = decisionsOf(doc, kase).at(-1);
  if (!last) return "next";
  return last.words.outcome === "deferral" ? "put off" : "decided";
}

/** Seconds on the stage of the board so far.
 * @param {Snapshot} doc @param {string} kase @param {number} now seconds since 1970 */
export function spentOn({ board, current, consult }, kase, now) {
  if (!board) return 0;
  const spent = board.spent[kase] ?? 0;
  if (board.phase !== "running" || kase !== current) return spent;
  return spent + Math.max(0, (consult.ended_at ?? now) - board.since);
}

/** "6:12". @param {number} seconds */
export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** "6:12 / 8", "8 min" of a case that is to come, "". @param {Snapshot} doc @param {string} kase @param {number} now */
export function timeText(doc, kase, now) {
  const spent = spentOn(doc, kase, now);
  const { minutes } = preparationOf(doc, kase);
  if (spent >= 1) return minutes ? `${clock(spent)} / ${minutes}` : clock(spent);
  return minutes ? t("{n} min", { n: minutes }) : "";
}

/** Minutes that are planned for the cases behind this one, and of it what is left.
 * @param {Snapshot} doc @param {number} now */
export function minutesLeft(doc, now) {
  const at = doc.cases.findIndex((one) => one.id === doc.current);
  const left = preparationOf(doc, doc.current).minutes - spentOn(doc, doc.current, now) / 60;
  const behind = doc.cases.slice(at + 1).reduce((sum, one) => sum + preparationOf(doc, one.id).minutes, 0);
  return Math.ceil(Math.max(0, left) + behind);
}

/** @typedef {{name: string, ready: boolean}} Light */

/** What is ready of a case. @param {Case} kase @param {Preparation} preparation @param {readonly PreparedView[]} views
 * @returns {Light[]} */
export function lightsOf(kase, preparation, views) {
  const here = kase.studies.filter((study) => !study.deleted);
  const isHere = (/** @type {string} */ key) => here.some((study) => study.key === key);
  const whole = kase.series.filter((s) => isHere(s.study) && !s.document);
  const current = here.find((study) => !study.prior);
  return [
    { name: t("images"), ready: !!current && whole.some((s) => s.study === current.key && !s.deleted?.length) },
    { name: t("prior"), ready: here.some((study) => study.prior) },
    { name: t("report"), ready: kase.series.some((s) => !!s.document && isHere(s.study)) },
    { name: t("pathology"), ready: !!preparation.texts.pathology?.text || preparation.pictures.length > 0 },
    { name: t("views"), ready: views.length > 0 },
  ];
}

/** "Ready: images, views. Missing: prior." @param {readonly Light[]} lights */
export function lightWords(lights) {
  const named = (/** @type {boolean} */ ready) =>
    lights
      .filter((l) => l.ready === ready)
      .map((l) => l.name)
      .join(", ");
  const parts = [];
  if (named(true)) parts.push(t("Ready: {names}.", { names: named(true) }));
  if (named(false)) parts.push(t("Missing: {names}.", { names: named(false) }));
  return parts.join(" ");
}

/** The order of ids with one of them `by` places further. @param {readonly string[]} ids @param {string} id
 * @param {number} by @returns {string[]} */
export function movedBy(ids, id, by) {
  const at = ids.indexOf(id);
  return movedTo(ids, id, Math.min(ids.length - 1, Math.max(0, at + by)));
}

/** The same, to a place. @param {readonly string[]} ids @param {string} id @param {number} to @returns {string[]} */
export function movedTo(ids, id, to) {
  const others = ids.filter((one) => one !== id);
  return [...others.slice(0, to), id, ...others.slice(to)];
}

/** Which prepared view comes, from the one that was shown last. @param {readonly PreparedView[]} views
 * @param {string} last id, or "" @param {1 | -1} by @returns {PreparedView | null} */
export function stepView(views, last, by) {
  const at = views.findIndex((view) => view.id === last);
  if (at < 0) return (by > 0 ? views[0] : views.at(-1)) ?? null;
  return views[at + by] ?? null;
}

/** The case behind the one on the stage that nothing was decided about yet; null: there is none.
 * @param {Snapshot} doc @returns {Case | null} */
export function nextUndecided(doc) {
  const at = doc.cases.findIndex((one) => one.id === doc.current);
  const after = [...doc.cases.slice(at + 1), ...doc.cases.slice(0, at)];
  return after.find((one) => decisionsOf(doc, one.id).length === 0) ?? null;
}

/** Who is here of which specialty, those that should be there first; with whom nobody has called up.
 * @param {Snapshot} doc @returns {{specialty: string, people: Snapshot["attendees"]}[]} */
export function rollOf({ board, attendees = [] }) {
  const names = [...(board?.specialties ?? [])];
  for (const { specialty } of attendees)
    if (!names.some((name) => name.toLowerCase() === specialty.toLowerCase())) names.push(specialty);
  return names.map((specialty) => ({
    specialty,
    people: attendees.filter((one) => one.specialty.toLowerCase() === specialty.toLowerCase()),
  }));
}
