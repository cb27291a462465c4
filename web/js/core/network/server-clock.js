/** What time it is on the server, whose clock counts for critical results and codes to say. Pure. */

export class ServerClock {
  constructor() {
    /** @type {{server: number, here: number} | null} */
    this.set = null;
  }

  /** A welcome has come, or an answer with its time. @param {number} server its wall clock, seconds
   * @param {number} here a steady clock, ms */
  welcomed(server, here) {
    this.set = { server, here };
  }

  /** Seconds since 1970; null before the first welcome. @param {number} here as above @returns {number | null} */
  now(here) {
    return this.set && this.set.server + (here - this.set.here) / 1000;
  }
}
