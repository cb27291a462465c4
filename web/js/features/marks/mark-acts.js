/** What one does with marks that are there: undo and redo, delete, write a note. Each is of the case it was done on. */
/** @import {Shape} from "../../wire.js" */
/** @import {AnnotationController} from "./annotation-controller.js" */
import { t } from "../../core/language.js";
import { bareShape } from "../../core/marks/marks.js";
import { askLabel } from "./ask-label.js";

export class MarkActs {
  /** @param {AnnotationController} annotations */
  constructor(annotations) {
    this.annotations = annotations;
    /** What can be done again, as far as this page has seen; undoing is possible until the server refuses it. */
    this.redoable = 0;
    this.undoable = true;
    /** The mark whose note is being written. @type {Shape | null} */
    this.noting = null;
    annotations.context.session.on("act", (doing) => this.done(doing));
  }

  /** An act of one's own is stored. @param {"do" | "undo" | "redo"} doing */
  done(doing) {
    this.redoable = Math.max(0, doing === "do" ? 0 : this.redoable + (doing === "undo" ? 1 : -1));
    this.undoable = doing === "undo" ? this.undoable : true;
  }

  /** Another case: what was done on the former one cannot be undone from here. */
  forget() {
    this.redoable = 0;
    this.undoable = true;
    this.noting = null;
  }

  /** @param {"undo" | "redo"} type @param {number} [epoch] of the case whose act it was, where that is another */
  async again(type, epoch) {
    const { request, session, notices, redraw } = this.annotations.context;
    const error = await request({ type, case: epoch ?? session.doc?.case });
    if (!error) return;
    notices.show({ text: error.message, glyph: type });
    if (error.code === "stale_case") return;
    if (type === "undo") this.undoable = false;
    else this.redoable = 0;
    redraw();
  }

  /** May delete a mark: its author, or the host. @param {{author: string}} mark */
  mayDelete(mark) {
    const { may, context } = this.annotations;
    return may && (mark.author === context.session.me || !!context.session.standing?.host);
  }

  /** @param {string} id */
  async remove(id) {
    const { session, command, notices } = this.annotations.context;
    const { doc } = session;
    const mark = doc?.marks.find((m) => m.id === id);
    if (!doc || !mark || !this.mayDelete(mark)) return;
    const error = await command({ type: "delete_mark", mark: id });
    const action = { name: t("Undo"), do: () => void this.again("undo", doc.case) };
    if (!error) notices.show({ text: t("Mark deleted."), glyph: "check", action });
  }

  /** Change the words of a mark of one's own. @param {string} id */
  async relabel(id) {
    const mark = this.annotations.context.session.doc?.marks.find((m) => m.id === id);
    if (!mark) return;
    this.noting = bareShape(mark);
    const label = await askLabel(t("Note"), mark.label);
    if (this.noting?.id !== id) return;
    this.noting = null;
    if (label !== null && label !== mark.label) await this.annotations.put({ ...bareShape(mark), label });
  }
}
