/** The signed versions of a note, and who has read the one that is shown. */
/** @import {Seen, SignedNote} from "../../wire.js" */
import { t } from "../../core/language.js";
import { readersOf, readerWords, readingOf } from "../../core/record/note/readers.js";
import { signatureWords, versionName } from "../../core/record/note/versions.js";
import { control, html, nothing, repeat } from "../../kit/html.js";

/** @param {readonly SignedNote[]} versions @param {string} shown id; "" where what is written is shown
 * @param {(version: SignedNote) => void} show */
export const versionList = (versions, shown, show) =>
  versions.length === 0
    ? nothing
    : html`<section class="note-versions"><h3>${t("Versions")}</h3><ul>${repeat(
        [...versions].reverse(),
        ({ id }) => id,
        (version) =>
          html`<li data-note-version=${version.id} aria-current=${version.id === shown ? "true" : nothing}>${control({
            class: "note-open",
            more: versionName(version),
            do: () => show(version),
          })}<span class="note-said">${signatureWords(version)}</span>${
            version.changed
              ? html`<span class="note-said">${t("Changed: {what}", { what: version.changed })}</span>`
              : nothing
          }</li>`,
      )}</ul></section>`;

/**
 * @param {readonly Seen[]} seen @param {SignedNote} version @param {string} me seat
 * @param {(() => void) | null} confirmRead null: that cannot be said now
 */
export function readers(seen, version, me, confirmRead) {
  const { seen: read, opened } = readersOf(seen, version.id);
  const mine = readingOf(seen, version, me);
  return html`<section class="note-readers"><h3>${t("Read by")}</h3>${
    confirmRead && (mine === "new" || mine === "opened")
      ? control({ class: "button primary", glyph: "check", word: t("I have read this"), do: confirmRead })
      : nothing
  }${read.length + opened.length === 0 ? html`<p class="quiet">${t("Nobody has said so yet.")}</p>` : nothing}<ul>${[
    ...read,
    ...opened,
  ].map(
    (reader) =>
      html`<li data-reader=${reader.seat} class=${reader.seen_at === null ? "opened" : "seen"}>${readerWords(
        reader,
      )}</li>`,
  )}</ul></section>`;
}
