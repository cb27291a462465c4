/**
 * Trails of the laser: they stay while it is drawn, and fade together once it has rested. In space, like all that is
 * pointed at. `now` is in milliseconds.
 */
/** @import {Spot} from "../../wire.js" */

/** So long a trail stays after the laser rests, and so long it fades. */
export const STAY_MS = 1200;
export const FADE_MS = 600;
/** Points of one person's strokes that are kept, the newest. */
export const MAX_POINTS = 1024;

/** @typedef {{strokes: Spot[][], drawing: boolean, restedAt: number}} Trail */

export class Trails {
  constructor() {
    /** @type {Map<string, Trail>} by seat */
    this.trails = new Map();
  }

  /** Somebody's laser is here, or rests (null). @param {string} seat @param {Spot | null} spot @param {number} now */
  put(seat, spot, now) {
    const trail = this.trails.get(seat) ?? { strokes: [], drawing: false, restedAt: now };
    if (!spot) {
      if (trail.drawing) this.trails.set(seat, { ...trail, drawing: false, restedAt: now });
      return;
    }
    const stroke = trail.drawing ? trail.strokes.at(-1) : undefined;
    const last = stroke?.at(-1);
    const goes =
      stroke && last && last.series === spot.series && last.image === spot.image && last.viewport === spot.viewport;
    if (goes) stroke.push(spot);
    else trail.strokes.push([spot]);
    shorten(trail.strokes);
    this.trails.set(seat, { ...trail, drawing: true, restedAt: now });
  }

  /**
   * How much of a trail is still to be seen, 1 to 0.
   * @param {Trail} trail
   * @param {number} now
   * @param {boolean} [still] no fading
   */
  strength(trail, now, still = false) {
    if (trail.drawing) return 1;
    const rested = now - trail.restedAt - STAY_MS;
    if (rested <= 0) return 1;
    return still ? 0 : Math.max(0, 1 - rested / FADE_MS);
  }

  /** Forget what has faded. @param {number} now @param {boolean} [still] */
  expire(now, still = false) {
    for (const [seat, trail] of this.trails) if (this.strength(trail, now, still) <= 0) this.trails.delete(seat);
  }

  clear() {
    this.trails.clear();
  }
}

/** @param {Spot[][]} strokes */
function shorten(strokes) {
  let n = strokes.reduce((sum, s) => sum + s.length, 0);
  for (; n > MAX_POINTS; n--) {
    strokes[0]?.shift();
    if (strokes[0]?.length === 0) strokes.shift();
  }
}
