/**
 * The decision of the case on the stage: written by who leads, shown large on all screens, then saved. What is typed is
 * of its case alone: it is stored when the hand rests, and under another case it waits until its own is back.
 */
/** @import {Decision, DecisionDraft, Words} from "../../wire.js" */
/** @import {Sending} from "../../core/board/own-text.js" */
/** @import {BoardContext} from "./board.js" */
import { decisionsOf, dissentsOf, draftOf, nextUndecided } from "../../core/board/board.js";
import { draftedText, textOf, wordsIn } from "../../core/board/decision-words.js";
import { OwnText } from "../../core/board/own-text.js";
import { clockTime, formatDate } from "../../core/format.js";
import { t } from "../../core/language.js";
import { patientOf } from "../../core/session/cases.js";
import { el, limited, setText } from "../../kit/dom.js";
import { control, draw, html, nothing } from "../../kit/html.js";
import { session as storage } from "../../transport/storage.js";
import { conflict } from "./conflict.js";
import { Held } from "./held.js";
import { stateOf } from "./preparation-form.js";

const MAX_TEXT = 4000;
const MAX_LINE = 80;

export class DecisionForm {
  /** @param {BoardContext} context */
  constructor(context) {
    this.context = context;
    this.own = new OwnText({
      storage,
      base: context.base,
      name: "decision",
      put: (sending) => this.put(sending),
      changed: context.redraw,
      ends: true,
    });
    context.session.on("over", () => this.own.over(context.session.doc?.cases ?? []));
    const oninput = () => this.type();
    const onchange = () => void this.own.store();
    this.text = limited(
      el("textarea", { class: "text-input", rows: 3, "aria-label": t("Decision"), oninput, onchange }),
      MAX_TEXT,
    );
    this.stage = limited(el("input", { type: "text", class: "text-input", oninput, onchange }), MAX_LINE);
    this.owner = limited(el("input", { type: "text", class: "text-input", oninput, onchange }), MAX_LINE);
    this.due = el("input", { type: "date", class: "text-input", oninput, onchange });
    this.later = el("input", { type: "checkbox", onchange: () => this.typeAndStore() });
    this.held = new Held([this.text, this.stage, this.owner, this.due]);
    this.inputs = el(
      "div",
      { class: "decision-inputs" },
      this.text,
      this.held.words,
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
    this.twice = el("div", {});
    this.acts = el("div", { class: "decision-acts" });
    this.element = el(
      "section",
      { class: "board-decision" },
      el("h3", {}, el("span", { text: t("Decision") }), this.state),
      this.decided,
      this.inputs,
      this.twice,
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
    this.own.type(textOf(this.words));
    this.context.redraw();
  }

  typeAndStore() {
    this.type();
    void this.own.store();
  }

  /** @param {Sending} sending of the case on the stage alone */
  put({ kase, text, base, shown }) {
    const { session, request, notices } = this.context;
    const { doc, standing } = session;
    const fits = [this.text, this.stage, this.owner].every((field) => field.checkValidity());
    if (!doc || !standing?.mayDecide || doc.current !== kase || !fits) return null;
    return request({ type: "put_decision", case: doc.case, base, words: wordsIn(text), shown }).then((refused) => {
      if (refused && refused.code !== "changed_meanwhile") notices.show({ text: refused.message, glyph: "warn" });
      return refused;
    });
  }

  /** Decide what stands on all screens, and go on if there is a next case. @param {boolean} on */
  async save(on) {
    const { session, command, notices } = this.context;
    await this.own.store();
    const { doc } = session;
    const draft = doc && draftOf(doc, doc.current);
    if (!doc || !draft) return;
    if (!draft.shown || this.own.unstored) {
      notices.show({ text: t("What you changed is not on the screens yet."), glyph: "warn" });
      return;
    }
    const next = on ? nextUndecided(doc) : null;
    if (await command({ type: "save_decision", case: doc.case, base: draft.rev })) return;
    if (next) await command({ type: "switch_case", case: doc.case, to: next.id });
  }

  /** @param {string} reason "" takes it back */
  dissent(reason) {
    const { session, command } = this.context;
    return command({ type: "put_dissent", case: session.doc?.case, reason });
  }

  switched() {
    this.held.switched();
  }

  /** What is typed for this case, else what is stored, is in the fields. */
  follow() {
    const { doc } = this.context.session;
    if (!doc) return;
    const former = this.own.kase;
    if (this.own.follow(doc.current, draftedText(draftOf(doc, doc.current)))) {
      const text = t("What you wrote about {patient} is kept with that case. It is not stored.", {
        patient: patientOf(doc, former),
      });
      this.context.notices.show({ text, glyph: "warn" });
    }
    if (textOf(this.words) === textOf(wordsIn(this.own.draft.text))) return;
    const words = wordsIn(this.own.draft.text);
    for (const name of /** @type {const} */ (["text", "stage", "owner", "due"])) this[name].value = words[name];
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
    this.follow();
    setText(this.state, stateOf(this.own) || (draft?.shown ? t("On all screens") : draft ? t("Draft") : ""));
    draw(
      this.decided,
      decided.map((one) => decisionLine(one)),
    );
    draw(
      this.twice,
      conflict(this.own, (text) => wordsIn(text).text),
    );
    draw(this.acts, decides ? this.buttons(draft, live) : nothing);
  }

  /** @param {DecisionDraft | null} draft @param {boolean} live */
  buttons(draft, live) {
    const shown = !!draft?.shown;
    return html`${control({
      word: t("Show on all screens"),
      class: "button",
      disabled: !live || shown || !this.text.value.trim() || !!this.own.draft.theirs,
      do: () => void this.own.send(true),
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
    }${control({
      word: t("Take it back"),
      class: "button bare",
      disabled: !live,
      do: () => void this.own.send(false),
    })}`;
  }

  /** Who is against what is shown. */
  get dissents() {
    const { doc } = this.context.session;
    return doc ? dissentsOf(doc, doc.current) : [];
  }
}

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
