/** After a switch of the case it covers the stage until the new case is shown exactly: right patient, always. */
/** @import {Case} from "../wire.js" */
import { formatDate, formatPerson } from "../core/format.js";
import { el } from "../kit/dom.js";

export class IdentityCard {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.element = el("div", { class: "identity-card card", role: "status", hidden: true });
    parent.append(this.element);
  }

  /** @param {Case} kase */
  show(kase) {
    const newest = kase.studies[0];
    this.element.replaceChildren(
      el("div", { class: "caption", text: "Now on the stage" }),
      el("div", { class: "title", text: kase.patient.name || "Name unknown" }),
      el("div", {
        text: [kase.patient.id && `ID ${kase.patient.id}`, formatPerson(kase, newest)].filter(Boolean).join(" · "),
      }),
      el("div", { class: "quiet", text: [newest?.description, formatDate(newest?.date)].filter(Boolean).join(", ") }),
    );
    this.element.hidden = false;
  }

  hide() {
    this.element.hidden = true;
  }

  get shown() {
    return !this.element.hidden;
  }
}
