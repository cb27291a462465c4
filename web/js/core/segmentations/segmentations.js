/** Segmentations over images and planes: which lie over a series, and what switching them makes of a view. Pure. */
/** @import {Case, Segment, Segmentation, ShownSegmentation, StampedViewport, View, Viewport} from "../../wire.js" */
/** @import {Scene} from "../view/view.js" */
import { location, normal } from "../geometry.js";
import { ofServer, t } from "../language.js";
import { movePoint } from "../planes/acts.js";
import { planesOf } from "../planes/arranging.js";
import { planeOf, sameSpace } from "../planes/parts.js";
import { add, dot, scale } from "../vec.js";
import { openSeries } from "../view/opening/series.js";
import { placeOf, seriesKey, seriesKeys } from "../view/shows.js";
import { goTo, viewportOf } from "../view/view.js";
import { liesOver } from "./carried.js";
import { OPACITY } from "./same.js";

/** Over one viewport (MAX_SEGMENTATIONS in consult/model/view.py). */
const MOST = 8;
/** Segments that the picture names by their colours. */
const NAMED = 5;

/** Those of a case that lie over a series, on its images or its planes. @param {Case} kase @param {string} key
 * @returns {Segmentation[]} */
export const overSeries = (kase, key) => (kase.segmentations ?? []).filter((one) => liesOver(one, key));

/** The one of that key. @param {Case} kase @param {string} key */
const find = (kase, key) => (kase.segmentations ?? []).find((one) => one.key === key) ?? null;

/** How a viewport shows one; null where it is off. @param {Pick<Viewport, "segmentations"> | null} viewport
 * @param {string} key @returns {ShownSegmentation | null} */
export const shownIn = (viewport, key) => (viewport?.segmentations ?? []).find((one) => one.key === key) ?? null;

/** What it is: "Segmentation", "RT structure set". @param {Segmentation} one */
export const kindWord = ({ kind }) => (kind === "contours" ? t("RT structure set") : t("Segmentation"));

/** "Segmentation: Liver, Spleen". @param {Segmentation} one */
export const nameOf = (one) => (one.name ? `${kindWord(one)}: ${one.name}` : kindWord(one));

/** @param {Segment} segment */
export const labelOf = ({ label, number }) => label || t("Segment {number}", { number });

/** @param {Segment} segment as CSS writes it */
export const colourOf = ({ colour: [red, green, blue] }) => `rgb(${red} ${green} ${blue})`;

/** Whether one is drawn over that: over an image or a plane, or by what lies on it in colours; over no whole volume.
 * @param {Segmentation} one @param {Viewport["shows"]} shows */
export function isDrawnOver({ over, planes }, shows) {
  const plane = planeOf(shows);
  if (plane?.whole) return false;
  const below = (plane ? planes : over) ?? [];
  return (
    below.includes(seriesKey(shows)) ||
    seriesKeys(shows)
      .slice(1)
      .some((key) => (planes ?? []).includes(key))
  );
}

/** What is drawn over what a viewport shows.
 * @param {Case} kase @param {Pick<Viewport, "shows" | "segmentations">} viewport
 * @returns {{one: Segmentation, shown: ShownSegmentation}[]} */
export const drawnIn = (kase, viewport) =>
  (viewport.segmentations ?? []).flatMap((shown) => {
    const one = find(kase, shown.key);
    return one && isDrawnOver(one, viewport.shows) ? [{ one, shown }] : [];
  });

/** @param {number} opacity */
export const percent = (opacity) => `${Math.round(opacity * 100)}\u00a0%`;

/** How it is drawn: "40 %", "outline". @param {ShownSegmentation} shown */
const styleWords = ({ opacity = OPACITY, style = "fill" }) => (style === "outline" ? t("outline") : percent(opacity));

/** @typedef {{text: string, colour?: string, warn?: boolean}} Words */

/**
 * What the picture says of them: each by its name, how opaque, what must be known; its segments by their colours.
 * @param {Case} kase @param {StampedViewport} viewport @returns {Words[]}
 */
export function segmentationWords(kase, viewport) {
  const image = planeOf(viewport.shows) ? "" : seriesKey(viewport.shows);
  return drawnIn(kase, viewport).flatMap(({ one, shown }) => {
    const on = one.segments.filter(({ number }) => !(shown.hidden ?? []).includes(number));
    const parts = [nameOf(one), styleWords(shown), ofServer(one.note)];
    const more = on.length - NAMED;
    return [
      { text: parts.filter(Boolean).join(" · ") },
      ...((one.resampled ?? []).includes(image)
        ? [{ text: t("Of another grid: each pixel shows the nearest"), warn: true }]
        : []),
      ...on.slice(0, NAMED).map((segment) => ({ text: labelOf(segment), colour: colourOf(segment) })),
      ...(more > 0 ? [{ text: t("and {count} more", { count: more }) }] : []),
    ];
  });
}

/** Where there is little space: their names. @param {Case} kase @param {StampedViewport} viewport */
export const segmentationLine = (kase, viewport) =>
  drawnIn(kase, viewport)
    .map(({ one }) => one.name || kindWord(one))
    .join(", ");

/**
 * Change how one is shown in all viewports over whose series it lies; `how` gives null to switch it off.
 * @param {View} view @param {Case} kase @param {string} key
 * @param {(shown: ShownSegmentation | null) => ShownSegmentation | null} how @returns {View}
 */
export function changed(view, kase, key, how) {
  const one = find(kase, key);
  const lies = (/** @type {Viewport} */ { shows }) => one && seriesKeys(shows).some((series) => liesOver(one, series));
  const viewports = view.viewports.map((viewport) =>
    lies(viewport) ? withShown(viewport, key, how(shownIn(viewport, key))) : viewport,
  );
  return { ...view, viewports };
}

/** @param {Viewport} viewport @param {string} key @param {ShownSegmentation | null} shown @returns {Viewport} */
function withShown(viewport, key, shown) {
  const all = viewport.segmentations ?? [];
  const known = all.some((one) => one.key === key);
  if (!shown) return { ...viewport, segmentations: all.filter((one) => one.key !== key) };
  if (known) return { ...viewport, segmentations: all.map((one) => (one.key === key ? shown : one)) };
  return { ...viewport, segmentations: [...all, shown].slice(-MOST) };
}

/** Switch one on: over its series, at a place where something of it is. @param {View} view @param {Scene} scene
 * @param {string} key @returns {View} */
export function switchedOn(view, scene, key) {
  const one = find(scene.kase, key);
  if (!one || ((one.over ?? []).length === 0 && (one.planes ?? []).length === 0)) return view;
  const on = changed(opened(view, scene, one), scene.kase, key, (shown) => shown ?? asFirst(one));
  return planeOf(viewportOf(on, on.active)?.shows) ? throughIt(on, scene, one) : inSpan(on, scene, one);
}

/** How one is shown when it is switched on. A structure set has a contour round the whole body: it is not filled, or
 * nothing below kept its own grey. @param {Segmentation} one @returns {ShownSegmentation} */
const asFirst = ({ key, kind }) => ({
  key,
  opacity: OPACITY,
  hidden: [],
  ...(kind === "contours" ? { style: "outline" } : {}),
});

/** A view whose active viewport can show it: as it is, with an image of its first series, or with planes of that.
 * @param {View} view @param {Scene} scene @param {Segmentation} one @returns {View} */
function opened(view, scene, one) {
  const here = viewportOf(view, view.active);
  if (here && isDrawnOver(one, here.shows)) return view;
  const [image] = one.over ?? [];
  if (image) return openSeries(view, view.active, scene, image);
  const [volume] = one.planes ?? [];
  return volume ? planesOf(openSeries(view, view.active, scene, volume), scene) : view;
}

/** The active viewport, where it shows nothing of it, to the middle of what does.
 * @param {View} view @param {Scene} scene @param {Segmentation} one */
function inSpan(view, scene, one) {
  const viewport = viewportOf(view, view.active);
  if (!viewport) return view;
  const [first, last] = one.spans?.[(one.over ?? []).indexOf(seriesKey(viewport.shows))] ?? [0, 0];
  const place = placeOf(viewport.shows);
  return place < first || place > last ? goTo(view, view.active, scene, Math.round((first + last) / 2)) : view;
}

/** The crosshair, where no image at its place shows anything of it, to the middle of those that do.
 * @param {View} view @param {Scene} scene @param {Segmentation} one */
function throughIt(view, scene, one) {
  const series = scene.kase.series.find((s) => s.key === one.over?.[0]);
  const span = one.spans?.[0];
  if (!view.crosshair || !series || !span || !sameSpace(scene.kase, series.key, view.crosshair.series)) return view;
  const [low, high] = span.map((place) => location(series.grid, place)).sort((a, b) => a - b);
  const along = normal(series.grid);
  const at = dot(view.crosshair.point, along);
  if (low === undefined || high === undefined || (at >= low && at <= high)) return view;
  return movePoint(view, scene.kase, add(view.crosshair.point, scale(along, (low + high) / 2 - at)));
}

/** @param {View} view @param {Case} kase @param {string} key */
export const switchedOff = (view, kase, key) => changed(view, kase, key, () => null);

/** @param {View} view @param {Case} kase @param {string} key @param {number} opacity 0 to 1 */
export const faded = (view, kase, key, opacity) => changed(view, kase, key, (shown) => shown && { ...shown, opacity });

/** Filled, or outlined. @param {View} view @param {Case} kase @param {string} key
 * @param {NonNullable<ShownSegmentation["style"]>} style */
export const styled = (view, kase, key, style) => changed(view, kase, key, (shown) => shown && { ...shown, style });

/** Switch one segment. @param {View} view @param {Case} kase @param {string} key @param {number} number */
export const segmentSwitched = (view, kase, key, number) =>
  changed(view, kase, key, (shown) => {
    if (!shown) return shown;
    const hidden = shown.hidden ?? [];
    const next = hidden.includes(number) ? hidden.filter((n) => n !== number) : [...hidden, number];
    return { ...shown, hidden: next.sort((a, b) => a - b) };
  });

/** All segments, or none. @param {View} view @param {Case} kase @param {string} key @param {boolean} on */
export function allSwitched(view, kase, key, on) {
  const numbers = (find(kase, key)?.segments ?? []).map(({ number }) => number).sort((a, b) => a - b);
  return changed(view, kase, key, (shown) => shown && { ...shown, hidden: on ? [] : numbers });
}
