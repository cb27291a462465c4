/** What browsers do to a page (put away, frozen, back, other network): the connection is looked at, or put away. */
/** @import {ControlLink} from "./control-link.js" */

/** @param {ControlLink} link */
export function followLifecycle(link) {
  addEventListener("online", () => link.look());
  addEventListener("visibilitychange", () => !document.hidden && link.look());
  addEventListener("pageshow", (event) => event.persisted && link.look());
  addEventListener("pagehide", (event) => event.persisted && link.putAway());
  document.addEventListener("resume", () => link.look());
  document.addEventListener("freeze", () => link.putAway());
}
