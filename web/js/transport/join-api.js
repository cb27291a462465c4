/** What the page behind a link posts. The secret is in the fragment of the address until the seat is taken. */

/** @typedef {{address: string, port: number, fragment: string, password: string}} CheckPoint */
/**
 * @typedef {{host_name: string, title: string, role: "host" | "participant" | "viewer" | "reader", name: string,
 *   people: number, returning: boolean, voice_check: CheckPoint | null, state: string}} Info
 */
/** @typedef {{error: {code: string, until?: string, seat?: string}}} Failure the page has its own words for each code;
 * seat: where this browser reads the signed note of a consult that has ended */

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
 * @returns {Promise<{seat: string} | Failure>}
 */
export const takeSeat = (path, secret, name) => post(`${path}/seat`, { secret, name });

/**
 * Whether the seat may be here, and whether its WebSockets arrive as such.
 * @param {string} seat its address
 * @returns {Promise<{upgrade: boolean} | Failure>}
 */
export const seatState = (seat) => post(`${seat}state`, {}, STATE_PATIENCE_MS);

/**
 * @param {string} path @param {object} body @param {number} [patience] ms
 * @returns {Promise<any>} the answer's JSON; a failure of the network, of the server or of a proxy before it as an
 *   error of the same form
 */
async function post(path, body, patience = PATIENCE_MS) {
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), patience);
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
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
