/** Consults: who is in them, the link back in, their links, their end. */
/** @import {ConsultInfo} from "./api.js" */
import { formatMoment } from "../core/format.js";
import { named } from "../core/words.js";
import { ask } from "../kit/dialog.js";
import { control, draw, html, nothing, repeat, tool } from "../kit/html.js";
import { openMenu } from "../kit/menu.js";
import { counted, lasting } from "./words.js";

/**
 * @typedef {{links: (consult: ConsultInfo) => void, end: (consult: ConsultInfo) => void,
 *   enter: (consult: ConsultInfo) => void}} ConsultCallbacks
 */

/** What a consult is called in a list. @param {ConsultInfo} consult */
export function consultName(consult) {
  const patients = [...new Set(consult.patients.map((p) => p.name || p.id))];
  return [patients.length > 1 ? counted(patients.length, "patient") : patients[0], consult.title]
    .filter(Boolean)
    .join(", ");
}

/**
 * @param {HTMLElement} parent
 * @param {ConsultInfo[]} consults
 * @param {ConsultCallbacks} on
 * @param {{ended: boolean}} how
 * @param {number} now seconds
 */
export function renderConsults(parent, consults, on, { ended }, now) {
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
        <h2>${ended ? "Consults" : "Open consults"}</h2><span class="quiet">${open.length}</span>
      </div>
      ${
        rows.length === 0
          ? html`<p class="quiet">No consult is open. Select studies of one patient to open one.</p>`
          : nothing
      }
      <ul class="consults">${repeat(
        rows,
        ({ consult }) => consult.id,
        ({ consult, text }) => row(consult, text, on),
      )}</ul>`,
  );
}

/** @param {ConsultInfo} consult @param {number} now */
function running(consult, now) {
  const here = consult.people > 0 ? counted(consult.people, "person", "people") : "nobody here";
  return `${here}, ${lasting(now - consult.opened_at)}`;
}

/** @param {ConsultInfo} consult */
const ending = (consult) => `ended ${formatMoment(new Date((consult.ended_at ?? 0) * 1000).toISOString())}`;

/** @param {ConsultInfo} consult @param {string} text @param {ConsultCallbacks} on */
function row(consult, text, on) {
  const name = consultName(consult);
  const open = consult.ended_at === null;
  const join = consult.seats.some((s) => s.role === "host") ? "Rejoin" : "Join";
  const menu = () => [
    { name: "Links and QR codes", glyph: "link", choose: () => on.links(consult) },
    { name: "End for everybody", glyph: "x", bad: true, line: true, choose: () => on.end(consult) },
  ];
  return html`<li data-consult=${consult.id}><div class="two-lines">
      <span class="first" title=${name}>${name}</span><span class="second">${text}</span>
    </div>${
      open && consult.host_url
        ? html`<a class="button small" href=${consult.host_url} aria-label=${`Join: ${name}`}>${join}</a>`
        : nothing
    }${
      open && consult.host_url
        ? nothing
        : control({
            label: `${open ? "Join" : "Read"}: ${name}`,
            word: open ? join : "Read",
            class: "button small",
            do: () => on.enter(consult),
          })
    }${
      open
        ? tool({
            name: `More: ${name}`,
            glyph: "more",
            popup: "menu",
            do: ({ currentTarget }) => openMenu(currentTarget, name, menu()),
          })
        : nothing
    }</li>`;
}

/** Ask once, naming who is affected. @param {ConsultInfo} consult @returns {Promise<boolean>} */
export async function askEnd(consult) {
  const here = consult.seats.filter((s) => s.online).map((s) => s.name);
  const who =
    here.length > 0
      ? `${named(here)} ${here.length === 1 ? "is" : "are"} in it now and leave${here.length === 1 ? "s" : ""} with it.`
      : "Nobody is in it now.";
  const answer = await ask({
    title: `End “${consult.title || consultName(consult)}”?`,
    text: `${who} Its links open nothing any more. You can read it here, and nobody can change it.`,
    choices: [
      { name: "Keep it open", value: "", safe: true },
      { name: "End for everybody", value: "end", class: "button final" },
    ],
  });
  return answer === "end";
}
