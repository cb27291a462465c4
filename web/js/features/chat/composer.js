/**
 * Where a message is typed: about the patient on the stage, whose name stands over it. When the case changes under the
 * typing hand, the text goes away with its case, and keys that are still on their way are swallowed until Enter or a
 * click: the rest of a sentence about one patient is not the beginning of one about the next.
 */
/** @import {Snapshot} from "../../wire.js" */
/** @import {ChatContext} from "./chat.js" */
import { t } from "../../core/language.js";
import { caseNumber } from "../../core/patient.js";
import { patientOf, severalCases } from "../../core/session/cases.js";
import { el, glyph, setText } from "../../kit/dom.js";
import { announce } from "../../kit/notice.js";
import { session } from "../../transport/storage.js";
import { Drafts } from "./drafts.js";
import { messageBox } from "./message-box.js";

/** Characters of one message. */
const MAX_CHAT = 500;

export class Composer {
  /** @param {ChatContext} context */
  constructor(context) {
    this.context = context;
    this.drafts = new Drafts(session, context.base);
    this.linking = false;
    /** The case that was typed for when it changed under the hand, and nobody has said that they know; else "". */
    this.held = "";
    this.about = el("label", { class: "chat-about", for: "chat-input" });
    this.input = messageBox(MAX_CHAT, { id: "chat-input" });
    this.input.addEventListener("pointerdown", () => this.release());
    this.input.addEventListener("focus", () => this.release());
    this.input.addEventListener("input", () => this.drafts.typed(this.input.value));
    this.link = el(
      "button",
      {
        type: "button",
        class: "tool link",
        "aria-label": t("Link to this view"),
        "aria-pressed": "false",
        title: t("Link to this view"),
        onclick: () => this.toggleLink(),
      },
      glyph("link"),
    );
    this.element = el(
      "form",
      {
        class: "chat-form",
        onsubmit: (event) => {
          event.preventDefault();
          void this.send();
        },
      },
      this.about,
      this.input,
      this.link,
    );
  }

  toggleLink() {
    this.linking = !this.linking;
    this.link.setAttribute("aria-pressed", String(this.linking));
  }

  /** The case on the stage is another one, or the first. @param {Snapshot} doc */
  bind(doc) {
    const { drafts, input } = this;
    const former = drafts.bound?.about;
    const left = input.value.trim();
    input.value = drafts.bind({ case: doc.case, about: doc.current }, input.value);
    if (this.linking) this.toggleLink();
    if (this.held === doc.current) this.held = "";
    if (former === undefined || former === doc.current || !left) return this.render(doc);
    this.held ||= document.activeElement === input ? former : "";
    this.notify(
      t("Your message about {patient} is kept with that case. It is not sent.", { patient: patientOf(doc, former) }),
    );
    this.render(doc);
  }

  /** Who types knows that the case is another one. */
  release() {
    this.held = "";
    const { doc } = this.context.session;
    if (doc) this.render(doc);
  }

  async send() {
    if (this.held) return this.release();
    const { drafts, input, linking } = this;
    const { bound } = drafts;
    const text = input.value.trim();
    const { view } = this.context.navigation;
    if (!bound || (!text && !linking)) return;
    input.value = "";
    drafts.typed("");
    const linked = linking && view ? { view } : {};
    if (linking) this.toggleLink();
    const error = await this.context.request({ type: "post_chat", ...bound, text: text || t("Look here."), ...linked });
    if (!error) return;
    if (text) input.value = drafts.giveBack(bound.about, text, input.value);
    const kept = text && drafts.bound?.about !== bound.about ? ` ${t("Your message is kept with that case.")}` : "";
    this.notify(`${error.message}${kept}`);
  }

  /** The consult is over for this page: nothing of it stays in the tab. */
  over() {
    this.input.value = "";
    this.drafts.forget(this.context.session.doc?.cases ?? []);
  }

  /** @param {string} text */
  notify(text) {
    this.context.notices.show({ text, glyph: "warn" });
    announce(text);
  }

  /** @param {Snapshot} doc */
  render(doc) {
    if (!this.drafts.bound) this.bind(doc);
    const { live, standing } = this.context.session;
    const { input, held } = this;
    const whom = patientOf(doc, doc.current);
    const n = doc.cases.findIndex((c) => c.id === doc.current) + 1;
    const to = held ? t("Press Enter to write about {whom}", { whom }) : t("Message about {whom}", { whom });
    input.disabled = this.link.disabled = !live || !standing?.mayDraw;
    input.readOnly = held !== "";
    if (input.placeholder !== to) input.placeholder = to;
    input.setAttribute("aria-label", held ? to : t("Message to all about {whom}", { whom }));
    this.about.hidden = !severalCases(doc);
    const about = held ? to : t("About {whom}", { whom });
    setText(this.about, [about, caseNumber({ n, of: doc.cases.length })].join(" · "));
  }
}
