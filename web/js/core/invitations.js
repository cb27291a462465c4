/** Invitations to a consult, as its hosts see them, in words. */
import { until } from "./expiry.js";
import { named } from "./words.js";

/**
 * @typedef {{invitation: string, role: "host" | "participant" | "viewer", url?: string, state: string, label: string,
 *   expires_at: number | null, seats: {name: string, online: boolean}[]}} Invitation
 */
/** @typedef {{invitations: Invitation[], closed: Invitation[]}} Invitations */
/** @typedef {{role: string, label: string, expires_in_s: number | null}} NewInvitation */

/** @type {Record<string, {word: string, text: string}>} */
export const ROLES = {
  viewer: { word: "Watch", text: "See and listen only. They cannot take control." },
  participant: { word: "Take part", text: "See, speak, point and mark. Control only when you give it." },
};
/** @type {Record<string, string>} */
const ROLE_NAMES = { host: "Host", participant: "Take part", viewer: "Watch" };
/** @type {Record<string, string>} */
const STATES = { revoked: "revoked", expired: "expired", over: "the consult has ended" };

/** @param {Pick<Invitation, "role" | "label">} invitation */
export const linkName = ({ role, label }) => [ROLE_NAMES[role], label].filter(Boolean).join(", ");

/** @param {Pick<Invitation, "seats">} invitation */
export function used({ seats }) {
  if (seats.length === 0) return "not used yet";
  return `used by ${named(seats.map((s) => (s.online ? s.name : `${s.name} (away)`)))}`;
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
  return `${linkName(invitation)}. Whoever has the link can come in${end ? `, ${end}` : " until the consult ends"}.`;
}

const THIS_COMPUTER = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Nobody else can reach the address: it is this computer's name for itself. @param {string} [url] */
export const isLocal = (url) => !!url && THIS_COMPUTER.test(new URL(url).hostname);

/** What to do about it. */
export const LOCAL_WORDS =
  "This link opens on this computer alone: the server listens to nobody else. To invite others, start it with " +
  "consult serve --public-url https://ADDRESS, behind a proxy with TLS.";

/** Who is affected where it is revoked. @param {Pick<Invitation, "seats">} invitation */
export function revokedWords({ seats }) {
  const here = seats.filter((s) => s.online).map((s) => s.name);
  const is = here.length === 1 ? "is" : "are";
  return here.length > 0
    ? `${named(here)} ${is} in the consult by this link and ${is} put out at once.`
    : "Nobody is in the consult by this link now.";
}
