/** The side of a finding: what geometry offers is chosen already, and one press confirms it. */
/** @import {Finding, Snapshot} from "../../wire.js" */
/** @import {Named, Side} from "../../core/record/finding/sides.js" */
/** @import {Findings} from "./findings.js" */
import { t } from "../../core/language.js";
import {
  confirmedWords,
  howFound,
  isMeasuring,
  offeredSide,
  SIDES,
  sideWord,
} from "../../core/record/finding/sides.js";
import { control, html, nothing } from "../../kit/html.js";

export class SideField {
  /** @param {Findings} findings */
  constructor(findings) {
    this.findings = findings;
    /** Chosen here, and not confirmed. @type {Side} */
    this.chosen = "";
  }

  /** What counts while the finding is written: chosen, else confirmed, else offered.
   * @param {Snapshot} doc @param {Finding} finding @returns {Side} */
  of(doc, finding) {
    return this.chosen || finding.side.side || offeredSide(doc, finding).side;
  }

  /** @param {Snapshot} doc @param {Finding} finding */
  template(doc, finding) {
    const side = this.of(doc, finding);
    const offered = offeredSide(doc, finding);
    const how = finding.side.side ? confirmedWords(finding.side) : howFound(offered, isMeasuring(doc, finding));
    const other = offered.side && side && offered.side !== side;
    const lies = t("Its marks lie {side}: please check.", { side: sideWord(offered.side) });
    return html`<fieldset class="side-field"><legend>${t("Side of the patient")}</legend>
      <div class="sides">${SIDES.map((one) => this.radio(one, side))}</div>
      <p class="quiet" id="side-how" role="status">${how}</p>${
        other ? html`<p class="problem" role="alert">${lies}</p>` : nothing
      }${this.confirmer(finding, side)}</fieldset>`;
  }

  /** @param {Named} one @param {Side} side */
  radio(one, side) {
    const choose = () => {
      this.chosen = one;
      this.findings.context.redraw();
    };
    return html`<label class="switch"><input
      type="radio"
      name="side"
      value=${one}
      aria-describedby="side-how"
      .checked=${one === side}
      ?disabled=${!this.findings.may}
      @change=${choose}
    /><span>${sideWord(one)}</span></label>`;
  }

  /** @param {Finding} finding @param {Side} side */
  confirmer(finding, side) {
    if (!side || side === finding.side.side) return nothing;
    return control({
      id: "confirm side",
      class: "button primary",
      word: t("Confirm {side}", { side: sideWord(side) }),
      disabled: !this.findings.may,
      do: () => void this.confirm(finding, side),
    });
  }

  /** @param {Finding} finding @param {Named} side */
  async confirm(finding, side) {
    if (!(await this.findings.confirm(finding, side))) this.chosen = "";
    this.findings.context.redraw();
  }
}
