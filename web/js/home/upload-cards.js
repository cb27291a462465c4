/** One card an upload: how far it is, what was taken, what was refused and why. */
/** @import {RefusedFile, UploadTold} from "./api.js" */
/** @import {Uploader} from "./uploader.js" */
import { button, el, glyph } from "../kit/dom.js";
import { shown } from "../kit/dialog.js";
import { api } from "./api.js";
import { count, counted, left, refusedWords, sizeOf, takenWords } from "./words.js";

/** @typedef {{told: UploadTold, uploader: Uploader | undefined}} Shown */

export class UploadCards {
  /** @param {(id: string) => void} onRemove */
  constructor(onRemove) {
    this.onRemove = onRemove;
    /** @type {Map<string, Card>} */
    this.cards = new Map();
    this.element = el("div", { class: "uploads", "aria-label": "Uploads", role: "group" });
  }

  /** @param {Shown[]} uploads the newest first */
  render(uploads) {
    for (const [id, card] of this.cards) {
      if (uploads.some(({ told }) => told.id === id)) continue;
      card.element.remove();
      this.cards.delete(id);
    }
    for (const [i, { told, uploader }] of uploads.entries()) {
      const card = this.cards.get(told.id) ?? new Card(told.id, this.onRemove);
      this.cards.set(told.id, card);
      card.render(told, uploader);
      if (this.element.children[i] !== card.element)
        this.element.insertBefore(card.element, this.element.children[i] ?? null);
    }
  }
}

class Card {
  /** @param {string} id @param {(id: string) => void} onRemove */
  constructor(id, onRemove) {
    this.id = id;
    this.name = el("span", { class: "name" });
    this.amount = el("span", { class: "amount" });
    this.bar = el("progress", { max: 1 });
    this.said = el("span", { class: "said" });
    this.refused = el("span", { class: "refused", hidden: true });
    this.show = el("button", {
      type: "button",
      class: "show",
      text: "Show",
      hidden: true,
      onclick: () => void showRefused(id),
    });
    this.remove = button({ name: "Remove", glyph: "x", class: "tool", onclick: () => onRemove(id) });
    this.element = el(
      "section",
      { class: "upload", "data-upload": id },
      el(
        "div",
        { class: "body" },
        el("div", { class: "first" }, this.name, this.amount),
        this.bar,
        el("div", { class: "second" }, this.said, this.refused, this.show),
      ),
      this.remove,
    );
  }

  /** @param {UploadTold} told @param {Uploader | undefined} uploader */
  render(told, uploader) {
    const received = Math.max(told.received, uploader?.phase === "sending" ? uploader.queue.here : 0);
    const title = `${told.name || "Files"}, ${counted(told.files, "file")}`;
    this.element.dataset.state = told.finished ? "finished" : (uploader?.phase ?? "stopped");
    this.element.setAttribute("aria-label", title);
    set(this.name, title);
    set(this.amount, told.finished ? "" : amount(told, received, uploader));
    this.bar.value = told.bytes ? received / told.bytes : told.settled / told.files;
    this.bar.hidden = told.finished;
    this.bar.setAttribute("aria-label", `${title}: sent`);
    set(this.said, sentence(told, received, uploader));
    const refused = refusedWords(told.refused);
    this.refused.hidden = this.show.hidden = refused === "";
    if (this.refused.textContent !== refused)
      this.refused.replaceChildren(glyph("warn"), el("span", { text: refused }));
    this.remove.setAttribute("aria-label", told.finished ? `Close: ${title}` : `Stop: ${title}`);
  }
}

/** @param {UploadTold} told @param {number} received @param {Uploader | undefined} uploader */
function amount(told, received, uploader) {
  const rest = uploader?.phase === "sending" ? left((told.bytes - received) / uploader.rate.perSecond) : "";
  return [sizeOf(received, told.bytes), rest].filter(Boolean).join(" · ");
}

/** @param {UploadTold} told @param {number} received @param {Uploader | undefined} uploader */
function sentence(told, received, uploader) {
  const taken = takenWords(told);
  if (told.finished) return taken || "Nothing was taken in.";
  if (told.problem) return told.problem;
  if (uploader?.phase === "waiting") return uploader.problem || "The connection is cut. It goes on by itself.";
  if (uploader?.phase === "lost") return "The server does not know this upload any more. Drop the files again.";
  if (received < told.bytes && !uploader) return "Stopped. Drop the same files again to go on.";
  const [done, total] = told.importing;
  if (total) return `Unpacking: ${count(done)} of ${counted(total, "file")}. ${taken}`;
  if (received >= told.bytes) return `Checking. ${taken}`;
  return told.studies.length > 0 ? `${taken}. Can be opened now.` : "Sending.";
}

/** @param {HTMLElement} element @param {string} text */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Every refused file by name, tag and rule. @param {string} id */
async function showRefused(id) {
  const told = await api.upload(id).catch(() => null);
  if (!told) return;
  const n = Object.values(told.refused).reduce((a, b) => a + b, 0);
  const heading = `${counted(n, "file")} refused`;
  const dialog = el(
    "dialog",
    { class: "wide refused-files", "aria-label": heading },
    el("h2", { text: heading }),
    el(
      "div",
      { class: "scroll", tabindex: "0" },
      el(
        "table",
        {},
        el("thead", {}, el("tr", {}, ...["File", "Tag", "Rule"].map((text) => el("th", { scope: "col", text })))),
        el("tbody", {}, ...told.refused_files.map(line)),
      ),
    ),
    told.refused_files.length < n && el("p", { text: `The first ${count(told.refused_files.length)} are listed.` }),
    el(
      "div",
      { class: "row" },
      el("button", { type: "button", class: "button", text: "Close", autofocus: true, onclick: () => dialog.close() }),
    ),
  );
  await shown(dialog);
}

/** @param {RefusedFile} refused */
function line(refused) {
  const tag = refused.tag ? `${refused.tag}${refused.value ? ` = ${refused.value}` : ""}` : "";
  return el(
    "tr",
    { "data-code": refused.code },
    el("td", { text: refused.name }),
    el("td", { text: tag || "File as a whole", class: tag ? null : "quiet" }),
    el("td", { text: refused.rule }),
  );
}
