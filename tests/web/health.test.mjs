import assert from "node:assert/strict";
import { test } from "node:test";
import { healthOf, textForIt } from "../../web/js/core/network/health.js";

const FINE = {
  live: true,
  ms: 12,
  transport: "webrtc",
  slow: false,
  sentence: "",
  secure: true,
  server: { address: "192.0.2.7", port: 40000 },
  webrtc: { phase: "live", why: "" },
  websocket: { phase: "off", why: "" },
};
const BLOCKED = {
  ...FINE,
  transport: "websocket",
  webrtc: { phase: "off", why: "blocked" },
  websocket: { phase: "live", why: "" },
};
const rows = (condition) => Object.fromEntries(healthOf(condition).rows.map(({ label, value }) => [label, value]));

test("the direct way", () => {
  const health = healthOf(FINE);
  assert.deepEqual(
    [health.word, health.kind, health.title, health.advice, health.mayTest],
    ["Good", "good", "Connected directly", "", false],
  );
  assert.deepEqual(rows(FINE), {
    "Direct (UDP)": "in use",
    WebSocket: "not needed",
    Picture: "moves, exact at rest",
    Voice: "direct",
    "Round trip": "12 ms",
  });
});

test("exact stills while it moves are said to be exact, and are no bad sign", () => {
  const exact = { ...FINE, transport: "stills", slow: true, exact: true, webrtc: { phase: "connected", why: "" } };
  const health = healthOf({ ...FINE, exact: true });
  assert.equal(health.text, "The picture is exact, also while it moves.");
  assert.equal(rows({ ...FINE, exact: true }).Picture, "exact, also in motion");
  assert.notEqual(healthOf(exact).word, "Stills");
});

test("a network that blocks it: why, what instead, what to do; and no promise of a voice that is not there", () => {
  const health = healthOf(BLOCKED);
  assert.deepEqual(
    [health.word, health.kind, health.title],
    ["Indirect", "slow", "This network blocks the direct way"],
  );
  assert.equal(
    health.text,
    "The picture comes over WebSocket instead. While it moves, the picture is simplified; at rest it is exact. " +
      "No voice comes through: use the telephone.",
  );
  assert.match(health.advice, /ask your IT to open UDP 40000 to 192\.0\.2\.7\./);
  assert.equal(health.mayTest, true);
  assert.deepEqual(rows(BLOCKED), {
    "Direct (UDP)": "blocked",
    WebSocket: "in use",
    Picture: "moves, exact at rest",
    Voice: "none: use the telephone",
    "Round trip": "12 ms",
  });
});

test("it stays blocked while it is tried again in the background", () => {
  const again = { ...BLOCKED, webrtc: { phase: "trying", why: "blocked" } };
  assert.equal(healthOf(again).title, "This network blocks the direct way");
  assert.equal(rows(again)["Direct (UDP)"], "being tested");
});

test("before anything is known nothing is blamed", () => {
  const begun = {
    ...FINE,
    transport: "websocket",
    webrtc: { phase: "trying", why: "" },
    websocket: { phase: "live", why: "" },
  };
  assert.deepEqual(
    [healthOf(begun).word, healthOf(begun).title, healthOf(begun).mayTest],
    ["Good", "Connected", false],
  );
  const stills = { ...begun, transport: "stills", websocket: { phase: "trying", why: "" } };
  assert.equal(healthOf(stills).word, "Good");
});

test("a browser that takes no H.264 by WebRTC is no fault of the network", () => {
  const firefox = { ...BLOCKED, webrtc: { phase: "connected", why: "unsupported" } };
  const health = healthOf(firefox);
  assert.deepEqual([health.word, health.kind, health.mayTest, health.advice], ["Good", "good", false, ""]);
  assert.match(health.title, /no H\.264/);
  assert.match(health.text, /Voice comes directly\.$/);
  assert.equal(rows(firefox)["Direct (UDP)"], "voice only");
  for (const webrtc of [
    { phase: "off", why: "unsupported", failed: true },
    { phase: "trying", why: "unsupported", failed: true },
  ]) {
    const without = healthOf({ ...firefox, webrtc });
    assert.match(without.text, /use the telephone\.$/);
    assert.deepEqual([without.word, without.kind], ["No voice", "slow"], "never good without one");
  }
  const first = healthOf({ ...firefox, webrtc: { phase: "trying", why: "unsupported", failed: false } });
  assert.equal(first.word, "Good", "nothing is blamed before it was tried");
});

test("a server that offers no direct way shows why", () => {
  const refused = {
    ...BLOCKED,
    webrtc: { phase: "off", why: "refused" },
    sentence: "This server has no port for live media.",
    server: null,
  };
  const health = healthOf(refused);
  assert.match(health.text, /^This server has no port for live media\. The picture comes over WebSocket/);
  assert.deepEqual([health.word, health.mayTest, health.advice], ["No voice", true, ""]);
});

test("stills alone: by the browser, by a page that is not encrypted, by a way that is away", () => {
  const none = {
    ...BLOCKED,
    transport: "stills",
    webrtc: { phase: "connected", why: "unsupported" },
    websocket: { phase: "off", why: "unsupported" },
  };
  assert.equal(healthOf(none).title, "This browser does not show the moving picture");
  assert.equal(healthOf(none).word, "Stills");
  const plain = { ...none, secure: false, webrtc: { phase: "off", why: "blocked" } };
  assert.match(healthOf(plain).text, /encrypted pages only/);
  const away = { ...BLOCKED, transport: "stills", websocket: { phase: "off", why: "closed" } };
  assert.match(healthOf(away).text, /We keep trying\./);
  assert.equal(rows(away).WebSocket, "no answer");
});

test("a slow network is shown once, by whichever transport", () => {
  for (const condition of [
    { ...FINE, slow: true },
    { ...FINE, ms: 500 },
  ]) {
    const health = healthOf(condition);
    assert.equal(health.word, "Slow");
    assert.equal(
      health.text,
      "Your network is slow. The picture is simplified while it moves and exact when it is still.",
    );
  }
  assert.match(
    healthOf({ ...BLOCKED, slow: true }).text,
    /^Your network is slow\..* The picture comes over WebSocket instead\. No voice/,
  );
});

test("without a connection there is nothing to test", () => {
  const health = healthOf({ ...BLOCKED, live: false });
  assert.deepEqual(
    [health.word, health.kind, health.rows, health.advice, health.mayTest],
    ["Offline", "offline", [], "", false],
  );
});

test("what IT gets names the port and the server, and no link", () => {
  const text = textForIt(BLOCKED, {
    origin: "https://consult.example",
    time: "2026-11-24T12:41:00Z",
    browser: "Chromium",
  });
  assert.match(text, /192\.0\.2\.7, port 40000/);
  assert.doesNotMatch(text, /seat|join/);
});
