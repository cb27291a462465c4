/** Fetches the lists of series: first of those that are shown, then of those beside them; two at a time. */
/** @import {ImageLists} from "../../core/session/lists.js" */
/** @import {ViewingContext} from "./viewing.js" */
import { ApiError } from "../../core/api-error.js";
import { nextLists } from "../../core/session/lists.js";
import { read } from "../../transport/json.js";

const AT_A_TIME = 2;
/** After a failure that may pass. */
const AGAIN_MS = 2000;

export class SeriesLists {
  /** @param {ViewingContext} context */
  constructor({ session, stage, navigation, base }) {
    this.session = session;
    this.navigation = navigation;
    this.base = base;
    /** Under way, or not to be had now. @type {Set<string>} */
    this.busy = new Set();
    this.running = 0;
    session.on("listed", () => stage.listed());
    session.on("changed", () => this.next());
    session.on("welcomed", () => this.next());
    session.on("view", () => this.next());
    session.on("lacking", () => this.next());
  }

  next() {
    while (this.running < AT_A_TIME) {
      const key = nextLists(this.session.kase, this.navigation.wanted, this.busy);
      if (!key) return;
      void this.fetch(key);
    }
  }

  /** @param {string} key */
  async fetch(key) {
    this.busy.add(key);
    this.running += 1;
    try {
      /** @type {ImageLists} */
      const lists = await read(`${this.base}series/${encodeURIComponent(key)}`);
      this.busy.delete(key);
      this.session.list(key, lists);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setTimeout(() => this.again(key), AGAIN_MS);
    } finally {
      this.running -= 1;
      this.next();
    }
  }

  /** @param {string} key */
  again(key) {
    this.busy.delete(key);
    if (this.session.phase !== "over") this.next();
  }
}
