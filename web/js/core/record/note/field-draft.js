/**
 * What a person types in one field of a note, between what is stored and what is in the hand. Pure.
 *
 * - A text is written upon a revision; what is stored meanwhile by somebody else is never overwritten unseen.
 * - While the answer to what was sent is awaited, the field is not touched by what comes.
 * - What is typed is dropped by the person alone.
 */
/** @import {Written} from "../../../wire.js" */

/**
 * @typedef {object} FieldDraft
 * @property {string} text as it is in the field
 * @property {string} stored as the server has it at `base`, in this page's spelling
 * @property {number} base revision that the text stands on; 0: nothing was there
 * @property {{text: string, base: number} | null} sent and not answered yet
 * @property {Written | null} theirs what somebody else has stored since, while this text was under way
 */

/** As the server spells it: it trims lines and leaves empty ones out. @param {string} text */
export const plainly = (text) =>
  text
    .split(/\r\n|[\n\r]/)
    .map((line) => line.trim().replace(/\s+/g, " "))
    .filter(Boolean)
    .join("\n");

/** Nothing is typed. @param {Written | null} written what stands in the field @returns {FieldDraft} */
export const asStored = (written) => ({
  text: written?.text ?? "",
  stored: written?.text ?? "",
  base: written?.rev ?? 0,
  sent: null,
  theirs: null,
});

/** There is something that the server does not have. @param {FieldDraft} draft */
export const isUnstored = (draft) => plainly(draft.text) !== plainly(draft.stored);

/** Somebody types. @param {FieldDraft} draft @param {string} text @returns {FieldDraft} */
export const typed = (draft, text) => ({ ...draft, text });

/** What is to be sent now; null: nothing. @param {FieldDraft} draft */
export const due = (draft) =>
  isUnstored(draft) && !draft.sent && !draft.theirs ? { text: draft.text, base: draft.base } : null;

/** It is sent. @param {FieldDraft} draft @returns {FieldDraft} */
export const sent = (draft) => ({ ...draft, sent: due(draft) });

/** It is stored: this page's text stands in the field. @param {FieldDraft} draft @returns {FieldDraft} */
export const accepted = (draft) =>
  draft.sent ? { ...draft, stored: draft.sent.text, base: draft.sent.base + 1, sent: null } : draft;

/** It is not stored. @param {FieldDraft} draft @returns {FieldDraft} */
export const refused = (draft) => ({ ...draft, sent: null });

/**
 * What stands in the field now, by whomever.
 * @param {FieldDraft} draft @param {Written | null} written
 * @returns {FieldDraft}
 */
export function received(draft, written) {
  const rev = written?.rev ?? 0;
  const text = written?.text ?? "";
  if (draft.sent || (rev === draft.base && !draft.theirs)) return draft;
  if (!isUnstored(draft)) return rev < draft.base ? draft : upon(draft, written, draft.text);
  if (plainly(text) === plainly(draft.stored) || holds(draft.text, text))
    return { ...draft, stored: text, base: rev, theirs: null };
  return rev < draft.base ? draft : { ...draft, theirs: written };
}

/** All of a stored text stands in what is typed, which goes on: nothing of it is lost. @param {string} whole
 * @param {string} text */
const holds = (whole, text) => plainly(whole).startsWith(plainly(text));

/** The stored text; spelt as it was typed where that is the same. @param {FieldDraft} draft
 * @param {Written | null} written @param {string} spelt @returns {FieldDraft} */
function upon(draft, written, spelt) {
  const now = asStored(written);
  return plainly(spelt) === plainly(now.text) ? { ...draft, stored: spelt, base: now.base, theirs: null } : now;
}

/** Both have written: this page's text is to stand there. @param {FieldDraft} draft @returns {FieldDraft} */
export const keepMine = (draft) =>
  draft.theirs ? { ...draft, stored: draft.theirs.text, base: draft.theirs.rev, theirs: null } : draft;

/** The other's is to stand there. @param {FieldDraft} draft @returns {FieldDraft} */
export const takeTheirs = (draft) => (draft.theirs ? asStored(draft.theirs) : draft);

/** The other's, and this page's behind it. @param {FieldDraft} draft @returns {FieldDraft} */
export const joinBoth = (draft) =>
  draft.theirs ? { ...keepMine(draft), text: [draft.theirs.text, draft.text].filter(Boolean).join("\n") } : draft;

/** In one line, to be kept beside the page; null: nothing. @param {FieldDraft} draft @returns {string | null} */
export const toKeep = (draft) => (isUnstored(draft) ? JSON.stringify({ base: draft.base, text: draft.text }) : null);

/**
 * What was kept, upon what stands in the field now.
 * @param {string | null} kept @param {Written | null} written
 * @returns {FieldDraft}
 */
export function fromKept(kept, written) {
  const found = parsed(kept);
  if (!found) return asStored(written);
  const now = typed(asStored(written), found.text);
  return !written || found.base === written.rev || holds(found.text, written.text)
    ? now
    : { ...now, stored: "", base: found.base, theirs: written };
}

/** @param {string | null} kept @returns {{base: number, text: string} | null} */
function parsed(kept) {
  try {
    const found = JSON.parse(kept ?? "null");
    return typeof found?.text === "string" && Number.isInteger(found.base) ? found : null;
  } catch {
    return null;
  }
}
