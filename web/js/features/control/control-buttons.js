/** Who drives, in words, and the acts of control that are open to this participant. */
/** @import {ConsultPage} from "../../app/consult-page.js" */
import { presenterName, seatOf } from "../../core/session/document.js";
import { candidates } from "../../core/session/standing.js";
import { openMenu } from "../../kit/menu.js";

/** @typedef {{name: string, glyph: string, disabled?: boolean, menu?: boolean, key?: string, primary?: boolean, word?: string, do: (at: HTMLElement) => void}} Act */

/** @param {ConsultPage} page @returns {string} */
export function whoDrives(page) {
  const { doc, standing, phase } = page.session;
  if (!doc || !standing) return "";
  if (phase !== "live") return "Reconnecting";
  if (page.alone.on)
    return page.form === "phone" || page.form === "tablet" ? "You look around" : "You look around alone";
  if (standing.drives) return standing.host ? "You present" : "You have control";
  const name = presenterName(doc);
  if (doc.control.seat === null) return "Nobody presents";
  if (!page.session.online.has(doc.control.seat)) return `${name} has control and is away`;
  return seatOf(doc, doc.control.seat)?.role === "host" && !standing.host ? `Following ${name}` : `${name} has control`;
}

/** @param {ConsultPage} page @returns {Act[]} */
export function controlActs(page) {
  const { session } = page;
  const { doc, standing } = session;
  if (!doc || !standing || session.phase !== "live") return [];
  /** @type {Act[]} */
  const acts = [];
  if (page.alone.on)
    acts.push({
      name: `Back to ${page.alone.presenter}`,
      word: "Back to host",
      glyph: "eye",
      key: "F",
      primary: true,
      do: () => page.alone.back(),
    });
  else if (!standing.drives)
    acts.push({ name: "Look around", glyph: "compass", key: "F", do: () => page.alone.toggle() });
  else if (lookers(page) > 0)
    acts.push({ name: "Look here", glyph: "eye", do: () => page.socket?.say({ type: "request_follow", case: doc.case }) });
  if (standing.mayTake)
    acts.push({
      name: doc.control.seat === null ? "Take control" : "Take back",
      glyph: "swap",
      do: () => void page.command({ type: "take_control" }),
    });
  if (standing.mayGiveBack)
    acts.push({ name: "Give back", glyph: "swap", do: () => void page.command({ type: "give_back_control" }) });
  if (standing.mayAsk) {
    const name = standing.asked ? "Asked for control" : "Ask for control";
    acts.push({
      name,
      glyph: "ask",
      disabled: standing.asked,
      do: () => void page.command({ type: "request_control" }),
    });
  }
  if (standing.drives && standing.mayGrant && candidates(doc, session.online).length > 0) {
    acts.push({ name: "Hand over", glyph: "swap", menu: true, do: (at) => handOver(page, at) });
  }
  return acts;
}

/** @param {ConsultPage} page @param {HTMLElement} anchor */
function handOver(page, anchor) {
  const { doc, online } = page.session;
  if (!doc) return;
  openMenu(
    anchor,
    "Hand over control to",
    candidates(doc, online).map((seat) => ({
      name: seat.name,
      glyph: "person",
      choose: () => void page.command({ type: "grant_control", seat: seat.id }),
    })),
  );
}

/** How many others look around alone. @param {ConsultPage} page */
const lookers = ({ session: { here, me } }) =>
  [...here.values()].filter((h) => h.online && h.seat !== me && h.exploring).length;

/** How many follow, but for who drives and oneself. @param {ConsultPage} page */
export function followText(page) {
  const { doc, online, me } = page.session;
  if (!doc) return "";
  const alone = lookers(page);
  const n = [...online].filter((id) => id !== doc.control.seat && id !== me).length - alone;
  if (online.size <= 1) return "Nobody else is here";
  const parts = [
    n > 0 && `${n} ${n === 1 ? "follows" : "follow"}`,
    alone > 0 && `${alone} ${alone === 1 ? "looks" : "look"} around`,
  ];
  return parts.filter(Boolean).join(", ");
}
