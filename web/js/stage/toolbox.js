/** Which tool is in the hand: of the mouse and of a finger those that move the view, and one of those that draw. */
/** @import {Shape} from "../wire.js" */
/** @import {Counting} from "../core/marks/spine.js" */
/** @import {Tool} from "./pointer/drag.js" */
import { Emitter } from "../core/emitter.js";

/** @typedef {Shape["kind"]} Kind */

/** @extends {Emitter<{changed: []}>} */
export class Toolbox extends Emitter {
  constructor() {
    super();
    /** @type {Tool} */
    this.mouse = "stack";
    /** @type {Tool} */
    this.finger = "stack";
    /** What is drawn. @type {Kind | ""} */
    this.drawing = "";
    /** Texts are levels of the spine, one after the other. @type {Counting | null} */
    this.spine = null;
  }

  /** @param {Tool} tool for mouse and finger; nothing is drawn any more */
  take(tool) {
    this.mouse = this.finger = tool;
    this.drawing = "";
    this.spine = null;
    this.emit("changed");
  }

  /** The mouse moves the crosshair; a finger goes on as it did. */
  point() {
    this.mouse = "crosshair";
    this.emit("changed");
  }

  /** @param {Kind | ""} kind that is drawn from now on; the laser is laid down for it */
  draw(kind) {
    this.drawing = kind;
    this.spine = null;
    if (kind !== "" && this.mouse === "laser") this.mouse = this.finger = "stack";
    this.emit("changed");
  }

  /** Take a tool that draws, or lay it down. @param {Kind} kind */
  toggle(kind) {
    this.draw(this.drawing === kind ? "" : kind);
  }

  /** Levels of the spine are placed from now on. @param {Counting} from */
  label(from) {
    this.draw("text");
    this.spine = from;
    this.emit("changed");
  }
}
