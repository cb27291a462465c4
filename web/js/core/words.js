/** The sentences of the page's states. Sentence case, present tense, no codes. */
/**
 * @typedef {"denied" | "expired" | "revoked" | "removed" | "over" | "full" | "replaced" | "version" | "unknown_link" |
 *   "left" | "unreachable"} EndReason
 */
/** @typedef {{glyph: string, title: string, text: string}} Words */

/** @type {Record<EndReason, Words>} */
const ENDED = {
  denied: {
    glyph: "x",
    title: "You were not let in",
    text: "If this is a mistake, call the person who sent you the link.",
  },
  expired: { glyph: "link", title: "This link has expired", text: "Ask the person who sent it for a new one." },
  revoked: { glyph: "link", title: "This link no longer works", text: "Ask the person who sent it for a new one." },
  removed: {
    glyph: "x",
    title: "The host removed you from the consult",
    text: "If this is a mistake, call the person who invited you.",
  },
  over: { glyph: "check", title: "The consult has ended", text: "Thank you for taking part." },
  full: { glyph: "people", title: "The consult is full", text: "Try again when somebody has left." },
  replaced: {
    glyph: "people",
    title: "You are in this consult in another window",
    text: "It was opened there with the same seat. Go on there, or come back here.",
  },
  version: {
    glyph: "warn",
    title: "Reload the page",
    text: "consult was updated on the server. This page is of an older version; the consult goes on.",
  },
  unknown_link: {
    glyph: "link",
    title: "This link is not complete or not right",
    text: "Open it once more from the message that you got, or ask the person who sent it.",
  },
  left: {
    glyph: "leave",
    title: "You have left the consult",
    text: "The others go on. You can come back by the same link.",
  },
  unreachable: { glyph: "warn", title: "The server does not answer", text: "Check your connection, then try again." },
};

/** Words of an end; what is not known is a link that does not work. @param {string} reason @returns {Words} */
export const endWords = (reason) => ENDED[/** @type {EndReason} */ (reason)] ?? ENDED.revoked;

/** The contract's `data-reason` for an error of joining. @param {string} code */
export function endReason(code) {
  if (code in ENDED) return code === "unknown_link" ? "revoked" : code;
  return code === "unknown_consult" ? "over" : "revoked";
}

/** Why the socket was closed for good, by its close code (consult/sessions/closing.py); "" where it may come back.
 * @param {number} code @param {string} reason */
export function closeReason(code, reason) {
  const known = {
    4001: "denied",
    4002: "expired",
    4003: "revoked",
    4004: "removed",
    4005: "over",
    4006: "full",
    4007: "replaced",
    4008: "version",
  }[code];
  if (known) return known;
  if (code === 4403) return endReason(reason);
  return "";
}

/** @param {string} host @param {boolean} [touch] */
export const followHint = (host, touch = false) => `You see what ${host} shows.${touch ? " Long press to point." : ""}`;

/** Names in a sentence: "A", "A and B", "A, B and 3 others". @param {string[]} names */
export function named(names) {
  if (names.length < 2) return names[0] ?? "";
  if (names.length === 2) return `${names[0]} and ${names[1]}`;
  return `${names[0]}, ${names[1]} and ${names.length - 2} ${names.length === 3 ? "other" : "others"}`;
}
