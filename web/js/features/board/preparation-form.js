/**
 * Question, history and pathology of the case on the stage: read by all, written by who prepares; once the board has
 * begun, these read it too, until they say that they write. What is typed is of the case for which it was typed, and
 * stored when the hand rests.
 */
/** @import {BoardContext} from "./board.js" */
/** @import {Text} from "../../core/board/board.js" */
/** @import {Sending} from "../../core/board/own-text.js" */
import { preparationOf, TEXT_NAMES, TEXTS } from "../../core/board/board.js";
import { OwnText } from "../../core/board/own-text.js";
import { t } from "../../core/language.js";
import { el, limited, setText } from "../../kit/dom.js";
import { draw } from "../../kit/html.js";
import { session as storage } from "../../transport/storage.js";
import { conflict } from "./conflict.js";
import { Held } from "./held.js";
import { Photos } from "./photos.js";

const MAX_TEXT = 4000;
const MAX_MINUTES = 240;

export class PreparationForm {
  /** @param {BoardContext} context */
  constructor(context) {
    this.context = context;
    this.fields = new Map(TEXTS.map((text) => [text, this.field(text)]));
    /** The field that is written in a board that has begun. @type {Text | ""} */
    this.editing = "";
    /** For which case minutes are typed. */
    this.planning = "";
    this.minutes = el("input", {
      type: "number",
      class: "text-input",
      min: 0,
      max: MAX_MINUTES,
      oninput: () => {
        this.planning ||= context.session.doc?.current ?? "";
      },
      onchange: () => void this.plan(),
    });
    this.planned = el("label", { class: "board-minutes" }, el("span", { text: t("Planned minutes") }), this.minutes);
    this.element = el("div", { class: "board-preparation" });
    for (const { box } of this.fields.values()) this.element.append(box);
    this.photos = new Photos(context);
    this.fields.get("pathology")?.box.append(this.photos.element);
    this.element.append(this.planned);
    context.session.on("over", () => {
      for (const { own } of this.fields.values()) own.over(context.session.doc?.cases ?? []);
    });
  }

  /** @param {Text} text */
  field(text) {
    const { base, redraw } = this.context;
    const words = el("p", { class: "board-text", dir: "auto" });
    const input = limited(
      el("textarea", {
        class: "text-input",
        rows: 2,
        "aria-label": TEXT_NAMES[text],
        oninput: () => {
          own.type(input.value);
          redraw();
        },
        onchange: () => void own.store(),
        onblur: () => {
          this.editing = "";
          redraw();
        },
      }),
      MAX_TEXT,
    );
    const own = new OwnText({
      storage,
      base,
      name: text,
      put: (sending) => this.put(text, sending),
      changed: redraw,
      always: true,
    });
    const held = new Held([input]);
    const state = el("span", { class: "quiet" });
    const twice = el("div", {});
    const edits = el("button", {
      type: "button",
      class: "button bare small",
      text: t("Edit"),
      "aria-label": t("Edit: {name}", { name: TEXT_NAMES[text] }),
      onclick: () => {
        this.editing = text;
        this.render();
        input.focus();
      },
    });
    const heading = el("h3", {}, el("span", { text: TEXT_NAMES[text] }), state, edits);
    const box = el("section", { "data-text": text }, heading, words, input, held.words, twice);
    return { box, words, input, own, held, state, twice, edits };
  }

  /** @param {Text} text @param {Sending} sending */
  put(text, { kase, text: words, base }) {
    const { session, request, notices } = this.context;
    const input = this.fields.get(text)?.input;
    if (!session.doc || !session.standing?.prepares || (session.doc.current === kase && !input?.checkValidity()))
      return null;
    const asked = request({ type: "put_preparation", case: session.doc.case, of: kase, text, words, base });
    return asked.then((error) => {
      if (error && error.code !== "changed_meanwhile") notices.show({ text: error.message, glyph: "warn" });
      return error;
    });
  }

  /** Of the case for which they were typed. */
  async plan() {
    const { session, command } = this.context;
    const { doc } = session;
    const of = this.planning || doc?.current;
    this.planning = "";
    if (!doc || !of || !this.minutes.checkValidity()) return;
    const minutes = Math.round(Number(this.minutes.value) || 0);
    await command({ type: "plan_case", case: doc.case, of, minutes });
  }

  /** Another case: what was typed is stored with its own. */
  switched() {
    if (this.planning) void this.plan();
    this.minutes.value = "";
    if (document.activeElement === this.minutes) this.minutes.blur();
    for (const { held } of this.fields.values()) held.switched();
  }

  render() {
    const { doc, standing, live } = this.context.session;
    if (!doc) return;
    const preparation = preparationOf(doc, doc.current);
    const hasPhotos = this.photos.render();
    const writes = !!standing?.prepares;
    const running = doc.board?.phase === "running";
    for (const [text, { box, words, input, own, state, twice, edits }] of this.fields) {
      const written = preparation.texts[text] ?? null;
      own.follow(doc.current, written);
      const stands = written?.text ?? "";
      box.hidden = !writes && !stands && !(hasPhotos && text === "pathology");
      const reads = !writes || (running && this.editing !== text && !own.unstored);
      words.hidden = !reads;
      setText(words, stands);
      input.hidden = reads;
      edits.hidden = !writes || !reads;
      edits.disabled = !live;
      input.disabled = !live;
      if (writes && input.value !== own.draft.text) input.value = own.draft.text;
      setText(state, writes ? stateOf(own) : "");
      draw(twice, conflict(own, undefined, true));
    }
    this.planned.hidden = !writes || running;
    if (document.activeElement !== this.minutes) this.minutes.value = String(preparation.minutes || "");
  }
}

/** Whether all of it is stored, in words. @param {OwnText} own */
export const stateOf = (own) => (own.draft.sent ? t("Storing") : own.unstored ? t("Not stored yet") : "");
