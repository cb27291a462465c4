import assert from "node:assert/strict";
import { test } from "node:test";
import { CONNECT_MS, GRACE_MS, STALL_MS, Transports } from "../../web/js/core/network/transports.js";

const ALL = { rtc: true, webrtc: true, websocket: true };
const FIREFOX = { rtc: true, webrtc: false, websocket: true };
const words = (effects) => effects.map((e) => `${e.do} ${e.transport ?? e.paused}`);

/** Connected at 0. */
function begun(can = ALL) {
  const transports = new Transports(can);
  transports.connect(0);
  return transports;
}

/** WebRTC is used since 200. */
function direct() {
  const transports = begun();
  transports.framed("websocket", 100);
  transports.connected("webrtc", 150);
  transports.framed("webrtc", 200);
  return transports;
}

/** The WebSocket is used, WebRTC was given up at CONNECT_MS. */
function blocked() {
  const transports = begun();
  transports.framed("websocket", 100);
  transports.tick(CONNECT_MS);
  return transports;
}

test("both are tried at once; the WebSocket is used until WebRTC has brought a frame, and only then ended", () => {
  const transports = new Transports(ALL);
  assert.deepEqual(words(transports.connect(0)), ["open webrtc", "open websocket"]);
  assert.equal(transports.transport, "stills");
  assert.deepEqual(words(transports.framed("websocket", 100)), ["use websocket"]);
  assert.deepEqual(words(transports.connected("webrtc", 150)), []);
  assert.deepEqual(words(transports.tick(199)), []);
  assert.deepEqual(words(transports.framed("webrtc", 200)), ["use webrtc", "close websocket"]);
  assert.deepEqual(words(transports.framed("websocket", 201)), [], "what was on its way changes nothing");
});

test("WebRTC that is not connected after three seconds is given up, and tried again later each time", () => {
  const transports = begun();
  transports.framed("websocket", 100);
  assert.deepEqual(words(transports.tick(CONNECT_MS - 1)), []);
  assert.deepEqual(words(transports.tick(CONNECT_MS)), ["close webrtc"]);
  assert.equal(transports.paths.webrtc.why, "blocked");
  assert.equal(transports.transport, "websocket");
  let now = CONNECT_MS;
  for (const pause of [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    assert.deepEqual(words(transports.tick(now + pause - 1)), []);
    assert.deepEqual(words(transports.tick(now + pause)), ["open webrtc"]);
    now += pause + CONNECT_MS;
    assert.deepEqual(words(transports.tick(now)), ["close webrtc"]);
  }
});

test("WebRTC that connects in the background takes over without a gap", () => {
  const transports = blocked();
  transports.tick(CONNECT_MS + 2000);
  transports.connected("webrtc", CONNECT_MS + 2100);
  assert.equal(transports.transport, "websocket");
  assert.deepEqual(words(transports.framed("webrtc", CONNECT_MS + 2200)), ["use webrtc", "close websocket"]);
  assert.equal(transports.paths.webrtc.why, "");
});

test("WebRTC that connects but brings no frame, while the WebSocket does, is given up", () => {
  const transports = begun();
  transports.connected("webrtc", 100);
  assert.deepEqual(words(transports.tick(100 + CONNECT_MS)), [], "nobody has a frame: there is none yet");
  transports.framed("websocket", 3500);
  assert.deepEqual(words(transports.tick(3501)), ["close webrtc"]);
});

test("where the view moves without a frame, the WebSocket is opened beside; soon after its frame WebRTC ends", () => {
  const transports = direct();
  transports.revised(1000);
  transports.revised(1100);
  assert.deepEqual(words(transports.tick(1000 + STALL_MS - 1)), []);
  assert.deepEqual(words(transports.tick(1000 + STALL_MS)), ["open websocket"]);
  assert.equal(transports.transport, "webrtc");
  assert.deepEqual(words(transports.framed("websocket", 2600)), []);
  assert.deepEqual(words(transports.framed("websocket", 2700)), []);
  assert.deepEqual(words(transports.tick(2600 + GRACE_MS - 1)), []);
  assert.deepEqual(words(transports.tick(2600 + GRACE_MS)), ["use websocket", "close webrtc"]);
  assert.equal(transports.paths.webrtc.why, "blocked");
});

test("a frame that comes by WebRTC after all ends the doubt", () => {
  const transports = direct();
  transports.revised(1000);
  transports.tick(1000 + STALL_MS);
  transports.framed("websocket", 2590);
  assert.deepEqual(words(transports.framed("webrtc", 2600)), ["close websocket"]);
  assert.deepEqual(words(transports.tick(9000)), []);
});

test("a frame for each change is no stall, and neither is rest", () => {
  const transports = direct();
  for (let now = 1000; now < 5000; now += 100) {
    transports.revised(now);
    assert.deepEqual(words(transports.framed("webrtc", now + 30)), []);
    assert.deepEqual(words(transports.tick(now + 50)), []);
  }
  assert.deepEqual(words(transports.tick(60_000)), []);
});

test("a connection in doubt opens the WebSocket at once", () => {
  assert.deepEqual(words(direct().doubt(500)), ["open websocket"]);
  assert.deepEqual(words(begun({ ...ALL, websocket: false }).doubt(500)), []);
});

test("WebRTC that fails leaves stills until the WebSocket has a frame", () => {
  const transports = direct();
  assert.deepEqual(words(transports.lost("webrtc", "blocked", 1000)), ["use stills", "open websocket"]);
  assert.deepEqual(words(transports.framed("websocket", 1100)), ["use websocket"]);
  assert.deepEqual(words(transports.tick(2999)), []);
  assert.deepEqual(words(transports.tick(3000)), ["open webrtc"]);
});

test("a WebSocket that closes is opened again, sooner than WebRTC, and not where WebRTC has taken over", () => {
  const transports = blocked();
  assert.deepEqual(words(transports.lost("websocket", "closed", 3100)), ["use stills"]);
  assert.deepEqual(words(transports.tick(3349)), []);
  assert.deepEqual(words(transports.tick(3350)), ["open websocket"]);
  const early = begun();
  early.lost("websocket", "closed", 50);
  early.framed("webrtc", 60);
  assert.deepEqual(words(early.tick(5000)), []);
});

test("without WebCodecs and without H.264 by WebRTC there are stills; WebRTC is there for voice", () => {
  const transports = new Transports({ rtc: true, webrtc: false, websocket: false });
  assert.deepEqual(words(transports.connect(0)), ["open webrtc"]);
  transports.connected("webrtc", 100);
  assert.deepEqual(words(transports.tick(60_000)), []);
  assert.equal(transports.transport, "stills");
  assert.deepEqual([transports.paths.webrtc.why, transports.paths.websocket.why], ["unsupported", "unsupported"]);
  assert.deepEqual(words(new Transports({ rtc: false, webrtc: false, websocket: false }).connect(0)), []);
});

test("a browser that takes no H.264 by WebRTC has the picture by WebSocket, and keeps WebRTC for voice", () => {
  const transports = begun(FIREFOX);
  transports.connected("webrtc", 100);
  assert.deepEqual(words(transports.framed("websocket", 200)), ["use websocket"]);
  assert.deepEqual(words(transports.tick(60_000)), []);
  assert.equal(transports.paths.webrtc.phase, "connected");
  assert.equal(transports.paths.webrtc.why, "unsupported");
  assert.deepEqual(words(transports.lost("webrtc", "blocked", 61_000)), []);
  assert.deepEqual(words(transports.tick(63_000)), ["open webrtc"]);
});

test("WebRTC whose frames cannot be identified stays for voice alone", () => {
  const transports = begun();
  transports.framed("websocket", 50);
  transports.connected("webrtc", 100);
  assert.deepEqual(words(transports.pictureless(150)), ["pause true"]);
  assert.deepEqual(words(transports.tick(60_000)), []);
  assert.equal(transports.paths.webrtc.phase, "connected");
});

test("a decoder that is missing after all is not asked again", () => {
  const transports = begun();
  transports.lost("websocket", "unsupported", 10);
  assert.deepEqual(words(transports.tick(1000)), []);
  transports.lost("webrtc", "blocked", 1100);
  assert.equal(transports.transport, "stills");
  assert.deepEqual(words(transports.tick(3100)), ["open webrtc"]);
});

test("a hidden page takes no frames, and takes up where it was when it is looked at", () => {
  const transports = direct();
  assert.deepEqual(words(transports.hide(true, 1000)), ["pause true"]);
  transports.revised(1100);
  assert.deepEqual(words(transports.tick(60_000)), [], "frames do not come, and need not");
  assert.equal(transports.doubtful, false);
  assert.equal(transports.transport, "webrtc");
  assert.deepEqual(words(transports.hide(false, 70_000)), ["pause false"]);
  assert.deepEqual(words(transports.tick(70_000 + STALL_MS)), ["open websocket"], "the first must come soon");
});

test("a hidden page whose WebRTC ends opens no media socket", () => {
  const transports = direct();
  transports.hide(true, 1000);
  assert.deepEqual(words(transports.lost("webrtc", "blocked", 2000)), ["use stills"]);
  assert.deepEqual(words(transports.hide(false, 3000)), ["open websocket"]);
});

test("a hidden page closes its media socket, and opens it when it is looked at", () => {
  const transports = blocked();
  assert.deepEqual(words(transports.hide(true, 4000)), ["close websocket"]);
  assert.equal(transports.transport, "websocket");
  assert.deepEqual(words(transports.tick(5000)), ["open webrtc"], "voice wants it");
  assert.deepEqual(words(transports.connected("webrtc", 5100)), ["pause true"]);
  assert.deepEqual(words(transports.tick(60_000)), []);
  assert.deepEqual(words(transports.hide(false, 61_000)), ["pause false", "open websocket"]);
});

test("somebody who asks, or another network, has WebRTC tested at once", () => {
  const transports = blocked();
  assert.deepEqual(words(transports.again(3100)), ["open webrtc"]);
  assert.deepEqual(words(transports.again(3200)), []);
  transports.tick(3100 + CONNECT_MS);
  assert.deepEqual(words(transports.tick(3100 + CONNECT_MS + 2000)), ["open webrtc"], "soon again, too");
  assert.deepEqual(words(direct().again(1000)), []);
});

test("with the control connection all ends, and begins anew with it", () => {
  const transports = direct();
  assert.deepEqual(words(transports.disconnect()), ["use stills", "close webrtc"]);
  assert.deepEqual(words(transports.tick(60_000)), []);
  assert.deepEqual(words(transports.framed("webrtc", 60_001)), [], "what was on its way");
  assert.deepEqual(words(transports.lost("webrtc", "closed", 60_002)), []);
  assert.deepEqual(words(transports.again(60_003)), []);
  const beaten = direct();
  beaten.doubt(300);
  beaten.framed("websocket", 400);
  beaten.disconnect();
  assert.deepEqual(words(beaten.tick(60_000)), []);
  assert.deepEqual(words(transports.connect(70_000)), ["open webrtc", "open websocket"]);
});
