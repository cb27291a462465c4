/** One card an upload: how far it is, what was taken, what was refused and why. */
/** @import {RefusedFile, UploadInfo} from "./api.js" */
/** @import {Uploader} from "./uploader.js" */
import { button, el, glyph } from "../kit/dom.js";
import { shown } from "../kit/dialog.js";
import { api } from "./api.js";
import { count, counted, left, refusedWords, sizeOf, takenWords } from "./words.js";

/** @typedef {{upload: UploadInfo, uploader: Uploader | undefined}} Shown */

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
      if (uploads.some(({ upload }) => upload.id === id)) continue;
      card.element.remove();
      this.cards.delete(id);
    }
    for (const [i, { upload, uploader }] of uploads.entries()) {
      const card = this.cards.get(upload.id) ?? new Card(upload.id, this.onRemove);
      this.cards.set(upload.id, card);
      card.render(upload, uploader);
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
    this.status = el("span", { class: "status" });
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
        el("div", { class: "second" }, this.status, this.refused, this.show),
      ),
      this.remove,
    );
  }

  /** @param {UploadInfo} upload @param {Uploader | undefined} uploader */
  render(upload, uploader) {
    const received = Math.max(upload.received, uploader?.phase === "sending" ? uploader.queue.here : 0);
    const title = `${upload.name || "Files"}, ${counted(upload.files, "file")}`;
    this.element.dataset.state = upload.finished ? "finished" : (uploader?.phase ?? "stopped");
    this.element.setAttribute("aria-label", title);
    set(this.name, title);
    set(this.amount, upload.finished ? "" : amount(upload, received, uploader));
    this.bar.value = upload.bytes ? received / upload.bytes : upload.settled / upload.files;
    this.bar.hidden = upload.finished;
    this.bar.setAttribute("aria-label", `${title}: sent`);
    set(this.status, sentence(upload, received, uploader));
    const refused = refusedWords(upload.refused);
    this.refused.hidden = this.show.hidden = refused === "";
    if (this.refused.textContent !== refused)
      this.refused.replaceChildren(glyph("warn"), el("span", { text: refused }));
    this.remove.setAttribute("aria-label", upload.finished ? `Close: ${title}` : `Stop: ${title}`);
  }
}

/** @param {UploadInfo} upload @param {number} received @param {Uploader | undefined} uploader */
function amount(upload, received, uploader) {
  const rest = uploader?.phase === "sending" ? left((upload.bytes - received) / uploader.rate.perSecond) : "";
  return [sizeOf(received, upload.bytes), rest].filter(Boolean).join(" · ");
}

/** @param {UploadInfo} upload @param {number} received @param {Uploader | undefined} uploader */
function sentence(upload, received, uploader) {
  const taken = takenWords(upload);
  if (upload.finished) return taken || "Nothing was taken in.";
  if (upload.problem) return upload.problem;
  if (uploader?.phase === "waiting") return uploader.problem || "The connection is cut. It goes on by itself.";
  if (uploader?.phase === "lost") return "The server does not know this upload any more. Drop the files again.";
  if (received < upload.bytes && !uploader) return "Stopped. Drop the same files again to go on.";
  const [done, total] = upload.importing;
  if (total) return `Unpacking: ${count(done)} of ${counted(total, "file")}. ${taken}`;
  if (received >= upload.bytes) return `Checking. ${taken}`;
  return upload.studies.length > 0 ? `${taken}. Can be opened now.` : "Sending.";
}

/** @param {HTMLElement} element @param {string} text */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Every refused file by name, tag and rule. @param {string} id */
async function showRefused(id) {
  const upload = await api.upload(id).catch(() => null);
  if (!upload) return;
  const n = Object.values(upload.refused).reduce((a, b) => a + b, 0);
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
        el("tbody", {}, ...upload.refused_files.map(line)),
      ),
    ),
    upload.refused_files.length < n && el("p", { text: `The first ${count(upload.refused_files.length)} are listed.` }),
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
