/**
 * Critical results: raised, answered, escalated by the server's clock, and red until somebody closes them. The cards
 * stand over the tabs of the panel; whom one concerns is told over the picture, and read to at once.
 */
/** @import {Critical as Result, Snapshot} from "../../wire.js" */
/** @import {Draft} from "../../core/record/critical/raising.js" */
/** @import {FeatureContext} from "../context.js" */
import { plural, t } from "../../core/language.js";
import { SteadyClock } from "../../core/network/steady-clock.js";
import { patientOf, severalCases } from "../../core/session/cases.js";
import { closedOnes, LED_TO, openOnes, ownSeats, wants } from "../../core/record/critical/critical.js";
import { newDraft } from "../../core/record/critical/raising.js";
import { ServerClock } from "../../core/network/server-clock.js";
import { endingWords } from "../../core/record/critical/words.js";
import { sideWord } from "../../core/record/finding/sides.js";
import { el } from "../../kit/dom.js";
import { control, draw, html, nothing, repeat } from "../../kit/html.js";
import { announceNow } from "../../kit/notice.js";
import { session as tabStorage } from "../../transport/storage.js";
import { acknowledgeForm, closeForm, tellForm } from "./answer-dialogs.js";
import { card } from "./card.js";
import { Lead } from "./lead.js";
import { RaiseDialog } from "./raise-dialog.js";

/**
 * @typedef {Pick<FeatureContext, "session" | "request" | "command" | "notices" | "sheets" | "form" | "redraw" |
 *   "stage" | "navigation"> & {showFinding: (finding: string) => void}} CriticalContext showFinding: goes to a finding
 *   of the case on the stage
 */

export class CriticalResults {
  /** @param {CriticalContext} context */
  constructor(context) {
    this.context = context;
    this.steady = new SteadyClock(performance.now(), Date.now());
    this.clock = new ServerClock();
    this.element = el("section", { class: "critical-results", "aria-label": t("Critical results"), hidden: true });
    /** What was written down and not raised, by case. @type {Map<string, Draft>} */
    this.drafts = new Map();
    /** @type {RaiseDialog | null} */
    this.raising = null;
    /** Those that were read, as they stood then. @type {Set<string>} */
    this.read = new Set();
    /** Those that were announced, as they stood then. @type {Set<string>} */
    this.announced = new Set();
    this.ledTo = tabStorage.get(LED_TO) ?? "";
    tabStorage.remove(LED_TO);
    const { session } = context;
    session.on("message", (m) => m.type === "welcome" && this.clock.welcomed(m.now, this.steadyMs()));
    session.on("live", () => session.liveOnce || this.lead.to(session.asked || this.ledTo));
    session.on("changed", (before, after) => this.changed(before, after));
    session.on("waits", (critical) => (critical ? this.lead.to(critical) : this.lead.stop()));
    this.lead = new Lead(context, (critical) => this.bring(critical));
    session.on("over", () => document.querySelector(".critical-dialog")?.remove());
  }

  steadyMs() {
    return this.steady.now(performance.now(), Date.now());
  }

  /** By the server's clock, seconds; null before it is known. */
  get now() {
    return this.clock.now(this.steadyMs());
  }

  get reader() {
    const { me, asked, standing, doc } = this.context.session;
    return { me, asked, host: standing?.host ?? false, own: doc ? ownSeats(doc, me) : new Set([me]) };
  }

  /** Those that nobody has closed. */
  get open() {
    return openOnes(this.context.session.doc?.criticals ?? []);
  }

  get mayRaise() {
    const { standing, live } = this.context.session;
    return live && !!standing?.mayDraw;
  }

  /** To the case of a result, for everybody; then this page to its finding. @param {Result} critical */
  async goTo(critical) {
    if (await this.context.command({ type: "switch_case", to: critical.case })) return;
    this.lead.to(critical.id, true);
  }

  /** Bring its card to the front. @param {Result} critical */
  bring(critical) {
    const { sheets, form } = this.context;
    this.read.add(keyOf(critical));
    if (form() !== "wide") sheets.open("panel");
    this.render();
    const found = this.element.querySelector(`[data-critical="${CSS.escape(critical.id)}"]`);
    found?.scrollIntoView({ block: "nearest" });
    const first = found?.querySelector("button, summary");
    if (first instanceof HTMLElement) first.focus();
  }

  /** A guest is not told any more of the former case's results: of one that waits for them they are told so.
   * @param {Snapshot} before @param {Snapshot} after */
  changed(before, after) {
    if (before.case === after.case) return this.raising?.form.draw();
    this.leave(before);
    const here = new Set(after.criticals.map((critical) => critical.id));
    const gone = openOnes(before.criticals).filter((critical) => !here.has(critical.id));
    const waiting = gone.find((critical) => wants(critical, this.reader) === "answer");
    if (waiting) this.lead.to(waiting.id);
  }

  /** Another case is on the stage: what was not raised was not, and is kept with its case. @param {Snapshot} before */
  leave(before) {
    const { raising } = this;
    if (!raising) return;
    this.drafts.set(before.current, raising.draft);
    raising.form.close();
    const text = t("The critical result of {patient} is not raised: the case has changed. What you wrote is kept.", {
      patient: patientOf(before, before.current),
    });
    this.context.notices.show({ text, glyph: "warn", warn: true });
    announceNow(text);
  }

  /** Write one down, of a finding or of none. @param {string} [finding] its id */
  async raise(finding = "") {
    const { session, notices } = this.context;
    const { doc } = session;
    if (!doc || this.raising) return;
    const kept = this.drafts.get(doc.current);
    const found = doc.findings.find((f) => f.id === finding) ?? null;
    const draft = kept && kept.finding === finding ? kept : newDraft(doc.site, found);
    this.raising = new RaiseDialog(this.context, doc, draft);
    this.drafts.delete(doc.current);
    const { id } = this.raising;
    const sent = await this.raising.show();
    this.raising = null;
    if (!sent) return;
    notices.show({ text: t("The critical result is raised. Its clock runs."), glyph: "check", good: true });
    const critical = session.doc?.criticals.find((c) => c.id === id);
    if (critical) this.bring(critical);
  }

  /** @type {import("./card.js").CardActs} */
  acts = {
    acknowledge: (critical) => void acknowledgeForm(this.context, critical).show(),
    tell: (critical) => void tellForm(this.context, critical, this.now ?? Date.now() / 1000).show(),
    close: (critical) => void closeForm(this.context, critical).show(),
    show: (critical) => this.context.showFinding(critical.finding),
    goTo: (critical) => void this.goTo(critical),
  };

  render() {
    const { doc } = this.context.session;
    if (!doc) return;
    const { open, reader, now, acts } = this;
    const closed = closedOnes(doc.criticals);
    this.element.hidden = open.length === 0 && closed.length === 0;
    this.element.classList.toggle("red", open.length > 0);
    const cards = (/** @type {Result[]} */ some) =>
      repeat(
        some,
        (critical) => critical.id,
        (critical) => card(critical, { doc, reader, now, acts }),
      );
    draw(
      this.element,
      html`${cards(open)}${
        closed.length > 0
          ? html`<details class="closed"><summary>${plural(
              closed.length,
              "{n} closed critical result",
              "{n} closed critical results",
            )}</summary>${cards(closed)}</details>`
          : nothing
      }`,
    );
    this.announce(open);
  }

  /** Over the picture, and to who listens: what waits for the reader. @param {Result[]} open */
  announce(open) {
    const { reader } = this;
    const waiting = open.filter((critical) => wants(critical, reader) && !this.read.has(keyOf(critical)));
    const [first] = waiting;
    if (!first) return this.context.notices.stand(null, "critical");
    const text = this.words(first);
    if (!this.announced.has(keyOf(first))) announceNow(text);
    this.announced.add(keyOf(first));
    this.context.notices.stand(
      { text, glyph: "warn", urgent: true, action: { name: t("Read it"), do: () => this.bring(first) } },
      "critical",
    );
  }

  /** @param {Result} critical */
  words(critical) {
    const { doc } = this.context.session;
    const result = [sideWord(critical.where), critical.what].join(" ");
    const what = doc && severalCases(doc) ? `${patientOf(doc, critical.case)}: ${result}` : result;
    return wants(critical, this.reader) === "call"
      ? t("Nobody has answered your critical result in time: {what}", { what })
      : t("A critical result waits for your answer: {what}", { what });
  }

  /** Opens the cards where the panel is not seen; nothing while there is none open. @param {string} kind class */
  opener(kind) {
    const { open } = this;
    const [first] = open;
    if (!first) return nothing;
    const label = plural(open.length, "{n} open critical result", "{n} open critical results");
    return control({
      label,
      title: label,
      id: "critical-results",
      class: `${kind} critical-opener`,
      glyph: "warn",
      more: html`<span class="count">${open.length}</span>`,
      do: () => this.bring(first),
    });
  }

  /** What is said before the consult is ended; "" where nothing is open. */
  get endingWords() {
    return endingWords(this.open);
  }
}

/** It, as it stands. @param {Result} critical */
const keyOf = ({ id, stage }) => `${id} ${stage}`;
