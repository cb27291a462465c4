/**
 * From the page's beginning to its first picture: one sentence in the middle says what is under way, and within ten
 * seconds why it does not go on and what to do. It asks by HTTP what a WebSocket that does not open cannot say.
 * Performance marks say when, for benchmarks and whoever looks: consult-join (the button), consult-seat (granted),
 * consult-open (the viewer begins), consult-live, consult-picture, consult-exact.
 */
/** @import {Session} from "../core/session/session.js" */
/** @import {Stage} from "../stage/stage.js" */
import { t } from "../core/language.js";
import { readyCount } from "../core/loading.js";
import { endWords, whyNot } from "../core/words.js";
import { el, find } from "../kit/dom.js";
import { seatState } from "../transport/join-api.js";

const TICK_MS = 500;
/** So long a connection may take before it is asked why; the answer has 4 s more. */
export const PATIENCE_MS = 4000;
/** Between two questions. */
const AGAIN_MS = 5000;
/** A first picture that takes longer is told so. */
const SLOW_MS = 8000;

/** What waits for the first picture waits no longer than this. */
const FIRST_MS = 2000;

/** @typedef {{title: string, text: string}} Sentence */

/**
 * Do what takes processor and line, as the moving picture and voice do, once the first picture is on the screen; where
 * there is one, at once; where none comes, later.
 * @param {Stage} stage @param {() => unknown} act
 */
export function afterFirstPicture({ element, pictures }, act) {
  if (pictures.painted) return act();
  const done = new AbortController();
  const once = () => {
    if (done.signal.aborted) return;
    done.abort();
    clearTimeout(timer);
    act();
  };
  const timer = setTimeout(once, FIRST_MS);
  // The frame that shows it is drawn before the task behind it.
  const shown = () => requestAnimationFrame(() => setTimeout(once));
  element.addEventListener("painted", shown, { once: true, signal: done.signal });
  return undefined;
}

export class Opening {
  /** @param {Session} session @param {string} base address of the seat @param {() => void} retry connect at once */
  constructor(session, base, retry) {
    this.session = session;
    this.base = base;
    this.element = find("#loading", HTMLElement);
    this.title = el("p", { class: "first" });
    this.text = el("p", { class: "second" });
    this.actions = el(
      "div",
      { class: "actions", hidden: true },
      el("button", { type: "button", class: "button", text: t("Try now"), onclick: retry }),
    );
    this.element.replaceChildren(this.title, this.text, this.actions);
    performance.mark("consult-open");
    this.askAt = performance.now() + PATIENCE_MS;
    this.liveAt = 0;
    this.show({ title: t("Connecting to the consult"), text: "" });
    this.timer = setInterval(() => this.tick(), TICK_MS);
    session.on("live", () => this.live());
    session.on("over", () => this.end());
    find("#stage", HTMLElement).addEventListener("painted", () => this.painted(), { once: true });
  }

  painted() {
    performance.mark("consult-picture");
    markExact();
    this.end();
  }

  live() {
    if (!this.liveAt) performance.mark("consult-live");
    this.liveAt ||= performance.now();
    delete document.body.dataset.why;
    this.tick();
  }

  tick() {
    const now = performance.now();
    if (this.session.live) return this.show(comes(this.session, now - this.liveAt));
    if (now < this.askAt) return;
    this.askAt = Infinity;
    void this.ask().finally(() => {
      this.askAt = performance.now() + AGAIN_MS;
    });
  }

  /** Why it is not live. */
  async ask() {
    const state = await seatState(this.base);
    if (this.session.live) return;
    const code = "error" in state ? state.error.code : state.upgrade ? "blocked" : "proxy";
    document.body.dataset.why = whyNot(code);
    this.show(endWords(code, location.host), true);
  }

  /** @param {Sentence} sentence @param {boolean} [stuck] there is something to try */
  show({ title, text }, stuck = false) {
    if (this.title.textContent !== title) this.title.textContent = title;
    if (this.text.textContent !== text) this.text.textContent = text;
    this.actions.hidden = !stuck;
  }

  end() {
    clearInterval(this.timer);
    this.element.hidden = true;
  }
}

/** What the first picture waits for. @param {Session} session @param {number} waited ms @returns {Sentence} */
function comes(session, waited) {
  const loadings = [...session.loadings.values()];
  const [ready, all] = [loadings.reduce((n, l) => n + readyCount(l), 0), loadings.reduce((n, l) => n + l.images, 0)];
  const loaded = ready < all ? `${t("{ready} of {all} images are loaded on the server.", { ready, all })} ` : "";
  const slow = waited > SLOW_MS ? t("This network is slow, or the server is busy. The picture comes by itself.") : "";
  return { title: t("The first picture is on its way"), text: `${loaded}${slow}`.trim() };
}

/** When the first picture has become exact. */
function markExact() {
  const { body } = document;
  const look = () => {
    if (body.dataset.fidelity !== "exact" && body.dataset.fidelity !== "scaled") return;
    changes.disconnect();
    performance.mark("consult-exact");
  };
  const changes = new MutationObserver(look);
  changes.observe(body, { attributeFilter: ["data-fidelity"] });
  look();
}
