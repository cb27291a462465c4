/** What the page behind a link posts. The secret is in the fragment of the address until the seat is taken. */

/** @import {Screen} from "../wire.js" */
/** @typedef {{address: string, port: number, fragment: string, password: string}} CheckPoint */
/**
 * @typedef {{host_name: string, title: string, role: "host" | "participant" | "viewer" | "reader", name: string,
 *   people: number, returning: boolean, voice_check: CheckPoint | null, state: string, hospital: string,
 *   lobby: boolean, pin: boolean, sound_elsewhere: boolean}} Info lobby: who comes waits to be let in; pin: it asks for
 *   one; sound_elsewhere: a board's room has its own, and no microphone is asked for
 */
/**
 * @typedef {{state: "lobby" | "in", host_name: string, hospital: string, name: string, role: string, asked_at: number,
 *   now: number}} Waiting seconds since 1970, of the server's clock
 */
/**
 * @typedef {{error: {code: string, until?: string, seat?: string, may_ask?: boolean, tries_left?: number,
 *   retry_after_s?: number}}} Failure the page has its own words for each code; seat: where this browser reads the
 *   signed note of a consult that has ended; may_ask: once more to be let in
 */

/** Who does not answer for so long does not answer. */
const PATIENCE_MS = 8000;
/** Beside the network: what a page that is not live asks meanwhile. */
const STATE_PATIENCE_MS = 4000;
/** @type {Failure} */
const UNREACHABLE = { error: { code: "unreachable" } };
/** An answer that is no JSON: of a proxy, or of a server that is not well. @type {Failure} */
const NOT_OURS = { error: { code: "server" } };

/** Who invites. @param {string} path @param {string} secret @returns {Promise<Info | Failure>} */
export const previewInvitation = (path, secret) => post(path, { secret });

/**
 * Come in.
 * @param {string} path
 * @param {string} secret
 * @param {string} name
 * @param {string} pin
 * @param {Screen | null} screen what the page will show pictures on, where that is known
 * @returns {Promise<{seat: string, enters: boolean, stills: string[]} | Failure>} enters: into the consult, without
 *   asking again; stills: digests of what is shown first
 */
export const takeSeat = (path, secret, name, pin, screen) => post(`${path}/seat`, { secret, name, pin, screen });

/** Come before the door by a code. @param {string} code @param {string} name
 * @returns {Promise<{seat: string} | Failure>} */
export const joinByCode = (code, name) => post("join", { code, name });

/** Where the seat stands before the door, as it is now. @param {string} seat its address
 * @returns {Promise<Waiting | Failure>} */
export const lobbyState = (seat) => ask("GET", `${seat}lobby`, null, STATE_PATIENCE_MS);

/** The same, once it has changed, or after a few seconds. @param {string} seat @returns {Promise<Waiting | Failure>} */
export const waitInLobby = (seat) => post(`${seat}lobby`, {});

/** Ask once more to be let in. @param {string} seat @returns {Promise<Waiting | Failure>} */
export const askAgain = (seat) => post(`${seat}lobby/ask`, {});

/**
 * Whether the seat may be here, and whether its WebSockets arrive as such.
 * @param {string} seat its address
 * @returns {Promise<{upgrade: boolean} | Failure>}
 */
export const seatState = (seat) => post(`${seat}state`, {}, STATE_PATIENCE_MS);

/** @param {string} path @param {object} body @param {number} [patience] ms @returns {Promise<any>} */
const post = (path, body, patience) => ask("POST", path, body, patience);

/**
 * @param {"GET" | "POST"} method @param {string} path @param {object | null} body @param {number} [patience] ms
 * @returns {Promise<any>} the answer's JSON; a failure of the network, of the server or of a proxy before it as an
 *   error of the same form
 */
async function ask(method, path, body, patience = PATIENCE_MS) {
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), patience);
  try {
    const answer = await fetch(path, {
      method,
      headers: { "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
      credentials: "same-origin",
      signal: ended.signal,
    });
    return (await answer.json().catch(() => null)) ?? NOT_OURS;
  } catch {
    return UNREACHABLE;
  } finally {
    clearTimeout(timer);
  }
}
