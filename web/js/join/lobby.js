/**
 * Before the door: waiting until a host lets one in. The page asks the server, which answers once something has
 * changed, and at the latest after a few seconds; so it goes on also in a tab that nobody looks at.
 */
/** @import {Failure, Waiting} from "../transport/join-api.js" */
import { minutesText } from "../core/format.js";
import { t } from "../core/language.js";
import { wishOf } from "../core/voice/wish.js";
import { el, glyph, setText } from "../kit/dom.js";
import { waitInLobby } from "../transport/join-api.js";
import { SoundTest } from "./sound-test.js";

const TICK_MS = 1000;
/** Between two questions of which the first was not answered. */
const AGAIN_MS = 2000;

export class Lobby {
  /**
   * @param {string} seat its address @param {Waiting} waiting
   * @param {{comeIn: () => void, failed: (error: Failure["error"]) => void, left: () => void}} does
   */
  constructor(seat, waiting, does) {
    this.seat = seat;
    this.does = does;
    this.over = false;
    /** When it began, by this page's clock. */
    this.since = performance.now() - 1000 * Math.max(0, waiting.now - waiting.asked_at);
    this.sound = new SoundTest();
    this.waited = el("p", { class: "waited" });
    this.trouble = el("p", { class: "problem", role: "alert" });
    const speaks = wishOf(location.hash) === "speak" && isSecureContext && !!navigator.mediaDevices;
    const [microphone] = speaks ? this.sound.rows(true) : [];
    this.element = el(
      "div",
      { class: "state-column lobby" },
      glyph("clock"),
      el("h1", { text: t("Please wait to be let in") }),
      el("p", {
        text: t("{name} knows that you are here. Keep this page open; the picture appears by itself.", {
          name: waiting.host_name,
        }),
      }),
      waiting.hospital && el("p", { class: "hospital", text: waiting.hospital }),
      microphone && el("div", { class: "sounds" }, microphone),
      this.trouble,
      el(
        "div",
        { class: "waiting-line" },
        this.waited,
        el("button", { type: "button", class: "button bare", text: t("Leave"), onclick: () => this.leave() }),
      ),
    );
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.tick();
    void this.ask();
  }

  tick() {
    const age = minutesText((performance.now() - this.since) / 1000);
    setText(this.waited, t("Waiting for {age}. Nobody hears you yet.", { age }));
  }

  /** Ask until it is decided. */
  async ask() {
    while (!this.over) {
      const answer = await waitInLobby(this.seat);
      if (this.over) return;
      if ("error" in answer) {
        if (!mayPass(answer.error.code)) return this.end(() => this.does.failed(answer.error));
        setText(this.trouble, t("The server does not answer. We keep trying."));
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      } else {
        setText(this.trouble, "");
        if (answer.state === "in") return this.end(this.does.comeIn);
      }
    }
  }

  leave() {
    this.end(this.does.left);
  }

  /** @param {() => void} then */
  end(then) {
    this.over = true;
    clearInterval(this.timer);
    this.sound.stop();
    then();
  }
}

/** The network, or the server, for a while. @param {string} code */
const mayPass = (code) => ["unreachable", "server", "closing", "too_often", "store_failed", "disk_full"].includes(code);
