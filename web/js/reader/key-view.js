/**
 * One picture of a note, as large as the screen: the exact still, checked by its hash, with marks, identity, letters
 * and scale over it. Nothing is shown that was not checked.
 */
/** @import {KeyView, Reading} from "./reading-api.js" */
/** @import {StampedViewport} from "../wire.js" */
import { ApiError } from "../core/api-error.js";
import { language, ofServer, t } from "../core/language.js";
import { drawnSize } from "../core/view/layout.js";
import { button, el, setText } from "../kit/dom.js";
import { Stills } from "../transport/exact/stills.js";
import { elementsOf, getView } from "./reading-api.js";

/** A page that is made larger or smaller asks once it has come to rest. */
const REST_MS = 200;
/** As the server takes it. */
const MAX_RATIO = 8;
/** Texts over a picture grow with a very high screen, as `--picture-text` does (css/tokens.css).
 * @param {number} height */
const larger = (height) => (height >= 2000 ? height / 1000 : 1);
/** A server that loads images is asked again so often. */
const TRIES = 8;

export class KeyViewDialog {
  /** @param {string} base the seat's address */
  constructor(base) {
    this.stills = new Stills(base, new URL("../transport/exact/still-worker.js", import.meta.url));
    /** @type {Reading | null} */
    this.reading = null;
    this.n = 0;
    this.running = new AbortController();
    this.canvas = el("canvas", { role: "img", "data-layer": "picture" });
    this.over = el("div", { class: "document frame-over" });
    this.picture = el("div", { class: "key-picture", "data-viewport": "a" }, this.canvas, this.over);
    this.caption = el("div", { class: "document caption-line" });
    this.problem = el("p", { class: "problem", role: "alert" });
    this.dialog = el(
      "dialog",
      { class: "key-view", "aria-label": t("Image of the note") },
      el(
        "div",
        { class: "heading-line" },
        this.caption,
        button({ name: t("Previous image"), word: "‹", class: "tool", onclick: () => this.step(-1) }),
        button({ name: t("Next image"), word: "›", class: "tool", onclick: () => this.step(1) }),
        button({ name: t("Close"), glyph: "x", class: "tool", onclick: () => this.dialog.close() }),
      ),
      this.picture,
      this.problem,
    );
    this.dialog.addEventListener("close", () => this.clear());
    this.dialog.addEventListener("keydown", ({ key }) => {
      if (key === "ArrowRight" || key === "ArrowLeft") this.step(key === "ArrowRight" ? 1 : -1);
    });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let resting;
    addEventListener("resize", () => {
      clearTimeout(resting);
      resting = setTimeout(() => this.dialog.open && void this.draw(), REST_MS);
    });
    document.body.append(this.dialog);
  }

  /** @param {Reading} reading @param {number} n of the picture */
  open(reading, n) {
    this.reading = reading;
    this.n = n;
    if (!this.dialog.open) this.dialog.showModal();
    void this.draw();
  }

  /** @param {number} by */
  step(by) {
    const numbers = this.reading?.pictures.map((picture) => picture.n) ?? [];
    const next = numbers[numbers.indexOf(this.n) + by];
    if (next === undefined || !this.reading) return;
    this.open(this.reading, next);
  }

  /** Nothing of a patient stays where nothing is open. */
  clear() {
    this.running.abort();
    this.canvas.width = this.canvas.height = 0;
    this.over.replaceChildren();
    this.caption.replaceChildren();
    setText(this.problem, "");
    this.picture.removeAttribute("data-digest");
    delete document.body.dataset.fidelity;
  }

  async draw() {
    const { reading, n } = this;
    if (!reading) return;
    this.clear();
    this.running = new AbortController();
    const { signal } = this.running;
    try {
      const view = await getView(reading, n, this.screen(), language);
      if (signal.aborted) return;
      if (view.sentence) return setText(this.problem, ofServer(view.sentence));
      await this.paint(view, signal);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!signal.aborted) setText(this.problem, error.failure.message);
    }
  }

  /** What there is for the picture, in device pixels. */
  screen() {
    const { clientWidth, clientHeight } = this.picture;
    const ratio = devicePixelRatio;
    const { width, height } = drawnSize(Math.round(clientWidth * ratio), Math.round(clientHeight * ratio));
    return { width, height, ratio: Math.min(MAX_RATIO, ratio * larger(innerHeight)) };
  }

  /** @param {KeyView} view @param {AbortSignal} signal */
  async paint(view, signal) {
    const { width, height, digest, scale } = view;
    const wanted = /** @type {StampedViewport} */ ({ id: "a", digest, rect_px: [0, 0, width, height], scale });
    const found = await this.fetched(wanted, signal);
    if (signal.aborted || !found) return;
    if (!found.ok) return setText(this.problem, ofServer(found.sentence) || t("This image cannot be shown."));
    this.canvas.width = width;
    this.canvas.height = height;
    this.canvas.style.width = `${width / devicePixelRatio}px`;
    this.canvas.style.height = `${height / devicePixelRatio}px`;
    this.canvas.getContext("2d", { alpha: false })?.drawImage(found.still.image, found.still.x, found.still.y);
    const [over, ...caption] = elementsOf(view.page).filter((node) => node instanceof Element);
    this.over.replaceChildren(...(over ? [over] : []));
    this.caption.replaceChildren(...caption);
    this.canvas.setAttribute("aria-label", this.caption.textContent ?? "");
    Object.assign(this.picture.dataset, { rect: `0,0,${width},${height}`, digest });
    document.body.dataset.fidelity = scale >= 1 - 1e-6 ? "exact" : "scaled";
  }

  /** @param {StampedViewport} wanted @param {AbortSignal} signal */
  async fetched(wanted, signal) {
    for (let tries = 1; ; tries++) {
      const found = await this.stills.get(wanted, signal);
      if (found.ok || found.why !== "later" || tries === TRIES) return found;
      await new Promise((resolve) => setTimeout(resolve, found.retryMs));
      if (signal.aborted) return null;
    }
  }
}
