/** Beside the picture, below the people: marks and chat, one at a time. On smaller screens it is a sheet. */
/** @import {FeatureContext} from "../../features/context.js" */
/** @import {Features} from "../features.js" */
import { t } from "../../core/language.js";
import { el, find } from "../../kit/dom.js";
import { control, draw, html, nothing, unseen } from "../../kit/html.js";

/** @typedef {"marks" | "chat"} Tab */

export class Panel {
  /** @param {FeatureContext} context @param {Features} features */
  constructor(context, features) {
    this.context = context;
    this.marks = features.marks;
    this.chat = features.chat;
    /** @type {Tab} */
    this.tab = "marks";
    this.tabs = el("div", { class: "tabs", role: "tablist", "aria-label": t("Marks and chat") });
    this.element = find("#panel", HTMLElement);
    const close = el("button", {
      type: "button",
      class: "button bare sheet-close",
      text: t("Close"),
      onclick: () => context.sheets.close(),
    });
    this.element.replaceChildren(close, features.critical.element, this.tabs, this.marks.element, this.chat.element);
    this.tabs.addEventListener("keydown", (event) => this.key(event));
  }

  /** The chat can be read just now. */
  get reading() {
    const open = this.context.form() === "wide" || this.element.classList.contains("open");
    return this.tab === "chat" && open && !document.hidden;
  }

  /** @param {Tab} tab */
  show(tab) {
    this.tab = tab;
    this.render();
    if (tab === "chat") this.chat.seen();
    this.context.redraw();
  }

  /** Bring it to the front. @param {Tab} tab */
  open(tab) {
    if (this.context.form() !== "wide") this.context.sheets.open("panel");
    this.show(tab);
    if (tab === "chat") this.chat.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    event.stopPropagation();
    this.show(this.tab === "chat" ? "marks" : "chat");
    find("[aria-selected=true]", HTMLElement, this.tabs).focus();
  }

  render() {
    const { tab, chat, marks } = this;
    const { doc } = this.context.session;
    if (!doc) return;
    if (this.reading) chat.seen();
    marks.element.hidden = tab !== "marks";
    chat.element.hidden = tab !== "chat";
    marks.render();
    chat.render();
    const unread = html`<span class="count">${chat.unread}${unseen(` ${t("unread")}`)}</span>`;
    draw(this.tabs, [
      this.tabButton("marks", t("Marks"), html`<span class="n">${marks.count}</span>`),
      this.tabButton("chat", t("Chat"), chat.unread ? unread : html`<span class="n">${chat.count}</span>`),
    ]);
    this.renderStrip();
  }

  /** @param {Tab} tab @param {string} word @param {unknown} count */
  tabButton(tab, word, count) {
    const chosen = tab === this.tab;
    return html`<button
      type="button"
      class="tab"
      role="tab"
      aria-selected=${String(chosen)}
      aria-controls=${`${tab}-page`}
      data-name=${word}
      tabindex=${chosen ? 0 : -1}
      @click=${() => this.show(tab)}
    ><span>${word}</span>${count}</button>`;
  }

  /** In the narrow rail, which has no place for it. */
  renderStrip() {
    const marks = control({
      label: t("Marks"),
      title: t("Marks"),
      class: "tool",
      glyph: "list",
      do: () => this.open("marks"),
    });
    draw(find("#panel-strip", HTMLElement), [chatButton(this, "tool", t("Chat")), marks]);
  }
}

/**
 * Opens the chat, with how many messages are unread.
 * @param {Panel} panel
 * @param {string} kind class
 * @param {string} [title]
 */
export const chatButton = (panel, kind, title) => {
  const { unread } = panel.chat;
  return control({
    label: unread ? t("Chat, {unread} unread", { unread }) : t("Chat"),
    title,
    class: kind,
    glyph: "chat",
    more: unread ? html`<span class="count">${unread}</span>` : nothing,
    do: () => panel.open("chat"),
  });
};
