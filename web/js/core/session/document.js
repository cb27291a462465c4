/** The document as a page sees it: a snapshot, then events that each carry the resulting record. */
/** @import {Case, Seat, Snapshot, StoredEvent} from "../../wire.js" */
import { displayedSeat, folded } from "../people/names.js";
import { foldBoard } from "./board.js";
import { put } from "./records.js";

/** Messages that are kept, as the server keeps them. */
export const CHAT_KEPT = 150;

/**
 * @param {Snapshot} doc @param {StoredEvent["event"]} event
 * @returns {Snapshot} the same object where a page sees no difference
 */
export function fold(doc, event) {
  switch (event.type) {
    case "seat_put":
      return { ...doc, seats: put(doc.seats, event.seat) };
    case "control_put":
      return { ...doc, control: event.control };
    case "case_switched":
      return { ...doc, case: event.epoch, current: event.case };
    case "hiding_changed":
      return { ...doc, patients_hidden: event.hidden };
    case "blackout_put":
      return { ...doc, blackouts: put(doc.blackouts ?? [], event.blackout) };
    case "blackout_removed":
      return { ...doc, blackouts: doc.blackouts?.filter((one) => one.id !== event.blackout) ?? [] };
    case "study_deleted":
      return { ...doc, cases: doc.cases.map((kase) => withoutImagesOf(kase, event.study)) };
    case "images_deleted":
      return { ...doc, cases: doc.cases.map((kase) => withDeleted(kase, event.series, event.images)) };
    case "consult_ended":
      return { ...doc, consult: event.consult };
    case "mark_put":
      return { ...doc, marks: put(doc.marks, event.mark) };
    case "mark_deleted":
      return { ...doc, marks: doc.marks.filter((m) => m.id !== event.mark) };
    case "key_image_put":
      return { ...doc, key_images: put(doc.key_images, event.key_image) };
    case "key_image_deleted":
      return { ...doc, key_images: doc.key_images.filter((k) => k.id !== event.key_image) };
    case "chat_posted":
      return { ...doc, chat: [...doc.chat.filter((m) => m.id !== event.message.id), event.message].slice(-CHAT_KEPT) };
    default:
      return foldRecord(doc, event);
  }
}

/** What is said of the images. @param {Snapshot} doc @param {StoredEvent["event"]} event @returns {Snapshot} */
function foldRecord(doc, event) {
  switch (event.type) {
    case "finding_put":
      return { ...doc, findings: put(doc.findings, event.finding) };
    case "finding_deleted":
      return { ...doc, findings: doc.findings.filter((f) => f.id !== event.finding) };
    case "numbers_put":
      return { ...doc, numbers: put(doc.numbers, event.numbers, "mark") };
    case "note_put":
      return { ...doc, notes: put(doc.notes, event.note, "case") };
    case "note_signed":
      return doc.signed.some((v) => v.id === event.version.id)
        ? doc
        : { ...doc, signed: [...doc.signed, event.version] };
    case "critical_put":
      return { ...doc, criticals: put(doc.criticals, event.critical) };
    case "seen_put":
      return { ...doc, seen: put(doc.seen, event.seen) };
    case "calibration_put":
      return { ...doc, calibrations: put(doc.calibrations ?? [], event.calibration) };
    case "calibration_removed":
      return { ...doc, calibrations: (doc.calibrations ?? []).filter(({ id }) => id !== event.calibration) };
    case "coverage_put":
      return { ...doc, coverage: put(doc.coverage ?? [], event.coverage) };
    default:
      return foldBoard(doc, event);
  }
}

/** The case on the stage. @param {Snapshot} doc @returns {Case | null} */
export const currentCase = (doc) => doc.cases.find((c) => c.id === doc.current) ?? null;

/** @param {Snapshot} doc @param {string | null | undefined} id @returns {Seat | null} */
export function seatOf(doc, id) {
  const seat = doc.seats.find((s) => s.id === id);
  return seat ? displayedSeat(seat, doc.seats, doc.consult.host_name) : null;
}

/** Seats that are in the consult, in the order of joining. @param {Snapshot} doc */
export const present = (doc) => seatsOf(doc, false);

/** Those whom a host sent out or did not let in, and may let in again. @param {Snapshot} doc */
export const sentOut = (doc) => seatsOf(doc, true);

/** Those who wait to be let in, the longest first; hosts alone are told of any. @param {Snapshot} doc */
export const waitingSeats = (doc) =>
  doc.seats
    .filter((s) => s.lobby === "waiting" && !s.removed)
    .map((s) => displayedSeat(s, doc.seats, doc.consult.host_name))
    .sort((a, b) => a.asked_at - b.asked_at || a.colour - b.colour);

/** @param {Snapshot} doc @param {boolean} removed */
const seatsOf = (doc, removed) =>
  doc.seats
    .filter((s) => s.removed === removed && s.lobby !== "waiting")
    .map((s) => displayedSeat(s, doc.seats, doc.consult.host_name))
    .sort((a, b) => a.colour - b.colour);

/** Who is here now, in the order of joining; of those with the same name the later ones are numbered.
 * @param {Snapshot} doc @param {ReadonlySet<string>} online @returns {Seat[]} */
export function peopleHere(doc, online) {
  /** @type {Map<string, number>} */
  const count = new Map();
  return present(doc)
    .filter((s) => online.has(s.id))
    .map((seat) => {
      const key = folded(seat.name);
      const n = (count.get(key) ?? 0) + 1;
      count.set(key, n);
      return n > 1 ? { ...seat, name: `${seat.name} (${n})` } : seat;
    });
}

/** The name of who drives, or of the host where nobody does. @param {Snapshot} doc */
export const presenterName = (doc) => seatOf(doc, doc.control.seat)?.name ?? doc.consult.host_name;

/** A case once the images of a study are deleted. @param {Case} kase @param {string} study @returns {Case} */
const withoutImagesOf = (kase, study) => ({
  ...kase,
  studies: kase.studies.map((s) => (s.key === study ? { ...s, deleted: true } : s)),
});

/** A case once these images of a series are deleted.
 * @param {Case} kase @param {string} series key @param {[number, number][]} runs @returns {Case} */
const withDeleted = (kase, series, runs) => ({
  ...kase,
  series: kase.series.map((s) => (s.key === series ? { ...s, deleted: runs } : s)),
});
