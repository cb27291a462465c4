/** Sends what is in the field under the hand while it grows: absolute, so that any of it may be lost. */
/** @import {Field} from "../../core/record/note/fields.js" */
/** @import {Send} from "../../core/session/session.js" */
import { MAX_FIELD } from "../../core/record/note/fields.js";

/** Sent at most so often. */
const PACE_MS = 100;
/** Said anew so often while it is held; the server forgets it after 10 s. */
const KEEP_MS = 2000;

export class OwnWriting {
  /** @param {Send} send @param {() => number} epoch of the case */
  constructor(send, epoch) {
    this.send = send;
    this.epoch = epoch;
    /** @type {{field: Field, text: string} | null} */
    this.held = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    setInterval(() => this.held && this.flush(), KEEP_MS);
  }

  /** @param {Field} field @param {string} text */
  hold(field, text) {
    this.held = { field, text };
    this.timer ??= setTimeout(() => this.flush(), PACE_MS);
  }

  /** Nothing is written there any more. @param {Field} [field] any, where none is named */
  release(field = this.held?.field) {
    if (!this.held || this.held.field !== field) return;
    this.held = null;
    this.flush();
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { held } = this;
    const fits = held && [...held.text].length <= MAX_FIELD;
    this.send({ type: "write", case: this.epoch(), field: fits ? held.field : null, text: fits ? held.text : "" });
  }
}
