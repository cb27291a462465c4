/**
 * Voice in the page: the microphone as its state says, three audio elements that play the slots, and what is announced
 * of it.
 */
/** @import {MicrophoneEvent, MicrophoneState, Obstacle} from "../../core/voice/microphone.js" */
/** @import {Call} from "../../transport/webrtc.js" */
/** @import {FeatureContext} from "../context.js" */
/** @import {Item} from "../../kit/menu.js" */
import { t } from "../../core/language.js";
import {
  ELSEWHERE,
  face,
  isNone,
  next,
  NONE,
  reported,
  sends,
  wantsDevice,
  why,
  words,
} from "../../core/voice/microphone.js";
import { wishOf } from "../../core/voice/wish.js";
import { seatOf } from "../../core/session/document.js";
import { Microphone } from "../../transport/microphone.js";
import { ask } from "../../kit/dialog.js";
import { el, find } from "../../kit/dom.js";
import { control, draw, html, icon, nothing, tool } from "../../kit/html.js";
import { openMenu } from "../../kit/menu.js";
import { announce, announceNow } from "../../kit/notice.js";
import { avatar } from "../../kit/person.js";

/** @typedef {Pick<FeatureContext, "session" | "send" | "stage" | "notices" | "redraw">} VoiceContext */

export class Voice {
  /** @param {VoiceContext} context */
  constructor(context) {
    this.context = context;
    const wish = wishOf(location.hash);
    if (location.hash) history.replaceState(null, "", location.pathname);
    /** @type {MicrophoneState} */
    this.state = wish === "phone" ? "phone" : "off";
    /** What the server was sent. */
    this.reported = "off";
    this.microphone = new Microphone({ onEvent: (event) => this.apply(event) });
    /** @type {HTMLAudioElement[]} */
    this.players = [];
    this.wished = wish === "speak";
    this.actions = { microphone: () => this.press() };
    const { session } = context;
    session.on("muted", (by) => this.silenced(by));
    session.on("live", () => this.connected());
    session.on("over", () => this.stop());
    session.on("changed", (before, after) => before.board !== after.board && this.moved());
    this.call.addEventListener("voices", (event) =>
      this.play(/** @type {CustomEvent<MediaStreamTrack[]>} */ (event).detail),
    );
    this.give();
  }

  /** The WebRTC connection, by which voice goes whenever it is connected. @returns {Call} */
  get call() {
    return this.context.stage.transports.call;
  }

  /** A board's room speaks and listens by other means: no page asks for a microphone, and none plays. */
  get elsewhere() {
    return !!this.context.session.doc?.board?.sound_elsewhere;
  }

  /** Nothing is played here. */
  get silent() {
    return this.state === "phone" || this.elsewhere;
  }

  /** Whoever leads the board has said that the sound is elsewhere, or here again. */
  moved() {
    if (this.elsewhere && this.state !== "phone") this.apply("listen");
    for (const player of this.players) player.muted = this.silent;
    this.changed();
  }

  /** @returns {Obstacle} why there is no voice now; "" where there is */
  get obstacle() {
    const { session, stage } = this.context;
    const { transports } = stage.transports;
    if (this.elsewhere) return "elsewhere";
    if (!session.live) return "offline";
    if (!this.microphone.possible) return "insecure";
    if (session.doc && seatOf(session.doc, session.me)?.role === "viewer") return "viewer";
    if (!transports.rtc) return "unable";
    const { phase, tries } = transports.paths.webrtc;
    if (phase === "connected" || phase === "live") return "";
    return phase === "trying" && tries === 0 ? "connecting" : "blocked";
  }

  /** In words. */
  get why() {
    return why(this.obstacle);
  }

  /** The button, or its key. */
  press() {
    if (this.obstacle) return this.context.notices.show({ text: `${this.why}.`, glyph: "microphone-off" });
    if (this.state === "phone") return;
    this.apply("press");
  }

  /** Open it, from the menu. */
  begin() {
    if (this.obstacle) this.press();
    else this.apply("press");
  }

  /** The host has muted it. @param {string} by seat */
  silenced(by) {
    const { doc } = this.context.session;
    this.reported = "muted";
    this.apply("silenced");
    const text = t("{name} muted you.", { name: (doc && seatOf(doc, by)?.name) ?? t("The host") });
    this.context.notices.show({ text, glyph: "microphone-off" });
    announceNow(text);
  }

  /** The page is connected (anew): the server knows nothing of the microphone. */
  connected() {
    this.reported = "off";
    this.moved();
  }

  /** Something of the transports, or of the connection, has changed. */
  changed() {
    if (this.elsewhere) this.wished = false;
    if (this.wished && !this.obstacle) {
      this.wished = false;
      this.apply("press");
    }
    this.report();
  }

  /** @param {MicrophoneEvent} event */
  apply(event) {
    const before = this.state;
    this.state = next(before, event);
    if (this.state === "on" && this.microphone.taken) this.state = next("on", "taken");
    if (this.state === before) return this.report();
    if (!wantsDevice(this.state)) this.microphone.close();
    this.give();
    for (const player of this.players) player.muted = this.silent;
    this.report();
    this.notify(before);
    if (this.state === "asking" || this.state === "changing") void this.microphone.open();
    this.context.redraw();
  }

  /** To the connection: the track, or nothing at all. */
  give() {
    const { track } = this.microphone;
    if (track) track.enabled = sends(this.state) || this.state === "interrupted";
    this.call.setMicrophone(sends(this.state) ? track : null);
  }

  /** To the server: whether this microphone can be heard. */
  report() {
    const microphone = reported(this.state, this.obstacle === "");
    if (microphone === this.reported) return;
    if (this.context.send({ type: "microphone", microphone })) this.reported = microphone;
  }

  /** @param {MicrophoneState} before */
  notify(before) {
    const { notices } = this.context;
    const found = words(this.state, before, this.microphone.label);
    if (!found) return notices.hide();
    const { text, action } = found;
    const event = action?.event;
    const act = () => (event ? this.apply(event) : void howToAllow());
    notices.show({
      text,
      glyph: "microphone",
      warn: this.state !== "on",
      ...(action ? { action: { name: action.name, do: act } } : {}),
    });
    announce(text);
  }

  /** @param {MediaStreamTrack[]} tracks one a slot */
  play(tracks) {
    tracks.forEach((track, slot) => {
      this.players[slot] ??= newPlayer(slot);
      const player = this.players[slot];
      player.muted = this.silent;
      player.srcObject = new MediaStream([track]);
      player.play().catch((/** @type {DOMException} */ error) => error.name === "NotAllowedError" && this.heldBack());
    });
  }

  /** The browser plays nothing before a click. */
  heldBack() {
    const start = () => {
      for (const player of this.players) player.play().catch(() => {}); // asked again at the next click
    };
    document.addEventListener("pointerdown", start, { once: true });
    document.addEventListener("keydown", start, { once: true });
    this.context.notices.show({
      text: t("The browser has blocked the sound."),
      glyph: "speaker",
      action: { name: t("Turn the sound on"), do: start },
    });
  }

  /** No voice any more: the page has ended. */
  stop() {
    this.state = "off";
    this.microphone.close();
    this.call.setMicrophone(null);
    for (const player of this.players) player.srcObject = null;
  }

  /**
   * The button of the microphone. It stays where it is when there is no voice, and shows why.
   * @param {string} className
   */
  microphoneButton(className) {
    const { state, obstacle } = this;
    const { speaking, me } = this.context.session;
    const none = isNone(obstacle);
    const shown = none && state !== "phone" ? (this.elsewhere ? ELSEWHERE : NONE) : face(state);
    const off = obstacle !== "" && !none && state !== "phone";
    return html`<button
      type="button"
      class=${`${className} ${shown.tone}`}
      data-name="microphone"
      aria-label=${shown.name}
      aria-disabled=${off ? "true" : nothing}
      title=${obstacle !== "" && state !== "phone" ? this.why : `${shown.name} (M)`}
      @click=${(/** @type {MouseEvent & {currentTarget: HTMLElement}} */ { currentTarget }) =>
        none || state === "phone" ? openMenu(currentTarget, t("Sound"), this.menuItems) : this.press()}
    >${icon(shown.glyph)}<span class="word">${shown.word}</span>${
      speaking.has(me) ? icon("speaking") : nothing
    }</button>`;
  }

  /** Opens the menu of how one takes part by ear. */
  get soundButton() {
    return tool({
      name: t("Sound"),
      glyph: "speaker",
      class: "button sound",
      popup: "menu",
      do: ({ currentTarget }) => openMenu(currentTarget, t("Sound"), this.menuItems),
    });
  }

  /** How one takes part by ear. @returns {Item[]} */
  get menuItems() {
    const phone = this.state === "phone";
    const listens = this.state === "off";
    return [
      ...(isNone(this.obstacle) ? [] : [this.speakItem]),
      {
        name: isNone(this.obstacle) ? t("Only look") : t("Only listen"),
        glyph: "speaker",
        checked: listens,
        choose: () => this.apply("listen"),
      },
      { name: t("We are on the phone already"), glyph: "call", checked: phone, choose: () => this.apply("call") },
    ];
  }

  /** @returns {Item} */
  get speakItem() {
    const silent = this.state === "phone" || this.state === "off";
    return {
      name: t("Speak and listen here"),
      glyph: "microphone",
      checked: !silent,
      choose: () => (silent ? this.begin() : undefined),
    };
  }

  /** For the host, where somebody else could be heard. */
  get muteAllButton() {
    const { here, me, standing, live } = this.context.session;
    const open = [...here.values()].some((h) => h.online && h.seat !== me && h.microphone === "on");
    if (!standing?.host || !live || !open) return nothing;
    return control({ more: t("Mute all"), class: "button small bare mute-all", do: () => this.mute("") });
  }

  /** @param {string} seat "" for all */
  mute(seat) {
    this.context.send({ type: "mute", seat });
  }

  /** On small screens: who speaks, over the lower edge of the picture. @param {boolean} shown */
  renderTalker(shown) {
    const chip = find("#talker", HTMLElement);
    const { doc, speaking, me } = this.context.session;
    const other = [...speaking].find((id) => id !== me);
    const seat = doc && shown ? seatOf(doc, other) : null;
    chip.hidden = !seat;
    draw(
      chip,
      seat
        ? html`${avatar(seat, { speaking: true })}<span>${t("{name} is speaking", { name: seat.name })}</span>`
        : nothing,
    );
  }
}

/** @param {number} slot */
function newPlayer(slot) {
  const player = el("audio", { "data-slot": slot, hidden: true });
  player.autoplay = true;
  document.body.append(player);
  return player;
}

/** In which words a browser is asked differs; where, hardly. */
async function howToAllow() {
  await ask({
    title: t("How to allow the microphone"),
    text: t(
      "Click the icon left of the page’s address, allow the microphone for this page, then press Allow here. " +
        "On a phone the browser itself may need permission to use the microphone: look in the settings of the " +
        "device, under its name.",
    ),
    choices: [{ name: t("Close"), value: "", safe: true }],
  });
}
