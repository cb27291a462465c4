/**
 * Another case came under a typing hand: a field takes the keys that are still on their way, and says where the text
 * is, until Enter, Esc or a click. Else the rest of a sentence would be keys that turn the picture.
 */
/** @import {Snapshot} from "../../wire.js" */
import { t } from "../../core/language.js";
import { patientOf } from "../../core/session/cases.js";
import { find } from "../../kit/dom.js";
import { html } from "../../kit/html.js";
import { announce } from "../../kit/notice.js";

export class Held {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    /** What is said; "" while nothing is held. */
    this.about = "";
  }

  /** @param {Snapshot} before with the former case */
  hold(before) {
    const patient = patientOf(before, before.current);
    this.about = t("Your text about {patient} is kept with that case. Press Enter to go on.", { patient });
    announce(this.about);
    requestAnimationFrame(() => document.querySelector("#held-keys") && find("#held-keys", HTMLElement).focus());
  }

  release() {
    this.about = "";
    this.changed();
  }

  template() {
    const key = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      this.release();
    };
    return html`<p class="empty-note">${this.about}</p><input
      id="held-keys"
      class="held"
      readonly
      aria-label=${this.about}
      @keydown=${key}
      @click=${() => this.release()}
    />`;
  }
}
