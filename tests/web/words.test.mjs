import assert from "node:assert/strict";
import { test } from "node:test";
import { closeReason, endReason, endWords } from "../../web/js/core/words.js";

test("each reason of the contract has its own words", () => {
  const titles = ["denied", "expired", "revoked", "removed", "over", "full", "deleted"].map((r) => endWords(r).title);
  assert.equal(new Set(titles).size, 7);
  assert.equal(endWords("over").title, "The consult has ended");
  assert.equal(endWords("something new").title, "The server has a problem", "never the link's, where nobody says so");
});

test("an error of joining becomes a reason of the contract", () => {
  const codes = ["expired", "over", "full", "removed", "unknown_link", "used_up", "unknown_consult", "too_often", "?"];
  assert.deepEqual(codes.map(endReason), ["expired", "over", "full", "removed", "denied", "denied", "over", "", ""]);
  assert.match(endWords("used_up").title, /link was used too often/);
  assert.match(endWords("too_often").text, /keep trying/);
});

test("close codes for good end it, all others come back", () => {
  assert.deepEqual(
    [4001, 4002, 4003, 4004, 4005, 4006, 4007, 4008, 4009, 4010, 4011, 4012].map((c) => closeReason(c, "")),
    [
      "denied",
      "expired",
      "revoked",
      "removed",
      "over",
      "full",
      "replaced",
      "version",
      "flood",
      "pages",
      "deleted",
      "lobby",
    ],
  );
  assert.equal(closeReason(4403, "removed"), "removed");
  assert.equal(closeReason(4403, "no_seat"), "denied");
  for (const code of [1000, 1001, 1006, 1012, 1013]) assert.equal(closeReason(code, ""), "");
});
