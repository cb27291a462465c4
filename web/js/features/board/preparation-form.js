/** Question, history and pathology of the case on the stage: read by all, written by who prepares. */
/** @import {BoardContext} from "./board.js" */
/** @import {Text} from "../../core/board/board.js" */
import { preparationOf, TEXT_NAMES, TEXTS } from "../../core/board/board.js";
import { t } from "../../core/language.js";
import { el, limited } from "../../kit/dom.js";
import { Photos } from "./photos.js";

const MAX_TEXT = 4000;
const MAX_MINUTES = 240;

export class PreparationForm {
  /** @param {BoardContext} context */
  constructor(context) {
    this.context = context;
    /** Of which case what is typed is; by text. @type {Map<Text, {case: string, base: number}>} */
    this.typing = new Map();
    this.fields = new Map(TEXTS.map((text) => [text, this.field(text)]));
    this.minutes = el("input", {
      type: "number",
      class: "text-input",
      min: 0,
      max: MAX_MINUTES,
      onchange: () => void this.plan(),
    });
    this.planned = el("label", { class: "board-minutes" }, el("span", { text: t("Planned minutes") }), this.minutes);
    this.element = el("div", { class: "board-preparation" });
    for (const { box } of this.fields.values()) this.element.append(box);
    this.photos = new Photos(context);
    this.fields.get("pathology")?.box.append(this.photos.element);
    this.element.append(this.planned);
  }

  /** @param {Text} text */
  field(text) {
    const words = el("p", { class: "board-text", dir: "auto" });
    const input = limited(
      el("textarea", {
        class: "text-input",
        rows: 2,
        "aria-label": TEXT_NAMES[text],
        oninput: () => this.begin(text),
        onchange: () => void this.store(text),
      }),
      MAX_TEXT,
    );
    const box = el("section", { "data-text": text }, el("h3", { text: TEXT_NAMES[text] }), words, input);
    return { box, words, input };
  }

  /** @param {Text} text */
  begin(text) {
    const { doc } = this.context.session;
    if (!doc || this.typing.has(text)) return;
    this.typing.set(text, { case: doc.current, base: preparationOf(doc, doc.current).texts[text]?.rev ?? 0 });
  }

  /** What is typed is of the case for which it was begun, whatever is on the stage now. @param {Text} text */
  async store(text) {
    const { session, command } = this.context;
    const typed = this.typing.get(text);
    const input = this.fields.get(text)?.input;
    if (!typed || !input || !session.doc || !input.checkValidity()) return;
    const words = input.value;
    this.typing.delete(text);
    const { case: of, base } = typed;
    await command({ type: "put_preparation", case: session.doc.case, of, text, words, base });
  }

  async plan() {
    const { session, command } = this.context;
    const { doc } = session;
    if (!doc || !this.minutes.checkValidity()) return;
    const minutes = Math.round(Number(this.minutes.value) || 0);
    await command({ type: "plan_case", case: doc.case, of: doc.current, minutes });
  }

  /** Another case: what was typed is stored with its own. */
  switched() {
    for (const text of TEXTS) void this.store(text);
  }

  render() {
    const { doc, standing, live } = this.context.session;
    if (!doc) return;
    const preparation = preparationOf(doc, doc.current);
    const hasPhotos = this.photos.render();
    for (const [text, { box, words, input }] of this.fields) {
      const written = preparation.texts[text]?.text ?? "";
      const writes = !!standing?.prepares;
      box.hidden = !writes && !written && !(hasPhotos && text === "pathology");
      words.hidden = writes;
      words.textContent = written;
      input.hidden = !writes;
      input.disabled = !live;
      if (!this.typing.has(text) && input.value !== written) input.value = written;
    }
    this.planned.hidden = !standing?.prepares;
    if (document.activeElement !== this.minutes) this.minutes.value = String(preparation.minutes || "");
  }
}
