/**
 * How many images a turn of the wheel means: one notch one image (Shift: five), none lost; a trackpad's distance
 * adds up.
 *
 * What devices and browsers send for one notch, as recorded (tests/web/wheel-records.mjs): 100, 120, 53 or 15 px, 3 or
 * 6 lines, 4 px (macOS, and more the faster it turns), 13 px (macOS, mice with a driver), 21.66 px (Windows, likewise),
 * eight times an eighth (wheels of high resolution). All of it is divided by the page's zoom. So:
 *
 * - `wheelDelta` counts notches by 120 where the system knows them; a whole number of notches is just that. Trackpads
 *   say three times their pixels (macOS) or just their pixels (Windows, Linux) there.
 * - What begins after a pause is a notch, unless it is tiny: nobody stops between the parts of one.
 * - What follows and repeats the first is further notches, or, where the first divides a notch evenly, further parts.
 * - All else is a trackpad, until it pauses; its distance counts.
 * - The other direction begins anew.
 */

/**
 * @typedef {object} Turn one wheel event. Read deltaMode first: Firefox turns lines to pixels for who does not ask
 * @property {number} deltaMode
 * @property {number} deltaX
 * @property {number} deltaY
 * @property {number} [wheelDeltaX]
 * @property {number} [wheelDeltaY]
 * @property {boolean} shiftKey
 */
/** @typedef {{zoom: number, ratio: number}} Screen the page's zoom, and devicePixelRatio */
/** @typedef {"notches" | "parts" | "pixels"} Kind of what a run of events is made of */
/**
 * @typedef {object} WheelDelta what an event says, free of the page's zoom
 * @property {number} sign
 * @property {number} size of 120 a notch where the system counts notches, else CSS pixels; positive
 * @property {number} ticks whole notches, by the system's count; 0 where it does not count
 * @property {boolean} counted the size is the system's count
 * @property {boolean} mac three times the pixels: macOS, trackpads and mice with a driver
 */

/** A notch in the system's count. */
const NOTCH = 120;
const LINES = 3;
/** Chrome's pixels of a notch, on Windows and X11: the count is rounded, they are not. */
const PX_OF_A_NOTCH = [100, 53];
/** So much of a trackpad's distance is one image. */
export const TRACKPAD_PX = 30;
/** Less than this at first, in pixels, is no notch. */
const LEAST_PX = 4;
/** A hand's next notch comes later than this, ms; within one notch, and from a trackpad, events come faster. */
const NEXT_NOTCH_MS = 30;
/** A notch with Shift. */
export const SHIFT = 5;
/** After such a pause a run is over, ms. A wheel that was seen to send parts may stop between two of them. */
const PAUSE_MS = { notches: 80, pixels: 250, parts: 2000 };
/** Parts of a notch: from a fifteenth to a third. */
const LEAST_PART = 8;
const MOST_PART = 40;
/** So many of them show that parts are what comes. */
const PARTS_SEEN = 3;

export class WheelSteps {
  constructor() {
    /** @type {Kind} */
    this.kind = "notches";
    this.at = -Infinity;
    this.sign = 0;
    /** The run's first size, its distance so far, the images that it made, the events. */
    this.first = 0;
    this.distance = 0;
    this.made = 0;
    this.events = 0;
    /** By which this browser's count became whole notches. */
    this.factor = 0;
  }

  /** @param {Turn} turn @param {number} now ms @param {Screen} [screen] @returns {number} images, down is positive */
  images(turn, now, screen = { zoom: 1, ratio: 1 }) {
    const delta = this.deltaOf(turn, screen);
    if (!delta.sign) return 0;
    const gap = now - this.at;
    this.at = now;
    const steps = this.steps(delta, gap);
    return delta.sign * (turn.shiftKey ? steps * SHIFT : steps) + 0;
  }

  /** @param {Turn} turn @param {Screen} screen @returns {WheelDelta} */
  deltaOf({ deltaMode, deltaX, deltaY, wheelDeltaX = 0, wheelDeltaY = 0, shiftKey }, screen) {
    const sideways = !deltaY && shiftKey;
    const delta = sideways ? deltaX : deltaY;
    const raw = Math.abs(sideways ? wheelDeltaX : wheelDeltaY);
    const count = raw * screen.zoom;
    const distance = Math.abs(delta) * (deltaMode === 0 ? screen.zoom : deltaMode === 1 ? NOTCH / LINES : NOTCH);
    const cut = 1.5 * Math.max(1, screen.zoom); // counts are whole numbers, cut off before the zoom is taken out
    const near = (/** @type {number} */ wanted) => wanted - count <= cut && count <= wanted * 1.01 + 0.1;
    const mac = deltaMode === 0 && raw > 0 && near(3 * distance);
    const counted = raw > 0 && (deltaMode !== 0 || !(mac || near(distance)));
    const exact = PX_OF_A_NOTCH.map((px) => (distance * NOTCH) / px).find(near);
    const zoomed = counted && exact !== undefined && screen.zoom !== 1;
    const ticks = zoomed ? whole(exact, 1) : raw > 0 ? this.wholeNotches(raw, screen) : 0;
    return { sign: Math.sign(delta), size: counted ? (exact ?? count) : distance, ticks, counted, mac };
  }

  /**
   * Chrome divides the count by the page's zoom, and multiplied it by devicePixelRatio until its version 122. What one
   * notch showed holds for the next; at first the smaller answer is taken.
   * @param {number} raw @param {Screen} screen
   */
  wholeNotches(raw, { zoom, ratio }) {
    const notches = (/** @type {number} */ factor) => whole(raw * factor, factor);
    const factors = [1, zoom, 1 / Math.max(1, ratio)];
    if (factors.includes(this.factor) && notches(this.factor)) return notches(this.factor);
    const [factor] = factors.filter(notches).sort((a, b) => notches(a) - notches(b));
    this.factor = factor ?? this.factor;
    return factor ? notches(factor) : 0;
  }

  /** @param {WheelDelta} delta @param {number} gap ms since the last event */
  steps(delta, gap) {
    const begins = delta.sign !== this.sign || gap > PAUSE_MS[this.kind];
    if (begins) this.begin(delta, gap);
    const { ticks, counted } = delta;
    if (ticks && (counted || begins || this.kind !== "pixels")) return this.notched(delta);
    this.distance += delta.size;
    this.events += 1;
    return begins ? this.beginning(delta) : this.further(delta, gap);
  }

  /** A new run; a trackpad that turns stays one. @param {WheelDelta} delta @param {number} gap */
  begin({ sign, size }, gap) {
    if (this.kind !== "pixels" || gap > PAUSE_MS.pixels) this.kind = "notches";
    this.sign = sign;
    this.first = size;
    this.distance = this.made = this.events = 0;
  }

  /** @param {WheelDelta} delta */
  notched({ ticks, size, counted }) {
    if (this.kind === "pixels") this.kind = "notches";
    this.distance += counted ? ticks * NOTCH : size;
    this.made += ticks;
    return ticks;
  }

  /** @param {WheelDelta} delta */
  beginning({ size, counted }) {
    if (this.kind === "pixels") return this.byDistance(TRACKPAD_PX);
    if (size < LEAST_PX && !counted) {
      this.kind = "pixels";
      return 0;
    }
    this.made = 1;
    return 1;
  }

  /** @param {WheelDelta} delta @param {number} gap */
  further(delta, gap) {
    if (this.kind === "pixels") return this.byDistance(TRACKPAD_PX);
    const times = this.first < LEAST_PART ? 1 : Math.max(1, Math.round(delta.size / this.first));
    const repeats = Math.abs(delta.size - times * this.first) <= 0.5 + 0.5 * (this.first < LEAST_PART ? 0 : times);
    if (this.isPart(delta, gap, repeats)) return this.part();
    if (repeats || (gap >= NEXT_NOTCH_MS && delta.size >= LEAST_PX)) {
      this.made += repeats ? times : 1;
      return repeats ? times : 1;
    }
    this.kind = "pixels";
    return this.byDistance(TRACKPAD_PX);
  }

  /**
   * The first divides a notch evenly, so this belongs to the same; or the system counts less than notches, quickly.
   * @param {WheelDelta} delta @param {number} gap @param {boolean} repeats
   */
  isPart({ counted, mac, size }, gap, repeats) {
    const quick = gap < NEXT_NOTCH_MS;
    if (counted && size < NOTCH / 2 && quick) return true;
    if (!repeats || mac || this.first < LEAST_PART || this.first > MOST_PART) return false;
    const even = Math.abs(this.first * Math.round(NOTCH / this.first) - NOTCH) < 1;
    return even && (counted || quick || this.kind === "parts");
  }

  part() {
    if (this.events >= PARTS_SEEN) this.kind = "parts";
    return this.byDistance(NOTCH);
  }

  /** What the run's distance makes, less what it made; an image that came early is made up for. @param {number} each */
  byDistance(each) {
    const more = Math.max(0, Math.floor((this.distance + 0.5) / each) - this.made);
    this.made += more;
    return more;
  }
}

/** How many whole notches a count is, or 0. @param {number} count @param {number} factor by which its rounding grew */
function whole(count, factor) {
  const notches = Math.round(count / NOTCH);
  return Math.abs(count - notches * NOTCH) <= 1.5 * Math.max(1, factor) ? notches : 0;
}

/** For zooming, which is continuous: how far it turned, in CSS pixels. @param {Turn} turn */
export function wheelDistance({ deltaMode, deltaY }) {
  return deltaMode === 0 ? deltaY : deltaY * (deltaMode === 1 ? 100 / LINES : 100);
}

/** Zooms that browsers have, and scales that systems have. */
const ZOOMS = [
  0.25, 0.3, 0.33, 0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.2, 1.25, 1.33, 1.5, 1.7, 1.75, 2, 2.4, 2.5, 3, 4, 5,
];
const SCALES = [1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 3, 3.5];
const ALIKE = 0.04;

/**
 * The page's zoom, which no browser tells: by what its width and its pixels agree on; 1 where they do not (a panel
 * beside the page makes it narrow too).
 * @param {{innerWidth: number, outerWidth: number, devicePixelRatio: number}} window
 */
export function pageZoom({ innerWidth, outerWidth, devicePixelRatio: ratio }) {
  const like = (/** @type {number} */ a, /** @type {number} */ b) => Math.abs(a / b - 1) < ALIKE;
  const fits = ZOOMS.filter((zoom) => like(outerWidth / innerWidth, zoom) && SCALES.some((s) => like(ratio / zoom, s)));
  const off = (/** @type {number} */ zoom) => Math.min(...SCALES.map((scale) => Math.abs(ratio / zoom / scale - 1)));
  return fits.sort((a, b) => off(a) - off(b))[0] ?? 1;
}
