/** A critical result while it is written down: what can be chosen, what lacks, and the command that it becomes. */
/** @import {Critical, Finding, RaiseCritical, Recipient, Site} from "../../../wire.js" */
import { t } from "../../language.js";
import { folded } from "../../people/names.js";
import { tidy } from "./critical.js";

/** Minutes that are offered below the site's time. */
const OFFERED_MIN = [5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880];
const EMAIL = /^[^@\s<>,;]+@[^@\s<>,;]+$/;

/** @typedef {Critical["where"]} Side */
/** @typedef {{seat: string, name: string, email: string, outside: boolean}} Person outside: not in the consult */
/**
 * @typedef {object} Draft
 * @property {1 | 2 | 3} category
 * @property {string} what
 * @property {Side} where
 * @property {string} finding id; "" for none
 * @property {Person} to
 * @property {Person} backup
 * @property {number} minutes until the backup is asked
 */

/** @type {readonly (1 | 2 | 3)[]} */
export const CATEGORIES = [1, 2, 3];

/** Within how many minutes the site wants a result of that category acknowledged.
 * @param {Site} site @param {1 | 2 | 3} category */
export const siteMinutes = (site, category) => site.critical_minutes[category - 1] ?? site.critical_minutes[0];

/** After how many minutes the backup may be asked: never later than the site says. @param {number} most minutes */
export const offeredMinutes = (most) => [...OFFERED_MIN.filter((minutes) => minutes < most), most];

/** @returns {Person} */
export const nobody = () => ({ seat: "", name: "", email: "", outside: false });

/** The draft for a finding, or for none. @param {Site} site @param {Finding | null} finding @returns {Draft} */
export function newDraft(site, finding) {
  return {
    category: 1,
    what: finding?.title ?? "",
    where: finding?.side.side ?? "",
    finding: finding?.id ?? "",
    to: nobody(),
    backup: nobody(),
    minutes: siteMinutes(site, 1),
  };
}

/** With another category, whose time holds. @param {Draft} draft @param {Site} site @param {1 | 2 | 3} category */
export const withCategory = (draft, site, category) => ({
  ...draft,
  category,
  minutes: siteMinutes(site, category),
});

/** What lacks, in a sentence, the first thing first; "" where it can be sent. @param {Draft} draft */
export function lacks({ what, where, to, backup }) {
  if (!tidy(what)) return t("Say what it is.");
  if (!where) return t("Choose on which side it is.");
  if (!tidy(to.name)) return t("Say to whom it goes.");
  if (!tidy(backup.name)) return t("Say who is asked when nobody answers.");
  if (isSame(to, backup)) return t("The backup is another person.");
  const wrong = [to, backup].find(({ email }) => email.trim() && !EMAIL.test(email.trim()));
  return wrong ? t("“{email}” is not an e-mail address.", { email: wrong.email.trim() }) : "";
}

/** @param {Person} one @param {Person} other */
const isSame = (one, other) =>
  one.seat || other.seat ? one.seat === other.seat : folded(one.name) === folded(other.name);

/**
 * @param {Draft} draft @param {string} id @param {number} epoch of the case that it was written for
 * @returns {Omit<RaiseCritical, "id">}
 */
export const commandOf = (draft, id, epoch) => ({
  type: "raise_critical",
  critical: id,
  category: draft.category,
  what: tidy(draft.what),
  finding: draft.finding,
  where: draft.where,
  to: recipient(draft.to),
  backup: recipient(draft.backup),
  after_s: 60 * draft.minutes,
  case: epoch,
});

/** @param {Person} person @returns {Recipient} */
const recipient = ({ seat, name, email }) => ({ seat, name: tidy(name), email: email.trim() });
