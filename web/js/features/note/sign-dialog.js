/**
 * Signing: what stops it, each with the way to where it is mended; who signs, said twice; then it never changes. What
 * happens meanwhile is said here too: of two who sign at once one wins, and the other reads it.
 */
/** @import {SignedNote, SignNote, Snapshot} from "../../wire.js" */
/** @import {Place, Stop} from "../../core/record/note/stops.js" */
/** @import {Acts, Form, Problem, Signing} from "./sign-form.js" */
import { t } from "../../core/language.js";
import { patientName } from "../../core/patient.js";
import { noteOf } from "../../core/record/note/fields.js";
import { placeOfRefusal } from "../../core/record/note/stops.js";
import { nextStatuses, versionsOf } from "../../core/record/note/versions.js";
import { caseOf } from "../../core/session/cases.js";
import { shown } from "../../kit/dialog.js";
import { el, find } from "../../kit/dom.js";
import { control, draw, html } from "../../kit/html.js";
import { cancel, firstTime, missing, problemList, secondTime, stopped } from "./sign-form.js";

/**
 * @typedef {object} SigningActs
 * @property {() => Snapshot | null} doc
 * @property {() => Stop[]} stops
 * @property {(place: Place) => void} go
 * @property {(wish: Omit<SignNote, "id">) => Promise<{code: string, message: string} | null>} sign
 * @property {(version: SignedNote) => void} read
 */

export class SignDialog {
  /** @param {SigningActs} acts @param {{me: string, name: string, role: string, seen: Iterable<string>}} who */
  constructor(acts, { me, name, role, seen }) {
    this.acts = acts;
    this.me = me;
    const doc = acts.doc();
    this.case = doc?.case ?? 0;
    this.kase = doc?.current ?? "";
    this.versions = doc ? versionsOf(doc.signed, doc.current) : [];
    const [status = "preliminary"] = nextStatuses(this.versions);
    /** @type {Form} */
    this.form = {
      status,
      name,
      role,
      changed: "",
      seen: new Set(seen),
      takes: new Set(),
      nameAgain: "",
      roleAgain: "",
    };
    /** @type {"first" | "second" | "sending"} */
    this.step = "first";
    /** What this dialog, or the server, finds wrong. @type {Problem[]} */
    this.problems = [];
    this.body = el("form", {
      class: "sign-body",
      onsubmit: (event) => {
        event.preventDefault();
        void this.submit();
      },
    });
    this.element = el("dialog", { class: "sign-dialog", "aria-label": t("Sign the note") }, this.body);
    /** @type {Acts} */
    this.ways = {
      submit: () => void this.submit(),
      go: (to) => this.go(to),
      close: () => this.element.close(""),
      back: () => this.to("first"),
    };
  }

  /** @returns {Promise<unknown>} once it is closed */
  open() {
    this.render();
    return shown(this.element);
  }

  /** @param {"first" | "second" | "sending"} step @param {Problem[]} [problems] */
  to(step, problems = []) {
    this.step = step;
    this.problems = problems;
    this.render();
  }

  /** @param {string | Place} to a field of this form, or a place of the note */
  go(to) {
    if (typeof to === "string") return find(`[name="${to}"]`, HTMLInputElement, this.element).focus();
    this.ways.close();
    this.acts.go(to);
  }

  /** What somebody else has signed since it was opened. @returns {SignedNote | null} */
  get overtaken() {
    const doc = this.acts.doc();
    const all = doc ? versionsOf(doc.signed, this.kase) : [];
    return all.length > this.versions.length ? (all.at(-1) ?? null) : null;
  }

  render() {
    const doc = this.acts.doc();
    if (!doc || doc.case !== this.case) return this.ways.close();
    draw(this.body, [html`<h2>${t("Sign the note")}</h2>`, this.content(doc)]);
  }

  /** @param {Snapshot} doc */
  content(doc) {
    const { overtaken, step, ways } = this;
    const stops = this.acts.stops();
    if (step !== "sending" && overtaken) return this.lost(overtaken);
    if (step !== "sending" && stops.length > 0) return stopped(stops, ways);
    const signing = this.signing(doc);
    const patient = patientName(signing.kase?.patient);
    const form = step === "first" ? firstTime(signing, ways) : secondTime(signing, patient, step === "sending", ways);
    return [problemList(this.problems, ways), form];
  }

  /** @param {Snapshot} doc @returns {Signing} */
  signing(doc) {
    const { form, me, versions, kase } = this;
    return { form, me, versions, kase: caseOf(doc, kase), note: noteOf(doc.notes, kase) };
  }

  /** @param {SignedNote} version */
  lost(version) {
    const read = () => {
      this.ways.close();
      this.acts.read(version);
    };
    const values = { name: version.signature.name, number: version.number };
    return html`<p role="alert">${t("{name} has signed version {number} meanwhile. Read it first.", values)}</p><div
      class="row"
    >${cancel(this.ways)}${control({ class: "button primary", word: t("Read it"), do: read })}</div>`;
  }

  async submit() {
    const doc = this.acts.doc();
    if (!doc || this.overtaken || this.step === "sending" || this.acts.stops().length > 0) return this.render();
    if (this.step === "second") return this.sign();
    const problems = missing(this.signing(doc));
    this.to(problems.length > 0 ? "first" : "second", problems);
    find("input[type=text]", HTMLInputElement, this.element).focus();
  }

  async sign() {
    const { form } = this;
    const signer = { name: form.name.trim(), role: form.role.trim() };
    const again = { name: form.nameAgain.trim(), role: form.roleAgain.trim() };
    if (again.name !== signer.name || again.role !== signer.role) {
      const to = again.name === signer.name ? "roleAgain" : "nameAgain";
      return this.to("second", [{ sentence: t("Name and role are not the same the second time."), to }]);
    }
    this.to("sending");
    const { status, changed } = form;
    const [seen, takes_over] = [[...form.seen], [...form.takes]];
    const base = { type: /** @type {const} */ ("sign_note"), case: this.case, versions: this.versions.length };
    const error = await this.acts.sign({ ...base, status, signer, again, seen, changed: changed.trim(), takes_over });
    if (!error) return this.ways.close();
    const doc = this.acts.doc();
    this.to("first", [{ sentence: error.message, to: doc && placeOfRefusal(doc, error) }]);
  }
}
