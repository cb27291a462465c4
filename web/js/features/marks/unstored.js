/**
 * What this page has drawn and the server has not stored is kept in the tab's own storage: a reload, or a phone that is
 * locked in mid-drawing, loses none of it. It is drawn where it lies, and offered; who drew it decides whether it
 *   counts.
 */
/** @import {Shape} from "../../wire.js" */
/** @import {AnnotationController} from "./annotation-controller.js" */
import { session } from "../../transport/storage.js";
import { onItsPlane } from "../../core/marks/marks.js";
import { fromKept, isWhole, offerWords, toKeep } from "../../core/marks/unstored.js";

export class Unstored {
  /** @param {AnnotationController} annotations */
  constructor(annotations) {
    this.annotations = annotations;
    /** @type {Map<string, Shape>} */
    this.offered = new Map();
    this.key = `unstored marks ${annotations.context.base}`;
    this.looked = false;
  }

  /** The page is connected: what was kept before it was loaded is offered. */
  live() {
    const { doc } = this.annotations.context.session;
    if (!doc || this.looked) return this.offer();
    this.looked = true;
    for (const shape of fromKept(session.get(this.key), doc.current, doc.marks)) this.offered.set(shape.id, shape);
    this.annotations.redraw();
    this.offer();
  }

  /** What is in the hand is taken away, and not let go by who draws it. */
  takeUp() {
    const { held, context } = this.annotations;
    if (!this.annotations.cancel() || !held || !isWhole(held)) return;
    this.offered.set(held.id, onItsPlane(held, context.session.kase));
    this.save();
    this.offer();
  }

  /** Write into the tab's storage what is not stored by the server. */
  save() {
    const { held, pending, context } = this.annotations;
    const shapes = new Map([...this.offered, ...pending]);
    if (held) shapes.set(held.id, held);
    const { doc } = context.session;
    const text = doc && toKeep(doc.current, [...shapes.values()]);
    if (text) session.set(this.key, text);
    else if (this.looked) session.remove(this.key);
  }

  offer() {
    const { notices } = this.annotations.context;
    const shapes = [...this.offered.values()];
    if (shapes.length === 0 || !this.annotations.may) return notices.stand(null);
    const { text, keep, drop } = offerWords(shapes);
    const act = (/** @type {boolean} */ store) => () => this.decide(shapes, store);
    notices.stand({
      text,
      glyph: `mark-${shapes[0]?.kind}`,
      action: { name: keep, do: act(true) },
      other: { name: drop, do: act(false) },
    });
  }

  /** @param {Shape[]} shapes @param {boolean} store */
  decide(shapes, store) {
    for (const { id } of shapes) this.offered.delete(id);
    this.offer();
    if (store) for (const shape of shapes) void this.annotations.put(shape);
    this.save();
    this.annotations.redraw();
  }

  /** Another case, or the end: nothing of the former stays. */
  forget() {
    this.offered.clear();
    session.remove(this.key);
    this.offer();
  }
}
