/**
 * Linked viewports: the same anatomy at equal mm scale in the same window. The first viewport is "a", the second "b".
 * A link's offset is the slice location in b minus that in a, for the same anatomy; its shift is in the plane.
 */
/** @import {Case, Link, Series, View, Viewport} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
import { centre, location, nearest, normal, parallel } from "../geometry.js";
import { add, dot, scale, subtract } from "../vec.js";
import { goesOn } from "./cine/playing.js";
import { atPlace, locationOf, seriesKey, seriesShown } from "./shows.js";

/** @param {Series | null} a @param {Series | null} b */
export const linkable = (a, b) => !!a && !!b && parallel(a.grid, b.grid);

/**
 * Where the two stacks lie to each other before anybody has linked them: where they share a frame of reference, as they
 * are; else head end on head end (stack middle on stack middle where the stacks do not run along the body), and image
 * centre on image centre.
 * @param {Series} a @param {Series} b @returns {{offset: number, shift: Vec}} shift in patient space
 */
export function initialOffset(a, b) {
  if (a.frame_of_reference !== "" && a.frame_of_reference === b.frame_of_reference)
    return { offset: 0, shift: [0, 0, 0] };
  const n = normal(a.grid);
  const along = Math.abs(n[2]) > 0.7;
  const at = (/** @type {Series} */ s) => {
    const [one, other] = [location(s.grid, 0), location(s.grid, s.grid.positions.length - 1)];
    if (!along) return (one + other) / 2;
    return n[2] > 0 ? Math.max(one, other) : Math.min(one, other);
  };
  return { offset: at(b) - at(a), shift: inPlane(subtract(centre(b.grid, 0), centre(a.grid, 0)), n) };
}

/** @param {Vec} v @param {Vec} n @returns {Vec} */
const inPlane = (v, n) => subtract(v, scale(n, dot(v, n)));

/** The shift of b's camera against a's, in patient space, in the plane. @param {Viewport} a @param {Viewport} b
 * @param {Series} series of a @returns {Vec} */
export const shiftOf = (a, b, series) => inPlane(subtract(b.camera.center, a.camera.center), normal(series.grid));

/**
 * The link that says how the two viewports lie to each other now.
 * @param {View} view
 * @param {Case} kase
 * @returns {Link | null}
 */
export function linkAsItIs(view, kase) {
  const pair = pairOf(view, kase);
  if (!pair) return null;
  const { a, b, seriesA, seriesB } = pair;
  const offset = locationOf(seriesB, b.shows) - locationOf(seriesA, a.shows);
  return linkOf(offset, shiftOf(a, b, seriesA), a);
}

/** @param {number} offset @param {Vec} shift @param {Viewport} a @returns {Link} */
function linkOf(offset, shift, a) {
  return { offset_mm: tidy(offset), pan_mm: [tidy(dot(shift, a.camera.right)), tidy(dot(shift, a.camera.down))] };
}

/** @param {number} mm */
const tidy = (mm) => Math.round(mm * 1e6) / 1e6 + 0;

/** The two linkable viewports of a view of two. @param {View} view @param {Case} kase */
export function pairOf(view, kase) {
  const [a, b, ...more] = view.viewports;
  const [seriesA, seriesB] = [seriesShown(kase, a?.shows), seriesShown(kase, b?.shows)];
  if (
    a?.shows.type !== "stack" ||
    b?.shows.type !== "stack" ||
    more.length > 0 ||
    !seriesA ||
    !seriesB ||
    !linkable(seriesA, seriesB)
  )
    return null;
  return { a, b, seriesA, seriesB };
}

/**
 * Bring the other viewport along after `changed` was changed. Without a link, or where none is possible, as it is.
 * @param {View} view @param {string} changed id @param {Case} kase
 * @param {Vec} shift of b against a, as it was before the change
 * @returns {View}
 */
export function follow(view, changed, kase, shift) {
  const pair = view.link ? pairOf(view, kase) : null;
  if (!pair || !view.link) return view;
  const { a, b, seriesA, seriesB } = pair;
  const first = changed === a.id;
  const [leader, follower] = first ? [a, b] : [b, a];
  const [from, to] = first ? [seriesA, seriesB] : [seriesB, seriesA];
  const sign = first ? 1 : -1;
  const place = nearest(to.grid, locationOf(from, leader.shows) + sign * (view.link.offset_mm ?? 0));
  const center = add(leader.camera.center, scale(shift, sign));
  const shares = from.unit === to.unit && !from.colour && !to.colour;
  const shows = atPlace(to, follower.shows, place);
  /** @type {Viewport} */
  const moved = {
    ...follower,
    shows,
    ...goesOn(follower, shows),
    camera: { ...leader.camera, center },
    ...(shares ? { window: windowFrom(leader, follower, to), invert: leader.invert ?? false } : {}),
  };
  const viewports = first ? [a, moved] : [moved, b];
  const link = linkOf(view.link.offset_mm ?? 0, shift, viewports[0] ?? a);
  return { ...view, viewports, link };
}

/** The window of the one for the other: without a VOI LUT that this one does not have. @param {Viewport} leader
 * @param {Viewport} follower @param {Series} series of the follower */
function windowFrom({ window = null, presentation_state = "" }, follower, { windows = [] }) {
  const luts = Math.max(0, ...windows.map((named) => named.window.lut ?? 0));
  const has = !window?.lut || window.lut <= luts || presentation_state === (follower.presentation_state ?? "");
  return has || !window ? window : { center: window.center, width: window.width };
}

/** @param {View} view */
export const pairKey = (view) =>
  view.viewports
    .slice(0, 2)
    .map((v) => seriesKey(v.shows))
    .join(" ");

/**
 * Link the two viewports from what is known of the pair; the viewport at `follower` comes to the other.
 * @param {View} view @param {Case} kase @param {0 | 1} follower @param {Map<string, Link>} links @returns {View}
 */
export function linked(view, kase, follower, links = new Map()) {
  const pair = pairOf(view, kase);
  if (!pair) return { ...view, link: null };
  const kept = links.get(pairKey(view));
  const { offset, shift } = initialOffset(pair.seriesA, pair.seriesB);
  const link = kept ?? { offset_mm: offset, pan_mm: [0, 0] };
  const leader = follower === 1 ? pair.a : pair.b;
  return follow({ ...view, link }, leader.id, kase, kept ? keptShift(pair.a, kept) : shift);
}

/** @param {Viewport} a @param {Link} link @returns {Vec} */
function keptShift(a, link) {
  const { right, down } = a.camera;
  const [x, y] = link.pan_mm ?? [0, 0];
  return [right[0] * x + down[0] * y, right[1] * x + down[1] * y, right[2] * x + down[2] * y];
}

/** Link as the viewports lie now, or let go. @param {View} view @param {Case} kase */
export const toggleLink = (view, kase) => ({ ...view, link: view.link ? null : linkAsItIs(view, kase) });
