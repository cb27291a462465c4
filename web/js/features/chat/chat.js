/** Chat: short texts to all, as text and nothing else; a message may carry the view that it is about. */
/** @import {ChatMessage, View} from "../../wire.js" */
/** @import {FeatureContext} from "../context.js" */
import { shownName } from "../../core/view/corner.js";
import { seatOf } from "../../core/session/document.js";
import { clockTime, formatWindow, thumbnailUrl } from "../../core/format.js";
import { seriesShown } from "../../core/view/shows.js";
import { viewportOf } from "../../core/view/view.js";
import { el, glyph } from "../../kit/dom.js";
import { draw, html, nothing, repeat, thumbnail, twoLines, unseen } from "../../kit/html.js";
import { announce } from "../../kit/notice.js";
import { avatar } from "../../kit/person.js";
import { messageBox } from "./message-box.js";
import { Unread } from "./unread.js";

/** Characters of one message. */
const MAX_CHAT = 500;
/** So near to its end the list goes on to the newest by itself. */
const END_PX = 40;

/**
 * @typedef {Pick<FeatureContext, "session" | "command" | "navigation" | "sheets" | "base"> & {reading: () => boolean}}
 *   ChatContext reading: the messages can be read just now
 */

export class Chat {
  /** @param {ChatContext} context */
  constructor(context) {
    this.context = context;
    this.messages = new Unread();
    this.linking = false;
    this.list = el("div", { class: "chat-list", role: "log", "aria-label": "Messages", tabindex: 0 });
    this.input = messageBox(MAX_CHAT, { placeholder: "Message to all", "aria-label": "Message to all" });
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
  }

  /** How many messages were not read. */
  get unread() {
    return this.messages.count;
  }

  /** All were read. */
  seen() {
    this.messages.seen();
  }

  toggleLink() {
    this.linking = !this.linking;
    this.link.setAttribute("aria-pressed", String(this.linking));
  }

  async send() {
    const text = this.input.value.trim();
    const { view } = this.context.navigation;
    if (!text && !this.linking) return;
    this.input.value = "";
    const linked = this.linking && view ? { view } : {};
    if (this.linking) this.toggleLink();
    const error = await this.context.command({ type: "post_chat", text: text || "Look here.", ...linked });
    if (error && !this.input.value) this.input.value = text;
  }

  render() {
    const { doc, live, standing } = this.context.session;
    if (!doc) return;
    this.announceNew(doc.chat);
    this.input.disabled = this.link.disabled = !live || !standing?.mayDraw;
    const atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < END_PX;
    draw(
      this.list,
      doc.chat.length > 0
        ? repeat(
            doc.chat,
            (message) => message.id,
            (message) => this.message(message),
          )
        : html`<p class="empty-note">No messages yet.</p>`,
    );
    if (atEnd) this.list.scrollTop = this.list.scrollHeight;
  }

  /** The newest that has come since and is not read. @param {readonly ChatMessage[]} messages */
  announceNew(messages) {
    const { session, reading } = this.context;
    const last = this.messages.add(messages, session.me, reading());
    if (last && session.doc) announce(`${seatOf(session.doc, last.author)?.name ?? "Somebody"} writes: ${last.text}`);
  }

  /** @param {ChatMessage} message */
  message(message) {
    const { doc } = this.context.session;
    const seat = doc && seatOf(doc, message.author);
    return html`<div class="chat-message">${seat ? avatar(seat) : nothing}<div class="chat-body">
      <div><strong>${seat?.name ?? "Somebody"}</strong><span class="when">${clockTime(message.at)}</span></div>
      <div class="chat-text">${message.text}</div>${message.view ? this.card(message, message.view) : nothing}
    </div></div>`;
  }

  /** @param {ChatMessage} message @param {View} view */
  card(message, view) {
    const { session, base } = this.context;
    const of = session.doc?.cases.find((c) => c.id === message.case);
    const viewport = viewportOf(view, view.active);
    const series = of && seriesShown(of, viewport?.shows);
    if (!viewport || !series) return nothing;
    const here = of?.id === session.kase?.id;
    const window = viewport.window ? formatWindow(viewport.window) : "";
    return html`<button
      type="button"
      class="view-card"
      ?disabled=${!here}
      title=${here ? nothing : "Of another case"}
      @click=${() => this.show(view)}
    >${thumbnail(thumbnailUrl(base, series.key))}${unseen("Show ")}${twoLines(
      shownName(series, viewport.shows),
      here ? window : "Of another case",
    )}</button>`;
  }

  /** @param {View} view */
  show(view) {
    const { navigation, sheets } = this.context;
    if (!navigation.ready()) return navigation.cannot();
    navigation.propose(view, { pause: true });
    sheets.close();
  }
}
