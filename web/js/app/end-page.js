/** The page after the consult: why it is over. Nothing of the patient stays on it. */
/** @import {Snapshot} from "../wire.js" */
import { clockTime } from "../core/format.js";
import { t } from "../core/language.js";
import { endWords, MAY_READ } from "../core/words.js";
import { el, find } from "../kit/dom.js";
import { brand, stateColumn } from "../kit/state-page.js";

/** Where the same seat may be taken again: by what name. @type {Record<string, string>} */
const AGAIN = {
  left: t("Come back"),
  replaced: t("Come back"),
  flood: t("Come back"),
  pages: t("Come back"),
  version: t("Reload"),
};
/** The home of whoever hosts, from the seat's page. */
const HOME = "../../";

/**
 * What is shown when the host has ended it.
 * @param {string} reason
 * @param {Snapshot | null} doc
 * @param {boolean} host nobody thanks a host for taking part
 * @returns {{text?: string, note?: boolean}} note: there is one to read; for a guest, a signed one
 */
export function thanksOf(reason, doc, host) {
  const ended = doc?.consult.ended_at;
  if (reason !== "over" || !ended) return {};
  const note = host
    ? [doc.signed, doc.notes, doc.findings].some((records) => (records?.length ?? 0) > 0)
    : doc.signed.some((version) => version.case === doc.current);
  const what = { name: doc.consult.host_name, time: clockTime(ended) };
  if (host) return { note, text: t("It was ended at {time}, for everybody.", what) };
  const thanks = t("{name} ended it at {time}. Thank you for taking part.", what);
  return { note, text: note ? `${thanks} ${MAY_READ}` : thanks };
}

/**
 * @param {string} reason of the contract, or "left"
 * @param {{text?: string, host?: boolean, note?: boolean}} [more] host: of the consult; the way home is offered.
 *   note: there is one to read
 */
export function showEnd(reason, { text, host = false, note = false } = {}) {
  if (reason === "lobby") return location.reload(); // the page at this address is the one that waits
  document.body.dataset.state = "ended";
  document.body.dataset.reason = reason;
  find("#app", HTMLElement).replaceChildren();
  const words = endWords(reason);
  const again = AGAIN[reason];
  const home = { name: t("Back to the studies"), primary: !again, do: () => location.assign(HOME) };
  const read = { name: t("Read it"), do: () => location.reload() };
  /** A guest's seat is a reader's now, at the same address. */
  const open = () => (host ? location.assign("note.html") : location.reload());
  const summary = { name: t("Open the note"), primary: !host, do: open };
  const actions = [
    ...(again ? [{ name: again, primary: true, do: () => location.reload() }] : []),
    ...(host ? [home] : []),
    ...(host && reason === "over" ? [read] : []),
    ...(reason === "over" && note ? [summary] : []),
  ];
  const end = find("#end", HTMLElement);
  end.replaceChildren(
    el("header", { class: "brand" }, ...brand()),
    el("main", { class: "state-page" }, stateColumn(text ? { ...words, text } : words, actions)),
    el("footer", { class: "foot", text: t("Not for primary diagnosis") }),
  );
  end.hidden = false;
  document.title = t("{title} · consult", { title: words.title });
}
