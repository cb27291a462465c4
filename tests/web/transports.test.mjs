import assert from "node:assert/strict";
import { test } from "node:test";
import { CONNECT_MS, GRACE_MS, STALL_MS, Ways } from "../../web/js/core/network/transports.js";

const ALL = { rtc: true, webrtc: true, websocket: true };
const FIREFOX = { rtc: true, webrtc: false, websocket: true };
const words = (effects) => effects.map((e) => `${e.do} ${e.way ?? e.transport ?? e.paused}`);

/** Connected at 0. */
function begun(can = ALL) {
  const ways = new Ways(can);
  ways.connect(0);
  return ways;
}

/** WebRTC is used since 200. */
function direct() {
  const ways = begun();
  ways.framed("websocket", 100);
  ways.connected("webrtc", 150);
  ways.framed("webrtc", 200);
  return ways;
}

/** The WebSocket is used, WebRTC was given up at CONNECT_MS. */
function blocked() {
  const ways = begun();
  ways.framed("websocket", 100);
  ways.tick(CONNECT_MS);
  return ways;
}

test("both are tried at once; the WebSocket is used until WebRTC has brought a frame, and only then ended", () => {
  const ways = new Ways(ALL);
  assert.deepEqual(words(ways.connect(0)), ["open webrtc", "open websocket"]);
  assert.equal(ways.transport, "stills");
  assert.deepEqual(words(ways.framed("websocket", 100)), ["use websocket"]);
  assert.deepEqual(words(ways.connected("webrtc", 150)), []);
  assert.deepEqual(words(ways.tick(199)), []);
  assert.deepEqual(words(ways.framed("webrtc", 200)), ["use webrtc", "close websocket"]);
  assert.deepEqual(words(ways.framed("websocket", 201)), [], "what was on its way changes nothing");
});

test("WebRTC that is not connected after three seconds is given up, and tried again later each time", () => {
  const ways = begun();
  ways.framed("websocket", 100);
  assert.deepEqual(words(ways.tick(CONNECT_MS - 1)), []);
  assert.deepEqual(words(ways.tick(CONNECT_MS)), ["close webrtc"]);
  assert.equal(ways.paths.webrtc.why, "blocked");
  assert.equal(ways.transport, "websocket");
  let now = CONNECT_MS;
  for (const pause of [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    assert.deepEqual(words(ways.tick(now + pause - 1)), []);
    assert.deepEqual(words(ways.tick(now + pause)), ["open webrtc"]);
    now += pause + CONNECT_MS;
    assert.deepEqual(words(ways.tick(now)), ["close webrtc"]);
  }
});

test("WebRTC that connects in the background takes over without a gap", () => {
  const ways = blocked();
  ways.tick(CONNECT_MS + 2000);
  ways.connected("webrtc", CONNECT_MS + 2100);
  assert.equal(ways.transport, "websocket");
  assert.deepEqual(words(ways.framed("webrtc", CONNECT_MS + 2200)), ["use webrtc", "close websocket"]);
  assert.equal(ways.paths.webrtc.why, "");
});

test("WebRTC that connects but brings no frame, while the WebSocket does, is given up", () => {
  const ways = begun();
  ways.connected("webrtc", 100);
  assert.deepEqual(words(ways.tick(100 + CONNECT_MS)), [], "nobody has a frame: there is none yet");
  ways.framed("websocket", 3500);
  assert.deepEqual(words(ways.tick(3501)), ["close webrtc"]);
});

test("where the view moves and no frame comes, the WebSocket is opened beside; soon after its frame WebRTC ends", () => {
  const ways = direct();
  ways.revised(1000);
  ways.revised(1100);
  assert.deepEqual(words(ways.tick(1000 + STALL_MS - 1)), []);
  assert.deepEqual(words(ways.tick(1000 + STALL_MS)), ["open websocket"]);
  assert.equal(ways.transport, "webrtc");
  assert.deepEqual(words(ways.framed("websocket", 2600)), []);
  assert.deepEqual(words(ways.framed("websocket", 2700)), []);
  assert.deepEqual(words(ways.tick(2600 + GRACE_MS - 1)), []);
  assert.deepEqual(words(ways.tick(2600 + GRACE_MS)), ["use websocket", "close webrtc"]);
  assert.equal(ways.paths.webrtc.why, "blocked");
});

test("a frame that comes by WebRTC after all ends the doubt", () => {
  const ways = direct();
  ways.revised(1000);
  ways.tick(1000 + STALL_MS);
  ways.framed("websocket", 2590);
  assert.deepEqual(words(ways.framed("webrtc", 2600)), ["close websocket"]);
  assert.deepEqual(words(ways.tick(9000)), []);
});

test("a frame for each change is no stall, and neither is rest", () => {
  const ways = direct();
  for (let now = 1000; now < 5000; now += 100) {
    ways.revised(now);
    assert.deepEqual(words(ways.framed("webrtc", now + 30)), []);
    assert.deepEqual(words(ways.tick(now + 50)), []);
  }
  assert.deepEqual(words(ways.tick(60_000)), []);
});

test("a connection in doubt opens the WebSocket at once", () => {
  assert.deepEqual(words(direct().doubt(500)), ["open websocket"]);
  assert.deepEqual(words(begun({ ...ALL, websocket: false }).doubt(500)), []);
});

test("WebRTC that fails leaves stills until the WebSocket has a frame", () => {
  const ways = direct();
  assert.deepEqual(words(ways.lost("webrtc", "blocked", 1000)), ["use stills", "open websocket"]);
  assert.deepEqual(words(ways.framed("websocket", 1100)), ["use websocket"]);
  assert.deepEqual(words(ways.tick(2999)), []);
  assert.deepEqual(words(ways.tick(3000)), ["open webrtc"]);
});

test("a WebSocket that closes is opened again, sooner than WebRTC, and not where WebRTC has taken over", () => {
  const ways = blocked();
  assert.deepEqual(words(ways.lost("websocket", "closed", 3100)), ["use stills"]);
  assert.deepEqual(words(ways.tick(3349)), []);
  assert.deepEqual(words(ways.tick(3350)), ["open websocket"]);
  const early = begun();
  early.lost("websocket", "closed", 50);
  early.framed("webrtc", 60);
  assert.deepEqual(words(early.tick(5000)), []);
});

test("without WebCodecs and without H.264 by WebRTC there are stills; WebRTC is there for voice", () => {
  const ways = new Ways({ rtc: true, webrtc: false, websocket: false });
  assert.deepEqual(words(ways.connect(0)), ["open webrtc"]);
  ways.connected("webrtc", 100);
  assert.deepEqual(words(ways.tick(60_000)), []);
  assert.equal(ways.transport, "stills");
  assert.deepEqual([ways.paths.webrtc.why, ways.paths.websocket.why], ["unsupported", "unsupported"]);
  assert.deepEqual(words(new Ways({ rtc: false, webrtc: false, websocket: false }).connect(0)), []);
});

test("a browser that takes no H.264 by WebRTC has the picture by WebSocket, and keeps WebRTC for voice", () => {
  const ways = begun(FIREFOX);
  ways.connected("webrtc", 100);
  assert.deepEqual(words(ways.framed("websocket", 200)), ["use websocket"]);
  assert.deepEqual(words(ways.tick(60_000)), []);
  assert.equal(ways.paths.webrtc.phase, "connected");
  assert.equal(ways.paths.webrtc.why, "unsupported");
  assert.deepEqual(words(ways.lost("webrtc", "blocked", 61_000)), []);
  assert.deepEqual(words(ways.tick(63_000)), ["open webrtc"]);
});

test("WebRTC whose frames cannot be identified stays for voice alone", () => {
  const ways = begun();
  ways.framed("websocket", 50);
  ways.connected("webrtc", 100);
  assert.deepEqual(words(ways.pictureless(150)), ["pause true"]);
  assert.deepEqual(words(ways.tick(60_000)), []);
  assert.equal(ways.paths.webrtc.phase, "connected");
});

test("a decoder that is missing after all is not asked again", () => {
  const ways = begun();
  ways.lost("websocket", "unsupported", 10);
  assert.deepEqual(words(ways.tick(1000)), []);
  ways.lost("webrtc", "blocked", 1100);
  assert.equal(ways.transport, "stills");
  assert.deepEqual(words(ways.tick(3100)), ["open webrtc"]);
});

test("a hidden page takes no frames, and takes up where it was when it is looked at", () => {
  const ways = direct();
  assert.deepEqual(words(ways.hide(true, 1000)), ["pause true"]);
  ways.revised(1100);
  assert.deepEqual(words(ways.tick(60_000)), [], "frames do not come, and need not");
  assert.equal(ways.doubtful, false);
  assert.equal(ways.transport, "webrtc");
  assert.deepEqual(words(ways.hide(false, 70_000)), ["pause false"]);
  assert.deepEqual(words(ways.tick(70_000 + STALL_MS)), ["open websocket"], "the first must come soon");
});

test("a hidden page whose WebRTC ends opens no media socket", () => {
  const ways = direct();
  ways.hide(true, 1000);
  assert.deepEqual(words(ways.lost("webrtc", "blocked", 2000)), ["use stills"]);
  assert.deepEqual(words(ways.hide(false, 3000)), ["open websocket"]);
});

test("a hidden page closes its media socket, and opens it when it is looked at", () => {
  const ways = blocked();
  assert.deepEqual(words(ways.hide(true, 4000)), ["close websocket"]);
  assert.equal(ways.transport, "websocket");
  assert.deepEqual(words(ways.tick(5000)), ["open webrtc"], "voice wants it");
  assert.deepEqual(words(ways.connected("webrtc", 5100)), ["pause true"]);
  assert.deepEqual(words(ways.tick(60_000)), []);
  assert.deepEqual(words(ways.hide(false, 61_000)), ["pause false", "open websocket"]);
});

test("somebody who asks, or another network, has WebRTC tested at once", () => {
  const ways = blocked();
  assert.deepEqual(words(ways.again(3100)), ["open webrtc"]);
  assert.deepEqual(words(ways.again(3200)), []);
  ways.tick(3100 + CONNECT_MS);
  assert.deepEqual(words(ways.tick(3100 + CONNECT_MS + 2000)), ["open webrtc"], "soon again, too");
  assert.deepEqual(words(direct().again(1000)), []);
});

test("with the control connection all ends, and begins anew with it", () => {
  const ways = direct();
  assert.deepEqual(words(ways.disconnect()), ["use stills", "close webrtc"]);
  assert.deepEqual(words(ways.tick(60_000)), []);
  assert.deepEqual(words(ways.framed("webrtc", 60_001)), [], "what was on its way");
  assert.deepEqual(words(ways.lost("webrtc", "closed", 60_002)), []);
  assert.deepEqual(words(ways.again(60_003)), []);
  const beaten = direct();
  beaten.doubt(300);
  beaten.framed("websocket", 400);
  beaten.disconnect();
  assert.deepEqual(words(beaten.tick(60_000)), []);
  assert.deepEqual(words(ways.connect(70_000)), ["open webrtc", "open websocket"]);
});
