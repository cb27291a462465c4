/** Which cards of finished uploads are still worth their place. Pure: `now` is an argument, ms. */
/** @import {UploadInfo} from "./api.js" */

/** Long enough to read what was taken; then the studies in the list say it. */
export const STAYS_MS = 15_000;

export class FinishedCards {
  constructor() {
    /** Of uploads seen at work in this page; when each was first seen finished. @type {Map<string, number>} */
    this.until = new Map();
  }

  /** One that refused something stays until it is closed. @param {UploadInfo} upload @param {number} now */
  stays(upload, now) {
    if (!upload.finished) this.until.set(upload.id, Infinity);
    if (!upload.finished || upload.problem || Object.values(upload.refused).some((n) => n > 0)) return true;
    if (this.until.get(upload.id) === Infinity) this.until.set(upload.id, now + STAYS_MS);
    return now < (this.until.get(upload.id) ?? 0);
  }
}
