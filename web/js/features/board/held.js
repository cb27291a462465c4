/** Fields under a hand that types while the case changes: they take nothing before the person has looked. */
import { t } from "../../core/language.js";
import { el } from "../../kit/dom.js";

export class Held {
  /** @param {readonly (HTMLInputElement | HTMLTextAreaElement)[]} fields */
  constructor(fields) {
    this.fields = fields;
    this.words = el("p", {
      class: "problem",
      role: "alert",
      text: t("The case has changed. Click to write about this one."),
      hidden: true,
    });
    for (const field of fields) {
      field.addEventListener("blur", () => this.hold(false));
      field.addEventListener("pointerdown", () => this.hold(false));
    }
  }

  /** Another case is on the stage. */
  switched() {
    if (this.fields.some((field) => field === document.activeElement)) this.hold(true);
  }

  /** @param {boolean} held */
  hold(held) {
    this.words.hidden = !held;
    for (const field of this.fields) field.readOnly = held;
  }
}
