/**
 * What devices send, as people recorded it in public: [deltaY, wheelDeltaY, ms since the event before]. `images` is
 * what a person expects: one a notch, or a trackpad's way by 30 px. wheelDeltaY is null where the browser has none.
 */

/** @typedef {[number, number | null, number]} Event */
/** @typedef {{name: string, mode?: number, events: Event[], images: number, ratio?: number}} Recorded */

/** @param {number} times @param {Event} event @returns {Event[]} */
const again = (times, event) => Array.from({ length: times }, () => event);
/** @param {number[]} sizes @param {number} per wheelDelta a pixel @param {number} gap @returns {Event[]} */
const flow = (sizes, per, gap = 16) => sizes.map((size, i) => [size, Math.trunc(-size * per), i === 0 ? 1000 : gap]);

/** One notch after the other, at the pace of a person. @param {number} delta @param {number | null} count */
const slow = (delta, count) => again(5, [delta, count, 400]);
/** The same wheel, spun. @param {number} delta @param {number | null} count */
const spun = (delta, count) => again(20, [delta, count, 40]);

/** Wheels: each record is so many notches. @type {Recorded[]} */
export const WHEELS = [
  // github.com/microsoft/vscode/pull/70515, an MX Master "by a tiny click", Chrome and Safari on macOS
  { name: "macOS, mouse with a driver", events: slow(13, -39), images: 5 },
  { name: "macOS, mouse with a driver, spun", events: spun(13, -39), images: 20 },
  // Comfy-Org/litegraph CanvasPointer.deviceDetection.test.ts, "Mac mouse with varying scroll speeds"
  {
    name: "macOS, mouse with a driver, two at once and back",
    events: [
      [13, -39, 900],
      [13, -39, 16],
      [26, -78, 16],
      [-13, 39, 16],
      [12, -36, 16],
    ],
    images: 4,
  },
  {
    name: "macOS, 12 and 13 by turns",
    events: [
      [12, -36, 900],
      [13, -39, 16],
      [12, -36, 16],
      [13, -39, 16],
    ],
    images: 4,
  },
  // the same: "Mac mouse with small deltaY pattern", Chrome
  { name: "macOS, plain mouse, slowly", events: slow(4.000244140625, -120), images: 5 },
  // the same numbers in Safari, where the count is three times the pixels
  { name: "macOS, Safari, slowly", events: slow(4.000244140625, -12), images: 5 },
  // github.com/flutter-zl/flutter touchpad_vs_mouse_scroll_analysis.md, "Mouse Wheel Behavior", accelerated
  {
    name: "macOS, plain mouse, faster and faster",
    events: [4.000244, 4.000244, 11.83, 16.8, 19.41, 25.7, 38.18, 54.36, 66.6].map((size) => [size, -120, 45]),
    images: 9,
  },
  {
    name: "macOS, Safari, faster and faster",
    events: [4.000244, 4.000244, 11.83, 16.8, 19.41, 25.7, 38.18, 54.36, 66.6].map((y) => [y, Math.trunc(-3 * y), 45]),
    images: 9,
  },
  { name: "macOS, Chrome until 122 on two pixels a point", events: slow(8.000488, -240), ratio: 2, images: 5 },
  // vscode/pull/70515, Windows: Chrome and Firefox
  { name: "Windows, mouse with a driver, Chrome", events: slow(21.66, -26), images: 5 },
  { name: "Windows, mouse with a driver, spun", events: spun(21.66, -26), images: 20 },
  { name: "Windows, mouse with a driver, Firefox", mode: 1, events: slow(0.65, null), images: 5 },
  // Comfy-Org/litegraph, "Windows mouse with integer deltaY pattern"
  { name: "Windows, Chrome", events: slow(100, -120), images: 5 },
  { name: "Windows, Chrome, spun, two in a frame", events: [...spun(100, -120), [200, -240, 16]], images: 22 },
  // github.com/pyqtgraph/pyqtgraph/pull/2055: six lines a notch by the system's setting
  { name: "Windows, Chrome, six lines", events: spun(200, -120), images: 20 },
  { name: "Windows at 125 %, Chrome until 122", events: spun(125, -150), ratio: 1.25, images: 20 },
  { name: "Windows at 150 %, Chrome until 122", events: spun(150, -180), ratio: 1.5, images: 20 },
  { name: "Windows at 150 %, Chrome", events: spun(100, -120), ratio: 1.5, images: 20 },
  { name: "Windows and Linux, Firefox", mode: 1, events: spun(3, -120), images: 20 },
  { name: "Firefox without a count", mode: 1, events: spun(3, null), images: 20 },
  // github.com/ivmartel/dwv/issues/917: Firefox 123 on Fedora 39
  { name: "Fedora, Firefox, six lines", mode: 1, events: spun(6, null), images: 20 },
  { name: "pages", mode: 2, events: spun(1, null), images: 20 },
  { name: "Linux, Chrome on X11", events: spun(53, -120), images: 20 },
  { name: "Linux, Chrome", events: spun(120, -120), images: 20 },
  { name: "Linux, 15 px a notch", events: spun(15, null), images: 20 },
  { name: "a synthetic event with pixels alone", events: spun(120, null), images: 20 },
  // github.com/houmain/keymapper/issues/268: evtest of a G604, eight times 15 of 120 a notch; times as recorded
  {
    name: "high resolution, one notch",
    events: [1000, 34, 14, 6, 7, 4, 5, 5].map((gap) => [12.5, -15, gap]),
    images: 1,
  },
  { name: "high resolution, five notches on end", events: again(40, [12.5, -15, 8]), images: 5 },
  { name: "high resolution, 15 px each", events: again(8, [15, -15, 8]), images: 1 },
  { name: "high resolution, 15 px each without a count", events: again(8, [15, null, 8]), images: 1 },
  { name: "high resolution, gathered by frames", events: flow([25, 37.5, 37.5, 25, 37.5, 37.5], 1.2), images: 2 },
  // github.com/labwc/labwc/issues/1068: an M705 sends 60, then 15
  { name: "Linux, high resolution on X11", events: again(16, [6.625, -15, 8]), images: 2 },
];

/** Trackpads: their way counts. @type {Recorded[]} */
export const TRACKPADS = [
  // flutter-zl/flutter, "Touchpad Behavior": slow start, cruise, inertia; macOS
  { name: "macOS, slowly", events: flow([1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 4, 1, 6, 1, 11, 17], 3), images: 1 },
  {
    name: "macOS, a swipe and its inertia",
    events: flow(
      [
        1, 3, 11, 17, 27, 33, 46, 44, 41, 35, 32, 28, 29, 61, 31, 30, 32, 30, 57, 19, 19, 19, 17, 15, 14, 13, 11, 11, 9,
        8, 7, 6, 5, 4, 3, 2, 1,
      ],
      3,
    ),
    images: 25,
  },
  { name: "macOS, an even pull", events: flow([1, 2, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4], 3), images: 2 },
  { name: "macOS, a flick", events: flow([2, 40, 80, 120, 80, 40, 40, 20], 3), images: 14 },
  // Comfy-Org/litegraph, "Windows trackpad two-finger scroll", at 90 %
  { name: "Windows", events: flow([1, 15, 4, 4, 5, 7], 1), images: 1 },
  { name: "Windows, a swipe", events: flow([2, 9, 19, 28, 37, 62, 70, 61, 40, 22, 9, 3], 1), images: 12 },
  { name: "Firefox", events: flow([1, 3, 7, 12, 20, 31, 40, 33, 21, 12, 6, 2], 3), images: 6 },
];
