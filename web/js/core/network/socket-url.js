/** Where the sockets of a seat are. */

/** @param {string} base URL of the seat @param {string} path below it */
export function socketUrl(base, path) {
  const url = new URL(path, base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
