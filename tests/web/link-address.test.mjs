/** Links as messengers mangle them: what is meant is read, and a secret that was lost is missed. */
import assert from "node:assert/strict";
import test from "node:test";
import { isToPoint, readLink } from "../../web/js/core/joining/link-address.js";

const SECRET = "aB3_-xYz0123456789ABCDEFGHIJKLMNOPQRSTUVW-_";
const PATH = "join/demo-1/Qm_-2x";
const BASE = `https://consult.example/${PATH}`;
const LINK = `${BASE}#${SECRET}`;

for (const [what, href] of [
  ["as it is", LINK],
  ["below a prefix", `https://consult.example/some/where/${PATH}#${SECRET}`],
  ["a full stop", `${LINK}.`],
  ["brackets", `${LINK})`],
  ["a closing angle bracket", `${LINK}>`],
  ["an encoded one", `${LINK}%3E`],
  ["quotes and a comma", `${LINK}",`],
  ["typographic quotes", `${LINK}%E2%80%9D`],
  ["a dash that is of the alphabet", `${LINK}-`],
  ["an underline of markdown", `${LINK}__`],
  ["words after it", `${LINK}%20for%20you`],
  ["a line break within", `${BASE}#${SECRET.slice(0, 20)}%0D%0A${SECRET.slice(20)}`],
  ["blanks within", `${BASE}#${SECRET.slice(0, 20)}%20 ${SECRET.slice(20)}`],
  ["a zero-width space", `${BASE}#${SECRET.slice(0, 9)}\u200b${SECRET.slice(9)}`],
  ["the fragment encoded", `${BASE}%23${SECRET}`],
  ["encoded twice", `${BASE}%2523${SECRET}`],
  ["letters encoded", `${BASE}#%61${SECRET.slice(1)}`],
  ["a mark in front", `${BASE}#<${SECRET}>`],
  ["a second paste", `${LINK}${LINK}`],
  ["a second paste on the next line", `${LINK}%0A${LINK}`],
  ["a slash at the end of the path", `${BASE}/#${SECRET}`],
  ["a soft break of quoted-printable", `${BASE}#${SECRET.slice(0, 20)}=%0D%0A${SECRET.slice(20)}`],
  ["one whose line end is lost", `${BASE}#${SECRET.slice(0, 20)}=${SECRET.slice(20)}`],
  ["one in its path", `https://consult.example/join/demo=-1/Qm_=%0A-2x#${SECRET}`],
  ["two of them", `${BASE}#${SECRET.slice(0, 9)}=\n${SECRET.slice(9, 30)}=\n${SECRET.slice(30)}`],
  ["the campaign of a mailer", `${BASE}?utm_source=mail&x=/join/a/b#${SECRET}`],
]) {
  test(`a link with ${what} is read`, () =>
    assert.deepEqual(readLink(href), { path: PATH, secret: SECRET, whole: true }));
}

for (const [what, href] of [
  ["no fragment", BASE],
  ["an empty one", `${BASE}#`],
  ["a part of the secret", LINK.slice(0, -1)],
  ["a part of it behind a soft break", `${BASE}#${SECRET.slice(0, 20)}=\n${SECRET.slice(21)}`],
  ["punctuation alone", `${BASE}#).`],
]) {
  test(`${what} is not whole`, () => assert.equal(readLink(href).whole, false));
}

test("capitals stay capitals", () =>
  assert.equal(readLink(LINK.toUpperCase().replace("/JOIN/", "/join/")).secret, SECRET.toUpperCase()));

test("a link by which a phone comes as a pointer has its secret, and says so", () => {
  const link = `https://consult.example/join/c1/i1#${"a".repeat(43)}`;
  assert.equal(isToPoint(link), false);
  assert.equal(isToPoint(`${link}~point`), true);
  assert.equal(isToPoint(`${link}%7Epoint`), true);
  assert.deepEqual(readLink(`${link}~point`), readLink(link));
});
