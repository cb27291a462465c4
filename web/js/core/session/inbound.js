/**
 * From a frame's text to a message of the server, or null: what is not whole is not used, and above all not painted.
 * The shapes say what this page relies on; the server may say more.
 */
/** @import {ServerMessage} from "../../wire.js" */
import { exactly, flag, list, maybe, number, oneOf, orNull, record, tagged, text, whole } from "./inbound/shapes.js";

const role = oneOf("host", "moderator", "participant", "viewer", "preparer");
const vec = exactly(3, number);
const camera = record({ center: vec, radius: number, right: vec, down: vec });
const window = record({ center: number, width: number });
const volume = record({ series: text, time: maybe(whole) });
const stackOrPlane = {
  stack: record({ series: text, place: whole, time: maybe(whole) }),
  plane: record({ volume, name: oneOf("axial", "sagittal", "coronal"), slab_mm: maybe(number) }),
};
const base = tagged("type", stackOrPlane);
const shows = tagged("type", { ...stackOrPlane, fusion: record({ base, over: volume, window }) });
const crosshair = record({ series: text, point: vec, right: maybe(vec), down: maybe(vec) });
const playing = record({ along: oneOf("place", "time", "turn"), first: whole, last: whole, since: maybe(number) });
const viewport = record({
  id: text,
  shows,
  camera,
  window: maybe(window),
  invert: maybe(flag),
  palette: maybe(text),
  playing: maybe(playing),
});
const layout = record({ rows: whole, columns: whole, primary: maybe(text) });
const view = record({
  layout,
  viewports: list(viewport),
  active: text,
  link: maybe(record({})),
  crosshair: maybe(crosshair),
  mosaic: maybe(record({ step: maybe(whole) })),
});
const shownView = record({ rev: whole, control: whole, case: whole, view });
const stamped = record({
  id: text,
  shows,
  rect_px: exactly(4, whole),
  camera,
  scale: number,
  window: maybe(window),
  invert: maybe(flag),
  digest: maybe(text),
  span_px: maybe(number),
  resampled: maybe(flag),
  palette: maybe(text),
  at_crosshair: maybe(list(record({ series: text, value: number }))),
  words_px: maybe(list(exactly(4, whole))),
});
const stamp = record({
  stream: text,
  rev: whole,
  case: whole,
  width: whole,
  height: whole,
  viewports: list(stamped),
  rtp: maybe(whole),
  stage: maybe(text),
});
const seat = record({
  id: text,
  name: text,
  role,
  colour: whole,
  removed: flag,
  lobby: maybe(oneOf("", "waiting", "denied")),
  asked_at: maybe(number),
});
const control = record({ epoch: whole, seat: orNull(text), requests: list(text), stands_in: maybe(flag) });
const consult = record({ id: text, title: text, host_name: text, ended_at: orNull(number) });
const grid = record({
  space: oneOf("patient", "image"),
  rows: whole,
  columns: whole,
  right: vec,
  down: vec,
  positions: list(vec),
});
const axis = record({ attribute: text, labels: list(text), missing: list(exactly(2, whole)) });
const series = record({
  key: text,
  study: text,
  modality: text,
  images: whole,
  grid,
  colour: flag,
  axis: maybe(axis),
  unlisted: maybe(record({ places: whole, times: whole })),
});
const kase = record({
  id: text,
  patient: record({ name: text, id: text, hidden: maybe(flag) }),
  studies: list(record({ key: text })),
  series: list(series),
});
const points = list(vec);
const kind = oneOf(
  "arrow",
  "text",
  "length",
  "angle",
  "ellipse",
  "probe",
  "bidirectional",
  "cobb",
  "circle",
  "rectangle",
  "freehand",
  "polyline",
  "polygon",
);
const shape = record({ id: text, kind, series: text, image: whole, points, label: maybe(text) });
const mark = record({
  id: text,
  kind,
  series: text,
  image: whole,
  points,
  label: text,
  case: text,
  author: text,
  frame_of_reference: text,
});
const keyImage = record({ id: text, case: text, author: text, viewport });
const chatMessage = record({ id: text, author: text, text, at: number, case: text, view: maybe(view) });
const doing = oneOf("do", "undo", "redo");
const reading = record({
  mark: text,
  points,
  pixels: whole,
  mean: number,
  sd: number,
  low: number,
  high: number,
  sentence: text,
  side: maybe(oneOf("", "L", "R")),
});
const side = text;
const finding = record({
  id: text,
  case: text,
  author: text,
  rev: whole,
  title: text,
  text,
  label: text,
  category: text,
  marks: list(text),
  views: list(record({ id: text, view, kept_by: text })),
  side: record({ side, source: text, offered: side, confirmed_by: text, confirmed_name: text }),
});
const figure = record({ quantity: text, value: number, unit: text, check: text, sentence: text, taken_by: text });
const numbers = record({
  mark: text,
  case: text,
  points,
  numbers: list(figure),
  side,
  side_source: text,
  factor: maybe(number),
});
const written = record({ text, rev: whole, author: text, author_name: text });
const note = record({ case: text, fields: record({ impression: maybe(written) }), order: list(text) });
const signature = record({ seat: text, name: text, role: text, at: number, utc_offset_min: whole });
const version = record({
  id: text,
  case: text,
  number: whole,
  status: oneOf("preliminary", "final", "addendum"),
  findings: list(record({ finding, marks: list(mark), numbers: list(numbers) })),
  limits: list(text),
  signature,
  digest: text,
});
const recipient = record({ name: text, seat: text, email: text });
const critical = record({
  id: text,
  case: text,
  category: whole,
  what: text,
  where: side,
  finding: text,
  found_at: number,
  found_by: text,
  found_by_name: text,
  to: recipient,
  backup: recipient,
  after_s: number,
  due_at: number,
  stage: whole,
  notices: list(
    record({
      id: text,
      stage: whole,
      channel: text,
      to: text,
      next_at: number,
      state: text,
      tries: whole,
      sentence: text,
    }),
  ),
  acknowledged: orNull(record({ how: text, name: text, by: text, words: text, told_at: number, at: number })),
  closed: orNull(record({ by: text, name: text, at: number, outcome: text })),
});
const seen = record({ id: text, version: text, seat: text, name: text, opened_at: number, seen_at: orNull(number) });
const blackout = record({ id: text, case: text, series: text, rectangle: exactly(4, whole) });
const coverage = record({ id: text, case: text, series: text, seat: text, runs: list(exactly(2, whole)) });
const board = record({
  phase: oneOf("preparing", "running"),
  began_at: orNull(number),
  since: number,
  spent: record({}),
  specialties: list(text),
  sound_elsewhere: flag,
});
const preparation = record({
  case: text,
  texts: record({ question: maybe(written), history: maybe(written), pathology: maybe(written) }),
  minutes: whole,
  pictures: list(record({ id: text, line: text, kind: text, width: whole, height: whole })),
  order: list(text),
});
const prepared = record({ id: text, case: text, view, line: text });
const words = record({ text, stage: text, owner: text, due: text, outcome: oneOf("decision", "deferral") });
const decisionDraft = record({ case: text, rev: whole, words, author: text, author_name: text, shown: flag });
const decision = record({
  id: text,
  case: text,
  number: whole,
  count: whole,
  words,
  by: text,
  by_name: text,
  at: number,
  utc_offset_min: whole,
});
const dissent = record({ id: text, case: text, number: whole, seat: text, name: text, reason: text, at: number });
const attendee = record({ id: text, name: text, specialty: text, seat: text, present: flag, at: number });
const calibration = record({
  id: text,
  case: text,
  series: text,
  image: whole,
  factor: number,
  mm: number,
  seat: text,
  name: text,
});
const records = {
  marks: maybe(list(mark)),
  key_images: maybe(list(keyImage)),
  chat: maybe(list(chatMessage)),
  findings: maybe(list(finding)),
  numbers: maybe(list(numbers)),
  notes: maybe(list(note)),
  signed: maybe(list(version)),
  criticals: maybe(list(critical)),
  seen: maybe(list(seen)),
  blackouts: maybe(list(blackout)),
  coverage: maybe(list(coverage)),
  preparations: maybe(list(preparation)),
  prepared: maybe(list(prepared)),
  decision_drafts: maybe(list(decisionDraft)),
  decisions: maybe(list(decision)),
  dissents: maybe(list(dissent)),
  attendees: maybe(list(attendee)),
  calibrations: maybe(list(calibration)),
};
const snapshot = record({
  consult,
  cases: list(kase),
  case: whole,
  current: text,
  control,
  seats: list(seat),
  patients_hidden: maybe(flag),
  board: maybe(board),
  ...records,
});

const event = tagged("type", {
  owner_changed: record({ owners: whole }),
  seat_put: record({ seat }),
  control_put: record({ control }),
  case_switched: record({ epoch: whole, case: text }),
  hiding_changed: record({ hidden: flag }),
  blackout_put: record({ blackout }),
  blackout_removed: record({ blackout: text }),
  study_deleted: record({ study: text }),
  images_deleted: record({ series: text, images: list(list(whole)) }),
  view_settled: record({ rev: whole }),
  consult_ended: record({ consult }),
  mark_put: record({ mark, doing }),
  mark_deleted: record({ mark: text, doing }),
  key_image_put: record({ key_image: keyImage, doing }),
  key_image_deleted: record({ key_image: text, doing }),
  chat_posted: record({ message: chatMessage }),
  finding_put: record({ finding }),
  finding_deleted: record({ finding: text }),
  numbers_put: record({ numbers }),
  note_put: record({ note }),
  note_signed: record({ version }),
  critical_put: record({ critical }),
  seen_put: record({ seen }),
  coverage_put: record({ coverage }),
  board_put: record({ board }),
  cases_ordered: record({ order: list(text) }),
  preparation_put: record({ preparation }),
  prepared_view_put: record({ prepared }),
  prepared_view_dropped: record({ prepared: text }),
  decision_drafted: record({ draft: decisionDraft }),
  decision_saved: record({ decision }),
  dissent_put: record({ dissent }),
  dissent_dropped: record({ dissent: text }),
  attendee_put: record({ attendee }),
  attendee_dropped: record({ attendee: text }),
  calibration_put: record({ calibration }),
  calibration_removed: record({ calibration: text, case: text }),
});

const message = tagged("type", {
  part: record({ name: text, n: whole, cases: maybe(list(kase)), seats: maybe(list(seat)), ...records }),
  welcome: record({
    log: text,
    seq: whole,
    seat: text,
    role,
    snapshot: orNull(snapshot),
    view: shownView,
    now: number,
    asked: maybe(text),
    at: maybe(orNull(number)),
  }),
  event: record({ seq: whole, at: maybe(number), event }),
  ack: record({ id: text, seq: whole }),
  refused: record({ id: text, code: text, message: text }),
  presence: record({
    people: list(
      record({
        seat: text,
        online: flag,
        microphone: maybe(oneOf("off", "muted", "on", "phone")),
        hand: maybe(whole),
        transport: maybe(oneOf("webrtc", "websocket", "stills")),
        exploring: maybe(record({ case: whole, series: text, image: whole })),
      }),
    ),
  }),
  lobby: record({ here: list(text) }),
  exploring: record({ n: whole, stage: text, view: orNull(shownView), sentence: text }),
  follow_requested: record({ by: text }),
  cursors: record({
    case: whole,
    cursors: list(
      record({
        seat: text,
        n: whole,
        at: record({ viewport: text, series: text, image: whole, point: vec }),
        laser: flag,
      }),
    ),
  }),
  loading: record({ series: text, ready: list(exactly(2, whole)), images: whole }),
  stamp: record({ stamp }),
  view: shownView,
  offer: record({ n: whole, sdp: text }),
  media_ended: record({ n: whole, sentence: text }),
  muted: record({ by: text }),
  speaking: record({ slots: list(text) }),
  drafts: record({ case: whole, drafts: list(record({ seat: text, tab: text, shape })) }),
  writings: record({ case: whole, writings: list(record({ seat: text, tab: text, field: text, text })) }),
  measured: record({ readings: list(reading) }),
  critical_waits: record({ critical: text }),
  pong: record({ t: number }),
  probe: record({}),
  closing: record({
    reason: oneOf("", "denied", "expired", "revoked", "removed", "over", "full", "deleted", "lobby"),
    sentence: text,
  }),
});

/** @param {string} frame @returns {ServerMessage | null} */
export function readMessage(frame) {
  /** @type {unknown} */
  let value;
  try {
    value = JSON.parse(frame);
  } catch {
    return null;
  }
  return message(value) ? /** @type {ServerMessage} */ (value) : null;
}
