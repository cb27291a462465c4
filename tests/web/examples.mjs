/** Small things of the domain for the page's tests. */

/** An axial stack: `images` planes of `size` x `size`, `spacing` mm, from `z` upwards in steps of `step` mm. */
export function grid({ images = 10, size = 100, spacing = 2, z = 0, step = 5, x = 0, y = 0, ...more } = {}) {
  const positions = Array.from({ length: images }, (_, i) => [x, y, z + i * step]);
  return {
    space: "patient",
    rows: size,
    columns: size,
    row_spacing: spacing,
    column_spacing: spacing,
    unit: "mm",
    right: [1, 0, 0],
    down: [0, 1, 0],
    positions,
    ...more,
  };
}

export function series({ key = "s1", study = "now", frame = "f1", ...more } = {}) {
  const g = grid(more);
  return {
    key,
    study,
    modality: "CT",
    number: 4,
    description: "CT lung",
    images: g.positions.length,
    grid: g,
    colour: false,
    unit: "HU",
    windows: [{ window: { center: 40, width: 400 }, explanation: "Soft" }],
    frame_of_reference: frame,
    slice_thickness_mm: 2.5,
    source_lossy: "",
    acquired: "2026-11-24T09:12:40",
    body_part: "",
    note: "",
    ...more.series,
  };
}

/** An MR stack whose images repeat at each place: time by time, `missing` ones left out. */
export function timed({ key = "dwi", places = 5, labels = ["b 0", "b 1000"], missing = [], ...more } = {}) {
  const s = series({ key, images: places, ...more, series: { modality: "MR", description: "DWI", ...more.series } });
  const axis = { attribute: "DiffusionBValue", labels, missing };
  return { ...s, images: places * labels.length - missing.length, axis };
}

export const now = {
  key: "now",
  description: "CT chest",
  date: "2026-11-24",
  time: "09:12:40",
  institution: "Demo Hospital",
  age: "065Y",
  prior: false,
};
export const before = { ...now, key: "before", date: "2026-05-19", time: "10:31:00", prior: true };

export function kase(...all) {
  return {
    id: "c1",
    title: "Second opinion",
    patient: { name: "DEMO^ANNA", id: "10042", birth_date: "1961-03-14", sex: "F" },
    studies: [now, before],
    series: all,
  };
}

export const camera = { center: [99, 99, 0], radius: 100, right: [1, 0, 0], down: [0, 1, 0] };

/** What a viewport shows. */
export const stack = (series = "s1", place = 3, time = 0) => ({ type: "stack", series, place, time });

/** `series`, `place` and `time` are of the stack that it shows. */
export function viewport({ id = "a", series = "s1", place = 3, time = 0, ...more } = {}) {
  const shows = stack(series, place, time);
  return { id, shows, camera, window: { center: 40, width: 400 }, invert: false, ...more };
}

export const view = (...viewports) => ({
  layout: { rows: 1, columns: viewports.length },
  viewports,
  active: viewports[0].id,
  link: null,
});

export const shown = (rev, v = view(viewport()), more = {}) => ({
  type: "view",
  rev,
  control: 1,
  case: 1,
  view: v,
  tab: "",
  n: 0,
  ...more,
});

export function stamp(rev, { viewports = [viewport()], width = 800, height = 600, scale = 2, ...more } = {}) {
  return {
    stream: "still",
    rev,
    case: 1,
    width,
    height,
    viewports: viewports.map((v, i) => ({ ...v, rect_px: [i * 400, 0, 400, 600], scale, digest: `d${rev}${v.id}` })),
    ...more,
  };
}

/** The scene of a view on a screen of two halves. */
export const scene = (k, rects = { a: [0, 0, 400, 600], b: [401, 0, 400, 600] }) => ({
  kase: k,
  rects: new Map(Object.entries(rects)),
});

/** Equal within 1e-9. */
export const near = (a, b, tolerance = 1e-9) => Math.abs(a - b) <= tolerance;
