/**
 * What the microphone is doing, without a browser: a table of states. An event that a state does not list changes
 * nothing.
 * - off: only listens. asking: the browser asks, or opens it. muted: open, and nothing at all is sent.
 * - refused, busy, missing: it could not be opened. lost: it was open, and is gone.
 * - changing: it went away while it was on; another one is opened in its place.
 * - interrupted: it was on, and the system has taken it (a telephone call): it is on again when it is given back.
 * - phone: "we are on the phone already": neither sends nor plays.
 */
/** @import {SetMicrophone} from "../../wire.js" */
import { t } from "../language.js";

/**
 * @typedef {"off" | "asking" | "on" | "muted" | "interrupted" | "refused" | "busy" | "missing" | "lost" | "changing" |
 *   "phone"} MicrophoneState
 */
/**
 * press: the button. opened, refused, busy, missing: how opening it went. ended: the device is gone.
 * taken, returned: the system has muted the device, and gives it back. silenced: the host muted it.
 * listen, call: only listen, or on the phone already.
 * @typedef {"press" | "opened" | "refused" | "busy" | "missing" | "ended" | "taken" | "returned" | "silenced" |
 *   "listen" | "call"} MicrophoneEvent
 */
/** @typedef {{text: string, action?: {name: string, event?: MicrophoneEvent}}} MicrophoneWords */

/** @type {Partial<Record<MicrophoneEvent, MicrophoneState>>} */
const EXITS = { listen: "off", call: "phone" };
/** @type {Partial<Record<MicrophoneEvent, MicrophoneState>>} */
const FAILED = { ...EXITS, press: "asking" };
/** @type {Record<MicrophoneState, Partial<Record<MicrophoneEvent, MicrophoneState>>>} */
const TABLE = {
  off: { press: "asking", call: "phone" },
  asking: { ...EXITS, opened: "on", refused: "refused", busy: "busy", missing: "missing" },
  on: { ...EXITS, press: "muted", silenced: "muted", taken: "interrupted", ended: "changing" },
  interrupted: { ...EXITS, press: "muted", silenced: "muted", returned: "on", ended: "lost" },
  muted: { ...EXITS, press: "on", ended: "lost" },
  changing: {
    ...EXITS,
    press: "off",
    silenced: "off",
    opened: "on",
    refused: "lost",
    busy: "lost",
    missing: "lost",
  },
  refused: FAILED,
  busy: FAILED,
  missing: FAILED,
  lost: FAILED,
  phone: { listen: "off", press: "asking" },
};

/** @param {MicrophoneState} state @param {MicrophoneEvent} event @returns {MicrophoneState} */
export const next = (state, event) => TABLE[state][event] ?? state;

/** The device is to be open in this state, or opened. @param {MicrophoneState} state */
export const wantsDevice = (state) => ["asking", "changing", "on", "muted", "interrupted"].includes(state);

/** Whether its sound is sent. @param {MicrophoneState} state */
export const sends = (state) => state === "on";

/**
 * What the server is sent.
 * @param {MicrophoneState} state
 * @param {boolean} possible voice has a transport
 * @returns {SetMicrophone["microphone"]}
 */
export function reported(state, possible) {
  if (state === "phone") return "phone";
  if (!possible) return "off";
  if (state === "interrupted") return "muted";
  return state === "on" || state === "muted" ? state : "off";
}

/** The event for an error of getUserMedia, by its name. @param {string} name @returns {MicrophoneEvent} */
export function failure(name) {
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  return "busy";
}

/**
 * How the button looks. `word` is seen, and part of `name`.
 * @typedef {{word: string, name: string, glyph: string, tone: "plain" | "muted" | "warn"}} Face
 */

/** @param {MicrophoneState} state @returns {Face} */
export function face(state) {
  switch (state) {
    case "on":
      return { word: t("Mute"), name: t("Mute microphone"), glyph: "microphone", tone: "plain" };
    case "muted":
      return { word: t("Unmute"), name: t("Unmute microphone"), glyph: "microphone-off", tone: "muted" };
    case "interrupted":
      return { word: t("Interrupted"), name: t("Interrupted: mute microphone"), glyph: "microphone-off", tone: "warn" };
    case "refused":
      return { word: t("Allow"), name: t("Allow microphone"), glyph: "microphone-off", tone: "warn" };
    case "busy":
    case "missing":
    case "lost":
      return { word: t("Retry"), name: t("Retry microphone"), glyph: "microphone-off", tone: "warn" };
    case "asking":
    case "changing":
      return { word: t("Opening"), name: t("Opening microphone"), glyph: "microphone", tone: "plain" };
    case "phone":
      return {
        word: t("On the phone"),
        name: t("On the phone: use the microphone here"),
        glyph: "call",
        tone: "plain",
      };
    default:
      return { word: t("Unmute"), name: t("Unmute microphone"), glyph: "microphone-off", tone: "plain" };
  }
}

/**
 * What is shown when a state is entered, or null.
 * @param {MicrophoneState} state @param {MicrophoneState} before @param {string} label of the device
 * @returns {MicrophoneWords | null}
 */
export function words(state, before, label) {
  switch (state) {
    case "refused":
      return { text: t("The browser does not let us use the microphone."), action: { name: t("How to allow it") } };
    case "busy":
      return { text: t("Another app uses the microphone."), action: { name: t("Take it back"), event: "press" } };
    case "missing":
      return { text: t("No microphone is connected. You hear the others.") };
    case "lost":
      return {
        text: t("The microphone is gone. You hear the others."),
        action: { name: t("Use another"), event: "press" },
      };
    case "interrupted":
      return { text: t("A call or another app has the microphone. Nobody hears you until it is given back.") };
    case "on":
      if (before === "interrupted") return { text: t("The microphone is back. They hear you again.") };
      return before === "changing"
        ? {
            text: label
              ? t("You speak through {label} now.", { label })
              : t("You speak through another microphone now."),
          }
        : null;
    default:
      return null;
  }
}

/**
 * Why there is no voice, in words.
 * @typedef {"" | "offline" | "connecting" | "blocked" | "unable" | "insecure" | "viewer" | "elsewhere"} Obstacle
 */

/** There will be none here, whatever one does: a microphone is not offered. @param {Obstacle} obstacle */
export const isNone = (obstacle) => ["blocked", "unable", "elsewhere"].includes(obstacle);

/** In place of a microphone. @type {Face} */
export const NONE = { word: t("No voice"), name: t("No voice here: use the telephone"), glyph: "call", tone: "warn" };

/** The same where a board's room has a sound system of its own. @type {Face} */
export const ELSEWHERE = {
  word: t("Sound elsewhere"),
  name: t("Sound elsewhere: this page neither listens nor plays"),
  glyph: "speaker",
  tone: "plain",
};

/** @param {Obstacle} obstacle */
export function why(obstacle) {
  return {
    "": "",
    offline: t("The connection is lost"),
    connecting: t("Voice is being connected"),
    blocked: t("This network lets no voice through. Use the telephone"),
    unable: t("This browser has no voice. Use the telephone"),
    insecure: t("Browsers allow the microphone on secure (https) addresses only"),
    viewer: t("Viewers can look and listen only"),
    elsewhere: t("The sound of this board is elsewhere: in the room, or on the phone"),
  }[obstacle];
}
