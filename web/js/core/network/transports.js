/**
 * By which transport the moving picture comes: WebRTC, a WebSocket, or none (then there are exact stills alone). Events
 * in, effects out; `now` in milliseconds.
 * Rules:
 * - Both are tried at once. The first whose frame came and is identified is used; WebRTC takes over from the WebSocket.
 * - A transport is ended only when the other one's frame is there. WebRTC that is not connected after `CONNECT_MS` is
 *   given up.
 * - WebRTC is in doubt when its connection says so, or when the view moves and no frame comes: then the WebSocket is
 *   opened beside it, and WebRTC that brings no frame `GRACE_MS` after the WebSocket did is given up.
 * - While the WebSocket is used WebRTC is tried again, later each time; at once when the network changes or somebody
 *   asks.
 * - WebRTC is opened also where it carries no picture: voice comes by it.
 * - A page that nobody looks at takes no frames.
 */

/** @typedef {"webrtc" | "websocket"} MediaTransport */
/** @typedef {MediaTransport | "stills"} Transport */
/**
 * @typedef {{do: "open" | "close", transport: MediaTransport} | {do: "use", transport: Transport} | {do: "pause",
 *   paused: boolean}} TransportEffect
 */
/** @typedef {"off" | "trying" | "connected" | "live"} TransportPhase live: a frame of it was identified */
/**
 * @typedef {"" | "unsupported" | "blocked" | "refused" | "closed"} TransportProblem why it is not used; refused: by the
 *   server
 */

/** WebRTC that has not connected for so long is blocked. */
export const CONNECT_MS = 3000;
/** The view moves, and for so long no frame has come by WebRTC. */
export const STALL_MS = 1500;
/** In doubt: the WebSocket has a frame, and for so long WebRTC may still bring it too. */
export const GRACE_MS = 500;
const RTC_RETRY_MS = 2000;
const RTC_LAST_RETRY_MS = 60_000;
const SOCKET_RETRY_MS = 250;
const SOCKET_LAST_RETRY_MS = 5000;

/** One transport and how far it is. */
class Path {
  /** @param {boolean} picture it can carry the picture @param {[number, number]} retry first and last pause, ms */
  constructor(picture, retry) {
    this.picture = picture;
    this.retry = retry;
    /** @type {TransportPhase} */
    this.phase = "off";
    this.since = 0;
    this.tries = 0;
    this.retryAt = Infinity;
    /** @type {TransportProblem} */
    this.why = picture ? "" : "unsupported";
  }

  /** @param {TransportPhase} phase @param {number} now */
  enter(phase, now) {
    this.phase = phase;
    this.since = now;
    if (phase !== "off") this.retryAt = Infinity;
    if (phase === "live") {
      this.tries = 0;
      this.why = "";
    }
  }

  /** Not now, but once more later. @param {TransportProblem} why @param {number} now */
  fail(why, now) {
    const [first, last] = this.retry;
    this.enter("off", now);
    this.retryAt = now + Math.min(first * 2 ** this.tries, last);
    this.tries += 1;
    if (this.picture) this.why = why;
  }

  /** Not wanted. */
  rest() {
    this.phase = "off";
    this.retryAt = Infinity;
  }

  get carries() {
    return this.picture && this.phase === "live";
  }
}

export class Transports {
  /**
   * @param {{rtc: boolean, webrtc: boolean, websocket: boolean}} can rtc: there is WebRTC; the others: it carries the
   *   picture
   */
  constructor({ rtc, webrtc, websocket }) {
    this.rtc = rtc;
    /** @type {Record<MediaTransport, Path>} */
    this.paths = {
      webrtc: new Path(webrtc, [RTC_RETRY_MS, RTC_LAST_RETRY_MS]),
      websocket: new Path(websocket, [SOCKET_RETRY_MS, SOCKET_LAST_RETRY_MS]),
    };
    /** @type {Transport} */
    this.transport = "stills";
    this.online = false;
    this.hidden = false;
    this.doubtful = false;
    /** @type {number | null} in doubt, when the WebSocket's first frame came */
    this.beatenAt = null;
    /** @type {number | null} since when a frame is due and has not come */
    this.dueSince = null;
  }

  /** The control connection lives. @param {number} now @returns {TransportEffect[]} */
  connect(now) {
    this.online = true;
    this.trust();
    this.dueSince = null;
    for (const path of Object.values(this.paths)) path.tries = 0;
    return [...this.open("webrtc", now), ...this.open("websocket", now)];
  }

  /** The control connection is lost: all that hangs on it too. @returns {TransportEffect[]} */
  disconnect() {
    this.online = false;
    return [...this.use("stills"), ...this.close("webrtc"), ...this.close("websocket")];
  }

  /** @param {MediaTransport} transport @param {number} now @returns {TransportEffect[]} */
  connected(transport, now) {
    const path = this.paths[transport];
    if (path.phase === "trying") path.enter("connected", now);
    if (transport !== "webrtc") return [];
    if (!path.picture) path.tries = 0;
    return this.hidden && path.picture ? [{ do: "pause", paused: true }] : [];
  }

  /**
   * A frame came and is identified.
   * @param {MediaTransport} transport
   * @param {number} now
   * @returns {TransportEffect[]}
   */
  framed(transport, now) {
    const path = this.paths[transport];
    if (!path.picture || path.phase === "off") return [];
    if (path.phase !== "live") path.enter("live", now);
    this.dueSince = null;
    if (transport === "webrtc") {
      this.trust();
      return [...this.use("webrtc"), ...this.close("websocket")];
    }
    if (this.doubtful) this.beatenAt ??= now;
    return this.paths.webrtc.carries ? [] : this.use("websocket");
  }

  /**
   * A transport has ended by itself.
   * @param {MediaTransport} transport
   * @param {TransportProblem} why
   * @param {number} now
   * @returns {TransportEffect[]}
   */
  lost(transport, why, now) {
    const path = this.paths[transport];
    if (path.phase === "off") return [];
    if (why === "unsupported") path.picture = false;
    path.fail(why, now);
    if (transport === "webrtc") this.trust();
    const used = this.transport === transport ? this.use(this.paths.websocket.carries ? "websocket" : "stills") : [];
    return [...used, ...(transport === "webrtc" ? this.open("websocket", now) : [])];
  }

  /** WebRTC is there, but for voice alone. @param {number} now @returns {TransportEffect[]} */
  pictureless(now) {
    const { webrtc } = this.paths;
    const open = webrtc.phase !== "off";
    if (webrtc.phase === "live") webrtc.enter("connected", now);
    webrtc.picture = false;
    webrtc.why = "unsupported";
    this.trust();
    const used = this.transport === "webrtc" ? this.use("stills") : [];
    return [
      ...used,
      ...(open ? [/** @type {TransportEffect} */ ({ do: "pause", paused: true })] : []),
      ...this.open("websocket", now),
    ];
  }

  /** WebRTC may not carry anything any more. @param {number} now @returns {TransportEffect[]} */
  doubt(now) {
    if (!this.paths.webrtc.carries || !this.paths.websocket.picture) return [];
    this.doubtful = true;
    return this.open("websocket", now);
  }

  /** No doubt any more. */
  trust() {
    this.doubtful = false;
    this.beatenAt = null;
  }

  /** The view has changed: a frame is due. @param {number} now */
  revised(now) {
    if (!this.hidden) this.dueSince ??= now;
  }

  /** The network changed, or somebody wants it tested. @param {number} now @returns {TransportEffect[]} */
  again(now) {
    this.paths.webrtc.tries = 0;
    return this.open("webrtc", now);
  }

  /**
   * Nobody looks at the page, or somebody does again.
   * @param {boolean} hidden
   * @param {number} now
   * @returns {TransportEffect[]}
   */
  hide(hidden, now) {
    if (hidden === this.hidden) return [];
    this.hidden = hidden;
    this.dueSince = null;
    const rtc = this.paths.webrtc;
    /** @type {TransportEffect[]} */
    const pause =
      rtc.picture && (rtc.phase === "connected" || rtc.phase === "live") ? [{ do: "pause", paused: hidden }] : [];
    if (hidden) return [...pause, ...this.close("websocket")];
    if (rtc.carries) this.dueSince = now;
    return [...pause, ...(rtc.carries ? [] : this.open("websocket", now))];
  }

  /** Time passes; call it a few times a second. @param {number} now @returns {TransportEffect[]} */
  tick(now) {
    if (!this.online) return [];
    const { webrtc, websocket } = this.paths;
    const stalled = this.dueSince !== null && now - this.dueSince >= STALL_MS;
    if (this.beatenAt !== null && now - this.beatenAt >= GRACE_MS) return this.beaten(now);
    return [
      ...(this.late(now) ? this.giveUp("webrtc", "blocked", now) : []),
      ...(stalled ? this.doubt(now) : []),
      ...(now >= webrtc.retryAt ? this.open("webrtc", now) : []),
      ...(now >= websocket.retryAt ? this.open("websocket", now) : []),
    ];
  }

  /** The WebSocket has what WebRTC has not. @param {number} now @returns {TransportEffect[]} */
  beaten(now) {
    this.trust();
    return [...this.use("websocket"), ...this.giveUp("webrtc", "blocked", now)];
  }

  /** WebRTC does not come up: not connected, or no frame though the WebSocket has them. @param {number} now */
  late(now) {
    const { webrtc, websocket } = this.paths;
    if (now - webrtc.since < CONNECT_MS) return false;
    return (
      webrtc.phase === "trying" || (webrtc.phase === "connected" && webrtc.picture && websocket.carries && !this.hidden)
    );
  }

  /**
   * @param {MediaTransport} transport
   * @param {TransportProblem} why
   * @param {number} now
   * @returns {TransportEffect[]}
   */
  giveUp(transport, why, now) {
    this.paths[transport].fail(why, now);
    return [{ do: "close", transport }];
  }

  /** @param {MediaTransport} transport @param {number} now @returns {TransportEffect[]} */
  open(transport, now) {
    const path = this.paths[transport];
    if (!this.online || path.phase !== "off" || !this.wanted(transport)) return [];
    path.enter("trying", now);
    return [{ do: "open", transport }];
  }

  /** @param {MediaTransport} transport */
  wanted(transport) {
    return transport === "webrtc" ? this.rtc : this.paths.websocket.picture && !this.hidden;
  }

  /** @param {MediaTransport} transport @returns {TransportEffect[]} */
  close(transport) {
    const path = this.paths[transport];
    const was = path.phase;
    path.rest();
    return was === "off" ? [] : [{ do: "close", transport }];
  }

  /** @param {Transport} transport @returns {TransportEffect[]} */
  use(transport) {
    if (transport === this.transport) return [];
    this.transport = transport;
    return [{ do: "use", transport }];
  }
}
