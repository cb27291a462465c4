/**
 * Which pictures may be painted. Every picture has a stamp; one that cannot be identified is not painted:
 * - of another case than the one on the stage, of a revision older than the painted one, of a revision whose view is
 *   known to be another, or of a revision that no view announces within `WAIT_MS`;
 * - a still whose decoded pixels do not have the hash or the size that they must have.
 */
/** @import {ShownView, Stamp, StampedViewport} from "../../wire.js" */
import { sameSegmentations } from "../segmentations/same.js";
import { sameShown } from "../view/shows.js";
import { sameWindow } from "../view/windows.js";

/** @typedef {"case" | "revision" | "content" | "hash" | "size"} Refusal */
/** @typedef {{verdict: "take" | "wait" | "pass"} | {verdict: "refuse", reason: Refusal}} Verdict */
/**
 * @typedef {object} Known
 * @property {number} case case epoch on the stage
 * @property {Map<number, ShownView>} views by revision, the newest ones
 * @property {number} newest revision
 * @property {number} painted revision, -1 before the first picture
 * @property {{width: number, height: number}} screen device pixels of the picture area
 */

/** How long a stamp may be ahead of the view that announces it. */
export const WAIT_MS = 1000;
/** `output` of an exact still; of a frame it names the stream. */
export const STILL = "still";
/** Views that are remembered. */
export const VIEWS = 128;

/** @param {Refusal} reason @returns {Verdict} */
const refuse = (reason) => ({ verdict: "refuse", reason });

/**
 * take: fetch its stills and paint it. wait: its view is not here yet. pass: it was made for the page's former size.
 * @param {Stamp} stamp @param {Known} known @returns {Verdict}
 */
export function judge(stamp, known) {
  if (stamp.case !== known.case) return refuse("case");
  if (stamp.rev < known.painted) return refuse("revision");
  if (stamp.rev > known.newest) return { verdict: "wait" };
  const shown = known.views.get(stamp.rev);
  if (shown && !shows(stamp, shown)) return refuse("content");
  if (stamp.width !== known.screen.width || stamp.height !== known.screen.height) return { verdict: "pass" };
  return stamp.viewports.every((v) => inside(v, stamp)) ? { verdict: "take" } : refuse("size");
}

/** @param {StampedViewport} v @param {Stamp} stamp */
const inside = ({ rect_px: [x, y, w, h] }, stamp) =>
  x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= stamp.width && y + h <= stamp.height;

/** Whether every viewport of a stamp is a viewport of that view. @param {Stamp} stamp @param {ShownView} shown */
function shows(stamp, shown) {
  return (
    stamp.viewports.length > 0 &&
    stamp.viewports.every((stamped) => {
      const v = shown.view.viewports.find((w) => w.id === stamped.id);
      return (
        !!v &&
        sameShown(v.shows, stamped.shows) &&
        (v.invert ?? false) === (stamped.invert ?? false) &&
        (v.palette ?? "") === (stamped.palette ?? "") &&
        (v.presentation_state ?? "") === (stamped.presentation_state ?? "") &&
        String(v.mask_shift ?? [0, 0]) === String(stamped.mask_shift ?? [0, 0]) &&
        String(v.mask_frames ?? []) === String(stamped.mask_frames ?? []) &&
        sameWindow(v.window ?? null, stamped.window ?? null) &&
        sameCamera(v.camera, stamped.camera) &&
        sameSegmentations(v.segmentations ?? [], stamped.segmentations ?? [])
      );
    })
  );
}

/** @param {import("../../wire.js").Camera} a @param {import("../../wire.js").Camera} b */
function sameCamera(a, b) {
  const numbers = (/** @type {import("../../wire.js").Camera} */ c) => [...c.center, c.radius, ...c.right, ...c.down];
  const other = numbers(b);
  return numbers(a).every((x, i) => x === other[i]);
}

/**
 * @typedef {object} Decoded
 * @property {string} sha256 of the raw grey or RGB bytes, hexadecimal
 * @property {string} promised by the header X-Pixels-SHA256
 * @property {number} width
 * @property {number} height
 */

/**
 * Why a decoded still is not painted, or null.
 * @param {Decoded} still
 * @param {Pick<StampedViewport, "rect_px">} viewport
 * @returns {Refusal | null}
 */
export function judgeStill(still, viewport) {
  if (still.promised === "" || still.sha256 !== still.promised.toLowerCase()) return "hash";
  if (still.width !== viewport.rect_px[2] || still.height !== viewport.rect_px[3]) return "size";
  return null;
}

/** The views that stamps are held against. */
export class KnownViews {
  constructor() {
    /** @type {Map<number, ShownView>} */
    this.views = new Map();
    this.newest = -1;
  }

  /** @param {ShownView} shown */
  add(shown) {
    this.views.set(shown.rev, shown);
    this.newest = Math.max(this.newest, shown.rev);
    const oldest = this.views.keys().next();
    if (this.views.size > VIEWS && !oldest.done) this.views.delete(oldest.value);
  }

  /** Another log, or a server that began anew: what is known is the welcome's view. @param {ShownView} shown */
  restart(shown) {
    this.views.clear();
    this.newest = -1;
    this.add(shown);
  }
}

/**
 * How true the painted picture is.
 * @param {{stamp: Stamp | null, newest: number, ahead: boolean, failed?: ReadonlySet<string>}} what failed: viewports
 *   that stay black
 * @returns {"lossy" | "scaled" | "exact"}
 */
export function fidelityOf({ stamp, newest, ahead, failed = new Set() }) {
  if (!stamp || stamp.stream !== STILL || stamp.rev !== newest || ahead || failed.size > 0) return "lossy";
  return stamp.viewports.every((v) => v.scale >= 1 - 1e-6) ? "exact" : "scaled";
}
