/** The microphone of this device: opened after a click, let go when nobody wants it. What it says stays in the page
 * until the track is given to the WebRTC connection. */
import { failure } from "../core/voice/microphone.js";

/** The browser takes what the loudspeaker plays out again, and noise, and evens loudness. */
const CONSTRAINTS = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
  video: false,
};

/**
 * @typedef {object} MicrophoneCallbacks
 * @property {(event: "opened" | "refused" | "busy" | "missing" | "ended" | "taken" | "returned") => void} onEvent
 */

export class Microphone {
  /** @param {MicrophoneCallbacks} callbacks */
  constructor(callbacks) {
    this.callbacks = callbacks;
    /** @type {MediaStreamTrack | null} */
    this.track = null;
    /** Counts openings: one that is overtaken is let go. */
    this.opening = 0;
  }

  /** This browser has one for this address. */
  get possible() {
    return isSecureContext && !!navigator.mediaDevices;
  }

  /** The system has muted it: another app or a telephone call has it. */
  get taken() {
    return this.track?.muted ?? false;
  }

  get label() {
    return this.track?.label ?? "";
  }

  /** Ask the browser for it; `onEvent` gets how that went. */
  async open() {
    this.close();
    const mine = this.opening;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia(CONSTRAINTS);
    } catch (error) {
      if (mine === this.opening)
        this.callbacks.onEvent(/** @type {"refused"} */ (failure(error instanceof DOMException ? error.name : "")));
      return;
    }
    const track = stream.getAudioTracks()[0];
    if (!track) return this.callbacks.onEvent("missing");
    if (mine !== this.opening) return track.stop();
    track.contentHint = "speech";
    track.addEventListener("ended", () => this.ended(track));
    track.addEventListener("mute", () => track === this.track && this.callbacks.onEvent("taken"));
    track.addEventListener("unmute", () => track === this.track && this.callbacks.onEvent("returned"));
    this.track = track;
    this.callbacks.onEvent("opened");
  }

  /** Let it go. */
  close() {
    this.opening += 1;
    this.track?.stop();
    this.track = null;
  }

  /** Unplugged, or taken away. @param {MediaStreamTrack} track */
  ended(track) {
    if (track !== this.track) return;
    this.close();
    this.callbacks.onEvent("ended");
  }
}
