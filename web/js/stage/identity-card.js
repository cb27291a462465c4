/** After a switch of the case it covers the stage until the new case is shown exactly: right patient, always. */
/** @import {Case, Patient} from "../wire.js" */
import { formatPerson } from "../core/format.js";
import { t } from "../core/language.js";
import { caseNumber, knownPatients, namesakes, patientName, sameName } from "../core/patient.js";
import { studyDate } from "../core/study-label.js";
import { el } from "../kit/dom.js";

export class IdentityCard {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.element = el("div", { class: "identity-card card", role: "status", hidden: true });
    parent.append(this.element);
  }

  /** @param {Case} kase @param {readonly Case[]} cases of the consult @param {Patient | null} last the former case's */
  show(kase, cases, last = null) {
    const newest = kase.studies[0];
    const number = caseNumber({ n: cases.findIndex((c) => c.id === kase.id) + 1, of: cases.length });
    const alike = namesakes(kase.patient, knownPatients(cases));
    this.element.replaceChildren(
      el("div", { class: "caption", text: [t("Now on the stage"), number].filter(Boolean).join(": ") }),
      el("div", { class: "title", dir: "auto", text: patientName(kase.patient) }),
      el("div", {
        text: [kase.patient.id && t("ID {id}", { id: kase.patient.id }), formatPerson(kase, newest)]
          .filter(Boolean)
          .join(" · "),
      }),
      sameName(kase.patient, last)
        ? el("div", { class: "namesakes same-name", text: t("Same name as the last case.") })
        : "",
      alike && el("div", { class: "namesakes", text: alike }),
      el("div", {
        class: "quiet",
        text: [newest?.description, studyDate(newest, kase.studies)].filter(Boolean).join(", "),
      }),
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
