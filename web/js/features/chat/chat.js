/** Chat: short texts to all, as text and nothing else; a message may carry the view that it is about. */
/** @import {ChatMessage, View} from "../../wire.js" */
/** @import {ConsultPage} from "../../app/consult-page.js" */
import { shownName } from "../../core/view/corner.js";
import { seatOf } from "../../core/session/document.js";
import { clockTime, formatWindow } from "../../core/format.js";
import { seriesShown } from "../../core/view/shows.js";
import { viewportOf } from "../../core/view/view.js";
import { el, glyph, unseen } from "../../kit/dom.js";
import { say } from "../../kit/notice.js";
import { avatar } from "../../kit/person.js";

/** Characters of one message. */
const MAX_CHAT = 500;
/** So near to its end the list goes on to the newest by itself. */
const END_PX = 40;

export class Chat {
  /** @param {ConsultPage} page */
  constructor(page) {
    this.page = page;
    this.unread = 0;
    this.linking = false;
    /** @type {Set<string> | null} ids that are known; null before the first */
    this.known = null;
    this.list = el("div", { class: "chat-list", role: "log", "aria-label": "Messages", tabindex: 0 });
    this.input = el("input", {
      type: "text",
      maxlength: MAX_CHAT,
      placeholder: "Message to all",
      "aria-label": "Message to all",
      autocomplete: "off",
    });
    this.link = el(
      "button",
      {
        type: "button",
        class: "tool link",
        "aria-label": "Link to this view",
        "aria-pressed": "false",
        title: "Link to this view",
        onclick: () => this.toggleLink(),
      },
      glyph("link"),
    );
    this.form = el(
      "form",
      {
        class: "chat-form",
        onsubmit: (event) => {
          event.preventDefault();
          void this.send();
        },
      },
      this.input,
      this.link,
    );
    this.element = el(
      "div",
      { class: "tab-page chat", role: "tabpanel", id: "chat-page", "aria-label": "Chat" },
      this.list,
      this.form,
    );
    this.drawn = "";
  }

  /** It was read. */
  seen() {
    this.unread = 0;
  }

  toggleLink() {
    this.linking = !this.linking;
    this.link.setAttribute("aria-pressed", String(this.linking));
  }

  async send() {
    const text = this.input.value.trim();
    const { view } = this.page;
    if (!text && !this.linking) return;
    this.input.value = "";
    const linked = this.linking && view ? { view } : {};
    if (this.linking) this.toggleLink();
    const error = await this.page.command({ type: "post_chat", text: text || "Look here.", ...linked });
    if (error && !this.input.value) this.input.value = text;
  }

  render() {
    const { doc, me, phase } = this.page.session;
    if (!doc) return;
    this.count(doc.chat);
    const mayWrite = phase === "live" && !!this.page.session.standing?.mayDraw;
    this.input.disabled = this.link.disabled = !mayWrite;
    const key = JSON.stringify([doc.chat.map((m) => m.id), doc.current, doc.seats, me, this.page.mayMove]);
    if (key === this.drawn) return;
    this.drawn = key;
    const atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < END_PX;
    this.list.replaceChildren(...doc.chat.map((m) => this.message(m)));
    if (doc.chat.length === 0) this.list.append(el("p", { class: "alone", text: "No messages yet." }));
    if (atEnd) this.list.scrollTop = this.list.scrollHeight;
  }

  /** What has come since, and was not read. @param {readonly ChatMessage[]} messages */
  count(messages) {
    const { known } = this;
    const { doc, me } = this.page.session;
    const news = known ? messages.filter((m) => !known.has(m.id) && m.author !== me) : [];
    this.known = new Set(messages.map((m) => m.id));
    if (news.length === 0 || this.page.panel.reading) return;
    this.unread += news.length;
    const last = news[news.length - 1];
    if (last && doc) say(`${seatOf(doc, last.author)?.name ?? "Somebody"} writes: ${last.text}`);
  }

  /** @param {ChatMessage} message */
  message(message) {
    const { doc } = this.page.session;
    const seat = doc && seatOf(doc, message.author);
    return el(
      "div",
      { class: "chat-message" },
      seat ? avatar(seat) : null,
      el(
        "div",
        { class: "chat-body" },
        el(
          "div",
          {},
          el("strong", { text: seat?.name ?? "Somebody" }),
          el("span", { class: "when", text: clockTime(message.at) }),
        ),
        el("div", { class: "chat-text", text: message.text }),
        message.view ? this.card(message, message.view) : null,
      ),
    );
  }

  /** @param {ChatMessage} message @param {View} view */
  card(message, view) {
    const { doc, kase } = this.page.session;
    const of = doc?.cases.find((c) => c.id === message.case);
    const viewport = viewportOf(view, view.active);
    const series = of && seriesShown(of, viewport?.shows);
    if (!viewport || !series) return null;
    const here = of?.id === kase?.id;
    const title = shownName(series, viewport.shows);
    const thumb = el("img", { src: this.page.thumbnail(series.key), alt: "", loading: "lazy", draggable: "false" });
    thumb.addEventListener("error", () => (thumb.hidden = true));
    return el(
      "button",
      {
        type: "button",
        class: "view-card",
        disabled: !here,
        title: here ? null : "Of another case",
        onclick: () => this.show(view),
      },
      thumb,
      unseen("Show "),
      el(
        "span",
        { class: "two-lines" },
        el("span", { class: "first", text: title }),
        el("span", {
          class: "second",
          text: here ? (viewport.window ? formatWindow(viewport.window) : "") : "Of another case",
        }),
      ),
    );
  }

  /** @param {View} view */
  show(view) {
    if (!this.page.ready()) return this.page.cannot();
    this.page.propose(view, { pause: true });
    this.page.sheets.close();
  }
}
