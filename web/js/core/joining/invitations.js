/** Invitations to a consult, as its hosts see them, in words. */
import { until } from "./expiry.js";
import { minutesText } from "../format.js";
import { plural, t } from "../language.js";
import { named } from "../words.js";

/**
 * @typedef {{invitation: string, role: "host" | "participant" | "preparer" | "viewer" | "reader", url?: string, state: string,
 *   label: string, expires_at: number | null, seats: {name: string, online: boolean}[], own?: boolean, used?: number,
 *   people?: number, lobby?: boolean, spoken?: boolean, pin?: string}} Invitation own: the host's own link; used: by
 *   how many people; people: how many it lets in, 0: as many as any; lobby: they wait until a host lets them in;
 *   spoken: it is a code
 */
/** @typedef {{invitations: Invitation[], closed: Invitation[]}} Invitations */
/**
 * @typedef {{role: string, label: string, name?: string, expires_in_s: number | null, people: number, lobby: boolean,
 *   pin: boolean}} NewInvitation name: of the one whom it is for
 */
/** @typedef {{code: string, until: number, now: number, invitation: string, url: string}} SpokenCode until, now: by the
 * server's clock, seconds; now: when it answered */

/** @type {Record<string, {word: string, text: string}>} */
export const ROLES = {
  viewer: { word: t("Watch"), text: t("See and listen only. They cannot take control.") },
  participant: { word: t("Take part"), text: t("See, speak, point and mark. Control only when you give it.") },
  preparer: {
    word: t("Prepare"),
    text: t("Write and keep what is shown of each case of the board, before it begins. Look on in it."),
  },
  host: { word: t("Host"), text: t("All that you may do, under a name of their own.") },
  reader: {
    word: t("Read"),
    text: t("Read the signed note of the case on the stage, with its images, also after the consult. Not in it."),
  },
};
/** Those that can be given. @param {boolean} board who prepares is of boards alone */
export const rolesFor = (board) => Object.keys(ROLES).filter((role) => board || role !== "preparer");
/** @type {Record<string, string>} */
const ROLE_NAMES = {
  host: t("Host"),
  participant: t("Take part"),
  preparer: t("Prepare"),
  viewer: t("Watch"),
  reader: t("Read"),
};
/** @type {Record<string, string>} */
const STATES = {
  revoked: t("revoked"),
  expired: t("expired"),
  over: t("the consult has ended"),
  reads: t("who came by it can read the signed note"),
  used: t("nobody else can use it"),
};

/** How many people a link lets in; 0: as many as any link. */
export const PEOPLE = [0, 1, 2, 5, 10, 50];

/** @param {number} people */
export const peopleWord = (people) => (people ? plural(people, "{n} person", "{n} people") : t("Any number"));

/** Who may be asked to wait, or for a PIN. @param {string} role */
export const waits = (role) => role === "participant" || role === "viewer";

/** @param {string} pin */
export const pinWords = (pin) => t("PIN {pin}. Send it another way than the link, for example by phone.", { pin });

/**
 * A code as it is shown to whoever says it; null once it opens nothing any more.
 * @param {Pick<SpokenCode, "code" | "until" | "url">} spoken @param {number} now seconds, by the server's clock
 */
export function codeWords({ code, until: end, url }, now) {
  const left = Math.ceil(end - now);
  if (left <= 0) return null;
  const about = t("Say it to one person. They type it at {address}, and wait until you let them in. {left} left.", {
    address: url.replace(/^https?:\/\//, ""),
    left: minutesText(left),
  });
  return { code, about };
}

/** There is something of it to revoke. @param {Pick<Invitation, "state">} invitation */
export const opensSomething = ({ state }) => state === "active" || state === "reads" || state === "used";

/** @param {Pick<Invitation, "role" | "label" | "spoken">} invitation */
export const linkName = ({ role, label, spoken }) =>
  [ROLE_NAMES[role], spoken ? t("by code") : "", label].filter(Boolean).join(", ");

/** @param {Pick<Invitation, "seats" | "people" | "used" | "lobby">} invitation */
export function used({ seats, people = 0, used: taken = seats.length, lobby = false }) {
  const names = named(seats.map((s) => (s.online ? s.name : t("{name} (away)", { name: s.name }))));
  const by =
    seats.length > 0 ? t("used by {names}", { names }) : taken > 0 ? t("nobody is in by it") : t("not used yet");
  return [by, people > 0 && t("{n} of {of} used", { n: taken, of: people }), lobby && t("they wait to be let in")]
    .filter(Boolean)
    .join(", ");
}

/**
 * Until when it opens, or why it does not.
 * @param {Pick<Invitation, "state" | "expires_at">} invitation
 * @param {Date} now
 */
export const ending = ({ state, expires_at }, now) =>
  state === "active" ? until(expires_at, now) : (STATES[state] ?? state);

/** @param {Pick<Invitation, "role" | "label" | "expires_at">} invitation @param {Date} now */
export function aboutLink(invitation, now) {
  const end = until(invitation.expires_at, now);
  if (invitation.role === "reader")
    return t("{link}. Whoever has the link can read the note, {until}.", {
      link: linkName(invitation),
      until: end || t("until you revoke it"),
    });
  return t("{link}. Whoever has the link can come in, {until}.", {
    link: linkName(invitation),
    until: end || t("until the consult ends"),
  });
}

const THIS_COMPUTER = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Nobody else can reach the address: it is this computer's name for itself. @param {string} [url] */
export const isLocal = (url) => !!url && THIS_COMPUTER.test(new URL(url).hostname);

/** What to do about it. */
export const LOCAL_WORDS = t(
  "This link opens on this computer alone: the server listens to nobody else. To invite others, start it with " +
    "consult serve --public-url https://ADDRESS, behind a proxy with TLS.",
);

/** Who is affected where it is revoked. @param {Pick<Invitation, "seats" | "state">} invitation */
export function revokedWords({ seats, state }) {
  if (state === "reads") return t("Who came by it can no longer read the note.");
  const here = seats.filter((s) => s.online).map((s) => s.name);
  return here.length > 0
    ? plural(
        here.length,
        "{names} is in the consult by this link and is put out at once.",
        "{names} are in the consult by this link and are put out at once.",
        { names: named(here) },
      )
    : t("Nobody is in the consult by this link now.");
}
