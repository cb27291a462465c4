/** One field of a note where it is written: its text, who else writes there, and what is to be decided. */
/** @import {FieldDraft} from "../../core/record/note/field-draft.js" */
/** @import {Field} from "../../core/record/note/fields.js" */
/** @import {Writer} from "../../core/record/note/writers.js" */
import { t } from "../../core/language.js";
import { isUnstored } from "../../core/record/note/field-draft.js";
import { FIELD_NAMES, MAX_FIELD } from "../../core/record/note/fields.js";
import { el, lengthProblem, limited } from "../../kit/dom.js";
import { control, html, nothing } from "../../kit/html.js";
import { colourOf } from "../../kit/person.js";

/**
 * @typedef {object} FieldActs
 * @property {(field: Field, text: string) => void} typed
 * @property {(field: Field) => void} left the focus has left it
 * @property {(field: Field, which: "mine" | "theirs" | "both") => void} decide between two texts
 */

export class NoteField {
  /** @param {Field} field @param {FieldActs} acts */
  constructor(field, acts) {
    this.field = field;
    this.acts = acts;
    /** The case changed under the typing hand: nothing is taken before the person has looked. */
    this.held = false;
    this.input = limited(
      el("textarea", { class: "text-input", id: `note-${field}`, rows: 1, autocomplete: "off" }),
      MAX_FIELD,
    );
    this.input.addEventListener("input", () => acts.typed(field, this.input.value));
    this.input.addEventListener("blur", () => {
      this.hold(false);
      acts.left(field);
    });
    this.input.addEventListener("pointerdown", () => this.hold(false));
  }

  get focused() {
    return document.activeElement === this.input;
  }

  /** @param {boolean} held */
  hold(held) {
    this.held = held;
    this.input.readOnly = held;
  }

  /** Go there. */
  focus() {
    this.input.focus();
    this.input.scrollIntoView({ block: "center" });
  }

  /** @param {{draft: FieldDraft, writers: readonly Writer[]}} state */
  render({ draft, writers }) {
    const { input, field } = this;
    if (input.value !== draft.text) input.value = draft.text;
    const problem = lengthProblem(draft.text, MAX_FIELD);
    const state = draft.sent ? t("Storing") : isUnstored(draft) ? t("Not stored yet") : "";
    const held = this.held ? t("The case has changed. Click to write about this one.") : "";
    return html`<div class="note-field" data-field=${field}><label for=${input.id}
      ><span>${FIELD_NAMES[field]}</span><span class="quiet">${state}</span></label>${writers.map(liveText)}${input}${
        problem || held ? html`<p class="problem" role="alert">${problem || held}</p>` : nothing
      }${draft.theirs ? this.conflict(draft.theirs) : nothing}</div>`;
  }

  /** @param {import("../../wire.js").Written} theirs */
  conflict(theirs) {
    const { field, acts } = this;
    const choice = (/** @type {string} */ more, /** @type {"mine" | "theirs" | "both"} */ which) =>
      control({ more, class: "button small", do: () => acts.decide(field, which) });
    return html`<div class="note-conflict" role="alert"><p>${t("{name} has written there meanwhile:", {
      name: theirs.author_name,
    })}</p><blockquote>${theirs.text || t("nothing")}</blockquote><div class="row">${choice(
      t("Keep both"),
      "both",
    )}${choice(t("Use mine"), "mine")}${choice(t("Use theirs"), "theirs")}</div></div>`;
  }
}

/** What somebody writes just now, as it grows. @param {Writer} writer */
export const liveText = ({ seat, text }) =>
  html`<div class="note-live" data-writer=${seat.id} data-colour=${colourOf(seat)}><strong>${t("{name} is writing …", {
    name: seat.name,
  })}</strong><div class="said">${text}</div></div>`;
