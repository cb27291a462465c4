/** What the page behind a link posts. The secret is in the fragment of the address until the seat is taken. */

/**
 * @typedef {{host_name: string, title: string, role: "host" | "participant" | "viewer", name: string, people: number,
 *   state: string}} Info
 */
/** @typedef {{error: {code: string, message: string, until?: string}}} Failure */

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
 * @param {string} path @param {object} body
 * @returns {Promise<any>} the answer's JSON; a failure of the network as an error of the same form
 */
async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "same-origin",
    });
    return await answer.json();
  } catch {
    return { error: { code: "unreachable", message: "The server does not answer." } };
  }
}
