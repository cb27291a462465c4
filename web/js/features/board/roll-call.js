/** Who is there, by specialty: everybody says it of themselves, who leads calls up the others. */
/** @import {Attendee} from "../../wire.js" */
/** @import {BoardContext} from "./board.js" */
import { rollOf } from "../../core/board/board.js";
import { t } from "../../core/language.js";
import { peopleHere } from "../../core/session/document.js";
import { el, limited } from "../../kit/dom.js";
import { control, draw, html, nothing } from "../../kit/html.js";
import { askBoardSettings } from "./board-settings.js";

const MAX_SPECIALTY = 60;
const MAX_NAME = 80;

export class RollCall {
  /** @param {BoardContext} context */
  constructor(context) {
    this.context = context;
    this.number = 0;
    this.list = el("div", { class: "roll" });
    this.setting = el("span", {});
    this.own = limited(
      el("input", {
        type: "text",
        class: "text-input",
        placeholder: t("Your specialty"),
        "aria-label": t("Your specialty"),
        list: "specialties",
        onchange: () => void this.say(),
      }),
      MAX_SPECIALTY,
    );
    this.known = el("datalist", { id: "specialties" });
    this.name = limited(
      el("input", { type: "text", class: "text-input", placeholder: t("Name"), "aria-label": t("Name") }),
      MAX_NAME,
    );
    this.theirs = limited(
      el("input", {
        type: "text",
        class: "text-input",
        placeholder: t("Specialty"),
        "aria-label": t("Specialty"),
        list: "specialties",
      }),
      MAX_SPECIALTY,
    );
    const adds = el("button", {
      type: "button",
      class: "button small",
      text: t("Add a name"),
      onclick: () => void this.add(),
    });
    this.adding = el("div", { class: "roll-add" }, this.name, this.theirs, adds);
    this.element = el(
      "section",
      { class: "board-roll" },
      el("h3", {}, el("span", { text: t("Present") }), this.setting),
      this.list,
      this.own,
      this.known,
      this.adding,
    );
  }

  /** This person is here, of that specialty. */
  async say() {
    const { session, command } = this.context;
    await command({
      type: "put_attendee",
      case: session.doc?.case,
      person: session.me,
      name: "",
      specialty: this.own.value.trim(),
    });
  }

  /** Somebody who sits before this screen, or has none. */
  async add() {
    const { session, command, tab } = this.context;
    const name = this.name.value.trim();
    if (!name) return;
    const person = `${tab}.${++this.number}`;
    const wish = {
      type: /** @type {const} */ ("put_attendee"),
      case: session.doc?.case,
      person,
      name,
      specialty: this.theirs.value.trim(),
      here: true,
    };
    if (!(await command(wish))) this.name.value = "";
  }

  /** @param {string} person @param {string} name @param {string} specialty @param {boolean} present */
  call(person, name, specialty, present) {
    const { session, command } = this.context;
    return command({ type: "put_attendee", case: session.doc?.case, person, name, specialty, present });
  }

  render() {
    const { doc, standing, live, me, online } = this.context.session;
    if (!doc?.board) return;
    const leads = !!standing?.leads && live;
    const mine = doc.attendees?.find((one) => one.id === me);
    if (document.activeElement !== this.own) this.own.value = mine?.specialty ?? "";
    draw(
      this.known,
      doc.board.specialties.map((name) => html`<option value=${name}></option>`),
    );
    this.own.disabled = !live;
    draw(this.setting, standing?.mayOrder && live ? this.settingButton() : nothing);
    const uncalled = peopleHere(doc, online).filter((seat) => !doc.attendees?.some((one) => one.id === seat.id));
    const names = uncalled.map((seat) => seat.name).join(", ");
    const missing = leads && names ? t("Here, no specialty yet: {names}", { names }) : "";
    draw(
      this.list,
      html`${rollOf(doc).map((group) => this.group(group, leads))}
        ${missing ? html`<p class="quiet">${missing}</p>` : nothing}`,
    );
  }

  /** Who should be there, and where the sound is. */
  settingButton() {
    return control({
      word: t("Specialties and sound"),
      class: "button bare small",
      popup: "dialog",
      do: () => void askBoardSettings(this.context),
    });
  }

  /** @param {ReturnType<typeof rollOf>[number]} group @param {boolean} leads */
  group({ specialty, people }, leads) {
    const nobody = people.length === 0 ? html`<span class="warn">${t("nobody")}</span>` : nothing;
    return html`<div class="roll-specialty" data-specialty=${specialty}
      ><span class="quiet">${specialty || t("No specialty")}</span> ${nobody}${people.map((one, n) => [
        n ? ", " : "",
        this.person(one, leads),
      ])}</div>`;
  }

  /** @param {Attendee} one @param {boolean} leads */
  person(one, leads) {
    const word = one.present ? t("not here") : t("here");
    const button = leads
      ? control({
          word,
          label: `${one.name}: ${word}`,
          class: "button bare small",
          do: () => void this.call(one.id, one.name, one.specialty, !one.present),
        })
      : nothing;
    const away = one.present ? "" : ` (${t("not here")})`;
    return html`<bdi class=${one.present ? "" : "quiet"}>${one.name}</bdi>${away}${button}`;
  }
}
