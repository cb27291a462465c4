/** A dialog that is filled in: it says what lacks before anything is sent, and stays until the server has taken it. */
/** @import {Answer} from "../../core/session/session.js" */
import { t } from "../../core/language.js";
import { shown } from "../../kit/dialog.js";
import { el } from "../../kit/dom.js";
import { classes, draw, html, nothing } from "../../kit/html.js";

/**
 * @typedef {object} Form
 * @property {string} title
 * @property {() => unknown} fields template of what is filled in
 * @property {() => string} lacks what lacks, in a sentence; "" where it can be sent
 * @property {string} action
 * @property {boolean} [final] it is final, and red
 * @property {() => Promise<Answer>} send
 */

export class FormDialog {
  /** @param {Form} form */
  constructor(form) {
    this.form = form;
    this.refusal = "";
    this.busy = false;
    this.body = el("form", {
      method: "dialog",
      onsubmit: (event) => {
        event.preventDefault();
        void this.send();
      },
    });
    this.dialog = el("dialog", { class: "wide critical-dialog", "aria-label": form.title }, this.body);
  }

  /** Until it is closed. @returns {Promise<boolean>} whether it was sent and stored */
  async show() {
    this.draw();
    return (await shown(this.dialog)) === "sent";
  }

  /** Nothing is sent. */
  close() {
    this.dialog.close("");
  }

  /** Something was filled in. */
  changed() {
    this.refusal = "";
    this.draw();
  }

  async send() {
    if (this.busy || this.form.lacks()) return;
    this.busy = true;
    this.draw();
    const error = await this.form.send();
    this.busy = false;
    this.refusal = error?.message ?? "";
    if (error) this.draw();
    else this.dialog.close("sent");
  }

  draw() {
    const { form, busy, refusal } = this;
    const lacks = form.lacks();
    draw(
      this.body,
      html`<h2 tabindex="-1" autofocus>${form.title}</h2>${form.fields()}<p class="lacks" role="status">${lacks}</p>${
        refusal ? html`<p class="problem" role="alert">${refusal}</p>` : nothing
      }<div class="row"><button type="button" class="button" @click=${() => this.close()}>${t("Cancel")}</button><button
        type="submit"
        class=${classes("button", form.final ? "final" : "primary")}
        ?disabled=${busy || lacks !== ""}
      >${form.action}</button></div>`,
    );
  }
}

/**
 * A text of several lines.
 * @param {{name: string, value: string, hint?: string, input: (text: string) => void}} what
 */
export const textField = ({ name, value, hint, input }) => html`<label class="field"><span>${name}</span><textarea
    class="text-input"
    rows="3"
    .value=${value}
    @input=${(/** @type {InputEvent & {target: HTMLTextAreaElement}} */ event) => input(event.target.value)}
  ></textarea>${hint ? html`<span class="hint">${hint}</span>` : nothing}</label>`;

/** A text of one line. @param {{name: string, value: string, type?: string, input: (text: string) => void}} what */
export const lineField = ({ name, value, type = "text", input }) => html`<label class="field"><span>${name}</span><input
    class="text-input"
    type=${type}
    autocomplete="off"
    .value=${value}
    @input=${(/** @type {InputEvent & {target: HTMLInputElement}} */ event) => input(event.target.value)}
  /></label>`;

/**
 * One of several, all of them seen.
 * @param {{name: string, choices: {value: string, word: string}[], value: string, choose: (value: string) => void,
 *   stacked?: boolean}} what
 */
export const choiceField = ({ name, choices, value, choose, stacked }) => html`<fieldset
    class=${classes("field", "choices", stacked && "stacked")}
  ><legend>${name}</legend><div>${choices.map(
    (choice) => html`<label><input
        type="radio"
        name=${name}
        value=${choice.value}
        .checked=${choice.value === value}
        @change=${() => choose(choice.value)}
      /><span>${choice.word}</span></label>`,
  )}</div></fieldset>`;

/**
 * One of many.
 * @param {object} what
 * @param {string} what.name
 * @param {{value: string, word: string}[]} what.choices
 * @param {string} what.value
 * @param {(value: string) => void} what.choose
 */
export const selectField = ({ name, choices, value, choose }) => html`<label class="field"><span>${name}</span><select
    class="text-input"
    @change=${(/** @type {Event & {target: HTMLSelectElement}} */ event) => choose(event.target.value)}
  >${choices.map(
    (choice) => html`<option value=${choice.value} .selected=${choice.value === value}>${choice.word}</option>`,
  )}</select></label>`;
