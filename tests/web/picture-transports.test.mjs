/** What carries the picture, and what the page is told of it: WebRTC and the worker are played by the test. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { CONNECT_MS } from "../../web/js/core/network/transports.js";

const CODECS = { codecs: [{ mimeType: "video/H264", sdpFmtpLine: "packetization-mode=1" }] };
globalThis.RTCPeerConnection = class {};
globalThis.MediaStreamTrackProcessor = class {};
globalThis.RTCRtpReceiver = { getCapabilities: () => CODECS };
globalThis.VideoDecoder = class {};
let worker;
globalThis.Worker = class {
  orders = [];
  constructor() {
    worker = this;
  }
  postMessage(order) {
    this.orders.push(order);
  }
};
globalThis.navigator ??= {};
let page;
globalThis.addEventListener = (...how) => page.addEventListener(...how);
const { PictureTransports } = await import("../../web/js/transport/picture-transports.js");

const STREAM = "all-1280x720";
let clock;
let carried;
let sent;
let frames;
let changes;
let transports;

function passes(ms) {
  for (let gone = 0; gone < ms; gone += 250) {
    clock += 250;
    mock.timers.tick(250);
  }
}
/** A frame of the WebSocket's worker. */
const decoded = (rtp, image = { close: () => assert.fail("it is the page's") }) =>
  worker.onmessage({ data: { type: "frame", rtp, image } });

beforeEach(() => {
  [clock, carried, sent, frames, changes] = [0, [], [], [], 0];
  mock.timers.enable({ apis: ["setInterval"] });
  mock.method(performance, "now", () => clock);
  globalThis.document = Object.assign(new EventTarget(), { hidden: false });
  page = new EventTarget();
  transports = new PictureTransports(new URL("file:///worker.js"), {
    frame: (transport, rtp) => frames.push([transport, rtp]),
    transport: (transport) => carried.push(transport),
    changed: () => changes++,
    send: (message) => sent.push(message.type) > 0,
  });
});
afterEach(() => {
  transports.end();
  mock.timers.reset();
  mock.restoreAll();
});

test("both ways are tried at once; the picture comes by whichever has a frame first", () => {
  transports.start("ws://server/media");
  assert.deepEqual([sent, worker.orders.at(-1)], [["want_media"], { open: "ws://server/media" }]);
  decoded(1);
  assert.deepEqual([frames, worker.orders.at(-1)], [[["websocket", 1]], { ready: true }]);
  transports.framed("websocket", STREAM);
  assert.deepEqual(carried, ["websocket"]);
});

test("WebRTC that does not connect is given up and named, and the page is told that something changed", () => {
  transports.start("ws://server/media");
  decoded(1);
  transports.framed("websocket", STREAM);
  const before = changes;
  passes(CONNECT_MS + 250);
  assert.equal(transports.transports.paths.webrtc.why, "blocked");
  assert.ok(changes > before);
  assert.equal(sent.filter((type) => type === "end_media").length, 1);
});

test("what the server gave WebRTC up for is remembered", () => {
  transports.start("ws://server/media");
  transports.call.mediaEnded({ n: 1, sentence: "There is no UDP here." });
  assert.equal(transports.sentence, "There is no UDP here.");
  assert.equal(transports.transports.paths.webrtc.why, "refused");
});

test("a socket that ends is opened again later, one that cannot decode is not", () => {
  transports.start("ws://server/media");
  const opened = () => worker.orders.filter((order) => "open" in order).length;
  worker.onmessage({ data: { type: "closed" } });
  passes(10_000);
  assert.ok(opened() > 1);
  const before = opened();
  worker.onmessage({ data: { type: "unsupported" } });
  passes(120_000);
  assert.equal(opened(), before);
});

test("a stream for slow links is told once, and so is its end", () => {
  transports.start("ws://server/media");
  transports.framed("websocket", STREAM);
  const before = changes;
  for (const stream of [`${STREAM}-low`, `${STREAM}-low`]) transports.framed("websocket", stream);
  assert.deepEqual([transports.slow, changes - before], [true, 1]);
  transports.framed("websocket", STREAM);
  assert.equal(transports.slow, false);
});

test("without the control connection nothing is open, and no frame that comes is the page's", () => {
  transports.start("ws://server/media");
  transports.framed("websocket", STREAM);
  transports.stop();
  assert.deepEqual([carried.at(-1), worker.orders.at(-1)], ["stills", { close: true }]);
  let closed = 0;
  decoded(2, { close: () => closed++ });
  assert.deepEqual([frames, closed], [[], 1]);
});

test("a page that nobody looks at counts no missing frames as a slow link", () => {
  transports.start("ws://server/media");
  transports.framed("websocket", STREAM);
  document.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  for (let i = 0; i < 400; i++) {
    clock += 34;
    transports.revised();
    if (i % 8 === 0) mock.timers.tick(250);
  }
  assert.equal(transports.slow, false);
});

test("a network that changed is a reason to try WebRTC at once", () => {
  transports.start("ws://server/media");
  decoded(1);
  transports.framed("websocket", STREAM);
  passes(CONNECT_MS + 250);
  const before = sent.length;
  page.dispatchEvent(new Event("online"));
  assert.deepEqual(sent.slice(before), ["want_media"]);
});
