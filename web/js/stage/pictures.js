/**
 * From stamps to pictures on the stage: judges each stamp, fetches the stills of the newest, and paints them together
 * with what is written over them, in one task. It never paints what it cannot identify.
 */
/** @import {Still} from "../transport/exact/still-decoding.js" */
/** @import {Screen, ShownView, Stamp} from "../wire.js" */
/** @import {Refusal} from "../core/pictures/stamps.js" */
/** @import {Fault} from "../core/view/badges.js" */
/** @import {Stills} from "../transport/exact/stills.js" */
import { Asking } from "../core/session/asking.js";
import { PictureQueue } from "../core/pictures/pictures.js";
import { judge, KnownViews, STILL, WAIT_MS } from "../core/pictures/stamps.js";
import { faultOf } from "../core/view/badges.js";

const REFUSED_PAUSE_MS = 1000;
const UNKNOWN_PAUSE_MS = 250;
/** Pictures that are waited for at once, where the server sends their stills by itself. */
const RACING = 3;
/** A view that has not changed for so long rests, settled or not. */
export const REST_MS = 120;

/**
 * @typedef {object} PictureCallbacks
 * @property {(stamp: Stamp, stills: Map<string, Still>, failed: Map<string, Fault>) => void} paint failed: why,
 *   for each viewport whose image cannot be shown
 * @property {() => void} askAnew for the picture of the newest view
 * @property {(reason: Refusal) => void} refused
 */

export class Pictures {
  /** @param {Stills} stills @param {PictureCallbacks} callbacks */
  constructor(stills, callbacks) {
    this.stills = stills;
    this.callbacks = callbacks;
    this.queue = new PictureQueue();
    this.asking = new Asking();
    /** @type {ReadonlySet<string>} viewports of the painted picture that cannot be shown */
    this.failed = new Set();
    this.known = new KnownViews();
    this.case = -1;
    /** @type {Screen} */
    this.screen = { width: 0, height: 0 };
    /** @type {Stamp | null} */
    this.painted = null;
    /** @type {Stamp | null} ahead of its view */
    this.early = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.earlyTimer = undefined;
    /** A moving picture comes: stills are fetched at rest alone. */
    this.moving = false;
    this.settledRev = -1;
    /** @type {Stamp | null} of the still that is due at rest */
    this.atRest = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.restTimer = undefined;
    this.abort = new AbortController();
    /** Those whose stills the server sends by itself, the oldest first.
     * @type {{stamp: Stamp, abort: AbortController}[]} */
    this.racing = [];
    /** @type {(() => void) | null} ends a pause between two tries */
    this.hurry = null;
    stills.onrefused = (reason) => this.refuse(reason);
  }

  /** A view is known. @param {ShownView} shown */
  view(shown) {
    if (this.moving && shown.rev > this.known.newest) this.unrest();
    this.known.add(shown);
    const early = this.early;
    if (early && early.rev <= this.known.newest) {
      this.dropEarly();
      this.stamp(early);
    }
  }

  /** Another log, or the server began anew. @param {ShownView} shown @param {number} epoch */
  restart(shown, epoch) {
    this.dropEarly();
    this.known.restart(shown);
    this.switchCase(epoch);
  }

  /** Pictures of another stage are shown: none of the former may come any more. The last one stays until then.
   * @param {ShownView} shown there */
  setStage(shown) {
    this.forget();
    this.known.restart(shown);
  }

  /** Another case is on the stage: nothing of the former may come any more. @param {number} epoch */
  switchCase(epoch) {
    if (epoch === this.case) return;
    this.case = epoch;
    this.forget();
    this.stills.clear(epoch);
  }

  /** Nothing that was announced, is under way or was painted counts any more. */
  forget() {
    this.dropEarly();
    this.end();
    this.atRest = null;
    this.settledRev = -1;
    this.painted = null;
    this.failed = new Set();
  }

  /** Not used, and not painted. @param {Refusal} reason */
  refuse(reason) {
    this.asking.refuse();
    this.callbacks.refused(reason);
  }

  /**
   * Ask anew where the newest view's picture does not come. Call it a few times a second while connected.
   * @param {number} now ms
   */
  tick(now) {
    const { painted, screen, known } = this;
    const here =
      painted?.stream === STILL &&
      painted.rev === known.newest &&
      painted.width === screen.width &&
      painted.height === screen.height;
    const lacks = this.case >= 0 && !here;
    const fetching = this.queue.current !== null || this.atRest !== null || this.racing.length > 0;
    if (this.asking.due({ lacks, fetching }, now)) this.callbacks.askAnew();
  }

  /** A picture is announced. @param {Stamp} stamp */
  stamp(stamp) {
    if (this.overtaken(stamp)) return;
    const verdict = this.judge(stamp);
    if (verdict.verdict === "refuse") return this.refuse(verdict.reason);
    if (verdict.verdict === "wait") return this.keepEarly(stamp);
    if (verdict.verdict === "pass") return;
    if (!this.moving || !this.painted || stamp.rev <= this.settledRev || this.isHere(stamp)) return this.fetch(stamp);
    this.atRest = stamp;
    clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => this.rest(), REST_MS);
  }

  /** @param {Stamp} stamp */
  fetch(stamp) {
    if (this.isHere(stamp)) this.end();
    else if (this.stills.pushed) return void this.race(stamp);
    const how = this.queue.offer(stamp);
    if (how === "wait") return this.hurry?.();
    if (how === "restart") this.abort.abort();
    void this.run(stamp);
  }

  /** All its stills are. @param {Stamp} stamp */
  isHere(stamp) {
    return stamp.viewports.every((v) => this.stills.has(v));
  }

  /** Nothing that is under way is wanted any more. */
  end() {
    this.abort.abort();
    this.queue.clear();
    for (const { abort } of this.racing) abort.abort();
    this.racing = [];
  }

  /** The server sends the stills of the newest picture, and may leave out what is overtaken: whichever comes is
   * painted. The oldest stays: it is the next to come, and were it given up for each newer one, a hand that is faster
   * than a still would see none. @param {Stamp} stamp */
  async race(stamp) {
    const mine = { stamp, abort: new AbortController() };
    this.racing.push(mine);
    while (this.racing.length > RACING) this.racing.splice(1, 1)[0]?.abort.abort();
    await this.show(stamp, mine.abort.signal);
    this.racing = this.racing.filter((other) => other !== mine);
  }

  /** A newer picture waits than that. @param {Stamp} stamp */
  hasNewer(stamp) {
    return this.queue.next !== null || this.racing.some((other) => other.stamp.rev > stamp.rev);
  }

  /** @param {Stamp} stamp */
  keepEarly(stamp) {
    this.dropEarly();
    this.early = stamp;
    this.earlyTimer = setTimeout(() => {
      this.early = null;
      this.refuse("revision");
    }, WAIT_MS);
  }

  dropEarly() {
    clearTimeout(this.earlyTimer);
    this.early = null;
  }

  /** The view moves: no still of what it was is wanted. */
  unrest() {
    this.atRest = null;
    this.end();
  }

  /** The view of that revision rests. @param {number} rev */
  settled(rev) {
    this.settledRev = Math.max(this.settledRev, rev);
    if (this.atRest && this.atRest.rev <= this.settledRev) this.rest();
  }

  /** Fetch the still that is due. */
  rest() {
    clearTimeout(this.restTimer);
    const stamp = this.atRest;
    this.atRest = null;
    if (stamp) this.fetch(stamp);
  }

  /** Frames of a moving picture come, or come no longer. @param {boolean} moving */
  setMoving(moving) {
    this.moving = moving;
    if (!moving) this.rest();
  }

  /**
   * May this frame be painted? If so it is the picture now. An exact still of the same revision stays.
   * @param {Stamp} stamp of a frame, as on this screen @returns {boolean}
   */
  move(stamp) {
    const { painted } = this;
    if (painted && painted.stream === STILL && painted.rev >= stamp.rev && painted.case === stamp.case) return false;
    const verdict = this.judge(stamp);
    if (verdict.verdict === "refuse") this.refuse(verdict.reason);
    if (verdict.verdict !== "take") return false;
    this.painted = stamp;
    this.failed = new Set();
    return true;
  }

  /** @param {Stamp} stamp */
  judge(stamp) {
    const { views, newest } = this.known;
    return judge(stamp, { case: this.case, views, newest, painted: this.painted?.rev ?? -1, screen: this.screen });
  }

  /** Fetch and paint until nothing newer waits. @param {Stamp} first */
  async run(first) {
    const abort = new AbortController();
    this.abort = abort;
    /** @type {Stamp | null} */
    let stamp = first;
    while (stamp) {
      await this.show(stamp, abort.signal);
      if (abort.signal.aborted) return;
      stamp = this.queue.finished();
    }
  }

  /** @param {Stamp} stamp @param {AbortSignal} signal */
  async show(stamp, signal) {
    this.stills.pin(
      [this.painted, stamp, ...this.racing.map((other) => other.stamp)].flatMap((s) => s?.viewports ?? []),
    );
    for (;;) {
      const found = await Promise.all(stamp.viewports.map((v) => this.stills.get(v, signal)));
      if (signal.aborted) return;
      const again = found.find((f) => !f.ok && f.why !== "failed");
      if (!again || again.ok) return this.paint(stamp, byViewport(stamp, found));
      if (again.why === "refused") this.refuse(again.reason);
      if (this.hasNewer(stamp)) return;
      await this.pause(pauseFor(again));
      if (signal.aborted || this.hasNewer(stamp)) return;
      if (again.why === "unknown" || again.why === "refused") return this.asking.refuse();
    }
  }

  /** @param {number} ms */
  async pause(ms) {
    /** @type {Promise<void>} */
    const over = new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    await over;
    this.hurry = null;
  }

  /** A frame was faster than this still, which nobody needs any more. @param {Stamp} stamp */
  overtaken(stamp) {
    return this.painted?.stream !== STILL && this.isOlder(stamp);
  }

  /** Than the painted picture, of the same case. @param {Stamp} stamp */
  isOlder(stamp) {
    const { painted } = this;
    return !!painted && stamp.case === painted.case && stamp.rev < painted.rev;
  }

  /** Once more against what is known by now: it may have changed while the stills were on their transport.
   * @param {Stamp} stamp @param {{stills: Map<string, Still>, failed: Map<string, Fault>}} what */
  paint(stamp, { stills, failed }) {
    if (this.overtaken(stamp)) return;
    const verdict = this.judge(stamp);
    if (verdict.verdict === "refuse") return this.refuse(verdict.reason);
    if (verdict.verdict !== "take") return;
    this.painted = stamp;
    for (const other of this.racing) if (other.stamp.rev < stamp.rev) other.abort.abort();
    this.racing = this.racing.filter(({ abort }) => !abort.signal.aborted);
    this.failed = new Set(failed.keys());
    this.callbacks.paint(stamp, stills, failed);
  }
}

/**
 * What can be shown of a picture, and why the rest cannot.
 * @param {Stamp} stamp
 * @param {import("../transport/exact/stills.js").Found[]} found
 */
function byViewport(stamp, found) {
  /** @type {Map<string, Still>} */
  const stills = new Map();
  /** @type {Map<string, Fault>} */
  const failed = new Map();
  stamp.viewports.forEach(({ id }, i) => {
    const f = found[i];
    if (f?.ok) stills.set(id, f.still);
    else failed.set(id, faultOf(f));
  });
  return { stills, failed };
}

/** @param {Exclude<import("../transport/exact/stills.js").Found, {ok: true}>} bad */
function pauseFor(bad) {
  if (bad.why === "later") return bad.retryMs;
  return bad.why === "unknown" ? UNKNOWN_PAUSE_MS : REFUSED_PAUSE_MS;
}
