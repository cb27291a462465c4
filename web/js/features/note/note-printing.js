/** The note on paper: the version that is shown, or what is written, and nothing else of the page. */
/** @import {Note} from "./note.js" */
import { contentOfVersion } from "../../core/record/note/content.js";
import { el } from "../../kit/dom.js";
import { draw } from "../../kit/html.js";
import { sheet } from "./paper.js";

export class NotePrinting {
  /** @param {Note} note */
  constructor(note) {
    this.note = note;
    this.sheet = el("article", { id: "note-sheet" });
    document.body.append(this.sheet);
    addEventListener("beforeprint", () => note.context.reading() && this.prepare());
    addEventListener("afterprint", () => this.done());
  }

  print() {
    this.prepare();
    print();
  }

  /** The browser's own print does so too, while the note is read. */
  prepare() {
    const { shown, draft, context } = this.note;
    const content = shown ? contentOfVersion(shown, context.session.kase) : draft;
    if (!content) return;
    draw(
      this.sheet,
      sheet(content, context.session.doc?.consult.title ?? "", { open: null, move: null, writers: new Map() }),
    );
    document.body.dataset.prints = "note";
  }

  done() {
    delete document.body.dataset.prints;
  }
}
