/**
 * Looking around alone: own navigation of who follows makes a view of this page's own; nothing changes for the others.
 * One act, or the key F, comes back. The server has the last word: it may send one back, and says why.
 */
/** @import {Exploring, ShownView, View} from "../../wire.js" */
/** @import {ConsultPage} from "../../app/consult-page.js" */
import { presenterName } from "../../core/session/document.js";
import { Presenter } from "../../stage/presenter.js";
import { say } from "../../kit/notice.js";

/** Sends what this page looks at alone. */
class Explorer extends Presenter {
  /** @override @param {import("../../core/session/intent.js").Due} due @returns {import("../../wire.js").ClientMessage} */
  message({ n, view, rest }) {
    return { type: "explore", case: this.epochs().case, n, view, rest };
  }
}

export class IndependentView {
  /** @param {ConsultPage} page */
  constructor(page) {
    this.page = page;
    /** This page does not follow, or has asked not to. */
    this.on = false;
    /** @type {Explorer | null} */
    this.explorer = null;
  }

  /** @param {Presenter} presenter */
  connect({ socket, intent, epochs }) {
    this.explorer = new Explorer(socket, intent.tab, () => this.page.intentMoved());
    this.explorer.epochs = epochs;
  }

  get presenter() {
    const { doc } = this.page.session;
    return doc ? presenterName(doc) : "";
  }

  /** Navigate. The first time it leaves following. @param {View} view @param {{rest?: boolean, pause?: boolean}} how */
  propose(view, how) {
    if (!this.on && !this.begin()) return;
    this.explorer?.propose(view, how);
  }

  /** Leave following, from what is shown now. @returns {boolean} */
  begin() {
    const shown = this.page.presenter?.intent.known;
    const { explorer } = this;
    if (!shown || !explorer || this.page.session.phase !== "live" || this.page.session.drives) return false;
    this.set(true);
    explorer.restart({ ...shown, control: 0 }); // control does not concern it, as the server has it
    explorer.intent.dirty = true;
    explorer.schedule();
    const text = "You look around alone. Nothing changes for the others.";
    this.page.notices.show({
      text,
      glyph: "compass",
      action: { name: `Back to ${this.presenter}`, do: () => this.back() },
    });
    say(text);
    return true;
  }

  /** Follow again. */
  back() {
    const { explorer, page } = this;
    if (!this.on || !explorer) return;
    this.decline();
    page.notices.hide();
    this.end();
    say(`You follow ${this.presenter}`);
  }

  toggle() {
    if (this.on) this.back();
    else this.begin();
  }

  /** What the server makes of it. @param {Exploring} message */
  receive({ n, stage, view, sentence }) {
    const { explorer, page } = this;
    if (!explorer || n < explorer.intent.heard) return;
    if (!view) {
      if (!this.on || n < explorer.intent.sent) return;
      this.end();
      const text = sentence && `${sentence} You follow ${this.presenter}.`;
      if (text) page.notices.show({ text, glyph: "eye" });
      return say(text || `You follow ${this.presenter}`);
    }
    if (!this.on) return void (n === explorer.intent.sent && this.decline());
    const known = /** @type {ShownView} */ (view);
    explorer.receive(known);
    page.stage.setStage(stage, known);
  }

  /** Say that this page follows: also where the server lets it look, but it has come back since. */
  decline() {
    const { explorer, page } = this;
    if (explorer)
      page.socket?.say({
        type: "explore",
        case: explorer.epochs().case,
        n: ++explorer.intent.sent,
        view: null,
        rest: true,
      });
  }

  /** The connection is new: the server knows nothing of this. */
  welcomed() {
    if (!this.on || !this.explorer) return;
    this.explorer.intent.dirty = true;
    this.explorer.intent.heard = this.explorer.intent.sent;
    this.explorer.schedule();
  }

  /** It is over: what all are shown is shown here. */
  end() {
    if (!this.on) return;
    this.set(false);
    const shown = this.page.presenter?.intent.known;
    if (shown) this.page.stage.setStage("", shown);
    this.page.draw();
  }

  /** @param {boolean} on */
  set(on) {
    this.on = on;
    if (on) document.body.dataset.alone = "true";
    else delete document.body.dataset.alone;
  }
}
