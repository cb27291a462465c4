/**
 * Chat: short texts to all, as text and nothing else; a message may carry the view that it is about. Each belongs to a
 * case and stands under its name; what is typed belongs to the case on the stage (`composer.js`).
 */
/** @import {ChatMessage, View} from "../../wire.js" */
/** @import {FeatureContext, Tab} from "../context.js" */
/** @import {Group} from "./by-case.js" */
import { t } from "../../core/language.js";
import { caseLine, caseOf, patientOf, severalCases } from "../../core/session/cases.js";
import { seatOf } from "../../core/session/document.js";
import { clockTime, counted, thumbnailUrl } from "../../core/format.js";
import { viewWords } from "../../core/record/view-words.js";
import { el } from "../../kit/dom.js";
import { draw, html, nothing, parted, repeat, thumbnail, twoLines, unseen } from "../../kit/html.js";
import { announce } from "../../kit/notice.js";
import { avatar } from "../../kit/person.js";
import { byCase } from "./by-case.js";
import { Composer } from "./composer.js";
import { Ending } from "./ending.js";
import { Unread } from "./unread.js";

/**
 * @typedef {Pick<FeatureContext, "session" | "request" | "navigation" | "openView" | "notices" | "sheets" | "redraw" |
 *   "base"> & {reading: () => boolean}} ChatContext reading: the messages can be read just now
 */

/** @implements {Tab} */
export class Chat {
  /** @param {ChatContext} context */
  constructor(context) {
    this.context = context;
    this.tab = "chat";
    this.word = t("Chat");
    this.glyph = "chat";
    this.messages = new Unread();
    this.composer = new Composer(context);
    this.list = el("div", { class: "chat-list", role: "log", "aria-label": t("Messages"), tabindex: 0 });
    this.ending = new Ending(this.list);
    /** @type {readonly ChatMessage[]} */
    this.shown = [];
    this.element = el(
      "div",
      { class: "tab-page chat", role: "tabpanel", id: "chat-page", "aria-label": this.word },
      this.list,
      this.composer.element,
    );
    context.session.on("changed", (before, after) => before.case !== after.case && this.composer.bind(after));
    context.session.on("over", () => this.composer.over());
  }

  /** How many messages were not read. */
  get unread() {
    return this.messages.count;
  }

  /** How many there are of the case on the stage. */
  get count() {
    const { doc } = this.context.session;
    return doc ? doc.chat.filter((m) => m.case === doc.current).length : 0;
  }

  /** Those of the case on the stage were read. */
  seen() {
    this.messages.seen(this.context.session.doc?.current ?? "");
  }

  /** Write. */
  focus() {
    this.composer.input.focus();
  }

  render() {
    const { doc } = this.context.session;
    if (!doc) return;
    this.announceNew(doc.chat);
    this.composer.render(doc);
    const { others, here } = byCase(doc.chat, doc.current);
    draw(this.list, [
      repeat(
        others,
        ({ about }) => about,
        (group) => this.other(group),
      ),
      severalCases(doc) ? html`<h2 class="case-head">${parted(caseLine(doc, doc.current))}</h2>` : nothing,
      here.length > 0 ? this.rows(here) : html`<p class="empty-note">${t("No messages yet.")}</p>`,
    ]);
    if (doc.chat !== this.shown && doc.chat.length > 0) this.ending.keep();
    this.shown = doc.chat;
  }

  /** The newest that has come since and is not read. @param {readonly ChatMessage[]} messages */
  announceNew(messages) {
    const { session, reading } = this.context;
    const { doc } = session;
    const last = this.messages.add(messages, session.me, reading() && doc ? doc.current : null);
    if (!last || !doc) return;
    const name = seatOf(doc, last.author)?.name ?? t("Somebody");
    const about = severalCases(doc) ? patientOf(doc, last.case) : "";
    announce(
      about
        ? t("{name} writes about {patient}: {text}", { name, patient: about, text: last.text })
        : t("{name} writes: {text}", { name, text: last.text }),
    );
  }

  /** What was written about another patient lies behind that one's name. @param {Group} group */
  other({ about, messages }) {
    const { doc } = this.context.session;
    const unread = this.messages.countOf(about);
    return html`<details class="chat-case" data-case=${about} @toggle=${() => this.read(about)}><summary
        >${parted(doc ? caseLine(doc, about) : "")}<span class="n">${
          unread > 0 ? t("{unread} unread", { unread }) : counted(messages.length, "message")
        }</span></summary>${this.rows(messages)}</details>`;
  }

  /** @param {string} about id of a case whose messages were unfolded */
  read(about) {
    this.messages.seen(about);
    this.context.redraw();
  }

  /** @param {ChatMessage[]} messages */
  rows(messages) {
    return repeat(
      messages,
      (message) => message.id,
      (message) => this.message(message),
    );
  }

  /** @param {ChatMessage} message */
  message(message) {
    const { doc } = this.context.session;
    const seat = doc && seatOf(doc, message.author);
    return html`<div class="chat-message" data-case=${message.case}>${
      seat ? avatar(seat) : nothing
    }<div class="chat-body">
      <div><strong>${seat?.name ?? t("Somebody")}</strong><span class="when">${clockTime(message.at)}</span></div>
      <div class="chat-text">${message.text}</div>${message.view ? this.card(message, message.view) : nothing}
    </div></div>`;
  }

  /** @param {ChatMessage} message @param {View} view */
  card(message, view) {
    const { session, base } = this.context;
    const { doc } = session;
    const of = doc && caseOf(doc, message.case);
    const words = of && viewWords(of, view);
    if (!of || !words) return nothing;
    const here = of.id === doc.current;
    const lines = twoLines(words.first, words.second);
    return html`<button
      type="button"
      class="view-card"
      ?disabled=${!here}
      title=${here ? nothing : t("Of {patient}, who is not on the stage", { patient: patientOf(doc, of.id) })}
      @click=${() => this.show(message, view)}
    >${thumbnail(thumbnailUrl(base, words.series))}${unseen(`${t("Show")} `)}${lines}</button>`;
  }

  /** @param {ChatMessage} message @param {View} view */
  show(message, view) {
    const { openView, sheets } = this.context;
    if (openView({ case: message.case, view }, { forAll: true })) sheets.close();
  }
}
