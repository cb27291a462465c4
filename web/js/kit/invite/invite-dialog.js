/** The links of a consult: make one, copy it, show it as a QR code, revoke it; and a code to say. */
/** @import {Invitation, Invitations, NewInvitation, SpokenCode} from "../../core/joining/invitations.js" */
import { ApiError } from "../../core/api-error.js";
import {
  aboutLink,
  ending,
  isLocal,
  linkName,
  LOCAL_WORDS,
  opensSomething,
  revokedWords,
  rolesFor,
  pinWords,
  used,
} from "../../core/joining/invitations.js";
import { t } from "../../core/language.js";
import { ask, shown } from "../dialog.js";
import { button, el, find, glyph } from "../dom.js";
import { control, draw, html, nothing, repeat, twoLines } from "../html.js";
import { CodeToSay } from "./code-to-say.js";
import { InvitationWish } from "./wish.js";

const REFRESH_MS = 2000;

/**
 * @typedef {object} InvitationLinks where the invitations of one consult are; a failure is thrown as ApiError
 * @property {() => Promise<Invitations>} list
 * @property {(wish: NewInvitation) => Promise<Invitation>} make
 * @property {(invitation: string) => Promise<Invitations>} revoke
 * @property {(invitation: string) => Promise<Node | null>} qrCode
 * @property {() => Promise<SpokenCode>} makeCode
 */

export class InviteDialog {
  /**
   * @param {InvitationLinks} links @param {string} title
   * @param {{hostUrl?: string, roles?: string[]}} [offer] hostUrl: of who is not in the consult yet; roles: that can be
   *   given
   */
  constructor(links, title, { hostUrl = "", roles = rolesFor(false) } = {}) {
    this.links = links;
    this.wish = new InvitationWish(roles, () => void this.make());
    this.spoken = new CodeToSay(
      (make) => this.attempt(make),
      () => this.links.makeCode(),
    );
    this.chosen = "";
    this.drawn = "";
    const heading = t("Invite to “{title}”", { title });
    this.link = el("input", {
      type: "text",
      class: "text-input",
      readonly: true,
      "aria-label": t("Link"),
      onfocus: () => this.link.select(),
    });
    this.copy = el(
      "button",
      { type: "button", class: "button primary", autofocus: true, onclick: () => void this.copyLink() },
      glyph("copy"),
      el("span", { text: t("Copy link") }),
    );
    this.about = el("p", { class: "about" });
    this.pin = el("p", { class: "pin" });
    this.qr = el("div", { class: "qr", role: "img", "aria-label": t("QR code of the link") });
    this.scan = el("p", { class: "quiet" });
    this.problem = el("p", { class: "problem", role: "alert" });
    this.status = el("p", { class: "visually-hidden", role: "status" });
    this.list = el("div", { class: "links" });
    this.dialog = el(
      "dialog",
      { class: "invite-dialog", "aria-label": heading },
      el(
        "div",
        { class: "heading-line" },
        el("h2", { text: heading }),
        button({ name: t("Close"), glyph: "x", class: "tool", onclick: () => this.dialog.close() }),
      ),
      el(
        "div",
        { class: "columns" },
        el("div", { class: "wish" }, ...this.wishes(roles.includes("participant"))),
        el("div", { class: "shown" }, this.qr, this.scan),
      ),
      el("div", { class: "links-part" }, this.list),
      hostUrl && el("div", { class: "row" }, el("a", { class: "button", href: hostUrl, text: t("Go to the consult") })),
    );
  }

  /** @param {boolean} speaks people can be let into the consult, by a code too */
  wishes(speaks) {
    return [
      ...this.wish.elements,
      el(
        "button",
        { type: "button", class: "button make", onclick: () => void this.make() },
        glyph("link"),
        el("span", { text: t("Make a new link") }),
      ),
      el("h3", { text: t("Link") }),
      el("div", { class: "address-line" }, this.link, this.copy),
      this.pin,
      this.about,
      speaks && this.spoken.element,
      this.problem,
      this.status,
    ];
  }

  /** Show it until it is closed. */
  async show() {
    void this.refresh();
    const timer = setInterval(() => void (document.hidden || this.refresh()), REFRESH_MS);
    this.spoken.start();
    await shown(this.dialog);
    this.spoken.stop();
    clearInterval(timer);
  }

  async refresh() {
    await this.attempt(async () => this.render(await this.links.list()));
  }

  /** @param {() => Promise<void>} act */
  async attempt(act) {
    try {
      await act();
      this.problem.textContent = "";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem.textContent = error.failure.message;
    }
  }

  async make() {
    const wish = this.wish.value;
    if (!wish) return;
    await this.attempt(async () => {
      const made = await this.links.make(wish);
      this.chosen = made.invitation;
      this.wish.made();
      this.status.textContent = t("A new link is made.");
      this.render(await this.links.list());
      this.copy.focus();
    });
  }

  /** @param {Invitations} answer */
  render({ invitations, closed }) {
    const others = invitations.filter((i) => !i.own);
    const links = others.filter((i) => i.url);
    const guests = links.filter((i) => i.role !== "host");
    // What "They may" says, so that nobody hands out more than they read there.
    const wished = guests.filter((i) => i.role === this.wish.role);
    const shownOne = links.find((i) => i.invitation === this.chosen) ?? wished.at(-1) ?? guests.at(-1);
    this.spoken.keep(others.filter((i) => i.spoken).map((i) => i.invitation));
    const now = new Date();
    this.chosen = shownOne?.invitation ?? "";
    this.link.value = shownOne?.url ?? t("No link works. Make a new one.");
    this.copy.disabled = !shownOne;
    this.about.textContent = shownOne ? aboutLink(shownOne, now) : "";
    this.pin.textContent = shownOne?.pin ? pinWords(shownOne.pin) : "";
    const local = isLocal(shownOne?.url);
    this.qr.hidden = local;
    this.scan.textContent = local ? LOCAL_WORDS : t("Scan with a phone.");
    this.scan.classList.toggle("local", local);
    if (!local) void this.drawQr();
    const rows = [...others, ...closed.filter((i) => !i.own)];
    draw(
      this.list,
      html`<h3>${t("Links")}</h3><ul>${repeat(
        rows,
        (i) => i.invitation,
        (i) => this.row(i, now),
      )}</ul>`,
    );
  }

  async drawQr() {
    if (this.drawn === this.chosen) return;
    const wanted = this.chosen;
    this.drawn = wanted;
    const code = wanted ? await this.links.qrCode(wanted) : null;
    if (wanted === this.chosen) this.qr.replaceChildren(...(code ? [code] : []));
  }

  /** @param {Invitation} invitation @param {Date} now */
  row(invitation, now) {
    const works = invitation.state === "active";
    const name = linkName(invitation);
    const show = control({
      label: t("Show: {name}", { name }),
      more: t("Show"),
      class: "button small",
      pressed: invitation.invitation === this.chosen,
      do: () => this.choose(invitation.invitation),
    });
    const revoke = control({
      label: t("Revoke: {name}", { name }),
      more: t("Revoke"),
      class: "button small revoke",
      do: () => void this.revoke(invitation),
    });
    return html`<li
      data-invitation=${invitation.invitation}
      data-state=${invitation.state}
      class=${works ? nothing : "closed"}
    >${twoLines(name, used(invitation))}<span class="quiet end">${ending(invitation, now)}</span>${
      works && invitation.url ? show : nothing
    }${opensSomething(invitation) ? revoke : nothing}</li>`;
  }

  /** @param {string} invitation */
  choose(invitation) {
    this.chosen = invitation;
    void this.refresh();
  }

  /** @param {Invitation} invitation */
  async revoke(invitation) {
    const newest = await this.links.list().catch(() => null); // who is affected now, not two seconds ago
    const all = newest ? [...newest.invitations, ...newest.closed] : [];
    const now = all.find((i) => i.invitation === invitation.invitation) ?? invitation;
    const answer = await ask({
      title: t("Revoke this link?"),
      text: `${revokedWords(now)} ${t("The link stops working.")}`,
      choices: [
        { name: t("Keep it"), value: "", safe: true },
        { name: t("Revoke"), value: "revoke", class: "button final" },
      ],
    });
    if (answer !== "revoke") return;
    await this.attempt(async () => {
      this.render(await this.links.revoke(invitation.invitation));
      this.status.textContent = t("The link is revoked.");
    });
    find("button", HTMLElement, this.dialog).focus();
  }

  async copyLink() {
    try {
      await navigator.clipboard.writeText(this.link.value);
    } catch {
      this.link.select();
      document.execCommand("copy");
    }
    this.status.textContent = t("The link is copied.");
    const word = find("span", HTMLElement, this.copy);
    word.textContent = t("Copied");
    setTimeout(() => {
      word.textContent = t("Copy link");
    }, 2000);
  }
}
