/**
 * The note of the case on the stage, beside the picture: written by one or several, signed, read, and said to be read.
 * A signed version is shown as it was signed; what is written behind it is the next one.
 */
/** @import {Mark, SignedNote, Snapshot, Writings} from "../../wire.js" */
/** @import {Content} from "../../core/record/note/content.js" */
/** @import {FeatureContext, Tab} from "../context.js" */
import { t } from "../../core/language.js";
import { comparisonsOf } from "../../core/record/comparison.js";
import { contentOfDraft, contentOfVersion } from "../../core/record/note/content.js";
import { noteOf } from "../../core/record/note/fields.js";
import { findingsOf } from "../../core/record/note/order.js";
import { readingOf } from "../../core/record/note/readers.js";
import { studiesIn } from "../../core/record/note/studies.js";
import { signatureWords, standingOfNote, traceOf, versionName, versionsOf } from "../../core/record/note/versions.js";
import { writersOf } from "../../core/record/note/writers.js";
import { caseLine, severalCases } from "../../core/session/cases.js";
import { el } from "../../kit/dom.js";
import { control, draw, html, nothing, parted, tool } from "../../kit/html.js";
import { announce } from "../../kit/notice.js";
import { NoteActs } from "./note-acts.js";
import { NoteEditor } from "./note-editor.js";
import { noteForm } from "./note-form.js";
import { NotePrinting } from "./note-printing.js";
import { NoteSigning } from "./note-signing.js";
import { paper } from "./paper.js";
import { readers, versionList } from "./version-list.js";

/**
 * @typedef {Pick<FeatureContext, "session" | "send" | "request" | "command" | "navigation" | "openView" | "openTab" |
 *   "notices" | "sheets" | "redraw" | "tab" | "base">
 *   & {reading: () => boolean, toFinding: (id: string) => void, goToMark: (mark: Mark) => void}} NoteContext
 *   reading: the note can be read just now; toFinding: go where a finding is mended
 */

/** @implements {Tab} */
export class Note {
  /** @param {NoteContext} context */
  constructor(context) {
    this.context = context;
    const { session } = context;
    this.tab = "note";
    this.word = t("Note");
    this.glyph = "note";
    /** The version that somebody chose to read; "" the newest; "draft" what is written. */
    this.chosen = "";
    this.wide = false;
    /** Studies of which this page has shown something. @type {Set<string>} */
    this.shownStudies = new Set();
    /** Versions that this page has said to have opened. @type {Set<string>} */
    this.openedVersions = new Set();
    /** @type {Writings | null} */
    this.writings = null;
    this.element = el("div", { class: "tab-page note", role: "tabpanel", id: "note-page", "aria-label": this.word });
    this.editor = new NoteEditor(context, () => this.render());
    this.acts = new NoteActs(this);
    this.signing = new NoteSigning(this);
    this.printing = new NotePrinting(this);
    session.on("changed", (before, after) => this.changed(before, after));
    session.on("welcomed", () => this.welcomed());
    session.on("message", (message) => message.type === "writings" && this.written(message));
    session.on("over", () => this.editor.over());
    session.on("phase", () => this.signing.render());
  }

  get count() {
    return null;
  }

  /** Signed versions that one has not opened. */
  get unread() {
    const { doc, me } = this.context.session;
    const last = doc ? versionsOf(doc.signed, doc.current).at(-1) : null;
    return doc && last && readingOf(doc.seen, last, me) === "new" ? 1 : 0;
  }

  welcomed() {
    this.writings = null;
    const { doc } = this.context.session;
    if (doc) this.editor.follow(doc);
  }

  /** @param {Snapshot} before @param {Snapshot} after */
  changed(before, after) {
    if (before.current !== after.current) {
      this.chosen = "";
      this.shownStudies.clear();
    }
    this.editor.follow(after);
    this.signing.render();
    const signed = after.signed.find((v) => v.case === after.current && !before.signed.some((old) => old.id === v.id));
    if (signed && before.case === after.case) this.signedBy(signed);
  }

  /** A version was signed while one is here. @param {SignedNote} version */
  signedBy(version) {
    this.chosen = "";
    if (version.signature.seat === this.context.session.me) return;
    const text = t("{name} has signed the note: {version}.", {
      name: version.signature.name,
      version: versionName(version),
    });
    this.context.notices.show({ text, glyph: "check", action: { name: t("Read it"), do: () => this.read(version) } });
    announce(text);
  }

  /** @param {Writings} writings */
  written(writings) {
    this.writings = writings;
    this.signing.render();
    this.render();
  }

  /** Show a version. @param {SignedNote} version */
  read(version) {
    this.chosen = version.id;
    this.context.openTab("note");
    this.render();
  }

  /** The version that is shown; null: what is written. @returns {SignedNote | null} */
  get shown() {
    const { doc, standing } = this.context.session;
    const versions = doc ? versionsOf(doc.signed, doc.current) : [];
    const chosen = versions.find((version) => version.id === this.chosen);
    if (chosen) return chosen;
    if (this.chosen === "draft" || (standing?.mayDraw && this.standing.draft)) return null;
    return versions.at(-1) ?? null;
  }

  get standing() {
    const { doc, kase } = this.context.session;
    if (!doc || !kase) return { word: "", draft: false, version: null };
    const note = noteOf(doc.notes, doc.current);
    const findings = traceOf(findingsOf(doc.findings, doc.current, note));
    return standingOfNote(note, versionsOf(doc.signed, doc.current), findings);
  }

  /** What is written now. @returns {Content | null} */
  get draft() {
    const { doc, kase } = this.context.session;
    return doc && kase ? contentOfDraft(doc, kase, comparisonsOf(doc, kase)) : null;
  }

  /** It can be read just now: a version that is shown is opened. */
  seen() {
    const { shown } = this;
    const { doc, me, live } = this.context.session;
    if (!shown || !doc || !live || this.openedVersions.has(shown.id)) return;
    this.openedVersions.add(shown.id);
    if (readingOf(doc.seen, shown, me) === "new") void this.context.request({ type: "open_note", version: shown.id });
  }

  render() {
    const { session, navigation } = this.context;
    const { doc, kase } = session;
    for (const key of studiesIn(kase, navigation.view)) this.shownStudies.add(key);
    document.body.toggleAttribute("data-wide-panel", this.wide && !this.element.hidden);
    if (!doc || !kase || this.element.hidden) return;
    const { shown } = this;
    const versions = versionsOf(doc.signed, doc.current);
    draw(this.element, [
      this.head(doc),
      shown ? this.reading(doc, shown) : this.writing(doc),
      versionList(versions, shown?.id ?? "", (version) => this.read(version)),
      html`<p class="quiet note-foot">${t("Not for primary diagnosis")}</p>`,
    ]);
  }

  /** Where the note stands. @param {Snapshot} doc */
  head(doc) {
    const { shown, wide } = this;
    const { word, version } = this.standing;
    const written = version ? t("Draft of version {n}", { n: version.number + 1 }) : word;
    const name = shown ? versionName(shown) : written;
    const print = () => this.printing.print();
    const widen = () => {
      this.wide = !wide;
      this.context.redraw();
    };
    return html`<div class="note-head">${
      severalCases(doc) ? html`<h2 class="case-head">${parted(caseLine(doc, doc.current))}</h2>` : nothing
    }<div class="note-line"><strong class="note-standing" role="status">${name}</strong>${tool({
      name: t("Wider"),
      id: "wide",
      class: "tool widen",
      glyph: "wider",
      pressed: wide,
      do: widen,
    })}${tool({ name: t("Print the note"), id: "print", glyph: "print", do: print })}</div></div>`;
  }

  /** @param {Snapshot} doc @param {SignedNote} version */
  reading(doc, version) {
    const { session, command } = this.context;
    const may = session.standing?.mayDraw && session.live;
    const confirmRead = session.live ? () => void command({ type: "mark_seen", version: version.id }) : null;
    const go = () => {
      this.chosen = "draft";
      this.render();
    };
    const word = this.standing.draft ? t("What is written since") : t("Write what is to be added");
    const form = (/** @type {string} */ name) =>
      html`<a class="button small" href=${`note.${name}?case=${version.case}&version=${version.number}`}
        target="_blank" rel="noopener">${name.toUpperCase()}</a>`;
    return html`<p class="note-said">${signatureWords(version)}</p><div class="row">${[
      "pdf",
      "html",
      "json",
      ...(version.findings.some(({ finding }) => finding.lesion) ? ["csv"] : []),
    ].map(form)}</div>${paper(contentOfVersion(version, session.kase), {
      ...this.acts.findings,
      move: null,
      writers: new Map(),
    })}${readers(doc.seen, version, session.me, confirmRead)}${
      may ? html`<div class="row">${control({ word, do: go })}</div>` : nothing
    }`;
  }

  /** @param {Snapshot} doc */
  writing(doc) {
    const { session, tab, openTab } = this.context;
    const content = this.draft;
    const { kase, standing, loadings, live } = session;
    const writers = writersOf(this.writings, doc, tab);
    if (!content || !kase) return nothing;
    if (!standing?.mayDraw) return paper(content, { ...this.acts.findings, move: null, writers });
    const state = { content, kase, doc, loadings, writers, shown: this.shownStudies };
    const acts = {
      ...this.acts.findings,
      agree: (/** @type {string} */ v) => this.acts.agree(v),
      findings: () => openTab("findings"),
    };
    return html`${noteForm(this.editor, state, acts)}<div class="row">${control({
      class: "button primary",
      word: t("Sign"),
      disabled: !live,
      do: () => void this.signing.open(),
    })}</div>`;
  }
}
