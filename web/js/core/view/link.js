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

/** @typedef {{viewport: Viewport, series: Series}} Stacked a viewport that shows an image of a stack */
/** @typedef {Stacked & {offset: number}} Member offset: of slice locations against the first that is linked, mm */

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
 * The link that says how the viewports lie to each other now: both of two, or of more those whose stacks are parallel
 * to the active one's.
 * @param {View} view
 * @param {Case} kase
 * @returns {Link | null} null: no two can be linked
 */
export function linkAsItIs(view, kase) {
  if (view.viewports.length > 2) return linkOfMore(view, kase);
  const pair = pairOf(view, kase);
  if (!pair) return null;
  const { a, b, seriesA, seriesB } = pair;
  const offset = locationOf(seriesB, b.shows) - locationOf(seriesA, a.shows);
  return linkOf(offset, shiftOf(a, b, seriesA), a);
}

/** Of the viewports that show stacks. @param {View} view @param {Case} kase @returns {Stacked[]} */
const stackedOf = (view, kase) =>
  view.viewports.flatMap((viewport) => {
    const series = viewport.shows.type === "stack" ? seriesShown(kase, viewport.shows) : null;
    return series ? [{ viewport, series }] : [];
  });

/** @param {View} view @param {Case} kase @returns {Link | null} */
function linkOfMore(view, kase) {
  const all = stackedOf(view, kase);
  const active = all.find(({ viewport }) => viewport.id === view.active);
  const alike = all.filter(({ series }) => active && linkable(active.series, series));
  const [first] = alike;
  if (!first || alike.length < 2) return null;
  const from = locationOf(first.series, first.viewport.shows);
  const offset = (/** @type {Stacked} */ { viewport, series }) => tidy(locationOf(series, viewport.shows) - from);
  return { members: alike.map((one) => ({ id: one.viewport.id, offset_mm: offset(one) })) };
}

/** Whether some of the viewports can be linked. @param {View} view @param {Case} kase */
export const canLink = (view, kase) =>
  !view.mosaic && view.viewports.length > 1 && (!!view.link || linkAsItIs(view, kase) !== null);

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

/** Those that are linked, the first of them first. @param {View} view @param {Case} kase @returns {Member[]} */
export function membersOf(view, kase) {
  const { link } = view;
  if (!link) return [];
  if (!link.members?.length) {
    const pair = pairOf(view, kase);
    if (!pair) return [];
    const { a, b, seriesA, seriesB } = pair;
    return [
      { viewport: a, series: seriesA, offset: 0 },
      { viewport: b, series: seriesB, offset: link.offset_mm ?? 0 },
    ];
  }
  const all = stackedOf(view, kase);
  return link.members.flatMap(({ id, offset_mm = 0 }) => {
    const found = all.find(({ viewport }) => viewport.id === id);
    return found ? [{ ...found, offset: offset_mm }] : [];
  });
}

/** How the cameras of linked viewports are shifted against that of one of them, by their ids, in the plane.
 * @param {Member[]} members @param {string} id @returns {Map<string, Vec>} */
export function shiftsOf(members, id) {
  const [first] = members;
  const one = members.find(({ viewport }) => viewport.id === id);
  if (!first || !one) return new Map();
  return new Map(members.map(({ viewport }) => [viewport.id, shiftOf(one.viewport, viewport, first.series)]));
}

/**
 * Bring the other linked viewports along after `changed` was changed.
 * @param {View} view @param {string} changed id @param {Case} kase
 * @param {Map<string, Vec>} shifts of each against that one, as it was before the change
 * @returns {View} as it is where it is not linked
 */
export function bring(view, changed, kase, shifts) {
  const members = membersOf(view, kase);
  const leader = members.find(({ viewport }) => viewport.id === changed);
  if (!leader || !view.link) return view;
  const moved = new Map(members.map((one) => [one.viewport.id, one]));
  const viewports = view.viewports.map((viewport) => {
    const member = moved.get(viewport.id);
    return !member || member === leader ? viewport : along(leader, member, shifts.get(viewport.id) ?? [0, 0, 0]);
  });
  const [a] = viewports;
  if (view.link.members?.length || !a) return { ...view, viewports };
  const shift = changed === a.id ? shifts.get(viewports[1]?.id ?? "") : scale(shifts.get(a.id) ?? [0, 0, 0], -1);
  return { ...view, viewports, link: linkOf(view.link.offset_mm ?? 0, shift ?? [0, 0, 0], a) };
}

/** @param {Member} leader @param {Member} follower @param {Vec} shift @returns {Viewport} */
function along(leader, { viewport, series, offset }, shift) {
  const { viewport: ahead, series: from } = leader;
  const place = nearest(series.grid, locationOf(from, ahead.shows) - leader.offset + offset);
  const shares = from.unit === series.unit && !from.colour && !series.colour;
  const shows = atPlace(series, viewport.shows, place);
  return {
    ...viewport,
    shows,
    ...goesOn(viewport, shows),
    camera: { ...ahead.camera, center: add(ahead.camera.center, shift) },
    ...(shares ? { window: windowFrom(ahead, viewport, series), invert: ahead.invert ?? false } : {}),
  };
}

/**
 * Bring the other of two linked viewports along.
 * @param {View} view @param {string} changed id @param {Case} kase
 * @param {Vec} shift of b against a, as it was before the change
 * @returns {View}
 */
export function follow(view, changed, kase, shift) {
  const [a, b] = view.viewports;
  if (!a || !b) return view;
  const shifts = new Map([
    [b.id, shift],
    [a.id, scale(shift, -1)],
  ]);
  return bring(view, changed, kase, shifts);
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
 * Link the two viewports from what is known of the pair; the viewport at `follower` comes to the other. Of more, one
 * that was opened anew comes to those that it was linked with.
 * @param {View} view @param {Case} kase @param {number} follower @param {Map<string, Link>} links @returns {View}
 */
export function linked(view, kase, follower, links = new Map()) {
  if (view.link?.members?.length) return relinked(view, kase, view.viewports[follower]?.id ?? "");
  const pair = pairOf(view, kase);
  if (!pair) return { ...view, link: null };
  const kept = links.get(pairKey(view));
  const { offset, shift } = initialOffset(pair.seriesA, pair.seriesB);
  const link = kept ?? { offset_mm: offset, pan_mm: [0, 0] };
  const leader = follower === 1 ? pair.a : pair.b;
  return follow({ ...view, link }, leader.id, kase, kept ? keptShift(pair.a, kept) : shift);
}

/** Which viewport comes along where one shows another series: of two the other, of more the one itself.
 * @param {View} view @param {string} id */
export function followerOf({ viewports, link }, id) {
  const at = viewports.findIndex((v) => v.id === id);
  return link?.members?.length ? at : 1 - Math.max(0, at);
}

/** One of several shows another series: it lies as that one does to the others, or is linked no more.
 * @param {View} view @param {Case} kase @param {string} id @returns {View} */
function relinked(view, kase, id) {
  const members = membersOf(view, kase);
  const fresh = members.find(({ viewport }) => viewport.id === id);
  const leader = members.find(({ viewport }) => viewport.id !== id);
  if (!fresh || !leader) return view;
  const fits = linkable(leader.series, fresh.series);
  const { offset, shift } = initialOffset(leader.series, fresh.series);
  const offsets = members
    .filter((one) => one !== fresh || fits)
    .map((one) => ({
      id: one.viewport.id,
      offset_mm: one === fresh ? tidy(leader.offset + offset) : one.offset,
    }));
  if (offsets.length < 2) return { ...view, link: null };
  const shifts = shiftsOf(members, leader.viewport.id).set(id, shift);
  return bring({ ...view, link: { members: offsets } }, leader.viewport.id, kase, shifts);
}

/** @param {Viewport} a @param {Link} link @returns {Vec} */
function keptShift(a, link) {
  const { right, down } = a.camera;
  const [x, y] = link.pan_mm ?? [0, 0];
  return [right[0] * x + down[0] * y, right[1] * x + down[1] * y, right[2] * x + down[2] * y];
}

/** Link as the viewports lie now, or let go. @param {View} view @param {Case} kase */
export const toggleLink = (view, kase) => ({ ...view, link: view.link ? null : linkAsItIs(view, kase) });
