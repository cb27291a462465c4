/**
 * The board beside the picture: its list of cases with their times, what is prepared of the one on the stage, the
 * decision, the roll. Absent where a consult is no board.
 */
/** @import {FeatureContext, Tab} from "../context.js" */
/** @import {PreparedView} from "../../wire.js" */
import { stepView, preparedOf } from "../../core/board/board.js";
import { t } from "../../core/language.js";
import { el } from "../../kit/dom.js";
import { control, draw, html, nothing } from "../../kit/html.js";
import { caseList } from "./case-list.js";
import { DecisionForm } from "./decision-form.js";
import { PreparationForm } from "./preparation-form.js";
import { preparedViews } from "./prepared-views.js";
import { RollCall } from "./roll-call.js";
import { ShownDecision } from "./shown-decision.js";

/** @typedef {Pick<FeatureContext, "session" | "command" | "request" | "navigation" | "openView" | "stage" | "notices" |
 *   "redraw" | "tab">} BoardContext */

/** @implements {Tab} */
export class BoardTab {
  /** @param {BoardContext} context */
  constructor(context) {
    this.context = context;
    this.tab = "board";
    this.word = t("Board");
    this.glyph = "list";
    /** The prepared view that this page showed last. */
    this.shownView = "";
    this.number = 0;
    this.element = el("div", {
      class: "tab-page board",
      role: "tabpanel",
      id: "board-page",
      "aria-label": this.word,
      tabindex: -1,
    });
    this.preparation = new PreparationForm(context);
    this.decision = new DecisionForm(context);
    this.roll = new RollCall(context);
    this.shown = new ShownDecision(context, this.decision);
    this.parts = {
      head: el("div", { class: "board-head" }),
      cases: el("ol", { class: "board-cases", "aria-label": t("Cases") }),
      views: el("div", { class: "board-views" }),
    };
    const { head, cases, views } = this.parts;
    this.element.append(head, cases, this.preparation.element, views, this.decision.element, this.roll.element);
    this.actions = {
      "next-prepared": () => this.step(1),
      "previous-prepared": () => this.step(-1),
    };
    context.session.on("changed", (before, after) => {
      if (before.case !== after.case) this.switched();
    });
  }

  get absent() {
    return !this.context.session.doc?.board;
  }

  get count() {
    return this.context.session.doc?.cases.length ?? null;
  }

  /** Of the case on the stage. @returns {PreparedView[]} */
  get views() {
    const { doc } = this.context.session;
    return doc ? preparedOf(doc, doc.current) : [];
  }

  switched() {
    this.shownView = "";
    this.decision.switched();
    this.preparation.switched();
  }

  /** The next or previous prepared view, for all if this page has control. @param {1 | -1} by */
  step(by) {
    const view = stepView(this.views, this.shownView, by);
    if (view) this.showView(view);
    else if (!this.absent) this.context.notices.show({ text: t("There is no further prepared view."), glyph: "list" });
  }

  /** @param {PreparedView} view */
  showView(view) {
    const forAll = !!this.context.session.standing?.drives;
    if (this.context.openView({ case: view.case, view: view.view }, { forAll })) this.shownView = view.id;
    this.context.redraw();
  }

  /** Keep what is shown now, to be shown again. */
  async keepView() {
    const { session, navigation, command, tab } = this.context;
    const { view } = navigation;
    if (!session.doc || !view) return;
    const prepared = `${tab}-v${++this.number}`;
    await command({ type: "prepare_view", case: session.doc.case, prepared, view, line: "" });
  }

  render() {
    const { doc, standing } = this.context.session;
    if (!doc?.board || !standing) return;
    const { head, cases, views } = this.parts;
    draw(head, this.head());
    draw(cases, caseList(this.context));
    draw(views, preparedViews(this));
    this.preparation.render();
    this.decision.render();
    this.roll.render();
    this.shown.render();
  }

  head() {
    const { session, command } = this.context;
    if (!session.doc?.board || session.doc.board.phase === "running") return nothing;
    return html`<p class="quiet">${t("The board has not begun: its cases are prepared.")}</p>${
      session.standing?.mayBegin
        ? control({
            word: t("Begin the board"),
            class: "button primary",
            disabled: !session.live,
            do: () => void command({ type: "begin_board", case: session.doc?.case }),
          })
        : nothing
    }`;
  }
}
