/**
 * What is meant by the address of a link, however a message has mangled it: characters stuck to its end, blanks and
 * line breaks within, also those of quoted-printable ("=" at the end of a line, RFC 2045 6.7), characters
 * percent-encoded, the whole pasted twice. Nothing that a secret is made of is changed.
 */

/** HMAC-SHA256 in base64url, without padding (consult/access/keys.py). */
const SECRET_LENGTH = 43;
/** Blanks, line breaks, and what is not seen: soft hyphens, zero-width characters, marks of direction. */
const UNSEEN = /[\s\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const SECRET = /^[^\w-]*([\w-]+)/;
/** What is left of a soft line break, which stands within what goes on. */
const SOFT_BREAK = /(?<=[\w-])=(?=[\w-])/g;
/** Encoded twice is the most that was seen. */
const ROUNDS = 2;

/**
 * @typedef {object} LinkAddress
 * @property {string} path of the invitation, from the server's root: `join/CONSULT/INVITATION`
 * @property {string} secret "" where it is lost
 * @property {boolean} whole no part of the secret is missing
 */

/** @param {string} href @returns {LinkAddress} */
export function readLink(href) {
  const address = decoded(href).replace(UNSEEN, "");
  const again = address.slice(1).search(/https?:\/\//);
  const one = again < 0 ? address : address.slice(0, again + 1);
  const [before = "", ...after] = one.split("#");
  const [, path = ""] = /(?:^|\/)(join\/[^/?]+\/[^/?]+)/.exec(before) ?? [];
  const secret = cut(after.join("#"));
  return { path: path.replace(SOFT_BREAK, ""), secret, whole: secret.length === SECRET_LENGTH };
}

/** Behind the secret of a link by which a phone comes as a pointer; the server writes it into QR codes. */
export const POINTS = "~point";

/** Whoever comes by it has the pointer in hand. @param {string} href */
export const isToPoint = (href) => decoded(href).replace(UNSEEN, "").endsWith(POINTS);

/** A secret alone, or what is left of it. @param {string} text */
export const readSecret = (text) => cut(decoded(text).replace(UNSEEN, ""));

/** @param {string} text */
const cut = (text) => (SECRET.exec(text.replace(SOFT_BREAK, ""))?.[1] ?? "").slice(0, SECRET_LENGTH);

/** @param {string} text */
function decoded(text) {
  for (let round = 0; round < ROUNDS; round++) text = text.replace(/%[0-9a-f]{2}/gi, once);
  return text;
}

/** One encoded character; what is none stays. @param {string} code */
function once(code) {
  const value = Number.parseInt(code.slice(1), 16);
  return value < 0x80 ? String.fromCharCode(value) : "";
}
