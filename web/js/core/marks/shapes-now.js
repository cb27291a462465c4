/** All shapes of a case as they are now: stored, drawn by others, under way to the server, in the hand. */
/** @import {Drafts, Shape, Snapshot} from "../../wire.js" */

/** @typedef {{shape: Shape, author: string}} Authored */

/**
 * The newest of each wins: what is in the hand over what is sent, that over others' drafts, those over what is stored.
 * @param {Snapshot} doc
 * @param {{me: string, tab: string, drafts: Drafts["drafts"], unstored: Iterable<Shape>, held: Shape | null}} now
 *   drafts: of
 *   all pages; unstored: one's own, offered or sent and not acknowledged
 * @returns {Authored[]} the topmost last
 */
export function shapesNow(doc, { me, tab, drafts, unstored, held }) {
  /** @type {Map<string, Authored>} */
  const found = new Map();
  for (const mark of doc.marks) if (mark.case === doc.current) found.set(mark.id, { shape: mark, author: mark.author });
  for (const { seat, tab: other, shape } of drafts) if (other !== tab) found.set(shape.id, { shape, author: seat });
  for (const shape of unstored) found.set(shape.id, { shape, author: me });
  if (held) found.set(held.id, { shape: held, author: found.get(held.id)?.author ?? me });
  return [...found.values()];
}
