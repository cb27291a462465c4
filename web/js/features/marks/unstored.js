/**
 * What this page has drawn and the server has not stored is kept in the tab's own storage, with its case: a reload, a
 * phone that is locked in mid-drawing, or another case on the stage loses none of it. It is drawn where it lies, and
 * offered while its case is on the stage; who drew it decides whether it counts.
 */
/** @import {Shape, Snapshot} from "../../wire.js" */
/** @import {AnnotationController} from "./annotation-controller.js" */
import { session } from "../../transport/storage.js";
import { onItsPlane } from "../../core/marks/marks.js";
import { fromKept, isWhole, offerWords, toKeep } from "../../core/marks/unstored.js";
import { CaseStore } from "../../core/session/case-store.js";
import { caseOf } from "../../core/session/cases.js";

export class Unstored {
  /** @param {AnnotationController} annotations */
  constructor(annotations) {
    this.annotations = annotations;
    this.store = new CaseStore(session, "unstored marks", annotations.context.base);
    /** @type {Map<string, Shape>} */
    this.offered = new Map();
    this.looked = false;
  }

  /** The page is connected: what was kept before it was loaded is offered. */
  live() {
    if (this.looked) this.offer();
    else this.find();
  }

  /** What was kept of the case on the stage is offered. */
  find() {
    const { doc } = this.annotations.context.session;
    if (!doc) return;
    this.looked = true;
    for (const shape of fromKept(this.store.get(doc.current), doc.current, doc.marks))
      this.offered.set(shape.id, shape);
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
    const { held, context } = this.annotations;
    if (context.session.doc) this.write(context.session.doc.current, held);
  }

  /** @param {string} kase id @param {Shape | null} held in the hand */
  write(kase, held) {
    const shapes = new Map([...this.offered, ...this.annotations.pending]);
    if (held) shapes.set(held.id, held);
    const text = toKeep(kase, [...shapes.values()]);
    if (text || this.looked) this.store.put(kase, text);
  }

  /** Another case is on the stage: it waits with the former one. @param {Snapshot} before @param {Shape | null} held */
  leave(before, held) {
    this.write(before.current, held && onItsPlane(held, caseOf(before, before.current)));
    this.offered.clear();
  }

  /** The server has a shape of a case that has left the stage since. @param {string} kase id @param {Shape} shape */
  stored(kase, shape) {
    if (kase === this.annotations.context.session.doc?.current) return;
    const kept = fromKept(this.store.get(kase), kase, []).filter((other) => other.id !== shape.id);
    this.store.put(kase, toKeep(kase, kept));
  }

  /** The server could not store it: who drew it decides once it can again. @param {Shape} shape */
  refused(shape) {
    this.offered.set(shape.id, shape);
    this.offer();
  }

  offer() {
    const { notices } = this.annotations.context;
    const shapes = [...this.offered.values()];
    if (shapes.length === 0 || !this.annotations.may) return notices.stand(null, "unstored");
    const { text, keep, drop } = offerWords(shapes);
    const act = (/** @type {boolean} */ store) => () => this.decide(shapes, store);
    notices.stand(
      {
        text,
        glyph: `mark-${shapes[0]?.kind}`,
        action: { name: keep, do: act(true) },
        other: { name: drop, do: act(false) },
      },
      "unstored",
    );
  }

  /** @param {Shape[]} shapes @param {boolean} store */
  decide(shapes, store) {
    if (!shapes.every(({ id }) => this.offered.has(id))) return;
    for (const { id } of shapes) this.offered.delete(id);
    this.offer();
    if (store) for (const shape of shapes) void this.annotations.put(shape);
    this.save();
    this.annotations.redraw();
  }

  /** The end: nothing stays. */
  forget() {
    const { doc } = this.annotations.context.session;
    this.offered.clear();
    this.store.forget(doc?.cases ?? []);
    this.offer();
  }
}
