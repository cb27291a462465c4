/**
 * Who comes by a notice or from the host's home, and who goes to a result of another case, is led to what it is about:
 * to its card at once, and to its finding as soon as the picture of its case is there.
 */
/** @import {Critical} from "../../wire.js" */
/** @import {CriticalContext} from "./critical.js" */
import { t } from "../../core/language.js";

export class Lead {
  /** @param {CriticalContext} context @param {(critical: Critical) => void} bring its card to the front */
  constructor(context, bring) {
    this.context = context;
    this.bring = bring;
    /** The result that is led to; "" once one is there. */
    this.id = "";
    /** Its card was shown. */
    this.brought = false;
    context.session.on("changed", () => this.go());
    context.stage.element.addEventListener("painted", () => this.go());
  }

  /** @param {string} id of a critical result; "" for none @param {boolean} [brought] its card is before the reader */
  to(id, brought = false) {
    this.id = id;
    this.brought = brought;
    this.go();
  }

  /** What waited for an answer does not any more: somebody has acknowledged it. */
  stop() {
    this.id = "";
    this.context.notices.stand(null, "led");
  }

  /** As far as it goes now. */
  go() {
    const { session, notices, showFinding } = this.context;
    const { doc } = session;
    if (!this.id || !doc || !session.live) return;
    const critical = doc.criticals.find((c) => c.id === this.id);
    if (!critical) return this.wait();
    notices.stand(null, "led");
    if (!this.brought) this.bring(critical);
    this.brought = true;
    if (!this.isShown) return;
    this.id = "";
    if (document.activeElement === document.body) this.bring(critical); // the page was not to be seen before
    if (critical.case === doc.current && critical.finding) showFinding(critical.finding);
  }

  /** It is of a case that this person is not told of while it is not on the stage. */
  wait() {
    const name = this.context.session.doc?.consult.host_name ?? "";
    const text = t(
      "The critical result that you are asked about is of a case that is not shown now. You are led to it once it " +
        "is. Ask for it here, or telephone {name}.",
      { name },
    );
    this.context.notices.stand({ text, glyph: "warn", warn: true }, "led");
  }

  /** The picture of the case on the stage is painted, so that another view can take its place. */
  get isShown() {
    const { session, stage, navigation } = this.context;
    return stage.pictures.painted?.case === session.doc?.case && navigation.ready() !== null;
  }
}
