/** What a new link lets people do, for whom it is, until when, how many it lets in, and how. */
/** @import {NewInvitation} from "../../core/joining/invitations.js" */
import { expiries } from "../../core/joining/expiry.js";
import { PEOPLE, peopleWord, ROLES, waits } from "../../core/joining/invitations.js";
import { t } from "../../core/language.js";
import { el, limited } from "../dom.js";

/** Characters of what a link is called. */
const MAX_LABEL = 80;

export class InvitationWish {
  /** @param {string[]} roles that can be given @param {() => void} make make the link */
  constructor(roles, make) {
    this.role = roles.includes("participant") ? "participant" : (roles[0] ?? "");
    this.offers = expiries(new Date());
    this.hint = el("p", { class: "hint" });
    this.label = limited(
      el("input", {
        type: "text",
        class: "text-input",
        placeholder: t("For example: ward 4"),
        "aria-label": t("For whom, only you see it"),
        onkeydown: (event) => event.key === "Enter" && make(),
      }),
      MAX_LABEL,
    );
    this.expiry = choice(
      t("Valid until"),
      this.offers.map((offer) => offer.name),
    );
    this.people = choice(t("How many people"), PEOPLE.map(peopleWord));
    this.lobby = el("input", { type: "checkbox" });
    this.pin = el("input", { type: "checkbox" });
    this.doors = el(
      "div",
      { class: "doors" },
      el("label", { class: "switch" }, this.lobby, el("span", { text: t("They wait until you let them in") })),
      el("label", { class: "switch" }, this.pin, el("span", { text: t("Ask for a PIN") })),
    );
    const segments = el(
      "div",
      { class: "segments", role: "radiogroup", "aria-label": t("They may") },
      ...roles.map((role) => this.segment(role)),
    );
    this.elements = [
      el("h3", { text: t("They may") }),
      segments,
      this.hint,
      el(
        "div",
        { class: "pair" },
        el("div", {}, el("h3", { text: t("Valid until") }), this.expiry),
        el("div", {}, el("h3", { text: t("How many people") }), this.people),
      ),
      this.doors,
      el("div", { class: "for-whom" }, el("h3", { text: t("For whom, only you see it") }), this.label),
    ];
    this.setRole(this.role);
  }

  /** @param {string} role */
  segment(role) {
    const checked = role === this.role;
    return el(
      "label",
      {},
      el("input", { type: "radio", name: "role", value: role, checked, onchange: () => this.setRole(role) }),
      el("span", { text: ROLES[role]?.word ?? "" }),
    );
  }

  /** @param {string} role */
  setRole(role) {
    this.role = role;
    this.hint.textContent = ROLES[role]?.text ?? "";
    this.doors.hidden = !waits(role);
  }

  /** @returns {NewInvitation | null} null: something in it is not right, which it says */
  get value() {
    if (!this.label.reportValidity()) return null;
    return {
      role: this.role,
      label: this.label.value.trim(),
      expires_in_s: this.offers[Number(this.expiry.value)]?.seconds ?? null,
      people: PEOPLE[Number(this.people.value)] ?? 0,
      lobby: waits(this.role) && this.lobby.checked,
      pin: waits(this.role) && this.pin.checked,
    };
  }

  /** The link is made: the next one is for somebody else. */
  made() {
    this.label.value = "";
  }
}

/** @param {string} name @param {string[]} words */
const choice = (name, words) =>
  el(
    "select",
    { class: "text-input", "aria-label": name },
    ...words.map((text, i) => el("option", { value: i, text })),
  );
