/** The sentences of the page's states. Sentence case, present tense, no codes. */
import { filled, plural, t } from "./language.js";

/**
 * @typedef {"denied" | "expired" | "revoked" | "removed" | "over" | "full" | "deleted" | "replaced" | "version" |
 *   "flood" | "pages" | "left" | "lobby"} EndReason why a page has ended
 */
/**
 * @typedef {"unknown_link" | "incomplete" | "no_seat" | "cookies" | "unreachable" | "server" | "blocked" | "proxy" |
 *   "address" | "used_up" | "too_often"} Trouble why one does not come in, or is not live
 */
/** @typedef {{glyph: string, title: string, text: string}} Words */

/** @type {Record<EndReason | Trouble, Words>} */
const WORDS = {
  denied: {
    glyph: "x",
    title: t("You were not let in"),
    text: t("If this is a mistake, call the person who sent you the link."),
  },
  expired: { glyph: "link", title: t("This link has expired"), text: t("Ask the person who sent it for a new one.") },
  revoked: {
    glyph: "link",
    title: t("This link no longer works"),
    text: t("Ask the person who sent it for a new one."),
  },
  removed: {
    glyph: "x",
    title: t("The host removed you from the consult"),
    text: t("If this is a mistake, call the person who invited you."),
  },
  lobby: {
    glyph: "clock",
    title: t("Please wait to be let in"),
    text: t("The host has not let you in yet."),
  },
  over: { glyph: "check", title: t("The consult has ended"), text: t("Thank you for taking part.") },
  full: { glyph: "people", title: t("The consult is full"), text: t("Try again when somebody has left.") },
  deleted: {
    glyph: "trash",
    title: t("This consult was deleted"),
    text: t("Its pictures and its record are no longer on this server."),
  },
  replaced: {
    glyph: "people",
    title: t("You are in this consult in another window"),
    text: t("It was opened there with the same seat. Go on there, or come back here."),
  },
  version: {
    glyph: "warn",
    title: t("Reload the page"),
    text: t("consult was updated on the server. This page is of an older version; the consult goes on."),
  },
  flood: {
    glyph: "warn",
    title: t("This page has sent too much"),
    text: t(
      "The server closed it, so that nobody else has to wait. If it happens again, tell whoever runs the server.",
    ),
  },
  pages: {
    glyph: "people",
    title: t("You have too many windows of this consult open"),
    text: t("Four can be open at once; the oldest, this one, was closed. Go on in another, or come back here."),
  },
  left: {
    glyph: "leave",
    title: t("You have left the consult"),
    text: t("The others go on. You can come back by the same link."),
  },
  incomplete: {
    glyph: "link",
    title: t("The link is incomplete. Copy it whole."),
    text: t("Its end is missing. Copy it from the message up to its last letter, or ask the person who sent it."),
  },
  unknown_link: {
    glyph: "link",
    title: t("This link is not right"),
    text: t("Copy it once more from the message that you got, or ask the person who sent it."),
  },
  used_up: {
    glyph: "link",
    title: t("This link was used too often"),
    text: t("It has let in as many people as it may. Ask the person who sent it for a new one."),
  },
  too_often: {
    glyph: "people",
    title: t("Many people are coming in just now"),
    text: t("It is your turn in a moment. We keep trying."),
  },
  no_seat: {
    glyph: "link",
    title: t("This address is one person’s place in the consult"),
    text: t("It opens only in the browser that came in by a link. Open the link that you were given."),
  },
  cookies: {
    glyph: "warn",
    title: t("Cookies are blocked"),
    text: t(
      "Without one the server cannot know you again. Allow cookies for this address in the browser’s settings, " +
        "then open the link once more; or use another browser.",
    ),
  },
  unreachable: {
    glyph: "warn",
    title: t("The server does not answer"),
    text: t("Check your connection. We keep trying."),
  },
  server: {
    glyph: "warn",
    title: t("The server has a problem"),
    text: t(
      "It is neither your link nor your connection. We keep trying; if it lasts, call the person who invited you.",
    ),
  },
  blocked: {
    glyph: "warn",
    title: t("This network blocks the connection"),
    text: t(
      "The page comes through, its WebSocket does not. Use another network, for example mobile data, or ask your IT " +
        "to allow WebSockets to {address}. We keep trying.",
    ),
  },
  proxy: {
    glyph: "warn",
    title: t("A proxy before the server cuts the connection"),
    text: t(
      "It does not pass on the Upgrade of WebSockets. Tell whoever runs the server; another network may help " +
        "meanwhile. We keep trying.",
    ),
  },
  address: {
    glyph: "warn",
    title: t("The server does not know {address} as its own"),
    text: t("Tell whoever runs it: it has to be started with {address} as its --public-url. We keep trying."),
  },
};

/** Said to who took part, where the consult has a signed note. */
export const MAY_READ = t("You can read its signed note: now, and later by your link, as long as that is valid.");

/** What the answer of the server is called here, where it is called otherwise there. @type {Record<string, string>} */
const CODES = { unknown_consult: "over", wrong_origin: "address" };
/** @type {string[]} */
const ENDS = [
  ...["denied", "expired", "revoked", "removed", "over", "full", "deleted"],
  ...["replaced", "version", "flood", "pages", "left", "lobby"],
];
/** Ends for the contract's `data-reason`, though each has its own words. */
const NOT_LET_IN = ["unknown_link", "incomplete", "no_seat", "used_up"];

/** @param {string} code of a refusal */
const known = (code) => CODES[code] ?? code;

/**
 * Words for a refusal; what is not known is the server's doing, never the link's.
 * @param {string} code @param {string} [address] that the page was opened at @returns {Words}
 */
export function endWords(code, address = t("this address")) {
  const { glyph, title, text } = WORDS[/** @type {EndReason} */ (known(code))] ?? WORDS.server;
  return { glyph, title: filled(title, { address }), text: filled(text, { address }) };
}

/** The contract's `data-reason` for a refusal; "" where it is no end: it may pass. @param {string} code */
export function endReason(code) {
  if (NOT_LET_IN.includes(code)) return "denied";
  return ENDS.includes(known(code)) ? known(code) : "";
}

/** The contract's `data-why`, in one word. @param {string} code */
export const whyNot = (code) => (known(code) in WORDS ? known(code) : "server");

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
    4009: "flood",
    4010: "pages",
    4011: "deleted",
    4012: "lobby",
  }[code];
  if (known) return known;
  if (code === 4403) return endReason(reason);
  return "";
}

/** @param {string} host @param {boolean} [touch] */
export const followHint = (host, touch = false) =>
  [t("You see what {host} shows.", { host }), touch && t("Long press to point.")].filter(Boolean).join(" ");

/** Names in a sentence: "A", "A and B", "A, B and 3 others". @param {string[]} names */
export function named(names) {
  if (names.length < 2) return names[0] ?? "";
  if (names.length === 2) return t("{first} and {second}", { first: names[0], second: names[1] });
  return plural(names.length - 2, "{first}, {second} and {n} other", "{first}, {second} and {n} others", {
    first: names[0],
    second: names[1],
  });
}
