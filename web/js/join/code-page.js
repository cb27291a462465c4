/** `/join`: a code that somebody has said, and a name. Who comes so waits to be let in. */
import { t } from "../core/language.js";
import { codeProblem, codeTyped } from "../core/joining/spoken-code.js";
import { el, find, limited, setText } from "../kit/dom.js";
import { applySettings, languageButtons } from "../kit/settings.js";
import { loadGlyphs } from "../kit/sprite.js";
import { brand, stateColumn } from "../kit/state-page.js";
import { endWords } from "../core/words.js";
import { joinByCode } from "../transport/join-api.js";
import { keepsCookies, local, settings } from "../transport/storage.js";
import { NAME_STORE } from "./invitation-form.js";

const MAX_NAME = 80;

class CodePage {
  constructor() {
    this.code = el("input", {
      type: "text",
      name: "code",
      inputmode: "numeric",
      autocomplete: "off",
      required: true,
      placeholder: "000 000",
      class: "code-input",
      oninput: () => this.typed(),
    });
    this.name = limited(
      el("input", {
        type: "text",
        name: "name",
        autocomplete: "name",
        required: true,
        enterkeyhint: "go",
        value: local.get(NAME_STORE) ?? "",
        onchange: () => local.set(NAME_STORE, this.name.value.trim()),
      }),
      MAX_NAME,
    );
    this.problem = el("p", { class: "problem", role: "alert" });
    this.button = el("button", { type: "submit", class: "button primary", text: t("Ask to be let in") });
    this.element = el(
      "div",
      { class: "invite" },
      el(
        "div",
        {},
        el("h1", { text: t("Come in with a code") }),
        el("p", {
          class: "about",
          text: t("Somebody has said six digits to you. They work for ten minutes, and once."),
        }),
      ),
      el(
        "form",
        {
          onsubmit: (event) => {
            event.preventDefault();
            void this.submit();
          },
        },
        el("label", {}, el("span", { text: t("Code") }), this.code),
        el("label", {}, el("span", { text: t("Your name, as others will see it") }), this.name),
        this.problem,
        el("div", { class: "choices" }, this.button),
      ),
    );
  }

  /** Two groups of three, whatever is typed between them. */
  typed() {
    const { value, selectionStart } = this.code;
    if (selectionStart === value.length) this.code.value = codeTyped(value);
    setText(this.problem, "");
  }

  async submit() {
    this.button.disabled = true;
    const answer = await joinByCode(this.code.value, this.name.value.trim());
    this.button.disabled = false;
    if ("seat" in answer) return location.replace(answer.seat);
    const { code, retry_after_s: wait } = answer.error;
    const problem = codeProblem(code, wait);
    if (problem) {
      setText(this.problem, problem);
      return this.code.focus();
    }
    document.body.dataset.why = code;
    return find("#join", HTMLElement).replaceChildren(
      stateColumn(endWords(code, location.host), [
        { name: t("Try again"), primary: true, do: () => location.reload() },
      ]),
    );
  }
}

applySettings(settings);
find(".brand", HTMLElement).append(...brand(), languageButtons(settings, keepsCookies()));
void loadGlyphs();
find("#loading", HTMLElement).hidden = true;
const main = find("#join", HTMLElement);
if (keepsCookies()) {
  const page = new CodePage();
  main.replaceChildren(page.element);
  page.code.focus();
} else {
  document.body.dataset.why = "cookies";
  main.replaceChildren(stateColumn(endWords("cookies")));
}
