/** Where a critical result is written down: category, what, side, to whom, then whom, after how long. */
/** @import {Finding, Snapshot} from "../../wire.js" */
/** @import {Draft, Person, Side} from "../../core/record/critical/raising.js" */
/** @import {CriticalContext} from "./critical.js" */
import { t } from "../../core/language.js";
import { caseLine } from "../../core/session/cases.js";
import { seatOf } from "../../core/session/document.js";
import { MAX_EMAIL, MAX_PERSON, MAX_WHAT, peopleToAsk } from "../../core/record/critical/critical.js";
import {
  CATEGORIES,
  commandOf,
  lacks,
  nobody,
  offeredMinutes,
  siteMinutes,
  withCategory,
} from "../../core/record/critical/raising.js";
import { categoryWords, spanWords, waysWords } from "../../core/record/critical/words.js";
import { SIDES, sideWord } from "../../core/record/finding/sides.js";
import { lengthProblem } from "../../kit/dom.js";
import { html, nothing } from "../../kit/html.js";
import { choiceField, FormDialog, lineField, selectField, textField } from "./form-dialog.js";

const OUTSIDE = "outside";
const ID_BYTES = 9;

/** A name for a new one, of letters and digits. */
const newId = () =>
  `x${[...crypto.getRandomValues(new Uint8Array(ID_BYTES))].map((b) => b.toString(16).padStart(2, "0")).join("")}`;

export class RaiseDialog {
  /** @param {CriticalContext} context @param {Snapshot} doc as it is now @param {Draft} draft */
  constructor(context, doc, draft) {
    this.context = context;
    this.first = doc;
    this.draft = draft;
    this.id = newId();
    this.form = new FormDialog({
      title: t("Critical result"),
      fields: () => this.fields(),
      lacks: () => this.lacks(),
      action: t("Raise it"),
      final: true,
      send: () => context.request(commandOf(this.draft, this.id, doc.case)),
    });
  }

  /** @returns {Promise<boolean>} whether it was raised */
  show() {
    return this.form.show();
  }

  /** @param {Partial<Draft>} change */
  change(change) {
    this.draft = { ...this.draft, ...change };
    this.form.changed();
  }

  /** The newest of the case that it is written for. */
  get doc() {
    const { doc } = this.context.session;
    return doc?.case === this.first.case ? doc : this.first;
  }

  /** @returns {Finding | null} */
  get finding() {
    return this.doc.findings.find((f) => f.id === this.draft.finding) ?? null;
  }

  lacks() {
    const { draft, finding } = this;
    if (finding && !finding.side.side) return t("Confirm the side of the finding first: its row has a button for it.");
    const { to, backup } = draft;
    const long = [
      lengthProblem(draft.what, MAX_WHAT),
      ...[to.name, backup.name].map((name) => lengthProblem(name, MAX_PERSON)),
      ...[to.email, backup.email].map((email) => lengthProblem(email, MAX_EMAIL)),
    ];
    return long.find(Boolean) || lacks(draft);
  }

  fields() {
    const { draft, doc, finding } = this;
    const { site } = doc;
    const me = seatOf(doc, this.context.session.me)?.name ?? "";
    const most = siteMinutes(site, draft.category);
    return html`<p class="whose">${caseLine(doc, doc.current)}</p>${choiceField({
      name: t("How urgent"),
      stacked: true,
      choices: CATEGORIES.map((n) => ({ value: String(n), word: categoryWords(site, n) })),
      value: String(draft.category),
      choose: (value) => this.change(withCategory(draft, site, CATEGORIES[Number(value) - 1] ?? 1)),
    })}${textField({
      name: t("What was found"),
      value: draft.what,
      hint: t("Found now, by {name}", { name: me }),
      input: (what) => this.change({ what }),
    })}${finding ? this.sideOf(finding) : this.sides()}${this.person("to")}${this.person("backup")}${selectField({
      name: t("The backup is asked after"),
      choices: offeredMinutes(most).map((n) => ({ value: String(n), word: spanWords(60 * n) })),
      value: String(draft.minutes),
      choose: (value) => this.change({ minutes: Number(value) }),
    })}<p class="hint">${waysWords(site)}</p>`;
  }

  /** @param {Finding} finding */
  sideOf({ side, title }) {
    return html`<div class="field"><span>${t("Where")}</span><p><strong>${sideWord(side.side)}</strong> ${t(
      "as confirmed for the finding “{title}”",
      { title },
    )}</p></div>`;
  }

  sides() {
    return choiceField({
      name: t("Where"),
      choices: SIDES.map((side) => ({ value: side, word: sideWord(side) })),
      value: this.draft.where,
      choose: (where) => this.change({ where: /** @type {Side} */ (where) }),
    });
  }

  /** @param {"to" | "backup"} which */
  person(which) {
    const { doc, draft } = this;
    const person = draft[which];
    const people = peopleToAsk(doc, this.context.session.me);
    const put = (/** @type {Partial<Person>} */ change) => this.change({ [which]: { ...draft[which], ...change } });
    const choices = [
      { value: "", word: t("Choose …") },
      ...people.map(({ id }) => ({ value: id, word: seatOf(doc, id)?.name ?? "" })),
      { value: OUTSIDE, word: t("Somebody who is not here …") },
    ];
    return html`${selectField({
      name: which === "to" ? t("Who is told") : t("Who is asked when nobody answers"),
      choices,
      value: person.outside ? OUTSIDE : person.seat,
      choose: (value) => put(this.chosen(value, person.email)),
    })}${
      person.outside ? lineField({ name: t("Name"), value: person.name, input: (name) => put({ name }) }) : nothing
    }${
      doc.site.email && (person.outside || person.seat)
        ? lineField({
            name: t("E-mail for the notice"),
            type: "email",
            value: person.email,
            input: (email) => put({ email }),
          })
        : nothing
    }`;
  }

  /** @param {string} value of the choice @param {string} email @returns {Person} */
  chosen(value, email) {
    if (value === OUTSIDE) return { ...nobody(), email, outside: true };
    return { ...nobody(), email: value ? email : "", seat: value, name: seatOf(this.doc, value)?.name ?? "" };
  }
}
