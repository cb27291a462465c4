/** Consults that are taken in from files of `consult export`: sent, checked as a whole, and where they are then. */
/** @import {LocalFile} from "../uploader.js" */
/** @import {Imported} from "./words.js" */
import { ApiError } from "../../core/api-error.js";
import { t } from "../../core/language.js";
import { el } from "../../kit/dom.js";
import { control, html, nothing } from "../../kit/html.js";
import { announce } from "../../kit/notice.js";
import { api } from "../api.js";
import { size, sizeOf } from "../words.js";
import { BEGINNING, importedWords, isConsultsFile } from "./words.js";

/**
 * @typedef {object} Import
 * @property {number} number
 * @property {File} file
 * @property {"sending" | "checking" | "here" | "refused"} phase
 * @property {number} sent bytes
 * @property {string} problem
 * @property {Imported | null} imported
 * @property {AbortController} aborter
 */

export class ConsultImports {
  /** @param {{changed: () => void, done: () => void, read: (consult: string) => void}} on changed: draw it anew; done:
   *   the list of consults is another */
  constructor(on) {
    this.on = on;
    this.number = 0;
    /** The newest first. @type {Import[]} */
    this.all = [];
    this.input = el("input", {
      type: "file",
      accept: ".zip",
      multiple: true,
      hidden: true,
      "data-choose": "consults",
      onchange: () => {
        for (const file of this.input.files ?? []) void this.take(file);
        this.input.value = "";
      },
    });
  }

  choose() {
    this.input.click();
  }

  /** Take those of the files that are a consult's. @param {LocalFile[]} files
   * @returns {Promise<LocalFile[]>} the others */
  async takeFrom(files) {
    const others = [];
    for (const local of files) {
      if (local.file.name.toLowerCase().endsWith(".zip") && isConsultsFile(await beginning(local.file)))
        void this.take(local.file);
      else others.push(local);
    }
    return others;
  }

  /** @param {File} file */
  async take(file) {
    /** @type {Import} */
    const one = {
      number: ++this.number,
      file,
      phase: "sending",
      sent: 0,
      problem: "",
      imported: null,
      aborter: new AbortController(),
    };
    this.all = [one, ...this.all];
    this.on.changed();
    try {
      one.imported = await api.importConsult(file, { sent: (n) => this.sent(one, n), signal: one.aborter.signal });
      one.phase = "here";
      announce(importedWords(one.imported).join(" "));
      this.on.done();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      one.phase = "refused";
      one.problem = error.failure.message;
      announce(one.problem);
    }
    this.on.changed();
  }

  /** @param {Import} one @param {number} sent */
  sent(one, sent) {
    one.sent = sent;
    if (sent >= one.file.size) one.phase = "checking";
    this.on.changed();
  }

  /** Not to be seen any more; what is on its way is stopped. @param {Import} one */
  close(one) {
    one.aborter.abort();
    this.all = this.all.filter((other) => other !== one);
    this.on.changed();
  }

  template() {
    const cards = this.all.map((one) => this.card(one));
    return cards.length > 0
      ? html`<div class="uploads" role="group" aria-label=${t("Imports")}>${cards}</div>`
      : nothing;
  }

  /** @param {Import} one */
  card(one) {
    const { file, phase, sent, imported } = one;
    const underWay = phase === "sending" || phase === "checking";
    return html`<section class="upload" data-import=${file.name} data-state=${phase} aria-label=${file.name}
      ><div class="body"><div class="first"><span class="name"><bdi>${file.name}</bdi></span><span class="amount">${
        phase === "sending" ? sizeOf(sent, file.size) : size(file.size)
      }</span></div><progress
        max="1"
        .value=${file.size ? sent / file.size : 1}
        ?hidden=${!underWay}
        aria-label=${t("{title}: sent", { title: file.name })}
      ></progress><div class="second"><span class=${phase === "refused" ? "status problem" : "status"} role="status"
        >${statusOf(one)}</span></div></div>${
          imported
            ? control({
                word: t("Read"),
                label: t("Read: {name}", { name: imported.title || file.name }),
                class: "button small",
                do: () => this.on.read(imported.consult),
              })
            : nothing
        }${control({
          label: underWay ? t("Stop: {title}", { title: file.name }) : t("Close: {title}", { title: file.name }),
          class: "tool",
          glyph: "x",
          do: () => this.close(one),
        })}</section>`;
  }
}

/** @param {Import} one */
function statusOf({ phase, problem, imported }) {
  if (phase === "sending") return t("Sending.");
  if (phase === "checking") return t("All of it is checked before anything is stored.");
  return imported ? importedWords(imported).join(" ") : problem;
}

/** A character for each of the first bytes. @param {File} file */
async function beginning(file) {
  const bytes = await file
    .slice(0, BEGINNING)
    .arrayBuffer()
    .catch(() => new ArrayBuffer(0));
  return String.fromCharCode(...new Uint8Array(bytes));
}
