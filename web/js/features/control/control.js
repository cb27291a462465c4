/** Control: who asks for it, what this participant can do about it, and what is read out when it changes hands. */
/** @import {Act, FeatureContext} from "../context.js" */
/** @import {Snapshot} from "../../wire.js" */
import { t } from "../../core/language.js";
import { awayText, nobodyLeads } from "../../core/session/driving.js";
import { present, presenterName, seatOf } from "../../core/session/document.js";
import { candidates } from "../../core/session/standing.js";
import { openMenu } from "../../kit/menu.js";
import { announce, announceNow } from "../../kit/notice.js";

/** @typedef {Pick<FeatureContext, "session" | "command" | "notices" | "redraw" | "form">} ControlContext */

/** Who reloads, or whose server restarts, is soon back. */
const AWAY_MS = 3000;
/** As the server has it (LEAD_AFTER_S), which begins to count a little earlier. */
const LEAD_AFTER_S = 20;

export class Control {
  /** @param {ControlContext} context */
  constructor(context) {
    this.context = context;
    /** @type {Set<string>} seats whose request was put off */
    this.declined = new Set();
    /** Who has control and went away while this page was here, and when, in seconds since 1970.
     * @type {{seat: string, at: number} | null} */
    this.away = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Set<string>} */
    this.online = new Set();
    /** Since when nobody leads, by this page's clock. @type {number | null} */
    this.vacantAt = null;
    context.session.on("changed", (before, after) => this.changed(before, after));
    context.session.on("presence", () => this.watch());
    context.session.on("lost", () => {
      this.vacantAt = null; // what happens meanwhile is not seen here
    });
  }

  /** Where whoever has control is not here: what can be done, in words; else "". @param {boolean} [short] */
  awayText(short = false) {
    const { session } = this.context;
    const since = this.away?.seat === session.doc?.control.seat ? (this.away?.at ?? null) : null;
    return awayText(session, since, short, this.leadsIn);
  }

  /** Seconds until this participant may lead; null: somebody else does, or they never may. */
  get leadsIn() {
    const { standing } = this.context.session;
    if (!standing?.mayLead || this.vacantAt === null) return null;
    return Math.max(0, Math.ceil(LEAD_AFTER_S - (performance.now() - this.vacantAt) / 1000));
  }

  /** Who has come and gone. */
  watch() {
    const { doc, me, online } = this.context.session;
    const holder = doc?.control.seat ?? null;
    const was = this.online;
    this.online = online;
    if (!doc || !nobodyLeads(doc, online)) this.vacantAt = null;
    else this.vacantAt ??= performance.now();
    if (!doc || holder === null || online.has(holder)) {
      clearTimeout(this.timer);
      this.away = null;
    } else if (was.has(holder) && holder !== me) {
      this.away = { seat: holder, at: Date.now() / 1000 };
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.announceAway(), AWAY_MS);
    }
  }

  /** Whoever has control is still not back. */
  announceAway() {
    const { session, notices } = this.context;
    if (!session.doc || !this.awayText() || session.stale) return;
    const text = `${t("{name} has control and is away", { name: presenterName(session.doc) })}. ${this.awayText()}`;
    notices.show({ text, glyph: "warn", warn: true });
    announce(text);
  }

  /** Seats that ask for control, where this page may give it. */
  get asking() {
    const { doc, standing } = this.context.session;
    return doc && standing?.mayGrant ? doc.control.requests.filter((id) => !this.declined.has(id)) : [];
  }

  /** @param {string} seat */
  decline(seat) {
    this.declined.add(seat);
    this.context.redraw();
  }

  /** @param {string} seat */
  grant(seat) {
    void this.context.command({ type: "grant_control", seat });
  }

  giveBack() {
    void this.context.command({ type: "give_back_control" });
  }

  /** What is open to this participant. @returns {Act[]} */
  get acts() {
    const { session, command } = this.context;
    const { doc, standing } = session;
    if (!doc || !standing || !session.live) return [];
    /** @type {Act[]} */
    const acts = [];
    if (standing.mayTake)
      acts.push({
        name: doc.control.seat === null ? t("Take control") : t("Take back"),
        glyph: "swap",
        do: () => void command({ type: "take_control" }),
      });
    if (standing.mayGiveBack) acts.push({ name: t("Give back"), glyph: "swap", do: () => this.giveBack() });
    if (this.leadsIn === 0)
      acts.push({
        name: t("Take control"),
        glyph: "swap",
        primary: true,
        do: () => void command({ type: "take_control" }),
      });
    if (standing.mayAsk && this.leadsIn === null)
      acts.push({
        name: standing.asked ? t("Asked for control") : t("Ask for control"),
        glyph: "ask",
        disabled: standing.asked,
        do: () => void command({ type: "request_control" }),
      });
    if (standing.drives && standing.mayGrant && candidates(doc, session.online).length > 0)
      acts.push({ name: t("Hand over"), glyph: "swap", menu: true, do: (at) => this.handOver(at) });
    return acts;
  }

  /** @param {HTMLElement} anchor */
  handOver(anchor) {
    const { doc, online } = this.context.session;
    if (!doc) return;
    openMenu(
      anchor,
      t("Hand over control to"),
      candidates(doc, online).map((seat) => ({ name: seat.name, glyph: "person", choose: () => this.grant(seat.id) })),
    );
  }

  /** @param {Snapshot} before @param {Snapshot} after */
  changed(before, after) {
    const { me } = this.context.session;
    if (before.control.seat !== after.control.seat) this.handed(before, after);
    for (const id of after.control.requests)
      if (!before.control.requests.includes(id) && id !== me) this.asked(id, after);
    const were = new Set(present(before).map((s) => s.id));
    const came = present(after).filter((s) => s.id !== me && !were.has(s.id));
    if (came.length > 0) announce(t("{names} joined", { names: came.map((s) => s.name).join(", ") }));
  }

  /** @param {string} seat that asks for control @param {Snapshot} doc */
  asked(seat, doc) {
    const { session, notices, form } = this.context;
    this.declined.delete(seat);
    if (!session.standing?.mayGrant) return;
    const text = t("{name} asks for control", { name: seatOf(doc, seat)?.name ?? t("Somebody") });
    announce(text);
    if (form() === "wide") return;
    notices.show({ text: `${text}.`, glyph: "swap", action: { name: t("Give control"), do: () => this.grant(seat) } });
  }

  /** Control has changed hands. @param {Snapshot} before @param {Snapshot} after */
  handed(before, after) {
    const { session, notices } = this.context;
    const { me, standing } = session;
    const name = presenterName(after);
    notices.hide();
    if (after.control.seat !== null && after.control.stands_in && after.control.seat !== me) {
      const text = t("{name} leads while the host is away.", { name });
      notices.show({ text, glyph: "swap" });
      return announceNow(text);
    }
    if (after.control.seat === me && !standing?.host) {
      const text = after.control.stands_in
        ? t("You lead while the host is away. Everybody sees what you do.")
        : t("You have control. Everybody sees what you do.");
      notices.show({ text, glyph: "swap", action: { name: t("Give back"), do: () => this.giveBack() } });
      return announceNow(text);
    }
    if (before.control.seat === me && after.control.seat !== null) {
      const text = standing?.host
        ? `${t("{name} has control", { name })}.`
        : t("{name} took the control back.", { name });
      notices.show({ text, glyph: "swap" });
      return announceNow(text);
    }
    if (after.control.seat !== null && after.control.seat !== me) announce(t("{name} has control", { name }));
  }
}
