/** The key views of a finding: each opens exactly as it was kept, for the reader alone; from who presents, for all. */
/** @import {Finding, KeyView} from "../../wire.js" */
/** @import {Findings} from "./findings.js" */
import { thumbnailUrl } from "../../core/format.js";
import { t } from "../../core/language.js";
import { viewWords } from "../../core/record/view-words.js";
import { control, html, nothing, repeat, thumbnail, unseen } from "../../kit/html.js";

export class KeyViews {
  /** @param {Findings} findings */
  constructor(findings) {
    this.findings = findings;
  }

  /** @param {Finding} finding @param {{drops?: boolean}} [how] drops: each may be taken away */
  template(finding, { drops = false } = {}) {
    if (finding.views.length === 0) return nothing;
    return html`<div class="finding-views" role="list" aria-label=${t("Key views")}>${repeat(
      finding.views,
      (kept) => kept.id,
      (kept) => this.card(finding, kept, drops),
    )}</div>`;
  }

  /** @param {Finding} finding @param {KeyView} kept @param {boolean} drops */
  card(finding, kept, drops) {
    const { session, base } = this.findings.context;
    const words = session.kase && viewWords(session.kase, kept.view);
    if (!words) return nothing;
    const { first, second } = words;
    return html`<div class="view-card" role="listitem" data-key-view=${kept.id}><button
      type="button"
      class="mark-main"
      data-name=${`view ${finding.id} ${kept.id}`}
      @click=${() => this.open(finding, kept)}
    >${thumbnail(thumbnailUrl(base, words.series))}${unseen(`${this.verb} `)}<span class="two-lines"
      ><span class="first">${first}</span><span class="second">${second}</span>${
        session.drives ? html`<span class="second act" aria-hidden="true">${this.verb}</span>` : nothing
      }</span></button>${
        drops
          ? control({
              label: t("Drop {title}", { title: first }),
              title: t("No longer a key view"),
              glyph: "x",
              class: "tool",
              do: () => void this.drop(finding, kept),
            })
          : nothing
      }</div>`;
  }

  /** What pressing one does, as it is said on it. */
  get verb() {
    return this.findings.context.session.drives ? t("Show to all") : t("Show");
  }

  /** @param {Finding} finding @param {KeyView} kept */
  open(finding, { view }) {
    const { openView, sheets } = this.findings.context;
    if (openView({ case: finding.case, view }, { forAll: true })) sheets.close();
  }

  /** @param {Finding} finding @param {KeyView} kept */
  drop(finding, { id }) {
    const { command, session } = this.findings.context;
    return command({ type: "drop_key_view", case: session.doc?.case, finding: finding.id, view: id });
  }
}
