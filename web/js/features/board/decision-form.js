/**
 * The decision of the case on the stage: written by who leads, shown large on all screens, then saved. What is typed is
 * of its case alone: under another case it waits until its own is back.
 */
/** @import {Decision, DecisionDraft, Words} from "../../wire.js" */
/** @import {BoardContext} from "./board.js" */
import { decisionsOf, dissentsOf, draftOf, nextUndecided } from "../../core/board/board.js";
import { clockTime, formatDate } from "../../core/format.js";
import { t } from "../../core/language.js";
import { el, limited } from "../../kit/dom.js";
import { control, draw, html, nothing } from "../../kit/html.js";

const MAX_TEXT = 4000;
const MAX_LINE = 80;
/** @type {Words} */
const NOTHING = { text: "", stage: "", owner: "", due: "", outcome: "decision" };

export class DecisionForm {
  /** @param {BoardContext} context */
  constructor(context) {
    this.context = context;
    /** What is typed and not stored, by case. @type {Map<string, Words>} */
    this.typed = new Map();
    /** What is asked for goes one behind the other. @type {Promise<boolean>} */
    this.storing = Promise.resolve(true);
    const oninput = () => this.type();
    const onchange = () => void this.put(false);
    this.text = limited(
      el("textarea", { class: "text-input", rows: 3, "aria-label": t("Decision"), oninput, onchange }),
      MAX_TEXT,
    );
    this.stage = limited(el("input", { type: "text", class: "text-input", oninput, onchange }), MAX_LINE);
    this.owner = limited(el("input", { type: "text", class: "text-input", oninput, onchange }), MAX_LINE);
    this.due = el("input", { type: "date", class: "text-input", oninput, onchange });
    this.later = el("input", { type: "checkbox", onchange: () => this.typeAndPut() });
    this.inputs = el(
      "div",
      { class: "decision-inputs" },
      this.text,
      el("label", {}, el("span", { text: t("Stage") }), this.stage),
      el("label", {}, el("span", { text: t("Owner") }), this.owner),
      el("label", {}, el("span", { text: t("Due") }), this.due),
      el(
        "label",
        { class: "check" },
        this.later,
        el("span", { text: t("Put off to the next board: the text says why") }),
      ),
    );
    this.state = el("span", { class: "decision-state" });
    this.decided = el("div", { class: "decided" });
    this.acts = el("div", { class: "decision-acts" });
    this.element = el(
      "section",
      { class: "board-decision" },
      el("h3", {}, el("span", { text: t("Decision") }), this.state),
      this.decided,
      this.inputs,
      this.acts,
    );
  }

  /** @returns {Words} */
  get words() {
    const outcome = this.later.checked ? "deferral" : "decision";
    return { text: this.text.value, stage: this.stage.value, owner: this.owner.value, due: this.due.value, outcome };
  }

  /** What is in the fields is of the case on the stage. */
  type() {
    const { doc } = this.context.session;
    if (doc) this.typed.set(doc.current, this.words);
  }

  typeAndPut() {
    this.type();
    void this.put(false);
  }

  /** Store it, and show it on all screens; once what was asked for before is answered, which it stands upon.
   * @param {boolean} shown */
  put(shown) {
    const kase = this.context.session.doc?.current ?? "";
    this.storing = this.storing.then(() => this.store(shown, kase));
    return this.storing;
  }

  /** @param {boolean} shown @param {string} of its case @returns {Promise<boolean>} it is stored */
  async store(shown, of) {
    const { session, request, notices } = this.context;
    const { doc, standing } = session;
    if (!doc || !standing?.mayDecide || doc.current !== of) return false;
    const kase = doc.current;
    const draft = draftOf(doc, kase);
    const words = this.typed.get(kase) ?? draft?.words ?? NOTHING;
    const refused = await request({ type: "put_decision", case: doc.case, base: draft?.rev ?? 0, words, shown });
    if (refused) notices.show({ text: refused.message, glyph: "warn" });
    else if (sameWords(this.typed.get(kase), words)) this.typed.delete(kase);
    this.context.redraw();
    return !refused;
  }

  /** Decide what stands on all screens, and go on if there is a next case. @param {boolean} on */
  async save(on) {
    const { session, command } = this.context;
    const { doc } = session;
    const draft = doc && draftOf(doc, doc.current);
    if (!doc || !draft) return;
    const next = on ? nextUndecided(doc) : null;
    if (await command({ type: "save_decision", case: doc.case, base: draft.rev })) return;
    this.typed.delete(doc.current);
    if (next) await command({ type: "switch_case", case: doc.case, to: next.id });
  }

  /** @param {string} reason "" takes it back */
  dissent(reason) {
    const { session, command } = this.context;
    return command({ type: "put_dissent", case: session.doc?.case, reason });
  }

  switched() {
    this.fill();
  }

  /** The fields have what is typed for this case, else what is stored. */
  fill() {
    const { doc } = this.context.session;
    if (!doc) return;
    const words = this.typed.get(doc.current) ?? draftOf(doc, doc.current)?.words ?? NOTHING;
    for (const name of /** @type {const} */ (["text", "stage", "owner", "due"]))
      if (this[name].value !== words[name]) this[name].value = words[name];
    this.later.checked = words.outcome === "deferral";
  }

  render() {
    const { doc, standing, live } = this.context.session;
    if (!doc?.board) return;
    const draft = draftOf(doc, doc.current);
    const decided = decisionsOf(doc, doc.current);
    const decides = !!standing?.mayDecide;
    this.element.hidden = doc.board.phase !== "running" || (!decides && decided.length === 0 && !draft?.shown);
    this.inputs.hidden = !decides;
    if (!this.typed.has(doc.current)) this.fill();
    this.state.textContent = draft?.shown
      ? t("On all screens")
      : this.typed.has(doc.current)
        ? t("Not stored yet")
        : draft
          ? t("Draft")
          : "";
    draw(
      this.decided,
      decided.map((one) => decisionLine(one)),
    );
    draw(this.acts, decides ? this.buttons(draft, live) : nothing);
  }

  /** @param {DecisionDraft | null} draft @param {boolean} live */
  buttons(draft, live) {
    const shown = !!draft?.shown;
    return html`${control({
      word: t("Show on all screens"),
      class: "button",
      disabled: !live || shown || !this.text.value.trim(),
      do: () => void this.put(true),
    })}${shown ? this.savers(live) : nothing}`;
  }

  /** @param {boolean} live */
  savers(live) {
    const { doc } = this.context.session;
    const next = doc && nextUndecided(doc);
    const n = doc && next ? doc.cases.indexOf(next) + 1 : 0;
    return html`${control({ word: t("Save"), class: "button", disabled: !live, do: () => void this.save(false) })}${
      n
        ? control({
            word: t("Save and go to case {n}", { n }),
            class: "button primary",
            disabled: !live,
            do: () => void this.save(true),
          })
        : nothing
    }${control({ word: t("Take it back"), class: "button bare", disabled: !live, do: () => void this.put(false) })}`;
  }

  /** Who is against what is shown. */
  get dissents() {
    const { doc } = this.context.session;
    return doc ? dissentsOf(doc, doc.current) : [];
  }
}

/** @param {Words | undefined} one @param {Words} other */
const sameWords = (one, other) =>
  !!one &&
  one.text === other.text &&
  one.stage === other.stage &&
  one.owner === other.owner &&
  one.due === other.due &&
  one.outcome === other.outcome;

/** @param {Decision} one */
export function decisionLine({ id, words, count, by_name, at }) {
  const deferred = words.outcome === "deferral" ? `${t("Put off to the next board")}: ` : "";
  const saved = t("No. {n}, {name}, {time}", { n: count, name: by_name, time: clockTime(at) });
  return html`<div class="decision" data-decision=${id}>
    <p class="board-text" dir="auto">${deferred}${words.text}</p>
    <p class="quiet">${[wordsUnder(words), saved].filter(Boolean).join(" · ")}</p>
  </div>`;
}

/** "cT1c N1 M0 · Oncology · 1 Dec 2026". @param {Words} words */
export const wordsUnder = ({ stage, owner, due }) => [stage, owner, formatDate(due)].filter(Boolean).join(" · ");
