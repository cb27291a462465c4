/** A critical result as a red card: what, where, who waits for whom until when, and what the reader can do. */
/** @import {Critical, Notice, Snapshot} from "../../wire.js" */
/** @import {Reader} from "../../core/record/critical/critical.js" */
import { ofServer, t } from "../../core/language.js";
import { caseLine, severalCases } from "../../core/session/cases.js";
import { seatOf } from "../../core/session/document.js";
import { BACKUP, finderName, findingTitle, mayDo, standOf, wants } from "../../core/record/critical/critical.js";
import {
  acknowledgedWords,
  categoryName,
  leftWords,
  nextWords,
  noticeWords,
  recipientWords,
  spanWords,
} from "../../core/record/critical/words.js";
import { sideWord } from "../../core/record/finding/sides.js";
import { momentWords } from "../../core/record/moment.js";
import { control, html, icon, nothing, parted } from "../../kit/html.js";

/**
 * @typedef {object} CardActs
 * @property {(critical: Critical) => void} acknowledge
 * @property {(critical: Critical) => void} tell
 * @property {(critical: Critical) => void} close
 * @property {(critical: Critical) => void} show its finding
 * @property {(critical: Critical) => void} goTo its case, for everybody
 */

/**
 * @param {Critical} critical
 * @param {{doc: Snapshot, reader: Reader, now: number | null, acts: CardActs}} what now: by the server's clock
 */
export function card(critical, { doc, reader, now, acts }) {
  const side = sideWord(critical.where);
  const elsewhere = critical.case === doc.current ? "" : t("Its case is not shown now.");
  return html`<article
    class="critical-card"
    data-critical=${critical.id}
    data-stand=${standOf(critical)}
    data-stage=${critical.stage}
    aria-label=${t("Critical result: {side} {what}", { side, what: critical.what })}
  ><div class="head">${icon("warn")}<strong>${t("CRITICAL")}</strong><span>${categoryName(
    critical,
  )}</span><span class="left">${leftWords(critical, now)}</span></div>${
    severalCases(doc) ? html`<p class="whose">${parted(caseLine(doc, critical.case))}</p>` : nothing
  }${line(elsewhere, "elsewhere")}<p class="what"><strong>${side}</strong> ${critical.what}</p>${line(
    nextWords(critical, now),
    "next",
  )}${taken(critical, doc)}${troubles(critical, now)}${buttons(critical, doc, reader, acts)}${facts(
    critical,
    doc,
    reader,
    now,
  )}</article>`;
}

/** @param {string} text @param {string} kind class */
const line = (text, kind) => (text ? html`<p class=${kind}>${text}</p>` : nothing);

/** Who took it, in which words; and what came of it. @param {Critical} critical @param {Snapshot} doc */
function taken({ acknowledged, closed, utc_offset_min: zone }, doc) {
  if (!acknowledged) return nothing;
  const by = seatOf(doc, acknowledged.by)?.name ?? "";
  const came = closed && t("{name} closed it on {time}: {outcome}", { ...closed, time: momentWords(closed.at, zone) });
  return html`<p class="taken">${acknowledgedWords(acknowledged, by, zone)}</p>${
    acknowledged.words ? html`<blockquote>${acknowledged.words}</blockquote>` : nothing
  }${line(came ?? "", "taken")}`;
}

/**
 * Notices that did not come through: said without being asked.
 * @param {Critical} critical @param {number | null} now
 */
function troubles(critical, now) {
  if (standOf(critical) !== "open") return nothing;
  const failed = critical.notices.filter((n) => n.sentence && n.state !== "sent");
  return failed.map((notice) => html`<p class="trouble">${icon("warn")}${noticeWords(notice, now, ofServer)}</p>`);
}

/** @param {Critical} critical @param {Snapshot} doc @param {Reader} reader @param {CardActs} acts */
function buttons(critical, doc, reader, acts) {
  const may = mayDo(critical, reader);
  const here = critical.case === doc.current;
  const shows = findingTitle(doc, critical) !== "" && here;
  const button = (/** @type {string} */ word, /** @type {(critical: Critical) => void} */ act, kind = "button small") =>
    control({
      word,
      label: `${word} ${critical.what}`,
      id: `${critical.id} ${word}`,
      class: kind,
      do: () => act(critical),
    });
  const all = [
    ...(reader.host && !here ? [button(t("Go to its case"), acts.goTo)] : []),
    ...(may.acknowledge ? [button(t("Acknowledge …"), acts.acknowledge, "button small primary")] : []),
    ...(may.tell ? [button(t("It was told …"), acts.tell)] : []),
    ...(may.close ? [button(t("Close …"), acts.close, "button small primary")] : []),
    ...(shows ? [button(t("Show the finding"), acts.show)] : []),
  ];
  return all.length > 0 ? html`<div class="row">${all}</div>` : nothing;
}

/** The six facts. @param {Critical} critical @param {Snapshot} doc @param {Reader} reader @param {number | null} now */
function facts(critical, doc, reader, now) {
  const { to, backup, notices, utc_offset_min: zone } = critical;
  const named = { name: finderName(doc, critical), time: momentWords(critical.found_at, zone) };
  const isOpen = standOf(critical) === "open";
  const became = (/** @type {Notice} */ notice) => html`<p>${noticeWords(notice, now, ofServer, isOpen)}</p>`;
  return html`<details ?open=${wants(critical, reader) !== ""}><summary>${t("All of it")}</summary><dl><dt>${t(
    "Found",
  )}</dt><dd>${t("{time}, by {name}", named)}</dd><dt>${t("Told to")}</dt><dd>${recipientWords(
    to,
  )}</dd><dt>${t("Then to")}</dt><dd>${recipientWords(backup)}, ${
    critical.stage >= BACKUP
      ? t("asked since {time}", { time: momentWords(critical.due_at - critical.after_s, zone) })
      : t("after {time} without an answer", { time: spanWords(critical.after_s) })
  }</dd>${notices.length > 0 ? html`<dt>${t("Notices")}</dt><dd>${notices.map(became)}</dd>` : nothing}</dl></details>`;
}
