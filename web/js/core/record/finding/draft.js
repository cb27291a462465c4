/**
 * A finding while it is edited: what is typed stands beside what it was made from, so that what somebody else changes
 * meanwhile is taken over where it is something else, and asked about where it is the same. Pure but for the store.
 */
/** @import {Finding} from "../../../wire.js" */
/** @import {TabStorage} from "../../session/case-store.js" */
import { CaseStore } from "../../session/case-store.js";

/** @typedef {"title" | "text" | "label" | "category" | "lesion" | "lesion_state"} Field */
/** @typedef {Required<import("../../../wire.js").Wording>} Wording */
/** @typedef {{finding: string, rev: number, from: Wording, content: Wording}} Draft rev, from: what it was made from */

/** @type {readonly Field[]} */
export const FIELDS = ["title", "text", "label", "category", "lesion", "lesion_state"];
/** Characters of each that the server takes. @type {Record<Field, number>} */
export const MOST = { title: 160, text: 2000, label: 80, category: 40, lesion: 20, lesion_state: 20 };

/** @param {Finding} finding @returns {Wording} */
export const wordingOf = ({ title, text, label, category, lesion = "", lesion_state = "" }) => ({
  title,
  text,
  label,
  category,
  lesion,
  lesion_state,
});

/** @param {Finding} finding @returns {Draft} */
export const begin = (finding) => ({
  finding: finding.id,
  rev: finding.rev,
  from: wordingOf(finding),
  content: wordingOf(finding),
});

/** What was changed and is not stored. @param {Draft} draft */
export const changed = ({ from, content }) => FIELDS.filter((name) => from[name] !== content[name]);

/** Change what is typed. @param {Draft} draft @param {Partial<Wording>} what @returns {Draft} */
export const typed = (draft, what) => ({ ...draft, content: { ...draft.content, ...what } });

/**
 * The draft upon what the finding is by now. What was typed stays; what was not touched is as it is now. `conflicts`
 * names what both have changed differently: there the draft still stands on what it was made from, and is not stored
 * before somebody has decided. Itself where nothing is new.
 * @param {Draft} draft @param {Finding} finding
 * @returns {{draft: Draft, conflicts: Field[]}}
 */
export function rebase(draft, finding) {
  const now = wordingOf(finding);
  const theirs = FIELDS.filter((name) => draft.from[name] !== now[name]);
  const conflicts = changed(draft).filter((name) => theirs.includes(name) && draft.content[name] !== now[name]);
  const stands = draft.rev === finding.rev && theirs.length === 0;
  return { draft: stands || conflicts.length > 0 ? draft : over(draft, finding), conflicts };
}

/** What is typed goes over what somebody else has made of it; what was not touched is as it is now.
 * @param {Draft} draft @param {Finding} finding @returns {Draft} */
export function over(draft, finding) {
  const kept = Object.fromEntries(changed(draft).map((name) => [name, draft.content[name]]));
  const now = wordingOf(finding);
  return { ...draft, rev: finding.rev, from: now, content: { ...now, ...kept } };
}

/** The draft of each case, in the tab's own storage: a reload loses none of it, nor does a change of the case. */
export class FindingDrafts {
  /** @param {TabStorage} storage of this tab @param {string} base URL of the seat */
  constructor(storage, base) {
    this.store = new CaseStore(storage, "finding draft", base);
  }

  /** @param {string} about @returns {Draft | null} */
  find(about) {
    try {
      const draft = JSON.parse(this.store.get(about) ?? "null");
      return isDraft(draft) ? draft : null;
    } catch {
      return null;
    }
  }

  /** Keep it while something in it is not stored. @param {string} about @param {Draft | null} draft */
  keep(about, draft) {
    this.store.put(about, draft && changed(draft).length > 0 ? JSON.stringify(draft) : null);
  }

  /** The end: nothing stays. @param {readonly {id: string}[]} cases */
  forget(cases) {
    this.store.forget(cases);
  }
}

/** @param {any} draft as it was kept */
const isDraft = (draft) =>
  typeof draft?.finding === "string" &&
  Number.isInteger(draft.rev) &&
  isWording(draft.from) &&
  isWording(draft.content);

/** @param {any} wording */
const isWording = (wording) => FIELDS.every((name) => typeof wording?.[name] === "string");
