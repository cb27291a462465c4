/** The pointer on a whole volume: a drag turns it, a click on a MIP goes to the voxel of the maximum under it. */
/** @import {Point} from "../../core/planes/crosshair.js" */
/** @import {View} from "../../wire.js" */
import { capture, devicePoint, isFar, isOnControl, listenFirst } from "../../stage/pointer/first-pointer.js";

/** A pointer that moves less only clicks. */
const STILL_PX = 4;

/**
 * @typedef {object} Turner
 * @property {(at: Point) => string} over id of the MIP under a place; "" where there is none, or nothing may move
 * @property {() => View | null} begin the view that a drag begins with
 * @property {(start: View, id: string, by: [number, number], rest: boolean) => void} turn by so many CSS pixels across
 *   and down since it began
 * @property {(id: string, at: Point) => void} jump
 */

export class MipPointer {
  /** @param {HTMLElement} stage @param {HTMLElement} area @param {Turner} turner */
  constructor(stage, area, turner) {
    this.stage = stage;
    this.area = area;
    this.turner = turner;
    /** @type {{pointer: number, id: string, from: Point, start: View, moved: boolean} | null} */
    this.held = null;
    listenFirst(stage, {
      pointerdown: (event) => this.down(event),
      pointermove: (event) => this.move(event, false),
      pointerup: (event) => this.up(event),
      pointercancel: (event) => this.up(event),
    });
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (this.held) return event.pointerType !== "touch";
    if (event.button !== 0 || event.shiftKey || isOnControl(event)) return false;
    if (event.pointerType === "touch" && !event.isPrimary) return false;
    const from = devicePoint(event, this.area);
    const id = this.turner.over(from);
    const start = id ? this.turner.begin() : null;
    if (!id || !start) return false;
    capture(this.stage, event);
    this.held = { pointer: event.pointerId, id, from, start, moved: false };
    return true;
  }

  /** @param {PointerEvent} event @param {boolean} rest */
  move(event, rest) {
    const { held } = this;
    if (!held) return false;
    if (event.pointerId !== held.pointer) return true;
    const at = devicePoint(event, this.area);
    held.moved ||= isFar(held.from, at, STILL_PX);
    const [across, down] = [at[0] - held.from[0], at[1] - held.from[1]].map((px) => px / devicePixelRatio);
    if (held.moved) this.turner.turn(held.start, held.id, [across ?? 0, down ?? 0], rest);
    return true;
  }

  /** @param {PointerEvent} event */
  up(event) {
    const { held } = this;
    if (!held || event.pointerId !== held.pointer) return false;
    this.move(event, true);
    this.held = null;
    if (!held.moved && event.type === "pointerup") this.turner.jump(held.id, held.from);
    return true;
  }
}
