/**
 * What is about to be decided, large, on all screens: asked about, dissented from, then saved by who leads. It stands
 * below the picture, which makes room for it: nothing of that is covered.
 */
/** @import {Dissent} from "../../wire.js" */
/** @import {BoardContext} from "./board.js" */
/** @import {DecisionForm} from "./decision-form.js" */
import { draftOf } from "../../core/board/board.js";
import { t } from "../../core/language.js";
import { el, find, limited } from "../../kit/dom.js";
import { control, draw, html, nothing } from "../../kit/html.js";
import { wordsUnder } from "./decision-form.js";

/** Characters. */
const MAX_REASON = 1000;

export class ShownDecision {
  /** @param {BoardContext} context @param {DecisionForm} form */
  constructor(context, form) {
    this.context = context;
    this.form = form;
    this.reason = limited(el("input", { type: "text", class: "text-input" }), MAX_REASON);
    this.content = el("div", {});
    this.asking = el(
      "div",
      { class: "dissent-ask" },
      el("label", {}, el("span", { text: t("Your reason, if you do not agree") }), this.reason),
    );
    this.element = find("#shown-decision", HTMLElement);
    this.element.append(this.content, this.asking);
    this.sender = el("button", {
      type: "button",
      class: "button small",
      text: t("Dissent"),
      onclick: () => void this.send(),
    });
    this.asking.append(this.sender);
  }

  async send() {
    if (!this.reason.reportValidity()) return;
    const reason = this.reason.value.trim();
    if (reason && !(await this.form.dissent(reason))) this.reason.value = "";
  }

  render() {
    const { doc, standing, live, me } = this.context.session;
    const draft = doc && draftOf(doc, doc.current);
    const shown = !!draft?.shown && doc?.consult.ended_at === null;
    this.element.hidden = !shown;
    if (!shown || !draft) return;
    const mine = this.form.dissents.some((one) => one.seat === me);
    this.asking.hidden = !standing?.mayDissent || !live || mine;
    const { words } = draft;
    const asked = words.outcome === "deferral" ? t("Put off to the next board?") : t("Decision, not saved yet");
    const decides = standing?.mayDecide;
    draw(
      this.content,
      html`<p class="caption">${asked}</p>
        <p class="large" dir="auto">${words.text}</p>
        <p class="under">${wordsUnder(words)}</p>
        ${this.form.dissents.map((one) => this.against(one, one.seat === me))}
        ${decides ? html`<div class="decision-acts">${this.form.savers(live)}</div>` : nothing}`,
    );
  }

  /** @param {Dissent} one @param {boolean} mine */
  against({ id, name, reason }, mine) {
    const back = () => void this.form.dissent("");
    const button = mine ? control({ word: t("Take it back"), class: "button bare small", do: back }) : nothing;
    return html`<p class="dissent" data-dissent=${id}
      >${t("Dissent")}: <bdi>${name}</bdi>: <span dir="auto">${reason}</span>${button}</p>`;
  }
}
