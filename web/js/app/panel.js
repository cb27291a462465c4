/** Beside the picture, below the people: marks and chat, one at a time. On smaller screens it is a sheet. */
/** @import {ConsultPage} from "./consult-page.js" */
import { Chat } from "../features/chat/chat.js";
import { el, find, glyph, rebuild, unseen } from "../kit/dom.js";
import { KeyImages } from "../features/marks/key-images.js";
import { MarksList } from "../features/marks/marks-list.js";

/** @typedef {"marks" | "chat"} Tab */

export class Panel {
  /** @param {ConsultPage} page */
  constructor(page) {
    this.page = page;
    /** @type {Tab} */
    this.tab = "marks";
    this.marks = new MarksList(page);
    this.keys = new KeyImages(page);
    this.chat = new Chat(page);
    this.tabs = el("div", { class: "tabs", role: "tablist", "aria-label": "Marks and chat" });
    this.marksPage = el(
      "div",
      { class: "tab-page", role: "tabpanel", id: "marks-page", "aria-label": "Marks" },
      this.marks.element,
      this.keys.element,
    );
    this.chatPage = this.chat.element;
    this.element = find("#panel", HTMLElement);
    this.close = el("button", {
      type: "button",
      class: "button bare sheet-close",
      text: "Close",
      onclick: () => page.sheets.close(),
    });
    this.element.replaceChildren(this.close, this.tabs, this.marksPage, this.chatPage);
    this.tabs.addEventListener("keydown", (event) => this.key(event));
  }

  /** The chat can be read just now. */
  get reading() {
    const { form } = this.page;
    return this.tab === "chat" && (form === "wide" || this.element.classList.contains("open")) && !document.hidden;
  }

  /** @param {Tab} tab */
  show(tab) {
    this.tab = tab;
    this.render();
    if (tab === "chat") this.chat.seen();
    this.page.draw();
  }

  /** Bring it to the front. @param {Tab} tab */
  open(tab) {
    if (this.page.form !== "wide") this.page.sheets.open("panel");
    this.show(tab);
    if (tab === "chat") this.chat.input.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    event.stopPropagation();
    this.show(this.tab === "chat" ? "marks" : "chat");
    const chosen = this.tabs.querySelector("[aria-selected=true]");
    if (chosen instanceof HTMLElement) chosen.focus();
  }

  render() {
    const { page, tab } = this;
    const { doc } = page.session;
    if (!doc) return;
    if (this.reading) this.chat.seen();
    const count = doc.marks.filter((m) => m.case === doc.current).length;
    const unread = this.chat.unread;
    rebuild(this.tabs, JSON.stringify([tab, count, unread, doc.chat.length]), () => [
      tabButton("marks", "Marks", tab, () => this.show("marks"), el("span", { class: "n", text: String(count) })),
      tabButton(
        "chat",
        "Chat",
        tab,
        () => this.show("chat"),
        unread
          ? el("span", { class: "count" }, String(unread), unseen(" unread"))
          : el("span", { class: "n", text: String(doc.chat.length) }),
      ),
    ]);
    this.marksPage.hidden = tab !== "marks";
    this.chatPage.hidden = tab !== "chat";
    this.marks.render();
    this.keys.render();
    this.chat.render();
    this.renderStrip();
  }

  /** In the narrow rail: the ways to it. */
  renderStrip() {
    const { page } = this;
    const strip = find("#panel-strip", HTMLElement);
    const unread = this.chat.unread;
    rebuild(strip, JSON.stringify([unread, page.form]), () => [
      el(
        "button",
        {
          type: "button",
          class: "tool",
          "aria-label": unread ? `Chat, ${unread} unread` : "Chat",
          title: "Chat",
          onclick: () => this.open("chat"),
        },
        glyph("chat"),
        unread ? el("span", { class: "count", text: String(unread) }) : null,
      ),
      el(
        "button",
        { type: "button", class: "tool", "aria-label": "Marks", title: "Marks", onclick: () => this.open("marks") },
        glyph("list"),
      ),
    ]);
  }
}

/** @param {Tab} tab @param {string} word @param {Tab} chosen @param {() => void} onclick @param {HTMLElement} count */
function tabButton(tab, word, chosen, onclick, count) {
  return el(
    "button",
    {
      type: "button",
      class: "tab",
      role: "tab",
      "aria-selected": String(tab === chosen),
      "aria-controls": `${tab}-page`,
      "data-name": word,
      tabindex: tab === chosen ? 0 : -1,
      onclick,
    },
    el("span", { text: word }),
    count,
  );
}
