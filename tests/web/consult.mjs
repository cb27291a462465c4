/** A small consult for the page's tests: three seats, one case, and what a feature is given of it. */
import { Session } from "../../web/js/core/session/session.js";
import { Toolbox } from "../../web/js/stage/toolbox.js";
import { kase, series, shown, view, viewport } from "./examples.mjs";

export const seat = (id, role = "participant", colour = 1, more = {}) => ({
  id,
  name: `Dr. ${id}`,
  role,
  colour,
  invitation: "i",
  removed: false,
  ...more,
});

/** The host `h` has control; `g` takes part, `w` looks on. */
export const doc = (more = {}) => ({
  consult: { id: "c", title: "Board", host_name: "Dr. Host", opened_at: 0, ended_at: null },
  cases: [kase(series()), { ...kase(series()), id: "c2" }],
  case: 1,
  current: "c1",
  control: { epoch: 1, seat: "h", requests: [] },
  seats: [seat("h", "host", 0), seat("g", "participant", 2), seat("w", "viewer", 1)],
  marks: [],
  key_images: [],
  chat: [],
  ...more,
});

export const here = (id, more = {}) => ({
  seat: id,
  online: true,
  microphone: "off",
  hand: 0,
  transport: "webrtc",
  round_trip_ms: 0,
  phone: false,
  exploring: null,
  ...more,
});

/** A session that is live, as one seat sees it. */
export function session(me, document = doc(), people = ["h", "g"].map((id) => here(id))) {
  const made = new Session();
  made.receive({ type: "welcome", log: "l", seq: 1, seat: me, role: "", snapshot: document, view: shown(1) });
  made.receive({ type: "presence", people });
  made.setPhase("live");
  made.setFreshness("fresh");
  return made;
}

/** What a feature is given; all that it asks for is written into lists. */
export function context(me, document = doc()) {
  const asked = { sent: [], commands: [], notices: [], redrawn: 0 };
  const answers = [];
  return {
    ...asked,
    answers,
    session: session(me, document),
    send: (message) => asked.sent.push(message) > 0,
    command: (wish) => {
      asked.commands.push(wish);
      return new Promise((resolve) => answers.push(resolve));
    },
    request: async () => null,
    notices: {
      show: (notice) => asked.notices.push(notice),
      stand: (notice) => asked.notices.push(notice),
      hide: () => {},
    },
    toolbox: new Toolbox(),
    navigation: { view: view(viewport()), mayMove: true },
    stage: { card: { shown: false }, overlays: new Map(), element: { classList: { toggle: () => {} } } },
    redraw: () => {},
    form: () => "wide",
    tab: "tab-1",
    base: "https://consult.test/seat/s/",
  };
}
