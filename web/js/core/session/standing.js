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
 * @property {boolean} leads a board: its list, its decisions, its roll
 * @property {boolean} prepares the cases of a board
 * @property {boolean} mayOrder the cases of a board, and say who should be there
 * @property {boolean} mayAppoint who leads it beside the presenter
 * @property {boolean} mayBegin the board
 * @property {boolean} mayDecide what is on the stage of a board
 * @property {boolean} mayDissent from it
 * @property {boolean} mayKeepView to be shown later
 */

/** @param {Snapshot} doc @param {string} me seat @returns {Standing} */
export function standingOf(doc, me) {
  const seat = seatOf(doc, me);
  const reads = doc.consult.ended_at !== null;
  const host = seat?.role === "host";
  const drives = doc.control.seat === me;
  const phase = reads ? "" : (doc.board?.phase ?? "");
  const moderator = seat?.role === "moderator" && phase !== "";
  const preparing = seat?.role === "preparer" && phase === "preparing";
  const participant = seat?.role === "participant" || moderator || preparing;
  const leads = phase !== "" && (host || moderator);
  const prepares = leads || (seat?.role === "preparer" && phase !== "");
  return {
    drives,
    host,
    reads,
    asked: doc.control.requests.includes(me),
    mayAsk: participant && !drives && !reads,
    mayTake: (host || moderator) && !drives && !reads,
    mayLead: participant && !drives && !reads,
    mayGiveBack: participant && drives && !reads,
    mayGrant: !reads && (host || moderator || (participant && drives)),
    mayDraw: !reads && seat !== null && seat.role !== "viewer" && (seat.role !== "preparer" || preparing),
    maySwitchCase: (host || moderator || drives) && doc.cases.length > 1,
    leads,
    prepares,
    mayOrder: leads || preparing,
    mayAppoint: host && phase !== "",
    mayBegin: leads && phase === "preparing",
    mayDecide: leads && phase === "running",
    mayDissent: phase === "running" && (host || participant),
    mayKeepView: prepares || (phase !== "" && participant && drives),
  };
}

/** To whom control may be given. @param {Snapshot} doc @param {ReadonlySet<string>} online @returns {Seat[]} */
export const candidates = (doc, online) =>
  peopleHere(doc, online).filter(
    (s) =>
      s.role !== "viewer" && s.id !== doc.control.seat && (s.role !== "preparer" || doc.board?.phase === "preparing"),
  );
