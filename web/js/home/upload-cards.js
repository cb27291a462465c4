/** One card an upload: how far it is, what was taken, what was refused and why. */
/** @import {RefusedFile, UploadInfo} from "./api.js" */
/** @import {Patient} from "../core/patient.js" */
/** @import {Study} from "./search.js" */
/** @import {Uploader} from "./uploader.js" */
import { count, counted } from "../core/format.js";
import { plural, t } from "../core/language.js";
import { identityLine, namesakes, patientKey } from "../core/patient.js";
import { el } from "../kit/dom.js";
import { control, draw, html, icon, nothing, repeat } from "../kit/html.js";
import { showClosable } from "../kit/dialog.js";
import { api } from "./api.js";
import { firstOf, left, refusedWords, sizeOf, takenWords } from "./words.js";

/** @typedef {{upload: UploadInfo, uploader: Uploader | undefined}} Shown */

/** So many patients are named on a card. */
const NAMED = 3;

export class UploadCards {
  /** @param {(id: string) => void} onRemove */
  constructor(onRemove) {
    this.onRemove = onRemove;
    this.element = el("div", { class: "uploads", "aria-label": t("Uploads"), role: "group" });
  }

  /** @param {Shown[]} uploads the newest first @param {Study[]} studies all that are here */
  render(uploads, studies) {
    draw(
      this.element,
      repeat(
        uploads,
        ({ upload }) => upload.id,
        (shown) => this.card(shown, studies),
      ),
    );
  }

  /** @param {Shown} shown @param {Study[]} studies */
  card({ upload, uploader }, studies) {
    const received = Math.max(upload.received, uploader?.phase === "sending" ? uploader.queue.here : 0);
    const title = `${upload.name || t("Files")}, ${counted(upload.files, "file")}`;
    const refused = refusedWords(upload.refused);
    const words = html`<span class="refused">${icon("warn")}<span>${refused}</span></span>`;
    return html`<section
      class="upload"
      data-upload=${upload.id}
      data-state=${upload.finished ? "finished" : (uploader?.phase ?? "stopped")}
      aria-label=${title}
    ><div class="body"><div class="first"><span class="name">${title}</span><span class="amount">${
      upload.finished ? "" : amount(upload, received, uploader)
    }</span></div><progress
      max="1"
      .value=${upload.bytes ? received / upload.bytes : upload.settled / upload.files}
      ?hidden=${upload.finished}
      aria-label=${t("{title}: sent", { title })}
    ></progress><div class="second"><span class="status">${sentence(upload, received, uploader)}</span>${
      refused ? [words, control({ class: "show", more: t("Show"), do: () => void showRefused(upload.id) })] : nothing
    }</div>${patientsOf(upload, studies).map((line) => html`<div class="who-line">${line}</div>`)}</div>${control({
      label: upload.finished ? t("Close: {title}", { title }) : t("Stop: {title}", { title }),
      title: t("Remove"),
      class: "tool",
      glyph: "x",
      do: () => this.onRemove(upload.id),
    })}</section>`;
  }
}

/** Whose studies came with it, a line each. @param {UploadInfo} upload @param {Study[]} studies */
export function patientsOf(upload, studies) {
  const all = studies.map((s) => s.patient);
  const found = studies.filter((s) => upload.studies.includes(s.uid)).map((s) => s.patient);
  const patients = [...new Map(found.map((p) => [patientKey(p), p])).values()];
  const line = (/** @type {Patient} */ p) => [identityLine(p), namesakes(p, all)].filter(Boolean).join(" · ");
  return firstOf(patients.map(line), NAMED, (n) => plural(n, "and {n} more patient", "and {n} more patients"));
}

/** @param {UploadInfo} upload @param {number} received @param {Uploader | undefined} uploader */
function amount(upload, received, uploader) {
  const rest = uploader?.phase === "sending" ? left((upload.bytes - received) / uploader.rate.perSecond) : "";
  return [sizeOf(received, upload.bytes), rest].filter(Boolean).join(" · ");
}

/** @param {UploadInfo} upload @param {number} received @param {Uploader | undefined} uploader */
function sentence(upload, received, uploader) {
  const taken = takenWords(upload);
  if (upload.finished) return taken || t("Nothing was imported.");
  if (upload.problem) return upload.problem;
  if (uploader?.phase === "waiting") return uploader.problem || t("The connection is cut. It goes on by itself.");
  if (uploader?.phase === "lost") return t("The server does not know this upload any more. Drop the files again.");
  if (received < upload.bytes && !uploader) return t("Stopped. Drop the same files again to go on.");
  const [done, total] = upload.importing;
  if (total)
    return t("Unpacking: {done} of {files}. {taken}", { done: count(done), files: counted(total, "file"), taken });
  if (received >= upload.bytes) return t("Checking. {taken}", { taken });
  return upload.studies.length > 0 ? t("{taken}. Can be opened now.", { taken }) : t("Sending.");
}

/** Every refused file by name, tag and rule. @param {string} id */
async function showRefused(id) {
  const upload = await api.upload(id).catch(() => null);
  if (!upload) return;
  const n = Object.values(upload.refused).reduce((a, b) => a + b, 0);
  await showClosable(
    t("{files} refused", { files: counted(n, "file") }),
    "wide refused-files",
    el(
      "div",
      { class: "scroll", tabindex: "0" },
      el(
        "table",
        {},
        el(
          "thead",
          {},
          el("tr", {}, ...[t("File"), t("Tag"), t("Rule")].map((text) => el("th", { scope: "col", text }))),
        ),
        el("tbody", {}, ...upload.refused_files.map(line)),
      ),
    ),
    upload.refused_files.length < n &&
      el("p", { text: t("The first {n} are listed.", { n: count(upload.refused_files.length) }) }),
  );
}

/** @param {RefusedFile} refused */
function line(refused) {
  const tag = refused.tag ? `${refused.tag}${refused.value ? ` = ${refused.value}` : ""}` : "";
  return el(
    "tr",
    { "data-code": refused.code },
    el("td", { text: refused.name }),
    el("td", { text: tag || t("File as a whole"), class: tag ? null : "quiet" }),
    el("td", { text: refused.rule }),
  );
}
