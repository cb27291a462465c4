/** Signs beside a name: a raised hand, a slow network; and how somebody is connected, in words. */
/** @import {Here} from "../wire.js" */
import { t } from "../core/language.js";
import { html, icon, nothing } from "./html.js";

/** As core/health.js has it for oneself. */
const SLOW_MS = 400;

/** @param {Here | undefined} here */
export const slow = (here) => !!here?.online && here.round_trip_ms > SLOW_MS;

const TRANSPORTS = {
  webrtc: t("moving picture by WebRTC"),
  websocket: t("moving picture over WebSocket"),
  stills: t("still pictures only"),
};

/** How somebody is connected, in words. @param {Here | undefined} here */
export function connectionWords(here) {
  if (!here?.online) return "";
  return here.round_trip_ms > 0
    ? t("{way}, at most {ms} ms", { way: TRANSPORTS[here.transport], ms: here.round_trip_ms })
    : TRANSPORTS[here.transport];
}

/** Signs beside a name: a raised hand, a slow network. @param {Here | undefined} here */
export const signs = (here) =>
  html`${
    here?.online && here.hand > 0
      ? html`<span class="hand-sign" title=${t("Hand raised")}
          >${icon("hand")}<span class="n">${here.hand}</span></span>`
      : nothing
  }${slow(here) ? icon("bars", "slow-sign") : nothing}`;
