/** Where one is signed in, in words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { limitWords, signInWords, usedWords } from "../../web/js/home/signing-in/words.js";

const one = (more = {}) => ({
  id: "s",
  way: "password",
  browser: "Firefox, Linux",
  address: "10.1.2.3",
  began_at: 1_764_000_000,
  used_at: 1_764_000_000,
  here: false,
  ...more,
});

test("a sign-in is known by its browser, its address and how it began", () => {
  assert.equal(signInWords(one()), "Firefox, Linux, 10.1.2.3 · by password");
  assert.equal(signInWords(one({ way: "launch", address: "" })), "Firefox, Linux · from another system");
  assert.equal(signInWords(one({ browser: "" })), "Unknown browser, 10.1.2.3 · by password");
});

test("who was here lately is here", () => {
  assert.match(usedWords(one(), 1_764_000_060), /^since [^·]+$/);
  assert.match(usedWords(one(), 1_764_009_000), /^since .+ · last used .+$/);
});

test("times are said in the largest unit that fits", () => {
  const words = (idle_s, max_s) => limitWords({ sign_ins: [], idle_s, max_s });
  assert.match(words(43_200, 604_800), /ends 12 hours after .+, and 7 days after/);
  assert.match(words(1800, 3600), /ends 30 minutes after .+, and 1 hour after/);
});
