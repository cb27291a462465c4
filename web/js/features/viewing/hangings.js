/** The ways to hang the case on the stage, by the site's rules: fetched once for each case, offered in the menu of
 * layouts. */
/** @import {View} from "../../wire.js" */
/** @import {Item} from "../../kit/menu.js" */
/** @import {ViewingContext} from "./viewing.js" */
import { ApiError } from "../../core/api-error.js";
import { read } from "../../transport/json.js";

/** @typedef {{name: string, view: View}} Hanging */

export class Hangings {
  /** @param {ViewingContext} context */
  constructor(context) {
    this.context = context;
    /** The case that `all` is of. */
    this.case = "";
    /** @type {Hanging[]} */
    this.all = [];
    context.session.on("live", () => void this.fetch());
    context.session.on("changed", (before, after) => before.current !== after.current && void this.fetch());
  }

  /** Of the case that is on the stage when the answer comes; another one's is not used. */
  async fetch() {
    this.all = [];
    try {
      /** @type {{case: string, hangings: Hanging[]}} */
      const found = await read(`${this.context.base}hangings`);
      if (found.case === this.context.session.doc?.current) this.all = found.hangings;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the menu goes without them; the next connection asks again
    }
  }

  /** Entries of a menu. @returns {Item[]} */
  get items() {
    return this.all.map(({ name, view }, i) => ({
      name,
      glyph: "layout-two",
      checked: false,
      line: i === 0,
      choose: () => this.context.navigation.change(() => view),
    }));
  }
}
