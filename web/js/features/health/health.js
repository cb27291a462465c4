/**
 * How good the connection is: a button at the top right, and behind it by which transport picture and voice come, and
 * why.
 */
/** @import {FeatureContext} from "../context.js" */
/** @import {Condition, Health} from "../../core/network/health.js" */
import { ofServer, t } from "../../core/language.js";
import { healthOf, textForIt } from "../../core/network/health.js";
import { control, draw, html, icon, nothing } from "../../kit/html.js";
import { announce } from "../../kit/notice.js";
import { Popover } from "../../kit/popover.js";

const BUTTON = ".health";

/** @typedef {Pick<FeatureContext, "session" | "stage" | "notices" | "roundTrip">} HealthContext */

export class ConnectionHealth {
  /** @param {HealthContext} context */
  constructor(context) {
    this.context = context;
    this.panel = new Popover();
  }

  /** @returns {Condition} */
  get condition() {
    const { session, stage, roundTrip } = this.context;
    const { transports } = stage;
    const {
      transport,
      paths: { webrtc, websocket },
    } = transports.transports;
    return {
      live: !session.stale,
      ms: roundTrip(),
      transport,
      slow: transports.slow,
      exact: stage.motion.exact,
      webrtc: { phase: webrtc.phase, why: webrtc.why, failed: webrtc.tries > 0 },
      websocket: { phase: websocket.phase, why: websocket.why },
      sentence: ofServer(transports.sentence),
      secure: isSecureContext,
      server: transports.call.server,
    };
  }

  /** @param {boolean} [compact] without the word */
  button(compact = false) {
    const { word, kind, title } = healthOf(this.condition);
    return html`<button
      type="button"
      class=${`button bare health ${kind}`}
      data-name="health"
      aria-label=${t("Connection: {word}. {title}", { word, title })}
      title=${compact ? word : title}
      aria-haspopup="dialog"
      aria-expanded=${String(this.panel.element !== null)}
      @click=${() => this.toggle()}
    >${icon("bars")}${compact ? nothing : html`<span class="word">${word}</span>`}</button>`;
  }

  /** Open the panel, or close it. */
  toggle() {
    this.panel.toggle(BUTTON, t("Connection"), "health-panel");
    this.render();
    this.panel.focus();
  }

  /** Where it is open: what is true now. After the bars are drawn, since it hangs at a button of theirs. */
  render() {
    const { element } = this.panel;
    if (!element) return;
    const focused = element.contains(document.activeElement);
    draw(element, this.content(healthOf(this.condition)));
    if (focused && !element.contains(document.activeElement)) this.panel.focus(); // the focused control is gone
    this.panel.mark();
  }

  /** @param {Health} state */
  content({ kind, title, text, rows, advice, mayTest }) {
    const close = t("Close");
    const line = (/** @type {Health["rows"][number]} */ { label, value, tone }) =>
      html`<div><dt>${label}</dt><dd class=${tone}>${
        tone === "plain" ? nothing : icon(tone === "good" ? "check" : "x")
      }<span>${value}</span></dd></div>`;
    return html`<div class=${`head ${kind}`}>${icon("bars")}<div><h2>${title}</h2><p>${text}</p></div></div>
      ${rows.length > 0 ? html`<dl>${rows.map(line)}</dl>` : nothing}
      ${advice ? html`<p class="advice">${advice}</p>` : nothing}
      <div class="row">${
        advice && navigator.clipboard
          ? control({ label: t("Copy for IT"), word: t("Copy for IT"), glyph: "list", do: () => void this.copyForIt() })
          : nothing
      }${
        mayTest
          ? control({
              label: t("Test again"),
              word: t("Test again"),
              glyph: "reset",
              do: () => this.context.stage.transports.again(),
            })
          : nothing
      }${control({ label: close, class: "button bare close", more: close, do: () => this.panel.close() })}</div>`;
  }

  async copyForIt() {
    const where = { origin: location.origin, time: new Date().toISOString(), browser: navigator.userAgent };
    const copied = await navigator.clipboard.writeText(textForIt(this.condition, where)).then(
      () => true,
      () => false,
    );
    const text = copied ? t("Copied.") : t("The browser does not let us copy.");
    this.context.notices.show({ text, glyph: copied ? "check" : "warn", good: copied });
    announce(text);
  }
}
