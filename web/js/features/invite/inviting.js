/** A host in the consult invites others: the dialog of its links, where it is opened from. */
/** @import {ConsultPage} from "../../app/consult-page.js" */
import { Links } from "../../transport/links.js";
import { button } from "../../kit/dom.js";
import { InviteDialog } from "./invite-dialog.js";

/** Hosts invite, while the connection stands. @param {ConsultPage} page */
export const mayInvite = (page) => page.session.phase === "live" && (page.session.standing?.host ?? false);

/** @param {ConsultPage} page */
export async function invite(page) {
  const { doc, kase } = page.session;
  await new InviteDialog(
    new Links(`${page.base}invitations`),
    kase?.title || doc?.consult.title || "the consult",
  ).show();
}

/** @param {ConsultPage} page */
export function inviteButton(page) {
  if (!page.session.standing?.host) return null;
  const element = button({ name: "Invite", word: "Invite", glyph: "invite", onclick: () => void invite(page) });
  element.disabled = !mayInvite(page);
  return element;
}
