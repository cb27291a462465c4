/** Voice in the page: the microphone as its state says, three audio elements that play the slots, and what is said of it. */
/** @import {MicrophoneEvent, MicrophoneState, Obstacle} from "../../core/voice/microphone.js" */
/** @import {Call} from "../../transport/webrtc.js" */
/** @import {ConsultPage} from "../../app/consult-page.js" */
import { next, said, sends, wantsDevice, why, WISH_STORE, words } from "../../core/voice/microphone.js";
import { seatOf } from "../../core/session/document.js";
import { Microphone } from "../../transport/microphone.js";
import { ask } from "../../kit/dialog.js";
import { el } from "../../kit/dom.js";
import { say, sayNow } from "../../kit/notice.js";

export class Voice {
  /** @param {ConsultPage} page */
  constructor(page) {
    this.page = page;
    /** @type {MicrophoneState} */
    this.state = "off";
    /** What the server knows. */
    this.told = "off";
    /** @type {Call | null} */
    this.call = null;
    this.microphone = new Microphone({ happened: (event) => this.apply(event) });
    /** @type {HTMLAudioElement[]} */
    this.players = [];
    this.wished = sessionStorage.getItem(WISH_STORE) !== null;
    sessionStorage.removeItem(WISH_STORE);
  }

  /** Voice goes by this connection, whenever it is connected. @param {Call} call */
  carryBy(call) {
    this.call = call;
    call.addEventListener("voices", (event) =>
      this.play(/** @type {CustomEvent<MediaStreamTrack[]>} */ (event).detail),
    );
    this.give();
  }

  /** @returns {Obstacle} why there is no voice now; "" where there is */
  get obstacle() {
    const { session, transports } = this.page;
    if (session.phase !== "live") return "offline";
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
    if (this.obstacle) return this.page.notices.show({ text: `${this.why}.`, glyph: "microphone-off" });
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
    const { doc } = this.page.session;
    this.told = "muted";
    this.apply("silenced");
    const text = `${(doc && seatOf(doc, by)?.name) ?? "The host"} muted you.`;
    this.page.notices.show({ text, glyph: "microphone-off" });
    sayNow(text);
  }

  /** The page is connected (anew): the server knows nothing of the microphone. */
  welcomed() {
    this.told = "off";
    this.changed();
  }

  /** Something of the transports, or of the connection, has changed. */
  changed() {
    if (this.wished && !this.obstacle) {
      this.wished = false;
      this.apply("press");
    }
    this.tell();
  }

  /** @param {MicrophoneEvent} event */
  apply(event) {
    const before = this.state;
    this.state = next(before, event);
    if (this.state === before) return this.tell();
    if (!wantsDevice(this.state)) this.microphone.close();
    this.give();
    for (const player of this.players) player.muted = this.state === "phone";
    this.tell();
    this.notify(before);
    if (this.state === "asking" || this.state === "changing") void this.microphone.open();
    this.page.draw();
  }

  /** To the connection: the track, or nothing at all. */
  give() {
    const { track } = this.microphone;
    if (track) track.enabled = sends(this.state);
    this.call?.setMicrophone(sends(this.state) ? track : null);
  }

  tell() {
    const microphone = said(this.state, this.obstacle === "");
    if (microphone === this.told) return;
    if (this.page.socket?.say({ type: "microphone", microphone })) this.told = microphone;
  }

  /** @param {MicrophoneState} before */
  notify(before) {
    const told = words(this.state, before, this.microphone.label);
    if (!told) return this.page.notices.hide();
    const { action } = told;
    const event = action?.event;
    const act = () => (event ? this.apply(event) : void howToAllow());
    this.page.notices.show({
      text: told.text,
      glyph: "microphone",
      warn: this.state !== "on",
      ...(action ? { action: { name: action.name, do: act } } : {}),
    });
    say(told.text);
  }

  /** @param {MediaStreamTrack[]} tracks one a slot */
  play(tracks) {
    tracks.forEach((track, slot) => {
      const player = this.players[slot] ?? (this.players[slot] = newPlayer(slot));
      player.muted = this.state === "phone";
      player.srcObject = new MediaStream([track]);
      player.play().catch((/** @type {DOMException} */ error) => error.name === "NotAllowedError" && this.heldBack());
    });
  }

  /** The browser plays nothing before a click. */
  heldBack() {
    const start = () => this.players.forEach((player) => void player.play().catch(() => {})); // asked again at the next click
    document.addEventListener("pointerdown", start, { once: true });
    document.addEventListener("keydown", start, { once: true });
    this.page.notices.show({
      text: "The browser holds the sound back.",
      glyph: "speaker",
      action: { name: "Turn the sound on", do: start },
    });
  }

  /** No voice any more: the page has ended. */
  stop() {
    this.state = "off";
    this.microphone.close();
    this.call?.setMicrophone(null);
    for (const player of this.players) player.srcObject = null;
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
    title: "How to allow the microphone",
    text:
      "Click the sign left of the page’s address, allow the microphone for this page, then press Allow here. " +
      "On a phone the browser itself may need leave to use the microphone: look in the settings of the device, under its name.",
    choices: [{ name: "Close", value: "", safe: true }],
  });
}
