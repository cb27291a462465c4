/** What a participant may do here and now: the page's own reading of the rules; the server decides. */
/** @import {Seat, Snapshot} from "../../wire.js" */
import { peopleHere, seatOf } from "./document.js";

/**
 * @typedef {object} Standing
 * @property {boolean} drives
 * @property {boolean} host
 * @property {boolean} reads a consult that has ended: nothing of it changes any more
 * @property {boolean} mayAsk for control
 * @property {boolean} asked for control already
 * @property {boolean} mayTake control
 * @property {boolean} mayLead while nobody else does
 * @property {boolean} mayGiveBack control
 * @property {boolean} mayGrant control
 * @property {boolean} maySwitchCase
 * @property {boolean} mayDraw marks, keep images, write
 */

/** @param {Snapshot} doc @param {string} me seat @returns {Standing} */
export function standingOf(doc, me) {
  const seat = seatOf(doc, me);
  const reads = doc.consult.ended_at !== null;
  const host = seat?.role === "host";
  const drives = doc.control.seat === me;
  const participant = seat?.role === "participant";
  return {
    drives,
    host,
    reads,
    asked: doc.control.requests.includes(me),
    mayAsk: participant && !drives && !reads,
    mayTake: host && !drives && !reads,
    mayLead: participant && !drives && !reads,
    mayGiveBack: participant && drives && !reads,
    mayGrant: !reads && (host || (participant && drives)),
    mayDraw: !reads && seat !== null && seat.role !== "viewer",
    maySwitchCase: (host || drives) && doc.cases.length > 1,
  };
}

/** To whom control may be given. @param {Snapshot} doc @param {ReadonlySet<string>} online @returns {Seat[]} */
export const candidates = (doc, online) =>
  peopleHere(doc, online).filter((s) => s.role !== "viewer" && s.id !== doc.control.seat);
