/** A host in the consult invites others: the dialog of its links, where it is opened from. */
/** @import {FeatureContext} from "../context.js" */
import { rolesFor } from "../../core/joining/invitations.js";
import { t } from "../../core/language.js";
import { Links } from "../../transport/links.js";
import { control, nothing } from "../../kit/html.js";
import { InviteDialog } from "../../kit/invite/invite-dialog.js";

/** @typedef {Pick<FeatureContext, "session" | "base">} InviteContext */

export class Invite {
  /** @param {InviteContext} context */
  constructor(context) {
    this.context = context;
  }

  /** Hosts invite, while the connection stands. */
  get may() {
    const { live, standing } = this.context.session;
    return live && !!standing?.host && !standing.reads;
  }

  async open() {
    const { session, base } = this.context;
    const title = session.kase?.title || session.doc?.consult.title || t("the consult");
    await new InviteDialog(new Links(`${base}invitations`), title, { roles: rolesFor(!!session.doc?.board) }).show();
  }

  /** For a host. */
  get button() {
    const { standing } = this.context.session;
    if (!standing?.host || standing.reads) return nothing;
    return control({
      label: t("Invite"),
      word: t("Invite"),
      glyph: "invite",
      disabled: !this.may,
      do: () => void this.open(),
    });
  }
}
