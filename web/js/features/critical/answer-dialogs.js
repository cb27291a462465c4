/** What one answers to a critical result: read back, told by voice or telephone, closed. */
/** @import {Critical} from "../../wire.js" */
/** @import {Wish} from "../../core/session/session.js" */
/** @import {CriticalContext} from "./critical.js" */
import { plural, t } from "../../core/language.js";
import { caseLine } from "../../core/session/cases.js";
import { askedName, MAX_PERSON, MAX_WORDS, readBackLacks, tidy } from "../../core/record/critical/critical.js";
import { sideWord } from "../../core/record/finding/sides.js";
import { lengthProblem } from "../../kit/dom.js";
import { html, nothing } from "../../kit/html.js";
import { choiceField, FormDialog, lineField, textField } from "./form-dialog.js";

/** What it is about, over every answer: the patient, what, and where. @param {CriticalContext} context
 * @param {Critical} critical */
function about({ session }, critical) {
  const { doc } = session;
  return html`<p class="whose">${doc ? caseLine(doc, critical.case) : ""}</p><p class="said"><strong>${sideWord(
    critical.where,
  )}</strong> ${critical.what}</p>`;
}

/**
 * A form of one text about it.
 * @param {CriticalContext} context @param {Critical} critical
 * @param {{title: string, name: string, hint: string, action: string, lacks: (text: string) => string,
 *   command: (text: string) => Wish}} what
 */
function textForm(context, critical, { title, name, hint, action, lacks, command }) {
  let text = "";
  const input = (/** @type {string} */ typed) => {
    text = typed;
    form.changed();
  };
  const form = new FormDialog({
    title,
    fields: () => html`${about(context, critical)}${textField({ name, value: text, hint, input })}`,
    lacks: () => lacks(text),
    action,
    send: () => context.request(command(tidy(text))),
  });
  return form;
}

/**
 * Take it, and read it back.
 * @param {CriticalContext} context @param {Critical} critical
 */
export const acknowledgeForm = (context, critical) =>
  textForm(context, critical, {
    title: t("Acknowledge the critical result"),
    name: t("Read it back in your own words"),
    hint: t("At least 10 characters. By this you take the result over; it cannot be changed afterwards."),
    action: t("Acknowledge"),
    lacks: (text) => {
      const { more, same } = readBackLacks(text, critical.what);
      if (more > 0) return plural(more, "{n} more character is needed.", "{n} more characters are needed.");
      return same ? t("Use your own words: this repeats what was sent.") : lengthProblem(text, MAX_WORDS);
    },
    command: (text) => ({ type: "acknowledge_critical", critical: critical.id, read_back: text }),
  });

/** A moment as the field for it has it. @param {number} seconds */
export function localMoment(seconds) {
  const at = new Date(seconds * 1000);
  return new Date(seconds * 1000 - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/**
 * Its sender says that it was told.
 * @param {CriticalContext} context @param {Critical} critical @param {number} now seconds
 */
export function tellForm(context, critical, now) {
  const entry = { how: "telephone", to: askedName(critical), at: localMoment(now), words: "", read: false };
  const put = (/** @type {Partial<typeof entry>} */ change) => {
    Object.assign(entry, change);
    form.changed();
  };
  const seconds = () => new Date(entry.at).getTime() / 1000;
  const lacks = () => {
    if (!tidy(entry.to)) return t("Say to whom it was told.");
    if (!Number.isFinite(seconds())) return t("Say when it was told.");
    if (entry.how === "voice" && !entry.read) return t("Tick that it was read back to you.");
    return lengthProblem(entry.to, MAX_PERSON) || lengthProblem(entry.words, MAX_WORDS);
  };
  const form = new FormDialog({
    title: t("It was told"),
    fields: () =>
      html`${about(context, critical)}${choiceField({
        name: t("How"),
        choices: [
          { value: "telephone", word: t("By telephone") },
          { value: "voice", word: t("By voice, here") },
        ],
        value: entry.how,
        choose: (how) => put({ how }),
      })}${lineField({ name: t("To whom"), value: entry.to, input: (to) => put({ to }) })}${lineField({
        name: t("When"),
        type: "datetime-local",
        value: entry.at,
        input: (at) => put({ at }),
      })}${
        entry.how === "voice"
          ? html`<label class="tick"><input
            type="checkbox"
            .checked=${entry.read}
            @change=${(/** @type {Event & {target: HTMLInputElement}} */ event) => put({ read: event.target.checked })}
          /><span>${t("Read back by voice")}</span></label>`
          : nothing
      }${textField({
        name: t("What was read back, if you want to keep it"),
        value: entry.words,
        input: (words) => put({ words }),
      })}`,
    lacks,
    action: t("Keep that it was told"),
    send: () =>
      context.request({
        type: "tell_critical",
        critical: critical.id,
        how: entry.how === "voice" ? "voice" : "telephone",
        to: tidy(entry.to),
        told_at: seconds(),
        words: tidy(entry.words),
      }),
  });
  return form;
}

/**
 * Close it, with what came of it.
 * @param {CriticalContext} context @param {Critical} critical
 */
export const closeForm = (context, critical) =>
  textForm(context, critical, {
    title: t("Close the critical result"),
    name: t("What came of it"),
    hint: t("It leaves the red list then, and stays in the record."),
    action: t("Close it"),
    lacks: (text) => (tidy(text) ? lengthProblem(text, MAX_WORDS) : t("Say what came of it.")),
    command: (text) => ({ type: "close_critical", critical: critical.id, outcome: text }),
  });
