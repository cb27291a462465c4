/** What the page is made of below its features, and what of it a feature may be given. */
/** @import {FeatureContext} from "../features/context.js" */
import { blackWord } from "../core/privacy/blackouts.js";
import { formOf } from "../core/form.js";
import { t } from "../core/language.js";
import { socketUrl } from "../core/network/socket-url.js";
import { presenterName } from "../core/session/document.js";
import { Session } from "../core/session/session.js";
import { Notices } from "../kit/notice.js";
import { applySettings } from "../kit/settings.js";
import { Sheets } from "../kit/sheets.js";
import { loadGlyphs } from "../kit/sprite.js";
import { pointsFirst, settings } from "../transport/storage.js";
import { Presenter } from "../stage/presenter.js";
import { Stage } from "../stage/stage.js";
import { Toolbox } from "../stage/toolbox.js";
import { ControlLink } from "./control-link.js";
import { Navigation } from "./navigation.js";

const TAB_BYTES = 12;

/** Names a page that is loaded. */
function newTab() {
  const bytes = crypto.getRandomValues(new Uint8Array(TAB_BYTES));
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}

/**
 * @typedef {object} ShellCallbacks
 * @property {() => void} redraw
 * @property {(tab: string) => void} openTab
 * @property {(viewport: string, place: number, rest: boolean) => void} scrub
 * @property {(viewport: string, by: number) => void} stepTime
 * @property {() => void} transportsChanged
 */
/**
 * What somebody brings along who comes from the page of a link.
 * @typedef {object} Beginning
 * @property {WebSocket} [socket] to the seat, being opened
 * @property {readonly string[]} [stills] digests of what is shown first
 */
/** @typedef {ShellCallbacks & Pick<Beginning, "socket">} Shell */

const TOO_LARGE = t(
  "This screen has more pixels than 8K, which is the most that is drawn. " +
    "The picture is exact and takes a part of it. " +
    "Make the window smaller, or choose another resolution.",
);

/** @param {Shell} shell */
export function createContext({ redraw, openTab, scrub, stepTime, transportsChanged, socket }) {
  applySettings(settings);
  void loadGlyphs();
  const base = new URL("./", location.href).href;
  const tab = newTab();
  const form = () => formOf(innerWidth, innerHeight, navigation.view?.viewports.length);
  const session = new Session();
  const link = new ControlLink(session, { url: socketUrl(base, "ws"), tab, first: socket });
  const shared = new Presenter(link, tab, () => navigation.moved());
  shared.epochs = () => ({ control: session.doc?.control.epoch ?? 0, case: session.doc?.case ?? 0 });
  /** @type {import("../stage/stage.js").StageCallbacks} */
  const callbacks = {
    kase: () => session.kase,
    cases: () => session.doc?.cases ?? [],
    loading: (series) => session.loadings.get(series) ?? null,
    unconfirmedMs: () => (session.freshness === "fresh" || !session.liveOnce ? null : link.ageMs),
    ahead: () => navigation.mover.intent.ahead,
    enabled: () => navigation.mayMove,
    presenter: () => (session.doc && !navigation.independent ? presenterName(session.doc) : ""),
    black: (shows) => blackWord(session.doc, !!session.standing?.host, shows),
    scrub,
    stepTime,
    screen: (screen, isWhole) => {
      link.show(screen);
      if (!isWhole) notices.show({ text: TOO_LARGE, glyph: "warn" });
    },
    askAnew: () => stage.screen.screen && link.show(stage.screen.screen),
    send: (message) => link.send(message),
    transportsChanged,
  };
  const stage = new Stage(callbacks, base);
  const notices = new Notices(stage.element);
  const navigation = new Navigation({ session, stage, notices, shared, form, redraw });
  const toolbox = new Toolbox();
  if (pointsFirst.get()) toolbox.take("laser"); // pointing asks for the tool of both hands
  /** @type {FeatureContext} */
  const context = {
    session,
    send: (message) => link.send(message),
    request: (wish) => link.request(wish),
    command: async (wish) => {
      const error = await link.request(wish);
      if (error) notices.show({ text: error.message, glyph: "warn" });
      return error;
    },
    navigation,
    openView: (kept, how) => navigation.openView(kept, how),
    openTab,
    stage,
    toolbox,
    notices,
    sheets: new Sheets(redraw),
    redraw,
    form,
    roundTrip: () => link.roundTrip,
    tab,
    base,
  };
  return { context, link, navigation };
}
