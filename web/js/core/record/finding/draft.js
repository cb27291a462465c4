/**
 * A finding while it is edited: what is typed stands beside what it was made from, so that what somebody else changes
 * meanwhile is taken over where it is something else, and asked about where it is the same. Pure but for the store.
 */
/** @import {Finding} from "../../../wire.js" */

/** @typedef {"title" | "text" | "label" | "category"} Field */
/** @typedef {Record<Field, string>} Wording */
/** @typedef {Wording & {marks: readonly string[]}} Content what a person edits of a finding */
/** @typedef {{finding: string, rev: number, from: Content, content: Content}} Draft rev, from: what it was made from */
/** @typedef {{get: (key: string) => string | null, set: (key: string, text: string) => void, remove: (key: string) =>
 *   void}} Store */

/** @type {readonly Field[]} */
export const FIELDS = ["title", "text", "label", "category"];
/** @type {readonly (Field | "marks")[]} */
const ALL = [...FIELDS, "marks"];

/** @param {Finding} finding @returns {Content} */
const contentOf = ({ title, text, label, category, marks }) => ({ title, text, label, category, marks });

/** @param {Finding} finding @returns {Draft} */
export const begin = (finding) => ({
  finding: finding.id,
  rev: finding.rev,
  from: contentOf(finding),
  content: contentOf(finding),
});

/** @param {unknown} a @param {unknown} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** What was changed and is not stored. @param {Draft} draft */
export const changed = ({ from, content }) => ALL.filter((name) => !same(from[name], content[name]));

/** Change what is typed. @param {Draft} draft @param {Partial<Content>} what @returns {Draft} */
export const typed = (draft, what) => ({ ...draft, content: { ...draft.content, ...what } });

/**
 * The draft upon what the finding is by now. What was typed stays; what was not touched is as it is now. `conflicts`
 * names what both have changed differently: there the draft still stands on what it was made from, and is not stored
 * before somebody has decided.
 * @param {Draft} draft @param {Finding} finding
 * @returns {{draft: Draft, conflicts: (Field | "marks")[]}}
 */
export function rebase(draft, finding) {
  const now = contentOf(finding);
  const mine = changed(draft);
  const theirs = ALL.filter((name) => !same(draft.from[name], now[name]));
  const conflicts = mine.filter((name) => theirs.includes(name) && !same(draft.content[name], now[name]));
  if (conflicts.length > 0) return { draft, conflicts };
  const kept = Object.fromEntries(mine.map((name) => [name, draft.content[name]]));
  return { draft: { ...draft, rev: finding.rev, from: now, content: { ...now, ...kept } }, conflicts };
}

/** What is typed goes over what somebody else has made of it; what was not touched is as it is now.
 * @param {Draft} draft @param {Finding} finding @returns {Draft} */
export function over(draft, finding) {
  const kept = Object.fromEntries(changed(draft).map((name) => [name, draft.content[name]]));
  const now = contentOf(finding);
  return { ...draft, rev: finding.rev, from: now, content: { ...now, ...kept } };
}

/** The draft of each case, in the tab's own storage: a reload loses none of it, nor does a change of the case. */
export class FindingDrafts {
  /** @param {Store} store of this tab @param {string} base URL of the seat: tells consults and seats apart */
  constructor(store, base) {
    this.store = store;
    this.base = base;
  }

  /** @param {string} about id of a case */
  key(about) {
    return `finding draft ${this.base} ${about}`;
  }

  /** @param {string} about @returns {Draft | null} */
  find(about) {
    try {
      const draft = JSON.parse(this.store.get(this.key(about)) ?? "null");
      return isDraft(draft) ? draft : null;
    } catch {
      return null;
    }
  }

  /** Keep it while something in it is not stored. @param {string} about @param {Draft | null} draft */
  keep(about, draft) {
    if (draft && changed(draft).length > 0) this.store.set(this.key(about), JSON.stringify(draft));
    else this.store.remove(this.key(about));
  }

  /** The end: nothing stays. @param {readonly {id: string}[]} cases */
  forget(cases) {
    for (const { id } of cases) this.store.remove(this.key(id));
  }
}

/** @param {any} draft as it was kept */
const isDraft = (draft) =>
  typeof draft?.finding === "string" &&
  Number.isInteger(draft.rev) &&
  isContent(draft.from) &&
  isContent(draft.content);

/** @param {any} content */
const isContent = (content) =>
  Array.isArray(content?.marks) && FIELDS.every((name) => typeof content[name] === "string");
