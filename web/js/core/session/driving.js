/** Who drives, and how many follow, in words. */
/** @import {Here, Snapshot} from "../../wire.js" */
/** @import {Standing} from "./standing.js" */
import { clockTime, formatMoment } from "../format.js";
import { plural, t } from "../language.js";
import { peopleHere, presenterName, seatOf } from "./document.js";

/**
 * @typedef {{doc: Snapshot | null, standing: Standing | null, me: string, live: boolean, stale: boolean,
 *   online: ReadonlySet<string>, here: ReadonlyMap<string, Here>}} Consult
 */

/**
 * @param {Consult} consult
 * @param {{independent: boolean, short: boolean}} how this page looks around by itself; there is little space
 */
export function whoDrives({ doc, standing, live, stale, online }, { independent, short }) {
  if (!doc || !standing) return "";
  if (stale) return live ? t("No answer from the server") : t("Reconnecting");
  if (standing.reads)
    return short ? t("Ended") : t("The consult has ended, {time}", { time: formatMoment(endedAt(doc)) });
  if (independent) return short ? t("You look around") : t("You look around alone");
  if (standing.drives && doc.control.stands_in) return t("You lead while the host is away");
  if (standing.drives) return standing.host ? t("You present") : t("You have control");
  const name = presenterName(doc);
  if (doc.control.seat === null) return t("Nobody presents");
  if (!online.has(doc.control.seat)) return t("{name} has control and is away", { name });
  if (doc.control.stands_in) return t("{name} leads while the host is away", { name });
  return seatOf(doc, doc.control.seat)?.role === "host" && !standing.host
    ? t("Following {name}", { name })
    : t("{name} has control", { name });
}

/** @param {Snapshot} doc ISO 8601 */
const endedAt = (doc) => new Date((doc.consult.ended_at ?? 0) * 1000).toISOString();

/**
 * Where whoever has control is not here: since when, and what can be done. "" where they are here, or nobody has it.
 * @param {Consult} consult
 * @param {number | null} since seconds since 1970; null: not known here
 * @param {boolean} [short] there is little space
 * @param {number | null} [leadsIn] seconds until this participant may lead; 0: now; null: never
 */
export function awayText({ doc, standing, me, online }, since, short = false, leadsIn = null) {
  const holder = doc?.control.seat;
  if (!doc || !standing || !holder || online.has(holder)) return "";
  const offline = since === null ? t("Offline") : t("Offline since {time}", { time: clockTime(since) });
  if (standing.host) return t("{offline}. You can take control.", { offline });
  if (leadsIn === 0) return t("{offline}. You can take control meanwhile.", { offline });
  if (leadsIn !== null) return t("{offline}. You can take control in {n} s.", { offline, n: leadsIn });
  const hosts = peopleHere(doc, online).filter((s) => s.role === "host" && s.id !== me);
  const helper = hosts[0]
    ? t("{name} can take it meanwhile.", { name: hosts[0].name })
    : t("Meanwhile you can look around alone.");
  return short
    ? t("{offline}, has it again on return.", { offline })
    : t("{offline}. They have it again when they return. {helper}", { offline, helper });
}

/** Whether nobody leads: neither a host is here nor whoever has control. @param {Snapshot} doc
 * @param {ReadonlySet<string>} online */
export const nobodyLeads = (doc, online) =>
  !doc.seats.some(
    (seat) =>
      online.has(seat.id) && (seat.role === "host" || seat.role === "moderator" || seat.id === doc.control.seat),
  );

/** How many others look around by themselves. @param {Pick<Consult, "here" | "me">} consult */
export const independentOthers = ({ here, me }) =>
  [...here.values()].filter((h) => h.online && h.seat !== me && h.exploring).length;

/** How many follow, but for who drives and oneself. @param {Consult} consult */
export function followText({ doc, standing, online, me, here }) {
  if (!doc) return "";
  if (standing?.reads) return t("You read it: marks and messages stay as they are");
  if (online.size <= 1) return t("Nobody else is here");
  const independent = independentOthers({ here, me });
  const n = [...online].filter((id) => id !== doc.control.seat && id !== me).length - independent;
  const parts = [
    n > 0 && plural(n, "{n} follows", "{n} follow"),
    independent > 0 && plural(independent, "{n} looks around", "{n} look around"),
  ];
  return parts.filter(Boolean).join(", ");
}

/** The names by which people differ, by seat. @param {Snapshot} doc @param {ReadonlySet<string>} online */
export const namesOf = (doc, online) =>
  new Map([...doc.seats, ...peopleHere(doc, online)].map((seat) => [seat.id, seat]));
