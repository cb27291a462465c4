/**
 * Before joining: does the microphone hear me, do I hear the sound. Nothing is asked for before a click, nothing is
 * sent.
 */
import { t } from "../core/language.js";
import { words } from "../core/voice/microphone.js";
import { Microphone } from "../transport/microphone.js";
import { el, glyph, setText } from "../kit/dom.js";
import { lit, rms, SEGMENTS } from "./sound-level.js";

const METER_MS = 80;
const TONES_HZ = [523, 659];
const TONE_S = 0.18;

export class SoundTest {
  constructor() {
    this.microphone = new Microphone({ onEvent: (event) => this.onEvent(event) });
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.timer = undefined;
    this.status = el("span", { class: "second quiet", text: t("Not tested yet") });
    this.meter = el(
      "span",
      { class: "meter", hidden: true, "aria-hidden": true },
      ...Array.from({ length: SEGMENTS }, () => el("i")),
    );
    this.button = el("button", {
      type: "button",
      class: "button small",
      text: t("Test"),
      "aria-label": t("Test the microphone"),
      onclick: () => this.toggle(),
    });
    this.played = el("span", { class: "second quiet", text: t("Voices come out here") });
  }

  /** Rows for the page. @param {boolean} speaks with a microphone */
  rows(speaks) {
    const row = (
      /** @type {string} */ sign,
      /** @type {string} */ name,
      /** @type {HTMLElement[]} */ lines,
      /** @type {HTMLElement} */ act,
    ) =>
      el(
        "div",
        { class: "connection sound-row" },
        glyph(sign),
        el("div", { class: "two-lines" }, el("span", { class: "first", text: name }), ...lines),
        act,
      );
    const play = el("button", {
      type: "button",
      class: "button small",
      text: t("Play sound"),
      onclick: () => this.play(),
    });
    return [
      speaks ? row("microphone", t("Microphone"), [this.status, this.meter], this.button) : null,
      row("speaker", t("Speaker"), [this.played], play),
    ];
  }

  toggle() {
    if (this.microphone.track) return this.stop();
    setText(this.status, t("Opening"));
    void this.microphone.open();
  }

  /** @param {"opened" | "refused" | "busy" | "missing" | "ended" | "taken" | "returned"} event */
  onEvent(event) {
    if (event === "opened") return this.listen();
    if (event === "taken") return setText(this.status, t("A call or another app has the microphone"));
    if (event === "returned") return setText(this.status, this.microphone.label || t("It is open"));
    this.stop();
    setText(this.status, words(event === "ended" ? "lost" : event, "asking", "")?.text ?? "");
  }

  /** Show how loud it is. */
  listen() {
    const { track } = this.microphone;
    if (!track) return;
    setText(this.status, this.microphone.label || t("It is open"));
    setText(this.button, t("Stop"));
    this.button.setAttribute("aria-label", t("Stop the test of the microphone"));
    this.meter.hidden = false;
    this.context ??= new AudioContext();
    const analyser = this.context.createAnalyser();
    this.context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const n = lit(rms(samples));
      [...this.meter.children].forEach((segment, i) => void segment.classList.toggle("lit", i < n));
    }, METER_MS);
  }

  /** Let microphone and speaker go. */
  stop() {
    clearInterval(this.timer);
    void this.context?.close();
    this.context = null;
    this.microphone.close();
    this.meter.hidden = true;
    setText(this.button, t("Test"));
    this.button.setAttribute("aria-label", t("Test the microphone"));
    setText(this.status, t("Not tested yet"));
  }

  /** Two tones. */
  play() {
    this.context ??= new AudioContext();
    const { context } = this;
    void context.resume();
    TONES_HZ.forEach((hertz, i) => {
      const tone = new OscillatorNode(context, { frequency: hertz });
      const loudness = new GainNode(context, { gain: 0.2 });
      const start = context.currentTime + i * TONE_S;
      loudness.gain.setTargetAtTime(0, start + TONE_S / 2, TONE_S / 6);
      tone.connect(loudness).connect(context.destination);
      tone.start(start);
      tone.stop(start + 2 * TONE_S);
    });
    setText(this.played, t("Two tones were played"));
  }
}
