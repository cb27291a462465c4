/** The links of a consult: make one, copy it, show it as a QR code, revoke it. */
/** @import {InvitationTold, Invitations, Links} from "../../transport/links.js" */
import { expiries, until } from "../../core/expiry.js";
import { named } from "../../core/words.js";
import { ApiError } from "../../transport/json.js";
import { ask, shown } from "../../kit/dialog.js";
import { button, el, find, glyph, rebuild } from "../../kit/dom.js";

const REFRESH_MS = 2000;
/** @type {Record<string, {word: string, text: string}>} */
const ROLES = {
  viewer: { word: "Watch", text: "See and listen. Control is never theirs." },
  participant: { word: "Take part", text: "See, speak, point and mark. Control only when you give it." },
};
/** @type {Record<string, string>} */
const WORDS = { host: "Host", participant: "Take part", viewer: "Watch" };
/** @type {Record<string, string>} */
const STATES = { revoked: "revoked", expired: "expired", over: "the consult has ended" };

export class InviteDialog {
  /** @param {Links} links @param {string} title @param {string} [hostUrl] of who is not in the consult yet */
  constructor(links, title, hostUrl = "") {
    this.links = links;
    this.role = "participant";
    this.chosen = "";
    this.drawn = "";
    this.offers = expiries(new Date());
    const heading = `Invite to “${title}”`;
    this.link = el("input", {
      type: "text",
      class: "address",
      readonly: true,
      "aria-label": "Link",
      onfocus: () => this.link.select(),
    });
    this.copy = el(
      "button",
      { type: "button", class: "button primary", autofocus: true, onclick: () => void this.copyLink() },
      glyph("copy"),
      el("span", { text: "Copy link" }),
    );
    this.about = el("p", { class: "about" });
    this.qr = el("div", { class: "qr", role: "img", "aria-label": "QR code of the link" });
    this.hint = el("p", { class: "hint" });
    this.label = el("input", {
      type: "text",
      maxlength: 80,
      placeholder: "For example: ward 4",
      "aria-label": "For whom, only you see it",
    });
    this.expiry = el(
      "select",
      { "aria-label": "Valid until" },
      ...this.offers.map((offer, i) => el("option", { value: i, text: offer.name })),
    );
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
        button({ name: "Close", glyph: "x", class: "tool", onclick: () => this.dialog.close() }),
      ),
      el(
        "div",
        { class: "columns" },
        el("div", { class: "wish" }, ...this.wishes()),
        el("div", { class: "shown" }, this.qr, el("p", { class: "quiet", text: "Scan with a phone." })),
      ),
      el("div", { class: "links-part" }, this.list),
      hostUrl && el("div", { class: "row" }, el("a", { class: "button", href: hostUrl, text: "Go to the consult" })),
    );
  }

  wishes() {
    const roles = el(
      "div",
      { class: "segments", role: "radiogroup", "aria-label": "They may" },
      ...Object.entries(ROLES).map(([role, { word }]) =>
        el(
          "label",
          {},
          el("input", {
            type: "radio",
            name: "role",
            value: role,
            checked: role === this.role,
            onchange: () => this.setRole(role),
          }),
          el("span", { text: word }),
        ),
      ),
    );
    return [
      el("h3", { text: "They may" }),
      roles,
      this.hint,
      el(
        "div",
        { class: "pair" },
        el("div", {}, el("h3", { text: "Valid until" }), this.expiry),
        el("div", {}, el("h3", { text: "For whom, only you see it" }), this.label),
      ),
      el(
        "button",
        { type: "button", class: "button make", onclick: () => void this.make() },
        glyph("link"),
        el("span", { text: "Make a new link" }),
      ),
      el("h3", { text: "Link" }),
      el("div", { class: "address-line" }, this.link, this.copy),
      this.about,
      this.problem,
      this.status,
    ];
  }

  /** Show it until it is closed. */
  async show() {
    this.setRole(this.role);
    void this.refresh();
    const timer = setInterval(() => void (document.hidden || this.refresh()), REFRESH_MS);
    await shown(this.dialog);
    clearInterval(timer);
  }

  /** @param {string} role */
  setRole(role) {
    this.role = role;
    this.hint.textContent = ROLES[role]?.text ?? "";
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
    await this.attempt(async () => {
      const made = await this.links.make({
        role: this.role,
        label: this.label.value.trim(),
        expires_in_s: this.offers[Number(this.expiry.value)]?.seconds ?? null,
      });
      this.chosen = made.invitation;
      this.label.value = "";
      this.status.textContent = "A new link is made.";
      this.render(await this.links.list());
      this.copy.focus();
    });
  }

  /** @param {Invitations} told */
  render({ invitations, closed }) {
    const guests = invitations.filter((i) => i.role !== "host");
    const shownOne = guests.find((i) => i.invitation === this.chosen) ?? guests[guests.length - 1];
    this.chosen = shownOne?.invitation ?? "";
    this.link.value = shownOne?.url ?? "No link works. Make a new one.";
    this.copy.disabled = !shownOne;
    this.about.textContent = shownOne ? aboutLink(shownOne) : "";
    void this.drawQr();
    const now = new Date();
    const rows = [...guests, ...closed.filter((i) => i.role !== "host")];
    rebuild(this.list, JSON.stringify([rows, this.chosen]), () => [
      el("h3", { text: "Links" }),
      el("ul", {}, ...rows.map((i) => this.row(i, now))),
    ]);
  }

  async drawQr() {
    if (this.drawn === this.chosen) return;
    const wanted = (this.drawn = this.chosen);
    const code = wanted ? await this.links.qrCode(wanted) : null;
    if (wanted === this.chosen) this.qr.replaceChildren(...(code ? [code] : []));
  }

  /** @param {InvitationTold} invitation @param {Date} now */
  row(invitation, now) {
    const works = invitation.state === "active";
    const name = linkName(invitation);
    const end = works ? until(invitation.expires_at, now) : (STATES[invitation.state] ?? invitation.state);
    return el(
      "li",
      { "data-invitation": invitation.invitation, "data-state": invitation.state, class: works ? null : "closed" },
      el(
        "div",
        { class: "two-lines" },
        el("span", { class: "first", text: name }),
        el("span", { class: "second", text: used(invitation) }),
      ),
      el("span", { class: "quiet end", text: end }),
      works &&
        el("button", {
          type: "button",
          class: "button small",
          text: "Show",
          "aria-label": `Show: ${name}`,
          "aria-pressed": String(invitation.invitation === this.chosen),
          onclick: () => this.choose(invitation.invitation),
        }),
      works &&
        el("button", {
          type: "button",
          class: "button small revoke",
          text: "Revoke",
          "aria-label": `Revoke: ${name}`,
          onclick: () => void this.revoke(invitation),
        }),
    );
  }

  /** @param {string} invitation */
  choose(invitation) {
    this.chosen = invitation;
    void this.refresh();
  }

  /** @param {InvitationTold} invitation */
  async revoke(invitation) {
    const told = await this.links.list().catch(() => null); // who is affected now, not two seconds ago
    const now = told?.invitations.find((i) => i.invitation === invitation.invitation) ?? invitation;
    const here = now.seats.filter((s) => s.online).map((s) => s.name);
    const who =
      here.length > 0
        ? `${named(here)} ${here.length === 1 ? "is" : "are"} in the consult by this link and ${here.length === 1 ? "is" : "are"} put out at once.`
        : "Nobody is in the consult by this link now.";
    const answer = await ask({
      title: "Revoke this link?",
      text: `${who} The link opens nothing any more.`,
      choices: [
        { name: "Keep it", value: "", safe: true },
        { name: "Revoke", value: "revoke", class: "button final" },
      ],
    });
    if (answer !== "revoke") return;
    await this.attempt(async () => {
      this.render(await this.links.revoke(invitation.invitation));
      this.status.textContent = "The link is revoked.";
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
    this.status.textContent = "The link is copied.";
    const word = find("span", HTMLElement, this.copy);
    word.textContent = "Copied";
    setTimeout(() => {
      word.textContent = "Copy link";
    }, 2000);
  }
}

/** @param {InvitationTold} invitation */
const linkName = (invitation) => [WORDS[invitation.role], invitation.label].filter(Boolean).join(", ");

/** @param {InvitationTold} invitation */
function used({ seats }) {
  if (seats.length === 0) return "not used yet";
  return `used by ${named(seats.map((s) => (s.online ? s.name : `${s.name} (away)`)))}`;
}

/** @param {InvitationTold} invitation */
function aboutLink(invitation) {
  const end = until(invitation.expires_at, new Date());
  return `${linkName(invitation)}. Whoever has the link can come in${end ? `, ${end}` : " until the consult ends"}.`;
}
