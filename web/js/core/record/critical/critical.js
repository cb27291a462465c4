/** Critical results: how each stands, whom it concerns, and who may do what. The server decides; this is its twin. */
/** @import {Critical, Seat, Snapshot} from "../../../wire.js" */
import { present, seatOf } from "../../session/document.js";

/** Stages: the first person is asked; the backup is; neither has answered in time. */
export const FIRST = 0;
export const BACKUP = 1;
export const NOBODY = 2;
/** Characters. */
export const MIN_READ_BACK = 10;
export const MAX_WHAT = 300;
export const MAX_WORDS = 500;
export const MAX_PERSON = 120;
export const MAX_EMAIL = 200;

/** Where the host's home keeps, for this tab, which critical result its link leads to. */
export const LED_TO = "led-to-critical";

/** @typedef {{me: string, asked: string, host: boolean, own: ReadonlySet<string>}} Reader asked: the critical result
 * whose notice they came by, or that is for them; own: this person's seats */
/** @typedef {"open" | "acknowledged" | "closed"} Stand */

/** @param {Critical} critical @returns {Stand} */
export function standOf({ acknowledged, closed }) {
  if (closed) return "closed";
  return acknowledged ? "acknowledged" : "open";
}

/** Not closed, of all cases that one is told of: those that wait for an answer first, the most urgent of them first.
 * @param {readonly Critical[]} criticals */
export const openOnes = (criticals) =>
  criticals
    .filter((critical) => !critical.closed)
    .sort((a, b) => Number(!!a.acknowledged) - Number(!!b.acknowledged) || a.due_at - b.due_at);

/** @param {readonly Critical[]} criticals */
export const closedOnes = (criticals) => criticals.filter((critical) => critical.closed);

/** @param {Critical} critical @param {Reader} reader */
function isNamed(critical, { me, asked }) {
  const { to, backup } = critical;
  return asked === critical.id || to.seat === me || (backup.seat === me && critical.stage >= BACKUP);
}

/**
 * What a reader may do with it.
 * @param {Critical} critical @param {Reader} reader
 * @returns {{acknowledge: boolean, tell: boolean, close: boolean}}
 */
export function mayDo(critical, reader) {
  const { me, host, asked, own } = reader;
  const stand = standOf(critical);
  const sent = own.has(critical.found_by);
  const seats = [critical.to.seat, critical.backup.seat].filter(Boolean);
  const mine = seats.length === 0 || seats.includes(me) || asked === critical.id;
  return {
    acknowledge: stand === "open" && !sent && mine,
    tell: stand === "open" && (critical.found_by === me || host),
    close: stand === "acknowledged" && (critical.found_by === me || host),
  };
}

/**
 * Whom it wants something of now: "answer" of whoever is asked, "call" of the sender once nobody has answered.
 * @param {Critical} critical @param {Reader} reader @returns {"answer" | "call" | ""}
 */
export function wants(critical, reader) {
  if (standOf(critical) !== "open") return "";
  if (reader.own.has(critical.found_by)) return critical.stage >= NOBODY ? "call" : "";
  return isNamed(critical, reader) ? "answer" : "";
}

/** The name of who is asked now; "" once neither has answered. @param {Critical} critical */
export function askedName({ stage, to, backup }) {
  if (stage >= NOBODY) return "";
  return stage === BACKUP ? backup.name : to.name;
}

/** The seats of the person at this page: who hosts has one in each browser, all of one name. Twin of `_is_raiser` in
 * consult/sessions/features/critical/decide.py. @param {Snapshot} doc @param {string} me @returns {Set<string>} */
export function ownSeats(doc, me) {
  const seat = doc.seats.find((s) => s.id === me);
  const same = doc.seats.filter((s) => s.role === "host" && seat?.role === "host" && s.name === seat.name);
  return new Set([me, ...same.map((s) => s.id)]);
}

/** Whom one can ask, beside people outside. @param {Snapshot} doc @param {string} me @returns {Seat[]} */
export const peopleToAsk = (doc, me) => present(doc).filter((seat) => seat.id !== me);

/** The name of the finding that it stands on, as it is now; "" where there is none (any more).
 * @param {Snapshot} doc @param {Critical} critical */
export const findingTitle = (doc, { finding }) => doc.findings.find((f) => f.id === finding)?.title ?? "";

/** As read by others. @param {Snapshot} doc @param {Critical} critical */
export const finderName = (doc, { found_by, found_by_name }) => seatOf(doc, found_by)?.name ?? found_by_name;

/** One that is whole in spaces, as the server counts it. @param {string} text */
export const tidy = (text) => text.trim().replace(/\s+/g, " ");

/**
 * What a read-back lacks: so many more characters, or that it repeats the words that were sent.
 * @param {string} text @param {string} what was said @returns {{more: number, same: boolean}}
 */
export function readBackLacks(text, what) {
  const words = tidy(text);
  const same = words.toLocaleLowerCase() === tidy(what).toLocaleLowerCase();
  return { more: Math.max(0, MIN_READ_BACK - [...words].length), same: words !== "" && same };
}
