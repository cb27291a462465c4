/**
 * What the page shows of its connection: by which transport the picture comes, and why not by a better one. Sentence
 * case,
 * present tense; what is not there yet is named so.
 */
/** @import {Transport, TransportPhase, TransportProblem} from "./transports.js" */
import { t } from "../language.js";

/**
 * @typedef {object} Condition
 * @property {boolean} live the server answers on the control connection
 * @property {number | null} ms its round trip
 * @property {Transport} transport
 * @property {boolean} slow frames do not keep up
 * @property {boolean} [exact] the picture moves as exact stills
 * @property {{phase: TransportPhase, why: TransportProblem, failed: boolean}} webrtc failed: it was tried before
 * @property {{phase: TransportPhase, why: TransportProblem}} websocket
 * @property {string} sentence the server's, about WebRTC
 * @property {boolean} secure the page came by https, or from this machine
 * @property {{address: string, port: number} | null} server where it takes media
 */
/** @typedef {"good" | "bad" | "plain"} Tone */
/**
 * @typedef {object} Health
 * @property {string} word on the button
 * @property {"good" | "slow" | "offline"} kind
 * @property {string} title
 * @property {string} text
 * @property {{label: string, value: string, tone: Tone}[]} rows
 * @property {string} advice
 * @property {boolean} mayTest there is something to test again
 */

const SLOW_MS = 400;
const MOVES = t("While it moves, the picture is simplified; at rest it is exact.");
const EXACT = t("The picture is exact, also while it moves.");
const SLOW = t("Your network is slow. The picture is simplified while it moves and exact when it is still.");
const NO_VOICE = t("No voice comes through: use the telephone.");

/** @param {Condition} condition @returns {Health} */
export function healthOf(condition) {
  const { title, text } = story(condition);
  const slow = condition.live && isSlow(condition);
  const told = condition.exact ? text.replace(MOVES, EXACT) : text;
  return {
    ...badge(condition, slow),
    title,
    text: slow && !condition.exact ? `${SLOW} ${text.replace(MOVES, "")}`.replace(/ +/g, " ").trim() : told,
    rows: condition.live ? rowsOf(condition) : [],
    advice: advice(condition),
    mayTest: condition.live && (isBlocked(condition) || condition.webrtc.why === "refused"),
  };
}

/** @param {Condition} condition */
const isSlow = ({ slow, exact, ms }) => (slow && !exact) || (ms !== null && ms > SLOW_MS);

/** WebRTC was tried, and this network lets it not through. @param {Condition} condition */
const isBlocked = ({ webrtc }) => webrtc.why === "blocked";

/** Voice has a transport. @param {Condition} condition */
const hasVoice = ({ webrtc }) => webrtc.phase === "connected" || webrtc.phase === "live";

/** @param {Condition} condition @param {boolean} slow @returns {{word: string, kind: "good" | "slow" | "offline"}} */
function badge(condition, slow) {
  if (!condition.live) return { word: t("Offline"), kind: "offline" };
  if (slow) return { word: t("Slow"), kind: "slow" };
  if (condition.transport === "websocket" && isBlocked(condition)) return { word: t("Indirect"), kind: "slow" };
  if (condition.transport === "stills" && !condition.exact && !isTesting(condition))
    return { word: t("Stills"), kind: "slow" };
  if (!hasVoice(condition) && hasFailed(condition.webrtc)) return { word: t("No voice"), kind: "slow" };
  return { word: t("Good"), kind: "good" };
}

/** Nothing is known yet. @param {Condition} condition */
const isTesting = ({ webrtc, websocket }) =>
  [webrtc, websocket].some(({ phase, why }) => phase !== "off" && phase !== "live" && why === "");

/** It was tried, and is not there. @param {Condition["webrtc"]} webrtc */
const hasFailed = ({ phase, failed }) => phase === "off" || (failed && phase === "trying");

/** @param {Condition} condition @returns {{title: string, text: string}} */
function story(condition) {
  if (!condition.live)
    return { title: t("The connection is lost"), text: t("We keep trying. You see the last picture.") };
  if (condition.transport === "webrtc") return { title: t("Connected directly"), text: MOVES };
  return condition.transport === "websocket" ? overWebSocket(condition) : onlyStills(condition);
}

/** @param {Condition} condition */
function overWebSocket(condition) {
  const { webrtc, sentence } = condition;
  const comes = `${t("The picture comes over WebSocket instead.")} ${MOVES}`;
  const voice = hasVoice(condition) ? "" : ` ${NO_VOICE}`;
  if (webrtc.why === "unsupported") {
    const title = t("This browser takes no H.264 video by the direct way");
    return { title, text: `${comes}${hasVoice(condition) ? ` ${t("Voice comes directly.")}` : voice}` };
  }
  if (webrtc.why === "refused")
    return { title: t("There is no direct way now"), text: `${sentence} ${comes}${voice}`.trim() };
  if (webrtc.why === "blocked") return { title: t("This network blocks the direct way"), text: `${comes}${voice}` };
  return { title: t("Connected"), text: `${t("The direct way is being tested.")} ${MOVES}` };
}

/** @param {Condition} condition */
function onlyStills(condition) {
  const voice = hasVoice(condition) ? "" : ` ${NO_VOICE}`;
  if (isTesting(condition))
    return {
      title: t("Connected"),
      text: t("Connections for the moving picture are being tested. You see exact stills."),
    };
  if (condition.websocket.why !== "unsupported") {
    return {
      title: t("The moving picture does not come now"),
      text: `${t("You see exact stills, one after the other. We keep trying.")}${voice}`,
    };
  }
  if (!condition.secure && condition.webrtc.why !== "unsupported") {
    return {
      title: t("This network blocks the direct way"),
      text:
        t(
          "The page is not encrypted, and the browser shows the moving picture over WebSocket on encrypted " +
            "pages only. You see exact stills, one after the other.",
        ) + voice,
    };
  }
  return {
    title: t("This browser does not show the moving picture"),
    text: `${t("It decodes no H.264 video for this page. You see exact stills, one after the other.")}${voice}`,
  };
}

/** @param {Condition} condition @returns {Health["rows"]} */
function rowsOf(condition) {
  const { ms, transport, exact } = condition;
  const direct = directRow(condition);
  const socket = socketRow(condition);
  return [
    { label: t("Direct (UDP)"), ...direct },
    { label: "WebSocket", ...socket },
    {
      label: t("Picture"),
      value: exact
        ? t("exact, also in motion")
        : transport === "stills"
          ? t("exact stills only")
          : t("moves, exact at rest"),
      tone: "plain",
    },
    {
      label: t("Voice"),
      ...(hasVoice(condition)
        ? { value: t("direct"), tone: /** @type {Tone} */ ("good") }
        : { value: t("none: use the telephone"), tone: /** @type {Tone} */ ("bad") }),
    },
    ...(ms === null
      ? []
      : [{ label: t("Round trip"), value: `${Math.round(ms)} ms`, tone: /** @type {Tone} */ ("plain") }]),
  ];
}

/** @param {Condition} condition @returns {{value: string, tone: Tone}} */
function directRow({ transport, webrtc }) {
  if (transport === "webrtc") return { value: t("in use"), tone: "good" };
  if (webrtc.phase === "connected" && webrtc.why === "unsupported") return { value: t("voice only"), tone: "plain" };
  if (webrtc.phase !== "off" && webrtc.why !== "unsupported") return { value: t("being tested"), tone: "plain" };
  if (webrtc.why === "unsupported") return { value: t("no H.264 in this browser"), tone: "bad" };
  return webrtc.why === "refused" ? { value: t("not offered"), tone: "bad" } : { value: t("blocked"), tone: "bad" };
}

/** @param {Condition} condition @returns {{value: string, tone: Tone}} */
function socketRow({ transport, websocket }) {
  if (transport === "websocket") return { value: t("in use"), tone: "good" };
  if (websocket.why === "unsupported") return { value: t("not in this browser"), tone: "bad" };
  if (websocket.phase !== "off") return { value: t("being tested"), tone: "plain" };
  return websocket.why === "closed" && transport === "stills"
    ? { value: t("no answer"), tone: "bad" }
    : { value: t("not needed"), tone: "plain" };
}

/** @param {Condition} condition */
function advice(condition) {
  if (!condition.live || !isBlocked(condition)) return "";
  const { server } = condition;
  if (!server) return t("To make it faster, use another Wi-Fi or mobile data.");
  return t(
    "To make it faster, use another Wi-Fi or mobile data, or ask your IT to open UDP {port} to {address}.",
    server,
  );
}

/**
 * What somebody can send to their IT: no name, no link, nothing of a patient.
 * @param {Condition} condition @param {{origin: string, time: string, browser: string}} where
 */
export function textForIt(condition, { origin, time, browser }) {
  const { server } = condition;
  return [
    t("This network blocks WebRTC to {origin}.", { origin }),
    server
      ? t("Please allow UDP from this computer to {address}, port {port}, and the answers to it.", server)
      : t("Please allow UDP from this computer to that server."),
    t("One port is enough; the server takes all media there. Until then picture frames come over a WebSocket."),
    t("Tested {time} with {browser}.", { time, browser }),
  ].join("\n");
}
