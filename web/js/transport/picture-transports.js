/**
 * The transports of the moving picture: does what core/network/transports.js decides, and reports to it what happens.
 */
/** @import {ClientMessage} from "../wire.js" */
/** @import {Transport, MediaTransport, TransportEffect} from "../core/network/transports.js" */
/** @import {Image} from "./track-frames.js" */
import { isCoarse } from "../core/pictures/moving-frames.js";
import { Pace } from "../core/pictures/pace.js";
import { Transports } from "../core/network/transports.js";
import { hasWebCodecs, Video } from "./video.js";
import { Call, carriesH264, hasWebRtc } from "./webrtc.js";

const TICK_MS = 250;

/**
 * @typedef {object} PictureTransportCallbacks
 * @property {(transport: MediaTransport, rtp: number, image: Image) => void} frame who takes it closes it
 * @property {(transport: Transport) => void} transport the picture comes this transport from now on
 * @property {() => void} changed the transports, or what is shown of them
 * @property {(message: ClientMessage) => boolean} send on the control connection
 */

export class PictureTransports {
  /** @param {URL} workerUrl @param {PictureTransportCallbacks} callbacks */
  constructor(workerUrl, callbacks) {
    this.callbacks = callbacks;
    this.url = "";
    /** Why the server gave WebRTC up, where it gave a reason. */
    this.sentence = "";
    this.pace = new Pace();
    /** The server sends a picture for slow links. */
    this.coarse = false;
    this.transports = new Transports({ rtc: hasWebRtc(), webrtc: carriesH264(), websocket: hasWebCodecs() });
    this.transports.hidden = document.hidden;
    /** Exact stills alone are shown. */
    this.resting = false;
    this.video = new Video(workerUrl, {
      frame: (rtp, image) => callbacks.frame("websocket", rtp, image),
      ended: (why) => this.run(this.transports.lost("websocket", why, performance.now())),
    });
    this.call = new Call({
      send: (message) => callbacks.send(message),
      frame: (rtp, image) => callbacks.frame("webrtc", rtp, image),
      connected: () => this.callConnected(),
      pictureless: () => this.run(this.transports.pictureless(performance.now())),
      doubtful: () => this.run(this.transports.doubt(performance.now())),
      ended: (why, sentence) => this.callEnded(why, sentence),
    });
    this.listen();
  }

  listen() {
    this.timer = setInterval(() => this.tick(), TICK_MS);
    document.addEventListener("visibilitychange", () => {
      this.pace.clear();
      this.hide();
    });
    const { connection } = /** @type {{connection?: EventTarget}} */ (navigator);
    addEventListener("online", () => this.again());
    connection?.addEventListener("change", () => this.again());
  }

  /** No frames are wanted, or they are again. @param {boolean} resting */
  rest(resting) {
    this.resting = resting;
    this.hide();
  }

  hide() {
    this.run(this.transports.hide(document.hidden || this.resting, performance.now()));
  }

  /** It is known by which transport the picture comes, if by any. */
  get settled() {
    const { transport, paths } = this.transports;
    const open = Object.values(paths).some(({ picture, phase }) => picture && ["trying", "connected"].includes(phase));
    return transport === "webrtc" || !open;
  }

  /** The control connection lives. @param {string} url of the media WebSocket */
  start(url) {
    this.stop();
    this.url = url;
    this.run(this.transports.connect(performance.now()));
  }

  /** It does not any more. */
  stop() {
    this.pace.clear();
    this.coarse = false;
    this.run(this.transports.disconnect());
  }

  /** For good. */
  end() {
    clearInterval(this.timer);
    this.stop();
  }

  tick() {
    const now = performance.now();
    const { slow } = this.pace;
    this.run(this.transports.tick(now));
    if (this.pace.tick(now) !== slow) this.callbacks.changed();
  }

  /** The view has changed. */
  revised() {
    const now = performance.now();
    this.transports.revised(now);
    if (!this.transports.hidden && this.transports.transport !== "stills") this.pace.revised(now);
  }

  /** A frame was identified. @param {MediaTransport} transport @param {string} stream that it is of */
  framed(transport, stream) {
    this.pace.framed();
    this.run(this.transports.framed(transport, performance.now()));
    if (isCoarse(stream) === this.coarse) return;
    this.coarse = !this.coarse;
    this.callbacks.changed();
  }

  /** The network carries less than the picture wants. */
  get slow() {
    return this.coarse || this.pace.slow;
  }

  /** The network changed, or somebody wants WebRTC tested. */
  again() {
    this.run(this.transports.again(performance.now()));
  }

  /** Voice has a transport now, whatever carries the picture. */
  callConnected() {
    this.run(this.transports.connected("webrtc", performance.now()));
    this.callbacks.changed();
  }

  /** @param {"blocked" | "refused"} why @param {string} sentence */
  callEnded(why, sentence) {
    this.sentence = sentence;
    this.run(this.transports.lost("webrtc", why, performance.now()));
  }

  /** @param {TransportEffect[]} effects */
  run(effects) {
    for (const effect of effects) this.carryOut(effect);
    if (effects.length > 0) this.callbacks.changed();
  }

  /** @param {TransportEffect} effect */
  carryOut(effect) {
    switch (effect.do) {
      case "open":
        return effect.transport === "webrtc" ? this.call.start() : this.video.start(this.url);
      case "close":
        return effect.transport === "webrtc" ? this.call.stop() : this.video.stop();
      case "pause":
        return this.call.pause(effect.paused);
      case "use":
        return this.callbacks.transport(effect.transport);
    }
  }
}
