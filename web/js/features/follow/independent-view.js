/**
 * This page's own view: who follows and navigates looks around by itself; nothing changes for the others. One act, or
 *   the
 * key F, follows again. The server decides: it may send one back, with a sentence.
 */
/** @import {Exploring, ShownView, View} from "../../wire.js" */
/** @import {FollowContext} from "./follow.js" */
import { ofServer, t } from "../../core/language.js";
import { presenterName } from "../../core/session/document.js";
import { announce } from "../../kit/notice.js";
import { Presenter } from "../../stage/presenter.js";

/** Sends where this page goes by itself. */
class Explorer extends Presenter {
  /**
   * @override
   * @param {import("../../core/session/intent.js").Due} due
   * @returns {import("../../wire.js").ClientMessage}
   */
  message({ n, view, rest }) {
    return { type: "explore", case: this.epochs().case, n, view, rest };
  }
}

export class IndependentView {
  /** @param {FollowContext} context */
  constructor(context) {
    this.context = context;
    /** This page does not follow, or has asked not to. */
    this.on = false;
    const { send, tab, navigation } = context;
    this.explorer = new Explorer({ send }, tab, () => navigation.moved());
    this.explorer.epochs = () => navigation.shared.epochs();
  }

  get presenter() {
    const { doc } = this.context.session;
    return doc ? presenterName(doc) : "";
  }

  /** Navigate. The first time it leaves following. @param {View} view @param {{rest?: boolean, pause?: boolean}} how */
  propose(view, how) {
    if (!this.on && !this.begin()) return;
    this.explorer.propose(view, how);
  }

  /** Leave following, from what is shown now. @returns {boolean} */
  begin() {
    const { explorer, context } = this;
    const shown = context.navigation.shared.intent.known;
    if (!shown || !context.session.live || context.session.drives) return false;
    this.set(true);
    explorer.restart({ ...shown, control: 0 }); // as the server has it: control does not concern an own view
    explorer.intent.dirty = true;
    explorer.schedule();
    context.redraw();
    const text = t("You look around alone. Nothing changes for the others.");
    context.notices.show({
      text,
      glyph: "compass",
      action: { name: t("Back to {presenter}", { presenter: this.presenter }), do: () => this.back() },
    });
    announce(text);
    return true;
  }

  /** Follow again. */
  back() {
    if (!this.on) return;
    this.decline();
    this.context.notices.hide();
    this.end();
    announce(t("You follow {presenter}", { presenter: this.presenter }));
  }

  toggle() {
    if (this.on) this.back();
    else this.begin();
  }

  /** What the server makes of it. @param {Exploring} message */
  receive({ n, stage, view, sentence }) {
    const { explorer, context } = this;
    if (n < explorer.intent.acknowledged) return;
    if (!view) {
      if (!this.on || n < explorer.intent.sent) return;
      this.end();
      const text = sentence && `${ofServer(sentence)} ${t("You follow {presenter}", { presenter: this.presenter })}.`;
      if (text) context.notices.show({ text, glyph: "eye" });
      return announce(text || t("You follow {presenter}", { presenter: this.presenter }));
    }
    if (!this.on) return void (n === explorer.intent.sent && this.decline());
    const known = /** @type {ShownView} */ (view);
    explorer.receive(known);
    context.stage.setStage(stage, known);
  }

  /** Send that this page follows: also where the server lets it look around, but it has come back since. */
  decline() {
    const { explorer, context } = this;
    context.send({ type: "explore", case: explorer.epochs().case, n: ++explorer.intent.sent, view: null, rest: true });
  }

  /** The connection is new: the server knows nothing of this. */
  connected() {
    if (!this.on) return;
    this.explorer.intent.dirty = true;
    this.explorer.intent.acknowledged = this.explorer.intent.sent;
    this.explorer.schedule();
  }

  /** It is over: what all are shown is shown here. */
  end() {
    const { navigation, stage, redraw } = this.context;
    if (!this.on) return;
    this.set(false);
    const shown = navigation.shared.intent.known;
    if (shown) stage.setStage("", shown);
    redraw();
  }

  /** @param {boolean} on */
  set(on) {
    this.on = on;
    if (on) document.body.dataset.independent = "true";
    else delete document.body.dataset.independent;
  }
}
