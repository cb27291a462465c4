/** Consults: who is in them, the link back in, their links, their end. */
/** @import {ConsultInfo} from "./api.js" */
/** @import {Patient} from "../core/patient.js" */
import { counted, formatMoment } from "../core/format.js";
import { rolesFor } from "../core/joining/invitations.js";
import { plural, t } from "../core/language.js";
import { countPatients, identityLine, identityParts, namesakes, personName } from "../core/patient.js";
import { named } from "../core/words.js";
import { ask } from "../kit/dialog.js";
import { control, draw, html, nothing, repeat, tool } from "../kit/html.js";
import { openMenu } from "../kit/menu.js";
import { api } from "./api.js";
import { firstOf, lasting } from "./words.js";

/**
 * @typedef {{bring: () => void, links: (consult: ConsultInfo) => void, end: (consult: ConsultInfo) => void,
 *   enter: (consult: ConsultInfo) => void, save: (consult: ConsultInfo) => void,
 *   remove: (consult: ConsultInfo) => void}} ConsultCallbacks bring: one in from its file
 */

/** What a consult is called in a list. @param {ConsultInfo} consult */
export function consultName(consult) {
  const n = countPatients(consult.patients);
  const first = consult.patients[0];
  const who = n > 1 ? counted(n, "patient") : first && personName(first.name);
  return [who, consult.title].filter(Boolean).join(", ");
}

/** What links of it can be, and the way back into it. @param {ConsultInfo | undefined} consult */
export const offerOf = (consult) => ({ hostUrl: consult?.host_url, roles: rolesFor(consult?.kind === "board") });

/** So many cases are listed; the others are counted. */
const LISTED = 4;

/**
 * Whom it is about: a line each where there are several cases.
 * @param {ConsultInfo} consult @param {ConsultInfo["patients"]} all of all consults
 */
export function patientLines({ patients }, all) {
  const [first] = patients;
  if (patients.length < 2 && first) return [identityParts(first).join(" · "), namesakes(first, all)].filter(Boolean);
  const line = (/** @type {Patient} */ p, /** @type {number} */ i) =>
    [identityLine(p, { n: i + 1, of: patients.length }), namesakes(p, all)].filter(Boolean).join(" · ");
  return firstOf(patients.map(line), LISTED, (n) => plural(n, "and {n} more case", "and {n} more cases"));
}

/**
 * @param {HTMLElement} parent
 * @param {ConsultInfo[]} consults
 * @param {ConsultCallbacks} on
 * @param {{ended: boolean, above?: unknown}} how ended: those too; above: what stands over them
 * @param {number} now seconds
 */
export function renderConsults(parent, consults, on, { ended, above = nothing }, now) {
  const all = consults.flatMap((c) => c.patients);
  const open = consults.filter((c) => c.ended_at === null).sort((a, b) => b.opened_at - a.opened_at);
  const over = ended
    ? consults.filter((c) => c.ended_at !== null).sort((a, b) => (b.ended_at ?? 0) - (a.ended_at ?? 0))
    : [];
  const rows = [
    ...open.map((c) => ({ consult: c, text: running(c, now) })),
    ...over.map((c) => ({ consult: c, text: ending(c) })),
  ];
  draw(
    parent,
    html`<div class="heading-line">
        <h2>${ended ? t("Consults") : t("Open consults")}</h2><span class="quiet">${open.length}</span>${
          ended ? [html`<span class="grow"></span>`, bringer(on)] : nothing
        }
      </div>
      ${above}${
        rows.length === 0
          ? html`<p class="quiet">${t("No consult is open. Select studies of one patient to open one.")}</p>`
          : nothing
      }
      <ul class="consults">${repeat(
        rows,
        ({ consult }) => consult.id,
        ({ consult, text }) => row(consult, text, patientLines(consult, all), on),
      )}</ul>`,
  );
}

/** @param {ConsultCallbacks} on */
const bringer = ({ bring }) =>
  control({
    word: t("Import…"),
    label: t("Import a consult from its file"),
    title: t("A file of Export… or of consult export, to be read here"),
    glyph: "upload",
    class: "button small",
    do: bring,
  });

/** @param {ConsultInfo} consult @param {number} now */
function running(consult, now) {
  const here = consult.people > 0 ? counted(consult.people, "person", "people") : t("nobody here");
  return `${here}, ${lasting(now - consult.opened_at)}`;
}

/** @param {ConsultInfo} consult */
const ending = (consult) =>
  t("ended {time}", { time: formatMoment(new Date((consult.ended_at ?? 0) * 1000).toISOString()) });

/** @param {ConsultInfo} consult @param {string} text @param {string[]} who @param {ConsultCallbacks} on */
function row(consult, text, who, on) {
  const name = consultName(consult);
  const open = consult.ended_at === null;
  const join = consult.seats.some((s) => s.role === "host") ? t("Rejoin") : t("Join");
  const links = {
    name: open ? t("Links and QR codes") : t("Links to read the note"),
    glyph: "link",
    choose: () => on.links(consult),
  };
  const end = { name: t("End for everybody"), glyph: "x", bad: true, line: true, choose: () => on.end(consult) };
  const menu = () => [
    links,
    ...minutesItems(consult),
    ...noteItems(consult),
    { name: t("Export…"), glyph: "download", choose: () => on.save(consult) },
    ...(open ? [end] : []),
    { name: t("Delete for good…"), glyph: "trash", bad: true, line: !open, choose: () => on.remove(consult) },
  ];
  return html`<li data-consult=${consult.id}><div class="two-lines">
      <span class="first" title=${name}><bdi>${name}</bdi></span>${who.map(
        (line) => html`<span class="second who-line">${line}</span>`,
      )}<span class="second">${text}</span>
    </div>${control({
      label: `${open ? t("Join") : t("Read")}: ${name}`,
      word: open ? join : t("Read"),
      class: "button small",
      do: () => on.enter(consult),
    })}${tool({
      name: t("More: {name}", { name }),
      glyph: "more",
      popup: "menu",
      do: ({ currentTarget }) => openMenu(currentTarget, name, menu()),
    })}</li>`;
}

/** The minutes of a board, to be read, printed and handed on. @param {ConsultInfo} consult */
function minutesItems({ id, kind }) {
  if (kind !== "board") return [];
  const item = (/** @type {string} */ name, /** @type {string} */ form, line = false) => ({
    name,
    glyph: "list",
    line,
    choose: () => void window.open(api.minutesAddress(id, form), "_blank", "noopener"),
  });
  return [
    item(t("Minutes: page to read and print"), "html", true),
    item(t("Minutes: PDF"), "pdf"),
    item(t("Minutes: JSON"), "json"),
    item(t("Minutes: FHIR"), "fhir"),
  ];
}

/** Of so many cases the notes are in the menu. */
const NOTES = 4;

/** What there is of notes, to be read, printed and kept. @param {ConsultInfo} consult */
function noteItems(consult) {
  const several = consult.patients.length > 1;
  return consult.notes.slice(0, NOTES).flatMap(({ case: id, versions }) => {
    const which = several ? `, ${t("case {n}", { n: id.replace(/\D/g, "") })}` : "";
    const what = `${versions > 0 ? t("Note") : t("Note, draft")}${which}`;
    const item = (/** @type {string} */ name, /** @type {string} */ form, line = false) => ({
      name,
      glyph: "list",
      line,
      choose: () => void window.open(api.noteAddress(consult.id, id, form), "_blank", "noopener"),
    });
    return [
      item(t("{what}: page to read and print", { what }), "html", true),
      item(t("{what}: PDF", { what }), "pdf"),
      item(t("{what}: JSON", { what }), "json"),
    ];
  });
}

/** Whom it is about. @param {ConsultInfo} consult */
export const patientSentence = (consult) => `${patientLines(consult, consult.patients).join(". ")}.`;

/** Who is in it now. @param {ConsultInfo} consult */
export const namesHere = ({ seats }) => seats.filter((s) => s.online).map((s) => s.name);

/** Ask once, naming who is affected. @param {ConsultInfo} consult
 * @param {string} critical what is said of its open critical results @returns {Promise<boolean>} */
export async function askEnd(consult, critical) {
  const here = namesHere(consult);
  const who =
    here.length > 0
      ? plural(here.length, "{names} is in it now and leaves with it.", "{names} are in it now and leave with it.", {
          names: named(here),
        })
      : t("Nobody is in it now.");
  const after = t("Its links open nothing any more. You can read it here, and nobody can change it.");
  const answer = await ask({
    title: t("End “{title}”?", { title: consultName(consult) }),
    text: [critical, patientSentence(consult), who, after].filter(Boolean).join(" "),
    choices: [
      { name: t("Keep it open"), value: "", safe: true },
      { name: t("End for everybody"), value: "end", class: "button final" },
    ],
  });
  return answer === "end";
}
