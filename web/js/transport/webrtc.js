/**
 * The WebRTC connection: the moving picture down, this page's microphone up, three voices down. The server offers, the
 * page answers, once (`want_media`, `offer`, `answer_media`); what belongs to another number is not used.
 * Events, as an EventTarget: `voices` (detail: the three incoming audio tracks, in the order of the media lines).
 */
/** @import {ClientMessage, MediaEnded, Offer} from "../wire.js" */
import { mediaAddress, takesH264 } from "../core/network/sdp.js";
import { canReadFrames, readFrames } from "./track-frames.js";

/** @typedef {import("./track-frames.js").Image} Image */
/**
 * @typedef {object} CallCallbacks
 * @property {(message: ClientMessage) => boolean} send on the control connection
 * @property {(rtp: number, image: Image) => void} frame who takes it closes it
 * @property {() => void} connected
 * @property {() => void} pictureless it is there for voice alone: its frames cannot be identified
 * @property {() => void} doubtful it may not carry anything any more
 * @property {(why: "blocked" | "refused", sentence: string) => void} ended not by the page. refused: the server offers
 *   none, and its sentence says why
 */

/** There is WebRTC in this browser. */
export const hasWebRtc = () => typeof RTCPeerConnection !== "undefined";

/** It carries the picture. */
export const carriesH264 = () =>
  hasWebRtc() && canReadFrames() && takesH264(globalThis.RTCRtpReceiver?.getCapabilities?.("video"));

export class Call extends EventTarget {
  /** @param {CallCallbacks} callbacks */
  constructor(callbacks) {
    super();
    this.callbacks = callbacks;
    this.h264 = carriesH264();
    this.n = 0;
    /** @type {RTCPeerConnection | null} */
    this.peer = null;
    this.open = false;
    /** @type {RTCRtpSender | null} of the microphone's line */
    this.sender = null;
    /** @type {MediaStreamTrack | null} */
    this.microphone = null;
    /** @type {(() => void) | null} */
    this.endFrames = null;
    /** Where the server takes media, as its newest offer says. @type {{address: string, port: number} | null} */
    this.server = null;
  }

  /** Ask for a connection; the one before it ends. */
  start() {
    this.drop();
    this.n += 1;
    this.open = true;
    if (!this.callbacks.send({ type: "want_media", n: this.n, h264: this.h264 })) this.fail("blocked");
  }

  /** End it, here and on the server. */
  stop() {
    if (!this.open) return;
    this.drop();
    this.callbacks.send({ type: "end_media", n: this.n });
  }

  /** Take no picture for a while, or again. @param {boolean} paused */
  pause(paused) {
    if (this.open) this.callbacks.send({ type: "pause_media", n: this.n, paused });
  }

  /** What the server says of it. @param {({type: "offer"} & Offer) | ({type: "media_ended"} & MediaEnded)} message */
  told(message) {
    if (message.type === "offer") void this.offered(message);
    else this.mediaEnded(message);
  }

  /** The server offers. @param {{n: number, sdp: string}} offer */
  async offered({ n, sdp }) {
    if (!this.open || n !== this.n || this.peer) return;
    this.server = mediaAddress(sdp) ?? this.server;
    const peer = new RTCPeerConnection({ iceServers: [], bundlePolicy: "max-bundle" });
    this.peer = peer;
    peer.onconnectionstatechange = () => this.peer === peer && this.changed(peer.connectionState);
    try {
      await peer.setRemoteDescription({ type: "offer", sdp });
      if (this.peer !== peer) return;
      this.takeLines(peer.getTransceivers());
      await peer.setLocalDescription();
      if (this.peer !== peer) return;
      this.callbacks.send({ type: "answer_media", n, sdp: peer.localDescription?.sdp ?? "" });
    } catch (error) {
      console.warn("The offer of live media is not taken.", error);
      if (this.peer === peer) this.fail("blocked");
    }
  }

  /** @param {RTCRtpTransceiver[]} lines video, where it was offered; the microphone's; two more voices */
  takeLines(lines) {
    const video = lines.find((line) => line.receiver.track.kind === "video");
    const audio = lines.filter((line) => line.receiver.track.kind === "audio");
    const [both] = audio;
    if (both) {
      both.direction = "sendrecv";
      this.sender = both.sender;
      this.attach();
    }
    if (video) {
      if ("jitterBufferTarget" in video.receiver) video.receiver.jitterBufferTarget = 0;
      this.endFrames = readFrames(video.receiver.track, {
        frame: (rtp, image) => this.callbacks.frame(rtp, image),
        unstamped: () => this.pictureless(),
      });
    }
    this.dispatchEvent(new CustomEvent("voices", { detail: audio.map((line) => line.receiver.track) }));
  }

  pictureless() {
    if (!this.h264) return;
    this.h264 = false;
    this.endFrames?.();
    this.callbacks.pictureless();
  }

  /**
   * What is spoken into, from now on and after each new connection; null: nothing.
   * @param {MediaStreamTrack | null} track
   */
  setMicrophone(track) {
    this.microphone = track;
    this.attach();
  }

  attach() {
    const { sender } = this;
    if (sender && sender.track !== this.microphone) {
      sender.replaceTrack(this.microphone).catch(() => {}); // closed meanwhile: the next connection takes it
    }
  }

  /** @param {RTCPeerConnectionState} state */
  changed(state) {
    if (state === "connected") this.callbacks.connected();
    else if (state === "disconnected") this.callbacks.doubtful();
    else if (state === "failed" || state === "closed") this.fail("blocked");
  }

  /** The server has given it up. @param {{n: number, sentence: string}} message */
  mediaEnded({ n, sentence }) {
    if (this.open && n === this.n) this.fail(this.peer ? "blocked" : "refused", sentence, false);
  }

  /**
   * @param {"blocked" | "refused"} why
   * @param {string} [sentence]
   * @param {boolean} [report] the server does not know yet
   */
  fail(why, sentence = "", report = true) {
    if (report) this.callbacks.send({ type: "end_media", n: this.n });
    this.drop();
    this.callbacks.ended(why, sentence);
  }

  drop() {
    this.open = false;
    this.endFrames?.();
    this.endFrames = null;
    this.sender = null;
    const { peer } = this;
    this.peer = null;
    peer?.close();
  }
}
