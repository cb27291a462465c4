/** A code to say: made by a click, shown large as long as it lives, and by nobody ever again. */
/** @import {SpokenCode} from "../../core/joining/invitations.js" */
import { codeWords } from "../../core/joining/invitations.js";
import { t } from "../../core/language.js";
import { ServerClock } from "../../core/network/server-clock.js";
import { SteadyClock } from "../../core/network/steady-clock.js";
import { el, glyph } from "../dom.js";

const TICK_MS = 1000;

export class CodeToSay {
  /**
   * @param {(make: () => Promise<void>) => Promise<void>} attempt show what goes wrong
   * @param {() => Promise<SpokenCode>} make
   */
  constructor(attempt, make) {
    /** @type {SpokenCode | null} */
    this.spoken = null;
    this.steady = new SteadyClock(performance.now(), Date.now());
    this.clock = new ServerClock();
    this.code = el("output", { class: "spoken-code" });
    this.about = el("p", { class: "about" });
    this.make = el(
      "button",
      {
        type: "button",
        class: "button",
        onclick: () =>
          void attempt(async () => {
            this.spoken = await make();
            this.clock.welcomed(this.spoken.now, this.steadyMs());
            this.tick();
          }),
      },
      glyph("speaking"),
      el("span", { text: t("Make a code to say") }),
    );
    this.shown = el("div", { class: "spoken", hidden: true }, this.code, this.about);
    this.element = el("div", { class: "code-part" }, this.make, this.shown);
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.timer = undefined;
  }

  /** It is on the screen. */
  start() {
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** It is no longer. */
  stop() {
    clearInterval(this.timer);
  }

  steadyMs() {
    return this.steady.now(performance.now(), Date.now());
  }

  tick() {
    const now = this.clock.now(this.steadyMs());
    const words = this.spoken && now !== null ? codeWords(this.spoken, now) : null;
    this.shown.hidden = !words;
    this.code.textContent = words?.code ?? "";
    this.about.textContent = words?.about ?? "";
  }

  /** Which codes still open something: one that was used is shown no longer. @param {readonly string[]} living */
  keep(living) {
    if (this.spoken && !living.includes(this.spoken.invitation)) this.spoken = null;
    this.tick();
  }
}
