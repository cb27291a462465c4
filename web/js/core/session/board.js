/** What a page is told of a board, folded: events carry the resulting record. Pure. */
/** @import {Snapshot, StoredEvent} from "../../wire.js" */
import { put, without } from "./records.js";

/** @param {Snapshot} doc @param {StoredEvent["event"]} event @returns {Snapshot} */
export function foldBoard(doc, event) {
  switch (event.type) {
    case "board_put":
      return { ...doc, board: event.board };
    case "cases_ordered":
      return { ...doc, cases: [...doc.cases].sort((a, b) => event.order.indexOf(a.id) - event.order.indexOf(b.id)) };
    case "preparation_put":
      return { ...doc, preparations: put(doc.preparations, event.preparation, "case") };
    case "prepared_view_put":
      return { ...doc, prepared: put(doc.prepared, event.prepared) };
    case "prepared_view_dropped":
      return { ...doc, prepared: without(doc.prepared, event.prepared) };
    case "attendee_put":
      return { ...doc, attendees: put(doc.attendees, event.attendee) };
    case "attendee_dropped":
      return { ...doc, attendees: without(doc.attendees, event.attendee) };
    default:
      return foldDecision(doc, event);
  }
}

/** @param {Snapshot} doc @param {StoredEvent["event"]} event @returns {Snapshot} */
function foldDecision(doc, event) {
  switch (event.type) {
    case "decision_drafted":
      return { ...doc, decision_drafts: put(doc.decision_drafts, event.draft, "case") };
    case "decision_saved": {
      const decision_drafts = doc.decision_drafts.filter((d) => d.case !== event.decision.case);
      const isKnown = doc.decisions.some((d) => d.id === event.decision.id);
      return { ...doc, decision_drafts, decisions: isKnown ? doc.decisions : [...doc.decisions, event.decision] };
    }
    case "dissent_put":
      return { ...doc, dissents: put(doc.dissents, event.dissent) };
    case "dissent_dropped":
      return { ...doc, dissents: without(doc.dissents, event.dissent) };
    default:
      return doc;
  }
}
