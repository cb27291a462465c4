/**
 * The board beside the picture: its list of cases with their times, what is prepared of the one on the stage, the
 * decision, the roll. On large screens the list stands at the left of the picture, and the prepared views below it;
 * else in the tab too. Absent where a consult is no board.
 */
/** @import {FeatureContext, Tab} from "../context.js" */
/** @import {Item} from "../../kit/menu.js" */
/** @import {PreparedView, Seat} from "../../wire.js" */
import { stepView, preparedOf } from "../../core/board/board.js";
import { t } from "../../core/language.js";
import { el, find } from "../../kit/dom.js";
import { control, draw, html, nothing } from "../../kit/html.js";
import { caseList, listHead } from "./case-list.js";
import { DecisionForm } from "./decision-form.js";
import { PreparationForm } from "./preparation-form.js";
import { preparedViews } from "./prepared-views.js";
import { RollCall } from "./roll-call.js";
import { ShownDecision } from "./shown-decision.js";

/** @typedef {Pick<FeatureContext, "session" | "command" | "request" | "navigation" | "openView" | "stage" | "notices" |
 *   "redraw" | "tab" | "base" | "form" | "sheets">} BoardContext */

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
    this.beside = find("#cases", HTMLElement);
    this.below = find("#prepared", HTMLElement);
    this.parts = {
      head: el("div", { class: "board-head" }),
      cases: el("ol", { class: "board-cases", "aria-label": t("Cases") }),
      foot: el("div", { class: "board-foot" }),
      views: el("div", { class: "board-views" }),
    };
    this.element.append(this.preparation.element, this.decision.element, this.roll.element);
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

  /** Opens the series, which stand behind the list of cases where that is beside the picture. */
  get seriesButton() {
    const { session, sheets } = this.context;
    const n = session.kase?.series.length ?? 0;
    if (this.absent) return nothing;
    return control({
      word: t("Series {n}", { n }),
      glyph: "list",
      class: "button small bare",
      do: () => sheets.open("series"),
    });
  }

  /** What a host may do about somebody's part in the board. @param {Seat} seat @returns {Item[]} */
  memberItems(seat) {
    const { session, command } = this.context;
    if (this.absent || !session.standing?.mayAppoint || seat.id === session.me) return [];
    const moderates = seat.role === "moderator";
    if (!moderates && seat.role !== "participant" && seat.role !== "preparer") return [];
    const wish = { type: /** @type {const} */ ("appoint"), case: session.doc?.case, seat: seat.id };
    return [
      {
        name: moderates ? t("No longer moderator") : t("Make moderator"),
        glyph: "people",
        choose: () => void command({ ...wish, moderates: !moderates }),
      },
    ];
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
    document.body.toggleAttribute("data-board", !!doc?.board);
    if (!doc?.board || !standing) return;
    this.place();
    const { head, cases, foot, views } = this.parts;
    draw(head, html`${listHead(doc)}${this.beginning()}`);
    draw(cases, caseList(this.context));
    draw(foot, this.skip());
    draw(views, preparedViews(this));
    this.preparation.render();
    this.decision.render();
    this.roll.render();
    this.shown.render();
  }

  /** The list and the prepared views are where this form of the page has them. */
  place() {
    const { head, cases, foot, views } = this.parts;
    const large = ["wide", "middle"].includes(this.context.form());
    const [left, under] = large ? [this.beside, this.below] : [this.element, this.element];
    if (cases.parentElement !== left) {
      if (large) left.append(head, cases, foot);
      else left.prepend(head, cases, foot);
    }
    if (views.parentElement !== under) {
      if (large) under.append(views);
      else this.preparation.element.after(views);
    }
    this.beside.hidden = !large;
    this.below.hidden = !large || (this.views.length === 0 && !this.context.session.standing?.mayKeepView);
  }

  beginning() {
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

  /** Without a decision, to the case behind this one. */
  skip() {
    const { session, command } = this.context;
    const { doc, standing, live } = session;
    if (!doc || !standing?.maySwitchCase) return nothing;
    const next = doc.cases[(doc.cases.findIndex((one) => one.id === doc.current) + 1) % doc.cases.length];
    return control({
      word: t("Skip to next"),
      more: html`<kbd aria-hidden="true">N</kbd>`,
      disabled: !live || !next,
      do: () => next && void command({ type: "switch_case", case: doc.case, to: next.id }),
    });
  }
}
