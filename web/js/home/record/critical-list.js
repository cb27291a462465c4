/** Critical results that nobody has closed, of all consults, red at the top of the home until somebody does. */
/** @import {OpenCritical} from "../api.js" */
import { plural, t } from "../../core/language.js";
import { identityLine } from "../../core/patient.js";
import { LED_TO } from "../../core/record/critical/critical.js";
import { ServerClock } from "../../core/network/server-clock.js";
import {
  acknowledgedWords,
  categoryName,
  endingWords,
  leftWords,
  nextWords,
} from "../../core/record/critical/words.js";
import { sideWord } from "../../core/record/finding/sides.js";
import { momentWords } from "../../core/record/moment.js";
import { el } from "../../kit/dom.js";
import { control, draw, html, icon, nothing, repeat } from "../../kit/html.js";
import { session } from "../../transport/storage.js";
import { api } from "../api.js";

/** Whose it is: "DEMO, Anna · born 14 Mar 1961 · ID 10042 · case 2 of 5". @param {OpenCritical} open */
export const whoseWords = ({ patient, case: n, cases }) => (patient ? identityLine(patient, { n, of: cases }) : "");

/** Who found it, when, in which consult. @param {OpenCritical} open */
export function sinceWords({ title, ended, critical }) {
  const { found_by_name: name, found_at, utc_offset_min: zone } = critical;
  const since = t("since {time}, found by {name}", { time: momentWords(found_at, zone), name });
  return [since, title, ended ? t("the consult has ended") : ""].filter(Boolean).join(" · ");
}

export class CriticalList {
  /** @param {(consult: string) => Promise<void>} enter goes into a consult */
  constructor(enter) {
    this.enter = enter;
    this.clock = new ServerClock();
    /** @type {OpenCritical[]} */
    this.found = [];
    this.element = el("section", { class: "critical-list", "aria-label": t("Critical results"), hidden: true });
  }

  /** Ask the server anew. */
  async poll() {
    const { criticals, now } = await api.criticals();
    this.found = criticals;
    this.clock.welcomed(now, performance.now());
  }

  /** What is said before a consult is ended. @param {string} consult its id */
  endingWords(consult) {
    return endingWords(this.found.filter((open) => open.consult === consult).map((open) => open.critical));
  }

  render() {
    const { found } = this;
    this.element.hidden = found.length === 0;
    const title = plural(found.length, "{n} open critical result", "{n} open critical results");
    draw(
      this.element,
      found.length > 0
        ? html`<h2>${title}</h2>${repeat(
            found,
            ({ consult, critical }) => `${consult} ${critical.id}`,
            (open) => this.row(open),
          )}`
        : nothing,
    );
  }

  /** @param {OpenCritical} open */
  row(open) {
    const { critical } = open;
    const now = this.clock.now(performance.now());
    const { acknowledged, utc_offset_min: zone } = critical;
    const next = acknowledged
      ? `${acknowledgedWords(acknowledged, critical.found_by_name, zone)} ${acknowledged.words}`.trim()
      : nextWords(critical, now);
    return html`<article
      class="critical-card"
      data-critical=${critical.id}
      data-stand=${acknowledged ? "acknowledged" : "open"}
      data-stage=${critical.stage}
    ><div class="words"><div class="head">${icon("warn")}<strong>${t("CRITICAL")}</strong><span>${categoryName(
      critical,
    )}</span><span class="left">${leftWords(critical, now)}</span></div><p class="what"><strong>${sideWord(
      critical.where,
    )}</strong> ${critical.what}</p><p class="whose">${whoseWords(open)}</p><p class="next">${next}</p><p
        class="since">${sinceWords(open)}</p></div>${control({
          word: t("Open"),
          label: t("Open the consult: {what}", { what: critical.what }),
          id: critical.id,
          class: "button small",
          do: () => this.open(open),
        })}</article>`;
  }

  /** Into its consult, which leads to it. @param {OpenCritical} open */
  open({ consult, critical }) {
    session.set(LED_TO, critical.id);
    void this.enter(consult);
  }
}
