/** The WebRTC connection against the wire's own examples, with a browser's objects played by the test. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";

const example = (name) => JSON.parse(readFileSync(new URL(`../wire/${name}.json`, import.meta.url), "utf8")).good[0];
const keys = (name) => Object.keys(example(name)).sort();

class Track {
  constructor(kind) {
    this.kind = kind;
  }
}

class Line {
  constructor(kind) {
    this.receiver = { track: new Track(kind), jitterBufferTarget: null };
    this.direction = "recvonly";
    this.sender = {
      track: null,
      replaceTrack: async (track) => {
        this.sender.track = track;
      },
    };
  }
}

/** @type {Peer[]} */
let peers = [];
/** Of the media lines that the server offers. */
let kinds = [];
class Peer {
  constructor(configuration) {
    Object.assign(this, { configuration, connectionState: "new", closed: false, localDescription: null });
    this.lines = kinds.map((kind) => new Line(kind));
    peers.push(this);
  }
  async setRemoteDescription(description) {
    if (description.sdp === "bad") throw new Error("no SDP");
    this.remote = description;
  }
  getTransceivers() {
    return this.lines;
  }
  async setLocalDescription() {
    this.localDescription = { type: "answer", sdp: "v=0 answer" };
  }
  becomes(state) {
    this.connectionState = state;
    this.onconnectionstatechange();
  }
  close() {
    this.closed = true;
  }
}

/** Frames by hand. */
let controllers = [];
class Processor {
  constructor({ track, maxBufferSize }) {
    Object.assign(this, { track, maxBufferSize });
    this.readable = new ReadableStream({ start: (controller) => void controllers.push(controller) });
  }
}
class Frame {
  constructor(rtp) {
    Object.assign(this, { rtp, closed: false });
  }
  metadata() {
    return this.rtp === undefined ? {} : { rtpTimestamp: this.rtp };
  }
  close() {
    this.closed = true;
  }
}

const CODECS = { codecs: [{ mimeType: "video/H264", sdpFmtpLine: "packetization-mode=1" }] };
globalThis.RTCPeerConnection = Peer;
globalThis.MediaStreamTrackProcessor = Processor;
globalThis.RTCRtpReceiver = { getCapabilities: () => CODECS };
const { Call } = await import("../../web/js/transport/webrtc.js");

/** @type {{sent: object[], states: string[], frames: [number, Frame][]}} */
let seen;
let online = true;

function newCall() {
  return new Call({
    send: (message) => online && seen.sent.push(message) > 0,
    frame: (rtp, image) => seen.frames.push([rtp, image]),
    connected: () => seen.states.push("connected"),
    doubtful: () => seen.states.push("doubtful"),
    pictureless: () => seen.states.push("pictureless"),
    ended: (why, sentence) => seen.states.push(`ended ${why} ${sentence}`.trim()),
  });
}

/** Offered and answered. */
async function answered() {
  const call = newCall();
  call.start();
  await call.offered({ n: 1, sdp: "v=0" });
  return call;
}

const soon = () => new Promise((done) => setTimeout(done, 0));

beforeEach(() => {
  peers = [];
  controllers = [];
  kinds = ["video", "audio", "audio", "audio"];
  seen = { sent: [], states: [], frames: [] };
  online = true;
});

test("wish, offer, answer have the form of the wire's examples", async () => {
  await answered();
  assert.deepEqual(seen.sent, [
    { type: "want_media", n: 1, h264: true },
    { type: "answer_media", n: 1, sdp: "v=0 answer" },
  ]);
  assert.deepEqual(
    seen.sent.map((message) => Object.keys(message).sort()),
    [keys("want_media"), keys("answer_media")],
  );
  const [peer] = peers;
  assert.deepEqual(peer.configuration.iceServers, [], "no STUN server of anybody");
  assert.equal(peer.lines[0].receiver.jitterBufferTarget, 0);
  assert.deepEqual(
    peer.lines.map((line) => line.direction),
    ["recvonly", "sendrecv", "recvonly", "recvonly"],
  );
});

test("a browser without H.264 shows so, and answers an offer without a video line", async () => {
  globalThis.RTCRtpReceiver = { getCapabilities: () => ({ codecs: [{ mimeType: "video/VP8" }] }) };
  try {
    const call = newCall();
    call.start();
    assert.equal(seen.sent[0].h264, false);
    kinds = ["audio", "audio", "audio"];
    await call.offered({ n: 1, sdp: "v=0" });
    assert.equal(seen.sent[1].type, "answer_media");
    assert.deepEqual(
      peers[0].lines.map((line) => line.direction),
      ["sendrecv", "recvonly", "recvonly"],
    );
  } finally {
    globalThis.RTCRtpReceiver = { getCapabilities: () => CODECS };
  }
});

test("a browser that gives no frames of a track asks for no picture", () => {
  const processor = globalThis.MediaStreamTrackProcessor;
  delete globalThis.MediaStreamTrackProcessor;
  try {
    newCall().start();
    assert.equal(seen.sent[0].h264, false);
  } finally {
    globalThis.MediaStreamTrackProcessor = processor;
  }
});

test("what belongs to another number, or comes after the end, is not used", async () => {
  const call = newCall();
  call.start();
  call.start();
  await call.offered({ n: 1, sdp: "v=0" });
  assert.equal(peers.length, 0);
  call.mediaEnded({ n: 1, sentence: "replaced" });
  assert.deepEqual(seen.states, []);
  await call.offered({ n: 2, sdp: "v=0" });
  await call.offered({ n: 2, sdp: "v=0" });
  assert.equal(peers.length, 1, "once");
  call.stop();
  assert.equal(peers[0].closed, true);
  await call.offered({ n: 2, sdp: "v=0" });
  assert.equal(peers.length, 1);
  peers[0].becomes("failed");
  assert.deepEqual(seen.states, []);
  assert.deepEqual(seen.sent.at(-1), { type: "end_media", n: 2 });
});

test("the three voices come in the order of their lines", async () => {
  const call = newCall();
  const states = [];
  call.addEventListener("voices", ({ detail }) => states.push(detail));
  call.start();
  await call.offered({ n: 1, sdp: "v=0" });
  assert.deepEqual(states, [peers[0].lines.slice(1).map((line) => line.receiver.track)]);
});

test("a microphone goes onto its line, also of the next connection, and nothing else does", async () => {
  const call = await answered();
  const track = new Track("audio");
  call.setMicrophone(track);
  assert.deepEqual(
    peers[0].lines.map((line) => line.sender.track),
    [null, track, null, null],
  );
  call.start();
  await call.offered({ n: 2, sdp: "v=0" });
  assert.equal(peers[1].lines[1].sender.track, track);
  call.setMicrophone(null);
  assert.equal(peers[1].lines[1].sender.track, null);
});

test("what becomes of the connection is states; a failure ends it on both sides", async () => {
  await answered();
  const [peer] = peers;
  peer.becomes("connected");
  peer.becomes("disconnected");
  peer.becomes("failed");
  assert.deepEqual(seen.states, ["connected", "doubtful", "ended blocked"]);
  assert.deepEqual(seen.sent.at(-1), { type: "end_media", n: 1 });
  assert.equal(peer.closed, true);
});

test("an end by the server: blocked after an offer, refused without one", async () => {
  const call = await answered();
  call.mediaEnded({ n: 1, sentence: "No media came." });
  call.start();
  call.mediaEnded({ n: 2, sentence: "No port." });
  assert.deepEqual(seen.states, ["ended blocked No media came.", "ended refused No port."]);
  assert.deepEqual(
    seen.sent.filter(({ type }) => type === "end_media"),
    [],
    "the server knows",
  );
});

test("an offer that the browser does not understand ends the call", async (t) => {
  t.mock.method(console, "warn", () => {});
  const call = newCall();
  call.start();
  await call.offered({ n: 1, sdp: "bad" });
  assert.deepEqual(seen.states, ["ended blocked"]);
});

test("without a control connection nothing is waited for", () => {
  online = false;
  newCall().start();
  assert.deepEqual(seen.states, ["ended blocked"]);
});

test("frames come with the timestamp of their own pixels", async () => {
  const call = await answered();
  controllers[0].enqueue(new Frame(90));
  await soon();
  assert.equal(seen.frames[0][0], 90);
  assert.equal(seen.frames[0][1].closed, false);
  call.stop();
  await soon();
  assert.throws(() => controllers[0].enqueue(new Frame(91)));
});

test("frames that cannot be identified are closed, and the connection is for voice alone", async () => {
  const call = await answered();
  const frames = [new Frame(undefined), new Frame(undefined)];
  controllers[0].enqueue(frames[0]);
  await soon();
  assert.equal(frames[0].closed, true);
  assert.deepEqual(seen.states, ["pictureless"]);
  assert.equal(peers[0].closed, false);
  call.start();
  assert.deepEqual(seen.sent.at(-1), { type: "want_media", n: 2, h264: false });
});

test("nobody looks: the picture is paused in the form of the wire's example", async () => {
  const call = await answered();
  call.pause(true);
  assert.deepEqual(seen.sent.at(-1), { type: "pause_media", n: 1, paused: true });
  assert.deepEqual(Object.keys(seen.sent.at(-1)).sort(), keys("pause_media"));
  call.stop();
  call.pause(false);
  assert.deepEqual(seen.sent.at(-1), { type: "end_media", n: 1 });
});
