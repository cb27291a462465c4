/** How good the connection is: a button at the top right, and behind it by which transport picture and voice come, and why. */
/** @import {ConsultPage} from "../../app/consult-page.js" */
/** @import {Condition, Health} from "../../core/network/health.js" */
import { healthOf, textForIt } from "../../core/network/health.js";
import { el, glyph, rebuild } from "../../kit/dom.js";
import { say } from "../../kit/notice.js";
import { Popover } from "../../kit/popover.js";

const panel = new Popover();
const BUTTON = ".health";

/** @param {ConsultPage} page @returns {Condition} */
function conditionOf(page) {
  const { transports } = page.stage;
  const {
    transport,
    paths: { webrtc, websocket },
  } = transports.transports;
  return {
    live: page.session.phase === "live",
    ms: page.roundTrip,
    transport,
    slow: transports.slow,
    webrtc: { phase: webrtc.phase, why: webrtc.why },
    websocket: { phase: websocket.phase, why: websocket.why },
    sentence: transports.sentence,
    secure: isSecureContext,
    server: transports.call.server,
  };
}

/** @param {ConsultPage} page @returns {Health} */
export const health = (page) => healthOf(conditionOf(page));

/** What the button looks like depends on this. @param {Health} state */
export const healthKey = ({ word, kind, title }) => [word, kind, title];

/** @param {ConsultPage} page @param {Health} state @param {boolean} [compact] without the word */
export function healthButton(page, { word, kind, title }, compact = false) {
  return el(
    "button",
    {
      type: "button",
      class: `button bare health ${kind}`,
      "data-name": "health",
      "aria-label": `Connection: ${word}. ${title}`,
      title: compact ? word : title,
      "aria-haspopup": "dialog",
      "aria-expanded": String(panel.element !== null),
      onclick: () => toggleHealth(page),
    },
    glyph("bars"),
    compact ? null : el("span", { class: "word", text: word }),
  );
}

/** Open the panel, or close it. @param {ConsultPage} page */
export function toggleHealth(page) {
  panel.toggle(BUTTON, "Connection", "health-panel");
  renderHealth(page);
  panel.focus();
}

/** Where it is open: what is true now. Call it after the bars are drawn. @param {ConsultPage} page */
export function renderHealth(page) {
  const { element } = panel;
  if (!element) return;
  const state = health(page);
  const focused = element.contains(document.activeElement);
  rebuild(element, JSON.stringify(state), () => [
    el(
      "div",
      { class: `head ${state.kind}` },
      glyph("bars"),
      el("div", {}, el("h2", { text: state.title }), el("p", { text: state.text })),
    ),
    state.rows.length > 0 &&
      el(
        "dl",
        {},
        ...state.rows.map(({ label, value, tone }) =>
          el(
            "div",
            {},
            el("dt", { text: label }),
            el(
              "dd",
              { class: tone },
              tone === "plain" ? null : glyph(tone === "good" ? "check" : "x"),
              el("span", { text: value }),
            ),
          ),
        ),
      ),
    state.advice !== "" && el("p", { class: "advice", text: state.advice }),
    el(
      "div",
      { class: "row" },
      state.advice !== "" &&
        !!navigator.clipboard &&
        el(
          "button",
          { type: "button", class: "button", "aria-label": "Copy for IT", onclick: () => void copyForIt(page) },
          glyph("list"),
          el("span", { class: "word", text: "Copy for IT" }),
        ),
      state.mayTest &&
        el(
          "button",
          { type: "button", class: "button", "aria-label": "Test again", onclick: () => page.stage.transports.again() },
          glyph("reset"),
          el("span", { class: "word", text: "Test again" }),
        ),
      el("button", {
        type: "button",
        class: "button bare close",
        "aria-label": "Close",
        text: "Close",
        onclick: () => panel.close(),
      }),
    ),
  ]);
  if (focused && !element.contains(document.activeElement)) panel.focus(); // the focused control is gone
  panel.mark();
}

/** @param {ConsultPage} page */
async function copyForIt(page) {
  const where = { origin: location.origin, time: new Date().toISOString(), browser: navigator.userAgent };
  const copied = await navigator.clipboard.writeText(textForIt(conditionOf(page), where)).then(
    () => true,
    () => false,
  );
  const text = copied ? "Copied." : "The browser does not let us copy.";
  page.notices.show({ text, glyph: copied ? "check" : "warn", good: copied });
  say(text);
}
